//! What all fitted models have in common: where they come from, what they say of themselves, how they are stored.

use patronage::clv::{Fit, Model, Prior, Priors};
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A model, by parameters that were given or by a fit.
pub enum State<M> {
    Given(M),
    Fitted(Box<Fit<M>>),
}

impl<M: Model + Serialize + DeserializeOwned> State<M> {
    pub fn model(&self) -> &M {
        match self {
            Self::Given(model) => model,
            Self::Fitted(fit) => &fit.model,
        }
    }

    /// The fit, if the model has one.
    pub fn fit(&self) -> Result<&Fit<M>> {
        match self {
            Self::Fitted(fit) => Ok(fit),
            Self::Given(_) => {
                Err(Error::parameter("model", "given by its parameters", "one that was fitted"))
            }
        }
    }

    /// Parameters in order of name, and what the fit knows of itself; a model that was given knows no more.
    pub fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let summary = PyDict::new(py);
        let parameters = PyDict::new(py);
        for (name, value) in self.model().names().into_iter().zip(self.model().parameters()) {
            parameters.set_item(name, value)?;
        }
        summary.set_item("parameters", parameters)?;
        let given = PyDict::new(py);
        for (name, value) in self.model().given() {
            given.set_item(name, value)?;
        }
        summary.set_item("given", given)?;
        if let Self::Fitted(fit) = self {
            summary.set_item("standard_errors", fit.standard_errors())?;
            summary.set_item("covariance", fit.covariance.clone())?;
            summary.set_item("log_likelihood", fit.log_likelihood)?;
            summary.set_item("log_prior", (!fit.priors.is_empty()).then_some(fit.log_prior))?;
            summary.set_item("priors", priors_out(py, &fit.priors)?)?;
            summary.set_item("aic", Some(fit.aic()).filter(|aic| !aic.is_nan()))?;
            summary.set_item("bic", Some(fit.bic()).filter(|bic| !bic.is_nan()))?;
            summary.set_item("converged", fit.converged())?;
            summary.set_item("ending", fit.ending.to_string())?;
            summary.set_item("customers", fit.customers)?;
            summary.set_item("gradient_norm", fit.gradient_norm)?;
            summary.set_item("curvature", fit.curvature.clone())?;
            summary.set_item("iterations", fit.iterations)?;
        }
        Ok(summary)
    }

    pub fn to_json(&self) -> Result<String> {
        let text = match self {
            Self::Given(model) => serde_json::to_string(model),
            Self::Fitted(fit) => serde_json::to_string(fit),
        };
        text.map_err(|problem| unreadable::<M>(&problem))
    }

    pub fn from_json(text: &str) -> Result<Self> {
        let read = || {
            let stored: serde_json::Value = serde_json::from_str(text)?;
            if stored.get("ending").is_some() {
                serde_json::from_value(stored).map(|fit| Self::Fitted(Box::new(fit)))
            } else {
                serde_json::from_value(stored).map(Self::Given)
            }
        };
        read().map_err(|problem| unreadable::<M>(&problem))
    }
}

/// Median and spread of each parameter.
pub type PriorList = Vec<(String, f64, f64)>;

pub fn priors_in(priors: PriorList) -> Result<Priors> {
    Priors::new(priors.into_iter().map(|(parameter, median, spread)| Prior { parameter, median, spread }))
}

pub fn priors_out<'py>(py: Python<'py>, priors: &Priors) -> PyResult<Bound<'py, PyDict>> {
    let named = PyDict::new(py);
    for Prior { parameter, median, spread } in priors.iter() {
        named.set_item(parameter, (median, spread))?;
    }
    Ok(named)
}

fn unreadable<M: Model>(problem: &serde_json::Error) -> Error {
    Error::InvalidModel { what: format!("{} model", M::NAME), problem: problem.to_string() }
}
