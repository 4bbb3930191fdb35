//! The share of customers who stay, without a model.

use serde::{Deserialize, Serialize};

use super::durations::Durations;
use crate::error::{Error, Result};

/// How an interval for a survival probability is made from its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// S ± z se: symmetric; it may leave 0 to 1.
    Plain,
    /// Symmetric in ln(−ln S), S^exp(± z se/(S ln S)): always within 0 to 1, and better in small samples.
    LogLog,
}

impl std::str::FromStr for Interval {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "plain" => Ok(Self::Plain),
            "log-log" => Ok(Self::LogLog),
            _ => Err(Error::parameter("interval", name, "plain or log-log")),
        }
    }
}

/// What happened after one length of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RetentionRow {
    /// Periods since the start.
    pub duration: f64,
    /// Customers who were still there, and watched, just before.
    pub at_risk: f64,
    /// Those of them who left then.
    pub churned: f64,
    /// Those of them who stayed, and of whom no more is known.
    pub censored: f64,
    /// Share of those at risk who stayed.
    pub retention: f64,
    /// Estimated share of all customers who stay longer than this.
    pub survival: f64,
    /// Its standard error (Greenwood); NaN once nobody is left.
    pub standard_error: f64,
    /// Ends of the interval; NaN once nobody is left.
    pub lower: f64,
    /// See `lower`.
    pub upper: f64,
}

/// A retention curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RetentionCurve {
    /// The start, and each distinct duration in ascending order.
    pub rows: Vec<RetentionRow>,
    /// The shortest duration by which at least half have left; `None` if fewer did while they were watched.
    pub median: Option<f64>,
}

/// The retention curve of Kaplan and Meier (1958, *JASA* 53, 457–481), with Greenwood's standard errors.
///
/// ```text
/// S(t) = Π (1 − dᵢ/nᵢ),   se² = S(t)² Σ dᵢ/(nᵢ (nᵢ − dᵢ))   over durations tᵢ ≤ t
/// ```
///
/// for dᵢ of nᵢ customers at risk who leave at tᵢ. Customers who leave and customers of whom no more is known at the
/// same duration: the latter were still there, and count as at risk. Durations need not be whole. `confidence` is the
/// probability that the interval at one duration covers the truth.
///
/// ```
/// use patronage::clv::{Durations, Interval, retention_curve};
/// let customers = Durations::new(&[1.0, 2.0, 2.0, 3.0], &[true, true, false, false], None)?;
/// let curve = retention_curve(&customers, 0.95, Interval::LogLog)?;
/// assert_eq!(curve.rows.iter().map(|row| row.survival).collect::<Vec<_>>(), [1.0, 0.75, 0.5, 0.5]);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn retention_curve(durations: &Durations, confidence: f64, interval: Interval) -> Result<RetentionCurve> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Error::parameter(
            "confidence",
            confidence,
            "a probability between 0 and 1, such as 0.95",
        ));
    }
    let z = deviation(confidence);
    let seen = durations.rows();
    let start = super::durations::Row { duration: 0.0, churned: 0.0, censored: 0.0 };
    let start =
        (durations.customers() > 0.0 && seen.first().is_none_or(|row| row.duration > 0.0)).then_some(start);
    // Those who are last seen later are at risk: added up from the end, so that nobody is left at it.
    let mut left = 0.0;
    let mut at_risk: Vec<f64> = seen
        .iter()
        .rev()
        .map(|row| {
            left += row.churned + row.censored;
            left
        })
        .collect();
    if start.is_some() {
        at_risk.push(left);
    }
    let (mut survival, mut variance) = (1.0, 0.0);
    let rows: Vec<RetentionRow> = start
        .iter()
        .chain(seen)
        .zip(at_risk.into_iter().rev())
        .map(|(row, at_risk)| {
            let stayed = at_risk - row.churned;
            let retention = stayed / at_risk;
            survival *= retention;
            if row.churned > 0.0 {
                variance += row.churned / (at_risk * stayed);
            }
            let relative = if survival > 0.0 { f64::sqrt(variance) } else { f64::NAN };
            let (lower, upper) = ends(survival, relative, z, interval);
            RetentionRow {
                duration: row.duration,
                at_risk,
                churned: row.churned,
                censored: row.censored,
                retention,
                survival,
                standard_error: survival * relative,
                lower,
                upper,
            }
        })
        .collect();
    // Products of shares that are ½ in exact arithmetic may be rounded up.
    let median = rows.iter().find(|row| row.survival <= 0.5 * (1.0 + 1e-12)).map(|row| row.duration);
    Ok(RetentionCurve { rows, median })
}

/// The interval around S, whose standard error is `relative` times S.
fn ends(survival: f64, relative: f64, z: f64, interval: Interval) -> (f64, f64) {
    match interval {
        Interval::Plain => (survival * (1.0 - z * relative), survival * (1.0 + z * relative)),
        Interval::LogLog if survival == 1.0 => (1.0, 1.0),
        Interval::LogLog => {
            let spread = z * relative / survival.ln();
            // ln S is negative, and so is the spread.
            (survival.powf((-spread).exp()), survival.powf(spread.exp()))
        }
    }
}

/// How many standard errors on either side a normal variable stays within with this probability.
fn deviation(confidence: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if libm::erfc(middle / std::f64::consts::SQRT_2) > 1.0 - confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantiles of every textbook's table.
    #[test]
    fn deviations() {
        for (confidence, z) in
            [(0.95, 1.959_963_984_540_054), (0.99, 2.575_829_303_548_901), (0.5, 0.674_489_750_196_082)]
        {
            assert!((deviation(confidence) / z - 1.0).abs() < 1e-13, "{confidence}");
        }
    }
}
