//! The request for itemsets.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::itemsets::{Asked, Itemsets};
use super::limits::Limited;
use super::miner::{self, Bounds};
use super::plan::Plan;
use super::threshold::Support;
use crate::error::{Error, Result};
use crate::transactions::{Baskets, Id};
use crate::watch::{Unwatched, Watch};

/// Which of the frequent itemsets to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// All of them.
    #[default]
    Frequent,
    /// Those that no superset matches in support: together they tell the support of every frequent set.
    Closed,
    /// Those without a frequent superset: the fewest sets that tell which sets are frequent.
    Maximal,
    /// Those that no proper subset matches in support, the empty set (which is in every basket) included.
    Generators,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Frequent, Self::Closed, Self::Maximal, Self::Generators];

    /// The kind by its name.
    ///
    /// # Errors
    /// A name that is none of `frequent`, `closed`, `maximal`, `generators`.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            Error::parameter("kind", format!("'{name}'"), "'frequent', 'closed', 'maximal' or 'generators'")
        })
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Frequent => "frequent",
            Self::Closed => "closed",
            Self::Maximal => "maximal",
            Self::Generators => "generators",
        }
    }
}

/// A search for the sets of items that many baskets hold.
///
/// ```
/// use patronage::association::{Baskets, Kind, Mine};
/// let baskets = Baskets::from_lists([
///     vec!["beer", "diapers", "baby powder", "bread", "umbrella"],
///     vec!["diapers", "baby powder"],
///     vec!["beer", "diapers", "milk"],
///     vec!["beer", "diapers", "detergent"],
///     vec!["beer", "milk", "cola"],
/// ])?;
/// let itemsets = Mine::new().min_support(0.4).run(&baskets)?;
/// assert_eq!(itemsets.len(), 7);
/// assert_eq!(itemsets.count_of(["beer", "diapers"]), Some(3));
/// let maximal = Mine::new().min_support(0.4).kind(Kind::Maximal).run(&baskets)?;
/// assert_eq!(maximal.len(), 3);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Mine<'a> {
    pub(super) target: Target,
    pub(super) kind: Kind,
    pub(super) min_length: u64,
    pub(super) max_length: Option<u64>,
    pub(super) only: Option<Vec<Id<'a>>>,
    pub(super) without: Vec<Id<'a>>,
    pub(super) containing: Vec<Id<'a>>,
    max_itemsets: u64,
    max_bytes: Option<u64>,
    max_seconds: Option<f64>,
}

/// Which sets are frequent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    Support(Support),
    /// By length, from 1.
    Border(Vec<Support>),
    Top(u64),
}

impl Default for Mine<'_> {
    fn default() -> Self {
        Self {
            target: Target::Support(Support::Share(0.01)),
            kind: Kind::Frequent,
            min_length: 1,
            max_length: None,
            only: None,
            without: Vec::new(),
            containing: Vec::new(),
            max_itemsets: Self::MAX_ITEMSETS,
            max_bytes: None,
            max_seconds: None,
        }
    }
}

impl<'a> Mine<'a> {
    /// The limit on the number of itemsets unless another is set: ten million, about 120 MB.
    pub const MAX_ITEMSETS: u64 = 10_000_000;

    /// A search for all sets that are in at least 1 % of the baskets.
    pub fn new() -> Self {
        Self::default()
    }

    /// The least support: a share of all baskets in (0, 1] (a float) or a number of baskets from 1 (an integer).
    pub fn min_support(self, min_support: impl Into<Support>) -> Self {
        Self { target: Target::Support(min_support.into()), ..self }
    }

