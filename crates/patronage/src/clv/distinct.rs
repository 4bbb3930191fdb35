//! Rows that are alike, worked on once.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::math::ExactSum;
use crate::watch::Watch;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// A row as whole numbers in the order of its floats; −0 and 0 are alike.
fn key<const K: usize>(row: [f64; K]) -> [u64; K] {
    row.map(|value| {
        let bits = (value + 0.0).to_bits();
        if bits & SIGN == 0 { bits | SIGN } else { !bits }
    })
}

fn row<const K: usize>(key: [u64; K]) -> [f64; K] {
    key.map(|bits| f64::from_bits(if bits & SIGN == 0 { !bits } else { bits & !SIGN }))
}

const SIGN: u64 = 1 << 63;

/// The distinct rows of K columns of finite floats, and which of them each row is.
pub(super) struct Distinct<const K: usize> {
    rows: Vec<[u64; K]>,
    place: Vec<usize>,
}

impl<const K: usize> Distinct<K> {
    pub(super) fn of(columns: [&[f64]; K], watch: &dyn Watch) -> Result<Self> {
        let mut codes = FxHashMap::default();
        let mut rows = Vec::new();
        let mut place = Vec::with_capacity(columns.first().map_or(0, |column| column.len()));
        each_key(columns, watch, |key| {
            place.push(*codes.entry(key).or_insert_with(|| {
                rows.push(key);
                rows.len() - 1
            }));
        })?;
        Ok(Self { rows, place })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn row(&self, i: usize) -> [f64; K] {
        row(self.rows[i])
    }

    /// A value for every row from a value for every distinct row.
    pub(super) fn spread(&self, values: &[f64]) -> Vec<f64> {
        self.place.iter().map(|&i| values[i]).collect()
    }
}

/// The distinct rows in ascending order with the sum of their weights (how often each is there, if no weights are
/// given), whatever the order of the rows; rows without weight are left out.
pub(super) fn merged<const K: usize>(
    columns: [&[f64]; K],
    weights: Option<&[f64]>,
    watch: &dyn Watch,
) -> Result<Vec<([f64; K], f64)>> {
    let mut merged: Vec<([u64; K], f64)> = if let Some(weights) = weights {
        let Distinct { rows, place } = Distinct::of(columns, watch)?;
        let mut totals = vec![ExactSum::default(); rows.len()];
        for (i, &weight) in place.into_iter().zip(weights) {
            totals[i].add(weight)?;
        }
        let totals = totals.into_iter().map(ExactSum::to_f64);
        rows.into_iter().zip(totals).filter(|&(_, total)| total > 0.0).collect()
    } else {
        let mut counts: FxHashMap<[u64; K], u64> = FxHashMap::default();
        each_key(columns, watch, |key| *counts.entry(key).or_default() += 1)?;
        counts.into_iter().map(|(key, count)| (key, count as f64)).collect()
    };
    watch.check()?;
    merged.par_sort_unstable_by_key(|&(key, _)| key);
    Ok(merged.into_iter().map(|(key, total)| (row(key), total)).collect())
}

/// Calls with the key of every row.
fn each_key<const K: usize>(
    columns: [&[f64]; K],
    watch: &dyn Watch,
    mut call: impl FnMut([u64; K]),
) -> Result<()> {
    let count = columns.first().map_or(0, |column| column.len());
    for start in (0..count).step_by(STRIDE) {
        watch.check()?;
        for i in start..count.min(start + STRIDE) {
            call(key(columns.map(|column| column[i])));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;

    #[test]
    fn keys_are_in_the_order_of_floats() {
        let ascending = [-1e300, -2.0, -1e-310, 0.0, 1e-310, 0.5, 7.0, 1e300];
        assert!(ascending.windows(2).all(|pair| key([pair[0]]) < key([pair[1]])));
        assert!(ascending.iter().all(|&value| row(key([value])) == [value]));
        assert_eq!(key([-0.0]), key([0.0]));
    }

    #[test]
    fn rows_alike_are_merged_in_order() {
        let columns = [&[2.0, 0.0, 2.0, -0.0][..], &[1.0, 5.0, 1.0, 5.0]];
        let rows = Distinct::of(columns, &Unwatched).unwrap();
        assert_eq!(rows.spread(&[20.0, 0.0]), [20.0, 0.0, 20.0, 0.0]);
        assert_eq!(merged(columns, None, &Unwatched).unwrap(), [([0.0, 5.0], 2.0), ([2.0, 1.0], 2.0)]);
        let weights = [0.1, 0.0, 0.2, 0.0];
        assert_eq!(merged(columns, Some(&weights), &Unwatched).unwrap(), [([2.0, 1.0], 0.1 + 0.2)]);
    }
}
