//! Models with covariates: laws, and worlds whose coefficients are known.

#![allow(clippy::unwrap_used)]

#[path = "common/worlds.rs"]
mod worlds;

use patronage::clv::{
    BgNbd, Customer, Effect, Estimable, Fit, Forecast, History, LikelihoodRatio, Model, Null, Prior, Priors,
    Process, PurchaseModel, WithCovariates,
};
use patronage::watch::Unwatched;
use proptest::prelude::*;
use worlds::{Simulated, World};

const BASE: [f64; 4] = [0.9, 6.0, 0.8, 2.5];

fn any() -> BgNbd {
    BgNbd::new(1.0, 1.0, 1.0, 1.0).unwrap()
}

fn kind(effects: &[(Process, &str)]) -> WithCovariates<BgNbd> {
    WithCovariates::new(any(), effects.iter().map(|(process, name)| Effect::of(*process, name))).unwrap()
}

/// A world where z (member, or not) moves purchases by `purchase` and dropout by `dropout`, and y nothing.
fn world(n: usize, purchase: f64, dropout: f64, seed: u64) -> (World, Vec<f64>, Vec<f64>) {
    let z: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i % 3 == 0))).collect();
    let y: Vec<f64> = (0..n).map(|i| ((i * 7) % 11) as f64).collect();
    let [r, alpha, a, b] = BASE;
    let mut of_each = z.iter();
    let world = World::of(n, 60.0, 1e9, seed, |chance| {
        let z = of_each.next().unwrap();
        let drop = (dropout * z).exp();
        BgNbd::nature(&[r, alpha * (-purchase * z).exp(), a * drop, b * drop], chance)
    });
    (world, z, y)
}

fn fit(kind: &WithCovariates<BgNbd>, history: &History<'_>) -> Fit<WithCovariates<BgNbd>> {
    let fit = kind.fit_alike(history, &Unwatched).unwrap();
    assert!(fit.converged(), "{}", fit.ending);
    fit
}

/// Estimates of simulated worlds are within four standard errors of what the worlds were made with.
#[test]
fn known_coefficients_are_recovered() {
    let (columns, z, y) = world(12_000, 0.6, -0.5, 11);
    let history = columns.history().with_covariate("z", &z).unwrap().with_covariate("y", &y).unwrap();
    let kind = kind(&[(Process::Purchase, "z"), (Process::Purchase, "y"), (Process::Dropout, "z")]);
    let fit = fit(&kind, &history);
    let truth = [BASE[0], BASE[1], BASE[2], BASE[3], 0.6, 0.0, -0.5];
    let errors = fit.standard_errors().unwrap();
    assert_eq!(fit.model.names()[4..], ["purchase:z", "purchase:y", "dropout:z"]);
    for (i, (found, expected)) in fit.model.parameters().iter().zip(truth).enumerate() {
        assert!((found - expected).abs() < 4.0 * errors[i], "{i}: {found} {expected} ± {}", errors[i]);
        assert!(errors[i] < 0.3 * expected.abs().max(1.0), "{i}: ± {}", errors[i]);
    }
}

/// The log-likelihood of the fit is the sum over customers of that of each customer's own model.
#[test]
fn the_parts_add_up() {
    let (columns, z, y) = world(500, 0.6, -0.5, 3);
    let history = columns.history().with_covariate("z", &z).unwrap().with_covariate("y", &y).unwrap();
    let fit = fit(&kind(&[(Process::Purchase, "y"), (Process::Both, "z")]), &history);
    let [r, alpha, a, b, gamma_y, gamma_z] = fit.model.parameters()[..] else { unreachable!() };
    let mut total = 0.0;
    for i in 0..500 {
        let moved = (-gamma_y * y[i] - gamma_z * z[i]).exp();
        let drop = (gamma_z * z[i]).exp();
        let own = BgNbd::new(r, alpha * moved, a * drop, b * drop).unwrap();
        let customer = Customer::new(columns.frequency[i], columns.recency[i], columns.age[i]).unwrap();
        total += own.log_likelihood_of(customer);
    }
    assert!((total / fit.log_likelihood - 1.0).abs() < 1e-12, "{total} {}", fit.log_likelihood);
    let each = fit.model.log_likelihood(&history, &Unwatched).unwrap();
    assert!((each.iter().sum::<f64>() / total - 1.0).abs() < 1e-12);
}

