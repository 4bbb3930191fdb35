//! A thousand random worlds: every fit ends at a maximum or names the flat direction, and what it is sure of is true.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/worlds.rs"]
mod worlds;

use patronage::clv::{BgNbd, Ending, Forecast, GGompertzNbd, MbgNbd, Nbd, ParetoNbd};
use patronage::watch::Unwatched;
use worlds::{Chance, Simulated};

/// Worlds sparse and busy, of 50 to 200,000 customers, in units from seconds to years. What a fit found is at least as
/// likely as the truth, and what it calls a maximum is one. Returns how many worlds had one.
fn worlds<M: Simulated>(count: u64, seed: u64, any: impl Fn(&mut Chance) -> M) -> u32 {
    let mut chance = Chance::new(seed);
    let (mut converged, mut told) = (0, 0);
    while told < count {
        let model = any(&mut chance);
        // Few of the worlds are large, so that a thousand take no longer than a minute.
        let customers = chance.size(50.0, 450.0).powf(chance.size(1.0, 2.0)) as usize;
        let watched = chance.size(1.0, 500.0);
        let each = model.expectation(watched).unwrap();
        if each > 1_000.0 || each * customers as f64 > 3e6 {
            continue;
        }
        let world = model.world(customers.min(200_000), watched, chance.size(1.0, 100.0).round(), told);
        if !world.buys_again() {
            continue;
        }
        told += 1;
        let fit = world.fit::<M>();
        let what =
            || format!("world {told} {customers} {watched} {:?}: {:?}", model.parameters(), fit.ending);
        match &fit.ending {
            Ending::Converged => {
                assert!(fit.standard_errors().unwrap().iter().all(|e| e.is_finite()), "{}", what());
                assert!(fit.gradient_norm < 1e-6 * fit.customers, "{}", what());
                assert!(fit.curvature.iter().all(|c| *c < 0.0), "{}", what());
                converged += 1;
            }
            Ending::Flat { drift, limit } => {
                assert!(!drift.is_empty() && !limit.is_empty() && fit.covariance.is_none(), "{}", what());
            }
            Ending::Stalled => panic!("{}", what()),
        }
        let truth: f64 = model.log_likelihood(&world.history(), &Unwatched).unwrap().iter().sum();
        assert!(fit.log_likelihood >= truth - 1e-6 * truth.abs().max(1.0), "{} {truth}", what());
    }
    converged
}

/// Of all parameters in many worlds like one, the share that lies within two standard errors of the truth (95 %
/// expected; a fit's errors are those of large samples).
fn coverage<M: Simulated>(truth: &M, customers: usize, watched: f64, seeds: u64) -> f64 {
    let (mut covered, mut all) = (0, 0);
    for seed in 0..seeds {
        // So many moments to the period that no two purchases share one.
        let fit = truth.world(customers, watched, 1e9, 1000 + seed).fit::<M>();
        let errors = fit.standard_errors().unwrap();
        for ((found, truth), error) in fit.model.parameters().iter().zip(truth.parameters()).zip(errors) {
            covered += i32::from((found - truth).abs() < 2.0 * error);
            all += 1;
        }
    }
    f64::from(covered) / f64::from(all)
}

#[test]
fn bgnbd_converges_or_says_why_not() {
    let converged = worlds(300, 3, |chance| {
        let [r, alpha] = [chance.size(0.02, 20.0), chance.size(0.1, 1000.0)];
        BgNbd::new(r, alpha, chance.size(0.01, 50.0), chance.size(0.05, 100.0)).unwrap()
    });
    assert!(converged > 100, "{converged}");
}

#[test]
fn bgnbd_covers_the_truth() {
    let covered = coverage(&BgNbd::new(0.8, 6.0, 1.2, 2.5).unwrap(), 4_000, 60.0, 60);
    assert!((0.92..=0.98).contains(&covered), "{covered}");
}

#[test]
fn mbgnbd_converges_or_says_why_not() {
    let converged = worlds(200, 4, |chance| {
        let [r, alpha] = [chance.size(0.05, 20.0), chance.size(0.1, 1000.0)];
        MbgNbd::new(r, alpha, chance.size(0.05, 50.0), chance.size(0.05, 100.0)).unwrap()
    });
    assert!(converged > 60, "{converged}");
}

#[test]
fn pareto_nbd_converges_or_says_why_not() {
    let converged = worlds(300, 5, |chance| {
        let [r, alpha] = [chance.size(0.05, 20.0), chance.size(0.1, 1000.0)];
        ParetoNbd::new(r, alpha, chance.size(0.05, 20.0), chance.size(0.5, 1000.0)).unwrap()
    });
    assert!(converged > 100, "{converged}");
}

#[test]
fn nbd_converges_or_says_why_not() {
    let converged =
        worlds(150, 6, |chance| Nbd::new(chance.size(0.05, 20.0), chance.size(0.1, 1000.0)).unwrap());
    assert!(converged > 100, "{converged}");
}

#[test]
fn ggompertz_nbd_converges_or_says_why_not() {
    worlds(50, 7, |chance| {
        let [r, alpha, b] = [chance.size(0.1, 10.0), chance.size(0.5, 100.0), chance.size(0.001, 0.2)];
        GGompertzNbd::new(r, alpha, b, chance.size(0.1, 5.0), chance.size(0.1, 20.0)).unwrap()
    });
}

#[test]
fn the_others_cover_the_truth() {
    let covered = [
        coverage(&Nbd::new(0.8, 6.0).unwrap(), 2_000, 60.0, 60),
        coverage(&ParetoNbd::new(0.8, 6.0, 1.2, 30.0).unwrap(), 6_000, 90.0, 40),
        coverage(&MbgNbd::new(0.9, 6.0, 0.8, 2.5).unwrap(), 6_000, 60.0, 40),
    ];
    assert!(covered.iter().all(|share| (0.90..=0.99).contains(share)), "{covered:?}");
}
