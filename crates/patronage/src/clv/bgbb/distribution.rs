//! Distribution of the number of purchases of a BG/BB customer who is alive.

use super::super::numeric::BetaGeometric;
use crate::math::special::ln_gamma_ratio;

/// Probability of exactly `n` purchases at the next `horizon` opportunities of a customer who is alive, buys with
/// probability p ~ beta(a, b), and has a lifetime left.
///
/// She is there for i opportunities, n ≤ i, and buys at n of them: the sum over i of the beta-binomial probability of
/// n in i times the probability of that lifetime (Fader, Hardie and Shang, 2010, eq. 12). Terms are relative to the
/// first, i = n, and follow from each other.
pub(super) fn while_alive(n: f64, horizon: f64, a: f64, b: f64, lifetime: BetaGeometric) -> f64 {
    if n > horizon {
        return 0.0;
    }
    let BetaGeometric { alpha: gamma, beta: delta } = lifetime;
    let first = ln_gamma_ratio(a, n) - ln_gamma_ratio(a + b, n) + lifetime.log_survival(n);
    let (mut term, mut sum, mut scale) = (1.0, 0.0, 0.0);
    let mut i = n;
    while i < horizon {
        // P(the lifetime is i | it is at least i) = γ/(γ+δ+i).
        let left = gamma + (delta + i);
        sum += term * (gamma / left);
        term *= (i + 1.0) / (i + 1.0 - n) * ((b + (i - n)) / (a + (b + i))) * ((delta + i) / left);
        i += 1.0;
        if term > 1e200 {
            (term, sum, scale) = (term * 1e-200, sum * 1e-200, scale + 200.0 * std::f64::consts::LN_10);
        }
    }
    sum += term;
    (first + scale + sum.ln()).exp()
}
