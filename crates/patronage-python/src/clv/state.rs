//! What all fitted models have in common: where they come from, what they say of themselves, how they are stored.

use patronage::clv::{Fit, Model};
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
            summary.set_item("aic", fit.aic())?;
            summary.set_item("bic", fit.bic())?;
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

fn unreadable<M: Model>(problem: &serde_json::Error) -> Error {
    Error::InvalidModel { what: format!("{} model", M::NAME), problem: problem.to_string() }
}
