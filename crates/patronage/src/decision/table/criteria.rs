//! The criteria: optimistic, pessimistic, Hurwicz, Laplace, minimax regret, EMV, EOL, and the value of perfect
//! information.

use super::DecisionTable;
use crate::decision::exact::Exact;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::{Scalar, Sense};
use crate::error::{Error, Result};

/// One criterion applied to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// Its name in the field: "maximax", "minimax regret", "EMV", …
    pub name: &'static str,
    /// Its value for each alternative.
    pub values: Vec<Value>,
    /// The best of the values.
    pub value: Value,
    /// The alternatives (by row) that have it: several if they tie.
    pub best: Vec<usize>,
}

impl Criterion {
    /// The names of the best alternatives.
    pub fn best_names<'a>(&self, table: &'a DecisionTable) -> Vec<&'a str> {
        self.best.iter().map(|&i| table.alternatives[i].as_str()).collect()
    }
}

/// What each criterion says of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableAnswer {
    /// The table.
    pub table: DecisionTable,
    /// Whether more or less is better.
    pub sense: Sense,
    /// The coefficient of optimism α of the Hurwicz criterion, where one was given.
    pub optimism: Option<Number>,
    /// The best that can happen: maximax, or for costs minimin.
    pub optimistic: Criterion,
    /// The worst that can happen: maximin, or for costs minimax (Wald).
    pub pessimistic: Criterion,
    /// α times the best plus 1 − α times the worst (Hurwicz); `None` without α.
    pub hurwicz: Option<Criterion>,
    /// All states equally likely (Laplace).
    pub laplace: Criterion,
    /// Regrets (opportunity losses), row by row: how much better the best alternative of the same state is.
    pub regret: Vec<Value>,
    /// The largest regret (Savage).
    pub minimax_regret: Criterion,
    /// Expected monetary value; `None` without probabilities.
    pub emv: Option<Criterion>,
    /// Expected opportunity loss; `None` without probabilities.
    pub eol: Option<Criterion>,
    /// The expected value if the state were known before the choice; `None` without probabilities.
    pub ev_with_perfect_information: Option<Value>,
    /// The expected value of perfect information, equal to the least EOL; `None` without probabilities.
    pub evpi: Option<Value>,
}

impl DecisionTable {
    /// Applies every criterion; the Hurwicz criterion where a coefficient of optimism between 0 and 1 is given.
    pub fn solve(&self, sense: Sense, optimism: Option<Number>) -> Result<TableAnswer> {
        let float = matches!(optimism, Some(Number::Float(_)));
        if self.is_exact() && !float {
            Cells::<Exact>::read(self).solve(self, sense, optimism)
        } else {
            Cells::<f64>::read(self).solve(self, sense, optimism)
        }
    }
}

pub(super) struct Cells<S> {
    pub rows: Vec<Vec<S>>,
    pub probabilities: Option<Vec<S>>,
}

impl<S: Scalar> Cells<S> {
    pub fn read(table: &DecisionTable) -> Self {
        let all = |numbers: &[Number]| numbers.iter().filter_map(S::from_number).collect();
        Self {
            rows: table.payoffs.chunks(table.states.len()).map(all).collect(),
            probabilities: table.probabilities.as_deref().map(all),
        }
    }

    fn solve(&self, table: &DecisionTable, sense: Sense, optimism: Option<Number>) -> Result<TableAnswer> {
        let opposite = if sense == Sense::Profit { Sense::Cost } else { Sense::Profit };
        let name = |profit, cost| if sense == Sense::Profit { profit } else { cost };
        let states = table.states.len();
        let bests: Vec<S> = self.rows.iter().map(|row| top(row.iter(), sense)).collect();
        let worsts: Vec<S> = self.rows.iter().map(|row| top(row.iter(), opposite)).collect();
        let hurwicz = match &optimism {
            Some(alpha) => Some(hurwicz(alpha, &bests, &worsts, sense)?),
            None => None,
        };
        let mean = |row: &Vec<S>| Ok(sum(row.iter().cloned())?.divide(states));
        let laplace: Vec<S> = self.rows.iter().map(mean).collect::<Result<_>>()?;
        let column_best: Vec<S> =
            (0..states).map(|j| top(self.rows.iter().map(|row| &row[j]), sense)).collect();
        let loss = |row: &Vec<S>| -> Vec<S> {
            let pairs = row.iter().zip(&column_best);
            pairs.map(|(x, best)| if sense == Sense::Profit { best.sub(x) } else { x.sub(best) }).collect()
        };
        let regret: Vec<Vec<S>> = self.rows.iter().map(loss).collect();
        regret.iter().flatten().try_for_each(Scalar::check)?;
        let largest = regret.iter().map(|row| top(row.iter(), Sense::Profit)).collect();
        let mut answer = TableAnswer {
            table: table.clone(),
            sense,
            optimism,
            optimistic: judge(name("maximax", "minimin"), bests, sense),
            pessimistic: judge(name("maximin", "minimax"), worsts, sense),
            hurwicz,
            laplace: judge("Laplace", laplace, sense),
            minimax_regret: judge("minimax regret", largest, Sense::Cost),
            regret: regret.iter().flatten().map(Scalar::value).collect(),
            emv: None,
            eol: None,
            ev_with_perfect_information: None,
            evpi: None,
        };
        if let Some(p) = &self.probabilities {
            let expected = |row: &Vec<S>| sum(p.iter().zip(row).map(|(p, x)| p.mul(x)));
            let emv = self.rows.iter().map(expected).collect::<Result<_>>()?;
            let eol: Vec<S> = regret.iter().map(expected).collect::<Result<_>>()?;
            // Equal to the difference of the two expectations, and in floats never below nought.
            answer.evpi = Some(top(eol.iter(), Sense::Cost).value());
            answer.emv = Some(judge("EMV", emv, sense));
            answer.eol = Some(judge("EOL", eol, Sense::Cost));
            answer.ev_with_perfect_information = Some(expected(&column_best)?.value());
        }
        Ok(answer)
    }
}

fn hurwicz<S: Scalar>(alpha: &Number, bests: &[S], worsts: &[S], sense: Sense) -> Result<Criterion> {
    let weight = S::from_number(alpha).filter(|a| *a >= S::ZERO && *a <= S::ONE).ok_or_else(|| {
        Error::parameter("optimism", alpha, "a number from 0 (only the worst counts) to 1 (only the best)")
    })?;
    let rest = S::ONE.sub(&weight);
    let blend = |(best, worst): (&S, &S)| sum([weight.mul(best), rest.mul(worst)].into_iter());
    let values = bests.iter().zip(worsts).map(blend).collect::<Result<_>>()?;
    Ok(judge("Hurwicz", values, sense))
}

/// A checked sum.
fn sum<S: Scalar>(mut terms: impl Iterator<Item = S>) -> Result<S> {
    terms.try_fold(S::ZERO, |total, term| {
        let total = total.add(&term);
        total.check()?;
        Ok(total)
    })
}

/// The best of values, of which there is at least one.
fn top<'a, S: Scalar + 'a>(values: impl Iterator<Item = &'a S>, sense: Sense) -> S {
    values.reduce(|a, b| if b.beats(a, sense) { b } else { a }).map_or(S::ZERO, S::clone)
}

fn judge<S: Scalar>(name: &'static str, values: Vec<S>, sense: Sense) -> Criterion {
    let value = top(values.iter(), sense);
    let best = (0..values.len()).filter(|&i| values[i].ties(&value)).collect();
    Criterion { name, values: values.iter().map(Scalar::value).collect(), value: value.value(), best }
}
