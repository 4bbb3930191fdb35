//! Attitude to risk, strategies, dominance and several measures: laws, against sums over leaves and strategies that
//! are worked out here by recursion; published values.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/trees.rs"]
mod trees;

use patronage::decision::{
    Compounding, Dominance, Exact, Node, RiskProfile, Sense, Solve, Tree, TreeAnswer, Utility, chance,
    decide, pay,
};
use patronage::watch::Unwatched;
use patronage::{Error, Lang};
use proptest::prelude::*;
use serde_json::Value as Json;
use trees::{Small, count, node, small};

/// For every strategy the lottery over the leaves: probability and amount.
fn lotteries(small: &Small, received: i32) -> Vec<Vec<(f64, f64)>> {
    match small {
        Small::Leaf(value) => vec![vec![(1.0, f64::from(received + value))]],
        Small::Decision(branches) => {
            branches.iter().flat_map(|(paid, below)| lotteries(below, received + paid)).collect()
        }
        Small::Chance(branches) => {
            let total: u32 = branches.iter().map(|b| b.0).sum();
            branches.iter().fold(vec![Vec::new()], |so_far, (weight, paid, below)| {
                let p = f64::from(*weight) / f64::from(total);
                let below = lotteries(below, received + paid);
                let join = |first: &Vec<(f64, f64)>, next: &Vec<(f64, f64)>| {
                    first.iter().copied().chain(next.iter().map(|(q, x)| (p * q, *x))).collect()
                };
                so_far.iter().flat_map(|first| below.iter().map(move |next| join(first, next))).collect()
            })
        }
    }
}

fn solve(tree: &Tree, sense: Sense, utility: &Utility) -> TreeAnswer {
    Solve::new().sense(sense).utility(utility.clone()).run(tree, &Unwatched).unwrap()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-8 * (1.0 + a.abs().max(b.abs()))
}

/// A function and its inverse.
type Pair = (Utility, fn(f64) -> f64, fn(f64) -> f64);

fn kinks(x: f64) -> f64 {
    if x < 0.0 {
        3.0 * x
    } else if x < 100.0 {
        x
    } else {
        100.0 + 0.25 * (x - 100.0)
    }
}

fn back(u: f64) -> f64 {
    if u < 0.0 {
        u / 3.0
    } else if u < 100.0 {
        u
    } else {
        100.0 + 4.0 * (u - 100.0)
    }
}

/// Amounts of the small trees lie between −250 and 250.
fn utilities() -> Vec<Pair> {
    vec![
        (Utility::exponential(80.0), |x| 1.0 - (-x / 80.0).exp(), |u| -80.0 * (1.0 - u).ln()),
        (Utility::exponential(-120.0), |x| (x / 120.0).exp(), |u| 120.0 * u.ln()),
        (Utility::logarithmic(400.0), |x| (400.0 + x).ln(), |u| u.exp() - 400.0),
        (Utility::power(0.5, 400.0), |x| 2.0 * (400.0 + x).sqrt(), |u| u * u / 4.0 - 400.0),
        (Utility::power(3.0, 400.0), |x| -0.5 / (400.0 + x).powi(2), |u| (-0.5 / u).sqrt() - 400.0),
        (Utility::table([(-1000, -3000), (0, 0), (100, 100), (1100, 350)]), kinks, back),
    ]
}

