//! The customers with their statuses, and what each status amounts to.

use serde::{Deserialize, Serialize};

use super::{LifeCycle, LifeCycleInput, Status};
use crate::error::{Error, Result};
use crate::explain::Label;
use crate::explain::Lang;
use crate::segmentation::group::{Group, groups};
use crate::transactions::Labels;
use crate::watch::Unwatched;

/// The customers with their statuses; frozen. It is stored as the settings and the table that made it,
/// and worked out again when it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct LifeCycleStatus {
    pub(super) settings: LifeCycle,
    pub(super) customers: Labels,
    pub(super) recency: Vec<f64>,
    pub(super) tenure: Option<Vec<f64>>,
    pub(super) monetary: Option<Vec<f64>>,
    pub(super) status: Vec<Status>,
}

impl LifeCycleStatus {
    /// The thresholds that were used.
    pub fn settings(&self) -> &LifeCycle {
        &self.settings
    }

    /// The ids, in the order given.
    pub fn customers(&self) -> &Labels {
        &self.customers
    }

    /// Days since the last purchase of each customer.
    pub fn recency(&self) -> &[f64] {
        &self.recency
    }

    /// The status of each customer.
    pub fn statuses(&self) -> &[Status] {
        &self.status
    }

    /// A line a status that the rule can give, from the best, with money where it was given.
    pub fn summary(&self) -> Result<Vec<Group>> {
        let possible = self.settings.rules(Lang::En);
        let labels: Vec<Label> = possible.iter().map(|(status, _)| status.label()).collect();
        let place = |status| possible.iter().position(|&(p, _)| p == status);
        groups(
            labels.iter(),
            self.status.iter().filter_map(|&status| place(status)),
            self.monetary.as_deref(),
        )
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    settings: LifeCycle,
    customers: Labels,
    recency: Vec<f64>,
    tenure: Option<Vec<f64>>,
    monetary: Option<Vec<f64>>,
}

impl From<LifeCycleStatus> for Stored {
    fn from(result: LifeCycleStatus) -> Self {
        let LifeCycleStatus { settings, customers, recency, tenure, monetary, .. } = result;
        Self { settings, customers, recency, tenure, monetary }
    }
}

impl TryFrom<Stored> for LifeCycleStatus {
    type Error = Error;
    fn try_from(stored: Stored) -> Result<Self> {
        let Stored { settings, customers, recency, tenure, monetary } = &stored;
        let (tenure, monetary) = (tenure.as_deref(), monetary.as_deref());
        settings.run(&LifeCycleInput { customers, recency, tenure, monetary }, &Unwatched)
    }
}
