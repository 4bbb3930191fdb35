//! The purchase history of CDNOW against the calibration summary of the R package BTYD.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::Read;

use patronage::transactions::{Line, LogReader, Period, Policy, TransactionLog, calendar::parse_day};

fn table(name: &str) -> Option<Vec<csv::StringRecord>> {
    let mut text = String::new();
    let file = std::fs::File::open(common::shared(name)?).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    Some(csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect())
}

fn cdnow() -> Option<TransactionLog> {
    let mut reader = LogReader::new(Policy::default());
    for row in table("data/cdnow_sample.csv.gz")? {
        let customer: i64 = row[1].parse().unwrap();
        reader.push_line(&Line::new(customer, parse_day(&row[2]).unwrap(), row[4].parse().unwrap())).unwrap();
    }
    Some(reader.finish().unwrap())
}

#[test]
fn calibration_and_holdout_equal_btyd() {
    let (Some(log), Some(reference)) = (cdnow(), table("data/cdnow_sample_cbs_39w.csv.gz")) else { return };
    let end = parse_day("1997-09-30").unwrap();
    let history = log.purchase_history(Period::Day, None, Some(end)).unwrap();
    assert_eq!(history.customer.len(), 2357);
    assert_eq!(history.frequency.iter().sum::<u64>(), 2457);
    let holdout = history.holdout.as_ref().unwrap();
    assert_eq!(holdout.duration, 273.0);
    let mut different = Vec::new();
    for (i, row) in reference.iter().enumerate() {
        let numbers: Vec<f64> = row.iter().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(history.frequency[i] as f64, numbers[1], "x of customer {}", i + 1);
        assert_eq!(history.recency[i], numbers[2], "t_x of customer {}", i + 1);
        assert_eq!(history.age[i], numbers[3], "T of customer {}", i + 1);
        if holdout.frequency[i] as f64 != numbers[4] {
            different.push(i + 1);
        }
    }
    assert!(different.is_empty(), "hold-out purchases differ for customers {different:?}");
}

#[test]
fn mean_repeat_spend_equals_the_published_summary() {
    let (Some(log), Some(reference)) = (cdnow(), table("data/cdnow_sample_cbs_39w_rounded.csv.gz")) else {
        return;
    };
    let end = parse_day("1997-09-30").unwrap();
    let spend = log.purchase_history(Period::Week, None, Some(end)).unwrap().monetary_value.unwrap();
    for (i, row) in reference.iter().enumerate() {
        let expected: f64 = row[4].parse().unwrap();
        if expected > 0.0 {
            // Printed to cents.
            assert!((spend[i] - expected).abs() < 0.00501, "customer {}: {} ≠ {expected}", i + 1, spend[i]);
        } else {
            assert!(spend[i].is_nan());
        }
    }
}
