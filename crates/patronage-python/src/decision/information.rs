//! Studies, events and rounded trees.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use patronage::decision::{self as core, Event, Evidence, Number, Study, Value};
use patronage::watch::Unwatched;
use patronage::{Error, Lang};
use pyo3::prelude::*;

use super::{DecisionTable, Pair, TreeAnswer, from_json, pair, read, sense, to_json};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

/// Rows of probabilities as they were given: likelihoods; or P(signal) and posteriors.
#[derive(FromPyObject)]
pub struct Given<'py> {
    #[pyo3(item)]
    likelihood: Option<Vec<Vec<Bound<'py, PyAny>>>>,
    #[pyo3(item)]
    probabilities: Vec<Bound<'py, PyAny>>,
    #[pyo3(item)]
    posteriors: Vec<Vec<Bound<'py, PyAny>>>,
}

impl Given<'_> {
    fn evidence(&self) -> Evidence {
        let row = |row: &Vec<Bound<'_, PyAny>>| row.iter().map(read::number).collect::<Vec<Number>>();
        match &self.likelihood {
            Some(rows) => Evidence::likelihood(rows.iter().map(row)),
            None => Evidence::posteriors(row(&self.probabilities), self.posteriors.iter().map(row)),
        }
    }
}

/// What a study is worth.
#[pyclass(frozen, module = "patronage._core")]
pub struct StudyAnswer(pub(super) core::StudyAnswer);

/// Name, probability, posteriors, values of the alternatives, best value, best alternatives.
type SignalRow = (String, Pair, Option<Vec<Pair>>, Option<Vec<Pair>>, Option<Pair>, Vec<String>);

#[pymethods]
impl StudyAnswer {
    #[staticmethod]
    #[pyo3(signature = (table, sense, signals, evidence, cost, rounding, labels))]
    #[allow(clippy::too_many_arguments)]
    fn of_table(
        py: Python<'_>,
        table: &DecisionTable,
        sense: &str,
        signals: Vec<String>,
        evidence: Given<'_>,
        cost: &Bound<'_, PyAny>,
        rounding: Option<u32>,
        labels: (String, String),
    ) -> PyResult<Self> {
        let sense = self::sense(py, sense)?;
        let evidence = evidence.evidence();
        let study = guard::run(py, None, |_| Study::of_table(&table.0, sense, signals, evidence))?;
        Self::solve(py, study, read::number(cost), rounding, labels)
    }

    #[staticmethod]
    #[pyo3(signature = (answer, nodes, signals, evidence, cost, rounding, labels))]
    #[allow(clippy::too_many_arguments)]
    fn of_event(
        py: Python<'_>,
        answer: &TreeAnswer,
        nodes: Vec<usize>,
        signals: Vec<String>,
        evidence: Given<'_>,
        cost: &Bound<'_, PyAny>,
        rounding: Option<u32>,
        labels: (String, String),
    ) -> PyResult<Self> {
        let evidence = evidence.evidence();
        let study = guard::run(py, None, |_| {
            let event = Event::at(answer.0.tree(), &nodes)?;
            Study::of_event(&answer.0, &event, signals, evidence)
        })?;
        Self::solve(py, study, read::number(cost), rounding, labels)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    /// What was assumed: sense, cost, decimals, labels.
    fn about(&self) -> (&'static str, Pair, Option<u32>, (String, String)) {
        let study = &self.0.study;
        let sense = if study.question().sense() == core::Sense::Profit { "profit" } else { "cost" };
        let [done, without] = study.branches();
        (sense, pair(&study.price().into()), study.decimals(), (done.clone(), without.clone()))
    }

    fn states(&self) -> Vec<String> {
        self.0.study.event().labels.clone()
    }

    fn alternatives(&self) -> Vec<&str> {
        self.0.alternatives()
    }

    /// A row a signal and state.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let (answer, states) = (&self.0, &self.0.study.event().labels);
        let signals = || answer.chain.signals.iter();
        let names = signals().flat_map(|signal| states.iter().map(|_| signal.name.as_str()));
        let columns = Columns::default()
            .texts("signal", names)
            .texts("state", signals().flat_map(|_| states.iter().map(String::as_str)));
        self.columns()
            .into_iter()
            .fold(columns, |columns, (name, cells)| {
                let floats = cells.iter().map(|cell| cell.as_ref().map(|cell| cell.float));
                let array: ArrayRef = Arc::new(floats.collect::<Float64Array>());
                columns.array(name, array)
            })
            .frame(py)
    }

