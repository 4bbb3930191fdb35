//! Attitude to risk, strategies, dominance: what is asked of a solved tree beside its values.

use arrow_array::{ArrayRef, Float64Array};
use patronage::decision::{self as core, Compounding, Dominance, Solve, Utility, Value};
use patronage::{Error, Lang};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;

use super::{Pair, TreeAnswer, lists, pair, read, sense};
use crate::error::OrRaise;
use crate::explain::language;
use crate::frame::{Columns, Frame};
use crate::guard;

/// Adds the options of a solution that are given.
pub fn options(
    py: Python<'_>,
    solve: Solve,
    compounding: &str,
    by: Option<Vec<(String, Bound<'_, PyAny>)>>,
    utility: Option<(String, Vec<Bound<'_, PyAny>>)>,
) -> PyResult<Solve> {
    let compounding = match compounding {
        "period" => Compounding::Period,
        "continuous" => Compounding::Continuous,
        _ => {
            let wrong =
                Error::parameter("compounding", format!("'{compounding}'"), "'period' or 'continuous'");
            return Err(wrong).or_raise(py);
        }
    };
    let mut solve = solve.compounding(compounding);
    if let Some(by) = by {
        solve = solve.by_sum(by.into_iter().map(|(name, weight)| (name, read::number(&weight))));
    }
    if let Some((kind, parameters)) = utility {
        solve = solve.utility(read_utility(py, &kind, &parameters)?);
    }
    Ok(solve)
}

fn read_utility(py: Python<'_>, kind: &str, parameters: &[Bound<'_, PyAny>]) -> PyResult<Utility> {
    let numbers: Vec<core::Number> = parameters.iter().map(read::number).collect();
    let float = |i: usize| numbers.get(i).map_or(f64::NAN, |n| Value::from(n).float);
    match kind {
        "exponential" => Ok(Utility::exponential(float(0))),
        "logarithmic" => Ok(Utility::logarithmic(float(0))),
        "power" => Ok(Utility::power(float(0), float(1))),
        "table" => Ok(Utility::table(numbers.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())))),
        _ => Err(Error::parameter("utility", format!("'{kind}'"), "a Utility")).or_raise(py),
    }
}

/// The utility of an amount of profit.
#[pyfunction]
pub fn utility_of(
    py: Python<'_>,
    kind: &str,
    parameters: Vec<Bound<'_, PyAny>>,
    amount: &Bound<'_, PyAny>,
) -> PyResult<Pair> {
    read_utility(py, kind, &parameters)?.of(read::number(amount)).map(|value| pair(&value)).or_raise(py)
}

/// What an answer assumed beside sense and rate: compounding, weights, the shape of the utility.
#[pyfunction]
pub fn tree_options<'py>(py: Python<'py>, answer: &TreeAnswer) -> PyResult<Bound<'py, PyDict>> {
    let (about, answer) = (PyDict::new(py), &answer.0);
    if answer.discount_rate().is_some() {
        let periodic = answer.compounding() == Compounding::Period;
        about.set_item("compounding", if periodic { "period" } else { "continuous" })?;
    }
    if !answer.by().is_empty() {
        let weights = PyDict::new(py);
        for (name, weight) in answer.by() {
            let (float, exact) = pair(&weight.into());
            match exact {
                Some(text) => weights.set_item(&**name, text)?,
                None => weights.set_item(&**name, float)?,
            }
        }
        about.set_item("by", weights)?;
    }
    match answer.utility() {
        None => {}
        Some(Utility::Exponential { risk_tolerance }) => {
            about.set_item("utility", "exponential")?;
            about.set_item("risk_tolerance", risk_tolerance)?;
        }
        Some(Utility::Logarithmic { wealth }) => {
            about.set_item("utility", "logarithmic")?;
            about.set_item("wealth", wealth)?;
        }
        Some(Utility::Power { risk_aversion, wealth }) => {
            about.set_item("utility", "power")?;
            about.set_item("risk_aversion", risk_aversion)?;
            about.set_item("wealth", wealth)?;
        }
        Some(_) => about.set_item("utility", "table")?,
    }
    Ok(about)
}

