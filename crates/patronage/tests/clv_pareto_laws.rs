//! Laws that the models with a lifetime of their own (NBD, Pareto/NBD, GGompertz/NBD) obey, over random customers and
//! random worlds.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/worlds.rs"]
mod worlds;

use patronage::clv::{Customer, Ending, Fit, GGompertzNbd, History, Model, Nbd, ParetoNbd, PurchaseModel};
use patronage::watch::Unwatched;
use proptest::prelude::*;
use worlds::{Simulated, World};

fn size(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

fn any_pareto() -> impl Strategy<Value = ParetoNbd> {
    (size(1e-3, 1e3), size(1e-3, 1e4), size(1e-3, 1e4), size(1e-3, 1e5))
        .prop_map(|(r, alpha, s, beta)| ParetoNbd::new(r, alpha, s, beta).unwrap())
}

fn any_growing() -> impl Strategy<Value = GGompertzNbd> {
    (size(1e-3, 1e3), size(1e-3, 1e4), size(1e-7, 10.0), size(1e-3, 1e3), size(1e-4, 1e6))
        .prop_map(|(r, alpha, b, s, beta)| GGompertzNbd::new(r, alpha, b, s, beta).unwrap())
}

fn any_customer() -> impl Strategy<Value = Customer> {
    (0_u32..200, 0.01_f64..=1.0, 0.1_f64..500.0).prop_map(|(x, share, age)| {
        Customer::new(f64::from(x), if x == 0 { 0.0 } else { share * age }, age).unwrap()
    })
}

/// What is true of every model and customer.
fn check_laws<M: PurchaseModel>(
    model: &M,
    customer: Customer,
    t: f64,
    rate: f64,
) -> Result<(), TestCaseError> {
    prop_assert!(model.log_likelihood_of(customer).is_finite());
    let expected = |t: f64| model.expected_purchases_of(customer, t);
    prop_assert!(expected(t).is_finite() && expected(t) >= 0.0);
    // The rate of purchases of customers who only drop out falls.
    prop_assert!(expected(2.0 * t) >= expected(t) * (1.0 - 1e-12));
    prop_assert!(expected(2.0 * t) <= 2.0 * expected(t) * (1.0 + 1e-12));
    let discounted = |rate: f64| model.discounted_expected_purchases_of(customer, rate);
    prop_assert!(discounted(rate).is_finite() && discounted(rate) >= 0.0);
    prop_assert!(discounted(rate) >= discounted(1.5 * rate) * (1.0 - 1e-11));
    // Of what is expected within t periods each purchase counts for at least e^(−rate × t).
    prop_assert!(discounted(rate) >= expected(t) * (-rate * t).exp() * (1.0 - 1e-11));
    // Survival is a product, and nobody comes back to life.
    let survival = |t: f64| model.log_survival_of(customer, t);
    prop_assert!(survival(t) <= 0.0 && survival(2.0 * t) <= survival(t));
    Ok(())
}

fn check_silence<M: PurchaseModel>(
    model: &M,
    x: u32,
    recency: f64,
    gap: f64,
    more: f64,
) -> Result<(), TestCaseError> {
    let recency = if x == 0 { 0.0 } else { recency };
    let alive = |gap: f64| {
        model.log_probability_alive_of(Customer::new(f64::from(x), recency, recency + gap).unwrap())
    };
    prop_assert!(alive(0.0) == 0.0);
    prop_assert!(alive(gap) <= 0.0 && alive(gap).is_finite());
    prop_assert!(alive(gap + more) <= alive(gap) + 1e-12);
    Ok(())
}

proptest! {
    #[test]
    fn every_answer_of_pareto(model in any_pareto(), customer in any_customer(), t in size(1e-6, 1e6), rate in size(1e-5, 2.0)) {
        check_laws(&model, customer, t, rate)?;
    }

    #[test]
    fn every_answer_of_a_growing_hazard(model in any_growing(), customer in any_customer(), t in size(1e-6, 1e6), rate in size(1e-5, 2.0)) {
        check_laws(&model, customer, t, rate)?;
    }

    #[test]
    fn alive_falls_with_silence(
        pareto in any_pareto(), growing in any_growing(), x in 0_u32..100, recency in 0.1_f64..50.0, gap in 0.0_f64..50.0, more in 0.0_f64..50.0,
    ) {
        check_silence(&pareto, x, recency, gap, more)?;
        check_silence(&growing, x, recency, gap, more)?;
    }

    /// P(alive) by one silence is that by its first part, times what the second adds: Bayes' rule in two steps.
    #[test]
    fn silence_is_learnt_from_in_steps(model in any_pareto(), customer in (1_u32..60, 1.0_f64..50.0), gap in 0.1_f64..40.0, more in 0.1_f64..40.0) {
        let (x, recency) = (f64::from(customer.0), customer.1);
        let log_odds = |gap: f64| {
            let alive = model.log_probability_alive_of(Customer::new(x, recency, recency + gap).unwrap());
            (-alive.exp_m1()).ln() - alive
        };
        // A silence of `gap + more`: with the likelihoods of both, P(alive after both) L(both) = L(alive and silent).
        let ll = |gap: f64| model.log_likelihood_of(Customer::new(x, recency, recency + gap).unwrap());
        let alive = |gap: f64| model.log_probability_alive_of(Customer::new(x, recency, recency + gap).unwrap());
        let first = Customer::new(x, recency, recency + gap).unwrap();
        // P(no purchase and alive at the end of `more`) = P(alive, both) L(both)/L(first).
        let silent_and_alive = alive(gap + more) + ll(gap + more) - ll(gap);
        let silent = model.probability_of_purchases_of(first, 0, more).ln();
        prop_assert!((silent - (ll(gap + more) - ll(gap))).abs() < 1e-9 * (1.0 + ll(gap).abs()), "{} {}", silent, ll(gap + more) - ll(gap));
        prop_assert!(silent_and_alive <= silent + 1e-9);
        prop_assert!(log_odds(gap).is_nan() || log_odds(gap + more) >= log_odds(gap) - 1e-9);
    }

    /// A hazard that hardly grows is that of the Pareto/NBD model with β/b for β; one that nobody feels is none.
    #[test]
    fn limits_of_the_models(model in any_pareto(), customer in any_customer(), t in size(1e-2, 1e2), n in 0_u32..30) {
        let [r, alpha, s, beta] = model.parameters()[..] else { unreachable!() };
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs() + 1e-290;
        let b = 1e-12;
        let flat = GGompertzNbd::new(r, alpha, b, s, beta * b).unwrap();
        let pairs = [
            (flat.log_likelihood_of(customer), model.log_likelihood_of(customer)),
            (flat.expected_purchases_of(customer, t), model.expected_purchases_of(customer, t)),
            (flat.discounted_expected_purchases_of(customer, 0.01), model.discounted_expected_purchases_of(customer, 0.01)),
            (flat.log_survival_of(customer, t), model.log_survival_of(customer, t)),
        ];
        for (i, (flat, pareto)) in pairs.into_iter().enumerate() {
            prop_assert!(near(flat, pareto), "{i}: {flat} {pareto}");
        }
        let (loyal, nbd) = (ParetoNbd::new(r, alpha, 1e-12, 1.0).unwrap(), Nbd::new(r, alpha).unwrap());
        if loyal.log_probability_alive_of(customer) > -1e-9 {
            let (one, other) = (loyal.probability_of_purchases_of(customer, n, t), nbd.probability_of_purchases_of(customer, n, t));
            prop_assert!((one - other).abs() < 1e-8, "{one} {other}");
            prop_assert!(near(loyal.expected_purchases_of(customer, t), nbd.expected_purchases_of(customer, t)));
        }
    }
}

fn check_distribution<M: PurchaseModel>(model: &M, customer: Customer, t: f64) -> Result<(), TestCaseError> {
    let probabilities: Vec<f64> =
        (0..1200).map(|n| model.probability_of_purchases_of(customer, n, t)).collect();
    prop_assert!(probabilities.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p)));
    prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-11);
    let mean: f64 = (0..1200).zip(&probabilities).map(|(n, p)| f64::from(n) * p).sum();
    let expected = model.expected_purchases_of(customer, t);
    prop_assert!((mean - expected).abs() <= 1e-10 * expected.max(1e-3), "{mean} {expected}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn distribution_sums_to_one_and_its_mean_is_the_expectation(
        r in 0.1_f64..5.0, s in 0.05_f64..5.0, beta in size(0.1, 1e4), b in size(1e-4, 1.0), customer in any_customer(), t in 1.0_f64..60.0,
    ) {
        check_distribution(&Nbd::new(r, 100.0).unwrap(), customer, t)?;
        check_distribution(&ParetoNbd::new(r, 100.0, s, beta).unwrap(), customer, t)?;
        check_distribution(&GGompertzNbd::new(r, 100.0, b, s, beta).unwrap(), customer, t)?;
    }

    /// As the rate goes to 0 the discounted purchases become those of the whole life, where these are finite: s > 1.
    #[test]
    fn without_discounting_it_is_the_residual_life(
        r in 0.1_f64..5.0, s in 1.5_f64..5.0, beta in 1.0_f64..100.0, b in 0.01_f64..1.0,
        x in 0_u32..30, age in 1.0_f64..60.0,
    ) {
        let customer = Customer::new(f64::from(x), if x > 0 { 0.9 * age } else { 0.0 }, age).unwrap();
        let pareto = ParetoNbd::new(r, 10.0, s, beta).unwrap();
        let rate = 1e-12;
        let found = pareto.discounted_expected_purchases_of(customer, rate);
        prop_assert!((found / pareto.expected_purchases_of(customer, 1e30) - 1.0).abs() < 1e-4);
        let growing = GGompertzNbd::new(r, 10.0, b, s, beta).unwrap();
        let found = growing.discounted_expected_purchases_of(customer, rate);
        prop_assert!((found / growing.expected_purchases_of(customer, 1e8) - 1.0).abs() < 1e-6);
    }
}

