//! Models in whole periods: BG/BB, shifted beta-geometric, beta-discrete-Weibull, and the Kaplan–Meier curve, against
//! high-precision references, publications, brute force, and their laws.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::read::GzDecoder;
use patronage::clv::{
    BetaDiscreteWeibull, BgBb, Customer, Durations, Ending, Fit, Forecast, History, Horizon, Interval, Model,
    Parametric, PurchaseModel, RetentionModel, ShiftedBetaGeometric, opportunity_history, retention_curve,
};
use patronage::transactions::calendar::parse_day;
use patronage::transactions::{Line, Period, Policy, TransactionLog};
use patronage::watch::Unwatched;
use proptest::prelude::*;
use serde_json::Value;

fn reference() -> Option<Value> {
    let text = std::fs::read_to_string(common::shared("reference/clv.json")?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// A number, or a string of more digits than a double holds.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(number).collect()
}

fn list<'a>(reference: &'a Value, path: &str) -> &'a [Value] {
    reference.pointer(path).unwrap().as_array().unwrap()
}

#[track_caller]
fn close(what: &str, found: f64, expected: f64, relative: f64) {
    let error = (found / expected - 1.0).abs();
    assert!(found == expected || error <= relative, "{what}: {found} ≠ {expected} ({error:e})");
}

fn check_fit<M: Parametric>(fit: &Fit<M>, exact: &Value) {
    let dataset = exact["dataset"].as_str().unwrap();
    assert!(fit.converged(), "{dataset}: {:?}", fit.ending);
    let names = M::PARAMETERS.iter();
    for ((name, found), expected) in names.zip(fit.model.parameters()).zip(numbers(&exact["params"])) {
        close(&format!("{dataset} {name}"), found, expected, 1e-9);
    }
    for (found, expected) in fit.standard_errors().unwrap().into_iter().zip(numbers(&exact["std_err"])) {
        close(&format!("{dataset} standard error"), found, expected, 1e-8);
    }
    close(&format!("{dataset} log-likelihood"), fit.log_likelihood, number(&exact["loglik"]), 1e-12);
}

fn exact<'a>(reference: &'a Value, model: &str, dataset: &str) -> &'a Value {
    let fits = list(reference, "/exact_mle").iter();
    fits.into_iter().find(|fit| fit["model"] == model && fit["dataset"] == dataset).unwrap()
}

/// The donations of Fader, Hardie and Shang (2010), table 1: x, tₓ, n, and how many donors gave so.
#[rustfmt::skip]
const DONATIONS: [[f64; 4]; 22] = [
    [6.0, 6.0, 6.0, 1203.0], [5.0, 6.0, 6.0, 728.0], [4.0, 6.0, 6.0, 512.0], [3.0, 6.0, 6.0, 357.0], [2.0, 6.0, 6.0, 234.0],
    [1.0, 6.0, 6.0, 129.0], [5.0, 5.0, 6.0, 335.0], [4.0, 5.0, 6.0, 284.0], [3.0, 5.0, 6.0, 225.0], [2.0, 5.0, 6.0, 173.0],
    [1.0, 5.0, 6.0, 119.0], [4.0, 4.0, 6.0, 240.0], [3.0, 4.0, 6.0, 181.0], [2.0, 4.0, 6.0, 155.0], [1.0, 4.0, 6.0, 78.0],
    [3.0, 3.0, 6.0, 322.0], [2.0, 3.0, 6.0, 255.0], [1.0, 3.0, 6.0, 129.0], [2.0, 2.0, 6.0, 613.0], [1.0, 2.0, 6.0, 277.0],
    [1.0, 1.0, 6.0, 1091.0], [0.0, 0.0, 6.0, 3464.0],
];

fn donations() -> [Vec<f64>; 4] {
    std::array::from_fn(|column| DONATIONS.iter().map(|row| row[column]).collect())
}

#[test]
fn bgbb_fits_donations() {
    let [x, recency, age, donors] = donations();
    let history = History::new(&x[..], &recency, &age).unwrap().with_weights(&donors).unwrap();
    let fit = BgBb::fit(&history, &Unwatched).unwrap();
    // As published, table 3.
    let published = [1.204, 0.750, 0.657, 2.783];
    assert!(fit.model.parameters().iter().zip(published).all(|(p, published)| (p - published).abs() < 6e-4));
    assert!((fit.log_likelihood + 33_225.6).abs() < 0.05);
    assert_eq!(fit.customers, 11_104.0);
    let Some(reference) = reference() else { return };
    check_fit(&fit, exact(&reference, "BG/BB", "donations"));
    // Row by row instead of weighted, and in another order: the same bits.
    let long = |column: &[f64]| -> Vec<f64> {
        let rows = column.iter().zip(&donors).rev();
        rows.flat_map(|(&value, &n)| std::iter::repeat_n(value, n as usize)).collect()
    };
    let (x, recency, age) = (long(&x), long(&recency), long(&age));
    let again = BgBb::fit(&History::new(&x[..], &recency, &age).unwrap(), &Unwatched).unwrap();
    assert_eq!(again, fit);
}

