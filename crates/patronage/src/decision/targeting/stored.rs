//! Plans as versioned JSON: the question is stored, and solved again when it is read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{TargetPlan, Targeting};
use crate::decision::tree::{check_format, known_version};
use crate::watch::Unwatched;

const FORMAT: &str = "patronage/target-plan";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<T> {
    format: String,
    #[serde(deserialize_with = "known_version")]
    version: u32,
    targeting: T,
}

impl Serialize for TargetPlan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored { format: FORMAT.into(), version: VERSION, targeting: &self.targeting }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TargetPlan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::<Targeting>::deserialize(deserializer)?;
        check_format(&stored.format, FORMAT)?;
        stored.targeting.solve(&Unwatched).map_err(serde::de::Error::custom)
    }
}
