//! Paths from a purchase log and a table of covariates by date.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::history::{History, same_length};
use super::paths::{Calendar, CovariatePaths, PathIntervals, check_values};
use crate::error::{Error, Result};
use crate::transactions::calendar::{CALENDAR, date};
use crate::transactions::{Day, Days, HistoryOptions, Id, Labels, Period, PurchaseHistory, Purchases};
use crate::watch::Watch;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 12;

/// For how long a row of covariates holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// So many days, at least 1, from its date on; any day may be the first.
    Days(u32),
    /// The calendar month, quarter or year of which its date is the first day (or the calendar week, from Monday).
    Calendar(Period),
}

impl Holds {
    /// The day on which the next row begins; `None` where this one cannot begin.
    fn next(self, day: Day) -> Option<Day> {
        match self {
            Self::Days(days) => Some(day.saturating_add(i32::try_from(days).unwrap_or(i32::MAX))),
            Self::Calendar(period) => {
                let index = period.index(day);
                (period.start(index) == day).then(|| period.start(index + 1))
            }
        }
    }
}

/// A table of covariates: a row a customer and date, or a row a date for all customers.
#[derive(Debug, Clone)]
pub struct CovariateTable<'a> {
    /// Whose row it is; `None` if each row is all customers'.
    pub customer: Option<&'a Labels>,
    /// Name of the column of dates, for errors.
    pub date_name: &'a str,
    /// First day on which the row holds.
    pub date: &'a [Day],
    /// For how long it does.
    pub holds: Holds,
    /// Names and values of the covariates.
    pub covariates: Vec<(&'a str, Cow<'a, [f64]>)>,
}

/// The histories of a log's customers with the paths of covariates: each begins on the day of the first purchase, with
/// the row that holds then, and goes as far as the table does.
///
/// Every day of each customer up to the end of the calibration must be in one row. What the table has after it is the
/// time ahead. A purchase counts with the row that holds on its day. Also told: the history, and how many rows of the
/// table belong to customers that the history does not have.
///
/// ```
/// use patronage::clv::{CovariateTable, Holds, covariate_paths};
/// use patronage::transactions::{HistoryOptions, Line, Policy, TransactionLog};
/// use patronage::watch::Unwatched;
/// let lines = [Line::new("Ann", 2, 12.0), Line::new("Ann", 15, 3.0), Line::new("Bob", 8, 5.0)];
/// let log = TransactionLog::from_lines(lines, Policy::default())?;
/// // A sale in the second and the third week, for everybody.
/// let table = CovariateTable {
///     customer: None,
///     date_name: "date",
///     date: &[0, 7, 14, 21],
///     holds: Holds::Days(7),
///     covariates: vec![("sale", vec![0.0, 1.0, 1.0, 0.0].into())],
/// };
/// let (paths, history, _) = covariate_paths(&log, &table, &HistoryOptions::default(), &Unwatched)?;
/// assert_eq!((paths.len(), history.frequency), (2, vec![1, 0]));
/// let anns: Vec<_> = paths.intervals(0).map(|(_, end, purchases, values)| (7.0 * end, purchases, values[0])).collect();
/// assert_eq!(anns, [(5.0, 0.0, 0.0), (12.0, 0.0, 1.0), (19.0, 1.0, 1.0), (26.0, 0.0, 0.0)]);
/// # Ok::<(), patronage::Error>(())
/// ```
///
/// # Errors
/// As [`Purchases::purchase_history_with`], and a grain other than the day; dates on which a row cannot begin; rows of
/// one customer that overlap or leave gaps; days without covariates; values that are not finite.
pub fn covariate_paths(
    purchases: &Purchases,
    table: &CovariateTable<'_>,
    options: &HistoryOptions,
    watch: &dyn Watch,
) -> Result<(CovariatePaths, PurchaseHistory, u64)> {
    if options.grain != Period::Day {
        return Err(Error::parameter("grain", "longer than a day", "purchases a day"));
    }
    let history = purchases.purchase_history_with(options, watch)?;
    let rows = table.rows(watch)?;
    let unit = history.period.in_days();
    let mut out = Out::default();
    let (mut first_days, mut strangers) = (Vec::new(), rows.count());
    for (code, days) in purchases.by_customer().enumerate() {
        if code.is_multiple_of(STRIDE) {
            watch.check()?;
        }
        let (days, _) = days.split_after(history.calibration_end);
        let Some(first) = days.first_purchase() else { continue };
        let Some(id) = purchases.ids().get(code as u32) else { continue };
        let own = rows.of(id);
        strangers -= if table.customer.is_some() { own.len() as u64 } else { 0 };
        out.customer(table, id, own, days, first, &history)?;
        first_days.push(first);
    }
    out.refuse(table)?;
    if table.customer.is_none() {
        strangers = 0;
    }
    let times = |days: &[Day]| days.iter().map(|&day| f64::from(day) / unit).collect::<Vec<f64>>();
    let columns: Vec<Vec<f64>> = table
        .covariates
        .iter()
        .map(|(_, values)| out.row.iter().map(|&row| values[row as usize]).collect())
        .collect();
    let named: Vec<(&str, &[f64])> =
        table.covariates.iter().zip(&columns).map(|((name, _), column)| (*name, &column[..])).collect();
    let intervals = PathIntervals {
        offsets: &out.offsets,
        start: &times(&out.start),
        end: &times(&out.end),
        purchases: &out.purchases,
        covariates: &named,
    };
    let paths = CovariatePaths::new(&History::of(&history)?, intervals)?;
    let calendar = Calendar { customer: history.customer.clone(), first: first_days, unit: history.period };
    Ok((paths.with_calendar(calendar), history, strangers))
}

