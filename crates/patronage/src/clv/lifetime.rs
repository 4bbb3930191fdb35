//! How long customers remain customers, and what they buy meanwhile.

use super::numeric::{NegativeBinomial, REACH, falls_to_zero, log_integral};
use crate::math::special::{ln_gamma, ln_gamma_ratio};

/// A distribution of the time for which a customer who is alive remains one, smooth in time.
pub(super) trait Lifetime {
    /// Logarithm of the probability of a life longer than t.
    fn log_survival(&self, t: f64) -> f64;

    /// Logarithm of the probability density of dropping out at t.
    fn log_density(&self, t: f64) -> f64;

    /// Slope of [`Lifetime::log_density`].
    fn log_slope(&self, t: f64) -> f64;

    /// How long a panel of [`log_integral`] that begins at t may be.
    fn longest(&self, t: f64) -> f64;
}

/// Expected time as a customer within the next `t`: ∫₀ᵗ S. A customer who buys at the mean rate m is expected to make m
/// times as many purchases.
pub(super) fn expected(life: &impl Lifetime, t: f64) -> f64 {
    log_integral(0.0, t, |u| life.longest(u), |u| life.log_survival(u)).exp()
}

/// Expected time as a customer, a moment at u counting for e^(−δu).
pub(super) fn discounted(life: &impl Lifetime, delta: f64) -> f64 {
    /// Factors of e, in discounting, from which on nothing adds to a double.
    const NEGLIGIBLE: f64 = 45.0;
    let to = NEGLIGIBLE / delta;
    log_integral(0.0, to, |u| life.longest(u), |u| life.log_survival(u) - delta * u).exp()
}

/// Probability of exactly n purchases in time t, at rates ~ gamma(shape, scale): either she is still a customer then, or
/// dropped out at some u before.
///
/// The integral over u is taken numerically: all its terms are positive, while those of the closed forms (Fader and
/// Hardie, 2006, for the Pareto/NBD model) cancel.
pub(super) fn probability(life: &impl Lifetime, [shape, scale]: [f64; 2], n: f64, t: f64) -> f64 {
    let stays = NegativeBinomial::new(shape, t / scale).probability(n) * life.log_survival(t).exp();
    if t == 0.0 {
        return stays;
    }
    let ways = ln_gamma_ratio(shape, n) - ln_gamma(n + 1.0);
    // n purchases by u, and dropping out at u.
    let log_density = |u: f64| {
        let bought = if n > 0.0 { -n * (scale / u).ln_1p() } else { 0.0 };
        bought - shape * (u / scale).ln_1p() + life.log_density(u)
    };
    let slope = |u: f64| n - (n + shape) * u / (scale + u) + u * life.log_slope(u);
    let falls_at_once = n == 0.0 && life.log_slope(0.0) <= shape / scale;
    let peak = if falls_at_once { 0.0 } else { falls_to_zero(slope, t) };
    let longest = |u: f64| life.longest(u).min(REACH * (scale + u));
    stays + (ways + log_integral(peak, t, longest, log_density)).exp()
}
