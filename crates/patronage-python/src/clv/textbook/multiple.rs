//! Margin multiples, and the retention that a value asks for.

use patronage::Result;
use patronage::clv::{
    MarginMultiple, MarginMultiples, RequiredRetention, Requirement, margin_multiple as core_multiple,
    margin_multiples as core_multiples, required_retention as core_required,
};
use pyo3::prelude::*;

use super::{periods, row, timing};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Rates {
    retention: f64,
    discount_rate: f64,
    periods: Option<i64>,
    first_payment: String,
    survive_before_paying: bool,
}

impl Rates {
    fn value(&self) -> Result<MarginMultiple> {
        let timing = timing(&self.first_payment, self.survive_before_paying)?;
        core_multiple(self.retention, self.discount_rate, periods("periods", self.periods)?, timing)
    }
}

#[pyfunction]
pub fn margin_multiple(py: Python<'_>, inputs: Rates) -> PyResult<Frame> {
    row(py, &[("value", inputs.value().or_raise(py)?.value)])
}

#[pyfunction]
pub fn margin_multiple_working(py: Python<'_>, inputs: Rates, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct RateTable {
    retentions: Vec<f64>,
    discount_rates: Vec<f64>,
    periods: Option<i64>,
    first_payment: String,
    survive_before_paying: bool,
}

impl RateTable {
    fn value(&self) -> Result<MarginMultiples> {
        let timing = timing(&self.first_payment, self.survive_before_paying)?;
        core_multiples(&self.retentions, &self.discount_rates, periods("periods", self.periods)?, timing)
    }
}

/// A row a pair of rates.
#[pyfunction]
pub fn margin_multiples(py: Python<'_>, inputs: RateTable) -> PyResult<Frame> {
    let table = inputs.value().or_raise(py)?;
    let (retentions, rates) = (&table.retentions, &table.discount_rates);
    let rate: Vec<f64> = rates.iter().flat_map(|&rate| vec![rate; retentions.len()]).collect();
    Columns::default()
        .floats("discount_rate", &rate)
        .floats("retention", &retentions.repeat(rates.len()))
        .floats("multiple", &table.values.concat())
        .frame(py)
}

#[pyfunction]
pub fn margin_multiples_working(py: Python<'_>, inputs: RateTable, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Required {
    margin: f64,
    discount_rate: f64,
    target: f64,
    acquisition_cost: f64,
    periods: Option<i64>,
    first_payment: String,
    survive_before_paying: bool,
}

impl Required {
    fn value(&self) -> Result<RequiredRetention> {
        core_required(Requirement {
            margin: self.margin,
            discount_rate: self.discount_rate,
            target: self.target,
            acquisition_cost: self.acquisition_cost,
            periods: periods("periods", self.periods)?,
            timing: timing(&self.first_payment, self.survive_before_paying)?,
        })
    }
}

#[pyfunction]
pub fn required_retention(py: Python<'_>, inputs: Required) -> PyResult<Frame> {
    let needed = inputs.value().or_raise(py)?;
    row(py, &[("clv", needed.clv), ("value", needed.value)])
}

#[pyfunction]
pub fn required_retention_working(py: Python<'_>, inputs: Required, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}
