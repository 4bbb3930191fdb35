//! Laws that every buy-till-you-die model obeys, over random customers and random worlds.

#![allow(clippy::unwrap_used)]

#[path = "common/worlds.rs"]
mod worlds;

use patronage::clv::{
    BgNbd, Customer, Ending, Fit, Forecast, GammaGamma, History, Model, PurchaseModel, Spending,
    lifetime_value,
};
use patronage::watch::{Unwatched, Watch};
use proptest::prelude::*;

use worlds::{Chance, Simulated};

/// Parameters over the whole range that fits end in, and beyond.
fn any_model() -> impl Strategy<Value = BgNbd> {
    let size = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    (size(1e-3, 1e3), size(1e-3, 1e4), size(1e-3, 1e4), size(1e-3, 1e4))
        .prop_map(|(r, alpha, a, b)| BgNbd::new(r, alpha, a, b).unwrap())
}

fn any_customer() -> impl Strategy<Value = Customer> {
    (0_u32..200, 0.01_f64..=1.0, 0.1_f64..500.0).prop_map(|(x, share, age)| {
        let recency = if x == 0 { 0.0 } else { share * age };
        Customer::new(f64::from(x), recency, age).unwrap()
    })
}

proptest! {
    #[test]
    fn alive_is_a_probability_and_falls_with_silence(
        model in any_model(), x in 1_u32..100, recency in 0.1_f64..50.0, gap in 0.0_f64..50.0, more in 0.0_f64..50.0,
    ) {
        let alive = |gap: f64| {
            model.log_probability_alive_of(Customer::new(f64::from(x), recency, recency + gap).unwrap())
        };
        prop_assert!(alive(gap) <= 0.0 && alive(gap).is_finite());
        prop_assert!(alive(gap + more) <= alive(gap) + 1e-12);
    }

    #[test]
    fn every_answer_is_finite(model in any_model(), customer in any_customer(), t in 1e-6_f64..1e6, rate in 1e-5_f64..2.0) {
        prop_assert!(model.log_likelihood_of(customer).is_finite());
        let expected = model.expected_purchases_of(customer, t);
        prop_assert!(expected.is_finite() && expected >= 0.0);
        let discounted = model.discounted_expected_purchases_of(customer, rate);
        prop_assert!(discounted.is_finite() && discounted >= 0.0);
    }

    #[test]
    fn expectation_rises_and_never_faster_than_at_first(
        model in any_model(), customer in any_customer(), t in 1e-3_f64..1e3, more in 1.0_f64..3.0,
    ) {
        let expected = |t: f64| model.expected_purchases_of(customer, t);
        prop_assert!(expected(t * more) >= expected(t) * (1.0 - 1e-12));
        // Customers only drop out: the rate falls, and the expectation bends down.
        prop_assert!(expected(t * more) <= expected(t) * more * (1.0 + 1e-12));
    }

    #[test]
    fn discounting_lessens_and_vanishes_with_the_rate(model in any_model(), customer in any_customer(), t in 0.1_f64..100.0) {
        // Of what is expected within t periods each purchase counts for at least e^(−rate × t).
        let rate = 0.1 / t;
        let discounted = model.discounted_expected_purchases_of(customer, rate);
        prop_assert!(discounted >= model.expected_purchases_of(customer, t) * (-0.1_f64).exp() * (1.0 - 1e-11));
        prop_assert!(discounted >= model.discounted_expected_purchases_of(customer, rate * 1.5) * (1.0 - 1e-11));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn distribution_sums_to_one_and_its_mean_is_the_expectation(
        r in 0.1_f64..5.0, a in 0.2_f64..5.0, b in 0.2_f64..5.0, customer in any_customer(), share in 0.05_f64..2.0,
    ) {
        let model = BgNbd::new(r, 100.0, a, b).unwrap();
        let t = share * 30.0;
        let probabilities: Vec<f64> = (0..1500).map(|n| model.probability_of_purchases_of(customer, n, t)).collect();
        prop_assert!(probabilities.iter().all(|p| (0.0..=1.0 + 1e-14).contains(p)));
        prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-11);
        let mean: f64 = (0..1500).zip(&probabilities).map(|(n, p)| f64::from(n) * p).sum();
        let expected = model.expected_purchases_of(customer, t);
        prop_assert!((mean - expected).abs() <= 1e-10 * expected.max(1e-3), "{mean} {expected}");
    }

    /// ∫ over t of the rate of purchases, discounted, by Gauss–Legendre panels of E[Y(t)]: DERT = δ ∫ e^(−δt) E[Y(t)] dt.
    #[test]
    fn discounted_purchases_are_a_laplace_transform(
        r in 0.1_f64..5.0, a in 0.2_f64..5.0, b in 0.2_f64..5.0, customer in any_customer(), delta in 0.01_f64..0.5,
    ) {
        let model = BgNbd::new(r, 10.0, a, b).unwrap();
        // Simpson's rule in s = √t, in which the integrand is smooth at 0.
        let n = 4000;
        let top = (45.0 / delta).sqrt();
        let term = |i: i32| {
            let s = top * f64::from(i) / f64::from(n);
            let weight = if i == 0 || i == n { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
            weight * 2.0 * s * (-delta * s * s).exp() * model.expected_purchases_of(customer, s * s)
        };
        let integral = delta * (0..=n).map(term).sum::<f64>() * top / f64::from(n) / 3.0;
        let found = model.discounted_expected_purchases_of(customer, delta);
        prop_assert!((found - integral).abs() <= 1e-8 * found.max(1e-280), "{found} {integral}");
    }
}

fn cdnow_like() -> BgNbd {
    BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap()
}

#[test]
fn the_same_bits_for_any_order_threads_and_duplication() {
    let world = cdnow_like().world(20_000, 39.0, 7.0, 1);
    let fit = world.fit::<BgNbd>();
    assert!(fit.converged());
    assert_eq!(world.shuffled().fit(), fit);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| world.fit()), fit);
    }
    // Compressed to distinct rows with counts.
    let mut counts = std::collections::BTreeMap::new();
    for i in 0..world.age.len() {
        let key = [world.frequency[i], world.recency[i], world.age[i]].map(f64::to_bits);
        *counts.entry(key).or_insert(0.0) += 1.0;
    }
    assert!(counts.len() < world.age.len());
    let column = |k: usize| counts.keys().map(|key| f64::from_bits(key[k])).collect::<Vec<_>>();
    let (x, recency, age) = (column(0), column(1), column(2));
    let weights: Vec<f64> = counts.values().copied().collect();
    let history = History::new(&x[..], &recency, &age).unwrap().with_weights(&weights).unwrap();
    assert_eq!(BgNbd::fit(&history, &Unwatched).unwrap(), fit);
    // What is expected of a history does not depend on the threads either.
    let expected = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit.model.expected_purchases(&world.history(), 39.0, &Unwatched).unwrap())
    };
    assert_eq!(expected(1), expected(3));
}

