//! Special functions, to a few units in the last place on the positive axis.

/// lnΓ(x) for x > 0.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ln B(a, b) for a, b > 0.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    // For a small and a large argument the two large lnΓ cancel: take their difference directly.
    ln_gamma(small) - ln_gamma_ratio(large, small)
}

/// lnΓ(x + d) − lnΓ(x) for x > 0, d ≥ 0, without cancellation when x is large.
pub fn ln_gamma_ratio(x: f64, d: f64) -> f64 {
    const STIRLING_FROM: f64 = 20.0;
    if x < STIRLING_FROM {
        return ln_gamma(x + d) - ln_gamma(x);
    }
    // Stirling: lnΓ(y) = (y − ½) ln y − y + ½ ln 2π + c(y).
    let y = x + d;
    (x - 0.5) * libm::log1p(d / x) + d * libm::log(y) - d + stirling_correction(y) - stirling_correction(x)
}

/// The series of Stirling's formula beyond its leading terms, for x ≥ 20.
pub(super) fn stirling_correction(x: f64) -> f64 {
    let x2 = 1.0 / (x * x);
    (1.0 / 12.0 - x2 * (1.0 / 360.0 - x2 * (1.0 / 1260.0 - x2 * (1.0 / 1680.0 - x2 / 1188.0)))) / x
}

/// ψ(x), the derivative of lnΓ, for x > 0: recurrence up to 12, then the asymptotic series.
pub fn digamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 12.0 {
        shift -= 1.0 / x;
        x += 1.0;
    }
    let x2 = 1.0 / (x * x);
    let series = x2
        * (1.0 / 12.0
            - x2 * (1.0 / 120.0
                - x2 * (1.0 / 252.0
                    - x2 * (1.0 / 240.0 - x2 * (1.0 / 132.0 - x2 * (691.0 / 32_760.0 - x2 / 12.0))))));
    shift + libm::log(x) - 0.5 / x - series
}

/// ψ′(x), the second derivative of lnΓ, for x > 0: recurrence up to 12, then the asymptotic series.
pub fn trigamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 12.0 {
        shift += 1.0 / (x * x);
        x += 1.0;
    }
    let x2 = 1.0 / (x * x);
    let series = 1.0 / 6.0
        - x2 * (1.0 / 30.0
            - x2 * (1.0 / 42.0
                - x2 * (1.0 / 30.0 - x2 * (5.0 / 66.0 - x2 * (691.0 / 2730.0 - x2 * 7.0 / 6.0)))));
    shift + 1.0 / x + 0.5 * x2 + series * x2 / x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{found} ≠ {expected}");
    }

    /// Values from Abramowitz & Stegun (1964), tables 6.1 to 6.3, and closed forms.
    #[test]
    fn known_values() {
        const EULER: f64 = 0.577_215_664_901_532_9;
        let pi2 = std::f64::consts::PI.powi(2);
        close(digamma(1.0), -EULER, 1e-15);
        close(digamma(0.5), -EULER - 2.0 * 2f64.ln(), 1e-15);
        close(digamma(10.0), 2.251_752_589_066_721, 1e-15);
        close(trigamma(1.0), pi2 / 6.0, 1e-15);
        close(trigamma(0.5), pi2 / 2.0, 1e-15);
        close(ln_gamma(0.5), 0.5 * std::f64::consts::PI.ln(), 1e-15);
        close(ln_beta(1.0, 1.0), 0.0, 1e-15);
        close(ln_beta(2.0, 3.0), (1.0_f64 / 12.0).ln(), 1e-15);
    }

    /// Γ(x + n)/Γ(x) is the product x(x+1)…(x+n−1).
    #[test]
    fn gamma_ratio_is_a_product() {
        for x in [0.3, 5.0, 19.9, 20.0, 1e4, 1e9] {
            let product: f64 = (0..5).map(|i| (x + f64::from(i)).ln()).sum();
            close(ln_gamma_ratio(x, 5.0), product, 3e-15);
        }
        close(ln_beta(0.5, 1e12), ln_gamma(0.5) - 0.5 * 1e12_f64.ln(), 1e-12);
    }
}
