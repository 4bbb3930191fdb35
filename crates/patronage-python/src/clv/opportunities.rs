//! Histories in whole opportunities from a log.

use patronage::clv::opportunity_history as core;
use patronage::transactions::Period;
use patronage::transactions::calendar::{date, parse_day};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::OrRaise;
use crate::frame::{Columns, Frame};
use crate::guard;
use crate::transactions::TransactionLog;

#[pyfunction]
pub fn opportunity_history<'py>(
    py: Python<'py>,
    log: &TransactionLog,
    period: &str,
    as_of: Option<&str>,
    calibration_end: Option<&str>,
) -> PyResult<(Frame, Bound<'py, PyDict>)> {
    let period: Period = period.parse().or_raise(py)?;
    let day = |text: Option<&str>| text.map(parse_day).transpose().or_raise(py);
    let (as_of, calibration_end) = (day(as_of)?, day(calibration_end)?);
    let history = guard::run(py, None, |_| core(&log.log, period, as_of, calibration_end))?;
    let mut columns = Columns::default()
        .ids("customer", &history.customer)
        .counts("frequency", &history.frequency)
        .floats("recency", &history.recency)
        .floats("T", &history.age);
    let about = PyDict::new(py);
    if let Some(holdout) = &history.holdout {
        columns = columns.counts("frequency_holdout", &holdout.frequency);
        about.set_item("duration_holdout", holdout.duration)?;
    }
    about.set_item("calibration_end", date(history.calibration_end).to_string())?;
    about.set_item("as_of", date(history.as_of).to_string())?;
    about.set_item("later_customers", history.later_customers)?;
    Ok((columns.frame(py)?, about))
}