#[test]
fn bgbb_truths_of_the_donations() {
    let Some(reference) = reference() else { return };
    let mut total = 0.0;
    for cell in list(&reference, "/more_truth/bgbb_donations_cells") {
        let model = BgBb::from_parameters(&numbers(&cell["params"])).unwrap();
        let donor = Customer::new(number(&cell["x"]), number(&cell["tx"]), number(&cell["n"])).unwrap();
        let now = model.log_probability_alive_of(donor);
        let next = now + model.log_survival_of(donor, 1.0);
        close("log-likelihood", model.log_likelihood_of(donor), number(&cell["ll"]), 1e-13);
        close("P(alive)", now.exp(), number(&cell["palive_now"]), 1e-13);
        close("P(alive) at the next", next.exp(), number(&cell["palive_next"]), 1e-13);
        let expected = model.expected_purchases_of(donor, 5.0);
        close("expected", expected, number(&cell["cet5"]), 1e-13);
        let discounted = model.discounted_expected_purchases_of(donor, 1.1_f64.ln());
        close("discounted", discounted, number(&cell["dert_d10"]), 1e-12);
        total += number(&cell["custs"]) * expected;
    }
    close("total", total, number(&reference["more_truth"]["bgbb_total_expected_5yr"]), 1e-13);
    assert_eq!(format!("{total:.2}"), "12882.27");
    let case = &reference["more_truth"]["bgbb_cet_gamma_eq_1"];
    let model = BgBb::from_parameters(&numbers(&case["params"])).unwrap();
    let found = model.expected_purchases_of(Customer::new(3.0, 5.0, 6.0).unwrap(), 5.0);
    close("γ = 1", found, number(&case["value"]), 1e-14);
    for case in list(&reference, "/more_truth/bgbb_expectation") {
        let model = BgBb::from_parameters(&numbers(&case["params"])).unwrap();
        close("expectation", model.expectation(number(&case["n"])).unwrap(), number(&case["value"]), 1e-13);
    }
}

/// Fader, Hardie and Shang (2010), table 6 and the spreadsheet beside it, by way of the tests of lifetimes 0.11.3 (MIT).
#[test]
fn bgbb_as_published() {
    let model = BgBb::new(1.204, 0.750, 0.657, 2.783).unwrap();
    for (x, recency, expected) in [(0.0, 0.0, 0.11), (2.0, 4.0, 0.59), (6.0, 6.0, 0.93)] {
        let donor = Customer::new(x, recency, 6.0).unwrap();
        let next = (model.log_probability_alive_of(donor) + model.log_survival_of(donor, 1.0)).exp();
        assert!((next - expected).abs() < 5e-3, "{next}");
    }
    // The spreadsheet has more digits than were published.
    let [x, recency, age, donors] = donations();
    let history = History::new(&x[..], &recency, &age).unwrap().with_weights(&donors).unwrap();
    let check =
        BgBb::fit(&history, &Unwatched).unwrap().model.frequency_check(&history, 6, &Unwatched).unwrap();
    assert!(
        (check[0].expected - 3454.9).abs() < 0.05 && (check[6].expected - 1253.1).abs() < 0.05,
        "{check:?}"
    );
    assert_eq!((check[0].actual, check[6].actual, check[7].actual), (3464.0, 1203.0, 0.0));
    assert!(check[7].expected < 1e-7);
}

/// α, β, γ, δ, x, tₓ, n, horizon, a number of purchases, a rate; then the log-likelihood, ln P(alive), the expected
/// purchases, the probability of that number, and the discounted ones: the paper's sums (DERT: its ₂F₁) by mpmath 1.3
/// with 50 digits.
#[rustfmt::skip]
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const EXTREMES: [[f64; 15]; 8] = [
    [1.204, 0.75, 0.657, 2.783, 2.0, 4.0, 6.0, 5.0, 2.0, 0.0953, -5.19569760104264698, -0.456318667616580462, 1.05734894190968052, 0.14578082414227911, 1.66521319342162086],
    [1.204, 0.75, 1.0, 2.783, 3.0, 5.0, 6.0, 5.0, 0.0, 0.01, -5.89543279782372681, -0.281339949746594343, 1.5087471958733291, 0.402524982967115219, 7.23008588792916233],
    [0.3, 0.2, 0.001, 0.5, 0.0, 0.0, 40.0, 30.0, 0.0, 0.0001, -2.0403296016227845, -0.0225631251100928274, 0.217195901256749299, 0.848546354350497021, 72.0589789994076223],
    [50.0, 2000.0, 3.0, 90.0, 4.0, 300.0, 1000.0, 500.0, 3.0, 0.002, -27.9067072644008112, -15.8739878606886274, 6.52352788331074383e-7, 1.07144656903221057e-8, 5.24464796792120805e-7],
    [0.001, 0.001, 0.001, 0.001, 7.0, 7.0, 9.0, 20.0, 20.0, 1.0, -10.1271933661479754, -2.19690744107288787, 1.72750416927653642, 0.00821477909805912256, 0.0502978705302621597],
    [5000.0, 2000.0, 800.0, 9000.0, 30.0, 44.0, 60.0, 12.0, 5.0, 0.05, -33.5791353165591946, -19.1402783648687702, 2.50611497692515702e-8, 3.35222612787282858e-10, 2.40879905182246657e-8],
    [1.204, 0.75, 0.657, 2.783, 0.0, 0.0, 2000.0, 2000.0, 1.0, 1e-06, -1.24730961035618253, -12.4884727733574711, 3.54861349989221361e-6, 8.87424432732271795e-7, 0.0000864042404727309228],
    [2.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 5.0, -2.39789527279837054, 0.0, 0.166666666666666667, 0.166666666666666667, 0.00112869692072728692],
];

#[test]
fn bgbb_everywhere() {
    for case in EXTREMES {
        let [alpha, beta, gamma, delta, x, recency, age, horizon, n, rate, ll, alive, expected, pmf, dert] =
            case;
        let model = BgBb::new(alpha, beta, gamma, delta).unwrap();
        let customer = Customer::new(x, recency, age).unwrap();
        close("log-likelihood", model.log_likelihood_of(customer), ll, 1e-12);
        close("P(alive)", model.log_probability_alive_of(customer), alive, 1e-12);
        close("expected", model.expected_purchases_of(customer, horizon), expected, 1e-11);
        close("distribution", model.probability_of_purchases_of(customer, n as u32, horizon), pmf, 1e-11);
        close("discounted", model.discounted_expected_purchases_of(customer, rate), dert, 1e-11);
    }
}

/// B(α+s, β+f)/B(α, β) by multiplication: the probability of s successes and f failures in a given order.
fn polya(alpha: f64, beta: f64, s: u32, f: u32) -> f64 {
    let rising = |x: f64, n: u32| (0..n).map(|i| x + f64::from(i)).product::<f64>();
    rising(alpha, s) * rising(beta, f) / rising(alpha + beta, s + f)
}

