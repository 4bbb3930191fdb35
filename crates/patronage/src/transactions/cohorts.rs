//! Customers by the period of their first purchase, and what each cohort did in the periods after.

use super::calendar::{Day, Period};
use super::packed::Days;
use super::purchases::Purchases;
use crate::error::{Error, Result};
use crate::math::ExactSum;

/// The largest number of cells of a cohort table.
const MOST_CELLS: u64 = 10_000_000;

/// What a cohort did in one period.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cell {
    /// Distinct customers with a purchase.
    pub customers: u64,
    /// Orders.
    pub orders: u64,
    /// Money spent, returns taken off.
    pub revenue: f64,
}

/// Cohorts by the calendar period of the first purchase. A cell exists only for periods that have begun by
/// `as_of`: what could not be observed is absent, never 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohorts {
    /// The calendar period.
    pub period: Period,
    /// The day at whose end the table stands; `None` for an empty log.
    pub as_of: Option<Day>,
    /// First day of each cohort's period; every period from the first to the last is there.
    pub starts: Vec<Day>,
    /// Customers of each cohort.
    pub sizes: Vec<u64>,
    /// Of each cohort, what it did 0, 1, 2 … periods after its own.
    pub cells: Vec<Vec<Cell>>,
    /// Whether the last period ends after `as_of`, so that its cells (the last of each cohort) are partial.
    pub last_is_partial: bool,
}

impl Purchases {
    /// The cohorts as they stood at the end of a day (the last of the log unless told otherwise).
    pub fn cohorts(&self, period: Period, as_of: Option<Day>) -> Result<Cohorts> {
        let Some((first_day, last_day)) = self.span() else {
            return Ok(Cohorts {
                period,
                as_of,
                starts: vec![],
                sizes: vec![],
                cells: vec![],
                last_is_partial: false,
            });
        };
        let as_of = as_of.unwrap_or(last_day);
        let first_bought = |days: Days<'_>| days.first_purchase().filter(|&day| day <= as_of);
        let origin = self.by_customer().filter_map(first_bought).min().unwrap_or(first_day);
        let (from, to) = (period.index(origin), period.index(as_of));
        let count = usize::try_from(i64::from(to) - i64::from(from) + 1).unwrap_or(0);
        if (count as u64).saturating_mul(count as u64 + 1) / 2 > MOST_CELLS {
            return Err(Error::LimitExceeded {
                what: format!("the cohort table, with {count} cohorts,"),
                limit: MOST_CELLS,
                mend: "choose a longer period".into(),
            });
        }
        let mut sizes = vec![0; count];
        let mut cells: Vec<Vec<(u64, u64, ExactSum)>> =
            (0..count).map(|cohort| vec![(0, 0, ExactSum::default()); count - cohort]).collect();
        for days in self.by_customer() {
            let Some(first) = first_bought(days) else { continue };
            let cohort = (period.index(first) - from) as usize;
            sizes[cohort] += 1;
            let mut counted = None;
            for d in days.iter().filter(|d| d.day >= first && d.day <= as_of) {
                let place = (period.index(d.day) - from) as usize - cohort;
                let (customers, orders, revenue) = &mut cells[cohort][place];
                *orders += u64::from(d.orders);
                revenue.merge(d.amount)?;
                if d.purchase && counted != Some(place) {
                    *customers += 1;
                    counted = Some(place);
                }
            }
        }
        let finish = |(customers, orders, revenue): &(u64, u64, ExactSum)| Cell {
            customers: *customers,
            orders: *orders,
            revenue: self.money(std::iter::once(*revenue)),
        };
        Ok(Cohorts {
            period,
            as_of: Some(as_of),
            starts: (0..count as i32).map(|i| period.start(from + i)).collect(),
            sizes,
            cells: cells.iter().map(|row| row.iter().map(finish).collect()).collect(),
            last_is_partial: period.start(to + 1) - 1 > as_of,
        })
    }
}
