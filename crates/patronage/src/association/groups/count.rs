//! The support of every set in every group.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::compare::Comparison;
use crate::association::itemsets::Itemsets;
use crate::error::Result;
use crate::transactions::{Baskets, Dictionary};
use crate::watch::Watch;

/// Baskets between two looks at the watch.
const STRIDE: usize = 1 << 12;

/// An item that is in none of the sets.
const NONE: u32 = u32::MAX;

/// The sets of all groups, counted in each.
pub(super) fn comparison(
    itemsets: &[Itemsets],
    baskets: &[&Baskets],
    watch: &dyn Watch,
) -> Result<Comparison> {
    let mut items = Dictionary::new("item");
    for id in itemsets.iter().flat_map(|sets| sets.items().iter()) {
        items.code_of(id)?;
    }
    let (labels, place) = items.clone().into_sorted();
    let number = |id| items.find(id).map(|code| place[code as usize]);
    let mut sets: FxHashSet<Vec<u32>> = FxHashSet::default();
    for (done, set) in itemsets.iter().flat_map(Itemsets::iter).enumerate() {
        if done % STRIDE == 0 {
            watch.check()?;
        }
        let mut numbers: Vec<u32> = set.items().into_iter().filter_map(number).collect();
        numbers.sort_unstable();
        sets.insert(numbers);
    }
    let mut sets: Vec<Vec<u32>> = sets.into_iter().collect();
    sets.sort_unstable();
    let columns = baskets.par_iter().map(|baskets| {
        let numbers: Vec<u32> = baskets.labels().iter().map(|id| number(id).unwrap_or(NONE)).collect();
        count(&sets, labels.len(), baskets, &numbers, watch)
    });
    let columns = columns.collect::<Result<Vec<Vec<u32>>>>()?;
    let counts = (0..sets.len()).flat_map(|set| columns.iter().map(move |column| column[set])).collect();
    let n_baskets = baskets.iter().map(|baskets| baskets.len() as u64).collect();
    Ok(Comparison::new(n_baskets, labels, &sets, counts))
}

/// In how many baskets each of the sets is; the sets are sorted, and of each other.
///
/// Sets that share their first items are counted together: one sweep over the baskets that hold these counts every
/// next item.
fn count(
    sets: &[Vec<u32>],
    n_items: usize,
    baskets: &Baskets,
    numbers: &[u32],
    watch: &dyn Watch,
) -> Result<Vec<u32>> {
    let (mut items, mut offsets) = (Vec::with_capacity(baskets.codes().len()), vec![0]);
    for (done, basket) in baskets.iter().enumerate() {
        if done % STRIDE == 0 {
            watch.check()?;
        }
        let start = items.len();
        items.extend(basket.iter().map(|&code| numbers[code as usize]).filter(|&item| item != NONE));
        if let Some(held) = items.get_mut(start..) {
            held.sort_unstable();
        }
        offsets.push(items.len());
    }
    let basket = |number: u32| &items[offsets[number as usize]..offsets[number as usize + 1]];
    let mut found = vec![0; sets.len()];
    let mut tally = vec![0_u32; n_items];
    // Sets with the same first `depth` items, and the baskets that hold these.
    let mut open = vec![(0..sets.len(), 0_usize, (0..baskets.len() as u32).collect::<Vec<u32>>())];
    while let Some((range, depth, holders)) = open.pop() {
        watch.check()?;
        for some in holders.chunks(STRIDE) {
            watch.check()?;
            some.iter().flat_map(|&number| basket(number)).for_each(|&item| tally[item as usize] += 1);
        }
        let mut start = range.start;
        while start < range.end {
            let Some(&item) = sets[start].get(depth) else {
                start += 1;
                continue;
            };
            let same = sets[start..range.end].partition_point(|set| set.get(depth) == Some(&item));
            let end = start + same;
            if sets[start].len() == depth + 1 {
                found[start] = tally[item as usize];
            }
            let longer = start + usize::from(sets[start].len() == depth + 1)..end;
            if !longer.is_empty() && tally[item as usize] > 0 {
                let with = |number: &u32| basket(*number).binary_search(&item).is_ok();
                open.push((longer, depth + 1, holders.iter().copied().filter(with).collect()));
            }
            start = end;
        }
        tally.fill(0);
    }
    Ok(found)
}
