//! The itemsets found, and the support of any set.

pub(super) mod branches;
mod explain;
mod superset;
pub(super) mod trie;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use self::superset::Supersets;
use self::trie::{Children, Node};
use super::mine::Kind;
use super::rules::RuleSearch;
use crate::error::{Error, Result};
use crate::transactions::{Id, Labels};
use crate::watch::{Unwatched, Watch};

/// Sets between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// Sets of items that many baskets hold, as [`Mine`](super::Mine) found them.
///
/// Sets take 12 bytes each and are decoded when they are read. Their order depends on the data alone: it is the
/// same for any number of threads and any order of the baskets.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Itemsets {
    n_baskets: u64,
    min_count: u64,
    kind: Kind,
    max_length: Option<u64>,
    /// The items, the most frequent first.
    items: Labels,
    nodes: Vec<Node>,
    #[serde(skip)]
    len: usize,
    #[serde(skip)]
    lookup: OnceLock<Lookup>,
}

/// The way to a set's support.
#[derive(Debug, Clone)]
enum Lookup {
    Trie(Children),
    Closed(Supersets),
}

impl PartialEq for Itemsets {
    fn eq(&self, other: &Self) -> bool {
        let all = |x: &Self| (x.n_baskets, x.min_count, x.kind, x.max_length);
        all(self) == all(other) && self.items == other.items && self.nodes == other.nodes
    }
}

impl Itemsets {
    pub(in crate::association) fn new(
        n_baskets: u64,
        min_count: u64,
        kind: Kind,
        max_length: Option<u64>,
        items: Labels,
        nodes: Vec<Node>,
    ) -> Self {
        let len = nodes.iter().filter(|node| node.count > 0).count();
        Self { n_baskets, min_count, kind, max_length, items, nodes, len, lookup: OnceLock::new() }
    }

    /// Number of itemsets.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of baskets searched, empty ones included.
    pub fn n_baskets(&self) -> u64 {
        self.n_baskets
    }

    /// The least number of baskets an itemset is in.
    pub fn min_count(&self) -> u64 {
        self.min_count
    }

    /// Which of the frequent itemsets these are.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The largest number of items that was asked for, if it was limited.
    pub fn max_length(&self) -> Option<u64> {
        self.max_length
    }

    /// The frequent items, the most frequent first.
    pub fn items(&self) -> &Labels {
        &self.items
    }

    /// The itemsets.
    pub fn iter(&self) -> impl Iterator<Item = Itemset<'_>> {
        let sets = (0..).zip(&self.nodes).filter(|(_, node)| node.count > 0);
        sets.map(|(node, _)| Itemset { itemsets: self, node })
    }

    /// The itemsets with the most frequent first; those in equally many baskets as [`Itemsets::iter`] has them.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn by_count(&self, watch: &dyn Watch) -> Result<Vec<Itemset<'_>>> {
        // Counting sort: its places first count the sets in more baskets, then move on as they are filled.
        let most = self.nodes.iter().map(|node| node.count).max().unwrap_or(0);
        let mut places = vec![0_usize; most as usize + 1];
        for nodes in self.nodes.chunks(STRIDE) {
            watch.check()?;
            nodes.iter().for_each(|node| places[(most - node.count) as usize] += 1);
        }
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        let mut sets = vec![Itemset { itemsets: self, node: 0 }; self.len];
        for (done, set) in self.iter().enumerate() {
            if done % STRIDE == 0 {
                watch.check()?;
            }
            let place = &mut places[(u64::from(most) - set.count()) as usize];
            sets[*place] = set;
            *place += 1;
        }
        Ok(sets)
    }

    /// In how many baskets a set of items is, if these itemsets tell: any frequent set from frequent or closed
    /// itemsets, the set itself from the other kinds. The empty set is in every basket.
    pub fn count_of<'a>(&self, set: impl IntoIterator<Item = impl Into<Id<'a>>>) -> Option<u64> {
        let mut numbers = Vec::new();
        for id in set {
            let id = id.into();
            numbers.push(self.items.iter().position(|label| label == id)? as u32);
        }
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        numbers.dedup();
        if numbers.is_empty() { Some(self.n_baskets) } else { self.count(&numbers).map(u64::from) }
    }

    /// Makes the look-up of supports, once.
    pub(in crate::association) fn index(&self, watch: &dyn Watch) -> Result<()> {
        if self.lookup.get().is_none() {
            let lookup = match self.kind {
                Kind::Closed => Lookup::Closed(Supersets::new(&self.nodes, self.items.len(), watch)?),
                _ => Lookup::Trie(Children::new(&self.nodes, watch)?),
            };
            // Another thread may have been faster, with the same.
            let _ = self.lookup.set(lookup);
        }
        Ok(())
    }

    /// In how many baskets a set of items is, given by their numbers in descending order.
    pub(in crate::association) fn count(&self, set: &[u32]) -> Option<u32> {
        self.index(&Unwatched).ok()?;
        let lookup = self.lookup.get()?;
        let (node, is_itself) = match lookup {
            Lookup::Trie(children) => (children.find(&self.nodes, set.iter().copied())?, true),
            Lookup::Closed(supersets) => {
                let node = supersets.most_frequent(set)?;
                (node, trie::path(&self.nodes, node).count() == set.len())
            }
        };
        // With a limited length the closure may have been left out, and another superset found.
        let count = self.nodes[node as usize].count;
        (count > 0 && (is_itself || self.max_length.is_none())).then_some(count)
    }

    /// The association rules between the parts of each itemset; see [`RuleSearch`].
    pub fn rules(&self) -> RuleSearch<'_> {
        RuleSearch::new(self)
    }

    pub(in crate::association) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

/// One itemset.
#[derive(Debug, Clone, Copy)]
pub struct Itemset<'a> {
    itemsets: &'a Itemsets,
    node: u32,
}

impl<'a> Itemset<'a> {
    /// The items, in the order of their ids.
    pub fn items(&self) -> Vec<Id<'a>> {
        let mut ids: Vec<Id<'a>> = trie::path(&self.itemsets.nodes, self.node)
            .filter_map(|item| self.itemsets.items.get(item))
            .collect();
        ids.sort_unstable();
        ids
    }

    /// Number of items.
    pub fn length(&self) -> usize {
        trie::path(&self.itemsets.nodes, self.node).count()
    }

    /// In how many baskets the set is.
    pub fn count(&self) -> u64 {
        self.itemsets.nodes[self.node as usize].count.into()
    }

    /// The share of all baskets that hold the set.
    pub fn support(&self) -> f64 {
        self.count() as f64 / self.itemsets.n_baskets as f64
    }
}

/// What is written; the rest follows from it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    n_baskets: u64,
    min_count: u64,
    kind: Kind,
    max_length: Option<u64>,
    items: Labels,
    nodes: Vec<Node>,
}

impl TryFrom<Stored> for Itemsets {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        if s.nodes.len() >= trie::ROOT as usize {
            return Err(Error::InvalidModel { what: "itemsets".into(), problem: "too many sets".into() });
        }
        trie::check(&s.nodes, s.items.len(), s.n_baskets, s.kind != Kind::Closed)?;
        Ok(Self::new(s.n_baskets, s.min_count, s.kind, s.max_length, s.items, s.nodes))
    }
}