/// A covariate in another unit and from another zero: the same likelihood and predictions, a coefficient in the new
/// unit, and base parameters of the new zero.
#[test]
fn units_of_covariates_do_not_matter() {
    let (columns, z, y) = world(900, 0.6, 0.4, 5);
    let kind = kind(&[(Process::Purchase, "z"), (Process::Dropout, "y")]);
    let moved: Vec<f64> = y.iter().map(|y| 2000.0 + 250.0 * y).collect();
    let history = |y| columns.history().with_covariate("z", &z).unwrap().with_covariate("y", y).unwrap();
    let (one, other) = (fit(&kind, &history(&y)), fit(&kind, &history(&moved)));
    assert!((one.log_likelihood / other.log_likelihood - 1.0).abs() < 1e-12);
    let (p, q) = (one.model.parameters(), other.model.parameters());
    assert!((p[5] - 250.0 * q[5]).abs() < 1e-8, "{} {}", p[5], q[5]);
    assert!((p[4] - q[4]).abs() < 1e-8 && (p[1] / q[1] - 1.0).abs() < 1e-8);
    assert!(((p[2] / q[2]).ln() - 2000.0 * q[5]).abs() < 1e-6);
    let expected = |fit: &Fit<WithCovariates<BgNbd>>, y| {
        fit.model.expected_purchases(&history(y), 20.0, &Unwatched).unwrap()
    };
    for (a, b) in expected(&one, &y).iter().zip(expected(&other, &moved)) {
        assert!((a / b - 1.0).abs() < 1e-7, "{a} {b}");
    }
}

/// Without an effect the model is that without covariates; with one, likelihood-ratio tests tell.
#[test]
fn tests_of_coefficients() {
    let (columns, z, y) = world(4000, 0.5, 0.0, 8);
    let history = columns.history().with_covariate("z", &z).unwrap().with_covariate("y", &y).unwrap();
    let plain = BgNbd::fit(&history, &Unwatched).unwrap().summary();
    let with = |effects: &[(Process, &str)]| fit(&kind(effects), &history).summary();
    let (noise, signal) = (with(&[(Process::Purchase, "y")]), with(&[(Process::Purchase, "z")]));
    let test = LikelihoodRatio::between(&plain, &noise).unwrap();
    assert!(test.null == Null::Inside && test.degrees_of_freedom == 1 && test.p_value > 0.001);
    assert!(LikelihoodRatio::between(&plain, &signal).unwrap().p_value < 1e-6);
    let (both, each) =
        (with(&[(Process::Both, "z")]), with(&[(Process::Purchase, "z"), (Process::Dropout, "z")]));
    assert_eq!(LikelihoodRatio::between(&both, &each).unwrap().degrees_of_freedom, 1);
    assert!(LikelihoodRatio::between(&noise, &signal).is_err());
}

/// Order, duplicates beside weights, and threads: the same bits.
#[test]
fn the_fit_is_that_of_the_customers_as_a_set() {
    let (columns, z, _) = world(300, 0.6, -0.5, 3);
    let kind = kind(&[(Process::Both, "z")]);
    let whole = fit(&kind, &columns.history().with_covariate("z", &z).unwrap());
    let turned = World::new(
        [&columns.frequency, &columns.recency, &columns.age]
            .map(|column| column.iter().rev().copied().collect()),
    );
    let z_turned: Vec<f64> = z.iter().rev().copied().collect();
    assert_eq!(fit(&kind, &turned.history().with_covariate("z", &z_turned).unwrap()), whole);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| fit(&kind, &columns.history().with_covariate("z", &z).unwrap())), whole);
    let twice = vec![2.0; 300];
    let doubled = columns.history().with_covariate("z", &z).unwrap().with_weights(&twice).unwrap();
    let double = |v: &[f64]| v.iter().chain(v).copied().collect::<Vec<f64>>();
    let long = World::new([double(&columns.frequency), double(&columns.recency), double(&columns.age)]);
    let z_long = double(&z);
    assert_eq!(fit(&kind, &doubled), fit(&kind, &long.history().with_covariate("z", &z_long).unwrap()));
}

