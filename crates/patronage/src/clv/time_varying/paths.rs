//! Customers and what is known of them over time.

use super::super::history::{Customer, History, refuse, same_length};
use crate::error::{Error, Result};
use crate::transactions::calendar::date;
use crate::transactions::{Day, Labels, Unit};

/// The intervals of all customers, one customer after the other: a row each.
#[derive(Debug, Clone, Copy)]
pub struct PathIntervals<'a> {
    /// Where each customer's rows begin; one more at the end.
    pub offsets: &'a [usize],
    /// Periods from the customer's first purchase to the start of the interval.
    pub start: &'a [f64],
    /// Periods from the customer's first purchase to its end.
    pub end: &'a [f64],
    /// Repeat purchases in it; none after T.
    pub purchases: &'a [f64],
    /// Each covariate's name and its value in each interval.
    pub covariates: &'a [(&'a str, &'a [f64])],
}

/// Purchase histories with the covariates' paths: checked once, so that the model can trust them.
///
/// A path begins with the customer's first purchase and goes without gaps at least to the end of observation; what
/// is known of the time ahead goes on from there. A purchase at the moment where one interval ends and the next begins
/// may be counted in either.
///
/// ```
/// use patronage::clv::{CovariatePaths, Effect, History, ParetoNbd, PathIntervals, Process, WithCovariates};
/// use patronage::watch::Unwatched;
/// // Two purchases after the first, both in the second of three weeks; a fourth week is ahead.
/// let history = History::new(&[2.0][..], &[1.8], &[3.0])?;
/// let paths = CovariatePaths::new(&history, PathIntervals {
///     offsets: &[0, 4],
///     start: &[0.0, 1.0, 2.0, 3.0],
///     end: &[1.0, 2.0, 3.0, 4.0],
///     purchases: &[0.0, 2.0, 0.0, 0.0],
///     covariates: &[("promotion", &[0.0, 1.0, 0.0, 1.0])],
/// })?;
/// let promotion = Effect { process: Process::Purchase, covariate: "promotion".into(), coefficient: 0.9 };
/// let model = WithCovariates::new(ParetoNbd::new(0.553, 10.578, 0.606, 11.669)?, [promotion])?;
/// let expected = model.expected_purchases_along(&paths, 1.0, &Unwatched)?;
/// assert!((expected[0] - 0.39).abs() < 0.01);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CovariatePaths {
    customers: Vec<Customer>,
    weights: Option<Vec<f64>>,
    offsets: Vec<usize>,
    end: Vec<f64>,
    purchases: Vec<f64>,
    names: Vec<String>,
    /// A row an interval.
    values: Vec<f64>,
    calendar: Option<Calendar>,
}

/// Who the customers are, and when each bought first.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    pub customer: Labels,
    pub first: Vec<Day>,
    pub unit: Unit,
}

impl CovariatePaths {
    /// Checks the intervals against the histories.
    ///
    /// # Errors
    /// A path that does not begin with the first purchase, has gaps or overlaps, or ends before T; purchases in
    /// intervals that do not add up to the frequency, lie after T, or do not agree with the recency; values that are
    /// not finite.
    pub fn new(history: &History<'_>, intervals: PathIntervals<'_>) -> Result<Self> {
        let PathIntervals { offsets, start, end, purchases, covariates } = intervals;
        let rows = end.len();
        same_length("start", rows, start.len())?;
        same_length("purchases", rows, purchases.len())?;
        for (place, (name, values)) in covariates.iter().enumerate() {
            same_length(name, rows, values.len())?;
            check_values(name, values)?;
            if covariates[..place].iter().any(|(known, _)| known == name) {
                return Err(Error::parameter("covariate", name, "each name once"));
            }
        }
        check_offsets(offsets, history.len(), rows)?;
        check_times(offsets, start, end)?;
        refuse(
            "purchases",
            rows,
            |i| !(purchases[i].is_finite() && purchases[i] >= 0.0 && purchases[i].fract() == 0.0),
            "is not a whole number of purchases",
            "count the repeat purchases in each interval",
        )?;
        let paths = Self {
            customers: history.rows().collect(),
            weights: history.weights().map(<[f64]>::to_vec),
            offsets: offsets.to_vec(),
            end: end.to_vec(),
            purchases: purchases.to_vec(),
            names: covariates.iter().map(|(name, _)| (*name).to_string()).collect(),
            values: (0..rows).flat_map(|i| covariates.iter().map(move |(_, values)| values[i])).collect(),
            calendar: None,
        };
        paths.check_histories()?;
        Ok(paths)
    }

    pub(super) fn with_calendar(self, calendar: Calendar) -> Self {
        Self { calendar: Some(calendar), ..self }
    }

    /// An error unless paths and histories agree.
    fn check_histories(&self) -> Result<()> {
        let customers = self.customers.len();
        let last = |i: usize| self.intervals(i).map(|(_, to, _, _)| to).last().unwrap_or(0.0);
        refuse(
            "end",
            customers,
            |i| last(i) < self.customers[i].age,
            "of the last interval lies before T",
            "give the covariates of each customer (the row is hers) to the end of observation",
        )?;
        refuse(
            "purchases",
            customers,
            |i| self.intervals(i).map(|(_, _, n, _)| n).sum::<f64>() != self.customers[i].frequency,
            "do not add up to the frequency",
            "count each repeat purchase of a customer (the row is hers) in one interval",
        )?;
        let bought = |i: usize| self.intervals(i).filter(|(_, _, n, _)| *n > 0.0);
        refuse(
            "purchases",
            customers,
            |i| bought(i).any(|(from, _, _, _)| from > self.customers[i].age),
            "lie in intervals after T",
            "count purchases up to the end of observation only (the row is the customer's)",
        )?;
        refuse(
            "recency",
            customers,
            |i| {
                let last = bought(i).last();
                let recency = self.customers[i].recency;
                last.is_some_and(|(from, to, _, _)| recency < from || recency > to)
            },
            "is not in the last interval with a purchase",
            "count each purchase of a customer (the row is hers) in the interval in which it was made",
        )
    }

