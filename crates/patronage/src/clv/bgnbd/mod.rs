//! The BG/NBD model.

mod discounted;
mod distribution;
mod expectation;
mod likelihood;

use serde::{Deserialize, Serialize};

use super::fit::{Fit, maximise, maximise_penalised};
use super::history::{Customer, History};
use super::model::{Model, PurchaseModel, Stored, check_parameters};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The beta-geometric/NBD model of Fader, Hardie and Lee (2005, *Marketing Science* 24(2), 275–284).
///
/// While a customer, each buys at random at a rate of her own; rates are gamma distributed over customers with shape
/// `r` and scale parameter `alpha` (mean rate r/α per period). After each repeat purchase she drops out with a
/// probability of her own; these are beta distributed with parameters `a` and `b` (mean a/(a+b)). A customer without
/// a repeat purchase has had no occasion to drop out, so her P(alive) is 1.
///
/// ```
/// use patronage::clv::{BgNbd, Customer, PurchaseModel};
/// let model = BgNbd::new(0.243, 4.414, 0.793, 2.426)?;
/// let customer = Customer::new(2.0, 30.43, 38.86)?;
/// let expected = model.expected_purchases_of(customer, 39.0);
/// assert!((expected - 1.226).abs() < 5e-4); // Hardie's spreadsheet
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct BgNbd {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl BgNbd {
    /// A model from its parameters, all above 0; `alpha` is in periods.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[r, alpha, a, b])?;
        Ok(Self { r, alpha, a, b })
    }

    /// The model of maximum likelihood.
    ///
    /// The outcome depends neither on the order of the customers, nor on the number of threads, nor (but for α,
    /// which is in periods) on the period. A history without any repeat purchase is refused; one that has no maximum
    /// is told in [`Fit::ending`].
    ///
    /// ```
    /// use patronage::clv::{BgNbd, History};
    /// use patronage::watch::Unwatched;
    /// let history = History::new(&[0.0, 1.0, 3.0, 7.0, 0.0][..], &[0.0, 2.0, 20.0, 29.0, 0.0], &[39.0, 38.0, 30.0, 30.0, 9.0])?;
    /// let fit = BgNbd::fit(&history, &Unwatched)?;
    /// println!("{:?}: log-likelihood {}", fit.ending, fit.log_likelihood);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn fit(history: &History<'_>, watch: &dyn Watch) -> Result<Fit<Self>> {
        maximise(&likelihood::Likelihood::of(history, watch)?, watch)
    }

    /// The model that makes log-likelihood − κ₁ r² − κ₂ α² − κ₃ a² − κ₄ b² largest.
    ///
    /// Its covariance is that of the penalised function, its log-likelihood that of the customers.
    ///
    /// ```
    /// use patronage::clv::{BgNbd, History};
    /// use patronage::watch::Unwatched;
    /// let frequency = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 5.0, 8.0, 14.0];
    /// let recency = [0.0, 0.0, 0.0, 0.0, 3.0, 20.0, 9.0, 30.0, 12.0, 36.0, 20.0, 37.0];
    /// let history = History::new(&frequency[..], &recency, &[39.0; 12])?;
    /// let fit = BgNbd::fit_penalised(&history, &[0.5, 0.001, 0.2, 0.1], &Unwatched)?;
    /// assert!(fit.converged());
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn fit_penalised(history: &History<'_>, penalty: &[f64], watch: &dyn Watch) -> Result<Fit<Self>> {
        maximise_penalised(likelihood::Likelihood::of(history, watch)?, penalty, watch)
    }
}

impl Model for BgNbd {
    const NAME: &'static str = "BG/NBD";
    const PARAMETERS: &'static [&'static str] = &["r", "alpha", "a", "b"];

    fn parameters(&self) -> Vec<f64> {
        vec![self.r, self.alpha, self.a, self.b]
    }

    fn from_parameters(values: &[f64]) -> Result<Self> {
        let &[r, alpha, a, b] = values else {
            return Err(Error::parameter("parameters", values.len(), "the four values r, alpha, a, b"));
        };
        Self::new(r, alpha, a, b)
    }
}

impl PurchaseModel for BgNbd {
    fn log_likelihood_of(&self, customer: Customer) -> f64 {
        likelihood::of_customer(self, customer)
    }

    fn log_probability_alive_of(&self, customer: Customer) -> f64 {
        likelihood::log_alive(self, customer)
    }

    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        let alive = self.log_probability_alive_of(customer).exp();
        alive * expectation::while_alive(self.r + x, horizon / (self.alpha + age), self.a, self.b + x)
    }

    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        let alive = self.log_probability_alive_of(customer).exp();
        alive * discounted::while_alive(self.r + x, rate * (self.alpha + age), self.a, self.b + x)
    }

    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        let log_alive = self.log_probability_alive_of(customer);
        let if_alive =
            distribution::while_alive(n, self.r + x, horizon / (self.alpha + age), self.a, self.b + x);
        let gone = if n == 0 { -log_alive.exp_m1() } else { 0.0 };
        log_alive.exp() * if_alive + gone
    }
}

impl From<BgNbd> for Stored {
    fn from(model: BgNbd) -> Self {
        Self::of(model)
    }
}

impl TryFrom<Stored> for BgNbd {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        stored.read()
    }
}
