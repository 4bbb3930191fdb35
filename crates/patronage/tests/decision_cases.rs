//! Every table and tree of the reference cases: textbook problems with results computed in exact fractions.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "common/cases.rs"]
mod cases;
mod common;

use cases::{assert_value, cases, read, sense, text, texts};
use patronage::decision::{Criterion, DecisionTable, Kind, Number, Solve, Tree, TreeAnswer};
use patronage::watch::Unwatched;
use serde_json::Value as Json;

fn assert_criterion(found: &Criterion, expected: &Json, table: &DecisionTable, what: &str) {
    for (value, expected) in found.values.iter().zip(expected["per_alternative"].as_array().unwrap()) {
        assert_value(value, expected, what);
    }
    assert_value(&found.value, &expected["value"], what);
    assert_eq!(found.best_names(table), texts(&expected["best"]), "{what}");
}

#[test]
fn tables() {
    let cases = cases();
    let mut checked = 0;
    for case in cases.iter().filter(|case| case.get("table").is_some()) {
        let (id, given) = (text(&case["id"]), &case["table"]);
        let payoffs = given["payoffs"].as_array().unwrap().iter().flat_map(texts);
        let mut table =
            DecisionTable::new(texts(&given["alternatives"]), texts(&given["states"]), payoffs).unwrap();
        if let Some(p) = given.get("probabilities").filter(|p| !p.is_null()) {
            table = table.with_probabilities(texts(p)).unwrap();
        }
        let expected = case["expected"].get("table").unwrap_or(&case["expected"]);
        let alpha = expected.get("hurwicz").map(|h| Number::from(text(&h["alpha"])));
        let answer = table.solve(sense(case), alpha).unwrap();
        let criteria = [
            ("optimistic", Some(&answer.optimistic)),
            ("pessimistic", Some(&answer.pessimistic)),
            ("hurwicz", answer.hurwicz.as_ref()),
            ("laplace", Some(&answer.laplace)),
            ("minimax_regret", Some(&answer.minimax_regret)),
            ("emv", answer.emv.as_ref()),
            ("eol", answer.eol.as_ref()),
        ];
        for (name, found) in criteria {
            if let Some(expected) = expected.get(name) {
                assert_criterion(found.unwrap(), expected, &table, &format!("{id}: {name}"));
                checked += 1;
            }
        }
        if let Some(regret) = expected.get("regret_matrix") {
            let cells = regret.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
            for (found, expected) in answer.regret.iter().zip(cells) {
                assert_value(found, expected, &format!("{id}: regret"));
            }
        }
        for (name, found) in
            [("ev_with_perfect_information", &answer.ev_with_perfect_information), ("evpi", &answer.evpi)]
        {
            if let Some(expected) = expected.get(name) {
                assert_value(found.as_ref().unwrap(), expected, &format!("{id}: {name}"));
                checked += 1;
            }
        }
    }
    assert!(cases.is_empty() || checked >= 100, "only {checked} checks");
}

fn assert_nodes(answer: &TreeAnswer, expected: &Json, id: &str) {
    let tree = answer.tree();
    for (name, node) in expected.as_object().unwrap() {
        let what = format!("{id}: {name}");
        let at = (0..tree.len()).find(|&i| tree.name(i) == name).unwrap();
        assert_eq!(tree.kind(at), if node["kind"] == "chance" { Kind::Chance } else { Kind::Decision });
        assert_value(&answer.to_go(at), &node["to_go"], &what);
        assert_value(&answer.cumulative(at), &node["cumulative"], &what);
        for child in tree.children(at) {
            let label = tree.label(child);
            if let Some(p) = node.get("p") {
                assert_value(&answer.probability(child).unwrap(), &p[label], &what);
            }
            if let Some(branches) = node.get("branches") {
                let (paid, to_go) = (answer.payoff(child).exact.unwrap(), answer.to_go(child).exact.unwrap());
                assert_value(&(&paid + &to_go).into(), &branches[label], &what);
            }
        }
        if let Some(chosen) = node.get("chosen") {
            let best: Vec<_> =
                tree.children(at).filter(|&i| answer.is_best(i)).map(|i| tree.label(i)).collect();
            assert_eq!(best, texts(chosen), "{what}");
        }
    }
}

