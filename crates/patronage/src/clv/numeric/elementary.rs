//! Exponentials and logarithms without branches, so that the compiler can work on several numbers of an array at once.
//!
//! Within two units in the last place, and the same bits on every machine.

const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Added to a number below 2⁵¹, it rounds it to a whole one and leaves that in the last bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// 1/k! from k = 2 up to 13.
const INVERSE_FACTORIALS: [f64; 12] = [
    1.0 / 2.0,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];
/// 2/(2j+1) from j = 1 up to 12.
const ODD: [f64; 12] = [
    2.0 / 3.0,
    2.0 / 5.0,
    2.0 / 7.0,
    2.0 / 9.0,
    2.0 / 11.0,
    2.0 / 13.0,
    2.0 / 15.0,
    2.0 / 17.0,
    2.0 / 19.0,
    2.0 / 21.0,
    2.0 / 23.0,
    2.0 / 25.0,
];

/// c₀ + c₁ x + …, in pairs of pairs (Estrin, 1960), so that no term waits for all others.
#[inline(always)]
#[allow(clippy::inline_always)]
fn polynomial(c: &[f64; 12], x: f64) -> f64 {
    let (x2, x4) = (x * x, (x * x) * (x * x));
    let four = |k: usize| (c[k] + c[k + 1] * x) + (c[k + 2] + c[k + 3] * x) * x2;
    (four(0) + four(4) * x4) + four(8) * (x4 * x4)
}

/// 2ᵏ and e^f − 1 with eˣ = 2ᵏ e^f, |f| ≤ ½ ln 2, for |x| ≤ 708.
#[inline(always)]
#[allow(clippy::inline_always)] // a call would keep loops from being vectorised
fn split(x: f64) -> (f64, f64) {
    let rounded = x * std::f64::consts::LOG2_E + ROUND;
    let k = rounded - ROUND;
    let f = (x - k * LN2_HIGH) - k * LN2_LOW;
    let series = polynomial(&INVERSE_FACTORIALS, f);
    (f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52), f + f * f * series)
}

/// eˣ; beyond ±708 as at ±708.
#[inline(always)]
#[allow(clippy::inline_always)]
pub(in super::super) fn exp(x: f64) -> f64 {
    let (power, rest) = split(x.clamp(-708.0, 708.0));
    power + power * rest
}

/// eˣ − 1; beyond ±708 as at ±708.
#[inline(always)]
#[allow(clippy::inline_always)]
pub(in super::super) fn exp_m1(x: f64) -> f64 {
    let (power, rest) = split(x.clamp(-708.0, 708.0));
    power * rest + (power - 1.0)
}

/// ln(1 + x) for finite x ≥ 0.
#[inline(always)]
#[allow(clippy::inline_always)]
pub(in super::super) fn ln_1p(x: f64) -> f64 {
    const HALF_ROOT: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    /// 2⁵² as bits: a whole number put into the last bits of it.
    const WHOLE: u64 = 0x4330_0000_0000_0000;
    let u = 1.0 + x;
    // What rounding took from u.
    let lost = if x < 1.0 { x - (u - 1.0) } else { 1.0 - (u - x) };
    // u = 2ᵏ (1 + f) with √½ ≤ 1 + f < √2.
    let exponent = u.to_bits().wrapping_sub(HALF_ROOT) >> 52;
    let k = f64::from_bits(exponent | WHOLE) - f64::from_bits(WHOLE);
    let f = f64::from_bits(u.to_bits().wrapping_sub(exponent << 52)) - 1.0;
    // ln(1 + f) = 2 artanh(z) = 2 z + z (2z²/3 + 2z⁴/5 + …), and 2 z = f − z f.
    let z = f / (2.0 + f);
    let series = z * z * polynomial(&ODD, z * z);
    k * LN2_HIGH + (f + (k * LN2_LOW + lost / u - z * (f - series)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 4.5e-16 * expected.abs()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Against the platform's library.
        #[test]
        fn as_the_platform_has_it(size in -300.0_f64..300.0, small in -45.0_f64..2.0) {
            let x = size.exp();
            prop_assert!(near(ln_1p(x), x.ln_1p()), "{x}: {} {}", ln_1p(x), x.ln_1p());
            prop_assert!(near(ln_1p(small.exp()), small.exp().ln_1p()));
            for x in [size, small, small.exp(), -small.exp()] {
                prop_assert!(near(exp(x), x.exp()), "{x}: {} {}", exp(x), x.exp());
                prop_assert!(near(exp_m1(x), x.exp_m1()), "{x}: {} {}", exp_m1(x), x.exp_m1());
            }
        }
    }

    #[test]
    fn ends() {
        assert_eq!((exp(0.0), exp_m1(0.0), ln_1p(0.0)), (1.0, 0.0, 0.0));
        assert!(near(exp(-708.0), (-708.0_f64).exp()) && exp(-1e9) < 1e-300 && exp(1e9).is_finite());
        assert!(near(ln_1p(f64::MAX), f64::MAX.ln()) && ln_1p(5e-324) == 5e-324);
    }
}
