//! The log-likelihood of a model with covariates: that of each group in its own parameters, then the chain rule.
//!
//! The logarithms of a group's parameters are uⱼ = θⱼ + Σ sign · γ · z, linear in all coordinates (θ, γ). So with A the
//! matrix of that map, the gradient is Σ Aᵀ g and the matrix of second derivatives Σ Aᵀ H A over the groups.

use rayon::prelude::*;

use super::super::fit::{Derivatives, Frame, Objective, Rows, litt_needed, purchase_rate};
use super::super::history::History;
use super::super::model::{Estimable, Forecast, Model, PurchaseModel};
use super::independent::{check, moments};
use super::model::{Process, WithCovariates};
use super::space::{frame, limit, map, slopes, starts, widths};
use super::totals::Totals;
use crate::error::Result;
use crate::watch::Watch;

/// The log-likelihood of customers who differ in covariates.
pub(super) struct CovariateLikelihood<M> {
    /// Any model of the kind, with the effects that are to be estimated.
    kind: WithCovariates<M>,
    groups: Vec<Group>,
    /// What each coefficient moves.
    moves: Vec<Vec<(usize, f64)>>,
    /// Mean and standard deviation of the covariate of each coefficient.
    moments: Vec<(f64, f64)>,
    customers: f64,
    /// Repeat purchases per period.
    rate: f64,
    /// What the times between purchases add to the log-likelihood, whatever the parameters.
    constant: f64,
}

/// Customers with the same covariates.
#[derive(Clone)]
struct Group {
    /// The covariate of each coefficient.
    z: Vec<f64>,
    rows: Rows,
}

/// Groups whose sums are added by one thread: what a chunk adds up does not depend on the number of threads.
const CHUNK: usize = 64;

impl<M: PurchaseModel> CovariateLikelihood<M> {
    pub(super) fn like(kind: WithCovariates<M>, history: &History<'_>, watch: &dyn Watch) -> Result<Self> {
        let groups = history.groups(&kind.covariates(), watch)?;
        let merged = history.merged_by(&groups, watch)?;
        let each = groups.into_values().into_iter().zip(merged);
        // Customers of weight 0 are none.
        let (values, rows): (Vec<Vec<f64>>, Vec<Rows>) =
            each.filter(|(_, rows)| !rows.is_empty()).map(|(z, rows)| (z, Rows::of(rows))).unzip();
        let weights: Vec<f64> = rows.iter().map(|rows| rows.totals()[0]).collect();
        let places = kind.places();
        for process in [Process::Purchase, Process::Dropout] {
            let moved = kind.effects().iter().zip(&places);
            let moved =
                moved.filter(|(effect, _)| effect.process == process || effect.process == Process::Both);
            let (names, columns): (Vec<&str>, Vec<usize>) =
                moved.map(|(effect, place)| (effect.covariate.as_str(), *place)).unzip();
            check(&names, &columns, &values, &weights)?;
        }
        let moments = places.iter().map(|&place| moments(&values, &weights, place)).collect();
        let own = |z: &Vec<f64>| places.iter().map(|&place| z[place]).collect();
        let groups = values.iter().zip(rows).map(|(z, rows)| Group { z: own(z), rows }).collect();
        let factor = kind.base().litt_factor();
        let constant = match history.total_litt()? {
            Some(litt) => factor * litt,
            None if factor == 0.0 => 0.0,
            None => return Err(litt_needed(M::NAME)),
        };
        Self::of(kind, groups, moments, constant)
    }

    fn of(
        kind: WithCovariates<M>,
        groups: Vec<Group>,
        moments: Vec<(f64, f64)>,
        constant: f64,
    ) -> Result<Self> {
        let mut totals = [0.0; 3];
        for group in &groups {
            totals.iter_mut().zip(group.rows.totals()).for_each(|(total, part)| *total += part);
        }
        let [customers, purchases, time] = totals;
        let moves = kind.effects().iter().map(|effect| effect.process.moves::<M>()).collect();
        Ok(Self { kind, groups, moves, moments, customers, rate: purchase_rate(purchases, time)?, constant })
    }

    /// Parameters of the base.
    fn base() -> usize {
        M::PARAMETERS.len()
    }

    /// A of a group.
    fn map(&self, z: &[f64]) -> Vec<Vec<f64>> {
        map::<M>(&self.moves, z)
    }

    /// The logarithms of a group's parameters.
    fn own(&self, at: &[f64], z: &[f64]) -> Vec<f64> {
        let (base, coefficients) = at.split_at(Self::base());
        let mut own = base.to_vec();
        for ((moves, z), coefficient) in self.moves.iter().zip(z).zip(coefficients) {
            moves.iter().for_each(|&(j, sign)| own[j] += sign * coefficient * z);
        }
        own
    }

