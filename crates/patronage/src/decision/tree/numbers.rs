//! The numbers of a tree, column by column.

use std::sync::Arc;

use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::scalar::Scalar;

/// Exact if all numbers that were given are; shared with the answers.
#[derive(Debug, Clone)]
pub(super) enum Numbers {
    Exact(Arc<Columns<Exact>>),
    Float(Arc<Columns<f64>>),
}

/// A number a node.
#[derive(Debug, Clone)]
pub(super) struct Columns<S> {
    /// Of the branch to the node, where chance leads there; nought elsewhere.
    pub probability: Arc<Vec<S>>,
    /// What is received, a measure each.
    pub amounts: Vec<Amounts<S>>,
}

/// What is received of one measure.
#[derive(Debug, Clone)]
pub(super) struct Amounts<S> {
    /// On the branch to the node; empty if nothing is.
    pub payoff: Vec<S>,
    /// At the leaf, nought elsewhere; empty if nothing is.
    pub value: Vec<S>,
}

/// A number of a column; nought in an empty one.
pub(super) fn at<S: Scalar>(column: &[S], node: usize) -> S {
    column.get(node).cloned().unwrap_or(S::ZERO)
}

/// A column that holds nothing but noughts takes no room.
pub(super) fn or_empty<S: Scalar>(column: Vec<S>) -> Vec<S> {
    if column.iter().all(Scalar::is_zero) { Vec::new() } else { column }
}

macro_rules! either {
    ($numbers:expr, $columns:ident => $body:expr) => {
        match $numbers {
            Numbers::Exact($columns) => $body,
            Numbers::Float($columns) => $body,
        }
    };
}

impl Numbers {
    pub fn probability(&self, node: usize) -> Number {
        either!(self, c => c.probability[node].number())
    }

    pub fn payoff(&self, measure: usize, node: usize) -> Number {
        either!(self, c => at(&c.amounts[measure].payoff, node).number())
    }

    pub fn value(&self, measure: usize, node: usize) -> Number {
        either!(self, c => at(&c.amounts[measure].value, node).number())
    }

    pub fn bytes(&self) -> usize {
        fn bytes<S>(columns: &Columns<S>) -> usize {
            let amounts = columns.amounts.iter().map(|a| a.payoff.len() + a.value.len());
            size_of::<S>() * (columns.probability.len() + amounts.sum::<usize>())
        }
        either!(self, c => bytes(c))
    }

    /// The same numbers in floats.
    pub fn to_floats(&self) -> Arc<Columns<f64>> {
        match self {
            Self::Float(columns) => Arc::clone(columns),
            Self::Exact(columns) => {
                let floats = |column: &[Exact]| column.iter().map(Exact::to_f64).collect::<Vec<f64>>();
                let amounts = columns.amounts.iter();
                Arc::new(Columns {
                    probability: Arc::new(floats(&columns.probability)),
                    amounts: amounts
                        .map(|a| Amounts { payoff: floats(&a.payoff), value: floats(&a.value) })
                        .collect(),
                })
            }
        }
    }
}
