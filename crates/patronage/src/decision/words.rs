//! Numbers and lists as a textbook prints them.

use super::exact::Exact;
use super::number::Value;
use crate::explain::{Lang, decimal};

/// Numerators and denominators up to this are printed as a fraction.
const SHORT: i64 = 9999;

/// A number in print: all decimals if there are at most four, otherwise a short fraction, otherwise rounded.
pub(super) fn plain(value: &Value) -> String {
    let Some(exact) = &value.exact else { return rounded(value.float) };
    if let Some(text) = terminating(exact) {
        return text;
    }
    let fraction = exact.to_string();
    let short = |part: &str| part.parse().is_ok_and(|part: i64| part.abs() <= SHORT);
    if fraction.split('/').all(short) { fraction.replace('-', "−") } else { rounded(value.float) }
}

/// As [`plain`], with the decimal value beside a fraction: 19/3 ≈ 6.3333.
pub(super) fn explicit(value: &Value) -> String {
    let text = plain(value);
    if text.contains('/') { format!("{text} ≈ {}", rounded(value.float)) } else { text }
}

/// As [`explicit`], with a plus sign before what is positive.
pub(super) fn explicit_signed(value: &Value) -> String {
    if value.float > 0.0 { format!("+{}", explicit(value)) } else { explicit(value) }
}

/// As in the messages of errors: 9/10 (0.9).
pub(super) fn exact_and_float(value: &Value) -> String {
    match &value.exact {
        Some(exact) if !exact.is_integer() => format!("{exact} ({})", value.float),
        _ => value.to_string(),
    }
}

/// The decimal form of a fraction that has one with at most four decimals.
fn terminating(exact: &Exact) -> Option<String> {
    let float = exact.to_f64();
    // Beyond 2^53 / 10^4 a float no longer holds four decimals.
    if float.abs() >= 9e11 && !(exact.is_integer() && float.abs() < 9e15) {
        return None;
    }
    (0..=4u32).find_map(|decimals| {
        let scale = Exact::from(10).power(decimals).ok()?;
        (exact * &scale).is_integer().then(|| decimal(float, decimals as usize))
    })
}

/// A float with at least two decimals where it has any, and six significant digits where it is small.
fn rounded(value: f64) -> String {
    let size = value.abs();
    if size >= 1e15 || (size > 0.0 && size < 1e-9) {
        return format!("{value:.5e}").replace('-', "−");
    }
    let decimals =
        if size >= 10_000.0 || size == 0.0 { 2 } else { (5 - size.log10().floor() as i32).clamp(2, 14) };
    let text = decimal(value, decimals as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// Names in quotation marks, joined by "or"; of many the first.
pub(super) fn join_names(names: &[&str], lang: Lang) -> String {
    const NAMES: usize = 8;
    let quote = |name: &&str| match lang {
        Lang::En => format!("“{name}”"),
        Lang::Zh => format!("「{name}」"),
    };
    let mut quoted: Vec<String> = names.iter().take(NAMES).map(quote).collect();
    if names.len() > NAMES {
        quoted.push("…".into());
    }
    let ties = if names.len() > 1 { lang.pick(" (they tie)", "（并列）") } else { "" };
    format!("{}{ties}", quoted.join(lang.pick(" or ", "或")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_print() {
        let exact = |text: &str| Value::from(Exact::parse(text).unwrap());
        for (text, printed) in [
            ("18000", "18,000"),
            ("-10000", "−10,000"),
            (".4", "0.4"),
            ("1/3", "1/3"),
            ("-1/3", "−1/3"),
            ("0", "0"),
            ("2232100000/111", "20,109,009.01"),
            ("0.0001", "0.0001"),
            ("0.00001", "0.00001"),
            ("1e20", "1.00000e20"),
        ] {
            assert_eq!(plain(&exact(text)), printed);
        }
        assert_eq!(explicit(&exact("19/3")), "19/3 ≈ 6.33333");
        assert_eq!(explicit_signed(&exact("5")), "+5");
        assert_eq!(exact_and_float(&exact(".9")), "9/10 (0.9)");
        for (float, printed) in
            [(0.4, "0.4"), (18_000.0, "18,000"), (1.0 / 3.0, "0.333333"), (-0.0, "0"), (1e300, "1.00000e300")]
        {
            assert_eq!(plain(&float.into()), printed);
        }
    }
}
