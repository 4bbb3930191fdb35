//! Maximal sets: candidates from a walk over closed sets that skips what is covered already, then one sift.

use std::ops::Range;

use super::masks::{WIDTH, bit, bits};
use super::task::{FlatSets, Stop, Task};
use crate::error::Result;
use crate::watch::Watch;

/// A conditional database below a fixed set of items, and the largest sets found in it so far.
pub(super) struct Below<'a> {
    /// The fixed items.
    pub path: &'a [u32],
    pub names: &'a [u32; WIDTH],
    /// The sets found, without the fixed items.
    pub found: Vec<u64>,
}

impl Below<'_> {
    fn covers(&self, set: u64) -> bool {
        self.found.iter().any(|found| set & !found == 0)
    }
}

impl Task<'_> {
    /// Writes the sets that have no frequent superset below `below.path`, each containing `chosen`.
    pub(super) fn maximal(
        &mut self,
        below: &mut Below<'_>,
        rows: Range<usize>,
        inner: u64,
        counts: &[u32; WIDTH],
        chosen: u64,
    ) -> std::result::Result<(), Stop> {
        // The least frequent items first: their branches hold the larger sets.
        let mut left = inner;
        while left != 0 {
            if below.covers(chosen | left) {
                return Ok(());
            }
            let t = WIDTH - 1 - left.trailing_zeros() as usize;
            left &= !bit(t);
            self.tick(rows.len() + below.found.len())?;
            let Some(closure) = self.close(rows.clone(), t, counts[t]) else { continue };
            let set = chosen | closure.added;
            // All that may be added, at once: if that is frequent, nothing else of this branch is maximal.
            let all: u32 = self.rows[closure.start..]
                .iter()
                .filter(|row| closure.inner & !row.mask == 0)
                .map(|row| row.weight)
                .sum();
            if closure.inner == 0 {
                self.candidate(below, set, counts[t]);
            } else if all >= self.search.min_count {
                self.candidate(below, set | closure.inner, all);
            } else {
                let child_rows = closure.start..self.rows.len();
                self.maximal(below, child_rows, closure.inner, &closure.counts, set)?;
            }
            self.rows.truncate(closure.start);
        }
        Ok(())
    }

    fn candidate(&mut self, below: &mut Below<'_>, set: u64, count: u32) {
        if !below.covers(set) {
            below.found.push(set);
            self.emit_flat(below.path.iter().copied().chain(bits(set).map(|t| below.names[t])), count);
        }
    }
}

/// The sets that no other set contains, each with its items in descending order, in lexicographic order.
pub(super) fn sift(parts: &[FlatSets], n_items: usize, watch: &dyn Watch) -> Result<Vec<(Vec<u32>, u32)>> {
    let mut sets: Vec<(Vec<u32>, u32)> =
        parts.iter().flat_map(FlatSets::iter).map(|(items, count)| (items.to_vec(), count)).collect();
    sets.iter_mut().for_each(|(items, _)| items.sort_unstable_by(|a, b| b.cmp(a)));
    sets.sort_unstable_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    // For each item the kept sets that hold it; larger sets come first, so a set's supersets are all kept before.
    let mut holding: Vec<Vec<u32>> = vec![Vec::new(); n_items];
    let mut kept: Vec<(u64, Vec<u32>, u32)> = Vec::new();
    for (done, (items, count)) in sets.into_iter().enumerate() {
        if done % 256 == 0 {
            watch.check()?;
        }
        let sketch = items.iter().fold(0, |sketch, item| sketch | 1_u64 << (item % 64));
        let rarest = items.iter().map(|&item| &holding[item as usize]).min_by_key(|sets| sets.len());
        let covered = rarest.into_iter().flatten().any(|&place| {
            let (other, superset, _) = &kept[place as usize];
            sketch & !other == 0 && contains(superset, &items)
        });
        if !covered {
            items.iter().for_each(|&item| holding[item as usize].push(kept.len() as u32));
            kept.push((sketch, items, count));
        }
    }
    let mut sets: Vec<(Vec<u32>, u32)> = kept.into_iter().map(|(_, items, count)| (items, count)).collect();
    sets.sort_unstable();
    Ok(sets)
}

/// Whether one set of descending items contains another.
fn contains(superset: &[u32], set: &[u32]) -> bool {
    let mut rest = superset.iter();
    set.iter().all(|item| rest.any(|other| other == item))
}
