//! Laws of what is done with rules, against brute force over all subsets of a few items.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use patronage::association::{Baskets, Correction, Kind, Measure, Mine, Rule, Rules, Test};
use patronage::transactions::Id;
use patronage::watch::Unwatched;
use proptest::prelude::*;

const ITEMS: u32 = 6;

fn lists() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let item = 0..i64::from(ITEMS);
    let sparse = prop::collection::vec(prop::collection::vec(item.clone(), 0..5), 1..12);
    let dense = prop::collection::vec(prop::collection::vec(item, 3..12), 1..16);
    prop_oneof![sparse, dense]
}

fn masks(lists: &[Vec<i64>]) -> Vec<u32> {
    lists.iter().map(|list| list.iter().fold(0, |mask, item| mask | 1 << item)).collect()
}

/// The support of every set, indexed by bit mask.
fn supports(lists: &[Vec<i64>]) -> Vec<u64> {
    let masks = masks(lists);
    (0..1 << ITEMS).map(|set| masks.iter().filter(|&&mask| set & !mask == 0).count() as u64).collect()
}

fn mask<'a>(ids: impl IntoIterator<Item = Id<'a>>) -> u32 {
    ids.into_iter().fold(0, |mask, id| match id {
        Id::Int(item) => mask | 1 << item,
        Id::Text(_) => unreachable!(),
    })
}

fn sides(rule: Rule<'_>) -> (u32, u32) {
    (mask(rule.antecedent()), mask(rule.consequent()))
}

fn all(rules: &Rules) -> BTreeSet<(u32, u32)> {
    let found: BTreeSet<_> = rules.iter().map(sides).collect();
    assert_eq!(found.len(), rules.len(), "a rule stands twice");
    found
}

fn items(set: u32) -> Vec<i64> {
    (0..i64::from(ITEMS)).filter(|item| set >> item & 1 == 1).collect()
}

fn within(set: u32, other: u32) -> bool {
    set & !other == 0
}

