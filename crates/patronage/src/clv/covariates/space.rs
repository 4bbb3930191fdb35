//! The coordinates of models with covariates: logarithms of the base's parameters, then coefficients.

use super::super::fit::{Frame, Kernel, WIDTH};
use super::super::model::PurchaseModel;
use super::model::WithCovariates;

/// A: the logarithms of the parameters of customers with covariates `z` (one an effect) of all coordinates, a row each.
pub(super) fn map<M: PurchaseModel>(moves: &[Vec<(usize, f64)>], z: &[f64]) -> Vec<Vec<f64>> {
    let base = M::PARAMETERS.len();
    let mut map: Vec<Vec<f64>> =
        (0..base).map(|j| (0..base + z.len()).map(|k| f64::from(u8::from(j == k))).collect()).collect();
    for (k, (moves, z)) in moves.iter().zip(z).enumerate() {
        moves.iter().for_each(|&(j, sign)| map[j][base + k] += sign * z);
    }
    map
}

/// Where to start: where covariates have no effect.
pub(in super::super) fn starts<M: PurchaseModel>(kind: &WithCovariates<M>, rate: f64) -> Vec<Vec<f64>> {
    let start = |base: Vec<f64>| {
        let logarithms = base.iter().map(|p| p.ln());
        logarithms.chain(kind.effects().iter().map(|_| 0.0)).collect()
    };
    M::starts(rate).into_iter().map(start).collect()
}

/// How much each parameter changes with its coordinate.
pub(in super::super) fn slopes<M: PurchaseModel>(kind: &WithCovariates<M>, at: &[f64]) -> Vec<f64> {
    let (base, _) = at.split_at(M::PARAMETERS.len());
    base.iter().map(|theta| theta.exp()).chain(kind.effects().iter().map(|_| 1.0)).collect()
}

/// The parameters of the average customer, and coefficients of covariates in standard deviations; `moments` are the
/// mean and the standard deviation of each effect's covariate.
pub(in super::super) fn frame<M: PurchaseModel>(kind: &WithCovariates<M>, moments: &[(f64, f64)]) -> Frame {
    let base = M::PARAMETERS.len();
    let moves: Vec<_> = kind.effects().iter().map(|effect| effect.process.moves::<M>()).collect();
    let means: Vec<f64> = moments.iter().map(|(mean, _)| *mean).collect();
    let mut into = map::<M>(&moves, &means);
    let mut out = into.clone();
    for (k, (_, deviation)) in moments.iter().enumerate() {
        out.iter_mut().for_each(|row| row[base + k] /= -deviation);
    }
    for (k, (_, deviation)) in moments.iter().enumerate() {
        let only = |x: f64| (0..base + moments.len()).map(|i| if i == base + k { x } else { 0.0 }).collect();
        into.push(only(*deviation));
        out.push(only(1.0 / deviation));
    }
    Frame { out, into }
}

/// How far each coordinate may be expected to lie from its start.
pub(in super::super) fn widths<M: PurchaseModel>(
    kind: &WithCovariates<M>,
    moments: &[(f64, f64)],
) -> Vec<f64> {
    let base = kind.base().parameters().into_iter().map(|_| WIDTH);
    base.chain(moments.iter().map(|(_, deviation)| 2.5 / deviation)).collect()
}

/// What the model becomes along a direction.
pub(in super::super) fn limit<M: Kernel>(drift: &[f64]) -> &'static str {
    let (base, coefficients) = drift.split_at(M::PARAMETERS.len());
    if coefficients.iter().any(|part| part.abs() == 1.0) {
        "a covariate tells some customers apart without bound: some of them have no occasion to contradict it"
    } else {
        M::limit(base)
    }
}
