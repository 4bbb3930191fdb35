//! The beta-geometric distribution: lifetimes in whole periods, each ending with a probability of its own.

use super::beta_mean;
use crate::math::special::ln_gamma_ratio;

/// Sums of no more terms than this are worked out term by term.
const FEW: f64 = 1000.0;

/// A lifetime ends in each period with probability θ ~ beta(alpha, beta); it is longer than t periods with probability
///
/// ```text
/// S(t) = B(α, β+t)/B(α, β) = β/(α+β) · (β+1)/(α+β+1) · … (t factors).
/// ```
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct BetaGeometric {
    pub alpha: f64,
    pub beta: f64,
}

impl BetaGeometric {
    /// ln S(t) for whole t.
    pub(in super::super) fn log_survival(self, t: f64) -> f64 {
        const SHORT: f64 = 64.0;
        let Self { alpha, beta } = self;
        if t <= SHORT {
            return -(0..t as u32).map(|i| (alpha / (beta + f64::from(i))).ln_1p()).sum::<f64>();
        }
        // The same difference in two orders: the smaller step loses less.
        if t <= alpha {
            ln_gamma_ratio(beta, t) - ln_gamma_ratio(alpha + beta, t)
        } else {
            ln_gamma_ratio(beta, alpha) - ln_gamma_ratio(beta + t, alpha)
        }
    }

    /// S(1) + … + S(n).
    ///
    /// The closed form divides 0 by 0 at α = 1. Few terms are added up; the sum of many is a mean over θ of
    /// (1−θ) (1 − (1−θ)ⁿ)/θ, in which the factor 1−θ makes θ ~ beta(α, β+1) and comes out as S(1).
    pub(in super::super) fn periods(self, n: f64) -> f64 {
        let Self { alpha, beta } = self;
        if n <= FEW {
            let (mut survival, mut sum) = (1.0, 0.0);
            for i in 0..n as u32 {
                let age = beta + f64::from(i);
                survival *= age / (alpha + age);
                sum += survival;
            }
            return sum;
        }
        let mean = beta_mean(alpha, beta + 1.0, -n.ln(), |theta| {
            if theta < f64::MIN_POSITIVE { n } else { -(n * (-theta).ln_1p()).exp_m1() / theta }
        });
        beta / (alpha + beta) * mean
    }

    /// S(1) v + S(2) v² + … with v = e^(−rate), for a rate above 0: the mean over θ of (1−θ) v/(1 − (1−θ) v).
    pub(in super::super) fn discounted(self, rate: f64) -> f64 {
        let Self { alpha, beta } = self;
        let (factor, lost) = ((-rate).exp(), -(-rate).exp_m1());
        let mean = beta_mean(alpha, beta + 1.0, lost.ln(), |theta| 1.0 / (lost + factor * theta));
        beta / (alpha + beta) * factor * mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: f64, expected: f64) -> bool {
        (found / expected - 1.0).abs() < 2e-12
    }

    /// α = 1: S(t) = β/(β+t), a sum of harmonic numbers; β = 1 and α = 1: Σ vᵗ/(1+t) = −ln(1−v)/v − 1.
    #[test]
    fn closed_forms() {
        let law = BetaGeometric { alpha: 1.0, beta: 1.0 };
        // H(10⁶) = 14.392726722865723631… (OEIS A001008/A002805).
        assert!(close(law.periods(999_999.0), 13.392_726_722_865_724));
        assert!(close(law.log_survival(1e9).exp(), 1.0 / (1.0 + 1e9)));
        for rate in [1e-9, 1e-3, 0.1, 3.0] {
            let (v, lost) = (f64::exp(-rate), -f64::exp_m1(-rate));
            assert!((law.discounted(rate) - (-lost.ln() / v - 1.0)).abs() < 1e-12 * -lost.ln() / v, "{rate}");
        }
        assert_eq!(law.log_survival(0.0), 0.0);
        assert_eq!(law.periods(0.0), 0.0);
    }

    proptest! {
        #[test]
        fn both_ways_agree(alpha in 1e-3_f64..50.0, beta in 1e-3_f64..500.0, n in 65_u32..3000) {
            let law = BetaGeometric { alpha, beta };
            let terms = |n: u32| (0..n).map(|i| (alpha / (beta + f64::from(i))).ln_1p()).sum::<f64>();
            prop_assert!((law.log_survival(f64::from(n)) + terms(n)).abs() < 1e-11);
            let sum: f64 = (1..=n).map(|t| law.log_survival(f64::from(t)).exp()).sum();
            prop_assert!(close(law.periods(f64::from(n)), sum), "{} {sum}", law.periods(f64::from(n)));
            let rate = 0.02;
            let sum: f64 = (1..2500).map(|t| (law.log_survival(f64::from(t)) - rate * f64::from(t)).exp()).sum();
            prop_assert!(close(law.discounted(rate), sum), "{} {sum}", law.discounted(rate));
        }
    }
}
