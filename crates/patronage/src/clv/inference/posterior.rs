//! What is known of the parameters after the data were seen: draws from the posterior.

use std::sync::atomic::{AtomicU64, Ordering};

use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use super::super::fit::{Fit, Likelihood, Objective, lower_times};
use super::super::model::Estimable;
use super::diagnostics::{bulk_effective_size, r_hat, tail_effective_size};
use super::draws::{mean, quantile, variance};
use super::nuts::{Chain, Density, Plan, run};
use super::question::check_level;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// How a posterior is sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Independent chains, from different starts.
    pub chains: u32,
    /// Draws kept of each chain.
    pub draws: u32,
    /// Draws of each chain before those, which only serve to find the length of the steps.
    pub warmup: u32,
    /// What decides all that is random.
    pub seed: u64,
    /// Acceptance probability at which steps aim: larger means shorter steps.
    pub target_accept: f64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { chains: 4, draws: 1000, warmup: 500, seed: 0, target_accept: 0.8 }
    }
}

/// Draws from the posterior of a model's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior<M> {
    /// The mode: maximum a posteriori in the coordinates.
    pub mode: Fit<M>,
    /// Each chain's draws of the parameters.
    pub chains: Vec<Vec<Vec<f64>>>,
    /// Log-density of each draw in the coordinates: log-likelihood plus log-prior.
    pub log_densities: Vec<Vec<f64>>,
    /// Draws whose path diverged: if there are more than a few, distrust the draws.
    pub divergences: u32,
    /// Draws whose path was cut off before it turned.
    pub cut_off: u32,
    /// Length of a step in each chain, where 1 is a standard error at the mode.
    pub step_sizes: Vec<f64>,
    /// Evaluations of the gradient in all chains.
    pub gradients: u64,
}

/// What the draws say of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct PosteriorRow {
    /// Its name.
    pub parameter: String,
    /// Posterior mean.
    pub mean: f64,
    /// Posterior standard deviation.
    pub standard_deviation: f64,
    /// Posterior median.
    pub median: f64,
    /// Lower bound of the central interval.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
    /// R̂, rank-normalised and split (Vehtari et al., 2021): below 1.01 if the chains agree.
    pub r_hat: f64,
    /// Effective number of draws for the centre.
    pub bulk_effective_size: f64,
    /// Effective number of draws for the tails.
    pub tail_effective_size: f64,
}

impl<M: Estimable> Posterior<M> {
    /// The model of each draw, chain after chain.
    pub fn models(&self) -> Result<Vec<M>> {
        self.chains.iter().flatten().map(|draw| self.mode.model.with_parameters(draw)).collect()
    }

    /// A row a parameter, with central intervals of the probability `level`.
    pub fn summary(&self, level: f64) -> Result<Vec<PosteriorRow>> {
        check_level(level)?;
        let tail = 0.5 * (1.0 - level);
        let row = |(k, parameter): (usize, String)| {
            let chains: Vec<Vec<f64>> =
                self.chains.iter().map(|chain| chain.iter().map(|draw| draw[k]).collect()).collect();
            let mut all = chains.concat();
            PosteriorRow {
                parameter,
                mean: mean(&all),
                standard_deviation: variance(&all).sqrt(),
                median: quantile(&mut all, 0.5),
                lower: quantile(&mut all, tail),
                upper: quantile(&mut all, 1.0 - tail),
                r_hat: r_hat(&chains),
                bulk_effective_size: bulk_effective_size(&chains),
                tail_effective_size: tail_effective_size(&chains),
            }
        };
        Ok(self.mode.model.names().into_iter().enumerate().map(row).collect())
    }
}

/// The posterior in coordinates in which it is about standard normal: θ = mode + L z, with L Lᵀ the covariance there.
struct Whitened<'a, M> {
    objective: &'a dyn Objective<Model = M>,
    mode: &'a [f64],
    root: &'a [Vec<f64>],
    watch: &'a dyn Watch,
}

impl<M> Whitened<'_, M> {
    fn out(&self, z: &[f64]) -> Vec<f64> {
        lower_times(self.root, z).iter().zip(self.mode).map(|(step, mode)| mode + step).collect()
    }
}

impl<M: Estimable> Density for Whitened<'_, M> {
    fn at(&self, z: &[f64]) -> Result<Option<(f64, Vec<f64>)>> {
        let (value, slopes) = match self.objective.gradient(&self.out(z), self.watch) {
            Ok(known) => known,
            // Parameters that overflow.
            Err(Error::InvalidParameter { .. }) => return Ok(None),
            Err(other) => return Err(other),
        };
        let mut gradient = vec![0.0; z.len()];
        for (row, slope) in self.root.iter().zip(slopes) {
            gradient.iter_mut().zip(row).for_each(|(sum, l)| *sum += l * slope);
        }
        Ok(Some((value, gradient)))
    }
}

