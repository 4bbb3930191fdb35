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
    let names = O::Model::PARAMETERS;
    if penalty.len() != names.len() || penalty.iter().any(|k| !(k.is_finite() && *k >= 0.0)) {
        let given = format!("{penalty:?}");
        let expected = format!("a finite number, at least 0, for each of {}", names.join(", "));
        return Err(Error::parameter("penalty", given, &expected));
    }
    let mut fit = maximise(&Penalised { objective, penalty }, watch)?;
    fit.log_likelihood += fit.model.parameters().iter().zip(penalty).map(|(p, k)| k * p * p).sum::<f64>();
    Ok(fit)
}

struct Penalised<'a, O> {
    objective: O,
    penalty: &'a [f64],
}

impl<O: Objective> Objective for Penalised<'_, O> {
    type Model = O::Model;

    fn starts(&self) -> Vec<Vec<f64>> {
        self.objective.starts()
    }

    fn derivatives(&self, parameters: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let mut at = self.objective.derivatives(parameters, watch)?;
        for (i, (&p, &k)) in parameters.iter().zip(self.penalty).enumerate() {
            at.value -= k * p * p;
            at.gradient[i] -= 2.0 * k * p;
            at.hessian[i][i] -= 2.0 * k;
        }
        Ok(at)
    }

    fn limit(&self, drift: &[f64]) -> &'static str {
        self.objective.limit(drift)
    }

    fn customers(&self) -> f64 {
        self.objective.customers()
    }
}
