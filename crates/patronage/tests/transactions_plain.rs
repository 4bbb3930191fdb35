//! Plain logs, of customers, times and amounts alone, are read another way than logs with items: both must agree in
//! every table and every count, and the histories with a plain count.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};

use patronage::Error;
use patronage::transactions::calendar::{date, parse_day};
use patronage::transactions::{
    Batch, Duplicates, HistoryOptions, IdColumn, Line, LogReader, Missing, Period, Policy, Reason,
    TimeColumn, TransactionLog, Unit,
};
use patronage::watch::{Unwatched, Watch};
use proptest::prelude::*;

const DAY: i64 = 86_400_000_000;

/// Customer, microseconds, amount: some of them missing.
type Row = (Option<i64>, Option<i64>, f64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let near = prop_oneof![Just(1_i64), 2_i64..6].boxed();
    let far = prop_oneof![2_i64..4, Just(i64::MIN), Just(i64::MAX)].boxed();
    let amount =
        prop_oneof![8 => (0_i32..4).prop_map(|c| f64::from(c) * 1.1), 2 => Just(-1.1), 1 => Just(f64::NAN)];
    let row = move |who: BoxedStrategy<i64>| {
        let time = (0_i64..40, 0_i64..2).prop_map(|(day, hour)| (day - 5) * DAY + hour * 3_600_000_000);
        (prop::option::weighted(0.95, who), prop::option::weighted(0.97, time), amount.clone())
    };
    prop_oneof![
        3 => prop::collection::vec(row(near.clone()), 1..60),
        1 => (prop::collection::vec(row(near), 1..20), prop::collection::vec(row(far), 1..20))
            .prop_map(|(near, far)| [near, far].concat()),
    ]
}

const POLICY: Policy = Policy {
    missing: Missing::Drop,
    duplicates: Duplicates::Keep,
    returns: patronage::transactions::Returns::Net,
};

/// Read as a log with items: line by line, kept by their hashes.
fn as_lines(rows: &[Row], policy: Policy) -> patronage::Result<TransactionLog> {
    TransactionLog::from_lines(
        rows.iter().map(|&(who, time, amount)| Line {
            customer: who.map(Into::into),
            time,
            amount: Some(amount),
            ..Line::default()
        }),
        policy,
    )
}

/// Read as columns, cut in two.
fn as_columns(rows: &[Row], cut: usize, texts: bool, policy: Policy) -> patronage::Result<TransactionLog> {
    let mut reader = LogReader::new(policy);
    let (before, after) = rows.split_at(cut.min(rows.len()));
    for part in [before, after] {
        let names: Vec<Option<String>> =
            part.iter().map(|r| r.0.map(|who| format!("{:+021}", i128::from(who)))).collect();
        let present: Option<Vec<i64>> = part.iter().map(|r| r.0).collect();
        let customer = match &present {
            _ if texts => IdColumn::Texts(names.iter().map(Option::as_deref).collect()),
            Some(ids) => IdColumn::Ints(ids),
            None => IdColumn::OptionalInts(part.iter().map(|r| r.0).collect()),
        };
        let micros: Vec<i64> = part.iter().map(|r| r.1.unwrap_or(i64::MIN)).collect();
        let amounts: Vec<f64> = part.iter().map(|r| r.2).collect();
        reader.push_batch(
            &Batch {
                customer,
                time: TimeColumn::Micros(micros.into()),
                amount: Some(amounts.into()),
                order: None,
                item: None,
                quantity: None,
            },
            &Unwatched,
        )?;
    }
    reader.finish()
}

/// All that a log tells, but for the customers' names.
fn told(log: &TransactionLog) -> String {
    let options = HistoryOptions {
        grain: Period::Week,
        calibration_end: Some(20),
        as_of: Some(30),
        ..Default::default()
    };
    let mut customers = log.customers(Some(20));
    let mut history = log.purchase_history_with(&options, &Unwatched).ok();
    let ids = (customers.customer.len(), history.as_ref().map(|h| h.customer.len()));
    customers.customer = patronage::transactions::Labels::default();
    if let Some(history) = &mut history {
        history.customer = patronage::transactions::Labels::default();
    }
    format!("{:?}", (log.intake(), ids, customers, history, log.cohorts(Period::Month, None).unwrap()))
}

