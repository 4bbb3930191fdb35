//! The drawing as a graph for Graphviz.

use std::fmt::Write as _;

use super::Drawing;
use super::layout::{Layout, Placed};
use crate::decision::tree::Kind;

pub(super) fn write(drawing: &Drawing, layout: &Layout) -> String {
    let mut out = String::from(
        "digraph decision_tree {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n  \
         edge [fontname=\"sans-serif\", arrowhead=none];\n",
    );
    for (i, p) in layout.placed.iter().enumerate() {
        let shape = match p.kind {
            Kind::Decision => "box",
            Kind::Chance => "ellipse",
            Kind::Leaf => "plaintext",
        };
        let double = if p.folded > 0 && p.node.is_some() { ", peripheries=2" } else { "" };
        let _ = writeln!(out, "  n{i} [shape={shape}, label=\"{}\"{double}];", inside(drawing, p));
    }
    for (i, p) in layout.placed.iter().enumerate() {
        let Some(parent) = p.parent else { continue };
        let style = match p.best {
            Some(true) => ", penwidth=3, style=bold",
            Some(false) => ", dir=both, arrowtail=teetee",
            None => "",
        };
        let _ = writeln!(out, "  n{parent} -> n{i} [label=\"{}\"{style}];", lines([&p.label, &p.below]));
    }
    out.push_str("}\n");
    out
}

fn inside(drawing: &Drawing, p: &Placed) -> String {
    let end = if p.kind == Kind::Leaf && p.node.is_some() { "△ " } else { "" };
    let number = drawing.number(p).map_or_else(String::new, |number| number.to_string());
    lines([&number, &p.name, &format!("{end}{}", p.value)])
}

/// The lines that are not empty, each escaped.
fn lines<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let escaped = |text: &String| text.replace('\\', "\\\\").replace('"', "\\\"");
    let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
    texts.map(escaped).collect::<Vec<_>>().join("\\n")
}
