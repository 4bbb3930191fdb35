//! The beta-geometric family: against exact fits and truths of many digits, another library's fits, simulation, and
//! the laws of its members.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;
#[path = "common/reference.rs"]
mod reference;
#[path = "common/worlds.rs"]
mod worlds;

use std::collections::{BTreeMap, BTreeSet};

use patronage::clv::{
    BgCnbd, BgNbd, Customer, Forecast, History, MbgCnbd, MbgNbd, Model, Parametric, PurchaseModel,
};
use patronage::watch::Unwatched;
use proptest::prelude::*;
use reference::{cdnow_in_weeks, check_fit, close, columns, day, list, number, numbers, reference, text};
use serde_json::Value;
use worlds::Chance;

struct Data {
    frequency: Vec<f64>,
    recency: Vec<f64>,
    age: Vec<f64>,
    litt: Vec<f64>,
}

impl Data {
    fn history(&self) -> History<'_> {
        let history = History::new(&self.frequency[..], &self.recency, &self.age).unwrap();
        if self.litt.is_empty() { history } else { history.with_litt(&self.litt).unwrap() }
    }

    /// From each customer's days of purchase, in weeks, until a last day.
    fn of_days<'a>(customers: impl Iterator<Item = &'a Vec<i64>>, last: i64) -> Self {
        let mut data = Self { frequency: vec![], recency: vec![], age: vec![], litt: vec![] };
        for days in customers {
            let gaps = days.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / 7.0);
            data.frequency.push((days.len() - 1) as f64);
            data.recency.push((days[days.len() - 1] - days[0]) as f64 / 7.0);
            data.age.push((last - days[0]) as f64 / 7.0);
            data.litt.push(gaps.map(f64::ln).sum());
        }
        data
    }
}

/// The summary has no times between purchases.
fn cdnow() -> Option<Data> {
    let [frequency, recency, age] = cdnow_in_weeks()?;
    Some(Data { frequency, recency, age, litt: vec![] })
}

/// To 2006-12-31, purchases of one day being one.
fn grocery() -> Option<Data> {
    let end = day("2006-12-31");
    let mut customers: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for line in text("grocery_elog.csv.gz")?.lines().skip(1) {
        let (customer, date) = line.split_once(',').unwrap();
        if day(date) <= end {
            customers.entry(customer.into()).or_default().insert(day(date));
        }
    }
    let customers: Vec<Vec<i64>> = customers.into_values().map(Vec::from_iter).collect();
    Some(Data::of_days(customers.iter(), end))
}

#[test]
fn exact_fits() {
    let (Some(reference), Some(cdnow), Some(grocery)) = (reference(), cdnow(), grocery()) else { return };
    assert_eq!((grocery.age.len(), grocery.frequency.iter().sum::<f64>()), (1525, 5569.0));
    check_fit(&MbgNbd::fit(&cdnow.history(), &Unwatched).unwrap(), &reference, "cdnow_exact_days_over_7");
    check_fit(&MbgNbd::fit(&grocery.history(), &Unwatched).unwrap(), &reference, "grocery");
    check_fit(&BgNbd::fit(&grocery.history(), &Unwatched).unwrap(), &reference, "grocery");
    let rounded = columns("cdnow_sample_cbs_39w_rounded.csv.gz").unwrap();
    let history = History::new(&rounded[1][..], &rounded[2], &rounded[3]).unwrap();
    check_fit(&MbgNbd::fit(&history, &Unwatched).unwrap(), &reference, "cdnow_lifetimes_rounded");
}

