//! The negative binomial distribution: purchases in time t at a gamma distributed rate.

use crate::math::special::{ln_gamma, ln_gamma_ratio};

/// Number of purchases in time t when rates are gamma distributed: P(n) = Γ(k+n)/(Γ(k) n!) (1−z)ᵏ zⁿ, with shape k
/// and z = y/(1+y) for y = t/scale.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct NegativeBinomial {
    shape: f64,
    y: f64,
}

impl NegativeBinomial {
    pub(in super::super) fn new(shape: f64, y: f64) -> Self {
        Self { shape, y }
    }

    /// ln(1 − z).
    fn log_none(self) -> f64 {
        -self.y.ln_1p()
    }

    /// ln z.
    fn log_more(self) -> f64 {
        -(1.0 / self.y).ln_1p()
    }

    /// P(N = n).
    pub(in super::super) fn probability(self, n: f64) -> f64 {
        if self.y == 0.0 {
            return f64::from(u8::from(n == 0.0));
        }
        let ways = ln_gamma_ratio(self.shape, n) - ln_gamma(n + 1.0);
        let powers = if n > 0.0 { n * self.log_more() } else { 0.0 };
        (ways + powers + self.shape * self.log_none()).exp()
    }

    /// P(from ≤ N < to).
    pub(in super::super) fn between(self, from: u64, to: u64) -> f64 {
        let z = self.log_more().exp();
        let mut term = self.probability(from as f64);
        let mut sum = 0.0;
        for n in from..to {
            sum += term;
            term *= z * (self.shape + n as f64) / (n as f64 + 1.0);
        }
        sum
    }

    /// P(N ≥ n).
    ///
    /// Above the mean a continued fraction of the incomplete beta function (*DLMF* 8.17.22); below it the sum of the
    /// other probabilities is taken from 1, the first of them in a way that leaves nothing to cancel where hardly
    /// anybody buys.
    pub(in super::super) fn at_least(self, n: f64) -> f64 {
        if n == 0.0 {
            return 1.0;
        }
        let z = self.log_more().exp();
        if n + 1.0 > (self.shape + 1.0) * self.y {
            return self.probability(n) * self.tail(n, z);
        }
        let mut term = self.probability(n);
        let mut sum = 0.0;
        let mut k = n;
        while k > 1.0 {
            term *= k / ((self.shape + k - 1.0) * z);
            k -= 1.0;
            sum += term;
            if term < 1e-18 * sum {
                break;
            }
        }
        -(self.shape * self.log_none()).exp_m1() - sum
    }

    /// P(N ≥ n)/P(N = n) = 1/(1 + d₁/(1 + d₂/(1 + …))), by Lentz's method.
    fn tail(self, n: f64, z: f64) -> f64 {
        const MOST: u32 = 100_000;
        const TINY: f64 = 1e-300;
        let away = |value: f64| if value.abs() < TINY { TINY } else { value };
        let (mut numerator, mut denominator) = (1.0, 0.0);
        let mut value = 1.0;
        let mut next = |d: f64| {
            denominator = 1.0 / away(1.0 + d * denominator);
            numerator = away(1.0 + d / numerator);
            value *= numerator * denominator;
            numerator * denominator
        };
        for m in (1..MOST).map(f64::from) {
            let at = n + 2.0 * m;
            next(-(n + m - 1.0) * (n + self.shape + m - 1.0) * z / ((at - 2.0) * (at - 1.0)));
            let change = next(m * (self.shape - m) * z / ((at - 1.0) * at));
            if (change - 1.0).abs() < 1e-16 {
                break;
            }
        }
        1.0 / value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With shape 1 it is geometric: P(N ≥ n) = zⁿ.
    #[test]
    fn geometric() {
        for y in [1e-6, 0.3, 4.0, 1e3] {
            let law = NegativeBinomial::new(1.0, y);
            let z = y / (1.0 + y);
            for n in [0.0, 1.0, 2.0, 9.0, 40.0] {
                assert!((law.at_least(n) / z.powf(n) - 1.0).abs() < 1e-12, "{y} {n}");
                assert!((law.probability(n) / (z.powf(n) / (1.0 + y)) - 1.0).abs() < 1e-12, "{y} {n}");
            }
        }
        assert_eq!(NegativeBinomial::new(0.3, 0.0).probability(0.0), 1.0);
        assert_eq!(NegativeBinomial::new(0.3, 0.0).at_least(1.0), 0.0);
    }
}
