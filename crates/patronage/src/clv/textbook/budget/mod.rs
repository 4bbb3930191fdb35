//! How much to spend on winning customers, and on keeping them.

mod acquisition;
mod curve;
mod keeping;

pub use acquisition::{AcquisitionBudget, acquisition_budget};
pub use curve::ResponseCurve;
pub use keeping::{RetentionBudget, retention_budget};

use serde::Serialize;

/// One spend and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BudgetPoint {
    /// Spend per prospect, or per customer and period.
    pub spend: f64,
    /// The share that is won, or kept.
    pub rate: f64,
    /// What it is worth, less the spend.
    pub value: f64,
}

/// Evenly spaced spends from 0 to well beyond the best, with what comes of each, as far as a float holds it.
fn points(best: f64, k: f64, steps: u32, at: impl Fn(f64) -> BudgetPoint) -> Vec<BudgetPoint> {
    let most = if best > 0.0 { 2.5 * best } else { 3.0 / k };
    let steps = steps.max(1);
    (0..=steps)
        .map(|i| at(most * (f64::from(i) / f64::from(steps))))
        .filter(|point| point.spend.is_finite() && point.value.is_finite())
        .collect()
}
