//! A log-likelihood with its first and second derivatives, summed without loss and without regard to threads.

use rayon::prelude::*;

use super::super::model::Model;
use super::frame::Frame;
use super::priors::Priors;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A log-likelihood to be made as large as possible, in coordinates that may be any real numbers: the logarithms of
/// parameters that must be positive.
pub(in super::super) trait Objective: Sync {
    type Model: Model;

    /// The parameters' names, in the order of the coordinates.
    fn names(&self) -> Vec<String>;

    /// Where to start, the best guess first; the others are tried if it leads nowhere.
    fn starts(&self) -> Vec<Vec<f64>>;

    /// Whether there may be several maxima, so that all starts are tried even if one leads to a maximum.
    fn has_several_maxima(&self) -> bool {
        false
    }

    /// Value and derivatives with respect to the coordinates.
    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives>;

    /// Value and gradient alone.
    fn gradient(&self, at: &[f64], watch: &dyn Watch) -> Result<(f64, Vec<f64>)> {
        let there = self.derivatives(at, watch)?;
        Ok((there.value, there.gradient))
    }

    /// The model there.
    fn model(&self, at: &[f64]) -> Result<Self::Model>;

    /// How much each parameter changes with its coordinate: itself, if that is its logarithm.
    fn slopes(&self, at: &[f64]) -> Vec<f64>;

    /// Coordinates in which it is easier to climb.
    fn frame(&self) -> Option<Frame> {
        None
    }

    /// Which coordinates are logarithms of parameters; the others are parameters themselves.
    fn logarithms(&self) -> Vec<bool> {
        vec![true; self.names().len()]
    }

    /// How far each coordinate may be expected to lie from its first start, if nothing is known.
    fn widths(&self) -> Vec<f64> {
        vec![super::priors::WIDTH; self.names().len()]
    }

    /// What is assumed of the parameters before the data are seen.
    fn priors(&self) -> Priors {
        Priors::default()
    }

    /// The part of the value that is the priors'.
    fn log_prior(&self, at: &[f64]) -> f64 {
        let _ = at;
        0.0
    }

    /// How many customers each distinct row stands for; empty where rows are not resampled.
    fn weights(&self) -> Vec<f64> {
        Vec::new()
    }

    /// The same for other numbers of customers, in the order of [`Objective::weights`].
    fn reweighted(&self, weights: &[f64]) -> Result<Box<dyn Objective<Model = Self::Model> + '_>> {
        let _ = weights;
        Err(Error::parameter("weights", "others", "those of the data: this likelihood is not resampled"))
    }

    /// What the model becomes as coordinates drift along a direction whose largest part is ±1.
    fn limit(&self, drift: &[f64]) -> &'static str;

    /// Number of customers.
    fn customers(&self) -> f64;
}

/// A value with its gradient and its matrix of second derivatives.
#[derive(Debug, Clone)]
pub(in super::super) struct Derivatives {
    pub value: f64,
    pub gradient: Vec<f64>,
    pub hessian: Vec<Vec<f64>>,
}

impl Derivatives {
    /// The same with respect to the logarithms of the parameters.
    pub(in super::super) fn in_logarithms(mut self, parameters: &[f64]) -> Self {
        for (i, &p) in parameters.iter().enumerate() {
            self.gradient[i] *= p;
            for (j, &other) in parameters.iter().enumerate() {
                self.hessian[i][j] *= p * other;
            }
            self.hessian[i][i] += self.gradient[i];
        }
        self
    }

    /// The same with respect to y, where the coordinates are `map` y (a row a coordinate).
    pub(in super::super) fn through(&self, map: &[Vec<f64>]) -> Self {
        let n = map.first().map_or(0, Vec::len);
        let mut through = Self { value: self.value, gradient: vec![0.0; n], hessian: vec![vec![0.0; n]; n] };
        for (i, row) in map.iter().enumerate() {
            for (a, &x) in row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                through.gradient[a] += x * self.gradient[i];
                // Without second derivatives there are no rows.
                for (bend, other) in self.hessian.get(i).into_iter().flatten().zip(map) {
                    through.hessian[a].iter_mut().zip(other).for_each(|(sum, y)| *sum += x * bend * y);
                }
            }
        }
        through
    }

    /// Where it cannot be worked out.
    pub(in super::super) fn nowhere(n: usize) -> Self {
        Self { value: f64::NEG_INFINITY, gradient: vec![f64::NAN; n], hessian: vec![vec![f64::NAN; n]; n] }
    }

    pub(in super::super) fn is_finite(&self) -> bool {
        self.value.is_finite()
            && self.gradient.iter().chain(self.hessian.iter().flatten()).all(|term| term.is_finite())
    }
}

