//! Information: published figures, laws, and what is refused.
#![allow(clippy::unwrap_used)]

use patronage::decision::{
    DecisionTable, Event, Evidence, Exact, Number, Sense, Solve, Study, StudyAnswer, chance, decide, pay,
};
use patronage::watch::Unwatched;
use patronage::{Error, Lang};
use proptest::prelude::*;

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

/// Hale's television pilot (Anderson, Sweeney & Williams), in thousands; the posteriors are given in the text.
fn hale() -> StudyAnswer {
    let table = DecisionTable::new(["pilot", "sell"], ["s1", "s2", "s3"], [-100, 50, 150, 100, 100, 100])
        .unwrap()
        .with_probabilities([".2", ".3", ".5"])
        .unwrap();
    let evidence = Evidence::posteriors([".69", ".31"], [[".09", ".26", ".65"], [".45", ".39", ".16"]]);
    Study::of_table(&table, Sense::Profit, ["favourable", "unfavourable"], evidence).unwrap().solve().unwrap()
}

#[test]
fn posteriors_that_contradict_the_prior() {
    let answer = hale();
    assert_eq!(answer.emv.exact, Some(exact("100")));
    assert_eq!(answer.ev_with_perfect_information.exact, Some(exact("125")));
    assert_eq!(answer.evpi.exact, Some(exact("25")));
    assert_eq!(answer.chain.ev_with_sample_information.exact, Some(exact("101.035")));
    let found: Vec<_> =
        answer.incoherent.iter().map(|i| (i.state.as_str(), i.prior.float, i.recombined.float)).collect();
    assert_eq!(found, [("s1", 0.2, 0.2016), ("s2", 0.3, 0.3003), ("s3", 0.5, 0.4981)]);
    let text = answer.explain(Lang::En).to_text();
    assert!(
        text.contains("P(s1) is given as 1/5 (0.2), and Σ P(signal) × P(s1 | signal) is 126/625 (0.2016)"),
        "{text}"
    );
}

#[test]
fn a_signal_that_cannot_come() {
    let table = DecisionTable::new(["go", "stay"], ["a", "b"], [10, -10, 0, 0]).unwrap();
    let table = table.with_probabilities([".5", ".5"]).unwrap();
    let evidence = Evidence::likelihood([["1", "0", "0"], ["0", "1", "0"]]);
    let study = Study::of_table(&table, Sense::Profit, ["x", "y", "never"], evidence).unwrap();
    let answer = study.clone().rounding(1).solve().unwrap();
    assert_eq!(answer.impossible(), ["never"]);
    let never = &answer.chain.signals[2];
    assert_eq!((&never.posterior, &never.value, never.probability.float), (&None, &None, 0.0));
    assert_eq!(answer.chain.evsi.exact, Some(exact("5")));
    assert_eq!(answer.rounded.as_ref().unwrap().evsi.exact, Some(exact("5")));
    let tree = answer.tree(&Unwatched).unwrap();
    assert_eq!(tree.emv().exact, Some(exact("5")));
    assert!((0..tree.tree().len()).all(|i| tree.tree().label(i) != "never"));
    assert!(answer.explain(Lang::Zh).to_text().contains("该信号不会出现"));
}

