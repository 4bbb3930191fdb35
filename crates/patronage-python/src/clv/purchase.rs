//! The buy-till-you-die models: one class for all of them.

use std::marker::PhantomData;

use numpy::PyReadonlyArray1;
use patronage::clv::{
    self as core, BgNbd, Forecast, FrequencyRow, GGompertzNbd, History, Horizon as CoreHorizon, Model, Nbd,
    ParetoNbd,
};
use patronage::watch::Watch;
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::HistoryTable;
use super::gamma_gamma::GammaGamma;
use super::state::State;
use crate::error::OrRaise;
use crate::frame::{Columns, Frame};
use crate::guard;

/// The kinds of models, by their names in the literature.
static KINDS: &[&dyn Kind] = &[
    &Of::<BgNbd>(PhantomData),
    &Of::<Nbd>(PhantomData),
    &Of::<ParetoNbd>(PhantomData),
    &Of::<GGompertzNbd>(PhantomData),
];

/// Where models of one kind come from.
trait Kind: Sync {
    fn name(&self) -> &'static str;
    fn fit(&self, fixed: &[f64], history: &History<'_>, watch: &dyn Watch) -> Result<Box<dyn Fitted>>;
    fn given(&self, values: &[f64]) -> Result<Box<dyn Fitted>>;
    fn read(&self, text: &str) -> Result<Box<dyn Fitted>>;
}

struct Of<M>(PhantomData<M>);

impl<M> Kind for Of<M>
where
    M: core::PurchaseModel + Serialize + DeserializeOwned + 'static,
{
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn fit(&self, fixed: &[f64], history: &History<'_>, watch: &dyn Watch) -> Result<Box<dyn Fitted>> {
        let any = [&vec![1.0; M::PARAMETERS.len()], fixed].concat();
        let fit = M::from_parameters(&any)?.fit_alike(history, watch)?;
        Ok(Box::new(State::Fitted(Box::new(fit))))
    }

    fn given(&self, values: &[f64]) -> Result<Box<dyn Fitted>> {
        Ok(Box::new(State::Given(M::from_parameters(values)?)))
    }

    fn read(&self, text: &str) -> Result<Box<dyn Fitted>> {
        Ok(Box::new(State::<M>::from_json(text)?))
    }
}

/// A model and the questions it answers.
trait Fitted: Send + Sync {
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>>;
    fn to_json(&self) -> Result<String>;
    fn log_likelihood(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>>;
    fn log_probability_alive(
        &self,
        history: &History<'_>,
        horizon: CoreHorizon<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>>;
    fn expected_purchases(
        &self,
        history: &History<'_>,
        horizon: CoreHorizon<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>>;
    fn discounted_expected_purchases(
        &self,
        history: &History<'_>,
        rate: f64,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>>;
    fn purchase_distribution(
        &self,
        history: &History<'_>,
        horizon: CoreHorizon<'_>,
        most: u32,
        watch: &dyn Watch,
    ) -> Result<Vec<Vec<f64>>>;
    fn frequency_check(
        &self,
        history: &History<'_>,
        most: u32,
        watch: &dyn Watch,
    ) -> Result<Vec<FrequencyRow>>;
    fn lifetime_value(
        &self,
        spend: &core::GammaGamma,
        history: &History<'_>,
        spending: &core::Spending<'_>,
        horizon: f64,
        discount_rate: f64,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>>;
}

impl<M: Model + Forecast + Serialize + DeserializeOwned> Fitted for State<M> {
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.summary(py)
    }

    fn to_json(&self) -> Result<String> {
        self.to_json()
    }

    fn log_likelihood(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        self.model().log_likelihood(history, watch)
    }

    fn log_probability_alive(
        &self,
        history: &History<'_>,
        horizon: CoreHorizon<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        self.model().log_probability_alive(history, horizon, watch)
    }

    fn expected_purchases(
        &self,
        history: &History<'_>,
        horizon: CoreHorizon<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        self.model().expected_purchases(history, horizon, watch)
    }

    fn discounted_expected_purchases(
        &self,
        history: &History<'_>,
        rate: f64,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        self.model().discounted_expected_purchases(history, rate, watch)
    }

    fn purchase_distribution(
        &self,
        history: &History<'_>,
        horizon: CoreHorizon<'_>,
        most: u32,
        watch: &dyn Watch,
    ) -> Result<Vec<Vec<f64>>> {
        self.model().purchase_distribution(history, horizon, most, watch)
    }

    fn frequency_check(
        &self,
        history: &History<'_>,
        most: u32,
        watch: &dyn Watch,
    ) -> Result<Vec<FrequencyRow>> {
        self.model().frequency_check(history, most, watch)
    }

    fn lifetime_value(
        &self,
        spend: &core::GammaGamma,
        history: &History<'_>,
        spending: &core::Spending<'_>,
        horizon: f64,
        discount_rate: f64,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        core::lifetime_value(self.model(), spend, history, spending, horizon, discount_rate, watch)
    }
}

fn kind(name: &str) -> Result<&'static dyn Kind> {
    let known = || KINDS.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| Error::parameter("model", name, &format!("one of {}", known())))
}

#[pyclass(frozen, module = "patronage._core")]
pub struct PurchaseModel(Box<dyn Fitted>);

/// The same for all customers, or one a customer.
#[derive(FromPyObject)]
pub enum Horizon<'py> {
    Same(f64),
    Each(PyReadonlyArray1<'py, f64>),
}

impl Horizon<'_> {
    /// Runs with the horizon as the core takes it.
    fn with<T>(self, run: impl FnOnce(CoreHorizon<'_>) -> T) -> T {
        match self {
            Self::Same(periods) => run(CoreHorizon::Same(periods)),
            Self::Each(periods) => run(CoreHorizon::Each(&periods.as_array().to_vec())),
        }
    }
}

#[pymethods]
impl PurchaseModel {
    #[staticmethod]
    fn fit(
        py: Python<'_>,
        model: &str,
        fixed: Vec<f64>,
        history: &HistoryTable,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let kind = kind(model).or_raise(py)?;
        guard::run(py, progress, |watch| kind.fit(&fixed, &history.history()?, watch)).map(Self)
    }

    #[staticmethod]
    fn from_parameters(py: Python<'_>, model: &str, values: Vec<f64>) -> PyResult<Self> {
        kind(model).and_then(|kind| kind.given(&values)).map(Self).or_raise(py)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, model: &str, text: &str) -> PyResult<Self> {
        kind(model).and_then(|kind| kind.read(text)).map(Self).or_raise(py)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        self.0.to_json().or_raise(py)
    }

    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.0.summary(py)
    }

    fn log_likelihood(&self, py: Python<'_>, history: &HistoryTable) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| self.0.log_likelihood(&history.history()?, watch))?;
        history.frame(py, "log_likelihood", &values)
    }

    /// P(alive) `horizon` periods ahead, or its logarithm.
    fn probability_alive(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        horizon: Horizon<'_>,
        log: bool,
    ) -> PyResult<Frame> {
        let mut values = horizon.with(|horizon| {
            guard::run(py, None, |watch| self.0.log_probability_alive(&history.history()?, horizon, watch))
        })?;
        if !log {
            values.iter_mut().for_each(|value| *value = value.exp());
        }
        history.frame(py, if log { "log_probability_alive" } else { "probability_alive" }, &values)
    }

    fn expected_purchases(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        horizon: Horizon<'_>,
    ) -> PyResult<Frame> {
        let values = horizon.with(|horizon| {
            guard::run(py, None, |watch| self.0.expected_purchases(&history.history()?, horizon, watch))
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
            self.0.discounted_expected_purchases(&history.history()?, discount_rate, watch)
        })?;
        history.frame(py, "discounted_expected_purchases", &values)
    }

    /// Probabilities of 0, 1, … `most` purchases in the next `horizon` periods, a column each.
    fn purchase_distribution(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        horizon: Horizon<'_>,
        most: u32,
    ) -> PyResult<Frame> {
        let columns = horizon.with(|horizon| {
            guard::run(py, None, |watch| {
                self.0.purchase_distribution(&history.history()?, horizon, most, watch)
            })
        })?;
        let named = (0..=most).zip(&columns);
        named.fold(history.answer(), |answer, (n, values)| answer.floats(&n.to_string(), values)).frame(py)
    }

    /// Customers with 0, 1, … `most` and more repeat purchases: how many there are, and how many are expected.
    fn frequency_check(&self, py: Python<'_>, history: &HistoryTable, most: u32) -> PyResult<Frame> {
        let check = guard::run(py, None, |watch| self.0.frequency_check(&history.history()?, most, watch))?;
        Columns::default()
            .ints("frequency", check.iter().map(|row| i64::from(row.frequency)))
            .floats("actual", &check.iter().map(|row| row.actual).collect::<Vec<_>>())
            .floats("expected", &check.iter().map(|row| row.expected).collect::<Vec<_>>())
            .frame(py)
    }

    /// Expected purchases and spend, and their present value, over a horizon.
    fn lifetime_value(
        &self,
        py: Python<'_>,
        spend_model: &GammaGamma,
        history: &HistoryTable,
        drop_nonpositive: bool,
        horizon: f64,
        discount_rate: f64,
    ) -> PyResult<Frame> {
        let spend_model = spend_model.model();
        let (purchases, spend, value) = guard::run(py, None, |watch| {
            let (past, spending) = (history.history()?, history.spending(drop_nonpositive)?);
            let value =
                self.0.lifetime_value(spend_model, &past, &spending, horizon, discount_rate, watch)?;
            let purchases = self.0.expected_purchases(&past, horizon.into(), watch)?;
            Ok((purchases, spend_model.expected_spend(&spending, watch)?, value))
        })?;
        history
            .answer()
            .floats("expected_purchases", &purchases)
            .floats("expected_spend", &spend)
            .floats("lifetime_value", &value)
            .frame(py)
    }
}
