//! A customer and those she talks to: the one who brings others, the one who leaves.

use patronage::Result;
use patronage::clv::{
    LostCustomer, LostCustomerValue, Referral, ReferralValue, lost_customer_value as core_lost,
    referral_value as core_referral,
};
use pyo3::prelude::*;

use super::{count, first_payment, row};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::Frame;

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
pub struct Advocate {
    people_told: f64,
    conversion: f64,
    would_have_bought: f64,
    value_per_referred: f64,
    saved_acquisition: f64,
    reward: f64,
    periods: i64,
    discount_rate: f64,
    first_payment: String,
}

impl Advocate {
    fn value(&self) -> Result<ReferralValue> {
        core_referral(Referral {
            people_told: self.people_told,
            conversion: self.conversion,
            would_have_bought: self.would_have_bought,
            value_per_referred: self.value_per_referred,
            saved_acquisition: self.saved_acquisition,
            reward: self.reward,
            periods: count("periods", self.periods)?,
            discount_rate: self.discount_rate,
            first_payment: first_payment(&self.first_payment)?,
        })
    }
}

#[pyfunction]
pub fn referral_value(py: Python<'_>, inputs: Advocate) -> PyResult<Frame> {
    let value = inputs.value().or_raise(py)?;
    row(
        py,
        &[
            ("won", value.won),
            ("anyway", value.anyway),
            ("won_value", value.won_value),
            ("saved_value", value.saved_value),
            ("rewards", value.rewards),
            ("value", value.value),
        ],
    )
}

#[pyfunction]
pub fn referral_value_working(py: Python<'_>, inputs: Advocate, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}
