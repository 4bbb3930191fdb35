//! Customers who migrate between states: lifetime value as a Markov chain with rewards.

mod recency;
mod solve;

pub use recency::{Recency, RecencyClv, recency_clv};

use serde::Serialize;

use super::{FirstPayment, Timing, amount, at_least_zero, figure, held, money, plain};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// The most states; a solution takes some n³ steps.
const MOST_STATES: usize = 500;
/// The most multiplications over a finite horizon.
const MOST_STEPS: u128 = 2_000_000_000;

/// What [`migration_clv`] needs to know. Nothing has a default.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Migration {
    /// What the states are called.
    pub states: Vec<String>,
    /// P: the probability of going from the state of the row to that of the column in a period.
    pub transitions: Vec<Vec<f64>>,
    /// R: what a customer in each state brings in a period.
    pub rewards: Vec<f64>,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// T: rewards come T + 1 times, at t = 0, 1, … T; `None` for ever.
    pub horizon: Option<u32>,
    /// When in its period a reward comes: that of t = 0 at once, after half a period, or after a whole one.
    pub first_payment: FirstPayment,
}

/// What a customer in each state is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MigrationClv {
    /// What went in, the timing included.
    pub inputs: Migration,
    /// The value of a customer now in each state.
    pub values: Vec<f64>,
    /// The same with one period less to go, from which the values follow; for ever, the values themselves.
    pub values_before: Vec<f64>,
}

/// The value of customers in each state of a Markov chain: V = Σ [P/(1+d)]^t R over t = 0 … T, or for ever
/// V = (I − P/(1+d))⁻¹ R, by elimination. Pfeifer and Carraway (2000), "Modeling customer relationships as Markov
/// chains".
///
/// Without discounting, the value for ever is finite only if every customer ends in states that bring nothing;
/// otherwise it is an error.
///
/// ```
/// use patronage::clv::{FirstPayment, Migration, migration_clv};
/// // Active customers bring 10 and half of them leave; of those who left none comes back.
/// let clv = migration_clv(Migration {
///     states: vec!["active".into(), "gone".into()], transitions: vec![vec![0.5, 0.5], vec![0.0, 1.0]],
///     rewards: vec![10.0, 0.0], discount_rate: 0.0, horizon: None, first_payment: FirstPayment::Start,
/// })?;
/// assert_eq!(clv.values, [20.0, 0.0]);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn migration_clv(inputs: Migration) -> Result<MigrationClv> {
    inputs.check()?;
    let (mut values, mut values_before) = match inputs.horizon {
        None => {
            let values = inputs.forever()?;
            (values.clone(), values)
        }
        Some(horizon) => inputs.until(horizon)?,
    };
    let delay = inputs.delay();
    for value in values.iter_mut().chain(&mut values_before) {
        *value = held("the value", *value * delay)?;
    }
    Ok(MigrationClv { inputs, values, values_before })
}

impl Migration {
    fn check(&self) -> Result<()> {
        let n = self.states.len();
        if n == 0 {
            return Err(Error::parameter("states", "none", "at least one state"));
        }
        if n > MOST_STATES {
            let (limit, mend) = (MOST_STATES as u64, "join states that are alike".into());
            return Err(Error::LimitExceeded { what: "the number of states".into(), limit, mend });
        }
        let length = |column: &str, found: usize| {
            if found == n {
                Ok(())
            } else {
                Err(Error::UnequalLength { column: column.into(), expected: n, found })
            }
        };
        length("rewards", self.rewards.len())?;
        length("transitions", self.transitions.len())?;
        let wrong = |column: &str, row: usize, problem: String, mend: &str| {
            Err(Error::InvalidValue {
                column: column.into(),
                row: row as u64,
                count: 1,
                problem,
                mend: mend.into(),
            })
        };
        for (i, (row, reward)) in self.transitions.iter().zip(&self.rewards).enumerate() {
            length("transitions", row.len())?;
            let sum: f64 = row.iter().sum();
            if let Some(p) = row.iter().find(|p| !(0.0..=1.0).contains(*p)) {
                return wrong("transitions", i, format!("the probability {p}"), "give shares from 0 to 1");
            }
            if (sum - 1.0).abs() > 1e-9 {
                let mend = "the probabilities of leaving a state, and of staying, sum to 1";
                return wrong("transitions", i, format!("probabilities that sum to {sum}"), mend);
            }
            if !reward.is_finite() {
                return wrong("rewards", i, format!("the amount {reward}"), "give finite numbers");
            }
        }
        at_least_zero("discount_rate", self.discount_rate)
    }

