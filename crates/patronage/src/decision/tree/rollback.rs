//! Rollback: one pass from the last node to the first.

use std::sync::{Arc, OnceLock};

use super::attitude::Attitude;
use super::build::STRIDE;
use super::numbers::{Amounts, Columns, at};
use super::{Kind, Tree};
use crate::decision::scalar::{Scalar, Sense};
use crate::error::Result;
use crate::watch::Watch;

/// What rollback finds at each node.
#[derive(Debug, Clone)]
pub(super) struct Rollback<S> {
    /// Probabilities, and present values of what is received.
    pub columns: Arc<Columns<S>>,
    /// Which of the amounts of the columns is decided on.
    pub measure: usize,
    /// What is still expected at the node.
    pub to_go: Vec<S>,
    /// Whether the branch to the node is one of the best of a decision.
    pub best: Vec<bool>,
    /// The certainty equivalent of the node, with what was received on the way; empty without a utility.
    pub certain: Vec<S>,
    /// What was received on the way to the node, its own branch included, once somebody asks.
    received: OnceLock<Vec<S>>,
}

impl<S: Scalar> Rollback<S> {
    pub fn run(
        tree: &Tree,
        columns: Arc<Columns<S>>,
        measure: usize,
        sense: Sense,
        attitude: Option<&Attitude<S>>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let n = tree.len();
        let Amounts { payoff, value } = &columns.amounts[measure];
        let to_go = if value.is_empty() { vec![S::ZERO; n] } else { value.clone() };
        let received = OnceLock::new();
        let far =
            payoff.iter().any(|x| !x.is_tame()) || (!payoff.is_empty() && !value.iter().all(S::is_tame));
        if far || attitude.is_some() {
            let _ = received.set(sums_on_the_way(tree, payoff)?);
        }
        let (best, certain) = (vec![false; n], Vec::new());
        let mut rollback = Self { columns: Arc::clone(&columns), measure, to_go, best, certain, received };
        match attitude {
            None => rollback.by_expectation(tree, sense, watch)?,
            Some(attitude) => rollback.by_utility(tree, sense, attitude, watch)?,
        }
        if far {
            (0..n).try_for_each(|node| rollback.cumulative(tree, node).check())?;
        }
        Ok(rollback)
    }

    fn by_expectation(&mut self, tree: &Tree, sense: Sense, watch: &dyn Watch) -> Result<()> {
        let columns = Arc::clone(&self.columns);
        let (probability, payoff) = (&columns.probability, &columns.amounts[self.measure].payoff);
        let arena = &tree.0;
        let n = tree.len();
        for node in (0..n).rev() {
            if node.is_multiple_of(STRIDE) {
                watch.check()?;
                watch.progress((n - node) as u64, n as u64);
            }
            if arena.kind[node] == Kind::Leaf {
                continue;
            }
            let children = tree.children(node);
            let paid = if payoff.is_empty() { &[][..] } else { &payoff[children.clone()] };
            let below = &self.to_go[children.clone()];
            let value = if arena.kind[node] == Kind::Chance {
                S::expectation(&probability[children], paid, below)?
            } else {
                let worth = |k: usize| match paid.get(k) {
                    Some(paid) => paid.add(&below[k]),
                    None => below[k].clone(),
                };
                let top = (1..below.len()).fold(worth(0), |top, k| top.better(worth(k), sense));
                let best = self.best[children].iter_mut().enumerate();
                best.for_each(|(k, best)| *best = worth(k).ties(&top));
                top
            };
            value.check()?;
            self.to_go[node] = value;
        }
        Ok(())
    }

    /// Decides by certainty equivalents; what is to go is the expectation of what is decided, where alternatives
    /// tie of the first.
    fn by_utility(
        &mut self,
        tree: &Tree,
        sense: Sense,
        attitude: &Attitude<S>,
        watch: &dyn Watch,
    ) -> Result<()> {
        let columns = Arc::clone(&self.columns);
        let (probability, payoff) = (&columns.probability, &columns.amounts[self.measure].payoff);
        let n = tree.len();
        self.certain = vec![S::ZERO; n];
        for node in (0..n).rev() {
            if node.is_multiple_of(STRIDE) {
                watch.check()?;
                watch.progress((n - node) as u64, n as u64);
            }
            let children = tree.children(node);
            match tree.kind(node) {
                Kind::Leaf => {
                    let amount = self.cumulative(tree, node);
                    attitude.check(&amount, || tree.path(node))?;
                    self.certain[node] = amount;
                    continue;
                }
                Kind::Chance => {
                    let paid = if payoff.is_empty() { &[][..] } else { &payoff[children.clone()] };
                    let p = &probability[children.clone()];
                    self.to_go[node] = S::expectation(p, paid, &self.to_go[children.clone()])?;
                    self.certain[node] = attitude.certainty_equivalent(p, &self.certain[children])?;
                }
                Kind::Decision => {
                    let mut first = children.start;
                    for i in children.clone() {
                        if self.certain[i].beats(&self.certain[first], sense) {
                            first = i;
                        }
                    }
                    let top = self.certain[first].clone();
                    children.clone().for_each(|i| self.best[i] = self.certain[i].ties(&top));
                    let first = children.into_iter().find(|&i| self.best[i]).unwrap_or(first);
                    self.to_go[node] = at(payoff, first).add(&self.to_go[first]);
                    self.certain[node] = top;
                }
            }
            self.to_go[node].check()?;
            self.certain[node].check()?;
        }
        Ok(())
    }

    pub fn payoff(&self, node: usize) -> S {
        at(&self.columns.amounts[self.measure].payoff, node)
    }

    /// What was received on the way to a node, and what is still expected there.
    pub fn cumulative(&self, tree: &Tree, node: usize) -> S {
        let payoff = &self.columns.amounts[self.measure].payoff;
        if payoff.is_empty() {
            return self.to_go[node].clone();
        }
        // The value of the whole tree, which everybody asks for, needs no pass over it.
        if node == 0 {
            return payoff[0].add(&self.to_go[0]);
        }
        // The sums were checked by `run`, or are tame.
        let received = self.received.get_or_init(|| sums_on_the_way(tree, payoff).unwrap_or_default());
        received[node].add(&self.to_go[node])
    }

    /// Of a decision, the branch that is followed: the first of the best.
    pub fn followed(&self, tree: &Tree, node: usize) -> Option<usize> {
        tree.children(node).find(|&i| self.best[i])
    }
}

/// For each node the sum of what the branches to it bring; empty if none brings anything.
pub(super) fn sums_on_the_way<S: Scalar>(tree: &Tree, payoff: &[S]) -> Result<Vec<S>> {
    let mut received = payoff.to_vec();
    if payoff.is_empty() {
        return Ok(received);
    }
    for node in 0..tree.len() {
        let children = tree.children(node);
        if children.is_empty() {
            continue;
        }
        let so_far = received[node].clone();
        for sum in &mut received[children] {
            *sum = sum.add(&so_far);
            sum.check()?;
        }
    }
    Ok(received)
}
