//! Did the model foresee what happened? Expected purchases beside actual ones.

use serde::{Deserialize, Serialize};

use super::history::{refuse, same_length};
use crate::error::Result;
use crate::math::ExactSum;

/// Customers with the same number of repeat purchases in the calibration period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoldoutRow {
    /// Repeat purchases in the calibration period; in the last row, this many or more.
    pub frequency: u32,
    /// Number of customers.
    pub customers: u64,
    /// Mean purchases in the hold-out period; NaN without customers.
    pub actual: f64,
    /// Mean purchases the model expected there; NaN without customers.
    pub expected: f64,
}

/// Actual and expected purchases in a hold-out period, by frequency in the calibration period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoldoutCheck {
    /// A row for each frequency 0, 1, … and a last one for all from there on.
    pub rows: Vec<HoldoutRow>,
    /// All purchases in the hold-out period.
    pub actual: f64,
    /// All purchases the model expected there.
    pub expected: f64,
}

impl HoldoutCheck {
    /// Groups customers by `frequency`, with one group for all of `and_more` or above.
    ///
    /// ```
    /// use patronage::clv::HoldoutCheck;
    /// let check = HoldoutCheck::new(&[0.0, 0.0, 9.0], &[1.0, 0.0, 4.0], &[0.4, 0.5, 4.1], 7)?;
    /// assert_eq!(check.rows.len(), 8);
    /// assert_eq!((check.rows[0].customers, check.rows[0].actual), (2, 0.5));
    /// assert_eq!((check.actual, check.expected), (5.0, 5.0));
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn new(frequency: &[f64], actual: &[f64], expected: &[f64], and_more: u32) -> Result<Self> {
        same_length("frequency_holdout", frequency.len(), actual.len())?;
        same_length("expected", frequency.len(), expected.len())?;
        for (name, column) in
            [("frequency", frequency), ("frequency_holdout", actual), ("expected", expected)]
        {
            refuse(
                name,
                column.len(),
                |i| !(column[i].is_finite() && column[i] >= 0.0),
                "is not a number of purchases",
                "give finite numbers, at least 0",
            )?;
        }
        let mut groups = vec![(0_u64, ExactSum::default(), ExactSum::default()); and_more as usize + 1];
        let (mut all_actual, mut all_expected) = (ExactSum::default(), ExactSum::default());
        for ((&x, &actual), &expected) in frequency.iter().zip(actual).zip(expected) {
            // Casting a float saturates.
            let (customers, made, foreseen) = &mut groups[(x as u32).min(and_more) as usize];
            *customers += 1;
            made.add(actual)?;
            foreseen.add(expected)?;
            all_actual.add(actual)?;
            all_expected.add(expected)?;
        }
        let rows = (0..).zip(groups).map(|(frequency, (customers, made, foreseen))| HoldoutRow {
            frequency,
            customers,
            actual: made.to_f64() / customers as f64,
            expected: foreseen.to_f64() / customers as f64,
        });
        Ok(Self { rows: rows.collect(), actual: all_actual.to_f64(), expected: all_expected.to_f64() })
    }
}
