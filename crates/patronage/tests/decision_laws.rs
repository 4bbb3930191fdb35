//! Laws of rollback, against enumeration of every strategy; trees of extreme shape.
#![allow(clippy::unwrap_used)]

#[path = "common/trees.rs"]
mod trees;

use patronage::decision::{
    Drawing, Exact, Kind, Node, NodeRow, Number, Sense, Solve, Tree, TreeAnswer, chance, decide, pay,
};
use patronage::watch::Unwatched;
use patronage::{Error, Lang, Watch};
use proptest::prelude::*;
use trees::{Small, count, node, small};

/// The expected value of every pure strategy.
fn strategies(small: &Small) -> Vec<Exact> {
    match small {
        Small::Leaf(value) => vec![(*value).into()],
        Small::Decision(branches) => branches
            .iter()
            .flat_map(|(paid, below)| strategies(below).into_iter().map(|v| &v + &(*paid).into()))
            .collect(),
        Small::Chance(branches) => {
            let total: u32 = branches.iter().map(|b| b.0).sum();
            branches.iter().fold(vec![Exact::ZERO], |sums, (weight, paid, below)| {
                let p = Exact::ratio((*weight).into(), total.into()).unwrap();
                let below = strategies(below);
                let terms: Vec<Exact> = below.iter().map(|v| &p * &(v + &(*paid).into())).collect();
                sums.iter().flat_map(|sum| terms.iter().map(move |term| sum + term)).collect()
            })
        }
    }
}

/// The tree with all branches in the opposite order, and "#" for the last probability of each event.
fn turned(small: &Small) -> Node {
    match small {
        Small::Leaf(value) => pay(*value),
        Small::Decision(branches) => {
            let branches = branches.iter().enumerate().rev();
            decide("d", branches.map(|(i, (paid, below))| (i.to_string(), turned(below).paying(*paid))))
        }
        Small::Chance(branches) => {
            let total: u32 = branches.iter().map(|b| b.0).sum();
            let last = branches.len() - 1;
            chance(branches.iter().enumerate().rev().map(|(i, (weight, paid, below))| {
                let p = if i == last { "#".into() } else { format!("{weight}/{total}") };
                (i.to_string(), p, turned(below).paying(*paid))
            }))
        }
    }
}

