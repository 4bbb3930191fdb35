//! Itemsets over several levels of items against all sets that hold no item beside what it is a kind of.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use patronage::association::{Baskets, Mine};
use patronage::transactions::{Hierarchy, Id, IdColumn, Unmapped};
use patronage::watch::Unwatched;
use proptest::prelude::*;

/// Items 0 to 7, categories 10 to 13 of two each, departments 20 and 21 of two each.
fn parent(item: i64) -> Option<i64> {
    match item {
        0..8 => Some(10 + item / 2),
        10..14 => Some(20 + (item - 10) / 2),
        _ => None,
    }
}

fn ancestors(item: i64) -> Vec<i64> {
    std::iter::successors(parent(item), |&above| parent(above)).collect()
}

fn found(lists: &[Vec<i64>], min_count: u64) -> BTreeMap<Vec<i64>, u64> {
    let (child, above): (Vec<i64>, Vec<i64>) =
        (0..14).filter_map(|item| parent(item).map(|above| (item, above))).unzip();
    let hierarchy = Hierarchy::from_pairs(&IdColumn::Ints(&child), &IdColumn::Ints(&above)).unwrap();
    let baskets = Baskets::from_lists(lists.iter().map(|list| list.iter().copied())).unwrap();
    let baskets = baskets.with_ancestors(&hierarchy, Unmapped::Error, &Unwatched).unwrap();
    let ints = |id: Id<'_>| if let Id::Int(id) = id { id } else { -1 };
    let mine = Mine::new().min_support(min_count);
    let itemsets = mine.run(&baskets).unwrap();
    assert_eq!(mine.count(&baskets).unwrap().total(), itemsets.len() as u64);
    itemsets.iter().map(|set| (set.items().into_iter().map(ints).collect(), set.count())).collect()
}

fn expected(lists: &[Vec<i64>], min_count: u64) -> BTreeMap<Vec<i64>, u64> {
    let items: Vec<i64> = (0..8).chain(10..14).chain(20..22).collect();
    let extended: Vec<Vec<i64>> = lists
        .iter()
        .map(|list| list.iter().flat_map(|&item| [vec![item], ancestors(item)].concat()).collect())
        .collect();
    let sets = (1_u32..1 << items.len()).map(|mask| {
        items
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1)
            .map(|(_, &item)| item)
            .collect::<Vec<_>>()
    });
    let one_level =
        |set: &Vec<i64>| !set.iter().any(|&item| ancestors(item).iter().any(|above| set.contains(above)));
    sets.filter(one_level)
        .map(|set| {
            let holds = |basket: &&Vec<i64>| set.iter().all(|item| basket.contains(item));
            let count = extended.iter().filter(holds).count() as u64;
            (set, count)
        })
        .filter(|&(_, count)| count >= min_count)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_set_holds_an_item_and_what_it_is_a_kind_of(
        lists in prop::collection::vec(prop::collection::vec(0_i64..8, 0..6), 1..12),
        min_count in 1_u64..5,
    ) {
        prop_assert_eq!(found(&lists, min_count), expected(&lists, min_count));
    }
}

/// Many categories beside the items, so that pairs are counted first: each pair is the oracle of itself.
#[test]
fn levels_of_many_items() {
    let lists: Vec<Vec<i64>> = (0..300_i64)
        .map(|basket| (0..6).map(|k| (basket * 7 + k * k * 31 + k * basket) % 160).collect())
        .collect();
    let (child, above): (Vec<i64>, Vec<i64>) = (0..160).map(|item| (item, 1000 + item / 4)).unzip();
    let hierarchy = Hierarchy::from_pairs(&IdColumn::Ints(&child), &IdColumn::Ints(&above)).unwrap();
    let plain = Baskets::from_lists(lists.iter().map(|list| list.iter().copied())).unwrap();
    let baskets = plain.with_ancestors(&hierarchy, Unmapped::Error, &Unwatched).unwrap();
    let itemsets = Mine::new().min_support(2).max_length(3).run(&baskets).unwrap();
    let holding = |item: i64| -> Vec<bool> {
        let is = |&other: &i64| other == item || 1000 + other / 4 == item;
        lists.iter().map(|list| list.iter().any(is)).collect()
    };
    let all: Vec<i64> = (0..160).chain(1000..1040).collect();
    let columns: Vec<Vec<bool>> = all.iter().map(|&item| holding(item)).collect();
    let related = |a: i64, b: i64| a < 1000 && 1000 + a / 4 == b;
    let mut sets = 0;
    let count =
        |places: &[usize]| (0..lists.len()).filter(|&b| places.iter().all(|&p| columns[p][b])).count();
    for a in 0..all.len() {
        sets += usize::from(count(&[a]) >= 2);
        for b in a + 1..all.len() {
            if related(all[a], all[b]) || count(&[a, b]) < 2 {
                continue;
            }
            sets += 1;
            for c in b + 1..all.len() {
                sets += usize::from(
                    !related(all[a], all[c]) && !related(all[b], all[c]) && count(&[a, b, c]) >= 2,
                );
            }
        }
    }
    assert_eq!(itemsets.len(), sets);
}
