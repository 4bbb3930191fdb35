//! Tails and quantiles that tests and intervals need.

use super::special::ln_gamma;

/// P(χ² ≥ `x`) for `degrees` degrees of freedom, at least 1, and x ≥ 0.
///
/// Q(d/2, x/2) for whole d is a sum of positive terms (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5), beside the normal
/// tail where d is odd:
///
/// ```text
/// Q = [d odd] erfc(√(x/2)) + Σ e^(−x/2) (x/2)^k / Γ(k + 1),   k = d/2 − 1, d/2 − 2, … ≥ 0 (½ where d is odd)
/// ```
///
/// ```
/// use patronage::math::chi_squared_tail;
/// assert!((chi_squared_tail(3.841_458_820_694_124, 1) - 0.05).abs() < 1e-15);
/// assert!((chi_squared_tail(5.991_464_547_107_979, 2) - 0.05).abs() < 1e-15);
/// ```
pub fn chi_squared_tail(x: f64, degrees: u32) -> f64 {
    if x == f64::INFINITY {
        return 0.0;
    }
    let half = x / 2.0;
    let odd = degrees % 2 == 1;
    let mut tail = if odd { libm::erfc(half.sqrt()) } else { 0.0 };
    let mut k = if odd { 0.5 } else { 0.0 };
    while k < f64::from(degrees) / 2.0 {
        let power = if k == 0.0 { 0.0 } else { k * half.ln() };
        tail += (power - half - ln_gamma(k + 1.0)).exp();
        k += 1.0;
    }
    // Not `min`, which would make 1 of NaN.
    if tail > 1.0 { 1.0 } else { tail }
}

/// The value that a standard normal variable stays below with probability `p` in (0, 1).
///
/// ```
/// use patronage::math::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let below = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    // Halley's steps on ln Φ(z) = ln p from the leading term of the tail's expansion.
    let mut z = -(-2.0 * p.ln()).sqrt() + 0.4;
    for _ in 0..50 {
        let phi = below(z);
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let slope = density / phi;
        let miss = (phi / p).ln();
        let newton = miss / slope;
        // (ln Φ)″ = −slope (z + slope)
        let step = newton / (1.0 + 0.5 * newton * (z + slope));
        z -= step;
        if step.abs() <= 1e-15 * z.abs().max(1.0) {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4: `pchisq(x, d, lower.tail = FALSE)`, in 17 digits by mpmath's `gammainc(d/2, x/2, regularized=True)`.
    #[test]
    fn tails_of_chi_squared() {
        for (x, d, expected) in CHI_SQUARED {
            let found = chi_squared_tail(x, d);
            assert!((found / expected - 1.0).abs() < 3e-14, "{x} {d}: {found} {expected}");
        }
        assert_eq!(chi_squared_tail(0.0, 1), 1.0);
        assert_eq!(chi_squared_tail(f64::INFINITY, 4), 0.0);
        assert!(chi_squared_tail(f64::NAN, 3).is_nan());
        assert_eq!(chi_squared_tail(0.0, 4), 1.0);
    }

    const CHI_SQUARED: [(f64, u32, f64); 8] = [
        (0.01, 1, 0.920_344_325_445_942),
        (3.84, 1, 0.050_043_521_248_705_106),
        (40.0, 1, 2.539_628_589_470_865e-10),
        (0.5, 2, 0.778_800_783_071_404_9),
        (8.3, 3, 0.040_201_906_002_614_06),
        (27.5, 4, 1.574_863_414_801_304_4e-05),
        (12.0, 7, 0.100_558_868_508_358_84),
        (150.0, 10, 3.727_485_055_062_51e-27),
    ];

    /// mpmath: `sqrt(2) erfinv(2p − 1)`.
    #[test]
    fn quantiles_of_the_normal() {
        for (p, expected) in NORMAL {
            let found = normal_quantile(p);
            assert!((found - expected).abs() < 2e-14 * expected.abs().max(1.0), "{p}: {found} {expected}");
            assert!(p < 1e-6 || (normal_quantile(1.0 - p) + found).abs() < 1e-8);
        }
    }

    const NORMAL: [(f64, f64); 6] = [
        (1e-12, -7.034_483_825_301_132),
        (1e-06, -4.753_424_308_822_899),
        (0.001, -3.090_232_306_167_813_6),
        (0.025, -1.959_963_984_540_054_3),
        (0.3, -0.524_400_512_708_040_8),
        (0.5, 0.0),
    ];
}
