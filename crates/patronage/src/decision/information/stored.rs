//! Studies as versioned JSON: the question is stored, and solved again when it is read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::answer::StudyAnswer;
use super::event::Event;
use super::study::{Evidence, Study};
use crate::decision::number::Number;
use crate::decision::tree::{TreeAnswer, check_format, known_version};

const FORMAT: &str = "patronage/decision-study";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    #[serde(deserialize_with = "known_version")]
    version: u32,
    /// The decision without the study.
    question: TreeAnswer,
    /// The chance nodes of the event.
    event: Vec<usize>,
    signals: Vec<String>,
    evidence: Evidence,
    cost: Number,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rounding: Option<u32>,
    labels: [String; 2],
}

impl Serialize for StudyAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let study = &self.study;
        Stored {
            format: FORMAT.into(),
            version: VERSION,
            question: study.question.clone(),
            event: study.event.nodes.clone(),
            signals: study.signals.clone(),
            evidence: study.evidence.clone(),
            cost: study.cost.clone(),
            rounding: study.rounding,
            labels: study.labels.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StudyAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        check_format(&stored.format, FORMAT)?;
        let solved = || {
            let event = Event::at(stored.question.tree(), &stored.event)?;
            let mut study = Study::of_event(&stored.question, &event, stored.signals, stored.evidence)?;
            (study.cost, study.rounding, study.labels) = (stored.cost, stored.rounding, stored.labels);
            study.solve()
        };
        solved().map_err(serde::de::Error::custom)
    }
}
