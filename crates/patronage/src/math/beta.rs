//! The beta distribution: tails, quantiles, and the expected distance to a point.

use super::special::{ln_gamma, stirling_correction};

/// A beta distribution with parameters `a`, `b` > 0.
///
/// ```
/// use patronage::math::Beta;
/// let belief = Beta { a: 2.0, b: 3.0 };
/// assert!((belief.above(0.5) - 5.0 / 16.0).abs() < 1e-15);
/// assert!((belief.quantile(11.0 / 16.0) - 0.5).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    /// As if so many successes (and one less than none) had been seen.
    pub a: f64,
    /// The same of failures.
    pub b: f64,
}

impl Beta {
    /// Its mean a / (a + b).
    pub fn mean(self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// P(p < x).
    pub fn below(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        if x >= 1.0 {
            return 1.0;
        }
        let Self { a, b } = self;
        // The continued fraction converges fast on this side of the mean.
        if x * (a + b + 2.0) < a + 1.0 {
            self.power(x) / a / lentz(x, a, b)
        } else {
            1.0 - self.power(x) / b / lentz(1.0 - x, b, a)
        }
    }

    /// P(p > x).
    pub fn above(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 1.0;
        }
        if x >= 1.0 {
            return 0.0;
        }
        let Self { a, b } = self;
        if x * (a + b + 2.0) < a + 1.0 {
            1.0 - self.power(x) / a / lentz(x, a, b)
        } else {
            self.power(x) / b / lentz(1.0 - x, b, a)
        }
    }

    /// The value that p stays below with a probability from 0 to 1.
    pub fn quantile(self, probability: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        while high - low > f64::EPSILON * high {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.below(middle) < probability {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    /// E max(0, p − x).
    ///
    /// ```text
    /// (mean − x) P(p > x) + x^a (1 − x)^b / ((a + b) B(a, b))
    /// ```
    pub fn excess(self, x: f64) -> f64 {
        if x <= 0.0 {
            return self.mean() - x;
        }
        if x >= 1.0 {
            return 0.0;
        }
        let edge = self.power(x) / (self.a + self.b);
        ((self.mean() - x) * self.above(x) + edge).max(0.0)
    }

    /// E max(0, x − p).
    pub fn shortfall(self, x: f64) -> f64 {
        Self { a: self.b, b: self.a }.excess(1.0 - x)
    }

    /// x^a (1 − x)^b / B(a, b) for 0 < x < 1, without the cancellation of large logarithms (after Loader 2000, *Fast
    /// and Accurate Computation of Binomial Probabilities*).
    fn power(self, x: f64) -> f64 {
        let Self { a, b } = self;
        let n = a + b;
        let off = x * b - (1.0 - x) * a;
        let (u, v) = (off / a, -off / b);
        let exponent = if u.abs() < 0.5 && v.abs() < 0.5 {
            a * log_less_line(u) + b * log_less_line(v)
        } else {
            a * libm::log1p(u) + b * libm::log1p(v)
        };
        let rest = stirling(n) - stirling(a) - stirling(b);
        (a / std::f64::consts::TAU * (b / n)).sqrt() * (exponent + rest).exp()
    }
}

/// ln(1 + u) − u for |u| < ½.
fn log_less_line(u: f64) -> f64 {
    let r = u / (2.0 + u);
    let (mut power, mut sum, mut k) = (r * r * r, 0.0, 3.0);
    while power.abs() > 1e-18 * f64::abs(sum) && power != 0.0 {
        sum += power / k;
        power *= r * r;
        k += 2.0;
    }
    2.0 * sum - r * u
}

/// lnΓ(z) less the leading terms of Stirling's formula.
fn stirling(z: f64) -> f64 {
    if z >= 20.0 {
        return stirling_correction(z);
    }
    ln_gamma(z) - (z - 0.5) * libm::log(z) + z - 0.5 * libm::log(std::f64::consts::TAU)
}

/// The continued fraction of the incomplete beta function (*DLMF* 8.17.22) by Lentz's method.
fn lentz(x: f64, a: f64, b: f64) -> f64 {
    const MOST: u32 = 100_000;
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut numerator, mut denominator, mut value) = (1.0, 0.0, 1.0);
    let mut next = |d: f64| {
        denominator = 1.0 / away(1.0 + d * denominator);
        numerator = away(1.0 + d / numerator);
        value *= numerator * denominator;
        numerator * denominator
    };
    for m in (0..MOST).map(f64::from) {
        let at = a + 2.0 * m;
        if m > 0.0 {
            next(m * (b - m) * x / ((at - 1.0) * at));
        }
        let change = next(-(a + m) * (a + b + m) * x / (at * (at + 1.0)));
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// mpmath: `betainc(a, b, x, 1, regularized=True)` in 40 digits.
    #[test]
    fn known_values() {
        for (a, b, x, above) in ABOVE {
            let found = Beta { a, b }.above(x);
            assert!((found / above - 1.0).abs() < 1e-11, "{a} {b} {x}: {found} {above}");
        }
    }

    const ABOVE: [(f64, f64, f64, f64); 5] = [
        (0.5, 0.5, 0.3, 0.630_989_880_434_454_6),
        (1.5, 40.25, 0.0375, 0.377_095_362_286_284_75),
        (38.0, 963.0, 0.0375, 0.510_269_371_623_456),
        (38.0, 963.0, 0.06, 0.000_722_290_431_239_337_8),
        (2000.5, 50_000.5, 0.0375, 0.875_539_990_232_001_1),
    ];

    /// For whole parameters it is a sum of binomial probabilities; the two tails fill up to 1.
    #[test]
    fn whole_parameters() {
        for (a, b) in [(1u32, 1u32), (3, 5), (12, 2)] {
            let law = Beta { a: a.into(), b: b.into() };
            for x in [0.01, 0.2, 0.5, 0.77, 0.99] {
                let n = a + b - 1;
                let choose = |k: u32| (0..k).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
                let term = |k: u32| choose(k) * f64::powi(x, k as i32) * f64::powi(1.0 - x, (n - k) as i32);
                let below: f64 = (a..=n).map(term).sum();
                assert!((law.below(x) - below).abs() < 1e-14);
                assert!((law.above(x) + law.below(x) - 1.0).abs() < 1e-15);
                assert!((law.excess(x) - law.shortfall(x) - (law.mean() - x)).abs() < 1e-15);
            }
        }
        let even = Beta { a: 1.0, b: 1.0 };
        assert!((even.excess(0.25) - 9.0 / 32.0).abs() < 1e-16);
        assert_eq!(
            (even.above(-1.0), even.above(2.0), even.below(0.0), even.below(1.0)),
            (1.0, 0.0, 0.0, 1.0)
        );
    }
}
