//! Trees with parameters as JSON: the nodes as those of a tree, expressions as text, and the parameters.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::parametric::ParametricTree;
use crate::decision::number::Number;
use crate::decision::tree::{NodeRow, StoredNode, check_format, known_version, nodes};
use crate::watch::Unwatched;

const FORMAT: &str = "patronage/parametric-tree";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    #[serde(deserialize_with = "known_version")]
    version: u32,
    parameters: Vec<(Box<str>, Number)>,
    #[serde(deserialize_with = "nodes")]
    nodes: Vec<StoredNode>,
}

impl Serialize for ParametricTree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored {
            format: FORMAT.into(),
            version: VERSION,
            parameters: self.parameters().to_vec(),
            nodes: self.rows().iter().cloned().map(StoredNode::from).collect(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ParametricTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        check_format(&stored.format, FORMAT)?;
        let rows = stored.nodes.into_iter().map(NodeRow::from).collect();
        Self::new(rows, stored.parameters, &Unwatched).map_err(serde::de::Error::custom)
    }
}
