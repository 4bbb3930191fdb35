//! NBD, Pareto/NBD and GGompertz/NBD against high-precision references: exact maximum-likelihood fits (Newton on a
//! likelihood of 32 digits) and truths per customer (at 30 and 50 digits), ordinary and extreme.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod common;
#[path = "common/reference.rs"]
mod reference;

use patronage::clv::{
    Customer, Ending, GGompertzNbd, History, Model, Nbd, Parametric, ParetoNbd, PurchaseModel,
};
use patronage::watch::Unwatched;
use reference::{
    cdnow_in_weeks, check_fit, close, columns, customer, history_in_days, list, number, numbers, reference,
    weeks,
};
use serde_json::Value;

#[test]
fn fits_of_cdnow() {
    let (Some(reference), Some([x, recency, age])) = (reference(), cdnow_in_weeks()) else { return };
    let history = History::new(&x[..], &recency, &age).unwrap();
    check_fit(&Nbd::fit(&history, &Unwatched).unwrap(), &reference, "cdnow_exact_days_over_7");
    let pareto = ParetoNbd::fit(&history, &Unwatched).unwrap();
    check_fit(&pareto, &reference, "cdnow_exact_days_over_7");
    // As published by Fader, Hardie and Lee (2005).
    let published = [0.553, 10.578, 0.606, 11.669];
    assert!(
        pareto.model.parameters().iter().zip(published).all(|(p, published)| (p - published).abs() < 5e-4)
    );
    // Here the hazard does not grow: Bemmaor and Glady (2012, table 2) stopped at b = 0.0002, β = 0.0026, LL −9594.98.
    let growing = GGompertzNbd::fit(&history, &Unwatched).unwrap();
    let Ending::Flat { limit, drift } = &growing.ending else { panic!("{growing:?}") };
    assert!(limit.contains("the Pareto/NBD model"), "{limit} {drift:?}");
    close("degenerate", growing.log_likelihood, pareto.log_likelihood, 1e-8);
    let [r, alpha, b, s, beta] = growing.model.parameters()[..] else { panic!() };
    for (found, expected) in [r, alpha, s, beta / b].into_iter().zip(pareto.model.parameters()) {
        close("degenerate", found, expected, 1e-2);
    }
}

#[test]
fn fits_of_cdnow_rounded() {
    let (Some(reference), Some(table)) = (reference(), columns("cdnow_sample_cbs_39w_rounded.csv.gz")) else {
        return;
    };
    let history = History::new(&table[1][..], &table[2], &table[3]).unwrap();
    check_fit(&Nbd::fit(&history, &Unwatched).unwrap(), &reference, "cdnow_lifetimes_rounded");
    check_fit(&ParetoNbd::fit(&history, &Unwatched).unwrap(), &reference, "cdnow_lifetimes_rounded");
}

#[test]
fn fits_of_groceries() {
    let (Some(reference), Some([x, recency, age])) =
        (reference(), history_in_days("grocery_elog.csv.gz", "2006-12-31"))
    else {
        return;
    };
    let (recency, age) = (weeks(&recency), weeks(&age));
    let history = History::new(&x[..], &recency, &age).unwrap();
    check_fit(&Nbd::fit(&history, &Unwatched).unwrap(), &reference, "grocery");
    check_fit(&ParetoNbd::fit(&history, &Unwatched).unwrap(), &reference, "grocery");
}

/// Everything a model says of one customer, and what it should say.
fn check_customer<M: Parametric + PurchaseModel>(model: &M, customer: Customer, case: &Value, truth: &Value) {
    let told = |what: &str| format!("{what} of {case}");
    let check = |what: &str, name: &str, found: f64| {
        if !truth[name].is_null() {
            close(&told(what), found, number(&truth[name]), 1e-11);
        }
    };
    check("log-likelihood", "ll", model.log_likelihood_of(customer));
    let log_alive = model.log_probability_alive_of(customer);
    assert!(log_alive.is_finite() && log_alive <= 0.0);
    check("P(alive)", "palive", log_alive.exp());
    let horizon = case.get("horizon_t").or(case.get("t")).map(number).unwrap();
    check("expected", "cet", model.expected_purchases_of(customer, horizon));
    if !truth["dert"].is_null() {
        let delta = number(&case["delta_continuous"]);
        check("discounted", "dert", model.discounted_expected_purchases_of(customer, delta));
    }
}

