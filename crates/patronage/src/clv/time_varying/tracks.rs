//! Paths as a model's effects see them: cut at the last purchase and at T, and put together where nothing changes.

use super::super::covariates::Process;
use super::super::covariates::WithCovariates;
use super::super::pareto_nbd::ParetoNbd;
use super::CovariatePaths;
use crate::error::Result;
use crate::watch::Watch;

/// Customers between two looks at the watch.
const STRIDE: usize = 1 << 10;

/// Pieces of time of all customers, in which the covariates of the two processes are constant. Each process's first
/// covariate is −1, and its coefficient ln α or ln β.
#[derive(Clone)]
pub(super) struct Tracks {
    /// Length of each piece.
    pub gap: Vec<f64>,
    /// Covariates of purchases, a row a piece.
    x: Vec<f64>,
    /// Covariates of dropout.
    z: Vec<f64>,
    /// Number of covariates of each.
    pub width: [usize; 2],
    pub customers: Vec<Track>,
}

/// A customer: her pieces before the last purchase, those of her silence, and those ahead.
#[derive(Clone)]
pub(super) struct Track {
    pub frequency: f64,
    pub weight: f64,
    pub first: usize,
    pub silent: usize,
    pub ahead: usize,
    pub end: usize,
    /// Sums of the covariates of purchases at her repeat purchases.
    pub bought: Vec<f64>,
}

/// The covariates' places in the paths that move purchases, and those that move dropout.
pub(super) fn sides(model: &WithCovariates<ParetoNbd>, paths: &CovariatePaths) -> Result<[Vec<usize>; 2]> {
    let of = |process: Process| -> Result<Vec<usize>> {
        let moving = model.effects().iter().filter(|e| e.process.acts_on(process));
        moving.map(|effect| paths.place(&effect.covariate)).collect()
    };
    Ok([of(Process::Purchase)?, of(Process::Dropout)?])
}

impl Tracks {
    pub(super) fn of(
        model: &WithCovariates<ParetoNbd>,
        paths: &CovariatePaths,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let [purchase, dropout] = sides(model, paths)?;
        let width = [1 + purchase.len(), 1 + dropout.len()];
        let mut tracks =
            Self { gap: vec![], x: vec![], z: vec![], width, customers: Vec::with_capacity(paths.len()) };
        for (i, customer) in paths.customers().iter().enumerate() {
            if i.is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let mut bought = vec![0.0; width[0]];
            for (_, _, n, values) in paths.intervals(i).filter(|(_, _, n, _)| *n > 0.0) {
                bought[0] -= n;
                bought[1..].iter_mut().zip(&purchase).for_each(|(sum, &place)| *sum += n * values[place]);
            }
            let mut cut = |after: f64, until: f64| {
                let first = tracks.gap.len();
                let mut begun = 0.0;
                for (from, to, _, values) in paths.intervals(i) {
                    let (from, to) = (from.max(after), to.min(until));
                    if to <= from {
                        continue;
                    }
                    let x = || std::iter::once(-1.0).chain(purchase.iter().map(|&place| values[place]));
                    let z = || std::iter::once(-1.0).chain(dropout.iter().map(|&place| values[place]));
                    let last = tracks.gap.len();
                    let same = last > first
                        && tracks.x[(last - 1) * width[0]..].iter().copied().eq(x())
                        && tracks.z[(last - 1) * width[1]..].iter().copied().eq(z());
                    if same {
                        tracks.gap[last - 1] = to - begun;
                    } else {
                        begun = from;
                        tracks.gap.push(to - from);
                        tracks.x.extend(x());
                        tracks.z.extend(z());
                    }
                }
                first
            };
            let first = cut(0.0, customer.recency);
            let silent = cut(customer.recency, customer.age);
            let ahead = cut(customer.age, f64::INFINITY);
            let end = tracks.gap.len();
            let (frequency, weight) = (customer.frequency, paths.weight(i));
            tracks.customers.push(Track { frequency, weight, first, silent, ahead, end, bought });
        }
        Ok(tracks)
    }

    /// Covariates of purchases in a piece.
    pub(super) fn x(&self, piece: usize) -> &[f64] {
        &self.x[piece * self.width[0]..(piece + 1) * self.width[0]]
    }

    /// Covariates of dropout in a piece.
    pub(super) fn z(&self, piece: usize) -> &[f64] {
        &self.z[piece * self.width[1]..(piece + 1) * self.width[1]]
    }
}
