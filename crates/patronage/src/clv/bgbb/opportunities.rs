//! Histories in whole opportunities from a log.

use crate::error::{Error, Result};
use crate::transactions::{Day, Holdout, Period, PurchaseHistory, Purchases};

/// The history of each customer in calendar periods, each of them one opportunity to buy.
///
/// The frequency is the number of calendar periods with a purchase after the one of the first purchase, the recency
/// is the last of them, and T the number of periods there were: the papers' x, tₓ and n. Only whole calendar periods
/// count: those that end by `as_of` (the last day of the log unless told otherwise). Those after the one that holds
/// `calibration_end` are the hold-out, and customers who first bought then are left out and counted. There are no
/// monetary values.
///
/// ```
/// use patronage::clv::{BgBb, History, PurchaseModel, opportunity_history};
/// use patronage::transactions::calendar::parse_day;
/// use patronage::transactions::{Line, Period, Policy, TransactionLog};
/// let gave = [("Ann", "2019-05-01"), ("Ann", "2021-01-09"), ("Ann", "2021-12-24"), ("Bob", "2020-03-01")];
/// let lines = gave.map(|(who, when)| Line::new(who, parse_day(when).unwrap_or(0), 10.0));
/// let log = TransactionLog::from_lines(lines, Policy::default())?;
/// let years = opportunity_history(&log, Period::Year, Some(parse_day("2022-12-31")?), None)?;
/// assert_eq!((&years.frequency[..], &years.recency[..], &years.age[..]), (&[1, 0][..], &[2.0, 0.0][..], &[3.0, 2.0][..]));
/// assert!(BgBb::check(&History::of(&years)?).is_ok());
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn opportunity_history(
    purchases: &Purchases,
    period: Period,
    as_of: Option<Day>,
    calibration_end: Option<Day>,
) -> Result<PurchaseHistory> {
    let Some((first_day, last_day)) = purchases.span() else {
        return Err(Error::NotEnoughData {
            what: "purchases".into(),
            found: 0,
            needed: 1,
            mend: "give a log with at least one purchase".into(),
        });
    };
    // The last period that ends by a day.
    let whole = |day: Day| period.index(day.saturating_add(1)) - 1;
    let last = whole(as_of.unwrap_or(last_day));
    let end = calibration_end.map_or(last, |day| period.index(day).min(last));
    if end < period.index(first_day) {
        return Err(Error::parameter(
            if calibration_end.is_some() { "holdout" } else { "as_of" },
            crate::transactions::calendar::date(calibration_end.or(as_of).unwrap_or(last_day)),
            "a day by which the first calendar period with a purchase has ended",
        ));
    }
    let (mut codes, mut later_customers, mut later_lines) = (Vec::new(), 0, 0);
    let (mut frequency, mut recency, mut age, mut held) = (vec![], vec![], vec![], vec![]);
    for (code, days) in purchases.by_customer().enumerate() {
        let mut bought: Vec<i32> =
            days.iter().filter(|d| d.purchase).map(|d| period.index(d.day)).filter(|&i| i <= last).collect();
        bought.dedup();
        later_lines += days.iter().filter(|d| period.index(d.day) > last).map(|d| d.lines).sum::<u64>();
        let (calibration, after) = bought.split_at(bought.partition_point(|&i| i <= end));
        let (Some(first), Some(latest)) = (calibration.first(), calibration.last()) else {
            later_customers += u64::from(!after.is_empty());
            continue;
        };
        codes.push(code as u32);
        frequency.push(calibration.len() as u64 - 1);
        recency.push(f64::from(latest - first));
        age.push(f64::from(end - first));
        held.push(after.len() as u64);
    }
    Ok(PurchaseHistory {
        period: period.into(),
        grain: period,
        later_lines,
        calibration_end: period.start(end + 1) - 1,
        as_of: period.start(last + 1) - 1,
        later_customers,
        customer: purchases.ids().take(&codes),
        frequency,
        recency,
        age,
        monetary_value: None,
        litt: None,
        holdout: (end < last).then(|| Holdout {
            duration: f64::from(last - end),
            frequency: held,
            monetary_value: None,
        }),
    })
}
