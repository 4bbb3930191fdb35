//! What may be asked of a decision tree.

use std::collections::HashMap;

use super::item::{Item, add, best, minus, mul, second, total};
use super::marking::{Marking, mark};
use super::mistakes::Mistake;
use super::table::PERFECT;
use crate::decision::exact::Exact;
use crate::decision::number::Value;
use crate::decision::scalar::Sense;
use crate::decision::tree::{Kind, TreeAnswer};
use crate::error::{Error, Result};

const ROLLBACK: (&str, &str) =
    ("The working from the ends of the tree back to its root", "从决策树末端到根的逐步计算");

/// Nodes of a tree that is marked: each mistake is a rollback of its own.
const MOST: usize = 10_000;

/// How a student may roll back.
#[derive(Clone, Copy)]
enum Rule {
    ChanceMaximised,
    ChanceAveraged,
    DecisionAveraged,
    WrongSense,
    /// What is paid on branches, times so much.
    Fee(i64),
}

const RULES: [(Mistake, Rule); 7] = [
    (Mistake::ChanceMaximised, Rule::ChanceMaximised),
    (Mistake::Averaged, Rule::ChanceAveraged),
    (Mistake::DecisionAveraged, Rule::DecisionAveraged),
    (Mistake::WrongSense, Rule::WrongSense),
    (Mistake::FeeForgotten, Rule::Fee(0)),
    (Mistake::FeeTwice, Rule::Fee(2)),
    (Mistake::FeeSign, Rule::Fee(-1)),
];

impl TreeAnswer {
    /// Marks a student's answers: each a path such as `["emv"]`, `["choice"]`, `["evpi"]`, `["to_go", node]` or
    /// `["cumulative", node]` (a node by its name, or by the label of its branch), and what was written.
    pub fn check(&self, given: &[(Vec<String>, String)]) -> Result<Marking> {
        mark(&items(self)?, given)
    }
}

pub(super) fn items(answer: &TreeAnswer) -> Result<Vec<Item>> {
    answer.without_utility("marking")?;
    let tree = answer.tree();
    if tree.len() > MOST {
        let mend = "mark smaller trees".into();
        return Err(Error::LimitExceeded {
            what: "the nodes of a tree to mark".into(),
            limit: MOST as u64,
            mend,
        });
    }
    let high = answer.sense() == Sense::Profit;
    let wrong: Vec<(Mistake, Vec<Value>)> =
        RULES.iter().map(|(mistake, rule)| (*mistake, rollback(answer, *rule, high))).collect();
    let mut items = Vec::new();
    let with =
        |item: Item, (mistake, values): &(Mistake, Vec<Value>)| item.mistaken(*mistake, values[0].clone());
    let root = wrong.iter().fold(Item::amount(&["emv"], answer.emv(), ROLLBACK), with);
    let root = root.mistaken(Mistake::WrongSign, minus(&answer.emv()));
    let branches: Vec<usize> = tree.children(0).collect();
    let worth = |to_go: &dyn Fn(usize) -> Value| -> Vec<Value> {
        branches.iter().map(|&i| add(&answer.payoff(i), &to_go(i))).collect()
    };
    if tree.kind(0) == Kind::Decision {
        let values = worth(&|i| answer.to_go(i));
        items.push(root.mistaken(Mistake::SecondBest, second(&values, high)));
        let names = |values: &[Value], top: &Value| -> Vec<String> {
            let at = values.iter().zip(&branches).filter(|(v, _)| *v == top);
            at.map(|(_, &i)| tree.label(i).to_string()).collect()
        };
        let labels: Vec<&str> = branches.iter().map(|&i| tree.label(i)).collect();
        let right = answer.choice().iter().map(ToString::to_string).collect();
        let mut choice = Item::choice(&["choice"], right, &labels, ROLLBACK);
        for ((mistake, rule), (_, values)) in RULES.iter().zip(&wrong) {
            let values: Vec<Value> =
                branches.iter().map(|&i| add(&fee(answer, i, *rule), &values[i])).collect();
            let top = best(&values, high != matches!(rule, Rule::WrongSense));
            choice = choice.misled(*mistake, names(&values, &top));
        }
        if let Some(next) = second(&values, high) {
            choice = choice.misled(Mistake::SecondBest, names(&values, &next));
        }
        items.push(choice);
    } else {
        items.push(root);
    }
    nodes(&mut items, answer, &wrong);
    if let (Ok(table), Ok(_)) = (answer.table(), answer.evpi()) {
        let table = table.solve(answer.sense(), None)?;
        let asked = ["evpi", "ev_with_perfect_information"];
        let of_table = super::table::items(&table).into_iter();
        items.extend(of_table.filter(|item| item.path.len() == 1 && asked.contains(&item.path[0].as_str())));
    } else if let Ok(evpi) = answer.evpi() {
        items.push(Item::amount(&["evpi"], evpi, PERFECT));
    }
    Ok(items)
}

