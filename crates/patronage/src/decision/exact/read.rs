//! Fractions from text.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::Exact;
use crate::error::{Error, Result};

impl Exact {
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

    proptest! {
        /// The short and the long way of reading agree.
        #[test]
        fn reading_is_one(a in -1_000_000_000..1_000_000_000i64, b in 0..1_000_000u32, zeros in 0..4usize) {
            let text = format!("{a}.{}{b}", "0".repeat(zeros));
            prop_assert_eq!(Exact::parse(&text).unwrap(), Exact::from_big(decimal(&text).unwrap()));
        }
    }
}
