//! The nodes of a trie, as several workers wrote them: put together when they are first read as a whole.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::trie::{Node, ROOT};
use crate::association::miner::FlatSets;

/// What one worker found.
#[derive(Debug, Default)]
pub(in crate::association) struct Part {
    pub nodes: Vec<Node>,
    /// Each item it searched, and where its nodes end.
    pub ends: Vec<(usize, usize)>,
    /// Each item it searched and its sets, for maximal sets.
    pub sets: Vec<(usize, FlatSets)>,
    /// Each item it searched and how many sets of each length it has, where they are only counted.
    pub lengths: Vec<(usize, Vec<u64>)>,
}

impl Part {
    /// Drops what was found for an item and those after it.
    pub(in crate::association) fn cut(&mut self, end: usize) {
        self.ends.retain(|&(item, _)| item < end);
        self.sets.retain(|&(item, _)| item < end);
        self.lengths.retain(|&(item, _)| item < end);
        // A worker takes items in their order, so that those left stand first.
        let kept = self.ends.last().map_or(0, |&(_, end)| end);
        self.nodes.truncate(kept);
        // What the array has to spare is given back before all are put together.
        self.nodes.shrink_to_fit();
    }
}

/// The nodes of a trie in order.
#[derive(Debug, Default)]
pub(in crate::association) struct Nodes {
    parts: Mutex<Vec<Part>>,
    first: Vec<Node>,
    all: OnceLock<Vec<Node>>,
    len: usize,
}

impl Clone for Nodes {
    fn clone(&self) -> Self {
        self.as_slice().to_vec().into()
    }
}

impl PartialEq for Nodes {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl From<Vec<Node>> for Nodes {
    fn from(nodes: Vec<Node>) -> Self {
        let len = nodes.len();
        Self { all: OnceLock::from(nodes), len, ..Self::default() }
    }
}

impl Nodes {
    /// The tries of all parts in the order of their items, below a set of items that begin all sets, with its count.
    pub(in crate::association) fn joined(mut parts: Vec<Part>, first: (&[u32], u32)) -> Self {
        let mut nodes = Vec::new();
        for (&item, parent) in first.0.iter().zip(std::iter::once(ROOT).chain(0..)) {
            nodes.push(Node { parent, item, count: 0 });
        }
        if let Some(last) = nodes.last_mut() {
            last.count = first.1;
        }
        let len = nodes.len() + parts.iter().map(|part| part.nodes.len()).sum::<usize>();
        if nodes.is_empty() && parts.len() == 1 {
            return parts.pop().map(|part| part.nodes).unwrap_or_default().into();
        }
        Self { parts: Mutex::new(parts), first: nodes, all: OnceLock::new(), len }
    }

    pub(in crate::association) fn len(&self) -> usize {
        self.len
    }

    /// Whether some nodes may be no sets of their own.
    pub(in crate::association) fn has_steps(&self) -> bool {
        !self.first.is_empty() || self.all.get().is_some_and(|all| all.iter().any(|node| node.count == 0))
    }

    pub(in crate::association) fn as_slice(&self) -> &[Node] {
        self.all.get_or_init(|| {
            let parts = std::mem::take(&mut *self.parts.lock().unwrap_or_else(PoisonError::into_inner));
            let mut segments: Vec<(usize, usize, &[Node])> = Vec::new();
            for part in &parts {
                let mut start = 0;
                for &(item, end) in &part.ends {
                    segments.push((item, start, &part.nodes[start..end]));
                    start = end;
                }
            }
            segments.sort_unstable_by_key(|&(item, ..)| item);
            let mut all = Vec::with_capacity(self.len);
            all.extend_from_slice(&self.first);
            let root = if all.is_empty() { ROOT } else { all.len() as u32 - 1 };
            for (_, start, segment) in segments {
                let shift = (all.len() as u32).wrapping_sub(start as u32);
                all.extend(segment.iter().map(|node| Node {
                    parent: if node.parent == ROOT { root } else { node.parent.wrapping_add(shift) },
                    ..*node
                }));
            }
            all
        })
    }
}
