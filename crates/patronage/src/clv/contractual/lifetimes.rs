//! The beta-discrete-Weibull distribution of lifetimes.

use super::super::numeric::{BetaGeometric, digamma_rise};
use crate::math::special::ln_gamma_ratio;

/// Lifetimes that are longer than t periods with probability S(t) = B(α, β+t^c)/B(α, β): the discrete Weibull
/// distribution, S(t) = (1−θ)^(t^c), with a θ ~ beta(α, β) for each customer. At c = 1 it is the shifted
/// beta-geometric distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetimes {
    pub(super) alpha: f64,
    pub(super) beta: f64,
    pub(super) c: f64,
}

impl Lifetimes {
    /// ln S(from) − ln S(to), for from ≤ to.
    pub(super) fn log_drop(self, from: f64, to: f64) -> f64 {
        if to == from {
            return 0.0;
        }
        if self.c * to.ln() > FAR {
            return self.log_drop_by(to.ln()) - self.log_drop(0.0, from);
        }
        self.drop_between(from.powf(self.c), rise(from, to, self.c))
    }

    /// −ln S(t) from ln t, for t that may be too large for a float.
    fn log_drop_by(self, log_t: f64) -> f64 {
        let Self { alpha, beta, c } = self;
        if c * log_t > FAR {
            // Γ(α+β+v)/Γ(β+v) → v^α.
            return alpha * c * log_t - ln_gamma_ratio(beta, alpha);
        }
        self.drop_between(0.0, (c * log_t).exp())
    }

    /// lnΓ(α+β+y) − lnΓ(β+y) between y = u and y = u + rise.
    fn drop_between(self, u: f64, rise: f64) -> f64 {
        let Self { alpha, beta, .. } = self;
        let start = beta + u;
        if rise == 1.0 {
            (alpha / start).ln_1p()
        } else if rise <= 0.5 * start {
            // ∫ ψ(α+y) − ψ(y) dy: the difference of logarithms would cancel.
            let half = 0.5 * rise;
            let at = |x: f64| digamma_rise(start + half * (1.0 + x), alpha);
            half * GAUSS.iter().map(|&(x, weight)| weight * (at(x) + at(-x))).sum::<f64>()
        } else if rise <= alpha {
            ln_gamma_ratio(alpha + start, rise) - ln_gamma_ratio(start, rise)
        } else {
            ln_gamma_ratio(start + rise, alpha) - ln_gamma_ratio(start, alpha)
        }
    }

    /// S(t).
    pub(super) fn survival(self, t: f64) -> f64 {
        (-self.log_drop(0.0, t)).exp()
    }

    /// The periods expected of a customer who has stayed for `age` of them, from the next one on, which she may not
    /// begin: Σ S(age+t)/S(age) e^(−rate (t−1)) over t = 1, 2, …; infinite if the sum is.
    pub(super) fn expected_after(self, age: f64, rate: f64) -> f64 {
        /// Terms that are worked out one by one.
        const ONE_BY_ONE: u32 = 2000;
        let Self { alpha, beta, c } = self;
        if rate == 0.0 && c * alpha <= 1.0 {
            return f64::INFINITY;
        }
        if c == 1.0 {
            let left = BetaGeometric { alpha, beta: beta + age };
            return if rate > 0.0 { rate.exp() * left.discounted(rate) } else { left.beta / (alpha - 1.0) };
        }
        // Terms one by one, and then the integral from half a period earlier, less its first correction (Euler and
        // Maclaurin): by now the terms are a smooth function.
        let base = self.log_drop(0.0, age);
        let discount = |t: f64| if rate == 0.0 { 0.0 } else { rate * (t - (age + 1.0)) };
        let log_term = |t: f64| base - self.log_drop(0.0, t) - discount(t);
        let first: f64 = (1..=ONE_BY_ONE).map(|t| log_term(age + f64::from(t)).exp()).sum();
        let start = age + f64::from(ONE_BY_ONE) + 0.5;
        let power = start.powf(c);
        let hazard = c * power / start * digamma_rise(beta + power, alpha);
        let correction =
            if hazard.is_finite() { (hazard + rate) * log_term(start).exp() / 24.0 } else { 0.0 };
        let rest = integral_from(start, |log_t| base - self.log_drop_by(log_t) - discount(log_t.exp()));
        first + (rest - correction)
    }
}

/// t^c − s^c for s < t, also where they are nearly the same.
fn rise(from: f64, to: f64, c: f64) -> f64 {
    if c == 1.0 {
        return to - from;
    }
    -to.powf(c) * (c * (-(to - from) / to).ln_1p()).exp_m1()
}

/// ∫ e^(f(ln t)) dt from `start` to infinity, by sums over y with t = start (1 + e^(sinh y)), in which the integrand falls
/// off doubly exponentially; the step is halved until two sums agree to twelve digits. Infinite if it is too large for a float.
fn integral_from(start: f64, f: impl Fn(f64) -> f64) -> f64 {
    const AGREE: f64 = 1e-12;
    const HALVINGS: u32 = 12;
    /// e^(sinh y) is below 1e-18 to the left of it; what is to the right of it falls off too slowly to be told apart
    /// from what never does.
    const LEFT: f64 = -4.5;
    const RIGHT: f64 = 40.0;
    let term = |y: f64| {
        let distance = y.sinh();
        let log_t = start.ln() + distance.max(0.0) + (-distance.abs()).exp().ln_1p();
        (f(log_t) + distance).exp() * y.cosh()
    };
    let sum = |from: f64, step: f64| {
        let mut total = 0.0;
        let mut y = from;
        while y < RIGHT {
            let next = term(y);
            total += next;
            if (y > 0.0 && next <= 1e-18 * total) || total == f64::INFINITY {
                break;
            }
            y += step;
        }
        total
    };
    let mut step = 0.5;
    let mut total = sum(LEFT, step);
    for _ in 0..HALVINGS {
        let finer = total + sum(LEFT + 0.5 * step, step);
        let settled = (finer * 0.5 - total).abs() <= AGREE * total;
        (total, step) = (finer, 0.5 * step);
        if settled || !total.is_finite() {
            break;
        }
    }
    start * step * total
}

/// From this logarithm of t^c on it would overflow, and α and β no longer matter beside it.
const FAR: f64 = 690.0;

/// Half of the nodes of the eight-point Gauss–Legendre rule, with their weights (Abramowitz and Stegun, 1964, 25.4.30).
const GAUSS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];
