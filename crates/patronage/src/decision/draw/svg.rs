//! The drawing as SVG, written directly.

use std::fmt::Write as _;

use super::Drawing;
use super::layout::{CUT, Layout, Placed, SLANT, SYMBOL};
use crate::decision::tree::{Kind, TreeAnswer};

/// Legible on white and on black.
const CHOSEN: &str = "#2a9d6a";
/// Rejected branches step back.
const FAINT: &str = "0.55";

/// Colours for a file that is shown on its own or as an image.
const STANDALONE: &str = "<style>.patronage-tree{color:#1b1b1b}\
    @media(prefers-color-scheme:dark){.patronage-tree{color:#e8e8e8}}</style>";

pub(super) fn write(drawing: &Drawing, answer: &TreeAnswer, layout: &Layout) -> String {
    let (width, height) = (layout.width.ceil(), layout.height.ceil());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"patronage-tree\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"'Helvetica Neue',Arial,'Noto Sans',\
         'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif\" font-size=\"14\" fill=\"currentColor\">"
    );
    let title = match answer.tree().name(0) {
        "" => drawing.lang.pick("Decision tree", "决策树"),
        name => name,
    };
    let _ = write!(out, "<title>{}</title>", escape(title));
    if drawing.standalone {
        out.push_str(STANDALONE);
    }
    for p in &layout.placed {
        if let Some(parent) = p.parent {
            branch(&mut out, p, &layout.placed[parent], answer);
        }
    }
    let mut number = 0;
    for p in &layout.placed {
        symbol(&mut out, p);
        value(&mut out, p);
        if drawing.numbered && p.kind != Kind::Leaf {
            number += 1;
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"12\">{number}</text>",
                p.x,
                p.y + 4.5
            );
        }
    }
    out.push_str("</svg>");
    out
}

fn branch(out: &mut String, p: &Placed, parent: &Placed, answer: &TreeAnswer) {
    let (stroke, thick, faint) = match p.best {
        Some(true) => (CHOSEN, "3.4", "1"),
        Some(false) => ("currentColor", "1.2", FAINT),
        None => ("currentColor", "1.4", "1"),
    };
    let (from, elbow, to) = (parent.x + SYMBOL, parent.x + SYMBOL + SLANT, p.x - SYMBOL);
    let _ = write!(
        out,
        "<path d=\"M{from:.1} {:.1}L{elbow:.1} {y:.1}H{to:.1}\" fill=\"none\" stroke=\"{stroke}\" \
         stroke-width=\"{thick}\" stroke-linejoin=\"round\" opacity=\"{faint}\"/>",
        parent.y,
        y = p.y
    );
    if p.best == Some(false) {
        let cut = |x: f64| format!("M{:.1} {:.1}L{:.1} {:.1}", x - 2.5, p.y + 8.0, x + 2.5, p.y - 8.0);
        let _ = write!(
            out,
            "<path d=\"{}{}\" stroke=\"currentColor\" stroke-width=\"1.6\"/>",
            cut(elbow + 6.0),
            cut(elbow + 11.0)
        );
    }
    let x = elbow + if p.best.is_some() { CUT } else { 8.0 };
    if !p.label.is_empty() {
        let weight = if p.best == Some(true) { " font-weight=\"bold\"" } else { "" };
        // The whole label where the one that is drawn was cut.
        let whole = p.node.map(|node| answer.tree().label(node)).filter(|whole| *whole != p.label);
        let title = whole.map_or_else(String::new, |whole| format!("<title>{}</title>", escape(whole)));
        let _ = write!(
            out,
            "<text x=\"{x:.1}\" y=\"{:.1}\"{weight}>{title}{}</text>",
            p.y - 6.0,
            escape(&p.label)
        );
    }
    if !p.below.is_empty() {
        let _ = write!(
            out,
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"13\" opacity=\"0.8\" xml:space=\"preserve\">{}</text>",
            p.y + 17.0,
            escape(&p.below)
        );
    }
}

fn symbol(out: &mut String, p: &Placed) {
    let (x, y, s) = (p.x, p.y, SYMBOL);
    let shape = match (p.kind, p.node) {
        (_, None) => return,
        (Kind::Decision, _) => {
            format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"24\" height=\"24\"", x - s, y - s)
        }
        (Kind::Chance, _) => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{s}\""),
        (Kind::Leaf, _) => {
            let (left, top, bottom) = (x - s, y - 9.0, y + 9.0);
            format!("<path d=\"M{left:.1} {y:.1}L{:.1} {top:.1}V{bottom:.1}Z\"", x + 4.0)
        }
    };
    let _ = write!(out, "{shape} fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/>");
}

/// The value and the name of a node: beside an end; above and below the end of the branch elsewhere.
fn value(out: &mut String, p: &Placed) {
    let end = p.kind == Kind::Leaf || p.folded > 0;
    let bold = if p.best == Some(false) || p.kind == Kind::Leaf { "" } else { " font-weight=\"bold\"" };
    let (x, y, anchor) = match (end, p.parent) {
        (true, _) => (p.x + SYMBOL + 4.0, p.y + 5.0, "start"),
        (false, None) => (p.x + SYMBOL, p.y - SYMBOL - 8.0, "end"),
        (false, Some(_)) => (p.x - SYMBOL - 3.0, p.y - 6.0, "end"),
    };
    let _ = write!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"{bold}>{}</text>",
        escape(&p.value)
    );
    if !p.name.is_empty() {
        let (x, y) = match p.parent {
            None => (p.x - SYMBOL - 8.0, p.y + 5.0),
            Some(_) => (p.x - SYMBOL - 3.0, p.y + 17.0),
        };
        let _ = write!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\" font-style=\"italic\">{}</text>",
            escape(&p.name)
        );
    }
}

/// Text as XML shows it: markup, quotes and characters that XML forbids cannot pass, nor those that turn the
/// direction of writing for what follows.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if c.is_control() => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}
