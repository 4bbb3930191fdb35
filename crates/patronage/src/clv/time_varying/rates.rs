//! A model's parameters, a process each.

use super::super::covariates::{Process, WithCovariates};
use super::super::model::{Estimable, Model};
use super::super::pareto_nbd::ParetoNbd;

/// Shape, and coefficients of the covariates, of purchases and of dropout: (r; ln α, γ …) and (s; ln β, δ …).
#[derive(Debug, Clone)]
pub(super) struct Rates {
    pub shape: [f64; 2],
    pub coefficients: [Vec<f64>; 2],
}

impl Rates {
    pub(super) fn of(model: &WithCovariates<ParetoNbd>) -> Self {
        Self::at(model, &model.coordinates())
    }

    /// Those of other coordinates of a model with the same effects.
    pub(super) fn at(kind: &WithCovariates<ParetoNbd>, coordinates: &[f64]) -> Self {
        let own: Vec<f64> = places(kind).iter().map(|&place| coordinates[place]).collect();
        let (purchase, dropout) = own.split_at(1 + width(kind, Process::Purchase));
        Self {
            shape: [purchase[0].exp(), dropout[0].exp()],
            coefficients: [purchase[1..].to_vec(), dropout[1..].to_vec()],
        }
    }

    /// e^η for a process whose covariates are these.
    pub(super) fn rate(&self, process: usize, covariates: &[f64]) -> f64 {
        self.coefficients[process].iter().zip(covariates).map(|(c, x)| c * x).sum::<f64>().exp()
    }
}

fn moves(kind: &WithCovariates<ParetoNbd>, process: Process) -> impl Iterator<Item = usize> {
    let effects = kind.effects().iter().enumerate();
    effects.filter(move |(_, e)| e.process.acts_on(process)).map(|(k, _)| k)
}

/// Covariates of a process, with the −1.
fn width(kind: &WithCovariates<ParetoNbd>, process: Process) -> usize {
    1 + moves(kind, process).count()
}

/// The coordinate that each of ln r, ln α, γ …, ln s, ln β, δ … is: one with an effect on both processes is there twice.
pub(super) fn places(kind: &WithCovariates<ParetoNbd>) -> Vec<usize> {
    let base = kind.base().names().len();
    let own = |shape: usize, process: Process| {
        [shape, shape + 1].into_iter().chain(moves(kind, process).map(move |k| base + k))
    };
    own(0, Process::Purchase).chain(own(2, Process::Dropout)).collect()
}
