//! The log-likelihood of purchase histories, for every model of frequency, recency and T.

use super::super::history::{Customer, History};
use super::super::model::Parametric;
use super::derivatives::{Derivatives, Objective, Sink, Sums, in_chunks};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A model's likelihood, a customer at a time, with its derivatives in the parameters.
///
/// It is in two parts, so that what depends on the frequency alone is worked out once for all customers who share it.
pub trait Kernel: Parametric {
    /// The terms in the frequency x alone, each times `weight`.
    fn add_counts<S: Sink>(&self, sink: &mut S, x: f64, weight: f64);

    /// The other terms, each times `weight`.
    fn add_row<S: Sink>(&self, sink: &mut S, customer: Customer, weight: f64);

    /// Parameters to start from, the best guess first, for customers who make `rate` repeat purchases a period.
    fn starts(rate: f64) -> Vec<Vec<f64>>;

    /// The parameters that covariates of purchase move, by place, with the sign of the coefficient γ: the logarithm
    /// moves by sign × γ × covariate. A positive γ means more purchases.
    const PURCHASE: &'static [(usize, f64)] = &[];

    /// The same for covariates of dropout; a positive γ means that customers drop out sooner.
    const DROPOUT: &'static [(usize, f64)] = &[];

    /// What the model becomes as the logarithms of its parameters drift along a direction whose largest part is ±1.
    fn limit(drift: &[f64]) -> &'static str;
}

/// Customers alike in all that a model is told of them beside their histories: their merged histories.
#[derive(Debug, Clone)]
pub(in super::super) struct Rows {
    /// Distinct rows, with how many customers each stands for.
    rows: Vec<(Customer, f64)>,
    /// Distinct frequencies, likewise.
    frequencies: Vec<(f64, f64)>,
}

impl Rows {
    /// Of distinct rows, sorted by frequency.
    pub(in super::super) fn of(rows: Vec<(Customer, f64)>) -> Self {
        let frequencies: Vec<(f64, f64)> = rows
            .chunk_by(|(one, _), (next, _)| one.frequency == next.frequency)
            .map(|alike| (alike[0].0.frequency, alike.iter().map(|(_, weight)| weight).sum()))
            .collect();
        Self { rows, frequencies }
    }

    pub(in super::super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(in super::super) fn weights(&self) -> impl Iterator<Item = f64> {
        self.rows.iter().map(|(_, weight)| *weight)
    }

    /// The same for other numbers of customers; rows that stand for none are left out.
    pub(in super::super) fn reweighted(&self, weights: &[f64]) -> Self {
        let rows = self.rows.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
        Self::of(rows.map(|(&(customer, _), &weight)| (customer, weight)).collect())
    }

    /// The log-likelihood of these customers, in the parameters of `model`.
    pub(in super::super) fn sums<const CURVED: bool>(
        &self,
        model: &impl Kernel,
        watch: &dyn Watch,
    ) -> Result<Sums<CURVED>> {
        let mut sums = in_chunks(&self.rows, watch, |sums, &(customer, weight)| {
            model.add_row(sums, customer, weight);
        })?;
        self.frequencies.iter().for_each(|&(x, weight)| model.add_counts(&mut sums, x, weight));
        Ok(sums)
    }

    /// How many customers, purchases and periods there are.
    pub(in super::super) fn totals(&self) -> [f64; 3] {
        let customers = self.frequencies.iter().map(|(_, weight)| weight).sum();
        let purchases = self.frequencies.iter().map(|(x, weight)| x * weight).sum();
        let time = self.rows.iter().map(|(customer, weight)| customer.age * weight).sum();
        [customers, purchases, time]
    }
}

/// Repeat purchases a period, of which there must be some.
pub(in super::super) fn purchase_rate(purchases: f64, time: f64) -> Result<f64> {
    if purchases > 0.0 {
        return Ok(purchases / time);
    }
    Err(Error::NotEnoughData {
        what: "customers with a repeat purchase".into(),
        found: 0,
        needed: 1,
        mend: "a buying rate cannot be learnt from first purchases alone; watch for longer".into(),
    })
}

/// The log-likelihood of all customers as a function of the logarithms of a model's parameters.
pub(in super::super) struct HistoryLikelihood<M> {
    /// Any model of the kind, for what is given and not estimated.
    kind: M,
    rows: Rows,
    customers: f64,
    /// Repeat purchases per period.
    rate: f64,
}

impl<M: Kernel> HistoryLikelihood<M> {
    /// For a model without anything given.
    pub(in super::super) fn of(history: &History<'_>, watch: &dyn Watch) -> Result<Self> {
        Self::like(M::from_parameters(&vec![1.0; M::PARAMETERS.len()])?, history, watch)
    }