#[test]
fn pareto_truths_per_customer() {
    let Some(reference) = reference() else { return };
    let mut cases = 0;
    for case in list(&reference, "/per_customer").iter().filter(|case| case["model"] == "Pareto/NBD") {
        let parameters = ["r", "alpha", "s", "beta"].map(|name| number(&case["params"][name]));
        let customer = Customer::new(number(&case["x"]), number(&case["t_x"]), number(&case["T"])).unwrap();
        check_customer(&ParetoNbd::from_parameters(&parameters).unwrap(), customer, case, &case["truth"]);
        cases += 1;
    }
    assert!(cases >= 34, "only {cases} cases");
}

fn pareto(entry: &Value) -> ParetoNbd {
    ParetoNbd::from_parameters(&numbers(&entry["params"])).unwrap()
}

#[test]
fn pareto_expectations_and_distributions() {
    let Some(reference) = reference() else { return };
    let value = |entry: &Value| number(&entry["value"]);
    for entry in list(&reference, "/more_truth/pnbd_expectation") {
        let found = pareto(entry).expectation(number(&entry["t"])).unwrap();
        close(&format!("expectation {entry}"), found, value(entry), 1e-11);
    }
    let n = |entry: &Value| entry["n"].as_u64().unwrap() as u32;
    for entry in list(&reference, "/more_truth/pnbd_pmf") {
        let found = pareto(entry).probability_of_purchases(n(entry), number(&entry["t"])).unwrap();
        close(&format!("pmf {entry}"), found, value(entry), 1e-11);
    }
    for entry in list(&reference, "/more_truth/pnbd_conditional_pmf") {
        let found = pareto(entry).probability_of_purchases_of(customer(entry), n(entry), number(&entry["t"]));
        close(&format!("conditional pmf {entry}"), found, value(entry), 1e-11);
    }
}

/// r, α, s, β, x, tₓ, T and ln P(alive) by mpmath 1.4: `quad` of the density of dropping out in the silence, 30 digits.
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const LOG_ALIVE: [[f64; 8]; 5] = [
    [0.553, 10.578, 0.606, 11.669, 1000.0, 30.0, 300.0, -2030.1176056625005],
    [0.553, 10.578, 0.606, 11.669, 5000.0, 99.0, 100.0, -36.404919984520795],
    [0.553, 10.578, 0.606, 11.669, 5000.0, 1.0, 400.0, -17837.270444135138],
    [0.01, 0.02, 3.0, 800.0, 0.0, 0.0, 500.0, -1.4684014195017392],
    [4.0, 300.0, 0.05, 0.001, 40.0, 0.5, 900.0, -59.059742710683589],
];

/// r, α, s, β, n, t and the probability that a new customer makes n purchases by t, likewise.
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const PROBABILITIES: [[f64; 7]; 5] = [
    [0.553, 10.578, 0.606, 11.669, 200.0, 52.0, 6.5177718539163067e-19],
    [300.0, 20.0, 0.606, 11.669, 700.0, 52.0, 0.0011248797093118336],
    [3.0, 20.0, 50.0, 1000.0, 4.0, 52.0, 0.068224086085118727],
    [0.2, 5.0, 1e4, 1e6, 0.0, 500.0, 0.60809134300728109],
    [60.0, 50.0, 0.6, 20.0, 9000.0, 6000.0, 2.3245529792333719e-6],
];

