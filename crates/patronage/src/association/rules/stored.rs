//! Rules as they are written and read.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::recommend::Firing;
use super::sets::Sets;
use super::significance::Tested;
use super::{Counts, Rules};
use crate::association::itemsets::trie::{self, Node, ROOT};
use crate::error::{Error, Result};
use crate::transactions::Labels;

/// What is written; the rest follows from it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<L, N, R, T> {
    n_baskets: u64,
    min_count: u64,
    min_confidence: f64,
    n_examined: u64,
    complete: bool,
    limited: bool,
    items: L,
    nodes: N,
    rules: R,
    tested: T,
}

impl Serialize for Rules {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Stored {
            n_baskets: self.n_baskets,
            min_count: self.min_count,
            min_confidence: self.min_confidence,
            n_examined: self.n_examined,
            complete: self.sets.complete,
            limited: self.sets.limited,
            items: &self.sets.items,
            nodes: &self.sets.nodes,
            rules: &self.splits,
            tested: &self.tested,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let stored = Read::deserialize(deserializer)?;
        checked(stored).map_err(serde::de::Error::custom)
    }
}

type Read = Stored<Labels, Vec<Node>, Vec<[u32; 3]>, Option<Tested>>;

fn checked(stored: Read) -> Result<Rules> {
    let Stored {
        n_baskets,
        min_count,
        min_confidence,
        n_examined,
        complete,
        limited,
        items,
        nodes,
        rules,
        tested,
    } = stored;
    let wrong = |problem: &str| Error::InvalidModel { what: "rules".into(), problem: problem.into() };
    if nodes.len() >= ROOT as usize {
        return Err(wrong("too many sets"));
    }
    if !(0.0..=1.0).contains(&min_confidence) {
        return Err(wrong("a confidence outside [0, 1]"));
    }
    trie::check(&nodes, items.len(), n_baskets, true)?;
    let sets = Sets::new(items, nodes, complete, limited);
    for &[x, y, both] in &rules {
        if [x, y, both].iter().any(|&node| sets.count(node) == 0) {
            return Err(wrong("a rule with a set that is not there"));
        }
        let mut sides = [sets.numbers(x), sets.numbers(y)].concat();
        sides.sort_unstable_by(|a, b| b.cmp(a));
        if sides != sets.numbers(both) {
            return Err(wrong("a rule with sides that do not belong together"));
        }
        Counts::new(n_baskets, sets.count(x), sets.count(y), sets.count(both))
            .map_err(|error| wrong(&error.to_string()))?;
    }
    if tested.as_ref().is_some_and(|t| [t.p_values.len(), t.adjusted.len()] != [rules.len(); 2]) {
        return Err(wrong("p-values that do not belong to the rules"));
    }
    let firing = Firing::default();
    Ok(Rules {
        n_baskets,
        min_count,
        min_confidence,
        n_examined,
        sets: Arc::new(sets),
        splits: rules,
        tested,
        firing,
    })
}