#[test]
fn the_unit_of_time_and_duplication() {
    let world = ParetoNbd::new(0.6, 10.0, 0.8, 12.0).unwrap().world(3_000, 60.0, 7.0, 1);
    let weeks: Fit<ParetoNbd> = world.fit();
    assert!(weeks.converged(), "{weeks:?}");
    for unit in [7.0, 604_800.0, 1e-9] {
        let scale = |column: &[f64]| column.iter().map(|t| t * unit).collect::<Vec<_>>();
        let (recency, age) = (scale(&world.recency), scale(&world.age));
        let history = History::new(&world.frequency[..], &recency, &age).unwrap();
        let fit = ParetoNbd::fit(&history, &Unwatched).unwrap();
        let factors = [1.0, unit, 1.0, unit];
        for ((found, expected), factor) in
            fit.model.parameters().iter().zip(weeks.model.parameters()).zip(factors)
        {
            assert!((found / (expected * factor) - 1.0).abs() < 1e-8, "{unit}: {found} {expected}");
        }
        let expected = weeks.log_likelihood - world.frequency.iter().sum::<f64>() * unit.ln();
        assert!((fit.log_likelihood / expected - 1.0).abs() < 1e-12);
    }
    // Every row twice, or with a weight of 2.
    let twice = |column: &[f64]| [column, column].concat();
    let (x, recency, age) = (twice(&world.frequency), twice(&world.recency), twice(&world.age));
    let long = ParetoNbd::fit(&History::new(&x[..], &recency, &age).unwrap(), &Unwatched).unwrap();
    let weights = vec![2.0; world.age.len()];
    let short = ParetoNbd::fit(&world.history().with_weights(&weights).unwrap(), &Unwatched).unwrap();
    assert_eq!(long, short);
    assert!((long.log_likelihood / (2.0 * weeks.log_likelihood) - 1.0).abs() < 1e-13);
}

