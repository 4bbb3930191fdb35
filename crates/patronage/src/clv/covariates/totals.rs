//! Sums over customers of log-likelihoods with any number of parameters.

use super::super::fit::{Derivatives, Sum};

/// Sums of derivatives that keep what rounding loses.
pub(in super::super) struct Totals {
    value: Sum,
    gradient: Vec<Sum>,
    hessian: Vec<Vec<Sum>>,
}

impl Totals {
    pub(in super::super) fn new(n: usize, second: bool) -> Self {
        let none = Sum::default();
        let hessian = if second { vec![vec![none; n]; n] } else { Vec::new() };
        Self { value: none, gradient: vec![none; n], hessian }
    }

    pub(in super::super) fn add(&mut self, part: &Derivatives) {
        self.value.add(part.value);
        self.gradient.iter_mut().zip(&part.gradient).for_each(|(sum, term)| sum.add(*term));
        for (sums, terms) in self.hessian.iter_mut().zip(&part.hessian) {
            sums.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(*term));
        }
    }

    pub(in super::super) fn value(&self) -> Derivatives {
        let values = |sums: &Vec<Sum>| sums.iter().map(|sum| sum.value()).collect();
        Derivatives {
            value: self.value.value(),
            gradient: values(&self.gradient),
            hessian: self.hessian.iter().map(values).collect(),
        }
    }
}
