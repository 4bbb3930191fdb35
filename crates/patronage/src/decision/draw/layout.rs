//! Where everything stands: leaves on equal rows, a node between its first and last child, columns by depth.

use std::ops::Range;

use super::width::{shorten, width};
use super::{Drawing, Subject};
use crate::decision::number::Value;
use crate::decision::tree::{Kind, Tree};
use crate::decision::words::plain;
use crate::explain::{Lang, decimal, signed};

/// Columns that are drawn before the tree is folded.
const MAX_DEPTH: usize = 12;
/// Of a node with too many branches this many are drawn.
const FIRST_BRANCHES: usize = 10;
/// Ems of a label that are drawn.
const LABEL: f64 = 22.0;

pub(super) const ROW: f64 = 52.0;
pub(super) const SLANT: f64 = 38.0;
pub(super) const SYMBOL: f64 = 12.0;
pub(super) const MARGIN: f64 = 26.0;
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
    /// The number of a decision or an event, from left to right.
    pub number: Option<usize>,
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

pub(super) fn layout(drawing: &Drawing, of: Subject<'_>) -> Layout {
    let mut unfolding = Unfolding { drawing, of, placed: Vec::new(), depth: Vec::new(), leaves: 1 };
    unfolding.run();
    let Unfolding { mut placed, depth, .. } = unfolding;
    let leaves = rows(&mut placed);
    let width = columns(&mut placed, &depth);
    number(&mut placed);
    Layout { width, height: 2.0 * MARGIN + ROW * (leaves.max(1) - 1) as f64 + 20.0, placed }
}

/// What is drawn of a tree.
struct Unfolding<'a> {
    drawing: &'a Drawing,
    of: Subject<'a>,
    placed: Vec<Placed>,
    depth: Vec<usize>,
    /// Rows that are taken.
    leaves: usize,
}

impl Unfolding<'_> {
    /// Parents before their children: first what the best choices come to, then the rest, as long as there is room.
    fn run(&mut self) {
        self.add(0, None);
        let (mut best, mut rest) = (vec![0], Vec::new());
        while !best.is_empty() || !rest.is_empty() {
            let on_policy = !best.is_empty();
            let open = std::mem::take(if on_policy { &mut best } else { &mut rest });
            for at in open {
                for child in self.unfold(at) {
                    let followed = on_policy && self.placed[child].best != Some(false);
                    if followed { best.push(child) } else { rest.push(child) }
                }
            }
        }
    }

    fn add(&mut self, node: usize, parent: Option<usize>) -> usize {
        self.depth.push(parent.map_or(0, |p| self.depth[p] + 1));
        self.placed.push(place(self.drawing, self.of, node, parent));
        self.placed.len() - 1
    }

    /// Draws the branches of a node, or folds it, or draws the first of them and one that stands for the others.
    fn unfold(&mut self, at: usize) -> Range<usize> {
        let tree = self.of.tree();
        let first = self.placed.len();
        let Some(node) = self.placed[at].node else { return first..first };
        let children = tree.children(node);
        let room = self.drawing.max_leaves.saturating_sub(self.leaves) + 1;
        if self.depth[at] >= MAX_DEPTH || room < children.len().min(FIRST_BRANCHES + 2) {
            let folded = hidden(tree, children);
            let word = self.drawing.lang.pick("nodes folded", "个节点已折叠");
            let note = format!("[+ {} {word}]", decimal(folded as f64, 0));
            self.placed[at].folded = folded;
            self.placed[at].value =
                [std::mem::take(&mut self.placed[at].value), note].join("  ").trim().into();
            return first..first;
        }
        let shown = if children.len() <= room { children.len() } else { FIRST_BRANCHES };
        let others = children.start + shown..children.end;
        children.take(shown).for_each(|i| _ = self.add(i, Some(at)));
        let best = self.of.answer().and_then(|answer| others.clone().find(|&i| answer.is_best(i)));
        // Of the best ones, one at least is drawn.
        let best = best.filter(|_| self.placed[first..].iter().all(|p| p.best != Some(true)));
        best.into_iter().for_each(|i| _ = self.add(i, Some(at)));
        let end = self.placed.len();
        self.leaves += (end - first).saturating_sub(1);
        if !others.is_empty() {
            let seen = best.map_or(0, |i| 1 + hidden(tree, tree.children(i)));
            let branches = others.len() - usize::from(best.is_some());
            let nodes = hidden(tree, others) - seen;
            self.depth.push(self.depth[at] + 1);
            self.placed.push(others_row(at, branches, nodes, self.drawing.lang));
            self.leaves += 1;
        }
        first..end
    }
}

