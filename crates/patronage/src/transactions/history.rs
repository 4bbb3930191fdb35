//! The summary that buy-till-you-die models read: frequency, recency, T, and the mean spend.

use super::calendar::{CALENDAR, Day, Period, date};
use super::ids::Labels;
use super::packed::Days;
use super::purchases::Purchases;
use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::watch::{Unwatched, Watch};

/// Customers between two looks at the watch.
const CUSTOMERS_A_CHECK: usize = 1 << 12;

/// A length of time in days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit(f64);

impl Unit {
    /// So many days.
    ///
    /// # Errors
    /// The number is not above 0, or not finite.
    pub fn days(days: f64) -> Result<Self> {
        if days > 0.0 && days.is_finite() {
            Ok(Self(days))
        } else {
            Err(Error::parameter("period", days, "a positive number of days"))
        }
    }

    /// Its length in days.
    pub fn in_days(self) -> f64 {
        self.0
    }
}

impl From<Period> for Unit {
    fn from(period: Period) -> Self {
        Self(period.days())
    }
}

/// How a log is summarised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryOptions {
    /// The unit of the times.
    pub period: Unit,
    /// Purchases of a customer in the same day, calendar week, month … are one, on the first day of them.
    pub grain: Period,
    /// Last day that counts; the last day of the log unless told otherwise.
    pub as_of: Option<Day>,
    /// Last day of the calibration, if the days after it are held out.
    pub calibration_end: Option<Day>,
    /// Whether to add up the logarithms of the times between purchases.
    pub litt: bool,
}

impl Default for HistoryOptions {
    /// Weeks, a purchase a day, the whole log.
    fn default() -> Self {
        Self {
            period: Period::Week.into(),
            grain: Period::Day,
            as_of: None,
            calibration_end: None,
            litt: false,
        }
    }
}

/// Repeat purchases of each customer up to the end of the calibration, and after it those of the hold-out.
///
/// A purchase is a day with a purchase, or a calendar week, month … with one if the grain is longer; it stands on the
/// first of its days. Times are whole days divided by the length of the period (a week is 7 days, a month 30.4375),
/// as in Fader, Hardie & Lee (2005), never rounded to whole periods.
///
/// Every customer of the log is a row or one of `later_customers`, and every line counts or is one of `later_lines`
/// or a later customer's.
#[derive(Debug, Clone, PartialEq)]
pub struct PurchaseHistory {
    /// The unit of the times.
    pub period: Unit,
    /// In how long a time several purchases are one.
    pub grain: Period,
    /// Last day of the calibration.
    pub calibration_end: Day,
    /// Last day of the hold-out; equal to `calibration_end` if there is none.
    pub as_of: Day,
    /// Customers whose first purchase lies after the calibration (or after `as_of`), who are left out.
    pub later_customers: u64,
    /// Lines after `as_of`, which are left out.
    pub later_lines: u64,
    /// Ids, in their own order.
    pub customer: Labels,
    /// Repeat purchases: all purchases, less one.
    pub frequency: Vec<u64>,
    /// Periods from the first to the last purchase; 0 without a repeat.
    pub recency: Vec<f64>,
    /// Periods from the first purchase to the end of the calibration: the papers' T.
    pub age: Vec<f64>,
    /// Mean amount of the repeat purchases: what was spent after the first, returns taken off, by their number. NaN
    /// without a repeat.
    pub monetary_value: Option<Vec<f64>>,
    /// If asked for, the sum of the logarithms of the periods between one purchase and the next, which models of
    /// regular purchases read (Platzer & Reutterer, 2016); 0 without a repeat.
    pub litt: Option<Vec<f64>>,
    /// The hold-out.
    pub holdout: Option<Holdout>,
}

/// What the customers of a calibration did after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Holdout {
    /// Length of the hold-out in periods.
    pub duration: f64,
    /// Purchases.
    pub frequency: Vec<u64>,
    /// Mean amount of those purchases, returns taken off; NaN without a purchase.
    pub monetary_value: Option<Vec<f64>>,
}

impl Purchases {
    /// The history up to the end of `as_of` (the last day of the log unless told otherwise); with
    /// `calibration_end`, the days after it are the hold-out. A purchase is a day with one.
    ///
    /// # Errors
    /// As [`Purchases::purchase_history_with`].
    pub fn purchase_history(
        &self,
        period: impl Into<Unit>,
        as_of: Option<Day>,
        calibration_end: Option<Day>,
    ) -> Result<PurchaseHistory> {
        let period = period.into();
        let options = HistoryOptions { period, as_of, calibration_end, ..Default::default() };
        self.purchase_history_with(&options, &Unwatched)
    }

