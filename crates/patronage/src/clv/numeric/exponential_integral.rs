//! The generalised exponential integral.

use crate::math::special::ln_gamma;

/// e^z Eₛ(z) = e^z ∫₁^∞ e^(−zt) t^(−s) dt for s > 0 and z > 0.
///
/// For large z or s the continued fraction (*DLMF* 8.19.17, contracted). Else a series for the order next to 1, and
/// from there the recurrence Eₛ₊₁ = (e^(−z) − z Eₛ)/s, which loses nothing while z is small.
pub(in super::super) fn scaled_exponential_integral(s: f64, z: f64) -> f64 {
    if z >= 0.5 || s >= 20.0 {
        return continued_fraction(s, z);
    }
    let steps = (s - 0.5).floor().max(0.0);
    let mut order = s - steps;
    let mut value = z.exp() * near_one(1.0 - order, z);
    while order + 0.5 < s {
        value = (1.0 - z * value) / order;
        order += 1.0;
    }
    value
}

/// 1/(z+s − 1·s/(z+s+2 − 2(s+1)/(z+s+4 − …))), by Steed's forward evaluation.
fn continued_fraction(s: f64, z: f64) -> f64 {
    const MOST: u32 = 2000;
    let mut below = z + s;
    let mut d = 1.0 / below;
    let mut delta = d;
    let mut value = d;
    for n in 1..=MOST {
        let n = f64::from(n);
        let above = -n * (s + n - 1.0);
        below += 2.0;
        d = 1.0 / (below + above * d);
        delta *= below * d - 1.0;
        value += delta;
        if delta.abs() <= 1e-17 * value {
            break;
        }
    }
    value
}

/// Eₛ(z) for s = 1−ε, which is (Γ(1+ε) z^(−ε) − 1)/ε − Σ (−z)^k/(k! (k+ε)) for −½ ≤ ε < 1 and small z, without a hole at
/// ε = 0.
fn near_one(epsilon: f64, z: f64) -> f64 {
    let per_epsilon = ln_gamma_near_one(epsilon) - z.ln();
    let exponent = per_epsilon * epsilon;
    let bracket = per_epsilon * if exponent == 0.0 { 1.0 } else { exponent.exp_m1() / exponent };
    let (mut power, mut sum) = (1.0, 0.0);
    for k in 1..40 {
        let k = f64::from(k);
        power *= -z / k;
        sum += power / (k + epsilon);
    }
    bracket - sum
}

/// lnΓ(1+ε)/ε for −½ ≤ ε < 1, near 0 by its series (Abramowitz and Stegun, 1964, 6.1.33).
fn ln_gamma_near_one(epsilon: f64) -> f64 {
    /// 1 − Euler's constant.
    const FIRST: f64 = 0.422_784_335_098_467_14;
    /// ζ(k) − 1 for k = 2, 3, …
    const ZETA_LESS_ONE: [f64; 28] = [
        0.644_934_066_848_226_4,
        0.202_056_903_159_594_3,
        0.082_323_233_711_138_19,
        0.036_927_755_143_369_93,
        0.017_343_061_984_449_14,
        0.008_349_277_381_922_827,
        0.004_077_356_197_944_339,
        0.002_008_392_826_082_214_4,
        0.000_994_575_127_818_085_3,
        0.000_494_188_604_119_464_6,
        0.000_246_086_553_308_048_3,
        0.000_122_713_347_578_489_15,
        0.000_061_248_135_058_704_83,
        0.000_030_588_236_307_020_49,
        0.000_015_282_259_408_651_87,
        7.637_197_637_899_762e-6,
        3.817_293_264_999_84e-6,
        1.908_212_716_553_939e-6,
        9.539_620_338_727_96e-7,
        4.769_329_867_878_064e-7,
        2.384_505_027_277_33e-7,
        1.192_199_259_653_110_7e-7,
        5.960_818_905_125_948e-8,
        2.980_350_351_465_228e-8,
        1.490_155_482_836_504e-8,
        7.450_711_789_835_43e-9,
        3.725_334_024_788_457e-9,
        1.862_659_723_513_049e-9,
    ];
    if epsilon > 0.5 {
        return ln_gamma(1.0 + epsilon) / epsilon;
    }
    let first = if epsilon == 0.0 { 1.0 } else { epsilon.ln_1p() / epsilon };
    let mut power = 1.0;
    let mut sum = FIRST - first;
    for (k, zeta) in (2..).zip(ZETA_LESS_ONE) {
        power *= epsilon;
        sum += if k % 2 == 0 { power } else { -power } * zeta / f64::from(k);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By mpmath 1.3: `exp(z)*expint(s, z)` with 30 digits.
    #[test]
    fn against_many_digits() {
        for (s, z, expected) in CASES {
            let found = scaled_exponential_integral(s, z);
            assert!((found / expected - 1.0).abs() < 5e-15, "s {s} z {z}: {found} {expected}");
        }
    }

    #[allow(clippy::unreadable_literal, clippy::excessive_precision)]
    const CASES: [(f64, f64, f64); 28] = [
        (1.001, 1e-09, 19.943667988782089),
        (1.243, 0.003, 2.9079425247727614),
        (1.243, 0.49, 0.80354367485597378),
        (1.0, 0.2, 1.4933487469322396),
        (0.75, 0.3, 1.5121571561576237),
        (1.5, 0.3, 0.85052171188125109),
        (2.0, 1e-06, 0.99998676169086863),
        (2.243, 0.1, 0.68142541564459999),
        (3.0, 0.5, 0.36536382906046631),
        (7.3, 0.02, 0.15813394622068314),
        (19.9, 0.4, 0.051755004274535116),
        (20.1, 1e-08, 0.052356020913482395),
        (27.243, 0.117, 0.037929631085417353),
        (1.243, 0.5, 0.79525926352663075),
        (1.1, 3.0, 0.25641092596602554),
        (5001.0, 0.01, 0.00019999959992078448),
        (1.25, 1000000.0, 9.9999875000281249e-7),
        (300.5, 40.0, 0.0029444839419655026),
        (0.499, 0.49, 1.3327322741701781),
        (0.3, 0.2, 3.281585946586603),
        (0.3, 1e-09, 2589959.4619945972),
        (0.01, 0.3, 3.2929084382466339),
        (0.001, 1e-06, 986849.74383067309),
        (1e-06, 0.4, 2.4999973804318391),
        (0.2, 0.5, 1.673713254668143),
        (0.001, 0.7, 1.4274967558585029),
        (0.4, 30.0, 0.032908134949806529),
        (0.606, 5e-06, 273.73115424387394),
    ];
}