/// The nodes of a range of siblings and all below them: on each level they follow one another.
fn hidden(tree: &Tree, mut level: Range<usize>) -> usize {
    let mut nodes = 0;
    while !level.is_empty() {
        nodes += level.len();
        level = tree.children(level.start).start..tree.children(level.end - 1).end;
    }
    nodes
}

/// A row that stands for branches which are not drawn.
fn others_row(parent: usize, branches: usize, nodes: usize, lang: Lang) -> Placed {
    let (count, all) = (decimal(branches as f64, 0), decimal(nodes as f64, 0));
    let deep = nodes > branches;
    let label = match (lang, deep) {
        (Lang::En, false) => format!("{count} more branches"),
        (Lang::En, true) => format!("{count} more branches, {all} nodes"),
        (Lang::Zh, false) => format!("其余 {count} 个分支"),
        (Lang::Zh, true) => format!("其余 {count} 个分支，共 {all} 个节点"),
    };
    Placed {
        node: None,
        kind: Kind::Leaf,
        x: 0.0,
        y: 0.0,
        parent: Some(parent),
        number: None,
        label,
        below: String::new(),
        name: String::new(),
        value: "…".into(),
        best: None,
        folded: nodes,
    }
}

fn place(drawing: &Drawing, of: Subject<'_>, node: usize, parent: Option<usize>) -> Placed {
    let tree = of.tree();
    let answer = of.answer();
    let leaf = tree.kind(node) == Kind::Leaf;
    let value = match answer {
        Some(answer) if drawing.to_go => Some(answer.to_go(node)),
        Some(answer) => Some(answer.cumulative(node)),
        None => leaf.then(|| Value::from(&tree.value(node))),
    };
    let of_decision = tree.parent(node).is_some_and(|p| tree.kind(p) == Kind::Decision);
    let probability = tree.probability(node).map(|p| format!("({})", plain(&Value::from(&p))));
    let payoff = Value::from(&tree.payoff(node));
    let written = if payoff.float > 0.0 { format!("+{}", plain(&payoff)) } else { plain(&payoff) };
    // What a leaf's branch pays is written at the leaf, unless the leaf pays something of its own.
    let at_leaf = leaf && !drawing.to_go && answer.is_some_and(|answer| answer.to_go(node).float == 0.0);
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
        number: None,
        label: shorten(tree.label(node), LABEL),
        name: shorten(tree.name(node), LABEL),
        below: probability.into_iter().chain(payoff).chain(time).collect::<Vec<_>>().join("  "),
        value: value.as_ref().map_or_else(String::new, figure),
        best: answer.filter(|_| of_decision).map(|answer| answer.is_best(node)),
        folded: 0,
    }
}

/// Numbers decisions and events from left to right, each column from top to bottom.
fn number(placed: &mut [Placed]) {
    let mut order: Vec<usize> = (0..placed.len()).filter(|&i| placed[i].kind != Kind::Leaf).collect();
    order.sort_by(|&a, &b| placed[a].x.total_cmp(&placed[b].x).then(placed[a].y.total_cmp(&placed[b].y)));
    order.into_iter().zip(1..).for_each(|(i, number)| placed[i].number = Some(number));
}

/// A value beside its node: rounded to cents where it has more.
fn figure(value: &Value) -> String {
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
        let value = width(&p.value, true);
        let above = width(&p.label, p.best == Some(true)) + if ends { 0.0 } else { value + 22.0 };
        let beneath = width(&p.below, false) + width(&p.name, false) + 22.0;
        needed[d] = needed[d].max(above.max(beneath).max(70.0) + CUT + 14.0);
        if ends {
            right[d] = right[d].max(value + 12.0);
        }
    }
    // The root's name stands left of it, and its value ends above it.
    let left =
        (width(&placed[0].name, false) + 8.0).max(width(&placed[0].value, true) - 2.0 * SYMBOL).max(0.0);
    let mut x = vec![MARGIN + left + SYMBOL; deepest + 1];
    for d in 1..=deepest {
        x[d] = x[d - 1] + SYMBOL + SLANT + needed[d] + SYMBOL;
    }
    placed.iter_mut().zip(depth).for_each(|(p, &d)| p.x = x[d]);
    let end = x.iter().zip(&right).map(|(x, right)| x + SYMBOL + right).fold(0.0, f64::max);
    end + MARGIN
}
