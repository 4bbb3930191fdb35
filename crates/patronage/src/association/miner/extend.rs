//! One step of the search over packed rows: add an item, count what stands with it, and make the database of what may
//! be added next ("occurrence deliver": only the rows that hold the item are read).

use std::hint::black_box;
use std::ops::Range;

use super::columns::columns_pay;
use super::frequent::table_pays;
use super::masks::{MaskRow, WIDTH, above, bit};
use super::maximal::Below;
use super::pairs::{self, Candidates, Pairs};
use super::prepare::{Prepared, Shape};
use super::rows::{Cell, Rows};
use super::task::{Stop, Task};
use crate::association::Kind;
use crate::association::itemsets::trie::ROOT;

/// Cells read between two looks at the watch.
const TICK: usize = 1 << 14;

/// How many rows ahead are touched.
const AHEAD: usize = 6;

/// A database still to be searched, and the set that its sets extend.
struct Frame<C> {
    rows: Rows<C>,
    pairs: Pairs,
    next: usize,
    prefix: Prefix,
}

/// A set to be extended.
#[derive(Clone)]
pub(super) struct Prefix {
    pub node: u32,
    /// Its items, kept only where the sets are written flat.
    pub path: Vec<u32>,
    /// How many items may still be added.
    pub room: usize,
}

