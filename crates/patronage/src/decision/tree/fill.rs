//! The numbers of a tree that is being built: checked, and put in breadth-first order.

use std::sync::Arc;

use super::Kind;
use super::build::Draft;
use super::numbers::{Amounts, Columns, Numbers, or_empty};
use super::source::{Source, What};
use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::probability::{Fault, PROBABILITY_MEND, complete};
use crate::decision::scalar::Scalar;
use crate::error::{Error, Result};

impl<R: Source> Draft<'_, R> {
    pub fn numbers(&self, order: &[u32], first_child: &[u32], measures: usize) -> Result<Numbers> {
        self.check_places(measures)?;
        let amounts = (0..measures).flat_map(|m| [What::Payoff(m), What::Value(m)]);
        let mut exact = true;
        for what in std::iter::once(What::Probability).chain(amounts).filter(|what| self.source.has(*what)) {
            exact &= self.check_numbers(what)?;
        }
        Ok(if exact {
            Numbers::Exact(Arc::new(self.columns::<Exact>(order, first_child, measures)?))
        } else {
            Numbers::Float(Arc::new(self.columns::<f64>(order, first_child, measures)?))
        })
    }

    /// Whether a row has a number in a column.
    fn is_given(&self, what: What) -> impl Fn(usize) -> bool {
        let floats = self.source.floats(what);
        move |row| match floats {
            Some(floats) => !floats[row].is_nan(),
            None => self.source.number(what, row).is_some(),
        }
    }

    /// Probabilities are where chance leads, leaf values at leaves.
    fn check_places(&self, measures: usize) -> Result<()> {
        let has_probability = self.is_given(What::Probability);
        let values = (0..measures).map(What::Value).filter(|value| self.source.has(*value));
        let has_value: Vec<_> = values.map(|value| self.is_given(value)).collect();
        for row in 0..self.source.len() {
            self.tick(row)?;
            let of_chance = self.source.parent(row).is_some_and(|p| self.source.kind(p) == Kind::Chance);
            match (has_probability(row), of_chance) {
                (false, true) => {
                    let mend = "give each outcome one, or \"#\" for the rest";
                    return Err(self.invalid(row, "an outcome of chance without a probability", mend));
                }
                (true, false) => {
                    let problem = "a probability on a branch that is not chance's";
                    return Err(self.invalid(row, problem, "only outcomes of a chance node have one"));
                }
                _ => {}
            }
            let leaf = self.source.kind(row) == Kind::Leaf;
            if !leaf && has_value.iter().any(|given| given(row)) {
                let mend = "put it on the branch, or on the leaves";
                return Err(self.invalid(row, "a value at a node that is no leaf", mend));
            }
        }
        Ok(())
    }

    /// Whether the numbers of a column are all exact; an error if one is no number.
    fn check_numbers(&self, what: What) -> Result<bool> {
        let word = match what {
            What::Probability => "probability",
            What::Payoff(_) => "payoff",
            What::Value(_) => "value",
        };
        if let Some(floats) = self.source.floats(what) {
            // Of a whole column, only payoffs must be there on every row.
            let absent = |x: f64| x.is_nan() && !matches!(what, What::Payoff(_));
            return match floats.iter().position(|x| !x.is_finite() && !absent(*x)) {
                None => Ok(false),
                Some(row) => Err(self.not_finite(row, word, floats[row])),
            };
        }
        let mut exact = true;
        for row in 0..self.source.len() {
            self.tick(row)?;
            let Some(number) = self.source.number(what, row) else { continue };
            exact &= !matches!(*number, Number::Float(_));
            match &*number {
                Number::Exact(value) => value.check()?,
                Number::Float(value) if value.is_finite() => {}
                Number::Rest if what == What::Probability => {}
                Number::Float(value) => return Err(self.not_finite(row, word, *value)),
                Number::Rest => {
                    let mend = "\"#\" stands for a probability only";
                    return Err(self.invalid(row, format!("\"#\" as {word}"), mend));
                }
                unreadable @ Number::Unreadable(_) => {
                    let mend = "write it like 100000, \".4\", \"1/3\" or \"-1.5e3\", or give its names values by \
                                with_parameters";
                    return Err(self.invalid(row, format!("{word} {unreadable} is no number"), mend));
                }
            }
        }
        Ok(exact)
    }

    fn not_finite(&self, row: usize, word: &str, value: f64) -> Error {
        self.invalid(row, format!("{word} is {value}"), "give a finite number")
    }

    /// A column in breadth-first order; nought where there is no number.
    fn column<S: Scalar>(&self, order: &[u32], what: What) -> Vec<S> {
        let rows = order.iter().map(|&row| row as usize);
        match self.source.floats(what) {
            Some(floats) => rows
                .map(|row| {
                    S::from_number(&Number::Float(floats[row]))
                        .filter(|_| !floats[row].is_nan())
                        .unwrap_or(S::ZERO)
                })
                .collect(),
            None => rows
                .map(|row| self.source.number(what, row).and_then(|x| S::from_number(&x)).unwrap_or(S::ZERO))
                .collect(),
        }
    }

    fn columns<S: Scalar>(&self, order: &[u32], first_child: &[u32], measures: usize) -> Result<Columns<S>> {
        let mut probability: Vec<S> = self.column(order, What::Probability);
        let has_rest = self.source.floats(What::Probability).is_none();
        for (i, &row) in order.iter().enumerate() {
            self.tick(i)?;
            if self.source.kind(row as usize) == Kind::Chance {
                let children = first_child[i] as usize..first_child[i + 1] as usize;
                let is_rest = |child: usize| {
                    let given = || self.source.number(What::Probability, order[child] as usize);
                    has_rest && given().is_some_and(|p| *p == Number::Rest)
                };
                let outcomes = &mut probability[children.clone()];
                complete(outcomes, |k| is_rest(children.start + k)).map_err(|fault| match fault {
                    Fault::Outcome(k, problem) => {
                        self.invalid(order[children.start + k] as usize, problem, PROBABILITY_MEND)
                    }
                    Fault::Sum(problem) => self.invalid(row as usize, problem, PROBABILITY_MEND),
                    Fault::Other(error) => error,
                })?;
            }
        }
        let amount =
            |what| if self.source.has(what) { or_empty(self.column(order, what)) } else { Vec::new() };
        let amounts =
            (0..measures).map(|m| Amounts { payoff: amount(What::Payoff(m)), value: amount(What::Value(m)) });
        Ok(Columns { probability: Arc::new(probability), amounts: amounts.collect() })
    }
}
