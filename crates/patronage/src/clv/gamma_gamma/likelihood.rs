//! Log-likelihood of the gamma-gamma model and its derivatives.
//!
//! For a customer with x repeat purchases of m on average (Fader and Hardie, 2013, eq. 1a), in a form that does not
//! cancel when p x is large:
//!
//! ```text
//! LL = lnΓ(px+q) − lnΓ(px) − lnΓ(q) + p x ln(xm/(γ+xm)) + q ln(γ/(γ+xm)) − ln m
//! ```

use super::super::fit::{Derivatives, Objective, Sink, Sums, in_chunks};
use super::super::model::Parametric;
use super::super::numeric::{digamma_rise, trigamma_rise};
use super::super::spending::Spending;
use super::GammaGamma;
use crate::error::{Error, Result};
use crate::math::special::{ln_beta, trigamma};
use crate::watch::Watch;

pub(super) fn of_customer(model: &GammaGamma, x: f64, m: f64) -> f64 {
    counts(model, x) + amounts(model, x, m)
}

/// The terms in x alone.
fn counts(&GammaGamma { p, q, .. }: &GammaGamma, x: f64) -> f64 {
    -ln_beta(p * x, q)
}

/// The terms in x and m.
fn amounts(&GammaGamma { p, q, gamma }: &GammaGamma, x: f64, m: f64) -> f64 {
    let spent = x * m;
    -p * x * (gamma / spent).ln_1p() - q * (spent / gamma).ln_1p() - m.ln()
}

/// The log-likelihood of all customers as a function of the parameters.
pub(super) struct Likelihood {
    /// Distinct (x, m), with how many customers each stands for.
    rows: Vec<([f64; 2], f64)>,
    /// Distinct x, likewise.
    frequencies: Vec<(f64, f64)>,
    customers: f64,
    /// Mean amount over customers.
    mean: f64,
}

impl Likelihood {
    pub(super) fn of(spending: &Spending<'_>, watch: &dyn Watch) -> Result<Self> {
        Self::of_rows(spending.merged(watch)?)
    }

    fn of_rows(rows: Vec<([f64; 2], f64)>) -> Result<Self> {
        let frequencies: Vec<(f64, f64)> = rows
            .chunk_by(|([one, _], _), ([next, _], _)| one == next)
            .map(|alike| (alike[0].0[0], alike.iter().map(|(_, weight)| weight).sum()))
            .collect();
        let customers: f64 = frequencies.iter().map(|(_, weight)| weight).sum();
        if rows.len() < 2 {
            return Err(Error::NotEnoughData {
                what: "distinct customers with repeat purchases".into(),
                found: rows.len() as u64,
                needed: 2,
                mend: "how spend differs between customers cannot be learnt from fewer".into(),
            });
        }
        let mean = rows.iter().map(|([_, m], weight)| m * (weight / customers)).sum();
        Ok(Self { rows, frequencies, customers, mean })
    }
}

impl Objective for Likelihood {
    type Model = GammaGamma;

    fn names(&self) -> Vec<String> {
        GammaGamma::PARAMETERS.iter().map(ToString::to_string).collect()
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        [(3.0, 3.0), (1.0, 1.5), (10.0, 10.0), (1.0, 50.0)]
            .map(|(p, q): (f64, f64)| vec![p.ln(), q.ln(), (self.mean * (q - 1.0) / p).ln()])
            .to_vec()
    }

    fn model(&self, at: &[f64]) -> Result<GammaGamma> {
        GammaGamma::from_parameters(&self.slopes(at))
    }

    fn slopes(&self, at: &[f64]) -> Vec<f64> {
        at.iter().map(|theta| theta.exp()).collect()
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let model = &self.model(at)?;
        let mut sums = in_chunks(&self.rows, watch, &|sums: &mut _, few: &[([f64; 2], f64)]| {
            few.iter().for_each(|&([x, m], weight)| add_amounts(sums, model, x, m, weight));
        })?;
        for &(x, weight) in &self.frequencies {
            add_counts(&mut sums, model, x, weight);
        }
        Ok(sums.derivatives(at.len()).in_logarithms(&self.slopes(at)))
    }

    fn gradient(&self, at: &[f64], watch: &dyn Watch) -> Result<(f64, Vec<f64>)> {
        let Derivatives { value, gradient, .. } = self.derivatives(at, watch)?;
        Ok((value, gradient))
    }