/// Certainty equivalent and expected utility of a node, and the risk premium of the tree.
#[pyfunction]
pub fn tree_certainty(
    py: Python<'_>,
    answer: &TreeAnswer,
    node: usize,
) -> PyResult<(Option<Pair>, Option<Pair>, Option<Pair>)> {
    let node = known(py, answer, node)?;
    let optional = |value: Option<Value>| value.as_ref().map(pair);
    let answer = &answer.0;
    Ok((
        optional(answer.certainty_equivalent(node)),
        optional(answer.expected_utility(node)),
        optional(answer.risk_premium()),
    ))
}

fn known(py: Python<'_>, answer: &TreeAnswer, node: usize) -> PyResult<usize> {
    let nodes = answer.0.tree().len();
    if node < nodes {
        return Ok(node);
    }
    Err(Error::parameter("node", node, &format!("a node from 0 to {}", nodes - 1))).or_raise(py)
}

/// A row a node, two columns a measure.
#[pyfunction]
pub fn tree_measures(py: Python<'_>, answer: &TreeAnswer) -> PyResult<Frame> {
    let (answer, tree) = (&answer.0, answer.0.tree());
    let columns = Columns::default()
        .ints("node", (0..tree.len()).map(|i| i as i64))
        .texts("branch", (0..tree.len()).map(|i| tree.label(i)));
    let names = tree.measures().iter();
    let found = guard::run(py, None, |_| {
        names.map(|name| answer.measure(name)).collect::<patronage::Result<Vec<_>>>()
    })?;
    let floats = |values: &[Value]| values.iter().map(|v| v.float).collect::<Vec<_>>();
    let both = tree.measures().iter().zip(&found);
    both.fold(columns, |columns, (name, measure)| {
        columns
            .floats(&format!("{name}_to_go"), &floats(&measure.to_go))
            .floats(&format!("{name}_cumulative"), &floats(&measure.cumulative))
    })
    .frame(py)
}

/// A row a strategy, with the fractions of the values.
#[pyfunction]
pub fn tree_strategies(
    py: Python<'_>,
    answer: &TreeAnswer,
    limit: u64,
    lang: &str,
) -> PyResult<(Frame, Vec<Option<String>>, Vec<RiskProfile>)> {
    let lang: Lang = language(py, lang)?;
    let found = guard::run(py, None, |_| answer.0.strategies(limit))?;
    let texts: Vec<String> = found.iter().map(|s| s.to_text(lang)).collect();
    let choices: Vec<Vec<String>> =
        found.iter().map(|s| s.choices.iter().map(|c| c.alternative.clone()).collect()).collect();
    let mut columns = Columns::default()
        .texts("strategy", texts.iter().map(String::as_str))
        .array("choices", lists(choices.iter().map(Vec::as_slice)))
        .floats("value", &found.iter().map(|s| s.value.float).collect::<Vec<_>>());
    if answer.0.utility().is_some() {
        let certain = found.iter().map(|s| s.certainty_equivalent.as_ref().map(|v| v.float));
        let certain: ArrayRef = Arc::new(certain.collect::<Float64Array>());
        columns = columns.array("certainty_equivalent", certain);
    }
    let frame = columns.bools("best", found.iter().map(|s| s.best).collect()).frame(py)?;
    let exact = found.iter().map(|s| pair(&s.value).1).collect();
    Ok((frame, exact, found.into_iter().map(|s| RiskProfile(s.risk_profile)).collect()))
}

fn order(order: Dominance) -> &'static str {
    match order {
        Dominance::First => "first",
        Dominance::Second => "second",
    }
}

/// A row a pair of alternatives of which one dominates the other.
#[pyfunction]
pub fn tree_dominance(py: Python<'_>, answer: &TreeAnswer) -> PyResult<Frame> {
    let found = guard::run(py, None, |_| answer.0.dominance())?;
    Columns::default()
        .texts("better", found.iter().map(|pair| pair.better.as_str()))
        .texts("worse", found.iter().map(|pair| pair.worse.as_str()))
        .texts("order", found.iter().map(|pair| order(pair.order)))
        .frame(py)
}

