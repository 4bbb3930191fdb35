//! Customers with the same values of some covariates.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::watch::Watch;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// The distinct values of some covariates in ascending order, and which of them each row has.
pub(in super::super) struct Groups {
    values: Vec<Vec<f64>>,
    /// The group of each row, as a column of floats; `None` if there are no covariates.
    of_row: Option<Vec<f64>>,
}

impl Groups {
    pub(in super::super) fn of(columns: &[&[f64]], rows: usize, watch: &dyn Watch) -> Result<Self> {
        if columns.is_empty() {
            return Ok(Self { values: vec![Vec::new()], of_row: None });
        }
        let mut codes: FxHashMap<Vec<u64>, usize> = FxHashMap::default();
        let mut values: Vec<Vec<f64>> = Vec::new();
        let mut place = Vec::with_capacity(rows);
        for i in 0..rows {
            if i % STRIDE == 0 {
                watch.check()?;
            }
            // −0 and 0 are alike.
            let row: Vec<f64> = columns.iter().map(|column| column[i] + 0.0).collect();
            let code = *codes.entry(row.iter().map(|value| value.to_bits()).collect()).or_insert_with(|| {
                values.push(row);
                values.len() - 1
            });
            place.push(code);
        }
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_unstable_by(|&a, &b| ascending(&values[a], &values[b]));
        let mut rank = vec![0.0; values.len()];
        order.iter().enumerate().for_each(|(position, &code)| rank[code] = position as f64);
        let of_row = Some(place.into_iter().map(|code| rank[code]).collect());
        Ok(Self { values: order.into_iter().map(|code| std::mem::take(&mut values[code])).collect(), of_row })
    }

    pub(in super::super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The group of each row; `None` if there are no covariates.
    pub(in super::super) fn column(&self) -> Option<&[f64]> {
        self.of_row.as_deref()
    }

    /// The covariates of a group.
    pub(in super::super) fn values(&self, group: f64) -> &[f64] {
        &self.values[group as usize]
    }

    /// The covariates of each group.
    pub(in super::super) fn into_values(self) -> Vec<Vec<f64>> {
        self.values
    }
}

fn ascending(a: &[f64], b: &[f64]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;

    #[test]
    fn groups_are_in_ascending_order_whatever_that_of_the_rows() {
        let groups = Groups::of(&[&[2.0, 1.0, 2.0, 0.0], &[5.0, 9.0, 4.0, -0.0]], 4, &Unwatched).unwrap();
        assert_eq!(groups.column(), Some(&[3.0, 1.0, 2.0, 0.0][..]));
        assert_eq!(groups.values(3.0), [2.0, 5.0]);
        assert_eq!(groups.into_values(), [[0.0, 0.0], [1.0, 9.0], [2.0, 4.0], [2.0, 5.0]]);
    }
}
