//! Sequential patterns against published examples and against brute force.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use patronage::association::{Kind, MineSequences, Pattern, SequentialPatterns};
use patronage::transactions::{Grain, Id, IdColumn, SequenceReader, Sequences, TimeColumn, WhenColumn};
use patronage::watch::Unwatched;
use patronage::{Error, Watch};
use proptest::prelude::*;

/// Elements as sorted lists of items.
type Elements = Vec<Vec<i64>>;

fn found(patterns: &SequentialPatterns) -> BTreeMap<Elements, u64> {
    let number = |id: &Id<'_>| match id {
        Id::Int(item) => *item,
        Id::Text(text) => i64::from(text.as_bytes()[0]),
    };
    let all: BTreeMap<Elements, u64> = patterns
        .iter()
        .map(|p| (p.elements().iter().map(|e| e.iter().map(number).collect()).collect(), p.count()))
        .collect();
    assert_eq!(all.len(), patterns.len(), "a pattern stands twice");
    for pattern in patterns.iter() {
        assert_eq!(patterns.count_of(pattern.elements()), Some(pattern.count()));
    }
    all
}

/// A pattern as the papers write it: a(bc) is a, then b and c together.
fn read(text: &str) -> Elements {
    let (mut elements, mut inside): (Elements, bool) = (Vec::new(), false);
    for c in text.chars() {
        match c {
            '(' => {
                inside = true;
                elements.push(Vec::new());
            }
            ')' => inside = false,
            c if inside => elements.last_mut().unwrap().push(c as i64),
            c => elements.push(vec![c as i64]),
        }
    }
    elements
}

fn lists(sequences: &[&str]) -> Vec<Elements> {
    sequences.iter().map(|text| read(text)).collect()
}

/// The running example of Pei et al. (2001), table 1 and 2: all 53 patterns that two of four sequences support.
#[test]
fn the_paper() {
    let database = lists(&["a(abc)(ac)d(cf)", "(ad)c(bc)(ae)", "(ef)(ab)(df)cb", "eg(af)cbc"]);
    let published = "a aa ab a(bc) a(bc)a aba abc (ab) (ab)c (ab)d (ab)f (ab)dc ac aca acb acc ad adc af \
                     b ba bc (bc) (bc)a bd bdc bf c ca cb cc d db dc dcb \
                     e ea eab eac eacb eb ebc ec ecb ef efb efc efcb f fb fbc fc fcb";
    let published: BTreeSet<Elements> = published.split_whitespace().map(read).collect();
    assert_eq!(published.len(), 53);
    let sequences = Sequences::from_lists(database).unwrap();
    let patterns = MineSequences::new().min_support(0.5).run(&sequences).unwrap();
    assert_eq!(found(&patterns).into_keys().collect::<BTreeSet<_>>(), published);
    let most = |text: &str| patterns.count_of(read(text));
    assert_eq!((most("a"), most("d"), most("g"), most("aa")), (Some(4), Some(3), None, Some(2)));
}

/// The example of the Spark documentation, with its answer.
#[test]
fn spark() {
    let database = [
        vec![vec![1_i64, 2], vec![3]],
        vec![vec![1], vec![3, 2], vec![1, 2]],
        vec![vec![1, 2], vec![5]],
        vec![vec![6]],
    ];
    let sequences = Sequences::from_lists(database).unwrap();
    let patterns = MineSequences::new().min_support(0.5).max_length(5).run(&sequences).unwrap();
    let expected = [
        (vec![vec![1]], 3),
        (vec![vec![2]], 3),
        (vec![vec![3]], 2),
        (vec![vec![1, 2]], 3),
        (vec![vec![1], vec![3]], 2),
    ];
    assert_eq!(found(&patterns), BTreeMap::from(expected));
}

/// The example of Wang and Han (2004), table 1: six closed patterns of seventeen.
#[test]
fn bide() {
    let database = lists(&["CAABC", "ABCB", "CABC", "ABBCA"]);
    let sequences = Sequences::from_lists(database).unwrap();
    let mine = MineSequences::new().min_support(2);
    assert_eq!(mine.run(&sequences).unwrap().len(), 17);
    let closed = mine.kind(Kind::Closed).run(&sequences).unwrap();
    let expected = [("AA", 2), ("ABB", 2), ("ABC", 4), ("CA", 3), ("CABC", 2), ("CB", 3)];
    let expected: BTreeMap<Elements, u64> = expected.map(|(text, count)| (read(text), count)).into();
    assert_eq!(found(&closed), expected);
}

