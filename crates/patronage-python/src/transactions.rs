//! The entrance hall: logs in; customers, purchase histories, cohorts and baskets out.

use arrow_array::RecordBatchReader;
use patronage::transactions::calendar::{date, parse_day};
use patronage::transactions::{
    Batch, ColumnNames, Day, Duplicates, HistoryOptions, Id, LogReader, Missing, Period, Policy, Returns,
    TransactionLog as CoreLog, Unit,
};
use patronage::{Error, Watch};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::association::{Baskets, Sequences};
use crate::columns::{self, Clock};
use crate::error::{OrRaise, to_python};
use crate::frame::{Columns, Frame, stream};
use crate::guard;

/// A purchase log that has been read.
#[pyclass(frozen, module = "patronage._core")]
pub struct TransactionLog {
    pub log: CoreLog,
    zone: Option<String>,
}

/// The columns by role, as the caller named them.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Roles {
    customer: String,
    time: String,
    amount: Option<String>,
    order: Option<String>,
    item: Option<String>,
    quantity: Option<String>,
}

impl Roles {
    fn given(&self) -> impl Iterator<Item = &String> {
        [Some(&self.customer), Some(&self.time)]
            .into_iter()
            .chain([self.amount.as_ref(), self.order.as_ref(), self.item.as_ref(), self.quantity.as_ref()])
            .flatten()
    }

    fn names(&self) -> ColumnNames {
        let or = |name: &Option<String>, role: &str| name.clone().unwrap_or_else(|| role.into());
        ColumnNames {
            customer: self.customer.clone(),
            time: self.time.clone(),
            amount: or(&self.amount, "amount"),
            order: or(&self.order, "order"),
            item: or(&self.item, "item"),
            quantity: or(&self.quantity, "quantity"),
        }
    }
}

/// A customer's id as Python gives it.
#[derive(FromPyObject)]
enum CustomerId {
    Number(i64),
    Text(String),
}

/// A length of time: the name of a period, or a number of days.
#[derive(FromPyObject)]
pub enum Length {
    Name(String),
    Days(f64),
}

impl Length {
    pub fn unit(self) -> patronage::Result<Unit> {
        match self {
            Self::Days(days) => Unit::days(days),
            Self::Name(name) => Ok(name.parse::<Period>()?.into()),
        }
    }
}

fn choice<T: Copy>(name: &str, value: &str, choices: &[(&str, T)]) -> patronage::Result<T> {
    choices.iter().find(|(known, _)| *known == value).map(|&(_, choice)| choice).ok_or_else(|| {
        let known: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        Error::parameter(name, format!("'{value}'"), &format!("one of {}", known.join(", ")))
    })
}

fn policy(returns: &str, missing: &str, duplicates: &str) -> patronage::Result<Policy> {
    Ok(Policy {
        returns: choice(
            "returns",
            returns,
            &[("net", Returns::Net), ("drop", Returns::Drop), ("error", Returns::Error)],
        )?,
        missing: choice("missing", missing, &[("error", Missing::Error), ("drop", Missing::Drop)])?,
        duplicates: choice(
            "duplicates",
            duplicates,
            &[
                ("keep", Duplicates::Keep),
                ("drop", Duplicates::Drop),
                ("error", Duplicates::Error),
                ("ignore", Duplicates::Ignore),
            ],
        )?,
    })
}

fn day(py: Python<'_>, text: Option<&str>) -> PyResult<Option<Day>> {
    text.map(|text| parse_day(text).or_raise(py)).transpose()
}

