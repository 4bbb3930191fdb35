//! Decision trees (drawn from judgement): a flat, checked, immutable arena in breadth-first order.

mod answer;
mod build;
mod explain;
mod node;
mod solve;
mod stored;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use answer::{Outcome, PolicyStep, TreeAnswer};
pub use build::{MAX_NODES, NodeRow};
pub use node::{Node, chance, decide, pay};
pub use solve::Solve;
pub(super) use stored::{check_format, known_version};

use super::exact::Exact;
use super::number::Number;
use super::scalar::Scalar;
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

/// A decision tree, checked and immutable; clones share it.
///
/// Nodes are numbered breadth-first from the root, which is 0; a node's children follow one another in the
/// order in which they were given. With each node goes the branch that leads to it.
///
/// A node takes 41 bytes in floats and 89 in fractions that fit machine words, besides the distinct texts. As with
/// slices, a node number that is not below [`Tree::len`] panics.
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
    numbers: Numbers,
}

/// The numbers of a tree: exact if all that were given are.
#[derive(Debug)]
enum Numbers {
    Exact(Columns<Exact>),
    Float(Columns<f64>),
}

/// A number a node.
#[derive(Debug, Clone)]
struct Columns<S> {
    /// Of the branch to the node, where chance leads there; nought elsewhere.
    probability: Vec<S>,
    /// Received on the branch to the node.
    payoff: Vec<S>,
    /// Received at the leaf; nought elsewhere.
    value: Vec<S>,
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
        chance.then(|| match &self.0.numbers {
            Numbers::Exact(c) => c.probability[node].number(),
            Numbers::Float(c) => c.probability[node].number(),
        })
    }

    /// What is received on the branch to the node.
    pub fn payoff(&self, node: usize) -> Number {
        match &self.0.numbers {
            Numbers::Exact(c) => c.payoff[node].number(),
            Numbers::Float(c) => c.payoff[node].number(),
        }
    }

    /// What is received at the leaf; nought elsewhere.
    pub fn value(&self, node: usize) -> Number {
        match &self.0.numbers {
            Numbers::Exact(c) => c.value[node].number(),
            Numbers::Float(c) => c.value[node].number(),
        }
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