    /// The history as it is asked for.
    ///
    /// # Errors
    /// A log without purchases; days that do not fit it; sums beyond 2⁶³; [`Error::Cancelled`].
    pub fn purchase_history_with(
        &self,
        options: &HistoryOptions,
        watch: &dyn Watch,
    ) -> Result<PurchaseHistory> {
        let HistoryOptions { period, grain, .. } = *options;
        let (as_of, calibration_end) = self.ends(options)?;
        let periods = |days: Day| f64::from(days) / period.in_days();
        let size = self.ids().len();
        let (mut codes, mut frequency) = (Vec::with_capacity(size), Vec::with_capacity(size));
        let (mut recency, mut age) = (Vec::with_capacity(size), Vec::with_capacity(size));
        let (mut spend, mut litt) = (Vec::new(), Vec::new());
        let (mut held, mut held_spend) = (Vec::new(), Vec::new());
        let (mut later_customers, mut later_lines) = (0, 0);
        for (code, days) in self.by_customer().enumerate() {
            if code.is_multiple_of(CUSTOMERS_A_CHECK) {
                watch.check()?;
            }
            let (known, later) = days.split_after(as_of);
            later_lines += later.iter().map(|d| d.lines).sum::<u64>();
            let (calibration, after) = known.split_after(calibration_end);
            let Some(first) = calibration.first_purchase() else {
                later_customers += 1;
                continue;
            };
            // What is bought or returned together with the first purchase is no repeat.
            let (_, repeats) = calibration.split_after(last_of(grain, first));
            let bought = Bought::on(repeats, grain)?;
            codes.push(code as u32);
            frequency.push(bought.times);
            recency.push(periods(bought.last.unwrap_or(first) - first));
            age.push(periods(calibration_end - first));
            if self.has_amount() {
                spend.push(self.mean(&bought));
            }
            if options.litt {
                litt.push(log_gaps(first, repeats, grain, periods));
            }
            if calibration_end < as_of {
                let bought = Bought::on(after, grain)?;
                held.push(bought.times);
                if self.has_amount() {
                    held_spend.push(self.mean(&bought));
                }
            }
        }
        Ok(PurchaseHistory {
            period,
            grain,
            calibration_end,
            as_of,
            later_customers,
            later_lines,
            customer: self.ids().take(&codes),
            frequency,
            recency,
            age,
            monetary_value: self.has_amount().then_some(spend),
            litt: options.litt.then_some(litt),
            holdout: (calibration_end < as_of).then(|| Holdout {
                duration: periods(as_of - calibration_end),
                frequency: held,
                monetary_value: self.has_amount().then_some(held_spend),
            }),
        })
    }

    /// The last day that counts and the last of the calibration.
    fn ends(&self, options: &HistoryOptions) -> Result<(Day, Day)> {
        let Some((first_day, last_day)) = self.span() else {
            return Err(Error::NotEnoughData {
                what: "purchases".into(),
                found: 0,
                needed: 1,
                mend: "give a log with at least one purchase".into(),
            });
        };
        let as_of = options.as_of.unwrap_or(last_day);
        if as_of < first_day {
            let expected = format!("a day not before the first of the log ({})", date(first_day));
            return Err(Error::parameter("as_of", date(as_of), &expected));
        }
        let calibration_end = options.calibration_end.unwrap_or(as_of);
        if calibration_end > as_of || calibration_end < first_day {
            let expected = format!(
                "a calibration that ends between the first purchase ({}) and as_of ({})",
                date(first_day),
                date(as_of)
            );
            return Err(Error::parameter("holdout", date(calibration_end), &expected));
        }
        Ok((as_of, calibration_end))
    }

    fn mean(&self, bought: &Bought) -> f64 {
        if bought.times == 0 { f64::NAN } else { self.in_money(bought.amount) / bought.times as f64 }
    }
}

/// The last day of the period that holds a day.
fn last_of(grain: Period, day: Day) -> Day {
    if grain == Period::Day {
        return day;
    }
    let next = grain.start(grain.index(day) + 1);
    // The calendar's last period ends with it; no period begins on its last day.
    if next < *CALENDAR.end() { next - 1 } else { *CALENDAR.end() }
}

/// The days of purchase, only the first of several in one period of the grain.
fn times(days: Days<'_>, grain: Period) -> impl Iterator<Item = Day> {
    let mut until = Day::MIN;
    days.iter().filter(|d| d.purchase).map(|d| d.day).filter(move |&day| {
        let counts = day > until;
        if counts {
            until = last_of(grain, day);
        }
        counts
    })
}

/// The sum of the logarithms of the times between purchases.
fn log_gaps(first: Day, repeats: Days<'_>, grain: Period, periods: impl Fn(Day) -> f64) -> f64 {
    let mut last = first;
    times(repeats, grain).map(|day| periods(day - std::mem::replace(&mut last, day)).ln()).sum()
}

/// What a customer bought on some days.
#[derive(Default)]
struct Bought {
    /// How often.
    times: u64,
    /// The first day of the last time.
    last: Option<Day>,
    /// For how much, returns taken off.
    amount: ExactSum,
}

impl Bought {
    fn on(days: Days<'_>, grain: Period) -> Result<Self> {
        let mut bought = Self::default();
        for d in days.iter() {
            bought.amount.merge(d.amount)?;
        }
        for day in times(days, grain) {
            bought.times += 1;
            bought.last = Some(day);
        }
        Ok(bought)
    }
}
