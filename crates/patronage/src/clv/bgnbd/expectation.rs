//! Expected purchases of a BG/NBD customer who is alive.

use super::super::numeric::beta_mean;

/// Purchases expected in time t = y × scale of a customer who is alive, buys at a rate ~ gamma(shape, scale), and
/// drops out after each purchase with probability p ~ beta(a, b).
///
/// Had she no way of dropping out, she would make n purchases with negative binomial probability P(n); of these the
/// k-th happens if she survived the k−1 before it, with probability b(b+1)…(b+k−2) / ((a+b)…(a+b+k−2)). So
///
/// ```text
/// E = Σ P(n) e(n),   e(n) = 1 + b/(a+b) + … (n terms).
/// ```
///
/// Every term is positive: nothing cancels, and there is no hole at a = 1 or a + b = 1, where the closed form of
/// Fader, Hardie and Lee (2005, eq. 10) divides 0 by 0. The two are equal by Pfaff's transformation of ₂F₁.
/// Where the sum would be long, the same expectation is a mean over p of (1 − (1+py)^(−shape))/p.
pub(super) fn while_alive(shape: f64, y: f64, a: f64, b: f64) -> f64 {
    const LONGEST: f64 = 400.0;
    // The probability of no purchase, with which the sum begins, must not underflow.
    const SMALLEST: f64 = 600.0;
    if y == 0.0 {
        return 0.0;
    }
    let mean = shape * y;
    let terms = mean + 9.0 * (mean * (1.0 + y)).sqrt() + 40.0 * (1.0 + y);
    if terms <= LONGEST && shape * y.ln_1p() < SMALLEST {
        sum(shape, y, a, b)
    } else {
        beta_mean(a, b, -mean.max(1.0).ln(), |p| {
            let rate = p * y;
            if p < f64::MIN_POSITIVE { mean } else { -(-shape * rate.ln_1p()).exp_m1() / p }
        })
    }
}

fn sum(shape: f64, y: f64, a: f64, b: f64) -> f64 {
    let z = y / (1.0 + y);
    let mut probability = (-shape * y.ln_1p()).exp();
    let (mut made, mut survival, mut total) = (0.0, 1.0, 0.0);
    let mut n = 0.0;
    loop {
        probability *= z * (shape + n) / (n + 1.0);
        made += survival;
        survival *= (b + n) / (a + b + n);
        n += 1.0;
        let term = probability * made;
        total += term;
        // Past the mean, what is left is less than a geometric series.
        if n > shape * y && term * (1.0 + y) * 4.0 < 1e-17 * total {
            return total;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Nobody drops out: shape × y. Everybody does at once: P(at least one purchase).
    #[test]
    fn limits() {
        assert!((while_alive(2.0, 0.5, 1e-14, 1.0) - 1.0).abs() < 1e-12);
        assert!((while_alive(2.0, 0.5, 1.0, 1e-14) - (1.0 - 1.5_f64.powi(-2))).abs() < 1e-12);
        assert!((while_alive(2.0, 1e9, 2.0, 1.0) - 2.0).abs() < 1e-6); // E[1/p] = (a+b−1)/(a−1)
    }

    proptest! {
        #[test]
        fn the_sum_is_the_mean_over_p(
            shape in 1e-3_f64..80.0, y in 1e-6_f64..4.0, a in 1e-2_f64..20.0, b in 1e-2_f64..50.0,
        ) {
            let mean = beta_mean(a, b, -(shape * y).max(1.0).ln(), |p| {
                if p < f64::MIN_POSITIVE { shape * y } else { -(-shape * (p * y).ln_1p()).exp_m1() / p }
            });
            let sum = sum(shape, y, a, b);
            prop_assert!((sum / mean - 1.0).abs() < 1e-12, "{sum} {mean}");
        }
    }
}
