//! Likelihood-ratio tests of nested fits.

use patronage::Error;
use patronage::clv::{LikelihoodRatio, Null};
use pyo3::prelude::*;

use super::purchase::PurchaseModel;
use super::time_varying::TimeVaryingModel;
use crate::error::OrRaise;
use crate::frame::{Columns, Frame};

/// A model that may have been fitted.
#[derive(FromPyObject)]
pub enum Tested<'py> {
    Purchase(PyRef<'py, PurchaseModel>),
    TimeVarying(PyRef<'py, TimeVaryingModel>),
}

/// A row with statistic, degrees of freedom and p; and what p is based on.
#[pyfunction]
pub fn likelihood_ratio(
    py: Python<'_>,
    simpler: Tested<'_>,
    richer: Tested<'_>,
) -> PyResult<(Frame, &'static str)> {
    let summary = |model: &Tested<'_>| {
        let summary = match model {
            Tested::Purchase(model) => model.fit_summary(),
            Tested::TimeVarying(model) => model.fit_summary(),
        };
        summary.ok_or_else(|| Error::parameter("fits", "a model without a fit", "two fitted models"))
    };
    let test = summary(&simpler)
        .and_then(|simpler| LikelihoodRatio::between(&simpler, &summary(&richer)?))
        .or_raise(py)?;
    let null = match test.null {
        Null::Inside => "inside",
        Null::Edge => "edge",
        Null::Unidentified => "unidentified",
    };
    let frame = Columns::default()
        .floats("statistic", &[test.statistic])
        .ints("degrees_of_freedom", [i64::from(test.degrees_of_freedom)])
        .floats("p_value", &[test.p_value])
        .frame(py)?;
    Ok((frame, null))
}
