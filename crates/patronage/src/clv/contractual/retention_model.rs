//! What a model of contract lifetimes knows.

use super::super::fit::{Fit, maximise};
use super::super::model::Parametric;
use super::durations::Durations;
use super::lifetimes::Lifetimes;
use super::likelihood::{self, DurationLikelihood};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A model of customers under contract who, at the end of each period, renew or leave.
///
/// A customer pays at the start of a period. At its end she leaves with a probability of her own, or stays for
/// another. S(t) is the probability that she is still there after t periods; S(0) = 1.
pub trait RetentionModel: Parametric {
    /// The distribution of lifetimes.
    fn lifetimes(&self) -> Lifetimes;

    /// The model of maximum likelihood, for durations in whole periods.
    ///
    /// Refused if nobody left, or if customers were watched for fewer periods than the model has parameters; data
    /// that have no maximum are told in [`Fit::ending`].
    ///
    /// ```
    /// use patronage::clv::{Durations, RetentionModel, ShiftedBetaGeometric};
    /// use patronage::watch::Unwatched;
    /// let cohort = Durations::from_cohorts(&[[1000.0, 631.0, 468.0, 382.0, 326.0]])?;
    /// let model = ShiftedBetaGeometric::fit(&cohort, &Unwatched)?.strict()?;
    /// assert!((model.survival(5) - 0.289).abs() < 0.005); // 289 of the 1000 were there a year later
    /// # Ok::<(), patronage::Error>(())
    /// ```
    fn fit(durations: &Durations, watch: &dyn Watch) -> Result<Fit<Self>> {
        maximise(&DurationLikelihood::<Self>::of(durations)?, watch)
    }

    /// Logarithm of the probability of the durations.
    fn log_likelihood(&self, durations: &Durations) -> Result<f64> {
        likelihood::check(durations)?;
        Ok(likelihood::value(self.lifetimes(), durations))
    }

    /// S(t), the probability that a new customer is still there after t periods.
    fn survival(&self, t: u32) -> f64 {
        self.lifetimes().survival(f64::from(t))
    }

    /// S(t)/S(t−1), the probability that a customer in her t-th period (from 1) stays for another. With t = 0, where
    /// there is nothing to renew, 1.
    fn retention(&self, t: u32) -> f64 {
        let t = f64::from(t);
        (-self.lifetimes().log_drop((t - 1.0).max(0.0), t)).exp()
    }

    /// S(t−1) − S(t), the probability that a new customer leaves at the end of her t-th period (from 1); 0 for t = 0.
    fn churn_probability(&self, t: u32) -> f64 {
        let (before, now) = (f64::from(t) - 1.0, f64::from(t));
        let lifetimes = self.lifetimes();
        lifetimes.survival(before.max(0.0)) * -(-lifetimes.log_drop(before.max(0.0), now)).exp_m1()
    }

    /// Periods expected of a new customer, the first included: S(0) + S(1) + S(2) + …; infinite if so many stay so long
    /// that the sum is.
    fn expected_lifetime(&self) -> f64 {
        1.0 + self.lifetimes().expected_after(0.0, 0.0)
    }

    /// Discounted expected lifetime (DEL) of a new customer: Σ S(t)/(1+d)ᵗ, t = 0, 1, 2, …, for an effective rate d per
    /// period, at least 0. Times the margin a period, it is what she is worth before her first payment.
    fn discounted_expected_lifetime(&self, discount_rate: f64) -> Result<f64> {
        let rate = log_rate(discount_rate)?;
        Ok(1.0 + (-rate).exp() * self.lifetimes().expected_after(0.0, rate))
    }

    /// Discounted expected residual lifetime (DERL) of a customer at the end of her n-th period (from 1), just before she
    /// renews or leaves: Σ S(t)/S(n−1)/(1+d)^(t−n), t = n, n+1, … (Fader and Hardie, 2010, *Marketing Science* 29(1),
    /// eq. 8). A renewal counts in full, those after it less.
    fn discounted_expected_residual_lifetime(&self, n: u32, discount_rate: f64) -> Result<f64> {
        let rate = log_rate(discount_rate)?;
        if n == 0 {
            return Err(Error::parameter("n", n, "the number of the customer's present period, at least 1"));
        }
        Ok(self.lifetimes().expected_after(f64::from(n - 1), rate))
    }
}

fn log_rate(discount_rate: f64) -> Result<f64> {
    if discount_rate.is_finite() && discount_rate >= 0.0 {
        return Ok(discount_rate.ln_1p());
    }
    Err(Error::parameter("discount_rate", discount_rate, "an effective rate per period, at least 0"))
}