    fn weights(&self) -> Vec<f64> {
        self.rows.iter().map(|(_, weight)| *weight).collect()
    }

    fn reweighted(&self, weights: &[f64]) -> Result<Box<dyn Objective<Model = GammaGamma> + '_>> {
        let rows = self.rows.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
        Ok(Box::new(Self::of_rows(rows.map(|(&(row, _), &weight)| (row, weight)).collect())?))
    }

    fn limit(&self, drift: &[f64]) -> &'static str {
        let (p, q) = (drift[P], drift[Q]);
        if p > 0.5 && q > 0.5 {
            "every purchase of every customer has the same amount"
        } else if p > 0.5 {
            "every purchase of a customer has the same amount"
        } else if q > 0.5 {
            "all customers spend alike: gamma distributed amounts"
        } else if p < -0.5 {
            "amounts of a customer spread without bound"
        } else {
            "amounts spread over customers without bound"
        }
    }

    fn customers(&self) -> f64 {
        self.customers
    }
}

const P: usize = 0;
const Q: usize = 1;
const GAMMA: usize = 2;

fn add_counts(sums: &mut Sums<true>, model: &GammaGamma, x: f64, weight: f64) {
    let &GammaGamma { p, q, .. } = model;
    let (own, both) = (p * x, p * x + q);
    sums.value(weight * counts(model, x));
    sums.gradient(P, weight * x * (digamma_rise(own, q)));
    sums.gradient(Q, weight * (digamma_rise(q, own)));
    sums.hessian(P, P, weight * x * x * (trigamma_rise(own, q)));
    sums.hessian(P, Q, weight * x * trigamma(both));
    sums.hessian(Q, Q, weight * (trigamma_rise(q, own)));
}

fn add_amounts(sums: &mut Sums<true>, model: &GammaGamma, x: f64, m: f64, weight: f64) {
    let &GammaGamma { p, q, gamma } = model;
    let spent = x * m;
    let both = gamma + spent;
    sums.value(weight * amounts(model, x, m));
    sums.gradient(P, weight * -x * (gamma / spent).ln_1p());
    sums.gradient(Q, weight * -(spent / gamma).ln_1p());
    sums.gradient(GAMMA, weight * (q * spent / gamma - p * x) / both);
    sums.hessian(P, GAMMA, weight * -x / both);
    sums.hessian(Q, GAMMA, weight * spent / (gamma * both));
    // (px+q)/(γ+xm)² − q/γ², in which q and γ may both be huge.
    let bend = p * x - q * (spent / gamma) * (2.0 + spent / gamma);
    sums.hessian(GAMMA, GAMMA, weight * bend / (both * both));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;
    use proptest::prelude::*;

    proptest! {
        /// Gradient against differences of the value, second derivatives against differences of the gradient.
        #[test]
        fn derivatives_are_those_of_the_value(
            p in 0.3_f64..9.0, q in 0.5_f64..9.0, gamma in 0.5_f64..40.0,
            rows in prop::collection::vec((1_u32..40, 0.1_f64..300.0), 3..20),
        ) {
            let x: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let m: Vec<f64> = rows.iter().map(|row| row.1).collect();
            let likelihood = Likelihood::of(&Spending::new(&x[..], &m).unwrap(), &Unwatched).unwrap();
            let at = |theta: [f64; 3]| likelihood.derivatives(&theta, &Unwatched).unwrap();
            let here = [p.ln(), q.ln(), gamma.ln()];
            let exact = at(here);
            for i in 0..3 {
                let step = 1e-5;
                let moved = |by: f64| { let mut theta = here; theta[i] += by; at(theta) };
                let (up, down) = (moved(step), moved(-step));
                let scale = (exact.value.abs() + exact.gradient[i].abs()) * 10.0;
                let slope = (up.value - down.value) / (2.0 * step);
                prop_assert!((slope - exact.gradient[i]).abs() < 1e-8 * scale, "{i}: {slope} {:?}", exact.gradient);
                for j in 0..3 {
                    let bend = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
                    let difference = (bend - exact.hessian[i][j]).abs();
                    prop_assert!(difference < 1e-7 * scale, "{i} {j}: {bend} {:?}", exact.hessian);
                }
            }
        }
    }
}
