//! The margin multiple: what a customer is worth for each unit of her margin.

use serde::Serialize;

use super::timing::Stream;
use super::{Timing, figure, held, plain};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working, decimal};

/// The number by which a margin per period is multiplied to give the lifetime value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MarginMultiple {
    /// Probability of staying from one period to the next.
    pub retention: f64,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// Number of payments; `None` for ever.
    pub periods: Option<u32>,
    /// When payments fall and who makes them.
    pub timing: Timing,
    /// The multiple.
    pub value: f64,
}

/// Margin multiples by discount rate and retention.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MarginMultiples {
    /// The retention rates: a column each.
    pub retentions: Vec<f64>,
    /// The discount rates: a row each.
    pub discount_rates: Vec<f64>,
    /// Number of payments; `None` for ever.
    pub periods: Option<u32>,
    /// When payments fall and who makes them.
    pub timing: Timing,
    /// The multiples, a row a discount rate.
    pub values: Vec<Vec<f64>>,
}

/// The margin multiple of Gupta and Lehmann (2005), *Managing Customers as Investments*: r/(1+d−r) for ever, paid at
/// the end of each period by those retained; (1+d)/(1+d−r) = 1 + r/(1+d−r) where the first margin comes at once.
///
/// It is the value of a margin of 1, timed as in [`retention_clv`](super::retention_clv).
///
/// ```
/// use patronage::clv::{Timing, margin_multiple};
/// let end = margin_multiple(0.9, 0.1, None, Timing::END_IF_RETAINED)?;
/// let at_once = margin_multiple(0.9, 0.1, None, Timing::IMMEDIATE)?;
/// assert!((end.value - 4.5).abs() < 1e-12 && (at_once.value - 5.5).abs() < 1e-12);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn margin_multiple(
    retention: f64,
    discount_rate: f64,
    periods: Option<u32>,
    timing: Timing,
) -> Result<MarginMultiple> {
    let stream = Stream { retention, discount_rate, periods, timing };
    stream.check()?;
    let value = held("the multiple", stream.factor())?;
    Ok(MarginMultiple { retention, discount_rate, periods, timing, value })
}

/// The table of [`margin_multiple`]: a row a discount rate, a column a retention rate.
///
/// ```
/// use patronage::clv::{Timing, margin_multiples};
/// let table = margin_multiples(&[0.6, 0.8], &[0.1, 0.2], None, Timing::END_IF_RETAINED)?;
/// assert!((table.values[1][1] - 2.0).abs() < 1e-12);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn margin_multiples(
    retentions: &[f64],
    discount_rates: &[f64],
    periods: Option<u32>,
    timing: Timing,
) -> Result<MarginMultiples> {
    for (name, rates) in [("retentions", retentions), ("discount_rates", discount_rates)] {
        if rates.is_empty() {
            return Err(Error::parameter(name, "none", "at least one rate"));
        }
    }
    let row =
        |&d: &f64| retentions.iter().map(|&r| Ok(margin_multiple(r, d, periods, timing)?.value)).collect();
    Ok(MarginMultiples {
        retentions: retentions.to_vec(),
        discount_rates: discount_rates.to_vec(),
        periods,
        timing,
        values: discount_rates.iter().map(row).collect::<Result<_>>()?,
    })
}

/// How long the payments go on, and what the letters mean.
fn letters(periods: Option<u32>, lang: Lang) -> String {
    let long = match (periods, lang) {
        (None, Lang::En) => "Payments go on for ever.".into(),
        (None, Lang::Zh) => "付款永续。".into(),
        (Some(n), Lang::En) => format!("n = {n} payments."),
        (Some(n), Lang::Zh) => format!("共 n = {n} 次付款。"),
    };
    match lang {
        Lang::En => format!("r: retention; d: discount rate per period. {long}"),
        Lang::Zh => format!("r：留存率；d：每期折现率。{long}"),
    }
}

impl MarginMultiple {
    /// The working: timing, formula, numbers, value, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let &Self { retention, discount_rate, periods, timing, value } = self;
        let stream = Stream { retention, discount_rate, periods, timing };
        Working::new(lang.pick("Margin multiple", "利润倍数"))
            .text(timing.describe(lang))
            .text(letters(periods, lang))
            .equation([
                Expr::name(lang.pick("multiple", "倍数")),
                stream.formula_in_symbols(None),
                stream.formula_in_numbers(None),
                figure(value),
            ])
            .text(match lang {
                Lang::En => format!("A customer is worth {} times her margin per period.", plain(value)),
                Lang::Zh => format!("客户价值是其每期利润的 {} 倍。", plain(value)),
            })
    }
}

impl MarginMultiples {
    /// The working: timing, formula, the table, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let percent = |share: f64| format!("{} %", plain(100.0 * share));
        let (r, d) = (self.retentions[0], self.discount_rates[0]);
        let first = Stream { retention: r, discount_rate: d, periods: self.periods, timing: self.timing };
        let mut header = vec![lang.pick("discount rate", "折现率").to_string()];
        header.extend(
            self.retentions.iter().map(|&r| format!("{} {}", lang.pick("retention", "留存率"), percent(r))),
        );
        let rows = self.discount_rates.iter().zip(&self.values).map(|(&d, row)| {
            let cells = row.iter().map(|&multiple| decimal(multiple, 2));
            std::iter::once(percent(d)).chain(cells).collect()
        });
        Working::new(lang.pick("Margin multiples", "利润倍数表"))
            .text(self.timing.describe(lang))
            .text(letters(self.periods, lang))
            .equation([
                Expr::name(lang.pick("multiple", "倍数")),
                first.formula_in_symbols(None),
                first.formula_in_numbers(None),
                figure(self.values[0][0]),
            ])
            .table(header, rows.collect())
            .text(lang.pick(
                "A customer is worth so many times her margin per period.",
                "客户价值是其每期利润的相应倍数。",
            ))
    }
}
