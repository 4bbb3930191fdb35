//! How a tree is solved: which numbers, at which rate, in which arithmetic.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attitude::Attitude;
use super::numbers::{Amounts, Columns, Numbers, at, or_empty};
use super::rollback::Rollback;
use super::{PAYOFF, Tree, TreeAnswer, Utility};
use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::scalar::{Scalar, Sense};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// How interest is added to interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compounding {
    /// Once a period: a payoff at time t counts as payoff / (1 + r)ᵗ.
    #[default]
    Period,
    /// At every moment: a payoff at time t counts as payoff · e^(−r t). In floats.
    Continuous,
}

/// How a tree is solved.
///
/// | option | default |
/// |---|---|
/// | `sense` | [`Sense::Profit`]: more is better |
/// | `discount_rate` | none: times, if there are any, are not looked at |
/// | `compounding` | [`Compounding::Period`] |
/// | `by` | [`PAYOFF`]; the other measures are carried along |
/// | `utility` | none: decides by expected value |
/// | `floats` | false: exact if the tree, the rate, the weights and the utility are |
///
/// A discounted payoff is its value at the start of the tree. The rate discounts the measures that the decision is
/// made by; the others (hours, tons) are what they are.
#[derive(Debug, Clone, Default)]
pub struct Solve {
    pub(in crate::decision) sense: Sense,
    pub(in crate::decision) discount_rate: Option<Number>,
    pub(in crate::decision) compounding: Compounding,
    pub(in crate::decision) by: Vec<(Box<str>, Number)>,
    pub(in crate::decision) utility: Option<Utility>,
    pub(in crate::decision) floats: bool,
}

impl Solve {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether more or less is better.
    #[must_use]
    pub fn sense(mut self, sense: Sense) -> Self {
        self.sense = sense;
        self
    }

    /// Discounts by a rate a period, `".11"` or 0.11 for 11 %; more than −1.
    #[must_use]
    pub fn discount_rate(mut self, rate: impl Into<Number>) -> Self {
        self.discount_rate = Some(rate.into());
        self
    }

    /// How interest is added to interest.
    #[must_use]
    pub fn compounding(mut self, compounding: Compounding) -> Self {
        self.compounding = compounding;
        self
    }

    /// Decides by one measure instead of by [`PAYOFF`].
    #[must_use]
    pub fn by(self, measure: impl Into<Box<str>>) -> Self {
        self.by_sum([(measure, Number::from(1))])
    }

    /// Decides by a weighted sum of measures: what one unit of each is worth.
    ///
    /// ```
    /// use patronage::decision::{Solve, decide, pay};
    /// let jobs = decide("", [("large", pay(100).and("hours", 8)), ("small", pay(70).and("hours", 2))]).build()?;
    /// let watch = &patronage::watch::Unwatched;
    /// let answer = Solve::new().by_sum([("payoff", 1), ("hours", -6)]).run(&jobs, watch)?;
    /// assert_eq!((answer.emv().to_string(), answer.choice()), ("58".into(), vec!["small"]));
    /// assert_eq!(answer.measure("hours")?.cumulative[0].to_string(), "2");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    #[must_use]
    pub fn by_sum<M: Into<Box<str>>, W: Into<Number>>(
        mut self,
        weights: impl IntoIterator<Item = (M, W)>,
    ) -> Self {
        self.by = weights.into_iter().map(|(measure, weight)| (measure.into(), weight.into())).collect();
        self
    }

    /// Decides by expected utility instead of by expected value.
    #[must_use]
    pub fn utility(mut self, utility: Utility) -> Self {
        self.utility = Some(utility);
        self
    }

    /// Solves in floats even where the tree is exact: faster, and without a limit to the length of fractions.
    #[must_use]
    pub fn floats(mut self, floats: bool) -> Self {
        self.floats = floats;
        self
    }

    /// Solves a tree.
    pub fn run(&self, tree: &Tree, watch: &dyn Watch) -> Result<TreeAnswer> {
        let rate = self.rate(tree)?;
        let weights = self.weights(tree)?;
        let is_float = |number: &Number| matches!(number, Number::Float(_));
        let floats = self.floats
            || rate.as_ref().is_some_and(|r| is_float(r) || self.compounding == Compounding::Continuous)
            || weights.iter().any(|(_, weight)| is_float(weight))
            || self.utility.as_ref().is_some_and(|utility| !utility.is_exact());
        let solved = match &tree.0.numbers {
            Numbers::Exact(columns) if !floats => {
                Solved::Exact(self.rollback(tree, columns, &weights, rate.as_ref(), watch)?)
            }
            numbers => {
                Solved::Float(self.rollback(tree, &numbers.to_floats(), &weights, rate.as_ref(), watch)?)
            }
        };
        Ok(TreeAnswer {
            tree: tree.clone(),
            sense: self.sense,
            discount_rate: rate,
            compounding: self.compounding,
            by: self.by.clone(),
            utility: self.utility.clone(),
            floats: self.floats,
            solved,
        })
    }

