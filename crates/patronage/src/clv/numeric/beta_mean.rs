//! Means over a beta distribution.

/// The mean of g(p) over p ~ beta(a, b), for a positive g that is smooth in the logit of p and does not vary where
/// ln p is below `flat_below`.
///
/// Trapezoidal sums in τ with logit p = ln(a/b) + c sinh τ converge exponentially, whatever a and b: the beta
/// density falls off exponentially in the logit on both sides, and no endpoint is singular. The step is halved until
/// two sums agree to twelve digits: the later one mostly has all of them then, and twelve if that was an accident. Dividing by the same sum over the density alone
/// spares the beta function.
pub(in super::super) fn beta_mean(a: f64, b: f64, flat_below: f64, g: impl Fn(f64) -> f64) -> f64 {
    refined(&Logit::new(a, b, flat_below), |log_density, p| {
        let weight = log_density.exp();
        if weight > 0.0 { (weight * g(p), weight) } else { (0.0, 0.0) }
    })
}

/// The logarithm of the mean of e^(g(p)), also where that is out of reach for floats.
pub(in super::super) fn log_beta_mean(a: f64, b: f64, flat_below: f64, log_g: impl Fn(f64) -> f64) -> f64 {
    let logit = Logit::new(a, b, flat_below);
    let all = logit.range(0.125).map(|k| logit.at(k as f64 * 0.125));
    let most = all.fold(f64::NEG_INFINITY, |most, (log_density, p, _)| most.max(log_density + log_g(p)));
    refined(&logit, |log_density, p| {
        let above = if log_density > -1e4 { (log_density + log_g(p) - most).exp() } else { 0.0 };
        (above, log_density.exp())
    })
    .ln()
        + most
}

/// The ratio of two trapezoidal sums.
fn refined(logit: &Logit, term: impl Fn(f64, f64) -> (f64, f64)) -> f64 {
    const AGREE: f64 = 1e-12;
    const HALVINGS: u32 = 14;
    let sum = |step: f64, offset: f64| {
        logit.range(step).fold((0.0, 0.0), |(above, below), k| {
            let (log_density, p, stretch) = logit.at((k as f64 + offset) * step);
            let (value, weight) = term(log_density, p);
            (above + value * stretch, below + weight * stretch)
        })
    };
    let mut step = 0.5;
    let (mut above, mut below) = sum(step, 0.0);
    let mut mean = above / below;
    for _ in 0..HALVINGS {
        let (more_above, more_below) = sum(step, 0.5);
        above += more_above;
        below += more_below;
        step *= 0.5;
        let finer = above / below;
        let settled = (finer - mean).abs() <= AGREE * finer.abs();
        mean = finer;
        if settled {
            break;
        }
    }
    mean
}

/// The logit of p as a function of τ, from τ = −left to right.
struct Logit {
    a: f64,
    b: f64,
    c: f64,
    left: f64,
    right: f64,
}

impl Logit {
    fn new(a: f64, b: f64, flat_below: f64) -> Self {
        // Beyond this many factors of e nothing adds to a sum of doubles.
        const TAIL: f64 = 45.0;
        let mode = (a / b).ln();
        let c = (1.0 / a + 1.0 / b).sqrt().min(1.0);
        let left = ((mode - flat_below.min(mode) + TAIL / a + 5.0) / c).asinh();
        let right = (((-mode).max(0.0) + TAIL / b + 5.0) / c).asinh();
        Self { a, b, c, left, right }
    }

    /// Whole steps from one end to the other.
    fn range(&self, step: f64) -> std::ops::RangeInclusive<i64> {
        (-self.left / step) as i64..=(self.right / step) as i64
    }

    /// The logarithm of the density of the logit relative to its mode, p, and how fast the logit moves with τ.
    fn at(&self, tau: f64) -> (f64, f64, f64) {
        let &Self { a, b, c, .. } = self;
        let mode = a / (a + b);
        let distance = c * tau.sinh();
        // ln(1 + mode·(e^d − 1)), also where e^d overflows.
        let log_odds = if distance > 40.0 {
            distance + mode.ln() + ((1.0 - mode) / mode * (-distance).exp()).ln_1p()
        } else {
            (mode * distance.exp_m1()).ln_1p()
        };
        (a * distance - (a + b) * log_odds, (mode.ln() + distance - log_odds).exp(), tau.cosh())
    }
}

