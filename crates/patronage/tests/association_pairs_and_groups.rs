//! Pairs of items, and itemsets by group, against counting by hand.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use patronage::Error;
use patronage::association::{Baskets, GroupedItemsets, ItemPairs, Kind, Measure, Mine, MinePairs};
use patronage::transactions::Id;
use proptest::prelude::*;

fn number(id: Id<'_>) -> i64 {
    match id {
        Id::Int(item) => item,
        Id::Text(_) => unreachable!(),
    }
}

fn lists() -> impl Strategy<Value = Vec<Vec<i64>>> {
    prop::collection::vec(prop::collection::vec(0..7_i64, 0..6), 1..20)
}

fn count(lists: &[Vec<i64>], set: &[i64]) -> u64 {
    lists.iter().filter(|list| set.iter().all(|item| list.contains(item))).count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn pairs_are_those_of_the_definition(
        lists in lists(),
        min_item in 1..4_u64,
        min_count in 0..3_u64,
        expected_tenths in 0..20_u64,
        least in prop::option::of(0..30_u64),
        most in prop::option::of(0..30_u64),
    ) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let mut mine = MinePairs::new().min_item_support(min_item).min_count(min_count);
        mine = mine.min_expected(expected_tenths as f64 / 10.0);
        if let Some(tenths) = least {
            mine = mine.min_lift(tenths as f64 / 10.0);
        }
        if let Some(tenths) = most {
            mine = mine.max_lift(tenths as f64 / 10.0);
        }
        let pairs = mine.run(&baskets).unwrap();
        let n = lists.len() as u64;
        let (mut expected, mut tested) = (BTreeMap::new(), 0);
        for a in 0..7 {
            for b in a + 1..7 {
                let [x, y, both] = [count(&lists, &[a]), count(&lists, &[b]), count(&lists, &[a, b])];
                if x < min_item || y < min_item {
                    continue;
                }
                tested += 1;
                let low = most.is_some_and(|tenths| 10 * n * both <= tenths * x * y);
                let high = least.is_some_and(|tenths| 10 * n * both >= tenths * x * y);
                let wanted = low || high || (least.is_none() && most.is_none());
                if wanted && both >= min_count && 10 * x * y >= expected_tenths * n {
                    expected.insert((a, b), [x, y, both]);
                }
            }
        }
        let found: BTreeMap<(i64, i64), [u64; 3]> = pairs
            .iter()
            .map(|pair| {
                let [a, b] = pair.items().map(number);
                ((a, b), [pair.count_a(), pair.count_b(), pair.count()])
            })
            .collect();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!((pairs.len(), pairs.tested()), (expected.len(), tested));
        let far = |pair: patronage::association::ItemPair<'_>| (pair.count() as f64 - pair.expected()).abs();
        prop_assert!(pairs.iter().is_sorted_by(|&a, &b| far(a) >= far(b) - 1e-9));
        let stored = serde_json::to_string(&pairs).unwrap();
        prop_assert_eq!(serde_json::from_str::<ItemPairs>(&stored).unwrap(), pairs);
    }

    #[test]
    fn sets_are_counted_in_every_group(groups in prop::collection::vec(lists(), 1..4), percent in 5..=100_u64) {
        let baskets: Vec<Baskets> = groups.iter().map(|lists| Baskets::from_lists(lists.clone()).unwrap()).collect();
        let named: Vec<(Id<'_>, &Baskets)> = (0..).map(Id::Int).zip(&baskets).collect();
        for kind in Kind::ALL {
            let mine = Mine::new().min_support(percent as f64 / 100.0).kind(kind);
            let grouped = mine.run_by_group_watched(&named, &patronage::watch::Unwatched).unwrap();
            let mut union: BTreeSet<Vec<i64>> = BTreeSet::new();
            for (place, baskets) in baskets.iter().enumerate() {
                let alone = mine.run(baskets).unwrap();
                prop_assert_eq!(grouped.itemsets(place), Some(&alone));
                union.extend(alone.iter().map(|set| set.items().into_iter().map(number).collect::<Vec<_>>()));
            }
            let rows: Vec<_> = grouped.compare().collect();
            prop_assert_eq!(rows.len(), union.len() * groups.len());
            for row in rows {
                let set: Vec<i64> = row.items().into_iter().map(number).collect();
                prop_assert!(union.contains(&set));
                let counts: Vec<u64> = groups.iter().map(|lists| count(lists, &set)).collect();
                let elsewhere = counts.iter().sum::<u64>() - counts[row.place()];
                prop_assert_eq!((row.count(), row.count_elsewhere()), (counts[row.place()], elsewhere));
            }
            let stored = serde_json::to_string(&grouped).unwrap();
            prop_assert_eq!(serde_json::from_str::<GroupedItemsets>(&stored).unwrap(), grouped);
        }
    }
}

