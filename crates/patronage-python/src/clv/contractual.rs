//! Customers under contract: durations in; curves, models and expectations out.

use std::marker::PhantomData;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatchReader};
use arrow_schema::DataType;
use numpy::PyReadonlyArray1;
use patronage::clv::{
    BetaDiscreteWeibull, Durations as CoreDurations, Interval, RetentionModel as CoreModel,
    ShiftedBetaGeometric, retention_curve as core_curve,
};
use patronage::watch::Watch;
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Weights;
use super::state::State;
use crate::columns;
use crate::error::OrRaise;
use crate::frame::{Columns, Frame, stream};
use crate::guard;

/// How long customers stayed.
#[pyclass(frozen, module = "patronage._core")]
pub struct Durations(CoreDurations);

#[pymethods]
impl Durations {
    /// From the columns `duration` and `churned` of a table.
    #[staticmethod]
    fn from_table(py: Python<'_>, table: &Bound<'_, PyAny>, weights: Option<Weights<'_>>) -> PyResult<Self> {
        let batches = stream(table)?;
        let schema = batches.schema();
        for name in ["duration", "churned"] {
            columns::require(&schema, name).or_raise(py)?;
        }
        let (column, counts) = match weights {
            Some(Weights::Column(name)) => (Some(name), None),
            Some(Weights::Counts(counts)) => (None, Some(counts.as_array().to_vec())),
            None => (None, None),
        };
        guard::run(py, None, move |watch| {
            let (mut duration, mut churned, mut weights) = (vec![], vec![], counts);
            for batch in batches {
                watch.check()?;
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                let numbers = |name: &str| -> Result<Vec<f64>> {
                    Ok(columns::numbers(name, columns::find(&batch, name)?.as_ref())?.into_owned())
                };
                duration.extend(numbers("duration")?);
                churned.extend(flags("churned", columns::find(&batch, "churned")?.as_ref(), churned.len())?);
                if let Some(name) = &column {
                    weights.get_or_insert_default().extend(numbers(name)?);
                }
            }
            CoreDurations::new(&duration, &churned, weights.as_deref()).map(Self)
        })
    }

    /// Of each cohort, how many were there at the start, and after 1, 2, … periods.
    #[staticmethod]
    fn from_cohorts(py: Python<'_>, cohorts: Vec<PyReadonlyArray1<'_, f64>>) -> PyResult<Self> {
        let cohorts: Vec<Vec<f64>> = cohorts.iter().map(|counts| counts.as_array().to_vec()).collect();
        CoreDurations::from_cohorts(&cohorts).map(Self).or_raise(py)
    }

    #[getter]
    fn customers(&self) -> f64 {
        self.0.customers()
    }

    #[getter]
    fn churned(&self) -> f64 {
        self.0.churned()
    }
}

/// A column of truth values, or of 0 and 1.
fn flags(name: &str, array: &dyn Array, rows: usize) -> Result<Vec<bool>> {
    let values: Vec<Option<bool>> = match array.data_type() {
        DataType::Boolean => array.as_boolean().iter().collect(),
        _ => columns::numbers(name, array)?
            .iter()
            .map(|&x| if x == 0.0 || x == 1.0 { Some(x == 1.0) } else { None })
            .collect(),
    };
    let Some(first) = values.iter().position(Option::is_none) else {
        return Ok(values.into_iter().flatten().collect());
    };
    Err(Error::InvalidValue {
        column: name.into(),
        row: (rows + first) as u64,
        count: values.iter().filter(|value| value.is_none()).count() as u64,
        problem: "is neither true nor false".into(),
        mend: "say whether the customer left: true or false, 1 or 0".into(),
    })
}

/// The curve, a row a duration, and the median duration if half of the customers left.
#[pyfunction]
pub fn retention_curve(
    py: Python<'_>,
    durations: &Durations,
    confidence: f64,
    interval: &str,
) -> PyResult<(Frame, Option<f64>)> {
    let interval: Interval = interval.parse().or_raise(py)?;
    let curve = core_curve(&durations.0, confidence, interval).or_raise(py)?;
    let column = |of: fn(&patronage::clv::RetentionRow) -> f64| curve.rows.iter().map(of).collect::<Vec<_>>();
    let frame = Columns::default()
        .floats("duration", &column(|row| row.duration))
        .floats("at_risk", &column(|row| row.at_risk))
        .floats("churned", &column(|row| row.churned))
        .floats("censored", &column(|row| row.censored))
        .floats("retention", &column(|row| row.retention))
        .floats("survival", &column(|row| row.survival))
        .floats("standard_error", &column(|row| row.standard_error))
        .floats("lower", &column(|row| row.lower))
        .floats("upper", &column(|row| row.upper))
        .frame(py)?;
    Ok((frame, curve.median))
}

/// The kinds of models, by their names in the literature.
static KINDS: &[&dyn Kind] =
    &[&Of::<ShiftedBetaGeometric>(PhantomData), &Of::<BetaDiscreteWeibull>(PhantomData)];

