//! Trees from columns: the same trees as from expressions, wrong columns, large shapes.
#![allow(clippy::unwrap_used)]

use patronage::decision::{Exact, Kind, Number, Solve, Tree, TreeColumns, chance, decide, pay};
use patronage::watch::Unwatched;
use patronage::{Error, Watch};
use proptest::prelude::*;

const NONE: f64 = f64::NAN;

fn build(columns: &TreeColumns<'_>) -> Result<Tree, Error> {
    Tree::from_columns(columns, &Unwatched)
}

#[test]
fn columns_are_the_expression() {
    let exact =
        |texts: &[&str]| texts.iter().map(|t| (!t.is_empty()).then(|| Number::from(*t))).collect::<Vec<_>>();
    let p = exact(&["", "", "", ".4", "#"]);
    let payoff = exact(&["", "-5", "", "", ""]);
    let value = exact(&["", "", "20", "100", "-90"]);
    let labels = ["", "large", "none", "good", "bad"];
    let names = ["Plant", "Market", "", "", ""];
    let columns = TreeColumns::new(&[-1, 0, 0, 1, 1]).probability(&p).payoff(&payoff).value(&value);
    let tree = build(&columns.labels(&labels).names(&names)).unwrap();
    let market = chance([("good", ".4", pay(100)), ("bad", "#", pay(-90))]).named("Market").paying(-5);
    let same = decide("Plant", [("large", market), ("none", pay(20))]).build().unwrap();
    assert_eq!(serde_json::to_string(&tree).unwrap(), serde_json::to_string(&same).unwrap());
    assert!(tree.is_exact());
    assert_eq!(tree.solve().unwrap().choice(), ["none"]);
}

#[test]
fn further_measures_and_times() {
    let columns =
        TreeColumns::new(&[-1, 0, 0]).payoff(&[0.0, 110.0, 90.0]).further("hours", &[0.0, 8.0, 1.0]);
    let time = [NONE, 1.0, NONE];
    let tree = build(&columns.clone().time(&time)).unwrap();
    let answer = Solve::new().discount_rate(0.1).run(&tree, &Unwatched).unwrap();
    assert!((answer.emv().float - 100.0).abs() < 1e-12);
    assert_eq!(answer.measure("hours").unwrap().cumulative[0].float, 8.0);
    assert!(build(&columns.clone().further("hours", &[0.0; 3])).is_err());
    assert!(build(&columns.further("payoff", &[0.0; 3])).is_err());
}

#[test]
fn wrong_columns_are_named() {
    let says = |columns: &TreeColumns<'_>, words: &[&str]| {
        let error = build(columns).unwrap_err();
        let text = error.to_string();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    };
    let two = TreeColumns::new(&[-1, 0, 0]);
    says(&two.clone().probability(&[NONE, 0.5, 0.4]), &["row 0", "0.9"]);
    says(&two.clone().probability(&[NONE, 1.5, -0.5]), &["row 1", "1.5"]);
    says(&two.clone().probability(&[NONE, -0.5, 1.5]), &["row 1", "-0.5"]);
    says(&two.clone().probability(&[NONE, 0.5, NONE]), &["row 2", "without a probability"]);
    says(&two.clone().probability(&[1.0, 0.5, 0.5]), &["row 0", "not chance's"]);
    says(&two.clone().probability(&[NONE, f64::INFINITY, 0.5]), &["row 1", "inf"]);
    says(&two.clone().payoff(&[0.0, NONE, 0.0]), &["row 1", "payoff is NaN"]);
    says(&two.clone().payoff(&[0.0, 1.0]), &["payoff", "2 elements for 3 nodes"]);
    says(&two.clone().value(&[1.0, 1.0, 0.0]), &["row 0", "no leaf"]);
    says(&two.clone().time(&[1.0, 0.5, 2.0]), &["row 1", "time 0.5"]);
    says(&two.clone().labels(&["", "a", "a"]), &["same label"]);
    says(&two.clone().kinds(&[Kind::Leaf; 3]), &["row 0", "a leaf with branches"]);
    says(&two.kinds(&[Kind::Decision; 3]), &["row 1", "without alternatives"]);
    says(&TreeColumns::new(&[]), &["no nodes"]);
    says(&TreeColumns::new(&[-1, -1]), &["rows 0 and 1", "one root"]);
    says(&TreeColumns::new(&[-1, 7]), &["row 1", "parent 7"]);
    says(&TreeColumns::new(&[-1, -2]), &["row 1", "-2"]);
    // Orphans that go round among themselves, with and without a root.
    says(&TreeColumns::new(&[-1, 0, 3, 2]), &["circle"]);
    says(&TreeColumns::new(&[1, 0]), &["circle"]);
    says(&TreeColumns::new(&[0]), &["circle"]);
    says(&TreeColumns::new(&[-1, 0, 3, 9]), &["row 3", "parent 9"]);
}