/// z² is the χ² of the table of group against set, which the measures of rules have from elsewhere.
#[test]
fn the_test_of_a_difference() {
    let city: Vec<Vec<i64>> = (0..40).map(|i| if i < 13 { vec![1] } else { vec![2] }).collect();
    let country: Vec<Vec<i64>> = (0..60).map(|i| if i < 7 { vec![1] } else { vec![2] }).collect();
    let [city, country] = [city, country].map(|lists| Baskets::from_lists(lists).unwrap());
    let grouped =
        Mine::new().min_support(0.1).run_by_group([("city", &city), ("country", &country)]).unwrap();
    let row = grouped.compare().next().unwrap();
    let table = patronage::association::Counts::new(100, 40, 20, 13).unwrap();
    assert!((row.z().powi(2) - table.measure(Measure::ChiSquared)).abs() < 1e-12);
    assert!(row.z() > 0.0 && (row.ratio() - 13.0 / 40.0 / (7.0 / 60.0)).abs() < 1e-15);
    // SciPy: chi2_contingency([[13, 27], [7, 53]], correction=False).
    assert!((row.z().powi(2) - 6.510_416_666_666_667).abs() < 1e-12);
    assert!((row.p_value() - 0.010_724_437_603_060_143).abs() < 1e-12);
    assert!((row.p_adjusted(3) - 3.0 * row.p_value()).abs() < 1e-15);
}

#[test]
fn bad_groups_are_named() {
    let some = Baskets::from_lists([vec![1]]).unwrap();
    let texts = Baskets::from_lists([vec!["a"]]).unwrap();
    let none = Baskets::from_lists(Vec::<Vec<i64>>::new()).unwrap();
    let run = |groups: &[(&'static str, &Baskets)]| {
        Mine::new().run_by_group(groups.iter().copied()).map(|_| ()).map_err(|error| error.to_string())
    };
    assert!(run(&[]).unwrap_err().contains("at least one group"));
    assert!(run(&[("x", &some), ("x", &some)]).unwrap_err().contains("'x' twice"));
    assert!(run(&[("x", &some), ("y", &none)]).unwrap_err().contains("baskets of group 'y'"));
    assert!(run(&[("x", &some), ("y", &texts)]).unwrap_err().contains("integers and strings mixed"));
    let many = Baskets::from_lists([(0..20).collect::<Vec<i64>>()]).unwrap();
    let mine = Mine::new().max_itemsets(100);
    let error = mine.run_by_group([("z", &many)]).unwrap_err();
    assert!(matches!(&error, Error::LimitExceeded { what, .. } if what.contains("group 'z'")), "{error}");
    assert!(MinePairs::new().max_lift(f64::NAN).run(&some).is_err());
    assert!(MinePairs::new().min_item_support(0.0).run(&some).is_err());
    let error = MinePairs::new().max_pairs(5).run(&many).unwrap_err();
    assert!(matches!(error, Error::LimitExceeded { limit: 5, .. }));
}
