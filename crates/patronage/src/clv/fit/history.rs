//! The log-likelihood of purchase histories, for every model of frequency, recency and T.

use super::super::history::{Customer, History};
use super::super::model::Parametric;
use super::derivatives::{Derivatives, Objective, Sink, Sums, in_chunks};
use super::{Fit, maximise};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A model's likelihood, a customer at a time, with its derivatives in the parameters.
///
/// It is in two parts, so that what depends on the frequency alone is worked out once for all customers who share it.
pub trait Kernel: Parametric {
    /// Whether the likelihood may have several maxima.
    const SEVERAL_MAXIMA: bool = false;

    /// The terms in the frequency x alone, each times `weight`.
    fn add_counts<S: Sink>(&self, sink: &mut S, x: f64, weight: f64);

    /// The other terms, each times `weight`.
    fn add_row<S: Sink>(&self, sink: &mut S, customer: Customer, weight: f64);

    /// Those of several customers, each with her weight.
    fn add_rows<S: Sink>(&self, sink: &mut S, rows: &[(Customer, f64)]) {
        rows.iter().for_each(|&(customer, weight)| self.add_row(sink, customer, weight));
    }

    /// How often `litt`, the sum of the logarithms of the times between purchases, is in the log-likelihood: k − 1 for
    /// Erlang-k times.
    fn litt_factor(&self) -> f64 {
        0.0
    }

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
        let mut sums = in_chunks(&self.rows, watch, &|sums: &mut Sums<CURVED>, few: &[(Customer, f64)]| {
            model.add_rows(sums, few);
        })?;
        for &(x, weight) in &self.frequencies {
            model.add_counts(&mut sums, x, weight);
            sums.settle();
        }
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
    /// Sum over the customers.
    litt: Option<f64>,
}

impl<M: Kernel> HistoryLikelihood<M> {
    /// The model of maximum likelihood among all choices of what is given.
    pub(in super::super) fn most_likely(history: &History<'_>, watch: &dyn Watch) -> Result<Fit<M>> {
        let mut kinds = M::choices().into_iter().map(|given| {
            let any = [vec![1.0; M::PARAMETERS.len()], given].concat();
            M::from_parameters(&any)
        });
        let first = kinds.next().unwrap_or_else(|| M::from_parameters(&[]))?;
        let mut likelihood = Self::like(first, history, watch)?;
        let mut best = maximise(&likelihood, watch)?;
        for kind in kinds {
            likelihood = likelihood.with_kind(kind?)?;
            let fit = maximise(&likelihood, watch)?;
            if fit.log_likelihood > best.log_likelihood {
                best = fit;
            }
        }
        Ok(best)
    }

    /// For models that agree with `kind` in what is given.
    pub(in super::super) fn like(kind: M, history: &History<'_>, watch: &dyn Watch) -> Result<Self> {
        let rows = Rows::of(history.merged(watch)?);
        let [customers, purchases, time] = rows.totals();
        let litt = history.total_litt()?;
        Self { kind: kind.clone(), rows, customers, rate: purchase_rate(purchases, time)?, litt }
            .with_kind(kind)
    }

    /// The same customers for another kind of model.
    fn with_kind(self, kind: M) -> Result<Self> {
        if kind.litt_factor() != 0.0 && self.litt.is_none() {
            return Err(litt_needed(M::NAME));
        }
        Ok(Self { kind, ..self })
    }

    fn sums<const CURVED: bool>(&self, model: &M, watch: &dyn Watch) -> Result<Sums<CURVED>> {
        let mut sums = self.rows.sums::<CURVED>(model, watch)?;
        sums.value(model.litt_factor() * self.litt.unwrap_or(0.0));
        Ok(sums)
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

    fn has_several_maxima(&self) -> bool {
        M::SEVERAL_MAXIMA
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let sums = self.sums::<true>(&self.model(at)?, watch)?;
        Ok(sums.derivatives(at.len()).in_logarithms(&self.slopes(at)))
    }

    fn gradient(&self, at: &[f64], watch: &dyn Watch) -> Result<(f64, Vec<f64>)> {
        let sums = self.sums::<false>(&self.model(at)?, watch)?;
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
        // That of the data: it moves no estimate.
        Ok(Box::new(Self { kind: self.kind.clone(), rows, customers, rate, litt: self.litt }))
    }
}

/// Why a model of regular purchases cannot do with frequency, recency and T.
pub(in super::super) fn litt_needed(model: &str) -> Error {
    Error::ColumnNeeded {
        column: "litt".into(),
        purpose: format!("the likelihood of {model} with k above 1"),
        mend: "give the sum of the logarithms of the times between each customer's purchases, in the history's periods"
            .into(),
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
    // Of the terms, which may cancel in the sum.
    let size: f64 = customers
        .iter()
        .map(|&customer| {
            let [mut row, mut counts] = [Sums::<true>::default(); 2];
            model.add_row(&mut row, customer, 1.5);
            model.add_counts(&mut counts, customer.frequency, 1.5);
            row.derivatives(0).value.abs() + counts.derivatives(0).value.abs()
        })
        .sum();
    for (i, &parameter) in here.iter().enumerate() {
        let step = 1e-5 * parameter;
        let moved = |by: f64| {
            let mut there = here.clone();
            there[i] += by;
            at(&there)
        };
        let (up, down) = (moved(step), moved(-step));
        let scale = (size + 1.0) / parameter;
        let slope = (up.value - down.value) / (2.0 * step);
        assert!((slope - exact.gradient[i]).abs() < 1e-8 * scale, "{i}: {slope} {:?}", exact.gradient);
        for (j, other) in here.iter().enumerate() {
            let bend = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
            let difference = (bend - exact.hessian[i][j]).abs();
            assert!(difference < 1e-7 * scale / other, "{i} {j}: {bend} {:?}", exact.hessian);
        }
    }
}
