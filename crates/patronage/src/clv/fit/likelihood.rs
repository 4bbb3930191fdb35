//! The log-likelihood of some customers, ready to be maximised, resampled, or explored.

use super::super::model::Model;
use super::Fit;
use super::ascent::maximise;
use super::derivatives::Objective;
use super::priors::{Priors, WithPriors, defaults};
use crate::error::Result;
use crate::watch::Watch;

/// The log-likelihood of customers as a function of a model's parameters, and perhaps priors:
/// [`Forecast::likelihood`](crate::clv::Forecast::likelihood) makes it from a history.
pub struct Likelihood<M>(Box<dyn Objective<Model = M>>);

impl<M: Model + 'static> Likelihood<M> {
    pub(in super::super) fn new(objective: impl Objective<Model = M> + 'static) -> Self {
        Self(Box::new(objective))
    }

    pub(in super::super) fn objective(&self) -> &dyn Objective<Model = M> {
        &*self.0
    }

    /// The same with priors.
    ///
    /// # Errors
    /// A prior for a parameter that the model does not have, or with a median that the parameter cannot have.
    pub fn with_priors(self, priors: &Priors) -> Result<Self> {
        if priors.is_empty() { Ok(self) } else { Ok(Self(Box::new(WithPriors::new(self.0, priors)?))) }
    }

    /// Weak priors for the parameters that `given` does not name: log-normal with a spread of 2 around what a first
    /// look at the data suggests (for coefficients normal around 0 with a standard deviation of 2.5 over that of the
    /// covariate), so that they do not depend on the unit of time.
    pub fn default_priors(&self, given: &Priors) -> Result<Priors> {
        defaults(&*self.0, given)
    }

    /// The parameters that make it largest: maximum likelihood, or maximum a posteriori if there are priors.
    pub fn maximise(&self, watch: &dyn Watch) -> Result<Fit<M>> {
        maximise(&*self.0, watch)
    }
}
