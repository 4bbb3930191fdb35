//! Expected purchases and survival of a customer who is alive.
//!
//! Had she no way of dropping out, she would pass n stages with negative binomial probability P(n), and with them
//! make M = ⌊(j+n)/k⌋ purchases. She survives i purchases with probability s(i) = b(b+1)…(b+i−1)/((a+b)…(a+b+i−1)). So
//!
//! ```text
//! E[purchases] = Σ P(n) e(M),   e(M) = s(0) + s(1) + … + s(M−1)
//! P(survives)  = Σ P(n) s(M)
//! ```
//!
//! Every term is positive: nothing cancels, and there is no hole at a = 1 or a + b = 1, where the closed form of
//! Fader, Hardie and Lee (2005, eq. 10) divides 0 by 0; for k = 1 the two are equal by Pfaff's transformation of ₂F₁.
//! Where the sum would be long, the same is a mean over p ([`super::dropout`]).

use super::alive::Alive;

/// Purchases made, if she has not dropped out before, and the probability that she has not.
struct Course {
    made: f64,
    survival: f64,
}

impl Alive {
    /// Purchases expected in time t = y × scale.
    pub(super) fn expected_purchases(&self, y: f64) -> f64 {
        if y == 0.0 {
            0.0
        } else if self.is_short(y) {
            self.sum(y, |course| course.made)
        } else {
            self.expected_over_dropout(y)
        }
    }

    /// Logarithm of the probability that she still is a customer after time t = y × scale.
    pub(super) fn log_survival(&self, y: f64) -> f64 {
        if y == 0.0 {
            0.0
        } else if self.is_short(y) {
            self.sum(y, |course| course.survival).ln()
        } else {
            self.log_survival_over_dropout(y)
        }
    }

    fn is_short(&self, y: f64) -> bool {
        const LONGEST: f64 = 400.0;
        // The probability of no stage, with which the sum begins, must not underflow.
        const SMALLEST: f64 = 600.0;
        let shape = self.shape + f64::from(self.k() - 1);
        let mean = shape * y;
        let terms = mean + 9.0 * (mean * (1.0 + y)).sqrt() + 40.0 * (1.0 + y);
        terms <= LONGEST && shape * y.ln_1p() < SMALLEST
    }

    fn sum(&self, y: f64, value: impl Fn(&Course) -> f64) -> f64 {
        self.phases().map(|(j, weight, shape)| weight * self.sum_from(j, shape, y, &value)).sum()
    }

    fn sum_from(&self, j: u32, shape: f64, y: f64, value: impl Fn(&Course) -> f64) -> f64 {
        let (a, b, k) = (self.a, self.b, self.k());
        let z = y / (1.0 + y);
        let mut probability = (-shape * y.ln_1p()).exp();
        let mut course = Course { made: 0.0, survival: 1.0 };
        let mut total = probability * value(&course);
        let (mut n, mut purchases, mut missing) = (0.0, 0.0, k - j);
        loop {
            probability *= z * (shape + n) / (n + 1.0);
            n += 1.0;
            missing -= 1;
            if missing == 0 {
                course.made += course.survival;
                course.survival *= (b + purchases) / (a + b + purchases);
                purchases += 1.0;
                missing = k;
            }
            let term = probability * value(&course);
            total += term;
            // Past the mean, what is left is less than a geometric series.
            let little = term * (1.0 + y) * 4.0 < 1e-17 * total || probability == 0.0;
            if little && n > shape * y {
                return total;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alive(shape: f64, a: f64, b: f64, stages: Vec<f64>) -> Alive {
        Alive { shape, a, b, stages }
    }

    /// Nobody drops out: shape × y. Everybody does at once: P(at least one purchase).
    #[test]
    fn limits() {
        let expected = |shape, y, a, b| alive(shape, a, b, vec![1.0]).expected_purchases(y);
        assert!((expected(2.0, 0.5, 1e-14, 1.0) - 1.0).abs() < 1e-12);
        assert!((expected(2.0, 0.5, 1.0, 1e-14) - (1.0 - 1.5_f64.powi(-2))).abs() < 1e-12);
        assert!((expected(2.0, 1e9, 2.0, 1.0) - 2.0).abs() < 1e-6); // E[1/p] = (a+b−1)/(a−1)
    }

    proptest! {
        /// Two routes to the same: a sum over stages, and a mean over the drop-out probability.
        #[test]
        fn the_sum_is_the_mean_over_p(
            shape in 1e-3_f64..80.0, y in 1e-3_f64..4.0, a in 1e-2_f64..20.0, b in 1e-2_f64..50.0,
            stages in prop::collection::vec(0.01_f64..1.0, 1..7),
        ) {
            let all: f64 = stages.iter().sum();
            let customer = alive(shape, a, b, stages.iter().map(|s| s / all).collect());
            let (sum, mean) = (customer.sum(y, |course| course.made), customer.expected_over_dropout(y));
            prop_assert!((sum / mean - 1.0).abs() < 1e-12, "{sum} {mean}");
            let (sum, mean) = (customer.sum(y, |course| course.survival), customer.log_survival_over_dropout(y).exp());
            prop_assert!((sum / mean - 1.0).abs() < 1e-12, "survival {sum} {mean}");
        }
    }
}