/// Values of p with weights: the trapezoidal sum of one step, for means of many functions.
pub(in super::super) struct BetaNodes {
    values: Vec<[f64; LANES]>,
    weights: Vec<[f64; LANES]>,
}

/// Nodes summed side by side.
const LANES: usize = 4;

impl BetaNodes {
    pub(in super::super) fn new(a: f64, b: f64, flat_below: f64, step: f64) -> Self {
        let logit = Logit::new(a, b, flat_below);
        let nodes = logit.range(step).map(|k| {
            let (log_density, p, stretch) = logit.at(k as f64 * step);
            (p, log_density.exp() * stretch)
        });
        let nodes: Vec<(f64, f64)> = nodes.filter(|&(_, weight)| weight > 0.0).collect();
        let all: f64 = nodes.iter().map(|(_, weight)| weight).sum();
        // The last lanes are filled with nodes of no weight.
        let lane = |few: &[(f64, f64)], i: usize| few.get(i).copied().unwrap_or((1.0, 0.0));
        let lanes = |value: &dyn Fn((f64, f64)) -> f64| {
            nodes.chunks(LANES).map(|few| std::array::from_fn(|i| value(lane(few, i)))).collect()
        };
        Self { values: lanes(&|(p, _)| p), weights: lanes(&|(_, weight)| weight / all) }
    }

    /// The mean of 1/(constant + slope × p).
    pub(in super::super) fn mean_reciprocal(&self, constant: f64, slope: f64) -> f64 {
        let mut sums = [0.0; LANES];
        for (values, weights) in self.values.iter().zip(&self.weights) {
            for ((sum, p), weight) in sums.iter_mut().zip(values).zip(weights) {
                *sum += weight / (constant + slope * p);
            }
        }
        sums.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::ln_beta;

    /// E[p] = a/(a+b), and E[1/(1+pc)] by b = 1 in closed form for a = 1: ln(1+c)/c.
    #[test]
    fn closed_forms() {
        for (a, b) in [(0.793, 2.426), (1e-3, 1e-3), (1e-3, 6.0), (1222.8, 9043.8), (1e8, 3e8), (0.3, 5000.0)]
        {
            let mean = beta_mean(a, b, 0.0, |p| p);
            assert!((mean / (a / (a + b)) - 1.0).abs() < 3e-12, "{a} {b} {mean}");
        }
        for c in [1e-9, 0.5, 1e4, 1e12] {
            let found = beta_mean(1.0, 1.0, -f64::ln(c), |p| 1.0 / (1.0 + c * p));
            assert!((found / (c.ln_1p() / c) - 1.0).abs() < 1e-13, "{c} {found}");
        }
        let found = beta_mean(0.7, 2.5, 0.0, |p| p.powf(1.3));
        let exact = (ln_beta(2.0, 2.5) - ln_beta(0.7, 2.5)).exp();
        assert!((found / exact - 1.0).abs() < 1e-13);
    }

    /// E[1/(1 + cp)] for p ~ beta(1, 1) is ln(1 + c)/c.
    #[test]
    fn reciprocals() {
        for c in [1e-9, 0.5, 1e4, 1e12] {
            let found = BetaNodes::new(1.0, 1.0, -f64::ln(c), 0.5_f64.powi(7)).mean_reciprocal(1.0, c);
            assert!((found / (c.ln_1p() / c) - 1.0).abs() < 1e-13, "{c} {found}");
        }
    }

    /// E[e^(−cp)] for p ~ beta(1, 1) is (1 − e^(−c))/c; E[(1−p)ⁿ] = B(a, b+n)/B(a, b), far below the smallest float.
    #[test]
    fn logarithms_of_means() {
        for c in [1e-6, 1.0, 50.0] {
            let found = log_beta_mean(1.0, 1.0, -f64::ln(c), |p| -c * p);
            assert!((found - (-(-c).exp_m1() / c).ln()).abs() < 1e-13, "{c} {found}");
        }
        let (a, b, n) = (900.0, 3.0, 5000.0);
        let found = log_beta_mean(a, b, -f64::ln(n), |p| n * (-p).ln_1p());
        let exact = ln_beta(a, b + n) - ln_beta(a, b);
        assert!((found / exact - 1.0).abs() < 1e-12, "{found} {exact}");
    }
}
