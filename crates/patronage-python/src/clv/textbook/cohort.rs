//! A cohort's value from its counts.

use patronage::Result;
use patronage::clv::{Cohort, CohortRow, CohortValue, cohort_value as core_cohort};
use pyo3::prelude::*;

use super::first_payment;
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Counts {
    customers: Vec<f64>,
    margin: Vec<f64>,
    discount_rate: f64,
    first_payment: String,
    include_first: bool,
    acquisition_cost: f64,
}

impl Counts {
    fn value(&self) -> Result<CohortValue> {
        core_cohort(Cohort {
            customers: self.customers.clone(),
            margins: self.margin.clone(),
            discount_rate: self.discount_rate,
            first_payment: first_payment(&self.first_payment)?,
            include_first: self.include_first,
            acquisition_cost: self.acquisition_cost,
        })
    }
}

/// A row a period, the value, and the period in which a customer has paid for herself.
#[pyfunction]
pub fn cohort_value(py: Python<'_>, inputs: Counts) -> PyResult<(Frame, f64, Option<u32>)> {
    let value = inputs.value().or_raise(py)?;
    let column = |part: fn(&CohortRow) -> f64| value.rows.iter().map(part).collect::<Vec<_>>();
    let frame = Columns::default()
        .ints("period", value.rows.iter().map(|row| i64::from(row.period)))
        .floats("customers", &column(|row| row.customers))
        .floats("retention", &column(|row| row.retention))
        .floats("survival", &column(|row| row.survival))
        .floats("margin", &column(|row| row.margin))
        .floats("discount_factor", &column(|row| row.discount_factor))
        .floats("present_value", &column(|row| row.present_value))
        .floats("running_total", &column(|row| row.running_total))
        .floats("per_customer", &column(|row| row.per_customer))
        .floats("net_per_customer", &column(|row| row.net_per_customer))
        .frame(py)?;
    Ok((frame, value.value, value.break_even))
}

#[pyfunction]
pub fn cohort_value_working(py: Python<'_>, inputs: Counts, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}
