//! Textbook lifetime value.
//!
//! Inputs come as a mapping of names, which is what a result keeps of itself; from it the working is made again.

mod budget;
mod cohort;
mod equity;
mod migration;
mod multiple;
mod people;
mod relationship;

pub use budget::{
    acquisition_budget, acquisition_budget_points, acquisition_budget_working, retention_budget,
    retention_budget_points, retention_budget_working,
};
pub use cohort::{cohort_value, cohort_value_working};
pub use equity::{customer_equity, customer_equity_working};
pub use migration::{migration_clv, migration_clv_working, recency_clv, recency_clv_working};
pub use multiple::{
    margin_multiple, margin_multiple_working, margin_multiples, margin_multiples_working, required_retention,
    required_retention_working,
};
pub use people::{lost_customer_value, lost_customer_value_working, referral_value, referral_value_working};
pub use relationship::{
    promotion_clv, promotion_clv_working, retention_clv, retention_clv_working, simple_clv,
    simple_clv_working,
};

use patronage::clv::{FirstPayment, Timing};
use patronage::{Error, Result};
use pyo3::prelude::*;

use crate::frame::{Columns, Frame};

/// A count that Python gives as any integer.
fn count(name: &str, value: i64) -> Result<u32> {
    u32::try_from(value).map_err(|_| Error::parameter(name, value, "a whole number from 0 to 4,294,967,295"))
}

/// A number of periods, or none for ever.
fn periods(name: &str, value: Option<i64>) -> Result<Option<u32>> {
    value.map(|n| count(name, n)).transpose()
}

fn moment(parameter: &str, name: &str) -> Result<FirstPayment> {
    match name {
        "start" => Ok(FirstPayment::Start),
        "middle" => Ok(FirstPayment::Middle),
        "end" => Ok(FirstPayment::End),
        _ => Err(Error::parameter(parameter, format!("'{name}'"), "'start', 'middle' or 'end'")),
    }
}

fn first_payment(name: &str) -> Result<FirstPayment> {
    moment("first_payment", name)
}

fn timing(first: &str, survive_before_paying: bool) -> Result<Timing> {
    Ok(Timing { first_payment: first_payment(first)?, survive_before_paying })
}

fn row(py: Python<'_>, values: &[(&str, f64)]) -> PyResult<Frame> {
    values.iter().fold(Columns::default(), |columns, (name, value)| columns.floats(name, &[*value])).frame(py)
}