#[test]
fn pareto_where_probabilities_underflow() {
    for [r, alpha, s, beta, x, recency, age, expected] in LOG_ALIVE {
        let model = ParetoNbd::new(r, alpha, s, beta).unwrap();
        let found = model.log_probability_alive_of(Customer::new(x, recency, age).unwrap());
        close(&format!("{model:?} {x} {recency} {age}"), found, expected, 1e-12);
    }
    for [r, alpha, s, beta, n, t, expected] in PROBABILITIES {
        let model = ParetoNbd::new(r, alpha, s, beta).unwrap();
        let found = model.probability_of_purchases(n as u32, t).unwrap();
        close(&format!("{model:?} {n} {t}"), found, expected, 1e-11);
    }
}

/// A model far from anything fitted has its answers too, at once.
#[test]
fn nothing_hangs_at_the_ends() {
    for parameters in
        [[0.553, 10.578, 0.606, 1e8], [1e-8, 1e8, 1e-8, 1e-8], [1e8, 1e-8, 1e8, 1e8], [1e6, 1e3, 1e6, 1e-6]]
    {
        let model = ParetoNbd::from_parameters(&parameters).unwrap();
        let [r, alpha, s, beta] = parameters;
        let growing = [1e-8, 1.0, 1e4].map(|b| GGompertzNbd::new(r, alpha, b, s, beta).unwrap());
        for (x, recency, age) in
            [(0.0, 0.0, 0.0), (0.0, 0.0, 1e6), (5000.0, 99.0, 100.0), (1.0, 1e-8, 1e8), (3.0, 5.0, 5.0)]
        {
            let customer = Customer::new(x, recency, age).unwrap();
            check_ends(&model, customer);
            growing.iter().for_each(|model| check_ends(model, customer));
        }
    }
}

fn check_ends<M: PurchaseModel + std::fmt::Debug>(model: &M, customer: Customer) {
    let told = format!("{model:?} {customer:?}");
    assert!(model.log_likelihood_of(customer).is_finite(), "{told}");
    let alive = model.log_probability_alive_of(customer);
    assert!(alive.is_finite() && alive <= 0.0, "{told} {alive}");
    for t in [0.0, 1e-8, 1.0, 1e8] {
        let expected = model.expected_purchases_of(customer, t);
        assert!(expected.is_finite() && expected >= 0.0, "{told} {t} {expected}");
        assert!(model.log_survival_of(customer, t) <= 0.0, "{told}");
        for n in [0, 1, 5000] {
            let probability = model.probability_of_purchases_of(customer, n, t);
            assert!((0.0..=1.0 + 1e-9).contains(&probability), "{told} {n} {t} {probability}");
        }
    }
    for delta in [1e-6, 5.0] {
        let discounted = model.discounted_expected_purchases_of(customer, delta);
        assert!(discounted.is_finite() && discounted >= 0.0, "{told} {delta} {discounted}");
    }
}

#[test]
fn growing_hazard_truths_per_customer() {
    let Some(reference) = reference() else { return };
    for case in list(&reference, "/more_truth/ggompertz_nbd") {
        let model = GGompertzNbd::from_parameters(&numbers(&case["params_r_alpha_b_s_beta"])).unwrap();
        check_customer(&model, customer(case), case, case);
    }
}

