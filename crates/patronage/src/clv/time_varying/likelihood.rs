//! The log-likelihood of customers with paths of covariates, and the fit.

use rayon::prelude::*;

use super::super::covariates::{
    Process, Totals, WithCovariates, check, frame, limit, moments, slopes, starts, widths,
};
use super::super::fit::{Derivatives, Fit, Frame, Likelihood, Objective, purchase_rate};
use super::super::model::{Estimable, Model};
use super::super::pareto_nbd::ParetoNbd;
use super::CovariatePaths;
use super::rates::{Rates, places};
use super::terms::Walk;
use super::tracks::{Track, Tracks};
use crate::error::Result;
use crate::watch::Watch;

/// Customers whose terms are added by one thread: what a chunk adds up does not depend on the number of threads.
const CHUNK: usize = 32;

impl WithCovariates<ParetoNbd> {
    /// The log-likelihood of customers with paths of covariates, for models with the same effects.
    ///
    /// # Errors
    /// A covariate that the paths do not have, that is constant up to the end of observation, or made up of others; no
    /// repeat purchase.
    pub fn likelihood_along(&self, paths: &CovariatePaths, watch: &dyn Watch) -> Result<Likelihood<Self>> {
        Ok(Likelihood::new(PathLikelihood::like(self, paths, watch)?))
    }

    /// The model of maximum likelihood with the same effects, whose coefficients are not looked at.
    ///
    /// # Errors
    /// As [`WithCovariates::likelihood_along`].
    pub fn fit_along(&self, paths: &CovariatePaths, watch: &dyn Watch) -> Result<Fit<Self>> {
        self.likelihood_along(paths, watch)?.maximise(watch)
    }
}

struct PathLikelihood<'a> {
    /// Any model with the effects.
    kind: WithCovariates<ParetoNbd>,
    tracks: std::borrow::Cow<'a, Tracks>,
    /// Mean and standard deviation over time of the covariate of each coefficient.
    moments: Vec<(f64, f64)>,
    /// Repeat purchases per period.
    rate: f64,
    customers: f64,
    /// Of each customer; 0 is nobody.
    weights: Vec<f64>,
}

impl PathLikelihood<'static> {
    fn like(kind: &WithCovariates<ParetoNbd>, paths: &CovariatePaths, watch: &dyn Watch) -> Result<Self> {
        let tracks = Tracks::of(kind, paths, watch)?;
        let moments = exposure(kind, paths, watch)?;
        let weights = tracks.customers.iter().map(|track| track.weight).collect();
        Self::of(kind.clone(), std::borrow::Cow::Owned(tracks), moments, weights)
    }
}

impl<'a> PathLikelihood<'a> {
    fn of(
        kind: WithCovariates<ParetoNbd>,
        tracks: std::borrow::Cow<'a, Tracks>,
        moments: Vec<(f64, f64)>,
        weights: Vec<f64>,
    ) -> Result<Self> {
        let time = |track: &Track| tracks.gap[track.first..track.ahead].iter().sum::<f64>();
        let each = || tracks.customers.iter().zip(&weights);
        let purchases = each().map(|(track, weight)| weight * track.frequency).sum();
        let rate = purchase_rate(purchases, each().map(|(track, weight)| weight * time(track)).sum())?;
        let customers = weights.iter().sum();
        Ok(Self { kind, tracks, moments, rate, customers, weights })
    }

