//! The reference cases, read.
#![allow(dead_code)]

use patronage::decision::{Exact, Node, Sense, Value, chance, decide, pay};
use serde_json::Value as Json;

pub fn cases() -> Vec<Json> {
    let Some(path) = crate::common::shared("reference/decision_cases.json") else { return Vec::new() };
    let text = std::fs::read_to_string(path).unwrap();
    let file: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(file["schema"], "decision-cases/1");
    file["cases"].as_array().unwrap().clone()
}

pub fn text(json: &Json) -> &str {
    json.as_str().unwrap()
}

pub fn texts(json: &Json) -> Vec<&str> {
    json.as_array().unwrap().iter().map(text).collect()
}

pub fn exact(json: &Json) -> Exact {
    Exact::parse(text(json.get("exact").unwrap_or(json))).unwrap()
}

pub fn sense(case: &Json) -> Sense {
    if case["sense"] == "min" { Sense::Cost } else { Sense::Profit }
}

pub fn assert_value(found: &Value, expected: &Json, what: &str) {
    assert_eq!(found.exact.as_ref().unwrap(), &exact(expected), "{what}");
    if let Some(float) = expected.get("float") {
        assert_eq!(found.float, float.as_f64().unwrap(), "{what}");
    }
}

/// The rate of discount of a case.
pub fn rate(case: &Json) -> Option<&str> {
    case.get("discount_rate").map(text)
}

/// The nested trees of the file are a dozen deep, so that reading them may recurse; what they build does not.
pub fn read(node: &Json) -> Node {
    let branches = || {
        node["branches"].as_array().unwrap().iter().map(|branch| {
            let mut below = read(&branch["node"]);
            if let Some(payoff) = branch.get("payoff") {
                below = below.paying(text(payoff));
            }
            if let Some(time) = branch.get("t") {
                below = below.at(time.as_f64().unwrap());
            }
            (text(&branch["label"]), branch.get("p").map(text), below)
        })
    };
    let id = || text(&node["id"]);
    match text(&node["type"]) {
        "decision" => decide(id(), branches().map(|(label, _, below)| (label, below))),
        "chance" => chance(branches().map(|(label, p, below)| (label, p.unwrap(), below))).named(id()),
        _ => pay(text(&node["payoff"])),
    }
}