/// `BTYDplus` 1.2.0 (R) stops at a log-likelihood of 1e-6 off, and chooses k = 2 among 1 to 12 as well.
#[test]
fn regular_purchases_of_groceries() {
    fn check<M: Parametric + PurchaseModel + std::fmt::Debug>(data: &Data, reference: &Value, peer: &str) {
        let fits = list(reference, "/peer_fits");
        let theirs = fits.iter().find(|fit| fit["model"] == peer).unwrap();
        let ours = M::fit(&data.history(), &Unwatched).unwrap();
        assert!(ours.converged());
        let expected = numbers(&theirs["params"]);
        assert_eq!(ours.model.given(), [("k".to_string(), expected[0])]);
        for (found, expected) in ours.model.parameters().into_iter().zip(&expected[1..]) {
            close(peer, found, *expected, 2e-4);
        }
        let theirs = number(&theirs["loglik"]);
        assert!(ours.log_likelihood >= theirs - 1e-9 && ours.log_likelihood < theirs + 1e-4, "{ours:?}");
        let each = ours.model.log_likelihood(&data.history(), &Unwatched).unwrap();
        close("sum", each.iter().sum(), ours.log_likelihood, 1e-13);
    }
    let (Some(reference), Some(grocery)) = (reference(), grocery()) else { return };
    check::<MbgCnbd>(&grocery, &reference, "MBG/CNBD-k (k chosen = 2)");
    check::<BgCnbd>(&grocery, &reference, "BG/CNBD-k (k chosen = 2)");
}

#[test]
fn with_one_stage_it_is_the_irregular_model() {
    let Some(grocery) = grocery() else { return };
    let history = grocery.history();
    let regular = BgCnbd::new(1.0, 1.0, 1.0, 1.0, 1).unwrap().fit_alike(&history, &Unwatched).unwrap();
    let plain = BgNbd::fit(&history, &Unwatched).unwrap();
    assert_eq!(regular.model.parameters(), plain.model.parameters());
    assert_eq!((regular.log_likelihood, regular.covariance), (plain.log_likelihood, plain.covariance));
    let regular = MbgCnbd::new(1.0, 1.0, 1.0, 1.0, 1).unwrap().fit_alike(&history, &Unwatched).unwrap();
    let plain = MbgNbd::fit(&history, &Unwatched).unwrap();
    assert_eq!(regular.model.parameters(), plain.model.parameters());
    let (a, b) = (regular.model, plain.model);
    assert_eq!(
        a.expected_purchases(&history, 39.0, &Unwatched).unwrap(),
        b.expected_purchases(&history, 39.0, &Unwatched).unwrap()
    );
    assert_eq!(
        a.log_probability_alive(&history, 39.0, &Unwatched).unwrap(),
        b.log_probability_alive(&history, 39.0, &Unwatched).unwrap()
    );
}

fn truth(case: &Value, model: &impl PurchaseModel) {
    let customer = Customer::new(number(&case["x"]), number(&case["t_x"]), number(&case["T"])).unwrap();
    let truth = |name: &str| number(&case["truth"][name]);
    let tag = |what: &str| format!("case {} ({}) {what}", case["id"], case["tag"]);
    close(&tag("log-likelihood"), model.log_likelihood_of(customer), truth("ll"), 1e-11);
    close(&tag("P(alive)"), model.log_probability_alive_of(customer).exp(), truth("palive"), 1e-11);
    let horizon = number(&case["horizon_t"]);
    close(&tag("expected"), model.expected_purchases_of(customer, horizon), truth("cet"), 1e-11);
    // As a column, by way of x and T alone.
    let [x, recency, age] = ["x", "t_x", "T"].map(|name| [number(&case[name])]);
    let history = History::new(&x[..], &recency, &age).unwrap();
    let column = model.expected_purchases(&history, horizon, &Unwatched).unwrap();
    close(&tag("expected column"), column[0], truth("cet"), 1e-11);
}

#[test]
fn truths_per_customer() {
    let Some(reference) = reference() else { return };
    let mut cases = [0, 0];
    for case in list(&reference, "/per_customer") {
        let parameters = || ["r", "alpha", "a", "b"].map(|name| number(&case["params"][name]));
        if case["model"] == "BG/NBD" {
            truth(case, &BgNbd::from_parameters(&parameters()).unwrap());
            cases[0] += 1;
        } else if case["model"] == "MBG/NBD" {
            truth(case, &MbgNbd::from_parameters(&parameters()).unwrap());
            cases[1] += 1;
        }
    }
    assert!(cases[0] >= 24 && cases[1] >= 11, "{cases:?}");
}