#[test]
fn refused() {
    let table = DecisionTable::new(["go", "stay"], ["a", "b"], [10, -10, 0, 0]).unwrap();
    let message = |table: &DecisionTable, rows: [[&str; 2]; 2]| {
        Study::of_table(table, Sense::Profit, ["x", "y"], Evidence::likelihood(rows)).unwrap_err().to_string()
    };
    assert!(message(&table, [["1", "0"], ["0", "1"]]).contains("no probabilities"));
    let table = table.with_probabilities([".5", ".5"]).unwrap();
    assert!(
        message(&table, [[".9", ".2"], ["0", "1"]])
            .contains("state 'a': the probabilities sum to 11/10 (1.1)")
    );
    assert!(message(&table, [["1.2", "-.2"], ["0", "1"]]).contains("signal 'x' of state 'a'"));
    assert!(message(&table, [["most", "#"], ["0", "1"]]).contains("'most' is no probability"));
    let study = |cost: Number, rounding| {
        let evidence = Evidence::likelihood([[".9", "#"], ["0", "1"]]);
        let study = Study::of_table(&table, Sense::Profit, ["x", "y"], evidence).unwrap();
        study.cost(cost).rounding(rounding).solve().unwrap_err()
    };
    for cost in [Number::from(-1), f64::NAN.into(), f64::INFINITY.into(), "#".into(), "much".into()] {
        assert!(matches!(study(cost, 2), Error::InvalidParameter { name, .. } if name == "cost"));
    }
    assert!(matches!(study(0.into(), 16), Error::InvalidParameter { name, .. } if name == "rounding"));
    let three = Evidence::likelihood([["1"], ["1"], ["1"]]);
    assert!(Study::of_table(&table, Sense::Profit, ["x"], three).unwrap_err().to_string().contains("3 rows"));
    let twice = Evidence::likelihood([[".5", ".5"], [".5", ".5"]]);
    assert!(
        Study::of_table(&table, Sense::Profit, ["x", "x"], twice).unwrap_err().to_string().contains("'x'")
    );
    // Three states of one third, rounded up to no decimals: 1 + 1 would pass 1.
    let third = DecisionTable::new(["go"], ["a", "b", "c"], [1, 2, 3]).unwrap();
    let third = third.with_probabilities(["1/2", "1/2", "0"]).unwrap();
    let none = Evidence::likelihood([["1"], ["1"], ["1"]]);
    let error = Study::of_table(&third, Sense::Profit, ["x"], none).unwrap().rounding(0).solve().unwrap_err();
    assert!(error.to_string().contains("more decimals"), "{error}");
}

#[test]
fn events_that_are_none() {
    let coin = || chance([("heads", ".5", pay(1)), ("tails", ".5", pay(0))]);
    let nested = chance([("heads", ".5", coin()), ("tails", ".5", pay(0))]);
    let tree = decide(
        "d",
        [("one", coin()), ("two", nested), ("die", chance([("six", "1/6", pay(6)), ("other", "#", pay(0))]))],
    );
    let tree = tree.build().unwrap();
    let refused = |nodes: &[usize]| Event::at(&tree, nodes).unwrap_err().to_string();
    assert!(refused(&[]).contains("without nodes"));
    assert!(refused(&[0]).contains("no chance node"));
    assert!(refused(&[999]).contains("no chance node"));
    assert!(refused(&[1, 3]).contains("not those of 'd → one'"));
    let below = tree.children(2).start;
    assert!(refused(&[2, below]).contains("after another node"));
    let all = Event::all(&tree, &Unwatched).unwrap();
    let nodes: Vec<_> = all.iter().map(|event| event.nodes.clone()).collect();
    assert_eq!(nodes, [vec![1, 2], vec![3], vec![below]]);
}

#[test]
fn a_deep_tree_has_its_events_found() {
    let mut tree = pay(1);
    for _ in 0..900 {
        tree = chance([("on", ".5", tree), ("end", ".5", pay(0))]);
    }
    assert_eq!(Event::all(&tree.build().unwrap(), &Unwatched).unwrap().len(), 900);
    let mut tree = pay(1);
    for _ in 0..200_000 {
        tree = chance([("on", "1", tree)]);
    }
    let error = Event::all(&tree.build().unwrap(), &Unwatched).unwrap_err();
    assert!(matches!(error, Error::LimitExceeded { limit: 1000, .. }));
}

#[test]
fn a_study_through_json_is_the_same() {
    let answer = hale();
    let stored = serde_json::to_string(&answer).unwrap();
    let again: StudyAnswer = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), stored);
    assert_eq!((again.chain, again.incoherent), (answer.chain, answer.incoherent));
    let bad = stored.replace("\"version\":1,\"question\"", "\"version\":7,\"question\"");
    assert!(serde_json::from_str::<StudyAnswer>(&bad).unwrap_err().to_string().contains("version 7"));
}

/// Whole weights, of which the probabilities are the shares.
fn shares(weights: &[u32]) -> Vec<String> {
    let total: u32 = weights.iter().sum();
    weights.iter().map(|w| format!("{w}/{total}")).collect()
}

#[derive(Debug, Clone)]
struct World {
    payoffs: Vec<Vec<i32>>,
    prior: Vec<u32>,
    likelihood: Vec<Vec<u32>>,
    sense: Sense,
}

