//! Every way in gives the same baskets, and what is made of baskets is what its definition says.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use patronage::transactions::{
    BasketReader, Baskets, GroupReader, Hierarchy, Id, IdColumn, Labels, Line, ListReader, Policy,
    TransactionLog, Unmapped,
};
use patronage::watch::Unwatched;
use proptest::prelude::*;

/// Baskets as sets of names.
fn sets(baskets: &Baskets) -> Vec<BTreeSet<String>> {
    let name = |&code: &u32| baskets.labels().get(code).unwrap().to_string();
    baskets.iter().map(|basket| basket.iter().map(name).collect()).collect()
}

fn names(ids: Option<&Labels>) -> Vec<String> {
    ids.unwrap().iter().map(|id| id.to_string()).collect()
}

/// Rows of a long table in any order: (basket, item).
fn rows() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((-9_i64..9, prop_oneof![0_i64..6, Just(1 << 40)]), 0..60)
}

/// What a long table means.
fn grouped(rows: &[(i64, i64)]) -> BTreeMap<i64, BTreeSet<i64>> {
    rows.iter().fold(BTreeMap::new(), |mut baskets, &(basket, item)| {
        baskets.entry(basket).or_insert_with(BTreeSet::new).insert(item);
        baskets
    })
}

proptest! {
    #[test]
    fn every_way_in_gives_the_same_baskets(rows in rows(), cut in 0_usize..60) {
        let expected = grouped(&rows);
        let (basket, item): (Vec<i64>, Vec<i64>) = rows.iter().copied().unzip();
        let long = Baskets::from_pairs(&IdColumn::Ints(&basket), &IdColumn::Ints(&item)).unwrap();
        let held: usize = expected.values().map(BTreeSet::len).sum();
        prop_assert_eq!(long.repeated() as usize, rows.len() - held);
        prop_assert_eq!(names(long.ids()), expected.keys().map(ToString::to_string).collect::<Vec<_>>());

        // Batch by batch, with missing values possible, and with strings for baskets.
        let cut = cut.min(rows.len());
        let mut reader = BasketReader::new("basket", "item");
        for (basket, item) in [(&basket[..cut], &item[..cut]), (&basket[cut..], &item[cut..])] {
            let optional = IdColumn::OptionalInts(item.iter().copied().map(Some).collect());
            reader.push(&IdColumn::Ints(basket), &optional, &Unwatched).unwrap();
        }
        prop_assert_eq!(&reader.finish(&Unwatched).unwrap(), &long);

        // In order of the baskets, without their ids.
        let lists = Baskets::from_lists(expected.values().map(|items| items.iter().copied())).unwrap();
        prop_assert_eq!(sets(&lists), sets(&long));
        prop_assert_eq!((lists.codes(), lists.offsets()), (long.codes(), long.offsets()));
        let again = Baskets::from_csr(lists.offsets().to_vec(), lists.codes().to_vec(), lists.labels().clone());
        prop_assert_eq!(&again.unwrap(), &lists);
        let mut column = ListReader::new("items");
        let flat: Vec<i64> = expected.values().flatten().copied().collect();
        column.push(expected.values().map(BTreeSet::len), &IdColumn::Ints(&flat), &Unwatched).unwrap();
        prop_assert_eq!(&column.finish(&Unwatched).unwrap(), &lists);

        // As orders of a log; they stand in the order in which they came.
        let lines = rows.iter().map(|&(b, i)| Line::new(1, 0, 1.0).order(b).item(i));
        let log = TransactionLog::from_lines(lines, Policy::default()).unwrap();
        let of_log: BTreeSet<_> = sets(&log.baskets().unwrap()).into_iter().collect();
        prop_assert_eq!(of_log, sets(&long).into_iter().collect::<BTreeSet<_>>());
        let stored = serde_json::to_string(&long).unwrap();
        prop_assert_eq!(serde_json::from_str::<Baskets>(&stored).unwrap(), long);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(rows in rows(), seed in any::<u64>()) {
        let mut turned = rows.clone();
        turned.sort_unstable_by_key(|&(b, i)| (b as u64 ^ i as u64).wrapping_mul(seed | 1));
        let read = |rows: &[(i64, i64)]| {
            let (basket, item): (Vec<i64>, Vec<i64>) = rows.iter().copied().unzip();
            Baskets::from_pairs(&IdColumn::Ints(&basket), &IdColumn::Ints(&item)).unwrap()
        };
        prop_assert_eq!(read(&rows), read(&turned));
    }

    #[test]
    fn groups_are_the_baskets_of_their_rows(rows in rows(), groups in prop::collection::vec(0_i64..4, 60)) {
        let (basket, item): (Vec<i64>, Vec<i64>) = rows.iter().copied().unzip();
        let group = &groups[..rows.len()];
        let mut reader = GroupReader::new("group", "basket", "item");
        reader
            .push(&IdColumn::Ints(group), &IdColumn::Ints(&basket), &IdColumn::Ints(&item), &Unwatched)
            .unwrap();
        let (found, baskets) = reader.finish(&Unwatched).unwrap();
        prop_assert_eq!(found.len(), group.iter().collect::<BTreeSet<_>>().len());
        for (id, baskets) in found.iter().zip(&baskets) {
            let here: Vec<(i64, i64)> =
                rows.iter().zip(group).filter(|&(_, g)| id == Id::Int(*g)).map(|(&row, _)| row).collect();
            let (basket, item): (Vec<i64>, Vec<i64>) = here.into_iter().unzip();
            let plain = Baskets::from_pairs(&IdColumn::Ints(&basket), &IdColumn::Ints(&item)).unwrap();
            prop_assert_eq!(sets(baskets), sets(&plain));
            prop_assert_eq!((baskets.ids(), baskets.repeated()), (plain.ids(), plain.repeated()));
        }
    }

    /// Against the definition, by following parents one at a time. Parents have larger numbers: no cycles.
    #[test]
    fn ancestors_are_all_that_is_above(
        lists in prop::collection::vec(prop::collection::vec(0_i64..8, 0..5), 0..8),
        edges in prop::collection::btree_set((0_i64..12, 1_i64..5), 0..20),
    ) {
        let edges: Vec<(i64, i64)> = edges.into_iter().map(|(child, step)| (child, child + step)).collect();
        let (child, parent): (Vec<i64>, Vec<i64>) = edges.iter().copied().unzip();
        let hierarchy = Hierarchy::from_pairs(&IdColumn::Ints(&child), &IdColumn::Ints(&parent)).unwrap();
        let baskets = Baskets::from_lists(lists.clone()).unwrap();
        let parents = |item: i64| edges.iter().filter(move |&&(c, _)| c == item).map(|&(_, p)| p);
        let above = |item: i64| {
            let mut all: BTreeSet<i64> = BTreeSet::new();
            let mut open = vec![item];
            while let Some(next) = open.pop() {
                open.extend(parents(next).filter(|&p| all.insert(p)));
            }
            all
        };
        let extended = baskets.with_ancestors(&hierarchy, Unmapped::Keep, &Unwatched).unwrap();
        let rolled = baskets.roll_up(&hierarchy, Unmapped::Keep, &Unwatched).unwrap();
        for (b, list) in lists.iter().enumerate() {
            let with: BTreeSet<String> =
                list.iter().flat_map(|&i| above(i).into_iter().chain([i])).map(|i| i.to_string()).collect();
            prop_assert_eq!(&sets(&extended)[b], &with);
            let up: BTreeSet<String> = list
                .iter()
                .flat_map(|&i| if parents(i).next().is_some() { parents(i).collect() } else { vec![i] })
                .map(|i| i.to_string())
                .collect();
            prop_assert_eq!(&sets(&rolled)[b], &up);
        }
        for (code, label) in (0..).zip(extended.labels().iter()) {
            let Id::Int(item) = label else { panic!("integers went in") };
            let found: Vec<Id> =
                extended.ancestors(code).iter().map(|&a| extended.labels().get(a).unwrap()).collect();
            prop_assert_eq!(found, above(item).into_iter().map(Id::Int).collect::<Vec<_>>());
        }
        prop_assert_eq!((extended.repeated(), extended.empty()), (baskets.repeated(), baskets.empty()));
        let stored = serde_json::to_string(&extended).unwrap();
        prop_assert_eq!(serde_json::from_str::<Baskets>(&stored).unwrap(), extended);
    }
}

fn texts<'a>(values: &[&'a str]) -> IdColumn<'a> {
    IdColumn::Texts(values.iter().copied().map(Some).collect())
}