/// r, α, b, s, β, x, tₓ, T, horizon t, n, rate δ; log-likelihood, ln P(alive), purchases expected in t, discounted
/// purchases, probability of n in t. By mpmath 1.4 with 30 digits: `quad` over the time of dropping out of what is
/// bought before, as the model is defined.
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const GROWING: [[f64; 16]; 10] = [
    [
        0.553,
        10.578,
        0.0002,
        0.603,
        0.0026,
        2.0,
        30.43,
        38.86,
        39.0,
        1.0,
        0.0027,
        -9.5061960519681749,
        -0.13621357532202433,
        1.4663206869931803,
        6.5139380008584721,
        0.22029622964947989,
    ],
    [
        0.5,
        10.0,
        0.05,
        0.6,
        2.0,
        7.0,
        29.43,
        38.86,
        39.0,
        3.0,
        0.0027,
        -21.373197338661462,
        -0.51095288123757292,
        2.1983895334326209,
        2.9548021873611197,
        0.069714670674179631,
    ],
    [
        0.5,
        10.0,
        0.3,
        1.5,
        50.0,
        0.0,
        0.0,
        38.86,
        39.0,
        0.0,
        0.01,
        -0.35952234115733748,
        -12.053265746431268,
        1.3250968683462132e-7,
        1.296286108944572e-7,
        0.99999987564033371,
    ],
    [
        0.5,
        10.0,
        0.3,
        1.5,
        50.0,
        0.0,
        0.0,
        0.0,
        39.0,
        2.0,
        0.01,
        0.0,
        0.0,
        0.56835461131859123,
        0.53218449604419051,
        0.067556570695269779,
    ],
    [
        1.2,
        8.0,
        0.05,
        0.8,
        1.0,
        4.0,
        20.0,
        30.0,
        52.0,
        5.0,
        0.1,
        -13.253644927088721,
        -0.7974590012194536,
        1.3485603974236306,
        0.44031113411025902,
        0.027231734933760925,
    ],
    [
        1.2,
        8.0,
        1e-06,
        0.8,
        1e-05,
        4.0,
        20.0,
        30.0,
        52.0,
        5.0,
        0.1,
        -13.458304919551676,
        -0.50184349769178646,
        3.0033118451520907,
        0.70900632384629591,
        0.050686165172796719,
    ],
    [
        0.9,
        20.0,
        2.0,
        0.02,
        3.0,
        12.0,
        50.0,
        70.0,
        10.0,
        0.0,
        0.5,
        -36.02084899642599,
        -2.4399248478842138,
        0.10297548656754075,
        0.023137026464892132,
        0.94406332300686975,
    ],
    [
        0.9,
        20.0,
        0.2,
        3.0,
        1000000.0,
        12.0,
        50.0,
        90.0,
        30.0,
        8.0,
        0.001,
        -34.224204653093124,
        -16.646007193127106,
        1.1659889452694063e-8,
        1.1640323604938398e-8,
        7.7789116386463443e-14,
    ],
    [
        0.3,
        5.0,
        0.01,
        40.0,
        900.0,
        150.0,
        80.0,
        104.0,
        100.0,
        60.0,
        0.02,
        -74.364112390900892,
        -29.927696123291987,
        1.2700938601560148e-11,
        6.2676709360928573e-12,
        1.3431353535779778e-16,
    ],
    [
        0.3,
        5.0,
        5.0,
        0.01,
        10000.0,
        1.0,
        2.0,
        300.0,
        1000.0,
        1.0,
        0.0001,
        -4.4131508201562608,
        -18.652292516309318,
        6.7621654733004582e-10,
        6.7486681370264054e-10,
        5.2088505636631821e-10,
    ],
];

#[test]
fn growing_hazard_everywhere() {
    for [r, alpha, b, s, beta, x, recency, age, t, n, delta, ll, alive, expected, discounted, probability] in
        GROWING
    {
        let model = GGompertzNbd::new(r, alpha, b, s, beta).unwrap();
        let customer = Customer::new(x, recency, age).unwrap();
        let check =
            |what: &str, found: f64, truth: f64| close(&format!("{what} {model:?} {x}"), found, truth, 1e-11);
        check("log-likelihood", model.log_likelihood_of(customer), ll);
        check("ln P(alive)", model.log_probability_alive_of(customer), alive);
        check("expected", model.expected_purchases_of(customer, t), expected);
        check("discounted", model.discounted_expected_purchases_of(customer, delta), discounted);
        check("probability", model.probability_of_purchases_of(customer, n as u32, t), probability);
    }
}
