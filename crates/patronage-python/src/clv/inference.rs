//! How sure the answers of a model are: intervals, refits, draws from the posterior.

use numpy::PyReadonlyArray2;
use patronage::clv::{Forecast, History, Intervals, Posterior, Priors, Question, Sampling};
use patronage::watch::Watch;
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::HistoryTable;
use super::purchase::{EffectList, Horizon, PurchaseModel, effects_in, kind};
use super::state::{PriorList, State, priors_in, priors_out};
use crate::error::OrRaise;
use crate::frame::{Columns, Frame};
use crate::guard;

/// Refits: parameters, how each ended, how many could not be made.
pub type Refits = (Vec<Vec<f64>>, Vec<String>, u32);

/// Draws from a posterior, and what is to be said of them.
pub struct Sampled {
    names: Vec<String>,
    /// Model of the mode, stored.
    template: String,
    priors: Priors,
    draws: Vec<Vec<Vec<f64>>>,
    log_densities: Vec<Vec<f64>>,
    divergences: u32,
    cut_off: u32,
    step_sizes: Vec<f64>,
    gradients: u64,
}

pub fn sample<F: Forecast + Serialize + DeserializeOwned + 'static>(
    any: &F,
    priors: &Priors,
    flat: bool,
    plan: Sampling,
    history: &History<'_>,
    watch: &dyn Watch,
) -> Result<Sampled> {
    let likelihood = any.likelihood(history, watch)?;
    let priors = if flat { priors.clone() } else { likelihood.default_priors(priors)? };
    let posterior: Posterior<F> = likelihood.with_priors(&priors)?.sample(plan, watch)?;
    let Posterior { mode, chains, log_densities, divergences, cut_off, step_sizes, gradients } = posterior;
    let names = mode.model.names();
    let template = State::Given(mode.model).to_json()?;
    let draws = chains;
    Ok(Sampled { names, template, priors, draws, log_densities, divergences, cut_off, step_sizes, gradients })
}

impl Sampled {
    /// A row a draw.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let numbered = |of: fn(usize, usize) -> i64| {
            let chains = self.draws.iter().enumerate();
            chains.flat_map(move |(c, draws)| (0..draws.len()).map(move |i| of(c, i)))
        };
        let mut columns = Columns::default()
            .ints("chain", numbered(|chain, _| chain as i64))
            .ints("draw", numbered(|_, draw| draw as i64));
        for (k, name) in self.names.iter().enumerate() {
            let values: Vec<f64> = self.draws.iter().flatten().map(|draw| draw[k]).collect();
            columns = columns.floats(name, &values);
        }
        columns.floats("log_density", &self.log_densities.concat()).frame(py)
    }

    fn about<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let about = PyDict::new(py);
        about.set_item("priors", priors_out(py, &self.priors)?)?;
        about.set_item("divergences", self.divergences)?;
        about.set_item("cut_off", self.cut_off)?;
        about.set_item("step_sizes", self.step_sizes.clone())?;
        about.set_item("gradients", self.gradients)?;
        Ok(about)
    }
}

fn question<'a>(name: &str, horizon: patronage::clv::Horizon<'a>, rate: f64) -> Result<Question<'a>> {
    match name {
        "probability_alive" => Ok(Question::ProbabilityAlive(horizon)),
        "expected_purchases" => Ok(Question::ExpectedPurchases(horizon)),
        "discounted_expected_purchases" => Ok(Question::DiscountedExpectedPurchases(rate)),
        _ => Err(Error::parameter("question", name, "one that intervals are known of")),
    }
}

fn answer(py: Python<'_>, history: &HistoryTable, name: &str, found: &Intervals) -> PyResult<Frame> {
    history
        .answer()
        .floats(name, &found.value)
        .floats("standard_error", &found.standard_error)
        .floats("lower", &found.lower)
        .floats("upper", &found.upper)
        .frame(py)
}

#[pymethods]
impl PurchaseModel {
    /// An answer of the model, its standard error and bounds, by the delta method.
    fn intervals(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        name: &str,
        horizon: Horizon<'_>,
        discount_rate: f64,
        level: f64,
    ) -> PyResult<Frame> {
        let found = horizon.with(|horizon| {
            guard::run(py, None, |watch| {
                let question = question(name, horizon, discount_rate)?;
                self.fitted().intervals(question, level, &history.history()?, watch)
            })
        })?;
        answer(py, history, name, &found)
    }

    /// The same over draws of the parameters, a row each.
    #[allow(clippy::too_many_arguments)]
    fn intervals_over_draws(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        draws: PyReadonlyArray2<'_, f64>,
        name: &str,
        horizon: Horizon<'_>,
        discount_rate: f64,
        level: f64,
    ) -> PyResult<Frame> {
        let draws: Vec<Vec<f64>> = draws.as_array().rows().into_iter().map(|row| row.to_vec()).collect();
        let found = horizon.with(|horizon| {
            guard::run(py, None, |watch| {
                let question = question(name, horizon, discount_rate)?;
                self.fitted().intervals_over_draws(&draws, question, level, &history.history()?, watch)
            })
        })?;
        answer(py, history, name, &found)
    }

    /// Bounds of each parameter.
    fn parameter_intervals(&self, py: Python<'_>, level: f64) -> PyResult<Vec<(f64, f64)>> {
        self.fitted().parameter_intervals(level).or_raise(py)
    }

    /// A row a refit, and how many could not be made.
    fn bootstrap(
        &self,
        py: Python<'_>,
        history: &HistoryTable,
        repeats: u32,
        seed: u64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<(Frame, u32)> {
        let (draws, endings, failed) = guard::run(py, progress, |watch| {
            self.fitted().bootstrap(&history.history()?, repeats, seed, watch)
        })?;
        let mut columns = Columns::default();
        for (k, name) in self.fitted().names().iter().enumerate() {
            columns = columns.floats(name, &draws.iter().map(|draw| draw[k]).collect::<Vec<_>>());
        }
        Ok((columns.texts("ending", endings.iter().map(String::as_str)).frame(py)?, failed))
    }

    /// Draws from the posterior; the model of its mode as JSON; what is to be said of them.
    #[staticmethod]
    #[allow(clippy::too_many_arguments)]
    fn posterior<'py>(
        py: Python<'py>,
        model: &str,
        fixed: Vec<f64>,
        effects: EffectList,
        priors: PriorList,
        flat: bool,
        history: &HistoryTable,
        plan: (u32, u32, u32, u64, f64),
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Frame, String, Bound<'py, PyDict>)> {
        let kind = kind(model).or_raise(py)?;
        let (effects, priors) = (effects_in(effects).or_raise(py)?, priors_in(priors).or_raise(py)?);
        let (chains, draws, warmup, seed, target_accept) = plan;
        let plan = Sampling { chains, draws, warmup, seed, target_accept };
        let sampled = guard::run(py, progress, |watch| {
            kind.sample(&fixed, effects, &priors, flat, plan, &history.history()?, watch)
        })?;
        Ok((sampled.frame(py)?, sampled.template.clone(), sampled.about(py)?))
    }
}

/// Rank-normalised split R̂, and effective sizes of centre and tails, of the draws of a number: a list a chain.
#[pyfunction]
pub fn chain_diagnostics(py: Python<'_>, chains: Vec<Vec<f64>>) -> PyResult<(f64, f64, f64)> {
    guard::run(py, None, |_| {
        Ok((
            patronage::clv::r_hat(&chains),
            patronage::clv::bulk_effective_size(&chains),
            patronage::clv::tail_effective_size(&chains),
        ))
    })
}
