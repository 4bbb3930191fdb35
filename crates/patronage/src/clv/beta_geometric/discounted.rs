//! Discounted expected purchases of a customer who is alive, over her whole remaining life.
//!
//! Given λ and p, each stage is discounted by φ = λ/(λ+δ) on average, so that her purchases are worth
//!
//! ```text
//! φ^(k−j) + (1−p) φ^(2k−j) + … = φ^(k−j) / (1 − (1−p) φᵏ)
//! ```
//!
//! now (with k = 1: λ/(λp+δ)). The mean of that over λ ~ gamma and p ~ beta is taken numerically, in one lattice of
//! both: no closed form is published for these models.

use super::super::numeric::{BetaNodes, GammaNodes};
use super::alive::Alive;

impl Alive {
    /// Purchases expected ever, discounted by e^(−δt); `discount` is δ × scale.
    pub(super) fn discounted_purchases(&self, discount: f64) -> f64 {
        // Two sums may agree by accident: no closer than the answer has to be.
        const AGREE: f64 = 1e-12;
        const COARSEST: f64 = 0.25;
        const HALVINGS: i32 = 8;
        let mut mean = f64::NAN;
        for halving in 0..HALVINGS {
            let step = COARSEST * 0.5_f64.powi(halving);
            let finer = self.discounted_on_lattice(discount, step);
            let settled = (finer - mean).abs() <= AGREE * finer;
            mean = finer;
            if settled {
                break;
            }
        }
        mean
    }

    fn discounted_on_lattice(&self, discount: f64, step: f64) -> f64 {
        let k = self.k() as i32;
        // Below its reciprocal p is of no account.
        let worth = (self.shape + 1.0) / discount / f64::from(k) + 1.0;
        let dropout = BetaNodes::new(self.a, self.b, -worth.ln(), step);
        let over_rates = |j: u32, shape: f64| {
            let missing = k - j as i32;
            GammaNodes::new(shape, f64::from(missing), step).mean(|rate| {
                let ratio = discount / rate;
                // φ^(k−j), and 1 − φᵏ without cancellation.
                let first = (1.0 + ratio).powi(-missing);
                let lost = -(-f64::from(k) * ratio.ln_1p()).exp_m1();
                first * dropout.mean_reciprocal(lost, 1.0 - lost)
            })
        };
        self.phases().map(|(j, weight, shape)| weight * over_rates(j, shape)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::numeric::{beta_mean, scaled_exponential_integral};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// With k = 1 the mean over λ has a closed form, (shape/p) e^z Eₛ(z) with s = shape + 1 and z = δ × scale/p.
        #[test]
        fn the_lattice_is_a_mean_over_p(
            shape in -6.0_f64..6.0, discount in -14.0_f64..8.0, a in -5.0_f64..6.0, b in -5.0_f64..6.0,
        ) {
            let [shape, discount, a, b] = [shape, discount, a, b].map(f64::exp);
            let over_p = beta_mean(a, b, discount.min(1.0).ln() - shape.max(1.0).ln(), |p| {
                if p < 1e-290 {
                    shape / discount
                } else {
                    shape / p * scaled_exponential_integral(shape + 1.0, discount / p)
                }
            });
            let lattice = Alive { shape, a, b, stages: vec![1.0] }.discounted_purchases(discount);
            prop_assert!((lattice / over_p - 1.0).abs() < 1e-11, "{lattice} {over_p}");
        }
    }
}
