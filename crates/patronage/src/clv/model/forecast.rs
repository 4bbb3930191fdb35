//! What a model says of a column of customers.

use std::borrow::Cow;

use super::super::fit::{HistoryLikelihood, Likelihood};
use super::super::history::{Customer, History, refuse, same_length};
use super::Estimable;
use super::frequency::{self, FrequencyRow};
use super::purchase::{PurchaseModel, check_horizon};
use super::{Model, tracking};
use crate::clv::fit::{Kernel, litt_needed};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// How many periods ahead: the same for all customers, or a column.
#[derive(Debug, Clone, Copy)]
pub enum Horizon<'a> {
    /// The same for every customer.
    Same(f64),
    /// One a customer.
    Each(&'a [f64]),
}

impl From<f64> for Horizon<'_> {
    fn from(periods: f64) -> Self {
        Self::Same(periods)
    }
}

impl<'a> From<&'a [f64]> for Horizon<'a> {
    fn from(periods: &'a [f64]) -> Self {
        Self::Each(periods)
    }
}

impl<'a> Horizon<'a> {
    /// The column, if it is one.
    pub(in super::super) fn each(self) -> Option<&'a [f64]> {
        match self {
            Horizon::Same(_) => None,
            Horizon::Each(periods) => Some(periods),
        }
    }

    /// The number, if it is one.
    pub(in super::super) fn same(self) -> f64 {
        match self {
            Horizon::Same(periods) => periods,
            Horizon::Each(_) => f64::NAN,
        }
    }

    pub(in super::super) fn check(self, customers: usize) -> Result<()> {
        match self {
            Horizon::Same(periods) => check_horizon(periods, "horizon"),
            Horizon::Each(periods) => {
                same_length("horizon", customers, periods.len())?;
                refuse(
                    "horizon",
                    periods.len(),
                    |i| !(periods[i].is_finite() && periods[i] >= 0.0),
                    "is not a finite length of time",
                    "give the number of periods ahead for each customer",
                )
            }
        }
    }
}

/// A model asked about a column of customers: answers are worked out in parallel, and once for rows that are alike.
pub trait Forecast: Estimable {
    /// The model of one customer.
    type One: PurchaseModel;

    /// The log-likelihood of a history, for models that agree with this one in all but the parameters.
    fn likelihood(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Likelihood<Self>>;

    /// The names of the covariates that it must know of a customer.
    fn covariates(&self) -> Vec<String> {
        Vec::new()
    }

    /// The model of a customer with these values of the covariates.
    fn one(&self, covariates: &[f64]) -> Result<Cow<'_, Self::One>>;

    /// `value` of every customer, from the model that holds for her, her history, and how far ahead she is looked at.
    fn each(
        &self,
        history: &History<'_>,
        horizon: Horizon<'_>,
        watch: &dyn Watch,
        value: impl Fn(&Self::One, Customer, f64) -> Result<f64> + Sync,
    ) -> Result<Vec<f64>> {
        Self::One::check(history)?;
        Self::One::check_horizon(horizon)?;
        let groups = history.groups(&self.covariates(), watch)?;
        history.each(&groups, horizon.each(), watch, &|customer, covariates, ahead| {
            value(&*self.one(covariates)?, customer, ahead.unwrap_or(horizon.same()))
        })
    }

    /// The same for a `value` that does not depend on recency.
    fn each_whatever_recency(
        &self,
        history: &History<'_>,
        horizon: Horizon<'_>,
        watch: &dyn Watch,
        value: fn(&Self::One, Customer, f64) -> f64,
    ) -> Result<Vec<f64>> {
        self.each(history, horizon, watch, |model, customer, ahead| Ok(value(model, customer, ahead)))
    }

    /// [`PurchaseModel::log_probability_alive_of`] every customer.
    fn log_probability_alive_now(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        self.each(history, Horizon::Same(0.0), watch, |model, customer, _| {
            Ok(model.log_probability_alive_of(customer))
        })
    }

    /// Log-likelihood of every customer: [`PurchaseModel::log_likelihood_of`], and where purchases are regular the
    /// term in [`History::with_litt`], which then must be there.
    fn log_likelihood(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        let litt = history.litt();
        let horizon = litt.map_or(Horizon::Same(0.0), Horizon::Each);
        self.each(history, horizon, watch, |model, customer, own| {
            let factor = model.litt_factor();
            if factor != 0.0 && litt.is_none() {
                return Err(litt_needed(Self::One::NAME));
            }
            Ok(model.log_likelihood_of(customer) + factor * own)
        })
    }

    /// Logarithm of the probability that each customer is still one `horizon` periods after the end of observation.
    fn log_probability_alive<'a>(
        &self,
        history: &History<'_>,
        horizon: impl Into<Horizon<'a>>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        let horizon = horizon.into();
        horizon.check(history.len())?;
        if Self::One::IF_ALIVE.is_some() {
            let mut values = self.log_probability_alive_now(history, watch)?;
            if !matches!(horizon, Horizon::Same(0.0)) {
                let survival =
                    self.each_whatever_recency(history, horizon, watch, Self::One::log_survival_of)?;
                values.iter_mut().zip(survival).for_each(|(value, survival)| *value += survival);
            }
            return Ok(values);
        }
        self.each(history, horizon, watch, |model, customer, ahead| {
            let now = model.log_probability_alive_of(customer);
            Ok(if ahead == 0.0 { now } else { now + model.log_survival_of(customer, ahead) })
        })
    }