/// A row a region of risk tolerances; the last has no upper end.
#[pyfunction]
pub fn tree_tolerance_regions(py: Python<'_>, answer: &TreeAnswer) -> PyResult<Frame> {
    let found = guard::run(py, None, |_| answer.0.tolerance_regions())?;
    let ends: Vec<f64> = found.iter().map(|r| if r.to.is_finite() { r.to } else { f64::NAN }).collect();
    Columns::default()
        .floats("from", &found.iter().map(|r| r.from).collect::<Vec<_>>())
        .floats("to", &ends)
        .array("best", lists(found.iter().map(|r| r.best.as_slice())))
        .frame(py)
}

/// The risk profile of those who have come to a node.
#[pyfunction]
pub fn tree_risk_profile(py: Python<'_>, answer: &TreeAnswer, node: usize) -> PyResult<RiskProfile> {
    let node = known(py, answer, node)?;
    guard::run(py, None, |_| answer.0.risk_profile_at(node)).map(RiskProfile)
}

/// A distribution of amounts.
#[pyclass(frozen, module = "patronage._core")]
pub struct RiskProfile(core::RiskProfile);

type Fractions = Vec<(Option<String>, Option<String>)>;

fn table(py: Python<'_>, lines: &[core::Outcome]) -> PyResult<(Frame, Fractions)> {
    let column = |value: fn(&core::Outcome) -> f64| lines.iter().map(value).collect::<Vec<_>>();
    let frame = Columns::default()
        .floats("payoff", &column(|line| line.payoff.float))
        .floats("probability", &column(|line| line.probability.float))
        .frame(py)?;
    Ok((frame, lines.iter().map(|line| (pair(&line.payoff).1, pair(&line.probability).1)).collect()))
}

#[pymethods]
impl RiskProfile {
    /// From amounts and their probabilities.
    #[new]
    fn new(
        py: Python<'_>,
        payoffs: Vec<Bound<'_, PyAny>>,
        probabilities: Vec<Bound<'_, PyAny>>,
        sense: &str,
    ) -> PyResult<Self> {
        let sense = self::sense(py, sense)?;
        let pairs = payoffs.iter().zip(&probabilities).map(|(x, p)| (read::number(x), read::number(p)));
        core::RiskProfile::from_outcomes(pairs, sense).map(Self).or_raise(py)
    }

    /// A row an amount, and the fractions of both columns.
    fn frame(&self, py: Python<'_>) -> PyResult<(Frame, Fractions)> {
        table(py, &self.0)
    }

    fn cumulative(&self, py: Python<'_>) -> PyResult<(Frame, Fractions)> {
        let lines = self.0.cumulative().or_raise(py)?;
        table(py, &lines)
    }

    fn mean(&self, py: Python<'_>) -> PyResult<Pair> {
        self.0.mean().map(|v| pair(&v)).or_raise(py)
    }

    fn variance(&self, py: Python<'_>) -> PyResult<Pair> {
        self.0.variance().map(|v| pair(&v)).or_raise(py)
    }

    fn value_at_risk(&self, py: Python<'_>, level: &Bound<'_, PyAny>) -> PyResult<Pair> {
        self.0.value_at_risk(read::number(level)).map(|v| pair(&v)).or_raise(py)
    }

    fn cvar(&self, py: Python<'_>, level: &Bound<'_, PyAny>) -> PyResult<Pair> {
        self.0.conditional_value_at_risk(read::number(level)).map(|v| pair(&v)).or_raise(py)
    }

    fn certainty_equivalent(
        &self,
        py: Python<'_>,
        kind: &str,
        parameters: Vec<Bound<'_, PyAny>>,
    ) -> PyResult<Pair> {
        let utility = read_utility(py, kind, &parameters)?;
        self.0.certainty_equivalent(&utility).map(|v| pair(&v)).or_raise(py)
    }

    fn dominates(&self, py: Python<'_>, other: &Self) -> PyResult<Option<&'static str>> {
        self.0.dominates(&other.0).map(|found| found.map(order)).or_raise(py)
    }
}
