//! Fractions that are never rounded: small ones in two machine words, large ones as big integers.

use std::cmp::Ordering;
use std::fmt;

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

    /// Reads `"3"`, `".4"`, `"-1.5e3"`, `"1/3"`; both `-` and `−` are minus signs, `_` may group digits.
    pub fn parse(text: &str) -> Result<Self> {
        let unreadable = || Error::parameter("number", format!("'{text}'"), READABLE);
        if text.len() > 1500 {
            return Err(Error::parameter("number", format!("of {} characters", text.len()), READABLE));
        }
        let parts = text.split_once('/');
        let short = match parts {
            None => short_decimal(text),
            Some((top, bottom)) => {
                short_decimal(top).zip(short_decimal(bottom)).map(|((a, b), (c, d))| (a * d, b * c))
            }
        };
        if let Some((top, bottom)) = short.filter(|(_, bottom)| *bottom != 0) {
            return Ok(Self::reduce(top * bottom.signum(), bottom.abs()));
        }
        let value = match parts {
            None => decimal(text).ok_or_else(unreadable)?,
            Some((top, bottom)) => {
                let (top, bottom) = (decimal(top), decimal(bottom));
                let (top, bottom) = top.zip(bottom).ok_or_else(unreadable)?;
                if bottom == BigRational::default() {
                    return Err(unreadable());
                }
                top / bottom
            }
        };
        let value = Self::from_big(value);
        value.check()?;
        Ok(value)
    }

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

const READABLE: &str = "a number such as \"100000\", \".4\", \"-1.5e3\" or \"1/3\", within ±1e300";

/// A decimal number of at most 18 digits as numerator and denominator: what nearly all inputs are.
fn short_decimal(text: &str) -> Option<(i128, i128)> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (mut value, mut scale, mut seen, mut point) = (0i64, 1i64, 0, false);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                seen += 1;
                if seen > 18 {
                    return None;
                }
                value = value * 10 + i64::from(byte - b'0');
                scale *= if point { 10 } else { 1 };
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    (seen > 0).then(|| (sign * i128::from(value), i128::from(scale)))
}

/// A decimal number with an optional exponent.
fn decimal(text: &str) -> Option<BigRational> {
    let text = text.trim().replace('_', "");
    let (negative, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok().filter(|e| e.abs() <= 400)?),
        None => (text, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = BigRational::from_integer(digits.parse().ok()?);
    let scale = exponent - i32::try_from(part.len()).ok()?;
    let power = BigRational::from_integer(BigInt::from(10).pow(scale.unsigned_abs()));
    let value = if scale < 0 { value / power } else { value * power };
    Some(if negative { -value } else { value })
}

/// The greatest common divisor (1 for 0 and 0), in machine words where both fit.
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(mut x), Ok(mut y)) = (u64::try_from(a), u64::try_from(b)) {
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return u128::from(x);
        }
        (a, b) = (b, a % b);
    }
    a.max(1)
}

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
    use proptest::prelude::*;

    #[test]
    fn reading() {
        for (text, exact) in [
            (".4", "2/5"),
            ("1/3", "1/3"),
            ("-10_000", "-10000"),
            ("−0.5", "-1/2"),
            ("1.5e3", "1500"),
            ("2e-2", "1/50"),
            ("+6/4", "3/2"),
            (" 7 ", "7"),
            ("9223372036854775808", "9223372036854775808"),
            ("0.5/1.5", "1/3"),
        ] {
            assert_eq!(Exact::parse(text).unwrap().to_string(), exact, "{text}");
        }
    }

    #[test]
    fn unreadable() {
        let long = "1".repeat(2000);
        for text in [
            "",
            "-",
            ".",
            "1/0",
            "1/",
            "abc",
            "nan",
            "inf",
            "1e999999999",
            "1e400",
            "1e399",
            "--1",
            "0x1",
            &long,
        ] {
            assert!(Exact::parse(text).is_err(), "{text}");
        }
    }

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

        /// The short and the long way of reading agree.
        #[test]
        fn reading_is_one(a in -1_000_000_000..1_000_000_000i64, b in 0..1_000_000u32, zeros in 0..4usize) {
            let text = format!("{a}.{}{b}", "0".repeat(zeros));
            prop_assert_eq!(Exact::parse(&text).unwrap(), Exact::from_big(decimal(&text).unwrap()));
        }
    }
}
