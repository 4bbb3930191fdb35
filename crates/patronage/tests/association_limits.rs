//! Searches that would never end, and stored results that are none.

#![allow(clippy::unwrap_used)]

#[path = "common/itemsets.rs"]
mod oracle;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use oracle::{Sets, found, frequent, of_kind};
use patronage::association::{Baskets, Itemsets, Kind, Limit, Limited, Mine, Rules};
use patronage::{Error, Watch};
use proptest::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

static POOLS: LazyLock<Vec<ThreadPool>> =
    LazyLock::new(|| (1..=4).map(|n| ThreadPoolBuilder::new().num_threads(n).build().unwrap()).collect());

#[test]
fn too_many_itemsets_leave_those_of_the_most_frequent_items() {
    // 2^12 − 1 sets in 12 baskets, 2^18 − 1 in 6 of them.
    let lists = (0..12).map(|basket| (0..if basket < 6 { 18 } else { 12 }).collect::<Vec<i64>>());
    let baskets = Baskets::from_lists(lists).unwrap();
    let mine = || Mine::new().max_itemsets(5_000);
    let itemsets = mine().min_support(3).run(&baskets).unwrap();
    let limited = Limited { limit: Limit::Itemsets(5_000), searched: 12, items: 18, fits: Some(7) };
    assert_eq!(itemsets.limited(), Some(&limited));
    assert_eq!(itemsets.len(), (1 << 12) - 1);
    let counted = mine().min_support(3).count(&baskets).unwrap();
    assert_eq!((counted.total(), counted.limited), ((1 << 12) - 1, Some(limited)));
    let fitting = mine().min_support(7).run(&baskets).unwrap();
    assert_eq!((fitting.len(), fitting.limited()), ((1 << 12) - 1, None));
    assert_eq!(mine().min_support(3).max_length(2).run(&baskets).unwrap().len(), 18 + 18 * 17 / 2);
    assert_eq!(mine().min_support(3).kind(Kind::Maximal).run(&baskets).unwrap().len(), 1);
}

/// Baskets of a few items, equally frequent ones among them, and now and then items in every basket.
fn lists() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let lists = prop::collection::vec(prop::collection::vec(0..9_i64, 0..9), 1..10);
    (lists, prop::collection::vec(0..9_i64, 0..3)).prop_map(|(mut lists, common)| {
        lists.iter_mut().for_each(|list| list.extend(&common));
        lists
    })
}

/// The frequent items, the most frequent first, equally frequent ones in their order.
fn by_frequency(frequent: &Sets) -> Vec<i64> {
    let mut items: Vec<(u64, i64)> =
        frequent.iter().filter(|(set, _)| set.len() == 1).map(|(set, &count)| (count, set[0])).collect();
    items.sort_by_key(|&(count, item)| (std::cmp::Reverse(count), item));
    items.into_iter().map(|(_, item)| item).collect()
}

