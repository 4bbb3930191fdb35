//! Sums that do not depend on the order of their terms.

use super::Decimals;
use crate::error::{Error, Result};

/// Fractional bits of the fixed point.
const SHIFT: i32 = 64;

/// A sum of floats in 128-bit fixed point with 64 fractional bits.
///
/// Addition of integers is associative, so the sum has the same bits whatever the order, the batches or the
/// threads. Each term is exact if it is 0 or at least 2⁻¹² in size (every amount of money is), else within
/// 2⁻⁶⁵; terms beyond ±10¹⁵ are refused.
///
/// ```
/// use patronage::math::ExactSum;
/// let mut sum = ExactSum::default();
/// for _ in 0..10 {
///     sum.add(0.1)?;
/// }
/// assert_eq!(sum.to_f64(), 1.0); // ten times 0.1 added as floats give 0.9999999999999999
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExactSum(i128);

impl ExactSum {
    /// The largest size of a term.
    pub const MAX_TERM: f64 = 1e15;

    /// Adds a term.
    pub fn add(&mut self, term: f64) -> Result<()> {
        if !(-Self::MAX_TERM..=Self::MAX_TERM).contains(&term) {
            return Err(Error::parameter("amount", term, "a finite number between −10^15 and 10^15"));
        }
        self.merge(Self(fixed(term)))
    }

    /// A sum of one term, whose size has been checked.
    pub(crate) fn term(term: f64) -> Self {
        Self(fixed(term))
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        self.0 = self.0.checked_add(other.0).ok_or_else(|| Error::Overflow {
            what: "the sum of amounts".into(),
            mend: "give amounts in a larger unit of money".into(),
        })?;
        Ok(())
    }

    /// Takes another sum away.
    pub fn subtract(&mut self, other: Self) -> Result<()> {
        self.0 = self.0.checked_sub(other.0).ok_or_else(|| Error::Overflow {
            what: "the sum of amounts".into(),
            mend: "give amounts in a larger unit of money".into(),
        })?;
        Ok(())
    }

    /// The sum taken `factor` times.
    pub fn times(self, factor: u64) -> Result<Self> {
        self.0.checked_mul(i128::from(factor)).map(Self).ok_or_else(|| Error::Overflow {
            what: "the sum of amounts".into(),
            mend: "give amounts in a larger unit of money".into(),
        })
    }

    /// The float nearest to the sum.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 * 2f64.powi(-SHIFT)
    }

    /// The sum of terms that have so many decimals: the float nearest to it with no more decimals; without them, the
    /// float nearest to the sum.
    ///
    /// ```
    /// use patronage::math::{Decimals, ExactSum};
    /// let (mut sum, mut decimals) = (ExactSum::default(), Decimals::default());
    /// for cents in [4.35, 4.35, 4.35] {
    ///     sum.add(cents)?;
    ///     decimals.see(cents);
    /// }
    /// assert_eq!(sum.to_f64(), 13.049999999999999); // the float 4.35 is a little less than 4.35
    /// assert_eq!(sum.to_decimal(decimals), 13.05);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn to_decimal(self, decimals: Decimals) -> f64 {
        let Some(decimals) = decimals.count() else { return self.to_f64() };
        let unit = 10_i128.pow(decimals.into());
        // Whole and fraction apart, as their product with the unit must fit.
        let (whole, fraction) = (self.0 >> SHIFT, self.0 & ((1 << SHIFT) - 1));
        let units = (fraction * unit + (1 << (SHIFT - 1))) >> SHIFT;
        (whole * unit + units) as f64 / unit as f64
    }

    /// The sum of a slice, the same for every order of its elements.
    pub fn of(terms: &[f64]) -> Result<Self> {
        let mut sum = Self::default();
        terms.iter().try_for_each(|&t| sum.add(t))?;
        Ok(sum)
    }
}

/// A float in fixed point: its significand shifted by its exponent. Only a shift to the right, for terms below 2⁻¹²,
/// can lose bits; it rounds half away from zero.
fn fixed(term: f64) -> i128 {
    const FRACTION_BITS: i32 = 52;
    const BIAS: i32 = 1023;
    let bits = term.to_bits();
    let exponent = (bits >> FRACTION_BITS & 0x7ff) as i32;
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    // Subnormal numbers, without the leading bit, are far below the smallest unit.
    let significand = i128::from(fraction | 1 << FRACTION_BITS);
    let shift = exponent - BIAS - FRACTION_BITS + SHIFT;
    let size = match shift {
        0.. => significand << shift,
        -60..0 => ((significand >> (-shift - 1)) + 1) >> 1,
        _ => 0,
    };
    if term < 0.0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn order_does_not_matter(mut cents in prop::collection::vec(-10_000_000_i64..10_000_000, 0..200)) {
            let amounts: Vec<f64> = cents.iter().map(|&c| c as f64 / 100.0).collect();
            let forwards = ExactSum::of(&amounts).unwrap();
            let backwards = ExactSum::of(&amounts.iter().rev().copied().collect::<Vec<_>>()).unwrap();
            prop_assert_eq!(forwards, backwards);
            let exact: i64 = cents.drain(..).sum();
            prop_assert!((forwards.to_f64() - exact as f64 / 100.0).abs() <= 1e-9);
            let mut decimals = Decimals::default();
            amounts.iter().for_each(|&amount| decimals.see(amount));
            prop_assert_eq!(forwards.to_decimal(decimals), exact as f64 / 100.0);
        }
    }

    proptest! {
        /// The fixed point is the float times 2⁶⁴, which floats hold exactly.
        #[test]
        fn fixed_point_is_a_power_of_two_away(
            term in prop_oneof![-1e15_f64..1e15, -1.0_f64..1.0, -1e-9_f64..1e-9, -1e-18_f64..1e-18],
        ) {
            prop_assert_eq!(fixed(term), (term * 2f64.powi(SHIFT)).round() as i128);
        }
    }

    #[test]
    fn refuses_what_it_cannot_hold() {
        for bad in [f64::NAN, f64::INFINITY, -1e16] {
            assert!(ExactSum::default().add(bad).is_err());
        }
    }
}
