//! Pareto/NBD with covariates that change over time.

use patronage::clv::{FitSummary, Model, ParetoNbd, WithCovariates};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::paths::CovariatePaths;
use super::purchase::{EffectList, Horizon, effects_in};
use super::state::{PriorList, State, priors_in};
use crate::error::OrRaise;
use crate::frame::Frame;
use crate::guard;

#[pyclass(frozen, module = "patronage._core")]
pub struct TimeVaryingModel(State<WithCovariates<ParetoNbd>>);

impl TimeVaryingModel {
    /// What a likelihood-ratio test needs; `None` for a model that was given.
    pub fn fit_summary(&self) -> Option<FitSummary> {
        self.0.fit().ok().map(patronage::clv::Fit::summary)
    }
}

#[pymethods]
impl TimeVaryingModel {
    #[staticmethod]
    fn fit(
        py: Python<'_>,
        effects: EffectList,
        priors: PriorList,
        paths: &CovariatePaths,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (effects, priors) = (effects_in(effects).or_raise(py)?, priors_in(priors).or_raise(py)?);
        let fit = guard::run(py, progress, |watch| {
            let kind = WithCovariates::new(ParetoNbd::new(1.0, 1.0, 1.0, 1.0)?, effects)?;
            kind.likelihood_along(&paths.paths, watch)?.with_priors(&priors)?.maximise(watch)
        })?;
        Ok(Self(State::Fitted(Box::new(fit))))
    }

    #[staticmethod]
    fn from_parameters(py: Python<'_>, values: [f64; 4], effects: EffectList) -> PyResult<Self> {
        let [r, alpha, s, beta] = values;
        let model = effects_in(effects)
            .and_then(|effects| WithCovariates::new(ParetoNbd::new(r, alpha, s, beta)?, effects));
        model.map(|model| Self(State::Given(model))).or_raise(py)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        State::from_json(text).map(Self).or_raise(py)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        self.0.to_json().or_raise(py)
    }

    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.0.summary(py)
    }

    fn parameter_intervals(&self, py: Python<'_>, level: f64) -> PyResult<Vec<(f64, f64)>> {
        self.0.fit().and_then(|fit| fit.parameter_intervals(level)).or_raise(py)
    }

    /// The covariates that paths must have.
    fn covariates(&self) -> Vec<String> {
        patronage::clv::Forecast::covariates(self.0.model())
    }

    fn log_likelihood(&self, py: Python<'_>, paths: &CovariatePaths) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| self.0.model().log_likelihood_along(&paths.paths, watch))?;
        paths.answer().floats("log_likelihood", &values).frame(py)
    }

    /// P(alive) `horizon` periods ahead, or its logarithm.
    fn probability_alive(
        &self,
        py: Python<'_>,
        paths: &CovariatePaths,
        horizon: Horizon<'_>,
        log: bool,
    ) -> PyResult<Frame> {
        let mut values = horizon.with(|horizon| {
            guard::run(py, None, |watch| {
                self.0.model().log_probability_alive_along(&paths.paths, horizon, watch)
            })
        })?;
        if !log {
            values.iter_mut().for_each(|value| *value = value.exp());
        }
        let name = if log { "log_probability_alive" } else { "probability_alive" };
        paths.answer().floats(name, &values).frame(py)
    }

    fn expected_purchases(
        &self,
        py: Python<'_>,
        paths: &CovariatePaths,
        horizon: Horizon<'_>,
    ) -> PyResult<Frame> {
        let values = horizon.with(|horizon| {
            guard::run(py, None, |watch| {
                self.0.model().expected_purchases_along(&paths.paths, horizon, watch)
            })
        })?;
        paths.answer().floats("expected_purchases", &values).frame(py)
    }

    /// In the whole remaining life, if the covariates stay at some values.
    fn discounted_expected_purchases(
        &self,
        py: Python<'_>,
        paths: &CovariatePaths,
        discount_rate: f64,
        held: Vec<f64>,
    ) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| {
            self.0.model().discounted_expected_purchases_along(&paths.paths, discount_rate, &held, watch)
        })?;
        paths.answer().floats("discounted_expected_purchases", &values).frame(py)
    }

    fn __repr__(&self) -> String {
        format!("TimeVaryingModel({})", self.0.model().names().join(", "))
    }
}
