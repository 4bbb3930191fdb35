//! What a Pareto/NBD customer who is alive will do.

use super::super::lifetime::{Lifetime, probability};
use super::super::numeric::{REACH, scaled_exponential_integral};

/// A customer who is alive, buys at a rate λ ~ gamma(shape, scale), and drops out at a rate μ ~ gamma(s, beta): after
/// a history, shape is r+x, scale α+T, and beta β+T.
pub(in super::super) struct Alive {
    pub shape: f64,
    pub scale: f64,
    pub s: f64,
    pub beta: f64,
}

impl Alive {
    /// Purchases expected in time t: her rate times ∫ of the survival, β L φ((1−s) L) with L = ln(1 + t/β) and
    /// φ(z) = (e^z − 1)/z, in which s = 1 is no hole.
    pub(in super::super) fn expected(&self, t: f64) -> f64 {
        let length = (t / self.beta).ln_1p();
        let z = (1.0 - self.s) * length;
        let mean = if z == 0.0 { 1.0 } else { z.exp_m1() / z };
        self.shape * (self.beta / self.scale) * (length * mean)
    }

    /// Purchases expected ever, discounted at the rate δ: her rate times β e^z Eₛ(z), z = δβ. (Fader, Hardie and Lee,
    /// 2005, *Journal of Marketing Research* 42(4), have δ^(s−1) Ψ(s, s; z), which overflows.)
    pub(in super::super) fn discounted(&self, delta: f64) -> f64 {
        self.shape * (self.beta / self.scale) * scaled_exponential_integral(self.s, delta * self.beta)
    }

    /// Probability of exactly n purchases in time t.
    pub(super) fn probability(&self, n: f64, t: f64) -> f64 {
        probability(self, [self.shape, self.scale], n, t)
    }
}

impl Lifetime for Alive {
    fn log_survival(&self, t: f64) -> f64 {
        -self.s * (t / self.beta).ln_1p()
    }

    fn log_density(&self, t: f64) -> f64 {
        (self.s / self.beta).ln() - (self.s + 1.0) * (t / self.beta).ln_1p()
    }

    fn log_slope(&self, t: f64) -> f64 {
        -(self.s + 1.0) / (self.beta + t)
    }

    fn longest(&self, t: f64) -> f64 {
        REACH * (self.beta + t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clv::lifetime::{discounted, expected};
    use proptest::prelude::*;

    proptest! {
        /// The closed forms are the integrals.
        #[test]
        fn closed_forms(
            log_s in -4.0_f64..7.0, log_beta in -4.0_f64..9.0, log_t in -9.0_f64..14.0, log_delta in -9.0_f64..2.0,
        ) {
            let [s, beta, t, delta] = [log_s, log_beta, log_t, log_delta].map(f64::exp);
            let alive = Alive { shape: 2.5, scale: 5.0, s, beta };
            let pairs = [(alive.expected(t), expected(&alive, t)), (alive.discounted(delta), discounted(&alive, delta))];
            for (closed, integral) in pairs {
                prop_assert!((closed / (0.5 * integral) - 1.0).abs() < 4e-12, "{s} {beta} {t} {delta}: {closed} {integral}");
            }
        }
    }
}
