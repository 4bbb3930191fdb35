//! Tables as versioned JSON.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DecisionTable, TableAnswer};
use crate::decision::number::Number;
use crate::decision::scalar::Sense;
use crate::decision::tree::{check_format, known_version};

const FORMAT: &str = "patronage/decision-table";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    #[serde(deserialize_with = "known_version")]
    version: u32,
    alternatives: Vec<String>,
    states: Vec<String>,
    /// A list an alternative.
    payoffs: Vec<Vec<Number>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probabilities: Option<Vec<Number>>,
}

impl Serialize for DecisionTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored {
            format: FORMAT.into(),
            version: VERSION,
            alternatives: self.alternatives.clone(),
            states: self.states.clone(),
            payoffs: self.payoffs.chunks(self.states.len()).map(<[Number]>::to_vec).collect(),
            probabilities: self.probabilities.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DecisionTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        check_format(&stored.format, FORMAT)?;
        let states = stored.states.len();
        if let Some(row) = stored.payoffs.iter().find(|row| row.len() != states) {
            let problem = format!("a row of {} payoffs for {states} states", row.len());
            return Err(serde::de::Error::custom(problem));
        }
        let payoffs = stored.payoffs.into_iter().flatten();
        let table = Self::new(stored.alternatives, stored.states, payoffs);
        match stored.probabilities {
            Some(probabilities) => table.and_then(|table| table.with_probabilities(probabilities)),
            None => table,
        }
        .map_err(serde::de::Error::custom)
    }
}

const ANSWER: &str = "patronage/decision-table-answer";

/// An answer is stored as its question and solved again when it is read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredAnswer<T> {
    format: String,
    #[serde(deserialize_with = "known_version")]
    version: u32,
    sense: Sense,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    optimism: Option<Number>,
    table: T,
}

impl Serialize for TableAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredAnswer {
            format: ANSWER.into(),
            version: VERSION,
            sense: self.sense,
            optimism: self.optimism.clone(),
            table: &self.table,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TableAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredAnswer::<DecisionTable>::deserialize(deserializer)?;
        check_format(&stored.format, ANSWER)?;
        stored.table.solve(stored.sense, stored.optimism).map_err(serde::de::Error::custom)
    }
}
