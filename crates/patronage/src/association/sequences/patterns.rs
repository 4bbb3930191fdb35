//! The patterns found, and the support of any of them.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::rules::SequentialRules;
use super::steps::{self, Children, Node, Step};
use crate::association::mine::Kind;
use crate::error::{Error, Result};
use crate::transactions::{Grain, Id, Labels};
use crate::watch::{Unwatched, Watch};

/// Which of the frequent patterns were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub kind: Kind,
    pub max_length: Option<u64>,
    pub max_gap: Option<u64>,
    pub window: Option<u64>,
}

/// What many customers bought one after the other, as [`MineSequences`](super::MineSequences) found it.
///
/// Patterns take 12 bytes each and are decoded when they are read. Their order depends on the data alone: it is the
/// same for any number of threads and any order of the rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct SequentialPatterns {
    n_customers: u64,
    min_count: u64,
    grain: Grain,
    limits: Limits,
    /// The frequent items, in the order of their ids.
    items: Labels,
    nodes: Vec<Node>,
    #[serde(skip)]
    len: usize,
    #[serde(skip)]
    children: OnceLock<Children>,
}

impl PartialEq for SequentialPatterns {
    fn eq(&self, other: &Self) -> bool {
        let all = |x: &Self| (x.n_customers, x.min_count, x.grain, x.limits);
        all(self) == all(other) && self.items == other.items && self.nodes == other.nodes
    }
}

impl SequentialPatterns {
    pub(super) fn new(
        n_customers: u64,
        min_count: u64,
        grain: Grain,
        limits: Limits,
        items: Labels,
        nodes: Vec<Node>,
    ) -> Self {
        let len = nodes.iter().filter(|node| node.count > 0).count();
        Self { n_customers, min_count, grain, limits, items, nodes, len, children: OnceLock::new() }
    }

    /// Number of patterns.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of customers searched, those without a basket included.
    pub fn n_customers(&self) -> u64 {
        self.n_customers
    }

    /// The least number of customers who support a pattern.
    pub fn min_count(&self) -> u64 {
        self.min_count
    }

    /// What parts one basket from the next.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// Which of the frequent patterns these are.
    pub fn kind(&self) -> Kind {
        self.limits.kind
    }

    /// The largest number of items that was asked for, if it was limited.
    pub fn max_length(&self) -> Option<u64> {
        self.limits.max_length
    }

    /// The longest time between neighbouring elements, in days or steps, if it was limited.
    pub fn max_gap(&self) -> Option<u64> {
        self.limits.max_gap
    }

    /// The longest time from the first element to the last, in days or steps, if it was limited.
    pub fn window(&self) -> Option<u64> {
        self.limits.window
    }

    /// The frequent items, in the order of their ids.
    pub fn items(&self) -> &Labels {
        &self.items
    }

