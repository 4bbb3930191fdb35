//! One customer's relationship: simple, with retention, with promotion.

use patronage::Result;
use patronage::clv::{
    Promotion, PromotionClv, Retention, RetentionClv, SimpleClv, promotion_clv as core_promotion,
    retention_clv as core_retention, simple_clv as core_simple,
};
use pyo3::prelude::*;

use super::{moment, periods, row, timing};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::Frame;

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
            periods: periods("periods", self.periods)?,
            timing: timing(&self.first_payment, self.survive_before_paying)?,
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
pub struct Promoted {
    contribution: f64,
    promotion_cost: f64,
    retention: f64,
    discount_rate: f64,
    periods: Option<i64>,
    promotion_at: String,
    first_sale_now: bool,
}

impl Promoted {
    fn value(&self) -> Result<PromotionClv> {
        core_promotion(Promotion {
            contribution: self.contribution,
            promotion_cost: self.promotion_cost,
            retention: self.retention,
            discount_rate: self.discount_rate,
            periods: periods("periods", self.periods)?,
            promotion_at: moment("promotion_at", &self.promotion_at)?,
            first_sale_now: self.first_sale_now,
        })
    }
}

#[pyfunction]
pub fn promotion_clv(py: Python<'_>, inputs: Promoted) -> PyResult<Frame> {
    let value = inputs.value().or_raise(py)?;
    row(
        py,
        &[("contributions", value.contributions), ("promotions", value.promotions), ("value", value.value)],
    )
}

#[pyfunction]
pub fn promotion_clv_working(py: Python<'_>, inputs: Promoted, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}
