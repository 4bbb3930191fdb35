//! Laws of itemsets and rules, against brute force over all subsets of a few items.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use patronage::association::{Baskets, Itemsets, Kind, Measure, Mine};
use patronage::transactions::Id;
use proptest::prelude::*;

const ITEMS: u32 = 8;

/// Baskets as lists: repeated items, empty baskets, and now and then an item in every basket.
fn lists() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let item = 0..i64::from(ITEMS);
    let sparse = prop::collection::vec(prop::collection::vec(item.clone(), 0..6), 0..14);
    let dense = prop::collection::vec(prop::collection::vec(item.clone(), 4..16), 1..20);
    let common = (sparse.clone(), prop::collection::vec(item, 1..4)).prop_map(|(mut lists, common)| {
        lists.iter_mut().for_each(|list| list.extend(&common));
        lists
    });
    prop_oneof![sparse, dense, common]
}

/// The support of every set, indexed by bit mask.
fn supports(lists: &[Vec<i64>]) -> Vec<u64> {
    let masks: Vec<u32> =
        lists.iter().map(|list| list.iter().fold(0, |mask, item| mask | 1 << item)).collect();
    (0..1 << ITEMS).map(|set| masks.iter().filter(|&&mask| set & !mask == 0).count() as u64).collect()
}

/// The sets of a kind by definition.
fn by_definition(supports: &[u64], min_count: u64, kind: Kind, max_length: u64) -> BTreeMap<u32, u64> {
    let sets = || 1..supports.len() as u32;
    let bits = || (0..ITEMS).map(|item| 1 << item);
    sets()
        .filter(|&set| {
            let support = supports[set as usize];
            let supersets =
                || bits().filter(move |bit| set & bit == 0).map(move |bit| supports[(set | bit) as usize]);
            let mut subsets = bits().filter(|bit| set & bit != 0).map(|bit| supports[(set & !bit) as usize]);
            support >= min_count
                && match kind {
                    Kind::Closed => supersets().all(|other| other < support),
                    Kind::Maximal => supersets().all(|other| other < min_count),
                    Kind::Generators => subsets.all(|other| other > support),
                    _ => true,
                }
        })
        .filter(|set| u64::from(set.count_ones()) <= max_length)
        .map(|set| (set, supports[set as usize]))
        .collect()
}

fn mask<'a>(ids: impl IntoIterator<Item = Id<'a>>) -> u32 {
    ids.into_iter().fold(0, |mask, id| match id {
        Id::Int(item) => mask | 1 << item,
        Id::Text(_) => unreachable!(),
    })
}