#[test]
fn truths_of_regular_purchases() {
    fn check<M: PurchaseModel>(model: &M, case: &Value) {
        let [x, recency, age, litt] = ["x", "tx", "T", "litt"].map(|name| [number(&case[name])]);
        let history = History::new(&x[..], &recency, &age).unwrap();
        // Five times that add up to 20 have logarithms that add up to 6.93 at most: no column of a history has 8.
        let found = if x[0] == 5.0 {
            let factor = number(&case["k"]) - 1.0;
            model.log_likelihood_of(Customer::new(x[0], recency[0], age[0]).unwrap()) + factor * litt[0]
        } else {
            model.log_likelihood(&history.clone().with_litt(&litt).unwrap(), &Unwatched).unwrap()[0]
        };
        close(&format!("{case}"), found, number(&case["ll"]), 1e-11);
        let alive = model.probability_alive(&history, &Unwatched).unwrap()[0];
        close(&format!("{case}"), alive, number(&case["palive"]), 1e-11);
    }
    let Some(reference) = reference() else { return };
    let cases = list(&reference, "/more_truth/cnbd_k");
    assert_eq!(cases.len(), 24);
    for case in cases {
        let values = [numbers(&case["params"]), vec![number(&case["k"])]].concat();
        if case["model"] == "BG/CNBD-k" {
            check(&BgCnbd::from_parameters(&values).unwrap(), case);
        } else {
            check(&MbgCnbd::from_parameters(&values).unwrap(), case);
        }
    }
}

/// k, m, r, α, a, b, x, tₓ, T, t, δ; then P(alive), ln P(alive at T+t), expected purchases, discounted expected
/// purchases, and the probabilities of 0 to 3 purchases.
///
/// By Gauss–Laguerre quadrature over the rate (64 nodes) and Gauss–Jacobi quadrature over the drop-out probability (56
/// nodes) with `SciPy` 1.17, on the continuous-time Markov chain of stages: matrix exponentials of its generator for
/// survival and (with purchases counted) the distribution, its resolvent for the discounted purchases. Rules of 48 and
/// 40 nodes agree to 3e-13.
#[allow(clippy::unreadable_literal)]
const CHAIN: [([f64; 11], [f64; 8]); 4] = [
    (
        [1.0, 1.0, 1.2, 6.0, 0.8, 2.4, 3.0, 20.0, 30.0, 13.0, 0.02],
        [
            0.6324561881660605,
            -0.6091415771324818,
            0.8728875098177137,
            2.423957547166664,
            0.5407954753645049,
            0.22262437264691498,
            0.12990280258220424,
            0.06275354627651683,
        ],
    ),
    (
        [2.0, 1.0, 1.329, 2.8126, 0.4247, 0.79, 5.0, 40.0, 52.0, 26.0, 0.01],
        [
            0.7427569995242915,
            -0.44918292011089284,
            2.046184941625496,
            5.94616460160325,
            0.2738539012252476,
            0.1379778534946737,
            0.20087215631906236,
            0.18196988003465225,
        ],
    ),
    (
        [2.0, 0.0, 1.329, 2.8126, 1.0, 2.0, 0.0, 0.0, 52.0, 26.0, 0.3],
        [
            1.0,
            -0.15922332844311102,
            0.4579354426872446,
            0.07119801356621969,
            0.6027354731412391,
            0.34388751133610346,
            0.04692243661880138,
            0.005709504959143203,
        ],
    ),
    (
        [3.0, 0.0, 0.85, 1.45, 0.79, 2.42, 19.0, 48.5, 52.0, 39.0, 0.05],
        [
            0.8613481321639337,
            -0.5570718714166653,
            10.224080426090048,
            5.3939119104888285,
            0.13865186783653946,
            0.03063777706052459,
            0.028274947039973047,
            0.02618482913151709,
        ],
    ),
];