    /// Value and derivatives up to `ORDER` at some coordinates.
    fn sums<const ORDER: usize>(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let places = places(&self.kind);
        let rates = Rates::at(&self.kind, at);
        let tracks = &*self.tracks;
        let chunks = tracks.customers.par_chunks(CHUNK).zip(self.weights.par_chunks(CHUNK));
        let parts: Vec<Option<Totals>> = chunks
            .map(|(customers, weights)| {
                watch.check()?;
                let mut walk = Walk::new(&rates, tracks);
                let mut totals = Totals::new(places.len(), ORDER > 1);
                for (track, &weight) in customers.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
                    let Some(mut part) = walk.derivatives::<ORDER>(track) else { return Ok(None) };
                    if weight != 1.0 {
                        part.value *= weight;
                        let rest = part.gradient.iter_mut().chain(part.hessian.iter_mut().flatten());
                        rest.for_each(|term| *term *= weight);
                    }
                    totals.add(&part);
                }
                Ok(Some(totals))
            })
            .collect::<Result<_>>()?;
        let mut total = Totals::new(places.len(), ORDER > 1);
        for part in parts {
            let Some(part) = part else { return Ok(Derivatives::nowhere(at.len())) };
            total.add(&part.value());
        }
        let unit = |place: usize| (0..at.len()).map(|i| f64::from(u8::from(i == place))).collect();
        let map: Vec<Vec<f64>> = places.into_iter().map(unit).collect();
        Ok(total.value().through(&map))
    }
}

impl Objective for PathLikelihood<'_> {
    type Model = WithCovariates<ParetoNbd>;

    fn names(&self) -> Vec<String> {
        self.kind.names()
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        starts(&self.kind, self.rate)
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        self.sums::<2>(at, watch)
    }

    fn gradient(&self, at: &[f64], watch: &dyn Watch) -> Result<(f64, Vec<f64>)> {
        let Derivatives { value, gradient, .. } = self.sums::<1>(at, watch)?;
        Ok((value, gradient))
    }

    fn model(&self, at: &[f64]) -> Result<WithCovariates<ParetoNbd>> {
        self.kind.at(at)
    }

    fn slopes(&self, at: &[f64]) -> Vec<f64> {
        slopes(&self.kind, at)
    }

    fn frame(&self) -> Option<Frame> {
        Some(frame(&self.kind, &self.moments))
    }

    fn logarithms(&self) -> Vec<bool> {
        self.kind.positive()
    }

    fn widths(&self) -> Vec<f64> {
        widths(&self.kind, &self.moments)
    }

    fn limit(&self, drift: &[f64]) -> &'static str {
        limit::<ParetoNbd>(drift)
    }

    fn customers(&self) -> f64 {
        self.customers
    }

    fn weights(&self) -> Vec<f64> {
        self.weights.clone()
    }

    fn reweighted(&self, weights: &[f64]) -> Result<Box<dyn Objective<Model = Self::Model> + '_>> {
        let tracks = std::borrow::Cow::Borrowed(&*self.tracks);
        Ok(Box::new(PathLikelihood::of(self.kind.clone(), tracks, self.moments.clone(), weights.to_vec())?))
    }
}

