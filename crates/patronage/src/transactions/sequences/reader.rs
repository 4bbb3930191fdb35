//! Sequences from a long table: a row an item that a customer bought at a time.

use super::{Grain, Row, STRIDE, Sequences};
use crate::error::{Error, Result};
use crate::transactions::batch::{TimeColumn, day_of};
use crate::transactions::ids::{Dictionary, IdColumn};
use crate::watch::Watch;

/// The column that says which basket comes before which.
#[derive(Debug, Clone)]
pub enum WhenColumn<'a> {
    /// Dates or timestamps.
    Times(TimeColumn<'a>),
    /// Numbers that grow from basket to basket of a customer.
    Steps(IdColumn<'a>),
}

impl WhenColumn<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Times(times) => times.len(),
            Self::Steps(steps) => steps.len(),
        }
    }
}

/// Reads a long table batch by batch.
///
/// ```
/// use patronage::transactions::{Grain, IdColumn, SequenceReader, TimeColumn, WhenColumn};
/// use patronage::watch::Unwatched;
/// let mut reader = SequenceReader::new("customer", "day", "product", Grain::Day);
/// let days = WhenColumn::Times(TimeColumn::Days(&[19_723, 19_723, 19_800]));
/// let products = IdColumn::Texts(vec![Some("tea"), Some("milk"), Some("tea")]);
/// reader.push(&IdColumn::Ints(&[7, 7, 7]), &days, &products, &Unwatched)?;
/// assert_eq!(reader.finish(&Unwatched)?.n_baskets(), 2);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SequenceReader {
    names: [String; 3],
    grain: Grain,
    customers: Dictionary,
    items: Dictionary,
    rows: Vec<Row>,
    rows_read: u64,
    /// First row and number of rows without a customer, a time, an item; and with a time outside the calendar.
    bad: [(u64, u64); 4],
}

impl SequenceReader {
    /// A reader of three columns, named for its errors. A column of steps makes the grain a step.
    pub fn new(customer: &str, time: &str, item: &str, grain: Grain) -> Self {
        Self {
            names: [customer, time, item].map(String::from),
            grain,
            customers: Dictionary::new(customer),
            items: Dictionary::new(item),
            rows: Vec::new(),
            rows_read: 0,
            bad: [(0, 0); 4],
        }
    }

    /// Reads the rows of a batch.
    ///
    /// # Errors
    /// Columns of unequal length; mixed integers and strings; [`Error::Cancelled`].
    pub fn push(
        &mut self,
        customer: &IdColumn<'_>,
        time: &WhenColumn<'_>,
        item: &IdColumn<'_>,
        watch: &dyn Watch,
    ) -> Result<()> {
        let expected = customer.len();
        for (name, found) in self.names[1..].iter().zip([time.len(), item.len()]) {
            if found != expected {
                return Err(Error::UnequalLength { column: name.clone(), expected, found });
            }
        }
        if matches!(time, WhenColumn::Steps(_)) {
            self.grain = Grain::Step;
        }
        for row in 0..expected {
            if row % STRIDE == 0 {
                watch.check()?;
            }
            let who = customer.get(row).map(|id| self.customers.code_of(id)).transpose()?;
            let what = item.get(row).map(|id| self.items.code_of(id)).transpose()?;
            let (given, when) = match time {
                WhenColumn::Steps(steps) => {
                    let step = match steps.get(row) {
                        Some(crate::transactions::Id::Int(step)) => Some(step),
                        _ => None,
                    };
                    (step.is_some(), step)
                }
                WhenColumn::Times(times) => {
                    let micros = times.get(row);
                    let day = micros.and_then(day_of);
                    let moment = if self.grain == Grain::Day { day.map(i64::from) } else { micros };
                    (micros.is_some(), moment.filter(|_| day.is_some()))
                }
            };
            let problems = [who.is_none(), !given, what.is_none(), given && when.is_none()];
            for ((first, count), problem) in self.bad.iter_mut().zip(problems) {
                if problem {
                    *first = if *count == 0 { self.rows_read } else { *first };
                    *count += 1;
                }
            }
            if let (Some(customer), Some(time), Some(item)) = (who, when, what) {
                self.rows.push(Row { customer, time, item });
            }
            self.rows_read += 1;
        }
        Ok(())
    }

    /// The sequences; customers stand in the order of their ids.
    ///
    /// # Errors
    /// Rows without a customer, a time or an item; times outside the calendar; [`Error::Cancelled`].
    pub fn finish(mut self, watch: &dyn Watch) -> Result<Sequences> {
        let wrong = [
            (0, "the id is missing", "give them an id"),
            (1, "the time is missing", "give them a time"),
            (2, "the id is missing", "give them an id"),
            (1, "times outside the years 1 to 9999", "mend their times"),
        ];
        for ((column, problem, mend), &(row, count)) in wrong.into_iter().zip(&self.bad) {
            if count > 0 {
                return Err(Error::InvalidValue {
                    column: self.names[column].clone(),
                    row,
                    count,
                    problem: problem.into(),
                    mend: format!("drop these rows or {mend}"),
                });
            }
        }
        let (customers, customer_place) = self.customers.into_sorted();
        let (items, item_place) = self.items.into_sorted();
        for rows in self.rows.chunks_mut(STRIDE) {
            watch.check()?;
            for row in rows {
                row.customer = customer_place[row.customer as usize];
                row.item = item_place[row.item as usize];
            }
        }
        Sequences::from_rows(self.grain, customers, items, self.rows, watch)
    }
}
