//! Pairs of items that are bought together more or less often than chance would have it.
//!
//! Every pair of frequent items is weighed, whether or not it is frequent itself: rare pairs of a high lift, and
//! pairs that few or no baskets hold although both items are common.
//!
//! A lift below 1 alone makes no substitutes: two brands of a product may be bought by different customers, on
//! different days, or in different stores, and small baskets hold few pairs of any kind. Look at the pairs among
//! baskets of similar size, and at what customers buy over time, before two items are called substitutes.

mod search;
mod significance;
mod words;

use serde::{Deserialize, Serialize};

use self::search::{Pair, Request, search};
use super::rules::{Counts, Measure};
use super::threshold::{Decimal, Support};
use crate::error::{Error, Result};
use crate::transactions::{Baskets, Id, Labels};
use crate::watch::{Unwatched, Watch};

/// A search for pairs of items.
///
/// ```
/// use patronage::association::{Baskets, MinePairs};
/// let baskets = Baskets::from_lists([
///     vec!["cola", "crisps"], vec!["cola", "crisps"], vec!["cola"], vec!["lemonade", "crisps"], vec!["lemonade"],
/// ])?;
/// let pairs = MinePairs::new().max_lift(0.5).run(&baskets)?;
/// let pair = pairs.get(0).ok_or(patronage::Error::Cancelled)?;
/// assert_eq!(pair.items().map(|id| id.to_string()), ["cola", "lemonade"]);
/// assert_eq!((pair.count(), pair.expected()), (0, 1.2)); // 3 × 2 of 5 baskets
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct MinePairs {
    min_item_support: Support,
    min_count: u64,
    min_expected: f64,
    min_lift: Option<f64>,
    max_lift: Option<f64>,
    max_pairs: u64,
}

impl Default for MinePairs {
    fn default() -> Self {
        Self {
            min_item_support: Support::Share(0.01),
            min_count: 0,
            min_expected: 0.0,
            min_lift: None,
            max_lift: None,
            max_pairs: Self::MAX_PAIRS,
        }
    }
}

impl MinePairs {
    /// The limit on the number of pairs unless another is set: ten million, about 120 MB.
    pub const MAX_PAIRS: u64 = 10_000_000;

    /// A search for all pairs of items that are each in at least 1 % of the baskets.
    pub fn new() -> Self {
        Self::default()
    }

    /// The least support of each item: a share of all baskets in (0, 1] (a float) or a number of baskets from 1.
    pub fn min_item_support(self, min_item_support: impl Into<Support>) -> Self {
        Self { min_item_support: min_item_support.into(), ..self }
    }

    /// The least number of baskets that hold both; 0 unless set.
    pub fn min_count(self, baskets: u64) -> Self {
        Self { min_count: baskets, ..self }
    }

    /// The least number of baskets that chance would have hold both, from 0: where it is small, having none says
    /// nothing. Five is a usual choice.
    pub fn min_expected(self, baskets: f64) -> Self {
        Self { min_expected: baskets, ..self }
    }

    /// Keeps pairs of at least this lift: complements. With [`MinePairs::max_lift`] too, pairs of either kind.
    pub fn min_lift(self, lift: f64) -> Self {
        Self { min_lift: Some(lift), ..self }
    }

    /// Keeps pairs of at most this lift: what is seldom bought together.
    pub fn max_lift(self, lift: f64) -> Self {
        Self { max_lift: Some(lift), ..self }
    }

    /// The largest number of pairs the search may keep before it gives up; [`MinePairs::MAX_PAIRS`] unless set.
    pub fn max_pairs(self, pairs: u64) -> Self {
        Self { max_pairs: pairs, ..self }
    }

    /// Searches.
    ///
    /// # Errors
    /// A parameter outside its range; [`Error::LimitExceeded`].
    pub fn run(&self, baskets: &Baskets) -> Result<ItemPairs> {
        self.run_watched(baskets, &Unwatched)
    }

