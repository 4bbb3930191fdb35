//! Distribution of the number of purchases of a customer who is alive.

use super::super::numeric::NegativeBinomial;
use super::alive::Alive;
use crate::math::special::ln_gamma_ratio;

impl Alive {
    /// Probability of exactly `n` purchases in time t = y × scale.
    ///
    /// Either she would have made n and survived them all, or she would have made at least n and dropped out at the n-th
    /// (Fader, Hardie and Lee, 2005, eq. 8). With j stages behind her, n purchases take k n − j more.
    pub(super) fn probability(&self, n: u32, y: f64) -> f64 {
        let &Self { a, b, .. } = self;
        // Survives i purchases: B(a, b+i)/B(a, b).
        let survives = |i: f64| (ln_gamma_ratio(b, i) - ln_gamma_ratio(a + b, i)).exp();
        let (k, purchases) = (u64::from(self.k()), f64::from(n));
        let (mut exactly, mut at_least) = (0.0, 0.0);
        for (j, weight, shape) in self.phases() {
            let stages = NegativeBinomial::new(shape, y);
            let passed = |purchases: u64| (k * purchases).saturating_sub(u64::from(j));
            let (from, to) = (passed(u64::from(n)), passed(u64::from(n) + 1));
            exactly += weight * stages.between(from, to);
            at_least += weight * stages.at_least(from as f64);
        }
        let stays = exactly * survives(purchases);
        if n == 0 {
            return stays;
        }
        stays + at_least * survives(purchases - 1.0) * (a / (a + b + (purchases - 1.0)))
    }
}
