//! From rows in any order to the checked breadth-first arena.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::row::NodeRow;
use super::source::{Rows, Source};
use super::{Arena, Kind, Tree, words_of_path};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The most nodes a tree may have.
pub const MAX_NODES: usize = 20_000_000;

/// Units of work between two looks at the watch.
pub(super) const STRIDE: usize = 1 << 15;

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

/// A tree that is being built; its numbers are in [`super::fill`].
pub(super) struct Draft<'a, R> {
    pub source: R,
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
        if self.source.is_labelled() {
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

    pub fn invalid(&self, row: usize, problem: impl Into<String>, mend: impl Into<String>) -> Error {
        let step = |i: usize| match self.source.parent(i) {
            None => self.source.name(i),
            Some(_) => self.source.label(i),
        };
        let path = words_of_path(row, step, |i| self.source.parent(i));
        let node = if self.source.is_labelled() { format!("node '{path}'") } else { format!("row {row}") };
        Error::InvalidTree { node, problem: problem.into(), mend: mend.into() }
    }

    pub fn tick(&self, i: usize) -> Result<()> {
        if i.is_multiple_of(STRIDE) { self.watch.check() } else { Ok(()) }
    }

    /// The rows breadth-first, and where each node's children begin in that order.
    fn breadth_first(&self, positions: Option<&[u32]>) -> Result<(Vec<u32>, Vec<u32>)> {
        let n = self.source.len();
        let mut start = vec![0u32; n + 1];
        let (mut is_in_order, mut before) = (positions.is_none(), 0);
        for i in 0..n {
            self.tick(i)?;
            let Some(parent) = self.source.parent(i) else {
                is_in_order &= i == 0;
                continue;
            };
            if parent >= n {
                return Err(invalid_whole(&format!(
                    "row {i} has parent {parent}, but there are {n} rows, counted from 0"
                )));
            }
            start[parent + 1] += 1;
            is_in_order &= before <= parent && parent < i;
            before = parent;
        }
        // From here on every parent is a row.
        let root = self.root()?;
        (0..n).for_each(|i| start[i + 1] += start[i]);
        if is_in_order {
            for (row, pair) in start.windows(2).enumerate() {
                self.tick(row)?;
                self.check_branches(row, (pair[1] - pair[0]) as usize)?;
            }
            // The root comes before all children.
            start.iter_mut().for_each(|start| *start += 1);
            return Ok(((0..n as u32).collect(), start));
        }
        self.sorted(root, &start, positions)
    }

    /// The same of rows that are in another order; the children of row i are the `start[i]`th to `start[i + 1]`th.
    fn sorted(&self, root: usize, start: &[u32], positions: Option<&[u32]>) -> Result<(Vec<u32>, Vec<u32>)> {
        let n = self.source.len();
        let mut below = vec![0u32; n - 1];
        let mut next = if positions.is_none() { start.to_vec() } else { Vec::new() };
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
        let names = if self.source.is_named() {
            order.iter().map(|&row| code(self.source.name(row as usize))).collect()
        } else {
            vec![code(""); order.len()]
        };
        if self.source.is_labelled() {
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
}

fn invalid_whole(problem: &str) -> Error {
    Error::InvalidTree {
        node: "the tree".into(),
        problem: problem.into(),
        mend: "give one root, and every other node the row of its parent".into(),
    }
}
