//! The retention rate that a value asks for: the retention model solved for r.

use serde::Serialize;

use super::timing::{Stream, check_amounts};
use super::{FirstPayment, Timing, amount, figure, finite, held, money, percent};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// What [`required_retention`] needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Requirement {
    /// Margin per period.
    pub margin: f64,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// The value to be reached, after acquisition; 0 to break even.
    pub target: f64,
    /// What winning the customer costs, now.
    pub acquisition_cost: f64,
    /// Number of payments; `None` for ever.
    pub periods: Option<u32>,
    /// When payments fall and who makes them.
    pub timing: Timing,
}

/// The least retention rate at which the customer is worth the target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RequiredRetention {
    /// What went in, the timing included.
    pub inputs: Requirement,
    /// The retention rate; 0 where the target is met even if nobody stays.
    pub value: f64,
    /// What the customer is worth at that rate, after acquisition.
    pub clv: f64,
}

/// The least retention rate at which a customer is worth a target, with all else as in
/// [`retention_clv`](super::retention_clv).
///
/// With V the target and the acquisition cost together, for ever: r = V(1+d)/(m+V) at the end of the period by those
/// retained, r = (1+d)(1 − m/V) immediately; over n payments the root is bracketed until no float lies between.
///
/// ```
/// use patronage::clv::{Requirement, Timing, required_retention};
/// // An internet provider gives up 0.20 of its margin of 18.95: what must it do for retention to be worth as much?
/// let r = required_retention(Requirement {
///     margin: 18.75, discount_rate: 0.01, target: 67.2639, acquisition_cost: 0.0, periods: None,
///     timing: Timing::END_IF_RETAINED,
/// })?;
/// assert!((r.value - 0.7898).abs() < 0.00005);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn required_retention(inputs: Requirement) -> Result<RequiredRetention> {
    let Requirement { margin, discount_rate, target, acquisition_cost, periods, .. } = inputs;
    check_amounts(margin, acquisition_cost)?;
    if margin <= 0.0 {
        return Err(Error::parameter("margin", margin, "more than 0"));
    }
    finite("target", target)?;
    if periods == Some(0) {
        return Err(Error::parameter("periods", 0, "at least 1 payment"));
    }
    let gross = target + acquisition_cost;
    finite("target", gross)?;
    inputs.stream(0.0).check()?;
    let worth = |r: f64| margin * inputs.stream(r).factor();
    let most = if periods.is_none() && discount_rate == 0.0 { f64::INFINITY } else { worth(1.0) };
    let value = if worth(0.0) >= gross {
        0.0
    } else if most < gross {
        let expected = format!(
            "at most {}, what the customer is worth if she always stays; a longer horizon or a larger margin reaches more",
            most - acquisition_cost
        );
        return Err(Error::parameter("target", target, &expected));
    } else if periods.is_some() {
        bracketed(|r| worth(r) >= gross)
    } else {
        inputs.solved(gross).clamp(0.0, 1.0)
    };
    if inputs.stream(value).check().is_err() {
        return Err(Error::parameter("target", target, "a value that a retention below 1 reaches"));
    }
    let clv = held("the value at that retention", worth(value) - acquisition_cost)?;
    Ok(RequiredRetention { inputs, value, clv })
}

/// The least r in [0, 1] from which on something holds, to the last bit above 1e−60.
fn bracketed(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

impl Requirement {
    fn stream(&self, retention: f64) -> Stream {
        let &Self { discount_rate, periods, timing, .. } = self;
        Stream { retention, discount_rate, periods, timing }
    }

    fn solved(&self, gross: f64) -> f64 {
        let growth = 1.0 + self.discount_rate;
        let lifted = self.margin * growth.powf(1.0 - self.timing.first_delay());
        if self.timing.survive_before_paying {
            gross / (lifted + gross) * growth
        } else {
            growth - lifted / gross
        }
    }
}

impl RequiredRetention {
    /// The working: timing, formula solved for r, numbers, value, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let Requirement { margin, discount_rate, target, acquisition_cost, periods, timing } = self.inputs;
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let mut working = Working::new(lang.pick("Retention needed", "所需的留存率"))
            .text(timing.describe(lang))
            .text(lang.pick(
                "m: margin per period; d: discount rate per period; V: the value the margins must have; r: retention.",
                "m：每期利润；d：每期折现率；V：利润现值须达到的数额；r：留存率。",
            ))
            .equation([
                Expr::name("V"),
                Expr::sum([name("target", "目标价值"), name("acquisition cost", "获客成本")]),
                Expr::sum([amount(target), amount(acquisition_cost)]),
                amount(target + acquisition_cost),
            ]);
        working = if self.value == 0.0 {
            working.text(
                lang.pick("The target is met even if no customer stays.", "即使没有客户留存，目标也已达到。"),
            )
        } else if let Some(n) = periods {
            let stream = Stream { retention: 0.5, ..self.inputs.stream(0.5) };
            working
                .text(match lang {
                    Lang::En => format!("With n = {n} payments r is the root, found by halving, of"),
                    Lang::Zh => format!("共 n = {n} 次付款；r 是下式的根，用二分法求得："),
                })
                .equation([Expr::name("V"), stream.formula_in_symbols(Some(Expr::name("m")))])
                .equation([Expr::name("r"), figure(self.value)])
        } else {
            let numbers = (amount(margin), figure(discount_rate), amount(target + acquisition_cost));
            working.equation([
                Expr::name("r"),
                self.formula((Expr::name("m"), Expr::name("d"), Expr::name("V"))),
                self.formula(numbers),
                figure(self.value),
            ])
        };
        let (rate, value) = (percent(self.value), money(self.clv));
        working.text(match lang {
            Lang::En => format!(
                "If {rate} % stay from each period to the next, the customer is worth {value} after acquisition."
            ),
            Lang::Zh => format!("每期留存率为 {rate} % 时，扣除获客成本后该客户值 {value}。"),
        })
    }

    fn formula(&self, (m, d, v): (Expr, Expr, Expr)) -> Expr {
        let growth = || super::one_plus(d.clone());
        let lifted = match self.inputs.timing.first_payment {
            FirstPayment::Start => Expr::times([m, growth()]),
            FirstPayment::Middle => Expr::times([m, Expr::power(growth(), Expr::number("1/2"))]),
            FirstPayment::End => m,
        };
        if self.inputs.timing.survive_before_paying {
            Expr::fraction(Expr::times([v.clone(), growth()]), Expr::sum([lifted, v]))
        } else {
            Expr::minus(growth(), Expr::fraction(lifted, v))
        }
    }
}
