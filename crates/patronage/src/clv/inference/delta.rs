//! Intervals from the covariance of the estimates: the delta method.
//!
//! The variance of an answer f is ∇fᵀ Σ ∇f. With Σ = L Lᵀ in the coordinates (logarithms of positive parameters) it is
//! the sum of the squared changes of f along the columns of L, taken as differences over a thousandth of a standard
//! error either way.

use super::super::fit::{Fit, cholesky};
use super::super::history::History;
use super::super::model::{Estimable, Forecast};
use super::question::{Intervals, Question, check_level};
use crate::error::{Error, Result};
use crate::math::normal_quantile;
use crate::watch::Watch;

/// Length of a step, in standard errors.
const STEP: f64 = 1e-3;

impl<M: Estimable> Fit<M> {
    /// The interval that holds each parameter with the probability `level`, in the order of
    /// [`Model::names`](crate::clv::Model::names): normal in the coordinates, so that positive parameters have positive
    /// bounds.
    ///
    /// # Errors
    /// A fit that did not converge; a level outside (0, 1).
    pub fn parameter_intervals(&self, level: f64) -> Result<Vec<(f64, f64)>> {
        check_level(level)?;
        let errors = self.standard_errors().ok_or_else(no_covariance::<M>)?;
        let z = normal_quantile(0.5 + 0.5 * level);
        let (slopes, coordinates) = (self.model.slopes(), self.model.coordinates());
        let each = coordinates.iter().zip(errors).zip(slopes).zip(self.model.positive());
        Ok(each
            .map(|(((x, error), slope), positive)| {
                let (lower, upper) = (x - z * error / slope, x + z * error / slope);
                if positive { (lower.exp(), upper.exp()) } else { (lower, upper) }
            })
            .collect())
    }

    /// L with L Lᵀ the covariance of the coordinates.
    pub(super) fn root(&self) -> Result<Vec<Vec<f64>>> {
        let slopes = self.model.slopes();
        let covariance = self.covariance.as_ref().ok_or_else(no_covariance::<M>)?;
        let scaled: Vec<Vec<f64>> = covariance
            .iter()
            .zip(&slopes)
            .map(|(row, slope)| row.iter().zip(&slopes).map(|(c, other)| c / (slope * other)).collect())
            .collect();
        cholesky(&scaled).ok_or_else(no_covariance::<M>)
    }
}

impl<M: Forecast> Fit<M> {
    /// An answer for each customer, its standard error, and the interval that holds the truth with the probability
    /// `level`, all by the delta method: how sure the *expectation* is, not how much the customers' own purchases vary.
    ///
    /// Intervals are normal in the logit of probabilities and in the logarithm of purchases, so that they stay within
    /// their range. What the model is certain of (P(alive) = 1 without a repeat purchase) has a standard error of 0.
    ///
    /// ```
    /// use patronage::clv::{BgNbd, History, PurchaseModel, Question};
    /// use patronage::watch::Unwatched;
    /// let history = History::new(&[0.0, 1.0, 3.0, 7.0, 0.0][..], &[0.0, 2.0, 20.0, 29.0, 0.0], &[39.0, 38.0, 30.0, 30.0, 9.0])?;
    /// let fit = BgNbd::fit(&history, &Unwatched)?;
    /// if fit.converged() {
    ///     let expected = fit.intervals(Question::ExpectedPurchases(39.0.into()), 0.95, &history, &Unwatched)?;
    ///     assert!(expected.lower[1] < expected.value[1] && expected.value[1] < expected.upper[1]);
    /// }
    /// # Ok::<(), patronage::Error>(())
    /// ```
    ///
    /// # Errors
    /// A fit that did not converge; a level outside (0, 1); those of the question.
    pub fn intervals(
        &self,
        question: Question<'_>,
        level: f64,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Intervals> {
        check_level(level)?;
        question.check(history)?;
        let root = self.root()?;
        let here = self.model.coordinates();
        let beside = |k: usize, by: f64| {
            let there: Vec<f64> = here.iter().zip(&root).map(|(x, row)| x + by * row[k]).collect();
            self.model.at(&there)
        };
        let pairs: Vec<(M, M)> =
            (0..here.len()).map(|k| Ok((beside(k, STEP)?, beside(k, -STEP)?))).collect::<Result<_>>()?;
        let horizon = question.horizon();
        let value = self.model.each(history, horizon, watch, |model, customer, ahead| {
            Ok(question.of(model, customer, ahead))
        })?;
        let groups = history.groups(&self.model.covariates(), watch)?;
        let standard_error =
            history.each(&groups, horizon.each(), watch, &|customer, covariates, ahead| {
                let ahead = ahead.unwrap_or(horizon.same());
                let answer = |model: &M| Ok(question.of(&*model.one(covariates)?, customer, ahead));
                let mut variance = 0.0;
                for (up, down) in &pairs {
                    variance += ((answer(up)? - answer(down)?) / (2.0 * STEP)).powi(2);
                }
                Ok(variance.sqrt())
            })?;
        let z = normal_quantile(0.5 + 0.5 * level);
        let bound = |by: f64| -> Vec<f64> {
            value.iter().zip(&standard_error).map(|(v, error)| question.moved(*v, *error, by)).collect()
        };
        let (lower, upper) = (bound(-z), bound(z));
        Ok(Intervals { value, standard_error, lower, upper })
    }
}

fn no_covariance<M: Estimable>() -> Error {
    Error::NotConverged {
        model: M::NAME.into(),
        problem: "an estimate that is no maximum has no standard errors".into(),
        mend: "use the simpler model, or give priors".into(),
    }
}
