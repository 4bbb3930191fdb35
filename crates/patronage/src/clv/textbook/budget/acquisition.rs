//! The best spend per prospect.

use serde::Serialize;

use super::super::{amount, figure, finite, held, money, percent};
use super::{BudgetPoint, ResponseCurve, points};
use crate::error::Result;
use crate::explain::{Expr, Lang, Working};

/// The spend per prospect that brings most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AcquisitionBudget {
    /// How the share of prospects won answers to the spend.
    pub curve: ResponseCurve,
    /// V: what a customer is worth once won.
    pub customer_value: f64,
    /// A*: the best spend per prospect; 0 where the first unit spent does not earn itself.
    pub spend: f64,
    /// a*: the share of prospects won.
    pub rate: f64,
    /// a* V − A*: what is left per prospect.
    pub value: f64,
}

/// The best spend per prospect: a V − A is greatest at A* = ln(k C V)/k, where a = C (1 − e^(−kA)); nothing is spent if
/// k C V ≤ 1. Blattberg and Deighton (1996), "Manage marketing by the customer equity test".
///
/// ```
/// use patronage::clv::{ResponseCurve, acquisition_budget};
/// let best = acquisition_budget(ResponseCurve::new(0.4, 0.05)?, 100.0)?;
/// assert!((best.spend - 13.863).abs() < 0.0005 && (best.rate - 0.2).abs() < 1e-12);
/// assert!((best.value - 6.137).abs() < 0.0005);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn acquisition_budget(curve: ResponseCurve, customer_value: f64) -> Result<AcquisitionBudget> {
    finite("customer_value", customer_value)?;
    let first_unit = held("the first unit's return", curve.k() * curve.ceiling() * customer_value)?;
    let spend = if first_unit > 1.0 { held("the spend", first_unit.ln() / curve.k())? } else { 0.0 };
    let rate = curve.rate(spend);
    Ok(AcquisitionBudget { curve, customer_value, spend, rate, value: rate * customer_value - spend })
}

impl AcquisitionBudget {
    /// What comes of other spends, from 0 to well beyond the best.
    pub fn points(&self, steps: u32) -> Vec<BudgetPoint> {
        points(self.spend, self.curve.k(), steps, |spend| {
            let rate = self.curve.rate(spend);
            BudgetPoint { spend, rate, value: rate * self.customer_value - spend }
        })
    }

    /// The working: the curve, the best spend, what it wins, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let (c, k) = (self.curve.ceiling(), self.curve.k());
        let best =
            |c: Expr, k: Expr, v: Expr| Expr::fraction(Expr::call("ln", [Expr::times([k.clone(), c, v])]), k);
        let working = Working::new(lang.pick("Acquisition budget", "获客预算")).text(lang.pick(
            "a: share of prospects won; A: spend per prospect; C: ceiling of a; k: steepness; V: value of a customer.",
            "a：获客率；A：每位潜在客户的支出；C：获客率上限；k：反应系数；V：客户价值。",
        ));
        let working = self.curve.calibration(working, lang);
        let working = if self.spend > 0.0 {
            working.equation([
                Expr::name("A"),
                best(Expr::name("C"), Expr::name("k"), Expr::name("V")),
                best(figure(c), figure(k), amount(self.customer_value)),
                amount(self.spend),
            ])
        } else {
            working
                .equation([
                    Expr::times([Expr::name("k"), Expr::name("C"), Expr::name("V")]),
                    Expr::times([figure(k), figure(c), amount(self.customer_value)]),
                    figure(k * c * self.customer_value),
                ])
                .text(lang.pick(
                    "That is what the first unit spent brings; it is not more than 1, and nothing should be spent.",
                    "这是第一单位支出的回报；它不超过 1，因此不应支出。",
                ))
        };
        let (spend, percent, value) = (money(self.spend), percent(self.rate), money(self.value));
        self.curve
            .working(working, ("a", "A"), self.spend)
            .equation([
                Expr::name(lang.pick("per prospect", "每位潜在客户")),
                Expr::minus(Expr::times([Expr::name("a"), Expr::name("V")]), Expr::name("A")),
                Expr::minus(
                    Expr::times([figure(self.rate), amount(self.customer_value)]),
                    amount(self.spend),
                ),
                amount(self.value),
            ])
            .text(match lang {
                Lang::En => format!(
                    "Spend {spend} on each prospect: {percent} % are won, and {value} a prospect is left, more than with any other spend."
                ),
                Lang::Zh => {
                    format!("每位潜在客户支出 {spend}，可获客 {percent} %，每位潜在客户净得 {value}，为最大值。")
                }
            })
    }
}
