//! The drawing as a picture for LaTeX, in the geometry of the layout.

use std::fmt::Write as _;

use super::Drawing;
use super::layout::{CUT, Layout, Placed, SLANT, SYMBOL};
use crate::decision::tree::Kind;
use crate::explain::escape_latex;

pub(super) fn write(drawing: &Drawing, layout: &Layout) -> String {
    let mut out = String::from(
        "\\begin{tikzpicture}[x=0.75pt, y=-0.75pt, every node/.style={inner sep=0pt, font=\\small}]\n",
    );
    for p in &layout.placed {
        if let Some(parent) = p.parent {
            branch(&mut out, p, &layout.placed[parent]);
        }
    }
    for p in &layout.placed {
        node(&mut out, p);
        if let Some(number) = drawing.number(p) {
            let _ = writeln!(out, "\\node at ({:.1},{:.1}) {{{number}}};", p.x, p.y);
        }
    }
    out.push_str("\\end{tikzpicture}\n");
    out
}

fn branch(out: &mut String, p: &Placed, parent: &Placed) {
    let (from, elbow, to) = (parent.x + SYMBOL, parent.x + SYMBOL + SLANT, p.x - SYMBOL);
    let thick = if p.best == Some(true) { "[line width=1.8pt]" } else { "" };
    let (y, above) = (p.y, parent.y);
    let _ = writeln!(out, "\\draw{thick} ({from:.1},{above:.1}) -- ({elbow:.1},{y:.1}) -- ({to:.1},{y:.1});");
    if p.best == Some(false) {
        for x in [elbow + 6.0, elbow + 11.0] {
            let (left, right, low, high) = (x - 2.5, x + 2.5, y + 8.0, y - 8.0);
            let _ = writeln!(out, "\\draw ({left:.1},{low:.1}) -- ({right:.1},{high:.1});");
        }
    }
    let x = elbow + if p.best.is_some() { CUT } else { 8.0 };
    let style = if p.best == Some(true) { "\\bfseries " } else { "" };
    text(out, "base west", x, y - 6.0, style, &p.label);
    text(out, "base west", x, y + 17.0, "", &p.below);
}

fn node(out: &mut String, p: &Placed) {
    let (x, y, s) = (p.x, p.y, SYMBOL);
    let _ = match (p.kind, p.node) {
        (_, None) => Ok(()),
        (Kind::Decision, _) => {
            writeln!(out, "\\draw ({:.1},{:.1}) rectangle ({:.1},{:.1});", x - s, y - s, x + s, y + s)
        }
        (Kind::Chance, _) => writeln!(out, "\\draw ({x:.1},{y:.1}) circle [radius={}pt];", 0.75 * s),
        (Kind::Leaf, _) => {
            let (left, right, top, bottom) = (x - s, x + 4.0, y - 9.0, y + 9.0);
            writeln!(
                out,
                "\\draw ({left:.1},{y:.1}) -- ({right:.1},{top:.1}) -- ({right:.1},{bottom:.1}) -- cycle;"
            )
        }
    };
    let end = p.kind == Kind::Leaf || p.folded > 0;
    let style = if p.best == Some(false) || p.kind == Kind::Leaf { "" } else { "\\bfseries " };
    match (end, p.parent) {
        (true, _) => text(out, "base west", x + s + 4.0, y + 5.0, style, &p.value),
        (false, None) => text(out, "base east", x + s, y - s - 8.0, style, &p.value),
        (false, Some(_)) => text(out, "base east", x - s - 3.0, y - 6.0, style, &p.value),
    }
    match p.parent {
        None => text(out, "base east", x - s - 8.0, y + 5.0, "\\itshape ", &p.name),
        Some(_) => text(out, "base east", x - s - 3.0, y + 17.0, "\\itshape ", &p.name),
    }
}

fn text(out: &mut String, anchor: &str, x: f64, y: f64, style: &str, text: &str) {
    if !text.is_empty() {
        let text = escape_latex(text).replace('−', "$-$").replace('…', "\\dots{}").replace("  ", "\\quad ");
        let _ = writeln!(out, "\\node[anchor={anchor}] at ({x:.1},{y:.1}) {{{style}{text}}};");
    }
}
