//! Mailing customers by recency, and when to stop.

use serde::Serialize;

use super::super::{FirstPayment, amount, finite, heads, money, plain, share};
use super::{Migration, MigrationClv, affordable, migration_clv};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// The most recencies: each possible stop is worked out.
const MOST_RECENCIES: usize = 100;

/// What [`recency_clv`] needs to know. Nothing has a default.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recency {
    /// The probability that a mailed customer buys, at recency 1 (bought in the last period), 2, …; one who has not
    /// bought after the last is a former customer and brings nothing.
    pub probabilities: Vec<f64>,
    /// NC: net contribution of a purchase.
    pub contribution: f64,
    /// M: cost of mailing a customer in a period.
    pub mailing_cost: f64,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// T: rewards come T + 1 times, at t = 0, 1, … T; `None` for ever.
    pub horizon: Option<u32>,
    /// When in its period a reward comes.
    pub first_payment: FirstPayment,
    /// From this recency on nobody is mailed, nor buys; one more than the last recency to mail them all.
    pub stop_at: u32,
}

/// What a customer is worth at each recency, and at which recency to stop mailing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecencyClv {
    /// What went in, the timing included.
    pub inputs: Recency,
    /// The chain: states "1", "2", … and the former customers, with their transitions, rewards and values.
    pub migration: MigrationClv,
    /// What a customer who has just bought is worth if mailing stops at recency 1, 2, … or after the last.
    pub stops: Vec<f64>,
    /// The stop that is worth most; the earliest of equals.
    pub best_stop: u32,
    /// What a customer who has just bought is worth with the stop that was given.
    pub value: f64,
}

/// The recency model of Pfeifer and Carraway (2000): a customer at recency k is mailed at cost M and buys with
/// probability p(k), which brings NC and her back to recency 1; else she goes on to k + 1.
///
/// A customer at recency 1 has just bought, so that R(1) = NC − M; of the others R(k) = −M. `value` is hers at t = 0.
///
/// ```
/// use patronage::clv::{FirstPayment, Recency, recency_clv};
/// let clv = recency_clv(Recency {
///     probabilities: vec![0.3, 0.2, 0.15, 0.05], contribution: 40.0, mailing_cost: 4.0, discount_rate: 0.2,
///     horizon: None, first_payment: FirstPayment::Start, stop_at: 5,
/// })?;
/// assert!((clv.value - 52.320).abs() < 0.0005);
/// assert_eq!(clv.best_stop, 4);
/// assert!((clv.stops[3] - 53.149).abs() < 0.0005);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn recency_clv(inputs: Recency) -> Result<RecencyClv> {
    let n = inputs.probabilities.len();
    if n == 0 {
        return Err(Error::parameter("probabilities", "none", "one for each recency"));
    }
    if n > MOST_RECENCIES {
        let (limit, mend) = (MOST_RECENCIES as u64, "leave out the oldest recencies".into());
        return Err(Error::LimitExceeded { what: "the number of recencies".into(), limit, mend });
    }
    inputs.probabilities.iter().try_for_each(|&p| share("probabilities", p))?;
    finite("contribution", inputs.contribution)?;
    finite("mailing_cost", inputs.mailing_cost)?;
    finite("contribution", inputs.contribution - inputs.mailing_cost)?;
    let last = n as u32 + 1;
    if !(1..=last).contains(&inputs.stop_at) {
        let expected = format!("a recency from 1 to {n}, or {last} to mail them all");
        return Err(Error::parameter("stop_at", inputs.stop_at, &expected));
    }
    if let Some(horizon) = inputs.horizon {
        affordable((n as u128 + 1).pow(3) * u128::from(horizon))?;
    }
    let stops: Vec<f64> =
        (1..=last).map(|stop| Ok(migration_clv(inputs.chain(stop))?.values[0])).collect::<Result<_>>()?;
    let most = stops.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let best_stop = stops.iter().position(|&value| value == most).map_or(last, |i| i as u32 + 1);
    let migration = migration_clv(inputs.chain(inputs.stop_at))?;
    let value = migration.values[0];
    Ok(RecencyClv { inputs, migration, stops, best_stop, value })
}

impl Recency {
    /// The chain of those mailed until a recency is reached.
    fn chain(&self, stop: u32) -> Migration {
        let n = self.probabilities.len();
        let mailed = |k: usize| k + 1 < stop as usize;
        let transitions = (0..=n).map(|k| {
            let mut row = vec![0.0; n + 1];
            if k < n && mailed(k) {
                row[0] += self.probabilities[k];
                row[k + 1] += 1.0 - self.probabilities[k];
            } else {
                row[n] = 1.0;
            }
            row
        });
        let rewards = (0..=n).map(|k| {
            let sale = if k == 0 { self.contribution } else { 0.0 };
            let mailing = if k < n && mailed(k) { self.mailing_cost } else { 0.0 };
            sale - mailing
        });
        Migration {
            states: (1..=n).map(|k| k.to_string()).chain(["former".into()]).collect(),
            transitions: transitions.collect(),
            rewards: rewards.collect(),
            discount_rate: self.discount_rate,
            horizon: self.horizon,
            first_payment: self.first_payment,
        }
    }
}

impl RecencyClv {
    /// The working: timing, formula, a table by recency, the value after a purchase, every stop, and the best.
    pub fn explain(&self, lang: Lang) -> Working {
        let Recency { probabilities, contribution, mailing_cost, stop_at, .. } = &self.inputs;
        let chain = &self.migration.inputs;
        let n = probabilities.len();
        let rows = (0..=n).map(|k| {
            let state = if k < n { chain.states[k].clone() } else { lang.pick("former", "前客户").into() };
            let buys = if k < n && k + 1 < *stop_at as usize { plain(probabilities[k]) } else { "0".into() };
            vec![state, buys, money(chain.rewards[k]), money(self.migration.values[k])]
        });
        let header = [("recency", "最近购买"), ("buys", "购买概率"), ("reward", "收益"), ("value", "价值")];
        let policy = |stop: u32| {
            if stop as usize > n {
                lang.pick("mail all", "全部邮寄").to_string()
            } else {
                match lang {
                    Lang::En => format!("from recency {stop}"),
                    Lang::Zh => format!("自第 {stop} 期起"),
                }
            }
        };
        let stops = (1..).zip(&self.stops).map(|(stop, &value)| vec![policy(stop), money(value)]);
        let (value, best) = (money(self.value), money(self.stops[self.best_stop as usize - 1]));
        let (used, best_policy) = (policy(*stop_at), policy(self.best_stop));
        let working = chain
            .begin(lang.pick("Mailing by recency", "按最近购买时间邮寄"), lang)
            .equation([
                Expr::name("R(1)"),
                Expr::minus(Expr::name("NC"), Expr::name("M")),
                Expr::minus(amount(*contribution), amount(if *stop_at > 1 { *mailing_cost } else { 0.0 })),
                amount(chain.rewards[0]),
            ])
            .table(heads(lang, header), rows.collect());
        self.migration
            .first_state(working, lang)
            .table(heads(lang, [("mailing stops", "停止邮寄"), ("value after a purchase", "购买后客户的价值")]), stops.collect())
            .text(match lang {
                Lang::En => format!(
                    "Mailing stops: {used}. A customer who has just bought is then worth {value}; the best stop ({best_policy}) makes it {best}."
                ),
                Lang::Zh => {
                    format!("停止邮寄：{used}，刚购买的客户值 {value}；最佳停止点（{best_policy}）下值 {best}。")
                }
            })
    }
}
