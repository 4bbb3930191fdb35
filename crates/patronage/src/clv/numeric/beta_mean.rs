//! Means over a beta distribution.

/// The mean of g(p) over p ~ beta(a, b), for a positive g that is smooth in the logit of p and does not vary where
/// ln p is below `flat_below`.
///
/// Trapezoidal sums in τ with logit p = ln(a/b) + c sinh τ converge exponentially, whatever a and b: the beta
/// density falls off exponentially in the logit on both sides, and no endpoint is singular. The step is halved until
/// two sums agree to ten digits; the later one then has all of them. Dividing by the same sum over the density alone
/// spares the beta function.
pub(in super::super) fn beta_mean(a: f64, b: f64, flat_below: f64, g: impl Fn(f64) -> f64) -> f64 {
    const AGREE: f64 = 1e-10;
    const HALVINGS: u32 = 14;
    // Beyond this many factors of e nothing adds to a sum of doubles.
    const TAIL: f64 = 45.0;
    let mode = (a / b).ln();
    let c = (1.0 / a + 1.0 / b).sqrt().min(1.0);
    let left = ((mode - flat_below.min(mode) + TAIL / a + 5.0) / c).asinh();
    let right = (((-mode).max(0.0) + TAIL / b + 5.0) / c).asinh();
    let term = |tau: f64| {
        let (density, p) = density_and_p(a, b, c * tau.sinh());
        let weight = density * tau.cosh();
        if weight > 0.0 { (weight * g(p), weight) } else { (0.0, 0.0) }
    };
    let sum = |step: f64, offset: f64| {
        let (from, to) = ((-left / step) as i64, (right / step) as i64);
        (from..=to).fold((0.0, 0.0), |(above, below), k| {
            let (value, weight) = term((k as f64 + offset) * step);
            (above + value, below + weight)
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

/// The density of the logit at a distance from its mode, relative to the mode, and p itself.
fn density_and_p(a: f64, b: f64, distance: f64) -> (f64, f64) {
    let mode = a / (a + b);
    // ln(1 + mode·(e^d − 1)), also where e^d overflows.
    let log_odds = if distance > 40.0 {
        distance + mode.ln() + ((1.0 - mode) / mode * (-distance).exp()).ln_1p()
    } else {
        (mode * distance.exp_m1()).ln_1p()
    };
    let density = (a * distance - (a + b) * log_odds).exp();
    (density, (mode.ln() + distance - log_odds).exp())
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
}