proptest! {
    #[test]
    fn both_ways_tell_the_same(rows in rows(), cut in 0_usize..60, keep in any::<bool>()) {
        let policy = Policy { duplicates: if keep { Duplicates::Keep } else { Duplicates::Drop }, ..POLICY };
        let expected = as_lines(&rows, policy);
        for texts in [false, true] {
            let found = as_columns(&rows, cut, texts, policy);
            match (&expected, found) {
                (Ok(expected), Ok(found)) => {
                    if !texts {
                        prop_assert_eq!(expected.ids(), found.ids());
                    }
                    if !texts || rows.iter().all(|r| r.0.is_none_or(|who| who >= 0)) {
                        prop_assert_eq!(told(expected), told(&found));
                    }
                }
                (expected, found) => prop_assert_eq!(expected.as_ref().err(), found.as_ref().err()),
            }
        }
    }

    #[test]
    fn equal_rows_are_counted(rows in rows(), cut in 0_usize..60) {
        let mut seen = HashSet::new();
        let equal: Vec<u64> = (0..).zip(&rows)
            .filter(|(_, r)| !seen.insert((r.0, r.1, r.2.to_bits())))
            .map(|(row, _)| row)
            .collect();
        let Ok(log) = as_columns(&rows, cut, false, POLICY) else { return Ok(()) };
        let told = log.intake().entries.iter().find(|e| e.reason == Reason::Duplicate);
        prop_assert_eq!(told.map(|e| (e.rows, e.first_row)), equal.first().map(|&row| (equal.len() as u64, row)));
    }

    /// Purchases by their definition: sets of grains, sums of cents.
    #[test]
    fn histories_equal_a_plain_count(
        rows in prop::collection::vec((0_i64..5, 0_i32..200, -300_i32..2000), 1..60),
        grain in prop::sample::select(vec![Period::Day, Period::Week, Period::Month]),
        (calibration_end, as_of) in (0_i32..210, 0_i32..210).prop_map(|(a, b)| (a.min(b), a.max(b))),
        days in 0.5_f64..40.0,
    ) {
        let lines = rows.iter().map(|&(who, day, cents)| Line::new(who, day, f64::from(cents) / 100.0));
        let mut reader = LogReader::default();
        lines.for_each(|line| reader.push_line(&line).unwrap());
        let Ok(log) = reader.finish() else { return Ok(()) };
        let options = HistoryOptions {
            period: Unit::days(days).unwrap(), grain, as_of: Some(as_of), calibration_end: Some(calibration_end),
            litt: true,
        };
        let Ok(found) = log.purchase_history_with(&options, &Unwatched) else {
            let first = log.span().unwrap().0;
            prop_assert!(first > calibration_end);
            return Ok(());
        };
        let number = |day: i32| match grain {
            Period::Week => (day - 4).div_euclid(7), // 1970-01-05 was a Monday
            Period::Month => i32::from(date(day).year()) * 12 + i32::from(date(day).month()),
            _ => day,
        };
        let mut by_customer: BTreeMap<i64, Vec<(i32, i32)>> = BTreeMap::new();
        rows.iter().for_each(|&(who, day, cents)| by_customer.entry(who).or_default().push((day, cents)));
        by_customer.retain(|_, rows| rows.iter().any(|r| r.1 >= 0));
        let (mut i, mut later) = (0, 0);
        for (who, rows) in &by_customer {
            let bought = |from: i32, to: i32| -> BTreeSet<i32> {
                rows.iter().filter(|r| r.1 >= 0 && r.0 >= from && r.0 <= to).map(|r| r.0).collect()
            };
            let cents = |from: i32, to: i32, after: i32| -> f64 {
                let sum: i32 = rows.iter()
                    .filter(|r| r.0 >= from && r.0 <= to && number(r.0) > after).map(|r| r.1).sum();
                f64::from(sum) / 100.0
            };
            let calibration = bought(i32::MIN, calibration_end);
            let Some(&first) = calibration.first() else {
                later += 1;
                continue;
            };
            let grains: BTreeSet<i32> = calibration.iter().map(|&d| number(d)).collect();
            let last = *calibration.iter().find(|&&d| number(d) == *grains.last().unwrap()).unwrap();
            let repeats = grains.len() as u64 - 1;
            prop_assert_eq!(found.customer.get(i).unwrap().to_string(), who.to_string());
            let i_ = i as usize;
            prop_assert_eq!(found.frequency[i_], repeats);
            prop_assert_eq!(found.recency[i_], f64::from(last - first) / days);
            prop_assert_eq!(found.age[i_], f64::from(calibration_end - first) / days);
            let firsts: Vec<i32> = grains
                .iter()
                .map(|&grain| *calibration.iter().find(|&&d| number(d) == grain).unwrap())
                .collect();
            let gaps: f64 = firsts.windows(2).map(|pair| (f64::from(pair[1] - pair[0]) / days).ln()).sum();
            prop_assert!((found.litt.as_ref().unwrap()[i_] - gaps).abs() < 1e-12 * (1.0 + gaps.abs()));
            let spend = found.monetary_value.as_ref().unwrap()[i_];
            let expected = cents(i32::MIN, calibration_end, number(first)) / repeats as f64;
            prop_assert!(if repeats == 0 { spend.is_nan() } else { spend == expected }, "{} {}", spend, expected);
            if let Some(holdout) = &found.holdout {
                let times = bought(calibration_end + 1, as_of).iter().map(|&d| number(d)).collect::<BTreeSet<_>>().len();
                prop_assert_eq!(holdout.frequency[i_], times as u64);
                let spend = holdout.monetary_value.as_ref().unwrap()[i_];
                let expected = cents(calibration_end + 1, as_of, i32::MIN) / times as f64;
                prop_assert!(if times == 0 { spend.is_nan() } else { spend == expected }, "{} {}", spend, expected);
            }
            i += 1;
        }
        prop_assert_eq!((found.customer.len(), found.later_customers), (i as usize, later));
        let late = rows.iter().filter(|r| r.1 > as_of && by_customer.contains_key(&r.0)).count();
        prop_assert_eq!(found.later_lines, late as u64);
    }
}

