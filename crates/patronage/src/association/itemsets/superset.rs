//! The support of any frequent set from closed sets: that of its smallest closed superset.

use super::trie::{self, Node};
use crate::error::Result;
use crate::watch::Watch;

/// Sets between two looks at the watch.
const STRIDE: usize = 1 << 12;

/// For each item the closed sets that hold it, the most frequent sets first.
#[derive(Debug, Clone)]
pub(super) struct Supersets {
    /// The node of each set, by falling support.
    nodes: Vec<u32>,
    /// Places in `nodes`, item by item.
    holding: Vec<u32>,
    starts: Vec<usize>,
}

impl Supersets {
    pub(super) fn new(nodes: &[Node], n_items: usize, watch: &dyn Watch) -> Result<Self> {
        let mut order: Vec<u32> =
            (0..).zip(nodes).filter(|(_, node)| node.count > 0).map(|(n, _)| n).collect();
        order.sort_by_key(|&node| std::cmp::Reverse(nodes[node as usize].count));
        let mut starts = vec![0; n_items + 2];
        for (done, &node) in order.iter().enumerate() {
            if done % STRIDE == 0 {
                watch.check()?;
            }
            trie::path(nodes, node).for_each(|item| starts[item as usize + 2] += 1);
        }
        for place in 2..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut holding = vec![0; starts.last().copied().unwrap_or(0)];
        for (place, &node) in (0..).zip(&order) {
            if (place as usize).is_multiple_of(STRIDE) {
                watch.check()?;
            }
            for item in trie::path(nodes, node) {
                let next = &mut starts[item as usize + 1];
                holding[*next] = place;
                *next += 1;
            }
        }
        Ok(Self { nodes: order, holding, starts })
    }

    /// The node of the most frequent set that holds all the items given.
    pub(super) fn most_frequent(&self, set: &[u32]) -> Option<u32> {
        let mut lists: Vec<&[u32]> = set
            .iter()
            .map(|&i| &self.holding[self.starts[i as usize]..self.starts[i as usize + 1]])
            .collect();
        // Leapfrog: each list moves on to the place where the others stand, until all stand at the same.
        let (mut place, mut agreed) = (0, 0);
        while agreed < lists.len() {
            for list in &mut lists {
                *list = &list[list.partition_point(|&other| other < place)..];
                let first = *list.first()?;
                agreed = if first == place { agreed + 1 } else { 1 };
                place = first;
            }
        }
        self.nodes.get(place as usize).copied()
    }
}
