//! A penalty on the squares of the parameters, for estimates that stay near 0 where the data say little.

use super::Fit;
use super::ascent::maximise;
use super::derivatives::{Derivatives, Objective};
use crate::clv::model::Model;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The parameters θ that make log-likelihood − Σ κᵢ θᵢ² largest: the mode under independent normal priors on the
/// parameters, of mean 0 and variance 1/(2κᵢ), cut off at 0.
///
/// The fit's covariance and curvature are those of the penalised function, its log-likelihood that of the customers.
pub(in super::super) fn maximise_penalised<O: Objective>(
    objective: O,
    penalty: &[f64],
    watch: &dyn Watch,
) -> Result<Fit<O::Model>> {
    let names = objective.names();
    if penalty.len() != names.len() || penalty.iter().any(|k| !(k.is_finite() && *k >= 0.0)) {
        let given = format!("{penalty:?}");
        let expected = format!("a finite number, at least 0, for each of {}", names.join(", "));
        return Err(Error::parameter("penalty", given, &expected));
    }
    let mut fit = maximise(&Penalised { objective: Box::new(objective), penalty }, watch)?;
    fit.log_likelihood += fit.model.parameters().iter().zip(penalty).map(|(p, k)| k * p * p).sum::<f64>();
    Ok(fit)
}

struct Penalised<'a, M> {
    objective: Box<dyn Objective<Model = M> + 'a>,
    penalty: &'a [f64],
}

impl<M: Model> Objective for Penalised<'_, M> {
    type Model = M;

    fn names(&self) -> Vec<String> {
        self.objective.names()
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        self.objective.starts()
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let mut there = self.objective.derivatives(at, watch)?;
        // The coordinates are the parameters' logarithms.
        for (i, (p, k)) in self.objective.slopes(at).iter().zip(self.penalty).enumerate() {
            there.value -= k * p * p;
            there.gradient[i] -= 2.0 * k * p * p;
            there.hessian[i][i] -= 4.0 * k * p * p;
        }
        Ok(there)
    }

    fn weights(&self) -> Vec<f64> {
        self.objective.weights()
    }

    fn reweighted(&self, weights: &[f64]) -> Result<Box<dyn Objective<Model = M> + '_>> {
        Ok(Box::new(Penalised { objective: self.objective.reweighted(weights)?, penalty: self.penalty }))
    }

    fn model(&self, at: &[f64]) -> Result<M> {
        self.objective.model(at)
    }

    fn slopes(&self, at: &[f64]) -> Vec<f64> {
        self.objective.slopes(at)
    }

    fn limit(&self, drift: &[f64]) -> &'static str {
        self.objective.limit(drift)
    }

    fn customers(&self) -> f64 {
        self.objective.customers()
    }
}

#[cfg(test)]
mod tests {
    use crate::clv::{BgNbd, Forecast, GammaGamma, History, Model, Parametric, PurchaseModel, Spending};
    use crate::watch::Unwatched;

    const FREQUENCY: [f64; 12] = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 5.0, 8.0, 14.0];
    const RECENCY: [f64; 12] = [0.0, 0.0, 0.0, 0.0, 3.0, 20.0, 9.0, 30.0, 12.0, 36.0, 20.0, 37.0];
    const PENALTY: [f64; 4] = [0.5, 0.001, 0.2, 0.1];

    #[test]
    fn no_penalty_is_no_change() {
        let history = History::new(&FREQUENCY[..], &RECENCY, &[39.0; 12]).unwrap();
        let plain = BgNbd::fit(&history, &Unwatched).unwrap();
        assert_eq!(BgNbd::fit_penalised(&history, &[0.0; 4], &Unwatched).unwrap(), plain);
        let spending = Spending::new(&[2.0, 1.0, 4.0, 1.0][..], &[22.0, 12.0, 30.0, 75.0]).unwrap();
        let plain = GammaGamma::fit(&spending, &Unwatched).unwrap();
        assert_eq!(GammaGamma::fit_penalised(&spending, &[0.0; 3], &Unwatched).unwrap(), plain);
    }

    #[test]
    fn there_is_nothing_higher_nearby() {
        let history = History::new(&FREQUENCY[..], &RECENCY, &[39.0; 12]).unwrap();
        let value = |parameters: &[f64]| {
            let each =
                BgNbd::from_parameters(parameters).unwrap().log_likelihood(&history, &Unwatched).unwrap();
            let penalty: f64 = parameters.iter().zip(PENALTY).map(|(p, k)| k * p * p).sum();
            (each.iter().sum::<f64>(), penalty)
        };
        let fit = BgNbd::fit_penalised(&history, &PENALTY, &Unwatched).unwrap();
        assert!(fit.converged());
        let at = fit.model.parameters();
        let (likelihood, penalty) = value(&at);
        assert!((fit.log_likelihood / likelihood - 1.0).abs() < 1e-12);
        for i in 0..4 {
            for factor in [0.5, 0.9, 0.999, 1.001, 1.1, 2.0] {
                let mut near = at.clone();
                near[i] *= factor;
                let (other, cost) = value(&near);
                assert!(other - cost < likelihood - penalty, "parameter {i} times {factor}");
            }
        }
    }

    #[test]
    fn impossible_penalties_are_refused() {
        let history = History::new(&FREQUENCY[..], &RECENCY, &[39.0; 12]).unwrap();
        for penalty in [&[1.0][..], &[-1.0, 0.0, 0.0, 0.0], &[f64::NAN; 4], &[f64::INFINITY; 4]] {
            let problem = BgNbd::fit_penalised(&history, penalty, &Unwatched).unwrap_err().to_string();
            assert!(problem.contains("penalty"), "{problem}");
        }
    }
}
