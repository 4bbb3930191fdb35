//! How wide text is, without a font: no glyph of the usual sans-serif fonts is wider than its class here.

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

/// Text in one line of at most so many ems, without characters that break lines or turn the direction of writing.
pub(super) fn shorten(text: &str, mut room: f64) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|&c| !turns(c)).map(|c| if breaks(c) { ' ' } else { c }) {
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

pub(super) fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

pub(super) fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}
