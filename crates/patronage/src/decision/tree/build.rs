//! From rows in any order to the checked breadth-first arena.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::numbers::{Amounts, Columns, Numbers, or_empty};
use super::{Arena, Kind, PAYOFF, Tree, words_of_path};
use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::probability::{Fault, PROBABILITY_MEND, complete};
use crate::decision::scalar::Scalar;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The most nodes a tree may have.
pub const MAX_NODES: usize = 20_000_000;

/// Units of work between two looks at the watch.
pub(super) const STRIDE: usize = 1 << 15;

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

impl Tree {
    /// A tree from rows in any order; siblings keep the order of their rows.
    ///
    /// Errors name the node: circles, no or several roots, probabilities that are absent, negative or do not
    /// sum to 1, payoffs that are no finite numbers, equal labels on two branches of a node, and so on.
    ///
    /// ```
    /// use patronage::decision::{Kind, NodeRow, Tree};
    /// let leaf = |label: &str, p: &str, value: i64| NodeRow {
    ///     parent: Some(0),
    ///     label: label.into(),
    ///     probability: Some(p.into()),
    ///     value: Some(value.into()),
    ///     ..NodeRow::new(Kind::Leaf)
    /// };
    /// let rows = vec![NodeRow::new(Kind::Chance), leaf("heads", "1/2", 10), leaf("tails", "#", -4)];
    /// let coin = Tree::from_rows(rows, &patronage::watch::Unwatched)?;
    /// assert_eq!(coin.solve()?.emv().to_string(), "3");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn from_rows(rows: Vec<NodeRow>, watch: &dyn Watch) -> Result<Self> {
        let mut seen = vec![0; rows.len()];
        let positions: Vec<u32> = rows
            .iter()
            .map(|row| {
                let count = row.parent.and_then(|p| seen.get_mut(p));
                count.map_or(0, |count: &mut u32| std::mem::replace(count, *count + 1))
            })
            .collect();
        from_placed_rows(rows, &positions, watch)
    }
}

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
    /// Whether branches are labelled by their places: 1, 2, 3.
    fn is_unlabelled(&self) -> bool;
    fn is_timed(&self) -> bool;
    fn time(&self, row: usize) -> Option<f64>;
    /// The measures, [`PAYOFF`] first.
    fn measures(&self) -> Result<Vec<Box<str>>>;
    fn number(&self, what: What, row: usize) -> Option<Cow<'_, Number>>;
    /// A column that is all floats, with NaN where there is none: read without a detour.
    fn floats(&self, what: What) -> Option<&[f64]>;
}

struct Rows {
    rows: Vec<NodeRow>,
    measures: Vec<Box<str>>,
}

