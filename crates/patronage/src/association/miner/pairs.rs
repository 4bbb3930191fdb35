//! All pairs of items counted in one pass over the rows, and the rows handed out to the items in another: where items
//! are few, this reads memory in order instead of jumping from row to row once for each item.

use std::ops::RangeInclusive;

use rayon::prelude::*;

use super::masks::{WIDTH, bit};
use super::related::Related;
use super::rows::{Cell, Rows};
use crate::error::Result;
use crate::watch::Watch;

/// The largest number of items: their pairs take 8 MB.
pub(super) const MAX_ITEMS: usize = 2048;
/// Pairs between two looks at the watch.
const TICK: usize = 1 << 20;
/// The place of an item that is no candidate; also the number of bits that places go up to.
const NONE: u8 = WIDTH as u8;

/// What may extend each of the most frequent items, and the rows that hold it as bit masks of that.
pub(super) struct Pairs(Vec<Candidates>);

/// The more frequent items that are with an item in enough rows.
#[derive(Default)]
pub(super) struct Candidates {
    pub names: Vec<u32>,
    pub counts: Vec<u32>,
    /// The rows with at least two of them, unless there are too many for a mask.
    pub masks: Vec<u64>,
}

impl Pairs {
    /// The pairs of the first `n_items` items, counted in several parts at once. What extends
    /// an item is in so many baskets as the range for its count allows.
    pub(super) fn new<C: Cell>(
        rows: &Rows<C>,
        n_items: usize,
        n_parts: usize,
        range: impl Fn(u32) -> RangeInclusive<u32>,
        related: &Related,
        watch: &dyn Watch,
    ) -> Result<Self> {
        if n_items == 0 {
            return Ok(Self(Vec::new()));
        }
        let parts = rows.split(n_parts);
        let counts = parts
            .par_iter()
            .map(|part| count(part, n_items, watch))
            .try_reduce_with(|mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                Ok(a)
            })
            .unwrap_or_else(|| Ok(Vec::new()))?;
        let mut places = vec![NONE; counts.len()];
        let mut items: Vec<Candidates> = Vec::with_capacity(n_items);
        for item in 0..n_items {
            let pairs = start(item)..start(item + 1);
            let mut found = Candidates::default();
            let range = range(rows.counts[item]);
            for ((other, &count), place) in (0..).zip(&counts[pairs.clone()]).zip(&mut places[pairs.clone()])
            {
                if range.contains(&count) && !related.holds(rows.names[item], rows.names[other]) {
                    *place = found.names.len().min(WIDTH) as u8;
                    found.names.push(rows.names[other]);
                    found.counts.push(count);
                }
            }
            if !(2..=WIDTH).contains(&found.names.len()) {
                places[pairs].fill(NONE);
            }
            items.push(found);
        }
        drop(counts);
        let masks: Vec<Vec<Vec<u64>>> =
            parts.par_iter().map(|part| deliver(part, n_items, &places, watch)).collect::<Result<_>>()?;
        for part in masks {
            for (item, masks) in items.iter_mut().zip(part) {
                if item.masks.is_empty() {
                    item.masks = masks;
                } else {
                    item.masks.extend(masks);
                }
            }
        }
        Ok(Self(items))
    }

    /// The memory they take.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|item| size_of_val(&item.masks[..])).sum()
    }

    /// What may extend an item, unless that must be looked for in the rows.
    pub(super) fn of(&self, item: usize) -> Option<&Candidates> {
        self.0.get(item).filter(|found| found.names.len() <= WIDTH)
    }
}

/// Where the pairs of an item with more frequent ones start.
fn start(item: usize) -> usize {
    item * item.saturating_sub(1) / 2
}

/// The cells of a row that stand for items below a bound.
fn below<C: Cell>(row: &[C], n_items: usize) -> &[C] {
    &row[row.iter().take_while(|cell| cell.at() >= n_items).count()..]
}

fn count<C: Cell>(cells: &[C], n_items: usize, watch: &dyn Watch) -> Result<Vec<u32>> {
    let mut counts = vec![0; start(n_items)];
    let mut work = 0;
    for row in cells.split(|&cell| cell == C::END) {
        let mut row = below(row, n_items);
        work += row.len() * row.len() + 1;
        if work > TICK {
            work = 0;
            watch.check()?;
        }
        while let Some((item, behind)) = row.split_first() {
            let pairs = &mut counts[start(item.at())..start(item.at() + 1)];
            behind.iter().for_each(|other| pairs[other.at()] += 1);
            row = behind;
        }
    }
    Ok(counts)
}

fn deliver<C: Cell>(cells: &[C], n_items: usize, places: &[u8], watch: &dyn Watch) -> Result<Vec<Vec<u64>>> {
    let mut bits = [0; WIDTH + 1];
    (0..WIDTH).for_each(|place| bits[place] = bit(place));
    let mut masks: Vec<Vec<u64>> = vec![Vec::new(); n_items];
    let mut work = 0;
    for row in cells.split(|&cell| cell == C::END) {
        let mut row = below(row, n_items);
        work += row.len() * row.len() + 1;
        if work > TICK {
            work = 0;
            watch.check()?;
        }
        while let Some((item, behind)) = row.split_first() {
            let places = &places[start(item.at())..start(item.at() + 1)];
            let bit_of = |other: &C| bits[usize::from(places[other.at()].min(NONE))];
            let mask = behind.iter().fold(0, |mask, other| mask | bit_of(other));
            if mask & mask.wrapping_sub(1) != 0 {
                masks[item.at()].push(mask);
            }
            row = behind;
        }
    }
    Ok(masks)
}
