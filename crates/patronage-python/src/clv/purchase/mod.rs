//! The buy-till-you-die models: one class for all of them.

mod fitted;
mod kinds;

pub use fitted::Fitted;
pub use kinds::kind;

use numpy::PyReadonlyArray1;
use patronage::clv::{self as core, Effect, Horizon as CoreHorizon, Process};
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::HistoryTable;
use super::gamma_gamma::GammaGamma;
use super::state::{PriorList, priors_in};
use crate::error::OrRaise;
use crate::frame::{Columns, Frame};
use crate::guard;

/// The effects of covariates: process, covariate, coefficient.
pub type EffectList = Vec<(String, String, f64)>;

pub fn effects_in(effects: EffectList) -> Result<Vec<Effect>> {
    let process = |name: &str| match name {
        "purchase" => Ok(Process::Purchase),
        "dropout" => Ok(Process::Dropout),
        "both" => Ok(Process::Both),
        _ => Err(Error::parameter("process", name, "purchase, dropout or both")),
    };
    let effect = |(name, covariate, coefficient): (String, String, f64)| {
        Ok(Effect { process: process(&name)?, covariate, coefficient })
    };
    effects.into_iter().map(effect).collect()
}

#[pyclass(frozen, module = "patronage._core")]
pub struct PurchaseModel(Box<dyn Fitted>);

impl PurchaseModel {
    pub fn fitted(&self) -> &dyn Fitted {
        &*self.0
    }

    pub fn fit_summary(&self) -> Option<core::FitSummary> {
        self.0.fit_summary()
    }
}

/// The same for all customers, or one a customer.
#[derive(FromPyObject)]
pub enum Horizon<'py> {
    Same(f64),
    Each(PyReadonlyArray1<'py, f64>),
}

impl Horizon<'_> {
    /// Runs with the horizon as the core takes it.
    pub fn with<T>(self, run: impl FnOnce(CoreHorizon<'_>) -> T) -> T {
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
        effects: EffectList,
        priors: PriorList,
        history: &HistoryTable,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let kind = kind(model).or_raise(py)?;
        let (effects, priors) = (effects_in(effects).or_raise(py)?, priors_in(priors).or_raise(py)?);
        guard::run(py, progress, |watch| kind.fit(&fixed, effects, &priors, &history.history()?, watch))
            .map(Self)
    }

    #[staticmethod]
    fn fit_penalised(
        py: Python<'_>,
        model: &str,
        history: &HistoryTable,
        penalty: Vec<f64>,
    ) -> PyResult<Self> {
        let kind = kind(model).or_raise(py)?;
        guard::run(py, None, |watch| kind.fit_penalised(&history.history()?, &penalty, watch)).map(Self)
    }

    #[staticmethod]
    fn from_parameters(py: Python<'_>, model: &str, values: Vec<f64>, effects: EffectList) -> PyResult<Self> {
        let given = |effects| kind(model).and_then(|kind| kind.given(&values, effects));
        effects_in(effects).and_then(given).map(Self).or_raise(py)
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

    fn covariates(&self) -> Vec<String> {
        self.0.covariates()
    }

    fn log_likelihood(&self, py: Python<'_>, history: &HistoryTable) -> PyResult<Frame> {
        let values = guard::run(py, None, |watch| self.0.log_likelihood(&history.history()?, watch))?;
        history.frame(py, "log_likelihood", values)
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
        history.frame(py, if log { "log_probability_alive" } else { "probability_alive" }, values)
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
        history.frame(py, "expected_purchases", values)
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
        history.frame(py, "discounted_expected_purchases", values)
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

    /// Repeat purchases of all customers expected by each of `times`.
    fn expected_repeat_purchases(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        calibration_end: f64,
        times: Vec<f64>,
    ) -> PyResult<Vec<f64>> {
        guard::run(py, None, |watch| {
            self.0.expected_repeat_purchases(&history.history()?, calibration_end, &times, watch)
        })
    }

    /// For each thing in which customers differ: its name, its mean and standard deviation over customers, and
    /// whether it is a probability.
    fn heterogeneity(&self) -> Vec<(&'static str, f64, f64, bool)> {
        let known = |law: core::MixingLaw| {
            (law.mean(), law.standard_deviation(), matches!(law, core::MixingLaw::Beta { .. }))
        };
        let one = |h: core::Heterogeneity| {
            let (mean, deviation, probability) = known(h.law);
            (h.trait_name, mean, deviation, probability)
        };
        self.0.heterogeneity().into_iter().map(one).collect()
    }

    /// The density over customers of the thing of that place in `heterogeneity`.
    fn density(&self, py: Python<'_>, place: usize, points: Vec<f64>) -> PyResult<Vec<f64>> {
        let laws = self.0.heterogeneity();
        let known =
            laws.get(place).ok_or_else(|| Error::parameter("place", place, "one of the things that differ"));
        let values = known.and_then(|h| points.iter().map(|&x| h.law.density(x)).collect::<Result<_>>());
        values.or_raise(py)
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
