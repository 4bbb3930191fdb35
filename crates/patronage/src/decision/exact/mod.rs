//! Fractions that are never rounded: small ones in two machine words, large ones as big integers.

mod operators;
mod read;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};

use crate::error::{Error, Result};

/// Numerator and denominator may each have this many bits; beyond it the work would grow without bound.
pub const MAX_BITS: u64 = 4096;

/// A reduced fraction.
///
/// ```
/// use patronage::decision::Exact;
/// let third = Exact::parse("1/3")?;
/// assert_eq!((&third + &Exact::parse(".25")?).to_string(), "7/12");
/// assert_eq!(Exact::from(3).to_f64(), 3.0);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact(Repr);

/// What fits is always `Small`, so that equal numbers have equal representations.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// Numerator (never `i64::MIN`) and denominator (positive), without a common factor.
    Small(i64, i64),
    Big(Box<BigRational>),
}

use Repr::{Big, Small};

impl Exact {
    /// Nought.
    pub const ZERO: Self = Self(Small(0, 1));
    /// One.
    pub const ONE: Self = Self(Small(1, 1));

    /// The quotient of two integers; `None` if the denominator is 0.
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let (n, d) = (i128::from(numerator), i128::from(denominator));
        Some(Self::reduce(n * d.signum(), d.abs()))
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        const EXACT: u64 = 1 << 53;
        match &self.0 {
            // Both convert without rounding, so that the quotient is rounded once.
            Small(n, d) if n.unsigned_abs() <= EXACT && d.unsigned_abs() <= EXACT => *n as f64 / *d as f64,
            Small(..) => self.to_big().to_f64().unwrap_or(f64::NAN),
            Big(big) => big.to_f64().unwrap_or(f64::NAN),
        }
    }

    /// Numerator and denominator.
    pub fn to_big(&self) -> BigRational {
        match &self.0 {
            Small(n, d) => BigRational::new_raw(BigInt::from(*n), BigInt::from(*d)),
            Big(big) => (**big).clone(),
        }
    }

    /// The largest integer that is not above it.
    pub(super) fn floor(&self) -> Self {
        match &self.0 {
            Small(n, d) => Self(Small(n.div_euclid(*d), 1)),
            Big(big) => Self::from_big(big.floor()),
        }
    }

    /// The denominator.
    pub(super) fn denominator(&self) -> Self {
        match &self.0 {
            Small(_, d) => Self(Small(*d, 1)),
            Big(big) => Self::from_big(BigRational::from_integer(big.denom().clone())),
        }
    }

    /// Half of it.
    pub(super) fn divided_by_two(&self) -> Self {
        self * &Self(Small(1, 2))
    }

    /// Whether the denominator is 1.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Small(_, d) => *d == 1,
            Big(big) => big.is_integer(),
        }
    }

    /// Whether it is nought.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Small(0, _))
    }

    /// Whether it is below nought.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Small(n, _) => *n < 0,
            Big(big) => big.is_negative(),
        }
    }

    /// One divided by it; `None` for nought.
    pub fn reciprocal(&self) -> Option<Self> {
        match &self.0 {
            Small(0, _) => None,
            Small(n, d) => Some(Self(Small(d * n.signum(), n.abs()))),
            Big(big) => Some(Self::from_big(big.recip())),
        }
    }

    /// A power with a whole, non-negative exponent; an error once the number has more than [`MAX_BITS`].
    pub fn power(&self, mut exponent: u32) -> Result<Self> {
        let (mut result, mut square) = (Self::ONE, self.clone());
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = &result * &square;
                result.check()?;
            }
            exponent >>= 1;
            if exponent > 0 {
                square = &square * &square;
                square.check()?;
            }
        }
        Ok(result)
    }

    /// An error if the number is too long to go on with, or too large for a float beside it.
    pub fn check(&self) -> Result<()> {
        let Big(big) = &self.0 else { return Ok(()) };
        let (top, bottom) = (big.numer().bits(), big.denom().bits());
        if top.max(bottom) > MAX_BITS {
            return Err(Error::LimitExceeded {
                what: "the length of an exact fraction, in bits,".into(),
                limit: MAX_BITS,
                mend: "solve in floats instead of exactly".into(),
            });
        }
        if top > bottom + 1023 {
            return Err(Error::Overflow {
                what: "a number of the decision".into(),
                mend: "use a larger unit, such as thousands or millions".into(),
            });
        }
        Ok(())
    }

    fn from_big(big: BigRational) -> Self {
        match (big.numer().to_i64(), big.denom().to_i64()) {
            (Some(n), Some(d)) if n != i64::MIN => Self(Small(n, d)),
            _ => Self(Big(Box::new(big))),
        }
    }

    /// The reduced form of n/d for d > 0.
    fn reduce(n: i128, d: i128) -> Self {
        let g = gcd(n.unsigned_abs(), d.unsigned_abs());
        let (n, d) = (n / g.cast_signed(), d / g.cast_signed());
        match (i64::try_from(n), i64::try_from(d)) {
            (Ok(n), Ok(d)) if n != i64::MIN => Self(Small(n, d)),
            _ => Self(Big(Box::new(BigRational::new_raw(n.into(), d.into())))),
        }
    }
}

/// The greatest common divisor (1 for 0 and 0): in machine words where both fit, and then by shifts and
/// differences, which are cheaper than divisions (Stein 1967).
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(short_gcd(x, y));
        }
        (a, b) = (b, a % b);
    }
    a.max(1)
}

fn short_gcd(a: u64, b: u64) -> u64 {
    if a == 0 || b == 0 {
        return (a | b).max(1);
    }
    // One division brings numbers of unlike size together.
    let (a, b) = if a > b { (b, a % b) } else { (a, b % a) };
    if b == 0 {
        return a;
    }
    let twos = (a | b).trailing_zeros();
    let (mut a, mut b) = (a >> a.trailing_zeros(), b >> b.trailing_zeros());
    while a != b {
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
        b >>= b.trailing_zeros();
    }
    a << twos
}