proptest! {
    #[test]
    fn rollback_is_the_best_strategy(small in small(1000, 4, 24)) {
        prop_assume!(count(&small) <= 20_000.0);
        let tree = node(&small).build().unwrap();
        let all = strategies(&small);
        for (sense, best) in [(Sense::Profit, all.iter().max()), (Sense::Cost, all.iter().min())] {
            let answer = Solve::new().sense(sense).run(&tree, &Unwatched).unwrap();
            prop_assert_eq!(answer.emv().exact, best.cloned());
            let floats = Solve::new().sense(sense).floats(true).run(&tree, &Unwatched).unwrap();
            prop_assert!((floats.emv().float - answer.emv().float).abs() < 1e-9 * 1000.0);
            // The risk profile is the distribution of what the policy brings.
            let profile = answer.risk_profile().unwrap();
            let fold = |f: &dyn Fn(&patronage::decision::Outcome) -> Exact| {
                profile.iter().fold(Exact::ZERO, |sum, line| &sum + &f(line))
            };
            prop_assert_eq!(fold(&|line| line.probability.exact.clone().unwrap()), Exact::ONE);
            let mean = fold(&|line| {
                line.probability.exact.as_ref().unwrap() * line.payoff.exact.as_ref().unwrap()
            });
            prop_assert_eq!(Some(mean), answer.emv().exact);
            // Text, drawing and JSON come out whatever the tree.
            prop_assert!(answer.explain(Lang::Zh).to_text().contains("EMV") || tree.len() == 1);
            prop_assert!(Drawing::new().svg(&answer).ends_with("</svg>"));
            let again: TreeAnswer = serde_json::from_str(&serde_json::to_string(&floats).unwrap()).unwrap();
            prop_assert_eq!(again.emv(), floats.emv());
        }
    }

    /// Siblings may come in any order of rows.
    #[test]
    fn row_order_has_no_meaning(small in small(1000, 4, 24), seed in any::<u64>()) {
        let tree = node(&small).build().unwrap();
        let rows = rows(&tree);
        let n = rows.len();
        // A permutation that keeps siblings in order: a stable sort by a hash of the parent.
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&i| rows[i].parent.map_or(0, |p| (p as u64 + 1).wrapping_mul(seed | 1)));
        let mut place = vec![0; n];
        order.iter().enumerate().for_each(|(new, &old)| place[old] = new);
        let shuffled = order.iter().map(|&old| {
            NodeRow { parent: rows[old].parent.map(|p| place[p]), ..rows[old].clone() }
        });
        let again = Tree::from_rows(shuffled.collect(), &Unwatched).unwrap();
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&tree).unwrap());
    }

    /// The last probability of an event may be written as the rest, and branches may stand in another order.
    #[test]
    fn complement_and_label_order_do_not_matter(small in small(1000, 4, 24)) {
        let answer = node(&small).solve().unwrap();
        let again = turned(&small).solve().unwrap();
        prop_assert_eq!(again.emv(), answer.emv());
        let sorted = |answer: &TreeAnswer| {
            let mut choice: Vec<String> = answer.choice().into_iter().map(Into::into).collect();
            choice.sort_unstable();
            choice
        };
        prop_assert_eq!(sorted(&again), sorted(&answer));
        prop_assert_eq!(again.has_ties(), answer.has_ties());
        // Where alternatives tie the first is followed, which may be another one.
        if !answer.has_ties() {
            prop_assert_eq!(again.risk_profile().unwrap(), answer.risk_profile().unwrap());
        }
    }

    /// Perfect information is worth at least nothing, and as much as the least expected loss.
    #[test]
    fn evpi(payoffs in prop::collection::vec(-1000..1000i32, 12), weights in prop::collection::vec(1..9u32, 3)) {
        use patronage::decision::DecisionTable;
        let total: u32 = weights.iter().sum();
        let p = weights.iter().map(|w| format!("{w}/{total}"));
        let table = DecisionTable::new(["a", "b", "c", "d"], ["x", "y", "z"], payoffs).unwrap();
        let table = table.with_probabilities(p).unwrap();
        for sense in [Sense::Profit, Sense::Cost] {
            let answer = table.solve(sense, None).unwrap();
            let evpi = answer.evpi.as_ref().unwrap().exact.clone().unwrap();
            let perfect = answer.ev_with_perfect_information.unwrap().exact.unwrap();
            let emv = answer.emv.unwrap().value.exact.unwrap();
            prop_assert!(evpi >= Exact::ZERO);
            let eol = answer.eol.unwrap().value.exact.unwrap();
            prop_assert_eq!(&evpi, &eol);
            let gain = if sense == Sense::Profit { &perfect - &emv } else { &emv - &perfect };
            prop_assert_eq!(evpi, gain);
        }
    }

    /// In each region, and only there, the same alternatives have the best expected value.
    #[test]
    fn strategy_regions(payoffs in prop::collection::vec(-9..9i32, 15), weights in prop::collection::vec(1..9u32, 3)) {
        use patronage::decision::DecisionTable;
        let total: u32 = weights.iter().sum();
        let table = |p: [Exact; 3]| {
            let table = DecisionTable::new(["a", "b", "c", "d", "e"], ["x", "y", "z"], payoffs.clone()).unwrap();
            table.with_probabilities(p).unwrap()
        };
        let share = |w: u32| Exact::ratio(w.into(), total.into()).unwrap();
        let prior = table([share(weights[0]), share(weights[1]), share(weights[2])]);
        for sense in [Sense::Profit, Sense::Cost] {
            let regions = prior.strategy_regions(0, sense).unwrap().regions;
            let mut end = Exact::ZERO;
            for region in &regions {
                let (from, to) = (region.from.exact.clone().unwrap(), region.to.exact.clone().unwrap());
                prop_assert_eq!(&from, &end);
                let inside = &(&from + &to) * &Exact::parse(".5").unwrap();
                let left = &Exact::ONE - &inside;
                let rest = (weights[1] + weights[2]).into();
                let y = &left * &Exact::ratio(weights[1].into(), rest).unwrap();
                let z = &left * &Exact::ratio(weights[2].into(), rest).unwrap();
                let answer = table([inside, y, z]).solve(sense, None).unwrap();
                prop_assert_eq!(&answer.emv.unwrap().best, &region.best);
                end = to;
            }
            prop_assert_eq!(end, Exact::ONE);
            prop_assert!(regions.windows(2).all(|pair| pair[0].best != pair[1].best));
        }
    }
}

fn rows(tree: &Tree) -> Vec<NodeRow> {
    (0..tree.len())
        .map(|i| NodeRow {
            parent: tree.parent(i),
            name: tree.name(i).into(),
            label: tree.label(i).into(),
            probability: tree.probability(i),
            payoff: Some(tree.payoff(i)),
            value: (tree.kind(i) == Kind::Leaf).then(|| tree.value(i)),
            ..NodeRow::new(tree.kind(i))
        })
        .collect()
}

const MILLION: usize = 1_000_000;

/// Everything that can be done with a tree, on the small stack of a test thread.
fn everything(answer: &TreeAnswer) {
    assert!(answer.explain(Lang::En).to_html().len() < 1_000_000);
    assert!(Drawing::new().svg(answer).len() < 1_000_000);
    assert!(!answer.policy().is_empty());
    let stored = serde_json::to_string(answer).unwrap();
    let again: TreeAnswer = serde_json::from_str(&stored).unwrap();
    assert_eq!(again.emv(), answer.emv());
    assert!(!format!("{:?}", answer.clone()).is_empty());
}

