//! One step of the search over a database of any number of items: add an item, and make the database of what may
//! be added next ("occurrence deliver": only the rows that hold the item are read).

use super::database::{Database, Merger};
use super::frequent::table_pays;
use super::masks::{MaskRow, WIDTH, above, bit};
use super::maximal::Below;
use super::task::{Stop, Task};
use crate::association::Kind;
use crate::association::itemsets::trie::ROOT;

/// A database still to be searched, and the set that its sets extend.
struct Frame {
    database: Database,
    next: usize,
    prefix: Prefix,
}

/// A set to be extended.
#[derive(Clone)]
pub(super) struct Prefix {
    node: u32,
    /// Its items, kept only where the sets are written flat.
    path: Vec<u32>,
    /// How many items may still be added.
    room: usize,
}

impl Task<'_> {
    /// Writes every set whose least frequent item is `item`. Depth is a stack of our own: a long chain of baskets
    /// cannot overflow the thread's.
    pub(super) fn run(&mut self, root: &Database, item: usize, path: &[u32]) -> Result<(), Stop> {
        // Longer sets decide which shorter ones are maximal: there the length is limited at the end.
        let limit = if self.search.kind == Kind::Maximal { usize::MAX } else { self.search.max_length };
        let room = limit.saturating_sub(path.len());
        let prefix = Prefix { node: ROOT, path: path.to_vec(), room };
        let mut stack = Vec::new();
        stack.extend(self.extend(root, item, &prefix)?);
        while let Some(frame) = stack.last_mut() {
            if frame.next == frame.database.inner {
                stack.pop();
                continue;
            }
            let item = frame.next;
            frame.next += 1;
            let child = self.extend(&frame.database, item, &frame.prefix)?;
            stack.extend(child);
        }
        self.report()
    }

    /// Writes the set with `item` added and, as long as masks are wide enough, all that extend it; otherwise
    /// returns the database of those.
    fn extend(&mut self, parent: &Database, item: usize, prefix: &Prefix) -> Result<Option<Frame>, Stop> {
        let kind = self.search.kind;
        let support = parent.counts[item];
        if prefix.room == 0 {
            return Ok(None);
        }
        let touched = self.count(parent, item)?;
        let (mut closure, mut candidates) = (vec![parent.names[item]], Vec::new());
        let mut reached_elsewhere = false;
        for &other in &touched {
            let count = self.counts[other as usize];
            if kind != Kind::Frequent && count == support {
                reached_elsewhere |= other as usize > item;
                closure.push(parent.names[other as usize]);
            } else if count >= self.search.min_count {
                candidates.push(other);
            }
        }
        let inner = candidates.partition_point(|&other| (other as usize) < item);
        let mut child = Database::new(
            candidates.iter().map(|&other| parent.names[other as usize]).collect(),
            candidates.iter().map(|&other| self.counts[other as usize]).collect(),
            inner,
        );
        touched.iter().for_each(|&other| self.counts[other as usize] = 0);
        if reached_elsewhere {
            return Ok(None);
        }
        let Some(prefix) = self.write(prefix, &closure, support, inner == 0) else { return Ok(None) };
        if inner == 0 || prefix.room == 0 {
            return Ok(None);
        }
        // The place of each candidate in the child, plus one.
        candidates.iter().zip(1..).for_each(|(&other, place)| self.counts[other as usize] = place);
        let narrow = candidates.len() <= WIDTH;
        if narrow {
            self.deliver_masks(parent, item);
        } else {
            child = self.deliver_rows(parent, item, child);
        }
        candidates.iter().for_each(|&other| self.counts[other as usize] = 0);
        if narrow {
            self.search_masks(&child, &prefix)?;
            return Ok(None);
        }
        child.index();
        Ok(Some(Frame { database: child, next: 0, prefix }))
    }

    /// Counts the items of the rows that hold `item`; returns those that occur, ascending. Items that came before
    /// matter only where closures do.
    fn count(&mut self, parent: &Database, item: usize) -> Result<Vec<u32>, Stop> {
        let outer_too = self.search.kind != Kind::Frequent;
        let mut touched = Vec::new();
        let mut cells = 0;
        for (row, items) in parent.holding(item) {
            for &other in items {
                if other as usize >= item {
                    if !outer_too {
                        break;
                    }
                    if other as usize == item {
                        continue;
                    }
                }
                let count = &mut self.counts[other as usize];
                if *count == 0 {
                    touched.push(other);
                }
                *count += row.weight;
            }
            cells += items.len();
            if cells > 1 << 14 {
                self.tick(std::mem::take(&mut cells))?;
            }
        }
        self.tick(cells)?;
        touched.sort_unstable();
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

    fn deliver_masks(&mut self, parent: &Database, item: usize) {
        for (row, items) in parent.holding(item) {
            let mask = items
                .iter()
                .map(|&other| self.counts[other as usize] as usize)
                .filter(|&place| place > 0)
                .fold(0, |mask, place| mask | bit(place - 1));
            if mask != 0 {
                self.rows.push(MaskRow { mask, weight: row.weight });
            }
        }
    }

    fn deliver_rows(&mut self, parent: &Database, item: usize, child: Database) -> Database {
        let mut child = Merger::new(child);
        for (row, items) in parent.holding(item) {
            let start = child.database.cells.len();
            let places = items.iter().map(|&other| self.counts[other as usize]).filter(|&place| place > 0);
            child.database.cells.extend(places.map(|place| place - 1));
            child.close_row(start, row.weight);
        }
        child.database
    }

    /// Searches the rows just delivered.
    fn search_masks(&mut self, child: &Database, prefix: &Prefix) -> Result<(), Stop> {
        let (mut names, mut counts) = ([0; WIDTH], [0; WIDTH]);
        names[..child.names.len()].copy_from_slice(&child.names);
        counts[..child.counts.len()].copy_from_slice(&child.counts);
        let inner = above(child.inner);
        if self.search.kind != Kind::Frequent || !table_pays(inner.count_ones(), self.rows.len()) {
            self.merge(0, u64::MAX, inner);
        }
        let rows = 0..self.rows.len();
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
        self.rows.clear();
        result
    }
}