#[test]
fn the_unit_of_time_changes_alpha_alone() {
    let world = cdnow_like().world(5_000, 39.0, 7.0, 2);
    let weeks = world.fit::<BgNbd>();
    for unit in [7.0, 1.0 / 52.0, 604_800.0, 1e-9] {
        let scale = |column: &[f64]| column.iter().map(|t| t * unit).collect::<Vec<_>>();
        let (recency, age) = (scale(&world.recency), scale(&world.age));
        let history = History::new(&world.frequency[..], &recency, &age).unwrap();
        let fit = BgNbd::fit(&history, &Unwatched).unwrap();
        let (found, expected) = (fit.model.parameters(), weeks.model.parameters());
        for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
            let expected = if i == 1 { expected * unit } else { expected };
            assert!((found / expected - 1.0).abs() < 1e-9, "{unit} {i}: {found} {expected}");
        }
        // A density per unit of time: one factor of the unit for each repeat purchase.
        let factors = world.frequency.iter().sum::<f64>() * unit.ln();
        let (found, expected) = (fit.log_likelihood, weeks.log_likelihood - factors);
        // The two parts may cancel.
        let size = weeks.log_likelihood.abs() + factors.abs();
        assert!((found - expected).abs() < 1e-13 * size, "{unit}: {found} {expected} {size}");
    }
}