impl<M: Estimable + 'static> Likelihood<M> {
    /// Draws from the posterior of the parameters by the no-U-turn sampler (Hoffman and Gelman, 2014), preconditioned
    /// with the exact second derivatives at the mode.
    ///
    /// The density is that of the coordinates (logarithms of positive parameters), with the priors that were given;
    /// without priors it is the likelihood alone, flat in the logarithms, which need not be a proper posterior:
    /// [`Likelihood::default_priors`] makes it one. Chains run in parallel; the draws depend on the seed alone.
    ///
    /// ```
    /// use patronage::clv::{BgNbd, Forecast, History, Priors, Sampling};
    /// use patronage::watch::Unwatched;
    /// let history = History::new(
    ///     &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.0, 5.0, 8.0, 14.0][..],
    ///     &[0.0, 0.0, 0.0, 0.0, 3.0, 20.0, 9.0, 30.0, 12.0, 36.0, 20.0, 37.0],
    ///     &[39.0; 12],
    /// )?;
    /// let likelihood = BgNbd::new(1.0, 1.0, 1.0, 1.0)?.likelihood(&history, &Unwatched)?;
    /// let priors = likelihood.default_priors(&Priors::default())?;
    /// let plan = Sampling { draws: 200, warmup: 200, ..Sampling::default() };
    /// let posterior = likelihood.with_priors(&priors)?.sample(plan, &Unwatched)?;
    /// assert_eq!(posterior.models()?.len(), 800);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    ///
    /// # Errors
    /// Numbers of chains or draws out of range; a posterior without a mode.
    pub fn sample(&self, plan: Sampling, watch: &dyn Watch) -> Result<Posterior<M>> {
        let Sampling { chains, draws, warmup, seed, target_accept } = plan;
        if !(1..=1000).contains(&chains) {
            return Err(Error::parameter("chains", chains, "a number from 1 to 1,000"));
        }
        for (name, number, least) in [("draws", draws, 1), ("warmup", warmup, 20)] {
            if !(least..=1_000_000).contains(&number) {
                return Err(Error::parameter(name, number, &format!("a number from {least} to 1,000,000")));
            }
        }
        if !(0.1..=0.999).contains(&target_accept) {
            return Err(Error::parameter("target_accept", target_accept, "a probability from 0.1 to 0.999"));
        }
        let mode = self.maximise(watch)?;
        let root = mode.root().map_err(|_| Error::NotConverged {
            model: M::NAME.into(),
            problem: format!("the posterior has no mode to start from: {}", mode.ending),
            mend: "give priors for the parameters that drift".into(),
        })?;
        let coordinates = mode.model.coordinates();
        let density = Whitened { objective: self.objective(), mode: &coordinates, root: &root, watch };
        let total = u64::from(chains) * u64::from(warmup + draws);
        let done = AtomicU64::new(0);
        let tick = || watch.progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let each = Plan { warmup, draws, target_accept, max_depth: 10 };
        let found: Vec<Chain> = (0..chains)
            .into_par_iter()
            .map(|chain| {
                let mut random = Pcg64::new(u128::from(seed), u128::from(chain));
                // Wider than the posterior, so that R̂ can tell whether the chains came together.
                let start: Vec<f64> = coordinates
                    .iter()
                    .map(|_| {
                        let z: f64 = StandardNormal.sample(&mut random);
                        2.0 * z
                    })
                    .collect();
                run(&density, &start, each, &mut random, &tick)
            })
            .collect::<Result<_>>()?;
        let positive = mode.model.positive();
        let natural = |z: &Vec<f64>| -> Vec<f64> {
            let coordinates = density.out(z);
            coordinates.iter().zip(&positive).map(|(x, log)| if *log { x.exp() } else { *x }).collect()
        };
        Ok(Posterior {
            chains: found.iter().map(|chain| chain.draws.iter().map(natural).collect()).collect(),
            log_densities: found.iter().map(|chain| chain.log_densities.clone()).collect(),
            divergences: found.iter().map(|chain| chain.divergences).sum(),
            cut_off: found.iter().map(|chain| chain.cut_off).sum(),
            step_sizes: found.iter().map(|chain| chain.step_size).collect(),
            gradients: found.iter().map(|chain| chain.gradients).sum(),
            mode,
        })
    }
}
