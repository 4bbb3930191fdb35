//! What a spend model sees of a customer: how many repeat purchases, and how large on average.

use std::borrow::Cow;

use super::distinct::merged;
use super::history::{as_floats, check_weights, refuse, same_length, whole_numbers};
use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::transactions::PurchaseHistory;
use crate::watch::Watch;

/// Spending, a row a customer: checked once.
///
/// `frequency` is the number of repeat purchases, `monetary_value` their mean amount; the amount of customers
/// without a repeat purchase is not looked at (it is NaN in a purchase history).
///
/// ```
/// use patronage::clv::Spending;
/// let spending = Spending::new(&[2.0, 0.0][..], &[22.35, f64::NAN])?;
/// assert!(Spending::new(&[2.0][..], &[-1.0]).is_err());
/// assert_eq!(Spending::dropping_nonpositive(&[2.0][..], &[-1.0])?.set_aside(), 1);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Spending<'a> {
    frequency: Cow<'a, [f64]>,
    monetary_value: &'a [f64],
    weights: Option<&'a [f64]>,
}

impl<'a> Spending<'a> {
    /// Checks the columns `frequency` and `monetary_value`; a customer with repeat purchases must have spent on them.
    pub fn new(frequency: impl Into<Cow<'a, [f64]>>, monetary_value: &'a [f64]) -> Result<Self> {
        let spending = Self::dropping_nonpositive(frequency, monetary_value)?;
        refuse(
            "monetary_value",
            spending.len(),
            |i| spending.is_aside(i),
            "is not positive although there are repeat purchases",
            "treat returns otherwise, or set these customers aside (nonpositive = \"drop\")",
        )?;
        Ok(spending)
    }

    /// As [`Spending::new`], but customers whose repeat purchases net to nothing or less are set aside: no fit sees
    /// them, and what is expected of them is undefined (NaN).
    pub fn dropping_nonpositive(
        frequency: impl Into<Cow<'a, [f64]>>,
        monetary_value: &'a [f64],
    ) -> Result<Self> {
        let frequency = frequency.into();
        same_length("monetary_value", frequency.len(), monetary_value.len())?;
        whole_numbers(&frequency)?;
        refuse(
            "monetary_value",
            frequency.len(),
            |i| frequency[i] > 0.0 && !monetary_value[i].is_finite(),
            "is not a finite amount although there are repeat purchases",
            "give the mean amount of the repeat purchases",
        )?;
        Ok(Self { frequency, monetary_value, weights: None })
    }

    /// The calibration part of a log's purchase history, strictly as [`Spending::new`].
    pub fn of(history: &'a PurchaseHistory) -> Result<Self> {
        let value = history.monetary_value.as_ref().ok_or_else(|| Error::ColumnNeeded {
            column: "amount".into(),
            purpose: "a model of spend".into(),
            mend: "read the log with a column of amounts".into(),
        })?;
        Self::new(as_floats(&history.frequency), value)
    }

    /// Number of customers set aside.
    pub fn set_aside(&self) -> usize {
        (0..self.len()).filter(|&i| self.is_aside(i)).count()
    }

    /// Whether a customer is set aside.
    pub(super) fn is_aside(&self, i: usize) -> bool {
        self.frequency[i] > 0.0 && self.monetary_value[i] <= 0.0
    }

    /// Counts each row as many times as its weight says.
    pub fn with_weights(mut self, weights: &'a [f64]) -> Result<Self> {
        check_weights(weights, self.frequency.len())?;
        self.weights = Some(weights);
        Ok(self)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// Frequency and mean amount of a row.
    pub(super) fn row(&self, i: usize) -> (f64, f64) {
        (self.frequency[i], self.monetary_value[i])
    }

    /// Distinct rows with repeat purchases in ascending order, with how many customers each stands for.
    pub(super) fn merged(&self, watch: &dyn Watch) -> Result<Vec<([f64; 2], f64)>> {
        // The amount of a customer without repeat purchases may be NaN; it is not looked at.
        let value: Vec<f64> = self
            .frequency
            .iter()
            .zip(self.monetary_value)
            .map(|(&x, &m)| if x > 0.0 { m } else { 0.0 })
            .collect();
        let mut rows = merged([&self.frequency, &value], self.weights, watch)?;
        rows.retain(|([x, m], _)| *x > 0.0 && *m > 0.0);
        Ok(rows)
    }

    /// Pearson's correlation between the number and the mean amount of repeat purchases, over customers who have
    /// any; NaN if either does not vary.
    ///
    /// The gamma-gamma model assumes that the two are independent; Fader, Hardie and Lee (2005) found 0.11 in
    /// their data and thought it small enough. Beyond about 0.3 expected spend is off for heavy buyers.
    pub fn correlation(&self, watch: &dyn Watch) -> Result<f64> {
        let rows = self.merged(watch)?;
        let sum = |term: &dyn Fn(f64, f64) -> f64| -> Result<f64> {
            let mut total = ExactSum::default();
            rows.iter().try_for_each(|&([x, m], weight)| total.add(weight * term(x, m)))?;
            Ok(total.to_f64())
        };
        let n = sum(&|_, _| 1.0)?;
        let (x_mean, m_mean) = (sum(&|x, _| x)? / n, sum(&|_, m| m)? / n);
        // In units of the means, so that the sums neither overflow nor lose digits.
        let (dx, dm) = (|x: f64| x / x_mean - 1.0, |m: f64| m / m_mean - 1.0);
        let covariance = sum(&|x, m| dx(x) * dm(m))?;
        let variances = sum(&|x, _| dx(x).powi(2))? * sum(&|_, m| dm(m).powi(2))?;
        Ok(if variances > 0.0 { (covariance / variances.sqrt()).clamp(-1.0, 1.0) } else { f64::NAN })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;

    #[test]
    fn correlation_of_a_line_is_one() {
        let spending = Spending::new(&[1.0, 2.0, 3.0, 0.0][..], &[10.0, 20.0, 30.0, f64::NAN]).unwrap();
        assert!((spending.correlation(&Unwatched).unwrap() - 1.0).abs() < 1e-15);
        let spending = Spending::new(&[1.0, 2.0][..], &[10.0, 10.0]).unwrap();
        assert!(spending.correlation(&Unwatched).unwrap().is_nan());
    }

    #[test]
    fn amounts_must_be_positive() {
        for bad in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            let error = Spending::new(&[0.0, 1.0][..], &[f64::NAN, bad]).unwrap_err();
            assert!(error.to_string().contains("'monetary_value'") && error.to_string().contains("row 1"));
        }
    }
}
