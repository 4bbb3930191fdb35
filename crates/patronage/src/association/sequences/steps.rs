//! Patterns as a trie: a node a pattern, 12 bytes each.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::watch::Watch;

/// Nodes between two looks at the watch.
const STRIDE: usize = 1 << 14;

/// The parent of the first items.
pub(super) const ROOT: u32 = u32::MAX;

/// An item added to a pattern: to its last element, or as a new element of a later basket. The items of an element
/// are added in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Step(u32);

impl Step {
    /// The largest number of items.
    pub(super) const MAX_ITEMS: usize = 1 << 31;

    pub(super) fn new(item: u32, later: bool) -> Self {
        Self(item << 1 | u32::from(later))
    }

    /// Number of the item.
    pub(super) fn item(self) -> u32 {
        self.0 >> 1
    }

    /// Whether the item begins a new element.
    pub(super) fn later(self) -> bool {
        self.0 & 1 == 1
    }

    /// A place for each step of a number of items.
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// A pattern: a step after the pattern of the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, Step, u32)", into = "(u32, Step, u32)")]
pub(super) struct Node {
    /// The node whose pattern is continued, or [`ROOT`]; it stands before this node.
    pub parent: u32,
    pub step: Step,
    /// Customers who support the pattern; 0 if the node is only on the way to patterns of the answer.
    pub count: u32,
}

impl From<(u32, Step, u32)> for Node {
    fn from((parent, step, count): (u32, Step, u32)) -> Self {
        Self { parent, step, count }
    }
}

impl From<Node> for (u32, Step, u32) {
    fn from(node: Node) -> Self {
        (node.parent, node.step, node.count)
    }
}

/// The steps of a node's pattern, from the first to the last.
pub(super) fn path(nodes: &[Node], node: u32) -> Vec<Step> {
    let up = std::iter::successors(nodes.get(node as usize), |node| nodes.get(node.parent as usize));
    let mut steps: Vec<Step> = up.map(|node| node.step).collect();
    steps.reverse();
    steps
}

/// The children of each node, in the order of their steps.
#[derive(Debug, Clone)]
pub(super) struct Children {
    /// Where the children of each node begin in `nodes`, those of the root first; one more at the end.
    starts: Vec<u32>,
    nodes: Vec<u32>,
}

impl Children {
    pub(super) fn new(nodes: &[Node], watch: &dyn Watch) -> Result<Self> {
        let slot = |node: &Node| if node.parent == ROOT { 0 } else { node.parent as usize + 1 };
        let mut starts = vec![0_u32; nodes.len() + 2];
        for some in nodes.chunks(STRIDE) {
            watch.check()?;
            some.iter().for_each(|node| starts[slot(node) + 1] += 1);
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut children = vec![0; nodes.len()];
        for (number, node) in (0_u32..).zip(nodes) {
            if (number as usize).is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let place = &mut next[slot(node)];
            children[*place as usize] = number;
            *place += 1;
        }
        Ok(Self { starts, nodes: children })
    }

    /// The child of a node, or of the root, by its step.
    pub(super) fn child(&self, nodes: &[Node], parent: Option<u32>, step: Step) -> Option<u32> {
        let slot = parent.map_or(0, |node| node as usize + 1);
        let children = &self.nodes[self.starts[slot] as usize..self.starts[slot + 1] as usize];
        let place = children.binary_search_by_key(&step, |&child| nodes[child as usize].step).ok()?;
        children.get(place).copied()
    }

    /// The node at the end of steps that begin below a node, or below the root.
    pub(super) fn find(
        &self,
        nodes: &[Node],
        from: Option<u32>,
        steps: impl IntoIterator<Item = Step>,
    ) -> Option<u32> {
        steps.into_iter().try_fold(from, |node, step| Some(Some(self.child(nodes, node, step)?))).flatten()
    }

    /// Whether each node has its children once each and in order.
    fn in_order(&self, nodes: &[Node]) -> bool {
        self.starts.windows(2).all(|ends| {
            let steps = self.nodes[ends[0] as usize..ends[1] as usize]
                .iter()
                .map(|&child| nodes[child as usize].step);
            steps.is_sorted_by(|a, b| a < b)
        })
    }
}

/// Checks nodes that come from outside.
pub(super) fn check(nodes: &[Node], n_items: usize, n_customers: u64, watch: &dyn Watch) -> Result<()> {
    let wrong = |problem: &str| Err(Error::InvalidModel { what: "patterns".into(), problem: problem.into() });
    if nodes.len() >= ROOT as usize {
        return wrong("too many patterns");
    }
    for (number, node) in (0..).zip(nodes) {
        let parent = nodes.get(node.parent as usize).filter(|_| node.parent < number);
        if node.step.item() as usize >= n_items {
            return wrong("an item without a label");
        }
        if u64::from(node.count) > n_customers
            || parent.is_some_and(|up| up.count > 0 && node.count > up.count)
        {
            return wrong("a pattern with more customers than a part of it");
        }
        let fits = match parent {
            None => node.parent == ROOT && node.step.later(),
            Some(up) => node.step.later() || node.step.item() > up.step.item(),
        };
        if !fits {
            return wrong("a step that continues no pattern");
        }
    }
    if Children::new(nodes, watch)?.in_order(nodes) { Ok(()) } else { wrong("patterns out of order") }
}