fn worlds() -> impl Strategy<Value = World> {
    let some = |weights: &Vec<u32>| weights.iter().sum::<u32>() > 0;
    (1..4usize, 1..4usize, 1..4usize).prop_flat_map(move |(alternatives, states, signals)| {
        let weights = |n| prop::collection::vec(0..6u32, n).prop_filter("a weight", some);
        let payoffs = prop::collection::vec(prop::collection::vec(-50..50, states), alternatives);
        let sense = prop_oneof![Just(Sense::Profit), Just(Sense::Cost)];
        let likelihood = prop::collection::vec(weights(signals), states);
        (payoffs, weights(states), likelihood, sense).prop_map(|(payoffs, prior, likelihood, sense)| World {
            payoffs,
            prior,
            likelihood,
            sense,
        })
    })
}

impl World {
    fn table(&self) -> DecisionTable {
        let names = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        let cells = self.payoffs.iter().flatten().copied();
        let table = DecisionTable::new(names(self.payoffs.len()), names(self.prior.len()), cells).unwrap();
        table.with_probabilities(shares(&self.prior)).unwrap()
    }

    fn study(&self, evidence: Evidence, signals: usize) -> StudyAnswer {
        let signals = (0..signals).map(|i| format!("s{i}"));
        Study::of_table(&self.table(), self.sense, signals, evidence).unwrap().solve().unwrap()
    }

    fn rows(&self) -> Evidence {
        Evidence::likelihood(self.likelihood.iter().map(|row| shares(row)))
    }

    /// The `EVwSI` without any posterior: for each signal the best sum of joint weights times payoffs.
    fn brute_force(&self) -> Exact {
        let exacts = |weights: &Vec<u32>| shares(weights).iter().map(|p| exact(p)).collect::<Vec<_>>();
        let (prior, rows): (_, Vec<_>) = (exacts(&self.prior), self.likelihood.iter().map(exacts).collect());
        let mut total = Exact::ZERO;
        for s in 0..self.likelihood[0].len() {
            let joint: Vec<Exact> = prior.iter().zip(&rows).map(|(p, row)| p * &row[s]).collect();
            let values = self.payoffs.iter().map(|row| {
                row.iter().zip(&joint).fold(Exact::ZERO, |sum, (x, p)| &sum + &(p * &Exact::from(*x)))
            });
            let best = if self.sense == Sense::Profit { values.max() } else { values.min() };
            total = &total + &best.unwrap();
        }
        total
    }
}

