//! The buy-till-you-die models: one class for all of them.

use std::marker::PhantomData;

use numpy::PyReadonlyArray1;
use patronage::clv::{
    self as core, BgBb, BgCnbd, BgNbd, Effect, Forecast, FrequencyRow, GGompertzNbd, History,
    Horizon as CoreHorizon, Intervals, MbgCnbd, MbgNbd, Nbd, ParetoNbd, Priors, Process, Question, Sampling,
    WithCovariates,
};
use patronage::watch::Watch;
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::HistoryTable;
use super::gamma_gamma::GammaGamma;
use super::inference::{Refits, Sampled, sample};
use super::state::{PriorList, State, priors_in};
use crate::error::OrRaise;
use crate::frame::{Columns, Frame};
use crate::guard;

/// The kinds of models, by their names in the literature.
static KINDS: &[&dyn Kind] = &[
    &Of::<BgNbd>(PhantomData),
    &Of::<Nbd>(PhantomData),
    &Of::<ParetoNbd>(PhantomData),
    &Of::<GGompertzNbd>(PhantomData),
    &Of::<MbgNbd>(PhantomData),
    &Of::<BgCnbd>(PhantomData),
    &Of::<MbgCnbd>(PhantomData),
    &Of::<BgBb>(PhantomData),
];

