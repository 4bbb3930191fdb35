//! Arithmetic shared by the models: means over a beta distribution, negative binomial sums, an exponential integral.

mod beta_mean;
mod exponential_integral;
mod negative_binomial;

pub(super) use beta_mean::beta_mean;
pub(super) use exponential_integral::scaled_exponential_integral;
pub(super) use negative_binomial::NegativeBinomial;

use crate::math::special::{digamma, trigamma};

/// ψ(x + n) − ψ(x) for whole n ≥ 0, without cancellation when x is large and n small.
pub(super) fn digamma_rise(x: f64, n: f64) -> f64 {
    if n <= DIRECT { direct(n).map(|j| 1.0 / (x + j)).sum() } else { digamma(x + n) - digamma(x) }
}

/// ψ′(x + n) − ψ′(x) for whole n ≥ 0, likewise.
pub(super) fn trigamma_rise(x: f64, n: f64) -> f64 {
    if n <= DIRECT {
        direct(n).map(|j| -1.0 / ((x + j) * (x + j))).sum()
    } else {
        trigamma(x + n) - trigamma(x)
    }
}

/// Up to this many terms a sum is as cheap as two digammas.
const DIRECT: f64 = 16.0;

/// The smallest terms first.
fn direct(n: f64) -> impl Iterator<Item = f64> {
    (0..n as u32).rev().map(f64::from)
}
