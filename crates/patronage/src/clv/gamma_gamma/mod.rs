//! The gamma-gamma model of spend.

mod likelihood;

use serde::{Deserialize, Serialize};

use super::fit::{Fit, Likelihood, maximise, maximise_penalised};
use super::history::in_parallel;
use super::model::{Parametric, Stored, check_parameters, parametric};
use super::spending::Spending;
use crate::error::Result;
use crate::watch::Watch;

/// The gamma-gamma model of spend per purchase (Fader, Hardie and Lee, 2005, *Journal of Marketing Research* 42(4);
/// Fader and Hardie, 2013, note 025).
///
/// Each purchase of a customer is gamma distributed with shape `p` and a rate of her own; the rates are gamma
/// distributed over customers with shape `q` and scale parameter `gamma` (in money). Spend is taken to be independent
/// of how often she buys: see [`Spending::correlation`].
///
/// ```
/// use patronage::clv::GammaGamma;
/// let model = GammaGamma::new(6.25, 3.74, 15.44)?;
/// // Two repeat purchases of 22.35 on average; the population spends 35.22.
/// assert!((model.expected_spend_of(2.0, 22.35)? - 24.66).abs() < 5e-3);
/// assert!((model.mean_spend() - 35.22).abs() < 5e-3);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct GammaGamma {
    p: f64,
    q: f64,
    gamma: f64,
}

impl GammaGamma {
    /// A model from its parameters, all above 0; `gamma` is in money.
    pub fn new(p: f64, q: f64, gamma: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[p, q, gamma])?;
        Ok(Self { p, q, gamma })
    }

    /// The model of maximum likelihood, from the customers who have repeat purchases.
    ///
    /// ```
    /// use patronage::clv::{GammaGamma, Spending};
    /// use patronage::watch::Unwatched;
    /// let spending = Spending::new(&[2.0, 1.0, 4.0, 1.0, 0.0][..], &[22.0, 12.0, 30.0, 75.0, f64::NAN])?;
    /// let fit = GammaGamma::fit(&spending, &Unwatched)?;
    /// assert_eq!(fit.customers, 4.0);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn fit(spending: &Spending<'_>, watch: &dyn Watch) -> Result<Fit<Self>> {
        maximise(&likelihood::Likelihood::of(spending, watch)?, watch)
    }

    /// The model that makes log-likelihood − κ₁ p² − κ₂ q² − κ₃ γ² largest.
    ///
    /// Its covariance is that of the penalised function, its log-likelihood that of the customers.
    pub fn fit_penalised(spending: &Spending<'_>, penalty: &[f64], watch: &dyn Watch) -> Result<Fit<Self>> {
        maximise_penalised(likelihood::Likelihood::of(spending, watch)?, penalty, watch)
    }

    /// The log-likelihood of some spending, to which priors can be given.
    pub fn likelihood(spending: &Spending<'_>, watch: &dyn Watch) -> Result<Likelihood<Self>> {
        Ok(Likelihood::new(likelihood::Likelihood::of(spending, watch)?))
    }

    /// Mean spend per purchase over all customers, p γ/(q−1); infinite if q ≤ 1, when the spread of spend over
    /// customers is so wide that it has no mean.
    pub fn mean_spend(&self) -> f64 {
        self.given(0.0, 0.0)
    }

    /// Spend per purchase expected of a customer with `frequency` repeat purchases of `monetary_value` on average:
    /// p (γ + x m)/(p x + q − 1), a weighted mean of her own spend and everybody's; infinite if p x + q ≤ 1.
    pub fn expected_spend_of(&self, frequency: f64, monetary_value: f64) -> Result<f64> {
        Spending::new(&[frequency][..], &[monetary_value])?;
        Ok(self.given(frequency, monetary_value))
    }

    /// [`GammaGamma::expected_spend_of`] every customer; NaN for those set aside.
    pub fn expected_spend(&self, spending: &Spending<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        in_parallel(spending.len(), watch, |i| {
            let (x, m) = spending.row(i);
            Ok(if spending.is_aside(i) { f64::NAN } else { self.given(x, m) })
        })
    }

    /// Logarithm of the probability density of each customer's mean spend; 0 without a repeat purchase, NaN for those
    /// set aside.
    pub fn log_likelihood(&self, spending: &Spending<'_>, watch: &dyn Watch) -> Result<Vec<f64>> {
        in_parallel(spending.len(), watch, |i| {
            let (x, m) = spending.row(i);
            Ok(match x > 0.0 {
                _ if spending.is_aside(i) => f64::NAN,
                true => likelihood::of_customer(self, x, m),
                false => 0.0,
            })
        })
    }

    fn given(&self, x: f64, m: f64) -> f64 {
        let &Self { p, q, gamma } = self;
        let below = p * x + (q - 1.0);
        let spent = if x > 0.0 { x * m } else { 0.0 };
        if below > 0.0 { p * (gamma + spent) / below } else { f64::INFINITY }
    }
}

parametric!(GammaGamma, "Gamma-Gamma", [p, q, gamma]);
