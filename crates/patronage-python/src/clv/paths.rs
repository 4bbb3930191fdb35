//! Paths of covariates: from a log and a table of covariates, and from a table of intervals.

use arrow_array::{RecordBatch, RecordBatchReader};
use patronage::clv::{self as core, CovariateTable, Holds, PathRows};
use patronage::transactions::calendar::{date, parse_day};
use patronage::transactions::{Day, HistoryOptions, Labels, Period, TimeColumn};
use patronage::watch::Watch;
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{self, Clock};
use crate::error::OrRaise;
use crate::frame::{Columns, Frame, stream};
use crate::guard;
use crate::transactions::{Length, TransactionLog};

const CUSTOMER: &str = "customer";
const FIRST: &str = "first_purchase";
/// The history of a customer, and then what is known of an interval.
const NUMBERS: [&str; 6] = ["frequency", "recency", "T", "start", "end", "purchases"];

/// For how long a row of covariates holds: the name of a period, or a number of days.
#[derive(FromPyObject)]
pub enum Every {
    Name(String),
    Days(u32),
}

impl Every {
    fn holds(&self) -> Result<Holds> {
        Ok(match self {
            Self::Days(days) => Holds::Days(*days),
            Self::Name(name) => match name.parse()? {
                Period::Day => Holds::Days(1),
                Period::Week => Holds::Days(7),
                period => Holds::Calendar(period),
            },
        })
    }
}

/// Columns as they are read, batch by batch.
struct Reading {
    ids: Option<(String, columns::Ids)>,
    days: Option<(String, Vec<Day>)>,
    numbers: Vec<(String, Vec<f64>)>,
    covariates: Vec<(String, Vec<f64>)>,
    clock: Clock,
}

impl Reading {
    fn new(ids: Option<String>, days: Option<String>, numbers: &[&str], covariates: Vec<String>) -> Self {
        let empty = |name: String| (name, Vec::new());
        Self {
            ids: ids.map(|name| (name, columns::Ids::default())),
            days: days.map(|name| (name, Vec::new())),
            numbers: numbers.iter().map(|name| empty((*name).to_string())).collect(),
            covariates: covariates.into_iter().map(empty).collect(),
            clock: Clock::default(),
        }
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        let ids = self.ids.iter().map(|(name, _)| name);
        let days = self.days.iter().map(|(name, _)| name);
        let others = self.numbers.iter().chain(&self.covariates).map(|(name, _)| name);
        ids.chain(days).chain(others)
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        if let Some((name, ids)) = &mut self.ids {
            ids.extend(&columns::ids(name, columns::find(batch, name)?.as_ref(), ids.rows)?);
        }
        if let Some((name, days)) = &mut self.days {
            let array = columns::find(batch, name)?;
            match self.clock.times(name, array.as_ref(), days.len() as u64)? {
                TimeColumn::Days(times) => days.extend_from_slice(times),
                // Missing times are beyond the calendar, as they are in the core.
                TimeColumn::Micros(micros) => days.extend(micros.iter().map(|&time| columns::day_of(time))),
            }
        }
        for (name, values) in &mut self.numbers {
            values.extend_from_slice(&columns::numbers(name, columns::find(batch, name)?.as_ref())?);
        }
        for (name, values) in &mut self.covariates {
            values.extend_from_slice(&columns::covariate(name, columns::find(batch, name)?.as_ref())?);
        }
        Ok(())
    }

    /// The ids, if there are some.
    fn labels(&mut self) -> Result<Option<Labels>> {
        self.ids.take().map(|(name, ids)| ids.finish(&name)).transpose()
    }

    fn days(&self) -> &[Day] {
        self.days.as_ref().map_or(&[], |(_, days)| days)
    }

    fn number(&self, place: usize) -> &[f64] {
        &self.numbers[place].1
    }

    fn known(&self) -> Vec<(&str, &[f64])> {
        self.covariates.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect()
    }
}

/// Reads a table.
fn read(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    mut reading: Reading,
    work: impl FnOnce(Reading, &dyn Watch) -> Result<core::CovariatePaths> + Send,
) -> PyResult<core::CovariatePaths> {
    let batches = stream(table)?;
    let schema = batches.schema();
    reading.names().try_for_each(|name| columns::require(&schema, name)).or_raise(py)?;
    guard::run(py, None, move |watch| {
        for batch in batches {
            watch.check()?;
            reading.add(&batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?)?;
        }
        work(reading, watch)
    })
}

