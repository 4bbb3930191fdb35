//! Where everything stands: leaves on equal rows, a node between its first and last child, columns by depth.

use super::Drawing;
use crate::decision::tree::{Kind, TreeAnswer};
use crate::decision::words::plain;
use crate::explain::{Lang, decimal, signed};

/// Columns that are drawn before the tree is folded.
const MAX_DEPTH: usize = 12;
/// Of a node with too many branches this many are drawn.
const FIRST_BRANCHES: usize = 10;
/// Characters (of Latin width) of a label that are drawn.
const LABEL: usize = 36;

pub(super) const ROW: f64 = 52.0;
pub(super) const SLANT: f64 = 38.0;
pub(super) const SYMBOL: f64 = 12.0;
const MARGIN: f64 = 26.0;
/// Between a branch's beginning and its label, where a rejected branch is cut.
pub(super) const CUT: f64 = 22.0;

/// A drawing's geometry, in pixels at a text size of 14.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Width of the whole.
    pub width: f64,
    /// Height of the whole.
    pub height: f64,
    /// Every node drawn, parents before their children.
    pub placed: Vec<Placed>,
}

/// A node of a drawing and the branch that leads to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The node; `None` for a row that stands for several.
    pub node: Option<usize>,
    /// The symbol.
    pub kind: Kind,
    /// Centre of the symbol.
    pub x: f64,
    /// Centre of the symbol.
    pub y: f64,
    /// Where in the list its parent is.
    pub parent: Option<usize>,
    /// Above the branch: its label, shortened.
    pub label: String,
    /// Below the branch: probability and payoff.
    pub below: String,
    /// The node's own name, shortened: below the end of the branch, or left of the root.
    pub name: String,
    /// At the node: its value.
    pub value: String,
    /// For a branch of a decision, whether it is one of the best.
    pub best: Option<bool>,
    /// Nodes that are not drawn but folded into this one.
    pub folded: usize,
}

pub(super) fn layout(drawing: &Drawing, answer: &TreeAnswer) -> Layout {
    let (mut placed, depth) = unfold(drawing, answer);
    let leaves = rows(&mut placed);
    let width = columns(&mut placed, &depth);
    Layout { width, height: 2.0 * MARGIN + ROW * (leaves.max(1) - 1) as f64 + 20.0, placed }
}

/// The nodes that are drawn, breadth-first, and their depths.
fn unfold(drawing: &Drawing, answer: &TreeAnswer) -> (Vec<Placed>, Vec<usize>) {
    let tree = answer.tree();
    let mut placed = vec![place(drawing, answer, 0, None)];
    let mut depth = vec![0];
    let mut leaves = 1;
    let mut at = 0;
    while at < placed.len() {
        let Some(node) = placed[at].node else {
            at += 1;
            continue;
        };
        let children = tree.children(node);
        let room = drawing.max_leaves.saturating_sub(leaves) + 1;
        let drawn: Vec<usize> = if depth[at] >= MAX_DEPTH || room < children.len().min(FIRST_BRANCHES + 2) {
            Vec::new()
        } else if children.len() <= room {
            children.clone().collect()
        } else {
            let best = children.clone().find(|&i| answer.is_best(i));
            let first = children.clone().take(FIRST_BRANCHES);
            let best = best.filter(|&i| i >= children.start + FIRST_BRANCHES);
            first.chain(best).collect()
        };
        for &child in &drawn {
            placed.push(place(drawing, answer, child, Some(at)));
            depth.push(depth[at] + 1);
        }
        leaves += drawn.len().saturating_sub(1);
        let missing = children.len() - drawn.len();
        if missing > 0 && !drawn.is_empty() {
            let count = decimal(missing as f64, 0);
            placed.push(Placed {
                node: None,
                kind: Kind::Leaf,
                label: match drawing.lang {
                    Lang::En => format!("{count} more branches"),
                    Lang::Zh => format!("其余 {count} 个分支"),
                },
                below: String::new(),
                name: String::new(),
                value: "…".into(),
                best: None,
                folded: missing,
                parent: Some(at),
                x: 0.0,
                y: 0.0,
            });
            depth.push(depth[at] + 1);
            leaves += 1;
        } else if missing > 0 {
            placed[at].folded = missing;
            let more = drawing.lang.pick("folded", "已折叠");
            placed[at].value = format!("{}  ⋯ {more}", placed[at].value);
        }
        at += 1;
    }
    (placed, depth)
}

