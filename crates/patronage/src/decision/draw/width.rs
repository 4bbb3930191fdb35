//! How wide text is, without a font: no glyph of the usual sans-serif fonts is wider than its class here.

use crate::explain::one_line;

/// Pixels to an em.
const SIZE: f64 = 14.0;
/// How much wider bold is.
const BOLD: f64 = 1.18;

/// The width of text in pixels, rather too much than too little.
pub(super) fn width(text: &str, bold: bool) -> f64 {
    let ems: f64 = text.chars().map(ems).sum();
    SIZE * ems * if bold { BOLD } else { 1.0 }
}

/// Classes of DejaVu Sans, the widest of the fonts that browsers fall back to.
fn ems(c: char) -> f64 {
    match c {
        ',' | '.' | '/' | ':' | ';' | 'I' | 'J' | '\\' | 'i' | 'j' | 'l' | '|' | '\'' | ' ' => 0.34,
        '!' | '(' | ')' | '-' | '[' | ']' | 'f' | 'r' | 't' => 0.42,
        '%' | '@' | 'W' | 'm' | 'M' => 1.0,
        'A'..='Z' | '#' | '&' | '+' | '<' | '=' | '>' | '^' | '~' | 'w' | '−' => 0.84,
        '\u{0}'..='\u{7f}' => 0.64,
        '\u{300}'..='\u{36f}' => 0.0,
        '\u{80}'..='\u{58f}' => 0.9,
        _ if is_wide(c) => 1.3,
        _ => 1.0,
    }
}

/// Emoji and their like.
fn is_wide(c: char) -> bool {
    ('\u{1f000}'..='\u{1ffff}').contains(&c) || ('\u{2600}'..='\u{27bf}').contains(&c)
}

/// Text in one line of at most so many ems.
pub(super) fn shorten(text: &str, mut room: f64) -> String {
    let mut out = String::new();
    // No glyph is shorter than a tenth, so that the rest is not even looked at.
    let start: String = text.chars().take(10 * room as usize + 1).collect();
    for c in one_line(start).chars() {
        // Marks take no room but may not pile up without end.
        room -= ems(c).max(0.1);
        if room < 0.0 {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}
