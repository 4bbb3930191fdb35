//! Paths from one table, and back into it: a row an interval, with the customer's history in each of her rows.

use std::collections::HashSet;

use super::super::history::{History, refuse, same_length};
use super::paths::{Calendar, CovariatePaths, PathIntervals};
use crate::error::{Error, Result};
use crate::transactions::{Day, Labels, Unit};

/// A table of intervals: the rows of each customer stand together, in order of time.
#[derive(Debug, Clone)]
pub struct PathRows<'a> {
    /// Whose row it is.
    pub customer: &'a Labels,
    /// Frequency, recency and T of the customer, the same in all her rows.
    pub history: [&'a [f64]; 3],
    /// Periods from the first purchase to the start of the interval.
    pub start: &'a [f64],
    /// Periods from the first purchase to its end.
    pub end: &'a [f64],
    /// Repeat purchases in it.
    pub purchases: &'a [f64],
    /// Names and values of the covariates.
    pub covariates: &'a [(&'a str, &'a [f64])],
    /// The day of the customer's first purchase and the length of a period, so that errors can name dates.
    pub first: Option<(&'a [Day], Unit)>,
}

impl CovariatePaths {
    /// Paths from a table of intervals.
    ///
    /// # Errors
    /// As [`CovariatePaths::new`]; rows of a customer that are not together, or that disagree about her history.
    pub fn from_rows(rows: &PathRows<'_>) -> Result<Self> {
        let customer = rows.customer;
        let count = customer.len();
        for (name, column) in ["frequency", "recency", "T"].into_iter().zip(rows.history) {
            same_length(name, count, column.len())?;
        }
        let same = |i: usize| i > 0 && customer.get(i as u32) == customer.get(i as u32 - 1);
        for (name, column) in ["frequency", "recency", "T"].into_iter().zip(rows.history) {
            refuse(
                name,
                count,
                |i| same(i) && column[i].to_bits() != column[i - 1].to_bits(),
                "is not that of the row before, which is of the same customer",
                "repeat each customer's history in all her rows",
            )?;
        }
        let begins: Vec<usize> = (0..count).filter(|&i| !same(i)).collect();
        let mut seen = HashSet::new();
        let again = |&&row: &&usize| customer.get(row as u32).is_some_and(|id| !seen.insert(id));
        if let Some(&row) = begins.iter().find(again) {
            return Err(Error::InvalidValue {
                column: "customer".into(),
                row: row as u64,
                count: 1,
                problem: "comes back after rows of others".into(),
                mend: "sort the rows by customer and start".into(),
            });
        }
        let of = |column: &[f64]| begins.iter().map(|&row| column[row]).collect::<Vec<f64>>();
        let [frequency, recency, age] = rows.history.map(of);
        let history = History::new(frequency, &recency, &age)?;
        let offsets: Vec<usize> = begins.iter().copied().chain([count]).collect();
        let intervals = PathIntervals {
            offsets: &offsets,
            start: rows.start,
            end: rows.end,
            purchases: rows.purchases,
            covariates: rows.covariates,
        };
        same_length("end", count, rows.end.len())?;
        let paths = Self::new(&history, intervals)?;
        let Some((days, unit)) = rows.first else { return Ok(paths) };
        same_length("first_purchase", count, days.len())?;
        let first = begins.iter().map(|&row| days[row]).collect();
        let codes: Vec<u32> = begins.iter().map(|&row| row as u32).collect();
        Ok(paths.with_calendar(Calendar { customer: customer.take(&codes), first, unit }))
    }
}