#[test]
fn answers_are_those_of_a_markov_chain() {
    fn check(model: &impl PurchaseModel, input: &[f64; 11], output: &[f64; 8]) {
        let [.., x, recency, age, t, delta] = *input;
        let customer = Customer::new(x, recency, age).unwrap();
        let [alive, survival, expected, discounted, distribution @ ..] = output;
        let tell = |what: &str| format!("{what} of {input:?}");
        let now = model.log_probability_alive_of(customer);
        close(&tell("P(alive)"), now.exp(), *alive, 1e-12);
        close(&tell("survival"), now + model.log_survival_of(customer, t), *survival, 2e-12);
        close(&tell("expected"), model.expected_purchases_of(customer, t), *expected, 2e-12);
        let found = model.discounted_expected_purchases_of(customer, delta);
        close(&tell("discounted"), found, *discounted, 2e-12);
        for (n, probability) in (0..).zip(distribution) {
            let found = model.probability_of_purchases_of(customer, n, t);
            close(&tell(&format!("P({n})")), found, *probability, 2e-12);
        }
    }
    for (input, output) in &CHAIN {
        let &[k, occasions, r, alpha, a, b, ..] = input;
        if occasions == 0.0 {
            check(&BgCnbd::new(r, alpha, a, b, k as u32).unwrap(), input, output);
        } else {
            check(&MbgCnbd::new(r, alpha, a, b, k as u32).unwrap(), input, output);
        }
    }
}

fn any_customer() -> impl Strategy<Value = Customer> {
    (0_u32..60, 0.01_f64..=1.0, 0.1_f64..200.0).prop_map(|(x, share, age)| {
        let recency = if x == 0 { 0.0 } else { share * age };
        Customer::new(f64::from(x), recency, age).unwrap()
    })
}

fn any_regular() -> impl Strategy<Value = MbgCnbd> {
    let size = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    (size(0.05, 20.0), size(0.5, 200.0), size(0.05, 50.0), size(0.05, 50.0), 1_u32..6)
        .prop_map(|(r, alpha, a, b, k)| MbgCnbd::new(r, alpha, a, b, k).unwrap())
}

fn irregular(model: &MbgCnbd) -> MbgNbd {
    MbgNbd::from_parameters(&model.parameters()).unwrap()
}

proptest! {
    #[test]
    fn alive_falls_with_silence(
        model in any_regular(), x in 0_u32..60, recency in 0.1_f64..50.0, gap in 0.0_f64..50.0, more in 0.0_f64..50.0,
    ) {
        let recency = if x == 0 { 0.0 } else { recency };
        let alive = |gap: f64| {
            let customer = Customer::new(f64::from(x), recency, recency + gap).unwrap();
            (model.log_probability_alive_of(customer), irregular(&model).log_probability_alive_of(customer))
        };
        prop_assert!(alive(gap).0 < 0.0 && alive(gap).0.is_finite());
        prop_assert!(alive(gap + more).0 <= alive(gap).0 + 1e-11);
        prop_assert!(alive(gap + more).1 <= alive(gap).1 + 1e-11);
    }

    #[test]
    fn right_after_the_first_purchase(model in any_regular()) {
        let [_, _, a, b] = model.parameters()[..] else { unreachable!() };
        let new = Customer::new(0.0, 0.0, 0.0).unwrap();
        prop_assert!((model.log_probability_alive_of(new).exp() * (a + b) / b - 1.0).abs() < 1e-14);
        let all: f64 = (0..400).map(|n| model.probability_of_purchases(n, 1.0).unwrap()).sum();
        prop_assert!((all - 1.0).abs() < 1e-11, "{all}");
    }

    #[test]
    fn the_answers_hang_together(
        model in any_regular(), customer in any_customer(), t in 0.5_f64..40.0, more in 1.0_f64..3.0,
    ) {
        // Distribution, expectation and survival of purchases in t.
        let expected = model.expected_purchases_of(customer, t);
        if expected < 20.0 {
            let p: Vec<f64> = (0..1000).map(|n| model.probability_of_purchases_of(customer, n, t)).collect();
            let mean: f64 = (0..).map(f64::from).zip(&p).map(|(n, p)| n * p).sum();
            let left = 1.0 - p.iter().sum::<f64>();
            prop_assert!(left.abs() < 1e-9, "{left}");
            // Who buys most may make more than a thousand, however unlikely it is that she is alive.
            if p[999] * 1e6 < 1e-10 * expected {
                prop_assert!((mean - expected).abs() <= 1e-9 * expected.max(1e-3), "{mean} {expected}");
            }
        }
        prop_assert!(model.log_survival_of(customer, t) <= 0.0);
        prop_assert!(model.log_survival_of(customer, t * more) <= model.log_survival_of(customer, t) + 1e-12);
        prop_assert!(model.expected_purchases_of(customer, t * more) >= expected * (1.0 - 1e-11));
        // Of what is expected within t each purchase counts for at least e^(−rate × t).
        let discounted = model.discounted_expected_purchases_of(customer, 0.1 / t);
        prop_assert!(discounted >= expected * (-0.1_f64).exp() * (1.0 - 1e-10));
    }

    #[test]
    fn every_answer_is_finite(
        model in any_regular(), customer in any_customer(), t in -18.0_f64..18.0, rate in 1e-6_f64..5.0,
    ) {
        let t = t.exp();
        prop_assert!(model.log_likelihood_of(customer).is_finite());
        prop_assert!(model.log_survival_of(customer, t).is_finite());
        for value in [
            model.expected_purchases_of(customer, t),
            model.discounted_expected_purchases_of(customer, rate),
            model.probability_of_purchases_of(customer, 2, t),
        ] {
            prop_assert!(value.is_finite() && value >= 0.0, "{value}");
        }
    }
}

