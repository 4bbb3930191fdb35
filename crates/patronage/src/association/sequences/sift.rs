//! Closed and maximal patterns out of the frequent ones.
//!
//! A pattern that a longer one around it matches in support is matched by one with a single item more, as the
//! patterns in between have no other support; and a pattern with a frequent one around it has one with a single item
//! more. So it is enough to take each item in turn out of each pattern.

use super::steps::{Children, Node, ROOT, Step};
use crate::association::mine::Kind;
use crate::error::Result;
use crate::watch::Watch;

/// Patterns between two looks at the watch.
const STRIDE: usize = 1 << 10;

/// Leaves the patterns of a kind with at most `max_length` items. The nodes must hold all frequent patterns of one
/// item more.
pub(super) fn sift(
    nodes: Vec<Node>,
    kind: Kind,
    max_length: Option<u64>,
    watch: &dyn Watch,
) -> Result<Vec<Node>> {
    if kind == Kind::Frequent {
        return Ok(nodes);
    }
    let children = Children::new(&nodes, watch)?;
    let mut kept = vec![true; nodes.len()];
    // The steps of a pattern and their nodes.
    let (mut steps, mut places): (Vec<Step>, Vec<u32>) = (Vec::new(), Vec::new());
    for (number, node) in (0_u32..).zip(&nodes) {
        if (number as usize).is_multiple_of(STRIDE) {
            watch.check()?;
        }
        steps.clear();
        places.clear();
        let mut up = number;
        while let Some(node) = nodes.get(up as usize) {
            steps.push(node.step);
            places.push(up);
            up = node.parent;
        }
        steps.reverse();
        places.reverse();
        if max_length.is_some_and(|most| steps.len() as u64 > most) {
            kept[number as usize] = false;
        }
        for out in 0..steps.len() {
            let before = out.checked_sub(1).map(|place| places[place]);
            let after = steps[out + 1..].iter().enumerate().map(|(place, &step)| {
                // The next item of an element begins it where the first is taken out.
                Step::new(step.item(), step.later() || (place == 0 && steps[out].later()))
            });
            let part = children.find(&nodes, before, after);
            if let Some(part) = part
                && (kind == Kind::Maximal || nodes[part as usize].count == node.count)
            {
                kept[part as usize] = false;
            }
        }
    }
    Ok(without(&nodes, &kept))
}

/// The nodes that are kept, and those on the way to them, with a count of 0.
fn without(nodes: &[Node], kept: &[bool]) -> Vec<Node> {
    let mut needed = kept.to_vec();
    for (number, node) in nodes.iter().enumerate().rev() {
        if needed[number]
            && let Some(parent) = needed.get_mut(node.parent as usize)
        {
            *parent = true;
        }
    }
    let mut new_number = vec![ROOT; nodes.len()];
    let mut left = Vec::new();
    for (number, node) in nodes.iter().enumerate().filter(|&(number, _)| needed[number]) {
        new_number[number] = left.len() as u32;
        let parent = new_number.get(node.parent as usize).copied().unwrap_or(ROOT);
        left.push(Node { parent, count: if kept[number] { node.count } else { 0 }, ..*node });
    }
    left
}
