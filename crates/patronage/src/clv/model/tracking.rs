//! Repeat purchases of all customers over time, as a model expects them.

use super::super::history::{Customer, History, refuse};
use super::forecast::{Forecast, Horizon};
use super::purchase::PurchaseModel;
use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::watch::Watch;

/// Repeat purchases that all customers are expected to have made by each of `times`, counted from a day from which
/// the calibration ends `calibration_end` periods later: each customer begins `calibration_end − T` after it.
///
/// What she did is not looked at: this is what a model learnt from everybody expects of her as a new customer.
pub(super) fn expected<F: Forecast>(
    forecast: &F,
    history: &History<'_>,
    calibration_end: f64,
    times: &[f64],
    watch: &dyn Watch,
) -> Result<Vec<f64>> {
    let [_, _, age] = history.columns();
    refuse(
        "T",
        age.len(),
        |i| age[i] > calibration_end * (1.0 + 1e-9),
        "is longer than the calibration",
        "count the calibration's end from the first purchase of all, or earlier",
    )?;
    if let Some(time) = times.iter().find(|time| !(time.is_finite() && **time >= 0.0)) {
        return Err(Error::parameter("times", time, "finite numbers of periods, at least 0"));
    }
    let watched = history.watched(watch)?;
    let [_, _, age] = watched.columns();
    times
        .iter()
        .map(|time| {
            let since_first: Vec<f64> =
                age.iter().map(|age| (time - (calibration_end - age)).max(0.0)).collect();
            let each = forecast.each(&watched, Horizon::Each(&since_first), watch, |model, _, t| {
                Ok(model.expected_purchases_of(Customer::NEW, t))
            })?;
            let mut total = ExactSum::default();
            for (i, expected) in each.iter().enumerate() {
                total.add(expected * watched.weights().map_or(1.0, |weights| weights[i]))?;
            }
            Ok(total.to_f64())
        })
        .collect()
}
