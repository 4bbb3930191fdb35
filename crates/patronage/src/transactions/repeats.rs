//! Repeat purchases over time: what happened, beside which a model's expectations are laid.

use super::calendar::{Day, date};
use super::history::Unit;
use super::purchases::Purchases;
use crate::error::{Error, Result};

/// The most periods that are counted.
const MOST_PERIODS: u64 = 1_000_000;

/// How many repeat purchases the customers of a calibration made in each period since the first day of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatPurchases {
    /// First day of the log.
    pub first_day: Day,
    /// Last day that was counted.
    pub as_of: Day,
    /// End of each period, in periods since the first day; the last is cut off at `as_of`.
    pub ends: Vec<f64>,
    /// Days with a repeat purchase, over all customers, in each period.
    pub purchases: Vec<u64>,
    /// The end of the calibration, in periods since the first day.
    pub calibration_end: f64,
}

impl Purchases {
    /// Repeat purchases up to the end of `as_of` (the last day of the log unless told otherwise) of those whose
    /// first purchase lies in the calibration. A purchase is a day with a purchase, as in
    /// [`Purchases::purchase_history`], and made at the time of that day.
    pub fn repeat_purchases(
        &self,
        period: impl Into<Unit>,
        as_of: Option<Day>,
        calibration_end: Option<Day>,
    ) -> Result<RepeatPurchases> {
        let Some((first_day, last_day)) = self.span() else {
            return Err(Error::NotEnoughData {
                what: "purchases".into(),
                found: 0,
                needed: 1,
                mend: "give a log with at least one purchase".into(),
            });
        };
        let as_of = as_of.unwrap_or(last_day);
        let calibration_end = calibration_end.unwrap_or(as_of);
        if calibration_end > as_of || calibration_end <= first_day {
            return Err(Error::parameter(
                "calibration_end",
                date(calibration_end),
                &format!(
                    "a day after the first of the log ({}) and up to as_of ({})",
                    date(first_day),
                    date(as_of)
                ),
            ));
        }
        let length = period.into().in_days();
        let since_first = |day: Day| f64::from(day - first_day) / length;
        let count = since_first(as_of).ceil() as u64;
        if count > MOST_PERIODS {
            return Err(Error::LimitExceeded {
                what: format!("a table of {count} periods"),
                limit: MOST_PERIODS,
                mend: "choose a longer period".into(),
            });
        }
        let mut purchases = vec![0; count as usize];
        for days in self.by_customer() {
            let mut bought = days.iter().filter(|d| d.purchase && d.day <= as_of).map(|d| d.day);
            if bought.next().is_none_or(|first| first > calibration_end) {
                continue;
            }
            // A repeat purchase is at least a day after the first day of the log.
            bought.for_each(|day| purchases[since_first(day).ceil() as usize - 1] += 1);
        }
        let ends = (1..=count).map(|k| (k as f64).min(since_first(as_of))).collect();
        Ok(RepeatPurchases {
            first_day,
            as_of,
            ends,
            purchases,
            calibration_end: since_first(calibration_end),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Line, Period, Policy, TransactionLog};

    #[test]
    fn repeats_are_counted_in_the_period_they_fall_in() {
        let lines = [
            Line::new("Ann", 0, 1.0),
            Line::new("Ann", 7, 1.0),
            Line::new("Ann", 8, 1.0),
            Line::new("Bob", 10, 1.0),
            Line::new("Bob", 10, 1.0),
            Line::new("Bob", 17, 1.0),
            Line::new("Late", 15, 1.0),
            Line::new("Late", 16, 1.0),
        ];
        let log = TransactionLog::from_lines(lines, Policy::default()).unwrap();
        let found = log.repeat_purchases(Period::Week, None, Some(14)).unwrap();
        assert_eq!(found.purchases, [1, 1, 1]);
        assert_eq!(found.ends, [1.0, 2.0, 17.0 / 7.0]);
        assert_eq!(found.calibration_end, 2.0);
        assert!(log.repeat_purchases(Period::Week, Some(3), Some(5)).is_err());
        assert!(log.repeat_purchases(Period::Week, None, Some(0)).is_err());
    }
}
