//! From rows in any order to the checked breadth-first arena.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Arena, Columns, Kind, Numbers, Tree, words_of_path};
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
        }
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

/// As [`Tree::from_rows`]; each row comes with its position among its siblings.
pub(super) fn from_placed_rows(rows: Vec<NodeRow>, positions: &[u32], watch: &dyn Watch) -> Result<Tree> {
    if rows.len() > MAX_NODES {
        return Err(Error::LimitExceeded {
            what: "the number of nodes".into(),
            limit: MAX_NODES as u64,
            mend: "a subtree that is used in several places counts once a place; make the tree smaller"
                .into(),
        });
    }
    let draft = Draft { rows, watch };
    let (order, first_child) = draft.breadth_first(positions)?;
    watch.check()?;
    let times = draft.times(&order)?;
    let (texts, name, label) = draft.texts(&order);
    watch.check()?;
    draft.check_labels(&order, &label, &first_child)?;
    let numbers = draft.numbers(&order, &first_child)?;
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(i, &row)| place[row as usize] = i as u32);
    Ok(Tree(Arc::new(Arena {
        kind: order.iter().map(|&row| draft.rows[row as usize].kind).collect(),
        parent: order.iter().map(|&row| draft.rows[row as usize].parent.map_or(0, |p| place[p])).collect(),
        first_child,
        texts,
        name,
        label,
        time: times,
        numbers,
    })))
}

struct Draft<'a> {
    rows: Vec<NodeRow>,
    watch: &'a dyn Watch,
}

