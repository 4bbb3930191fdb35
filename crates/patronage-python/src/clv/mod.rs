//! Lifetime value: tables of histories in; models, expectations and values out.

mod contractual;
mod gamma_gamma;
mod holdout;
mod inference;
mod nested;
mod opportunities;
mod paths;
mod purchase;
mod state;
pub mod textbook;
mod time_varying;

pub use contractual::{Durations, RetentionModel, retention_curve};
pub use gamma_gamma::GammaGamma;
pub use holdout::holdout_check;
pub use inference::chain_diagnostics;
pub use nested::likelihood_ratio;
pub use opportunities::opportunity_history;
pub use paths::{CovariatePaths, covariate_paths};
pub use purchase::PurchaseModel;
pub use time_varying::TimeVaryingModel;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatchReader};
use arrow_buffer::ScalarBuffer;
use numpy::PyReadonlyArray1;
use patronage::clv::{History, Spending};
use patronage::transactions::Labels;
use patronage::{Error, Result};
use pyo3::prelude::*;

use crate::columns;
use crate::error::OrRaise;
use crate::frame::{Columns, Frame, stream};
use crate::guard;

/// The column of ids, which goes out as it came in.
const CUSTOMER: &str = "customer";

/// A table of purchase histories as it was read.
#[pyclass(frozen, module = "patronage._core")]
pub struct HistoryTable {
    customer: Option<Labels>,
    columns: Vec<(String, ScalarBuffer<f64>)>,
    covariates: Vec<(String, Vec<f64>)>,
    weights: Option<ScalarBuffer<f64>>,
}

/// How many customers a row stands for: a column of the table, or numbers of their own.
#[derive(FromPyObject)]
enum Weights<'py> {
    Column(String),
    Counts(PyReadonlyArray1<'py, f64>),
}

#[pymethods]
impl HistoryTable {
    /// Reads the named columns of numbers and of covariates, and the column "customer" if there is one.
    #[new]
    #[pyo3(signature = (table, names, covariates, weights))]
    fn new(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        names: Vec<String>,
        covariates: Vec<String>,
        weights: Option<Weights<'_>>,
    ) -> PyResult<Self> {
        let batches = stream(table)?;
        let schema = batches.schema();
        names.iter().chain(&covariates).try_for_each(|name| columns::require(&schema, name)).or_raise(py)?;
        let has_customer = schema.fields().iter().any(|field| field.name() == CUSTOMER);
        let (weights_name, given) = match weights {
            Some(Weights::Column(name)) => (Some(name), None),
            Some(Weights::Counts(counts)) => (None, Some(counts.as_array().to_vec().into())),
            None => (None, None),
        };
        guard::run(py, None, move |watch| {
            let mut ids = columns::Ids::default();
            let mut read: Vec<(String, Vec<ScalarBuffer<f64>>)> =
                names.into_iter().chain(weights_name.clone()).map(|name| (name, Vec::new())).collect();
            let mut known: Vec<(String, Vec<f64>)> =
                covariates.into_iter().map(|name| (name, Vec::new())).collect();
            for batch in batches {
                watch.check()?;
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                for (name, parts) in &mut read {
                    let array = columns::find(&batch, name)?;
                    parts.push(numbers(name, array)?);
                }
                for (name, values) in &mut known {
                    let array = columns::find(&batch, name)?;
                    values.extend_from_slice(&columns::covariate(name, array.as_ref())?);
                }
                if has_customer {
                    let array = columns::find(&batch, CUSTOMER)?;
                    ids.extend(&columns::ids(CUSTOMER, array.as_ref(), ids.rows)?);
                }
            }
            let mut read: Vec<(String, ScalarBuffer<f64>)> =
                read.into_iter().map(|(name, parts)| (name, joined(parts))).collect();
            let weights = if weights_name.is_some() { read.pop().map(|(_, values)| values) } else { given };
            let customer = has_customer.then(|| ids.finish(CUSTOMER)).transpose()?;
            Ok(Self { customer, columns: read, covariates: known, weights })
        })
    }
}

/// The numbers of a batch; floats are not copied.
fn numbers(name: &str, array: &dyn Array) -> Result<ScalarBuffer<f64>> {
    let floats = array.as_primitive_opt::<Float64Type>().filter(|floats| floats.null_count() == 0);
    match floats {
        Some(floats) => Ok(floats.values().clone()),
        None => Ok(columns::numbers(name, array)?.into_owned().into()),
    }
}

fn joined(mut parts: Vec<ScalarBuffer<f64>>) -> ScalarBuffer<f64> {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        parts.iter().flat_map(|part| part.iter().copied()).collect()
    }
}

impl HistoryTable {
    fn column(&self, name: &str) -> Result<&[f64]> {
        let column = self.columns.iter().find(|(known, _)| known == name);
        column.map(|(_, values)| &values[..]).ok_or_else(|| Error::ColumnNeeded {
            column: name.into(),
            purpose: "this work".into(),
            mend: "give a purchase history".into(),
        })
    }

    fn history(&self) -> Result<History<'_>> {
        let history = History::new(self.column("frequency")?, self.column("recency")?, self.column("T")?)?;
        let history = match self.column("litt") {
            Ok(litt) => history.with_litt(litt)?,
            Err(_) => history,
        };
        let history = self
            .covariates
            .iter()
            .try_fold(history, |history, (name, values)| history.with_covariate(name, values))?;
        match &self.weights {
            Some(weights) => history.with_weights(weights),
            None => Ok(history),
        }
    }

    fn spending(&self, drop_nonpositive: bool) -> Result<Spending<'_>> {
        let (frequency, value) = (self.column("frequency")?, self.column("monetary_value")?);
        let spending = if drop_nonpositive {
            Spending::dropping_nonpositive(frequency, value)?
        } else {
            Spending::new(frequency, value)?
        };
        match &self.weights {
            Some(weights) => spending.with_weights(weights),
            None => Ok(spending),
        }
    }

    /// The ids, to which the columns of an answer are added.
    fn answer(&self) -> Columns {
        match &self.customer {
            Some(customer) => Columns::default().ids(CUSTOMER, customer),
            None => Columns::default(),
        }
    }

    /// An answer of one column.
    fn frame(&self, py: Python<'_>, name: &str, values: Vec<f64>) -> PyResult<Frame> {
        self.answer().own_floats(name, values).frame(py)
    }
}
