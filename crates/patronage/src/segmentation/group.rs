//! What a group of customers amounts to.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::explain::Label;
use crate::math::ExactSum;

/// How many customers a segment, a tier or a status holds, and what they bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The name of the group.
    pub label: Label,
    /// Number of customers.
    pub customers: u64,
    /// Customers of the group over all customers; none where there are no customers.
    pub share_of_customers: Option<f64>,
    /// Sum of the values (revenue, profit) of its customers; none where no values were given.
    pub value: Option<f64>,
    /// That sum over the sum of all customers; none where the latter is not above zero.
    pub share_of_value: Option<f64>,
}

/// One group a label; `member` is the group of each row.
pub(super) fn groups<'a>(
    labels: impl ExactSizeIterator<Item = &'a Label>,
    member: impl Iterator<Item = usize>,
    values: Option<&[f64]>,
) -> Result<Vec<Group>> {
    let mut counts = vec![0u64; labels.len()];
    let mut sums = vec![ExactSum::default(); labels.len()];
    for (row, group) in member.enumerate() {
        counts[group] += 1;
        if let Some(values) = values {
            sums[group].add(values[row])?;
        }
    }
    let mut total = ExactSum::default();
    sums.iter().try_for_each(|&sum| total.merge(sum))?;
    let (all, total) = (counts.iter().sum::<u64>(), total.to_f64());
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    Ok(labels
        .zip(counts.iter().zip(&sums))
        .map(|(label, (&customers, sum))| Group {
            label: label.clone(),
            customers,
            share_of_customers: share(customers as f64, all as f64),
            value: values.map(|_| sum.to_f64()),
            share_of_value: values.and_then(|_| share(sum.to_f64(), total)),
        })
        .collect())
}
