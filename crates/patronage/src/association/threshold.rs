//! Thresholds, decided in integers.

use std::cmp::Ordering;

use crate::error::{Error, Result};

/// The least support an itemset must have.
///
/// A share is taken as the decimal it is written as, and compared exactly: 0.28 of 25 baskets are 7 baskets,
/// although the nearest floats multiply to 7.000000000000001.
///
/// ```
/// use patronage::association::Support;
/// assert_eq!(Support::from(0.28).of(25)?, 7);
/// assert_eq!(Support::from(0.07).of(100)?, 7);
/// assert_eq!(Support::from(12).of(100)?, 12);
/// assert!(Support::from(1.5).of(100).is_err());
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Support {
    /// A share of all baskets, in (0, 1].
    Share(f64),
    /// A number of baskets, at least 1.
    Count(u64),
}

impl From<f64> for Support {
    fn from(share: f64) -> Self {
        Self::Share(share)
    }
}

impl From<u64> for Support {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl Support {
    /// The least number of baskets out of `n` that reaches the support: ⌈share × n⌉ for a share, at least 1.
    ///
    /// # Errors
    /// A share outside (0, 1], a count of 0.
    pub fn of(self, n: u64) -> Result<u64> {
        match self {
            Self::Share(share) => match Share::new(share) {
                Some(exact) if share > 0.0 => Ok(exact.of(n).max(1)),
                _ => Err(Error::parameter("min_support", share, "a share in (0, 1] or a whole count from 1")),
            },
            Self::Count(0) => {
                Err(Error::parameter("min_support", 0, "a share in (0, 1] or a whole count from 1"))
            }
            Self::Count(count) => Ok(count),
        }
    }
}

/// A share in [0, 1] as the exact decimal that a float is written as: `digits` × 10^−`scale`. What is equal to it as a
/// float reaches it, too: 7 of 9 reach 7.0 / 9.0, whose shortest decimal is a little more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    float: f64,
    digits: u64,
    scale: u32,
}

impl Share {
    /// The shortest decimal that reads back as the float; `None` outside [0, 1].
    pub(super) fn new(share: f64) -> Option<Self> {
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        let Decimal { digits, scale } = Decimal::new(share)?;
        Some(Self { float: share, digits, scale: u32::try_from(scale).ok()? })
    }

    fn is_reached(self, part: u64, whole: u64) -> bool {
        whole < 1 << 52 && part as f64 / whole as f64 >= self.float
    }

    /// The least part that reaches the share of a whole: ⌈share × whole⌉.
    pub(super) fn of(self, whole: u64) -> u64 {
        // digits has at most 17 places and whole at most 20: the product fits, and 10^38 is beyond it.
        let product = u128::from(self.digits) * u128::from(whole);
        let part = match 10_u128.checked_pow(self.scale) {
            Some(power) => product.div_ceil(power) as u64,
            None => u64::from(product > 0),
        };
        // Fractions of a whole below 2^52 differ by more than a float's precision: only one can be equal.
        if part > 0 && self.is_reached(part - 1, whole) { part - 1 } else { part }
    }

    /// The largest whole of which `part` is at least the share: ⌊part / share⌋.
    pub(super) fn whole_of(self, part: u64) -> u64 {
        let scaled = 10_u128.checked_pow(self.scale).and_then(|power| power.checked_mul(u128::from(part)));
        // What does not fit is, by the 17 places of digits, beyond 2^64 when it is divided.
        let whole = scaled.and_then(|scaled| scaled.checked_div(u128::from(self.digits)));
        let whole = whole.and_then(|whole| u64::try_from(whole).ok()).unwrap_or(u64::MAX);
        let next = whole.saturating_add(1);
        if self.is_reached(part, next) { next } else { whole }
    }
}

/// A number from 0 as the exact decimal that a float is written as: `digits` × 10^−`scale`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    digits: u64,
    scale: i32,
}