proptest! {
    /// The certainty equivalent found node by node is that of the best lottery over leaves.
    #[test]
    fn certainty_equivalents(small in small(100, 3, 16)) {
        prop_assume!(count(&small) <= 500.0);
        let tree = node(&small).build().unwrap();
        let all = lotteries(&small, 0);
        for (utility, u, inverse) in utilities() {
            for sign in [1.0, -1.0] {
                let sense = if sign > 0.0 { Sense::Profit } else { Sense::Cost };
                let worth = |lottery: &Vec<(f64, f64)>| inverse(lottery.iter().map(|(p, x)| p * u(sign * x)).sum());
                let best = sign * all.iter().map(worth).fold(f64::NEG_INFINITY, f64::max);
                let answer = solve(&tree, sense, &utility);
                let found = answer.certainty_equivalent(0).unwrap();
                prop_assert!(near(found.float, best), "{utility:?}: {} and {best}", found.float);
                // The same from the risk profile, and an averse premium is not negative.
                let profile = answer.risk_profile().unwrap();
                prop_assert!(near(profile.certainty_equivalent(&utility).unwrap().float, found.float));
                prop_assert!(near(profile.mean().unwrap().float, answer.emv().float));
                let seeks = matches!(utility, Utility::Exponential { risk_tolerance } if risk_tolerance < 0.0);
                let premium = answer.risk_premium().unwrap().float;
                let signed = if seeks { -premium } else { premium };
                prop_assert!(signed >= -1e-8);
                let stored = serde_json::to_string(&answer).unwrap();
                let again: TreeAnswer = serde_json::from_str(&stored).unwrap();
                prop_assert_eq!(again.certainty_equivalent(0), answer.certainty_equivalent(0));
                for lang in [Lang::En, Lang::Zh] {
                    prop_assert!(answer.explain(lang).to_text().contains("CE"));
                }
            }
        }
    }

    /// With constant risk aversion what was received before changes nothing: the certainty equivalent of a node
    /// is that of the subtree on its own, and what was received.
    #[test]
    fn exponential_utility_forgets(small in small(100, 3, 16), before in -1000..1000i32) {
        let utility = Utility::exponential(70.0);
        let alone = solve(&node(&small).build().unwrap(), Sense::Profit, &utility);
        let later = solve(&decide("", [("go", node(&small).paying(before))]).build().unwrap(), Sense::Profit, &utility);
        let (a, b) = (alone.certainty_equivalent(0).unwrap().float, later.certainty_equivalent(0).unwrap().float);
        prop_assert!(near(a + f64::from(before), b));
        for i in 0..alone.tree().len() {
            let (a, b) = (alone.certainty_equivalent(i).unwrap(), later.certainty_equivalent(i + 1).unwrap());
            prop_assert!(near(a.float + f64::from(before), b.float));
        }
    }

    /// The strategies listed are all there are, each with its lottery; the best of them is what rollback finds.
    #[test]
    fn strategies_are_all(small in small(100, 3, 16)) {
        prop_assume!(count(&small) <= 300.0);
        let answer = node(&small).solve().unwrap();
        let listed = answer.strategies(300).unwrap();
        let all = lotteries(&small, 0);
        prop_assert_eq!(listed.len(), all.len());
        prop_assert_eq!(answer.strategy_count(), all.len() as u64);
        for (strategy, lottery) in listed.iter().zip(&all) {
            let mean: f64 = lottery.iter().map(|(p, x)| p * x).sum();
            prop_assert!(near(strategy.value.float, mean));
            for line in strategy.risk_profile.iter() {
                let p: f64 = lottery.iter().filter(|(_, x)| *x == line.payoff.float).map(|(p, _)| p).sum();
                prop_assert!(near(line.probability.float, p));
            }
        }
        let best = listed.iter().map(|s| s.value.exact.clone().unwrap()).max();
        prop_assert_eq!(&answer.emv().exact, &best);
        for strategy in &listed {
            prop_assert_eq!(strategy.best, strategy.value.exact == best);
        }
        if all.len() > 1 {
            let refused = matches!(answer.strategies(all.len() as u64 - 1), Err(Error::LimitExceeded { .. }));
            prop_assert!(refused);
        }
    }

    /// CVaR is the least of the means of all ways to pick a share: the minimum over c of c-sums (Rockafellar and
    /// Uryasev 2000), attained at an outcome; at 1 it is the mean, and it grows with the share.
    #[test]
    fn tails(small in small(100, 3, 16), level in 1..=20i64) {
        let level = Exact::ratio(level, 20).unwrap();
        for sense in [Sense::Profit, Sense::Cost] {
            let answer = Solve::new().sense(sense).run(&node(&small).build().unwrap(), &Unwatched).unwrap();
            let profile = answer.risk_profile().unwrap();
            let share = level.to_f64();
            let sign = if sense == Sense::Profit { 1.0 } else { -1.0 };
            let pairs: Vec<(f64, f64)> = profile.iter().map(|l| (l.probability.float, sign * l.payoff.float)).collect();
            let at = |c: f64| c - pairs.iter().map(|(p, x)| p * (c - x).max(0.0)).sum::<f64>() / share;
            let best = pairs.iter().map(|(_, x)| at(*x)).fold(f64::NEG_INFINITY, f64::max);
            let found = profile.conditional_value_at_risk(level.clone()).unwrap();
            prop_assert!(near(sign * found.float, best), "{} and {best}", found.float);
            prop_assert!(near(profile.conditional_value_at_risk(share).unwrap().float, found.float));
            let edge = sign * profile.value_at_risk(level.clone()).unwrap().float;
            prop_assert!(edge >= sign * found.float - 1e-9);
            let up_to: f64 = pairs.iter().filter(|(_, x)| *x <= edge).map(|(p, _)| p).sum();
            let below: f64 = pairs.iter().filter(|(_, x)| *x < edge).map(|(p, _)| p).sum();
            prop_assert!(up_to >= share - 1e-9 && below < share + 1e-9);
            prop_assert_eq!(profile.conditional_value_at_risk(1).unwrap().exact, profile.mean().unwrap().exact);
            let cumulative = profile.cumulative().unwrap();
            prop_assert_eq!(cumulative.last().unwrap().probability.exact.clone(), Some(Exact::ONE));
        }
    }

    /// Who dominates is preferred by every increasing (for the second order also concave) utility tried, and what
    /// dominates in neither order is worse for some simple one: a step, or a line with a kink.
    #[test]
    fn dominance_implies_order(
        a in prop::collection::vec((1..5u32, -6..6i32), 1..5),
        b in prop::collection::vec((1..5u32, -6..6i32), 1..5),
    ) {
        let lottery = |pairs: &Vec<(u32, i32)>| {
            let total: u32 = pairs.iter().map(|w| w.0).sum();
            let outcomes = pairs.iter().enumerate();
            chance(outcomes.map(|(i, (w, x))| (i.to_string(), format!("{w}/{total}"), pay(*x))))
        };
        for sense in [Sense::Profit, Sense::Cost] {
            let sign = if sense == Sense::Profit { 1.0 } else { -1.0 };
            let profile = |pairs| -> RiskProfile {
                let tree = lottery(pairs).build().unwrap();
                Solve::new().sense(sense).run(&tree, &Unwatched).unwrap().risk_profile().unwrap()
            };
            let (first, second) = (profile(&a), profile(&b));
            let expect = |profile: &RiskProfile, u: &dyn Fn(f64) -> f64| -> f64 {
                profile.iter().map(|l| l.probability.float * u(sign * l.payoff.float)).sum()
            };
            let prefers = |u: &dyn Fn(f64) -> f64| expect(&first, u) >= expect(&second, u) - 1e-12;
            // At every amount x, which generate the classes of all increasing, and increasing concave, functions.
            let steps = (-7..7).all(|x| prefers(&|v| f64::from(v > f64::from(x))));
            let kinks = (-7..7).all(|x| prefers(&|v| v.min(f64::from(x))));
            let expected = match (first == second, steps, kinks) {
                (false, true, _) => Some(Dominance::First),
                (false, false, true) => Some(Dominance::Second),
                _ => None,
            };
            let found = first.dominates(&second).unwrap();
            prop_assert_eq!(found, expected);
            if found.is_some() {
                prop_assert_eq!(second.dominates(&first).unwrap(), None);
                prop_assert!(prefers(&|v| 1.0 - (-v / 5.0).exp()) && prefers(&|v| (v + 20.0).ln()));
            }
            if found == Some(Dominance::First) {
                prop_assert!(prefers(&|v| (v / 5.0).exp()) && prefers(&|v| v.powi(3)));
            }
        }
    }

    /// In each region of risk tolerance, just inside of its ends and within, the alternatives named are the best;
    /// where two regions meet the alternatives are worth the same.
    #[test]
    fn tolerance_regions(small in prop::collection::vec((-30..30, small(100, 3, 16)), 2..5)) {
        let small = Small::Decision(small);
        prop_assume!(count(&small) <= 100.0);
        let tree = node(&small).build().unwrap();
        for sense in [Sense::Profit, Sense::Cost] {
            let answer = Solve::new().sense(sense).run(&tree, &Unwatched).unwrap();
            let regions = answer.tolerance_regions().unwrap();
            prop_assert_eq!(regions[0].from, 0.0);
            prop_assert_eq!(regions.last().unwrap().to, f64::INFINITY);
            for region in &regions {
                let top = if region.to.is_finite() { region.to } else { 20.0 * region.from.max(50.0) };
                for share in [0.03, 0.5, 0.97] {
                    let tolerance = region.from + share * (top - region.from);
                    if tolerance < 1.0 || top - region.from < 1e-6 * top {
                        continue; // nearly a tie
                    }
                    let best = solve(&tree, sense, &Utility::exponential(tolerance));
                    let ce = |i: usize| best.certainty_equivalent(i).unwrap().float;
                    for i in tree.children(0).filter(|&i| region.best.iter().any(|b| b == tree.label(i))) {
                        prop_assert!((ce(i) - ce(0)).abs() < 1e-6, "{tolerance}: {} in {regions:?}", tree.label(i));
                    }
                }
            }
            for pair in regions.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert_ne!(&pair[0].best, &pair[1].best);
                if pair[0].to > 1.0 {
                    let even = solve(&tree, sense, &Utility::exponential(pair[0].to));
                    let ce = |labels: &[String]| {
                        let i = tree.children(0).find(|&i| labels[0] == tree.label(i)).unwrap();
                        even.certainty_equivalent(i).unwrap().float
                    };
                    prop_assert!((ce(&pair[0].best) - ce(&pair[1].best)).abs() < 1e-7);
                }
            }
        }
    }

    /// The sum of measures is the measure of sums, and each is carried along the policy.
    #[test]
    fn measures_add_up(small in small(100, 3, 16), weights in (-3..4i32, -3..4i32)) {
        // A second measure: the square of a number known at each node.
        fn with_hours(node: Node, depth: i32) -> Node {
            node.and("hours", depth * 3 - 5)
        }
        fn build(small: &Small, depth: i32) -> Node {
            match small {
                Small::Leaf(value) => with_hours(pay(*value), depth),
                Small::Decision(branches) => decide("d", branches.iter().enumerate().map(|(i, (paid, below))| {
                    (i.to_string(), build(below, depth + 1).paying(*paid).paying_in("hours", paid * 2 + 1))
                })),
                Small::Chance(branches) => {
                    let total: u32 = branches.iter().map(|b| b.0).sum();
                    chance(branches.iter().enumerate().map(|(i, (w, paid, below))| {
                        let below = build(below, depth + 1).paying(*paid).paying_in("hours", paid * 2 + 1);
                        (i.to_string(), format!("{w}/{total}"), below)
                    }))
                }
            }
        }
        let tree = build(&small, 0).build().unwrap();
        prop_assert_eq!(tree.measures().len(), 2);
        let solve = Solve::new().by_sum([("payoff", weights.0), ("hours", weights.1)]);
        let answer = solve.run(&tree, &Unwatched).unwrap();
        let (money, hours) = (answer.measure("payoff").unwrap(), answer.measure("hours").unwrap());
        for i in 0..tree.len() {
            let sum = |a: &patronage::decision::Value, b: &patronage::decision::Value| {
                let [a, b] = [a, b].map(|v| v.exact.clone().unwrap());
                &(&a * &weights.0.into()) + &(&b * &weights.1.into())
            };
            prop_assert_eq!(answer.to_go(i).exact, Some(sum(&money.to_go[i], &hours.to_go[i])));
            prop_assert_eq!(answer.cumulative(i).exact, Some(sum(&money.cumulative[i], &hours.cumulative[i])));
        }
        let again: Tree = serde_json::from_str(&serde_json::to_string(&tree).unwrap()).unwrap();
        prop_assert_eq!(solve.run(&again, &Unwatched).unwrap().emv(), answer.emv());
    }

    /// "#" is the same as the number it stands for, and the order of branches has no meaning.
    #[test]
    fn complements_and_order(weights in prop::collection::vec((1..9u32, -50..50i32), 2..6), rest in 0..6usize) {
        let total: u32 = weights.iter().map(|w| w.0).sum();
        let rest = rest % weights.len();
        let outcome = |i: usize, hash: bool| {
            let (w, x) = weights[i];
            let p = if hash && i == rest { "#".to_string() } else { format!("{w}/{total}") };
            (i.to_string(), p, pay(x))
        };
        let plain = chance((0..weights.len()).map(|i| outcome(i, false))).solve().unwrap();
        let hashed = chance((0..weights.len()).rev().map(|i| outcome(i, true))).solve().unwrap();
        prop_assert_eq!(plain.emv(), hashed.emv());
        prop_assert_eq!(plain.risk_profile().unwrap(), hashed.risk_profile().unwrap());
    }
}

