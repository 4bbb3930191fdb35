//! Trees taken apart and put together again with other probabilities; tables as trees.

use super::event::Event;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Scalar;
use crate::decision::table::DecisionTable;
use crate::decision::tree::{Node, NodeRow, Tree, chance, decide, pay};
use crate::error::{Error, Result};

/// The rows of a tree in which an event has other probabilities.
pub(super) fn reweighted<S: Scalar>(tree: &Tree, event: &Event, probabilities: &[S]) -> Vec<NodeRow> {
    let mut rows = tree.rows();
    for &node in &event.nodes {
        for child in tree.children(node) {
            let outcome = event.labels.iter().position(|label| label == tree.label(child));
            rows[child].probability = outcome.map(|k| probabilities[k].number());
        }
    }
    rows
}

impl DecisionTable {
    /// The table as a tree: a decision between alternatives, each before the same event. An alternative that
    /// brings the same in all states ends at once.
    pub fn tree(&self) -> Result<Tree> {
        let Some(p) = self.probabilities() else {
            return Err(Error::InvalidTree {
                node: "the decision table".into(),
                problem: "its states have no probabilities".into(),
                mend: "give each state a probability, \"#\" for the rest".into(),
            });
        };
        let states = self.states();
        let cell = |i, j| self.payoff(i, j).clone();
        let is_sure = |i: usize| (1..states.len()).all(|j| cell(i, j) == cell(i, 0));
        let all_sure = (0..self.alternatives().len()).all(is_sure);
        let row = |i: usize| -> Node {
            if is_sure(i) && !all_sure {
                return pay(cell(i, 0));
            }
            chance((0..states.len()).map(|j| (states[j].as_str(), p[j].clone(), pay(cell(i, j)))))
        };
        let names = self.alternatives().iter().enumerate();
        decide("", names.map(|(i, name)| (name.as_str(), row(i)))).build()
    }
}

/// A number of an answer in the arithmetic of a calculation.
pub(super) fn scalar<S: Scalar>(value: &Value) -> S {
    S::from_number(&Number::from(value.clone())).unwrap_or(S::ZERO)
}
