//! Conditional databases of at most 64 items: a row is a bit mask with a weight.
//!
//! The most frequent item is the highest bit. What an item can be extended by stands in the bits above it, so
//! that rows sorted by value stay sorted when the bits below an item are cut off.

use std::ops::{Range, RangeInclusive};

use super::task::Task;

/// The largest number of items in a mask.
pub(super) const WIDTH: usize = 64;

/// Equal baskets of a conditional database.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaskRow {
    pub mask: u64,
    pub weight: u32,
}

/// The bit of item `t`.
pub(super) const fn bit(t: usize) -> u64 {
    (1 << (WIDTH - 1)) >> t
}

/// The bits of all items more frequent than `t`; with `t` the number of items, of all.
pub(super) fn above(t: usize) -> u64 {
    !u64::MAX.checked_shr(t as u32).unwrap_or(0)
}

/// The items of a mask, the most frequent first.
pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let t = mask.leading_zeros() as usize;
        mask &= !bit(t.min(WIDTH - 1));
        (t < WIDTH).then_some(t)
    })
}

/// The items of a mask, the least frequent first: a shorter chain of steps than [`bits`].
pub(super) fn bits_back(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let low = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (low < WIDTH).then(|| WIDTH - 1 - low)
    })
}

/// The items of a mask with a count in some range.
pub(super) fn frequent(mask: u64, counts: &[u32; WIDTH], range: RangeInclusive<u32>) -> u64 {
    bits_back(mask).filter(|&t| range.contains(&counts[t])).fold(0, |kept, t| kept | bit(t))
}

impl Task<'_> {
    /// Pushes the rows that hold item `t`, each cut to `keep`, and counts the items in them. Rows without any of
    /// the items `needed` are counted but not pushed.
    pub(super) fn condition(
        &mut self,
        parent: Range<usize>,
        t: usize,
        keep: u64,
        needed: u64,
    ) -> [u32; WIDTH] {
        let mut counts = [0; WIDTH];
        let wanted = bit(t);
        for place in parent {
            let row = self.rows[place];
            if row.mask & wanted == 0 {
                continue;
            }
            let mask = row.mask & keep;
            bits_back(mask).for_each(|t| counts[t] += row.weight);
            if mask & needed != 0 {
                self.rows.push(MaskRow { mask, ..row });
            }
        }
        counts
    }

    /// Cuts the rows from `start` on to the items `keep`, drops those without any of the items `inner`, and
    /// merges those that agree on `inner` into one row with what they have in common.
    pub(super) fn merge(&mut self, start: usize, keep: u64, inner: u64) {
        let rows = &mut self.rows[start..];
        rows.iter_mut().for_each(|row| row.mask &= keep);
        if !rows.is_sorted_by_key(|row| row.mask) {
            rows.sort_unstable_by_key(|row| row.mask);
        }
        let mut kept = 0;
        for place in 0..rows.len() {
            let row = rows[place];
            if row.mask & inner == 0 {
                continue;
            }
            if kept > 0 && (rows[kept - 1].mask ^ row.mask) & inner == 0 {
                rows[kept - 1].mask &= row.mask;
                rows[kept - 1].weight += row.weight;
            } else {
                rows[kept] = row;
                kept += 1;
            }
        }
        self.rows.truncate(start + kept);
    }
}