#[test]
fn flat_likelihoods_are_named() {
    let limit = |frequency: &[f64], recency: &[f64], age: &[f64]| {
        let history = History::new(frequency, recency, age).unwrap();
        match BgNbd::fit(&history, &Unwatched).unwrap().ending {
            Ending::Flat { limit, .. } => limit,
            other => format!("{other:?}"),
        }
    };
    // One customer, and many who are all alike.
    assert!(!limit(&[5.0], &[20.0], &[30.0]).contains("Converged"));
    assert!(!limit(&[2.0; 50], &[20.0; 50], &[30.0; 50]).contains("Converged"));
    // Everybody buys up to the very end.
    let x: Vec<f64> = (1..40).map(f64::from).collect();
    let age = vec![40.0; 39];
    assert!(limit(&x, &age, &age).contains("NBD"), "{}", limit(&x, &age, &age));
}

#[test]
fn too_little_is_refused() {
    let fit = |frequency: &[f64]| {
        let zeros = vec![0.0; frequency.len()];
        let age = vec![10.0; frequency.len()];
        BgNbd::fit(&History::new(frequency, &zeros, &age).unwrap(), &Unwatched).unwrap_err().to_string()
    };
    assert!(fit(&[]).contains("not enough data"));
    assert!(fit(&[0.0; 5]).contains("customers with a repeat purchase: 0 found"));
    let spending = Spending::new(&[3.0, 0.0][..], &[10.0, f64::NAN]).unwrap();
    assert!(
        GammaGamma::fit(&spending, &Unwatched)
            .unwrap_err()
            .to_string()
            .contains("1 found, at least 2 needed")
    );
}

#[test]
fn work_can_be_cancelled() {
    struct Stop;
    impl Watch for Stop {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let world = cdnow_like().world(100, 39.0, 7.0, 5);
    let cancelled = patronage::Error::Cancelled;
    assert_eq!(BgNbd::fit(&world.history(), &Stop).unwrap_err(), cancelled);
    assert_eq!(cdnow_like().expected_purchases(&world.history(), 1.0, &Stop).unwrap_err(), cancelled);
}

#[test]
fn models_come_back_from_json() {
    let model = cdnow_like();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<BgNbd>(&text).unwrap(), model);
    let refused = |text: &str| serde_json::from_str::<BgNbd>(text).unwrap_err().to_string();
    assert!(refused(&text.replace("\"version\":1", "\"version\":2")).contains("version 2 is not known"));
    assert!(refused(&text.replace("0.243", "-1")).contains("r = -1"));
    assert!(refused(&text.replace("alpha", "beta")).contains("r, alpha, a, b"));
    assert!(serde_json::from_str::<GammaGamma>(&text).unwrap_err().to_string().contains("BG/NBD"));
    let fit = model.world(500, 39.0, 7.0, 6).fit();
    let text = serde_json::to_string(&fit).unwrap();
    assert_eq!(serde_json::from_str::<Fit<BgNbd>>(&text).unwrap(), fit);
}

#[test]
fn spend_without_a_mean_is_infinite_and_never_negative() {
    let model = GammaGamma::new(2.0, 0.8, 10.0).unwrap();
    assert_eq!(model.mean_spend(), f64::INFINITY);
    let own = model.expected_spend_of(3.0, 20.0).unwrap();
    assert!((own - 2.0 * (10.0 + 60.0) / (6.0 - 0.2)).abs() < 1e-12);
    let history = History::new(&[0.0, 3.0][..], &[0.0, 5.0], &[9.0, 9.0]).unwrap();
    let spending = Spending::new(&[0.0, 3.0][..], &[f64::NAN, 20.0]).unwrap();
    let value = lifetime_value(&cdnow_like(), &model, &history, &spending, 10.0, 0.01, &Unwatched).unwrap();
    assert!(value[0] == f64::INFINITY && value[1].is_finite());
}