/// A sum that keeps what rounding loses (Neumaier, 1974).
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    pub(in super::super) fn add(&mut self, term: f64) {
        let total = self.total + term;
        self.lost += if self.total.abs() >= term.abs() {
            (self.total - total) + term
        } else {
            (term - total) + self.total
        };
        self.total = total;
    }

    pub(in super::super) fn value(self) -> f64 {
        self.total + self.lost
    }
}

/// The most parameters of a model without covariates.
pub(in super::super) const MOST: usize = 5;

/// Where a model puts the terms of its log-likelihood and their derivatives.
pub trait Sink {
    /// Whether second derivatives are wanted.
    const CURVED: bool;

    /// Adds to the value.
    fn value(&mut self, term: f64);

    /// Adds to ∂/∂i.
    fn gradient(&mut self, i: usize, term: f64);

    /// Adds to ∂²/∂i∂j, for i ≤ j.
    fn hessian(&mut self, i: usize, j: usize, term: f64);
}

/// A value, its gradient, and the upper triangle of its second derivatives.
const TERMS: usize = 1 + MOST + MOST * (MOST + 1) / 2;

fn place(i: usize, j: usize) -> usize {
    1 + MOST + j * (j + 1) / 2 + i
}

/// Running sums of a value, its gradient and, if it is `CURVED`, the upper triangle of its second derivatives.
///
/// What is added waits until it is settled into sums that keep what rounding loses (Knuth, 1969), all at once.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Sums<const CURVED: bool> {
    waiting: [f64; TERMS],
    total: [f64; TERMS],
    lost: [f64; TERMS],
}

impl<const CURVED: bool> Default for Sums<CURVED> {
    fn default() -> Self {
        Self { waiting: [0.0; TERMS], total: [0.0; TERMS], lost: [0.0; TERMS] }
    }
}

impl<const CURVED: bool> Sink for Sums<CURVED> {
    const CURVED: bool = CURVED;

    fn value(&mut self, term: f64) {
        self.waiting[0] += term;
    }

    fn gradient(&mut self, i: usize, term: f64) {
        self.waiting[1 + i] += term;
    }

    fn hessian(&mut self, i: usize, j: usize, term: f64) {
        if CURVED {
            self.waiting[place(i, j)] += term;
        }
    }
}

impl<const CURVED: bool> Sums<CURVED> {
    /// Adds what waits to the sums.
    pub(in super::super) fn settle(&mut self) {
        for ((total, lost), waiting) in self.total.iter_mut().zip(&mut self.lost).zip(&mut self.waiting) {
            let sum = *total + *waiting;
            let added = sum - *total;
            *lost += (*total - (sum - added)) + (*waiting - added);
            *total = sum;
            *waiting = 0.0;
        }
    }

    fn sum(&self, at: usize) -> f64 {
        self.total[at] + (self.lost[at] + self.waiting[at])
    }

    fn merge(&mut self, other: &Self) {
        self.settle();
        self.waiting = std::array::from_fn(|at| other.sum(at));
        self.settle();
    }

    /// The value, and the gradient with respect to the logarithms of the parameters.
    pub(in super::super) fn value_and_slopes(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let slopes = parameters.iter().enumerate().map(|(i, p)| p * self.sum(1 + i));
        (self.sum(0), slopes.collect())
    }

    /// With respect to the first `parameters` parameters.
    pub(in super::super) fn derivatives(&self, parameters: usize) -> Derivatives {
        let symmetric = |i: usize, j: usize| self.sum(place(i.min(j), i.max(j)));
        Derivatives {
            value: self.sum(0),
            gradient: (0..parameters).map(|i| self.sum(1 + i)).collect(),
            hessian: (0..parameters).map(|i| (0..parameters).map(|j| symmetric(i, j)).collect()).collect(),
        }
    }
}

/// Sums over rows in parallel; `add` adds a few of them. The rows are cut into chunks of one size and the chunks added in order, so that the
/// bits do not depend on the number of threads.
pub(in super::super) fn in_chunks<T: Sync, const CURVED: bool>(
    rows: &[T],
    watch: &dyn Watch,
    add: &(dyn Fn(&mut Sums<CURVED>, &[T]) + Sync),
) -> Result<Sums<CURVED>> {
    const CHUNK: usize = 2048;
    let of_chunk = |chunk: &[T]| {
        watch.check()?;
        let mut sums = Sums::default();
        // So few are added up that nothing is lost to speak of.
        for few in chunk.chunks(8) {
            add(&mut sums, few);
            sums.settle();
        }
        Ok(sums)
    };
    let mut total = Sums::default();
    if rows.len() <= CHUNK {
        // Waking another thread takes longer.
        total.merge(&of_chunk(rows)?);
        return Ok(total);
    }
    let parts = rows.par_chunks(CHUNK).map(of_chunk).collect::<Result<Vec<_>>>()?;
    parts.iter().for_each(|part| total.merge(part));
    Ok(total)
}