    /// The patterns.
    pub fn iter(&self) -> impl Iterator<Item = Pattern<'_>> {
        let patterns = (0..).zip(&self.nodes).filter(|(_, node)| node.count > 0);
        patterns.map(|(node, _)| Pattern { patterns: self, node })
    }

    /// The patterns with the most frequent first; those of equally many customers as [`SequentialPatterns::iter`]
    /// has them.
    pub fn by_count(&self) -> Vec<Pattern<'_>> {
        let mut patterns: Vec<Pattern<'_>> = self.iter().collect();
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.count()));
        patterns
    }

    /// How many customers support a pattern, if it is one of these: a list of elements, each a list of items of one
    /// basket. All customers support the pattern without elements.
    pub fn count_of<'a, P, E, I>(&self, pattern: P) -> Option<u64>
    where
        P: IntoIterator<Item = E>,
        E: IntoIterator<Item = I>,
        I: Into<Id<'a>>,
    {
        let mut path = Vec::new();
        for element in pattern {
            let mut numbers =
                element.into_iter().map(|id| self.number(id.into())).collect::<Option<Vec<u32>>>()?;
            numbers.sort_unstable();
            numbers.dedup();
            path.extend(numbers.iter().enumerate().map(|(place, &item)| Step::new(item, place == 0)));
        }
        if path.is_empty() { Some(self.n_customers) } else { self.count(path) }
    }

    /// The number of an item.
    fn number(&self, id: Id<'_>) -> Option<u32> {
        let place = match (&self.items, id) {
            (Labels::Ints(ids), Id::Int(id)) => ids.binary_search(&id),
            (Labels::Texts(ids), Id::Text(id)) => ids.binary_search_by(|label| label.as_str().cmp(id)),
            _ => return None,
        };
        place.ok().map(|place| place as u32)
    }

    /// How many customers support the pattern of some steps, if it is one of these.
    pub(super) fn count(&self, path: impl IntoIterator<Item = Step>) -> Option<u64> {
        let children = self.index(&Unwatched).ok()?;
        let node = children.find(&self.nodes, None, path)?;
        let count = self.nodes[node as usize].count;
        (count > 0).then_some(count.into())
    }

    /// Makes the look-up of patterns, once.
    pub(super) fn index(&self, watch: &dyn Watch) -> Result<&Children> {
        if let Some(children) = self.children.get() {
            return Ok(children);
        }
        let children = Children::new(&self.nodes, watch)?;
        Ok(self.children.get_or_init(|| children))
    }

    /// The rules "bought this, later that": the elements of each pattern but the last lead to the last. Without
    /// `repeats`, those whose last element has an item of the others are left out.
    ///
    /// # Errors
    /// Closed or maximal patterns, which do not tell the support of every part; a confidence outside [0, 1];
    /// [`Error::Cancelled`].
    pub fn rules(&self, min_confidence: f64, repeats: bool, watch: &dyn Watch) -> Result<SequentialRules> {
        SequentialRules::of(self, min_confidence, repeats, watch)
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

/// One pattern.
#[derive(Debug, Clone, Copy)]
pub struct Pattern<'a> {
    patterns: &'a SequentialPatterns,
    node: u32,
}

impl<'a> Pattern<'a> {
    /// The elements in the order of time; the items of each in the order of their ids.
    pub fn elements(self) -> Vec<Vec<Id<'a>>> {
        elements(&self.patterns.items, &steps::path(&self.patterns.nodes, self.node))
    }

    /// Number of items, over all elements.
    pub fn length(self) -> usize {
        steps::path(&self.patterns.nodes, self.node).len()
    }

    /// How many customers support the pattern.
    pub fn count(self) -> u64 {
        self.patterns.nodes[self.node as usize].count.into()
    }

    /// Their share among all customers.
    pub fn support(self) -> f64 {
        self.count() as f64 / self.patterns.n_customers as f64
    }

    pub(super) fn patterns(self) -> &'a SequentialPatterns {
        self.patterns
    }
}

/// The elements that steps make.
pub(super) fn elements<'a>(items: &'a Labels, steps: &[Step]) -> Vec<Vec<Id<'a>>> {
    let of_one = |element: &[Step]| element.iter().filter_map(|step| items.get(step.item())).collect();
    steps.chunk_by(|_, next| !next.later()).map(of_one).collect()
}

/// What is written; the rest follows from it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    n_customers: u64,
    min_count: u64,
    grain: Grain,
    limits: Limits,
    items: Labels,
    nodes: Vec<Node>,
}

impl TryFrom<Stored> for SequentialPatterns {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        let in_order = match &s.items {
            Labels::Ints(ids) => ids.is_sorted_by(|a, b| a < b),
            Labels::Texts(ids) => ids.is_sorted_by(|a, b| a < b),
        };
        if !in_order {
            return Err(Error::InvalidModel {
                what: "patterns".into(),
                problem: "items that are not in order".into(),
            });
        }
        steps::check(&s.nodes, s.items.len(), s.n_customers, &Unwatched)?;
        Ok(Self::new(s.n_customers, s.min_count, s.grain, s.limits, s.items, s.nodes))
    }
}
