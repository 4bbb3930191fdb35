//! The customer pyramid: few customers at the top who bring most of the value.

mod explain;
mod result;
mod tiers;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use result::{PyramidTiers, TierSummary};
pub use tiers::{Share, Tier, Tiers};

use super::{check, order::Order};
use crate::error::{Error, Result};
use crate::transactions::Labels;
use crate::watch::Watch;

/// What becomes of customers with a value below zero (returns or costs outweigh).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Negative {
    /// They are an error, which says how many there are.
    #[default]
    Error,
    /// They rank last, and what they cost is taken off the total: the tiers above them can then hold more
    /// than 100 % of it.
    Keep,
}

impl FromStr for Negative {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "error" => Ok(Self::Error),
            "keep" => Ok(Self::Keep),
            _ => Err(Error::parameter("negative", format!("'{text}'"), "'error' or 'keep'")),
        }
    }
}

/// Grades customers by value into tiers of given shares.
///
/// The customers are ranked from the largest value; the tier that ends at the share p of the customers ends
/// with rank ⌈p·n⌉, computed in whole numbers. Customers of equal value stand in one tier, that of the first
/// of them, so a tier can be larger than planned, and the next smaller.
///
/// ```
/// use patronage::segmentation::{Pyramid, PyramidInput, Tiers};
/// use patronage::{transactions::Labels, watch::Unwatched};
/// let pyramid = Pyramid::new(Tiers::named("gold_iron")?).run(
///     &PyramidInput {
///         customers: &Labels::Ints(vec![1, 2, 3, 4, 5]),
///         values: &[40.0, 900.0, 30.0, 20.0, 10.0],
///         by: "monetary",
///     },
///     &Unwatched,
/// )?;
/// assert_eq!(pyramid.tier(1).map(|tier| tier.en.as_str()), Some("Gold"));
/// assert_eq!(pyramid.summary()?[0].group.share_of_value, Some(0.9));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pyramid {
    tiers: Tiers,
    negative: Negative,
}

/// A table of customers: equally long columns, a row a customer.
#[derive(Debug, Clone, Copy)]
pub struct PyramidInput<'a> {
    /// The ids, no two alike.
    pub customers: &'a Labels,
    /// What each customer is worth: revenue, profit or any other figure of which more is better.
    pub values: &'a [f64],
    /// The name of that figure, for messages and workings.
    pub by: &'a str,
}

impl Pyramid {
    /// Grades into these tiers; values below zero are an error.
    pub fn new(tiers: Tiers) -> Self {
        Self { tiers, negative: Negative::Error }
    }

    /// What becomes of values below zero.
    #[must_use]
    pub fn negative(mut self, negative: Negative) -> Self {
        self.negative = negative;
        self
    }

    /// The tiers.
    pub fn tiers(&self) -> &Tiers {
        &self.tiers
    }

    /// Grades the customers. No customers give an empty result.
    pub fn run(&self, input: &PyramidInput<'_>, watch: &dyn Watch) -> Result<PyramidTiers> {
        check::column(input.by, input.values, input.customers.len(), None)?;
        if self.negative == Negative::Error {
            refuse_negative(input)?;
        }
        check::distinct(input.customers, watch)?;
        let ends = self.tiers.ends(input.values.len() as u64);
        let order = Order::ascending(input.values.iter().map(|&value| -value), None, watch)?;
        let mut tier = vec![0; input.values.len()];
        for (better, rows) in order.runs() {
            let own = ends.partition_point(|&end| end <= better as u64) as u8;
            rows.for_each(|row| tier[row] = own);
        }
        Ok(PyramidTiers {
            settings: self.clone(),
            by: input.by.into(),
            customers: input.customers.clone(),
            values: input.values.to_vec(),
            tier,
        })
    }
}

fn refuse_negative(input: &PyramidInput<'_>) -> Result<()> {
    let mut rows = input.values.iter().enumerate().filter(|&(_, &value)| value < 0.0);
    match rows.next() {
        None => Ok(()),
        Some((row, _)) => Err(Error::InvalidValue {
            column: input.by.into(),
            row: row as u64,
            count: 1 + rows.count() as u64,
            problem: "below zero (returns outweigh purchases)".into(),
            mend:
                "leave these customers out, or take negative = 'keep' to rank them last and take what they \
                   cost off the total"
                    .into(),
        }),
    }
}