#[test]
fn a_million_deep() {
    // Go on (and pay 1) a million times, or stop with what the step offers.
    let mut node = pay(0);
    for _ in 0..MILLION / 2 {
        node = decide("", [("stop", pay(0)), ("go on", node.paying(1))]);
    }
    assert_eq!(node.clone().build().unwrap().len(), MILLION + 1);
    let answer = node.solve().unwrap();
    assert_eq!(answer.emv().exact, Some((MILLION as i32 / 2).into()));
    assert_eq!(answer.risk_profile().unwrap().len(), 1);
    everything(&answer);
}

#[test]
fn a_million_deep_by_chance() {
    let mut node = pay(1.0);
    for _ in 0..MILLION / 2 {
        node = chance([("again", 0.5, node), ("end", 0.5, pay(1.0))]);
    }
    let answer = decide("", [("play", node)]).solve().unwrap();
    assert_eq!(answer.emv().float, 1.0);
    everything(&answer);
    // Exactly, the fractions of such a tree grow without bound.
    let mut node = pay(1);
    for _ in 0..MILLION / 2 {
        node = chance([("again", "1/3", node), ("end", "#", pay(0))]);
    }
    assert!(matches!(node.solve(), Err(Error::LimitExceeded { .. })));
}

#[test]
fn a_million_wide() {
    let share = format!("1/{MILLION}");
    let outcomes = (0..MILLION).map(|i| (i.to_string(), share.as_str(), pay(i as i64)));
    let answer = decide("wide", [("draw", chance(outcomes))]).solve().unwrap();
    assert_eq!(answer.emv().to_string(), "999999/2");
    assert_eq!(answer.risk_profile().unwrap().len(), MILLION);
    everything(&answer);
    let rest = (0..MILLION).map(|i| (i.to_string(), "#", pay(1.0)));
    assert!((chance(rest).solve().unwrap().emv().float - 1.0).abs() < 1e-9);
    let alternatives = (0..MILLION).map(|i| (i.to_string(), pay((i % 7) as i64)));
    let answer = decide("wide", alternatives).solve().unwrap();
    assert_eq!(answer.choice().len(), MILLION / 7);
    everything(&answer);
}

#[test]
fn ties_are_returned() {
    let answer = decide("", [("a", pay(1)), ("b", pay(".5")), ("c", pay("2/2"))]).solve().unwrap();
    assert_eq!(answer.choice(), ["a", "c"]);
    assert!(answer.has_ties());
    // 0.1 + 0.2 and 0.3 are one amount of money.
    let answer = decide("", [("a", pay(0.2).paying(0.1)), ("b", pay(0.3))]).solve().unwrap();
    assert_eq!(answer.choice(), ["a", "b"]);
}

#[test]
fn times_are_counted_from_the_start() {
    // 110 in a year is 100 now; the cost of the second year follows from the branch before it.
    let later = chance([("gain", "1", pay(121).at(2.0))]).at(1.0).paying(110);
    let tree = decide("when", [("now", pay(150)), ("later", later)]).build().unwrap();
    let answer = Solve::new().discount_rate(".1").run(&tree, &Unwatched).unwrap();
    assert_eq!(answer.emv().to_string(), "200");
    assert_eq!(tree.solve().unwrap().emv().to_string(), "231");
    assert!(answer.explain(Lang::En).to_text().contains("(1)(121 / 1.1^2) = +100"));
    let half = decide("when", [("later", pay(100).at(0.5))]).build().unwrap();
    assert!(Solve::new().discount_rate(".21").run(&half, &Unwatched).is_err());
    let floats = Solve::new().discount_rate(0.21).run(&half, &Unwatched).unwrap();
    assert!((floats.emv().float - 100.0 / 1.1).abs() < 1e-9);
    let backwards = decide("", [("a", decide("", [("b", pay(1).at(1.0))]).at(2.0))]);
    assert!(backwards.build().is_err());
    let untimed = pay(1).build().unwrap();
    assert!(Solve::new().discount_rate(".1").run(&untimed, &Unwatched).is_err());
    for rate in [Number::from("-1"), Number::from(f64::NAN), Number::from("x"), Number::from("#")] {
        assert!(Solve::new().discount_rate(rate).run(&half, &Unwatched).is_err());
    }
}

struct Stop;
impl Watch for Stop {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn work_can_be_cancelled() {
    let tree = pay(1).build().unwrap();
    assert_eq!(Solve::new().run(&tree, &Stop).unwrap_err(), Error::Cancelled);
    assert_eq!(Tree::from_rows(vec![NodeRow::new(Kind::Leaf)], &Stop).unwrap_err(), Error::Cancelled);
}