    fn delay(&self) -> f64 {
        let timing = Timing { first_payment: self.first_payment, survive_before_paying: false };
        (1.0 + self.discount_rate).powf(-timing.first_delay())
    }

    /// V = R + P V/(1+d), solved as ((1+d) I − P) V = (1+d) R.
    fn forever(&self) -> Result<Vec<f64>> {
        let n = self.states.len();
        let earning: Vec<bool> = self.rewards.iter().map(|&reward| reward != 0.0).collect();
        let worth = self.leading_to(earning);
        if self.discount_rate == 0.0 {
            let ending = self.leading_to(worth.iter().map(|worth| !worth).collect());
            if let Some(state) = (0..n).find(|&i| !ending[i]) {
                let value =
                    format!("0 for ever, where rewards never end from state '{}'", self.states[state]);
                return Err(Error::parameter("discount_rate", value, "more than 0, or a horizon"));
            }
        }
        // States from which nothing is ever earned are worth exactly 0 and take no part: without discounting they
        // would make the matrix singular.
        let row = |i: usize| {
            let mut row: Vec<f64> = self.transitions[i].iter().map(|p| -p).collect();
            row[i] = self.discount_rate + (1.0 - self.transitions[i][i]);
            if !worth[i] {
                row.fill(0.0);
                row[i] = 1.0;
            }
            row
        };
        let right = (0..n)
            .map(|i| if worth[i] { self.rewards[i] + self.rewards[i] * self.discount_rate } else { 0.0 })
            .collect();
        solve::solve((0..n).map(row).collect(), right).ok_or_else(|| Error::Overflow {
            what: "the value for ever".into(),
            mend: "give a larger discount_rate, smaller rewards, or a horizon".into(),
        })
    }

    /// Which states are among some, or lead to them.
    fn leading_to(&self, mut reached: Vec<bool>) -> Vec<bool> {
        let mut open: Vec<usize> = (0..reached.len()).filter(|&i| reached[i]).collect();
        while let Some(target) = open.pop() {
            for (i, row) in self.transitions.iter().enumerate() {
                if !reached[i] && row[target] > 0.0 {
                    reached[i] = true;
                    open.push(i);
                }
            }
        }
        reached
    }

    /// The values with T periods to go, and with T − 1.
    fn until(&self, horizon: u32) -> Result<(Vec<f64>, Vec<f64>)> {
        let n = self.states.len();
        affordable(n as u128 * n as u128 * u128::from(horizon))?;
        let mut before = vec![0.0; n];
        let mut values = self.rewards.clone();
        for _ in 0..horizon {
            let next = self.step(&values);
            // Once nothing changes, nothing ever will.
            let settled = next == values;
            before = std::mem::replace(&mut values, next);
            if settled {
                break;
            }
        }
        Ok((values, before))
    }

    fn step(&self, values: &[f64]) -> Vec<f64> {
        let growth = 1.0 + self.discount_rate;
        let expected = |row: &Vec<f64>| row.iter().zip(values).map(|(p, v)| p * v).sum::<f64>();
        self.transitions
            .iter()
            .zip(&self.rewards)
            .map(|(row, reward)| reward + expected(row) / growth)
            .collect()
    }
}

/// An error where a finite horizon would take too long.
fn affordable(steps: u128) -> Result<()> {
    if steps <= MOST_STEPS {
        return Ok(());
    }
    let mend = "give a shorter horizon, or none for ever".into();
    Err(Error::LimitExceeded { what: "states² × horizon".into(), limit: MOST_STEPS as u64, mend })
}