proptest! {
    /// Whatever the parents, there is a tree or an error that names the trouble; a tree is solved.
    #[test]
    fn any_parents(parent in prop::collection::vec(-1..8i64, 0..8), values in prop::collection::vec(-9.0..9.0f64, 8)) {
        let columns = TreeColumns::new(&parent).payoff(&values[..parent.len()]);
        match build(&columns) {
            Err(error) => {
                let named = matches!(error, Error::InvalidTree { .. });
                prop_assert!(named);
            }
            Ok(tree) => {
                prop_assert_eq!(tree.len(), parent.len());
                // Decisions only: the best path.
                let mut best = f64::NEG_INFINITY;
                for leaf in (0..parent.len()).filter(|&i| !parent.contains(&(i as i64))) {
                    let mut at = leaf as i64;
                    let mut sum = 0.0;
                    while at >= 0 {
                        sum += values[at as usize];
                        at = parent[at as usize];
                    }
                    best = f64::max(best, sum);
                }
                prop_assert!((tree.solve().unwrap().emv().float - best).abs() < 1e-9);
            }
        }
    }

    /// The order of rows has no meaning beyond that of siblings.
    #[test]
    fn rows_in_any_order(sizes in prop::collection::vec(1..4usize, 1..20), seed in any::<u64>()) {
        // A random tree: each row but the first hangs below an earlier one.
        let n = sizes.len();
        let parent: Vec<i64> = (0..n).map(|i| if i == 0 { -1 } else { ((seed >> (i % 60)) as usize % i) as i64 }).collect();
        let value: Vec<f64> = (0..n).map(|i| (i * i % 17) as f64).collect();
        let reversed = |i: i64| if i < 0 { -1 } else { n as i64 - 1 - i };
        let backwards: Vec<i64> = parent.iter().rev().map(|&p| reversed(p)).collect();
        let back: Vec<f64> = value.iter().rev().copied().collect();
        let one = build(&TreeColumns::new(&parent).payoff(&value)).unwrap().solve().unwrap();
        let other = build(&TreeColumns::new(&backwards).payoff(&back)).unwrap().solve().unwrap();
        prop_assert_eq!(one.emv(), other.emv());
    }
}

const MILLION: usize = 1_000_000;

#[test]
fn a_million_deep() {
    // Stop, or go on for 1: the path of even rows.
    let parent: Vec<i64> =
        (0..=2 * MILLION as i64).map(|i| if i == 0 { -1 } else { (i - 1) / 2 * 2 }).collect();
    let payoff: Vec<f64> = (0..=2 * MILLION).map(|i| if i > 0 && i % 2 == 0 { 1.0 } else { 0.0 }).collect();
    let answer = build(&TreeColumns::new(&parent).payoff(&payoff)).unwrap().solve().unwrap();
    assert_eq!(answer.emv().float, MILLION as f64);
    assert_eq!(answer.cumulative(2 * MILLION).float, MILLION as f64);
    assert_eq!(answer.risk_profile().unwrap().len(), 1);
    assert!(answer.strategies(1000).is_err());
    assert_eq!(answer.strategy_count(), MILLION as u64 + 1);
}

#[test]
fn a_million_wide() {
    let parent: Vec<i64> = (0..=MILLION as i64).map(|i| if i == 0 { -1 } else { 0 }).collect();
    let share = 1.0 / MILLION as f64;
    let p: Vec<f64> = (0..=MILLION).map(|i| if i == 0 { NONE } else { share }).collect();
    let value: Vec<f64> = (0..=MILLION).map(|i| i as f64).collect();
    let columns = TreeColumns::new(&parent).probability(&p).payoff(&value);
    let answer = build(&columns).unwrap().solve().unwrap();
    assert!((answer.emv().float - 500_000.5).abs() < 1e-3);
    let cvar = answer.risk_profile().unwrap().conditional_value_at_risk(0.1).unwrap().float;
    assert!((cvar - 50_000.5).abs() < 1e-2, "{cvar}");
    let wrong: Vec<f64> = p.iter().map(|p| p * 1.1).collect();
    let error = build(&columns.probability(&wrong)).unwrap_err().to_string();
    assert!(error.contains("row 0") && error.contains("sum to 1.1"), "{error}");
}

#[test]
fn long_fractions_of_columns() {
    // 1/3 of 1/7 of 1/11 …: beyond machine words, and still exact.
    let primes = [3i64, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79];
    let mut parent = vec![-1];
    let mut p = vec![None];
    let mut value = vec![None];
    let mut product = Exact::ONE;
    for prime in primes {
        let at = parent.len() as i64 - 1;
        let at = if at == 0 { 0 } else { at };
        parent.extend([at, at]);
        p.extend([Some(Number::Rest), Some(format!("1/{prime}").into())]);
        value.extend([Some(0.into()), None]);
        product = &product * &Exact::ratio(1, prime).unwrap();
    }
    *value.last_mut().unwrap() = Some(1.into());
    let tree = build(&TreeColumns::new(&parent).probability(&p).value(&value)).unwrap();
    assert_eq!(tree.solve().unwrap().emv().exact, Some(product));
}

struct Stop;
impl Watch for Stop {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn building_can_be_cancelled() {
    assert_eq!(Tree::from_columns(&TreeColumns::new(&[-1]), &Stop).unwrap_err(), Error::Cancelled);
}
