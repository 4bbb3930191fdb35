//! Customers who migrate between states.

use patronage::Result;
use patronage::clv::{
    Migration, MigrationClv, Recency, RecencyClv, migration_clv as core_migration,
    recency_clv as core_recency,
};
use pyo3::prelude::*;

use super::{count, first_payment, periods};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Chain {
    states: Vec<String>,
    transitions: Vec<Vec<f64>>,
    rewards: Vec<f64>,
    discount_rate: f64,
    horizon: Option<i64>,
    first_payment: String,
}

impl Chain {
    fn value(&self) -> Result<MigrationClv> {
        core_migration(Migration {
            states: self.states.clone(),
            transitions: self.transitions.clone(),
            rewards: self.rewards.clone(),
            discount_rate: self.discount_rate,
            horizon: periods("horizon", self.horizon)?,
            first_payment: first_payment(&self.first_payment)?,
        })
    }
}

/// A row a state.
#[pyfunction]
pub fn migration_clv(py: Python<'_>, inputs: Chain) -> PyResult<Frame> {
    let clv = inputs.value().or_raise(py)?;
    Columns::default()
        .texts("state", clv.inputs.states.iter().map(String::as_str))
        .floats("reward", &clv.inputs.rewards)
        .floats("value", &clv.values)
        .frame(py)
}

#[pyfunction]
pub fn migration_clv_working(py: Python<'_>, inputs: Chain, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Mailed {
    probabilities: Vec<f64>,
    contribution: f64,
    mailing_cost: f64,
    discount_rate: f64,
    horizon: Option<i64>,
    first_payment: String,
    stop_at: Option<i64>,
}

impl Mailed {
    fn value(&self) -> Result<RecencyClv> {
        let all = self.probabilities.len() as u32 + 1;
        core_recency(Recency {
            probabilities: self.probabilities.clone(),
            contribution: self.contribution,
            mailing_cost: self.mailing_cost,
            discount_rate: self.discount_rate,
            horizon: periods("horizon", self.horizon)?,
            first_payment: first_payment(&self.first_payment)?,
            stop_at: self.stop_at.map_or(Ok(all), |stop| count("stop_at", stop))?,
        })
    }
}

/// A row a recency, the value after a purchase for every stop, and the best stop.
#[pyfunction]
pub fn recency_clv(py: Python<'_>, inputs: Mailed) -> PyResult<(Frame, Vec<f64>, u32)> {
    let clv = inputs.value().or_raise(py)?;
    let chain = &clv.migration.inputs;
    let buys: Vec<f64> = chain.transitions.iter().map(|row| row[0]).collect();
    let frame = Columns::default()
        .texts("recency", chain.states.iter().map(String::as_str))
        .floats("probability", &buys)
        .floats("reward", &chain.rewards)
        .floats("value", &clv.migration.values)
        .frame(py)?;
    Ok((frame, clv.stops, clv.best_stop))
}

#[pyfunction]
pub fn recency_clv_working(py: Python<'_>, inputs: Mailed, lang: &str) -> PyResult<Working> {
    Ok(Working(inputs.value().or_raise(py)?.explain(language(py, lang)?)))
}
