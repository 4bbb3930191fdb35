//! Recency, frequency, monetary: each customer scored on how lately, how often and how much was bought.

mod explain;
mod result;
mod score;

use serde::{Deserialize, Serialize};

pub use result::{Cell, RfmScores, ScoreBand, SegmentSummary};
pub use score::{Method, Metric, Ties};

use super::{check, order, segments::SegmentMap};
use crate::error::{Error, Result};
use crate::transactions::Labels;
use crate::watch::Watch;

/// How RFM scores are given and named.
///
/// Each metric is scored from 1 (worst) to `bins` (best); for recency fewer days are better. The names come
/// from a [`SegmentMap`]. Hughes, A. M. (1994), *Strategic Database Marketing*; ranks with their ties stated
/// instead of quintiles that part equal customers.
///
/// ```
/// use patronage::segmentation::{Rfm, RfmInput};
/// use patronage::{transactions::Labels, watch::Unwatched};
/// let customers = Labels::Texts(["Ann", "Bo", "Cy", "Di", "Ed"].map(String::from).to_vec());
/// let scores = Rfm::new().run(
///     &RfmInput {
///         customers: &customers,
///         recency: &[3.0, 40.0, 12.0, 200.0, 90.0], // days since the last purchase
///         frequency: &[9.0, 2.0, 4.0, 1.0, 1.0],
///         monetary: &[810.0, 95.0, 400.0, 20.0, 35.0],
///     },
///     &Unwatched,
/// )?;
/// assert_eq!((scores.r()[0], scores.f()[0], scores.m()[0]), (5, 5, 5));
/// assert_eq!(scores.segment(0).map(|s| s.en.as_str()), Some("Champions"));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rfm {
    bins: u8,
    method: Method,
    ties: Ties,
    segments: Option<SegmentMap>,
}

/// A table of customers: equally long columns, a row a customer.
#[derive(Debug, Clone, Copy)]
pub struct RfmInput<'a> {
    /// The ids, no two alike.
    pub customers: &'a Labels,
    /// Days from the last purchase to the day as of which the table stands; not negative.
    pub recency: &'a [f64],
    /// Number of purchases; not negative.
    pub frequency: &'a [f64],
    /// Money spent; negative where returns outweigh.
    pub monetary: &'a [f64],
}

impl RfmInput<'_> {
    fn check(&self, watch: &dyn Watch) -> Result<()> {
        let rows = self.customers.len();
        check::column("recency", self.recency, rows, Some(0.0))?;
        check::column("frequency", self.frequency, rows, Some(0.0))?;
        check::column("monetary", self.monetary, rows, None)?;
        check::distinct(self.customers, watch)
    }
}

impl Default for Rfm {
    /// Five bins by rank, ties averaged, the ten R×F segments.
    fn default() -> Self {
        // The map is a table of this crate: a test builds it.
        let segments = SegmentMap::named("rxf10").ok();
        Self { bins: 5, method: Method::Rank, ties: Ties::Average, segments }
    }
}

impl Rfm {
    /// Five bins by rank, ties averaged, the ten R×F segments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of scores a metric, from 2 to 10. A map for another number of bins does not fit: give a map of
    /// your own or none.
    #[must_use]
    pub fn bins(mut self, bins: u8) -> Self {
        self.bins = bins;
        self
    }

    /// How values become scores.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// The rank that customers of equal value get.
    #[must_use]
    pub fn ties(mut self, ties: Ties) -> Self {
        self.ties = ties;
        self
    }

    /// The names of the cells; `None` for scores without names.
    #[must_use]
    pub fn segments(mut self, map: Option<SegmentMap>) -> Self {
        self.segments = map;
        self
    }

    /// The names of the cells, if there are any.
    pub fn map(&self) -> Option<&SegmentMap> {
        self.segments.as_ref()
    }

    /// Scores the customers. No customers give an empty result; fewer customers than bins are an error.
    pub fn run(&self, input: &RfmInput<'_>, watch: &dyn Watch) -> Result<RfmScores> {
        self.check()?;
        input.check(watch)?;
        let rows = input.customers.len();
        if rows > 0 && rows < usize::from(self.bins) {
            return Err(Error::NotEnoughData {
                what: format!("customers for {} bins", self.bins),
                found: rows as u64,
                needed: u64::from(self.bins),
                mend: "take fewer bins".into(),
            });
        }
        let places = match self.ties {
            Ties::First => Some(order::places(input.customers, watch)?),
            _ => None,
        };
        let score = |metric: Metric| score::scores(self, metric, metric.of(input), places.as_deref(), watch);
        Ok(RfmScores {
            settings: self.clone(),
            customers: input.customers.clone(),
            recency: input.recency.to_vec(),
            frequency: input.frequency.to_vec(),
            monetary: input.monetary.to_vec(),
            r: score(Metric::Recency)?,
            f: score(Metric::Frequency)?,
            m: score(Metric::Monetary)?,
        })
    }

    fn check(&self) -> Result<()> {
        check_bins(self.bins)?;
        if self.method == Method::Mean && self.bins != 2 {
            return Err(Error::parameter("bins", self.bins, "2 with the method 'mean' (above it or not)"));
        }
        match &self.segments {
            Some(map) if map.bins() != self.bins => Err(Error::parameter(
                "segments",
                format!("{} with {} bins", map.name(), self.bins),
                &format!(
                    "a map for {} bins, while this one is for {}: take {} bins, a map of your own, or no map",
                    self.bins,
                    map.bins(),
                    map.bins()
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// Scores run from 1 to 2 at least and to 10 at most.
pub(super) fn check_bins(bins: u8) -> Result<()> {
    if (2..=10).contains(&bins) {
        Ok(())
    } else {
        Err(Error::parameter("bins", bins, "a whole number from 2 to 10"))
    }
}
