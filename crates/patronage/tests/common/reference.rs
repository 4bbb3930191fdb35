//! The reference values of `clv.json`, and the data that its fits are of.

// Each file of tests uses a part of it.
#![allow(dead_code)]

use std::io::Read;

use flate2::read::GzDecoder;
use patronage::clv::{Customer, Fit, Model};
use patronage::transactions::calendar::parse_day;
use serde_json::Value;

pub fn reference() -> Option<Value> {
    let text = std::fs::read_to_string(super::common::shared("reference/clv.json")?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// A number, or a string of more digits than a double holds.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

pub fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(number).collect()
}

pub fn list<'a>(reference: &'a Value, path: &str) -> &'a [Value] {
    reference.pointer(path).unwrap().as_array().unwrap()
}

pub fn customer(entry: &Value) -> Customer {
    Customer::new(number(&entry["x"]), number(&entry["tx"]), number(&entry["T"])).unwrap()
}

#[track_caller]
pub fn close(what: &str, found: f64, expected: f64, relative: f64) {
    let error = (found / expected - 1.0).abs();
    assert!(found == expected || error <= relative, "{what}: {found} ≠ {expected} ({error:e})");
}

/// A compressed text file of the shared data.
pub fn text(name: &str) -> Option<String> {
    let mut text = String::new();
    let file = std::fs::File::open(super::common::shared(&format!("data/{name}"))?).unwrap();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    Some(text)
}

/// Columns of a compressed table of numbers, in the order of its header.
pub fn columns(name: &str) -> Option<Vec<Vec<f64>>> {
    let text = text(name)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut columns = vec![Vec::new(); reader.headers().unwrap().len()];
    for record in reader.records() {
        let record = record.unwrap();
        columns.iter_mut().zip(&record).for_each(|(column, cell)| column.push(cell.parse().unwrap()));
    }
    Some(columns)
}

/// Frequency, recency and T in days of a log with the columns `customer_id` and `date`, to the end
/// of a day; several purchases on a day are one.
pub fn history_in_days(name: &str, end: &str) -> Option<[Vec<f64>; 3]> {
    let text = text(name)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (who, when) = (place("customer_id"), place("date"));
    let mut days: std::collections::BTreeMap<String, std::collections::BTreeSet<i64>> =
        std::collections::BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        days.entry(record[who].to_string()).or_default().insert(day(&record[when]));
    }
    let end = day(end);
    let mut columns = [Vec::new(), Vec::new(), Vec::new()];
    for days in days.values() {
        let days: Vec<i64> = days.iter().copied().filter(|&day| day <= end).collect();
        if let [first, .., last] | [first @ last] = days[..] {
            columns[0].push((days.len() - 1) as f64);
            columns[1].push((last - first) as f64);
            columns[2].push((end - first) as f64);
        }
    }
    Some(columns)
}

/// The summary of CDNOW's sample in weeks, to 1997-09-30.
pub fn cdnow_in_weeks() -> Option<[Vec<f64>; 3]> {
    let columns = columns("cdnow_sample_cbs_39w.csv.gz")?;
    Some([columns[1].clone(), weeks(&columns[2]), weeks(&columns[3])])
}

pub fn weeks(days: &[f64]) -> Vec<f64> {
    days.iter().map(|days| days / 7.0).collect()
}

pub fn day(date: &str) -> i64 {
    i64::from(parse_day(date).unwrap())
}

/// Parameters within 1e-9, standard errors within 1e-8 and the log-likelihood within 1e-12 of the exact fit, and the
/// covariance of the parameters' logarithms to its decimals.
pub fn check_fit<M: Model>(fit: &Fit<M>, reference: &Value, dataset: &str) {
    let exact = list(reference, "/exact_mle")
        .iter()
        .find(|exact| exact["model"] == M::NAME && exact["dataset"] == dataset)
        .unwrap();
    assert!(fit.converged(), "{dataset}: {:?}", fit.ending);
    let check = |what: &str, found: Vec<f64>, expected: &Value, relative: f64| {
        for ((name, found), expected) in fit.model.names().iter().zip(found).zip(numbers(expected)) {
            close(&format!("{dataset} {what} {name}"), found, expected, relative);
        }
    };
    check("parameter", fit.model.parameters(), &exact["params"], 1e-9);
    check("standard error", fit.standard_errors().unwrap(), &exact["std_err"], 1e-8);
    close(&format!("{dataset} log-likelihood"), fit.log_likelihood, number(&exact["loglik"]), 1e-12);
    let Some(expected) = exact.get("cov_of_log_params") else { return };
    let (covariance, parameters) = (fit.covariance.as_ref().unwrap(), fit.model.parameters());
    for (i, row) in expected.as_array().unwrap().iter().enumerate() {
        for (j, expected) in numbers(row).into_iter().enumerate() {
            let found = covariance[i][j] / (parameters[i] * parameters[j]);
            // Twelve decimals of the largest entries are given.
            assert!((found - expected).abs() < 1e-9, "{dataset} covariance {i} {j}: {found} {expected}");
            assert_eq!(covariance[i][j], covariance[j][i]);
        }
    }
}
