//! Baskets as the search wants them: frequent items only, numbered from the most frequent one, equal baskets merged.

use super::database::{Database, Merger};
use crate::error::Result;
use crate::transactions::Baskets;
use crate::watch::Watch;

/// Baskets between two looks at the watch.
const STRIDE: usize = 1 << 13;

/// The database of all baskets, and the items that are in every basket if these are to stand apart.
pub(super) struct Prepared {
    pub database: Database,
    /// The code in the baskets of each frequent item.
    pub codes: Vec<u32>,
    /// How many of the most frequent items are in every basket and left out of the rows.
    pub in_all: usize,
}

/// Counts, numbers and packs. Items of equal frequency are numbered in the order of their labels.
pub(super) fn prepare(
    baskets: &Baskets,
    min_count: u32,
    apart_if_in_all: bool,
    watch: &dyn Watch,
) -> Result<Prepared> {
    let mut counts = vec![0_u32; baskets.labels().len()];
    for (done, basket) in baskets.iter().enumerate() {
        if done % STRIDE == 0 {
            watch.check()?;
        }
        basket.iter().for_each(|&code| counts[code as usize] += 1);
    }
    let mut codes: Vec<u32> =
        (0..).zip(&counts).filter(|&(_, &n)| n >= min_count).map(|(code, _)| code).collect();
    codes.sort_by_key(|&code| std::cmp::Reverse(counts[code as usize]));
    let in_all = if apart_if_in_all {
        codes.partition_point(|&code| counts[code as usize] as usize == baskets.len())
    } else {
        0
    };
    let searched = &codes[in_all..];
    let mut place = vec![u32::MAX; counts.len()];
    (0..).zip(searched).for_each(|(number, &code)| place[code as usize] = number);
    let mut merger = Merger::new(Database::new(
        (in_all as u32..codes.len() as u32).collect(),
        searched.iter().map(|&code| counts[code as usize]).collect(),
        searched.len(),
    ));
    for (done, basket) in baskets.iter().enumerate() {
        if done % STRIDE == 0 {
            watch.check()?;
        }
        let start = merger.database.cells.len();
        let places = basket.iter().map(|&code| place[code as usize]).filter(|&number| number != u32::MAX);
        merger.database.cells.extend(places);
        merger.database.cells[start..].sort_unstable();
        merger.close_row(start, 1);
    }
    let mut database = merger.database;
    database.index();
    Ok(Prepared { database, codes, in_all })
}
