//! The summary that buy-till-you-die models read: frequency, recency, T, and the mean spend.

use super::calendar::{Day, Period};
use super::ids::Labels;
use super::purchases::Purchases;
use crate::error::{Error, Result};

/// Repeat purchases of each customer up to the end of the calibration, and after it those of the hold-out.
///
/// A purchase is a day with a purchase. Times are whole days divided by the length of the period (a week is 7
/// days, a month 30.4375), as in Fader, Hardie & Lee (2005), never rounded to whole periods.
#[derive(Debug, Clone, PartialEq)]
pub struct PurchaseHistory {
    /// The unit of the times.
    pub period: Period,
    /// Last day of the calibration.
    pub calibration_end: Day,
    /// Last day of the hold-out; equal to `calibration_end` if there is none.
    pub as_of: Day,
    /// Customers whose first purchase lies after the calibration, who are left out.
    pub later_customers: u64,
    /// Ids, in their own order.
    pub customer: Labels,
    /// Repeat purchases: days with a purchase, less one.
    pub frequency: Vec<u64>,
    /// Periods from the first to the last purchase; 0 without a repeat.
    pub recency: Vec<f64>,
    /// Periods from the first purchase to the end of the calibration: the papers' T.
    pub age: Vec<f64>,
    /// Mean amount of the repeat purchases, returns taken off; NaN without a repeat.
    pub monetary_value: Option<Vec<f64>>,
    /// The hold-out.
    pub holdout: Option<Holdout>,
}

/// What the customers of a calibration did after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Holdout {
    /// Length of the hold-out in periods.
    pub duration: f64,
    /// Days with a purchase.
    pub frequency: Vec<u64>,
    /// Mean amount of those purchases, returns taken off; NaN without a purchase.
    pub monetary_value: Option<Vec<f64>>,
}

impl Purchases {
    /// The history up to the end of `as_of` (the last day of the log unless told otherwise); with
    /// `calibration_end`, the days after it are the hold-out.
    pub fn purchase_history(
        &self,
        period: Period,
        as_of: Option<Day>,
        calibration_end: Option<Day>,
    ) -> Result<PurchaseHistory> {
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
        if calibration_end > as_of || calibration_end < first_day {
            return Err(Error::parameter(
                "holdout",
                super::calendar::date(calibration_end),
                &format!(
                    "a calibration that ends between the first purchase ({}) and as_of ({})",
                    super::calendar::date(first_day),
                    super::calendar::date(as_of)
                ),
            ));
        }
        let periods = |days: Day| f64::from(days) / period.days();
        let mean = |total: f64, count: u64| if count == 0 { f64::NAN } else { total / count as f64 };
        let mut codes = Vec::new();
        let (mut frequency, mut recency, mut age, mut spend) = (vec![], vec![], vec![], vec![]);
        let (mut held, mut held_spend, mut later_customers) = (vec![], vec![], 0);
        for (code, days) in self.by_customer().enumerate() {
            let known = &days[..days.partition_point(|d| d.day <= as_of)];
            let (calibration, after) = known.split_at(known.partition_point(|d| d.day <= calibration_end));
            let bought = || calibration.iter().filter(|d| d.purchase).map(|d| d.day);
            let (Some(first), Some(last)) = (bought().next(), bought().next_back()) else {
                later_customers += u64::from(known.iter().any(|d| d.purchase));
                continue;
            };
            let repeats = bought().count() as u64 - 1;
            let purchases_after = after.iter().filter(|d| d.purchase).count() as u64;
            codes.push(code as u32);
            frequency.push(repeats);
            recency.push(periods(last - first));
            age.push(periods(calibration_end - first));
            spend.push(mean(
                self.money(calibration.iter().filter(|d| d.day > first).map(|d| d.amount)),
                repeats,
            ));
            held.push(purchases_after);
            held_spend.push(mean(self.money(after.iter().map(|d| d.amount)), purchases_after));
        }
        Ok(PurchaseHistory {
            period,
            calibration_end,
            as_of,
            later_customers,
            customer: self.ids().take(&codes),
            frequency,
            recency,
            age,
            monetary_value: self.has_amount().then_some(spend),
            holdout: (calibration_end < as_of).then(|| Holdout {
                duration: periods(as_of - calibration_end),
                frequency: held,
                monetary_value: self.has_amount().then_some(held_spend),
            }),
        })
    }
}
