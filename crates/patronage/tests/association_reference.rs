//! Real baskets: the numbers of itemsets and rules that independent programs agree on (each count was given by at
//! least two of LCM, Borgelt's fpgrowth, SPMF, mlxtend, arules).

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs::File;
use std::io::{BufRead, BufReader};

use common::shared;
use flate2::read::GzDecoder;
use patronage::association::{Baskets, Itemsets, Kind, Mine};
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

fn mined(baskets: &Baskets, kind: Kind, count: u64) -> Itemsets {
    Mine::new().kind(kind).min_support(count).max_itemsets(100_000_000).run(baskets).unwrap()
}

/// Checks all rows of the reference that belong to a data set, up to a number of frequent sets.
fn check(dataset: &str, most_sets: u64) {
    let Some(reference) = shared("reference/itemsets.json") else { return };
    let rows: Vec<Value> = serde_json::from_reader(File::open(reference).unwrap()).unwrap();
    let Some(baskets) = read(&format!("{dataset}.dat.gz")) else { return };
    let mut checked = 0;
    for row in rows.iter().filter(|row| row["dataset"] == dataset) {
        let count = row["min_support_abs"].as_u64().unwrap();
        assert_eq!(baskets.len() as u64, row["n_transactions"].as_u64().unwrap());
        let n_frequent = row["n_frequent"].as_u64().unwrap();
        let number = |key: &str| row[key].as_u64();
        let closed = mined(&baskets, Kind::Closed, count);
        assert_eq!(Some(closed.len() as u64), number("n_closed"), "{dataset} closed at {count}");
        assert_eq!(
            Some(mined(&baskets, Kind::Maximal, count).len() as u64),
            number("n_maximal"),
            "{dataset} maximal at {count}"
        );
        if n_frequent <= most_sets {
            let frequent = mined(&baskets, Kind::Frequent, count);
            assert_eq!(frequent.len() as u64, n_frequent, "{dataset} frequent at {count}");
            if let Some(longest) = number("max_len") {
                let found = frequent.iter().map(|set| set.items().len() as u64).max();
                assert_eq!(found, Some(longest), "{dataset} longest at {count}");
            }
            if let Some(generators) = number("n_generators") {
                let found = mined(&baskets, Kind::Generators, count).len() as u64;
                assert_eq!(found, generators, "{dataset} generators at {count}");
            }
            for rules in row["rules"].as_array().into_iter().flatten() {
                let confidence = rules["min_conf"].as_f64().unwrap();
                let search = frequent.rules().min_confidence(confidence);
                let all = search.run().unwrap().len() as u64;
                assert_eq!(Some(all), rules["rules_all_splits"].as_u64(), "{dataset} rules at {count}");
                let single = search.clone().max_consequent(1).run().unwrap().len() as u64;
                assert_eq!(
                    Some(single),
                    rules["rules_single_consequent"].as_u64(),
                    "{dataset} one-item heads"
                );
            }
        }
        checked += 1;
    }
    assert!(checked > 0, "no reference for {dataset}");
}

#[test]
fn groceries() {
    check("groceries", u64::MAX);
}

#[test]
fn mushroom() {
    check("mushroom", u64::MAX);
}

#[test]
fn retail() {
    check("retail", u64::MAX);
}

#[test]
fn t10i4d100k() {
    check("T10I4D100K", u64::MAX);
}

#[test]
fn chess() {
    check("chess", u64::MAX);
}

#[test]
fn adult() {
    check("adult", u64::MAX);
}

#[test]
fn kosarak() {
    check("kosarak_head36k", u64::MAX);
}

#[test]
fn connect() {
    check("connect_head10k", 20_000_000);
}

#[test]
fn connect_after_eight_moves() {
    check("connect8ply", u64::MAX);
}
