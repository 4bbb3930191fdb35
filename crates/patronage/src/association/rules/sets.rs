//! The sets that rules are made of.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::association::itemsets::branches::Branches;
use crate::association::itemsets::trie::{self, Node, ROOT};
use crate::transactions::{Id, Labels};
use crate::watch::Unwatched;

/// Sets as a prefix trie, in which rules point at their sides.
#[derive(Debug)]
pub(in crate::association) struct Sets {
    /// The items, by the numbers that the nodes have.
    pub items: Labels,
    pub nodes: Vec<Node>,
    /// Whether every part of every set is there: so it is among all frequent itemsets.
    pub complete: bool,
    /// Whether sets beyond some length were left out.
    pub limited: bool,
    /// For each item its place among the items in the order of their ids.
    places: Vec<u32>,
    /// The items in that order.
    order: Vec<u32>,
    branches: OnceLock<Branches>,
}

impl PartialEq for Sets {
    fn eq(&self, other: &Self) -> bool {
        (self.complete, self.limited) == (other.complete, other.limited)
            && self.items == other.items
            && self.nodes == other.nodes
    }
}

impl Sets {
    pub(in crate::association) fn new(
        items: Labels,
        nodes: Vec<Node>,
        complete: bool,
        limited: bool,
    ) -> Self {
        let ids: Vec<Id<'_>> = items.iter().collect();
        let mut order: Vec<u32> = (0..ids.len() as u32).collect();
        order.sort_unstable_by_key(|&item| ids[item as usize]);
        let mut places = vec![0; order.len()];
        (0..).zip(&order).for_each(|(place, &item)| places[item as usize] = place);
        Self { items, nodes, complete, limited, places, order, branches: OnceLock::new() }
    }

    /// In how many baskets a set is.
    pub fn count(&self, node: u32) -> u64 {
        self.nodes.get(node as usize).map_or(0, |node| node.count.into())
    }

    /// The numbers of a set's items, descending; ascending in frequency.
    pub fn numbers(&self, node: u32) -> Vec<u32> {
        let mut items: Vec<u32> = trie::path(&self.nodes, node).collect();
        items.sort_unstable_by(|a, b| b.cmp(a));
        items
    }

    /// The items of a set in the order of their ids.
    pub fn ids(&self, node: u32) -> Vec<Id<'_>> {
        let mut items: Vec<u32> = trie::path(&self.nodes, node).collect();
        items.sort_unstable_by_key(|&item| self.places.get(item as usize));
        items.into_iter().filter_map(|item| self.items.get(item)).collect()
    }

    /// Where an item stands in the order of the ids.
    pub fn place(&self, item: u32) -> u32 {
        self.places.get(item as usize).copied().unwrap_or(item)
    }

    /// The item that stands at a place in the order of the ids.
    pub fn item_at(&self, place: u32) -> Option<Id<'_>> {
        self.order.get(place as usize).and_then(|&item| self.items.get(item))
    }

    /// The number here of each of other labels.
    pub fn codes_of(&self, labels: &Labels) -> Vec<Option<u32>> {
        let numbers: FxHashMap<Id<'_>, u32> = self.items.iter().zip(0..).collect();
        labels.iter().map(|id| numbers.get(&id).copied()).collect()
    }

    /// The numbers of items given by their ids, descending and each once; `None` if there is none of one of them.
    pub fn numbers_of(&self, ids: &[Id<'_>]) -> Option<Vec<u32>> {
        let number = |id: &Id<'_>| self.items.iter().position(|label| label == *id).map(|place| place as u32);
        let mut numbers: Vec<u32> = ids.iter().map(number).collect::<Option<_>>()?;
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        numbers.dedup();
        Some(numbers)
    }

    /// The node of a set that is not empty.
    pub fn find(&self, ids: &[Id<'_>]) -> Option<u32> {
        let numbers = self.numbers_of(ids)?;
        self.branches().find(numbers).filter(|&node| node != ROOT)
    }

    /// The way down from each node; made once.
    pub fn branches(&self) -> &Branches {
        self.branches.get_or_init(|| Branches::new(&self.nodes, &Unwatched).unwrap_or_default())
    }

    /// The way down, made by a search that had it.
    pub(in crate::association) fn with_branches(self, branches: Branches) -> Self {
        let _ = self.branches.set(branches);
        self
    }
}