#[test]
fn covariates_that_say_nothing_are_refused() {
    let (columns, z, y) = world(200, 0.0, 0.0, 1);
    let same = vec![3.0; 200];
    let history = columns.history().with_covariate("z", &z).unwrap().with_covariate("same", &same).unwrap();
    let other: Vec<f64> = z.iter().map(|z| 5.0 - 2.0 * z).collect();
    let history = history.with_covariate("other", &other).unwrap().with_covariate("y", &y).unwrap();
    let problem =
        |effects: &[(Process, &str)]| kind(effects).fit_alike(&history, &Unwatched).unwrap_err().to_string();
    assert!(problem(&[(Process::Dropout, "same")]).contains("'same': the covariate is constant (3)"));
    let collinear = problem(&[(Process::Purchase, "z"), (Process::Purchase, "other")]);
    assert!(collinear.contains("'other': the covariate is made up of 'z'"), "{collinear}");
    assert!(problem(&[(Process::Purchase, "w")]).contains("'w'"));
    // Each on its own process is no problem.
    fit(&kind(&[(Process::Purchase, "z"), (Process::Dropout, "other")]), &history);
    assert!(columns.history().with_covariate("z", &z).unwrap().with_covariate("z", &y).is_err());
    let twice = [Effect::of(Process::Both, "z"), Effect::of(Process::Dropout, "z")];
    assert!(WithCovariates::new(any(), twice).is_err());
}

/// A normal prior on a coefficient draws it to its median, the more the narrower it is.
#[test]
fn penalties_shrink() {
    let (columns, z, _) = world(1500, 0.6, 0.0, 2);
    let history = columns.history().with_covariate("z", &z).unwrap();
    let kind = kind(&[(Process::Purchase, "z")]);
    let estimate = |spread: f64| {
        let prior = Prior { parameter: "purchase:z".into(), median: 0.0, spread };
        let priors = Priors::new([prior]).unwrap();
        let fit = kind.likelihood(&history, &Unwatched).unwrap().with_priors(&priors).unwrap();
        let fit = fit.maximise(&Unwatched).unwrap();
        assert!(fit.converged() && fit.aic().is_nan());
        fit.model.parameters()[4]
    };
    let free = fit(&kind, &history).model.parameters()[4];
    let [wide, middle, narrow] = [1e4, 0.05, 1e-5].map(estimate);
    assert!((wide - free).abs() < 1e-6, "{wide} {free}");
    assert!(0.0 < narrow && narrow < 1e-3 && narrow < middle && middle < free, "{narrow} {middle} {free}");
}

#[test]
fn stored_and_read() {
    let (columns, z, _) = world(300, 0.6, -0.5, 3);
    let fit = fit(&kind(&[(Process::Both, "z")]), &columns.history().with_covariate("z", &z).unwrap());
    let text = serde_json::to_string(&fit).unwrap();
    assert_eq!(serde_json::from_str::<Fit<WithCovariates<BgNbd>>>(&text).unwrap(), fit);
    let bad = text.replace("\"both\"", "\"sideways\"");
    assert!(serde_json::from_str::<Fit<WithCovariates<BgNbd>>>(&bad).is_err());
}

proptest! {
    /// Coordinates and parameters are one another's inverse, and the frequency check adds up to everybody.
    #[test]
    fn coordinates_go_there_and_back(p in 0.1_f64..9.0, gamma in -2.0_f64..2.0) {
        let effect = Effect { process: Process::Both, covariate: "z".into(), coefficient: gamma };
        let model = WithCovariates::new(BgNbd::new(p, 2.0 * p, 0.5, p + 1.0).unwrap(), [effect]).unwrap();
        let again = model.at(&model.coordinates()).unwrap();
        for (a, b) in model.parameters().iter().zip(again.parameters()) {
            prop_assert!((a - b).abs() < 1e-13 * a.abs().max(1.0));
        }
        let history = History::new(&[0.0, 2.0, 5.0][..], &[0.0, 3.0, 9.0], &[10.0, 9.0, 12.0]).unwrap();
        let history = history.with_covariate("z", &[0.0, 1.0, 1.0]).unwrap();
        let check = model.frequency_check(&history, 5, &Unwatched).unwrap();
        prop_assert!((check.iter().map(|row| row.expected).sum::<f64>() - 3.0).abs() < 1e-9);
    }
}