/// Where models of one kind come from.
pub trait Kind: Sync {
    fn name(&self) -> &'static str;
    fn fit(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>>;
    fn fit_penalised(
        &self,
        history: &History<'_>,
        penalty: &[f64],
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>>;
    #[allow(clippy::too_many_arguments)]
    fn sample(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        flat: bool,
        plan: Sampling,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Sampled>;
    fn given(&self, values: &[f64], effects: Vec<Effect>) -> Result<Box<dyn Fitted>>;
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

    fn fit(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>> {
        // Without what a model has beside its parameters, the most likely choice is taken.
        let choices = if fixed.is_empty() { M::choices() } else { vec![fixed.to_vec()] };
        let mut best: Option<(f64, Box<dyn Fitted>)> = None;
        for given in choices {
            let any = M::from_parameters(&[vec![1.0; M::PARAMETERS.len()], given].concat())?;
            let (value, fit) = if effects.is_empty() {
                estimate(&any, priors, history, watch)?
            } else {
                estimate(&WithCovariates::new(any, effects.clone())?, priors, history, watch)?
            };
            if best.as_ref().is_none_or(|(most, _)| value > *most) {
                best = Some((value, fit));
            }
        }
        best.map(|(_, fit)| fit).ok_or_else(|| Error::parameter("model", M::NAME, "a model with a choice"))
    }

    fn fit_penalised(
        &self,
        history: &History<'_>,
        penalty: &[f64],
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>> {
        Ok(Box::new(State::Fitted(Box::new(M::fit_penalised(history, penalty, watch)?))))
    }

    fn sample(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        flat: bool,
        plan: Sampling,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Sampled> {
        let any = M::from_parameters(&[&vec![1.0; M::PARAMETERS.len()], fixed].concat())?;
        if effects.is_empty() {
            sample(&any, priors, flat, plan, history, watch)
        } else {
            sample(&WithCovariates::new(any, effects)?, priors, flat, plan, history, watch)
        }
    }

    fn given(&self, values: &[f64], effects: Vec<Effect>) -> Result<Box<dyn Fitted>> {
        let base = M::from_parameters(values)?;
        Ok(if effects.is_empty() {
            Box::new(State::Given(base))
        } else {
            Box::new(State::Given(WithCovariates::new(base, effects)?))
        })
    }

    fn read(&self, text: &str) -> Result<Box<dyn Fitted>> {
        let stored: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let has_effects = |model: &serde_json::Value| model.get("effects").is_some();
        Ok(if has_effects(&stored) || stored.get("model").is_some_and(has_effects) {
            Box::new(State::<WithCovariates<M>>::from_json(text)?)
        } else {
            Box::new(State::<M>::from_json(text)?)
        })
    }
}

/// The fit of models like `kind`.
fn estimate<F: Forecast + Serialize + DeserializeOwned + 'static>(
    kind: &F,
    priors: &Priors,
    history: &History<'_>,
    watch: &dyn Watch,
) -> Result<(f64, Box<dyn Fitted>)> {
    let fit = kind.likelihood(history, watch)?.with_priors(priors)?.maximise(watch)?;
    Ok((fit.log_likelihood + fit.log_prior, Box::new(State::Fitted(Box::new(fit)))))
}

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

/// A model and the questions it answers.
pub trait Fitted: Send + Sync {
    fn names(&self) -> Vec<String>;
    /// The covariates that a history must have.
    fn covariates(&self) -> Vec<String>;
    fn parameter_intervals(&self, level: f64) -> Result<Vec<(f64, f64)>>;
    fn intervals(
        &self,
        question: Question<'_>,
        level: f64,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Intervals>;
    fn intervals_over_draws(
        &self,
        draws: &[Vec<f64>],
        question: Question<'_>,
        level: f64,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Intervals>;
    fn bootstrap(&self, history: &History<'_>, repeats: u32, seed: u64, watch: &dyn Watch) -> Result<Refits>;
    /// What a likelihood-ratio test needs; `None` for a model that was given.
    fn fit_summary(&self) -> Option<core::FitSummary>;
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
    fn expected_repeat_purchases(
        &self,
        history: &History<'_>,
        calibration_end: f64,
        times: &[f64],
        watch: &dyn Watch,
    ) -> Result<Vec<f64>>;
    fn heterogeneity(&self) -> Vec<core::Heterogeneity>;
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

impl<M: Forecast + Serialize + DeserializeOwned + 'static> Fitted for State<M> {
    fn names(&self) -> Vec<String> {
        self.model().names()
    }

    fn parameter_intervals(&self, level: f64) -> Result<Vec<(f64, f64)>> {
        self.fit()?.parameter_intervals(level)
    }

    fn intervals(
        &self,
        question: Question<'_>,
        level: f64,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Intervals> {
        self.fit()?.intervals(question, level, history, watch)
    }

    fn intervals_over_draws(
        &self,
        draws: &[Vec<f64>],
        question: Question<'_>,
        level: f64,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Intervals> {
        let models: Vec<M> =
            draws.iter().map(|draw| self.model().with_parameters(draw)).collect::<Result<_>>()?;
        core::intervals_over_draws(&models, question, level, history, watch)
    }

    fn bootstrap(&self, history: &History<'_>, repeats: u32, seed: u64, watch: &dyn Watch) -> Result<Refits> {
        let fit = self.fit()?;
        let likelihood = fit.model.likelihood(history, watch)?.with_priors(&fit.priors)?;
        let drawn = likelihood.bootstrap(fit, repeats, seed, watch)?;
        let draws = drawn.models.iter().map(core::Model::parameters).collect();
        Ok((draws, drawn.endings.iter().map(ToString::to_string).collect(), drawn.failed))
    }

    fn covariates(&self) -> Vec<String> {
        self.model().covariates()
    }

    fn fit_summary(&self) -> Option<core::FitSummary> {
        match self {
            Self::Given(_) => None,
            Self::Fitted(fit) => Some(fit.summary()),
        }
    }

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

    fn expected_repeat_purchases(
        &self,
        history: &History<'_>,
        calibration_end: f64,
        times: &[f64],
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        self.model().expected_repeat_purchases(history, calibration_end, times, watch)
    }

    fn heterogeneity(&self) -> Vec<core::Heterogeneity> {
        // Of customers whose covariates are all 0.
        let base = self.model().one(&vec![0.0; self.model().covariates().len()]);
        base.map(|model| core::PurchaseModel::heterogeneity(&*model)).unwrap_or_default()
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

pub fn kind(name: &str) -> Result<&'static dyn Kind> {
    let known = || KINDS.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| Error::parameter("model", name, &format!("one of {}", known())))
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
