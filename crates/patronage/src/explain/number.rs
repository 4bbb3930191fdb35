//! Numbers as people write them.

/// A number with thousands separators and a fixed number of decimals; U+2212 as minus sign.
///
/// ```
/// use patronage::explain::decimal;
/// assert_eq!(decimal(-10000.0, 0), "−10,000");
/// assert_eq!(decimal(1234.5, 2), "1,234.50");
/// assert_eq!(decimal(f64::INFINITY, 2), "∞");
/// ```
pub fn decimal(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        return "undefined".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".into() } else { "−∞".into() };
    }
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut out = String::new();
    // A value that rounds to zero has no sign.
    if value < 0.0 && digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('−');
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out.push_str(rest);
    out
}

/// As [`decimal`], with a plus sign before what is positive.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = decimal(value, decimals);
    let nonzero = text.bytes().any(|b| (b'1'..=b'9').contains(&b)) || value == f64::INFINITY;
    if value > 0.0 && nonzero { format!("+{text}") } else { text }
}

/// A share as a percentage.
///
/// ```
/// assert_eq!(patronage::explain::percent(0.6, 1), "60.0 %");
/// ```
pub fn percent(share: f64, decimals: usize) -> String {
    format!("{} %", decimal(share * 100.0, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_separators() {
        assert_eq!(decimal(1_000_000.0, 0), "1,000,000");
        assert_eq!(decimal(999.0, 0), "999");
        assert_eq!(decimal(-0.001, 2), "0.00");
        assert_eq!(signed(18_000.0, 0), "+18,000");
        assert_eq!(signed(-14_000.0, 0), "−14,000");
        assert_eq!(signed(0.0, 0), "0");
        assert_eq!(decimal(f64::NAN, 3), "undefined");
        assert_eq!(signed(f64::NEG_INFINITY, 3), "−∞");
    }
}
