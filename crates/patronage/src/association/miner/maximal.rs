//! Maximal sets: candidates from a walk over closed sets that skips what is covered already, then one sift.

use std::ops::Range;

use super::masks::{WIDTH, bit, bits};
use super::task::{FlatSets, Stop, Task};
use crate::association::itemsets::trie::{Node, ROOT};
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

/// The sets of at most `max_length` items that no other set contains, as a trie. Each part holds the sets of one
/// task: their least frequent item is the same, and grows from part to part.
pub(super) fn sift(
    mut parts: Vec<FlatSets>,
    n_items: usize,
    max_length: usize,
    watch: &dyn Watch,
) -> Result<Vec<Node>> {
    let mut sets: Vec<(&[u32], u32)> = Vec::new();
    for part in &mut parts {
        watch.check()?;
        part.sort_each();
        let start = sets.len();
        sets.extend(part.iter());
        sets[start..].sort_unstable();
    }
    let longest = sets.iter().map(|(items, _)| items.len()).max().unwrap_or(0);
    let mut by_length = vec![Vec::new(); longest + 1];
    (0_u32..).zip(&sets).for_each(|(place, (items, _))| by_length[items.len()].push(place));
    // For each item the kept sets that hold it; longer sets come first, so all supersets of a set come before it.
    let mut holding: Vec<Vec<u32>> = vec![Vec::new(); n_items];
    let mut is_kept = vec![false; sets.len()];
    let sketch = |items: &[u32]| items.iter().fold(0, |sketch, item| sketch | 1_u64 << (item % 64));
    let sketches: Vec<u64> = sets.iter().map(|(items, _)| sketch(items)).collect();
    for (done, &place) in by_length.iter().rev().flatten().enumerate() {
        if done % 256 == 0 {
            watch.check()?;
        }
        let (items, _) = sets[place as usize];
        let rarest = items.iter().map(|&item| &holding[item as usize]).min_by_key(|sets| sets.len());
        let covered = rarest.into_iter().flatten().any(|&other| {
            sketches[place as usize] & !sketches[other as usize] == 0
                && contains(sets[other as usize].0, items)
        });
        if !covered {
            is_kept[place as usize] = true;
            items.iter().for_each(|&item| holding[item as usize].push(place));
        }
    }
    let kept = sets.iter().zip(is_kept).filter(|((items, _), kept)| *kept && items.len() <= max_length);
    Ok(as_trie(kept.map(|(&set, _)| set)))
}

/// A trie of sets that are sorted, with their items in descending order.
fn as_trie<'a>(sets: impl Iterator<Item = (&'a [u32], u32)>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut path: Vec<(u32, u32)> = Vec::new();
    for (items, count) in sets {
        let shared = path.iter().zip(items).take_while(|((item, _), other)| item == *other).count();
        path.truncate(shared);
        for &item in &items[shared..] {
            let parent = path.last().map_or(ROOT, |&(_, node)| node);
            path.push((item, nodes.len() as u32));
            nodes.push(Node { parent, item, count: 0 });
        }
        if let Some(last) = nodes.last_mut() {
            last.count = count;
        }
    }
    nodes
}

/// Whether one set of descending items contains another.
fn contains(superset: &[u32], set: &[u32]) -> bool {
    let mut rest = superset.iter();
    set.iter().all(|item| rest.any(|other| other == item))
}