    fn rollback<S: Scalar>(
        &self,
        tree: &Tree,
        columns: &Arc<Columns<S>>,
        weights: &[(usize, Number)],
        rate: Option<&Number>,
        watch: &dyn Watch,
    ) -> Result<Rollback<S>> {
        let attitude = self.utility.as_ref().map(|utility| Attitude::new(utility, self.sense)).transpose()?;
        let attitude = attitude.as_ref();
        match weights {
            // Nothing to work out: the tree's own numbers are shared.
            [(measure, weight)] if rate.is_none() && *weight == Number::from(1) => {
                Rollback::run(tree, Arc::clone(columns), *measure, self.sense, attitude, watch)
            }
            _ => {
                let mut amounts = weighted(&columns.amounts, weights, tree.len())?;
                if let Some(rate) = rate {
                    self.discount(tree, rate, &mut amounts)?;
                }
                let probability = Arc::clone(&columns.probability);
                let columns = Arc::new(Columns { probability, amounts: vec![amounts] });
                Rollback::run(tree, columns, 0, self.sense, attitude, watch)
            }
        }
    }

    pub(in crate::decision) fn rate(&self, tree: &Tree) -> Result<Option<Number>> {
        let Some(rate) = &self.discount_rate else { return Ok(None) };
        let continuous = self.compounding == Compounding::Continuous;
        let float = f64::from_number(rate).filter(|r| r.is_finite() && (*r > -1.0 || continuous));
        if float.is_none() {
            return Err(Error::parameter(
                "discount_rate",
                rate,
                "a number above -1, such as \".11\" for 11 %",
            ));
        }
        if !tree.is_timed() {
            let expected = "no rate for a tree without times; give the branches their times";
            return Err(Error::parameter("discount_rate", float.unwrap_or_default(), expected));
        }
        Ok(Some(rate.clone()))
    }

    /// The places of the measures that are decided by, and their weights.
    pub(in crate::decision) fn weights(&self, tree: &Tree) -> Result<Vec<(usize, Number)>> {
        if self.by.is_empty() {
            return Ok(vec![(0, 1.into())]);
        }
        let mut weights: Vec<(usize, Number)> = Vec::new();
        for (name, weight) in &self.by {
            let place = place_of(tree, name)?;
            if weights.iter().any(|(known, _)| *known == place) {
                return Err(Error::parameter("by", format!("'{name}' twice"), "each measure once"));
            }
            if !f64::from_number(weight).is_some_and(f64::is_finite) {
                return Err(Error::parameter("by", format!("{name}: {weight}"), "a number as the weight"));
            }
            weights.push((place, weight.clone()));
        }
        Ok(weights)
    }

    /// Replaces amounts by their present values.
    fn discount<S: Scalar>(&self, tree: &Tree, rate: &Number, amounts: &mut Amounts<S>) -> Result<()> {
        let exact_rate = S::from_number(rate);
        let mut factors: HashMap<u64, S> = HashMap::new();
        for node in 0..tree.len() {
            let time = tree.time(node);
            if time == 0.0 {
                continue;
            }
            let factor = match (factors.get(&time.to_bits()), &exact_rate, self.compounding) {
                (Some(factor), ..) => factor.clone(),
                (None, Some(rate), Compounding::Period) => S::discount(rate, time)?,
                (None, rate, _) => {
                    let rate = rate.as_ref().map_or(0.0, |rate| rate.value().float);
                    S::from_number(&Number::Float((-rate * time).exp())).unwrap_or(S::ONE)
                }
            };
            factors.entry(time.to_bits()).or_insert_with(|| factor.clone());
            for amount in [&mut amounts.payoff, &mut amounts.value] {
                if let Some(amount) = amount.get_mut(node).filter(|amount| !amount.is_zero()) {
                    *amount = amount.mul(&factor);
                    amount.check()?;
                }
            }
        }
        Ok(())
    }
}

/// The place of a measure among those of a tree.
pub(super) fn place_of(tree: &Tree, name: &str) -> Result<usize> {
    let names = tree.measures();
    names.iter().position(|known| **known == *name).ok_or_else(|| Error::UnknownName {
        what: "the measure".into(),
        name: name.chars().take(60).collect(),
        mend: format!("the measures are: {}; those without a name are '{PAYOFF}'", names.join(", ")),
    })
}

/// The weighted sum of measures.
fn weighted<S: Scalar>(
    amounts: &[Amounts<S>],
    weights: &[(usize, Number)],
    nodes: usize,
) -> Result<Amounts<S>> {
    let sum = |column: fn(&Amounts<S>) -> &[S]| -> Result<Vec<S>> {
        let mut sums = vec![S::ZERO; nodes];
        for (measure, weight) in weights {
            let (weight, column) = (S::from_number(weight).unwrap_or(S::ZERO), column(&amounts[*measure]));
            if column.is_empty() {
                continue;
            }
            for (node, sum) in sums.iter_mut().enumerate() {
                *sum = sum.add(&at(column, node).mul(&weight));
                sum.check()?;
            }
        }
        Ok(or_empty(sums))
    };
    Ok(Amounts { payoff: sum(|a| &a.payoff)?, value: sum(|a| &a.value)? })
}

/// The values of a solved tree, in the arithmetic in which it was solved.
#[derive(Debug, Clone)]
pub(super) enum Solved {
    Exact(Rollback<Exact>),
    Float(Rollback<f64>),
}
