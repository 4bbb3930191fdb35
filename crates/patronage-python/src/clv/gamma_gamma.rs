//! The gamma-gamma model of spend.

use patronage::clv::GammaGamma as CoreModel;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::HistoryTable;
use super::state::{PriorList, State, priors_in};
use crate::error::OrRaise;
use crate::frame::Frame;
use crate::guard;

#[pyclass(frozen, module = "patronage._core")]
pub struct GammaGamma(State<CoreModel>);

#[pymethods]
impl GammaGamma {
    /// The fit; the correlation of frequency and spend; the number of customers set aside.
    #[staticmethod]
    fn fit(
        py: Python<'_>,
        history: &HistoryTable,
        drop_nonpositive: bool,
        priors: PriorList,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<(Self, f64, usize)> {
        let priors = priors_in(priors).or_raise(py)?;
        let (fit, correlation, aside) = guard::run(py, progress, |watch| {
            let spending = history.spending(drop_nonpositive)?;
            let fit = CoreModel::likelihood(&spending, watch)?.with_priors(&priors)?.maximise(watch)?;
            Ok((fit, spending.correlation(watch)?, spending.set_aside()))
        })?;
        Ok((Self(State::Fitted(Box::new(fit))), correlation, aside))
    }

    #[staticmethod]
    fn fit_penalised(py: Python<'_>, history: &HistoryTable, penalty: Vec<f64>) -> PyResult<Self> {
        let fit = guard::run(py, None, |watch| {
            CoreModel::fit_penalised(&history.spending(false)?, &penalty, watch)
        })?;
        Ok(Self(State::Fitted(Box::new(fit))))
    }

    #[staticmethod]
    fn from_parameters(py: Python<'_>, p: f64, q: f64, gamma: f64) -> PyResult<Self> {
        Ok(Self(State::Given(CoreModel::new(p, q, gamma).or_raise(py)?)))
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

    /// Bounds of each parameter.
    fn parameter_intervals(&self, py: Python<'_>, level: f64) -> PyResult<Vec<(f64, f64)>> {
        self.0.fit().and_then(|fit| fit.parameter_intervals(level)).or_raise(py)
    }

    fn mean_spend(&self) -> f64 {
        self.0.model().mean_spend()
    }

    fn expected_spend(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        drop_nonpositive: bool,
    ) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| {
            self.0.model().expected_spend(&history.spending(drop_nonpositive)?, watch)
        })?;
        history.frame(py, "expected_spend", values)
    }

    fn log_likelihood(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        drop_nonpositive: bool,
    ) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| {
            self.0.model().log_likelihood(&history.spending(drop_nonpositive)?, watch)
        })?;
        history.frame(py, "log_likelihood", values)
    }
}

impl GammaGamma {
    pub fn model(&self) -> &CoreModel {
        self.0.model()
    }
}