/// Mean and standard deviation of each effect's covariate over the time that customers were watched; an error if one
/// of a process's covariates is constant over it, or made up of others.
fn exposure(
    kind: &WithCovariates<ParetoNbd>,
    paths: &CovariatePaths,
    watch: &dyn Watch,
) -> Result<Vec<(f64, f64)>> {
    let (mut values, mut lengths) = (Vec::new(), Vec::new());
    for (i, [_, _, age]) in paths.histories().enumerate() {
        if i.is_multiple_of(1 << 10) {
            watch.check()?;
        }
        for (from, to, _, known) in paths.intervals(i) {
            let length = paths.weight(i) * (to.min(age) - from);
            if length > 0.0 {
                values.push(known.to_vec());
                lengths.push(length);
            }
        }
    }
    // Errors count intervals.
    let scale = lengths.len() as f64 / lengths.iter().sum::<f64>();
    lengths.iter_mut().for_each(|length| *length *= scale);
    for process in [Process::Purchase, Process::Dropout] {
        let own = kind.effects().iter().filter(|e| e.process.acts_on(process));
        let names: Vec<&str> = own.map(|effect| effect.covariate.as_str()).collect();
        let places: Vec<usize> = names.iter().map(|name| paths.place(name)).collect::<Result<_>>()?;
        check(&names, &places, &values, &lengths)?;
    }
    let place = |name: &str| paths.place(name);
    kind.effects().iter().map(|e| Ok(moments(&values, &lengths, place(&e.covariate)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::covariates::Effect;
    use super::super::super::history::History;
    use super::super::PathIntervals;
    use super::*;
    use crate::watch::Unwatched;
    use proptest::prelude::*;

    proptest! {
        /// Gradient against differences of the value, second derivatives against differences of the gradient, and the
        /// gradient alone against that with second derivatives.
        #[test]
        fn derivatives_are_those_of_the_value(
            logs in prop::collection::vec(-1.0_f64..1.5, 4), coefficients in prop::collection::vec(-0.7_f64..0.7, 4),
            rows in prop::collection::vec((0_u32..30, 0.05_f64..1.0, 0.5_f64..60.0), 6..20),
            known in prop::collection::vec((-1.0_f64..1.0, -1.0_f64..1.0, -1.0_f64..1.0), 6),
        ) {
            let (mut x, mut recency, mut age) = (vec![], vec![], vec![]);
            let (mut offsets, mut start, mut end, mut bought) = (vec![0], vec![], vec![], vec![]);
            let mut columns = [vec![], vec![], vec![]];
            for (i, &(n, share, length)) in rows.iter().enumerate() {
                let n = if i == 0 { 2.0 } else { f64::from(n) };
                x.push(n);
                recency.push(if n > 0.0 { share * length } else { 0.0 });
                age.push(length);
                let last = (share * 5.0) as usize;
                for k in 0..5_usize {
                    start.push(length * k as f64 / 5.0);
                    end.push(length * (k + 1) as f64 / 5.0);
                    bought.push(if k == last.min(4) { n } else { 0.0 });
                    let (a, b, c) = known[(k + i) % 6];
                    columns.iter_mut().zip([a, b, c]).for_each(|(column, value)| column.push(value));
                }
                offsets.push(end.len());
            }
            let history = History::new(&x[..], &recency, &age).unwrap();
            let covariates = [("a", &columns[0][..]), ("b", &columns[1][..]), ("c", &columns[2][..])];
            let intervals = PathIntervals { offsets: &offsets, start: &start, end: &end, purchases: &bought, covariates: &covariates };
            let Ok(paths) = CovariatePaths::new(&history, intervals) else { return Err(TestCaseError::reject("a tie")) };
            let effects = [(Process::Purchase, "a"), (Process::Dropout, "a"), (Process::Both, "b"), (Process::Dropout, "c")];
            let effects = effects.map(|(process, name)| Effect::of(process, name));
            let kind = WithCovariates::new(ParetoNbd::new(1.0, 1.0, 1.0, 1.0).unwrap(), effects).unwrap();
            let likelihood = PathLikelihood::like(&kind, &paths, &Unwatched).unwrap();
            let here = [logs, coefficients].concat();
            let at = |theta: &[f64]| likelihood.derivatives(theta, &Unwatched).unwrap();
            let exact = at(&here);
            let (value, gradient) = likelihood.gradient(&here, &Unwatched).unwrap();
            prop_assert_eq!((value, &gradient), (exact.value, &exact.gradient));
            let each = likelihood.model(&here).unwrap().log_likelihood_along(&paths, &Unwatched).unwrap();
            prop_assert!((each.iter().sum::<f64>() / exact.value - 1.0).abs() < 1e-12);
            let scale = each.iter().map(|value| value.abs()).sum::<f64>() + 1.0;
            for i in 0..here.len() {
                let step = 1e-5;
                let moved = |by: f64| { let mut theta = here.clone(); theta[i] += by; at(&theta) };
                let (up, down) = (moved(step), moved(-step));
                let slope = (up.value - down.value) / (2.0 * step);
                prop_assert!((slope - gradient[i]).abs() < 1e-8 * scale, "{i}: {slope} {gradient:?}");
                for j in 0..here.len() {
                    let bend = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
                    let difference = (bend - exact.hessian[i][j]).abs();
                    prop_assert!(difference < 1e-7 * scale, "{i} {j}: {bend} {:?}", exact.hessian);
                }
            }
        }
    }
}
