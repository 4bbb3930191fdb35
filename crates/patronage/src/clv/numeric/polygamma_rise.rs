//! How much ψ and ψ′ rise from x to x + n, without the cancellation of taking the difference.

/// From here on the asymptotic series holds to the last digit.
const LARGE: f64 = 16.0;

/// ψ(x + n) − ψ(x) for x > 0 and n ≥ 0; for whole n that is 1/x + 1/(x+1) + … (n terms).
pub(in super::super) fn digamma_rise(x: f64, n: f64) -> f64 {
    /// B₂ₖ/(2k), as in ψ(x) = ln x − 1/(2x) − Σ.
    const SERIES: [f64; 6] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0];
    if n.fract() == 0.0 && n <= LARGE {
        return steps(n).map(|j| 1.0 / (x + j)).sum();
    }
    // ψ(y) = ψ(y + m) − 1/y − … − 1/(y + m − 1) for y = x and y = x + n.
    let shift = shift(x);
    let first: f64 = steps(shift).map(|j| n / ((x + j) * (x + j + n))).sum();
    let falls = PowerFalls::new(x + shift, n);
    first + ((n / (x + shift)).ln_1p() + 0.5 * falls.of(1) + falls.weighted(2, &SERIES))
}

/// ψ′(x + n) − ψ′(x) for x > 0 and n ≥ 0; for whole n that is −1/x² − 1/(x+1)² − … (n terms).
pub(in super::super) fn trigamma_rise(x: f64, n: f64) -> f64 {
    /// B₂ₖ, as in ψ′(x) = 1/x + 1/(2x²) + Σ.
    const SERIES: [f64; 6] = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0];
    if n.fract() == 0.0 && n <= LARGE {
        return -steps(n).map(|j| 1.0 / ((x + j) * (x + j))).sum::<f64>();
    }
    let shift = shift(x);
    let term = |near: f64, far: f64| n * (near + far) / (near * near * far * far);
    let first: f64 = steps(shift).map(|j| term(x + j, x + j + n)).sum();
    let falls = PowerFalls::new(x + shift, n);
    -(first + (falls.of(1) + 0.5 * falls.of(2) + falls.weighted(3, &SERIES)))
}

/// Steps from x to where the series holds.
fn shift(x: f64) -> f64 {
    (LARGE - x).ceil().max(0.0)
}

/// 0, 1, … n−1, the last first: it gives the smallest term.
fn steps(n: f64) -> impl Iterator<Item = f64> {
    (0..n as u32).rev().map(f64::from)
}

/// x^(−k) − (x+n)^(−k) for k = 1, 2, …: uᵏ − vᵏ = u (uᵏ⁻¹ − vᵏ⁻¹) + (u − v) vᵏ⁻¹, in which all terms are positive.
struct PowerFalls([f64; 14]);

impl PowerFalls {
    fn new(x: f64, n: f64) -> Self {
        let (u, v) = (1.0 / x, 1.0 / (x + n));
        let first = n * u * v;
        let mut falls = [0.0; 14];
        let mut power = 1.0;
        for k in 1..falls.len() {
            falls[k] = u * falls[k - 1] + first * power;
            power *= v;
        }
        Self(falls)
    }

    fn of(&self, k: usize) -> f64 {
        self.0[k]
    }

    /// The sum over every second power from the given one, weighted.
    fn weighted(&self, from: usize, weights: &[f64]) -> f64 {
        weights.iter().zip(self.0.iter().skip(from).step_by(2)).map(|(w, fall)| w * fall).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::{digamma, trigamma};

    /// Against the sums themselves, the smallest terms first.
    #[test]
    fn whole_rises_are_sums() {
        for x in [1e-3, 0.243, 1.0, 7.5, 15.9, 16.0, 300.25, 1e6, 1e10, 1e14] {
            for n in [0.0, 1.0, 2.0, 16.0, 17.0, 40.0, 1000.0] {
                let terms = |term: &dyn Fn(f64) -> f64| steps(n).map(|j| term(x + j)).sum::<f64>();
                let (first, second) = (terms(&|y| 1.0 / y), -terms(&|y| 1.0 / (y * y)));
                assert!((digamma_rise(x, n) - first).abs() <= 1e-14 * first, "{x} {n}");
                assert!((trigamma_rise(x, n) - second).abs() <= 1e-14 * -second, "{x} {n}");
            }
        }
    }

    /// Against the difference where it does not cancel, and by additivity where it does.
    #[test]
    fn other_rises() {
        for (x, n) in [(0.1, 0.7), (1.5, 3.74), (12.5, 100.25), (3.0, 1e8 + 0.5)] {
            let (first, second) = (digamma(x + n) - digamma(x), trigamma(x + n) - trigamma(x));
            assert!((digamma_rise(x, n) / first - 1.0).abs() < 1e-13, "{x} {n}");
            assert!((trigamma_rise(x, n) / second - 1.0).abs() < 1e-13, "{x} {n}");
        }
        for x in [1e4, 1e7, 1e12] {
            let halves = digamma_rise(x, 0.25) + digamma_rise(x + 0.25, 0.75);
            assert!((halves / digamma_rise(x, 1.0) - 1.0).abs() < 1e-13, "{x}");
        }
    }
}
