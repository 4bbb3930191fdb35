//! Baskets as they are written; what is read is checked.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Ancestors, Baskets};
use crate::error::{Error, Result};
use crate::transactions::ids::Labels;

/// What is written; the rest follows from it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    offsets: Vec<u64>,
    codes: Vec<u32>,
    labels: Labels,
    repeated: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ids: Option<Labels>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ancestors: Option<(Vec<u64>, Vec<u32>)>,
}

impl From<Baskets> for Stored {
    fn from(baskets: Baskets) -> Self {
        let Baskets { offsets, codes, labels, repeated, ids, ancestors, .. } = baskets;
        let labels = Arc::unwrap_or_clone(labels);
        Self { offsets, codes, labels, repeated, ids, ancestors: ancestors.into_parts() }
    }
}

impl TryFrom<Stored> for Baskets {
    type Error = Error;
    fn try_from(stored: Stored) -> Result<Self> {
        let read = Self::from_csr(stored.offsets, stored.codes, stored.labels)?;
        if let Some(ids) = &stored.ids
            && ids.len() != read.len()
        {
            let (expected, found) = (read.len(), ids.len());
            return Err(Error::UnequalLength { column: "ids".into(), expected, found });
        }
        let ancestors = Ancestors::from_parts(stored.ancestors, read.labels.len())?;
        let repeated = stored.repeated.saturating_add(read.repeated);
        Ok(Self { repeated, ids: stored.ids, ancestors, ..read })
    }
}
