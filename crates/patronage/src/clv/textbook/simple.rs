//! Revenue per period times periods.

use serde::Serialize;

use super::{amount, at_least_zero, figure, finite, held, money, plain};
use crate::error::Result;
use crate::explain::{Expr, Lang, Working};

/// The value of a customer without discounting, and of those brought by word of mouth, kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SimpleClv {
    /// What the customer brings in a period.
    pub revenue_per_period: f64,
    /// How many periods the relationship lasts.
    pub periods: f64,
    /// The share of revenue that is counted; 1 counts all of it.
    pub margin: f64,
    /// Customers of the same kind brought by word of mouth.
    pub referrals: f64,
    /// The customer's own purchases: revenue × periods × margin.
    pub own_value: f64,
    /// The purchases of those referred: own value × referrals.
    pub referral_value: f64,
    /// Both together.
    pub value: f64,
}

/// Revenue per period × periods × margin, and as a separate term the same for each referred customer.
///
/// No discounting and nobody leaves early: see [`retention_clv`](super::retention_clv) for both. Source of the
/// courier's customer: Tom Peters (1987), "The customer as appreciating asset".
///
/// ```
/// use patronage::clv::simple_clv;
/// let courier = simple_clv(1500.0, 120.0, 1.0, 0.0)?;
/// assert_eq!(courier.value, 180_000.0);
/// let with_one_referral = simple_clv(1500.0, 120.0, 1.0, 1.0)?;
/// assert_eq!((with_one_referral.own_value, with_one_referral.value), (180_000.0, 360_000.0));
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn simple_clv(revenue_per_period: f64, periods: f64, margin: f64, referrals: f64) -> Result<SimpleClv> {
    finite("revenue_per_period", revenue_per_period)?;
    at_least_zero("periods", periods)?;
    finite("margin", margin)?;
    at_least_zero("referrals", referrals)?;
    let own_value = revenue_per_period * periods * margin;
    let referral_value = own_value * referrals;
    Ok(SimpleClv {
        revenue_per_period,
        periods,
        margin,
        referrals,
        own_value,
        referral_value,
        value: held("the value", own_value + referral_value)?,
    })
}

impl SimpleClv {
    /// The working: formula, numbers, value, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let mut symbols = vec![name("revenue per period", "每期收入"), name("periods", "期数")];
        let mut numbers = vec![amount(self.revenue_per_period), figure(self.periods)];
        if self.margin != 1.0 {
            symbols.push(name("margin", "利润率"));
            numbers.push(figure(self.margin));
        }
        let mut working = Working::new(lang.pick("Customer lifetime value", "客户终身价值")).equation([
            name("value", "价值"),
            Expr::times(symbols),
            Expr::times(numbers),
            amount(self.own_value),
        ]);
        if self.referrals != 0.0 {
            working = working
                .heading(lang.pick("Word of mouth", "口碑效应"))
                .equation([
                    name("value of those referred", "推荐客户的价值"),
                    Expr::times([name("value", "价值"), name("referred customers", "推荐的客户数")]),
                    Expr::times([amount(self.own_value), figure(self.referrals)]),
                    amount(self.referral_value),
                ])
                .equation([
                    name("together", "合计"),
                    Expr::sum([amount(self.own_value), amount(self.referral_value)]),
                    amount(self.value),
                ]);
        }
        let (own, n) = (money(self.own_value), plain(self.periods));
        working.text(match lang {
            Lang::En => format!("Over {n} periods the customer's own purchases bring {own}, not discounted."),
            Lang::Zh => format!("在 {n} 期的关系中，客户自身的购买带来 {own}（未折现）。"),
        })
    }
}
