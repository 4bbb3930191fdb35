//! Itemsets by their definition, for baskets of integers: slow, and without a line of the library's search.

use std::collections::{BTreeMap, BTreeSet};

use patronage::association::{Itemsets, Kind};
use patronage::transactions::Id;

/// Sets of items in ascending order, and the baskets that hold each.
pub type Sets = BTreeMap<Vec<i64>, u64>;

/// All sets in at least so many baskets, grown item by item.
pub fn frequent(lists: &[Vec<i64>], min_count: u64) -> Sets {
    let rows: Vec<BTreeSet<i64>> = lists.iter().map(|list| list.iter().copied().collect()).collect();
    let mut sets = Sets::new();
    grow(&rows.iter().collect::<Vec<_>>(), &[], min_count, &mut sets);
    sets
}

fn grow(rows: &[&BTreeSet<i64>], set: &[i64], min_count: u64, sets: &mut Sets) {
    let behind = set.last().map_or(i64::MIN, |last| last + 1);
    let mut holding: BTreeMap<i64, Vec<&BTreeSet<i64>>> = BTreeMap::new();
    for row in rows {
        row.range(behind..).for_each(|&item| holding.entry(item).or_default().push(row));
    }
    for (item, rows) in holding.into_iter().filter(|(_, rows)| rows.len() as u64 >= min_count) {
        let larger = [set, &[item]].concat();
        grow(&rows, &larger, min_count, sets);
        sets.insert(larger, rows.len() as u64);
    }
}

/// Those of all frequent sets that are of a kind.
pub fn of_kind(kind: Kind, frequent: &Sets, n_baskets: usize) -> Sets {
    let mut left = frequent.clone();
    for (set, &count) in frequent {
        for place in 0..set.len() {
            let mut part = set.clone();
            part.remove(place);
            let matches = count == if part.is_empty() { n_baskets as u64 } else { frequent[&part] };
            match kind {
                Kind::Closed if matches => left.remove(&part),
                Kind::Maximal => left.remove(&part),
                Kind::Generators if matches => left.remove(set),
                _ => None,
            };
        }
    }
    left
}

/// What the library found. No set stands twice.
pub fn found(itemsets: &Itemsets) -> Sets {
    let sets: Sets = itemsets.iter().map(|set| (integers(set.items()), set.count())).collect();
    assert_eq!(sets.len(), itemsets.len(), "a set stands twice");
    sets
}

pub fn integers<'a>(ids: impl IntoIterator<Item = Id<'a>>) -> Vec<i64> {
    ids.into_iter()
        .map(|id| match id {
            Id::Int(item) => item,
            Id::Text(_) => unreachable!(),
        })
        .collect()
}