/// The reference cases, where they are.
fn reference() -> Option<Vec<Json>> {
    let file = std::fs::read_to_string(common::shared("reference/decision_cases.json")?).unwrap();
    serde_json::from_str::<Json>(&file).unwrap()["cases"].as_array().cloned()
}

fn from_case(json: &Json) -> Node {
    let text = |json: &Json| json.as_str().map(String::from);
    if json["type"] == "terminal" {
        return pay(json["payoff"].as_str().unwrap());
    }
    let branches = json["branches"].as_array().unwrap().iter().map(|b| {
        let below = from_case(&b["node"]);
        (
            text(&b["label"]).unwrap(),
            text(&b["p"]),
            match text(&b["payoff"]) {
                Some(payoff) => below.paying(payoff),
                None => below,
            },
        )
    });
    if json["type"] == "chance" {
        return chance(branches.map(|(label, p, below)| (label, p.unwrap(), below)));
    }
    decide(text(&json["id"]).unwrap(), branches.map(|(label, _, below)| (label, below)))
}

#[test]
fn the_oil_wildcatter_does_not_drill() {
    // SAS/OR, PROC DTREE: R = 700,000.
    let Some(cases) = reference() else { return };
    let case = cases.iter().find(|case| case["id"] == "sas_oil_wildcatter").unwrap();
    let tree = from_case(&case["tree"]).build().unwrap();
    let expected = &case["expected"]["certainty_equivalent_exponential"];
    let tolerance: f64 = expected["risk_tolerance"].as_str().unwrap().parse().unwrap();
    let answer = solve(&tree, Sense::Profit, &Utility::exponential(tolerance));
    assert_eq!(answer.choice(), [expected["decision"].as_str().unwrap()]);
    let drill = answer.certainty_equivalent(1).unwrap().float;
    assert!((drill / expected["drill"]["float"].as_f64().unwrap() - 1.0).abs() < 1e-10);
    // At the break-even tolerance drilling is worth nothing.
    let regions = tree.solve().unwrap().tolerance_regions().unwrap();
    assert_eq!((regions.len(), &regions[0].best[0][..], &regions[1].best[0][..]), (2, "Not drill", "Drill"));
    let even = solve(&tree, Sense::Profit, &Utility::exponential(regions[0].to));
    assert!(even.certainty_equivalent(1).unwrap().float.abs() < 1e-6);
}

