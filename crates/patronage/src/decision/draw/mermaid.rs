//! The drawing as a Mermaid flowchart.

use std::fmt::Write as _;

use super::Drawing;
use super::layout::{Layout, Placed};
use crate::decision::tree::Kind;

pub(super) fn write(drawing: &Drawing, layout: &Layout) -> String {
    let mut out = String::from("flowchart LR\n");
    for (i, p) in layout.placed.iter().enumerate() {
        let (open, close) = match p.kind {
            Kind::Decision => ("[", "]"),
            Kind::Chance => ("((", "))"),
            Kind::Leaf => (">", "]"),
        };
        let _ = writeln!(out, "  n{i}{open}\"{}\"{close}", inside(drawing, p));
    }
    for (i, p) in layout.placed.iter().enumerate() {
        let Some(parent) = p.parent else { continue };
        let line = match p.best {
            Some(true) => "===",
            Some(false) => "-.-",
            None => "---",
        };
        let text = lines([&p.label, &p.below]);
        let text = if text.is_empty() { text } else { format!("|\"{text}\"|") };
        let _ = writeln!(out, "  n{parent} {line}{text} n{i}");
    }
    out
}

fn inside(drawing: &Drawing, p: &Placed) -> String {
    let number = drawing.number(p).map_or_else(String::new, |number| number.to_string());
    let text = lines([&number, &p.name, &p.value]);
    // Mermaid wants some text in every node.
    if text.is_empty() { "#8201;".into() } else { text }
}

/// The lines that are not empty, each escaped: what is not a letter, a digit or a sign of numbers by its code.
fn lines<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
    texts.map(|text| escape(text)).collect::<Vec<_>>().join("<br>")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | ')' | '.' | ',' | ' ' | '+' | '/' => out.push(c),
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}
