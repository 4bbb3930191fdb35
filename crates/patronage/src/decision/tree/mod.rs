//! Decision trees (drawn from judgement): a flat, checked, immutable arena in breadth-first order.

mod answer;
mod attitude;
mod build;
mod columns;
mod dominance;
mod explain;
mod explain_risk;
mod fill;
mod measures;
mod node;
mod numbers;
mod profile;
mod rollback;
mod row;
mod solve;
mod source;
mod stored;
mod strategies;
mod tolerance;
mod utility;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use answer::{PolicyStep, TreeAnswer};
pub use build::MAX_NODES;
pub use columns::{NumberColumn, TreeColumns};
pub use dominance::{Dominance, DominancePair};
pub use measures::Measure;
pub use node::{Node, chance, decide, pay};
pub use profile::{Outcome, RiskProfile};
pub use row::{Further, NodeRow};
pub use solve::{Compounding, Solve};
pub(super) use stored::{StoredNode, check_format, known_version, nodes};
pub use strategies::{Strategy, StrategyChoice};
pub use tolerance::ToleranceRegion;
pub use utility::Utility;

use numbers::Numbers;

use super::number::Number;
use crate::error::Result;

/// What happens at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// □ The decision maker chooses a branch.
    Decision,
    /// ○ Chance chooses a branch, with the probability written on it.
    Chance,
    /// △ Nothing more happens.
    Leaf,
}

/// The measure of payoffs that have no name of their own.
pub const PAYOFF: &str = "payoff";

/// A decision tree, checked and immutable; clones share it.
///
/// Nodes are numbered breadth-first from the root, which is 0; a node's children follow one another in the
/// order in which they were given. With each node goes the branch that leads to it.
///
/// A node takes 17 bytes besides the distinct texts, and for each of probability, payoff, leaf value and time that
/// the tree has at all 8 in floats, 24 in fractions that fit machine words. As with slices, a node number that is
/// not below [`Tree::len`] panics.
#[derive(Debug, Clone)]
pub struct Tree(Arc<Arena>);

#[derive(Debug)]
struct Arena {
    kind: Vec<Kind>,
    parent: Vec<u32>,
    /// Where each node's children begin; the next node's beginning is their end.
    first_child: Vec<u32>,
    /// The texts of nodes and branches, each once.
    texts: Vec<Box<str>>,
    name: Vec<u32>,
    label: Vec<u32>,
    /// Periods from the start to the branch; empty where no branch has a time.
    time: Vec<f64>,
    /// The names of the measures; the first is [`PAYOFF`].
    measures: Vec<Box<str>>,
    numbers: Numbers,
}

impl Tree {
    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.0.kind.len()
    }

    /// Never: a tree has a root.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Whether all numbers are fractions.
    pub fn is_exact(&self) -> bool {
        matches!(self.0.numbers, Numbers::Exact(_))
    }

    /// Whether some branch has a time.
    pub fn is_timed(&self) -> bool {
        !self.0.time.is_empty()
    }

    /// What happens at a node.
    pub fn kind(&self, node: usize) -> Kind {
        self.0.kind[node]
    }

    /// The node above; `None` for the root.
    pub fn parent(&self, node: usize) -> Option<usize> {
        (node > 0).then(|| self.0.parent[node] as usize)
    }

    /// The nodes below.
    pub fn children(&self, node: usize) -> Range<usize> {
        self.0.first_child[node] as usize..self.0.first_child[node + 1] as usize
    }

    /// The node's own name; may be empty.
    pub fn name(&self, node: usize) -> &str {
        &self.0.texts[self.0.name[node] as usize]
    }

    /// The label of the branch to the node; empty for the root.
    pub fn label(&self, node: usize) -> &str {
        &self.0.texts[self.0.label[node] as usize]
    }

    /// The probability of the branch to the node; `None` where chance does not lead there.
    pub fn probability(&self, node: usize) -> Option<Number> {
        let chance = self.parent(node).is_some_and(|parent| self.kind(parent) == Kind::Chance);
        chance.then(|| self.0.numbers.probability(node))
    }

    /// What is received on the branch to the node.
    pub fn payoff(&self, node: usize) -> Number {
        self.payoff_in(0, node)
    }

    /// What is received at the leaf; nought elsewhere.
    pub fn value(&self, node: usize) -> Number {
        self.value_in(0, node)
    }

    /// The names of what is received: [`PAYOFF`] and the further measures, in the order of their first use.
    pub fn measures(&self) -> &[Box<str>] {
        &self.0.measures
    }

    /// What is received of a measure, by its place in [`Tree::measures`], on the branch to the node.
    pub fn payoff_in(&self, measure: usize, node: usize) -> Number {
        self.0.numbers.payoff(measure, node)
    }

    /// What is received of a measure at the leaf; nought elsewhere.
    pub fn value_in(&self, measure: usize, node: usize) -> Number {
        self.0.numbers.value(measure, node)
    }

    /// The rows it can be built from.
    pub fn rows(&self) -> Vec<NodeRow> {
        let further = |i: usize| {
            let of = |m: usize| Further {
                measure: self.measures()[m].clone(),
                payoff: Some(self.payoff_in(m, i)),
                value: (self.kind(i) == Kind::Leaf).then(|| self.value_in(m, i)),
            };
            (1..self.measures().len()).map(of).collect()
        };
        let row = |i: usize| NodeRow {
            parent: self.parent(i),
            kind: self.kind(i),
            name: self.name(i).into(),
            label: self.label(i).into(),
            probability: self.probability(i),
            payoff: Some(self.payoff(i)),
            value: (self.kind(i) == Kind::Leaf).then(|| self.value(i)),
            time: self.is_timed().then(|| self.time(i)),
            further: further(i),
        };
        (0..self.len()).map(row).collect()
    }

    /// The memory of the tree's arrays, in bytes, without what long fractions and texts take elsewhere.
    pub fn bytes(&self) -> usize {
        let a = &self.0;
        a.kind.len()
            + 4 * (a.parent.len() + a.first_child.len() + a.name.len() + a.label.len())
            + 8 * a.time.len()
            + a.numbers.bytes()
    }

    /// Periods from the start to the branch; 0 where none was given.
    pub fn time(&self, node: usize) -> f64 {
        self.0.time.get(node).copied().unwrap_or(0.0)
    }

    /// The way to a node in words; of a long way the last steps.
    pub fn path(&self, node: usize) -> String {
        let step = |i| if i == 0 { self.name(0) } else { self.label(i) };
        words_of_path(node, step, |i| self.parent(i))
    }

    /// Solves for the highest expected profit, without discounting; see [`Solve`] for the options.
    pub fn solve(&self) -> Result<TreeAnswer> {
        Solve::new().run(self, &crate::watch::Unwatched)
    }
}

/// Steps of a path that are written out.
const PATH_STEPS: usize = 8;

/// The way to a node in words, for a tree that may not be checked yet (even in a circle this ends).
fn words_of_path<'a>(
    node: usize,
    step: impl Fn(usize) -> &'a str,
    parent: impl Fn(usize) -> Option<usize>,
) -> String {
    let mut words = VecDeque::new();
    let mut at = Some(node);
    while let Some(i) = at {
        if words.len() == PATH_STEPS {
            words.push_front("…");
            break;
        }
        let word = step(i);
        words.push_front(match (word, parent(i)) {
            ("", None) => "root",
            ("", Some(_)) => "(no label)",
            _ => word,
        });
        at = parent(i);
    }
    words.make_contiguous().join(" → ")
}
