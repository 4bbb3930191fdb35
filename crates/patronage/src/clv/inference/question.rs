//! What is asked of each customer, with how sure the answer is.

use super::super::history::{Customer, History};
use super::super::model::{Horizon, PurchaseModel};
use crate::error::{Error, Result};

/// What is asked of each customer.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Question<'a> {
    /// Whether she is still one some periods after the end of observation.
    ProbabilityAlive(Horizon<'a>),
    /// Purchases in the next periods.
    ExpectedPurchases(Horizon<'a>),
    /// Purchases in the whole remaining life, discounted at a continuous rate per period.
    DiscountedExpectedPurchases(f64),
}

impl<'a> Question<'a> {
    pub(super) fn check(self, history: &History<'_>) -> Result<()> {
        match self {
            Self::ProbabilityAlive(horizon) | Self::ExpectedPurchases(horizon) => {
                horizon.check(history.len())
            }
            Self::DiscountedExpectedPurchases(rate) if rate.is_finite() && rate > 0.0 => Ok(()),
            Self::DiscountedExpectedPurchases(rate) => {
                Err(Error::parameter("discount_rate", rate, "a finite continuous rate per period above 0"))
            }
        }
    }

    pub(super) fn horizon(self) -> Horizon<'a> {
        match self {
            Self::ProbabilityAlive(horizon) | Self::ExpectedPurchases(horizon) => horizon,
            Self::DiscountedExpectedPurchases(_) => Horizon::Same(0.0),
        }
    }

    /// The answer for one customer.
    pub(super) fn of(self, model: &impl PurchaseModel, customer: Customer, ahead: f64) -> f64 {
        match self {
            Self::ProbabilityAlive(_) => {
                let now = model.log_probability_alive_of(customer);
                let then = if ahead == 0.0 { 0.0 } else { model.log_survival_of(customer, ahead) };
                (now + then).exp()
            }
            Self::ExpectedPurchases(_) => model.expected_purchases_of(customer, ahead),
            Self::DiscountedExpectedPurchases(rate) => model.discounted_expected_purchases_of(customer, rate),
        }
    }

    /// `by` standard errors from an answer: on the logit of a probability, on the logarithm of a number of purchases.
    pub(super) fn moved(self, value: f64, standard_error: f64, by: f64) -> f64 {
        match self {
            _ if standard_error == 0.0 || value == 0.0 => value,
            Self::ProbabilityAlive(_) if value >= 1.0 => value,
            Self::ProbabilityAlive(_) => {
                let odds = value / (1.0 - value);
                let there = odds * (by * standard_error / (value * (1.0 - value))).exp();
                if there.is_infinite() { 1.0 } else { there / (1.0 + there) }
            }
            _ => value * (by * standard_error / value).exp(),
        }
    }
}

/// An answer for each customer, and how sure it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    /// The answer: at the estimate, or the mean over draws.
    pub value: Vec<f64>,
    /// Its standard error, or the standard deviation over draws.
    pub standard_error: Vec<f64>,
    /// Lower bound.
    pub lower: Vec<f64>,
    /// Upper bound.
    pub upper: Vec<f64>,
}

pub(super) fn check_level(level: f64) -> Result<()> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(Error::parameter("level", level, "a probability between 0 and 1, such as 0.95"))
}
