//! A log-likelihood with its first and second derivatives, summed without loss and without regard to threads.

use rayon::prelude::*;

use super::super::model::Model;
use crate::error::Result;
use crate::watch::Watch;

/// A function of positive parameters to be made as large as possible.
pub(in super::super) trait Objective: Sync {
    type Model: Model;

    /// Where to start, the best guess first; the others are tried if it leads nowhere.
    fn starts(&self) -> Vec<Vec<f64>>;

    /// Value and derivatives with respect to the parameters themselves.
    fn derivatives(&self, parameters: &[f64], watch: &dyn Watch) -> Result<Derivatives>;

    /// What the model becomes as parameters drift along a direction in their logarithms, whose largest part is ±1.
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
    pub(super) fn in_logarithms(mut self, parameters: &[f64]) -> Self {
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

/// A sum that keeps what rounding loses (Neumaier, 1974).
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, term: f64) {
        let total = self.total + term;
        self.lost += if self.total.abs() >= term.abs() {
            (self.total - total) + term
        } else {
            (term - total) + self.total
        };
        self.total = total;
    }

    fn value(self) -> f64 {
        self.total + self.lost
    }
}

/// Running sums of a value, its gradient and the upper triangle of its second derivatives in P parameters.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Sums<const P: usize> {
    value: Sum,
    gradient: [Sum; P],
    hessian: [[Sum; P]; P],
}

impl<const P: usize> Sums<P> {
    pub(in super::super) fn new() -> Self {
        Self { value: Sum::default(), gradient: [Sum::default(); P], hessian: [[Sum::default(); P]; P] }
    }

    pub(in super::super) fn add_value(&mut self, term: f64) {
        self.value.add(term);
    }

    pub(in super::super) fn add_gradient(&mut self, i: usize, term: f64) {
        self.gradient[i].add(term);
    }

    /// Adds to ∂²/∂i∂j, for i ≤ j.
    pub(in super::super) fn add_hessian(&mut self, i: usize, j: usize, term: f64) {
        self.hessian[i][j].add(term);
    }

    fn merge(&mut self, other: &Self) {
        self.value.add(other.value.value());
        for i in 0..P {
            self.gradient[i].add(other.gradient[i].value());
            for j in i..P {
                self.hessian[i][j].add(other.hessian[i][j].value());
            }
        }
    }

    pub(in super::super) fn derivatives(&self) -> Derivatives {
        let symmetric = |i: usize, j: usize| self.hessian[i.min(j)][i.max(j)].value();
        Derivatives {
            value: self.value.value(),
            gradient: self.gradient.iter().map(|sum| sum.value()).collect(),
            hessian: (0..P).map(|i| (0..P).map(|j| symmetric(i, j)).collect()).collect(),
        }
    }
}

/// Sums over rows in parallel. The rows are cut into chunks of one size and the chunks added in order, so that the
/// bits do not depend on the number of threads.
pub(in super::super) fn in_chunks<T: Sync, const P: usize>(
    rows: &[T],
    watch: &dyn Watch,
    add: impl Fn(&mut Sums<P>, &T) + Sync,
) -> Result<Sums<P>> {
    const CHUNK: usize = 2048;
    let parts = rows
        .par_chunks(CHUNK)
        .map(|chunk| {
            watch.check()?;
            let mut sums = Sums::new();
            chunk.iter().for_each(|row| add(&mut sums, row));
            Ok(sums)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut total = Sums::new();
    parts.iter().for_each(|part| total.merge(part));
    Ok(total)
}
