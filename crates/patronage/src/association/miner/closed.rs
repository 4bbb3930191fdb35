//! Closed sets of a conditional database of bit masks, by prefix-preserving closure extension (LCM: Uno, Asai,
//! Uchida and Arimura 2004): each closed set is reached from exactly one other, so none needs to be remembered.
//!
//! Beside the items that may still be added (`inner`), rows keep those that came before (`outer`): an outer item
//! in all rows of a set means that the set and all its extensions are reached elsewhere. Rows that agree on the
//! inner items are merged into one that keeps only the outer items they share.

use std::ops::Range;

use super::masks::{WIDTH, above, bit, bits, frequent};
use super::task::{Stop, Task};

/// A closure: the items it adds, and what may be added next.
pub(super) struct Closure {
    pub added: u64,
    pub inner: u64,
    pub counts: [u32; WIDTH],
    /// Its rows stand from here on.
    pub start: usize,
}

impl Task<'_> {
    /// The closure of a set with item `t` added, with its rows pushed; `None` if it is reached elsewhere.
    pub(super) fn close(&mut self, rows: Range<usize>, t: usize, support: u32) -> Option<Closure> {
        let in_all = self.rows[rows.clone()]
            .iter()
            .filter(|row| row.mask & bit(t) != 0)
            .fold(u64::MAX, |common, row| common & row.mask);
        if in_all & !above(t) != bit(t) {
            return None;
        }
        let start = self.rows.len();
        let keep = !in_all;
        let counts = self.condition(rows, t, keep, above(t));
        debug_assert!(bits(keep).all(|t| counts[t] < support));
        let keep = frequent(keep, &counts, self.search.min_count..=u32::MAX);
        let inner = keep & above(t);
        if inner != 0 {
            self.merge(start, keep, inner);
        }
        Some(Closure { added: in_all, inner, counts, start })
    }

    /// Writes every closed set below a node, adding at most `room` items.
    pub(super) fn closed(
        &mut self,
        names: &[u32; WIDTH],
        rows: Range<usize>,
        inner: u64,
        counts: &[u32; WIDTH],
        parent: u32,
        room: usize,
    ) -> Result<(), Stop> {
        for t in bits(inner) {
            self.closed_with(t, names, rows.clone(), counts[t], parent, room)?;
        }
        Ok(())
    }

    /// Those of them that are reached by adding `t`.
    pub(super) fn closed_with(
        &mut self,
        t: usize,
        names: &[u32; WIDTH],
        rows: Range<usize>,
        support: u32,
        parent: u32,
        room: usize,
    ) -> Result<(), Stop> {
        self.tick(rows.len())?;
        let Some(closure) = self.close(rows, t, support) else { return Ok(()) };
        let length = closure.added.count_ones() as usize;
        if length <= room {
            let mut added = [0; WIDTH];
            // The item itself comes first: it is the least frequent one.
            bits(closure.added).zip(added[..length].iter_mut().rev()).for_each(|(t, name)| *name = names[t]);
            let node = self.emit_chain(parent, &added[..length], support);
            if closure.inner != 0 && length < room {
                let child_rows = closure.start..self.rows.len();
                self.closed(names, child_rows, closure.inner, &closure.counts, node, room - length)?;
            }
        }
        self.rows.truncate(closure.start);
        Ok(())
    }
}
