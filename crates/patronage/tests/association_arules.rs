//! The 872 rules of Groceries in at least 50 baskets with confidence from 0.2 and one item as consequent: all measures,
//! redundancy and significance against arules 1.7-10, an independent program in R.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};

use common::shared;
use flate2::read::GzDecoder;
use patronage::association::{Baskets, Correction, Measure, Mine, Rules, Test};

/// The measures that arules computes as we do, by its names. Its centred confidence is the added value.
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
    ("casualConfidence", Measure::CasualConfidence),
    ("casualSupport", Measure::CasualSupport),
    ("doc", Measure::DifferenceOfConfidence),
    ("relativeRisk", Measure::RelativeRisk),
    ("oddsRatio", Measure::OddsRatio),
    ("yuleQ", Measure::YuleQ),
    ("yuleY", Measure::YuleY),
    ("phi", Measure::Phi),
    ("kappa", Measure::Kappa),
    ("chiSquared", Measure::ChiSquared),
    ("fishersExactTest", Measure::FisherPValue),
    ("hyperConfidence", Measure::HyperConfidence),
    ("hyperLift", Measure::HyperLift),
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

/// Those that arules takes over the rules it mined, not over all parts of the antecedent.
const OF_PARTS: &[(&str, Measure)] = &[
    ("improvement", Measure::Improvement),
    ("boost", Measure::ConfidenceBoost),
    ("LIC", Measure::LiftIncrease),
];

fn unpacked(name: &str) -> Option<Vec<String>> {
    let reader = BufReader::new(GzDecoder::new(File::open(shared(name)?).unwrap()));
    Some(reader.lines().map(Result::unwrap).collect())
}

/// The rules found here, and the table of arules: its header and its rows.
fn groceries() -> Option<(Rules, Vec<String>, Vec<Vec<String>>)> {
    let table = unpacked("reference/rules_groceries.tsv.gz")?;
    let names: BTreeMap<String, String> = unpacked("data/groceries.items.tsv.gz")?
        .iter()
        .map(|line| line.split_once('\t').map(|(n, name)| (n.to_owned(), name.to_owned())).unwrap())
        .collect();
    let lines = unpacked("data/groceries.dat.gz")?;
    let lists = lines.iter().map(|line| line.split_ascii_whitespace().map(|item| names[item].as_str()));
    let itemsets = Mine::new().min_support(50).run(&Baskets::from_lists(lists).unwrap()).unwrap();
    let rules = itemsets.rules().min_confidence(0.2).max_consequent(1).run().unwrap();
    let cells = |line: &String| line.split('\t').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut rows = table.iter().map(cells);
    let header = rows.next().unwrap();
    Some((rules, header, rows.collect()))
}

fn close(found: f64, expected: f64) -> bool {
    found == expected || (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3)
}

