//! Customers in order of a value, with a sort that can be interrupted.

use std::cmp::Ordering;

use super::check::STRIDE;
use crate::error::Result;
use crate::transactions::Labels;
use crate::watch::Watch;

/// A value as an integer that sorts the same way, what decides among equals, and the row.
type Keyed = (u64, u32, u32);

/// Integers in the order of the floats they come from; both zeros are one.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The rows in ascending order of `value`, and where each run of equal values begins and ends.
pub(super) struct Order {
    sorted: Vec<Keyed>,
}

impl Order {
    /// Sorts the rows; equal values stand in order of row, or of `ranks` where given.
    pub fn ascending(
        values: impl Iterator<Item = f64>,
        ranks: Option<&[u32]>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let rank = |row: u32| ranks.map_or(row, |ranks| ranks[row as usize]);
        let mut sorted: Vec<Keyed> =
            values.zip(0u32..).map(|(value, row)| (key(value), rank(row), row)).collect();
        let mut spare = sorted.clone();
        sort(&mut sorted, &mut spare, &Keyed::cmp, watch)?;
        Ok(Self { sorted })
    }

    /// The runs of equal values in ascending order: place of the first (from 0) and the rows.
    pub fn runs(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = usize> + Clone)> {
        let mut place = 0;
        self.sorted.chunk_by(|a, b| a.0 == b.0).map(move |run| {
            let first = place;
            place += run.len();
            (first, run.iter().map(|&(.., row)| row as usize))
        })
    }
}

/// The place of each row when the rows stand in order of id (numeric, or by bytes).
pub(super) fn places(ids: &Labels, watch: &dyn Watch) -> Result<Vec<u32>> {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    let mut spare = order.clone();
    sort(&mut order, &mut spare, &|&a: &u32, &b: &u32| ids.get(a).cmp(&ids.get(b)), watch)?;
    for (place, &row) in (0u32..).zip(&order) {
        spare[row as usize] = place;
    }
    Ok(spare)
}

/// Merge sort over pieces that are short enough to be sorted between two looks at the watch.
fn sort<T: Copy + Send>(
    items: &mut [T],
    spare: &mut [T],
    compare: &(impl Fn(&T, &T) -> Ordering + Sync),
    watch: &dyn Watch,
) -> Result<()> {
    if items.len() <= STRIDE {
        watch.check()?;
        items.sort_unstable_by(compare);
        return Ok(());
    }
    let middle = items.len() / 2;
    {
        let (left, right) = items.split_at_mut(middle);
        let (left_spare, right_spare) = spare.split_at_mut(middle);
        let (a, b) = rayon::join(
            || sort(left, left_spare, compare, watch),
            || sort(right, right_spare, compare, watch),
        );
        a.and(b)?;
    }
    let (mut left, mut right) = (0, middle);
    for (done, slot) in spare.iter_mut().enumerate() {
        if done % STRIDE == 0 {
            watch.check()?;
        }
        let from_left =
            right == items.len() || (left < middle && compare(&items[left], &items[right]).is_le());
        let next = if from_left { &mut left } else { &mut right };
        *slot = items[*next];
        *next += 1;
    }
    items.copy_from_slice(spare);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::watch::Unwatched;
    use proptest::prelude::*;

    #[test]
    fn a_long_column_is_sorted_in_pieces() {
        let values: Vec<f64> = (0..300_000u64).map(|i| ((i * 7919) % 300_007) as f64 - 1e5).collect();
        let order = Order::ascending(values.iter().copied(), None, &Unwatched).unwrap();
        let rows: Vec<usize> = order.runs().flat_map(|(_, rows)| rows).collect();
        let mut expected: Vec<usize> = (0..values.len()).collect();
        expected.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        assert_eq!(rows, expected);
    }

    #[test]
    fn ids_decide_among_equals() {
        let ids = Labels::Texts(vec!["c".into(), "a".into(), "b".into()]);
        let places = places(&ids, &Unwatched).unwrap();
        assert_eq!(places, [2, 0, 1]);
        let order = Order::ascending([1.0, 1.0, 0.0].into_iter(), Some(&places), &Unwatched).unwrap();
        assert_eq!(order.runs().flat_map(|(_, rows)| rows).collect::<Vec<_>>(), [2, 1, 0]);
    }

    #[test]
    fn stops_when_asked() {
        struct Stop;
        impl Watch for Stop {
            fn cancelled(&self) -> bool {
                true
            }
        }
        assert_eq!(Order::ascending([1.0].into_iter(), None, &Stop).err(), Some(Error::Cancelled));
    }

    proptest! {
        #[test]
        fn runs_are_the_equal_values(values in prop::collection::vec(-3i8..3, 0..40)) {
            // −0 and 0 are equal.
            let values: Vec<f64> = values.iter().map(|&v| if v == 2 { -0.0 } else { f64::from(v) }).collect();
            let order = Order::ascending(values.iter().copied(), None, &Unwatched).unwrap();
            for (first, rows) in order.runs() {
                let value = values[rows.clone().next().unwrap()];
                prop_assert_eq!(first, values.iter().filter(|&&v| v < value).count());
                let equal: Vec<usize> = (0..values.len()).filter(|&i| values[i] == value).collect();
                prop_assert_eq!(rows.collect::<Vec<_>>(), equal);
            }
        }
    }
}