    /// Adds up what `part` says of each group, in an order that does not depend on threads; `None` where a group's
    /// parameters cannot be worked out.
    fn total(
        &self,
        at: &[f64],
        watch: &dyn Watch,
        part: impl Fn(&M, &[f64], &Rows) -> Result<Derivatives> + Sync,
        second: bool,
    ) -> Result<Derivatives> {
        let n = at.len();
        let parts: Vec<Derivatives> = self
            .groups
            .par_chunks(CHUNK)
            .map(|chunk| {
                let mut totals = Totals::new(n, second);
                for group in chunk {
                    let own: Vec<f64> = self.own(at, &group.z).iter().map(|u| u.exp()).collect();
                    let Ok(model) = self.kind.base().with_parameters(&own) else {
                        return Ok(Derivatives::nowhere(n));
                    };
                    totals.add(&part(&model, &own, &group.rows)?.through(&self.map(&group.z)));
                }
                Ok(totals.value())
            })
            .collect::<Result<_>>()?;
        watch.check()?;
        let mut totals = Totals::new(n, second);
        parts.iter().for_each(|part| totals.add(part));
        let mut total = totals.value();
        total.value += self.constant;
        Ok(total)
    }
}

impl<M: PurchaseModel> Objective for CovariateLikelihood<M> {
    type Model = WithCovariates<M>;

    fn names(&self) -> Vec<String> {
        self.kind.names()
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        starts(&self.kind, self.rate)
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let part = |model: &M, own: &[f64], rows: &Rows| {
            Ok(rows.sums::<true>(model, watch)?.derivatives(own.len()).in_logarithms(own))
        };
        self.total(at, watch, part, true)
    }

    fn gradient(&self, at: &[f64], watch: &dyn Watch) -> Result<(f64, Vec<f64>)> {
        let part = |model: &M, own: &[f64], rows: &Rows| {
            let (value, gradient) = rows.sums::<false>(model, watch)?.value_and_slopes(own);
            Ok(Derivatives { value, gradient, hessian: Vec::new() })
        };
        let Derivatives { value, gradient, .. } = self.total(at, watch, part, false)?;
        Ok((value, gradient))
    }

    fn model(&self, at: &[f64]) -> Result<WithCovariates<M>> {
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
        limit::<M>(drift)
    }

    fn customers(&self) -> f64 {
        self.customers
    }

    fn weights(&self) -> Vec<f64> {
        self.groups.iter().flat_map(|group| group.rows.weights()).collect()
    }

    fn reweighted(&self, weights: &[f64]) -> Result<Box<dyn Objective<Model = WithCovariates<M>> + '_>> {
        let mut rest = weights;
        let mut groups = Vec::with_capacity(self.groups.len());
        for Group { z, rows } in &self.groups {
            let (own, others) = rest.split_at(rows.len());
            rest = others;
            if own.iter().any(|weight| *weight > 0.0) {
                groups.push(Group { z: z.clone(), rows: rows.reweighted(own) });
            }
        }
        Ok(Box::new(Self::of(self.kind.clone(), groups, self.moments.clone(), self.constant)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::beta_geometric::BgNbd;
    use super::super::model::Effect;
    use super::*;
    use crate::watch::Unwatched;
    use proptest::prelude::*;

    proptest! {
        /// Gradient against differences of the value, second derivatives against differences of the gradient, and the
        /// gradient alone against that with second derivatives.
        #[test]
        fn derivatives_are_those_of_the_value(
            logs in prop::collection::vec(-1.0_f64..1.5, 4), coefficients in prop::collection::vec(-0.5_f64..0.5, 3),
            rows in prop::collection::vec((0_u32..30, 0.05_f64..1.0, 0.5_f64..60.0, 0_u32..3, -2.0_f64..2.0), 8..30),
        ) {
            let column = |of: &dyn Fn(usize) -> f64| (0..rows.len()).map(of).collect::<Vec<f64>>();
            let x = column(&|i| if i == 0 { 2.0 } else { f64::from(rows[i].0) });
            let tx = column(&|i| if x[i] > 0.0 { rows[i].1 * rows[i].2 } else { 0.0 });
            let age = column(&|i| rows[i].2);
            // Both vary, whatever the rows.
            let few = column(&|i| if i == 1 { 9.0 } else { f64::from(rows[i].3) });
            let many = column(&|i| rows[i].4);
            let history = History::new(&x[..], &tx, &age).unwrap().with_covariate("few", &few).unwrap();
            let history = history.with_covariate("many", &many).unwrap();
            let effects = [(Process::Purchase, "few"), (Process::Dropout, "few"), (Process::Both, "many")];
            let effects = effects.map(|(process, name)| Effect::of(process, name));
            let kind = WithCovariates::new(BgNbd::new(1.0, 1.0, 1.0, 1.0).unwrap(), effects).unwrap();
            let likelihood = CovariateLikelihood::like(kind, &history, &Unwatched).unwrap();
            let here = [logs, coefficients].concat();
            let at = |theta: &[f64]| likelihood.derivatives(theta, &Unwatched).unwrap();
            let exact = at(&here);
            let (value, gradient) = likelihood.gradient(&here, &Unwatched).unwrap();
            prop_assert_eq!((value, &gradient), (exact.value, &exact.gradient));
            let scale = exact.value.abs() + gradient.iter().map(|g| g.abs()).sum::<f64>()
                + exact.hessian.iter().flatten().map(|h| h.abs()).sum::<f64>();
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
            // There and back.
            let frame = likelihood.frame().unwrap();
            let times = |matrix: &[Vec<f64>], v: &[f64]| -> Vec<f64> {
                matrix.iter().map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect()
            };
            for (a, b) in times(&frame.out, &times(&frame.into, &here)).iter().zip(&here) {
                prop_assert!((a - b).abs() < 1e-12);
            }
        }
    }
}
