//! What all models share: names for their parameters, a stored form, and the questions they answer.

use serde::{Deserialize, Serialize};

use super::distinct::Distinct;
use super::history::{Customer, History, in_parallel, refuse, same_length};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A model with named positive parameters.
pub trait Model: Copy + Sync {
    /// The model's name in the literature.
    const NAME: &'static str;
    /// The parameters' names in the papers, in order.
    const PARAMETERS: &'static [&'static str];

    /// The parameters, in the order of [`Model::PARAMETERS`].
    fn parameters(&self) -> Vec<f64>;

    /// A model from its parameters, in the order of [`Model::PARAMETERS`].
    fn from_parameters(values: &[f64]) -> Result<Self>;
}

/// An error unless every parameter is positive and finite.
pub(super) fn check_parameters(names: &[&str], values: &[f64]) -> Result<()> {
    match names.iter().zip(values).find(|(_, value)| !(value.is_finite() && **value > 0.0)) {
        Some((name, value)) => Err(Error::parameter(name, value, "a finite number above 0")),
        None => Ok(()),
    }
}

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

/// A model of customers who buy at their own rate until, unseen, they drop out.
///
/// The methods that end in `_of` answer for one customer; the others answer for a column of them, in parallel,
/// and work out rows that are alike only once. Time is in the periods of the history the model was fitted to.
pub trait PurchaseModel: Model {
    /// Logarithm of the probability density of a customer's history.
    fn log_likelihood_of(&self, customer: Customer) -> f64;

    /// Logarithm of P(alive); finite even where the probability itself underflows to 0.
    fn log_probability_alive_of(&self, customer: Customer) -> f64;

    /// Purchases expected in the next `horizon` periods (finite, not negative), given the history.
    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64;

    /// Purchases expected in the whole remaining life, each discounted by e^(−rate × periods until it), for a
    /// rate above 0.
    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64;

    /// Probability of exactly `n` purchases in the next `horizon` periods, given the history.
    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64;

    /// Expected number of repeat purchases of a new customer in the first `t` periods.
    fn expectation(&self, t: f64) -> Result<f64> {
        check_horizon(t, "t")?;
        Ok(self.expected_purchases_of(Customer::NEW, t))
    }

    /// Probability that a new customer makes exactly `n` repeat purchases in the first `t` periods.
    fn probability_of_purchases(&self, n: u32, t: f64) -> Result<f64> {
        check_horizon(t, "t")?;
        Ok(self.probability_of_purchases_of(Customer::NEW, n, t))
    }

    /// [`PurchaseModel::log_likelihood_of`] every customer.
    fn log_likelihood(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        history.each(watch, |customer| Ok(self.log_likelihood_of(customer)))
    }

    /// Probability that each customer is still a customer at the end of observation.
    fn probability_alive(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        history.each(watch, |customer| Ok(self.log_probability_alive_of(customer).exp()))
    }

    /// [`PurchaseModel::expected_purchases_of`] every customer.
    fn expected_purchases<'a>(
        &self,
        history: &History<'_>,
        horizon: impl Into<Horizon<'a>>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        match horizon.into() {
            Horizon::Same(periods) => {
                check_horizon(periods, "horizon")?;
                history.each(watch, |customer| Ok(self.expected_purchases_of(customer, periods)))
            }
            Horizon::Each(periods) => {
                same_length("horizon", history.len(), periods.len())?;
                refuse(
                    "horizon",
                    periods.len(),
                    |i| !(periods[i].is_finite() && periods[i] >= 0.0),
                    "is not a finite length of time",
                    "give the number of periods ahead for each customer",
                )?;
                history.each_with(periods, watch, |customer, periods| {
                    Ok(self.expected_purchases_of(customer, periods))
                })
            }
        }
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
        history.each(watch, |customer| Ok(self.discounted_expected_purchases_of(customer, rate)))
    }

    /// Probabilities of exactly 0, 1, … `most` (up to 10,000) purchases in the next `horizon` periods: a column for
    /// each number.
    fn purchase_distribution(
        &self,
        history: &History<'_>,
        horizon: f64,
        most: u32,
        watch: &dyn Watch,
    ) -> Result<Vec<Vec<f64>>> {
        check_horizon(horizon, "horizon")?;
        check_most(most)?;
        (0..=most)
            .map(|n| {
                history.each(watch, |customer| Ok(self.probability_of_purchases_of(customer, n, horizon)))
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
        check_most(most)?;
        let [frequency, _, age] = history.columns();
        let ages = Distinct::of([age], watch)?.merged(history.weights(), watch)?;
        let each = in_parallel(ages.len(), watch, |i| {
            let ([age], weight) = ages[i];
            let mut counts: Vec<f64> = Vec::with_capacity(most as usize + 2);
            counts.extend((0..=most).map(|n| self.probability_of_purchases_of(Customer::NEW, n, age)));
            counts.push((1.0 - counts.iter().sum::<f64>()).max(0.0));
            counts.iter_mut().for_each(|p| *p *= weight);
            Ok(counts)
        })?;
        let mut rows: Vec<FrequencyRow> = (0..=most + 1)
            .map(|n| FrequencyRow {
                frequency: n,
                actual: 0.0,
                expected: each.iter().map(|counts| counts[n as usize]).sum(),
            })
            .collect();
        for ([x], weight) in Distinct::of([frequency], watch)?.merged(history.weights(), watch)? {
            // Casting a float saturates.
            rows[(x as u32).min(most + 1) as usize].actual += weight;
        }
        Ok(rows)
    }
}

/// Customers by number of repeat purchases: how many there are, and how many a model expects.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FrequencyRow {
    /// Repeat purchases; in the last row, this many or more.
    pub frequency: u32,
    /// Customers who made them.
    pub actual: f64,
    /// Customers the model expects to have made them.
    pub expected: f64,
}

fn check_most(most: u32) -> Result<()> {
    const MOST: u32 = 10_000;
    if most <= MOST {
        Ok(())
    } else {
        Err(Error::parameter("most", most, "a number of purchases up to 10,000"))
    }
}

/// An error unless a length of time is finite and not negative.
pub(super) fn check_horizon(periods: f64, name: &str) -> Result<()> {
    if periods.is_finite() && periods >= 0.0 {
        return Ok(());
    }
    Err(Error::parameter(name, periods, "a finite number of periods, at least 0"))
}

/// The version of the stored form; a larger one is refused.
const VERSION: u32 = 1;

/// How a model is stored: its name, the version of this form, and its parameters by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    version: u32,
    model: String,
    parameters: Vec<(String, f64)>,
}

impl Stored {
    pub(super) fn of<M: Model>(model: M) -> Self {
        let names = M::PARAMETERS.iter().map(ToString::to_string);
        Self { version: VERSION, model: M::NAME.into(), parameters: names.zip(model.parameters()).collect() }
    }

    pub(super) fn read<M: Model>(self) -> Result<M> {
        let unreadable =
            |problem: String| Error::InvalidModel { what: format!("{} model", M::NAME), problem };
        if self.version != VERSION {
            return Err(unreadable(format!("version {} is not known, only {VERSION}", self.version)));
        }
        if self.model != M::NAME {
            return Err(unreadable(format!("it is a {} model", self.model)));
        }
        if !self.parameters.iter().map(|(name, _)| name.as_str()).eq(M::PARAMETERS.iter().copied()) {
            return Err(unreadable(format!("its parameters should be {}", M::PARAMETERS.join(", "))));
        }
        let values: Vec<f64> = self.parameters.iter().map(|&(_, value)| value).collect();
        M::from_parameters(&values).map_err(|error| unreadable(error.to_string()))
    }
}
