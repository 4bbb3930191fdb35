//! What a buy-till-you-die model knows of one customer.

use super::super::fit::{Fit, HistoryLikelihood, Kernel, maximise, maximise_penalised};
use super::super::history::{Customer, History};
use super::forecast::Horizon;
use super::mixing::Heterogeneity;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A model of customers who buy at their own rate until, unseen, they drop out.
///
/// Its methods answer for one customer; those of [`Forecast`](super::Forecast) for a column of them. Time is in the
/// periods of the history the model was fitted to. Horizons are finite and not negative.
pub trait PurchaseModel: Kernel + 'static {
    /// Answers for those alive, where recency tells of nothing but P(alive), and that takes less time than finding
    /// customers who are alike: it is worked out for every row then, and the rest once for each x and T.
    const IF_ALIVE: Option<IfAlive<Self>> = None;

    /// An error unless the model can have made such histories: for models in whole periods, for instance, only if
    /// recency and T are whole numbers.
    fn check(history: &History<'_>) -> Result<()> {
        let _ = history;
        Ok(())
    }

    /// An error unless the model can look so far ahead: for models in whole periods, for instance, only if the
    /// horizon is a whole number.
    fn check_horizon(horizon: Horizon<'_>) -> Result<()> {
        let _ = horizon;
        Ok(())
    }

    /// The model of maximum likelihood; of models with something given, the most likely among
    /// [`Parametric::choices`](super::Parametric::choices).
    ///
    /// The outcome depends neither on the order of the customers, nor on the number of threads, nor (but for
    /// parameters that are in periods) on the period. A history without any repeat purchase is refused; one that has
    /// no maximum is told in [`Fit::ending`].
    ///
    /// ```
    /// use patronage::clv::{BgNbd, History, PurchaseModel};
    /// use patronage::watch::Unwatched;
    /// let history = History::new(&[0.0, 1.0, 3.0, 7.0, 0.0][..], &[0.0, 2.0, 20.0, 29.0, 0.0], &[39.0, 38.0, 30.0, 30.0, 9.0])?;
    /// let fit = BgNbd::fit(&history, &Unwatched)?;
    /// println!("{:?}: log-likelihood {}", fit.ending, fit.log_likelihood);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    fn fit(history: &History<'_>, watch: &dyn Watch) -> Result<Fit<Self>> {
        Self::check(history)?;
        HistoryLikelihood::<Self>::most_likely(history, watch)
    }

    /// [`PurchaseModel::fit`] among the models that agree with this one in what is given
    /// ([`Parametric::FIXED`](super::Parametric::FIXED)).
    fn fit_alike(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Fit<Self>> {
        Self::check(history)?;
        maximise(&HistoryLikelihood::like(self.clone(), history, watch)?, watch)
    }

    /// The parameters θ that make log-likelihood − Σ κᵢ θᵢ² largest, for a `penalty` κ in the order of the parameters:
    /// the mode under independent normal priors on the parameters of mean 0 and variance 1/(2κᵢ), cut off at 0.
    ///
    /// [`Fit::log_likelihood`] is that of the customers; covariance and curvature are those of the penalised function.
    fn fit_penalised(history: &History<'_>, penalty: &[f64], watch: &dyn Watch) -> Result<Fit<Self>> {
        Self::check(history)?;
        let any = Self::from_parameters(&vec![1.0; Self::PARAMETERS.len()])?;
        maximise_penalised(HistoryLikelihood::like(any, history, watch)?, penalty, watch)
    }

    /// Logarithm of the probability density of a customer's history; where purchases are regular, without the term in
    /// [`History::with_litt`].
    fn log_likelihood_of(&self, customer: Customer) -> f64;

    /// Logarithm of P(alive), the probability that she is still a customer at the end of observation; finite even
    /// where the probability itself underflows to 0.
    fn log_probability_alive_of(&self, customer: Customer) -> f64;

    /// Logarithm of the probability that a customer who is alive still is after `horizon` further periods.
    fn log_survival_of(&self, customer: Customer, horizon: f64) -> f64;

    /// Purchases expected in the next `horizon` periods, given the history.
    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64;

    /// Purchases expected in the whole remaining life, each discounted by e^(−rate × periods until it), for a
    /// rate above 0.
    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64;

    /// Probability of exactly `n` purchases in the next `horizon` periods, given the history.
    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64;

    /// How the model takes customers to differ in their purchases and in dropping out.
    fn heterogeneity(&self) -> Vec<Heterogeneity>;

    /// Expected number of repeat purchases of a new customer in the first `t` periods.
    fn expectation(&self, t: f64) -> Result<f64> {
        check_horizon(t, "t")?;
        Self::check_horizon(t.into())?;
        Ok(self.expected_purchases_of(Customer::NEW, t))
    }

    /// Probability that a new customer makes exactly `n` repeat purchases in the first `t` periods.
    fn probability_of_purchases(&self, n: u32, t: f64) -> Result<f64> {
        check_horizon(t, "t")?;
        Self::check_horizon(t.into())?;
        Ok(self.probability_of_purchases_of(Customer::NEW, n, t))
    }
}

/// What a model says of a customer who is alive, from x and T alone; her recency is not looked at.
#[derive(Debug, Clone, Copy)]
pub struct IfAlive<M> {
    /// [`PurchaseModel::expected_purchases_of`] a customer who is alive.
    pub expected_purchases: fn(&M, Customer, f64) -> f64,
    /// [`PurchaseModel::discounted_expected_purchases_of`] a customer who is alive.
    pub discounted_expected_purchases: fn(&M, Customer, f64) -> f64,
}

/// An error unless a length of time is finite and not negative.
pub(super) fn check_horizon(periods: f64, name: &str) -> Result<()> {
    if periods.is_finite() && periods >= 0.0 {
        return Ok(());
    }
    Err(Error::parameter(name, periods, "a finite number of periods, at least 0"))
}