#[test]
fn one_level_after_the_other_is_both_at_once() {
    let baskets = Baskets::from_lists([vec!["milk", "rum"], vec!["butter"], vec![]]).unwrap();
    let to_category =
        Hierarchy::from_pairs(&texts(&["milk", "butter", "rum"]), &texts(&["dairy", "dairy", "drinks"]))
            .unwrap();
    let to_department =
        Hierarchy::from_pairs(&texts(&["dairy", "drinks"]), &texts(&["food", "food"])).unwrap();
    let mut whole = to_category.clone();
    whole.push(&texts(&["dairy", "drinks"]), &texts(&["food", "food"])).unwrap();
    let twice = baskets
        .with_ancestors(&to_category, Unmapped::Error, &Unwatched)
        .and_then(|categories| categories.with_ancestors(&to_department, Unmapped::Keep, &Unwatched))
        .unwrap();
    assert_eq!(twice, baskets.with_ancestors(&whole, Unmapped::Error, &Unwatched).unwrap());
    let departments = baskets
        .roll_up(&to_category, Unmapped::Error, &Unwatched)
        .and_then(|categories| categories.roll_up(&to_department, Unmapped::Error, &Unwatched))
        .unwrap();
    assert_eq!(departments.iter().map(<[u32]>::len).collect::<Vec<_>>(), [1, 1, 0]);
}

