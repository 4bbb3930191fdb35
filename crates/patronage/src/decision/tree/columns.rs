//! Trees from columns: arrays with an element a node, for trees that programs make.

use std::borrow::Cow;

use super::source::{MAX_MEASURES, Source, What, too_many_measures, wrong_measure};
use super::{Kind, PAYOFF, Tree, build};
use crate::decision::number::Number;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A column of numbers, an element a node.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum NumberColumn<'a> {
    /// Floats; NaN where a node has no number. The whole answer is then one of floats.
    Floats(&'a [f64]),
    /// Numbers as in literals, exact where all are.
    Numbers(&'a [Option<Number>]),
}

macro_rules! column_from {
    (from $from:ty => $column:ident) => {
        impl<'a> From<$from> for NumberColumn<'a> {
            fn from(elements: $from) -> Self {
                Self::$column(elements)
            }
        }
    };
    ($element:ty => $column:ident) => {
        column_from!(from &'a [$element] => $column);
        column_from!(from &'a Vec<$element> => $column);
        impl<'a, const N: usize> From<&'a [$element; N]> for NumberColumn<'a> {
            fn from(elements: &'a [$element; N]) -> Self {
                Self::$column(elements)
            }
        }
    };
}

column_from!(f64 => Floats);
column_from!(Option<Number> => Numbers);

impl NumberColumn<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Floats(floats) => floats.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }
}

/// The columns of a tree, a row a node in any order; a node's branches keep the order of their rows.
///
/// | column | if left out |
/// |---|---|
/// | `parent`: the row of the node above, −1 for the root | needed |
/// | `kinds` | a row without branches is a leaf; one whose branches have probabilities is chance; others are decisions |
/// | `probability`: of the branch, where chance leads there | no chance |
/// | `payoff`: on the branch; in floats on every row | nothing |
/// | `value`: at the leaf | nothing |
/// | `time`: periods from the start to the branch, NaN for that of the branch before | no times |
/// | `labels` of the branches, `names` of the nodes | "1", "2", …; none |
///
/// ```
/// use patronage::decision::{Tree, TreeColumns};
/// let none = f64::NAN;
/// let probability = [none, none, none, 0.4, 0.6];
/// let payoff = [0.0, 0.0, 0.0, 100.0, -90.0];
/// let columns = TreeColumns::new(&[-1, 0, 0, 1, 1]).probability(&probability).payoff(&payoff);
/// let answer = Tree::from_columns(&columns, &patronage::watch::Unwatched)?.solve()?;
/// assert_eq!((answer.emv().float, answer.choice()), (0.0, vec!["2"]));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TreeColumns<'a> {
    parent: &'a [i64],
    kinds: Option<&'a [Kind]>,
    derived: Vec<Kind>,
    probability: Option<NumberColumn<'a>>,
    /// Name, payoffs and leaf values; the first measure is [`PAYOFF`].
    measures: Vec<(Box<str>, Option<NumberColumn<'a>>, Option<NumberColumn<'a>>)>,
    time: Option<&'a [f64]>,
    labels: Option<&'a [&'a str]>,
    names: Option<&'a [&'a str]>,
}

impl<'a> TreeColumns<'a> {
    /// Nodes by the row of the node above each; −1 for the root.
    pub fn new(parent: &'a [i64]) -> Self {
        Self {
            parent,
            kinds: None,
            derived: Vec::new(),
            probability: None,
            measures: vec![(PAYOFF.into(), None, None)],
            time: None,
            labels: None,
            names: None,
        }
    }

    /// What happens at each node.
    #[must_use]
    pub fn kinds(mut self, kinds: &'a [Kind]) -> Self {
        self.kinds = Some(kinds);
        self
    }

    /// The probabilities of the branches.
    #[must_use]
    pub fn probability(mut self, column: impl Into<NumberColumn<'a>>) -> Self {
        self.probability = Some(column.into());
        self
    }

    /// What is received on the branches.
    #[must_use]
    pub fn payoff(mut self, column: impl Into<NumberColumn<'a>>) -> Self {
        self.measures[0].1 = Some(column.into());
        self
    }

    /// What is received at the leaves.
    #[must_use]
    pub fn value(mut self, column: impl Into<NumberColumn<'a>>) -> Self {
        self.measures[0].2 = Some(column.into());
        self
    }

    /// What is received of a further measure on the branches.
    #[must_use]
    pub fn further(mut self, measure: impl Into<Box<str>>, payoff: impl Into<NumberColumn<'a>>) -> Self {
        self.measures.push((measure.into(), Some(payoff.into()), None));
        self
    }

    /// The times of the branches.
    #[must_use]
    pub fn time(mut self, column: &'a [f64]) -> Self {
        self.time = Some(column);
        self
    }