fn place(drawing: &Drawing, answer: &TreeAnswer, node: usize, parent: Option<usize>) -> Placed {
    let tree = answer.tree();
    let value = if drawing.to_go { answer.to_go(node) } else { answer.cumulative(node) };
    let of_decision = tree.parent(node).is_some_and(|p| tree.kind(p) == Kind::Decision);
    let probability = answer.probability(node).map(|p| format!("({})", plain(&p)));
    let payoff = crate::decision::Value::from(&tree.payoff(node));
    let written = if payoff.float > 0.0 { format!("+{}", plain(&payoff)) } else { plain(&payoff) };
    // What a leaf's branch pays is written at the leaf, unless the leaf pays something of its own.
    let at_leaf = tree.kind(node) == Kind::Leaf && answer.to_go(node).float == 0.0 && !drawing.to_go;
    let payoff = (payoff.float != 0.0 && !at_leaf).then_some(written);
    let time = tree.time(node);
    let before = tree.parent(node).map_or(0.0, |p| tree.time(p));
    let time = (time != before).then(|| format!("t = {}", plain(&time.into())));
    Placed {
        node: Some(node),
        kind: tree.kind(node),
        x: 0.0,
        y: 0.0,
        parent,
        label: shorten(tree.label(node)),
        name: shorten(tree.name(node)),
        below: probability.into_iter().chain(payoff).chain(time).collect::<Vec<_>>().join("  "),
        value: figure(&value),
        best: of_decision.then(|| answer.is_best(node)),
        folded: 0,
    }
}

/// A value beside its node: rounded to cents where it has more.
fn figure(value: &crate::decision::Value) -> String {
    let text = plain(value);
    let long = text.contains('/') || text.rsplit_once('.').is_some_and(|(_, part)| part.len() > 2);
    if long && value.float.abs() >= 10.0 && value.float.abs() < 1e15 {
        signed(value.float, 2).trim_start_matches('+').into()
    } else {
        text
    }
}

/// Rows for what has no children, from top to bottom; the others between their children. Returns the rows.
fn rows(placed: &mut [Placed]) -> usize {
    let n = placed.len();
    let mut first = vec![usize::MAX; n];
    let mut last = vec![0; n];
    for (i, p) in placed.iter().enumerate() {
        if let Some(parent) = p.parent {
            first[parent] = first[parent].min(i);
            last[parent] = i;
        }
    }
    let (mut stack, mut row) = (vec![0], 0);
    while let Some(i) = stack.pop() {
        if first[i] == usize::MAX {
            placed[i].y = MARGIN + 10.0 + ROW * row as f64;
            row += 1;
        } else {
            stack.extend((first[i]..=last[i]).rev());
        }
    }
    for i in (0..n).rev().filter(|&i| first[i] != usize::MAX) {
        placed[i].y = f64::midpoint(placed[first[i]].y, placed[last[i]].y);
    }
    row
}

/// Columns wide enough for what is written along their branches. Returns the width of the whole.
fn columns(placed: &mut [Placed], depth: &[usize]) -> f64 {
    let deepest = depth.iter().copied().max().unwrap_or(0);
    let mut needed = vec![0.0f64; deepest + 1];
    let mut right = vec![0.0f64; deepest + 1];
    for (p, &d) in placed.iter().zip(depth) {
        let ends = p.kind == Kind::Leaf || p.folded > 0;
        let value = width(&p.value);
        let above = width(&p.label) + if ends { 0.0 } else { value + 22.0 };
        let beneath = width(&p.below) + width(&p.name) + 22.0;
        needed[d] = needed[d].max(above.max(beneath).max(70.0) + CUT + 14.0);
        if ends {
            right[d] = right[d].max(value + 12.0);
        }
    }
    // The root's name stands left of it, and its value ends above it.
    let left = (width(&placed[0].name) + 8.0).max(width(&placed[0].value) - 2.0 * SYMBOL).max(0.0);
    let mut x = vec![MARGIN + left + SYMBOL; deepest + 1];
    for d in 1..=deepest {
        x[d] = x[d - 1] + SYMBOL + SLANT + needed[d] + SYMBOL;
    }
    placed.iter_mut().zip(depth).for_each(|(p, &d)| p.x = x[d]);
    let end = x.iter().zip(&right).map(|(x, right)| x + SYMBOL + right).fold(0.0, f64::max);
    end + MARGIN
}

/// The width of text in pixels, roughly: Chinese characters are as wide as they are high.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|c| if is_wide(c) { 14.0 } else { 7.8 }).sum()
}

fn is_wide(c: char) -> bool {
    ('\u{1100}'..='\u{115f}').contains(&c) || ('\u{2e80}'..='\u{ffdc}').contains(&c) || c > '\u{ffff}'
}

fn shorten(text: &str) -> String {
    let mut room = LABEL;
    let mut out = String::new();
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let size = if is_wide(c) { 2 } else { 1 };
        if size > room {
            out.push('…');
            break;
        }
        room -= size;
        out.push(c);
    }
    out
}
