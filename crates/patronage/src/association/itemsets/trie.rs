//! Itemsets as a prefix trie: a node a set, 12 bytes each, decoded when they are read.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::watch::Watch;

/// Nodes between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// The parent of the first items.
pub(in crate::association) const ROOT: u32 = u32::MAX;

/// An item added to the set of the parent. Items along a path of frequent sets ascend in frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, u32, u32)", into = "(u32, u32, u32)")]
pub(in crate::association) struct Node {
    /// The node to whose set the item is added, or [`ROOT`]; it stands before this node.
    pub parent: u32,
    /// Number of the item, 0 for the most frequent one.
    pub item: u32,
    /// Baskets that hold the set; 0 if the node is a step on the way and not a set of the answer.
    pub count: u32,
}

impl From<(u32, u32, u32)> for Node {
    fn from((parent, item, count): (u32, u32, u32)) -> Self {
        Self { parent, item, count }
    }
}

impl From<Node> for (u32, u32, u32) {
    fn from(node: Node) -> Self {
        (node.parent, node.item, node.count)
    }
}

/// The items of a node's set, from the node up to the root.
pub(in crate::association) fn path(nodes: &[Node], node: u32) -> impl Iterator<Item = u32> {
    std::iter::successors(nodes.get(node as usize), |node| nodes.get(node.parent as usize))
        .map(|node| node.item)
}

/// Checks nodes that come from outside: each stands below the path of the one before it, no item stands twice on a
/// path, and no set is in more baskets than the one it extends. Where `ordered`, items descend along a path.
pub(in crate::association) fn check(
    nodes: &[Node],
    n_items: usize,
    n_baskets: u64,
    ordered: bool,
) -> Result<()> {
    let wrong = |problem: &str| Err(Error::InvalidModel { what: "itemsets".into(), problem: problem.into() });
    let mut path: Vec<u32> = Vec::new();
    let mut on_path = vec![false; n_items];
    for (place, node) in (0..).zip(nodes) {
        while let Some(&last) = path.last().filter(|&&last| last != node.parent) {
            on_path[nodes[last as usize].item as usize] = false;
            path.pop();
        }
        if path.is_empty() && node.parent != ROOT {
            return wrong("a set that does not stand below the set it extends");
        }
        if node.item as usize >= n_items || on_path[node.item as usize] {
            return wrong("a set with an unknown or repeated item");
        }
        let parent = path.last().map(|&last| nodes[last as usize]);
        if ordered && parent.is_some_and(|parent| parent.item <= node.item) {
            return wrong("a set with its items out of order");
        }
        let most = parent.map_or(n_baskets, |p| if p.count == 0 { n_baskets } else { p.count.into() });
        if u64::from(node.count) > most {
            return wrong("a set in more baskets than a part of it");
        }
        on_path[node.item as usize] = true;
        path.push(place);
    }
    Ok(())
}

/// The children of each node, for walks from the root.
#[derive(Debug, Clone)]
pub(in crate::association) struct Children {
    starts: Vec<u32>,
    children: Vec<u32>,
}

impl Children {
    /// Counting sort by parent; the root comes last. Siblings keep their order, which ascends by item.
    pub(in crate::association) fn new(nodes: &[Node], watch: &dyn Watch) -> Result<Self> {
        let slot = |parent: u32| if parent == ROOT { nodes.len() } else { parent as usize };
        let mut starts = vec![0_u32; nodes.len() + 2];
        for (done, node) in nodes.iter().enumerate() {
            if done % STRIDE == 0 {
                watch.check()?;
            }
            starts[slot(node.parent) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut children = vec![0; nodes.len()];
        for (child, node) in nodes.iter().enumerate() {
            if child % STRIDE == 0 {
                watch.check()?;
            }
            let place = &mut next[slot(node.parent)];
            children[*place as usize] = child as u32;
            *place += 1;
        }
        Ok(Self { starts, children })
    }

    /// The node that adds an item to a node, or to the root.
    pub(in crate::association) fn child(&self, nodes: &[Node], parent: u32, item: u32) -> Option<u32> {
        let slot = if parent == ROOT { nodes.len() } else { parent as usize };
        let children = &self.children[self.starts[slot] as usize..self.starts[slot + 1] as usize];
        // All single items are children of the root: there the place is the item.
        if let Some(&child) = children.get(item as usize)
            && nodes[child as usize].item == item
        {
            return Some(child);
        }
        let place = children.binary_search_by_key(&item, |&child| nodes[child as usize].item).ok()?;
        Some(children[place])
    }

    /// The node of a set whose items are given in descending order.
    pub(in crate::association) fn find(
        &self,
        nodes: &[Node],
        descending: impl IntoIterator<Item = u32>,
    ) -> Option<u32> {
        let mut node = ROOT;
        for item in descending {
            node = self.child(nodes, node, item)?;
        }
        (node != ROOT).then_some(node)
    }
}
