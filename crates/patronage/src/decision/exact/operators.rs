//! Conversions, sums, products and order.

use std::cmp::Ordering;
use std::fmt;

use num_rational::BigRational;

use super::Exact;
use super::Repr::{Big, Small};
use super::gcd;

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::reduce(i128::from(value), 1)
    }
}

impl From<i32> for Exact {
    fn from(value: i32) -> Self {
        Self(Small(value.into(), 1))
    }
}

impl From<BigRational> for Exact {
    fn from(value: BigRational) -> Self {
        Self::from_big(value)
    }
}

/// Two machine words each multiply into four without overflow, and two such products still add.
impl std::ops::Add for &Exact {
    type Output = Exact;
    fn add(self, other: Self) -> Exact {
        match (&self.0, &other.0) {
            (Small(a, 1), Small(b, 1)) => Exact::reduce(i128::from(*a) + i128::from(*b), 1),
            (Small(a, b), Small(c, d)) if b == d => {
                Exact::reduce(i128::from(*a) + i128::from(*c), i128::from(*b))
            }
            (Small(a, b), Small(c, d)) => {
                let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
                Exact::reduce(a * d + c * b, b * d)
            }
            _ => Exact::from_big(self.to_big() + other.to_big()),
        }
    }
}

impl std::ops::Mul for &Exact {
    type Output = Exact;
    fn mul(self, other: Self) -> Exact {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) => {
                let [a, b, c, d] = [*a, *b, *c, *d].map(i128::from);
                Exact::reduce(a * c, b * d)
            }
            _ => Exact::from_big(self.to_big() * other.to_big()),
        }
    }
}

impl std::ops::Neg for &Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        match &self.0 {
            Small(n, d) => Exact(Small(-n, *d)),
            Big(big) => Exact::from_big(-(**big).clone()),
        }
    }
}

impl std::ops::Sub for &Exact {
    type Output = Exact;
    fn sub(self, other: Self) -> Exact {
        self + &-other
    }
}

impl Exact {
    /// The sum of p · (payoff + to go), reduced once at its end; `None` where four machine words do not hold it.
    pub(in crate::decision) fn short_expectation(
        p: &[Self],
        payoff: &[Self],
        to_go: &[Self],
    ) -> Option<Self> {
        let (mut top, mut bottom) = (0i128, 1i128);
        for (i, p) in p.iter().enumerate() {
            let (Small(a, b), Small(c, d)) = (&p.0, &to_go[i].0) else { return None };
            let (mut c, mut d) = (i128::from(*c), i128::from(*d));
            if let Some(payoff) = payoff.get(i) {
                let Small(x, y) = payoff.0 else { return None };
                if i128::from(y) == d {
                    c += i128::from(x);
                } else {
                    (c, d) = (c * i128::from(y) + i128::from(x) * d, d * i128::from(y));
                }
            }
            let (c, d) = (i128::from(*a).checked_mul(c)?, i128::from(*b).checked_mul(d)?);
            if d == bottom {
                top = top.checked_add(c)?;
            } else {
                // The lowest common denominator; sums of textbook numbers keep the same one.
                let shared = gcd(d.unsigned_abs(), bottom.unsigned_abs()).cast_signed();
                let (up, down) = (d / shared, bottom / shared);
                top = top.checked_mul(up)?.checked_add(c.checked_mul(down)?)?;
                bottom = bottom.checked_mul(up)?;
            }
        }
        Some(Self::reduce(top, bottom))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => self.to_big().cmp(&other.to_big()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Small(n, 1) => write!(f, "{n}"),
            Small(n, d) => write!(f, "{n}/{d}"),
            Big(big) => write!(f, "{big}"),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_bounded() {
        let ratio = Exact::parse("1.11").unwrap();
        assert!(ratio.power(100).is_ok());
        assert!(matches!(ratio.power(u32::MAX), Err(Error::LimitExceeded { .. })));
        assert!(matches!(Exact::from(10).power(400), Err(Error::Overflow { .. })));
    }

    proptest! {
        /// The machine-word paths agree with big rationals.
        #[test]
        fn arithmetic(a: i64, b in 1..i64::MAX, c: i64, d in 1..i64::MAX) {
            let (x, y) = (Exact::ratio(a, b).unwrap(), Exact::ratio(c, d).unwrap());
            let (p, q) = (BigRational::new(a.into(), b.into()), BigRational::new(c.into(), d.into()));
            prop_assert_eq!((&x + &y).to_big(), &p + &q);
            prop_assert_eq!((&x - &y).to_big(), &p - &q);
            prop_assert_eq!((&x * &y).to_big(), &p * &q);
            prop_assert_eq!(x.cmp(&y), p.cmp(&q));
            prop_assert_eq!(&x + &y, Exact::from(&p + &q));
            prop_assert_eq!(Exact::parse(&x.to_string()).unwrap(), x);
        }
    }
}
