//! Real baskets: the numbers of itemsets and rules that independent programs agree on (each count was given by at
//! least two of LCM, Borgelt's fpgrowth, SPMF, mlxtend, arules).

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs::File;
use std::io::{BufRead, BufReader};

use common::shared;
use flate2::read::GzDecoder;
use patronage::association::{Baskets, Itemsets, Kind, Mine};
use patronage::transactions::Id;
use rayon::ThreadPoolBuilder;
use serde_json::Value;

fn unpacked(name: &str) -> Option<impl BufRead> {
    shared(name).map(|path| BufReader::new(GzDecoder::new(File::open(path).unwrap())))
}

/// Baskets of item numbers, one basket a line.
fn read(file: &str) -> Option<Baskets> {
    let lists: Vec<Vec<i64>> = unpacked(&format!("data/{file}"))?
        .lines()
        .map(|line| line.unwrap().split_ascii_whitespace().map(|item| item.parse().unwrap()).collect())
        .collect();
    Some(Baskets::from_lists(lists).unwrap())
}

fn mine(kind: Kind, count: u64) -> Mine<'static> {
    Mine::new().kind(kind).min_support(count).max_itemsets(100_000_000)
}

fn mined(baskets: &Baskets, kind: Kind, count: u64) -> Itemsets {
    let itemsets = mine(kind, count).run(baskets).unwrap();
    assert_eq!(itemsets.limited(), None);
    itemsets
}

/// More sets than this are only counted.
const MOST_KEPT: u64 = 4_000_000;

/// Checks all rows of the reference that belong to a data set, with some numbers of threads.
fn check(dataset: &str, threads: impl IntoIterator<Item = usize>) {
    let Some(reference) = shared("reference/itemsets.json") else { return };
    let rows: Vec<Value> = serde_json::from_reader(File::open(reference).unwrap()).unwrap();
    let Some(baskets) = read(&format!("{dataset}.dat.gz")) else { return };
    let rows: Vec<&Value> = rows.iter().filter(|row| row["dataset"] == dataset).collect();
    assert!(!rows.is_empty(), "no reference for {dataset}");
    for threads in threads {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        rows.iter().for_each(|row| pool.install(|| check_row(&baskets, row)));
    }
}

fn check_row(baskets: &Baskets, row: &Value) {
    let count = row["min_support_abs"].as_u64().unwrap();
    assert_eq!(baskets.len() as u64, row["n_transactions"].as_u64().unwrap());
    for kind in Kind::ALL {
        let key = format!("n_{}", kind.name());
        let Some(expected) = row[&key].as_u64() else { continue };
        if matches!(kind, Kind::Frequent | Kind::Closed) {
            let counted = mine(kind, count).count(baskets).unwrap();
            assert_eq!((counted.total(), counted.limited), (expected, None), "{key} at {count}");
            if let (Kind::Frequent, Some(longest)) = (kind, row["max_len"].as_u64()) {
                assert_eq!(counted.by_length.len() as u64, longest, "the longest at {count}");
            }
        }
        if expected > MOST_KEPT {
            continue;
        }
        let itemsets = mined(baskets, kind, count);
        assert_eq!(itemsets.len() as u64, expected, "{key} at {count}");
        if kind == Kind::Frequent {
            let longest = itemsets.iter().map(|set| set.length() as u64).max();
            assert!(row["max_len"].is_null() || longest == row["max_len"].as_u64(), "the longest at {count}");
            row["rules"].as_array().into_iter().flatten().for_each(|rules| check_rules(&itemsets, rules));
        }
    }
}

fn check_rules(itemsets: &Itemsets, rules: &Value) {
    let search = itemsets.rules().min_confidence(rules["min_conf"].as_f64().unwrap());
    let all = search.run().unwrap().len() as u64;
    assert_eq!(Some(all), rules["rules_all_splits"].as_u64());
    let single = search.max_consequent(1).run().unwrap().len() as u64;
    assert_eq!(Some(single), rules["rules_single_consequent"].as_u64(), "one-item heads");
}

#[test]
fn groceries() {
    check("groceries", [1, 2]);
}

#[test]
fn mushroom() {
    check("mushroom", [1, 2]);
}

#[test]
fn retail() {
    check("retail", [1, 2]);
}

#[test]
fn t10i4d100k() {
    check("T10I4D100K", [1, 2]);
}

#[test]
fn t40i10d100k() {
    check("T40I10D100K_regen", [2]);
}

#[test]
fn zipf() {
    check("zipf990k", [2]);
}

#[test]
fn chess() {
    check("chess", [1, 2]);
}

#[test]
fn adult() {
    check("adult", [1, 2]);
}

#[test]
fn kosarak() {
    check("kosarak_head36k", [1, 2]);
}

#[test]
fn connect() {
    check("connect_head10k", [1, 2]);
}

#[test]
fn connect_after_eight_moves() {
    check("connect8ply", [1, 2]);
}

/// Sets beyond counting: a limit leaves all those of the most frequent items, and a support that fits.
#[test]
fn a_support_far_too_low() {
    const LIMIT: u64 = 100_000;
    for dataset in ["chess", "connect_head10k"] {
        let Some(baskets) = read(&format!("{dataset}.dat.gz")) else { return };
        let limited = |share: f64| Mine::new().min_support(share).max_itemsets(LIMIT);
        let itemsets = limited(0.01).run(&baskets).unwrap();
        let told = itemsets.limited().unwrap();
        assert!(told.searched > 0 && told.searched < told.items && itemsets.len() as u64 <= LIMIT);
        // The same by asking for the items searched, and one item more is too many.
        let most_frequent = |n: u64| itemsets.items().iter().take(n as usize).collect::<Vec<Id<'_>>>();
        let of_these = limited(0.01).only(most_frequent(told.searched)).run(&baskets).unwrap();
        assert_eq!((of_these.limited(), of_these.len()), (None, itemsets.len()));
        let by_id = |a: &Itemsets| a.iter().map(|set| (set.items().len(), set.count())).collect::<Vec<_>>();
        assert_eq!(by_id(&of_these), by_id(&itemsets));
        let one_more = limited(0.01).only(most_frequent(told.searched + 1)).run(&baskets).unwrap();
        assert!(one_more.limited().is_some());
        let fits = told.fits.unwrap();
        assert_eq!(Mine::new().min_support(fits).max_itemsets(LIMIT).run(&baskets).unwrap().limited(), None);
    }
}