/// The values at nodes that have a name, or a label, of their own.
fn nodes(items: &mut Vec<Item>, answer: &TreeAnswer, wrong: &[(Mistake, Vec<Value>)]) {
    let tree = answer.tree();
    let inner: Vec<usize> = (0..tree.len()).filter(|&i| tree.kind(i) != Kind::Leaf).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for &i in &inner {
        for name in [tree.name(i), tree.label(i)] {
            *seen.entry(name).or_default() += 1;
        }
    }
    for &i in &inner {
        let unique = |name: &&str| !name.is_empty() && seen.get(name) == Some(&1);
        let Some(name) = [tree.name(i), tree.label(i)].into_iter().find(unique) else { continue };
        let (to_go, cumulative) = (answer.to_go(i), answer.cumulative(i));
        let received = super::item::sub(&cumulative, &to_go);
        let with = |cumulated: bool| {
            move |item: Item, (mistake, values): &(Mistake, Vec<Value>), received: &Value| {
                let value = if cumulated { add(received, &values[i]) } else { values[i].clone() };
                item.mistaken(*mistake, value)
            }
        };
        let item = Item::amount(&["to_go", name], to_go.clone(), ROLLBACK)
            .mistaken(Mistake::CumulativeForToGo, cumulative.clone());
        items.push(wrong.iter().fold(item, |item, wrong| with(false)(item, wrong, &received)));
        let item = Item::amount(&["cumulative", name], cumulative, ROLLBACK)
            .mistaken(Mistake::ToGoForCumulative, to_go);
        items.push(wrong.iter().fold(item, |item, wrong| with(true)(item, wrong, &received)));
    }
}

fn fee(answer: &TreeAnswer, node: usize, rule: Rule) -> Value {
    let paid = answer.payoff(node);
    match rule {
        Rule::Fee(times) => mul(&paid, &Exact::from(times).into()),
        _ => paid,
    }
}

/// The values still to go at every node, as the rule has it: from the last node to the first, children coming after
/// their parents.
fn rollback(answer: &TreeAnswer, rule: Rule, high: bool) -> Vec<Value> {
    let tree = answer.tree();
    let mut to_go: Vec<Value> = (0..tree.len()).map(|i| answer.to_go(i)).collect();
    for i in (0..tree.len()).rev() {
        let children = tree.children(i);
        if children.is_empty() {
            continue;
        }
        let values: Vec<Value> = children.clone().map(|k| add(&fee(answer, k, rule), &to_go[k])).collect();
        let mean = || {
            let share = Exact::ratio(1, values.len() as i64).unwrap_or(Exact::ZERO);
            mul(&total(values.iter().cloned()), &share.into())
        };
        to_go[i] = match (tree.kind(i), rule) {
            (Kind::Chance, Rule::ChanceAveraged) | (Kind::Decision, Rule::DecisionAveraged) => mean(),
            (Kind::Decision, Rule::WrongSense) => best(&values, !high),
            (Kind::Decision, _) | (Kind::Chance, Rule::ChanceMaximised) => best(&values, high),
            _ => {
                let p = |k: usize| answer.probability(k).unwrap_or_else(|| Exact::ZERO.into());
                total(children.clone().zip(&values).map(|(k, value)| mul(&p(k), value)))
            }
        };
    }
    to_go
}
