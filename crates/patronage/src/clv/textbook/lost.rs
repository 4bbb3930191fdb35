//! What a customer's leaving costs.

use serde::Serialize;

use super::timing::Stream;
use super::{Timing, amount, at_least_zero, figure, held, money, plain, share};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// What [`lost_customer_value`] needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LostCustomer {
    /// What she spends a year.
    pub yearly_spend: f64,
    /// The share of it that is profit.
    pub margin: f64,
    /// Years she would have stayed.
    pub remaining_years: u32,
    /// Effective discount rate per year.
    pub discount_rate: f64,
    /// When in the year its profit counts; she is certain to stay, so nothing is said about survival.
    pub first_payment: super::FirstPayment,
    /// People she tells.
    pub people_told: f64,
    /// The share of them who stop buying, or never begin.
    pub share_lost: f64,
    /// What each of those would have spent a year, for as many years.
    pub yearly_spend_of_told: f64,
}

/// The present value of what goes with a lost customer: her own purchases, and those of the people she tells.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LostCustomerValue {
    /// What went in.
    pub inputs: LostCustomer,
    /// Present value of 1 a year over the remaining years.
    pub annuity: f64,
    /// Profit on her own purchases.
    pub own_value: f64,
    /// Profit on the purchases of those she drives away.
    pub told_value: f64,
    /// Both together.
    pub value: f64,
}

/// Yearly spend × margin × remaining years, discounted, plus the same for those who hear of it and stay away.
///
/// ```
/// use patronage::clv::{FirstPayment, LostCustomer, lost_customer_value};
/// let lost = lost_customer_value(LostCustomer {
///     yearly_spend: 5_000.0, margin: 0.2, remaining_years: 10, discount_rate: 0.0,
///     first_payment: FirstPayment::End, people_told: 11.0, share_lost: 0.25, yearly_spend_of_told: 4_000.0,
/// })?;
/// assert_eq!((lost.own_value, lost.told_value, lost.value), (10_000.0, 22_000.0, 32_000.0));
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn lost_customer_value(inputs: LostCustomer) -> Result<LostCustomerValue> {
    at_least_zero("yearly_spend", inputs.yearly_spend)?;
    share("margin", inputs.margin)?;
    at_least_zero("people_told", inputs.people_told)?;
    share("share_lost", inputs.share_lost)?;
    at_least_zero("yearly_spend_of_told", inputs.yearly_spend_of_told)?;
    if inputs.remaining_years == 0 {
        return Err(Error::parameter("remaining_years", 0, "at least 1 year"));
    }
    let stream = Stream {
        retention: 1.0,
        discount_rate: inputs.discount_rate,
        periods: Some(inputs.remaining_years),
        timing: Timing { first_payment: inputs.first_payment, survive_before_paying: false },
    };
    stream.check()?;
    let annuity = stream.factor();
    let own_value = inputs.yearly_spend * inputs.margin * annuity;
    let lost = inputs.people_told * inputs.share_lost;
    let told_value = lost * inputs.yearly_spend_of_told * inputs.margin * annuity;
    let value = held("the value", own_value + told_value)?;
    Ok(LostCustomerValue { inputs, annuity, own_value, told_value, value })
}

impl LostCustomerValue {
    /// The working: formula, numbers, value, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let LostCustomer { yearly_spend, margin, remaining_years, discount_rate, .. } = self.inputs;
        let LostCustomer { people_told, share_lost, yearly_spend_of_told, first_payment, .. } = self.inputs;
        let timing = Timing { first_payment, survive_before_paying: false };
        let (years, rate) = (remaining_years, plain(100.0 * discount_rate));
        let annuity = name("annuity factor", "年金现值系数");
        Working::new(lang.pick("What a lost customer costs", "流失一位客户的代价"))
            .text(match lang {
                Lang::En => format!(
                    "1 a year for {years} years at {rate} % a year is worth the annuity factor today."
                ),
                Lang::Zh => {
                    format!("年金现值系数：每年 1 元，共 {years} 年，年折现率 {rate} %，在今天的价值。")
                }
            })
            .text(timing.describe(lang))
            .equation([annuity.clone(), figure(self.annuity)])
            .equation([
                name("her own purchases", "客户自身的购买"),
                Expr::times([name("yearly spend", "年消费额"), name("margin", "利润率"), annuity.clone()]),
                Expr::times([amount(yearly_spend), figure(margin), figure(self.annuity)]),
                amount(self.own_value),
            ])
            .equation([
                name("those she tells", "听她诉说的人"),
                Expr::times([
                    name("people told", "告知人数"),
                    name("share lost", "流失比例"),
                    name("their yearly spend", "他们的年消费额"),
                    name("margin", "利润率"),
                    annuity,
                ]),
                Expr::times([
                    figure(people_told),
                    figure(share_lost),
                    amount(yearly_spend_of_told),
                    figure(margin),
                    figure(self.annuity),
                ]),
                amount(self.told_value),
            ])
            .equation([
                name("together", "合计"),
                Expr::sum([amount(self.own_value), amount(self.told_value)]),
                amount(self.value),
            ])
            .text(match lang {
                Lang::En => format!("Her leaving costs {} of profit in today's money.", money(self.value)),
                Lang::Zh => format!("她的离开使企业损失利润现值 {}。", money(self.value)),
            })
    }
}
