//! What a task of the search shares with the others, owns, and writes.

use std::sync::atomic::{AtomicU64, Ordering};

use super::masks::MaskRow;
use crate::association::Kind;
use crate::association::itemsets::trie::{Node, ROOT};
use crate::watch::Watch;

/// Rows and sets between two looks at the watch.
const TICK: u64 = 1 << 15;

/// Why a search ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The caller cancelled.
    Cancelled,
    /// More sets than allowed.
    Full,
}

/// What all tasks of a search have in common.
pub(super) struct Search<'a> {
    pub kind: Kind,
    pub min_count: u32,
    pub max_length: usize,
    pub max_itemsets: u64,
    pub found: AtomicU64,
    pub watch: &'a dyn Watch,
}

/// One task: the sets whose least frequent item is the same.
pub(super) struct Task<'a> {
    pub search: &'a Search<'a>,
    /// The sets, as a trie.
    pub nodes: Vec<Node>,
    /// The sets, one after the other: for maximal sets, which are sifted once more.
    pub sets: FlatSets,
    /// A stack of conditional databases as bit masks.
    pub rows: Vec<MaskRow>,
    /// A counter for each combination of a few items.
    pub table: Vec<u32>,
    /// A counter for each item of a database.
    pub counts: Vec<u32>,
    unreported: u64,
    work: u64,
}

/// Sets in one array, with their supports.
#[derive(Debug, Default)]
pub(super) struct FlatSets {
    pub items: Vec<u32>,
    pub ends: Vec<usize>,
    pub counts: Vec<u32>,
}

impl FlatSets {
    /// Puts the items of each set in descending order.
    pub(super) fn sort_each(&mut self) {
        let mut start = 0;
        for &end in &self.ends {
            self.items[start..end].sort_unstable_by(|a, b| b.cmp(a));
            start = end;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u32], u32)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .zip(&self.counts)
            .map(|((start, &end), &count)| (&self.items[start..end], count))
    }
}

impl<'a> Task<'a> {
    pub(super) fn new(search: &'a Search<'a>, n_items: usize) -> Self {
        Self {
            search,
            nodes: Vec::new(),
            sets: FlatSets::default(),
            rows: Vec::new(),
            table: Vec::new(),
            counts: vec![0; n_items],
            unreported: 0,
            work: 0,
        }
    }

    /// Writes a set: an item added to the set of another node.
    pub(super) fn emit(&mut self, parent: u32, item: u32, count: u32) -> u32 {
        self.unreported += 1;
        self.step(parent, item, count)
    }

    fn step(&mut self, parent: u32, item: u32, count: u32) -> u32 {
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { parent, item, count });
        node
    }

    /// Writes a set that adds several items to the set of another node; the steps on the way are no sets.
    pub(super) fn emit_chain(&mut self, mut parent: u32, items: &[u32], count: u32) -> u32 {
        if let [steps @ .., last] = items {
            for &item in steps {
                parent = self.step(parent, item, 0);
            }
            parent = self.emit(parent, *last, count);
        }
        parent
    }

    /// Writes a set for later sifting.
    pub(super) fn emit_flat(&mut self, items: impl IntoIterator<Item = u32>, count: u32) {
        self.unreported += 1;
        self.sets.items.extend(items);
        self.sets.ends.push(self.sets.items.len());
        self.sets.counts.push(count);
    }

    /// Accounts for work done, and looks now and then whether to go on.
    pub(super) fn tick(&mut self, work: usize) -> Result<(), Stop> {
        self.work += work as u64 + 1;
        if self.work + self.unreported < TICK {
            return Ok(());
        }
        self.report()
    }

    /// Looks whether to go on.
    pub(super) fn report(&mut self) -> Result<(), Stop> {
        let found = self.search.found.fetch_add(self.unreported, Ordering::Relaxed) + self.unreported;
        self.unreported = 0;
        self.work = 0;
        if self.search.watch.cancelled() {
            return Err(Stop::Cancelled);
        }
        // A node is addressed by 32 bits, of which the last value means the root.
        if found > self.search.max_itemsets || self.nodes.len() >= ROOT as usize {
            return Err(Stop::Full);
        }
        Ok(())
    }
}
