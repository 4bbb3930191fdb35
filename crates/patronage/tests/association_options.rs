//! What may be asked of a search beside a support, against the definition.

#![allow(clippy::unwrap_used)]

#[path = "common/itemsets.rs"]
mod oracle;

use std::collections::BTreeSet;

use oracle::{Sets, found, frequent, integers, of_kind};
use patronage::Error;
use patronage::association::{Baskets, Itemsets, Kind, Mine};
use proptest::prelude::*;

/// Baskets of up to 12 items: repeated items, empty and equal baskets, and now and then items in every basket.
fn lists() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let sparse = prop::collection::vec(prop::collection::vec(0..12_i64, 0..6), 1..16);
    let dense = prop::collection::vec(prop::collection::vec(0..9_i64, 4..16), 1..12);
    let lists = (prop_oneof![sparse, dense], prop::collection::vec(0..12_i64, 0..3), 1..4_usize);
    lists.prop_map(|(mut lists, common, times)| {
        lists.iter_mut().for_each(|list| list.extend(&common));
        (0..times).flat_map(|_| lists.clone()).collect()
    })
}

/// What is asked for.
#[derive(Debug, Clone)]
struct Asked {
    kind: Kind,
    supports: Vec<u64>,
    min_length: u64,
    max_length: Option<u64>,
    only: Option<Vec<i64>>,
    without: Vec<i64>,
    containing: Vec<i64>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let items = |most| prop::collection::vec(0..12_i64, 0..most);
    let lengths = (1..4_u64, prop::option::of(0..4_u64));
    let only = prop::option::weighted(0.3, prop::collection::vec(0..12_i64, 3..12));
    let supports = prop_oneof![(1..6_u64).prop_map(|s| vec![s]), prop::collection::vec(1..6_u64, 2..5)];
    (0..4_usize, supports, lengths, only, items(3), items(3)).prop_map(
        |(kind, supports, (min_length, more), only, without, containing)| Asked {
            kind: Kind::ALL[kind],
            supports,
            min_length,
            max_length: more.map(|more| min_length + more),
            only,
            without,
            containing,
        },
    )
}

impl Asked {
    /// Leaves out items that no basket holds, and what may not be asked together.
    fn about(mut self, lists: &[Vec<i64>]) -> Self {
        let held: BTreeSet<i64> = lists.iter().flatten().copied().collect();
        let keep = |items: &mut Vec<i64>| items.retain(|item| held.contains(item));
        self.only.iter_mut().for_each(keep);
        keep(&mut self.without);
        keep(&mut self.containing);
        let allowed = self.allowed(lists);
        self.containing.retain(|item| allowed.contains(item));
        self.containing.truncate(self.max_length.map_or(usize::MAX, |length| length as usize));
        if !matches!(self.kind, Kind::Frequent | Kind::Closed) {
            self.containing.clear();
        }
        self
    }

    fn allowed(&self, lists: &[Vec<i64>]) -> BTreeSet<i64> {
        let held = lists.iter().flatten().copied();
        held.filter(|item| self.only.as_ref().is_none_or(|only| only.contains(item)))
            .filter(|item| !self.without.contains(item))
            .collect()
    }

    fn mine(&self) -> Mine<'static> {
        let mut mine = Mine::new().kind(self.kind).min_length(self.min_length);
        mine = match self.supports[..] {
            [support] => mine.min_support(support),
            _ => mine.min_supports(self.supports.clone()),
        };
        if let Some(length) = self.max_length {
            mine = mine.max_length(length);
        }
        if let Some(only) = &self.only {
            mine = mine.only(only.clone());
        }
        mine.without(self.without.clone()).containing(self.containing.clone())
    }

    /// The sets by definition: those of the kind among all sets of the items allowed, then those wanted.
    fn expected(&self, lists: &[Vec<i64>]) -> Sets {
        let allowed = self.allowed(lists);
        let reduced: Vec<Vec<i64>> = lists
            .iter()
            .map(|list| list.iter().copied().filter(|item| allowed.contains(item)).collect())
            .collect();
        let all = frequent(&reduced, *self.supports.iter().min().unwrap());
        let mut sets = of_kind(self.kind, &all, lists.len());
        sets.retain(|set, count| {
            let length = set.len() as u64;
            let support = self.supports.get(set.len() - 1).or(self.supports.last()).unwrap();
            length >= self.min_length
                && self.max_length.is_none_or(|longest| length <= longest)
                && *count >= *support
                && self.containing.iter().all(|item| set.contains(item))
        });
        sets
    }
}

fn lengths(sets: &Sets) -> Vec<u64> {
    let mut lengths = vec![0; sets.keys().map(Vec::len).max().unwrap_or(0)];
    sets.keys().for_each(|set| lengths[set.len() - 1] += 1);
    lengths
}

