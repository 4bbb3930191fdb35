//! Portfolios under a budget.

use std::sync::Arc;

use arrow_array::StringArray;
use patronage::decision::{Portfolio, Project, Value};
use pyo3::prelude::*;

use super::{Pair, pair, read};
use crate::frame::{Columns, Frame};
use crate::guard;

/// A project: its name, and label, resource and value of its options.
type Given<'py> = (String, Vec<(String, Bound<'py, PyAny>, Bound<'py, PyAny>)>);

fn given(projects: Vec<Given<'_>>, budget: Option<&Bound<'_, PyAny>>) -> Portfolio {
    let project = |(name, options): Given<'_>| {
        let numbers = |(label, r, v): (String, Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            (label, read::number(&r), read::number(&v))
        };
        Project::new(name, options.into_iter().map(numbers))
    };
    let portfolio = Portfolio::new(projects.into_iter().map(project));
    match budget {
        Some(budget) => portfolio.budget(read::number(budget)),
        None => portfolio,
    }
}

/// A row an efficient set.
#[pyfunction]
#[pyo3(signature = (projects, budget, progress))]
pub fn decision_frontier(
    py: Python<'_>,
    projects: Vec<Given<'_>>,
    budget: Option<&Bound<'_, PyAny>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Frame> {
    let portfolio = given(projects, budget);
    let sets = guard::run(py, progress, |watch| portfolio.frontier(watch))?;
    let column = |which: fn(&(Value, Value)) -> &Value| sets.iter().map(|set| which(set).float).collect();
    Columns::default()
        .own_floats("resource", column(|set| &set.0))
        .own_floats("value", column(|set| &set.1))
        .frame(py)
}

/// A row a project; value, resource used, whether sets tie, shadow price.
#[pyfunction]
#[pyo3(signature = (projects, budget, progress))]
pub fn decision_portfolio(
    py: Python<'_>,
    projects: Vec<Given<'_>>,
    budget: Option<&Bound<'_, PyAny>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Frame, Pair, Pair, bool, Pair)> {
    let portfolio = given(projects, budget);
    let projects = portfolio.projects();
    let answer = guard::run(py, progress, |watch| portfolio.solve(watch))?;
    let taken = || projects.iter().zip(&answer.chosen).map(|(project, k)| k.map(|k| &project.options[k]));
    let choice: StringArray = taken().map(|option| option.map(|(label, _, _)| label.as_str())).collect();
    let float = |number: Option<&_>| number.map_or(0.0, |number| Value::from(number).float);
    let frame = Columns::default()
        .texts("project", projects.iter().map(|project| project.name.as_str()))
        .array("choice", Arc::new(choice))
        .floats("resource", &taken().map(|option| float(option.map(|(_, r, _)| r))).collect::<Vec<_>>())
        .floats("value", &taken().map(|option| float(option.map(|(_, _, v)| v))).collect::<Vec<_>>())
        .frame(py)?;
    Ok((frame, pair(&answer.value), pair(&answer.used), answer.has_ties, pair(&answer.shadow_price)))
}
