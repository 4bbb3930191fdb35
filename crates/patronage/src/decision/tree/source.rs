//! What a tree is built from.

use std::borrow::Cow;

use super::row::{Further, NodeRow};
use super::{Kind, PAYOFF};
use crate::decision::number::Number;
use crate::error::{Error, Result};

/// A column of numbers.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum What {
    Probability,
    /// Of a measure, on the branch.
    Payoff(usize),
    /// Of a measure, at the leaf.
    Value(usize),
}

/// What a tree is built from: rows with a parent each, in any order.
pub(super) trait Source {
    fn len(&self) -> usize;
    fn parent(&self, row: usize) -> Option<usize>;
    fn kind(&self, row: usize) -> Kind;
    fn name(&self, row: usize) -> &str;
    fn label(&self, row: usize) -> &str;
    fn is_named(&self) -> bool;
    /// If not, branches are labelled by their places: 1, 2, 3.
    fn is_labelled(&self) -> bool;
    fn is_timed(&self) -> bool;
    fn time(&self, row: usize) -> Option<f64>;
    /// The measures, [`PAYOFF`] first.
    fn measures(&self) -> Result<Vec<Box<str>>>;
    /// Whether any row may have a number of this kind.
    fn has(&self, what: What) -> bool;
    fn number(&self, what: What, row: usize) -> Option<Cow<'_, Number>>;
    /// A column that is all floats, with NaN where there is none: read without a detour.
    fn floats(&self, what: What) -> Option<&[f64]>;
}

/// Rows that own what they hold.
pub(super) struct Rows {
    rows: Vec<NodeRow>,
    measures: Vec<Box<str>>,
}

impl Rows {
    pub fn new(rows: Vec<NodeRow>) -> Self {
        let mut measures: Vec<Box<str>> = vec![PAYOFF.into()];
        for further in rows.iter().flat_map(|row| &row.further) {
            if !measures.contains(&further.measure) {
                measures.push(further.measure.clone());
            }
        }
        Self { rows, measures }
    }
}

impl Source for Rows {
    fn len(&self) -> usize {
        self.rows.len()
    }
    fn parent(&self, row: usize) -> Option<usize> {
        self.rows[row].parent
    }
    fn kind(&self, row: usize) -> Kind {
        self.rows[row].kind
    }
    fn name(&self, row: usize) -> &str {
        &self.rows[row].name
    }
    fn label(&self, row: usize) -> &str {
        &self.rows[row].label
    }
    fn is_named(&self) -> bool {
        true
    }
    fn is_labelled(&self) -> bool {
        true
    }
    fn is_timed(&self) -> bool {
        self.rows.iter().any(|row| row.time.is_some())
    }
    fn time(&self, row: usize) -> Option<f64> {
        self.rows[row].time
    }
    fn measures(&self) -> Result<Vec<Box<str>>> {
        if self.measures.len() > MAX_MEASURES {
            return Err(too_many_measures());
        }
        for (i, row) in self.rows.iter().enumerate() {
            for (k, further) in row.further.iter().enumerate() {
                let known = |f: &Further| f.measure == further.measure;
                if &*further.measure == PAYOFF
                    || further.measure.is_empty()
                    || row.further[..k].iter().any(known)
                {
                    let node = format!("node '{}'", NodeRow::path(&self.rows, i));
                    return Err(wrong_measure(node, &further.measure));
                }
            }
        }
        Ok(self.measures.clone())
    }
    fn has(&self, _: What) -> bool {
        true
    }
    fn number(&self, what: What, row: usize) -> Option<Cow<'_, Number>> {
        let row = &self.rows[row];
        let further = |m: usize| row.further.iter().find(|f| f.measure == self.measures[m]);
        match what {
            What::Probability => row.probability.as_ref(),
            What::Payoff(0) => row.payoff.as_ref(),
            What::Value(0) => row.value.as_ref(),
            What::Payoff(m) => further(m).and_then(|f| f.payoff.as_ref()),
            What::Value(m) => further(m).and_then(|f| f.value.as_ref()),
        }
        .map(Cow::Borrowed)
    }
    fn floats(&self, _: What) -> Option<&[f64]> {
        None
    }
}

/// The most measures a tree may have.
pub(super) const MAX_MEASURES: usize = 64;

pub(super) fn too_many_measures() -> Error {
    Error::LimitExceeded {
        what: "the number of measures".into(),
        limit: MAX_MEASURES as u64,
        mend: "name only what is of the same kind on all branches".into(),
    }
}

pub(super) fn wrong_measure(node: String, name: &str) -> Error {
    Error::InvalidTree {
        node,
        problem: format!("the further measure '{name}'"),
        mend: format!("give it a name that is neither empty nor '{PAYOFF}', once a node"),
    }
}
