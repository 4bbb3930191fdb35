//! Decision tables: alternatives against states, judged by every textbook criterion.

mod criteria;
mod explain;
mod regions;
mod stored;

use std::collections::HashSet;

pub use criteria::{Criterion, TableAnswer};
pub(super) use explain::{shortened_sum, title};
pub use regions::{Line, StrategyRegion, StrategyRegions};

use super::exact::Exact;
use super::number::Number;
use super::probability::{Fault, PROBABILITY_MEND, complete};
use super::scalar::Scalar;
use crate::error::{Error, Result};

/// Payoffs of alternatives (rows) in states of the world (columns), with or without probabilities.
///
/// ```
/// use patronage::decision::{DecisionTable, Sense};
/// let table = DecisionTable::new(
///     ["large", "medium", "small", "none"],
///     ["favourable", "unfavourable"],
///     [100_000, -90_000, 60_000, -10_000, 40_000, -5_000, 0, 0],
/// )?
/// .with_probabilities([".4", "#"])?;
/// let answer = table.solve(Sense::Profit, None)?;
/// assert_eq!(answer.optimistic.best_names(&table), ["large"]);
/// assert_eq!(answer.evpi.unwrap().to_string(), "22000");
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionTable {
    alternatives: Vec<String>,
    states: Vec<String>,
    /// Row by row.
    payoffs: Vec<Number>,
    probabilities: Option<Vec<Number>>,
}

impl DecisionTable {
    /// A table without probabilities; payoffs row by row, an alternative a row.
    pub fn new<A: Into<String>, S: Into<String>, N: Into<Number>>(
        alternatives: impl IntoIterator<Item = A>,
        states: impl IntoIterator<Item = S>,
        payoffs: impl IntoIterator<Item = N>,
    ) -> Result<Self> {
        let table = Self {
            alternatives: alternatives.into_iter().map(Into::into).collect(),
            states: states.into_iter().map(Into::into).collect(),
            payoffs: payoffs.into_iter().map(Into::into).collect(),
            probabilities: None,
        };
        check_labels("alternative", &table.alternatives)?;
        check_labels("state", &table.states)?;
        let (rows, columns) = (table.alternatives.len(), table.states.len());
        if table.payoffs.len() != rows * columns {
            return Err(Error::InvalidTree {
                node: "the decision table".into(),
                problem: format!(
                    "{} payoffs for {rows} alternatives and {columns} states",
                    table.payoffs.len()
                ),
                mend: format!("give {} payoffs, row by row", rows * columns),
            });
        }
        for (i, payoff) in table.payoffs.iter().enumerate() {
            let place = || {
                format!(
                    "payoff of '{}' in state '{}'",
                    table.alternatives[i / columns],
                    table.states[i % columns]
                )
            };
            check_finite(payoff, place)?;
        }
        Ok(table)
    }

    /// The same table with the probabilities of its states; `"#"` is the rest.
    pub fn with_probabilities<N: Into<Number>>(
        mut self,
        probabilities: impl IntoIterator<Item = N>,
    ) -> Result<Self> {
        let given: Vec<Number> = probabilities.into_iter().map(Into::into).collect();
        if given.len() != self.states.len() {
            return Err(Error::InvalidTree {
                node: "the decision table".into(),
                problem: format!("{} probabilities for {} states", given.len(), self.states.len()),
                mend: "give one for each state, in their order".into(),
            });
        }
        for (p, state) in given.iter().zip(&self.states) {
            if *p != Number::Rest {
                check_finite(p, || format!("probability of state '{state}'"))?;
            }
        }
        let floats = given.iter().any(|p| matches!(p, Number::Float(_)));
        let complete = if floats { self.completed::<f64>(&given) } else { self.completed::<Exact>(&given) };
        self.probabilities = Some(complete?);
        Ok(self)
    }

    fn completed<S: Scalar>(&self, given: &[Number]) -> Result<Vec<Number>> {
        let mut probabilities: Vec<S> = given.iter().map(|p| S::from_number(p).unwrap_or(S::ZERO)).collect();
        complete(&mut probabilities, |k| given[k] == Number::Rest).map_err(|fault| {
            let (node, problem) = match fault {
                Fault::Outcome(k, problem) => (format!("state '{}'", self.states[k]), problem),
                Fault::Sum(problem) => ("the decision table".into(), problem),
                Fault::Other(error) => return error,
            };
            Error::InvalidTree { node, problem, mend: PROBABILITY_MEND.into() }
        })?;
        Ok(probabilities.iter().map(Scalar::number).collect())
    }

    /// The names of the rows.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The names of the columns.
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// What an alternative (by its row) brings in a state (by its column).
    pub fn payoff(&self, alternative: usize, state: usize) -> &Number {
        &self.payoffs[alternative * self.states.len() + state]
    }

    /// The probabilities of the states, where they were given.
    pub fn probabilities(&self) -> Option<&[Number]> {
        self.probabilities.as_deref()
    }

    /// Whether all numbers are fractions.
    pub fn is_exact(&self) -> bool {
        let numbers = self.payoffs.iter().chain(self.probabilities.iter().flatten());
        numbers.into_iter().all(|number| matches!(number, Number::Exact(_)))
    }
}

fn check_labels(what: &str, labels: &[String]) -> Result<()> {
    let table = |problem: String, mend: &str| Error::InvalidTree {
        node: "the decision table".into(),
        problem,
        mend: mend.into(),
    };
    if labels.is_empty() {
        return Err(table(format!("no {what}"), "give at least one alternative and one state"));
    }
    let mut seen = HashSet::new();
    match labels.iter().find(|label| !seen.insert(label.as_str())) {
        Some(twice) => {
            Err(table(format!("two of the {what}s are called '{twice}'"), "give each a name of its own"))
        }
        None => Ok(()),
    }
}

fn check_finite(number: &Number, place: impl Fn() -> String) -> Result<()> {
    let problem = match number {
        Number::Exact(value) => return value.check(),
        Number::Float(value) if value.is_finite() => return Ok(()),
        Number::Float(value) => format!("it is {value}"),
        Number::Rest => "\"#\" stands for a probability only".into(),
        Number::Unreadable(_) => format!("{number} is no number"),
    };
    Err(Error::InvalidTree {
        node: place(),
        problem,
        mend: "give a finite number such as 100000, \".4\" or \"1/3\"".into(),
    })
}
