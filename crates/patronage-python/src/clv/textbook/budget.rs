//! How much to spend on winning customers, and on keeping them.

use patronage::clv::{
    AcquisitionBudget, BudgetPoint, ResponseCurve, RetentionBudget, acquisition_budget as core_acquisition,
    retention_budget as core_retention,
};
use patronage::{Error, Result};
use pyo3::prelude::*;

use super::{moment, row};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

/// A response curve by its steepness, or through a known point.
fn curve(ceiling: f64, k: Option<f64>, known: (Option<f64>, Option<f64>)) -> Result<ResponseCurve> {
    match (k, known) {
        (Some(k), (None, None)) => ResponseCurve::new(ceiling, k),
        (None, (Some(spend), Some(rate))) => ResponseCurve::through(ceiling, spend, rate),
        (Some(k), _) => {
            Err(Error::parameter("k", k, "either k or a known_spend with its known_rate, not both"))
        }
        (None, _) => Err(Error::parameter("k", "None", "k, or a known_spend with its known_rate")),
    }
}

fn points(py: Python<'_>, points: &[BudgetPoint]) -> PyResult<Frame> {
    let column = |part: fn(&BudgetPoint) -> f64| points.iter().map(part).collect::<Vec<_>>();
    Columns::default()
        .floats("spend", &column(|point| point.spend))
        .floats("rate", &column(|point| point.rate))
        .floats("value", &column(|point| point.value))
        .frame(py)
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Winning {
    ceiling: f64,
    customer_value: f64,
    k: Option<f64>,
    known_spend: Option<f64>,
    known_rate: Option<f64>,
}

impl Winning {
    fn value(&self) -> Result<AcquisitionBudget> {
        core_acquisition(
            curve(self.ceiling, self.k, (self.known_spend, self.known_rate))?,
            self.customer_value,
        )
    }
}

#[pyfunction]
pub fn acquisition_budget(py: Python<'_>, inputs: Winning) -> PyResult<Frame> {
    let best = inputs.value().or_raise(py)?;
    row(py, &[("k", best.curve.k()), ("spend", best.spend), ("rate", best.rate), ("value", best.value)])
}

#[pyfunction]
pub fn acquisition_budget_points(py: Python<'_>, inputs: Winning, steps: u16) -> PyResult<Frame> {
    points(py, &inputs.value().or_raise(py)?.points(u32::from(steps)))
}

#[pyfunction]
pub fn acquisition_budget_working(py: Python<'_>, inputs: Winning, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Keeping {
    ceiling: f64,
    margin: f64,
    discount_rate: f64,
    k: Option<f64>,
    known_spend: Option<f64>,
    known_rate: Option<f64>,
    spend_at: String,
}

impl Keeping {
    fn value(&self) -> Result<RetentionBudget> {
        let curve = curve(self.ceiling, self.k, (self.known_spend, self.known_rate))?;
        core_retention(curve, self.margin, self.discount_rate, moment("spend_at", &self.spend_at)?)
    }
}

#[pyfunction]
pub fn retention_budget(py: Python<'_>, inputs: Keeping) -> PyResult<Frame> {
    let best = inputs.value().or_raise(py)?;
    row(py, &[("k", best.curve.k()), ("spend", best.spend), ("rate", best.rate), ("value", best.value)])
}

#[pyfunction]
pub fn retention_budget_points(py: Python<'_>, inputs: Keeping, steps: u16) -> PyResult<Frame> {
    points(py, &inputs.value().or_raise(py)?.points(u32::from(steps)))
}

#[pyfunction]
pub fn retention_budget_working(py: Python<'_>, inputs: Keeping, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}
