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

    /// P(N ≥ n): the shorter of the two tails is summed, away from n, so that nothing cancels.
    pub(in super::super) fn at_least(self, n: f64) -> f64 {
        if n == 0.0 {
            return 1.0;
        }
        let z = self.log_more().exp();
        let mut term = self.probability(n);
        let mut k = n;
        let mut sum = 0.0;
        if n > self.shape * self.y {
            // Upwards: P(k+1)/P(k) = z (shape + k)/(k + 1).
            while term > 0.0 && term > 1e-18 * sum * (1.0 - z) {
                sum += term;
                term *= z * (self.shape + k) / (k + 1.0);
                k += 1.0;
            }
            return sum;
        }
        while k > 0.0 {
            term *= k / ((self.shape + k - 1.0) * z);
            k -= 1.0;
            sum += term;
            if term < 1e-18 * sum {
                break;
            }
        }
        1.0 - sum
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
