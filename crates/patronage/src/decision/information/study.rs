//! The question: which signals a study may bring, and how they hang together with an event.

use serde::{Deserialize, Serialize};

use super::answer::StudyAnswer;
use super::event::Event;
use super::rounding;
use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::probability::{Fault, PROBABILITY_MEND, complete};
use crate::decision::scalar::{Scalar, Sense};
use crate::decision::table::DecisionTable;
use crate::decision::tree::{Solve, TreeAnswer};
use crate::error::{Error, Result};
use crate::watch::Unwatched;

/// How the signals of a study hang together with the states of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Evidence {
    /// P(signal | state): a row a state, a number a signal; each row sums to 1.
    Likelihood(Vec<Vec<Number>>),
    /// P(signal), and P(state | signal): a row a signal, a number a state; each row sums to 1. They may
    /// contradict the prior, which [`StudyAnswer::incoherent`] then says.
    Posteriors {
        /// P(signal).
        probabilities: Vec<Number>,
        /// P(state | signal); the row of an impossible signal may be empty.
        posteriors: Vec<Vec<Number>>,
    },
}

impl Evidence {
    /// P(signal | state): a row a state, a number a signal; `"#"` is the rest.
    pub fn likelihood<N: Into<Number>, R: IntoIterator<Item = N>>(rows: impl IntoIterator<Item = R>) -> Self {
        Self::Likelihood(numbers(rows))
    }

    /// P(signal), and P(state | signal): a row a signal, a number a state; `"#"` is the rest.
    pub fn posteriors<P: Into<Number>, N: Into<Number>, R: IntoIterator<Item = N>>(
        probabilities: impl IntoIterator<Item = P>,
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        let probabilities = probabilities.into_iter().map(Into::into).collect();
        Self::Posteriors { probabilities, posteriors: numbers(rows) }
    }
}

fn numbers<N: Into<Number>, R: IntoIterator<Item = N>>(
    rows: impl IntoIterator<Item = R>,
) -> Vec<Vec<Number>> {
    rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect()
}

/// A study (a survey, a test, a sounding) before a decision: its signals, what they tell, and what it costs.
///
/// | option | default |
/// |---|---|
/// | `cost` | 0 |
/// | `rounding` | none: no chain of rounded probabilities beside the exact one |
/// | `labels` | "study", "no study" |
#[derive(Debug, Clone)]
pub struct Study {
    pub(super) question: TreeAnswer,
    pub(super) event: Event,
    pub(super) signals: Vec<String>,
    pub(super) evidence: Evidence,
    pub(super) cost: Number,
    pub(super) rounding: Option<u32>,
    pub(super) labels: [String; 2],
}

impl Study {
    /// A study of the states of a table, which must have probabilities: the prior.
    pub fn of_table<T: Into<String>>(
        table: &DecisionTable,
        sense: Sense,
        signals: impl IntoIterator<Item = T>,
        evidence: Evidence,
    ) -> Result<Self> {
        let question = Solve::new().sense(sense).run(&table.tree()?, &Unwatched)?;
        let tree = question.tree();
        let nodes: Vec<usize> = (0..tree.len()).filter(|&i| !tree.children(i).is_empty()).skip(1).collect();
        let event = Event::at(tree, &nodes)?;
        Self::of_event(&question, &event, signals, evidence)
    }

    /// A study of an event of a solved tree, done before the first decision; the event's probabilities are the
    /// prior. The event is taken to be independent of all others in the tree.
    pub fn of_event<T: Into<String>>(
        question: &TreeAnswer,
        event: &Event,
        signals: impl IntoIterator<Item = T>,
        evidence: Evidence,
    ) -> Result<Self> {
        question.without_utility("the value of a study")?;
        if !question.by().is_empty() {
            return Err(Error::parameter("by", "given", "none for a study, whose cost is a payoff"));
        }
        let event = Event::at(question.tree(), &event.nodes)?;
        let signals: Vec<String> = signals.into_iter().map(Into::into).collect();
        let mut seen = std::collections::HashSet::new();
        if let Some(twice) = signals.iter().find(|signal| !seen.insert(signal.as_str())) {
            return Err(wrong(
                "the study",
                format!("two signals are called '{twice}'"),
                "give each a name of its own",
            ));
        }
        let evidence = checked(evidence, &signals, &event.labels)?;
        let labels = ["study".into(), "no study".into()];
        let cost = Number::from(0);
        Ok(Self { question: question.clone(), event, signals, evidence, cost, rounding: None, labels })
    }

    /// With what the study costs, as a number that is not negative.
    #[must_use]
    pub fn cost(mut self, cost: impl Into<Number>) -> Self {
        self.cost = cost.into();
        self
    }

    /// With a second chain in which P(signal) and the posteriors are rounded half up to so many decimals (0 to
    /// 15), the last of each getting what the others leave of 1, as books compute.
    #[must_use]
    pub fn rounding(mut self, decimals: u32) -> Self {
        self.rounding = Some(decimals);
        self
    }

