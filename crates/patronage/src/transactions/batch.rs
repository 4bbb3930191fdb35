//! What comes in: lines of a purchase log, one by one or in batches of columns.

use super::calendar::{CALENDAR, Day};
use super::ids::{Id, IdColumn};

/// One line of a purchase log. A missing value is `None`; an amount that is NaN is missing too.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Line<'a> {
    /// Who bought.
    pub customer: Option<Id<'a>>,
    /// When, in microseconds since 1970-01-01 00:00 of the log's own clock.
    pub time: Option<i64>,
    /// For how much; negative for a return.
    pub amount: Option<f64>,
    /// In which order.
    pub order: Option<Id<'a>>,
    /// Which item.
    pub item: Option<Id<'a>>,
    /// How many.
    pub quantity: Option<f64>,
}

const MICROS_A_DAY: i64 = 86_400_000_000;

impl<'a> Line<'a> {
    /// A purchase by a customer on a day for an amount.
    pub fn new(customer: impl Into<Id<'a>>, day: Day, amount: f64) -> Self {
        Self {
            customer: Some(customer.into()),
            time: Some(i64::from(day) * MICROS_A_DAY),
            amount: Some(amount),
            ..Self::default()
        }
    }

    /// The same line as part of an order.
    #[must_use]
    pub fn order(mut self, order: impl Into<Id<'a>>) -> Self {
        self.order = Some(order.into());
        self
    }

    /// The same line with its item.
    #[must_use]
    pub fn item(mut self, item: impl Into<Id<'a>>) -> Self {
        self.item = Some(item.into());
        self
    }
}

/// The day of a moment, if the calendar has it.
pub(super) fn day_of(micros: i64) -> Option<Day> {
    let day = Day::try_from(micros.div_euclid(MICROS_A_DAY)).ok()?;
    CALENDAR.contains(&day).then_some(day)
}

/// The microseconds of a moment since its day began.
pub(super) fn time_of_day(micros: i64) -> u64 {
    micros.rem_euclid(MICROS_A_DAY) as u64
}

/// The time column of a batch. The smallest number of either type stands for a missing time.
#[derive(Debug, Clone)]
pub enum TimeColumn<'a> {
    /// Days since 1970-01-01.
    Days(&'a [Day]),
    /// Microseconds since 1970-01-01 00:00 of the log's own clock.
    Micros(std::borrow::Cow<'a, [i64]>),
}

impl TimeColumn<'_> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Days(days) => days.len(),
            Self::Micros(micros) => micros.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The days of some rows; the smallest number for those that are missing or that the calendar does not have.
    pub(super) fn days(&self, rows: std::ops::Range<usize>, into: &mut Vec<Day>) {
        into.clear();
        match self {
            Self::Days(days) => {
                let known = |&day: &Day| if CALENDAR.contains(&day) { day } else { Day::MIN };
                into.extend(days[rows].iter().map(known));
            }
            Self::Micros(micros) => {
                into.extend(micros[rows].iter().map(|&micros| day_of(micros).unwrap_or(Day::MIN)));
            }
        }
    }

    pub(super) fn time_of_day(&self, row: usize) -> u64 {
        match self {
            Self::Days(_) => 0,
            Self::Micros(micros) => time_of_day(micros[row]),
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<i64> {
        match self {
            Self::Days(days) => {
                days.get(row).filter(|&&d| d != Day::MIN).map(|&d| i64::from(d) * MICROS_A_DAY)
            }
            Self::Micros(micros) => micros.get(row).copied().filter(|&m| m != i64::MIN),
        }
    }
}

/// Some rows of a purchase log as columns of equal length. Numbers that are NaN are missing.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// Who bought.
    pub customer: IdColumn<'a>,
    /// When.
    pub time: TimeColumn<'a>,
    /// For how much; negative for a return.
    pub amount: Option<std::borrow::Cow<'a, [f64]>>,
    /// In which order.
    pub order: Option<IdColumn<'a>>,
    /// Which item.
    pub item: Option<IdColumn<'a>>,
    /// How many.
    pub quantity: Option<std::borrow::Cow<'a, [f64]>>,
}

impl Batch<'_> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.customer.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The lengths of the columns that are there, by role.
    pub(super) fn lengths(&self) -> impl Iterator<Item = (&'static str, usize)> {
        [
            Some(("time", self.time.len())),
            self.amount.as_ref().map(|c| ("amount", c.len())),
            self.order.as_ref().map(|c| ("order", c.len())),
            self.item.as_ref().map(|c| ("item", c.len())),
            self.quantity.as_ref().map(|c| ("quantity", c.len())),
        ]
        .into_iter()
        .flatten()
    }

    /// One row as a line.
    pub(super) fn line(&self, row: usize) -> Line<'_> {
        let number = |column: &Option<std::borrow::Cow<[f64]>>| {
            column.as_ref().and_then(|c| c.get(row).copied()).filter(|x| !x.is_nan())
        };
        Line {
            customer: self.customer.get(row),
            time: self.time.get(row),
            amount: number(&self.amount),
            order: self.order.as_ref().and_then(|c| c.get(row)),
            item: self.item.as_ref().and_then(|c| c.get(row)),
            quantity: number(&self.quantity),
        }
    }
}
