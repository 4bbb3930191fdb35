//! What the estimates would be for other customers of the same kind: the weighted bootstrap.

use std::sync::atomic::{AtomicU64, Ordering};

use rand_distr::{Binomial, Distribution};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::super::fit::{Ending, Fit, Likelihood, maximise_from};
use super::super::model::Estimable;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Refits to customers drawn with replacement.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap<M> {
    /// The models, one a refit that ended anywhere, in the order of the draws.
    pub models: Vec<M>,
    /// How each of them ended: a flat refit has gone as far as it went.
    pub endings: Vec<Ending>,
    /// Refits that could not be made at all, as no customer drawn had a repeat purchase.
    pub failed: u32,
}

impl<M: Estimable + 'static> Likelihood<M> {
    /// Refits the model to as many customers, drawn with replacement, `repeats` times (Efron, 1979).
    ///
    /// Customers alike are drawn together: their number is multinomial. Each refit starts from `fit`. The outcome
    /// depends on `seed` alone, not on the number of threads or the order of the customers.
    ///
    /// ```
    /// use patronage::clv::{BgNbd, Forecast, History};
    /// use patronage::watch::Unwatched;
    /// let history = History::new(
    ///     &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 5.0, 8.0, 14.0][..],
    ///     &[0.0, 0.0, 0.0, 0.0, 3.0, 20.0, 9.0, 30.0, 12.0, 36.0, 20.0, 37.0],
    ///     &[39.0; 12],
    /// )?;
    /// let likelihood = BgNbd::new(1.0, 1.0, 1.0, 1.0)?.likelihood(&history, &Unwatched)?;
    /// let fit = likelihood.maximise(&Unwatched)?;
    /// let bootstrap = likelihood.bootstrap(&fit, 20, 1, &Unwatched)?;
    /// assert_eq!(bootstrap.models.len() as u32 + bootstrap.failed, 20);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    ///
    /// # Errors
    /// No repeats, or more than 1,000,000; a fit of other customers.
    pub fn bootstrap(
        &self,
        fit: &Fit<M>,
        repeats: u32,
        seed: u64,
        watch: &dyn Watch,
    ) -> Result<Bootstrap<M>> {
        if !(1..=1_000_000).contains(&repeats) {
            return Err(Error::parameter("repeats", repeats, "a number of refits from 1 to 1,000,000"));
        }
        let objective = self.objective();
        if objective.customers() != fit.customers {
            let found = format!("{} customers", objective.customers());
            let expected = format!("the history of the fit, with {} customers", fit.customers);
            return Err(Error::parameter("history", found, &expected));
        }
        let weights = objective.weights();
        let mut starts = vec![fit.model.coordinates()];
        starts.extend(objective.starts());
        let done = AtomicU64::new(0);
        let refits: Vec<Option<(M, Ending)>> = (0..repeats)
            .into_par_iter()
            .map(|repeat| {
                watch.check()?;
                let drawn = multinomial(&weights, seed, repeat)?;
                let refit = match objective.reweighted(&drawn) {
                    Ok(resampled) => {
                        let refit = maximise_from(&*resampled, &starts, watch)?;
                        Some((refit.model, refit.ending))
                    }
                    Err(Error::NotEnoughData { .. }) => None,
                    Err(other) => return Err(other),
                };
                watch.progress(done.fetch_add(1, Ordering::Relaxed) + 1, u64::from(repeats));
                Ok(refit)
            })
            .collect::<Result<_>>()?;
        let failed = refits.iter().filter(|refit| refit.is_none()).count() as u32;
        let (models, endings) = refits.into_iter().flatten().unzip();
        Ok(Bootstrap { models, endings, failed })
    }
}

/// How often each row is drawn when as many customers are as there are: each number is binomial given those before.
fn multinomial(weights: &[f64], seed: u64, repeat: u32) -> Result<Vec<f64>> {
    let mut random = Pcg64::new(u128::from(seed), u128::from(repeat));
    let mut rest: f64 = weights.iter().sum();
    let mut left = rest.round() as u64;
    let mut drawn = Vec::with_capacity(weights.len());
    for (i, &weight) in weights.iter().enumerate() {
        let number = if left == 0 || i + 1 == weights.len() || weight >= rest {
            left
        } else {
            let each = Binomial::new(left, weight / rest)
                .map_err(|problem| Error::parameter("weights", weight, &problem.to_string()))?;
            each.sample(&mut random)
        };
        drawn.push(number as f64);
        left -= number;
        rest -= weight;
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean n p and variance n p (1 − p) of each count, over many draws.
    #[test]
    fn counts_are_multinomial() {
        let weights = [1.0, 5.0, 10.0, 84.0];
        let draws: Vec<Vec<f64>> =
            (0..20_000).map(|repeat| multinomial(&weights, 3, repeat).unwrap()).collect();
        for (i, weight) in weights.iter().enumerate() {
            let column: Vec<f64> = draws.iter().map(|draw| draw[i]).collect();
            let p = weight / 100.0;
            let spread = 100.0 * p * (1.0 - p);
            let mean = super::super::draws::mean(&column);
            assert!((mean - weight).abs() < 4.0 * (spread / 20_000.0).sqrt(), "{i}: {mean}");
            let variance = super::super::draws::variance(&column);
            assert!((variance / spread - 1.0).abs() < 0.06, "{i}: {variance} {spread}");
        }
        assert!(draws.iter().all(|draw| draw.iter().sum::<f64>() == 100.0));
        assert_eq!(draws[7], multinomial(&weights, 3, 7).unwrap());
        assert_ne!(draws[7], multinomial(&weights, 4, 7).unwrap());
    }
}