    /// With the labels of the two first branches of the preposterior tree.
    #[must_use]
    pub fn labels(mut self, study: impl Into<String>, without: impl Into<String>) -> Self {
        self.labels = [study.into(), without.into()];
        self
    }

    /// The decision without the study.
    pub fn question(&self) -> &TreeAnswer {
        &self.question
    }

    /// The event that the study tells something about.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The signals.
    pub fn signals(&self) -> &[String] {
        &self.signals
    }

    /// The labels of the two first branches of the preposterior tree.
    pub fn branches(&self) -> &[String; 2] {
        &self.labels
    }

    /// What the study costs.
    pub fn price(&self) -> &Number {
        &self.cost
    }

    /// The decimals of the rounded chain, where one was asked for.
    pub fn decimals(&self) -> Option<u32> {
        self.rounding
    }

    /// Works out what the study is worth.
    pub fn solve(&self) -> Result<StudyAnswer> {
        match &self.cost {
            Number::Exact(cost) if !cost.is_negative() => {}
            Number::Float(cost) if *cost >= 0.0 && cost.is_finite() => {}
            cost => {
                return Err(Error::parameter(
                    "cost",
                    cost,
                    "what the study costs, a finite number from 0 up",
                ));
            }
        }
        if let Some(decimals) = self.rounding {
            rounding::check(decimals)?;
        }
        if self.is_exact() { StudyAnswer::of::<Exact>(self) } else { StudyAnswer::of::<f64>(self) }
    }

    fn is_exact(&self) -> bool {
        let exact = |number: &Number| matches!(number, Number::Exact(_));
        let evidence = match &self.evidence {
            Evidence::Likelihood(rows) => rows.iter().flatten().all(exact),
            Evidence::Posteriors { probabilities, posteriors } => {
                probabilities.iter().chain(posteriors.iter().flatten()).all(exact)
            }
        };
        self.question.emv().exact.is_some() && evidence && exact(&self.cost)
    }
}

fn wrong(place: &str, problem: String, mend: &str) -> Error {
    Error::InvalidTree { node: place.into(), problem, mend: mend.into() }
}

/// Fills in the rests and checks all sums.
fn checked(evidence: Evidence, signals: &[String], states: &[String]) -> Result<Evidence> {
    let shape = |rows: &[Vec<Number>], wanted: usize, what: &str| {
        if rows.len() == wanted {
            return Ok(());
        }
        let problem = format!("{} rows of probabilities for {wanted} {what}s", rows.len());
        Err(wrong("the study", problem, "give one row for each, in their order"))
    };
    match evidence {
        Evidence::Likelihood(rows) => {
            shape(&rows, states.len(), "state")?;
            let rows = rows.iter().zip(states);
            rows.map(|(row, state)| filled(row, signals, "signal", &format!("state '{state}'")))
                .collect::<Result<_>>()
                .map(Evidence::Likelihood)
        }
        Evidence::Posteriors { probabilities, posteriors } => {
            let probabilities = filled(&probabilities, signals, "signal", "the study")?;
            shape(&posteriors, signals.len(), "signal")?;
            let is_zero = |p: &Number| f64::from_number(p) == Some(0.0);
            let rows = posteriors.iter().zip(signals).zip(&probabilities);
            let posteriors = rows
                .map(|((row, signal), p)| match row.as_slice() {
                    [] if is_zero(p) => Ok(Vec::new()),
                    row => filled(row, states, "state", &format!("signal '{signal}'")),
                })
                .collect::<Result<_>>()?;
            Ok(Evidence::Posteriors { probabilities, posteriors })
        }
    }
}

/// One row of probabilities, complete.
fn filled(row: &[Number], names: &[String], what: &str, place: &str) -> Result<Vec<Number>> {
    if row.len() != names.len() {
        let problem = format!("{} probabilities for {} {what}s", row.len(), names.len());
        return Err(wrong(place, problem, "give one for each, in their order"));
    }
    let unusable = |p: &&Number| match p {
        Number::Float(float) => !float.is_finite(),
        Number::Unreadable(_) => true,
        _ => false,
    };
    if let Some(p) = row.iter().find(unusable) {
        return Err(wrong(place, format!("{p} is no probability"), "give a number such as .4 or \"1/3\""));
    }
    if row.iter().any(|p| matches!(p, Number::Float(_))) {
        filled_in::<f64>(row, names, what, place)
    } else {
        filled_in::<Exact>(row, names, what, place)
    }
}

fn filled_in<S: Scalar>(row: &[Number], names: &[String], what: &str, place: &str) -> Result<Vec<Number>> {
    let mut row_: Vec<S> = row.iter().map(|p| S::from_number(p).unwrap_or(S::ZERO)).collect();
    complete(&mut row_, |k| row[k] == Number::Rest).map_err(|fault| match fault {
        Fault::Outcome(k, problem) => {
            wrong(&format!("{what} '{}' of {place}", names[k]), problem, PROBABILITY_MEND)
        }
        Fault::Sum(problem) => wrong(place, problem, PROBABILITY_MEND),
        Fault::Other(error) => error,
    })?;
    Ok(row_.iter().map(Scalar::number).collect())
}
