//! The questions that a model of any kind answers, behind one interface.

use patronage::Result;
use patronage::clv::{self as core, Forecast, FrequencyRow, History, Horizon, Intervals, Question};
use patronage::watch::Watch;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::inference::Refits;
use super::super::state::State;

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
        horizon: Horizon<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>>;
    fn expected_purchases(
        &self,
        history: &History<'_>,
        horizon: Horizon<'_>,
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
        horizon: Horizon<'_>,
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
        horizon: Horizon<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        self.model().log_probability_alive(history, horizon, watch)
    }

    fn expected_purchases(
        &self,
        history: &History<'_>,
        horizon: Horizon<'_>,
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
        horizon: Horizon<'_>,
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