/// Customers with baskets on days, items 0 to 4.
fn database() -> impl Strategy<Value = Vec<BTreeMap<i32, BTreeSet<i64>>>> {
    let basket = prop::collection::btree_set(0..5_i64, 1..4);
    let customer = prop::collection::btree_map(0..14_i32, basket, 1..6);
    prop::collection::vec(customer, 1..7)
}

fn sequences(database: &[BTreeMap<i32, BTreeSet<i64>>], backwards: bool) -> Sequences {
    let mut rows: Vec<(i64, i32, i64)> = (0..)
        .zip(database)
        .flat_map(|(who, baskets)| {
            baskets.iter().flat_map(move |(&day, items)| items.iter().map(move |&item| (who, day, item)))
        })
        .collect();
    if backwards {
        rows.reverse();
    }
    let mut reader = SequenceReader::new("who", "day", "item", Grain::Day);
    let column = |of: fn(&(i64, i32, i64)) -> i64| rows.iter().map(of).collect::<Vec<_>>();
    let days: Vec<i32> = rows.iter().map(|row| row.1).collect();
    let when = WhenColumn::Times(TimeColumn::Days(&days));
    let (who, what) = (column(|row| row.0), column(|row| row.2));
    reader.push(&IdColumn::Ints(&who), &when, &IdColumn::Ints(&what), &Unwatched).unwrap();
    reader.finish(&Unwatched).unwrap()
}

/// All patterns of a customer within the limits: every choice of baskets, every choice of items of each.
fn of_customer(
    baskets: &BTreeMap<i32, BTreeSet<i64>>,
    most: usize,
    gap: i32,
    window: i32,
) -> BTreeSet<Elements> {
    let baskets: Vec<(i32, Vec<i64>)> =
        baskets.iter().map(|(&day, items)| (day, items.iter().copied().collect())).collect();
    // Patterns so far, with the first and the last day of the occurrence.
    let mut open: Vec<(Elements, i32, i32)> = Vec::new();
    for (day, items) in &baskets {
        let chosen: Vec<Vec<i64>> = (1..1_u32 << items.len())
            .map(|mask| (0..items.len()).filter(|i| mask >> i & 1 == 1).map(|i| items[i]).collect())
            .collect();
        let mut new: Vec<(Elements, i32, i32)> = Vec::new();
        for element in chosen {
            new.push((vec![element.clone()], *day, *day));
            for (pattern, first, last) in &open {
                if day - last <= gap && day - first <= window {
                    new.push(([pattern.clone(), vec![element.clone()]].concat(), *first, *day));
                }
            }
        }
        open.extend(new);
        open.retain(|(pattern, ..)| pattern.iter().map(Vec::len).sum::<usize>() <= most);
        open.sort();
        open.dedup();
    }
    open.into_iter().map(|(pattern, ..)| pattern).collect()
}

