//! The BG/NBD model.

use numpy::PyReadonlyArray1;
use patronage::clv::{BgNbd as CoreModel, Horizon as CoreHorizon, PurchaseModel};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::HistoryTable;
use super::state::State;
use crate::error::OrRaise;
use crate::frame::{Columns, Frame};
use crate::guard;

#[pyclass(frozen, module = "patronage._core")]
pub struct BgNbd(State<CoreModel>);

/// The same for all customers, or one a customer.
#[derive(FromPyObject)]
enum Horizon<'py> {
    Same(f64),
    Each(PyReadonlyArray1<'py, f64>),
}

#[pymethods]
impl BgNbd {
    #[staticmethod]
    fn fit(py: Python<'_>, history: &HistoryTable, progress: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let fit = guard::run(py, progress, |watch| CoreModel::fit(&history.history()?, watch))?;
        Ok(Self(State::Fitted(Box::new(fit))))
    }

    #[staticmethod]
    fn fit_penalised(py: Python<'_>, history: &HistoryTable, penalty: Vec<f64>) -> PyResult<Self> {
        let fit =
            guard::run(py, None, |watch| CoreModel::fit_penalised(&history.history()?, &penalty, watch))?;
        Ok(Self(State::Fitted(Box::new(fit))))
    }

    #[staticmethod]
    fn from_parameters(py: Python<'_>, r: f64, alpha: f64, a: f64, b: f64) -> PyResult<Self> {
        Ok(Self(State::Given(CoreModel::new(r, alpha, a, b).or_raise(py)?)))
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        State::from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        self.0.to_json(py)
    }

    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.0.summary(py)
    }

    fn log_likelihood(&self, py: Python<'_>, history: &HistoryTable) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| self.model().log_likelihood(&history.history()?, watch))?;
        history.frame(py, "log_likelihood", &values)
    }

    fn probability_alive(&self, py: Python<'_>, history: &HistoryTable) -> PyResult<Frame> {
        let values =
            guard::run(py, None, |watch| self.model().probability_alive(&history.history()?, watch))?;
        history.frame(py, "probability_alive", &values)
    }

    fn expected_purchases(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        horizon: Horizon<'_>,
    ) -> PyResult<Frame> {
        let each = match &horizon {
            Horizon::Same(_) => Vec::new(),
            Horizon::Each(periods) => periods.as_array().to_vec(),
        };
        let horizon = match horizon {
            Horizon::Same(periods) => CoreHorizon::Same(periods),
            Horizon::Each(_) => CoreHorizon::Each(&each),
        };
        let values = guard::run(py, None, |watch| {
            self.model().expected_purchases(&history.history()?, horizon, watch)
        })?;
        history.frame(py, "expected_purchases", &values)
    }

    fn discounted_expected_purchases(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        discount_rate: f64,
    ) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| {
            self.model().discounted_expected_purchases(&history.history()?, discount_rate, watch)
        })?;
        history.frame(py, "discounted_expected_purchases", &values)
    }

    /// Probabilities of 0, 1, … `most` purchases in the next `horizon` periods, a column each.
    fn purchase_distribution(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        horizon: f64,
        most: u32,
    ) -> PyResult<Frame> {
        let columns = guard::run(py, None, |watch| {
            self.model().purchase_distribution(&history.history()?, horizon, most, watch)
        })?;
        let named = (0..=most).zip(&columns);
        named.fold(history.answer(), |answer, (n, values)| answer.floats(&n.to_string(), values)).frame(py)
    }

    /// Customers with 0, 1, … `most` and more repeat purchases: how many there are, and how many are expected.
    fn frequency_check(&self, py: Python<'_>, history: &HistoryTable, most: u32) -> PyResult<Frame> {
        let check =
            guard::run(py, None, |watch| self.model().frequency_check(&history.history()?, most, watch))?;
        Columns::default()
            .ints("frequency", check.iter().map(|row| i64::from(row.frequency)))
            .floats("actual", &check.iter().map(|row| row.actual).collect::<Vec<_>>())
            .floats("expected", &check.iter().map(|row| row.expected).collect::<Vec<_>>())
            .frame(py)
    }

    /// Expected number of repeat purchases of a new customer in the first t periods.
    fn expectation(&self, py: Python<'_>, periods: Vec<f64>) -> PyResult<Vec<f64>> {
        guard::run(py, None, |watch| {
            periods
                .iter()
                .map(|&t| {
                    watch.check()?;
                    self.model().expectation(t)
                })
                .collect()
        })
    }
}

impl BgNbd {
    pub fn model(&self) -> &CoreModel {
        self.0.model()
    }
}