/// All strings of purchases and silences at `n` opportunities, with the probability of each by adding over the
/// opportunity before which the customer drops out (or none).
fn strings([alpha, beta, gamma, delta]: [f64; 4], n: u32) -> Vec<(u32, f64)> {
    (0..1_u32 << n)
        .map(|string| {
            let last = 32 - string.leading_zeros();
            let buys = string.count_ones();
            let until = |there: u32| polya(alpha, beta, buys, there - buys);
            let alive = until(n) * polya(gamma, delta, 0, n);
            let gone: f64 = (last..n).map(|there| until(there) * polya(gamma, delta, 1, there)).sum();
            (string, alive + gone)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What she does next, given what she did: shares of all strings of eight opportunities, by enumeration.
    #[test]
    fn bgbb_is_what_enumeration_says(parameters in prop::array::uniform4(0.05_f64..6.0), seen in 0_u32..6) {
        const N: u32 = 8;
        let model = BgBb::from_parameters(&parameters).unwrap();
        let all = strings(parameters, N);
        prop_assert!((all.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-12);
        let ahead = N - seen;
        for past in 0..1_u32 << seen {
            // The first opportunities are the low bits.
            let like: Vec<_> = all.iter().filter(|(string, _)| string & ((1 << seen) - 1) == past).collect();
            let total: f64 = like.iter().map(|(_, p)| p).sum();
            let recency = 32 - past.leading_zeros();
            let customer =
                Customer::new(f64::from(past.count_ones()), f64::from(recency), f64::from(seen)).unwrap();
            prop_assert!((model.log_likelihood_of(customer) - total.ln()).abs() < 1e-11);
            let mut mean = 0.0;
            for n in 0..=ahead {
                let share: f64 =
                    like.iter().filter(|(s, _)| (s >> seen).count_ones() == n).map(|(_, p)| p).sum::<f64>() / total;
                mean += f64::from(n) * share;
                let found = model.probability_of_purchases_of(customer, n, f64::from(ahead));
                prop_assert!((found - share).abs() < 1e-11, "{} {}", found, share);
            }
            let found = model.expected_purchases_of(customer, f64::from(ahead));
            prop_assert!((found - mean).abs() < 1e-10, "{} {}", found, mean);
        }
    }
}

fn any_bgbb() -> impl Strategy<Value = BgBb> {
    let size = || (1e-3_f64.ln()..1e4_f64.ln()).prop_map(f64::exp);
    (size(), size(), size(), size()).prop_map(|(a, b, c, d)| BgBb::new(a, b, c, d).unwrap())
}

fn any_customer() -> impl Strategy<Value = Customer> {
    (0_u32..40, 0_u32..40, 0_u32..200).prop_map(|(x, more, silent)| {
        let recency = if x == 0 { 0 } else { x + more };
        Customer::new(f64::from(x), f64::from(recency), f64::from(recency + silent)).unwrap()
    })
}

proptest! {
    #[test]
    fn bgbb_laws(model in any_bgbb(), customer in any_customer(), horizon in 1_u32..60, rate in 1e-4_f64..2.0) {
        let ahead = f64::from(horizon);
        let alive = model.log_probability_alive_of(customer);
        prop_assert!(model.log_likelihood_of(customer).is_finite() && alive.is_finite() && alive <= 0.0);
        let p: Vec<f64> =
            (0..=horizon + 1).map(|n| model.probability_of_purchases_of(customer, n, ahead)).collect();
        prop_assert!(p.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p)));
        prop_assert_eq!(p[horizon as usize + 1], 0.0);
        prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-10, "{}", p.iter().sum::<f64>());
        let mean: f64 = p.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum();
        let expected = model.expected_purchases_of(customer, ahead);
        prop_assert!((mean - expected).abs() <= 1e-9 * expected + 1e-290, "{} {}", mean, expected);
        // Discounting lessens; by no more than at the last opportunity of those that count.
        let discounted = model.discounted_expected_purchases_of(customer, rate);
        prop_assert!(discounted >= expected * (-rate * ahead).exp() * (1.0 - 1e-10));
        prop_assert!(discounted <= model.discounted_expected_purchases_of(customer, 0.5 * rate) * (1.0 + 1e-10));
        // She may drop out only.
        let survival = model.log_survival_of(customer, ahead);
        prop_assert!(survival <= 0.0 && survival >= model.log_survival_of(customer, ahead + 1.0));
    }

    #[test]
    fn bgbb_alive_falls_with_silence(model in any_bgbb(), x in 1_u32..20, more in 0_u32..20, silent in 0_u32..99) {
        let alive = |silent: u32| {
            let recency = f64::from(x + more);
            model.log_probability_alive_of(Customer::new(f64::from(x), recency, recency + f64::from(silent)).unwrap())
        };
        prop_assert!(alive(silent + 1) <= alive(silent));
    }
}

