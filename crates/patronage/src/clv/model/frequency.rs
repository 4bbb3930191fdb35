//! How many customers bought how often, and how many a model expects to have.

use serde::{Deserialize, Serialize};

use super::super::history::{Customer, History};
use super::forecast::{Forecast, Horizon};
use super::purchase::PurchaseModel;
use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::watch::Watch;

/// Customers by number of repeat purchases: how many there are, and how many a model expects.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FrequencyRow {
    /// Repeat purchases; in the last row, this many or more.
    pub frequency: u32,
    /// Customers who made them.
    pub actual: f64,
    /// Customers the model expects to have made them.
    pub expected: f64,
}

pub(super) fn check_most(most: u32) -> Result<()> {
    const MOST: u32 = 10_000;
    if most <= MOST {
        Ok(())
    } else {
        Err(Error::parameter("most", most, "a number of purchases up to 10,000"))
    }
}

pub(super) fn check<F: Forecast>(
    forecast: &F,
    history: &History<'_>,
    most: u32,
    watch: &dyn Watch,
) -> Result<Vec<FrequencyRow>> {
    check_most(most)?;
    let watched = history.watched(watch)?;
    let everyone: f64 = watched.weights().map_or(watched.len() as f64, |weights| weights.iter().sum());
    let weight = |i: usize| watched.weights().map_or(1.0, |weights| weights[i]);
    let [_, _, age] = watched.columns();
    let mut rows = Vec::with_capacity(most as usize + 2);
    let mut rest = everyone;
    for n in 0..=most {
        let probability = forecast.each(&watched, Horizon::Each(age), watch, |model, _, age| {
            Ok(model.probability_of_purchases_of(Customer::NEW, n, age))
        })?;
        let mut expected = ExactSum::default();
        for (i, p) in probability.iter().enumerate() {
            expected.add(p * weight(i))?;
        }
        rest -= expected.to_f64();
        rows.push(FrequencyRow { frequency: n, actual: 0.0, expected: expected.to_f64() });
    }
    rows.push(FrequencyRow { frequency: most + 1, actual: 0.0, expected: rest.max(0.0) });
    for (x, weight) in history.frequencies(watch)? {
        // Casting a float saturates.
        rows[(x as u32).min(most + 1) as usize].actual += weight;
    }
    Ok(rows)
}
