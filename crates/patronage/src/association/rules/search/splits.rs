//! Rules from all frequent itemsets: one walk over the trie.
//!
//! The walk keeps, for each set on the way from the root, the node of the set without each of its items. So the
//! confidence of every rule with one item as consequent is read off at once, and an item that fails there is in no
//! consequent at all: what a larger consequent leaves is a smaller antecedent, in no fewer baskets (Agrawal and
//! Srikant 1994). The others are split by going through the set once for each way, with two nodes that go down the
//! trie from where the ways part.

use super::limits::{ANTECEDENT, CONSEQUENT, Limits};
use super::{Budget, Found, TICK};
use crate::association::itemsets::Itemsets;
use crate::association::itemsets::branches::Branches;
use crate::association::itemsets::trie::{Node, ROOT};
use crate::association::threshold::Share;
use crate::error::Result;

/// The node of a set that is not there: no set of a trie from outside need be.
const NONE: u32 = ROOT - 1;

pub(super) fn search(
    itemsets: &Itemsets,
    branches: &Branches,
    least: Share,
    limits: &Limits,
    range: std::ops::Range<usize>,
    budget: &Budget<'_>,
) -> Result<Found> {
    let (most_x, most_y) = (limits.most(ANTECEDENT), limits.most(CONSEQUENT));
    let longest = most_x.saturating_add(most_y);
    let mut walk = Walk {
        nodes: itemsets.nodes(),
        branches,
        limits,
        most: [most_x, most_y],
        path: Vec::new(),
        items: Vec::new(),
        less: Vec::new(),
        barred: usize::MAX,
        can_go: Vec::new(),
        limit: 0,
        found: Found::default(),
        budget,
        work: 0,
        reported: 0,
    };
    for node in range {
        let node = node as u32;
        walk.go_to(node);
        let length = walk.path.len();
        if length < 2
            || length >= walk.barred
            || length as u64 > longest
            || !limits.met(walk.items.iter().copied())
            || !itemsets.lists(node)
        {
            continue;
        }
        walk.split(node, least)?;
    }
    walk.report()?;
    Ok(walk.found)
}

struct Walk<'a> {
    nodes: &'a [Node],
    branches: &'a Branches,
    limits: &'a Limits,
    most: [u64; 2],
    /// The nodes from the root to the set, and their items.
    path: Vec<u32>,
    items: Vec<u32>,
    /// For each set on the path the nodes of the set without its first item, its second, and so on.
    less: Vec<Vec<u32>>,
    /// The least length of a path that holds an item which no rule may hold.
    barred: usize,
    /// For each item of the set whether it can go into the consequent.
    can_go: Vec<bool>,
    /// The most baskets that an antecedent may be in.
    limit: u64,
    found: Found,
    budget: &'a Budget<'a>,
    /// Sets and splits since the last report, and rules up to it.
    work: u64,
    reported: u64,
}

impl Walk<'_> {
    fn child(&self, node: u32, item: u32) -> u32 {
        if node == NONE { NONE } else { self.branches.child(node, item).unwrap_or(NONE) }
    }

    #[inline]
    fn count(&self, node: u32) -> u64 {
        self.nodes.get(node as usize).map_or(u64::MAX, |node| node.count.into())
    }

    fn report(&mut self) -> Result<()> {
        self.work = 0;
        self.budget.report(self.found.rules.len(), &mut self.reported)
    }

    /// Brings the path to a node: from the one before it, or from the root.
    fn go_to(&mut self, node: u32) {
        let parent = self.nodes[node as usize].parent;
        while self.path.last().is_some_and(|&last| last != parent) {
            self.path.pop();
            self.items.pop();
        }
        if self.path.is_empty() && parent != ROOT {
            self.go_to(parent);
        }
        let length = self.path.len() + 1;
        let item = self.nodes[node as usize].item;
        if self.barred >= length {
            self.barred = if self.limits.bars(item) { length } else { usize::MAX };
        }
        if self.less.len() < length {
            self.less.push(Vec::new());
        }
        let mut row = std::mem::take(&mut self.less[length - 1]);
        row.clear();
        if length > 1 {
            row.extend(self.less[length - 2].iter().map(|&node| self.child(node, item)));
        }
        row.push(parent);
        self.less[length - 1] = row;
        self.path.push(node);
        self.items.push(item);
    }

    /// The rules of the set at the end of the path.
    fn split(&mut self, node: u32, least: Share) -> Result<()> {
        self.found.examined = self
            .found
            .examined
            .saturating_add(self.limits.splits(self.limits.room(self.items.iter().copied())));
        self.limit = least.whole_of(self.count(node));
        self.can_go.clear();
        let mut movable = 0;
        for (&item, &rest) in self.items.iter().zip(&self.less[self.path.len() - 1]) {
            let can_go = self.limits.may(item, CONSEQUENT) && self.count(rest) <= self.limit;
            if !can_go && !self.limits.may(item, ANTECEDENT) {
                return Ok(());
            }
            self.can_go.push(can_go);
            movable += usize::from(can_go);
        }
        self.work += 1;
        if movable == 0 { Ok(()) } else { self.part(0, None, ROOT, 0) }
    }

    /// Splits from an item on. As long as the consequent is empty, the antecedent is the path itself (`None`).
    fn part(&mut self, place: usize, antecedent: Option<u32>, consequent: u32, size: usize) -> Result<()> {
        let length = self.items.len();
        let at = |place: usize| if place == 0 { ROOT } else { self.path[place - 1] };
        let antecedent_here = antecedent.unwrap_or_else(|| at(place));
        if place == length {
            let large = (length - size) as u64 > self.most[ANTECEDENT];
            if size > 0
                && size < length
                && !large
                && self.count(antecedent_here) <= self.limit
                && consequent != NONE
            {
                self.found.rules.push([antecedent_here, consequent, self.path[length - 1]]);
            }
            self.work += 1;
            return if self.work < TICK { Ok(()) } else { self.report() };
        }
        let item = self.items[place];
        if self.can_go[place] && (size as u64) < self.most[CONSEQUENT] {
            let next = self.child(consequent, item);
            self.part(place + 1, Some(antecedent_here), next, size + 1)?;
        }
        if self.limits.may(item, ANTECEDENT) {
            let next = antecedent.map(|node| self.child(node, item));
            self.part(place + 1, next, consequent, size)?;
        }
        Ok(())
    }
}
