//! Errors of the core as the Python exceptions of `patronage.errors`.

use patronage::Error;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The exception of an error.
pub fn to_python(py: Python<'_>, error: &Error) -> PyErr {
    let class = match error {
        Error::InvalidValue { .. } | Error::UnequalLength { .. } => "InvalidInput",
        Error::ColumnNeeded { .. } => "ColumnNotFound",
        Error::InvalidParameter { .. } => "InvalidParameter",
        Error::NotEnoughData { .. } => "NotEnoughData",
        Error::UnknownName { .. } => "UnknownName",
        Error::InvalidTree { .. } => "InvalidTree",
        Error::InvalidModel { .. } => "InvalidModel",
        Error::LimitExceeded { .. } | Error::Overflow { .. } => "LimitExceeded",
        Error::NotConverged { .. } => "NotConverged",
        Error::Cancelled => return PyKeyboardInterrupt::new_err("cancelled"),
        _ => "PatronageError",
    };
    exception(py, class, &error.to_string())
}

/// An exception of `patronage.errors` by the name of its class.
pub fn exception(py: Python<'_>, class: &str, message: &str) -> PyErr {
    let make = || -> PyResult<PyErr> {
        let instance = py.import("patronage.errors")?.getattr(class)?.call1((PyString::new(py, message),))?;
        Ok(PyErr::from_value(instance))
    };
    make().unwrap_or_else(|broken| broken)
}

/// Brings the error of a quick call of the core to Python; long calls go through the guard.
pub trait OrRaise<T> {
    /// The value, or the exception.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for patronage::Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| to_python(py, &error))
    }
}
