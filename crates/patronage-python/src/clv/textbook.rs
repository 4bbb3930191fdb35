//! Textbook lifetime value.
//!
//! Inputs come as a mapping of names, which is what a result keeps of itself; from it the working is made again.

use patronage::clv::{
    CustomerEquity, FirstPayment, LostCustomer, LostCustomerValue, Potential, Retention, RetentionClv,
    Segment, SimpleClv, Timing, customer_equity as core_equity, lost_customer_value as core_lost,
    retention_clv as core_retention, simple_clv as core_simple,
};
use patronage::{Error, Result};
use pyo3::prelude::*;

use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

/// A count that Python gives as any integer.
fn count(name: &str, value: i64) -> Result<u32> {
    u32::try_from(value).map_err(|_| Error::parameter(name, value, "a whole number from 0 to 4,294,967,295"))
}

fn first_payment(name: &str) -> Result<FirstPayment> {
    match name {
        "start" => Ok(FirstPayment::Start),
        "middle" => Ok(FirstPayment::Middle),
        "end" => Ok(FirstPayment::End),
        _ => Err(Error::parameter("first_payment", format!("'{name}'"), "'start', 'middle' or 'end'")),
    }
}

fn row(py: Python<'_>, values: &[(&str, f64)]) -> PyResult<Frame> {
    values.iter().fold(Columns::default(), |columns, (name, value)| columns.floats(name, &[*value])).frame(py)
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Simple {
    revenue_per_period: f64,
    periods: f64,
    margin: f64,
    referrals: f64,
}

impl Simple {
    fn value(&self) -> Result<SimpleClv> {
        core_simple(self.revenue_per_period, self.periods, self.margin, self.referrals)
    }
}

#[pyfunction]
pub fn simple_clv(py: Python<'_>, inputs: Simple) -> PyResult<Frame> {
    let value = inputs.value().or_raise(py)?;
    row(
        py,
        &[("own_value", value.own_value), ("referral_value", value.referral_value), ("value", value.value)],
    )
}

#[pyfunction]
pub fn simple_clv_working(py: Python<'_>, inputs: Simple, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Retained {
    margin: f64,
    retention: f64,
    discount_rate: f64,
    periods: Option<i64>,
    first_payment: String,
    survive_before_paying: bool,
    acquisition_cost: f64,
}

impl Retained {
    fn value(&self) -> Result<RetentionClv> {
        core_retention(Retention {
            margin: self.margin,
            retention: self.retention,
            discount_rate: self.discount_rate,
            periods: self.periods.map(|n| count("periods", n)).transpose()?,
            timing: Timing {
                first_payment: first_payment(&self.first_payment)?,
                survive_before_paying: self.survive_before_paying,
            },
            acquisition_cost: self.acquisition_cost,
        })
    }
}

#[pyfunction]
pub fn retention_clv(py: Python<'_>, inputs: Retained) -> PyResult<Frame> {
    let value = inputs.value().or_raise(py)?;
    row(py, &[("margins", value.margins), ("value", value.value)])
}

#[pyfunction]
pub fn retention_clv_working(py: Python<'_>, inputs: Retained, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Leaver {
    yearly_spend: f64,
    margin: f64,
    remaining_years: i64,
    discount_rate: f64,
    first_payment: String,
    people_told: f64,
    share_lost: f64,
    yearly_spend_of_told: f64,
}

impl Leaver {
    fn value(&self) -> Result<LostCustomerValue> {
        core_lost(LostCustomer {
            yearly_spend: self.yearly_spend,
            margin: self.margin,
            remaining_years: count("remaining_years", self.remaining_years)?,
            discount_rate: self.discount_rate,
            first_payment: first_payment(&self.first_payment)?,
            people_told: self.people_told,
            share_lost: self.share_lost,
            yearly_spend_of_told: self.yearly_spend_of_told,
        })
    }
}

#[pyfunction]
pub fn lost_customer_value(py: Python<'_>, inputs: Leaver) -> PyResult<Frame> {
    let value = inputs.value().or_raise(py)?;
    row(py, &[("own_value", value.own_value), ("told_value", value.told_value), ("value", value.value)])
}

#[pyfunction]
pub fn lost_customer_value_working(py: Python<'_>, inputs: Leaver, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}

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
        let timing = Timing {
            first_payment: first_payment(&self.first_payment)?,
            survive_before_paying: self.survive_before_paying,
        };
        core_equity(&segments, self.discount_rate, count("periods", self.periods)?, timing)
    }
}

/// A row a segment, and one of all segments together.
#[pyfunction]
pub fn customer_equity(py: Python<'_>, inputs: Equity) -> PyResult<(Frame, Frame)> {
    let equity = inputs.value().or_raise(py)?;
    let frame = |rows: &[patronage::clv::SegmentEquity]| {
        let column =
            |part: fn(&patronage::clv::SegmentEquity) -> f64| rows.iter().map(part).collect::<Vec<_>>();
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
