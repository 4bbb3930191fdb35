//! The graded customers, and what each tier amounts to.

use serde::{Deserialize, Serialize};

use super::{Pyramid, PyramidInput, Share};
use crate::error::{Error, Result};
use crate::explain::Label;
use crate::segmentation::group::{Group, groups};
use crate::transactions::Labels;
use crate::watch::Unwatched;

/// The customers with their tiers; frozen. It is stored as the settings and the table that made it,
/// and worked out again when it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct PyramidTiers {
    pub(super) settings: Pyramid,
    pub(super) by: String,
    pub(super) customers: Labels,
    pub(super) values: Vec<f64>,
    pub(super) tier: Vec<u8>,
}

/// A tier, what it was to hold and what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct TierSummary {
    /// Customers and value.
    pub group: Group,
    /// The share of the customers it was to hold.
    pub planned: Share,
    /// The last rank it was to hold, ⌈p·n⌉; ties may move the end.
    pub end: u64,
    /// The smallest value in the tier: what it takes to belong to it; none in an empty tier.
    pub smallest: Option<f64>,
}

impl PyramidTiers {
    /// The settings that were used.
    pub fn settings(&self) -> &Pyramid {
        &self.settings
    }

    /// The name of the figure that the customers were ranked by.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// The ids, in the order given.
    pub fn customers(&self) -> &Labels {
        &self.customers
    }

    /// The value of each customer.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The tier of each customer, 0 the top.
    pub fn tier_codes(&self) -> &[u8] {
        &self.tier
    }

    /// The tier of the customer at a row.
    pub fn tier(&self, row: usize) -> Option<&Label> {
        let tier = usize::from(*self.tier.get(row)?);
        self.settings.tiers.tiers().get(tier).map(|tier| &tier.label)
    }

    /// A line a tier, from the top down.
    pub fn summary(&self) -> Result<Vec<TierSummary>> {
        let tiers = &self.settings.tiers;
        let mut smallest = vec![None; tiers.tiers().len()];
        for (&tier, &value) in self.tier.iter().zip(&self.values) {
            let slot: &mut Option<f64> = &mut smallest[usize::from(tier)];
            *slot = Some(slot.map_or(value, |least| least.min(value)));
        }
        let codes = self.tier.iter().map(|&tier| usize::from(tier));
        let groups = groups(tiers.tiers().iter().map(|tier| &tier.label), codes, Some(&self.values))?;
        let ends = tiers.ends(self.values.len() as u64);
        Ok(groups
            .into_iter()
            .zip(tiers.tiers())
            .zip(ends.into_iter().zip(smallest))
            .map(|((group, tier), (end, smallest))| TierSummary { group, planned: tier.share, end, smallest })
            .collect())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    settings: Pyramid,
    by: String,
    customers: Labels,
    values: Vec<f64>,
}

impl From<PyramidTiers> for Stored {
    fn from(result: PyramidTiers) -> Self {
        let PyramidTiers { settings, by, customers, values, .. } = result;
        Self { settings, by, customers, values }
    }
}

impl TryFrom<Stored> for PyramidTiers {
    type Error = Error;
    fn try_from(stored: Stored) -> Result<Self> {
        let Stored { settings, by, customers, values } = &stored;
        settings.run(&PyramidInput { customers, values, by }, &Unwatched)
    }
}