    /// The labels of the branches.
    #[must_use]
    pub fn labels(mut self, column: &'a [&'a str]) -> Self {
        self.labels = Some(column);
        self
    }

    /// The names of the nodes.
    #[must_use]
    pub fn names(mut self, column: &'a [&'a str]) -> Self {
        self.names = Some(column);
        self
    }

    fn check_lengths(&self) -> Result<()> {
        let n = self.parent.len();
        let check = |column: &str, found: Option<usize>| match found {
            Some(found) if found != n => Err(Error::InvalidTree {
                node: format!("column '{column}'"),
                problem: format!("{found} elements for {n} nodes"),
                mend: "give each column an element a node".into(),
            }),
            _ => Ok(()),
        };
        check("kind", self.kinds.map(<[_]>::len))?;
        check("probability", self.probability.map(|c| c.len()))?;
        check("time", self.time.map(<[_]>::len))?;
        check("label", self.labels.map(<[_]>::len))?;
        check("name", self.names.map(<[_]>::len))?;
        for (name, payoff, value) in &self.measures {
            check(name, payoff.map(|c| c.len()))?;
            check(if name.as_ref() == PAYOFF { "value" } else { name }, value.map(|c| c.len()))?;
        }
        match self.parent.iter().position(|&p| p < -1) {
            None => Ok(()),
            Some(row) => Err(Error::InvalidTree {
                node: format!("row {row}"),
                problem: format!("the parent is {}", self.parent[row]),
                mend: "give the row of the node above, counted from 0, or -1 for the root".into(),
            }),
        }
    }

    fn derive_kinds(&self) -> Vec<Kind> {
        let mut kinds = vec![Kind::Leaf; self.parent.len()];
        for (row, &parent) in self.parent.iter().enumerate() {
            let Some(kind) = usize::try_from(parent).ok().and_then(|p| kinds.get_mut(p)) else { continue };
            let of_chance = match self.probability {
                None => false,
                Some(NumberColumn::Floats(floats)) => !floats[row].is_nan(),
                Some(NumberColumn::Numbers(numbers)) => numbers[row].is_some(),
            };
            // One probability makes it chance: what then lacks one is named.
            if of_chance {
                *kind = Kind::Chance;
            } else if *kind == Kind::Leaf {
                *kind = Kind::Decision;
            }
        }
        kinds
    }

    fn column(&self, what: What) -> Option<NumberColumn<'a>> {
        match what {
            What::Probability => self.probability,
            What::Payoff(m) => self.measures[m].1,
            What::Value(m) => self.measures[m].2,
        }
    }
}

impl Tree {
    /// A tree from columns; see [`TreeColumns`].
    ///
    /// Errors are those of [`Tree::from_rows`]; where branches have no labels they name the row.
    pub fn from_columns(columns: &TreeColumns<'_>, watch: &dyn Watch) -> Result<Self> {
        columns.check_lengths()?;
        let mut columns = columns.clone();
        if columns.kinds.is_none() {
            columns.derived = columns.derive_kinds();
        }
        build::from_source(columns, watch)
    }
}

impl Source for TreeColumns<'_> {
    fn len(&self) -> usize {
        self.parent.len()
    }
    fn parent(&self, row: usize) -> Option<usize> {
        usize::try_from(self.parent[row]).ok()
    }
    fn kind(&self, row: usize) -> Kind {
        self.kinds.map_or_else(|| self.derived[row], |kinds| kinds[row])
    }
    fn name(&self, row: usize) -> &str {
        self.names.map_or("", |names| names[row])
    }
    fn label(&self, row: usize) -> &str {
        // The root has no branch.
        self.labels.filter(|_| self.parent[row] >= 0).map_or("", |labels| labels[row])
    }
    fn is_named(&self) -> bool {
        self.names.is_some()
    }
    fn is_labelled(&self) -> bool {
        self.labels.is_some()
    }
    fn is_timed(&self) -> bool {
        self.time.is_some_and(|time| time.iter().any(|t| !t.is_nan()))
    }
    fn time(&self, row: usize) -> Option<f64> {
        self.time.map(|time| time[row]).filter(|t| !t.is_nan())
    }
    fn measures(&self) -> Result<Vec<Box<str>>> {
        let names: Vec<Box<str>> = self.measures.iter().map(|m| m.0.clone()).collect();
        for (i, name) in names.iter().enumerate().skip(1) {
            if name.is_empty() || names[..i].contains(name) {
                return Err(wrong_measure("the columns".into(), name));
            }
        }
        if names.len() > MAX_MEASURES { Err(too_many_measures()) } else { Ok(names) }
    }
    fn has(&self, what: What) -> bool {
        self.column(what).is_some()
    }
    fn number(&self, what: What, row: usize) -> Option<Cow<'_, Number>> {
        match self.column(what)? {
            NumberColumn::Floats(floats) => {
                (!floats[row].is_nan()).then(|| Cow::Owned(Number::Float(floats[row])))
            }
            NumberColumn::Numbers(numbers) => numbers[row].as_ref().map(Cow::Borrowed),
        }
    }
    fn floats(&self, what: What) -> Option<&[f64]> {
        match self.column(what)? {
            NumberColumn::Floats(floats) => Some(floats),
            NumberColumn::Numbers(_) => None,
        }
    }
}
