//! Trees as JSON: a flat, versioned list of nodes that a person can read and write.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Compounding, Further, Kind, MAX_NODES, NodeRow, Solve, Tree, TreeAnswer, Utility};
use crate::decision::number::Number;
use crate::decision::scalar::Sense;
use crate::watch::Unwatched;

const FORMAT: &str = "patronage/decision-tree";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    #[serde(deserialize_with = "known_version")]
    version: u32,
    #[serde(deserialize_with = "nodes")]
    nodes: Vec<StoredNode>,
}

/// Fields that say nothing are left out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::decision) struct StoredNode {
    /// The place of the node above in the list; absent for the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<usize>,
    kind: Kind,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    name: Box<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    label: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probability: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payoff: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    further: Vec<StoredFurther>,
}

/// What is received of a further measure.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFurther {
    measure: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payoff: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
}

impl From<StoredNode> for NodeRow {
    fn from(node: StoredNode) -> Self {
        let further = |f: StoredFurther| Further { measure: f.measure, payoff: f.payoff, value: f.value };
        Self {
            parent: node.parent,
            kind: node.kind,
            name: node.name,
            label: node.label,
            probability: node.probability,
            payoff: node.payoff,
            value: node.value,
            time: node.time,
            further: node.further.into_iter().map(further).collect(),
        }
    }
}

impl From<NodeRow> for StoredNode {
    fn from(row: NodeRow) -> Self {
        let further = |f: Further| StoredFurther { measure: f.measure, payoff: f.payoff, value: f.value };
        Self {
            parent: row.parent,
            kind: row.kind,
            name: row.name,
            label: row.label,
            probability: row.probability,
            payoff: row.payoff,
            value: row.value,
            time: row.time,
            further: row.further.into_iter().map(further).collect(),
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let some =
            |number: Number| (number != Number::from(0) && number != Number::Float(0.0)).then_some(number);
        let further = |i: usize| {
            let of = |m: usize| StoredFurther {
                measure: self.measures()[m].clone(),
                payoff: some(self.payoff_in(m, i)),
                value: some(self.value_in(m, i)),
            };
            let given = (1..self.measures().len()).map(of);
            // The root names them all, so that they come back in their order.
            given.filter(|f| i == 0 || f.payoff.is_some() || f.value.is_some()).collect()
        };
        let nodes = (0..self.len()).map(|i| {
            let parent = self.parent(i);
            let time = self.time(i);
            StoredNode {
                parent,
                kind: self.kind(i),
                name: self.name(i).into(),
                label: self.label(i).into(),
                probability: self.probability(i),
                payoff: some(self.payoff(i)),
                // A leaf says what it is worth, and thereby whether the tree is one of floats.
                value: (self.kind(i) == Kind::Leaf).then(|| self.value(i)),
                time: (time != parent.map_or(0.0, |p| self.time(p))).then_some(time),
                further: further(i),
            }
        });
        Stored { format: FORMAT.into(), version: VERSION, nodes: nodes.collect() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        check_format(&stored.format, FORMAT)?;
        let rows = stored.nodes.into_iter().map(NodeRow::from);
        Self::from_rows(rows.collect(), &Unwatched).map_err(serde::de::Error::custom)
    }
}

const ANSWER: &str = "patronage/decision-answer";

/// An answer is stored as its question and solved again when it is read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredAnswer<T> {
    format: String,
    #[serde(deserialize_with = "known_version")]
    version: u32,
    sense: Sense,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount_rate: Option<Number>,
    #[serde(default)]
    compounding: Compounding,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    by: Vec<(Box<str>, Number)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    utility: Option<Utility>,
    floats: bool,
    tree: T,
}

impl Serialize for TreeAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredAnswer {
            format: ANSWER.into(),
            version: VERSION,
            sense: self.sense,
            discount_rate: self.discount_rate.clone(),
            compounding: self.compounding,
            by: self.by.clone(),
            utility: self.utility.clone(),
            floats: self.floats,
            tree: &self.tree,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TreeAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredAnswer::<Tree>::deserialize(deserializer)?;
        check_format(&stored.format, ANSWER)?;
        let solve = Solve {
            sense: stored.sense,
            discount_rate: stored.discount_rate,
            compounding: stored.compounding,
            by: stored.by,
            utility: stored.utility,
            floats: stored.floats,
        };
        solve.run(&stored.tree, &Unwatched).map_err(serde::de::Error::custom)
    }
}

/// An error unless the format is that which is read here.
pub(in crate::decision) fn check_format<E: serde::de::Error>(format: &str, expected: &str) -> Result<(), E> {
    if format != expected {
        let format: String = format.chars().take(60).collect();
        return Err(E::custom(format!("the format is '{format}', not '{expected}'")));
    }
    Ok(())
}

/// Refuses another version where it stands, before what follows can be misunderstood.
pub(in crate::decision) fn known_version<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<u32, D::Error> {
    let version = u32::deserialize(deserializer)?;
    if version != VERSION {
        let problem = format!("version {version} is not known here; this release reads version {VERSION}");
        return Err(D::Error::custom(problem));
    }
    Ok(version)
}

/// The list of nodes; an error says at which of them it arose.
pub(in crate::decision) fn nodes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<StoredNode>, D::Error> {
    struct List;
    impl<'de> Visitor<'de> for List {
        type Value = Vec<StoredNode>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of nodes")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut nodes = Vec::new();
            loop {
                let at = nodes.len();
                let node = list.next_element();
                let named = |problem| A::Error::custom(format!("node {at} (counted from 0): {problem}"));
                match node.map_err(named)? {
                    Some(_) if at == MAX_NODES => {
                        return Err(A::Error::custom(format!("more than {MAX_NODES} nodes")));
                    }
                    Some(node) => nodes.push(node),
                    None => return Ok(nodes),
                }
            }
        }
    }
    deserializer.deserialize_seq(List)
}