#[test]
fn bgbb_refuses_what_is_not_whole() {
    let model = BgBb::new(1.204, 0.75, 0.657, 2.783).unwrap();
    let refused = |x: [f64; 3], recency: [f64; 3], age: [f64; 3]| {
        let history = History::new(&x[..], &recency, &age).unwrap();
        let problem = BgBb::fit(&history, &Unwatched).unwrap_err().to_string();
        assert_eq!(model.log_likelihood(&history, &Unwatched).unwrap_err().to_string(), problem);
        problem
    };
    let problem = refused([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [6.0, 6.5, 5.5]);
    assert!(problem.contains("'T': is not a whole number of opportunities"), "{problem}");
    assert!(problem.contains("in 2 row(s), first at row 1; count opportunities"), "{problem}");
    let problem = refused([0.0, 1.0, 2.0], [0.0, 1.0, 2.5], [6.0; 3]);
    assert!(problem.contains("'recency': is not a whole"), "{problem}");
    let problem = refused([0.0, 3.0, 2.0], [0.0, 2.0, 2.0], [6.0; 3]);
    assert!(problem.contains("'frequency': is larger than recency"), "{problem}");
    assert!(problem.contains("in 1 row(s), first at row 1"), "{problem}");
    assert!(refused([0.0; 3], [0.0; 3], [2e6; 3]).contains("1,000,000"));
    let history = History::new(&[2.0][..], &[4.0], &[6.0]).unwrap();
    for horizon in [Horizon::Same(0.5), Horizon::Each(&[2.5])] {
        let problem = model.expected_purchases(&history, horizon, &Unwatched).unwrap_err().to_string();
        assert!(
            problem.contains("horizon") && problem.contains("whole number of opportunities"),
            "{problem}"
        );
        assert!(model.purchase_distribution(&history, horizon, 3, &Unwatched).is_err());
        assert!(model.probability_alive_at(&history, horizon, &Unwatched).is_err());
    }
    assert!(model.expectation(1.5).is_err() && model.probability_of_purchases(1, 1.5).is_err());
    // One customer at a time there is no error to give: no answer.
    let odd = Customer::new(2.0, 4.5, 6.0).unwrap();
    let whole = Customer::new(2.0, 4.0, 6.0).unwrap();
    assert!(model.log_likelihood_of(odd).is_nan() && model.log_probability_alive_of(odd).is_nan());
    assert!(
        model.expected_purchases_of(odd, 1.0).is_nan() && model.expected_purchases_of(whole, 0.5).is_nan()
    );
    assert!(
        model.discounted_expected_purchases_of(odd, 0.1).is_nan() && model.log_survival_of(odd, 1.0).is_nan()
    );
    assert!(model.probability_of_purchases_of(whole, 1, 0.5).is_nan());
}

/// A generator that needs no crate: a 64-bit linear congruence (Knuth's constants), its high bits taken.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Between two sizes, evenly in the logarithm.
    fn size(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.uniform())
    }

    /// Marsaglia and Tsang (2000), by way of two uniform numbers for a normal one.
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let normal = (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos();
            let v = (1.0 + normal / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * normal * normal + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }
}

fn donors(
    chance: &mut Chance,
    [alpha, beta, gamma, delta]: [f64; 4],
    customers: usize,
    most: u32,
) -> [Vec<f64>; 3] {
    let (mut x, mut recency, mut age) = (vec![], vec![], vec![]);
    for _ in 0..customers {
        let (p, theta) = (chance.beta(alpha, beta), chance.beta(gamma, delta));
        let n = 1 + (chance.uniform() * f64::from(most)) as u32;
        let (mut bought, mut last) = (0.0, 0.0);
        for t in 1..=n {
            if chance.uniform() < theta {
                break;
            }
            if chance.uniform() < p {
                (bought, last) = (bought + 1.0, f64::from(t));
            }
        }
        x.push(bought);
        recency.push(last);
        age.push(f64::from(n));
    }
    [x, recency, age]
}

/// Whatever the world, the fit ends at a maximum or says along which direction there is none.
#[test]
fn bgbb_random_worlds_converge_or_are_named() {
    let mut chance = Chance(11);
    let (mut converged, mut flat) = (0, 0);
    for _ in 0..120 {
        let parameters: [f64; 4] = std::array::from_fn(|_| chance.size(0.1, 6.0));
        let customers = chance.size(30.0, 3000.0) as usize;
        let most = chance.size(2.0, 30.0) as u32;
        let [x, recency, age] = donors(&mut chance, parameters, customers, most);
        let history = History::new(&x[..], &recency, &age).unwrap();
        let Ok(fit) = BgBb::fit(&history, &Unwatched) else {
            assert!(x.iter().all(|&x| x == 0.0));
            continue;
        };
        match &fit.ending {
            Ending::Converged => {
                converged += 1;
                assert!(fit.curvature.iter().all(|&value| value < 0.0));
                let truth = BgBb::from_parameters(&parameters).unwrap();
                let there: f64 = truth.log_likelihood(&history, &Unwatched).unwrap().iter().sum();
                assert!(fit.log_likelihood >= there - 1e-9, "{parameters:?} {fit:?} {there}");
            }
            Ending::Flat { drift, .. } => {
                flat += 1;
                assert!(!drift.is_empty());
            }
            Ending::Stalled => panic!("{parameters:?} {customers} {most} {fit:?}"),
        }
    }
    assert!(converged > 50 && flat > 5, "{converged} {flat}");
}

/// Two thirds of the estimates are within a standard error of the truth in large samples.
#[test]
fn bgbb_standard_errors_cover() {
    let mut chance = Chance(5);
    let truth = [1.2, 0.8, 0.7, 2.8];
    let (worlds, mut within) = (60, [0; 4]);
    for _ in 0..worlds {
        let [x, recency, age] = donors(&mut chance, truth, 3000, 12);
        let fit = BgBb::fit(&History::new(&x[..], &recency, &age).unwrap(), &Unwatched).unwrap();
        let errors = fit.standard_errors().unwrap();
        for i in 0..4 {
            within[i] += i32::from((fit.model.parameters()[i] - truth[i]).abs() < errors[i]);
        }
    }
    // 0.683 × 60 = 41; its standard deviation is 3.6.
    assert!(within.iter().all(|n| (29..=53).contains(n)), "{within:?}");
}