/// The sum by parts is the discounted sum of increments.
#[test]
fn lifetime_value_is_the_sum_of_discounted_increments() {
    let (model, spend) = (cdnow_like(), GammaGamma::new(6.25, 3.74, 15.44).unwrap());
    let history = History::new(&[2.0][..], &[30.43], &[38.86]).unwrap();
    let spending = Spending::new(&[2.0][..], &[22.35]).unwrap();
    let customer = Customer::new(2.0, 30.43, 38.86).unwrap();
    for (horizon, rate) in [(52.0, 0.002), (10.5, 0.1), (0.25, 0.5), (3.0, 0.0)] {
        let value =
            lifetime_value(&model, &spend, &history, &spending, horizon, rate, &Unwatched).unwrap()[0];
        let mut sum = 0.0;
        let (mut before, mut until) = (0.0, 0.0);
        while until < horizon {
            until = f64::min(until + 1.0, horizon);
            let now = model.expected_purchases_of(customer, until);
            sum += (now - before) / (1.0_f64 + rate).powf(until);
            before = now;
        }
        let expected = sum * spend.expected_spend_of(2.0, 22.35).unwrap();
        assert!((value / expected - 1.0).abs() < 1e-12, "{horizon} {rate}: {value} {expected}");
    }
    let bad = |horizon, rate| {
        lifetime_value(&model, &spend, &history, &spending, horizon, rate, &Unwatched)
            .unwrap_err()
            .to_string()
    };
    assert!(bad(f64::INFINITY, 0.0).contains("horizon"));
    assert!(bad(52.0, -0.1).contains("discount_rate"));
}

/// Expected frequencies add up to the customers, and are those of each customer's own time.
#[test]
fn expected_frequencies_add_up() {
    let world = cdnow_like().world(3_000, 39.0, 7.0, 7);
    let model = world.fit::<BgNbd>().model;
    let check = model.frequency_check(&world.history(), 7, &Unwatched).unwrap();
    assert_eq!(check.len(), 9);
    assert!((check.iter().map(|row| row.expected).sum::<f64>() - 3_000.0).abs() < 1e-8);
    assert_eq!(check.iter().map(|row| row.actual).sum::<f64>(), 3_000.0);
    assert_eq!(check[8].actual, world.frequency.iter().filter(|&&x| x > 7.0).count() as f64);
    let none: f64 = world.age.iter().map(|&t| model.probability_of_purchases(0, t).unwrap()).sum();
    assert!((check[0].expected - none).abs() < 1e-8);
}

/// Few customers, whose spend no three parameters can describe better than fewer: every fit says so.
#[test]
fn small_spend_fits_converge_or_say_why_not() {
    let mut chance = Chance::new(11);
    let mut converged = 0;
    for _ in 0..400 {
        let customers = 2 + (chance.uniform() * 40.0) as usize;
        let (p, q) = (0.5 + 8.0 * chance.uniform(), 1.5 + 6.0 * chance.uniform());
        let (mut x, mut m) = (Vec::new(), Vec::new());
        for _ in 0..customers {
            let purchases = 1.0 + (5.0 * chance.uniform()).floor();
            let rate = chance.gamma(q) / 15.0;
            x.push(purchases);
            m.push(chance.gamma(p * purchases) / (rate * purchases));
        }
        let fit = GammaGamma::fit(&Spending::new(&x[..], &m).unwrap(), &Unwatched).unwrap();
        assert!(fit.ending != Ending::Stalled, "{x:?} {m:?} {fit:?}");
        converged += i32::from(fit.converged());
    }
    assert!(converged > 100, "{converged}");
}