#[test]
fn the_strategies_of_the_gas_plot() {
    // Kamiński, Jakubczyk and Szufel 2018, figure 7.
    let Some(cases) = reference() else { return };
    let case = cases.iter().find(|case| case["id"] == "shale_gas").unwrap();
    let answer = from_case(&case["tree"]).solve().unwrap();
    let listed = answer.strategies(100).unwrap();
    assert_eq!(listed.len(), 6);
    for (name, value) in case["expected"]["strategies"].as_object().unwrap() {
        let found = listed.iter().find(|s| {
            s.choices.iter().map(|c| c.alternative.as_str()).collect::<Vec<_>>().join("/") == *name
        });
        assert_eq!(found.unwrap().value.to_string(), value["exact"].as_str().unwrap(), "{name}");
    }
    assert_eq!(listed.iter().filter(|s| s.best).count(), 1);
}

#[test]
fn mark_simkin_plays() {
    // Render, Stair and Hanna, chapter 3.
    let game = decide(
        "",
        [
            ("play", chance([("up", ".45", pay(10_000)), ("down", "#", pay(-10_000))])),
            ("do not play", pay(0)),
        ],
    );
    let tree = game.build().unwrap();
    let answer =
        solve(&tree, Sense::Profit, &Utility::table([(-10_000, ".05"), (0, ".15"), (10_000, ".30")]));
    assert_eq!((answer.choice(), answer.emv().to_string().as_str()), (vec!["play"], "-1000"));
    assert_eq!(answer.expected_utility(1).unwrap().to_string(), "13/80");
    assert_eq!(answer.expected_utility(2).unwrap().to_string(), "3/20");
    // .1625 is a twelfth of the way from 0 to 10,000.
    assert_eq!(answer.certainty_equivalent(1).unwrap().to_string(), "2500/3");
    assert_eq!(answer.risk_premium().unwrap().to_string(), "-5500/3");
}

