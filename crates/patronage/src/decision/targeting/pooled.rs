//! The beta prior that the segments themselves suggest (empirical Bayes).

use super::check::Counts;
use crate::error::{Error, Result};
use crate::math::special::digamma;

/// The range in which a + b is looked for.
const LEAST: f64 = 1e-3;
const MOST: f64 = 1e8;

/// Maximum likelihood of the beta-binomial distribution (Skellam 1948): the score in the mean a / (a + b) falls, and
/// is bisected to its nought for each sum a + b; so is the score in the sum along these means.
pub(super) fn fit(counts: &[Counts]) -> Result<(f64, f64)> {
    let seen: Vec<(f64, f64)> = counts
        .iter()
        .filter(|c| c.n > 0)
        .map(|c| (c.responders as f64, (c.n - c.responders) as f64))
        .collect();
    let (r, u) = seen.iter().fold((0.0, 0.0), |(r, u), (x, y)| (r + x, u + y));
    let unable = |problem: &str| Error::NotConverged {
        model: "the pooled prior".into(),
        problem: problem.into(),
        mend: "give a prior, such as (1, 1), or none".into(),
    };
    if seen.len() < 2 {
        return Err(unable("it needs at least two segments that were contacted"));
    }
    if r == 0.0 || u == 0.0 {
        return Err(unable("nobody responded, or everybody did"));
    }
    // The score in 1 / (a + b) where that is 0 (Tarone 1979).
    let mean = r / (r + u);
    let term = |(x, y): &(f64, f64)| {
        let n = x + y;
        x * (x - 1.0) / mean + y * (y - 1.0) / (1.0 - mean) - n * (n - 1.0)
    };
    if seen.iter().map(term).sum::<f64>() <= 0.0 {
        return Err(unable("the response rates differ no more than by chance"));
    }
    let (low, high) = (LEAST.ln(), MOST.ln());
    let score = |log_sum: f64| {
        let sum = log_sum.exp();
        score_of_sum(&seen, best_mean(&seen, sum), sum)
    };
    if score(low) < 0.0 || score(high) > 0.0 {
        return Err(unable("the likelihood has no maximum in the range that is searched"));
    }
    let sum = bisect(low, high, score).exp();
    let mean = best_mean(&seen, sum);
    Ok((mean * sum, (1.0 - mean) * sum))
}

fn best_mean(seen: &[(f64, f64)], sum: f64) -> f64 {
    bisect(1e-12, 1.0 - 1e-12, |mean| {
        let (a, b) = (mean * sum, (1.0 - mean) * sum);
        seen.iter().map(|(x, y)| rise(a, *x) - rise(b, *y)).sum()
    })
}

fn score_of_sum(seen: &[(f64, f64)], mean: f64, sum: f64) -> f64 {
    let (a, b) = (mean * sum, (1.0 - mean) * sum);
    let term = |(x, y): &(f64, f64)| mean * rise(a, *x) + (1.0 - mean) * rise(b, *y) - rise(sum, x + y);
    seen.iter().map(term).sum()
}

/// ψ(x + d) − ψ(x).
fn rise(x: f64, d: f64) -> f64 {
    if d < 32.0 {
        return (0..d as u32).map(|i| 1.0 / (x + f64::from(i))).sum();
    }
    digamma(x + d) - digamma(x)
}

/// Where a falling function passes nought.
fn bisect(mut low: f64, mut high: f64, falling: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if falling(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