    /// The least support of sets of 1, 2, 3 … items; the last goes for longer ones, too. Sets that are listed meet
    /// the support of their length; the parts of one are all there is to know about rules, listed or not.
    ///
    /// ```
    /// use patronage::association::{Baskets, Mine};
    /// let baskets = Baskets::from_lists([vec!["beer", "milk"], vec!["beer", "milk"], vec!["beer"], vec!["cola"]])?;
    /// let itemsets = Mine::new().min_supports([3, 2]).run(&baskets)?;
    /// assert_eq!(itemsets.iter().map(|set| set.count()).collect::<Vec<_>>(), [3, 2]); // beer; beer and milk
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn min_supports(self, by_length: impl IntoIterator<Item = impl Into<Support>>) -> Self {
        Self { target: Target::Border(by_length.into_iter().map(Into::into).collect()), ..self }
    }

    /// The most frequent sets instead of those above a support: so many, and those in as many baskets as the last.
    ///
    /// ```
    /// use patronage::association::{Baskets, Mine};
    /// let baskets = Baskets::from_lists([vec!["beer", "milk"], vec!["beer", "milk"], vec!["beer"], vec!["cola"]])?;
    /// let itemsets = Mine::new().top(1).min_length(2).run(&baskets)?;
    /// assert_eq!((itemsets.len(), itemsets.min_count()), (1, 2));
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn top(self, sets: u64) -> Self {
        Self { target: Target::Top(sets), ..self }
    }

    /// Which of the frequent sets to find.
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Leaves sets of fewer items out of the list; their supports are known all the same.
    pub fn min_length(self, items: u64) -> Self {
        Self { min_length: items, ..self }
    }

    /// Leaves out sets of more items, at least 1. What is closed or maximal is decided among all sets, before.
    pub fn max_length(self, items: u64) -> Self {
        Self { max_length: Some(items), ..self }
    }

    /// Searches only sets of these items. Supports stay shares of all baskets.
    pub fn only(self, items: impl IntoIterator<Item = impl Into<Id<'a>>>) -> Self {
        Self { only: Some(items.into_iter().map(Into::into).collect()), ..self }
    }

    /// Searches only sets without these items.
    pub fn without(self, items: impl IntoIterator<Item = impl Into<Id<'a>>>) -> Self {
        Self { without: items.into_iter().map(Into::into).collect(), ..self }
    }

    /// Searches only sets that contain all of these items, and only the baskets that do. What is closed is so among
    /// all sets; generators and maximal sets are not searched in this way.
    ///
    /// ```
    /// use patronage::association::{Baskets, Mine};
    /// let baskets = Baskets::from_lists([vec!["beer", "milk"], vec!["beer", "milk"], vec!["beer"], vec!["cola"]])?;
    /// let itemsets = Mine::new().min_support(2).containing(["milk"]).run(&baskets)?;
    /// assert_eq!(itemsets.len(), 2); // milk; beer and milk
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn containing(self, items: impl IntoIterator<Item = impl Into<Id<'a>>>) -> Self {
        Self { containing: items.into_iter().map(Into::into).collect(), ..self }
    }

    /// The largest number of sets to find; [`Mine::MAX_ITEMSETS`] unless set. A search that passes it gives up the
    /// least frequent items and says so: see [`Itemsets::limited`]. For maximal sets and generators it bounds the
    /// candidates.
    pub fn max_itemsets(self, sets: u64) -> Self {
        Self { max_itemsets: sets, ..self }
    }

    /// The largest number of bytes that the search may take for the baskets' frequent items and for the sets; no limit
    /// unless set. A set takes 24 while it is searched, and 12 in the end. As with [`Mine::max_itemsets`], what fits is
    /// found.
    pub fn max_bytes(self, bytes: u64) -> Self {
        Self { max_bytes: Some(bytes), ..self }
    }

    /// The time after which the search gives up the items not searched by then; no limit unless set. How far it comes
    /// depends on the machine. What was found is sifted after that, if maximal sets or generators are asked for.
    pub fn max_seconds(self, seconds: f64) -> Self {
        Self { max_seconds: Some(seconds), ..self }
    }

    /// Searches.
    ///
    /// # Errors
    /// A support, length or limit outside its range; items that no basket holds.
    pub fn run(&self, baskets: &Baskets) -> Result<Itemsets> {
        self.run_watched(baskets, &Unwatched)
    }