    /// The fractions of a column of the frame; `None` where there is none.
    fn fractions(&self, py: Python<'_>, column: &str) -> PyResult<Vec<Option<String>>> {
        let columns = self.columns();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let found = columns.iter().find(|(name, _)| *name == column).ok_or_else(|| Error::UnknownName {
            what: "column of fractions".into(),
            name: column.into(),
            mend: format!("there are {}", names.join(", ")),
        });
        let (_, cells) = found.or_raise(py)?;
        Ok(cells.iter().map(|cell| cell.as_ref().and_then(|cell| pair(cell).1)).collect())
    }

    fn emv(&self) -> Pair {
        pair(&self.0.emv)
    }

    fn ev_with_perfect_information(&self) -> Pair {
        pair(&self.0.ev_with_perfect_information)
    }

    fn evpi(&self) -> Pair {
        pair(&self.0.evpi)
    }

    /// `EVwSI`, the same less the cost, EVSI, net gain, efficiency; `None` if no rounding was asked for.
    fn chain(&self, rounded: bool) -> Option<(Pair, Pair, Pair, Pair, Option<Pair>)> {
        let chain = self.chain_of(rounded)?;
        let gross = pair(&chain.ev_with_sample_information);
        let efficiency = chain.efficiency.as_ref().map(pair);
        Some((gross, pair(&chain.net), pair(&chain.evsi), pair(&chain.net_gain), efficiency))
    }

    fn signals(&self, rounded: bool) -> Option<Vec<SignalRow>> {
        let names = self.0.alternatives();
        let pairs = |values: &Vec<Value>| values.iter().map(pair).collect();
        let row = |signal: &core::Signal| {
            let best = signal.best.iter().map(|&k| names[k].to_string()).collect();
            let (posterior, values) =
                (signal.posterior.as_ref().map(pairs), signal.values.as_ref().map(pairs));
            (
                signal.name.clone(),
                pair(&signal.probability),
                posterior,
                values,
                signal.value.as_ref().map(pair),
                best,
            )
        };
        Some(self.chain_of(rounded)?.signals.iter().map(row).collect())
    }

    /// State, prior, what the posteriors recombine to, and a sentence.
    fn incoherent(&self) -> Vec<(String, Pair, Pair, String)> {
        let row = |found: &core::Incoherence| {
            (found.state.clone(), pair(&found.prior), pair(&found.recombined), found.to_text(Lang::En))
        };
        self.0.incoherent.iter().map(row).collect()
    }

    fn impossible(&self) -> Vec<&str> {
        self.0.impossible()
    }

    fn tree(&self, py: Python<'_>, rounded: bool) -> PyResult<Option<TreeAnswer>> {
        let tree = guard::run(py, None, |watch| {
            if rounded { self.0.rounded_tree(watch) } else { self.0.tree(watch).map(Some) }
        })?;
        Ok(tree.map(TreeAnswer))
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        guard::run(py, None, |_| Ok(Working(self.0.explain(lang))))
    }
}

impl StudyAnswer {
    fn solve(
        py: Python<'_>,
        study: Study,
        cost: Number,
        rounding: Option<u32>,
        labels: (String, String),
    ) -> PyResult<Self> {
        let study = study.cost(cost).labels(labels.0, labels.1);
        let study = rounding.map_or(study.clone(), |decimals| study.rounding(decimals));
        guard::run(py, None, |_| study.solve()).map(Self)
    }

