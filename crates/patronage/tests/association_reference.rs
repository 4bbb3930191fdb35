//! Real baskets: the numbers of itemsets and rules that independent programs agree on (each count was given by at
//! least two of LCM, Borgelt's fpgrowth, SPMF, mlxtend, arules), and 872 rules with their measures from arules.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use common::shared;
use flate2::read::GzDecoder;
use patronage::association::{Baskets, Itemsets, Kind, Measure, Mine};
use patronage::transactions::{Id, Labels};
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

/// The measures that arules 1.7-10 computes as we do, by its names. Two it computes otherwise than defined: its
/// leastContradiction leaves out the counter-examples (n₁₁ / n.₁), its collectiveStrength multiplies n₁₁ n₀₀.
const ARULES: &[(&str, Measure)] = &[
    ("support", Measure::Support),
    ("confidence", Measure::Confidence),
    ("lift", Measure::Lift),
    ("leverage", Measure::Leverage),
    ("conviction", Measure::Conviction),
    ("coverage", Measure::Coverage),
    ("rhsSupport", Measure::ConsequentSupport),
    ("addedValue", Measure::AddedValue),
    ("centeredConfidence", Measure::AddedValue),
    ("certainty", Measure::Certainty),
    ("jaccard", Measure::Jaccard),
    ("cosine", Measure::Cosine),
    ("kulczynski", Measure::Kulczynski),
    ("imbalance", Measure::ImbalanceRatio),
    ("maxconfidence", Measure::MaxConfidence),
    ("laplace", Measure::Laplace),
    ("confirmedConfidence", Measure::ConfirmedConfidence),
    ("doc", Measure::DifferenceOfConfidence),
    ("relativeRisk", Measure::RelativeRisk),
    ("oddsRatio", Measure::OddsRatio),
    ("yuleQ", Measure::YuleQ),
    ("yuleY", Measure::YuleY),
    ("phi", Measure::Phi),
    ("kappa", Measure::Kappa),
    ("chiSquared", Measure::ChiSquared),
    ("gini", Measure::Gini),
    ("jMeasure", Measure::JMeasure),
    ("mutualInformation", Measure::MutualInformation),
    ("lambda", Measure::Lambda),
    ("counterexample", Measure::CounterexampleRate),
    ("sebag", Measure::Sebag),
    ("ralambondrainy", Measure::Ralambondrainy),
    ("varyingLiaison", Measure::VaryingLiaison),
    ("rulePowerFactor", Measure::RulePowerFactor),
    ("lerman", Measure::Lerman),
    ("implicationIndex", Measure::ImplicationIndex),
    ("importance", Measure::Importance),
    ("RLD", Measure::RelativeLinkage),
];

/// The 872 rules of Groceries in at least 50 baskets with confidence from 0.2 and one item as consequent.
#[test]
fn measures_equal_those_of_arules() {
    let (Some(mut table), Some(labels)) =
        (unpacked("reference/rules_groceries.tsv.gz"), unpacked("data/groceries.items.tsv.gz"))
    else {
        return;
    };
    let Some(baskets) = read("groceries.dat.gz") else { return };
    let names: BTreeMap<i64, String> = labels
        .lines()
        .map(|line| {
            line.unwrap().split_once('\t').map(|(n, name)| (n.parse().unwrap(), name.to_owned())).unwrap()
        })
        .collect();
    let named = Labels::Texts(
        baskets
            .labels()
            .iter()
            .map(|id| match id {
                Id::Int(item) => names[&item].clone(),
                Id::Text(_) => unreachable!(),
            })
            .collect(),
    );
    let baskets = Baskets::from_csr(baskets.offsets().to_vec(), baskets.codes().to_vec(), named).unwrap();
    let rules =
        mined(&baskets, Kind::Frequent, 50).rules().min_confidence(0.2).max_consequent(1).run().unwrap();
    assert_eq!(rules.len(), 872);

    let mut text = String::new();
    table.read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| header.iter().position(|&head| head == name).unwrap();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let side = |name: &str| cells[column(name)].trim_matches(['{', '}']).split(',').collect::<Vec<_>>();
        let rule = rules.get(rules.find(side("lhs"), side("rhs")).unwrap()).unwrap();
        let count = |name: &str| cells[column(name)].parse::<u64>().unwrap();
        let counts = rule.counts();
        assert_eq!(counts.both(), count("count"));
        assert_eq!(counts.antecedent_only(), count("table.n10"));
        assert_eq!(counts.consequent_only(), count("table.n01"));
        assert_eq!(counts.neither(), count("table.n00"));
        for &(name, measure) in ARULES {
            let expected: f64 = cells[column(name)].parse().unwrap();
            let found = rule.measure(measure);
            let close = (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3);
            assert!(close, "{name} of {line}: {found} ≠ {expected}");
        }
        let theirs: f64 = cells[column("leastContradiction")].parse().unwrap();
        let ours = theirs - counts.antecedent_only() as f64 / counts.consequent() as f64;
        assert!((rule.measure(Measure::LeastContradiction) - ours).abs() < 1e-12);
    }
}
