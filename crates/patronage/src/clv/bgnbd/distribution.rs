//! Distribution of the number of purchases of a BG/NBD customer who is alive.

use super::super::numeric::NegativeBinomial;
use crate::math::special::ln_gamma_ratio;

/// Probability of exactly `n` purchases in time t = y × scale of a customer who is alive, buys at a rate
/// ~ gamma(shape, scale), and drops out after each purchase with probability p ~ beta(a, b).
///
/// Either she would have made n and survived them all, or she would have made at least n and dropped out at the n-th
/// (Fader, Hardie and Lee, 2005, eq. 8).
pub(super) fn while_alive(n: u32, shape: f64, y: f64, a: f64, b: f64) -> f64 {
    let n = f64::from(n);
    let purchases = NegativeBinomial::new(shape, y);
    // Survives k purchases: B(a, b+k)/B(a, b).
    let survives = |k: f64| (ln_gamma_ratio(b, k) - ln_gamma_ratio(a + b, k)).exp();
    let stays = purchases.probability(n) * survives(n);
    if n == 0.0 {
        return stays;
    }
    stays + purchases.at_least(n) * survives(n - 1.0) * (a / (a + b + (n - 1.0)))
}