proptest! {
    #[test]
    fn laws_of_sample_information(world in worlds()) {
        let signals = world.likelihood[0].len();
        let answer = world.study(world.rows(), signals);
        let of = |value: &patronage::decision::Value| value.exact.clone().unwrap();
        let (evsi, evpi) = (of(&answer.chain.evsi), of(&answer.evpi));
        prop_assert!(Exact::ZERO <= evsi && evsi <= evpi);
        prop_assert_eq!(of(&answer.chain.ev_with_sample_information), world.brute_force());
        // EVPI is the least expected opportunity loss.
        let table = world.table().solve(world.sense, None).unwrap();
        prop_assert_eq!(&evpi, &of(&table.eol.unwrap().value));
        // Posteriors recombine to the prior.
        prop_assert!(answer.incoherent.is_empty());
        for t in 0..world.prior.len() {
            let back = answer.chain.signals.iter().fold(Exact::ZERO, |sum, s| match &s.posterior {
                Some(row) => &sum + &(&of(&s.probability) * &of(&row[t])),
                None => sum,
            });
            prop_assert_eq!(back, of(&answer.prior[t]));
        }
        // The preposterior tree is worth the better of both ways.
        let tree = answer.tree(&Unwatched).unwrap();
        prop_assert_eq!(of(&tree.emv()), of(&answer.chain.net));
        // The order of signals does not matter.
        let turned = world.likelihood.iter().map(|row| shares(row).into_iter().rev());
        let again = world.study(Evidence::likelihood(turned), signals);
        prop_assert_eq!(again.chain.evsi, answer.chain.evsi.clone());
        // Posteriors given as such lead to the same.
        let empty = Vec::new;
        let rows = answer.chain.signals.iter().map(|s| {
            s.posterior.as_ref().map_or_else(empty, |row| row.iter().map(of).collect())
        });
        let given = Evidence::posteriors(answer.chain.signals.iter().map(|s| of(&s.probability)), rows);
        let same = world.study(given, signals);
        prop_assert!(same.incoherent.is_empty());
        prop_assert_eq!(same.chain, answer.chain);
    }

    #[test]
    fn perfect_and_useless_signals(world in worlds()) {
        let states = world.prior.len();
        let perfect = (0..states).map(|t| (0..states).map(move |s| i64::from(s == t)));
        let answer = world.study(Evidence::likelihood(perfect), states);
        prop_assert_eq!(&answer.chain.evsi, &answer.evpi);
        let row = shares(&world.likelihood[0]);
        let answer = world.study(Evidence::likelihood((0..states).map(|_| row.clone())), row.len());
        prop_assert_eq!(answer.chain.evsi.float, 0.0);
    }

    #[test]
    fn floats_are_close_to_fractions(world in worlds()) {
        let exact = world.study(world.rows(), world.likelihood[0].len());
        let float = |row: &Vec<u32>| {
            let total: u32 = row.iter().sum();
            row.iter().map(|w| f64::from(*w) / f64::from(total)).collect::<Vec<_>>()
        };
        let floats = world.study(Evidence::likelihood(world.likelihood.iter().map(float)), world.likelihood[0].len());
        prop_assert_eq!(&floats.chain.evsi.exact, &None);
        prop_assert!((floats.chain.evsi.float - exact.chain.evsi.float).abs() < 1e-10);
        prop_assert!(floats.chain.evsi.float >= 0.0);
    }
}

/// The oil wildcatter of the SAS/OR documentation of PROC DTREE, which prints 155,000 and 10,000.
#[test]
fn perfect_information_on_one_event_of_two() {
    let oil =
        || chance([("dry", ".5", pay(0)), ("wet", ".3", pay(700_000)), ("soaking", ".2", pay(1_200_000))]);
    let cost = chance([
        ("low", ".2", oil().paying(-150_000)),
        ("fair", ".6", oil().paying(-300_000)),
        ("high", ".2", oil().paying(-500_000)),
    ]);
    let tree = decide("drill", [("yes", cost), ("no", pay(0))]).build().unwrap();
    let values = tree.solve().unwrap().values_of_events(&Unwatched).unwrap();
    let evpi: Vec<_> = values.iter().map(|v| v.evpi.float).collect();
    assert_eq!(evpi, [10_000.0, 155_000.0]);
    assert!(values.iter().all(|v| v.independent));
    // A study of one of two events: choices and the value of perfect information are written out.
    let answer = tree.solve().unwrap();
    let evidence = Evidence::likelihood([[".6", "#"], [".3", "#"], [".1", "#"]]);
    let study =
        Study::of_event(&answer, &values[1].event, ["flat", "dome"], evidence).unwrap().solve().unwrap();
    let text = study.explain(Lang::En).to_text();
    assert!(text.contains("Choose “no”: 0."), "{text}");
    assert!(text.contains("EVPI = EVwPI − EMV = 295,000 − 140,000 = 155,000"), "{text}");
    assert!(study.explain(Lang::Zh).to_text().contains("选择「yes」"));
    // As a cost the same with the signs turned.
    let oil =
        || chance([("dry", ".5", pay(0)), ("wet", ".3", pay(-700_000)), ("soaking", ".2", pay(-1_200_000))]);
    let cost = chance([
        ("low", ".2", oil().paying(150_000)),
        ("fair", ".6", oil().paying(300_000)),
        ("high", ".2", oil().paying(500_000)),
    ]);
    let tree = decide("drill", [("yes", cost), ("no", pay(0))]).build().unwrap();
    let answer = Solve::new().sense(Sense::Cost).run(&tree, &Unwatched).unwrap();
    let turned: Vec<_> = answer.values_of_events(&Unwatched).unwrap();
    for (a, b) in values.iter().zip(&turned) {
        assert_eq!((&a.evpi, &a.value_of_control, &a.best), (&b.evpi, &b.value_of_control, &b.best));
    }
}