impl Draft<'_> {
    fn invalid(&self, row: usize, problem: impl Into<String>, mend: impl Into<String>) -> Error {
        Error::InvalidTree {
            node: format!("node '{}'", NodeRow::path(&self.rows, row)),
            problem: problem.into(),
            mend: mend.into(),
        }
    }

    fn tick(&self, i: usize) -> Result<()> {
        if i.is_multiple_of(STRIDE) { self.watch.check() } else { Ok(()) }
    }

    /// The rows breadth-first, and where each node's children begin in that order.
    fn breadth_first(&self, positions: &[u32]) -> Result<(Vec<u32>, Vec<u32>)> {
        let n = self.rows.len();
        let root = self.root()?;
        let mut start = vec![0u32; n + 1];
        for (i, row) in self.rows.iter().enumerate() {
            self.tick(i)?;
            if let Some(parent) = row.parent {
                if parent >= n {
                    return Err(invalid_whole(&format!(
                        "row {i} has parent {parent}, but there are {n} rows, counted from 0"
                    )));
                }
                start[parent + 1] += 1;
            }
        }
        (0..n).for_each(|i| start[i + 1] += start[i]);
        let mut below = vec![0u32; n - 1];
        for (i, row) in self.rows.iter().enumerate() {
            if let Some(parent) = row.parent {
                below[(start[parent] + positions[i]) as usize] = i as u32;
            }
        }
        let (mut order, mut first_child) = (Vec::with_capacity(n), Vec::with_capacity(n + 1));
        order.push(root as u32);
        for at in 0..n {
            self.tick(at)?;
            let Some(&row) = order.get(at) else { return Err(self.circle(&order)) };
            let children = &below[start[row as usize] as usize..start[row as usize + 1] as usize];
            match (self.rows[row as usize].kind, children.is_empty()) {
                (Kind::Leaf, false) => {
                    return Err(self.invalid(
                        row as usize,
                        "a leaf with branches",
                        "make it a decision or chance",
                    ));
                }
                (Kind::Decision, true) => {
                    return Err(self.invalid(
                        row as usize,
                        "a decision without alternatives",
                        "give at least one",
                    ));
                }
                (Kind::Chance, true) => {
                    return Err(self.invalid(
                        row as usize,
                        "a chance node without outcomes",
                        "give at least one",
                    ));
                }
                _ => {}
            }
            first_child.push(order.len() as u32);
            order.extend_from_slice(children);
        }
        first_child.push(n as u32);
        Ok((order, first_child))
    }

    fn root(&self) -> Result<usize> {
        let mut roots = (0..self.rows.len()).filter(|&i| self.rows[i].parent.is_none());
        let Some(root) = roots.next() else {
            return Err(match self.rows.len() {
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
        let mut seen = vec![false; self.rows.len()];
        reached.iter().for_each(|&row| seen[row as usize] = true);
        let mut at = seen.iter().position(|&s| !s).unwrap_or(0);
        while !std::mem::replace(&mut seen[at], true) {
            at = self.rows[at].parent.unwrap_or(0);
        }
        self.invalid(at, "the tree goes round in a circle here", "a node cannot be its own ancestor")
    }

    /// Each text once, and for each node the text of its name and of its branch.
    fn texts(&self, order: &[u32]) -> (Vec<Box<str>>, Vec<u32>, Vec<u32>) {
        let mut texts: Vec<Box<str>> = Vec::new();
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut code = |text| {
            *known.entry(text).or_insert_with(|| {
                texts.push(Box::from(text));
                texts.len() as u32 - 1
            })
        };
        let names = order.iter().map(|&row| code(&self.rows[row as usize].name)).collect();
        let labels = order.iter().map(|&row| code(&self.rows[row as usize].label)).collect();
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
        if self.rows.iter().all(|row| row.time.is_none()) {
            return Ok(Vec::new());
        }
        let mut by_row = vec![0.0; self.rows.len()];
        for &row in order {
            let row = row as usize;
            let before = self.rows[row].parent.map_or(0.0, |p| by_row[p]);
            let time = self.rows[row].time.unwrap_or(before);
            if !(time.is_finite() && time >= before) {
                let problem = format!("time {time} on a branch that follows one at time {before}");
                return Err(self.invalid(row, problem, "count periods from the start of the tree"));
            }
            by_row[row] = time;
        }
        Ok(order.iter().map(|&row| by_row[row as usize]).collect())
    }

    fn numbers(&self, order: &[u32], first_child: &[u32]) -> Result<Numbers> {
        let mut exact = true;
        for (i, row) in self.rows.iter().enumerate() {
            self.tick(i)?;
            let below = row.parent.map(|p| self.rows[p].kind);
            match (&row.probability, below) {
                (None, Some(Kind::Chance)) => {
                    let mend = "give each outcome one, or \"#\" for the rest";
                    return Err(self.invalid(i, "an outcome of chance without a probability", mend));
                }
                (Some(_), None | Some(Kind::Decision | Kind::Leaf)) => {
                    let problem = "a probability on a branch that is not chance's";
                    return Err(self.invalid(i, problem, "only outcomes of a chance node have one"));
                }
                _ => {}
            }
            if row.value.is_some() && row.kind != Kind::Leaf {
                let mend = "put it on the branch, or on the leaves";
                return Err(self.invalid(i, "a value at a node that is no leaf", mend));
            }
            for (what, number) in
                [("probability", &row.probability), ("payoff", &row.payoff), ("value", &row.value)]
            {
                let Some(number) = number else { continue };
                exact &= !matches!(number, Number::Float(_));
                self.check_number(i, what, number)?;
            }
        }
        Ok(if exact {
            Numbers::Exact(self.columns::<Exact>(order, first_child)?)
        } else {
            Numbers::Float(self.columns::<f64>(order, first_child)?)
        })
    }

    fn check_number(&self, row: usize, what: &str, number: &Number) -> Result<()> {
        match number {
            Number::Exact(value) => value.check(),
            Number::Float(value) if value.is_finite() => Ok(()),
            Number::Rest if what == "probability" => Ok(()),
            Number::Rest => {
                Err(self.invalid(row, format!("\"#\" as {what}"), "\"#\" stands for a probability only"))
            }
            Number::Float(value) => {
                Err(self.invalid(row, format!("{what} is {value}"), "give a finite number"))
            }
            Number::Unreadable(text) => {
                let mend = "write it like 100000, \".4\", \"1/3\" or \"-1.5e3\"";
                Err(self.invalid(row, format!("{what} '{text}' is no number"), mend))
            }
        }
    }

    fn columns<S: Scalar>(&self, order: &[u32], first_child: &[u32]) -> Result<Columns<S>> {
        let read = |number: &Option<Number>| number.as_ref().and_then(S::from_number).unwrap_or(S::ZERO);
        let rows = || order.iter().map(|&row| &self.rows[row as usize]);
        let mut probability: Vec<S> = rows().map(|row| read(&row.probability)).collect();
        for (i, &row) in order.iter().enumerate() {
            self.tick(i)?;
            if self.rows[row as usize].kind == Kind::Chance {
                let children = first_child[i] as usize..first_child[i + 1] as usize;
                let is_rest =
                    |child: usize| self.rows[order[child] as usize].probability == Some(Number::Rest);
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
        Ok(Columns {
            probability,
            payoff: rows().map(|row| read(&row.payoff)).collect(),
            value: rows().map(|row| read(&row.value)).collect(),
        })
    }
}

fn invalid_whole(problem: &str) -> Error {
    Error::InvalidTree {
        node: "the tree".into(),
        problem: problem.into(),
        mend: "give one root, and every other node the row of its parent".into(),
    }
}
