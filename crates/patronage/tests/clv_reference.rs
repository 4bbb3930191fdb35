//! Buy-till-you-die models against high-precision references: exact maximum-likelihood fits (Newton on a likelihood
//! of 32 digits) and per-customer truths (closed forms at 50 digits), ordinary and extreme.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;
#[path = "common/reference.rs"]
mod reference;

use patronage::clv::{
    BgNbd, Customer, Forecast, GammaGamma, History, Model, Parametric, PurchaseModel, Spending,
};
use patronage::watch::Unwatched;
use reference::{
    cdnow_in_weeks, check_fit, close, columns, customer, day, list, number, numbers, reference, text,
};
use serde_json::Value;

#[test]
fn bgnbd_fits_cdnow() {
    let (Some(reference), Some([x, recency, age])) = (reference(), cdnow_in_weeks()) else { return };
    let history = History::new(&x[..], &recency, &age).unwrap();
    let fit = BgNbd::fit(&history, &Unwatched).unwrap();
    check_fit(&fit, &reference, "cdnow_exact_days_over_7");
    // The sum of the customers' log-likelihoods is that of the fit.
    let each = fit.model.log_likelihood(&history, &Unwatched).unwrap();
    close("sum", each.iter().sum(), fit.log_likelihood, 1e-13);
    // As published by Fader, Hardie and Lee (2005), table 2.
    let published = [0.243, 4.414, 0.793, 2.426];
    assert!(fit.model.parameters().iter().zip(published).all(|(p, published)| (p - published).abs() < 5e-4));
}

#[test]
fn bgnbd_fits_cdnow_rounded() {
    let (Some(reference), Some(table)) = (reference(), columns("cdnow_sample_cbs_39w_rounded.csv.gz")) else {
        return;
    };
    let history = History::new(&table[1][..], &table[2], &table[3]).unwrap();
    check_fit(&BgNbd::fit(&history, &Unwatched).unwrap(), &reference, "cdnow_lifetimes_rounded");
    let spending = Spending::new(&table[1][..], &table[4]).unwrap();
    check_fit(&GammaGamma::fit(&spending, &Unwatched).unwrap(), &reference, "cdnow_lifetimes_summary");
}

#[test]
fn gamma_gamma_fits_cdnow() {
    let (Some(reference), Some(text)) = (reference(), text("cdnow_sample.csv.gz")) else {
        return;
    };
    // Mean of the repeat purchases to 1997-09-30, purchases of one day being one.
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut days: std::collections::BTreeMap<(String, i64), f64> = std::collections::BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let amount: f64 = record[4].parse().unwrap();
        if day(&record[2]) <= day("1997-09-30") {
            *days.entry((record[1].to_string(), day(&record[2]))).or_default() += amount;
        }
    }
    let (mut frequency, mut value): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let purchases: Vec<_> = days.into_iter().collect();
    for customer in purchases.chunk_by(|((a, _), _), ((b, _), _)| a == b) {
        let repeat = (customer.len() - 1) as f64;
        frequency.push(repeat);
        value.push(customer[1..].iter().map(|(_, amount)| amount).sum::<f64>() / repeat);
    }
    assert_eq!(frequency.iter().filter(|&&x| x > 0.0).count(), 946);
    // Three customers' repeat purchases cost nothing on some days only; none nets to 0.
    let spending = Spending::new(&frequency[..], &value).unwrap();
    let fit = GammaGamma::fit(&spending, &Unwatched).unwrap();
    check_fit(&fit, &reference, "cdnow_exact_mean_of_repeat_transactions");
    let published = [6.25, 3.74, 15.44];
    assert!(fit.model.parameters().iter().zip(published).all(|(p, published)| (p - published).abs() < 5e-3));
    assert_eq!(fit.customers, 946.0);
}

#[test]
fn bgnbd_truths_per_customer() {
    let Some(reference) = reference() else { return };
    let mut cases = 0;
    for case in list(&reference, "/per_customer").iter().filter(|case| case["model"] == "BG/NBD") {
        let parameters = ["r", "alpha", "a", "b"].map(|name| number(&case["params"][name]));
        let model = BgNbd::from_parameters(&parameters).unwrap();
        let customer = Customer::new(number(&case["x"]), number(&case["t_x"]), number(&case["T"])).unwrap();
        let truth = |name: &str| number(&case["truth"][name]);
        let tag = |what: &str| format!("case {} ({}) {what}", case["id"], case["tag"]);
        close(&tag("log-likelihood"), model.log_likelihood_of(customer), truth("ll"), 1e-11);
        close(&tag("P(alive)"), model.log_probability_alive_of(customer).exp(), truth("palive"), 1e-11);
        let horizon = number(&case["horizon_t"]);
        close(&tag("expected"), model.expected_purchases_of(customer, horizon), truth("cet"), 1e-11);
        cases += 1;
    }
    assert!(cases >= 24, "only {cases} cases");
}

fn bgnbd(entry: &Value) -> BgNbd {
    BgNbd::from_parameters(&numbers(&entry["params"])).unwrap()
}