/// The numbers of sets by length, without the zeros at the end.
fn counted(mine: &Mine<'_>, baskets: &Baskets) -> Vec<u64> {
    let mut lengths = mine.count(baskets).unwrap().by_length;
    while lengths.last() == Some(&0) {
        lengths.pop();
    }
    lengths
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn sets_are_those_asked_for(lists in lists(), asked in asked()) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let asked = asked.about(&lists);
        let itemsets = asked.mine().run(&baskets).unwrap();
        let expected = asked.expected(&lists);
        prop_assert_eq!(found(&itemsets), expected.clone());
        prop_assert_eq!(itemsets.limited(), None);
        prop_assert_eq!(itemsets.n_baskets(), lists.len() as u64);
        let read: Itemsets = serde_json::from_str(&serde_json::to_string(&itemsets).unwrap()).unwrap();
        prop_assert_eq!(&itemsets, &read);
        prop_assert_eq!(found(&read), expected.clone());
        if matches!(asked.kind, Kind::Frequent | Kind::Closed) && asked.supports.len() == 1 {
            prop_assert_eq!(counted(&asked.mine(), &baskets), lengths(&expected));
        } else {
            prop_assert!(asked.mine().count(&baskets).is_err());
        }
    }

    /// So many, and those in as many baskets as the last.
    #[test]
    fn the_most_frequent(lists in lists(), asked in asked(), sets in 1..60_usize) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let asked = Asked { supports: vec![1], ..asked }.about(&lists);
        let mine = asked.mine().top(sets as u64);
        if !matches!(asked.kind, Kind::Frequent | Kind::Closed) {
            prop_assert!(mine.run(&baskets).is_err());
            return Ok(());
        }
        let mut expected = asked.expected(&lists);
        let mut counts: Vec<u64> = expected.values().copied().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let last = counts.get(sets - 1).copied().unwrap_or(1);
        expected.retain(|_, count| *count >= last);
        let itemsets = mine.run(&baskets).unwrap();
        prop_assert_eq!(itemsets.min_count(), last);
        prop_assert_eq!(found(&itemsets), expected.clone());
        prop_assert_eq!(counted(&mine, &baskets), lengths(&expected));
    }

    /// A support that is told is the true one, whatever was left out; and so are the counts of rules.
    #[test]
    fn no_support_is_wrong(lists in lists(), asked in asked()) {
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let asked = asked.about(&lists);
        let itemsets = asked.mine().run(&baskets).unwrap();
        let all = frequent(&lists, 1);
        for (set, &count) in &all {
            let told = itemsets.count_of(set.iter().copied());
            prop_assert!(told.is_none_or(|told| told == count), "{:?} of {:?}, not {:?}", told, set, count);
        }
        let listed = asked.expected(&lists);
        for (set, &count) in &listed {
            prop_assert_eq!(itemsets.count_of(set.iter().copied()), Some(count));
        }
        if let Ok(rules) = itemsets.rules().min_confidence(0.0).run() {
            prop_assert!(matches!(asked.kind, Kind::Frequent | Kind::Closed));
            let mut splits = 0;
            for rule in rules.iter() {
                let (x, y) = (integers(rule.antecedent()), integers(rule.consequent()));
                let mut both = [&x[..], &y[..]].concat();
                both.sort_unstable();
                let counts = rule.counts();
                prop_assert_eq!(
                    (counts.antecedent(), counts.consequent(), counts.both()),
                    (all[&x], all[&y], all[&both])
                );
                prop_assert!(listed.contains_key(&both), "a rule from {:?}, which is not listed", both);
                splits += 1;
            }
            let all_splits: usize = listed.keys().map(|set| (1_usize << set.len()) - 2).sum();
            prop_assert_eq!(splits, all_splits);
        }
    }
}

#[test]
fn what_may_not_be_asked() {
    let baskets = Baskets::from_lists([vec![1, 2, 3], vec![1, 2], vec![3]]).unwrap();
    let mine = || Mine::new().min_support(1);
    let empty: [u64; 0] = [];
    for (mine, name) in [
        (mine().min_length(0), "min_length"),
        (mine().max_length(0), "max_length"),
        (mine().min_length(3).max_length(2), "min_length"),
        (mine().top(0), "top"),
        (mine().top(1).kind(Kind::Maximal), "top"),
        (mine().min_supports(empty), "min_support"),
        (mine().min_supports([2, 0]), "min_support"),
        (mine().max_itemsets(0), "max_itemsets"),
        (mine().max_bytes(0), "max_bytes"),
        (mine().max_seconds(-1.0), "max_seconds"),
        (mine().max_seconds(f64::NAN), "max_seconds"),
        (mine().max_seconds(f64::INFINITY), "max_seconds"),
        (mine().containing([1]).kind(Kind::Generators), "kind"),
        (mine().containing([1]).without([1]), "containing"),
        (mine().containing([1]).only([2, 3]), "containing"),
        (mine().containing([1, 2]).max_length(1), "max_length"),
    ] {
        let error = mine.run(&baskets).unwrap_err();
        assert!(matches!(&error, Error::InvalidParameter { .. }), "{error:?}");
        assert!(error.to_string().contains(name), "{name}: {error}");
    }
    for mine in [mine().only([7]), mine().without([7]), mine().containing([7])] {
        let error = mine.run(&baskets).unwrap_err();
        assert!(matches!(&error, Error::UnknownName { .. }), "{error:?}");
    }
    let none = Baskets::from_lists(Vec::<Vec<i64>>::new()).unwrap();
    assert!(mine().top(3).run(&none).unwrap().is_empty());
    assert_eq!(mine().count(&none).unwrap().total(), 0);
}
