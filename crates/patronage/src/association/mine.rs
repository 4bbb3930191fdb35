//! The request for itemsets.

use serde::{Deserialize, Serialize};

use super::itemsets::Itemsets;
use super::miner::{Request, search};
use super::threshold::Support;
use crate::error::{Error, Result};
use crate::transactions::Baskets;
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
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Mine {
    min_support: Support,
    kind: Kind,
    max_length: Option<u64>,
    max_itemsets: u64,
}

impl Default for Mine {
    fn default() -> Self {
        Self {
            min_support: Support::Share(0.01),
            kind: Kind::Frequent,
            max_length: None,
            max_itemsets: Self::MAX_ITEMSETS,
        }
    }
}

impl Mine {
    /// The limit on the number of itemsets unless another is set: ten million, about 120 MB.
    pub const MAX_ITEMSETS: u64 = 10_000_000;

    /// A search for all sets that are in at least 1 % of the baskets.
    pub fn new() -> Self {
        Self::default()
    }

    /// The least support: a share of all baskets in (0, 1] (a float) or a number of baskets from 1 (an integer).
    pub fn min_support(self, min_support: impl Into<Support>) -> Self {
        Self { min_support: min_support.into(), ..self }
    }

    /// Which of the frequent sets to find.
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// Leaves out sets of more items, at least 1. What is closed or maximal is decided among all sets, before.
    pub fn max_length(self, items: u64) -> Self {
        Self { max_length: Some(items), ..self }
    }

    /// The largest number of sets the search may find before it gives up; [`Mine::MAX_ITEMSETS`] unless set. For
    /// maximal sets and generators it bounds the candidates too.
    pub fn max_itemsets(self, sets: u64) -> Self {
        Self { max_itemsets: sets, ..self }
    }

    /// Searches.
    ///
    /// # Errors
    /// A support outside its range; [`Error::LimitExceeded`] with a support that would fit.
    pub fn run(&self, baskets: &Baskets) -> Result<Itemsets> {
        self.run_watched(baskets, &Unwatched)
    }

    /// Searches, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`Mine::run`]; [`Error::Cancelled`].
    pub fn run_watched(&self, baskets: &Baskets, watch: &dyn Watch) -> Result<Itemsets> {
        if self.max_length == Some(0) {
            return Err(Error::parameter("max_length", 0, "at least 1, or none for no limit"));
        }
        if !(1..=u64::from(u32::MAX - 1)).contains(&self.max_itemsets) {
            return Err(Error::parameter(
                "max_itemsets",
                self.max_itemsets,
                "a number from 1 to 4,294,967,294",
            ));
        }
        let n = baskets.len() as u64;
        let min_count = self.min_support.of(n)?;
        let at = |min_count: u64, watch: &dyn Watch| {
            let request = Request {
                kind: self.kind,
                // No basket count reaches what does not fit.
                min_count: u32::try_from(min_count).unwrap_or(u32::MAX),
                max_length: self
                    .max_length
                    .map_or(usize::MAX, |items| usize::try_from(items).unwrap_or(usize::MAX)),
                max_itemsets: self.max_itemsets,
            };
            search(baskets, &request, watch)
        };
        match at(min_count, watch)? {
            Some(found) => {
                let labels = baskets.labels().take(&found.codes);
                Ok(Itemsets::new(n, min_count, self.kind, self.max_length, labels, found.nodes))
            }
            None => Err(self.too_many(n, min_count, |count| Ok(at(count, &Silent(watch))?.is_some()))?),
        }
    }

    /// The error that names a support with few enough sets: found by halving the range while it is wide.
    fn too_many(&self, n: u64, min_count: u64, fits: impl Fn(u64) -> Result<bool>) -> Result<Error> {
        let (mut low, mut high) = (min_count, n + 1);
        while high - low > 1 + low / 8 {
            let middle = geometric_middle(low, high);
            if fits(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        let mend = if high <= n {
            format!("a min_support of {high} baskets fits; otherwise raise max_itemsets or set max_length")
        } else {
            "raise max_itemsets or set max_length".into()
        };
        Ok(Error::LimitExceeded {
            what: format!(
                "the number of {} itemsets in at least {min_count} of {n} baskets",
                self.kind.name()
            ),
            limit: self.max_itemsets,
            mend,
        })
    }
}

/// A number strictly between two others that are more than 1 apart.
fn geometric_middle(low: u64, high: u64) -> u64 {
    (u128::from(low) * u128::from(high)).isqrt().clamp(u128::from(low) + 1, u128::from(high) - 1) as u64
}

/// A watch without progress: for trials after the bar has run through.
struct Silent<'a>(&'a dyn Watch);

impl Watch for Silent<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
