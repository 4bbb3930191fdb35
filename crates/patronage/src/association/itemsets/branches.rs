//! The children of each set with their items side by side: for look-ups by the million.

use super::trie::{Node, ROOT};
use crate::error::Result;
use crate::watch::Watch;

/// Nodes between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// For each node its children, and last those of the root, by ascending item.
#[derive(Debug, Clone, Default)]
pub(in crate::association) struct Branches {
    starts: Vec<u32>,
    items: Vec<u32>,
    nodes: Vec<u32>,
}

impl Branches {
    /// Counting sort by parent.
    pub(in crate::association) fn new(nodes: &[Node], watch: &dyn Watch) -> Result<Self> {
        let slot = |parent: u32| if parent == ROOT { nodes.len() } else { parent as usize };
        let mut starts = vec![0_u32; nodes.len() + 2];
        for part in nodes.chunks(STRIDE) {
            watch.check()?;
            part.iter().for_each(|node| starts[slot(node.parent) + 1] += 1);
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let (mut items, mut children) = (vec![0; nodes.len()], vec![0; nodes.len()]);
        for (child, node) in (0..).zip(nodes) {
            if (child as usize).is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let place = &mut next[slot(node.parent)];
            items[*place as usize] = node.item;
            children[*place as usize] = child;
            *place += 1;
        }
        Ok(Self { starts, items, nodes: children })
    }

    /// The children of a node, or of the root: their items, and their nodes.
    #[inline]
    pub(in crate::association) fn of(&self, parent: u32) -> (&[u32], &[u32]) {
        let slot = if parent == ROOT { self.starts.len() - 2 } else { parent as usize };
        let range = self.starts[slot] as usize..self.starts[slot + 1] as usize;
        (&self.items[range.clone()], &self.nodes[range])
    }

    /// The node that adds an item to a node, or to the root.
    #[inline]
    pub(in crate::association) fn child(&self, parent: u32, item: u32) -> Option<u32> {
        let (items, nodes) = self.of(parent);
        // All single items are children of the root: there the place is the item.
        if parent == ROOT && items.get(item as usize) == Some(&item) {
            return Some(nodes[item as usize]);
        }
        items.binary_search(&item).ok().map(|place| nodes[place])
    }

    /// The node of a set whose items are given in descending order; the root for the empty set.
    pub(in crate::association) fn find(&self, descending: impl IntoIterator<Item = u32>) -> Option<u32> {
        descending.into_iter().try_fold(ROOT, |node, item| self.child(node, item))
    }
}