#[test]
fn bgnbd_expectations_and_distributions() {
    let Some(reference) = reference() else { return };
    for entry in list(&reference, "/more_truth/bgnbd_expectation") {
        let found = bgnbd(entry).expectation(number(&entry["t"])).unwrap();
        close(&format!("expectation {entry}"), found, number(&entry["value"]), 1e-11);
    }
    for entry in list(&reference, "/more_truth/bgnbd_pmf") {
        let n = entry["n"].as_u64().unwrap() as u32;
        let found = bgnbd(entry).probability_of_purchases(n, number(&entry["t"])).unwrap();
        close(&format!("pmf {entry}"), found, number(&entry["value"]), 1e-11);
    }
    for entry in list(&reference, "/more_truth/bgnbd_conditional_pmf") {
        let n = entry["n"].as_u64().unwrap() as u32;
        let found = bgnbd(entry).probability_of_purchases_of(customer(entry), n, number(&entry["t"]));
        close(&format!("conditional pmf {entry}"), found, number(&entry["value"]), 1e-11);
    }
    for entry in list(&reference, "/more_truth/bgnbd_dert_continuous") {
        let found = bgnbd(entry).discounted_expected_purchases_of(customer(entry), number(&entry["delta"]));
        close(&format!("discounted {entry}"), found, number(&entry["value"]), 1e-11);
    }
}

#[test]
fn gamma_gamma_truths() {
    let Some(reference) = reference() else { return };
    let model = |entry: &Value| GammaGamma::from_parameters(&numbers(&entry["params"])).unwrap();
    for entry in list(&reference, "/more_truth/gg_conditional_mean") {
        let found = model(entry).expected_spend_of(number(&entry["x"]), number(&entry["m"])).unwrap();
        close(&format!("spend {entry}"), found, number(&entry["value"]), 1e-14);
    }
    for entry in list(&reference, "/more_truth/gg_ll") {
        let (x, m) = ([number(&entry["x"])], [number(&entry["m"])]);
        let spending = Spending::new(&x[..], &m).unwrap();
        let found = model(entry).log_likelihood(&spending, &Unwatched).unwrap()[0];
        close(&format!("log-likelihood {entry}"), found, number(&entry["value"]), 1e-11);
    }
    let population = number(&reference["more_truth"]["gg_population_mean"]);
    close("population mean", GammaGamma::new(6.25, 3.74, 15.44).unwrap().mean_spend(), population, 1e-14);
}

/// Fader, Hardie and Lee's spreadsheet (by way of the tests of lifetimes 0.11.3, MIT) rounds to these; its parameters
/// have more digits than were published.
#[test]
fn published_bgnbd_expectations() {
    let model = BgNbd::new(0.242_59, 4.4136, 0.7929, 2.4259).unwrap();
    for (t, expected) in [(0.1429, 0.0078), (1.0, 0.0532), (3.0, 0.1506), (31.8571, 1.0405), (78.0, 1.8576)] {
        let found = model.expectation(t).unwrap();
        assert!((found - expected).abs() < 5e-4, "{t}: {found} {expected}");
    }
}

/// Parameters r, α, a, b, customer x, tₓ, T, rate, and the discounted expected purchases, by mpmath 1.3 with 25 digits:
/// `quad` over time of the rate of purchases P(alive) (r+x)/(α+T) ₂F₁(r+x+1, a; a+b+x; −t/(α+T)), a route the library
/// does not take. With a = 1, with a + b = 1, at rates from 1e-6 to 5, for heavy and for new customers.
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const DISCOUNTED: [[f64; 9]; 10] = [
    [0.243, 4.414, 1.0, 2.426, 2.0, 30.43, 38.86, 0.0027, 4.0244657475153495],
    [0.243, 4.414, 0.3, 0.7, 0.0, 0.0, 38.86, 0.001, 2.3803451719652783],
    [0.243, 4.414, 0.793, 2.426, 2.0, 30.43, 38.86, 5.0, 0.0075150207413008975],
    [0.243, 4.414, 0.793, 2.426, 2.0, 30.43, 38.86, 1e-06, 78.789612262593475],
    [0.666, 38.19, 40.5, 90.25, 6.0, 93.29, 104.0, 0.002, 1.7108277901662821],
    [0.243, 4.414, 0.001, 0.001, 6.0, 30.0, 38.86, 0.01, 14.398521098271533],
    [1.0, 10.0, 2.0, 1.0, 1.0, 5.0, 20.0, 0.05, 0.083381828832252883],
    [0.1, 50.16, 0.4, 0.81, 501.0, 500.5, 501.0, 0.003, 258.16504659453396],
    [3.0, 2.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.1, 1.8345524018750635],
    [0.5, 1.0, 0.793, 2.426, 3.0, 10.0, 11.0, 0.04, 3.4440682813350354],
];

#[test]
fn discounted_purchases_everywhere() {
    for [r, alpha, a, b, x, recency, age, rate, expected] in DISCOUNTED {
        let model = BgNbd::new(r, alpha, a, b).unwrap();
        let customer = Customer::new(x, recency, age).unwrap();
        let found = model.discounted_expected_purchases_of(customer, rate);
        close(&format!("{model:?} {customer:?} {rate}"), found, expected, 1e-12);
    }
}
