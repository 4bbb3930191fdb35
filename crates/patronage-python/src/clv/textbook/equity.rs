//! What all customers are worth.

use patronage::Result;
use patronage::clv::{CustomerEquity, Potential, Segment, SegmentEquity, customer_equity as core_equity};
use pyo3::prelude::*;

use super::{count, timing};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Part {
    segment: String,
    customers: f64,
    historical: f64,
    current: f64,
    cross_selling: f64,
    up_selling: f64,
    referrals: f64,
    retention: f64,
    acquisition_cost: f64,
    joins_after: i64,
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Equity {
    segments: Vec<Part>,
    discount_rate: f64,
    periods: i64,
    first_payment: String,
    survive_before_paying: bool,
}

impl Equity {
    fn value(&self) -> Result<CustomerEquity> {
        let segment = |part: &Part| {
            Ok(Segment {
                name: part.segment.clone(),
                customers: part.customers,
                historical: part.historical,
                current: part.current,
                potential: Potential {
                    cross_selling: part.cross_selling,
                    up_selling: part.up_selling,
                    referrals: part.referrals,
                },
                retention: part.retention,
                acquisition_cost: part.acquisition_cost,
                joins_after: count("joins_after", part.joins_after)?,
            })
        };
        let segments = self.segments.iter().map(segment).collect::<Result<Vec<_>>>()?;
        let timing = timing(&self.first_payment, self.survive_before_paying)?;
        core_equity(&segments, self.discount_rate, count("periods", self.periods)?, timing)
    }
}

/// A row a segment, and one of all segments together.
#[pyfunction]
pub fn customer_equity(py: Python<'_>, inputs: Equity) -> PyResult<(Frame, Frame)> {
    let equity = inputs.value().or_raise(py)?;
    let frame = |rows: &[SegmentEquity]| {
        let column = |part: fn(&SegmentEquity) -> f64| rows.iter().map(part).collect::<Vec<_>>();
        Columns::default()
            .texts("segment", rows.iter().map(|row| row.name.as_str()))
            .floats("customers", &column(|row| row.customers))
            .floats("historical", &column(|row| row.historical))
            .floats("current", &column(|row| row.current))
            .floats("potential", &column(|row| row.potential))
            .floats("acquisition", &column(|row| row.acquisition))
            .floats("equity", &column(|row| row.equity))
            .frame(py)
    };
    Ok((frame(&equity.segments)?, frame(std::slice::from_ref(&equity.total))?))
}

#[pyfunction]
pub fn customer_equity_working(py: Python<'_>, inputs: Equity, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}
