//! A log-likelihood with its first and second derivatives, summed without loss and without regard to threads.

use rayon::prelude::*;

use super::super::model::Model;
use crate::error::Result;
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

    /// The model there.
    fn model(&self, at: &[f64]) -> Result<Self::Model>;

    /// How much each parameter changes with its coordinate: itself, if that is its logarithm.
    fn slopes(&self, at: &[f64]) -> Vec<f64>;

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

    pub(super) fn is_finite(&self) -> bool {
        self.value.is_finite()
            && self.gradient.iter().chain(self.hessian.iter().flatten()).all(|term| term.is_finite())
    }
}

/// The most parameters of a model without covariates.
const MOST: usize = 5;

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

/// Sums over rows in parallel. The rows are cut into chunks of one size and the chunks added in order, so that the
/// bits do not depend on the number of threads.
pub(in super::super) fn in_chunks<T: Sync, const CURVED: bool>(
    rows: &[T],
    watch: &dyn Watch,
    add: impl Fn(&mut Sums<CURVED>, &T) + Sync,
) -> Result<Sums<CURVED>> {
    const CHUNK: usize = 2048;
    let parts = rows
        .par_chunks(CHUNK)
        .map(|chunk| {
            watch.check()?;
            let mut sums = Sums::default();
            // So few are added up that nothing is lost to speak of.
            for few in chunk.chunks(8) {
                few.iter().for_each(|row| add(&mut sums, row));
                sums.settle();
            }
            Ok(sums)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut total = Sums::default();
    parts.iter().for_each(|part| total.merge(part));
    Ok(total)
}