#[test]
fn hierarchies_that_are_none() {
    let baskets = Baskets::from_lists([["milk", "rum"]]).unwrap();
    let of = |child: &[&str], parent: &[&str]| {
        let hierarchy = Hierarchy::from_pairs(&texts(child), &texts(parent)).unwrap();
        let text = |made: patronage::Result<Baskets>| made.unwrap_err().to_string();
        (
            text(baskets.with_ancestors(&hierarchy, Unmapped::Error, &Unwatched)),
            baskets.roll_up(&hierarchy, Unmapped::Error, &Unwatched),
        )
    };
    let (unknown, rolled) = of(&["milk"], &["dairy"]);
    assert!(unknown.contains("a parent of the item(s) 'rum' does not exist"), "{unknown}");
    assert_eq!(rolled.unwrap_err().to_string(), unknown);
    let (cycle, rolled) = of(&["milk", "rum", "dairy", "food"], &["dairy", "drinks", "food", "milk"]);
    assert!(cycle.contains("'milk' is above itself by way of 'food'"), "{cycle}");
    assert!(rolled.is_ok());
    assert!(of(&["milk", "rum"], &["milk", "rum"]).0.contains("'milk' is above itself is not possible"));
    let mixed = Hierarchy::from_pairs(&texts(&["milk", "rum"]), &IdColumn::Ints(&[1, 2])).unwrap();
    assert!(baskets.roll_up(&mixed, Unmapped::Error, &Unwatched).is_ok());
    let error = baskets.with_ancestors(&mixed, Unmapped::Error, &Unwatched).unwrap_err().to_string();
    assert!(error.contains("integers and strings mixed"), "{error}");
    let missing = IdColumn::Texts(vec![Some("dairy"), None]);
    let error = Hierarchy::from_pairs(&texts(&["milk", "rum"]), &missing).unwrap_err().to_string();
    assert!(error.contains("column 'parent': the id is missing in 1 row(s), first at row 1"), "{error}");
    assert!(Hierarchy::from_pairs(&texts(&["milk"]), &missing).is_err());
}

#[test]
fn columns_of_lists_that_are_none() {
    let mut reader = ListReader::new("products");
    reader.push([1, 0], &IdColumn::Ints(&[7]), &Unwatched).unwrap();
    let missing = IdColumn::OptionalInts(vec![Some(1), Some(2), None]);
    assert_eq!(
        reader.clone().push([1, 0, 2], &missing, &Unwatched).unwrap_err().to_string(),
        "column 'products': missing items in the lists in 1 row(s), first at row 4; drop them from the lists"
    );
    assert!(reader.clone().push([2], &missing, &Unwatched).is_err());
    assert!(reader.push([usize::MAX, usize::MAX], &missing, &Unwatched).is_err());
}

#[test]
fn stored_baskets_are_checked() {
    let child = texts(&["milk"]);
    let hierarchy = Hierarchy::from_pairs(&child, &texts(&["dairy"])).unwrap();
    let baskets = Baskets::from_pairs(&IdColumn::Ints(&[4]), &child).unwrap();
    let extended = baskets.with_ancestors(&hierarchy, Unmapped::Error, &Unwatched).unwrap();
    let stored = serde_json::to_string(&extended).unwrap();
    assert!(stored.ends_with(r#""ids":[4],"ancestors":[[0,0,1],[0]]}"#), "{stored}");
    for (good, bad) in [
        (r#""ids":[4]"#, r#""ids":[4,5]"#),
        ("[[0,0,1],[0]]", "[[0,0,1],[1]]"),
        ("[[0,0,1],[0]]", "[[0,0,1],[2]]"),
        ("[[0,0,1],[0]]", "[[0,1],[0]]"),
        ("[[0,0,1],[0]]", "[[0,9,1],[0]]"),
        ("[[0,0,1],[0]]", "[[0,0,2],[0,0]]"),
        ("[[0,0,1],[0]]", "[[],[]]"),
    ] {
        let broken = stored.replace(good, bad);
        assert_ne!(broken, stored);
        assert!(serde_json::from_str::<Baskets>(&broken).is_err(), "{broken}");
    }
}
