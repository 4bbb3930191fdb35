//! Rollback: one pass from the last node to the first.

use std::collections::HashMap;

use super::build::STRIDE;
use super::{Columns, Kind, Numbers, Tree, TreeAnswer};
use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::scalar::{Scalar, Sense};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// How a tree is solved.
///
/// | option | default |
/// |---|---|
/// | `sense` | [`Sense::Profit`]: more is better |
/// | `discount_rate` | none: times, if there are any, are not looked at |
/// | `floats` | false: exact if the tree (and the rate) is |
///
/// With a rate r a payoff at time t counts as payoff / (1 + r)ᵗ, its value at the start of the tree.
#[derive(Debug, Clone, Default)]
pub struct Solve {
    sense: Sense,
    discount_rate: Option<Number>,
    floats: bool,
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

    /// Solves in floats even where the tree is exact: faster, and without a limit to the length of fractions.
    #[must_use]
    pub fn floats(mut self, floats: bool) -> Self {
        self.floats = floats;
        self
    }

    /// Solves a tree.
    pub fn run(&self, tree: &Tree, watch: &dyn Watch) -> Result<TreeAnswer> {
        let rate = self.rate(tree)?;
        let exact = !self.floats && !matches!(rate, Some(Number::Float(_)));
        let solved = match &tree.0.numbers {
            Numbers::Exact(columns) if exact => {
                let rate = rate.as_ref().and_then(Exact::from_number);
                Solved::Exact(Rollback::run(tree, columns, self.sense, rate, watch)?)
            }
            numbers => {
                let rate = rate.as_ref().and_then(f64::from_number);
                let columns = numbers.to_floats();
                Solved::Float(Rollback::run(tree, &columns, self.sense, rate, watch)?)
            }
        };
        Ok(TreeAnswer {
            tree: tree.clone(),
            sense: self.sense,
            discount_rate: rate,
            floats: self.floats,
            solved,
        })
    }

    fn rate(&self, tree: &Tree) -> Result<Option<Number>> {
        let Some(rate) = &self.discount_rate else { return Ok(None) };
        let float = f64::from_number(rate).filter(|r| r.is_finite() && *r > -1.0);
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
}

impl Numbers {
    fn to_floats(&self) -> std::borrow::Cow<'_, Columns<f64>> {
        use std::borrow::Cow;
        match self {
            Self::Float(columns) => Cow::Borrowed(columns),
            Self::Exact(columns) => {
                let floats = |column: &[Exact]| column.iter().map(Exact::to_f64).collect();
                Cow::Owned(Columns {
                    probability: floats(&columns.probability),
                    payoff: floats(&columns.payoff),
                    value: floats(&columns.value),
                })
            }
        }
    }
}

/// The values of a solved tree, in the arithmetic in which it was solved.
#[derive(Debug, Clone)]
pub(super) enum Solved {
    Exact(Rollback<Exact>),
    Float(Rollback<f64>),
}

/// What rollback finds at each node.
#[derive(Debug, Clone)]
pub(super) struct Rollback<S> {
    /// The probability of the branch to the node.
    pub probability: Vec<S>,
    /// The present value of what the branch to the node pays.
    pub payoff: Vec<S>,
    /// What is still expected at the node.
    pub to_go: Vec<S>,
    /// What was received on the way to the node, and what is still expected there.
    pub cumulative: Vec<S>,
    /// Whether the branch to the node is one of the best of a decision.
    pub best: Vec<bool>,
}

impl<S: Scalar> Rollback<S> {
    fn run(
        tree: &Tree,
        columns: &Columns<S>,
        sense: Sense,
        rate: Option<S>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let n = tree.len();
        let mut payoff = columns.payoff.clone();
        let mut to_go = columns.value.clone();
        if let Some(rate) = rate {
            discount(tree, &rate, &mut payoff, &mut to_go)?;
        }
        let probability = columns.probability.clone();
        let mut best = vec![false; n];
        for node in (0..n).rev() {
            if node.is_multiple_of(STRIDE) {
                watch.check()?;
                watch.progress((n - node) as u64, n as u64);
            }
            let children = tree.children(node);
            let branch = |i: usize| payoff[i].add(&to_go[i]);
            let value = match tree.kind(node) {
                Kind::Leaf => continue,
                Kind::Chance => {
                    let mut sum = S::ZERO;
                    for i in children {
                        sum = sum.add(&probability[i].mul(&branch(i)));
                        sum.check()?;
                    }
                    sum
                }
                Kind::Decision => {
                    let mut top = branch(children.start);
                    for i in children.clone().skip(1) {
                        let value = branch(i);
                        if value.beats(&top, sense) {
                            top = value;
                        }
                    }
                    children.for_each(|i| best[i] = branch(i).ties(&top));
                    top
                }
            };
            value.check()?;
            to_go[node] = value;
        }
        let cumulative = cumulative(tree, &payoff, &to_go)?;
        Ok(Self { probability, payoff, to_go, cumulative, best })
    }
}

/// Replaces payoffs by their present values.
fn discount<S: Scalar>(tree: &Tree, rate: &S, payoff: &mut [S], value: &mut [S]) -> Result<()> {
    let mut factors: HashMap<u64, S> = HashMap::new();
    for node in 0..tree.len() {
        let time = tree.time(node);
        if time == 0.0 {
            continue;
        }
        let factor = match factors.get(&time.to_bits()) {
            Some(factor) => factor.clone(),
            None => factors.entry(time.to_bits()).or_insert(S::discount(rate, time)?).clone(),
        };
        for amount in [&mut payoff[node], &mut value[node]] {
            if !amount.is_zero() {
                *amount = amount.mul(&factor);
                amount.check()?;
            }
        }
    }
    Ok(())
}

fn cumulative<S: Scalar>(tree: &Tree, payoff: &[S], to_go: &[S]) -> Result<Vec<S>> {
    let mut received = payoff.to_vec();
    for node in 0..tree.len() {
        let so_far = received[node].clone();
        for i in tree.children(node) {
            received[i] = received[i].add(&so_far);
            received[i].check()?;
        }
    }
    received.iter_mut().zip(to_go).for_each(|(r, v)| *r = r.add(v));
    received.iter().try_for_each(Scalar::check)?;
    Ok(received)
}