impl Rows {
    fn new(rows: Vec<NodeRow>) -> Self {
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
    fn is_unlabelled(&self) -> bool {
        false
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

/// As [`Tree::from_rows`]; each row comes with its position among its siblings.
pub(super) fn from_placed_rows(rows: Vec<NodeRow>, positions: &[u32], watch: &dyn Watch) -> Result<Tree> {
    check_size(rows.len())?;
    Draft { source: Rows::new(rows), watch }.build(Some(positions))
}

fn check_size(rows: usize) -> Result<()> {
    if rows <= MAX_NODES {
        return Ok(());
    }
    Err(Error::LimitExceeded {
        what: "the number of nodes".into(),
        limit: MAX_NODES as u64,
        mend: "a subtree that is used in several places counts once a place; make the tree smaller".into(),
    })
}

/// The tree of a source whose siblings stand in their order.
pub(super) fn from_source(source: impl Source, watch: &dyn Watch) -> Result<Tree> {
    check_size(source.len())?;
    Draft { source, watch }.build(None)
}

struct Draft<'a, R> {
    source: R,
    watch: &'a dyn Watch,
}

impl<R: Source> Draft<'_, R> {
    fn build(self, positions: Option<&[u32]>) -> Result<Tree> {
        self.watch.check()?;
        let measures = self.source.measures()?;
        let (order, first_child) = self.breadth_first(positions)?;
        self.watch.check()?;
        let time = self.times(&order)?;
        let (texts, name, label) = self.texts(&order, &first_child);
        self.watch.check()?;
        if !self.source.is_unlabelled() {
            self.check_labels(&order, &label, &first_child)?;
        }
        let numbers = self.numbers(&order, &first_child, measures.len())?;
        let mut parent = vec![0; order.len()];
        for i in 0..order.len() {
            parent[first_child[i] as usize..first_child[i + 1] as usize].fill(i as u32);
        }
        let kind = order.iter().map(|&row| self.source.kind(row as usize)).collect();
        Ok(Tree(Arc::new(Arena { kind, parent, first_child, texts, name, label, time, measures, numbers })))
    }

    fn invalid(&self, row: usize, problem: impl Into<String>, mend: impl Into<String>) -> Error {
        let step = |i: usize| match self.source.parent(i) {
            None => self.source.name(i),
            Some(_) => self.source.label(i),
        };
        let path = words_of_path(row, step, |i| self.source.parent(i));
        let node = if self.source.is_unlabelled() { format!("row {row}") } else { format!("node '{path}'") };
        Error::InvalidTree { node, problem: problem.into(), mend: mend.into() }
    }

    fn tick(&self, i: usize) -> Result<()> {
        if i.is_multiple_of(STRIDE) { self.watch.check() } else { Ok(()) }
    }

    /// The rows breadth-first, and where each node's children begin in that order.
    fn breadth_first(&self, positions: Option<&[u32]>) -> Result<(Vec<u32>, Vec<u32>)> {
        let n = self.source.len();
        let mut start = vec![0u32; n + 1];
        for i in 0..n {
            self.tick(i)?;
            if let Some(parent) = self.source.parent(i) {
                if parent >= n {
                    return Err(invalid_whole(&format!(
                        "row {i} has parent {parent}, but there are {n} rows, counted from 0"
                    )));
                }
                start[parent + 1] += 1;
            }
        }
        // From here on every parent is a row.
        let root = self.root()?;
        (0..n).for_each(|i| start[i + 1] += start[i]);
        let mut below = vec![0u32; n - 1];
        let mut next = if positions.is_none() { start.clone() } else { Vec::new() };
        for i in 0..n {
            let Some(parent) = self.source.parent(i) else { continue };
            let place = if let Some(positions) = positions {
                start[parent] + positions[i]
            } else {
                next[parent] += 1;
                next[parent] - 1
            };
            below[place as usize] = i as u32;
        }
        let (mut order, mut first_child) = (Vec::with_capacity(n), Vec::with_capacity(n + 1));
        order.push(root as u32);
        for at in 0..n {
            self.tick(at)?;
            let Some(&row) = order.get(at) else { return Err(self.circle(&order)) };
            let children = &below[start[row as usize] as usize..start[row as usize + 1] as usize];
            self.check_branches(row as usize, children.len())?;
            first_child.push(order.len() as u32);
            order.extend_from_slice(children);
        }
        first_child.push(n as u32);
        Ok((order, first_child))
    }

    fn check_branches(&self, row: usize, branches: usize) -> Result<()> {
        let (problem, mend) = match (self.source.kind(row), branches) {
            (Kind::Leaf, 1..) => ("a leaf with branches", "make it a decision or chance"),
            (Kind::Decision, 0) => ("a decision without alternatives", "give at least one"),
            (Kind::Chance, 0) => ("a chance node without outcomes", "give at least one"),
            _ => return Ok(()),
        };
        Err(self.invalid(row, problem, mend))
    }

    fn root(&self) -> Result<usize> {
        let mut roots = (0..self.source.len()).filter(|&i| self.source.parent(i).is_none());
        let Some(root) = roots.next() else {
            return Err(match self.source.len() {
                0 => invalid_whole("there are no nodes"),
                _ => self.circle(&[]),
            });
        };
        match roots.next() {
            None => Ok(root),
            Some(second) => Err(invalid_whole(&format!(
                "rows {root} and {second} have no parent, but a tree has one root"
            ))),
        }
    }

    /// The error for rows that the root does not reach: each of them has a parent, so they go round.
    fn circle(&self, reached: &[u32]) -> Error {
        let mut seen = vec![false; self.source.len()];
        reached.iter().for_each(|&row| seen[row as usize] = true);
        let mut at = seen.iter().position(|&s| !s).unwrap_or(0);
        while !std::mem::replace(&mut seen[at], true) {
            at = self.source.parent(at).unwrap_or(0);
        }
        self.invalid(at, "the tree goes round in a circle here", "a node cannot be its own ancestor")
    }

    /// Each text once, and for each node the text of its name and of its branch.
    fn texts(&self, order: &[u32], first_child: &[u32]) -> (Vec<Box<str>>, Vec<u32>, Vec<u32>) {
        let mut texts: Vec<Box<str>> = Vec::new();
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        let mut code = |text| {
            *known.entry(text).or_insert_with(|| {
                texts.push(Box::from(text));
                texts.len() as u32 - 1
            })
        };
        let names = order.iter().map(|&row| code(self.source.name(row as usize))).collect();
        if !self.source.is_unlabelled() {
            let labels = order.iter().map(|&row| code(self.source.label(row as usize))).collect();
            return (texts, names, labels);
        }
        // Names are numbered first; the places follow them.
        let mut labels = vec![code(""); order.len()];
        let (first, mut most) = (texts.len() as u32, 0);
        for pair in first_child.windows(2) {
            most = most.max(pair[1] - pair[0]);
            (first..)
                .zip(&mut labels[pair[0] as usize..pair[1] as usize])
                .for_each(|(code, label)| *label = code);
        }
        texts.extend((1..=most).map(|place| place.to_string().into_boxed_str()));
        (texts, names, labels)
    }

    fn check_labels(&self, order: &[u32], labels: &[u32], first_child: &[u32]) -> Result<()> {
        let mut siblings = Vec::new();
        for i in 0..order.len() {
            self.tick(i)?;
            siblings.clear();
            siblings.extend_from_slice(&labels[first_child[i] as usize..first_child[i + 1] as usize]);
            siblings.sort_unstable();
            if siblings.windows(2).any(|pair| pair[0] == pair[1]) {
                let mend = "give each branch of a node a label of its own";
                return Err(self.invalid(order[i] as usize, "two branches with the same label", mend));
            }
        }
        Ok(())
    }

    /// The time of each branch, breadth-first; empty if none has one.
    fn times(&self, order: &[u32]) -> Result<Vec<f64>> {
        if !self.source.is_timed() {
            return Ok(Vec::new());
        }
        let mut by_row = vec![0.0; order.len()];
        for &row in order {
            let row = row as usize;
            let before = self.source.parent(row).map_or(0.0, |p| by_row[p]);
            let time = self.source.time(row).unwrap_or(before);
            if !(time.is_finite() && time >= before) {
                let problem = format!("time {time} on a branch that follows one at time {before}");
                return Err(self.invalid(row, problem, "count periods from the start of the tree"));
            }
            by_row[row] = time;
        }
        Ok(order.iter().map(|&row| by_row[row as usize]).collect())
    }

    fn numbers(&self, order: &[u32], first_child: &[u32], measures: usize) -> Result<Numbers> {
        self.check_places(measures)?;
        let amounts = (0..measures).flat_map(|m| [What::Payoff(m), What::Value(m)]);
        let mut exact = true;
        for what in std::iter::once(What::Probability).chain(amounts) {
            exact &= self.check_numbers(what)?;
        }
        Ok(if exact {
            Numbers::Exact(Arc::new(self.columns::<Exact>(order, first_child, measures)?))
        } else {
            Numbers::Float(Arc::new(self.columns::<f64>(order, first_child, measures)?))
        })
    }

    fn is_given(&self, what: What, row: usize) -> bool {
        match self.source.floats(what) {
            Some(floats) => !floats[row].is_nan(),
            None => self.source.number(what, row).is_some(),
        }
    }

    /// Probabilities are where chance leads, leaf values at leaves.
    fn check_places(&self, measures: usize) -> Result<()> {
        for row in 0..self.source.len() {
            self.tick(row)?;
            let of_chance = self.source.parent(row).is_some_and(|p| self.source.kind(p) == Kind::Chance);
            match (self.is_given(What::Probability, row), of_chance) {
                (false, true) => {
                    let mend = "give each outcome one, or \"#\" for the rest";
                    return Err(self.invalid(row, "an outcome of chance without a probability", mend));
                }
                (true, false) => {
                    let problem = "a probability on a branch that is not chance's";
                    return Err(self.invalid(row, problem, "only outcomes of a chance node have one"));
                }
                _ => {}
            }
            let leaf = self.source.kind(row) == Kind::Leaf;
            if !leaf && (0..measures).any(|m| self.is_given(What::Value(m), row)) {
                let mend = "put it on the branch, or on the leaves";
                return Err(self.invalid(row, "a value at a node that is no leaf", mend));
            }
        }
        Ok(())
    }

    /// Whether the numbers of a column are all exact; an error if one is no number.
    fn check_numbers(&self, what: What) -> Result<bool> {
        let word = match what {
            What::Probability => "probability",
            What::Payoff(_) => "payoff",
            What::Value(_) => "value",
        };
        if let Some(floats) = self.source.floats(what) {
            // Of a whole column, only payoffs must be there on every row.
            let absent = |x: f64| x.is_nan() && !matches!(what, What::Payoff(_));
            return match floats.iter().position(|x| !x.is_finite() && !absent(*x)) {
                None => Ok(false),
                Some(row) => Err(self.not_finite(row, word, floats[row])),
            };
        }
        let mut exact = true;
        for row in 0..self.source.len() {
            self.tick(row)?;
            let Some(number) = self.source.number(what, row) else { continue };
            exact &= !matches!(*number, Number::Float(_));
            match &*number {
                Number::Exact(value) => value.check()?,
                Number::Float(value) if value.is_finite() => {}
                Number::Rest if what == What::Probability => {}
                Number::Float(value) => return Err(self.not_finite(row, word, *value)),
                Number::Rest => {
                    let mend = "\"#\" stands for a probability only";
                    return Err(self.invalid(row, format!("\"#\" as {word}"), mend));
                }
                unreadable @ Number::Unreadable(_) => {
                    let mend = "write it like 100000, \".4\", \"1/3\" or \"-1.5e3\", or give its names values by \
                                with_parameters";
                    return Err(self.invalid(row, format!("{word} {unreadable} is no number"), mend));
                }
            }
        }
        Ok(exact)
    }

    fn not_finite(&self, row: usize, word: &str, value: f64) -> Error {
        self.invalid(row, format!("{word} is {value}"), "give a finite number")
    }

    /// A column in breadth-first order; nought where there is no number.
    fn column<S: Scalar>(&self, order: &[u32], what: What) -> Vec<S> {
        let rows = order.iter().map(|&row| row as usize);
        match self.source.floats(what) {
            Some(floats) => rows
                .map(|row| {
                    S::from_number(&Number::Float(floats[row]))
                        .filter(|_| !floats[row].is_nan())
                        .unwrap_or(S::ZERO)
                })
                .collect(),
            None => rows
                .map(|row| self.source.number(what, row).and_then(|x| S::from_number(&x)).unwrap_or(S::ZERO))
                .collect(),
        }
    }

    fn columns<S: Scalar>(&self, order: &[u32], first_child: &[u32], measures: usize) -> Result<Columns<S>> {
        let mut probability: Vec<S> = self.column(order, What::Probability);
        let has_rest = self.source.floats(What::Probability).is_none();
        for (i, &row) in order.iter().enumerate() {
            self.tick(i)?;
            if self.source.kind(row as usize) == Kind::Chance {
                let children = first_child[i] as usize..first_child[i + 1] as usize;
                let is_rest = |child: usize| {
                    let given = || self.source.number(What::Probability, order[child] as usize);
                    has_rest && given().is_some_and(|p| *p == Number::Rest)
                };
                let outcomes = &mut probability[children.clone()];
                complete(outcomes, |k| is_rest(children.start + k)).map_err(|fault| match fault {
                    Fault::Outcome(k, problem) => {
                        self.invalid(order[children.start + k] as usize, problem, PROBABILITY_MEND)
                    }
                    Fault::Sum(problem) => self.invalid(row as usize, problem, PROBABILITY_MEND),
                    Fault::Other(error) => error,
                })?;
            }
        }
        let amounts = (0..measures).map(|m| Amounts {
            payoff: or_empty(self.column(order, What::Payoff(m))),
            value: or_empty(self.column(order, What::Value(m))),
        });
        Ok(Columns { probability: Arc::new(probability), amounts: amounts.collect() })
    }
}

fn invalid_whole(problem: &str) -> Error {
    Error::InvalidTree {
        node: "the tree".into(),
        problem: problem.into(),
        mend: "give one root, and every other node the row of its parent".into(),
    }
}
