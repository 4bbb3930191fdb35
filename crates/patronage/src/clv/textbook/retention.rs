//! The retention model: a margin per period for as long as the customer stays.

use serde::Serialize;

use super::timing::{Stream, check_amounts};
use super::{Timing, amount, held, money, plain};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// What [`retention_clv`] needs to know. Nothing has a default: textbooks differ by the timing alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Retention {
    /// Margin per period: what the customer pays, less what serving and keeping her costs.
    pub margin: f64,
    /// Probability of staying from one period to the next.
    pub retention: f64,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// Number of payments; `None` for ever.
    pub periods: Option<u32>,
    /// When payments fall and who makes them.
    pub timing: Timing,
    /// What winning the customer costs, now; taken off the value.
    pub acquisition_cost: f64,
}

/// The present value of a customer's margins, less acquisition, with the timing that was used.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RetentionClv {
    /// What went in, the timing included.
    pub inputs: Retention,
    /// Present value of the margins.
    pub margins: f64,
    /// Present value of the margins less the acquisition cost.
    pub value: f64,
}

/// Present value of a margin m per period from a customer retained with probability r, at discount rate d.
///
/// Payment k = 1, 2, … n is made with probability r^(k−1), or r^k if customers must survive before paying, and
/// discounted by (1+d)^(k−1), (1+d)^(k−½) or (1+d)^k as payments fall at the start, in the middle or at the end of
/// the period. Forever, that is m (1+d)/(1+d−r) for immediate payments and m r/(1+d−r) for payments at the end of the
/// period by those retained (Farris and others, *Marketing Metrics*; Gupta and Lehmann, 2005).
///
/// ```
/// use patronage::clv::{Retention, Timing, retention_clv};
/// // An internet provider: 19.95 less costs of 2.00 a month, 99.5 % stay, 1 % a month.
/// let mut inputs = Retention {
///     margin: 17.95, retention: 0.995, discount_rate: 0.01, periods: None,
///     timing: Timing::END_IF_RETAINED, acquisition_cost: 0.0,
/// };
/// assert!((retention_clv(inputs)?.value - 1190.68).abs() < 0.005);
/// inputs.timing = Timing::IMMEDIATE;
/// assert!((retention_clv(inputs)?.value - 1208.63).abs() < 0.005);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn retention_clv(inputs: Retention) -> Result<RetentionClv> {
    check_amounts(inputs.margin, inputs.acquisition_cost)?;
    let stream = inputs.stream();
    stream.check()?;
    if inputs.periods == Some(0) {
        return Err(Error::parameter("periods", 0, "at least 1 payment"));
    }
    let margins = inputs.margin * stream.factor();
    let value = held("the value", margins - inputs.acquisition_cost)?;
    Ok(RetentionClv { inputs, margins, value })
}

impl Retention {
    fn stream(&self) -> Stream {
        let &Self { retention, discount_rate, periods, timing, .. } = self;
        Stream { retention, discount_rate, periods, timing }
    }
}

impl RetentionClv {
    /// The working: timing, formula, numbers, value, and what it means; with a table of the payments if they are few.
    pub fn explain(&self, lang: Lang) -> Working {
        const FEW: u32 = 12;
        let Retention { margin, retention, discount_rate, periods, timing, acquisition_cost } = self.inputs;
        let stream = self.inputs.stream();
        let mut working =
            Working::new(lang.pick("Customer lifetime value with retention", "考虑留存率的客户终身价值"))
                .text(timing.describe(lang))
                .text(lang.pick(
                    "m: margin per period; r: retention; d: discount rate per period; n: payments.",
                    "m：每期利润；r：留存率；d：每期折现率；n：付款次数。",
                ))
                .equation([
                    Expr::name("CLV"),
                    stream.formula_in_symbols(Some(Expr::name("m"))),
                    stream.formula_in_numbers(Some(amount(margin))),
                    amount(self.margins),
                ]);
        if let Some(n) = periods.filter(|&n| n <= FEW) {
            let header = ["payment", "still a customer", "discount factor", "present value"];
            let header_zh = ["付款", "仍为客户的概率", "折现系数", "现值"];
            let rows = (1..=n).map(|k| {
                let stays = retention.powf(timing.survivals(k));
                let factor = (1.0 + discount_rate).powf(-timing.delay(k));
                vec![k.to_string(), plain(stays), plain(factor), money(margin * stays * factor)]
            });
            let header = header.iter().zip(header_zh).map(|(en, zh)| lang.pick(en, zh).to_string());
            working = working.table(header.collect(), rows.collect());
        }
        if acquisition_cost > 0.0 {
            working = working.equation([
                Expr::name(lang.pick("less acquisition", "减去获客成本")),
                Expr::minus(amount(self.margins), amount(acquisition_cost)),
                amount(self.value),
            ]);
        }
        let value = money(self.value);
        working.text(match lang {
            Lang::En => format!("In today's money the customer is worth {value}."),
            Lang::Zh => format!("按现值计算，该客户值 {value}。"),
        })
    }
}