    /// P(alive) times a `value` of those alive that does not depend on recency.
    fn expected_of_alive(
        &self,
        history: &History<'_>,
        horizon: Horizon<'_>,
        watch: &dyn Watch,
        value: fn(&Self::One, Customer, f64) -> f64,
    ) -> Result<Vec<f64>> {
        let mut values = self.each_whatever_recency(history, horizon, watch, value)?;
        let alive = self.log_probability_alive_now(history, watch)?;
        values.iter_mut().zip(alive).for_each(|(value, alive)| *value *= alive.exp());
        Ok(values)
    }

    /// Probability that each customer is still one at the end of observation.
    fn probability_alive(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        self.probability_alive_at(history, 0.0, watch)
    }

    /// Probability that each customer is still one `horizon` periods after the end of observation.
    fn probability_alive_at<'a>(
        &self,
        history: &History<'_>,
        horizon: impl Into<Horizon<'a>>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        let mut values = self.log_probability_alive(history, horizon, watch)?;
        values.iter_mut().for_each(|value| *value = value.exp());
        Ok(values)
    }

    /// [`PurchaseModel::expected_purchases_of`] every customer.
    fn expected_purchases<'a>(
        &self,
        history: &History<'_>,
        horizon: impl Into<Horizon<'a>>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        let horizon = horizon.into();
        horizon.check(history.len())?;
        if let Some(if_alive) = Self::One::IF_ALIVE {
            return self.expected_of_alive(history, horizon, watch, if_alive.expected_purchases);
        }
        self.each(history, horizon, watch, |model, customer, ahead| {
            Ok(model.expected_purchases_of(customer, ahead))
        })
    }

    /// Discounted expected residual transactions (DERT): [`PurchaseModel::discounted_expected_purchases_of`]
    /// every customer. `rate` is continuous, per period; an effective rate d per period is ln(1 + d) here.
    fn discounted_expected_purchases(
        &self,
        history: &History<'_>,
        rate: f64,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        if !(rate.is_finite() && rate > 0.0) {
            return Err(Error::parameter(
                "discount_rate",
                rate,
                "a finite continuous rate per period above 0",
            ));
        }
        if let Some(if_alive) = Self::One::IF_ALIVE {
            let value = if_alive.discounted_expected_purchases;
            return self.expected_of_alive(history, Horizon::Same(rate), watch, value);
        }
        self.each(history, Horizon::Same(0.0), watch, |model, customer, _| {
            Ok(model.discounted_expected_purchases_of(customer, rate))
        })
    }

    /// Probabilities of exactly 0, 1, … `most` (up to 10,000) purchases in the next `horizon` periods: a column for
    /// each number.
    fn purchase_distribution<'a>(
        &self,
        history: &History<'_>,
        horizon: impl Into<Horizon<'a>>,
        most: u32,
        watch: &dyn Watch,
    ) -> Result<Vec<Vec<f64>>> {
        let horizon = horizon.into();
        horizon.check(history.len())?;
        frequency::check_most(most)?;
        (0..=most)
            .map(|n| {
                self.each(history, horizon, watch, |model, customer, ahead| {
                    Ok(model.probability_of_purchases_of(customer, n, ahead))
                })
            })
            .collect()
    }

    /// How many customers made 0, 1, … `most` (up to 10,000) repeat purchases, and, last, more than that; beside it
    /// how many are expected to in the time each was watched.
    fn frequency_check(
        &self,
        history: &History<'_>,
        most: u32,
        watch: &dyn Watch,
    ) -> Result<Vec<FrequencyRow>> {
        frequency::check(self, history, most, watch)
    }

    /// Repeat purchases that all customers are expected to have made by each of `times`, counted from a day (such as
    /// the first of a log) from which the calibration ends `calibration_end` periods later; each customer begins
    /// `calibration_end − T` after it. To be laid beside
    /// [`Purchases::repeat_purchases`](crate::transactions::Purchases::repeat_purchases).
    fn expected_repeat_purchases(
        &self,
        history: &History<'_>,
        calibration_end: f64,
        times: &[f64],
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        tracking::expected(self, history, calibration_end, times, watch)
    }
}

impl<M: PurchaseModel> Forecast for M {
    type One = M;

    fn likelihood(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Likelihood<M>> {
        M::check(history)?;
        Ok(Likelihood::new(HistoryLikelihood::like(self.clone(), history, watch)?))
    }

    fn one(&self, _: &[f64]) -> Result<Cow<'_, M>> {
        Ok(Cow::Borrowed(self))
    }

    fn each_whatever_recency(
        &self,
        history: &History<'_>,
        horizon: Horizon<'_>,
        watch: &dyn Watch,
        value: fn(&M, Customer, f64) -> f64,
    ) -> Result<Vec<f64>> {
        M::check(history)?;
        match horizon {
            Horizon::Same(ahead) => {
                history.each_whatever_recency(watch, &|customer| value(self, customer, ahead))
            }
            Horizon::Each(_) => {
                self.each(history, horizon, watch, |model, customer, ahead| Ok(value(model, customer, ahead)))
            }
        }
    }

    fn log_probability_alive_now(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        M::check(history)?;
        if M::IF_ALIVE.is_some() {
            history.each_row(watch, &|customer| self.log_probability_alive_of(customer))
        } else {
            self.each(history, Horizon::Same(0.0), watch, |model, customer, _| {
                Ok(model.log_probability_alive_of(customer))
            })
        }
    }
}
