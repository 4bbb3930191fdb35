//! What came in, what was set aside, and why.

use serde::{Deserialize, Serialize};

use super::calendar::Day;
use crate::error::Error;

/// What to do with lines of negative amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Returns {
    /// Take them off the customer's spending; they are no purchase, order or basket of their own.
    #[default]
    Net,
    /// Set them aside.
    Drop,
    /// Refuse the log.
    Error,
}

/// What to do with lines that lack a customer, a time, an amount or an order. A line that lacks only its item
/// is kept under `Drop`, outside the baskets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// Refuse the log.
    #[default]
    Error,
    /// Set them aside.
    Drop,
}

/// What to do with lines that repeat an earlier line in every column given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duplicates {
    /// Keep and count them: two equal lines can be two purchases.
    #[default]
    Keep,
    /// Set them aside.
    Drop,
    /// Refuse the log.
    Error,
    /// Do not look for them.
    Ignore,
}

/// How a log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Policy {
    /// Lines of negative amount.
    pub returns: Returns,
    /// Lines that lack something.
    pub missing: Missing,
    /// Lines that repeat an earlier one.
    pub duplicates: Duplicates,
}

/// Why a line is not an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No customer id.
    MissingCustomer,
    /// No time.
    MissingTime,
    /// No amount.
    MissingAmount,
    /// No order id, in a log with orders.
    MissingOrder,
    /// No item id, in a log with items.
    MissingItem,
    /// An amount or quantity that is infinite or beyond ±10¹⁵.
    NotFinite,
    /// A time outside the years 1 to 9999.
    OutsideCalendar,
    /// A negative amount.
    Return,
    /// The same as an earlier line.
    Duplicate,
    /// A return by a customer who bought nothing in this log.
    ReturnWithoutPurchase,
}

/// What was done with such lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Kept, and counted here.
    Kept,
    /// Left out of every result.
    SetAside,
}

/// The lines of one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Why they are here.
    pub reason: Reason,
    /// What was done with them.
    pub treatment: Treatment,
    /// The column concerned.
    pub column: String,
    /// How many there are.
    pub rows: u64,
    /// The first of them, from 0.
    pub first_row: u64,
}

/// What came in, what was set aside, and why.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Intake {
    /// How the log was read.
    pub policy: Policy,
    /// Rows read.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// A line a reason, in order of [`Reason`].
    pub entries: Vec<Entry>,
    /// Distinct customers with a purchase.
    pub customers: u64,
    /// Distinct orders, or days with a purchase where the log has no orders.
    pub orders: u64,
    /// Day of the first and the last line kept.
    pub days: Option<(Day, Day)>,
    /// Sum of the amounts kept, returns taken off.
    pub total: Option<f64>,
}

/// Running counts of the lines that are not ordinary ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    found: Vec<(Reason, u64, u64)>,
}

impl Tally {
    pub(super) fn note(&mut self, reason: Reason, row: u64) {
        self.note_many(reason, row, 1);
    }

    pub(super) fn note_many(&mut self, reason: Reason, row: u64, rows: u64) {
        match self.found.iter_mut().find(|(r, ..)| *r == reason) {
            Some((_, first, count)) => {
                *first = row.min(*first);
                *count += rows;
            }
            None => self.found.push((reason, row, rows)),
        }
    }

    /// The entries of the intake, or the error of the first refused reason.
    pub(super) fn entries(
        mut self,
        policy: Policy,
        name: impl Fn(Reason) -> String,
    ) -> Result<Vec<Entry>, Error> {
        self.found.sort_by_key(|&(reason, ..)| reason as u8);
        self.found
            .into_iter()
            .map(|(reason, first_row, rows)| {
                let column = name(reason);
                let treatment = treatment(reason, policy).map_err(|mend| Error::InvalidValue {
                    column: column.clone(),
                    row: first_row,
                    count: rows,
                    problem: problem(reason).into(),
                    mend: mend.into(),
                })?;
                Ok(Entry { reason, treatment, column, rows, first_row })
            })
            .collect()
    }
}

/// What the policy does with a reason, or how to mend a log that it refuses.
pub(super) fn treatment(reason: Reason, policy: Policy) -> Result<Treatment, &'static str> {
    use Treatment::{Kept, SetAside};
    const FILL: &str = "fill them in, or set missing=\"drop\" to set these rows aside and count them";
    match (reason, policy.missing) {
        (Reason::NotFinite, _) => return Err("correct or remove these rows"),
        (Reason::OutsideCalendar, _) => return Err("give dates between 0001-01-01 and 9999-12-31"),
        (Reason::ReturnWithoutPurchase, _) => return Ok(SetAside),
        (Reason::Return, _) => {
            return match policy.returns {
                Returns::Net => Ok(Kept),
                Returns::Drop => Ok(SetAside),
                Returns::Error => {
                    Err("set returns=\"net\" to take them off the customer's spending, or returns=\"drop\"")
                }
            };
        }
        (Reason::Duplicate, _) => {
            return match policy.duplicates {
                Duplicates::Keep | Duplicates::Ignore => Ok(Kept),
                Duplicates::Drop => Ok(SetAside),
                Duplicates::Error => Err(
                    "set duplicates=\"keep\" if equal rows are separate purchases, or duplicates=\"drop\"",
                ),
            };
        }
        (_, Missing::Error) => return Err(FILL),
        (Reason::MissingItem, Missing::Drop) => return Ok(Kept),
        (_, Missing::Drop) => {}
    }
    Ok(SetAside)
}

fn problem(reason: Reason) -> &'static str {
    match reason {
        Reason::MissingCustomer | Reason::MissingOrder | Reason::MissingItem => "missing ids",
        Reason::MissingTime => "missing times",
        Reason::MissingAmount => "missing amounts (null or NaN)",
        Reason::NotFinite => "numbers that are infinite or beyond 10^15",
        Reason::OutsideCalendar => "times outside the years 1 to 9999",
        Reason::Return | Reason::ReturnWithoutPurchase => "negative amounts (returns)",
        Reason::Duplicate => "rows equal to an earlier row in every column",
    }
}
