//! How much ψ and ψ′ rise over a whole number, without the cancellation of taking the difference.

/// From here on the asymptotic series holds to the last digit.
const LARGE: f64 = 16.0;

/// ψ(x + n) − ψ(x) for x > 0 and whole n ≥ 0: 1/x + 1/(x+1) + … (n terms).
pub(in super::super) fn digamma_rise(x: f64, n: f64) -> f64 {
    /// B₂ₖ/(2k), alternating as in ψ(x) = ln x − 1/(2x) − Σ.
    const SERIES: [f64; 6] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0];
    let (direct, x, n) = first_terms(x, n, |y| 1.0 / y);
    if n == 0.0 {
        return direct;
    }
    let powers = PowerFalls::new(x, n);
    direct + ((n / x).ln_1p() + 0.5 * powers.of(1) + powers.even(&SERIES))
}

/// ψ′(x + n) − ψ′(x) for x > 0 and whole n ≥ 0: −1/x² − 1/(x+1)² − … (n terms).
pub(in super::super) fn trigamma_rise(x: f64, n: f64) -> f64 {
    /// B₂ₖ, as in ψ′(x) = 1/x + 1/(2x²) + Σ.
    const SERIES: [f64; 6] = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0];
    let (direct, x, n) = first_terms(x, n, |y| 1.0 / (y * y));
    if n == 0.0 {
        return -direct;
    }
    let powers = PowerFalls::new(x, n);
    -(direct + (powers.of(1) + 0.5 * powers.of(2) + powers.odd(&SERIES)))
}

/// The terms at x, x+1, … up to the first at which the series holds, or to the n-th if n is not much more; then where
/// to go on, and how far.
fn first_terms(x: f64, n: f64, term: impl Fn(f64) -> f64) -> (f64, f64, f64) {
    let count = if n <= LARGE { n } else { (LARGE - x).ceil().max(0.0) };
    // The smallest terms first.
    let sum = (0..count as u32).rev().map(|j| term(x + f64::from(j))).sum();
    (sum, x + count, n - count)
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

    /// Σ c over even powers 2, 4, …
    fn even(&self, series: &[f64]) -> f64 {
        series.iter().zip(self.0.iter().skip(2).step_by(2)).map(|(c, fall)| c * fall).sum()
    }

    /// Σ c over odd powers 3, 5, …
    fn odd(&self, series: &[f64]) -> f64 {
        series.iter().zip(self.0.iter().skip(3).step_by(2)).map(|(c, fall)| c * fall).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the sums themselves, the smallest terms first.
    #[test]
    fn rises_are_sums() {
        for x in [1e-3, 0.243, 1.0, 7.5, 15.9, 16.0, 300.25, 1e6, 1e10, 1e14] {
            for n in [0.0, 1.0, 2.0, 16.0, 17.0, 40.0, 1000.0] {
                let terms = |term: &dyn Fn(f64) -> f64| {
                    (0..n as u32).rev().map(|j| term(x + f64::from(j))).sum::<f64>()
                };
                let (first, second) = (terms(&|y| 1.0 / y), -terms(&|y| 1.0 / (y * y)));
                assert!((digamma_rise(x, n) - first).abs() <= 1e-14 * first, "{x} {n}");
                assert!((trigamma_rise(x, n) - second).abs() <= 1e-14 * -second, "{x} {n}");
            }
        }
    }
}