    fn chain_of(&self, rounded: bool) -> Option<&core::Chain> {
        if rounded { self.0.rounded.as_ref() } else { Some(&self.0.chain) }
    }

    /// The columns of numbers, signal by signal and within it state by state.
    fn columns(&self) -> Vec<(&'static str, Vec<Option<Value>>)> {
        let answer = &self.0;
        let cells = |value: &dyn Fn(usize, usize) -> Option<Value>| -> Vec<Option<Value>> {
            let states = 0..answer.prior.len();
            (0..answer.joint.len())
                .flat_map(|s| states.clone().map(move |t| (s, t)))
                .map(|(s, t)| value(s, t))
                .collect()
        };
        let posterior = |chain: &core::Chain, s: usize, t: usize| {
            chain.signals[s].posterior.as_ref().map(|row| row[t].clone())
        };
        let mut columns = vec![
            ("prior", cells(&|_, t| Some(answer.prior[t].clone()))),
            ("likelihood", cells(&|s, t| answer.likelihood[s][t].clone())),
            ("joint", cells(&|s, t| Some(answer.joint[s][t].clone()))),
            ("marginal", cells(&|s, _| Some(answer.chain.signals[s].probability.clone()))),
            ("posterior", cells(&|s, t| posterior(&answer.chain, s, t))),
        ];
        if let Some(chain) = &answer.rounded {
            columns.push(("rounded_marginal", cells(&|s, _| Some(chain.signals[s].probability.clone()))));
            columns.push(("rounded_posterior", cells(&|s, t| posterior(chain, s, t))));
        }
        columns
    }
}

/// Nodes, outcomes, probabilities, value and choice of each known outcome; `EVwPI`, EVPI, the best outcomes, the
/// value of control; whether the event is independent.
type EventRow =
    (Vec<usize>, Vec<String>, Vec<Pair>, Vec<Pair>, Vec<Vec<String>>, Pair, Pair, Vec<String>, Pair, bool);

fn event_row(value: &core::EventValue) -> EventRow {
    let pairs = |values: &[Value]| values.iter().map(pair).collect();
    let event = &value.event;
    (
        event.nodes.clone(),
        event.labels.clone(),
        pairs(&event.probabilities),
        pairs(&value.values),
        value.choices.clone(),
        pair(&value.ev_with_perfect_information),
        pair(&value.evpi),
        value.best.iter().map(|&k| event.labels[k].clone()).collect(),
        pair(&value.value_of_control),
        value.independent,
    )
}

/// The values of all events of a tree.
#[pyfunction]
pub fn decision_events(py: Python<'_>, answer: &TreeAnswer) -> PyResult<Vec<EventRow>> {
    guard::run(py, None, |watch| answer.0.values_of_events(watch))
        .map(|all| all.iter().map(event_row).collect())
}

/// The value of the event at some chance nodes.
#[pyfunction]
pub fn decision_event(py: Python<'_>, answer: &TreeAnswer, nodes: Vec<usize>) -> PyResult<EventRow> {
    let value = |_: &dyn patronage::Watch| answer.0.value_of_event(&Event::at(answer.0.tree(), &nodes)?);
    guard::run(py, None, value).map(|value| event_row(&value))
}

/// The outcomes of the event at some chance nodes.
#[pyfunction]
pub fn decision_outcomes(py: Python<'_>, answer: &TreeAnswer, nodes: Vec<usize>) -> PyResult<Vec<String>> {
    Event::at(answer.0.tree(), &nodes).or_raise(py).map(|event| event.labels)
}

/// The tree with rounded probabilities, solved in the same way.
#[pyfunction]
pub fn decision_rounded(py: Python<'_>, answer: &TreeAnswer, decimals: u32) -> PyResult<TreeAnswer> {
    guard::run(py, None, |_| answer.0.rounded(decimals, &Unwatched)).map(TreeAnswer)
}