fn found(itemsets: &Itemsets) -> BTreeMap<u32, u64> {
    let sets: BTreeMap<u32, u64> = itemsets.iter().map(|set| (mask(set.items()), set.count())).collect();
    assert_eq!(sets.len(), itemsets.len(), "a set stands twice");
    sets
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn itemsets_are_those_of_the_definition(lists in lists(), max_length in 1..=u64::from(ITEMS)) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let supports = supports(&lists);
        for kind in Kind::ALL {
            for min_count in 1..=lists.len() as u64 + 1 {
                for limit in [None, Some(max_length)] {
                    let mut mine = Mine::new().kind(kind).min_support(min_count);
                    if let Some(limit) = limit {
                        mine = mine.max_length(limit);
                    }
                    let itemsets = mine.run(&baskets).unwrap();
                    let expected = by_definition(&supports, min_count, kind, limit.unwrap_or(u64::MAX));
                    prop_assert_eq!(found(&itemsets), expected, "{:?} from {} up to {:?}", kind, min_count, limit);
                }
            }
        }
    }

    /// ⌈share × n⌉ baskets are enough, one fewer is not.
    #[test]
    fn shares_reach_the_same_sets_as_counts(lists in lists(), hundredths in 1..=100_u64) {
        let baskets = Baskets::from_lists(lists).unwrap();
        let count = (hundredths * baskets.len() as u64).div_ceil(100).max(1);
        let share = Mine::new().min_support(hundredths as f64 / 100.0).run(&baskets).unwrap();
        prop_assert_eq!(share.min_count(), count);
        prop_assert_eq!(share, Mine::new().min_support(count).run(&baskets).unwrap());
    }

    #[test]
    fn any_support_can_be_looked_up(lists in lists(), min_count in 1..4_u64) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let supports = supports(&lists);
        for kind in [Kind::Frequent, Kind::Closed] {
            let itemsets = Mine::new().kind(kind).min_support(min_count).run(&baskets).unwrap();
            for set in 0..1_u32 << ITEMS {
                let items = (0..i64::from(ITEMS)).filter(|item| set >> item & 1 == 1);
                let support = supports[set as usize];
                let expected = (support >= min_count || set == 0).then_some(support);
                prop_assert_eq!(itemsets.count_of(items), expected, "{:?} {:b}", kind, set);
            }
        }
    }

    #[test]
    fn rules_are_those_of_the_definition(
        lists in lists(),
        min_count in 1..4_u64,
        percent in 0..=100_u64,
        (most_x, most_y) in (1..4_u32, 1..4_u32),
    ) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let supports = supports(&lists);
        for kind in [Kind::Frequent, Kind::Closed] {
            let unions = by_definition(&supports, min_count, kind, u64::MAX);
            let itemsets = Mine::new().kind(kind).min_support(min_count).run(&baskets).unwrap();
            let search = itemsets.rules().min_confidence(percent as f64 / 100.0);
            let limited = search.clone().max_antecedent(most_x.into()).max_consequent(most_y.into());
            for (search, most_x, most_y) in [(search, ITEMS, ITEMS), (limited, most_x, most_y)] {
                let mut expected = BTreeMap::new();
                for (&union, &both) in &unions {
                    for x in (1..union).filter(|x| x & !union == 0) {
                        let y = union & !x;
                        let short = x.count_ones() <= most_x && y.count_ones() <= most_y;
                        if short && 100 * both >= percent * supports[x as usize] {
                            expected.insert((x, y), (supports[x as usize], supports[y as usize], both));
                        }
                    }
                }
                let rules = search.run().unwrap();
                let found: BTreeMap<_, _> = rules
                    .iter()
                    .map(|rule| {
                        let counts = rule.counts();
                        let sides = (mask(rule.antecedent()), mask(rule.consequent()));
                        (sides, (counts.antecedent(), counts.consequent(), counts.both()))
                    })
                    .collect();
                prop_assert_eq!(found.len(), rules.len());
                prop_assert_eq!(found, expected);
            }
        }
    }

    /// The order of the baskets, of the items in them and the number of threads leave no trace.
    #[test]
    fn the_answer_depends_on_the_data_alone(lists in lists(), min_count in 1..4_u64) {
        let mut turned = lists.clone();
        turned.reverse();
        turned.iter_mut().for_each(|list| list.reverse());
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        for kind in Kind::ALL {
            let mine = Mine::new().kind(kind).min_support(min_count);
            let itemsets = mine.run(&Baskets::from_lists(lists.clone()).unwrap()).unwrap();
            let again = one.install(|| mine.run(&Baskets::from_lists(turned.clone()).unwrap())).unwrap();
            prop_assert_eq!(&itemsets, &again);
            let stored = serde_json::to_string(&itemsets).unwrap();
            let read: Itemsets = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(&itemsets, &read);
            if matches!(kind, Kind::Frequent | Kind::Closed) {
                let rules = itemsets.rules().min_confidence(0.3).run().unwrap();
                prop_assert_eq!(&rules, &one.install(|| again.rules().min_confidence(0.3).run()).unwrap());
                let stored = serde_json::to_string(&rules).unwrap();
                prop_assert_eq!(&rules, &serde_json::from_str(&stored).unwrap());
                for rule in rules.iter() {
                    for measure in Measure::ALL {
                        let _ = rule.measure(*measure);
                    }
                }
            }
        }
    }
}

/// Baskets that agree in most of their many items: more than fit a bit mask, at every depth.
fn wide_lists() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let basket = prop::collection::vec(prop::bool::weighted(0.85), 100);
    let items = |held: Vec<bool>| (0..).zip(held).filter(|&(_, held)| held).map(|(item, _)| item).collect();
    prop::collection::vec(basket.prop_map(items), 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Closed sets are the intersections of enough baskets; maximal ones are the largest of them.
    #[test]
    fn many_items(lists in wide_lists(), min_count in 1..6_u64) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let rows: Vec<BTreeSet<i64>> = lists.iter().map(|list| list.iter().copied().collect()).collect();
        let mut closed: BTreeMap<Vec<i64>, u64> = BTreeMap::new();
        for chosen in 1_u32..1 << rows.len() {
            let chosen = (0..rows.len()).filter(|row| chosen >> row & 1 == 1);
            let Some(common) = chosen.map(|row| rows[row].clone()).reduce(|a, b| &a & &b) else { continue };
            let support = rows.iter().filter(|row| row.is_superset(&common)).count() as u64;
            if support >= min_count && !common.is_empty() {
                closed.insert(common.into_iter().collect(), support);
            }
        }
        let within = |a: &[i64], b: &[i64]| a.len() < b.len() && a.iter().all(|item| b.binary_search(item).is_ok());
        let mut maximal = closed.clone();
        maximal.retain(|set, _| closed.keys().all(|other| !within(set, other)));
        let support = |set: &[i64]| rows.iter().filter(|row| set.iter().all(|item| row.contains(item))).count() as u64;
        let pairs = (0..100).flat_map(|a| (a..100).map(move |b| if a == b { vec![a] } else { vec![a, b] }));
        let pairs = pairs.map(|set| (support(&set), set)).filter(|&(support, _)| support >= min_count);
        let pairs: BTreeMap<_, _> = pairs.map(|(support, set)| (set, support)).collect();
        let mine = Mine::new().min_support(min_count);
        for (mine, expected) in [
            (mine.clone().kind(Kind::Closed), closed),
            (mine.clone().kind(Kind::Maximal), maximal),
            (mine.max_length(2), pairs),
        ] {
            let found: BTreeMap<Vec<i64>, u64> = mine
                .run(&baskets)
                .unwrap()
                .iter()
                .map(|set| {
                    let items = set.items().into_iter().map(|id| match id {
                        Id::Int(item) => item,
                        Id::Text(_) => unreachable!(),
                    });
                    (items.collect(), set.count())
                })
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