#[test]
fn extreme_tolerances() {
    let tree = chance([("a", "1/2", pay(1_000_000)), ("b", "#", pay(-1_000_000))]).build().unwrap();
    let ce =
        |r: f64| solve(&tree, Sense::Profit, &Utility::exponential(r)).certainty_equivalent(0).unwrap().float;
    assert!((ce(1.0) - (2f64.ln() - 1e6)).abs() < 1e-6);
    assert!((ce(-1.0) - (1e6 - 2f64.ln())).abs() < 1e-6);
    // Nearly neutral: half the variance over the tolerance.
    assert!((ce(1e12) + 0.5).abs() < 1e-6);
    let answer = solve(&tree, Sense::Profit, &Utility::exponential(1.0));
    assert_eq!(answer.expected_utility(0), None);
    for utility in [
        Utility::exponential(0.0),
        Utility::exponential(f64::NAN),
        Utility::logarithmic(f64::INFINITY),
        Utility::power(f64::NAN, 1.0),
        Utility::table([(0, 1)]),
        Utility::table([(0, 1), (0, 2)]),
        Utility::table([(0, 1), (1, 1)]),
        Utility::table([(0.0, 1.0), (f64::NAN, 2.0)]),
        Utility::table([("0", "#"), ("1", "2")]),
    ] {
        let error = Solve::new().utility(utility.clone()).run(&tree, &Unwatched).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { .. }), "{utility:?}: {error}");
    }
    for utility in
        [Utility::logarithmic(1_000_000.0), Utility::power(0.5, 10.0), Utility::table([(0, 1), (5, 2)])]
    {
        let error = Solve::new().utility(utility).run(&tree, &Unwatched).unwrap_err().to_string();
        assert!(error.contains("node 'root → "), "{error}");
    }
}

