//! Maximum likelihood, or with priors maximum a posteriori: what a fit is, and how it ended.

mod ascent;
mod derivatives;
mod eigen;
mod frame;
mod history;
mod likelihood;
mod linear;
mod penalty;
mod priors;

pub(super) use ascent::{maximise, maximise_from};
pub use derivatives::Sink;
pub(super) use derivatives::{Derivatives, Objective, Sum, Sums, in_chunks};
pub(super) use frame::Frame;
pub use history::Kernel;
#[cfg(test)]
pub(super) use history::check_derivatives;
pub(super) use history::{HistoryLikelihood, litt_needed};
pub(super) use history::{Rows, purchase_rate};
pub use likelihood::Likelihood;
pub(super) use linear::{cholesky, lower_times};
pub(super) use penalty::maximise_penalised;
pub(super) use priors::WIDTH;
pub use priors::{Prior, Priors};

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::model::Model;
use crate::error::{Error, Result};

/// A fitted model, with what the fit says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit<M> {
    /// The model with its estimated parameters.
    pub model: M,
    /// How the search ended; anything but [`Ending::Converged`] is no maximum.
    pub ending: Ending,
    /// Log-likelihood of all customers at the estimate, with time in the periods of the history.
    pub log_likelihood: f64,
    /// Log-density of the priors at the estimate; 0 without priors.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub log_prior: f64,
    /// What was assumed of the parameters; with priors the estimate is the maximum a posteriori (MAP), not that of
    /// the likelihood, and covariance, gradient and curvature are those of the posterior in the same coordinates.
    #[serde(default, skip_serializing_if = "Priors::is_empty")]
    pub priors: Priors,
    /// Covariance of the estimates, in the order of [`Model::names`], from the exact second derivatives;
    /// `None` unless the fit converged.
    #[serde(deserialize_with = "square")]
    pub covariance: Option<Vec<Vec<f64>>>,
    /// Customers: the number of rows, or the sum of their weights.
    pub customers: f64,
    /// Length of the gradient of the log-likelihood in the logarithms of the parameters.
    pub gradient_norm: f64,
    /// Eigenvalues of the second derivatives in the logarithms of the parameters, ascending: all negative at a
    /// maximum, and the nearer to 0 the flatter.
    pub curvature: Vec<f64>,
    /// Steps taken from the start that led to the estimate.
    pub iterations: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// A stored matrix with as many columns as rows.
fn square<'de, D: Deserializer<'de>>(reader: D) -> std::result::Result<Option<Vec<Vec<f64>>>, D::Error> {
    let matrix = Option::<Vec<Vec<f64>>>::deserialize(reader)?;
    let rows = matrix.iter().flatten();
    if rows.clone().all(|row| row.len() == rows.clone().count()) {
        Ok(matrix)
    } else {
        Err(serde::de::Error::custom("the covariance is not a square matrix"))
    }
}

/// How the search for the maximum ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ending {
    /// At a maximum.
    Converged,
    /// The likelihood keeps rising, ever less, as parameters go to 0 or infinity: there is no finite estimate, and
    /// the data are described as well by a simpler model.
    Flat {
        /// The parameters that drift, and where to.
        drift: Vec<(String, Towards)>,
        /// What the model becomes in the limit.
        limit: String,
    },
    /// No step led further up, and yet there is no maximum.
    Stalled,
}

/// Where a parameter drifts that has no finite estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Towards {
    /// As a parameter that must be above 0 may.
    Zero,
    /// Without bound upwards.
    Infinity,
    /// Without bound downwards, as a coefficient may.
    MinusInfinity,
}

impl fmt::Display for Towards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zero => "0",
            Self::Infinity => "∞",
            Self::MinusInfinity => "−∞",
        })
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Converged => f.write_str("converged"),
            Self::Stalled => f.write_str("stalled: no step led further up, and yet there is no maximum"),
            Self::Flat { drift, limit } => {
                let drift: Vec<String> =
                    drift.iter().map(|(name, towards)| format!("{name} → {towards}")).collect();
                write!(f, "flat likelihood ({}): {limit}", drift.join(", "))
            }
        }
    }
}

impl<M: Model> Fit<M> {
    /// Whether the estimate is a maximum.
    pub fn converged(&self) -> bool {
        self.ending == Ending::Converged
    }

    /// Standard errors of the estimates, in the order of [`Model::names`]; `None` unless converged.
    pub fn standard_errors(&self) -> Option<Vec<f64>> {
        let covariance = self.covariance.as_ref()?;
        Some(covariance.iter().enumerate().map(|(i, row)| row[i].sqrt()).collect())
    }

    /// Akaike's information criterion, 2 k − 2 LL for k parameters; NaN with priors, as it is about maximum likelihood.
    pub fn aic(&self) -> f64 {
        if !self.priors.is_empty() {
            return f64::NAN;
        }
        2.0 * self.model.names().len() as f64 - 2.0 * self.log_likelihood
    }

    /// Schwarz's information criterion, k ln n − 2 LL for n customers; NaN with priors.
    pub fn bic(&self) -> f64 {
        if !self.priors.is_empty() {
            return f64::NAN;
        }
        self.model.names().len() as f64 * self.customers.ln() - 2.0 * self.log_likelihood
    }

    /// The model if the fit converged, else [`Error::NotConverged`] saying how it ended.
    pub fn strict(self) -> Result<M> {
        let (problem, mend) = match &self.ending {
            Ending::Converged => return Ok(self.model),
            Ending::Flat { limit, .. } => (
                format!("the likelihood is flat: {limit}"),
                "use the simpler model, or more customers over a longer time",
            ),
            Ending::Stalled => (
                format!("no maximum after {} steps", self.iterations),
                "look at the history for customers who cannot be real",
            ),
        };
        Err(Error::NotConverged { model: M::NAME.into(), problem, mend: mend.into() })
    }
}
