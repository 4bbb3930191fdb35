//! A node of a tree as a row of a flat table.

use super::{Kind, words_of_path};
use crate::decision::number::Number;

/// A node and the branch that leads to it, as a row of a flat table: the columnar way to build a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeRow {
    /// The row of the node above; `None` for the root, of which there is one.
    pub parent: Option<usize>,
    /// What happens at the node.
    pub kind: Kind,
    /// The node's own name; may be empty.
    pub name: Box<str>,
    /// The label of the branch.
    pub label: Box<str>,
    /// The probability of the branch: needed below a chance node, impossible elsewhere.
    pub probability: Option<Number>,
    /// What is received on the branch; nothing if absent.
    pub payoff: Option<Number>,
    /// What is received at the leaf; nothing if absent.
    pub value: Option<Number>,
    /// Periods from the start to the branch; that of the branch before it if absent.
    pub time: Option<f64>,
    /// What is received of further measures, each at most once.
    pub further: Vec<Further>,
}

/// What a branch, and the leaf at its end, bring of a further measure: hours, tons, places.
#[derive(Debug, Clone, PartialEq)]
pub struct Further {
    /// The name of the measure.
    pub measure: Box<str>,
    /// What is received on the branch; nothing if absent.
    pub payoff: Option<Number>,
    /// What is received at the leaf; nothing if absent.
    pub value: Option<Number>,
}

impl NodeRow {
    /// A row of a kind, without anything else.
    pub fn new(kind: Kind) -> Self {
        Self {
            parent: None,
            kind,
            name: "".into(),
            label: "".into(),
            probability: None,
            payoff: None,
            value: None,
            time: None,
            further: Vec::new(),
        }
    }

    /// What the row has of a further measure, which is made where there is none yet.
    pub(super) fn further_mut(&mut self, measure: Box<str>) -> &mut Further {
        let at = self.further.iter().position(|f| f.measure == measure).unwrap_or_else(|| {
            self.further.push(Further { measure, payoff: None, value: None });
            self.further.len() - 1
        });
        &mut self.further[at]
    }

    /// The way to a row in words, for errors about rows that are no tree yet; of a long way the last steps.
    pub fn path(rows: &[Self], row: usize) -> String {
        let step = |i: usize| {
            let row = &rows[i];
            if row.parent.is_none() { &*row.name } else { &*row.label }
        };
        words_of_path(row, step, |i| rows[i].parent)
    }
}