/// A row an interval: the customer, her history, the interval and the covariates; and what is to be said of the log.
#[pyfunction]
#[pyo3(signature = (log, table, customer, date_name, covariates, every, period, as_of, calibration_end))]
#[allow(clippy::too_many_arguments)]
pub fn covariate_paths<'py>(
    py: Python<'py>,
    log: &TransactionLog,
    table: &Bound<'py, PyAny>,
    customer: Option<String>,
    date_name: String,
    covariates: Vec<String>,
    every: Every,
    period: Length,
    as_of: Option<&str>,
    calibration_end: Option<&str>,
) -> PyResult<(Frame, Bound<'py, PyDict>)> {
    let holds = every.holds().or_raise(py)?;
    let day = |text: Option<&str>| text.map(parse_day).transpose().or_raise(py);
    let (as_of, calibration_end) = (day(as_of)?, day(calibration_end)?);
    let options = HistoryOptions {
        period: period.unit().or_raise(py)?,
        as_of,
        calibration_end,
        ..HistoryOptions::default()
    };
    let reading = Reading::new(customer, Some(date_name.clone()), &[], covariates);
    let mut told = None;
    let paths = read(py, table, reading, |mut reading, watch| {
        let labels = reading.labels()?;
        let covariates = reading.known().into_iter().map(|(name, values)| (name, values.into())).collect();
        let table = CovariateTable {
            customer: labels.as_ref(),
            date_name: &date_name,
            date: reading.days(),
            holds,
            covariates,
        };
        let (paths, history, strangers) = core::covariate_paths(&log.log, &table, &options, watch)?;
        told = Some((history, strangers));
        Ok(paths)
    })?;
    let about = PyDict::new(py);
    let mut customer = Labels::default();
    if let Some((history, strangers)) = told {
        if let Some(holdout) = &history.holdout {
            about.set_item("duration_holdout", holdout.duration)?;
            about.set_item("frequency_holdout", holdout.frequency.clone())?;
        }
        about.set_item("calibration_end", date(history.calibration_end).to_string())?;
        about.set_item("as_of", date(history.as_of).to_string())?;
        about.set_item("later_customers", history.later_customers)?;
        about.set_item("later_lines", history.later_lines)?;
        about.set_item("rows_of_others", strangers)?;
        customer = history.customer;
    }
    Ok((intervals(py, &paths, &customer)?, about))
}

/// A row an interval.
fn intervals(py: Python<'_>, paths: &core::CovariatePaths, customer: &Labels) -> PyResult<Frame> {
    let rows: Vec<u32> = (0..paths.len()).flat_map(|i| paths.intervals(i).map(move |_| i as u32)).collect();
    let known: Vec<[f64; 3]> = paths.histories().collect();
    let each = |place: usize| rows.iter().map(|&i| known[i as usize][place]).collect::<Vec<f64>>();
    let all = || (0..paths.len()).flat_map(|i| paths.intervals(i));
    let mut columns = Columns::default().ids(CUSTOMER, &customer.take(&rows));
    let first: Option<Vec<Day>> = rows.iter().map(|&i| paths.first_day(i as usize)).collect();
    if let Some(first) = first {
        columns = columns.days(FIRST, &first);
    }
    columns = columns
        .ints(NUMBERS[0], each(0).into_iter().map(|x| x as i64))
        .floats(NUMBERS[1], &each(1))
        .floats(NUMBERS[2], &each(2))
        .floats(NUMBERS[3], &all().map(|(start, _, _, _)| start).collect::<Vec<_>>())
        .floats(NUMBERS[4], &all().map(|(_, end, _, _)| end).collect::<Vec<_>>())
        .ints(NUMBERS[5], all().map(|(_, _, n, _)| n as i64));
    for (k, name) in paths.names().iter().enumerate() {
        columns = columns.floats(name, &all().map(|(_, _, _, values)| values[k]).collect::<Vec<_>>());
    }
    columns.frame(py)
}

/// Customers with paths of covariates.
#[pyclass(frozen, module = "patronage._core")]
pub struct CovariatePaths {
    pub paths: core::CovariatePaths,
    customer: Labels,
}

#[pymethods]
impl CovariatePaths {
    /// Reads a table of intervals; with `period` it has the days of the first purchases.
    #[new]
    #[pyo3(signature = (table, covariates, period))]
    fn new(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        covariates: Vec<String>,
        period: Option<Length>,
    ) -> PyResult<Self> {
        let unit = period.map(Length::unit).transpose().or_raise(py)?;
        let days = unit.map(|_| FIRST.into());
        let reading = Reading::new(Some(CUSTOMER.into()), days, &NUMBERS, covariates);
        let mut customer = Labels::default();
        let paths = read(py, table, reading, |mut reading, _| {
            let labels = reading.labels()?.unwrap_or_default();
            let paths = core::CovariatePaths::from_rows(&PathRows {
                customer: &labels,
                history: [0, 1, 2].map(|place| reading.number(place)),
                start: reading.number(3),
                end: reading.number(4),
                purchases: reading.number(5),
                covariates: &reading.known(),
                first: unit.map(|unit| (reading.days(), unit)),
            })?;
            let firsts: Vec<u32> = paths.offsets()[..paths.len()].iter().map(|&row| row as u32).collect();
            customer = labels.take(&firsts);
            Ok(paths)
        })?;
        Ok(Self { paths, customer })
    }

    fn __len__(&self) -> usize {
        self.paths.len()
    }

    /// A row an interval, as it was read.
    fn intervals(&self, py: Python<'_>) -> PyResult<Frame> {
        intervals(py, &self.paths, &self.customer)
    }

    /// A row a customer: frequency, recency and T.
    fn history(&self, py: Python<'_>) -> PyResult<Frame> {
        let known: Vec<[f64; 3]> = self.paths.histories().collect();
        let column = |place: usize| known.iter().map(|history| history[place]).collect::<Vec<f64>>();
        self.answer()
            .ints(NUMBERS[0], column(0).into_iter().map(|x| x as i64))
            .floats(NUMBERS[1], &column(1))
            .floats(NUMBERS[2], &column(2))
            .frame(py)
    }
}

impl CovariatePaths {
    /// The ids, to which the columns of an answer are added.
    pub fn answer(&self) -> Columns {
        Columns::default().ids(CUSTOMER, &self.customer)
    }
}
