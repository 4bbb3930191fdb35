//! What a student wrote: a number with its decimals, or a name.

use num_rational::BigRational;

use crate::decision::exact::Exact;
use crate::decision::number::{Number, Value};

/// Rounded numbers are taken for right, or for a mistake, only if they are this close: "1" is no way to write .78.
const CLOSE: f64 = 0.05;

/// A number as it was written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub number: Number,
    /// Half a unit of the last decimal.
    half: Exact,
}

/// Reads "18000", "22,000", ".78", "78%", "7/9", "−5"; `None` if it is no number.
pub(super) fn read(text: &str) -> Option<Written> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',' && *c != '，').collect();
    let (digits, percent) = match plain.strip_suffix(['%', '％']) {
        Some(digits) => (digits, true),
        None => (plain.as_str(), false),
    };
    let mut value = Exact::parse(digits).ok()?;
    let lower = digits.to_lowercase();
    let decimals = if digits.contains('/') || lower.contains('e') {
        None
    } else {
        Some(digits.split_once('.').map_or(0, |(_, after)| after.len() as u32))
    };
    let hundredth = Exact::ratio(1, 100)?;
    let mut half = match decimals {
        Some(decimals) => &Exact::from(10).power(decimals).ok()?.reciprocal()? * &Exact::ratio(1, 2)?,
        None => Exact::ZERO,
    };
    if percent {
        (value, half) = (&value * &hundredth, &half * &hundredth);
    }
    Some(Written { number: Number::Exact(value), half })
}

impl Written {
    /// Whether it is this number.
    pub fn is(&self, value: &Value) -> bool {
        let Number::Exact(given) = &self.number else { return false };
        match &value.exact {
            Some(exact) => exact == given,
            None => (given.to_f64() - value.float).abs() <= 1e-9 * value.float.abs(),
        }
    }

    /// Whether it is this number, rounded to the decimals written.
    pub fn rounds(&self, value: &Value) -> bool {
        let Number::Exact(given) = &self.number else { return false };
        let off = (given.to_f64() - value.float).abs();
        if off > CLOSE * value.float.abs() {
            return false;
        }
        match &value.exact {
            Some(exact) => distance(exact, given) <= self.half.to_big(),
            None => off <= self.half.to_f64() * (1.0 + 1e-9),
        }
    }
}

fn distance(a: &Exact, b: &Exact) -> BigRational {
    let off = a.to_big() - b.to_big();
    if off < BigRational::default() { -off } else { off }
}
