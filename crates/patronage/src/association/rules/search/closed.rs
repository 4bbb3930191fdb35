//! Rules from closed itemsets: the supports of their parts are those of the closures.

use rustc_hash::FxHashMap;

use super::limits::{ANTECEDENT, CONSEQUENT, Limits};
use super::{Budget, Found, TICK};
use crate::association::itemsets::Itemsets;
use crate::association::itemsets::trie::{self, Node, ROOT};
use crate::association::rules::sets::Sets;
use crate::association::threshold::Share;
use crate::error::Result;
use crate::watch::Watch;

/// Rules as lists of items: all antecedents and consequents one after the other, with lengths and counts.
#[derive(Debug, Default)]
pub(super) struct Listed {
    items: Vec<u32>,
    rules: Vec<([usize; 2], [u32; 3])>,
    examined: u64,
}

pub(super) fn search(
    itemsets: &Itemsets,
    least: Share,
    limits: &Limits,
    minimal: bool,
    range: std::ops::Range<usize>,
    budget: &Budget<'_>,
) -> Result<Listed> {
    let mut listed = Listed::default();
    let (mut work, mut reported) = (0, 0);
    let (mut antecedent, mut consequent) = (Vec::new(), Vec::new());
    for node in range {
        let count = itemsets.nodes()[node].count;
        if !itemsets.lists(node as u32) {
            continue;
        }
        let mut set: Vec<u32> = trie::path(itemsets.nodes(), node as u32).collect();
        set.sort_unstable_by(|a, b| b.cmp(a));
        if set.iter().any(|&item| limits.bars(item)) || !limits.met(set.iter().copied()) {
            continue;
        }
        listed.examined = listed.examined.saturating_add(limits.splits(limits.room(set.iter().copied())));
        let limit = least.whole_of(count.into());
        // Those that may stand in the consequent only do so in every split.
        let mut is_in: Vec<bool> = set.iter().map(|&item| !limits.may(item, ANTECEDENT)).collect();
        let fixed = is_in.iter().filter(|&&is_in| is_in).count() as u64;
        let mut free: Vec<usize> = (0..set.len()).filter(|&place| !is_in[place]).collect();
        free.retain(|&place| limits.may(set[place], CONSEQUENT));
        let mut chosen: Vec<usize> = Vec::new();
        let mut next = 0;
        let mut start = fixed > 0;
        // All consequents by depth first. What a larger consequent leaves is a smaller antecedent, in no fewer
        // baskets: where the confidence is too low, it is so for all that grows from there.
        loop {
            let size = chosen.len() as u64 + fixed;
            let may_grow = size + 1 < set.len() as u64 && size < limits.most(CONSEQUENT);
            if start {
                if size >= set.len() as u64 || size > limits.most(CONSEQUENT) {
                    break;
                }
            } else if may_grow && next < free.len() {
                chosen.push(next);
                is_in[free[next]] = true;
                next += 1;
            } else if let Some(last) = chosen.pop() {
                is_in[free[last]] = false;
                next = last + 1;
                continue;
            } else {
                break;
            }
            work += 1;
            if work % TICK == 0 {
                budget.report(listed.rules.len(), &mut reported)?;
            }
            antecedent.clear();
            consequent.clear();
            for (&item, &is_in) in set.iter().zip(&is_in) {
                if is_in { consequent.push(item) } else { antecedent.push(item) }
            }
            // Every part of a frequent set is frequent, so both counts are known.
            let known = itemsets.count(&antecedent).filter(|&count| u64::from(count) <= limit);
            match known {
                Some(antecedent_count) if antecedent.len() as u64 <= limits.most(ANTECEDENT) => {
                    if let Some(consequent_count) = itemsets.count(&consequent)
                        && !(minimal && has_equal_part(itemsets, &antecedent, antecedent_count))
                    {
                        listed.items.extend(&antecedent);
                        listed.items.extend(&consequent);
                        listed.rules.push((
                            [antecedent.len(), consequent.len()],
                            [antecedent_count, consequent_count, count],
                        ));
                    }
                }
                Some(_) => {}
                None if start => break,
                None => {
                    if let Some(last) = chosen.pop() {
                        is_in[free[last]] = false;
                    }
                }
            }
            start = false;
        }
    }
    budget.report(listed.rules.len(), &mut reported)?;
    Ok(listed)
}

/// Whether a set without one of its items is in as many baskets.
fn has_equal_part(itemsets: &Itemsets, set: &[u32], count: u32) -> bool {
    let rest = |out: u32| set.iter().copied().filter(|&item| item != out).collect::<Vec<_>>();
    if set.len() == 1 {
        return u64::from(count) == itemsets.n_baskets();
    }
    set.iter().any(|&out| itemsets.count(&rest(out)) == Some(count))
}

/// The rules with their sides as nodes of one trie.
pub(super) fn joined(
    itemsets: &Itemsets,
    parts: Vec<Listed>,
    watch: &dyn Watch,
) -> Result<(Sets, Vec<Found>)> {
    let mut sides = Sides::default();
    let mut found = Vec::new();
    for part in parts {
        watch.check()?;
        let mut start = 0;
        let mut rules = Vec::with_capacity(part.rules.len());
        for ([x, y], [x_count, y_count, count]) in part.rules {
            let (antecedent, consequent) = part.items[start..start + x + y].split_at(x);
            start += x + y;
            let mut both = [antecedent, consequent].concat();
            both.sort_unstable_by(|a, b| b.cmp(a));
            rules.push([
                sides.node(antecedent, x_count),
                sides.node(consequent, y_count),
                sides.node(&both, count),
            ]);
        }
        found.push(Found { rules, examined: part.examined });
    }
    let (nodes, places) = sides.in_order();
    for part in &mut found {
        part.rules.iter_mut().flatten().for_each(|node| *node = places[*node as usize]);
    }
    Ok((Sets::new(itemsets.items().clone(), nodes, false, false), found))
}

/// A trie that grows set by set.
#[derive(Default)]
struct Sides {
    nodes: Vec<Node>,
    children: FxHashMap<(u32, u32), u32>,
}

impl Sides {
    fn node(&mut self, descending: &[u32], count: u32) -> u32 {
        let mut at = ROOT;
        for &item in descending {
            let next = self.nodes.len() as u32;
            at = *self.children.entry((at, item)).or_insert(next);
            if at == next {
                self.nodes.push(Node { parent: ROOT, item, count: 0 });
            }
        }
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.count = count;
        }
        at
    }

    /// The nodes in the order of a walk by ascending items, and the new place of each.
    fn in_order(mut self) -> (Vec<Node>, Vec<u32>) {
        let mut edges: Vec<((u32, u32), u32)> = self.children.drain().collect();
        edges.sort_unstable();
        let below = |parent: u32| {
            let start = edges.partition_point(|&((other, _), _)| other < parent);
            let size = edges[start..].partition_point(|&((other, _), _)| other == parent);
            edges[start..start + size].iter().rev().map(move |&(_, child)| (child, parent))
        };
        let mut places = vec![ROOT; self.nodes.len()];
        let mut nodes = Vec::with_capacity(self.nodes.len());
        let mut open: Vec<(u32, u32)> = below(ROOT).collect();
        while let Some((node, parent)) = open.pop() {
            places[node as usize] = nodes.len() as u32;
            let parent = places.get(parent as usize).copied().unwrap_or(ROOT);
            nodes.push(Node { parent, ..self.nodes[node as usize] });
            open.extend(below(node));
        }
        (nodes, places)
    }
}