#[test]
fn many_lines_are_added_up_on_the_way() {
    // Several times as many lines as are held, of 300 customers and 7 days.
    let mut reader = LogReader::new(Policy { duplicates: Duplicates::Ignore, ..Policy::default() });
    let total = 1_300_000_u32;
    for batch in (0..total).collect::<Vec<_>>().chunks(90_000) {
        let customers: Vec<i64> = batch.iter().map(|i| i64::from(i % 300)).collect();
        let days: Vec<i32> = batch.iter().map(|i| (i / 300 % 7) as i32).collect();
        reader
            .push_batch(
                &Batch {
                    customer: IdColumn::Ints(&customers),
                    time: TimeColumn::Days(&days),
                    amount: Some(vec![0.1; batch.len()].into()),
                    order: None,
                    item: None,
                    quantity: None,
                },
                &Unwatched,
            )
            .unwrap();
    }
    let log = reader.finish().unwrap();
    assert_eq!((log.intake().rows_kept, log.days().len()), (u64::from(total), 2100));
    assert_eq!(log.days().iter().map(|d| d.lines).sum::<u64>(), u64::from(total));
    assert_eq!(log.total(), Some(130_000.0));
}

#[test]
fn the_end_of_the_calendar() {
    let last = parse_day("9999-12-31").unwrap();
    let lines = [Line::new(1, last - 40, 1.0), Line::new(1, last - 1, 2.0), Line::new(1, last, 4.0)];
    let log = TransactionLog::from_lines(lines, Policy::default()).unwrap();
    for (grain, frequency, spend) in [(Period::Day, 2, 3.0), (Period::Month, 1, 6.0)] {
        let history =
            log.purchase_history_with(&HistoryOptions { grain, ..Default::default() }, &Unwatched).unwrap();
        assert_eq!((history.frequency[0], history.monetary_value.unwrap()[0]), (frequency, spend));
    }
    assert!(Unit::days(0.0).is_err() && Unit::days(f64::NAN).is_err() && Unit::days(-1.0).is_err());
}

/// Lets so many looks pass, then says stop.
struct Patience(AtomicI64);

impl Watch for Patience {
    fn cancelled(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) <= 0
    }
}

#[test]
fn a_stop_is_heard_at_every_stage() {
    let rows = 400_000_usize;
    let customers: Vec<i64> = (0..rows as i64).map(|i| i * 7919 % 50_021).collect();
    let days: Vec<i32> = (0..rows as i32).map(|i| i % 700).collect();
    let batch = Batch {
        customer: IdColumn::Ints(&customers),
        time: TimeColumn::Days(&days),
        amount: None,
        order: None,
        item: None,
        quantity: None,
    };
    let stages = |looks: i64| -> patronage::Result<[i64; 4]> {
        let watch = Patience(AtomicI64::new(looks));
        let left = || watch.0.load(Ordering::Relaxed);
        let mut reader = LogReader::default();
        reader.push_batch(&batch, &watch)?;
        let read = left();
        let log = reader.finish_watched(&watch)?;
        let sorted = left();
        log.purchase_history_with(&HistoryOptions::default(), &watch)?;
        Ok([looks, read, sorted, left()])
    };
    let left = stages(1_000_000).unwrap();
    let looks = left.windows(2).map(|two| two[0] - two[1]).collect::<Vec<_>>();
    // A look at least every 2^14 rows read, 2^16 sorted, 2^12 customers.
    assert!(looks[0] >= 24 && looks[1] >= 5 * 6 && looks[2] >= 12, "{looks:?}");
    let all: i64 = looks.iter().sum();
    for stop in [0, looks[0] / 2, looks[0], looks[0] + looks[1] / 2, all - looks[2], all - 1] {
        assert_eq!(stages(stop).unwrap_err(), Error::Cancelled, "after {stop} of {looks:?}");
    }
}