impl Decimal {
    /// The shortest decimal that reads back as the float; `None` below 0 and without end.
    pub(super) fn new(value: f64) -> Option<Self> {
        if !value.is_finite() || value < 0.0 {
            return None;
        }
        let written = format!("{:e}", value.abs());
        let (mantissa, exponent) = written.split_once('e')?;
        let decimals = mantissa.split_once('.').map_or(0, |(_, rest)| rest.len() as i32);
        let digits = mantissa.replace('.', "").parse().ok()?;
        Some(Self { digits, scale: decimals - exponent.parse::<i32>().ok()? })
    }

    /// How the quotient of two whole numbers below 2^64 stands to the decimal.
    pub(super) fn compare(self, top: u128, bottom: u128) -> Ordering {
        let power = |exponent: i32| 10_u128.saturating_pow(exponent.max(0).unsigned_abs());
        // digits × bottom is below 2^121: a side that saturates is the larger one.
        let quotient = top.saturating_mul(power(self.scale));
        let decimal = (u128::from(self.digits) * bottom).saturating_mul(power(-self.scale));
        quotient.cmp(&decimal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_written_as_a_float_is_reached() {
        for whole in 1..300_u64 {
            for part in 1..=whole {
                let share = Share::new(part as f64 / whole as f64).unwrap();
                assert_eq!((share.of(whole), share.whole_of(part)), (part, whole), "{part} of {whole}");
            }
        }
    }

    /// Every two-place decimal of every n up to 2,000, against the same arithmetic in whole hundredths.
    #[test]
    fn shares_are_decimals() {
        for n in 1..=2000_u64 {
            for hundredths in 1..=100_u64 {
                let share = hundredths as f64 / 100.0;
                assert_eq!(
                    Support::Share(share).of(n).unwrap(),
                    (hundredths * n).div_ceil(100),
                    "{share} of {n}"
                );
            }
        }
    }

    /// The two roundings say the same.
    #[test]
    fn parts_and_wholes() {
        for hundredths in 0..=100_u64 {
            let share = Share::new(hundredths as f64 / 100.0).unwrap();
            for part in 0..60_u64 {
                for whole in part..120 {
                    assert_eq!(
                        part >= share.of(whole),
                        whole <= share.whole_of(part),
                        "{hundredths} {part} {whole}"
                    );
                }
            }
        }
        assert_eq!(Share::new(5e-324).unwrap().whole_of(1), u64::MAX);
        assert_eq!(Share::new(1.0).unwrap().whole_of(u64::MAX), u64::MAX);
    }

    #[test]
    fn quotients_against_decimals() {
        let compare = |value: f64, top, bottom| Decimal::new(value).unwrap().compare(top, bottom);
        for hundredths in 0..300_u128 {
            let value = hundredths as f64 / 100.0;
            assert_eq!(compare(value, hundredths * 7, 700), Ordering::Equal, "{value}");
            assert_eq!(compare(value, hundredths * 7 + 1, 700), Ordering::Greater);
        }
        let most = u128::from(u64::MAX);
        assert_eq!(compare(1e300, most, 1), Ordering::Less);
        assert_eq!(compare(1e300, 0, 1), Ordering::Less);
        assert_eq!(compare(5e-324, 1, most), Ordering::Greater);
        assert_eq!(compare(0.0, 0, most), Ordering::Equal);
        assert_eq!(compare(1e-300, 0, most), Ordering::Less);
        assert!(Decimal::new(-0.1).is_none() && Decimal::new(f64::NAN).is_none());
    }

    #[test]
    fn extremes() {
        assert_eq!(Support::Share(5e-324).of(u64::MAX).unwrap(), 1);
        assert_eq!(Support::Share(1.0).of(u64::MAX).unwrap(), u64::MAX);
        assert_eq!(Support::Share(1.0 - f64::EPSILON / 2.0).of(1_000_000).unwrap(), 1_000_000);
        assert_eq!(Support::Share(0.3).of(0).unwrap(), 1);
        assert_eq!(Share::new(0.0).unwrap().of(10), 0);
        for wrong in [0.0, -0.1, 1.000_001, f64::NAN, f64::INFINITY] {
            assert!(Support::Share(wrong).of(10).is_err());
        }
        assert!(Support::Count(0).of(10).is_err());
    }
}
