//! What a customer's word of mouth is worth.

use serde::Serialize;

use super::timing::Stream;
use super::{FirstPayment, Timing, amount, at_least_zero, figure, finite, held, money, plain, share};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// What [`referral_value`] needs to know. Nothing has a default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Referral {
    /// People an advocate tells in a period.
    pub people_told: f64,
    /// The share of them who become customers.
    pub conversion: f64,
    /// The share of those who would have come anyway; they bring no value of their own, but save their acquisition.
    pub would_have_bought: f64,
    /// What a customer who came by referral is worth when she joins, such as a `retention_clv`.
    pub value_per_referred: f64,
    /// What winning a customer costs otherwise; saved on each who comes.
    pub saved_acquisition: f64,
    /// What the advocate is given for each who comes.
    pub reward: f64,
    /// Periods in which she tells others.
    pub periods: u32,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// When in the period those who are told join.
    pub first_payment: FirstPayment,
}

/// The present value of those whom a customer brings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReferralValue {
    /// What went in, the timing included.
    pub inputs: Referral,
    /// Customers a period who come because they were told.
    pub won: f64,
    /// Customers a period who would have come anyway.
    pub anyway: f64,
    /// Present value of 1 in each period.
    pub annuity: f64,
    /// Value of those won.
    pub won_value: f64,
    /// Acquisition saved, on those won and those who would have come anyway.
    pub saved_value: f64,
    /// Rewards paid.
    pub rewards: f64,
    /// Won + saved − rewards.
    pub value: f64,
}

/// Customer referral value after Kumar, Petersen and Leone (2007, "How valuable is word of mouth?"): what those bring
/// who come because of the customer, and the acquisition cost saved on them and on those who would have come anyway,
/// less the rewards, discounted.
///
/// The saving and the reward count for each who comes. The customer's own purchases are not part of it.
///
/// ```
/// use patronage::clv::{FirstPayment, Referral, referral_value};
/// // The courier's customer brings one like himself: 180,000 more (Peters, 1987).
/// let referral = referral_value(Referral {
///     people_told: 1.0, conversion: 1.0, would_have_bought: 0.0, value_per_referred: 180_000.0,
///     saved_acquisition: 0.0, reward: 0.0, periods: 1, discount_rate: 0.0, first_payment: FirstPayment::Start,
/// })?;
/// assert_eq!(referral.value, 180_000.0);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn referral_value(inputs: Referral) -> Result<ReferralValue> {
    at_least_zero("people_told", inputs.people_told)?;
    share("conversion", inputs.conversion)?;
    share("would_have_bought", inputs.would_have_bought)?;
    finite("value_per_referred", inputs.value_per_referred)?;
    at_least_zero("saved_acquisition", inputs.saved_acquisition)?;
    at_least_zero("reward", inputs.reward)?;
    if inputs.periods == 0 {
        return Err(Error::parameter("periods", 0, "at least 1 period"));
    }
    let stream = Stream {
        retention: 1.0,
        discount_rate: inputs.discount_rate,
        periods: Some(inputs.periods),
        timing: inputs.timing(),
    };
    stream.check()?;
    let annuity = stream.factor();
    let come = inputs.people_told * inputs.conversion;
    let anyway = come * inputs.would_have_bought;
    let won = come * (1.0 - inputs.would_have_bought);
    let won_value = won * inputs.value_per_referred * annuity;
    let saved_value = come * inputs.saved_acquisition * annuity;
    let rewards = come * inputs.reward * annuity;
    let value = held("the value", won_value + saved_value - rewards)?;
    Ok(ReferralValue { inputs, won, anyway, annuity, won_value, saved_value, rewards, value })
}

impl Referral {
    fn timing(&self) -> Timing {
        Timing { first_payment: self.first_payment, survive_before_paying: false }
    }
}

impl ReferralValue {
    /// The working: who comes, what each part is worth, the sum, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let Referral { people_told, conversion, would_have_bought, value_per_referred, .. } = self.inputs;
        let Referral { saved_acquisition, reward, periods, discount_rate, first_payment, .. } = self.inputs;
        let (come, annuity) = (self.won + self.anyway, name("annuity factor", "年金现值系数"));
        let factor = || figure(self.annuity);
        let (n, d) = (periods, plain(100.0 * discount_rate));
        let when = match first_payment {
            FirstPayment::Start => lang.pick("at the start, the first at once", "期初，首次立即发生"),
            FirstPayment::Middle => lang.pick("in the middle", "期中"),
            FirstPayment::End => lang.pick("at the end", "期末"),
        };
        let mut working = Working::new(lang.pick("Referral value", "推荐价值"))
            .text(match lang {
                Lang::En => format!(
                    "Others are told in each of {n} periods and join in each period {when}; {d} % a period. The annuity factor is today's worth of 1 a period."
                ),
                Lang::Zh => {
                    format!("共 {n} 期，每期推荐，被推荐者于{when}加入；每期折现率 {d} %。年金现值系数：每期 1 元在今天的价值。")
                }
            })
            .equation([annuity.clone(), factor()])
            .equation([
                name("who come", "新客户数"),
                Expr::times([name("people told", "告知人数"), name("conversion", "转化率")]),
                Expr::times([figure(people_told), figure(conversion)]),
                figure(come),
            ])
            .equation([
                name("won", "因推荐而来"),
                Expr::times([
                    name("who come", "新客户数"),
                    Expr::minus(Expr::number("1"), name("would have come anyway", "本来也会来的比例")),
                ]),
                Expr::times([figure(come), Expr::minus(Expr::number("1"), figure(would_have_bought))]),
                figure(self.won),
            ])
            .equation([
                name("value of those won", "因推荐而来者的价值"),
                Expr::times([name("won", "因推荐而来"), name("value of each", "每人价值"), annuity.clone()]),
                Expr::times([figure(self.won), amount(value_per_referred), factor()]),
                amount(self.won_value),
            ]);
        let mut terms = amount(self.won_value);
        if saved_acquisition > 0.0 {
            working = working.equation([
                name("acquisition saved", "节省的获客成本"),
                Expr::times([
                    name("who come", "新客户数"),
                    name("cost of each", "每人获客成本"),
                    annuity.clone(),
                ]),
                Expr::times([figure(come), amount(saved_acquisition), factor()]),
                amount(self.saved_value),
            ]);
            terms = Expr::sum([terms, amount(self.saved_value)]);
        }
        if reward > 0.0 {
            working = working.equation([
                name("rewards", "推荐奖励"),
                Expr::times([name("who come", "新客户数"), name("reward", "每次奖励"), annuity]),
                Expr::times([figure(come), amount(reward), factor()]),
                amount(self.rewards),
            ]);
            terms = Expr::minus(terms, amount(self.rewards));
        }
        let value = money(self.value);
        working.equation([name("referral value", "推荐价值"), terms, amount(self.value)]).text(match lang {
            Lang::En => {
                format!("Beyond her own purchases, the customer's word of mouth is worth {value} today.")
            }
            Lang::Zh => format!("除自身购买外，该客户的口碑按现值计算值 {value}。"),
        })
    }
}