/// Whether each element of a pattern can be found in order in those of another.
fn inside(part: &Elements, whole: &Elements) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|element| rest.any(|other| element.iter().all(|item| other.contains(item))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn patterns_are_those_of_the_definition(
        database in database(),
        min_count in 1..4_u64,
        most in 1..5_usize,
        gap in prop::option::of(1..9_i32),
        window in prop::option::of(1..12_i32),
    ) {
        let coded = sequences(&database, false);
        prop_assert_eq!(&coded, &sequences(&database, true));
        let (no_gap, no_window) = (gap.unwrap_or(99), window.unwrap_or(99));
        let mut counts: BTreeMap<Elements, u64> = BTreeMap::new();
        for baskets in &database {
            for pattern in of_customer(baskets, most + 1, no_gap, no_window) {
                *counts.entry(pattern).or_default() += 1;
            }
        }
        let frequent: BTreeMap<Elements, u64> =
            counts.into_iter().filter(|&(_, count)| count >= min_count).collect();
        let length = |pattern: &Elements| pattern.iter().map(Vec::len).sum::<usize>();
        for kind in [Kind::Frequent, Kind::Closed, Kind::Maximal] {
            let mut mine = MineSequences::new().min_support(min_count).kind(kind).max_length(most as u64);
            if let Some(gap) = gap {
                mine = mine.max_gap(gap as u64);
            }
            if let Some(window) = window {
                mine = mine.window(window as u64);
            }
            if gap.is_some() && kind != Kind::Frequent {
                prop_assert!(mine.run(&coded).is_err());
                continue;
            }
            let patterns = mine.run(&coded).unwrap();
            let expected = frequent.iter().filter(|&(pattern, &count)| {
                let beaten = |(other, &more): (&Elements, &u64)| {
                    other != pattern && inside(pattern, other) && (kind == Kind::Maximal || more == count)
                };
                length(pattern) <= most && (kind == Kind::Frequent || !frequent.iter().any(beaten))
            });
            let expected: BTreeMap<Elements, u64> = expected.map(|(p, &n)| (p.clone(), n)).collect();
            prop_assert_eq!(found(&patterns), expected, "{:?}", kind);
            let stored = serde_json::to_string(&patterns).unwrap();
            prop_assert_eq!(&serde_json::from_str::<SequentialPatterns>(&stored).unwrap(), &patterns);
        }
    }

    #[test]
    fn rules_are_those_of_the_definition(
        database in database(),
        percent in 0..=100_u64,
        repeats: bool,
        window in prop::option::of(1..12_i32),
    ) {
        let mut counts: BTreeMap<Elements, u64> = BTreeMap::new();
        for baskets in &database {
            for pattern in of_customer(baskets, 3, 99, window.unwrap_or(99)) {
                *counts.entry(pattern).or_default() += 1;
            }
        }
        let mut mine = MineSequences::new().min_support(1).max_length(3);
        if let Some(window) = window {
            mine = mine.window(window as u64);
        }
        let patterns = mine.run(&sequences(&database, false)).unwrap();
        let rules = patterns.rules(percent as f64 / 100.0, repeats, &Unwatched).unwrap();
        let number = |id: &Id<'_>| match id {
            Id::Int(item) => *item,
            Id::Text(_) => unreachable!(),
        };
        let mut told = BTreeMap::new();
        for rule in rules.iter() {
            let x: Elements = rule.antecedent().iter().map(|e| e.iter().map(number).collect()).collect();
            let y: Vec<i64> = rule.consequent().iter().map(number).collect();
            told.insert((x, y), [rule.antecedent_count(), rule.consequent_count(), rule.count()]);
        }
        let mut expected = BTreeMap::new();
        for (pattern, &both) in counts.iter().filter(|(pattern, _)| pattern.len() > 1) {
            let (y, x) = pattern.split_last().unwrap();
            let (before, after) = (counts[x], counts[&vec![y.clone()]]);
            let again = x.iter().flatten().any(|item| y.contains(item));
            if 100 * both >= percent * before && (repeats || !again) {
                expected.insert((x.to_vec(), y.clone()), [before, after, both]);
            }
        }
        prop_assert_eq!(told, expected);
    }
}

/// Cancels at the fourth look.
struct Impatient(std::sync::atomic::AtomicU64);

impl Watch for Impatient {
    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= 3
    }
}

#[test]
fn limits_hold() {
    // 2^16 − 1 patterns of three customers, and the 12 items of five.
    let long: Vec<Vec<i64>> = (0..16).map(|item| vec![item]).collect();
    let short: Vec<Vec<i64>> = vec![(0..8).collect()];
    let database: Vec<_> = (0..3).map(|_| long.clone()).chain((0..2).map(|_| short.clone())).collect();
    let sequences = Sequences::from_lists(database).unwrap();
    let mine = MineSequences::new().max_patterns(5_000);
    let error = mine.min_support(2).run(&sequences).unwrap_err().to_string();
    assert!(
        error.contains("limit of 5000") && error.contains("a min_support of 4 customers fits"),
        "{error}"
    );
    assert_eq!(mine.min_support(4).run(&sequences).unwrap().len(), 8);
    assert_eq!(MineSequences::new().min_support(3).run(&sequences).unwrap().len(), (1 << 16) - 1);
    assert_eq!(mine.min_support(3).max_length(2).run(&sequences).unwrap().len(), 16 + 16 * 15 / 2);
    for wrong in [mine.max_length(0), mine.max_gap(0), mine.window(0), mine.kind(Kind::Generators)] {
        assert!(matches!(wrong.run(&sequences), Err(Error::InvalidParameter { .. })));
    }
    let closed = MineSequences::new().min_support(3).kind(Kind::Closed).run(&sequences).unwrap();
    assert!(closed.rules(0.5, true, &Unwatched).is_err());
    let watch = Impatient(0.into());
    let error = MineSequences::new().min_support(1).run_watched(&sequences, &watch).unwrap_err();
    assert_eq!(error, Error::Cancelled);
}

/// A history as long as a stack is deep: one item, bought again and again.
#[test]
fn long_patterns() {
    let sequences = Sequences::from_lists([vec![vec![7_i64]; 3_000], vec![vec![7_i64]; 2_000]]).unwrap();
    let patterns = MineSequences::new().min_support(2).run(&sequences).unwrap();
    assert_eq!(patterns.len(), 2_000);
    let maximal = MineSequences::new().min_support(2).kind(Kind::Maximal).run(&sequences).unwrap();
    assert_eq!(maximal.iter().map(Pattern::length).collect::<Vec<_>>(), [2_000]);
}
