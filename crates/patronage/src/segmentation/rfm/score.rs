//! From values to scores.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Rfm, RfmInput};
use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::segmentation::order::Order;
use crate::watch::Watch;

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Days since the last purchase: fewer are better.
    Recency,
    /// Number of purchases: more are better.
    Frequency,
    /// Money spent: more is better.
    Monetary,
}

impl Metric {
    /// All three, in the order of their letters.
    pub const ALL: [Self; 3] = [Self::Recency, Self::Frequency, Self::Monetary];

    /// The name of the column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recency => "recency",
            Self::Frequency => "frequency",
            Self::Monetary => "monetary",
        }
    }

    /// The column.
    pub(super) fn of<'a>(self, input: &RfmInput<'a>) -> &'a [f64] {
        match self {
            Self::Recency => input.recency,
            Self::Frequency => input.frequency,
            Self::Monetary => input.monetary,
        }
    }

    /// The value turned so that larger is better.
    pub(super) fn upward(self, value: f64) -> f64 {
        if self == Self::Recency { -value } else { value }
    }
}

/// How values become scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Method {
    /// score = ⌈bins × rank / n⌉, where rank 1 is the worst of n customers.
    #[default]
    Rank,
    /// 2 where the value is better than the mean, else 1: the two-by-two-by-two classes 八类客户.
    Mean,
}

impl FromStr for Method {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "rank" => Ok(Self::Rank),
            "mean" => Ok(Self::Mean),
            _ => Err(Error::parameter("method", format!("'{text}'"), "'rank' or 'mean'")),
        }
    }
}

/// The rank of customers with equal values; only [`Ties::First`] tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ties {
    /// The mean of the ranks they take up together.
    #[default]
    Average,
    /// The smallest of these ranks.
    Min,
    /// The largest of these ranks.
    Max,
    /// Each its own rank, in order of customer id. Bins come out equally large, but customers of equal value
    /// may get different scores, for no reason but their ids.
    First,
}

impl Ties {
    /// The name of the rule.
    pub fn name(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Min => "min",
            Self::Max => "max",
            Self::First => "first",
        }
    }

    /// Twice the rank (a whole number for every rule) of the `nth` of `count` equals, before whom `worse`
    /// customers stand.
    pub(super) fn twice_rank(self, worse: usize, count: usize, nth: usize) -> u64 {
        let twice = match self {
            Self::Average => 2 * worse + 1 + count,
            Self::Min => 2 * (worse + 1),
            Self::Max => 2 * (worse + count),
            Self::First => 2 * (worse + nth + 1),
        };
        twice as u64
    }
}

impl FromStr for Ties {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let all = [Self::Average, Self::Min, Self::Max, Self::First];
        all.into_iter().find(|ties| ties.name() == text).ok_or_else(|| {
            Error::parameter("ties", format!("'{text}'"), "'average', 'min', 'max' or 'first'")
        })
    }
}

/// The scores of a column by the settings' method.
pub(super) fn scores(
    settings: &Rfm,
    metric: Metric,
    values: &[f64],
    places: Option<&[u32]>,
    watch: &dyn Watch,
) -> Result<Vec<u8>> {
    match settings.method {
        Method::Rank => by_rank(settings, metric, values, places, watch),
        Method::Mean => by_mean(metric, values),
    }
}

fn by_rank(
    settings: &Rfm,
    metric: Metric,
    values: &[f64],
    places: Option<&[u32]>,
    watch: &dyn Watch,
) -> Result<Vec<u8>> {
    let order = Order::ascending(values.iter().map(|&value| metric.upward(value)), places, watch)?;
    let mut scores = vec![0; values.len()];
    for (worse, rows) in order.runs() {
        let count = rows.clone().count();
        for (nth, row) in rows.enumerate() {
            let twice = settings.ties.twice_rank(worse, count, nth);
            scores[row] = (u64::from(settings.bins) * twice).div_ceil(2 * values.len() as u64) as u8;
        }
    }
    Ok(scores)
}

/// Compares n × value with the sum, both exact.
fn by_mean(metric: Metric, values: &[f64]) -> Result<Vec<u8>> {
    let upward: Vec<f64> = values.iter().map(|&value| metric.upward(value)).collect();
    let sum = ExactSum::of(&upward)?;
    let better = |&value: &f64| Ok(ExactSum::of(&[value])?.times(values.len() as u64)? > sum);
    upward.iter().map(|value| better(value).map(|better| 1 + u8::from(better))).collect()
}
