//! Trees as nested expressions, kept flat: joining nodes moves rows, so that building, copying and dropping a
//! tree of any depth never goes down into it.

use super::row::NodeRow;
use super::{Kind, Tree, TreeAnswer, build};
use crate::decision::number::Number;
use crate::error::Result;
use crate::watch::Unwatched;

/// A node and everything below it, not yet checked: what [`decide`], [`chance`] and [`pay`] return.
#[derive(Debug, Clone)]
pub struct Node {
    /// The rows below the root come first; children carry their position among their siblings.
    rows: Vec<NodeRow>,
    positions: Vec<u32>,
    root: usize,
}

/// A decision □ between labelled alternatives.
pub fn decide<L: Into<Box<str>>>(
    name: impl Into<Box<str>>,
    alternatives: impl IntoIterator<Item = (L, Node)>,
) -> Node {
    let branches = alternatives.into_iter().map(|(label, node)| (label.into(), None, node));
    join(NodeRow { name: name.into(), ..NodeRow::new(Kind::Decision) }, branches.collect())
}

/// A chance event ○ with labelled outcomes and their probabilities; `"#"` is the rest of the probability.
pub fn chance<L: Into<Box<str>>, P: Into<Number>>(outcomes: impl IntoIterator<Item = (L, P, Node)>) -> Node {
    let branches = outcomes.into_iter().map(|(label, p, node)| (label.into(), Some(p.into()), node));
    join(NodeRow::new(Kind::Chance), branches.collect())
}

/// A leaf △ with what is received there.
pub fn pay(value: impl Into<Number>) -> Node {
    let row = NodeRow { value: Some(value.into()), ..NodeRow::new(Kind::Leaf) };
    Node { rows: vec![row], positions: vec![0], root: 0 }
}

impl Node {
    /// The same node under a name of its own.
    #[must_use]
    pub fn named(mut self, name: impl Into<Box<str>>) -> Self {
        self.rows[self.root].name = name.into();
        self
    }

    /// With a payoff on the branch that leads here: a fee is negative where payoffs are profits.
    ///
    /// ```
    /// use patronage::decision::{chance, decide, pay};
    /// let film = chance([("small", ".3", pay(200_000)), ("medium", ".6", pay(1_000_000)), ("large", "#", pay(3_000_000))]);
    /// let contract = decide("Contract", [("film", film.paying(-5_000)), ("television", pay(900_000))]);
    /// assert_eq!(contract.solve()?.emv().to_string(), "955000");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    #[must_use]
    pub fn paying(mut self, payoff: impl Into<Number>) -> Self {
        self.rows[self.root].payoff = Some(payoff.into());
        self
    }

    /// With what the leaf brings of a further measure, beside its payoff: hours, tons, places.
    #[must_use]
    pub fn and(mut self, measure: impl Into<Box<str>>, value: impl Into<Number>) -> Self {
        self.rows[self.root].further_mut(measure.into()).value = Some(value.into());
        self
    }

    /// With what the branch that leads here brings of a further measure, beside its payoff.
    #[must_use]
    pub fn paying_in(mut self, measure: impl Into<Box<str>>, payoff: impl Into<Number>) -> Self {
        self.rows[self.root].further_mut(measure.into()).payoff = Some(payoff.into());
        self
    }

    /// With the time of the branch that leads here, in periods (years, say) from the start of the tree.
    ///
    /// A branch without a time happens when the branch before it does; time never runs backwards.
    #[must_use]
    pub fn at(mut self, time: f64) -> Self {
        self.rows[self.root].time = Some(time);
        self
    }

    /// The rows with siblings in their order.
    pub(in crate::decision) fn into_rows(self) -> Vec<NodeRow> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|&i| self.positions[i]);
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, &i)| place[i] = at);
        let mut rows: Vec<(usize, NodeRow)> = place.iter().copied().zip(self.rows).collect();
        rows.sort_by_key(|(at, _)| *at);
        let moved = |(_, row): (usize, NodeRow)| NodeRow { parent: row.parent.map(|p| place[p]), ..row };
        rows.into_iter().map(moved).collect()
    }

    /// The checked tree.
    pub fn build(self) -> Result<Tree> {
        build::from_placed_rows(self.rows, &self.positions, &Unwatched)
    }

    /// The checked tree, solved for the highest expected profit without discounting.
    pub fn solve(self) -> Result<TreeAnswer> {
        self.build()?.solve()
    }
}

/// Puts a root over branches. The rows of the largest branch stay where they are and the others move to it, so
/// that a row moves at most log₂ n times however the tree is put together.
fn join(root_row: NodeRow, branches: Vec<(Box<str>, Option<Number>, Node)>) -> Node {
    let largest = (0..branches.len()).max_by_key(|&i| branches[i].2.rows.len());
    let mut roots = Vec::with_capacity(branches.len());
    let mut parts: Vec<_> = branches
        .into_iter()
        .map(|(label, probability, mut node)| {
            let row = &mut node.rows[node.root];
            row.label = label;
            row.probability = probability;
            node
        })
        .collect();
    let base = largest.map(|i| {
        let root = parts[i].root;
        (i, std::mem::replace(&mut parts[i], Node { rows: Vec::new(), positions: Vec::new(), root }))
    });
    let (largest, mut rows, mut positions) = match base {
        Some((i, node)) => (i, node.rows, node.positions),
        None => (0, Vec::new(), Vec::new()),
    };
    for (i, part) in parts.into_iter().enumerate() {
        let offset = if i == largest { 0 } else { rows.len() };
        roots.push(part.root + offset);
        rows.extend(part.rows.into_iter().map(|mut row| {
            row.parent = row.parent.map(|p| p + offset);
            row
        }));
        positions.extend(part.positions);
    }
    let root = rows.len();
    rows.push(root_row);
    positions.push(0);
    for (position, child) in roots.into_iter().enumerate() {
        rows[child].parent = Some(root);
        positions[child] = position as u32;
    }
    Node { rows, positions, root }
}
