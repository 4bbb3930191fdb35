//! The scored customers, and what they amount to by score, cell and segment.

use serde::{Deserialize, Serialize};

use super::{Metric, Rfm, RfmInput};
use crate::error::{Error, Result};
use crate::explain::Label;
use crate::math::ExactSum;
use crate::segmentation::group::{Group, groups};
use crate::transactions::Labels;
use crate::watch::Unwatched;

/// The customers with their scores; frozen. It is stored as the settings and the table that made it,
/// and worked out again when it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct RfmScores {
    pub(super) settings: Rfm,
    pub(super) customers: Labels,
    pub(super) recency: Vec<f64>,
    pub(super) frequency: Vec<f64>,
    pub(super) monetary: Vec<f64>,
    pub(super) r: Vec<u8>,
    pub(super) f: Vec<u8>,
    pub(super) m: Vec<u8>,
}

/// The customers of one score: where the thresholds of a metric lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreBand {
    /// The metric.
    pub metric: Metric,
    /// The score, from 1.
    pub score: u8,
    /// Customers with this score; 0 where ties leave a score empty.
    pub customers: u64,
    /// The smallest value among them.
    pub lowest: Option<f64>,
    /// The largest value among them.
    pub highest: Option<f64>,
}

/// A cell of the recency × frequency grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The recency score.
    pub r: u8,
    /// The frequency score.
    pub f: u8,
    /// Customers in the cell.
    pub customers: u64,
    /// Money they spent.
    pub monetary: f64,
}

/// A segment, what it holds, and what its customers are like on average.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentSummary {
    /// Customers and money.
    pub group: Group,
    /// Mean days since the last purchase; none in an empty segment.
    pub mean_recency: Option<f64>,
    /// Mean number of purchases.
    pub mean_frequency: Option<f64>,
    /// Mean money spent.
    pub mean_monetary: Option<f64>,
}

impl RfmScores {
    /// The settings that were used.
    pub fn settings(&self) -> &Rfm {
        &self.settings
    }

    /// The ids, in the order given.
    pub fn customers(&self) -> &Labels {
        &self.customers
    }

    /// The values that were scored.
    pub fn values(&self, metric: Metric) -> &[f64] {
        match metric {
            Metric::Recency => &self.recency,
            Metric::Frequency => &self.frequency,
            Metric::Monetary => &self.monetary,
        }
    }

    /// The scores of a metric.
    pub fn scores(&self, metric: Metric) -> &[u8] {
        match metric {
            Metric::Recency => &self.r,
            Metric::Frequency => &self.f,
            Metric::Monetary => &self.m,
        }
    }

    /// Recency scores.
    pub fn r(&self) -> &[u8] {
        &self.r
    }

    /// Frequency scores.
    pub fn f(&self) -> &[u8] {
        &self.f
    }

    /// Monetary scores.
    pub fn m(&self) -> &[u8] {
        &self.m
    }

    /// The cell of each customer, written R-F-M: "5-4-5".
    pub fn cells(&self) -> impl Iterator<Item = String> {
        self.r.iter().zip(&self.f).zip(&self.m).map(|((r, f), m)| format!("{r}-{f}-{m}"))
    }

    /// The number of each customer's segment in the map's list; none without a map.
    pub fn segment_codes(&self) -> Option<impl Iterator<Item = usize>> {
        let map = self.settings.segments.as_ref()?;
        Some(self.r.iter().zip(&self.f).zip(&self.m).map(|((&r, &f), &m)| map.index(r, f, m)))
    }

    /// The segment of the customer at a row; none without a map.
    pub fn segment(&self, row: usize) -> Option<&Label> {
        let map = self.settings.segments.as_ref()?;
        map.segment(*self.r.get(row)?, *self.f.get(row)?, *self.m.get(row)?)
    }

    /// The thresholds: for each score of each metric, how many customers have it and between which values.
    pub fn thresholds(&self) -> Vec<ScoreBand> {
        let mut bands = Vec::new();
        for metric in Metric::ALL {
            let first = bands.len();
            bands.extend((1..=self.settings.bins).map(|score| ScoreBand {
                metric,
                score,
                customers: 0,
                lowest: None,
                highest: None,
            }));
            for (&score, &value) in self.scores(metric).iter().zip(self.values(metric)) {
                let band = &mut bands[first + usize::from(score) - 1];
                band.customers += 1;
                band.lowest = Some(band.lowest.map_or(value, |lowest: f64| lowest.min(value)));
                band.highest = Some(band.highest.map_or(value, |highest: f64| highest.max(value)));
            }
        }
        bands
    }

    /// The recency × frequency grid, R outer, F inner, both from 1.
    pub fn grid(&self) -> Result<Vec<Cell>> {
        let bins = usize::from(self.settings.bins);
        let mut counts = vec![(0u64, ExactSum::default()); bins * bins];
        for ((&r, &f), &monetary) in self.r.iter().zip(&self.f).zip(&self.monetary) {
            let (customers, sum) = &mut counts[(usize::from(r) - 1) * bins + usize::from(f) - 1];
            *customers += 1;
            sum.add(monetary)?;
        }
        let score = |index: usize| (index + 1) as u8;
        Ok(counts
            .into_iter()
            .enumerate()
            .map(|(cell, (customers, sum))| Cell {
                r: score(cell / bins),
                f: score(cell % bins),
                customers,
                monetary: sum.to_f64(),
            })
            .collect())
    }

    /// A line a segment, in the order of the map; none without a map.
    pub fn summary(&self) -> Result<Option<Vec<SegmentSummary>>> {
        let Some(map) = &self.settings.segments else { return Ok(None) };
        let codes: Vec<usize> = self.segment_codes().into_iter().flatten().collect();
        let by = |values| groups(map.segments().iter(), codes.iter().copied(), Some(values));
        let recency = by(self.recency.as_slice())?;
        let frequency = by(self.frequency.as_slice())?;
        let mean = |group: &Group| match group.value {
            Some(sum) if group.customers > 0 => Some(sum / group.customers as f64),
            _ => None,
        };
        let lines = by(self.monetary.as_slice())?.into_iter().zip(recency.iter().zip(&frequency));
        Ok(Some(
            lines
                .map(|(group, (recency, frequency))| SegmentSummary {
                    mean_recency: mean(recency),
                    mean_frequency: mean(frequency),
                    mean_monetary: mean(&group),
                    group,
                })
                .collect(),
        ))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    settings: Rfm,
    customers: Labels,
    recency: Vec<f64>,
    frequency: Vec<f64>,
    monetary: Vec<f64>,
}

impl From<RfmScores> for Stored {
    fn from(result: RfmScores) -> Self {
        let RfmScores { settings, customers, recency, frequency, monetary, .. } = result;
        Self { settings, customers, recency, frequency, monetary }
    }
}

impl TryFrom<Stored> for RfmScores {
    type Error = Error;
    fn try_from(stored: Stored) -> Result<Self> {
        let Stored { settings, customers, recency, frequency, monetary } = &stored;
        settings.run(&RfmInput { customers, recency, frequency, monetary }, &Unwatched)
    }
}
