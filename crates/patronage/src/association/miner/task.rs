//! What a worker of the search shares with the others, owns, and writes.

use super::ledger::{Amount, Ledger};
use super::masks::MaskRow;
use super::related::Related;
use crate::association::Kind;
use crate::association::itemsets::trie::Node;
use crate::watch::Watch;

/// Rows and sets between two looks at the watch.
const TICK: u64 = 1 << 15;

/// Why the search of an item ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The caller cancelled.
    Cancelled,
    /// A limit is passed: this item and the following ones are given up.
    Limited,
}

/// What all workers of a search have in common.
pub(super) struct Search<'a> {
    pub kind: Kind,
    pub min_count: u32,
    pub max_length: usize,
    /// Whether sets are only counted, by length. A node then stands for the length of its set.
    pub counting: bool,
    /// Shorter sets do not count.
    pub min_length: usize,
    /// Items that no set holds together.
    pub related: Related,
    pub ledger: Ledger,
    pub watch: &'a dyn Watch,
}

impl Search<'_> {
    /// Whether sets are closed, so that what came before an item matters.
    pub(super) fn closures(&self) -> bool {
        matches!(self.kind, Kind::Closed | Kind::Maximal)
    }

    /// The largest support of what extends a set: an extension of equal support is no generator.
    pub(super) fn most(&self, support: u32) -> u32 {
        if self.kind == Kind::Generators { support - 1 } else { u32::MAX }
    }
}

/// A worker: finds the sets whose least frequent item is the same, item by item.
pub(super) struct Task<'a> {
    pub search: &'a Search<'a>,
    /// The item searched.
    pub item: usize,
    /// How many sets of each length the item searched has, where they are only counted.
    pub lengths: Vec<u64>,
    /// The sets, as a trie.
    pub nodes: Vec<Node>,
    /// The sets, one after the other: for maximal sets, which are sifted once more.
    pub sets: FlatSets,
    /// A stack of conditional databases as bit masks.
    pub rows: Vec<MaskRow>,
    /// For each item of the masks those that no set holds beside it, if there are any.
    pub related: Vec<u64>,
    /// A stack of conditional databases as bit columns.
    pub columns: Vec<u64>,
    /// A counter for each combination of a few items.
    pub table: Vec<u32>,
    /// A counter for each item of a database.
    pub counts: Vec<u32>,
    /// The bit of each item of a database.
    pub bits: Vec<u64>,
    unreported: u64,
    /// The nodes that sets would take which are only counted.
    counted_nodes: u64,
    reported_bytes: u64,
    work: u64,
}

/// Sets in one array, with their supports.
#[derive(Debug, Default)]
pub(in crate::association) struct FlatSets {
    pub items: Vec<u32>,
    pub ends: Vec<usize>,
    pub counts: Vec<u32>,
}

impl FlatSets {
    fn bytes(&self) -> usize {
        size_of_val(&self.items[..]) + size_of_val(&self.ends[..]) + size_of_val(&self.counts[..])
    }

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
            item: 0,
            lengths: Vec::new(),
            nodes: Vec::new(),
            sets: FlatSets::default(),
            rows: Vec::new(),
            related: Vec::new(),
            columns: Vec::new(),
            table: Vec::new(),
            counts: vec![0; n_items],
            bits: vec![0; n_items],
            unreported: 0,
            counted_nodes: 0,
            reported_bytes: 0,
            work: 0,
        }
    }

    /// Writes a set: an item added to the set of another node.
    pub(super) fn emit(&mut self, parent: u32, item: u32, count: u32) -> u32 {
        if self.search.counting {
            return self.count_sets(parent.wrapping_add(1), 1);
        }
        self.unreported += 1;
        self.step(parent, item, count)
    }

    /// Writes a set for each item added to the set of another node.
    pub(super) fn emit_each(&mut self, parent: u32, items: &[u32], counts: &[u32]) {
        items.iter().zip(counts).for_each(|(&item, &count)| {
            self.emit(parent, item, count);
        });
    }

    /// Accounts for sets written elsewhere.
    pub(super) fn wrote(&mut self, sets: usize) {
        self.unreported += sets as u64;
    }

    /// Counts sets of one length: a node stands for the length less 1, so that the root stands for none.
    pub(super) fn count_sets(&mut self, last: u32, sets: u64) -> u32 {
        let length = last as usize + 1;
        if self.lengths.len() <= length {
            self.lengths.resize(length + 1, 0);
        }
        self.lengths[length] += sets;
        self.counted_nodes += sets;
        self.unreported += if length >= self.search.min_length { sets } else { 0 };
        last
    }

    fn step(&mut self, parent: u32, item: u32, count: u32) -> u32 {
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { parent, item, count });
        node
    }

    /// Writes a set that adds several items to the set of another node; the steps on the way are no sets.
    pub(super) fn emit_chain(&mut self, mut parent: u32, items: &[u32], count: u32) -> u32 {
        if self.search.counting {
            self.counted_nodes += items.len() as u64 - 1;
            return self.count_sets(parent.wrapping_add(items.len() as u32), 1);
        }
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
        self.work = 0;
        if self.search.watch.cancelled() {
            return Err(Stop::Cancelled);
        }
        let bytes = self.bytes();
        let new = Amount { sets: std::mem::take(&mut self.unreported), bytes: bytes - self.reported_bytes };
        self.reported_bytes = bytes;
        if self.search.ledger.add(self.item, new) { Ok(()) } else { Err(Stop::Limited) }
    }

    /// The memory that the sets take, or would take: twice their size, for an array grows by doubling, and the
    /// sets of all workers are copied together in the end.
    fn bytes(&self) -> u64 {
        let counted = self.counted_nodes * size_of::<Node>() as u64;
        2 * (counted + (size_of_val(&self.nodes[..]) + self.sets.bytes()) as u64)
    }

    /// Turns to an item; false if it is given up.
    pub(super) fn start(&mut self, item: usize) -> bool {
        self.item = item;
        self.unreported = 0;
        self.reported_bytes = self.bytes();
        self.search.ledger.start(item)
    }
}
