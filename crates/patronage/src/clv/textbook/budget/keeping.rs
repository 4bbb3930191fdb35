//! The best spend per customer and period on keeping her.

use serde::Serialize;

use super::super::{
    FirstPayment, Timing, amount, at_least_zero, figure, finite, held, money, one_plus, percent, plain,
};
use super::{BudgetPoint, ResponseCurve, points};
use crate::error::Result;
use crate::explain::{Expr, Lang, Working};

/// The spend on retention that brings most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RetentionBudget {
    /// How retention answers to the spend.
    pub curve: ResponseCurve,
    /// m: margin per period, before the spend on retention.
    pub margin: f64,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// When in its period the money is spent; the margins come at its end, from those retained.
    pub spend_at: FirstPayment,
    /// R*: the best spend per customer and period; 0 where it does not pay.
    pub spend: f64,
    /// r*: the share of customers kept.
    pub rate: f64,
    /// Present value of the margins to come, less the spend on retention.
    pub value: f64,
}

/// The best spend R on retention, where r = C (1 − e^(−kR)) and a customer's future is worth
/// V = Σ (r^t m − r^(t−1) R)/(1+d)^t over t = 1, 2, … = (r m − R)/(1+d−r): the retention part of Blattberg and
/// Deighton (1996). Spent earlier in the period, R counts (1+d)^½ or 1+d times.
///
/// dV/dR has one sign change, at R* = M − (w+1)/k with M = m (1+d)/lift and w + ln w = ln((1+d−C)/C) + k M − 1 (the
/// Lambert function); where even the first unit does not earn itself, k C M ≤ 1+d, nothing is spent. A customer just
/// won, whose first margin comes at once, is worth m more: that sum is what
/// [`acquisition_budget`](super::acquisition_budget) asks for.
///
/// ```
/// use patronage::clv::{FirstPayment, ResponseCurve, retention_budget};
/// let best = retention_budget(ResponseCurve::new(0.9, 0.1)?, 100.0, 0.1, FirstPayment::End)?;
/// let worth = |spend: f64| { let r = 0.9 * (1.0 - (-0.1 * spend).exp()); (r * 100.0 - spend) / (1.1 - r) };
/// assert!((best.value - worth(best.spend)).abs() < 1e-9);
/// assert!(worth(best.spend - 0.01) < best.value && worth(best.spend + 0.01) < best.value);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn retention_budget(
    curve: ResponseCurve,
    margin: f64,
    discount_rate: f64,
    spend_at: FirstPayment,
) -> Result<RetentionBudget> {
    finite("margin", margin)?;
    at_least_zero("discount_rate", discount_rate)?;
    let mut budget =
        RetentionBudget { curve, margin, discount_rate, spend_at, spend: 0.0, rate: 0.0, value: 0.0 };
    let (c, k, growth) = (curve.ceiling(), curve.k(), 1.0 + discount_rate);
    let reach = held("the margin", margin * growth / budget.lift())?;
    if k * c * reach > growth {
        let w = product_log(((discount_rate + (1.0 - c)) / c).ln() + (k * reach - 1.0));
        budget.spend = held("the spend", (reach - (w + 1.0) / k).max(0.0))?;
    }
    let BudgetPoint { rate, value, .. } = budget.at(budget.spend);
    budget.rate = rate;
    budget.value = held("the value", value)?;
    Ok(budget)
}

/// The root w of w + ln w = y. The left side is concave and increasing, so that Newton's steps from below never pass it.
fn product_log(y: f64) -> f64 {
    let mut w = if y > 1.0 { y - y.ln() } else { (y - 1.0).exp() };
    for _ in 0..64 {
        let step = w * (y - w - w.ln()) / (w + 1.0);
        if w == 0.0 || step.is_nan() || step <= w * f64::EPSILON {
            break;
        }
        w += step;
    }
    w
}

impl RetentionBudget {
    /// How many times money spent then counts, against money at the end of the period.
    fn lift(&self) -> f64 {
        let timing = Timing { first_payment: self.spend_at, survive_before_paying: false };
        (1.0 + self.discount_rate).powf(1.0 - timing.first_delay())
    }