    /// Searches, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`MinePairs::run`]; [`Error::Cancelled`].
    pub fn run_watched(&self, baskets: &Baskets, watch: &dyn Watch) -> Result<ItemPairs> {
        let n = baskets.len() as u64;
        let number = |name: &str, value: f64| {
            Decimal::new(value).ok_or_else(|| Error::parameter(name, value, "a finite number from 0"))
        };
        let min_item_count = self.min_item_support.of(n).map_err(|error| match error {
            Error::InvalidParameter { value, expected, .. } => {
                Error::InvalidParameter { name: "min_item_support".into(), value, expected }
            }
            other => other,
        })?;
        let request = Request {
            n,
            min_item_count,
            min_count: self.min_count,
            min_expected: number("min_expected", self.min_expected)?,
            min_lift: self.min_lift.map(|lift| number("min_lift", lift)).transpose()?,
            max_lift: self.max_lift.map(|lift| number("max_lift", lift)).transpose()?,
            max_pairs: self.max_pairs,
        };
        let found = search(baskets, &request, watch)?.ok_or_else(|| Error::LimitExceeded {
            what: format!("the number of pairs of items in at least {min_item_count} of {n} baskets"),
            limit: self.max_pairs,
            mend: "raise min_item_support, min_count, min_expected or min_lift, lower max_lift, or raise max_pairs"
                .into(),
        })?;
        let items = baskets.labels().take(&found.codes);
        Ok(ItemPairs {
            n_baskets: n,
            min_item_count,
            tested: found.tested,
            items,
            item_counts: found.counts,
            pairs: found.pairs,
        })
    }
}

/// Pairs of items, those whose count is farthest from chance first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct ItemPairs {
    n_baskets: u64,
    min_item_count: u64,
    tested: u64,
    /// The frequent items.
    items: Labels,
    /// Baskets of each.
    item_counts: Vec<u32>,
    /// Two items and the baskets that hold both.
    pairs: Vec<Pair>,
}

impl ItemPairs {
    /// Number of pairs kept.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Number of baskets searched, empty ones included.
    pub fn n_baskets(&self) -> u64 {
        self.n_baskets
    }

    /// The least number of baskets that each item is in.
    pub fn min_item_count(&self) -> u64 {
        self.min_item_count
    }

    /// How many pairs of frequent items were weighed: the number of tests, if pairs are picked by a p-value.
    pub fn tested(&self) -> u64 {
        self.tested
    }

    /// The frequent items, in the order of their ids.
    pub fn items(&self) -> &Labels {
        &self.items
    }

    /// A pair by its place.
    pub fn get(&self, index: usize) -> Option<ItemPair<'_>> {
        (index < self.len()).then_some(ItemPair { pairs: self, index })
    }

    /// The pairs.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ItemPair<'_>> {
        (0..self.len()).map(|index| ItemPair { pairs: self, index })
    }
}

/// One pair.
#[derive(Debug, Clone, Copy)]
pub struct ItemPair<'a> {
    pairs: &'a ItemPairs,
    index: usize,
}

impl<'a> ItemPair<'a> {
    /// Both items, in the order of their ids.
    pub fn items(self) -> [Id<'a>; 2] {
        let (a, b, _) = self.pairs.pairs[self.index];
        [a, b].map(|item| self.pairs.items.get(item).unwrap_or(Id::Text("")))
    }

    /// Baskets with the first item.
    pub fn count_a(self) -> u64 {
        self.pairs.item_counts[self.pairs.pairs[self.index].0 as usize].into()
    }

    /// Baskets with the second item.
    pub fn count_b(self) -> u64 {
        self.pairs.item_counts[self.pairs.pairs[self.index].1 as usize].into()
    }

    /// Baskets with both.
    pub fn count(self) -> u64 {
        self.pairs.pairs[self.index].2.into()
    }

    /// Baskets that would hold both if the items were independent.
    pub fn expected(self) -> f64 {
        (self.count_a() * self.count_b()) as f64 / self.pairs.n_baskets as f64
    }

    /// The value of a measure of the rule from the first item to the second.
    pub fn measure(self, measure: Measure) -> f64 {
        let counts = Counts::new(self.pairs.n_baskets, self.count_a(), self.count_b(), self.count());
        counts.map_or(f64::NAN, |counts| counts.measure(measure))
    }

    pub(super) fn n_baskets(self) -> u64 {
        self.pairs.n_baskets
    }
}

/// What is written, checked when it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    n_baskets: u64,
    min_item_count: u64,
    tested: u64,
    items: Labels,
    item_counts: Vec<u32>,
    pairs: Vec<Pair>,
}

impl TryFrom<Stored> for ItemPairs {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        let wrong = |problem: &str| {
            Err(Error::InvalidModel { what: "pairs of items".into(), problem: problem.into() })
        };
        if s.items.len() != s.item_counts.len() {
            return wrong("columns that do not belong together");
        }
        let count = |item: u32| s.item_counts.get(item as usize).map(|&count| u64::from(count));
        for &(a, b, both) in &s.pairs {
            let (Some(count_a), Some(count_b)) = (count(a), count(b)) else {
                return wrong("an item without a label");
            };
            if a >= b || Counts::new(s.n_baskets, count_a, count_b, both.into()).is_err() {
                return wrong("counts that cannot be");
            }
        }
        let Stored { n_baskets, min_item_count, tested, items, item_counts, pairs } = s;
        Ok(Self { n_baskets, min_item_count, tested, items, item_counts, pairs })
    }
}
