//! The request for sequential patterns.

use super::patterns::{Limits, SequentialPatterns};
use super::search::{Request, search};
use super::sift::sift;
use crate::association::mine::Kind;
use crate::association::threshold::Support;
use crate::error::{Error, Result};
use crate::transactions::Sequences;
use crate::watch::{Unwatched, Watch};

/// A search for what many customers bought one after the other.
///
/// ```
/// use patronage::association::MineSequences;
/// use patronage::transactions::Sequences;
/// let sequences = Sequences::from_lists([
///     vec![vec!["tea"], vec!["bread", "milk"]],
///     vec![vec!["tea", "milk"], vec!["bread"], vec!["milk"]],
///     vec![vec!["milk"], vec!["tea"]],
/// ])?;
/// let patterns = MineSequences::new().min_support(2).run(&sequences)?;
/// assert_eq!(patterns.count_of([["tea"], ["milk"]]), Some(2));
/// assert_eq!(patterns.count_of([["milk"], ["tea"]]), None); // one customer is too few
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct MineSequences {
    min_support: Support,
    limits: Limits,
    max_patterns: u64,
}

impl Default for MineSequences {
    fn default() -> Self {
        Self {
            min_support: Support::Share(0.1),
            limits: Limits { kind: Kind::Frequent, max_length: None, max_gap: None, window: None },
            max_patterns: Self::MAX_PATTERNS,
        }
    }
}

impl MineSequences {
    /// The limit on the number of patterns unless another is set: ten million, about 120 MB.
    pub const MAX_PATTERNS: u64 = 10_000_000;

    /// A search for all patterns that at least 10 % of the customers support.
    pub fn new() -> Self {
        Self::default()
    }

    /// The least support: a share of all customers in (0, 1] (a float) or a number of customers from 1 (an integer).
    pub fn min_support(self, min_support: impl Into<Support>) -> Self {
        Self { min_support: min_support.into(), ..self }
    }

    /// Which of the frequent patterns to find: [`Kind::Closed`] leaves out those that a longer pattern around them
    /// matches in support, [`Kind::Maximal`] those with a frequent pattern around them. There are no generators.
    pub fn kind(self, kind: Kind) -> Self {
        Self { limits: Limits { kind, ..self.limits }, ..self }
    }

    /// Leaves out patterns of more items, over all elements; at least 1. What is closed or maximal is decided among
    /// all patterns, before.
    pub fn max_length(self, items: u64) -> Self {
        Self { limits: Limits { max_length: Some(items), ..self.limits }, ..self }
    }

    /// The longest time between an element and the next: in days, or steps where baskets are only numbered.
    /// Only for frequent patterns.
    pub fn max_gap(self, days: u64) -> Self {
        Self { limits: Limits { max_gap: Some(days), ..self.limits }, ..self }
    }

    /// The longest time from the first element to the last: in days, or steps where baskets are only numbered.
    pub fn window(self, days: u64) -> Self {
        Self { limits: Limits { window: Some(days), ..self.limits }, ..self }
    }

    /// The largest number of patterns the search may find before it gives up; [`MineSequences::MAX_PATTERNS`] unless
    /// set. For closed and maximal patterns it bounds the frequent ones that they are sifted out of.
    pub fn max_patterns(self, patterns: u64) -> Self {
        Self { max_patterns: patterns, ..self }
    }

    /// Searches.
    ///
    /// # Errors
    /// A support or limit outside its range; generators; closed or maximal patterns with a gap;
    /// [`Error::LimitExceeded`] with a support that would fit.
    pub fn run(&self, sequences: &Sequences) -> Result<SequentialPatterns> {
        self.run_watched(sequences, &Unwatched)
    }

    /// Searches, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`MineSequences::run`]; [`Error::Cancelled`].
    pub fn run_watched(&self, sequences: &Sequences, watch: &dyn Watch) -> Result<SequentialPatterns> {
        self.check()?;
        let n = sequences.len() as u64;
        let min_count = self.min_support.of(n)?;
        let Limits { kind, max_length, max_gap, window } = self.limits;
        // One item more tells which of the longest patterns are closed.
        let room = max_length.unwrap_or(u64::MAX).saturating_add(u64::from(kind != Kind::Frequent));
        let span = |days: Option<u64>| {
            days.map_or(u64::MAX, |days| days.saturating_mul(sequences.grain().unit() as u64))
        };
        let request = |min_count: u64| Request {
            // No count of customers reaches what does not fit.
            min_count: u32::try_from(min_count).unwrap_or(u32::MAX),
            max_length: usize::try_from(room).unwrap_or(usize::MAX),
            max_gap: span(max_gap),
            window: span(window),
            max_patterns: self.max_patterns,
        };
        let Some(found) = search(sequences, &request(min_count), watch)? else {
            let fits = |count: u64| Ok(search(sequences, &request(count), &Silent(watch))?.is_some());
            return Err(self.too_many(n, min_count, fits)?);
        };
        let nodes = sift(found.nodes, kind, max_length, watch)?;
        let items = sequences.items().take(&found.codes);
        Ok(SequentialPatterns::new(n, min_count, sequences.grain(), self.limits, items, nodes))
    }

    fn check(&self) -> Result<()> {
        if self.limits.max_length == Some(0) {
            return Err(Error::parameter("max_length", 0, "at least 1, or none for no limit"));
        }
        for (name, days) in [("max_gap", self.limits.max_gap), ("window", self.limits.window)] {
            if days == Some(0) {
                return Err(Error::parameter(name, 0, "at least 1, or none for no limit"));
            }
        }
        if !(1..u64::from(u32::MAX)).contains(&self.max_patterns) {
            return Err(Error::parameter(
                "max_patterns",
                self.max_patterns,
                "a number from 1 to 4,294,967,294",
            ));
        }
        match self.limits.kind {
            Kind::Generators => {
                Err(Error::parameter("kind", "generators", "'frequent', 'closed' or 'maximal'"))
            }
            // An element in between may bring two baskets within the gap: then a longer pattern has more support
            // than a part of it, and closed and maximal mean nothing.
            Kind::Closed | Kind::Maximal if self.limits.max_gap.is_some() => {
                Err(Error::parameter("kind", self.limits.kind.name(), "'frequent' where there is a max_gap"))
            }
            _ => Ok(()),
        }
    }

    /// The error that names a support with few enough patterns: found by halving the range while it is wide.
    fn too_many(&self, n: u64, min_count: u64, fits: impl Fn(u64) -> Result<bool>) -> Result<Error> {
        let (mut low, mut high) = (min_count, n + 1);
        while high - low > 1 + low / 8 {
            let middle = (u128::from(low) * u128::from(high)).isqrt() as u64;
            let middle = middle.clamp(low + 1, high - 1);
            if fits(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        let mend = if high <= n {
            format!("a min_support of {high} customers fits; otherwise raise max_patterns or set max_length")
        } else {
            "raise max_patterns or set max_length".into()
        };
        Ok(Error::LimitExceeded {
            what: format!("the number of sequential patterns of at least {min_count} of {n} customers"),
            limit: self.max_patterns,
            mend,
        })
    }
}

/// A watch without progress: for trials after the bar has run through.
struct Silent<'a>(&'a dyn Watch);

impl Watch for Silent<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