    /// For models that agree with `kind` in what is given.
    pub(in super::super) fn like(kind: M, history: &History<'_>, watch: &dyn Watch) -> Result<Self> {
        let rows = Rows::of(history.merged(watch)?);
        let [customers, purchases, time] = rows.totals();
        Ok(Self { kind, rows, customers, rate: purchase_rate(purchases, time)? })
    }
}

impl<M: Kernel> Objective for HistoryLikelihood<M> {
    type Model = M;

    fn names(&self) -> Vec<String> {
        self.kind.names()
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        let logarithms = |start: Vec<f64>| start.iter().map(|p| p.ln()).collect();
        M::starts(self.rate).into_iter().map(logarithms).collect()
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let sums = self.rows.sums::<true>(&self.model(at)?, watch)?;
        Ok(sums.derivatives(at.len()).in_logarithms(&self.slopes(at)))
    }

    fn gradient(&self, at: &[f64], watch: &dyn Watch) -> Result<(f64, Vec<f64>)> {
        let sums = self.rows.sums::<false>(&self.model(at)?, watch)?;
        Ok(sums.value_and_slopes(&self.slopes(at)))
    }

    fn model(&self, at: &[f64]) -> Result<M> {
        let mut values = self.slopes(at);
        values.extend(self.kind.fixed());
        M::from_parameters(&values)
    }

    fn slopes(&self, at: &[f64]) -> Vec<f64> {
        at.iter().map(|theta| theta.exp()).collect()
    }

    fn limit(&self, drift: &[f64]) -> &'static str {
        M::limit(drift)
    }

    fn customers(&self) -> f64 {
        self.customers
    }

    fn weights(&self) -> Vec<f64> {
        self.rows.weights().collect()
    }

    fn reweighted(&self, weights: &[f64]) -> Result<Box<dyn Objective<Model = M> + '_>> {
        let rows = self.rows.reweighted(weights);
        let [customers, purchases, time] = rows.totals();
        let rate = purchase_rate(purchases, time)?;
        Ok(Box::new(Self { kind: self.kind.clone(), rows, customers, rate }))
    }
}

/// A check for tests: the gradient of a kernel against differences of its value, and its second derivatives against
/// differences of its gradient, at a model and for some customers.
#[cfg(test)]
pub(in super::super) fn check_derivatives<M: Kernel>(model: &M, customers: &[Customer]) {
    let fixed = model.fixed();
    let at = |parameters: &[f64]| {
        let model = M::from_parameters(&[parameters, &fixed].concat()).unwrap();
        let mut sums = Sums::<true>::default();
        for &customer in customers {
            model.add_row(&mut sums, customer, 1.5);
            model.add_counts(&mut sums, customer.frequency, 1.5);
        }
        sums.derivatives(parameters.len())
    };
    let here = model.parameters();
    let exact = at(&here);
    for (i, &parameter) in here.iter().enumerate() {
        let step = 1e-5 * parameter;
        let moved = |by: f64| {
            let mut there = here.clone();
            there[i] += by;
            at(&there)
        };
        let (up, down) = (moved(step), moved(-step));
        let scale = (exact.value.abs() + 1.0) / parameter;
        let slope = (up.value - down.value) / (2.0 * step);
        assert!((slope - exact.gradient[i]).abs() < 1e-8 * scale, "{i}: {slope} {:?}", exact.gradient);
        for (j, other) in here.iter().enumerate() {
            let bend = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
            let difference = (bend - exact.hessian[i][j]).abs();
            assert!(difference < 1e-7 * scale / other, "{i} {j}: {bend} {:?}", exact.hessian);
        }
    }
}
