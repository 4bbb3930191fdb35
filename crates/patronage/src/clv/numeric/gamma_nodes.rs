//! Means over a gamma distribution.

/// Values of g ~ gamma(shape) with weights, for means of functions that are smooth in ln g and grow no faster than
/// g^`growth`: a trapezoidal sum of one step in τ with ln g = ln max(shape, 1) + c sinh τ, which converges
/// exponentially.
pub(in super::super) struct GammaNodes(Vec<(f64, f64)>);

impl GammaNodes {
    pub(in super::super) fn new(shape: f64, growth: f64, step: f64) -> Self {
        // Beyond this many factors of e nothing adds to a sum of doubles.
        const TAIL: f64 = 45.0;
        let beyond = |shape: f64| (TAIL + 1.0) / shape + (2.0 * TAIL / shape).sqrt();
        let middle = shape.max(1.0);
        let c = middle.powf(-0.5);
        let left = (beyond(shape) / c).asinh();
        let right = (((growth / middle).ln_1p() + beyond(middle + growth).ln_1p()) / c).asinh();
        let nodes = ((-left / step) as i64..=(right / step) as i64).map(|k| {
            let tau = k as f64 * step;
            let distance = c * tau.sinh();
            let log_density = shape * distance - middle * distance.exp_m1();
            ((middle * distance.exp()).max(f64::MIN_POSITIVE), log_density.exp() * tau.cosh())
        });
        let mut nodes: Vec<(f64, f64)> = nodes.filter(|&(_, weight)| weight > 0.0).collect();
        let all: f64 = nodes.iter().map(|(_, weight)| weight).sum();
        nodes.iter_mut().for_each(|(_, weight)| *weight /= all);
        Self(nodes)
    }

    pub(in super::super) fn mean(&self, value: impl Fn(f64) -> f64) -> f64 {
        self.0.iter().map(|&(g, weight)| weight * value(g)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::ln_gamma_ratio;

    /// E[gⁿ] = Γ(shape+n)/Γ(shape), and for shape 1 E[1/(1+g)] = e E₁(1) (Abramowitz and Stegun, 1964, table 5.1).
    #[test]
    fn moments() {
        for shape in [1e-3, 0.243, 1.0, 27.0, 5000.0] {
            for n in [0.5, 1.0, 12.0] {
                let found = GammaNodes::new(shape, n, 0.03125).mean(|g| g.powf(n));
                let exact = ln_gamma_ratio(shape, n).exp();
                assert!((found / exact - 1.0).abs() < 1e-11, "{shape} {n}: {found} {exact}");
            }
        }
        let found = GammaNodes::new(1.0, 0.0, 0.0625).mean(|g| 1.0 / (1.0 + g));
        assert!((found - 0.596_347_362_3).abs() < 1e-10, "{found}");
    }
}