/// The sets that hold only some items.
fn of_items(sets: &Sets, items: &[i64]) -> Sets {
    sets.clone().into_iter().filter(|(set, _)| set.iter().all(|item| items.contains(item))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// All sets of as many of the most frequent items as the limit allows; and the support that is named fits.
    #[test]
    fn a_limited_search_is_exact(lists in lists(), min_count in 1..4_u64, min_length in 1..4_u64) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let all = frequent(&lists, min_count);
        for kind in [Kind::Frequent, Kind::Closed] {
            let sets = of_kind(kind, &all, lists.len());
            let items = by_frequency(&all);
            for limit in 1..=sets.len() as u64 {
                let mine = || Mine::new().kind(kind).min_length(min_length).max_itemsets(limit);
                let itemsets = mine().min_support(min_count).run(&baskets).unwrap();
                let fitting = |n: &usize| of_items(&sets, &items[..*n]).len() as u64 <= limit;
                let searched = (0..=items.len()).rev().find(fitting).unwrap();
                let mut expected = of_items(&sets, &items[..searched]);
                expected.retain(|set, _| set.len() as u64 >= min_length);
                prop_assert_eq!(found(&itemsets), expected.clone());
                let limited = itemsets.limited().copied();
                if searched == items.len() {
                    prop_assert_eq!(limited, None);
                } else {
                    let limited = limited.unwrap();
                    prop_assert_eq!(limited.limit, Limit::Itemsets(limit));
                    prop_assert_eq!(limited.items, items.len() as u64);
                    prop_assert_eq!(limited.searched, searched as u64);
                    if let Some(fits) = limited.fits {
                        prop_assert!(fits > min_count && fits <= lists.len() as u64);
                        prop_assert!(mine().min_support(fits).run(&baskets).unwrap().limited().is_none());
                    } else {
                        let whole = of_kind(kind, &frequent(&lists, lists.len() as u64), lists.len());
                        prop_assert!(whole.len() as u64 > limit);
                    }
                }
                let counted = mine().min_support(min_count).count(&baskets).unwrap();
                prop_assert_eq!(counted.total(), expected.len() as u64);
                prop_assert_eq!(counted.limited, limited);
            }
        }
    }

    /// Generators are as exact, maximal sets are frequent and none contains another, and what is maximal among all
    /// is there.
    #[test]
    fn limited_candidates(lists in lists(), min_count in 1..4_u64, limit in 1..60_u64) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let all = frequent(&lists, min_count);
        for kind in [Kind::Generators, Kind::Maximal] {
            let itemsets = Mine::new().kind(kind).min_support(min_count).max_itemsets(limit).run(&baskets).unwrap();
            let sets = found(&itemsets);
            let expected = of_kind(kind, &all, lists.len());
            let Some(limited) = itemsets.limited() else {
                prop_assert_eq!(sets, expected);
                continue;
            };
            let mut items = by_frequency(&all);
            if kind == Kind::Generators {
                items.retain(|&item| all[&vec![item]] < lists.len() as u64);
            }
            prop_assert_eq!(limited.items, items.len() as u64);
            let expected = of_items(&expected, &items[..limited.searched as usize]);
            if kind == Kind::Generators {
                prop_assert_eq!(sets, expected);
            } else {
                for (set, count) in &sets {
                    prop_assert_eq!(all.get(set), Some(count));
                    prop_assert_eq!(of_items(&sets, set).len(), 1);
                }
                prop_assert!(expected.iter().all(|(set, count)| sets.get(set) == Some(count)));
            }
            if let Some(fits) = limited.fits {
                let mine = Mine::new().kind(kind).min_support(fits).max_itemsets(limit);
                prop_assert!(mine.run(&baskets).unwrap().limited().is_none());
            }
        }
    }

    /// The same bits for any number of threads and any order of the baskets.
    #[test]
    fn a_limit_leaves_the_same_to_all_threads(
        (lists, shuffled) in lists().prop_flat_map(|lists| (Just(lists.clone()), Just(lists).prop_shuffle())),
        min_count in 1..3_u64,
        limit in 1..80_u64,
        bytes in 1..2_000_u64,
    ) {
        let (baskets, shuffled) = (Baskets::from_lists(lists).unwrap(), Baskets::from_lists(shuffled).unwrap());
        for kind in Kind::ALL {
            let mine = || Mine::new().kind(kind).min_support(min_count);
            for mine in [mine(), mine().max_itemsets(limit), mine().max_bytes(bytes)] {
                let text = |baskets: &Baskets| serde_json::to_string(&mine.run(baskets).unwrap()).unwrap();
                let first = POOLS[0].install(|| text(&baskets));
                for pool in POOLS.iter() {
                    prop_assert_eq!(&pool.install(|| text(&shuffled)), &first);
                    prop_assert_eq!(&pool.install(|| text(&baskets)), &first);
                }
            }
        }
    }

    /// Whatever memory or time is left: all sets of the items searched.
    #[test]
    fn short_of_memory_or_time(lists in lists(), bytes in 1..3_000_u64, nanoseconds in 0..200_000_u64) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let (all, seconds) = (frequent(&lists, 1), nanoseconds as f64 * 1e-9);
        let items = by_frequency(&all);
        for kind in [Kind::Frequent, Kind::Closed] {
            let sets = of_kind(kind, &all, lists.len());
            let mine = || Mine::new().kind(kind).min_support(1);
            for (mine, limit) in [
                (mine().max_bytes(bytes), Limit::Bytes(bytes)),
                (mine().max_seconds(seconds), Limit::Seconds(seconds)),
                (mine().max_seconds(0.0), Limit::Seconds(0.0)),
            ] {
                let itemsets = mine.run(&baskets).unwrap();
                let searched = itemsets.limited().map_or(items.len(), |limited| limited.searched as usize);
                prop_assert_eq!(found(&itemsets), of_items(&sets, &items[..searched]));
                let Some(limited) = itemsets.limited() else {
                    let whole = all.keys().filter(|set| set.len() == 1).all(|set| all[set] == lists.len() as u64);
                    prop_assert!(limit != Limit::Seconds(0.0) || all.is_empty() || (kind == Kind::Closed && whole));
                    continue;
                };
                prop_assert_eq!(limited.limit, limit);
                if let Some(fits) = limited.fits {
                    let fitting = mine.clone().min_support(fits).run(&baskets).unwrap();
                    prop_assert_eq!(fitting.limited(), None, "{} of {:?}", fits, limit);
                }
            }
        }
    }
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
