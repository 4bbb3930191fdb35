//! The itemsets found, and the support of any set.

pub(super) mod branches;
mod explain;
pub(super) mod nodes;
mod superset;
pub(super) mod trie;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize, Serializer};

use self::nodes::Nodes;
use self::superset::Supersets;
use self::trie::{Children, Node};
use super::limits::Limited;
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
    /// The least count of a set to be listed, by length from 1; the last goes for longer sets, too. Empty: no more
    /// than the least count of all.
    least: Vec<u64>,
    /// How many items all sets were to contain; they are the last of the items.
    contained: u64,
    limited: Option<Limited>,
    /// The items, the most frequent first.
    items: Labels,
    #[serde(serialize_with = "write_nodes")]
    nodes: Nodes,
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
        let all = |x: &Self| {
            (x.n_baskets, x.min_count, x.kind, x.max_length, x.least.clone(), x.contained, x.limited)
        };
        all(self) == all(other) && self.items == other.items && self.nodes == other.nodes
    }
}

/// How itemsets were asked for.
pub(super) struct Asked {
    pub n_baskets: u64,
    pub min_count: u64,
    pub kind: Kind,
    pub max_length: Option<u64>,
    pub least: Vec<u64>,
    pub contained: u64,
}

impl Itemsets {
    pub(in crate::association) fn new(
        asked: Asked,
        limited: Option<Limited>,
        items: Labels,
        nodes: Nodes,
    ) -> Self {
        let Asked { n_baskets, min_count, kind, max_length, least, contained } = asked;
        let mut all = Self {
            n_baskets,
            min_count,
            kind,
            max_length,
            least,
            contained,
            limited,
            items,
            nodes,
            len: 0,
            lookup: OnceLock::new(),
        };
        all.len = match (kind, all.least.is_empty()) {
            // Every node is a set: they need not be looked at.
            (Kind::Frequent, true) if !all.nodes.has_steps() => all.nodes.len(),
            _ => all.iter().count(),
        };
        all
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

    /// Whether all sets were to contain certain items, so that the supports of other sets are not known.
    pub(in crate::association) fn contain_items(&self) -> bool {
        self.contained > 0
    }

    /// How far the search came if it passed a limit; otherwise these are all.
    pub fn limited(&self) -> Option<&Limited> {
        self.limited.as_ref()
    }

    /// The frequent items, the most frequent first.
    pub fn items(&self) -> &Labels {
        &self.items
    }

    /// The itemsets.
    pub fn iter(&self) -> impl Iterator<Item = Itemset<'_>> {
        let sets = (0..).zip(self.nodes()).filter(|&(node, _)| self.lists(node));
        sets.map(|(node, _)| Itemset { itemsets: self, node })
    }

    /// Whether a node is a set, and one to be listed.
    pub(in crate::association) fn lists(&self, node: u32) -> bool {
        let count = self.nodes()[node as usize].count;
        if count == 0 || self.least.is_empty() {
            return count > 0;
        }
        let length = trie::path(self.nodes(), node).count();
        let least = self.least.get(length - 1).or(self.least.last());
        least.is_none_or(|&least| u64::from(count) >= least)
    }

    /// The itemsets with the most frequent first; those in equally many baskets as [`Itemsets::iter`] has them.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn by_count(&self, watch: &dyn Watch) -> Result<Vec<Itemset<'_>>> {
        // Counting sort: its places first count the sets in more baskets, then move on as they are filled.
        let most = self.nodes().iter().map(|node| node.count).max().unwrap_or(0);
        let mut places = vec![0_usize; most as usize + 1];
        for (done, set) in self.iter().enumerate() {
            if done % STRIDE == 0 {
                watch.check()?;
            }
            places[(u64::from(most) - set.count()) as usize] += 1;
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
                Kind::Closed => Lookup::Closed(Supersets::new(self.nodes(), self.items.len(), watch)?),
                _ => Lookup::Trie(Children::new(self.nodes(), watch)?),
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
        let contained = (0..self.items.len() as u32).rev().take(self.contained as usize);
        if !set.iter().copied().take(self.contained as usize).eq(contained) {
            return None;
        }
        let (node, is_itself) = match lookup {
            Lookup::Trie(children) => (children.find(self.nodes(), set.iter().copied())?, true),
            Lookup::Closed(supersets) => {
                let node = supersets.most_frequent(set)?;
                (node, trie::path(self.nodes(), node).count() == set.len())
            }
        };
        // With a limited length the closure may have been left out, and another superset found.
        let count = self.nodes()[node as usize].count;
        (count > 0 && (is_itself || self.max_length.is_none())).then_some(count)
    }

    /// The association rules between the parts of each itemset; see [`RuleSearch`].
    pub fn rules(&self) -> RuleSearch<'_> {
        RuleSearch::new(self)
    }

    pub(in crate::association) fn nodes(&self) -> &[Node] {
        self.nodes.as_slice()
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
        let mut ids: Vec<Id<'a>> = trie::path(self.itemsets.nodes(), self.node)
            .filter_map(|item| self.itemsets.items.get(item))
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The place of each item in [`Itemsets::items`], in no particular order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + 'a {
        trie::path(self.itemsets.nodes(), self.node)
    }

    /// Number of items.
    pub fn length(&self) -> usize {
        trie::path(self.itemsets.nodes(), self.node).count()
    }

    /// In how many baskets the set is.
    pub fn count(&self) -> u64 {
        self.itemsets.nodes()[self.node as usize].count.into()
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
    #[serde(default)]
    least: Vec<u64>,
    #[serde(default)]
    contained: u64,
    #[serde(default)]
    limited: Option<Limited>,
    items: Labels,
    nodes: Vec<Node>,
}

fn write_nodes<S: Serializer>(nodes: &Nodes, to: S) -> std::result::Result<S::Ok, S::Error> {
    nodes.as_slice().serialize(to)
}

impl TryFrom<Stored> for Itemsets {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        if s.nodes.len() >= trie::ROOT as usize {
            return Err(Error::InvalidModel { what: "itemsets".into(), problem: "too many sets".into() });
        }
        trie::check(&s.nodes, s.items.len(), s.n_baskets, s.kind != Kind::Closed)?;
        let Stored { n_baskets, min_count, kind, max_length, least, contained, .. } = s;
        let asked = Asked { n_baskets, min_count, kind, max_length, least, contained };
        Ok(Self::new(asked, s.limited, s.items, s.nodes.into()))
    }
}