    /// Number of customers.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// The covariates' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Ids of the customers, if the paths come from a log.
    pub fn customer(&self) -> Option<&Labels> {
        self.calendar.as_ref().map(|calendar| &calendar.customer)
    }

    /// The day of a customer's first purchase, if the paths come from a log.
    pub fn first_day(&self, customer: usize) -> Option<Day> {
        self.calendar.as_ref().and_then(|calendar| calendar.first.get(customer).copied())
    }

    /// Where each customer's intervals begin; one more at the end.
    pub fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// Frequency, recency and T of each customer.
    pub fn histories(&self) -> impl Iterator<Item = [f64; 3]> {
        self.customers.iter().map(|customer| [customer.frequency, customer.recency, customer.age])
    }

    /// Start, end, repeat purchases and covariates of a customer's intervals; none of a customer who is not there.
    pub fn intervals(&self, customer: usize) -> impl Iterator<Item = (f64, f64, f64, &[f64])> {
        let offset = |place: Option<usize>| place.and_then(|place| self.offsets.get(place).copied());
        let end = offset(customer.checked_add(1)).unwrap_or(0);
        let rows = offset(Some(customer)).unwrap_or(end).min(end)..end;
        let first = rows.start;
        let width = self.names.len();
        rows.map(move |row| {
            let from = if row == first { 0.0 } else { self.end[row - 1] };
            (from, self.end[row], self.purchases[row], &self.values[row * width..(row + 1) * width])
        })
    }

    pub(super) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(super) fn weight(&self, customer: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[customer])
    }

    /// The place of a covariate among the names.
    pub(super) fn place(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|known| known == name).ok_or_else(|| Error::ColumnNeeded {
            column: name.into(),
            purpose: "a model with this covariate".into(),
            mend: "give it with the paths".into(),
        })
    }

    /// Until when, after T, the path of a customer is known.
    pub(super) fn ahead(&self, customer: usize) -> f64 {
        let rows = self.offsets[customer]..self.offsets[customer + 1];
        self.end[rows].last().map_or(0.0, |end| end - self.customers[customer].age)
    }

    /// A customer and a moment, in words.
    pub(super) fn moment(&self, customer: usize, periods: f64) -> (String, String) {
        match &self.calendar {
            Some(Calendar { customer: ids, first, unit }) => {
                let id = ids.get(customer as u32).map_or_else(String::new, |id| id.to_string());
                let day = first[customer].saturating_add((periods * unit.in_days()).round() as Day);
                (format!("'{id}'"), date(day).to_string())
            }
            None => (format!("in row {customer}"), format!("{periods} periods after the first purchase")),
        }
    }
}

pub(super) fn check_values(name: &str, values: &[f64]) -> Result<()> {
    refuse(
        name,
        values.len(),
        |i| !values[i].is_finite(),
        "is not a finite number",
        "a covariate must be known in every interval: fill it in, or leave it out",
    )
}

fn check_offsets(offsets: &[usize], customers: usize, rows: usize) -> Result<()> {
    same_length("offsets", customers + 1, offsets.len())?;
    let ascending = offsets.windows(2).all(|pair| pair[0] <= pair[1]);
    if ascending && offsets.first() == Some(&0) && offsets.last() == Some(&rows) {
        return Ok(());
    }
    let expected = format!("ascending places from 0 to {rows}, the number of intervals");
    Err(Error::parameter("offsets", "others", &expected))
}

fn check_times(offsets: &[usize], start: &[f64], end: &[f64]) -> Result<()> {
    let rows = end.len();
    let in_time = |column: &[f64], i: usize| column[i].is_finite() && column[i] >= 0.0;
    for (name, column) in [("start", start), ("end", end)] {
        refuse(
            name,
            rows,
            |i| !in_time(column, i),
            "is not a finite length of time",
            "count periods from the customer's first purchase",
        )?;
    }
    refuse(
        "end",
        rows,
        |i| end[i] < start[i],
        "lies before the start",
        "give intervals that end after they begin",
    )?;
    let mut begins = vec![false; rows + 1];
    offsets.iter().for_each(|&row| begins[row] = true);
    refuse(
        "start",
        rows,
        |i| begins[i] && start[i] != 0.0,
        "of a customer's first interval is not 0",
        "begin each path with the customer's first purchase",
    )?;
    let follows = |i: usize| i > 0 && !begins[i];
    refuse(
        "start",
        rows,
        |i| follows(i) && start[i] > end[i - 1],
        "leaves a gap after the interval before",
        "give the covariates of all the time of each customer",
    )?;
    refuse(
        "start",
        rows,
        |i| follows(i) && start[i] < end[i - 1],
        "overlaps the interval before",
        "sort each customer's intervals by time, and let each begin where the one before ends",
    )
}
