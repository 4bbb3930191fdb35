//! Expected purchases and survival as means over the drop-out probability, for horizons with many stages.
//!
//! Given p = 1−q, purchases are what survival lets through: E[purchases] = (1 − P(survives))/p. With k = 1,
//! P(survives) = (1 + py)^(−shape). With k stages to a purchase and j behind her, q^⌊(j+n)/k⌋ is, as a function of n, a
//! sum of powers of the k-th roots w = q^(1/k) e^(2πi l/k) of q, each of which has a negative binomial mean:
//!
//! ```text
//! P(survives) = Σ c(w) (1 + y(1−w))^(−shape−j),   c(w) = p/(kq) w^(j+1)/(1−w),   Σ c(w) = 1.
//! ```
//!
//! That loses digits as q → 0, where the first few purchases decide.

use std::f64::consts::TAU;

use super::super::numeric::{NegativeBinomial, beta_mean, log_beta_mean};
use super::alive::Alive;

/// Purchases after which nobody is left who drops out with a probability above ½.
const FEW: u32 = 64;
/// Nothing varies from here down, and here nothing is subnormal.
const SMALLEST: f64 = 1e-290;

impl Alive {
    pub(super) fn expected_over_dropout(&self, y: f64) -> f64 {
        let first = First::of(self, y);
        beta_mean(self.a, self.b, self.flat_below(y), |p| {
            let p = p.max(SMALLEST);
            if self.k() == 1 {
                return -(-self.shape * (p * y).ln_1p()).exp_m1() / p;
            }
            if p > 0.5 { first.expected(1.0 - p) } else { self.roots(y, p, one_less_power) }
        })
    }

    pub(super) fn log_survival_over_dropout(&self, y: f64) -> f64 {
        let first = First::of(self, y);
        log_beta_mean(self.a, self.b, self.flat_below(y), |p| {
            let p = p.max(SMALLEST);
            if self.k() == 1 {
                return -self.shape * (p * y).ln_1p();
            }
            if p > 0.5 { first.survival(1.0 - p).ln() } else { (p * self.roots(y, p, power)).ln() }
        })
    }
}

/// The first few purchases of one who never drops out.
struct First {
    /// P(M ≥ 1), P(M ≥ 2), …
    at_least: Vec<f64>,
    /// P(M = 0), P(M = 1), …
    exactly: Vec<f64>,
}

impl First {
    fn of(alive: &Alive, y: f64) -> Self {
        let k = u64::from(alive.k());
        let few = if k == 1 { 0 } else { FEW.into() };
        // That few purchases are made may be so unlikely that surviving more of them counts.
        let unlikely = (alive.shape + f64::from(alive.k())) * y.ln_1p() / 2_f64.ln();
        let late = if k == 1 { 0 } else { few + unlikely.min(20_000.0) as u64 };
        let over_phases = |probability: &dyn Fn(NegativeBinomial, u64) -> f64| {
            let mean = |j: u32, weight: f64, shape: f64| {
                weight * probability(NegativeBinomial::new(shape, y), j.into())
            };
            alive.phases().map(|(j, weight, shape)| mean(j, weight, shape)).sum::<f64>()
        };
        let passed = |purchases: u64, j: u64| (k * purchases).saturating_sub(j);
        Self {
            at_least: (1..=few).map(|m| over_phases(&|n, j| n.at_least(passed(m, j) as f64))).collect(),
            exactly: (0..late)
                .map(|m| over_phases(&|n, j| n.between(passed(m, j), passed(m + 1, j))))
                .collect(),
        }
    }

    /// Σ q^(m−1) P(M ≥ m).
    fn expected(&self, q: f64) -> f64 {
        self.at_least.iter().rev().fold(0.0, |sum, probability| q * sum + probability)
    }

    /// Σ q^m P(M = m).
    fn survival(&self, q: f64) -> f64 {
        self.exactly.iter().rev().fold(0.0, |sum, probability| q * sum + probability)
    }
}

/// Real and imaginary part.
type Complex = [f64; 2];

impl Alive {
    /// Σ c(w)/p · value(ln of the root's power), over the k-th roots w of q = 1−p and the stages behind her.
    fn roots(&self, y: f64, p: f64, value: impl Fn(Complex) -> Complex) -> f64 {
        let k = self.k();
        let log_size = (-p).ln_1p() / f64::from(k);
        let (size, short) = (log_size.exp(), -log_size.exp_m1());
        let mut total = 0.0;
        // Roots come in conjugate pairs.
        for l in 0..=k / 2 {
            let angle = TAU * f64::from(l) / f64::from(k);
            let pair = if l == 0 || 2 * l == k { 1.0 } else { 2.0 };
            let less = [short + 2.0 * size * (0.5 * angle).sin().powi(2), -size * angle.sin()];
            let grown = log_one_plus([y * less[0], y * less[1]]);
            // 1/(1−w).
            let upside_down = if l == 0 {
                [1.0 / short, 0.0]
            } else {
                let below = less[0] * less[0] + less[1] * less[1];
                [less[0] / below, -less[1] / below]
            };
            for (j, weight, shape) in self.phases() {
                let [re, im] = value([-shape * grown[0], -shape * grown[1]]);
                // Re[w^(j+1)/(1−w) (re + i im)].
                let (sine, cosine) = (f64::from(j + 1) * angle).sin_cos();
                let [one, other] = upside_down;
                let (re, im) = (one * re - other * im, one * im + other * re);
                let size = (f64::from(j + 1) * log_size).exp();
                total += pair * weight * size * (cosine * re - sine * im);
            }
        }
        total / (f64::from(k) * (1.0 - p))
    }

    /// Where ln p is below this, nothing varies: she hardly ever drops out.
    fn flat_below(&self, y: f64) -> f64 {
        -(self.shape * y).max(1.0).ln()
    }
}

/// ln(1 + z) for z with a real part above −1.
fn log_one_plus([re, im]: Complex) -> Complex {
    let size = re.hypot(im);
    let log = if size < 0.5 { 0.5 * (re * (2.0 + re) + im * im).ln_1p() } else { (1.0 + re).hypot(im).ln() };
    [log, im.atan2(1.0 + re)]
}

/// e^z.
fn power([re, im]: Complex) -> Complex {
    let size = re.exp();
    [size * im.cos(), size * im.sin()]
}

/// 1 − e^z.
fn one_less_power([re, im]: Complex) -> Complex {
    let size = re.exp();
    [-re.exp_m1() + size * 2.0 * (0.5 * im).sin().powi(2), -size * im.sin()]
}
