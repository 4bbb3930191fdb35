//! BG/BB and histories of opportunities, against high-precision references, publications, brute force, and their laws.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/reference.rs"]
mod reference;
#[path = "common/worlds.rs"]
mod worlds;

use std::collections::{BTreeMap, BTreeSet};

use patronage::clv::{
    BgBb, Customer, Ending, Forecast, History, Horizon, Model, Parametric, PurchaseModel, opportunity_history,
};
use patronage::transactions::calendar::parse_day;
use patronage::transactions::{Line, Period, Policy, TransactionLog};
use patronage::watch::Unwatched;
use proptest::prelude::*;
use reference::{check_fit, close, list, number, numbers, reference, text};
use worlds::Chance;

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
    check_fit(&fit, &reference, "donations");
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
    let mut chance = Chance::new(11);
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
    let mut chance = Chance::new(5);
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
    let Some(text) = text("discrete_sim_elog.csv.gz") else { return };
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

#[test]
fn models_are_stored_to_the_bit() {
    let model = BgBb::new(1.204, 0.75, 0.657, 2.783).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<BgBb>(&text).unwrap(), model);
    assert!(serde_json::from_str::<BgBb>(&text.replace("0.657", "0")).is_err());
}