#[test]
fn trees() {
    let cases = cases();
    let mut checked = 0;
    for case in cases.iter().filter(|case| case.get("tree").is_some()) {
        let id = text(&case["id"]);
        let expected = case["expected"].get("tree").unwrap_or(&case["expected"]);
        let solve = Solve::new().sense(sense(case));
        let solve = match case.get("discount_rate") {
            Some(rate) => solve.discount_rate(text(rate)),
            None => solve,
        };
        let tree = read(&case["tree"]).build().unwrap();
        let answer = solve.run(&tree, &Unwatched).unwrap();
        assert_value(&answer.emv(), &expected["root"], id);
        assert_nodes(&answer, &expected["nodes"], id);
        let profile = answer.risk_profile().unwrap();
        let lines = expected["risk_profile_of_optimal_policy"].as_array().unwrap();
        assert_eq!(profile.len(), lines.len(), "{id}: risk profile");
        for (found, line) in profile.iter().zip(lines) {
            assert_value(&found.payoff, &line["payoff"], id);
            assert_value(&found.probability, &line["p"], id);
        }
        // In floats the same, to rounding.
        let floats = solve.floats(true).run(&tree, &Unwatched).unwrap();
        let (float, close) = (floats.emv().float, answer.emv().float);
        assert!((float - close).abs() <= 1e-9 * close.abs().max(1.0), "{id}: {float} and {close}");
        // Through JSON the same.
        let stored = serde_json::to_string(&answer).unwrap();
        let again: TreeAnswer = serde_json::from_str(&stored).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), stored, "{id}");
        assert_eq!(again.emv(), answer.emv(), "{id}");
        checked += 1;
    }
    assert!(cases.is_empty() || checked >= 14, "only {checked} trees");
}

#[test]
fn evpi_of_single_stage_trees() {
    for case in cases() {
        let (Some(tree), Some(evpi)) = (case.get("tree"), case.pointer("/expected/table/evpi")) else {
            continue;
        };
        // Cases with a survey have more than one stage, and no such table.
        let answer = read(tree).solve().unwrap();
        if case["id"] == "southern_hospital_supply" {
            assert_value(&answer.evpi().unwrap(), evpi, "evpi");
        }
    }
}

#[test]
fn stored_trees_are_refused_when_they_are_wrong() {
    let read = |text: &str| serde_json::from_str::<Tree>(text).unwrap_err().to_string();
    let of =
        |nodes: &str| format!("{{\"format\":\"patronage/decision-tree\",\"version\":1,\"nodes\":{nodes}}}");
    assert!(read("{\"format\":\"other\",\"version\":1,\"nodes\":[]}").contains("format"));
    assert!(
        read("{\"format\":\"patronage/decision-tree\",\"version\":9,\"nodes\":[]}").contains("version 9")
    );
    assert!(read(&of("[]")).contains("no nodes"));
    assert!(read(&of("[{\"kind\":\"leaf\",\"wealth\":1}]")).contains("unknown field"));
    assert!(read(&of("[{\"kind\":\"leaf\",\"kind\":\"leaf\"}]")).contains("duplicate field"));
    assert!(read(&of("[{\"kind\":\"leaf\",\"value\":\"1e999999999\"}]")).contains("no number"));
    let circle = "[{\"kind\":\"leaf\"},{\"parent\":2,\"kind\":\"decision\",\"label\":\"a\"},\
                  {\"parent\":1,\"kind\":\"decision\",\"label\":\"b\"}]";
    assert!(read(&of(circle)).contains("circle"));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&of(&format!("[{{\"kind\":\"leaf\",\"value\":{deep}}}]"))).contains("recursion"));
}

#[test]
fn strategy_regions() {
    let mut checked = 0;
    for case in cases() {
        let Some(expected) = case.pointer("/expected/strategy_regions_p_favorable") else { continue };
        let given = &case["table"];
        let payoffs = given["payoffs"].as_array().unwrap().iter().flat_map(texts);
        let table =
            DecisionTable::new(texts(&given["alternatives"]), texts(&given["states"]), payoffs).unwrap();
        let found = table.strategy_regions(0, sense(&case)).unwrap().regions;
        let expected = expected.as_array().unwrap();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert_value(&found.from, &expected["from"], "from");
            assert_value(&found.to, &expected["to"], "to");
            let best: Vec<_> = found.best.iter().map(|&i| table.alternatives()[i].as_str()).collect();
            assert_eq!(best, [text(&expected["best"])]);
        }
        checked += 1;
    }
    assert!(checked == 2 || cases().is_empty());
}
