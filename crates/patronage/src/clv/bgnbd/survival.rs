//! How long a BG/NBD customer who is alive remains one.

use super::super::numeric::beta_mean;

/// Logarithm of the probability that a customer who is alive still is after time t = y × scale, if she buys at a rate
/// λ ~ gamma(shape, scale) and drops out after each purchase with probability p ~ beta(a, b).
///
/// Given λ and p she drops out at the rate λp. The mean of e^(−λpt) over λ is (1 + py)^(−shape).
pub(super) fn log_while_alive(shape: f64, y: f64, a: f64, b: f64) -> f64 {
    beta_mean(a, b, -(shape * y).max(1.0).ln(), |p| (-shape * (p * y).ln_1p()).exp()).ln()
}
