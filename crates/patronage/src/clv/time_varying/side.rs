//! One process along a path: how much of it there was, and by which covariates.

/// P(u) = 1 + ∫₀ᵘ e^η, with the mean and the covariance of the covariates over it, the 1 counting as covariates of 0.
///
/// These are the derivatives of ln P in the coefficients.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// P − 1.
    pub grown: f64,
    pub mean: Vec<f64>,
    /// The upper triangle, a row after the other.
    pub spread: Vec<f64>,
    /// Covariates of the last piece, less the mean before it.
    pub away: Vec<f64>,
}

impl Side {
    pub(super) fn new(width: usize) -> Self {
        Self {
            grown: 0.0,
            mean: vec![0.0; width],
            spread: vec![0.0; width * (width + 1) / 2],
            away: vec![0.0; width],
        }
    }

    /// Back to u = 0.
    pub(super) fn restart(&mut self) {
        self.grown = 0.0;
        self.mean.fill(0.0);
        self.spread.fill(0.0);
    }

    /// P.
    pub(super) fn total(&self) -> f64 {
        1.0 + self.grown
    }

    /// Sets out on a piece with these covariates.
    pub(super) fn face(&mut self, covariates: &[f64]) {
        for ((away, value), mean) in self.away.iter_mut().zip(covariates).zip(&self.mean) {
            *away = value - mean;
        }
    }

    /// Passes the piece it set out on, over which P grows by so much; `ORDER` is that of the derivatives wanted.
    pub(super) fn pass<const ORDER: usize>(&mut self, growth: f64) {
        self.grown += growth;
        let share = growth / self.total();
        if ORDER > 1 {
            let mut spread = self.spread.iter_mut();
            for (i, one) in self.away.iter().enumerate() {
                for (other, entry) in self.away[i..].iter().zip(&mut spread) {
                    *entry = (1.0 - share) * (*entry + share * one * other);
                }
            }
        }
        if ORDER > 0 {
            self.mean.iter_mut().zip(&self.away).for_each(|(mean, away)| *mean += share * away);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and covariance of a unit at (0, 0) and of growths at the covariates, by their definition.
    #[test]
    fn weighted_mean_and_covariance() {
        let pieces = [(0.3, [-1.0, 2.0]), (1.7, [-1.0, 0.5]), (0.01, [-1.0, -4.0])];
        let mut side = Side::new(2);
        for (growth, covariates) in pieces {
            side.face(&covariates);
            side.pass::<2>(growth);
        }
        let total: f64 = 1.0 + pieces.iter().map(|(w, _)| w).sum::<f64>();
        let mean = |i: usize| pieces.iter().map(|(w, x)| w * x[i]).sum::<f64>() / total;
        let square = |i: usize, j: usize| pieces.iter().map(|(w, x)| w * x[i] * x[j]).sum::<f64>() / total;
        assert!((side.total() - total).abs() < 1e-15);
        for (place, (i, j)) in [(0, 0), (0, 1), (1, 1)].into_iter().enumerate() {
            assert!((side.mean[i] - mean(i)).abs() < 1e-15);
            assert!((side.spread[place] - (square(i, j) - mean(i) * mean(j))).abs() < 1e-14, "{i} {j}");
        }
    }
}
