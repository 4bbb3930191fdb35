//! Searches that would never end, and stored results that are none.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicU64, Ordering};

use patronage::association::{Baskets, Itemsets, Kind, Mine, Rules};
use patronage::{Error, Watch};

#[test]
fn too_many_itemsets_name_a_support_that_fits() {
    // 2^12 − 1 sets in 12 baskets, 2^18 − 1 in 6 of them.
    let lists = (0..12).map(|basket| (0..if basket < 6 { 18 } else { 12 }).collect::<Vec<i64>>());
    let baskets = Baskets::from_lists(lists).unwrap();
    let mine = Mine::new().max_itemsets(5_000);
    let error = mine.min_support(3).run(&baskets).unwrap_err().to_string();
    assert!(
        error.contains("passed the limit of 5000") && error.contains("a min_support of 7 baskets"),
        "{error}"
    );
    assert_eq!(mine.min_support(7).run(&baskets).unwrap().len(), (1 << 12) - 1);
    assert_eq!(mine.min_support(3).max_length(2).run(&baskets).unwrap().len(), 18 + 18 * 17 / 2);
    assert_eq!(mine.min_support(3).kind(Kind::Maximal).run(&baskets).unwrap().len(), 1);
}

/// Cancels at the n-th look.
struct Impatient(AtomicU64, u64);

impl Watch for Impatient {
    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= self.1
    }
}

#[test]
fn a_search_without_end_can_be_cancelled() {
    // 200 items, of which each basket lacks a few: the sets are beyond counting.
    let lists = (0..150_i64).map(|basket| (0..200).filter(move |item| (item * 7 + basket * 13) % 29 > 1));
    let baskets = Baskets::from_lists(lists).unwrap();
    for kind in Kind::ALL {
        let mine = Mine::new().kind(kind).min_support(20).max_itemsets(4_000_000_000);
        for looks in [0, 1, 2, 10, 50] {
            let watch = Impatient(AtomicU64::new(0), looks);
            assert_eq!(mine.run_watched(&baskets, &watch).unwrap_err(), Error::Cancelled);
        }
    }
    let itemsets = Mine::new().min_support(20).max_length(3).run(&baskets).unwrap();
    for looks in [0, 1, 10] {
        let watch = Impatient(AtomicU64::new(0), looks);
        assert_eq!(itemsets.rules().run_watched(&watch).unwrap_err(), Error::Cancelled);
    }
    let error = itemsets.rules().min_confidence(0.0).max_rules(1_000).run().unwrap_err();
    assert!(matches!(error, Error::LimitExceeded { limit: 1_000, .. }));
}

/// Each of 150 items is bought alone, and item j also in baskets 1 … 150 − j of a chain: the closed sets are the
/// single items and {1, …, j} for 2 ≤ j < 150, each reached from the one before.
#[test]
fn a_long_chain_of_closed_sets() {
    const M: i64 = 150;
    let chain = (1..M).map(|k| (1..=M - k).collect::<Vec<i64>>());
    let alone = (1..=M).flat_map(|j| (0..2 * j).map(move |_| vec![j]));
    let baskets = Baskets::from_lists(chain.chain(alone)).unwrap();
    let closed = Mine::new().min_support(1).kind(Kind::Closed).run(&baskets).unwrap();
    assert_eq!(closed.len() as i64, M + (M - 2));
    for j in 2..M {
        assert_eq!(closed.count_of(1..=j), Some((M - j) as u64));
    }
    let maximal = Mine::new().min_support(1).kind(Kind::Maximal).run(&baskets).unwrap();
    assert_eq!(maximal.len(), 2); // {1, …, 149} and {150}
}

#[test]
fn what_was_stored_is_checked() {
    let baskets = Baskets::from_lists([vec![1, 2, 3], vec![1, 2], vec![3]]).unwrap();
    let itemsets = Mine::new().min_support(1).run(&baskets).unwrap();
    let stored = serde_json::to_string(&itemsets).unwrap();
    let nodes = serde_json::to_string(&serde_json::to_value(&itemsets).unwrap()["nodes"]).unwrap();
    for wrong in [
        "[[0,0,1]]",
        "[[1,0,1],[4294967295,1,1]]",
        "[[4294967295,3,1]]",
        "[[4294967295,0,4]]",
        "[[4294967295,0,1],[0,1,1]]",
        "[[4294967295,1,1],[0,0,2]]",
        "[[4294967295,1,1],[0,1,1]]",
    ] {
        let text = stored.replace(&nodes, wrong);
        assert!(serde_json::from_str::<Itemsets>(&text).is_err(), "{wrong}");
    }
    assert!(serde_json::from_str::<Itemsets>(&stored.replace("\"kind\"", "\"sort\"")).is_err());

    let rules = serde_json::to_value(itemsets.rules().run().unwrap()).unwrap();
    assert!(serde_json::from_value::<Rules>(rules.clone()).is_ok());
    for (field, wrong) in [
        ("nodes", "[]"),
        ("rules", "[[0, 1, 99]]"),
        ("rules", "[[0, 1, 0]]"),
        ("rules", "[[0, 0, 0]]"),
        ("min_confidence", "1.5"),
        ("n_baskets", "0"),
    ] {
        let mut changed = rules.clone();
        changed[field] = serde_json::from_str(wrong).unwrap();
        assert!(serde_json::from_value::<Rules>(changed).is_err(), "{field} {wrong}");
    }
}