/// Where models of one kind come from.
trait Kind: Sync {
    fn name(&self) -> &'static str;
    fn fit(&self, durations: &CoreDurations, watch: &dyn Watch) -> Result<Box<dyn Fitted>>;
    fn given(&self, values: &[f64]) -> Result<Box<dyn Fitted>>;
    fn read(&self, text: &str) -> Result<Box<dyn Fitted>>;
}

struct Of<M>(PhantomData<M>);

impl<M: CoreModel + Serialize + DeserializeOwned + 'static> Kind for Of<M> {
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn fit(&self, durations: &CoreDurations, watch: &dyn Watch) -> Result<Box<dyn Fitted>> {
        Ok(Box::new(State::Fitted(Box::new(M::fit(durations, watch)?))))
    }

    fn given(&self, values: &[f64]) -> Result<Box<dyn Fitted>> {
        Ok(Box::new(State::Given(M::from_parameters(values)?)))
    }

    fn read(&self, text: &str) -> Result<Box<dyn Fitted>> {
        Ok(Box::new(State::<M>::from_json(text)?))
    }
}

/// A model and the questions it answers.
trait Fitted: Send + Sync {
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>>;
    fn to_json(&self) -> Result<String>;
    fn log_likelihood(&self, durations: &CoreDurations) -> Result<f64>;
    fn by_period(&self, what: &str, periods: &[u32]) -> Result<Vec<f64>>;
    fn expected_lifetime(&self) -> f64;
    fn discounted_expected_lifetime(&self, discount_rate: f64) -> Result<f64>;
    fn discounted_expected_residual_lifetime(&self, periods: &[u32], discount_rate: f64) -> Result<Vec<f64>>;
}

impl<M: CoreModel + Serialize + DeserializeOwned> Fitted for State<M> {
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.summary(py)
    }

    fn to_json(&self) -> Result<String> {
        self.to_json()
    }

    fn log_likelihood(&self, durations: &CoreDurations) -> Result<f64> {
        self.model().log_likelihood(durations)
    }

    fn by_period(&self, what: &str, periods: &[u32]) -> Result<Vec<f64>> {
        let model = self.model();
        let answer: fn(&M, u32) -> f64 = match what {
            "survival" => M::survival,
            "retention" => M::retention,
            "churn_probability" => M::churn_probability,
            _ => return Err(Error::parameter("what", what, "survival, retention or churn_probability")),
        };
        Ok(periods.iter().map(|&t| answer(model, t)).collect())
    }

    fn expected_lifetime(&self) -> f64 {
        self.model().expected_lifetime()
    }

    fn discounted_expected_lifetime(&self, discount_rate: f64) -> Result<f64> {
        self.model().discounted_expected_lifetime(discount_rate)
    }

    fn discounted_expected_residual_lifetime(&self, periods: &[u32], discount_rate: f64) -> Result<Vec<f64>> {
        let model = self.model();
        periods.iter().map(|&n| model.discounted_expected_residual_lifetime(n, discount_rate)).collect()
    }
}

fn kind(name: &str) -> Result<&'static dyn Kind> {
    let known = || KINDS.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| Error::parameter("model", name, &format!("one of {}", known())))
}

#[pyclass(frozen, module = "patronage._core")]
pub struct RetentionModel(Box<dyn Fitted>);

#[pymethods]
impl RetentionModel {
    #[staticmethod]
    fn fit(
        py: Python<'_>,
        model: &str,
        durations: &Durations,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let kind = kind(model).or_raise(py)?;
        guard::run(py, progress, |watch| kind.fit(&durations.0, watch)).map(Self)
    }

    #[staticmethod]
    fn from_parameters(py: Python<'_>, model: &str, values: Vec<f64>) -> PyResult<Self> {
        kind(model).and_then(|kind| kind.given(&values)).map(Self).or_raise(py)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, model: &str, text: &str) -> PyResult<Self> {
        kind(model).and_then(|kind| kind.read(text)).map(Self).or_raise(py)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        self.0.to_json().or_raise(py)
    }

    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.0.summary(py)
    }

    fn log_likelihood(&self, py: Python<'_>, durations: &Durations) -> PyResult<f64> {
        self.0.log_likelihood(&durations.0).or_raise(py)
    }

    /// Survival, retention or the probability of churn at each of the periods.
    fn by_period(&self, py: Python<'_>, what: &str, periods: Vec<u32>) -> PyResult<Vec<f64>> {
        guard::run(py, None, |_| self.0.by_period(what, &periods))
    }

    fn expected_lifetime(&self) -> f64 {
        self.0.expected_lifetime()
    }

    fn discounted_expected_lifetime(&self, py: Python<'_>, discount_rate: f64) -> PyResult<f64> {
        self.0.discounted_expected_lifetime(discount_rate).or_raise(py)
    }

    fn discounted_expected_residual_lifetime(
        &self,
        py: Python<'_>,
        periods: Vec<u32>,
        discount_rate: f64,
    ) -> PyResult<Vec<f64>> {
        guard::run(py, None, |_| self.0.discounted_expected_residual_lifetime(&periods, discount_rate))
    }
}
