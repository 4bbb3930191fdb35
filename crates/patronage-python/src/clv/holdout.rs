//! Expected purchases beside actual ones.

use numpy::PyReadonlyArray1;
use patronage::clv::HoldoutCheck;
use pyo3::prelude::*;

use super::HistoryTable;
use crate::error::OrRaise;
use crate::frame::{Columns, Frame};

/// A row a frequency in the calibration; and all purchases of the hold-out, actual and expected.
#[pyfunction]
pub fn holdout_check(
    py: Python<'_>,
    history: &HistoryTable,
    expected: PyReadonlyArray1<'_, f64>,
    and_more: u32,
) -> PyResult<(Frame, f64, f64)> {
    let expected = expected.as_array().to_vec();
    let frequency = history.column("frequency").or_raise(py)?;
    let actual = history.column("frequency_holdout").or_raise(py)?;
    let check = HoldoutCheck::new(frequency, actual, &expected, and_more).or_raise(py)?;
    let frame = Columns::default()
        .ints("frequency", check.rows.iter().map(|row| i64::from(row.frequency)))
        .ints("customers", check.rows.iter().map(|row| row.customers as i64))
        .floats("actual", &check.rows.iter().map(|row| row.actual).collect::<Vec<_>>())
        .floats("expected", &check.rows.iter().map(|row| row.expected).collect::<Vec<_>>())
        .frame(py)?;
    Ok((frame, check.actual, check.expected))
}