    fn at(&self, spend: f64) -> BudgetPoint {
        let rate = self.curve.rate(spend);
        // 1 + d − r without the loss of digits where the ceiling is 1 and nothing is discounted.
        let c = self.curve.ceiling();
        let leaving = self.discount_rate + (1.0 - c) + c * (-self.curve.k() * spend).exp();
        let value = (rate * self.margin - spend * self.lift()) / leaving;
        BudgetPoint { spend, rate, value }
    }

    /// What comes of other spends, from 0 to well beyond the best.
    pub fn points(&self, steps: u32) -> Vec<BudgetPoint> {
        points(self.spend, self.curve.k(), steps, |spend| self.at(spend))
    }

    /// The working: timing, the curve, the best spend, what it keeps, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let d = self.discount_rate;
        let when = match self.spend_at {
            FirstPayment::Start => lang.pick("at its start", "期初"),
            FirstPayment::Middle => lang.pick("in its middle", "期中"),
            FirstPayment::End => lang.pick("at its end", "期末"),
        };
        let working = Working::new(lang.pick("Retention budget", "留存预算"))
            .text(match lang {
                Lang::En => format!(
                    "Margins come at the end of each period from those retained; each customer at its beginning costs R, spent {when}."
                ),
                Lang::Zh => format!("利润于每期期末来自留存客户；对期初的每位客户支出 R，于{when}支付。"),
            })
            .text(match lang {
                Lang::En => format!("r: retention; C: its ceiling; k: steepness; m: margin; d: discount rate = {}.", plain(d)),
                Lang::Zh => format!("r：留存率；C：留存率上限；k：反应系数；m：利润；d：折现率 = {}。", plain(d)),
            });
        let working = self.curve.calibration(working, lang);
        let working = self.best(working, lang);
        let (spend, percent, value) = (money(self.spend), percent(self.rate), money(self.value));
        self.curve
            .working(working, ("r", "R"), self.spend)
            .equation([
                Expr::name("V"),
                self.formula([Expr::name("r"), Expr::name("m"), Expr::name("R"), Expr::name("d")]),
                self.formula([figure(self.rate), amount(self.margin), amount(self.spend), figure(d)]),
                amount(self.value),
            ])
            .text(match lang {
                Lang::En => format!(
                    "Spend {spend} a period on each customer: {percent} % stay, and her future is worth {value}, more than with any other spend."
                ),
                Lang::Zh => {
                    format!("每期对每位客户支出 {spend}，留存率 {percent} %，其未来价值为 {value}，为最大值。")
                }
            })
    }

    /// The condition of the maximum, and its root.
    fn best(&self, working: Working, lang: Lang) -> Working {
        let n = Expr::name;
        let growth = || one_plus(n("d"));
        let lift = || match self.spend_at {
            FirstPayment::Start => Expr::times([n("R"), growth()]),
            FirstPayment::Middle => Expr::times([n("R"), Expr::power(growth(), Expr::number("1/2"))]),
            FirstPayment::End => n("R"),
        };
        let one = match self.spend_at {
            FirstPayment::Start => Expr::times([growth(), Expr::minus(growth(), n("r"))]),
            FirstPayment::Middle => {
                Expr::times([Expr::power(growth(), Expr::number("1/2")), Expr::minus(growth(), n("r"))])
            }
            FirstPayment::End => Expr::minus(growth(), n("r")),
        };
        let gain = Expr::times([
            n("k"),
            Expr::minus(n("C"), n("r")),
            Expr::minus(Expr::times([n("m"), growth()]), lift()),
        ]);
        let working = working
            .text(lang.pick(
                "The value is greatest where its derivative in R is 0:",
                "价值对 R 的导数为 0 时最大：",
            ))
            .equation([gain, one]);
        if self.spend > 0.0 {
            working.equation([n("R"), amount(self.spend)])
        } else {
            working.text(lang.pick(
                "Already at R = 0 the left side is not above the right: nothing should be spent.",
                "在 R = 0 处左边已不大于右边：不应支出。",
            ))
        }
    }

    fn formula(&self, [r, m, spend, d]: [Expr; 4]) -> Expr {
        let growth = || one_plus(d.clone());
        let spent = match self.spend_at {
            FirstPayment::Start => Expr::times([spend, growth()]),
            FirstPayment::Middle => Expr::times([spend, Expr::power(growth(), Expr::number("1/2"))]),
            FirstPayment::End => spend,
        };
        Expr::fraction(Expr::minus(Expr::times([r.clone(), m]), spent), Expr::minus(growth(), r))
    }
}
