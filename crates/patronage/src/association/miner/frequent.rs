//! All frequent sets of a conditional database of bit masks.

use std::ops::Range;

use super::masks::{WIDTH, above, bits, bits_back, frequent};
use super::task::{Stop, Task};
use crate::association::Kind;
use crate::association::itemsets::trie::Node;

/// The largest number of items counted by a table of all their combinations: 2^16 counters fit the second cache.
const TABLE_ITEMS: u32 = 16;

/// Whether to count all combinations of items at once instead of searching: always for a few, and as long as
/// the table is not much larger than the database.
pub(super) fn table_pays(n_items: u32, n_rows: usize) -> bool {
    n_items <= 8 || (n_items <= TABLE_ITEMS && (1_usize << n_items) <= 16 * n_rows)
}

impl Task<'_> {
    /// Writes every frequent set of `items` below a node, with at most `room` items.
    pub(super) fn frequent(
        &mut self,
        names: &[u32; WIDTH],
        rows: Range<usize>,
        items: u64,
        counts: &[u32; WIDTH],
        parent: u32,
        room: usize,
    ) -> Result<(), Stop> {
        if table_pays(items.count_ones(), rows.len()) && !self.some_related(items) {
            return self.frequent_by_table(names, rows, items, counts, parent, room);
        }
        for t in bits(items) {
            self.frequent_with(t, names, rows.clone(), items, counts, parent, room)?;
        }
        Ok(())
    }

    /// Those of them whose least frequent item is `t`.
    #[allow(clippy::too_many_arguments)] // the same database, and one of its items
    pub(super) fn frequent_with(
        &mut self,
        t: usize,
        names: &[u32; WIDTH],
        rows: Range<usize>,
        items: u64,
        counts: &[u32; WIDTH],
        parent: u32,
        room: usize,
    ) -> Result<(), Stop> {
        let node = self.emit(parent, names[t], counts[t]);
        let allowed = items & above(t) & !self.related.get(t).copied().unwrap_or(0);
        if room == 1 || allowed == 0 {
            return Ok(());
        }
        self.tick(rows.len())?;
        let start = self.rows.len();
        let child_counts = self.condition(rows, t, allowed, allowed);
        let most = self.search.most(counts[t]);
        let child_items = frequent(allowed, &child_counts, self.search.min_count..=most);
        if child_items != 0 {
            if !table_pays(child_items.count_ones(), self.rows.len() - start) {
                self.merge(start, child_items, child_items);
            }
            let child_rows = start..self.rows.len();
            self.frequent(names, child_rows, child_items, &child_counts, node, room - 1)?;
        }
        self.rows.truncate(start);
        Ok(())
    }

    /// Whether some of the items may not be together in a set.
    pub(super) fn some_related(&self, items: u64) -> bool {
        !self.related.is_empty() && bits_back(items).any(|t| self.related[t] & items != 0)
    }

    /// The same by counting all combinations of the items at once (the "k-items machine" of LCM: Uno, Kiyomi and
    /// Arimura 2005), here by sums over supersets.
    fn frequent_by_table(
        &mut self,
        names: &[u32; WIDTH],
        rows: Range<usize>,
        items: u64,
        counts: &[u32; WIDTH],
        parent: u32,
        room: usize,
    ) -> Result<(), Stop> {
        let mut place = [0_u32; WIDTH];
        let mut local_names = [0; TABLE_ITEMS as usize];
        for (local, t) in bits(items).enumerate() {
            place[t] = 1 << local;
            local_names[local] = names[t];
        }
        let n_items = items.count_ones() as usize;
        let size = 1 << n_items;
        self.tick(rows.len() + size / 16)?;
        let mut table = std::mem::take(&mut self.table);
        table.clear();
        table.resize(size, 0);
        for row in &self.rows[rows] {
            let index: u32 = bits_back(row.mask & items).map(|t| place[t]).sum();
            table[index as usize] += row.weight;
        }
        sum_over_supersets(&mut table);
        // Rows of a single item may be missing.
        bits(items).for_each(|t| table[place[t] as usize] = counts[t]);
        if self.search.counting {
            self.count_table(&table, parent, room);
        } else {
            let least = self.search.min_count;
            let strict = self.search.kind == Kind::Generators;
            let n_before = self.nodes.len();
            write_table(&mut self.nodes, &table, &local_names[..n_items], 0, (least, strict), parent, room);
            self.wrote(self.nodes.len() - n_before);
        }
        self.table = table;
        Ok(())
    }

    /// Counts the frequent sets of a table.
    fn count_table(&mut self, table: &[u32], parent: u32, room: usize) {
        let mut lengths = [0_u64; TABLE_ITEMS as usize + 1];
        if table.last().is_some_and(|&count| count >= self.search.min_count) {
            // All of them, then: binomial coefficients, each from the one before.
            lengths[0] = 1;
            let n_items = u64::from(table.len().trailing_zeros());
            for length in 1..=n_items {
                lengths[length as usize] = lengths[length as usize - 1] * (n_items + 1 - length) / length;
            }
        } else {
            for (set, &count) in table.iter().enumerate().skip(1) {
                lengths[set.count_ones() as usize] += u64::from(count >= self.search.min_count);
            }
        }
        for (length, &sets) in lengths.iter().enumerate().skip(1).take(room) {
            if sets > 0 {
                self.count_sets(parent.wrapping_add(length as u32), sets);
            }
        }
    }
}

/// Writes the frequent sets of a table that extend the combination `chosen` by the items of `names`: those in at least
/// so many baskets and, if `strict`, in fewer than the set they extend.
fn write_table(
    nodes: &mut Vec<Node>,
    table: &[u32],
    names: &[u32],
    chosen: usize,
    (least, strict): (u32, bool),
    parent: u32,
    room: usize,
) {
    for (local, &item) in names.iter().enumerate() {
        let set = chosen | 1 << local;
        let count = table[set];
        if count >= least && !(strict && chosen != 0 && count == table[chosen]) {
            let node = nodes.len() as u32;
            nodes.push(Node { parent, item, count });
            if local > 0 && room > 1 {
                write_table(nodes, table, &names[..local], set, (least, strict), node, room - 1);
            }
        }
    }
}

/// Turns the weight of each exact combination into the weight of all combinations that contain it.
fn sum_over_supersets(table: &mut [u32]) {
    let mut half = 1;
    while half < table.len() {
        for block in table.chunks_exact_mut(2 * half) {
            let (without, with) = block.split_at_mut(half);
            without.iter_mut().zip(with).for_each(|(a, b)| *a += *b);
        }
        half *= 2;
    }
}