#[test]
fn interest_is_stated() {
    let tree = decide("", [("later", pay(100).at(2.0))]).build().unwrap();
    let continuous = Solve::new().discount_rate(".1").compounding(Compounding::Continuous);
    let answer = continuous.run(&tree, &Unwatched).unwrap();
    assert!((answer.emv().float - 100.0 * (-0.2f64).exp()).abs() < 1e-12);
    assert_eq!((answer.emv().exact, answer.compounding()), (None, Compounding::Continuous));
    let text = answer.explain(Lang::En).to_text();
    assert!(text.contains("continuously") && text.contains("100 × e^(−0.2)"), "{text}");
    assert!(answer.explain(Lang::Zh).to_text().contains("连续复利"));
    let again: TreeAnswer = serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap();
    assert_eq!((again.emv(), again.compounding()), (answer.emv(), Compounding::Continuous));
    let yearly = Solve::new().discount_rate(".1").run(&tree, &Unwatched).unwrap();
    assert_eq!(yearly.emv().to_string(), "10000/121");
}

#[test]
fn measures_are_named() {
    let tree = pay(1).and("hours", 2).build().unwrap();
    for by in ["days", ""] {
        let error = Solve::new().by(by).run(&tree, &Unwatched).unwrap_err().to_string();
        assert!(error.contains("payoff, hours"), "{error}");
    }
    assert_eq!(Solve::new().by("hours").run(&tree, &Unwatched).unwrap().emv().to_string(), "2");
    assert!(Solve::new().by_sum([("hours", 1), ("hours", 1)]).run(&tree, &Unwatched).is_err());
    assert!(Solve::new().by_sum([("hours", f64::NAN)]).run(&tree, &Unwatched).is_err());
    assert!(pay(1).and("payoff", 2).build().is_err() && pay(1).and("", 2).build().is_err());
    assert!(pay(1).and("x", f64::INFINITY).build().is_err());
    assert!(decide("", [("a", pay(1))]).and("x", 2).build().is_err());
}