#[pymethods]
impl TransactionLog {
    #[new]
    #[pyo3(signature = (table, roles, returns, missing, duplicates, keep_lines, rows, progress))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        roles: Roles,
        returns: &str,
        missing: &str,
        duplicates: &str,
        keep_lines: bool,
        rows: u64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let policy = policy(returns, missing, duplicates).or_raise(py)?;
        let batches = stream(table)?;
        let schema = batches.schema();
        roles.given().try_for_each(|name| columns::require(&schema, name)).or_raise(py)?;
        guard::run(py, progress, move |watch| {
            let mut clock = Clock::default();
            let mut reader = LogReader::new(policy).names(roles.names());
            if keep_lines {
                reader = reader.keep_lines();
            }
            let mut row = 0;
            for batch in batches {
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                read(&mut reader, &mut clock, &batch, &roles, row, watch)?;
                row += batch.num_rows() as u64;
                watch.progress(row, rows.max(row));
            }
            Ok(Self { log: reader.finish_watched(watch)?, zone: clock.zone() })
        })
    }

    /// The intake as JSON.
    fn intake(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string(self.log.intake()).map_err(|e| {
            to_python(py, &Error::InvalidModel { what: "intake".into(), problem: e.to_string() })
        })
    }

    /// The zone whose days are counted, if times are zoned.
    #[getter]
    fn zone(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    #[pyo3(signature = (as_of))]
    fn customers<'py>(&self, py: Python<'py>, as_of: Option<&str>) -> PyResult<(Frame, Bound<'py, PyDict>)> {
        let as_of = day(py, as_of)?;
        let table = guard::run(py, None, |_| Ok(self.log.customers(as_of)))?;
        let frame = Columns::default()
            .ids("customer", &table.customer)
            .days("first", &table.first)
            .days("last", &table.last)
            .ints("recency", table.recency.iter().map(|&d| i64::from(d)))
            .counts("frequency", &table.frequency)
            .optional_floats("monetary", table.monetary.as_ref())
            .optional_floats("mean_order", table.mean_order.as_ref())
            .optional_floats("quantity", table.quantity.as_ref())
            .counts("purchase_days", &table.purchase_days)
            .ints("tenure", table.tenure.iter().map(|&d| i64::from(d)))
            .floats("mean_gap", &table.mean_gap)
            .frame(py)?;
        let about = PyDict::new(py);
        about.set_item("as_of", table.as_of.map(|d| date(d).to_string()))?;
        about.set_item("later_lines", table.later_lines)?;
        Ok((frame, about))
    }

    #[pyo3(signature = (period, grain, as_of, calibration_end, litt))]
    fn purchase_history<'py>(
        &self,
        py: Python<'py>,
        period: Length,
        grain: &str,
        as_of: Option<&str>,
        calibration_end: Option<&str>,
        litt: bool,
    ) -> PyResult<(Frame, Bound<'py, PyDict>)> {
        let period = period.unit().or_raise(py)?;
        let grains = [
            ("day", Period::Day),
            ("week", Period::Week),
            ("month", Period::Month),
            ("quarter", Period::Quarter),
            ("year", Period::Year),
        ];
        let grain = choice("grain", grain, &grains).or_raise(py)?;
        let (as_of, calibration_end) = (day(py, as_of)?, day(py, calibration_end)?);
        let options = HistoryOptions { period, grain, as_of, calibration_end, litt };
        let history = guard::run(py, None, |watch| self.log.purchase_history_with(&options, watch))?;
        let mut columns = Columns::default()
            .ids("customer", &history.customer)
            .counts("frequency", &history.frequency)
            .floats("recency", &history.recency)
            .floats("T", &history.age)
            .optional_floats("monetary_value", history.monetary_value.as_ref())
            .optional_floats("litt", history.litt.as_ref());
        let about = PyDict::new(py);
        if let Some(holdout) = &history.holdout {
            columns = columns
                .counts("frequency_holdout", &holdout.frequency)
                .optional_floats("monetary_value_holdout", holdout.monetary_value.as_ref());
            about.set_item("duration_holdout", holdout.duration)?;
        }
        about.set_item("calibration_end", date(history.calibration_end).to_string())?;
        about.set_item("as_of", date(history.as_of).to_string())?;
        about.set_item("later_customers", history.later_customers)?;
        about.set_item("later_lines", history.later_lines)?;
        Ok((columns.frame(py)?, about))
    }

    /// Repeat purchases a period of those who first bought in the calibration.
    #[pyo3(signature = (period, as_of, calibration_end))]
    fn repeat_purchases<'py>(
        &self,
        py: Python<'py>,
        period: Length,
        as_of: Option<&str>,
        calibration_end: Option<&str>,
    ) -> PyResult<(Frame, Bound<'py, PyDict>)> {
        let period = period.unit().or_raise(py)?;
        let (as_of, calibration_end) = (day(py, as_of)?, day(py, calibration_end)?);
        let repeats = guard::run(py, None, |_| self.log.repeat_purchases(period, as_of, calibration_end))?;
        let frame = Columns::default()
            .floats("end", &repeats.ends)
            .counts("purchases", &repeats.purchases)
            .frame(py)?;
        let about = PyDict::new(py);
        about.set_item("first_day", date(repeats.first_day).to_string())?;
        about.set_item("as_of", date(repeats.as_of).to_string())?;
        about.set_item("calibration_end", repeats.calibration_end)?;
        Ok((frame, about))
    }

    /// The days on which a customer bought, as days since 1970-01-01; `None` if the log does not know her.
    fn purchase_days(&self, customer: CustomerId) -> Option<Vec<i32>> {
        let wanted = match &customer {
            CustomerId::Number(id) => Id::Int(*id),
            CustomerId::Text(id) => Id::Text(id),
        };
        let place = (0..self.log.ids().len() as u32).find(|&i| self.log.ids().get(i) == Some(wanted))?;
        let days = self.log.by_customer().nth(place as usize)?;
        Some(days.iter().filter(|d| d.purchase).map(|d| d.day).collect())
    }

    /// What each order holds.
    fn baskets(&self, py: Python<'_>) -> PyResult<Baskets> {
        guard::run(py, None, |_| self.log.baskets()).map(Baskets)
    }

    /// What each customer bought, day after day.
    fn sequences(&self, py: Python<'_>) -> PyResult<Sequences> {
        guard::run(py, None, |watch| self.log.sequences(watch)).map(Sequences)
    }

    /// A row a cohort and period: what could be observed, and nothing else.
    #[pyo3(signature = (period, as_of))]
    fn cohorts<'py>(
        &self,
        py: Python<'py>,
        period: &str,
        as_of: Option<&str>,
    ) -> PyResult<(Frame, Bound<'py, PyDict>)> {
        let period: Period = period.parse().or_raise(py)?;
        let as_of = day(py, as_of)?;
        let cohorts = guard::run(py, None, |_| self.log.cohorts(period, as_of))?;
        let rows =
            || {
                cohorts.cells.iter().enumerate().flat_map(|(cohort, cells)| {
                    cells.iter().enumerate().map(move |(k, cell)| (cohort, k, cell))
                })
            };
        let starts: Vec<Day> = rows().map(|(cohort, ..)| cohorts.starts[cohort]).collect();
        let revenue: Vec<f64> = rows().map(|(.., cell)| cell.revenue).collect();
        let frame = Columns::default()
            .days("cohort", &starts)
            .ints("size", rows().map(|(cohort, ..)| cohorts.sizes[cohort] as i64))
            .ints("period", rows().map(|(_, k, _)| k as i64))
            .ints("customers", rows().map(|(.., cell)| cell.customers as i64))
            .ints("orders", rows().map(|(.., cell)| cell.orders as i64))
            .floats("revenue", &revenue)
            .bools(
                "partial",
                rows()
                    .map(|(cohort, k, _)| cohorts.last_is_partial && k + 1 == cohorts.cells[cohort].len())
                    .collect(),
            )
            .frame(py)?;
        let about = PyDict::new(py);
        about.set_item("as_of", cohorts.as_of.map(|d| date(d).to_string()))?;
        about.set_item("last_is_partial", cohorts.last_is_partial)?;
        Ok((frame, about))
    }
}

fn read(
    reader: &mut LogReader,
    clock: &mut Clock,
    batch: &arrow_array::RecordBatch,
    roles: &Roles,
    row: u64,
    watch: &dyn Watch,
) -> patronage::Result<()> {
    let ids = |name: &Option<String>| {
        name.as_ref().map(|name| columns::ids(name, columns::find(batch, name)?.as_ref(), row)).transpose()
    };
    let numbers = |name: &Option<String>| {
        name.as_ref().map(|name| columns::numbers(name, columns::find(batch, name)?.as_ref())).transpose()
    };
    let customer = columns::ids(&roles.customer, columns::find(batch, &roles.customer)?.as_ref(), row)?;
    let time = clock.times(&roles.time, columns::find(batch, &roles.time)?.as_ref(), row)?;
    let batch = Batch {
        customer,
        time,
        amount: numbers(&roles.amount)?,
        order: ids(&roles.order)?,
        item: ids(&roles.item)?,
        quantity: numbers(&roles.quantity)?,
    };
    reader.push_batch(&batch, watch)
}
