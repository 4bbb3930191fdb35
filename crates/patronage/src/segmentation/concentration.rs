//! How unequally the revenue is spread over the customers: Lorenz curve and Gini coefficient.

use super::check;
use super::order::Order;
use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::watch::Watch;

/// The customers from the smallest value to the largest, with what they add up to.
///
/// Lorenz, M. O. (1905); Gini, C. (1912): G = 1 + 1/n − (2/n) Σ Lᵢ, where Lᵢ is the share of the total that
/// the i smallest customers hold. 0: all are equal; 1 − 1/n: one holds everything. Values below zero make the
/// curve dip below zero, and the coefficient can then exceed 1.
///
/// ```
/// use patronage::{segmentation::Concentration, watch::Unwatched};
/// let spread = Concentration::new(&[10.0, 20.0, 30.0, 140.0], &Unwatched)?;
/// assert_eq!(spread.gini(), 0.5);
/// assert_eq!(spread.share_of_top(1), 0.7);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// Share of the total held by the i smallest customers, i from 0 to n.
    lorenz: Vec<f64>,
}

impl Concentration {
    /// Orders the values, which must be finite and add up to more than zero.
    pub fn new(values: &[f64], watch: &dyn Watch) -> Result<Self> {
        check::column("value", values, values.len(), None)?;
        let order = Order::ascending(values.iter().copied(), None, watch)?;
        let mut sum = ExactSum::default();
        let mut lorenz = Vec::with_capacity(values.len() + 1);
        lorenz.push(0.0);
        for (_, rows) in order.runs() {
            for row in rows {
                sum.add(values[row])?;
                lorenz.push(sum.to_f64());
            }
        }
        let total = sum.to_f64();
        if total <= 0.0 {
            return Err(Error::parameter(
                "the sum of the values",
                total,
                "a sum above 0, of which shares can be taken",
            ));
        }
        lorenz.iter_mut().for_each(|sum| *sum /= total);
        Ok(Self { lorenz })
    }

    /// The Lorenz curve: share of the total held by the i smallest customers, for i from 0 to n.
    pub fn lorenz(&self) -> &[f64] {
        &self.lorenz
    }

    /// The Gini coefficient, from 0 (all equal) to 1 − 1/n (one holds everything) where no value is below zero.
    pub fn gini(&self) -> f64 {
        let n = (self.lorenz.len() - 1) as f64;
        1.0 + (1.0 - 2.0 * self.lorenz.iter().sum::<f64>()) / n
    }

    /// Share of the total held by the `customers` largest customers.
    pub fn share_of_top(&self, customers: usize) -> f64 {
        1.0 - self.lorenz[(self.lorenz.len() - 1).saturating_sub(customers)]
    }

    /// How many of the largest customers it takes to hold `share` of the total: the effective 80/20 point.
    pub fn customers_holding(&self, share: f64) -> Result<usize> {
        if !(0.0..=1.0).contains(&share) {
            return Err(Error::parameter("share", share, "a number from 0 to 1"));
        }
        let n = self.lorenz.len() - 1;
        Ok((0..=n).find(|&k| self.share_of_top(k) >= share).unwrap_or(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> Concentration {
        Concentration::new(values, &Unwatched).unwrap()
    }

    #[test]
    fn the_extremes() {
        assert!(of(&[5.0; 8]).gini().abs() < 1e-15);
        assert!((of(&[0.0, 0.0, 0.0, 9.0]).gini() - 0.75).abs() < 1e-15);
        assert_eq!(of(&[1.0, 1.0, 8.0]).customers_holding(0.8).unwrap(), 1);
        assert!(Concentration::new(&[0.0, 0.0], &Unwatched).is_err());
        assert!(Concentration::new(&[], &Unwatched).is_err());
        assert!(Concentration::new(&[1.0, -1.0], &Unwatched).is_err());
        // 8 of 10 are held by one, 12 of 10 by two: the third costs 2.
        let with_loss = of(&[4.0, -2.0, 8.0]);
        assert_eq!(with_loss.share_of_top(2), 1.2);
        assert_eq!(with_loss.customers_holding(1.0).unwrap(), 2);
    }

    proptest! {
        /// Gini's own definition: half the mean absolute difference over the mean.
        #[test]
        fn half_the_relative_mean_difference(values in prop::collection::vec(1u32..1000, 1..40)) {
            let values: Vec<f64> = values.iter().map(|&v| f64::from(v)).collect();
            let n = values.len() as f64;
            let differences: f64 = values.iter().flat_map(|a| values.iter().map(move |b| (a - b).abs())).sum();
            let expected = differences / (2.0 * n * values.iter().sum::<f64>());
            prop_assert!((of(&values).gini() - expected).abs() < 1e-12);
        }
    }
}