impl MigrationClv {
    /// The working: timing, formula, the states in a table, the first state's value from the others', what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        const FEW: usize = 12;
        let Migration { states, transitions, rewards, discount_rate, .. } = &self.inputs;
        let shown = if states.len() <= FEW { states.len() } else { 0 };
        let mut header = vec![lang.pick("state", "状态").to_string()];
        header.extend(states[..shown].iter().map(|to| format!("→ {to}")));
        header.extend([lang.pick("reward", "收益").to_string(), lang.pick("value", "价值").to_string()]);
        let rows = (0..states.len()).map(|i| {
            std::iter::once(states[i].clone())
                .chain(transitions[i][..shown].iter().map(|&p| plain(p)))
                .chain([money(rewards[i]), money(self.values[i])])
                .collect()
        });
        let most = self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let best = self.values.iter().position(|&value| value == most).unwrap_or(0);
        let working = self
            .inputs
            .begin(lang.pick("Customer migration", "客户迁移（马尔可夫链）"), lang)
            .table(header, rows.collect());
        let working = self.first_state(working, lang);
        let (name, value, d) = (&states[best], money(most), plain(100.0 * discount_rate));
        working.text(match lang {
            Lang::En => format!(
                "The most valuable state is {name}: a customer there is worth {value} at {d} % a period."
            ),
            Lang::Zh => format!("价值最高的状态是 {name}：每期折现率 {d} % 时，处于该状态的客户值 {value}。"),
        })
    }

    /// V(1) = R(1) + Σ p V / (1 + d), in symbols and in numbers; in the finite case from the values of T − 1.
    fn first_state(&self, working: Working, lang: Lang) -> Working {
        let Migration { states, transitions, rewards, discount_rate, horizon, .. } = &self.inputs;
        let delay = self.inputs.delay();
        if *horizon == Some(0) {
            return working
                .text(lang.pick("With T = 0 only the first reward counts.", "T = 0 时只计首次收益。"));
        }
        let went: Vec<usize> = (0..states.len()).filter(|&j| transitions[0][j] > 0.0).collect();
        let sum = |mut terms: Vec<Expr>| if terms.len() == 1 { terms.remove(0) } else { Expr::sum(terms) };
        // Over a finite horizon a value follows from those with one period less to go.
        let value = |state: &str, step: &str| {
            Expr::name(if horizon.is_some() { format!("V({state}, {step})") } else { format!("V({state})") })
        };
        let symbols = went.iter().map(|&j| Expr::times([Expr::name("p"), value(&states[j], "T − 1")]));
        let numbers = went
            .iter()
            .map(|&j| Expr::times([figure(transitions[0][j]), amount(self.values_before[j] / delay)]));
        let growth = |d: Expr| super::one_plus(d);
        let working = working.equation([
            value(&states[0], "T"),
            Expr::sum([Expr::name("R"), Expr::fraction(sum(symbols.collect()), growth(Expr::name("d")))]),
            Expr::sum([
                amount(rewards[0]),
                Expr::fraction(sum(numbers.collect()), growth(figure(*discount_rate))),
            ]),
            amount(self.values[0] / delay),
        ]);
        if delay == 1.0 {
            return working;
        }
        working.equation([
            Expr::name(lang.pick("with the first reward delayed", "首次收益推迟后")),
            Expr::times([amount(self.values[0] / delay), figure(delay)]),
            amount(self.values[0]),
        ])
    }
}

impl Migration {
    /// Title, timing and formula.
    fn begin(&self, title: &str, lang: Lang) -> Working {
        let when = match self.first_payment {
            FirstPayment::Start => lang.pick("the reward of t = 0 comes at once", "t = 0 的收益立即取得"),
            FirstPayment::Middle => {
                lang.pick("the reward of t = 0 comes after half a period", "t = 0 的收益于半期后取得")
            }
            FirstPayment::End => {
                lang.pick("the reward of t = 0 comes after a period", "t = 0 的收益于一期后取得")
            }
        };
        let long = match (self.horizon, lang) {
            (None, Lang::En) => "for ever".into(),
            (None, Lang::Zh) => "永续".into(),
            (Some(horizon), _) => format!("t = 0 … T, T = {horizon}"),
        };
        let d = plain(100.0 * self.discount_rate);
        let fading = Expr::fraction(Expr::name("P"), super::one_plus(Expr::name("d")));
        let formula = match self.horizon {
            None => {
                let left = Expr::minus(Expr::name("I"), fading);
                Expr::times([Expr::power(left, Expr::number("−1")), Expr::name("R")])
            }
            Some(_) => {
                Expr::call("Σ", [Expr::times([Expr::power(fading, Expr::name("t")), Expr::name("R")])])
            }
        };
        Working::new(title)
            .text(match lang {
                Lang::En => format!("Rewards come {long}; {when}; d = {d} % a period."),
                Lang::Zh => format!("收益期间：{long}；{when}；每期折现率 d = {d} %。"),
            })
            .text(lang.pick(
                "P: transition probabilities; R: rewards; V: value of a customer in each state.",
                "P：转移概率矩阵；R：收益向量；V：各状态客户的价值。",
            ))
            .equation([Expr::name("V"), formula])
    }
}