/// Times of purchase until `end` of a customer who may drop out after the first one too.
fn purchases(chance: &mut Chance, [r, alpha, a, b]: [f64; 4], k: u32, end: f64) -> Vec<f64> {
    let rate = chance.gamma(r) / alpha;
    let drop_out = chance.beta(a, b);
    let (mut now, mut times) = (0.0, vec![0.0]);
    while chance.uniform() >= drop_out {
        now += (0..k).map(|_| chance.exponential()).sum::<f64>() / rate;
        if now.is_nan() || now > end {
            break;
        }
        times.push(now);
    }
    times
}

fn world(parameters: [f64; 4], k: u32, customers: usize, age: f64, seed: u64) -> Data {
    let mut chance = Chance::new(seed);
    let mut data = Data { frequency: vec![], recency: vec![], age: vec![age; customers], litt: vec![] };
    for _ in 0..customers {
        let times = purchases(&mut chance, parameters, k, age);
        data.frequency.push((times.len() - 1) as f64);
        data.recency.push(times[times.len() - 1]);
        data.litt.push(times.windows(2).map(|pair| (pair[1] - pair[0]).ln()).sum());
    }
    data
}

/// The expectation of new customers and the parameters of their model, from 20,000 customers who behave as it says.
#[test]
fn simulated_customers() {
    let truth = [1.2, 3.0, 0.6, 1.5];
    let model = MbgCnbd::new(truth[0], truth[1], truth[2], truth[3], 3).unwrap();
    let data = world(truth, 3, 20_000, 40.0, 5);
    let n = data.age.len() as f64;
    let mean = data.frequency.iter().sum::<f64>() / n;
    let deviation = (data.frequency.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let expected = model.expectation(40.0).unwrap();
    assert!((mean - expected).abs() < 4.0 * deviation / n.sqrt(), "{mean} {expected}");
    let none = data.frequency.iter().filter(|&&x| x == 0.0).count() as f64 / n;
    assert!((none - model.probability_of_purchases(0, 40.0).unwrap()).abs() < 4.0 * 0.5 / n.sqrt());
    let fit = MbgCnbd::fit(&data.history(), &Unwatched).unwrap();
    assert_eq!(fit.model.given(), [("k".to_string(), 3.0)]);
    let errors = fit.standard_errors().unwrap();
    for ((found, truth), error) in fit.model.parameters().iter().zip(truth).zip(errors) {
        assert!((found - truth).abs() < 4.0 * error, "{found} {truth} ± {error}");
    }
}

#[test]
fn the_unit_of_time_and_duplication() {
    let data = world([0.8, 3.0, 0.6, 1.5], 2, 2_000, 30.0, 8);
    let fit = MbgCnbd::fit(&data.history(), &Unwatched).unwrap();
    let days = |column: &[f64]| column.iter().map(|t| t * 7.0).collect::<Vec<_>>();
    let litt = data.litt.iter().zip(&data.frequency).map(|(litt, x)| litt + x * 7_f64.ln()).collect();
    let scaled =
        Data { frequency: data.frequency.clone(), recency: days(&data.recency), age: days(&data.age), litt };
    let other = MbgCnbd::fit(&scaled.history(), &Unwatched).unwrap();
    assert_eq!(fit.model.given(), other.model.given());
    for (i, (p, q)) in fit.model.parameters().into_iter().zip(other.model.parameters()).enumerate() {
        close(&format!("parameter {i}"), q, if i == 1 { 7.0 * p } else { p }, 1e-9);
    }
    let purchases: f64 = data.frequency.iter().sum();
    close("density", other.log_likelihood, fit.log_likelihood - purchases * 7_f64.ln(), 1e-12);
    // Everybody twice, or with a weight of two.
    let twice = |column: &[f64]| [column, column].concat();
    let double = Data {
        frequency: twice(&data.frequency),
        recency: twice(&data.recency),
        age: twice(&data.age),
        litt: twice(&data.litt),
    };
    let weights = vec![2.0; data.age.len()];
    let weighted = data.history().with_weights(&weights).unwrap();
    assert_eq!(
        MbgCnbd::fit(&weighted, &Unwatched).unwrap(),
        MbgCnbd::fit(&double.history(), &Unwatched).unwrap()
    );
}

/// Every fit ends at a maximum or names the flat direction, and what it found is at least as likely as the truth but
/// for a world in a hundred: there may be several maxima, and only some starts are tried.
#[test]
fn random_worlds_converge_or_say_why_not() {
    let mut chance = Chance::new(3);
    let (mut converged, mut short) = (0, 0);
    for seed in 0..300 {
        let mut size = |low: f64, high: f64| chance.size(low, high);
        let truth = [size(0.05, 10.0), size(0.1, 500.0), size(0.05, 20.0), size(0.05, 50.0)];
        let (customers, age, k) = (size(5.0, 1_500.0) as usize, size(1.0, 300.0), size(1.0, 5.0) as u32);
        let model = MbgCnbd::new(truth[0], truth[1], truth[2], truth[3], k).unwrap();
        if model.expectation(age).unwrap() > 300.0 {
            continue;
        }
        let data = world(truth, k, customers, age, seed);
        if data.frequency.iter().all(|&x| x == 0.0) {
            continue;
        }
        let fit = model.fit_alike(&data.history(), &Unwatched).unwrap();
        let told = || format!("world {seed} {model:?} {customers} {age}: {fit:?}");
        assert!(!fit.ending.to_string().contains("stalled"), "{}", told());
        converged += i32::from(fit.converged());
        let likely: f64 = model.log_likelihood(&data.history(), &Unwatched).unwrap().iter().sum();
        short += i32::from(fit.log_likelihood < likely - 1e-6 * likely.abs().max(1.0));
    }
    assert!(converged > 60 && short <= 3, "{converged} {short}");
}

#[test]
fn times_between_purchases_are_checked() {
    let history = || History::new(&[2.0, 0.0][..], &[10.0, 0.0], &[12.0, 12.0]).unwrap();
    let problem = |litt: &[f64]| history().with_litt(litt).unwrap_err().to_string();
    assert!(history().with_litt(&[2.0 * 5_f64.ln(), 0.0]).is_ok());
    assert!(problem(&[2.0 * 5_f64.ln() + 0.1, 0.0]).contains("'litt': is not the sum"));
    assert!(problem(&[1.0, 1.0]).contains("row 1"));
    assert!(problem(&[f64::NAN, 0.0]).contains("row 0"));
    assert!(problem(&[1.0]).contains("litt"));
    let needed = BgCnbd::fit(&history(), &Unwatched).unwrap_err().to_string();
    assert!(needed.contains("litt") && needed.contains("BG/CNBD-k"), "{needed}");
    let model = BgCnbd::new(1.0, 1.0, 1.0, 1.0, 2).unwrap();
    assert!(model.log_likelihood(&history(), &Unwatched).is_err());
    assert!(model.probability_alive(&history(), &Unwatched).is_ok());
    assert!(BgCnbd::new(1.0, 1.0, 1.0, 1.0, 0).is_err() && BgCnbd::new(1.0, 1.0, 1.0, 1.0, 1001).is_err());
    assert!(BgCnbd::from_parameters(&[1.0, 1.0, 1.0, 1.0, 1.5]).is_err());
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<BgCnbd>(&text).unwrap(), model);
}