impl Task<'_> {
    /// The set of the items that begin every set.
    pub(super) fn root(&self, first: &[u32]) -> Prefix {
        // Longer sets decide which shorter ones are maximal: there the length is limited at the end.
        let limit = if self.search.kind == Kind::Maximal { usize::MAX } else { self.search.max_length };
        // Where sets are counted, a node stands for the length of its set less 1.
        let node = if self.search.counting { (first.len() as u32).wrapping_sub(1) } else { ROOT };
        Prefix { node, path: first.to_vec(), room: limit.saturating_sub(first.len()) }
    }

    /// Writes every set whose least frequent item is `item`.
    pub(super) fn search_item<C: Cell>(
        &mut self,
        prepared: &Prepared<C>,
        item: usize,
        prefix: &Prefix,
    ) -> Result<(), Stop> {
        if prefix.room == 0 {
            return Ok(());
        }
        match &prepared.shape {
            Shape::Masks(rows) => self.search_mask(prepared, 0..rows.len(), item, prefix),
            Shape::Rows(rows, pairs) => match pairs.of(item) {
                Some(pairs) => self.search_pairs(pairs, prepared.names[item], prepared.counts[item], prefix),
                None => self.search_rows(rows, item, prefix),
            },
        }
    }

    /// The same where all rows are masks.
    fn search_mask<C>(
        &mut self,
        prepared: &Prepared<C>,
        rows: Range<usize>,
        item: usize,
        prefix: &Prefix,
    ) -> Result<(), Stop> {
        self.related = self.search.related.masks(&prepared.names);
        let (names, counts) = (padded(&prepared.names), padded(&prepared.counts));
        match self.search.kind {
            Kind::Closed => self.closed_with(item, &names, rows, counts[item], prefix.node, prefix.room),
            Kind::Maximal => {
                let below = &mut Below { path: &prefix.path, names: &names, found: Vec::new() };
                self.maximal_with(item, below, rows, counts[item], 0)
            }
            Kind::Frequent | Kind::Generators => {
                self.frequent_with(item, &names, rows, u64::MAX, &counts, prefix.node, prefix.room)
            }
        }
    }

    /// The same where the pairs were counted.
    fn search_pairs(
        &mut self,
        pairs: &Candidates,
        name: u32,
        support: u32,
        prefix: &Prefix,
    ) -> Result<(), Stop> {
        let Some(prefix) = self.write(prefix, &[name], support, false) else { return Ok(()) };
        if prefix.room == 0 {
            return Ok(());
        }
        if prefix.room == 1 || pairs.names.len() == 1 {
            self.emit_each(prefix.node, &pairs.names, &pairs.counts);
            return Ok(());
        }
        let start = self.rows.len();
        self.rows.extend(pairs.masks.iter().map(|&mask| MaskRow { mask, weight: 1 }));
        self.search_masks(start, &pairs.names, &pairs.counts, pairs.names.len(), &prefix)
    }

    /// The same in rows. Depth is a stack of our own: a long chain of baskets cannot overflow the thread's.
    fn search_rows<C: Cell>(&mut self, root: &Rows<C>, item: usize, prefix: &Prefix) -> Result<(), Stop> {
        let mut stack = Vec::new();
        stack.extend(self.extend(root, item, prefix)?);
        while let Some(frame) = stack.last_mut() {
            if frame.next == frame.rows.inner {
                stack.pop();
                continue;
            }
            let item = frame.next;
            frame.next += 1;
            let Frame { rows, pairs, prefix, .. } = frame;
            if let Some(pairs) = pairs.of(item) {
                self.search_pairs(pairs, rows.names[item], rows.counts[item], prefix)?;
            } else {
                let child = self.extend(rows, item, prefix)?;
                stack.extend(child);
            }
        }
        Ok(())
    }

    /// Writes the set with `item` added and, as long as masks are wide enough, all that extend it; otherwise
    /// returns the database of those.
    fn extend<C: Cell>(
        &mut self,
        parent: &Rows<C>,
        item: usize,
        prefix: &Prefix,
    ) -> Result<Option<Frame<C>>, Stop> {
        if prefix.room == 0 {
            return Ok(None);
        }
        let closures = self.search.closures();
        let support = parent.counts[item];
        let touched = self.count(parent, item)?;
        let (mut closure, mut candidates) = (vec![parent.names[item]], Vec::new());
        let mut reached_elsewhere = false;
        let most = self.search.most(support);
        for &other in &touched {
            let count = self.counts[other as usize];
            if closures && count == support {
                reached_elsewhere |= other as usize > item;
                closure.push(parent.names[other as usize]);
            } else if count >= self.search.min_count
                && count <= most
                && !self.search.related.holds(parent.names[item], parent.names[other as usize])
            {
                candidates.push(other);
            }
        }
        let inner = candidates.partition_point(|&other| (other as usize) < item);
        let names: Vec<u32> = candidates.iter().map(|&other| parent.names[other as usize]).collect();
        let counts: Vec<u32> = candidates.iter().map(|&other| self.counts[other as usize]).collect();
        touched.iter().for_each(|&other| self.counts[other as usize] = 0);
        if reached_elsewhere {
            return Ok(None);
        }
        let Some(prefix) = self.write(prefix, &closure, support, inner == 0) else { return Ok(None) };
        if inner == 0 || prefix.room == 0 {
            return Ok(None);
        }
        if (prefix.room == 1 || candidates.len() == 1) && !closures {
            self.emit_each(prefix.node, &names, &counts);
            return Ok(None);
        }
        if candidates.len() <= WIDTH {
            let start = self.rows.len();
            self.deliver_masks(parent, item, &candidates);
            self.search_masks(start, &names, &counts, inner, &prefix)?;
            return Ok(None);
        }
        let mut rows = self.deliver_rows(parent, item, &candidates, Rows::new(names, counts, inner));
        let n_pairs = if closures { 0 } else { inner.min(pairs::MAX_ITEMS) };
        let search = self.search;
        let range = |support| search.min_count..=search.most(support);
        let pairs = Pairs::new(&rows, n_pairs, 1, range, &search.related, search.watch)
            .map_err(|_| Stop::Cancelled)?;
        rows.index(|item| pairs.of(item).is_none(), !closures);
        Ok(Some(Frame { rows, pairs, next: 0, prefix }))
    }

    /// Counts the items of the rows that hold `item`; returns those that occur, ascending. Items that came before
    /// matter only where closures do.
    fn count<C: Cell>(&mut self, parent: &Rows<C>, item: usize) -> Result<Vec<u32>, Stop> {
        let closures = self.search.closures();
        let (mut cells, mut looked) = (0, 0);
        let places = parent.places(item);
        let mut touched = 0;
        for (visit, &place) in places.iter().enumerate() {
            touched ^= parent.touch(places.get(visit + AHEAD).copied());
            let counts = &mut self.counts;
            parent.others(place, closures).for_each(|cell| {
                counts[cell.at()] += 1;
                cells += 1;
            });
            if cells - looked > TICK {
                self.tick(cells - looked)?;
                looked = cells;
            }
        }
        black_box(touched);
        self.tick(cells - looked)?;
        let end = if closures { parent.names.len() } else { item };
        if end <= 8 * cells {
            let found = (0..).zip(&self.counts[..end]).filter(|&(_, &count)| count > 0);
            return Ok(found.map(|(other, _)| other).collect());
        }
        // Few cells among many items: those are read once more instead.
        let mut touched: Vec<u32> = Vec::with_capacity(cells);
        for &place in parent.places(item) {
            touched.extend(parent.others(place, closures).map(|cell| cell.at() as u32));
        }
        touched.sort_unstable();
        touched.dedup();
        Ok(touched)
    }

    /// Writes a set, and says how it may be extended; `None` if it has too many items.
    fn write(&mut self, prefix: &Prefix, added: &[u32], support: u32, is_leaf: bool) -> Option<Prefix> {
        if added.len() > prefix.room {
            return None;
        }
        let mut extended = prefix.clone();
        extended.room -= added.len();
        if self.search.kind == Kind::Maximal {
            extended.path.extend(added);
            if is_leaf {
                self.emit_flat(extended.path.iter().copied(), support);
            }
        } else {
            extended.node = self.emit_chain(prefix.node, added, support);
        }
        Some(extended)
    }

    /// Pushes the rows that hold `item`, cut to the candidates, as bit masks. Where closures do not matter, rows of
    /// a single candidate, whose count is known, are left out.
    fn deliver_masks<C: Cell>(&mut self, parent: &Rows<C>, item: usize, candidates: &[u32]) {
        let closures = self.search.closures();
        for (local, &other) in candidates.iter().enumerate() {
            self.bits[other as usize] = bit(local);
        }
        let places = parent.places(item);
        let mut touched = 0;
        for (visit, &place) in places.iter().enumerate() {
            touched ^= parent.touch(places.get(visit + AHEAD).copied());
            let mask = parent.others(place, closures).fold(0, |mask, cell| mask | self.bits[cell.at()]);
            let needed = if closures { mask } else { mask & mask.wrapping_sub(1) };
            if needed != 0 {
                self.rows.push(MaskRow { mask, weight: 1 });
            }
        }
        black_box(touched);
        candidates.iter().for_each(|&other| self.bits[other as usize] = 0);
    }

    /// The rows that hold `item`, cut to the candidates.
    fn deliver_rows<C: Cell>(
        &mut self,
        parent: &Rows<C>,
        item: usize,
        candidates: &[u32],
        mut child: Rows<C>,
    ) -> Rows<C> {
        let closures = self.search.closures();
        // The place of each candidate in the child, plus one.
        candidates.iter().zip(1..).for_each(|(&other, place)| self.counts[other as usize] = place);
        let mut cells: Vec<C> = Vec::new();
        for &place in parent.places(item) {
            cells.clear();
            let locals = parent.others(place, closures).map(|cell| self.counts[cell.at()]);
            cells.extend(locals.filter(|&local| local > 0).map(|local| C::new(local - 1)));
            if closures {
                cells.sort_unstable_by(|a, b| b.cmp(a));
            }
            if cells.len() > 1 {
                child.push(&cells);
            }
        }
        candidates.iter().for_each(|&other| self.counts[other as usize] = 0);
        child
    }

    /// Searches the rows just delivered.
    fn search_masks(
        &mut self,
        start: usize,
        names: &[u32],
        counts: &[u32],
        inner: usize,
        prefix: &Prefix,
    ) -> Result<(), Stop> {
        self.related = self.search.related.masks(names);
        let (names, counts) = (padded(names), padded(counts));
        let inner = above(inner);
        if !self.search.closures()
            && self.related.is_empty()
            && !table_pays(inner.count_ones(), self.rows.len() - start)
            && columns_pay(&self.rows[start..], inner.count_ones())
        {
            let rows = start..self.rows.len();
            let result = self.frequent_by_columns(&names, rows, inner, &counts, prefix.node, prefix.room);
            self.rows.truncate(start);
            return result;
        }
        if self.search.closures() || !table_pays(inner.count_ones(), self.rows.len() - start) {
            self.merge(start, u64::MAX, inner);
        }
        let rows = start..self.rows.len();
        let result = match self.search.kind {
            Kind::Closed => self.closed(&names, rows, inner, &counts, prefix.node, prefix.room),
            Kind::Maximal => {
                let below = &mut Below { path: &prefix.path, names: &names, found: Vec::new() };
                self.maximal(below, rows, inner, &counts, 0)
            }
            Kind::Frequent | Kind::Generators => {
                self.frequent(&names, rows, inner, &counts, prefix.node, prefix.room)
            }
        };
        self.rows.truncate(start);
        result
    }
}

/// A value an item of a mask.
fn padded(values: &[u32]) -> [u32; WIDTH] {
    let mut all = [0; WIDTH];
    all.iter_mut().zip(values).for_each(|(place, &value)| *place = value);
    all
}