#[test]
fn opportunities_from_a_log() {
    let gave = [
        ("Ann", "2019-05-01"),
        ("Ann", "2021-01-09"),
        ("Ann", "2021-12-24"),
        ("Bob", "2020-03-01"),
        ("Cy", "2022-04-01"),
    ];
    let lines = gave.map(|(who, when)| Line::new(who, parse_day(when).unwrap(), 10.0));
    let log = TransactionLog::from_lines(lines, Policy::default()).unwrap();
    let day = |text| Some(parse_day(text).unwrap());
    // 2022 has not ended by the last line.
    let years = opportunity_history(&log, Period::Year, None, None).unwrap();
    assert_eq!(
        (years.calibration_end, years.as_of),
        (parse_day("2021-12-31").unwrap(), parse_day("2021-12-31").unwrap())
    );
    assert_eq!(
        (&years.frequency, &years.recency, &years.age),
        (&vec![1, 0], &vec![2.0, 0.0], &vec![2.0, 1.0])
    );
    assert_eq!(years.later_customers, 0);
    let years = opportunity_history(&log, Period::Year, day("2022-12-31"), day("2020-12-31")).unwrap();
    let held = years.holdout.unwrap();
    assert_eq!((held.duration, held.frequency), (2.0, vec![1, 0]));
    assert_eq!((years.frequency, years.age, years.later_customers), (vec![0, 0], vec![1.0, 0.0], 1));
    assert!(opportunity_history(&log, Period::Year, day("2019-12-30"), None).is_err());
    assert!(opportunity_history(&log, Period::Year, day("2019-12-31"), None).is_ok());
    assert!(opportunity_history(&log, Period::Year, None, day("2018-12-31")).is_err());
}

/// BTYD's simulated log (yearly, 1970 to 1983), counted here by hand: distinct years after the first.
#[test]
fn opportunities_of_the_simulated_log() {
    let Some(path) = common::shared("data/discrete_sim_elog.csv.gz") else { return };
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let rows: Vec<(&str, &str)> = text.lines().skip(1).map(|line| line.split_once(',').unwrap()).collect();
    let lines = rows.iter().map(|&(who, when)| Line::new(who, parse_day(when).unwrap(), 1.0));
    let log = TransactionLog::from_lines(lines, Policy::default()).unwrap();
    let last_year = rows.iter().map(|(_, when)| when[..4].parse::<i32>().unwrap()).max().unwrap();
    let end = Some(parse_day(&format!("{last_year}-12-31")).unwrap());
    let history = opportunity_history(&log, Period::Year, end, None).unwrap();
    let mut years = BTreeMap::<&str, BTreeSet<i32>>::new();
    for (who, when) in &rows {
        years.entry(who).or_default().insert(when[..4].parse().unwrap());
    }
    assert_eq!(history.frequency.len(), years.len());
    for (i, years) in years.values().enumerate() {
        let (first, last) = (*years.first().unwrap(), *years.last().unwrap());
        assert_eq!(history.frequency[i], years.len() as u64 - 1);
        assert_eq!(
            (history.recency[i], history.age[i]),
            (f64::from(last - first), f64::from(last_year - first))
        );
    }
    let fit = BgBb::fit(&History::of(&history).unwrap(), &Unwatched).unwrap();
    assert!(fit.converged(), "{:?}", fit.ending);
}

const REGULAR: [f64; 8] = [1000.0, 631.0, 468.0, 382.0, 326.0, 289.0, 262.0, 241.0];
const HIGH_END: [f64; 8] = [1000.0, 869.0, 743.0, 653.0, 593.0, 551.0, 517.0, 491.0];

#[test]
fn sbg_fits_the_published_cohorts() {
    let fit = |cohort: &[f64]| {
        ShiftedBetaGeometric::fit(&Durations::from_cohorts(&[cohort]).unwrap(), &Unwatched).unwrap()
    };
    // Fader and Hardie (2007).
    let (regular, high_end) = (fit(&REGULAR), fit(&HIGH_END));
    for (fit, published, ll) in [(&regular, [0.704, 1.182], -1680.27), (&high_end, [0.668, 3.806], -1611.16)]
    {
        assert!(
            fit.model.parameters().iter().zip(published).all(|(p, published)| (p - published).abs() < 5e-4)
        );
        assert!((fit.log_likelihood - ll).abs() < 5e-3);
    }
    let Some(reference) = reference() else { return };
    check_fit(&regular, exact(&reference, "sBG", "regular_years0-7"));
    check_fit(&high_end, exact(&reference, "sBG", "highend_years0-7"));
    check_fit(&fit(&REGULAR[..5]), exact(&reference, "sBG", "regular_years0-4"));
    check_fit(&fit(&HIGH_END[..5]), exact(&reference, "sBG", "highend_years0-4"));
}

#[test]
fn sbg_truths() {
    let Some(reference) = reference() else { return };
    for case in list(&reference, "/more_truth/sbg") {
        let parameters = numbers(&case["params"]);
        let sbg = ShiftedBetaGeometric::from_parameters(&parameters).unwrap();
        let bdw = BetaDiscreteWeibull::new(parameters[0], parameters[1], 1.0).unwrap();
        for (t, expected) in (0..).zip(numbers(&case["survival"])) {
            close("survival", sbg.survival(t), expected, 1e-14);
            close("survival at c = 1", bdw.survival(t), expected, 1e-14);
        }
        for (t, expected) in (1..).zip(numbers(&case["retention"])) {
            close("retention", sbg.retention(t), expected, 1e-14);
        }
        close("DEL", sbg.discounted_expected_lifetime(0.1).unwrap(), number(&case["DEL_d10"]), 1e-12);
        for (n, expected) in [1, 2, 3, 5, 8].into_iter().zip(numbers(&case["DERL_d10_n"])) {
            close("DERL", sbg.discounted_expected_residual_lifetime(n, 0.1).unwrap(), expected, 1e-12);
        }
    }
}

