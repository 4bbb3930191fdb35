//! From segments to decisions: whom to contact, whom under a budget, and what a test mailing is worth.
//!
//! A segment is contacted if its response rate times the margin of a response is more than a contact costs: above
//! the break-even response, cost / margin.
//!
//! ```
//! use patronage::decision::{Segment, Targeting, Verdict};
//! let plan = Targeting::new([
//!     Segment::new("champions", 2_000, 120, 40, "1.5"),
//!     Segment::new("loyal", 5_000, 200, 40, "1.5"),
//!     Segment::new("lost", 4_000, 40, 40, "1.5"),
//! ])
//! .solve(&patronage::watch::Unwatched)?;
//! let lost = &plan.segments[2];
//! assert_eq!(lost.break_even.to_string(), "3/80");
//! assert_eq!((lost.response.to_string(), lost.verdict), ("1/100".to_string(), Verdict::Leave));
//! assert_eq!(plan.profit.to_string(), "2300");
//! # Ok::<(), patronage::Error>(())
//! ```

mod budget;
mod check;
mod explain;
mod judge;
mod pooled;
mod stored;
mod test_mailing;

pub use judge::{TargetPlan, TargetSegment, Verdict};
pub use test_mailing::{TestMailing, TestSize};

use serde::{Deserialize, Serialize};

use super::number::Number;

/// A segment: who was contacted, who responded, what a response brings and what a contact costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// Customers who were contacted.
    pub n: Number,
    /// Those of them who responded.
    pub responders: Number,
    /// Customers who may be contacted now; `None` for as many as `n`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Number>,
    /// What a response brings, above 0.
    pub margin: Number,
    /// What a contact costs, from 0 up.
    pub cost: Number,
}

impl Segment {
    /// A segment from its counts, the margin of a response and the cost of a contact.
    pub fn new(
        name: impl Into<String>,
        n: impl Into<Number>,
        responders: impl Into<Number>,
        margin: impl Into<Number>,
        cost: impl Into<Number>,
    ) -> Self {
        Self {
            name: name.into(),
            n: n.into(),
            responders: responders.into(),
            size: None,
            margin: margin.into(),
            cost: cost.into(),
        }
    }

    /// With the number of customers who may be contacted now.
    #[must_use]
    pub fn size(mut self, size: impl Into<Number>) -> Self {
        self.size = Some(size.into());
        self
    }
}

/// What is believed of response rates before the counts of a segment are seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Prior {
    /// Nothing: the observed rate stands for itself.
    #[default]
    Observed,
    /// A beta distribution with parameters a, b > 0: as if a responders of a + b customers had been seen before.
    Beta(Number, Number),
    /// The beta distribution that fits the segments best (empirical Bayes): maximum likelihood of the beta-binomial
    /// distribution, an answer in floats.
    Pooled,
}

/// What there is to spend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Limit {
    /// Money: each contact uses its cost.
    Budget(Number),
    /// Contacts.
    Capacity(Number),
}

/// Segments, and how they are judged.
///
/// | option | default |
/// |---|---|
/// | `prior` | [`Prior::Observed`] |
/// | `limit` | none: every segment that pays is contacted |
/// | `divisible` | false: segments are contacted whole or not at all |
/// | `level` | 0.95: the probability that intervals of response rates hold |
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targeting {
    segments: Vec<Segment>,
    prior: Prior,
    limit: Option<Limit>,
    divisible: bool,
    level: f64,
}

impl Targeting {
    /// Segments, judged by their observed rates and without a limit.
    pub fn new(segments: impl IntoIterator<Item = Segment>) -> Self {
        Self {
            segments: segments.into_iter().collect(),
            prior: Prior::Observed,
            limit: None,
            divisible: false,
            level: 0.95,
        }
    }

    /// With a prior.
    #[must_use]
    pub fn prior(mut self, prior: Prior) -> Self {
        self.prior = prior;
        self
    }

    /// With a budget or a number of contacts.
    #[must_use]
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Whether a part of a segment may be contacted.
    #[must_use]
    pub fn divisible(mut self, divisible: bool) -> Self {
        self.divisible = divisible;
        self
    }

    /// With the probability of the intervals, between 0 and 1.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// The segments.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// What there is to spend.
    pub fn limited_by(&self) -> Option<&Limit> {
        self.limit.as_ref()
    }

    /// The probability of the intervals.
    pub fn interval_level(&self) -> f64 {
        self.level
    }
}
