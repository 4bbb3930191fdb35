//! Rows that are alike, worked on once.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::math::ExactSum;
use crate::watch::Watch;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// The distinct rows of K columns of finite floats, and which of them each row is.
pub(super) struct Distinct<const K: usize> {
    rows: Vec<[u64; K]>,
    place: Vec<usize>,
}

impl<const K: usize> Distinct<K> {
    pub(super) fn of(columns: [&[f64]; K], watch: &dyn Watch) -> Result<Self> {
        let count = columns.first().map_or(0, |column| column.len());
        let mut codes = FxHashMap::default();
        let mut rows = Vec::new();
        let mut place = Vec::with_capacity(count);
        for i in 0..count {
            if i % STRIDE == 0 {
                watch.check()?;
            }
            // −0 and 0 are alike.
            let key = columns.map(|column| (column[i] + 0.0).to_bits());
            place.push(*codes.entry(key).or_insert_with(|| {
                rows.push(key);
                rows.len() - 1
            }));
        }
        Ok(Self { rows, place })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn row(&self, i: usize) -> [f64; K] {
        self.rows[i].map(f64::from_bits)
    }

    /// A value for every row from a value for every distinct row.
    pub(super) fn spread(&self, values: &[f64]) -> Vec<f64> {
        self.place.iter().map(|&i| values[i]).collect()
    }

    /// The distinct rows in ascending order with the sum of their weights (how often each is there, if no
    /// weights are given), whatever the order of the rows; rows without weight are left out.
    pub(super) fn merged(self, weights: Option<&[f64]>, watch: &dyn Watch) -> Result<Vec<([f64; K], f64)>> {
        watch.check()?;
        let totals: Vec<f64> = if let Some(weights) = weights {
            let mut totals = vec![ExactSum::default(); self.rows.len()];
            for (&i, &weight) in self.place.iter().zip(weights) {
                totals[i].add(weight)?;
            }
            totals.into_iter().map(ExactSum::to_f64).collect()
        } else {
            let mut counts = vec![0_u64; self.rows.len()];
            self.place.iter().for_each(|&i| counts[i] += 1);
            counts.into_iter().map(|count| count as f64).collect()
        };
        let mut merged: Vec<_> =
            self.rows.into_iter().zip(totals).filter(|&(_, total)| total > 0.0).collect();
        watch.check()?;
        merged.par_sort_unstable_by(|(a, _), (b, _)| {
            let ascending = |a: &u64, b: &u64| f64::from_bits(*a).total_cmp(&f64::from_bits(*b));
            a.iter()
                .zip(b)
                .map(|(a, b)| ascending(a, b))
                .find(|o| o.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        Ok(merged.into_iter().map(|(row, total)| (row.map(f64::from_bits), total)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;

    #[test]
    fn rows_alike_are_merged_in_order() {
        let columns = [&[2.0, 0.0, 2.0, -0.0][..], &[1.0, 5.0, 1.0, 5.0]];
        let rows = Distinct::of(columns, &Unwatched).unwrap();
        assert_eq!(rows.spread(&[20.0, 0.0]), [20.0, 0.0, 20.0, 0.0]);
        assert_eq!(rows.merged(None, &Unwatched).unwrap(), [([0.0, 5.0], 2.0), ([2.0, 1.0], 2.0)]);
        let rows = Distinct::of(columns, &Unwatched).unwrap();
        let weights = [0.1, 0.0, 0.2, 0.0];
        assert_eq!(rows.merged(Some(&weights), &Unwatched).unwrap(), [([2.0, 1.0], 0.1 + 0.2)]);
    }
}
