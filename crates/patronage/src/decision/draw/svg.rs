//! The drawing as SVG, written directly.

use std::fmt::Write as _;

use super::layout::{CUT, Layout, MARGIN, Placed, SLANT, SYMBOL};
use super::width::width;
use super::{Drawing, Subject};
use crate::decision::tree::Kind;
use crate::explain::one_line;

/// Legible on white and on black.
const CHOSEN: &str = "#2a9d6a";
/// Rejected branches step back.
const FAINT: &str = "0.55";

/// Colours for a file that is shown on its own or as an image.
const STANDALONE: &str = "<style>.patronage-tree{color:#1b1b1b}\
    @media(prefers-color-scheme:dark){.patronage-tree{color:#e8e8e8}}</style>";

/// Height of the legend.
const LEGEND: f64 = 40.0;

pub(super) fn write(drawing: &Drawing, of: Subject<'_>, layout: &Layout) -> String {
    let legend = drawing.legend.then(|| legend(drawing, of, layout.height));
    let (mut width, mut height) = (layout.width.ceil(), layout.height.ceil());
    if let Some((_, needed)) = &legend {
        (width, height) = (width.max(needed.ceil()), height + LEGEND);
    }
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"patronage-tree\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"'Helvetica Neue',Arial,'Noto Sans',\
         'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif\" font-size=\"14\" fill=\"currentColor\">"
    );
    let title = match of.tree().name(0) {
        "" => drawing.lang.pick("Decision tree", "决策树"),
        name => name,
    };
    let _ = write!(out, "<title>{}</title>", escape(title));
    if drawing.standalone {
        out.push_str(STANDALONE);
    }
    for p in &layout.placed {
        if let Some(parent) = p.parent {
            branch(&mut out, p, &layout.placed[parent], of);
        }
    }
    for p in &layout.placed {
        symbol(&mut out, p);
        value(&mut out, p);
        if let Some(number) = drawing.number(p) {
            let (x, y) = (p.x, p.y + 4.5);
            let _ = write!(
                out,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\" font-size=\"12\">{number}</text>"
            );
        }
    }
    out.push_str(legend.as_ref().map_or("", |(drawn, _)| drawn));
    out.push_str("</svg>");
    out
}

fn branch(out: &mut String, p: &Placed, parent: &Placed, of: Subject<'_>) {
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
        out.push_str(&cut(elbow + 6.0, p.y));
    }
    let x = elbow + if p.best.is_some() { CUT } else { 8.0 };
    if !p.label.is_empty() {
        let weight = if p.best == Some(true) { " font-weight=\"bold\"" } else { "" };
        // The whole label where the one that is drawn was cut.
        let whole = p.node.map(|node| of.tree().label(node)).filter(|whole| *whole != p.label);
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

/// Two short strokes across a rejected branch.
fn cut(x: f64, y: f64) -> String {
    let stroke = |x: f64| format!("M{:.1} {:.1}L{:.1} {:.1}", x - 2.5, y + 8.0, x + 2.5, y - 8.0);
    let path = format!("{}{}", stroke(x), stroke(x + 5.0));
    format!("<path d=\"{path}\" stroke=\"currentColor\" stroke-width=\"1.6\"/>")
}

fn symbol(out: &mut String, p: &Placed) {
    if p.node.is_some() {
        out.push_str(&shape(p.kind, p.x, p.y));
    }
}

fn shape(kind: Kind, x: f64, y: f64) -> String {
    let s = SYMBOL;
    let shape = match kind {
        Kind::Decision => {
            format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"24\" height=\"24\"", x - s, y - s)
        }
        Kind::Chance => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{s}\""),
        Kind::Leaf => {
            let (left, top, bottom) = (x - s, y - 9.0, y + 9.0);
            format!("<path d=\"M{left:.1} {y:.1}L{:.1} {top:.1}V{bottom:.1}Z\"", x + 4.0)
        }
    };
    format!("{shape} fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/>")
}

/// What the signs mean, in a row below everything else, and how wide that is.
fn legend(drawing: &Drawing, of: Subject<'_>, top: f64) -> (String, f64) {
    let (mut x, y) = (MARGIN, top + LEGEND / 2.0 - 4.0);
    let mut out = String::new();
    let mut entry = |sign: &dyn Fn(f64) -> String, en, zh| {
        let text = drawing.lang.pick(en, zh);
        out.push_str(&sign(x + SYMBOL));
        let at = x + 2.0 * SYMBOL + 8.0;
        let _ = write!(out, "<text x=\"{at:.1}\" y=\"{:.1}\">{text}</text>", y + 5.0);
        x = at + width(text, false) + 22.0;
    };
    entry(&|x| shape(Kind::Decision, x, y), "decision", "决策点");
    entry(&|x| shape(Kind::Chance, x, y), "chance", "机会点");
    entry(&|x| shape(Kind::Leaf, x, y), "end", "结果点");
    if of.answer().is_some() {
        let line = |x: f64, stroke, thick| {
            let (from, to) = (x - SYMBOL, x + SYMBOL);
            format!("<path d=\"M{from:.1} {y:.1}H{to:.1}\" stroke=\"{stroke}\" stroke-width=\"{thick}\"/>")
        };
        entry(&|x| line(x, CHOSEN, "3.4"), "chosen", "选定方案");
        entry(&|x| line(x, "currentColor", "1.2") + &cut(x - 2.5, y), "rejected", "舍弃方案");
    }
    (out, x - 22.0 + MARGIN)
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
    if !p.value.is_empty() {
        let _ = write!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"{bold}>{}</text>",
            escape(&p.value)
        );
    }
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

/// Text as XML shows it, in one line: markup and quotes cannot pass.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text.into()).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