#[test]
fn measures_equal_those_of_arules() {
    let Some((rules, header, rows)) = groceries() else { return };
    assert_eq!((rules.len(), rows.len()), (872, 872));
    let own = [
        "stdLift",
        "collectiveStrength",
        "leastContradiction",
        "count",
        "table.n11",
        "table.n01",
        "table.n10",
        "table.n00",
    ];
    let seen = ARULES.iter().chain(OF_PARTS).map(|&(name, _)| name).chain(own);
    let flags = ["lhs", "rhs", "redundant", "sig_fisher_none", "sig_fisher_bonf"];
    let expected: BTreeSet<&str> =
        header.iter().map(String::as_str).filter(|name| !flags.contains(name)).collect();
    assert_eq!(seen.collect::<BTreeSet<_>>(), expected);
    assert_eq!(expected.len(), 54);

    let mut parts_not_mined = 0;
    for row in &rows {
        let cell = |name: &str| row[header.iter().position(|head| head == name).unwrap()].as_str();
        let number = |name: &str| cell(name).parse::<f64>().unwrap();
        let side = |name: &str| cell(name).trim_matches(['{', '}']).split(',').collect::<Vec<_>>();
        let rule = rules.get(rules.find(side("lhs"), side("rhs")).unwrap()).unwrap();
        let counts = rule.counts();
        let count = |name: &str| cell(name).parse::<u64>().unwrap();
        assert_eq!([counts.both(); 2], ["count", "table.n11"].map(count));
        let cells = [counts.antecedent_only(), counts.consequent_only(), counts.neither()];
        assert_eq!(cells, ["table.n10", "table.n01", "table.n00"].map(count));
        for &(name, measure) in ARULES {
            let (found, expected) = (rule.measure(measure), number(name));
            assert!(close(found, expected), "{name} of {row:?}: {found} ≠ {expected}");
        }
        // A p-value to nine digits, however small.
        let (p, theirs) = (rule.measure(Measure::FisherPValue), number("fishersExactTest"));
        assert!((p - theirs).abs() <= 1e-9 * theirs, "{p} ≠ {theirs}");

        // The best rule from a part may be less confident than those mined: arules then takes there to be none.
        let best = rule.confidence() - rule.measure(Measure::Improvement);
        if rule.antecedent().len() > 1 && best < 0.2 {
            parts_not_mined += 1;
            assert!(close(number("improvement"), rule.confidence()), "{row:?}");
            assert_eq!([number("boost"), number("LIC")], [f64::INFINITY; 2]);
        } else {
            for &(name, measure) in OF_PARTS {
                let (found, expected) = (rule.measure(measure), number(name));
                assert!(close(found, expected), "{name} of {row:?}: {found} ≠ {expected}");
            }
        }

        // The reference was mined with a support of 50 / 9835 − 10⁻⁹, to have 50 itself; ours is 50 / 9835.
        let standardised = |least: f64| {
            let [x, y] = [counts.antecedent(), counts.consequent()].map(|count| count as f64 / 9835.0);
            let bounds =
                [(x + y - 1.0) / (x * y), 4.0 * least / (1.0 + least).powi(2), least / (x * y), 0.2 / y];
            let lowest = bounds.into_iter().fold(f64::MIN, f64::max);
            (rule.lift() - lowest) / (1.0 / x.max(y) - lowest)
        };
        assert!(close(standardised(50.0 / 9835.0 - 1e-9), number("stdLift")));
        assert!(close(rule.measure(Measure::StandardisedLift), standardised(50.0 / 9835.0)));

        // arules leaves the counter-examples out: n₁₁ / n.₁ where the definition has (n₁₁ − n₁₀) / n.₁.
        let [n11, n10, n01, n00] = [counts.both(), cells[0], cells[1], cells[2]].map(|count| count as f64);
        let [n, x, y] = [counts.n(), counts.antecedent(), counts.consequent()].map(|count| count as f64);
        assert!(close(n11 / y, number("leastContradiction")));
        assert!(close(rule.measure(Measure::LeastContradiction), number("leastContradiction") - n10 / y));
        // Its collective strength multiplies n₁₁ n₀₀ and adds n₀. + n.₀ where agreement is n₁₁ + n₀₀ and expected
        // agreement n₁. n.₁ + n₀. n.₀ (over n): the values are in the ten thousands, where 1 means independence.
        let expected = x * y + (n - x) * (n - y);
        let theirs = n11 * n00 / (x * y + (n - x) + (n - y)) * ((n * n - expected) / (n - n11 - n00));
        assert!(close(theirs, number("collectiveStrength")), "{theirs}");
        let defined = (n11 + n00) / (expected / n) * ((n - expected / n) / (n10 + n01));
        assert!(close(rule.measure(Measure::CollectiveStrength), defined));
    }
    assert!(parts_not_mined < 100, "{parts_not_mined}");
    // Columns are the same as values one by one.
    for (column, &measure) in rules.columns(Measure::ALL).iter().zip(Measure::ALL) {
        for (&value, rule) in column.iter().zip(rules.iter()) {
            assert!(value == rule.measure(measure) || value.is_nan(), "{}", measure.name());
        }
    }
}

#[test]
fn redundant_and_significant_rules_are_those_of_arules() {
    let Some((rules, header, rows)) = groceries() else { return };
    let place = |row: &Vec<String>| {
        let side = |at: usize| row[at].trim_matches(['{', '}']).split(',').collect::<Vec<_>>();
        rules.find(side(0), side(1)).unwrap()
    };
    let flagged = |name: &str, flag: &str| -> BTreeSet<usize> {
        let column = header.iter().position(|head| head == name).unwrap();
        rows.iter().filter(|row| row[column] == flag).map(place).collect()
    };
    let kept = |some: &Rules| -> BTreeSet<usize> {
        some.iter().map(|rule| rules.find(rule.antecedent(), rule.consequent()).unwrap()).collect()
    };
    let non_redundant = rules.non_redundant().unwrap();
    assert_eq!(non_redundant.len(), 872 - 44);
    assert_eq!(kept(&non_redundant), flagged("redundant", "FALSE"));

    // arules corrects for the rules it has, not for those it examined.
    let significant = |correction| rules.significant(0.01, Test::Fisher, correction, Some(872)).unwrap();
    let (none, bonferroni) = (significant(Correction::None), significant(Correction::Bonferroni));
    assert_eq!((none.len(), bonferroni.len()), (796, 666));
    assert_eq!(kept(&none), flagged("sig_fisher_none", "TRUE"));
    assert_eq!(kept(&bonferroni), flagged("sig_fisher_bonf", "TRUE"));
    // Corrected for all candidates fewer pass; Holm passes no fewer than Bonferroni, and Benjamini and Hochberg more.
    let examined = rules.significant(0.01, Test::Fisher, Correction::Bonferroni, None).unwrap();
    assert!(examined.len() < 666 && examined.tested().unwrap().n_tests == rules.n_examined());
    assert!(significant(Correction::Holm).len() >= 666);
    assert!(significant(Correction::BenjaminiHochberg).len() > significant(Correction::Holm).len());
}