/// Newton's method on a likelihood of 40 digits (mpmath 1.3): α, β, c, their standard errors, the log-likelihood.
#[test]
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
fn bdw_fits_the_published_cohorts() {
    type Case = (&'static [f64], [f64; 3], [f64; 3], f64);
    let cases: [Case; 4] = [
        (
            &REGULAR,
            [0.45561398937163812, 0.77932550838795592, 1.2834512857832903],
            [0.16704142745283, 0.28270991739743, 0.2980950712391],
            -1679.6028329071783,
        ),
        (
            &HIGH_END,
            [0.21425333928084996, 1.4265748748600842, 1.7235648487445279],
            [0.059579706442775, 0.38140861469334, 0.30104328172415],
            -1605.3142132141932,
        ),
        (
            &REGULAR[..5],
            [0.5230293129088435, 0.8942826589103322, 1.1963987113590175],
            [0.30903806473078, 0.52481976103285, 0.37408614755732],
            -1401.3830516786184,
        ),
        (
            &HIGH_END[..5],
            [0.25933573151116639, 1.7225514880866862, 1.5843615150228576],
            [0.12016929099678, 0.77694164409645, 0.35302329695276],
            -1222.7493182408218,
        ),
    ];
    for (cohort, parameters, errors, ll) in cases {
        let durations = Durations::from_cohorts(&[cohort]).unwrap();
        let fit = BetaDiscreteWeibull::fit(&durations, &Unwatched).unwrap();
        assert!(fit.converged(), "{:?}", fit.ending);
        close("log-likelihood", fit.log_likelihood, ll, 1e-13);
        close("again", fit.model.log_likelihood(&durations).unwrap(), fit.log_likelihood, 1e-15);
        for i in 0..3 {
            close("parameter", fit.model.parameters()[i], parameters[i], 1e-9);
            close("standard error", fit.standard_errors().unwrap()[i], errors[i], 1e-8);
        }
    }
}

/// By mpmath 1.3: S(t) and S(t−1) − S(t) from beta functions of 40 digits; DERL and expected lifetimes by adding up, the
/// latter with an Euler–Maclaurin tail of 60 digits.
#[test]
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
fn bdw_everywhere() {
    for (alpha, beta, c, t, survival, churn) in [
        (0.704, 1.182, 1.5, 7, 0.127823451122758521, 0.0211538312852465814),
        (0.704, 1.182, 0.3, 1000, 0.221089270888075142, 0.0000413181769429239645),
        (0.001, 5.0, 2.0, 100, 0.99232504206086821, 0.0000199375365824056714),
        (300.0, 20000.0, 1.3, 40, 0.166005204416333414, 0.00990828778517302771),
        (0.7, 1e6, 0.8, 3, 0.999998314245918163, 4.66984914106797535e-7),
        (2.0, 1e8, 0.5, 9, 0.999999940000003, 3.43145718791893118e-9),
    ] {
        let model = BetaDiscreteWeibull::new(alpha, beta, c).unwrap();
        close("survival", model.survival(t), survival, 1e-13);
        close("churn", model.churn_probability(t), churn, 1e-12);
        close("retention", model.retention(t), survival / (survival + churn), 1e-13);
    }
    for (alpha, beta, c, n, d, expected) in [
        (0.704, 1.182, 1.5, 1, 0.1, 2.030459012798454859),
        (0.704, 1.182, 0.6, 4, 0.1, 7.4564062999416313699),
        (0.668, 3.806, 1.3, 2, 0.01, 12.432046724780008921),
        (2.5, 9.0, 0.8, 1, 0.05, 5.6328902438235814216),
        (0.3, 20.0, 2.2, 10, 0.02, 21.098322555726655855),
        (5.0, 400.0, 1.9, 3, 0.1, 4.9581295452586862257),
        (0.05, 0.3, 0.4, 1, 0.2, 4.9884427924602008003),
    ] {
        let model = BetaDiscreteWeibull::new(alpha, beta, c).unwrap();
        close("DERL", model.discounted_expected_residual_lifetime(n, d).unwrap(), expected, 1e-12);
    }
    for (alpha, beta, c, expected) in [
        (2.0, 3.0, 1.0, 4.0),
        (2.0, 3.0, 0.8, 7.10622536499624699),
        (1.5, 4.0, 1.6, 3.22395464446797533),
        (0.9, 2.0, 1.7, 4.06568312491122742),
        (8.0, 50.0, 0.5, 136.410853132475436),
        (1.02, 2.0, 1.0, 101.0),
        (0.51, 2.0, 2.0, 67.9763392880891069),
    ] {
        let model = BetaDiscreteWeibull::new(alpha, beta, c).unwrap();
        close("expected lifetime", model.expected_lifetime(), expected, 1e-11);
        close("at d = 0", model.discounted_expected_lifetime(0.0).unwrap(), expected, 1e-11);
    }
    // So many stay so long that the mean is infinite.
    assert_eq!(BetaDiscreteWeibull::new(0.5, 1.0, 2.0).unwrap().expected_lifetime(), f64::INFINITY);
    assert_eq!(ShiftedBetaGeometric::new(0.704, 1.182).unwrap().expected_lifetime(), f64::INFINITY);
}

fn any_bdw() -> impl Strategy<Value = BetaDiscreteWeibull> {
    let size = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    (size(1e-3, 1e4), size(1e-3, 1e6), size(1e-2, 50.0))
        .prop_map(|(alpha, beta, c)| BetaDiscreteWeibull::new(alpha, beta, c).unwrap())
}

proptest! {
    #[test]
    fn lifetimes_obey_their_laws(model in any_bdw(), t in 1_u32..500, d in 1e-4_f64..2.0) {
        let churn: f64 = (1..=t).map(|t| model.churn_probability(t)).sum();
        prop_assert!((churn + model.survival(t) - 1.0).abs() < 1e-11, "{} {}", churn, model.survival(t));
        prop_assert!((0.0..=1.0).contains(&model.retention(t)));
        let product: f64 = (1..=t).map(|t| model.retention(t)).product();
        prop_assert!((product - model.survival(t)).abs() < 1e-11 * (1.0 + f64::from(t)) * model.survival(t) + 1e-300);
        // DEL is the first period, and what is left at its end.
        let life = model.discounted_expected_lifetime(d).unwrap();
        let left = model.discounted_expected_residual_lifetime(1, d).unwrap();
        prop_assert!((life - 1.0 - left / (1.0 + d)).abs() < 1e-12 * life);
        prop_assert!(left >= 0.0 && life <= (1.0 + d) / d * (1.0 + 1e-12));
        // A renewal, and then the same a period later.
        let next = model.discounted_expected_residual_lifetime(t + 1, d).unwrap();
        let now = model.discounted_expected_residual_lifetime(t, d).unwrap();
        prop_assert!((now - model.retention(t) * (1.0 + next / (1.0 + d))).abs() <= 1e-10 * now + 1e-290, "{} {}", now, next);
        prop_assert!(model.expected_lifetime() >= life * (1.0 - 1e-12));
    }

    /// c = 1 goes a way of its own; next to it, the sums of the general one meet.
    #[test]
    fn sbg_is_bdw_at_one(alpha in 0.05_f64..20.0, beta in 0.05_f64..200.0, n in 1_u32..40, d in 1e-3_f64..1.0) {
        let sbg = ShiftedBetaGeometric::new(alpha, beta).unwrap();
        let near = BetaDiscreteWeibull::new(alpha, beta, 1.0 + 1e-14).unwrap();
        prop_assert!((sbg.survival(n) / near.survival(n) - 1.0).abs() < 1e-11);
        let derl = |model: &dyn Fn(u32, f64) -> f64| model(n, d);
        let exact = derl(&|n, d| sbg.discounted_expected_residual_lifetime(n, d).unwrap());
        let found = derl(&|n, d| near.discounted_expected_residual_lifetime(n, d).unwrap());
        prop_assert!((found / exact - 1.0).abs() < 1e-10, "{} {}", found, exact);
        if alpha > 1.2 {
            prop_assert!((near.expected_lifetime() / sbg.expected_lifetime() - 1.0).abs() < 1e-10);
        }
    }
}

fn subscribers(chance: &mut Chance, [alpha, beta, c]: [f64; 3], customers: usize, most: u32) -> Durations {
    let (mut duration, mut churned) = (vec![], vec![]);
    for _ in 0..customers {
        let stays = (-chance.beta(alpha, beta)).ln_1p();
        let watched = f64::from(1 + (chance.uniform() * f64::from(most)) as u32);
        // S(t) = (1−θ)^(t^c) > u as long as t < (ln u/ln(1−θ))^(1/c).
        let life = (chance.uniform().ln() / stays).powf(1.0 / c).ceil().max(1.0);
        duration.push(life.min(watched));
        churned.push(life <= watched);
    }
    Durations::new(&duration, &churned, None).unwrap()
}

/// Whether the fit converged; it must have ended somewhere it can name.
fn ends_well<M: RetentionModel + std::fmt::Debug>(durations: &Durations) -> bool {
    let Ok(fit) = M::fit(durations, &Unwatched) else {
        assert!(durations.churned() == 0.0);
        return false;
    };
    assert!(fit.ending != Ending::Stalled, "{fit:?} {durations:?}");
    assert!(fit.log_likelihood.is_finite());
    // Answers are there even where the parameters ran off.
    assert!((0..60).all(|t| (0.0..=1.0).contains(&fit.model.survival(t))));
    let life = fit.model.discounted_expected_lifetime(0.1).unwrap();
    assert!((1.0..=11.0 + 1e-9).contains(&life), "{life} {fit:?}");
    fit.converged()
}

#[test]
fn retention_models_converge_or_are_named() {
    let mut chance = Chance(3);
    let mut converged = [0; 2];
    for _ in 0..150 {
        let parameters = [chance.size(0.1, 6.0), chance.size(0.3, 30.0), chance.size(0.5, 2.0)];
        let customers = chance.size(30.0, 30_000.0) as usize;
        let most = chance.size(4.0, 40.0) as u32;
        let durations = subscribers(&mut chance, parameters, customers, most);
        converged[0] += i32::from(ends_well::<ShiftedBetaGeometric>(&durations));
        converged[1] += i32::from(ends_well::<BetaDiscreteWeibull>(&durations));
    }
    assert!(converged.iter().all(|&n| n > 70), "{converged:?}");
}

#[test]
fn flat_retention_is_named() {
    let flat = |cohort: &[f64]| {
        let fit =
            ShiftedBetaGeometric::fit(&Durations::from_cohorts(&[cohort]).unwrap(), &Unwatched).unwrap();
        let Ending::Flat { limit, .. } = &fit.ending else { panic!("{fit:?}") };
        (limit.clone(), fit.model)
    };
    // Exactly geometric, and retention that falls: nobody differs.
    let (limit, model) = flat(&[1024.0, 512.0, 256.0, 128.0, 64.0]);
    assert!(limit.contains("geometric lifetime"), "{limit}");
    assert!((model.retention(3) - 0.5).abs() < 1e-2, "{model:?}");
    let (limit, _) = flat(&[1000.0, 900.0, 700.0, 400.0]);
    assert!(limit.contains("geometric lifetime"), "{limit}");
    let (limit, _) = flat(&[1000.0, 600.0, 600.0, 600.0, 600.0]);
    assert!(limit.contains("the others never"), "{limit}");
    let problem = |cohort: &[f64]| {
        let durations = Durations::from_cohorts(&[cohort]).unwrap();
        ShiftedBetaGeometric::fit(&durations, &Unwatched).unwrap_err().to_string()
    };
    assert!(problem(&[1000.0, 1000.0, 1000.0]).contains("customers who left: 0 found"));
    assert!(problem(&[1000.0, 700.0]).contains("for the 2 parameters of sBG: 1 found"));
    let halves = Durations::new(&[1.5, 2.0], &[true, true], None).unwrap();
    assert!(ShiftedBetaGeometric::fit(&halves, &Unwatched).unwrap_err().to_string().contains("'duration'"));
    let at_once = Durations::new(&[0.0, 2.0], &[true, true], None).unwrap();
    assert!(
        ShiftedBetaGeometric::fit(&at_once, &Unwatched)
            .unwrap_err()
            .to_string()
            .contains("is 0 for customers who left")
    );
    let model = ShiftedBetaGeometric::new(1.0, 2.0).unwrap();
    assert!(model.discounted_expected_lifetime(-0.1).is_err());
    assert!(model.discounted_expected_residual_lifetime(0, 0.1).is_err());
    assert!(
        ShiftedBetaGeometric::new(0.0, 1.0).is_err() && BetaDiscreteWeibull::new(1.0, 1.0, f64::NAN).is_err()
    );
}

/// Weeks of remission under 6-MP (Freireich and others, 1963), as in the textbooks: the estimate and Greenwood's standard
/// error as R's `survfit` prints them; the log-log intervals by lifelines 0.30.3.
#[test]
fn kaplan_meier_of_the_textbook() {
    let weeks = [
        6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0, 6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0,
        32.0, 34.0, 35.0,
    ];
    let relapsed: [bool; 21] = std::array::from_fn(|i| i < 9);
    let durations = Durations::new(&weeks, &relapsed, None).unwrap();
    let curve = retention_curve(&durations, 0.95, Interval::LogLog).unwrap();
    for (week, at_risk, survival, error, lower, upper) in [
        (6.0, 21.0, 0.857, 0.0764, 0.619_718, 0.951_552),
        (7.0, 17.0, 0.807, 0.0869, 0.563_147, 0.922_809),
        (10.0, 15.0, 0.753, 0.0963, 0.503_200, 0.889_362),
        (13.0, 12.0, 0.690, 0.1068, 0.431_610, 0.849_066),
        (16.0, 11.0, 0.627, 0.1141, 0.367_511, 0.804_912),
        (22.0, 7.0, 0.538, 0.1282, 0.267_779, 0.746_791),
        (23.0, 6.0, 0.448, 0.1346, 0.188_052, 0.680_143),
    ] {
        let row = curve.rows.iter().find(|row| row.duration == week).unwrap();
        assert_eq!(row.at_risk, at_risk);
        assert!(
            (row.survival - survival).abs() < 5e-4 && (row.standard_error - error).abs() < 5e-5,
            "{row:?}"
        );
        assert!((row.lower - lower).abs() < 5e-7 && (row.upper - upper).abs() < 5e-7, "{row:?}");
    }
    assert_eq!(curve.median, Some(23.0));
    assert_eq!((curve.rows[0].duration, curve.rows[0].survival, curve.rows[0].lower), (0.0, 1.0, 1.0));
    let plain = retention_curve(&durations, 0.95, Interval::Plain).unwrap();
    let row = plain.rows[1];
    // It is wider than there is room, and says so.
    assert!(
        (row.upper - (row.survival + 1.959_963_984_540_054 * row.standard_error)).abs() < 1e-14
            && row.upper > 1.0
    );
}

#[test]
fn kaplan_meier_by_hand() {
    // Everybody is seen to leave: at the end there is no standard error.
    let all = Durations::new(&[1.0, 2.0, 4.0, 4.0], &[true; 4], None).unwrap();
    for interval in [Interval::Plain, Interval::LogLog] {
        let curve = retention_curve(&all, 0.9, interval).unwrap();
        assert_eq!(curve.rows.iter().map(|row| row.survival).collect::<Vec<_>>(), [1.0, 0.75, 0.5, 0.0]);
        let last = curve.rows[3];
        assert!(last.standard_error.is_nan() && last.lower.is_nan() && last.upper.is_nan());
        assert_eq!(curve.median, Some(2.0));
    }
    // Without censoring Greenwood's is the binomial one: √(S (1−S)/n).
    let curve = retention_curve(&all, 0.9, Interval::Plain).unwrap();
    assert!((curve.rows[1].standard_error - (0.75 * 0.25 / 4.0_f64).sqrt()).abs() < 1e-15);
    // Who is lost from sight as others leave was at risk.
    let tied = Durations::new(&[1.0, 1.0, 2.0], &[true, false, true], None).unwrap();
    let curve = retention_curve(&tied, 0.95, Interval::LogLog).unwrap();
    assert_eq!(
        (curve.rows[1].at_risk, curve.rows[1].survival, curve.rows[2].survival),
        (3.0, 2.0 / 3.0, 0.0)
    );
    // Nobody leaves, and nobody at all.
    let nobody = Durations::new(&[3.0], &[false], None).unwrap();
    let curve = retention_curve(&nobody, 0.95, Interval::LogLog).unwrap();
    assert_eq!(
        (curve.rows[1].survival, curve.rows[1].lower, curve.rows[1].upper, curve.median),
        (1.0, 1.0, 1.0, None)
    );
    let empty = Durations::new(&[], &[], None).unwrap();
    assert!(retention_curve(&empty, 0.95, Interval::LogLog).unwrap().rows.is_empty());
    for confidence in [0.0, 1.0, f64::NAN] {
        assert!(retention_curve(&all, confidence, Interval::Plain).is_err());
    }
    assert!("log".parse::<Interval>().is_err());
}

proptest! {
    /// A single cohort watched to the end: the curve is the share who are there.
    #[test]
    fn kaplan_meier_of_a_cohort(lost in prop::collection::vec(0_u32..50, 1..12), kept in 1_u32..100) {
        let total = kept + lost.iter().sum::<u32>();
        let mut there = vec![f64::from(total)];
        lost.iter().for_each(|&lost| there.push(there.last().unwrap() - f64::from(lost)));
        let curve = retention_curve(&Durations::from_cohorts(&[&there]).unwrap(), 0.95, Interval::LogLog).unwrap();
        for row in &curve.rows {
            let share = there[row.duration as usize] / f64::from(total);
            prop_assert!((row.survival - share).abs() < 1e-14);
            prop_assert!(row.lower <= row.survival + 1e-15 && row.upper >= row.survival - 1e-15);
            let binomial = (share * (1.0 - share) / f64::from(total)).sqrt();
            prop_assert!((row.standard_error - binomial).abs() < 1e-13);
        }
    }
}

#[test]
fn models_are_stored_to_the_bit() {
    let model = BgBb::new(1.204, 0.75, 0.657, 2.783).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<BgBb>(&text).unwrap(), model);
    assert!(serde_json::from_str::<ShiftedBetaGeometric>(&text).is_err());
    let model = BetaDiscreteWeibull::new(0.1, 0.2, 0.3).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<BetaDiscreteWeibull>(&text).unwrap(), model);
    assert!(serde_json::from_str::<BetaDiscreteWeibull>(&text.replace("0.3", "-0.3")).is_err());
}
