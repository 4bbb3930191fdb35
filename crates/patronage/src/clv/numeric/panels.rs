//! Integrals over time of positive functions that may rise and fall by hundreds of orders of magnitude.

use super::gauss_legendre::Rule;

const POINTS: usize = 24;
/// Factors of e by which the integrand may change from one end of a panel to the other.
const STEEPEST: f64 = 12.0;
/// Factors of e below its largest value from which on the integrand adds nothing to a double.
const NEGLIGIBLE: f64 = 40.0;

/// How many times as long as its distance to a singularity a panel may be: 24 points then err by less than 10⁻¹⁶.
pub(in super::super) const REACH: f64 = 5.0;

/// ln ∫ e^φ du from 0 to `to`, for a φ without deep valleys.
///
/// Panels of 24 points start at `from`, which should be near the largest value, and go both ways until the rest is
/// negligible. `longest` says how long a panel that begins at u may be: up to [`REACH`] times the distance to the
/// nearest singularity in the complex plane.
pub(in super::super) fn log_integral(
    from: f64,
    to: f64,
    longest: impl Fn(f64) -> f64,
    log_f: impl Fn(f64) -> f64,
) -> f64 {
    let rule = const { &Rule::<POINTS>::NEW };
    let top = log_f(from);
    let side = |far: f64, longest: &dyn Fn(f64) -> f64, log_f: &dyn Fn(f64) -> f64| {
        let mut sum = 0.0;
        panels(far, longest, log_f, |at, length| {
            let inside: f64 =
                rule.nodes.iter().zip(rule.weights).map(|(t, w)| w * log_f(at + length * t).exp()).sum();
            sum += length * inside;
            sum
        });
        sum
    };
    let right = side(to - from, &|d| longest(from + d), &|d| log_f(from + d) - top);
    // On the way back it is the panel's end that must not come near.
    let left = side(from, &|d| longest(from - d) / (1.0 + REACH), &|d| log_f(from - d) - top);
    top + (left + right).ln()
}

/// Panels from 0 on, until the integral of e^φ over the rest is negligible; φ(0) = 0. `add` takes where a panel begins
/// and its length, and returns the integral so far.
pub(in super::super) fn panels(
    far: f64,
    longest: impl Fn(f64) -> f64,
    log_f: impl Fn(f64) -> f64,
    mut add: impl FnMut(f64, f64) -> f64,
) {
    let (mut at, mut here) = (0.0, 0.0);
    while at < far {
        let mut length = longest(at).min(far - at);
        let mut end = log_f(at + length);
        // A panel that is too steep is shortened, but not to one that is flat: where the function goes to 0 there would be
        // no end of these.
        let (mut flat, mut steep) = (0.0, length);
        for _ in 0..60 {
            let change = f64::abs(end - here);
            if change > STEEPEST {
                steep = length;
            } else if change < 0.3 * STEEPEST && steep > length {
                flat = length;
            } else {
                break;
            }
            length = if flat > 0.0 { f64::midpoint(flat, steep) } else { 0.1 * steep };
            end = log_f(at + length);
        }
        let sum = add(at, length);
        let next = at + length;
        // Where it falls, what is left is at most as high as here, and as long as the way to the far end.
        if next == at || end + (far - next).ln() < sum.ln() - NEGLIGIBLE {
            break;
        }
        (at, here) = (next, end);
    }
}

/// About where a falling function is 0, or else the end of (0, end).
pub(in super::super) fn falls_to_zero(f: impl Fn(f64) -> f64, end: f64) -> f64 {
    if f(end) >= 0.0 {
        return end;
    }
    let (mut low, mut high) = (0.0, end);
    // Within a hundredth, and first in powers of eight, for it may be a small part of the whole.
    while high - low > 0.01 * high && high > 1e-300 {
        let middle = if low > 0.0 { f64::midpoint(low, high) } else { 0.125 * high };
        if f(middle) >= 0.0 { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::ln_beta;

    /// ∫₀^∞ uⁿ (1+u)^−(n+p+1) du = B(n+1, p), smooth, peaked or heavy in the tail.
    #[test]
    fn beta_integrals() {
        for n in [0.0, 1.0, 40.0, 3000.0] {
            for p in [0.05, 1.0, 30.0, 2000.0] {
                let log_f = |u: f64| {
                    let rising = if n > 0.0 { -n * (1.0 / u).ln_1p() } else { 0.0 };
                    rising - (p + 1.0) * u.ln_1p()
                };
                let peak = falls_to_zero(|u| n - (n + p + 1.0) * u / (1.0 + u), 1e300);
                let from = if n > 0.0 { peak } else { 0.0 };
                let found = log_integral(from, 1e300, |u| REACH * (1.0 + u), log_f);
                // What is beyond 10³⁰⁰ is left out.
                let expected =
                    (ln_beta(n + 1.0, p).exp() - if p < 0.1 { 1e-300_f64.powf(p) / p } else { 0.0 }).ln();
                let expected = if expected.is_finite() { expected } else { ln_beta(n + 1.0, p) };
                assert!(
                    (found - expected).abs() < 1e-12 + 1e-15 * expected.abs(),
                    "{n} {p} {found} {expected}"
                );
            }
        }
    }
}