    /// Searches, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`Mine::run`]; [`Error::Cancelled`].
    pub fn run_watched(&self, baskets: &Baskets, watch: &dyn Watch) -> Result<Itemsets> {
        let plan = Plan::new(self, baskets, watch)?;
        let bounds = self.bounds()?;
        // A node is addressed by 32 bits: no limit of the user's lets it grow beyond.
        let bytes = Some(bounds.bytes.unwrap_or(u64::MAX).min(miner::MAX_BYTES));
        let found = plan.search(false, Bounds { bytes, ..bounds }, watch)?;
        let limited = plan.limited(&found, watch)?;
        let asked = Asked {
            n_baskets: baskets.len() as u64,
            min_count: plan.min_count(),
            kind: self.kind,
            max_length: self.max_length,
            least: plan.least(),
            contained: plan.n_given().min(found.codes.len()) as u64,
        };
        Ok(Itemsets::new(asked, limited, baskets.labels().take(&found.codes), found.nodes))
    }

    /// How many sets of each length the search would find, without keeping them: frequent or closed ones.
    ///
    /// ```
    /// use patronage::association::{Baskets, Mine};
    /// let baskets = Baskets::from_lists((0..10).map(|_| 0..30_i64))?;
    /// let counted = Mine::new().max_itemsets(u64::MAX).count(&baskets)?;
    /// assert_eq!(counted.total(), (1 << 30) - 1);
    /// assert_eq!(counted.by_length[1], 30 * 29 / 2);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Mine::run`]; maximal sets and generators, which are not known before they are kept.
    pub fn count(&self, baskets: &Baskets) -> Result<Counted> {
        self.count_watched(baskets, &Unwatched)
    }

    /// The same, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`Mine::count`]; [`Error::Cancelled`].
    pub fn count_watched(&self, baskets: &Baskets, watch: &dyn Watch) -> Result<Counted> {
        if !matches!(self.kind, Kind::Frequent | Kind::Closed) {
            let expected = "'frequent' or 'closed': others are not known before they are kept";
            return Err(Error::parameter("kind", format!("'{}'", self.kind.name()), expected));
        }
        if let Target::Border(_) = self.target {
            return Err(Error::parameter("min_support", "by length", "one support for sets of all lengths"));
        }
        let plan = Plan::new(self, baskets, watch)?;
        let found = plan.search(true, self.bounds()?, watch)?;
        let limited = plan.limited(&found, watch)?;
        let mut by_length: Vec<u64> = found.lengths.into_iter().skip(1).collect();
        by_length.iter_mut().take(plan.min_length() - 1).for_each(|sets| *sets = 0);
        Ok(Counted { by_length, min_count: plan.min_count(), limited })
    }

    fn bounds(&self) -> Result<Bounds> {
        let sets = self.max_itemsets;
        if sets == 0 {
            return Err(Error::parameter("max_itemsets", sets, "at least 1"));
        }
        if self.max_bytes == Some(0) {
            return Err(Error::parameter("max_bytes", 0, "at least 1, or none for no limit"));
        }
        let time = match self.max_seconds {
            None => None,
            Some(seconds) => {
                let end =
                    Duration::try_from_secs_f64(seconds).ok().and_then(|d| Instant::now().checked_add(d));
                let Some(end) = end else {
                    return Err(Error::parameter("max_seconds", seconds, "a positive number of seconds"));
                };
                Some((seconds, end))
            }
        };
        Ok(Bounds { sets, bytes: self.max_bytes, time })
    }
}

/// How many sets there are, by length.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The number of sets of 1, 2, 3 … items.
    pub by_length: Vec<u64>,
    /// The least number of baskets that a set is in.
    pub min_count: u64,
    /// How far the search came if it passed a limit.
    pub limited: Option<Limited>,
}

impl Counted {
    /// The number of all sets.
    pub fn total(&self) -> u64 {
        self.by_length.iter().fold(0, |sum, sets| sum.saturating_add(*sets))
    }
}
