//! Small random trees, as plain data for recursive arithmetic of the tests' own.
#![allow(dead_code)]

use patronage::decision::{Node, chance, decide, pay};
use proptest::prelude::*;

/// A small tree.
#[derive(Debug, Clone)]
pub enum Small {
    Leaf(i32),
    /// What is paid on each branch, and what is below.
    Decision(Vec<(i32, Small)>),
    /// Weights, of which the probabilities are the shares.
    Chance(Vec<(u32, i32, Small)>),
}

/// Trees with leaf values up to a size, so many levels deep and with about so many nodes.
pub fn small(values: i32, levels: u32, nodes: u32) -> impl Strategy<Value = Small> {
    (-values..values).prop_map(Small::Leaf).prop_recursive(levels, nodes, 3, |inner| {
        prop_oneof![
            prop::collection::vec((-50..50, inner.clone()), 1..4).prop_map(Small::Decision),
            prop::collection::vec((1..9u32, -50..50, inner), 1..4).prop_map(Small::Chance),
        ]
    })
}

/// The same for the library.
pub fn node(small: &Small) -> Node {
    match small {
        Small::Leaf(value) => pay(*value),
        Small::Decision(branches) => {
            let branches = branches.iter().enumerate();
            decide("d", branches.map(|(i, (paid, below))| (i.to_string(), node(below).paying(*paid))))
        }
        Small::Chance(branches) => {
            let total: u32 = branches.iter().map(|b| b.0).sum();
            chance(branches.iter().enumerate().map(|(i, (weight, paid, below))| {
                (i.to_string(), format!("{weight}/{total}"), node(below).paying(*paid))
            }))
        }
    }
}

/// How many strategies it has.
pub fn count(small: &Small) -> f64 {
    match small {
        Small::Leaf(_) => 1.0,
        Small::Decision(branches) => branches.iter().map(|b| count(&b.1)).sum(),
        Small::Chance(branches) => branches.iter().map(|b| count(&b.2)).product(),
    }
}