#[test]
fn flat_likelihoods_are_named() {
    let ending = |data: &World| match data.fit::<ParetoNbd>().ending {
        Ending::Flat { limit, .. } => limit,
        other => format!("{other:?}"),
    };
    // Nobody drops out.
    let loyal = Nbd::new(0.7, 3.0).unwrap().world(2_000, 100.0, 7.0, 5);
    assert!(ending(&loyal).contains("the NBD model"), "{}", ending(&loyal));
    // Lives that end ever faster: not even all at one rate is steep enough.
    let ageing = GGompertzNbd::new(0.7, 3.0, 0.2, 50.0, 5e4).unwrap().world(2_000, 100.0, 7.0, 6);
    assert!(ending(&ageing).contains("exponential lifetimes"), "{}", ending(&ageing));
    // There a growing hazard is found, at one level or several.
    let growing: Fit<GGompertzNbd> = ageing.fit();
    assert!(growing.log_likelihood > ageing.fit::<ParetoNbd>().log_likelihood + 50.0, "{growing:?}");
    // One customer, and many who are all alike.
    let one = World::new([vec![5.0], vec![20.0], vec![30.0]]);
    assert!(!ending(&one).contains("Converged") && !ending(&one).contains("Stalled"), "{}", ending(&one));
    let alike = World::new([vec![2.0; 50], vec![20.0; 50], vec![30.0; 50]]);
    assert!(
        !ending(&alike).contains("Converged") && !ending(&alike).contains("Stalled"),
        "{}",
        ending(&alike)
    );
}