/// All splits of sets in enough baskets.
fn splits(supports: &[u64], min_count: u64) -> Vec<(u32, u32)> {
    let sets = (1..1_u32 << ITEMS).filter(|&set| supports[set as usize] >= min_count);
    sets.flat_map(|set| (1..set).filter(move |&x| within(x, set)).map(move |x| (x, set & !x))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn limits_on_items(
        lists in lists(),
        min_count in 1..3_u64,
        percent in 0..=100_u64,
        [x_from, y_from, without] in prop::array::uniform3(0..1_u32 << ITEMS),
        [x_with, y_with, with] in prop::array::uniform3(prop_oneof![Just(0), (0..ITEMS).prop_map(|item| 1 << item)]),
        (most_x, most_y) in (1..4_u32, 1..4_u32),
    ) {
        let supports = supports(&lists);
        let baskets = Baskets::from_lists(lists).unwrap();
        let frequent = |set: u32| (0..ITEMS).all(|item| set >> item & 1 == 0 || supports[1 << item] >= min_count);
        for kind in [Kind::Frequent, Kind::Closed] {
            let itemsets = Mine::new().kind(kind).min_support(min_count).run(&baskets).unwrap();
            let is_closed = |set: u32| (0..ITEMS).all(|item| {
                set >> item & 1 == 1 || supports[(set | 1 << item) as usize] < supports[set as usize]
            });
            // One limit at a time, then all at once.
            for chosen in [1_u32, 2, 4, 8, 16, 32, 64, 127] {
                let on = |bit: u32, set: u32, off: u32| if chosen >> bit & 1 == 1 { set } else { off };
                let any = u32::MAX;
                let (x_from, y_from, without) = (on(0, x_from, any), on(1, y_from, any), on(2, without & without >> 1, 0));
                let (x_with, y_with, with) = (on(3, x_with, 0), on(4, y_with, 0), on(5, with, 0));
                let (most_x, most_y) = (on(6, most_x, ITEMS), on(6, most_y, ITEMS));
                let mut search = itemsets.rules().min_confidence(percent as f64 / 100.0);
                if x_from != any { search = search.antecedent_from(items(x_from)); }
                if y_from != any { search = search.consequent_from(items(y_from)); }
                search = search.without(items(without)).max_antecedent(most_x.into()).max_consequent(most_y.into());
                search = search.antecedent_contains(items(x_with)).consequent_contains(items(y_with));
                search = search.must_contain(items(with));
                if !frequent(x_with | y_with | with) {
                    prop_assert!(search.run().unwrap_err().to_string().contains("frequent items"));
                    continue;
                }
                let rules = search.run().unwrap();
                let candidates: Vec<_> = splits(&supports, min_count).into_iter().filter(|&(x, y)| {
                    (kind == Kind::Frequent || is_closed(x | y))
                        && within(x, x_from) && within(y, y_from) && (x | y) & without == 0
                        && within(x_with, x) && within(y_with, y) && within(with, x | y)
                        && x.count_ones() <= most_x && y.count_ones() <= most_y
                }).collect();
                prop_assert_eq!(rules.n_examined(), candidates.len() as u64);
                let confident = |&(x, y): &(u32, u32)| 100 * supports[(x | y) as usize] >= percent * supports[x as usize];
                prop_assert_eq!(all(&rules), candidates.into_iter().filter(confident).collect());
            }
        }
    }

    #[test]
    fn redundancy(lists in lists(), min_count in 1..3_u64, percent in 0..=100_u64) {
        let supports = supports(&lists);
        let n = lists.len() as u64;
        let baskets = Baskets::from_lists(lists).unwrap();
        let search = |kind| Mine::new().kind(kind).min_support(min_count).run(&baskets).unwrap();
        let (itemsets, closed) = (search(Kind::Frequent), search(Kind::Closed));
        let rules = itemsets.rules().min_confidence(percent as f64 / 100.0).run().unwrap();
        let s = |set: u32| supports[set as usize];
        let parts = |x: u32| (1..x).filter(move |&part| within(part, x));
        let confidence = |x: u32, y: u32| s(x | y) as f64 / s(x) as f64;
        let gains = |x: u32, y: u32| parts(x).all(|part| s(x | y) * s(part) > s(part | y) * s(x));
        prop_assert_eq!(
            all(&rules.non_redundant().unwrap()),
            all(&rules).into_iter().filter(|&(x, y)| gains(x, y)).collect()
        );
        // With α = 1 every gain counts, over the empty part too.
        prop_assert_eq!(
            all(&rules.productive(1.0).unwrap()),
            all(&rules).into_iter().filter(|&(x, y)| gains(x, y) && s(x | y) * n > s(x) * s(y)).collect()
        );
        for rule in rules.iter() {
            let (x, y) = sides(rule);
            let best = parts(x).map(|part| confidence(part, y)).fold(f64::NAN, f64::max);
            let close = |a: f64, b: f64| a == b || (a - b).abs() < 1e-12;
            let alone = best.is_nan();
            let improvement = if alone { confidence(x, y) } else { confidence(x, y) - best };
            let boost = if alone { f64::INFINITY } else { confidence(x, y) / best };
            prop_assert!(close(rule.measure(Measure::Improvement), improvement));
            prop_assert!(close(rule.measure(Measure::ConfidenceBoost), boost));
            prop_assert!(close(rule.measure(Measure::LiftIncrease), boost));
        }
        let generator = |x: u32| {
            (0..ITEMS).filter(|item| x >> item & 1 == 1).all(|item| s(x & !(1 << item)) > s(x))
        };
        let is_closed = |set: u32| (0..ITEMS).all(|item| set >> item & 1 == 1 || s(set | 1 << item) < s(set));
        let minimal: BTreeSet<_> = all(&rules).into_iter().filter(|&(x, y)| generator(x) && is_closed(x | y)).collect();
        prop_assert_eq!(all(&rules.minimal().unwrap()), minimal.clone());
        for itemsets in [&itemsets, &closed] {
            let found = itemsets.rules().min_confidence(percent as f64 / 100.0).minimal(true).run().unwrap();
            prop_assert_eq!(all(&found), minimal.clone());
        }
        prop_assert!(closed.rules().run().unwrap().non_redundant().is_err());
    }

    #[test]
    fn rules_on_other_baskets(lists in lists(), later in lists(), kind in prop_oneof![Just(Kind::Frequent), Just(Kind::Closed)]) {
        let itemsets = Mine::new().kind(kind).min_support(1).run(&Baskets::from_lists(lists).unwrap()).unwrap();
        let rules = itemsets.rules().min_confidence(0.3).run().unwrap().sorted_by(Measure::Lift);
        let supports = supports(&later);
        let masks = masks(&later);
        let later = Baskets::from_lists(later).unwrap();
        let checked = rules.check(&later, Test::Fisher, Correction::Bonferroni).unwrap();
        for (rule, counts) in rules.iter().zip(checked.counts()) {
            let (x, y) = sides(rule);
            prop_assert_eq!(counts.antecedent(), supports[x as usize]);
            prop_assert_eq!(counts.consequent(), supports[y as usize]);
            prop_assert_eq!(counts.both(), supports[(x | y) as usize]);
        }
        prop_assert!(checked.tested().p_values.iter().all(|p| (0.0..=1.0).contains(p)));
        let recommended = rules.recommend_all(&later, 3, Measure::Confidence, &Unwatched).unwrap();
        for (&basket, found) in masks.iter().zip(&recommended) {
            let fires: Vec<usize> =
                (0..rules.len()).filter(|&place| within(sides(rules.get(place).unwrap()).0, basket)).collect();
            prop_assert_eq!(&rules.firing(items(basket)), &fires);
            let mut best: BTreeMap<u32, f64> = BTreeMap::new();
            for rule in fires.iter().map(|&place| rules.get(place).unwrap()) {
                for item in (0..ITEMS).filter(|item| sides(rule).1 & !basket & 1 << item != 0) {
                    let value = best.entry(item).or_insert(0.0);
                    *value = value.max(rule.confidence());
                }
            }
            let mut values: Vec<f64> = best.values().copied().collect();
            values.sort_by(|a, b| b.total_cmp(a));
            values.truncate(3);
            prop_assert_eq!(found.iter().map(|one| one.rule.confidence()).collect::<Vec<_>>(), values);
            for one in found {
                let item = mask([one.item]);
                prop_assert!(item & basket == 0 && item & sides(one.rule).1 != 0 && within(sides(one.rule).0, basket));
                prop_assert_eq!(one.rule.confidence(), best[&item.trailing_zeros()]);
            }
        }
    }

    /// Tarone's number: the least k such that no more than k candidates can reach α / k.
    #[test]
    fn testable_candidates(lists in lists(), alpha in 0.001..0.5_f64) {
        let itemsets = Mine::new().min_support(1).run(&Baskets::from_lists(lists).unwrap()).unwrap();
        let candidates = itemsets.rules().min_confidence(0.0).run().unwrap();
        let least: Vec<f64> = candidates.iter().map(|rule| {
            let counts = rule.counts();
            let [x, y] = [counts.antecedent(), counts.consequent()];
            patronage::association::Counts::new(counts.n(), x, y, x.min(y)).unwrap().measure(Measure::FisherPValue)
        }).collect();
        let expected = (1..=least.len().max(1)).find(|&k| least.iter().filter(|&&p| p <= alpha / k as f64).count() <= k).unwrap();
        prop_assert_eq!(itemsets.rules().n_testable(alpha, &Unwatched).unwrap(), expected as u64);
    }
}