/// The rows of a table by customer, each customer's in order of date.
enum Rows<'a> {
    /// Those of all customers.
    Common(Vec<u32>),
    Own(HashMap<Id<'a>, Vec<u32>>),
}

impl Rows<'_> {
    fn of<'b>(&'b self, customer: Id<'b>) -> &'b [u32] {
        match self {
            Self::Common(rows) => rows,
            Self::Own(rows) => rows.get(&customer).map_or(&[], Vec::as_slice),
        }
    }

    fn count(&self) -> u64 {
        match self {
            Self::Common(rows) => rows.len() as u64,
            Self::Own(rows) => rows.values().map(|rows| rows.len() as u64).sum(),
        }
    }
}

impl CovariateTable<'_> {
    fn refuse(&self, row: usize, count: u64, problem: String, mend: &str) -> Error {
        let column = self.date_name.into();
        Error::InvalidValue { column, row: row as u64, count, problem, mend: mend.into() }
    }

    /// Checks the rows, and sorts them.
    fn rows(&self, watch: &dyn Watch) -> Result<Rows<'_>> {
        let length = self.date.len();
        if let Some(customer) = self.customer {
            same_length("customer", length, customer.len())?;
        }
        for (name, values) in &self.covariates {
            same_length(name, length, values.len())?;
            check_values(name, values)?;
        }
        if self.holds == Holds::Days(0) {
            return Err(Error::parameter("every", 0, "at least one day"));
        }
        let wrong =
            |row: &usize| !CALENDAR.contains(&self.date[*row]) || self.holds.next(self.date[*row]).is_none();
        if let Some(row) = (0..length).find(wrong) {
            let count = (row..length).filter(wrong).count() as u64;
            let problem = "is missing, or not the first day of a calendar period".into();
            return Err(self.refuse(row, count, problem, "give the first day of each row's period"));
        }
        let sorted = |rows: &mut Vec<u32>| rows.sort_by_key(|&row| self.date[row as usize]);
        let Some(customer) = self.customer else {
            let mut rows: Vec<u32> = (0..length as u32).collect();
            sorted(&mut rows);
            return Ok(Rows::Common(rows));
        };
        let mut own: HashMap<Id<'_>, Vec<u32>> = HashMap::new();
        for (row, id) in customer.iter().enumerate() {
            if row.is_multiple_of(STRIDE) {
                watch.check()?;
            }
            own.entry(id).or_default().push(row as u32);
        }
        own.values_mut().for_each(sorted);
        Ok(Rows::Own(own))
    }
}

/// Intervals as they are made, in days since the customer's first purchase; and what is wrong with some.
#[derive(Default)]
struct Out {
    offsets: Vec<usize>,
    start: Vec<Day>,
    end: Vec<Day>,
    purchases: Vec<f64>,
    /// The table's row.
    row: Vec<u32>,
    problem: Option<(usize, String)>,
    count: u64,
}

impl Out {
    fn customer(
        &mut self,
        table: &CovariateTable<'_>,
        id: Id<'_>,
        rows: &[u32],
        days: Days<'_>,
        first: Day,
        history: &PurchaseHistory,
    ) -> Result<()> {
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        if rows.is_empty() {
            return Err(Error::NotEnoughData {
                what: format!("rows of covariates for customer '{id}'"),
                found: 0,
                needed: 1,
                mend:
                    "give the covariates of every customer, or a table without customers that holds for all"
                        .into(),
            });
        }
        let day = |at: usize| table.date[rows[at] as usize];
        let mut at = rows.partition_point(|&row| table.date[row as usize] <= first).saturating_sub(1);
        let mut known = first;
        let mut bought = days.iter().filter(|d| d.purchase && d.day > first).map(|d| d.day).peekable();
        while at < rows.len() {
            let (from, next) = (day(at), table.holds.next(day(at)).unwrap_or(day(at)));
            let begins = if known == first && from <= first { first } else { from };
            if begins != known || next <= known {
                let what = if begins < known { "overlap at" } else { "leave a gap before" };
                let problem = format!("covariates of customer '{id}' {what} {}", date(from.max(known)));
                self.note(rows[at] as usize, problem);
                break;
            }
            let mut times = 0.0;
            while bought.next_if(|&day| day < next).is_some() {
                times += 1.0;
            }
            self.start.push(known - first);
            self.end.push(next - first);
            self.purchases.push(times);
            self.row.push(rows[at]);
            (known, at) = (next, at + 1);
        }
        if at == rows.len() && known <= history.calibration_end {
            let end = date(history.calibration_end);
            let problem = format!("covariates of customer '{id}' are missing from {} to {end}", date(known));
            self.note(rows[at - 1] as usize, problem);
        }
        self.offsets.push(self.end.len());
        Ok(())
    }

    fn note(&mut self, row: usize, problem: String) {
        self.problem.get_or_insert((row, problem));
        self.count += 1;
    }

    /// An error if a customer's path is none.
    fn refuse(&self, table: &CovariateTable<'_>) -> Result<()> {
        let Some((row, problem)) = &self.problem else { return Ok(()) };
        let mend = "give one row for each period from the first purchase to the end of observation, each beginning \
                    where the one before ends";
        Err(table.refuse(*row, self.count, problem.clone(), mend))
    }
}
