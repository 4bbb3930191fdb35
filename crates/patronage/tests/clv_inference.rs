//! Priors, intervals, bootstrap and posterior, against exact fits, brute force and importance sampling.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/reference.rs"]
mod reference;
#[path = "common/worlds.rs"]
mod worlds;

use patronage::Error;
use patronage::clv::{
    BgNbd, Estimable, Fit, Forecast, History, Likelihood, Model, Posterior, Prior, Priors, PurchaseModel,
    Question, Sampling, bulk_effective_size, intervals_over_draws, r_hat, tail_effective_size,
};
use patronage::watch::{Unwatched, Watch};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use reference::cdnow_in_weeks;
use worlds::{Simulated, World};

/// So many to the period that no two purchases meet.
const MOMENTS: f64 = 1e9;

fn any() -> BgNbd {
    BgNbd::new(1.0, 1.0, 1.0, 1.0).unwrap()
}

fn likelihood(history: &History<'_>) -> Likelihood<BgNbd> {
    any().likelihood(history, &Unwatched).unwrap()
}

fn small_world() -> World {
    BgNbd::new(0.8, 6.0, 0.8, 2.5).unwrap().world(150, 60.0, MOMENTS, 21)
}

fn priors(of: &[(&str, f64, f64)]) -> Priors {
    let each = of.iter().map(|&(name, median, spread)| Prior { parameter: name.into(), median, spread });
    Priors::new(each).unwrap()
}

const FIRM: [(&str, f64, f64); 4] = [("r", 1.0, 0.7), ("alpha", 8.0, 0.7), ("a", 1.0, 0.8), ("b", 3.0, 0.8)];

/// Log-likelihood plus log-density of the priors of the logarithms, from the answers for single customers.
fn log_posterior(history: &History<'_>, priors: &[(&str, f64, f64)], coordinates: &[f64]) -> f64 {
    let model = any().at(coordinates).unwrap();
    let each = model.log_likelihood(history, &Unwatched).unwrap();
    let prior: f64 = priors
        .iter()
        .zip(coordinates)
        .map(|((_, median, spread), x)| {
            let z = (x - median.ln()) / spread;
            -0.5 * z * z - (spread * (2.0 * std::f64::consts::PI).sqrt()).ln()
        })
        .sum();
    each.iter().sum::<f64>() + prior
}

#[test]
fn the_estimate_with_priors_is_where_the_posterior_is_largest() {
    let columns = small_world();
    let history = columns.history();
    let fit = likelihood(&history).with_priors(&priors(&FIRM)).unwrap().maximise(&Unwatched).unwrap();
    assert!(fit.converged());
    let best = fit.model.coordinates();
    let at = |x: &[f64]| log_posterior(&history, &FIRM, x);
    let here = at(&best);
    assert!((here - fit.log_likelihood - fit.log_prior).abs() < 1e-9 * here.abs());
    for i in 0..4 {
        let beside = |by: f64| {
            let mut there = best.clone();
            there[i] += by;
            at(&there)
        };
        assert!(beside(0.01) < here && beside(-0.01) < here);
        let slope = (beside(1e-4) - beside(-1e-4)) / 2e-4;
        assert!(slope.abs() < 1e-4, "{i}: {slope}");
        // Curvature is minus the inverse of the covariance: the marginal is no narrower than the slice.
        let bend = (beside(1e-2) - 2.0 * here + beside(-1e-2)) / 1e-4;
        let errors = fit.standard_errors().unwrap();
        assert!(errors[i] / best[i].exp() > 0.999 * (-1.0 / bend).sqrt());
    }
}

#[test]
fn wide_priors_say_nothing_and_narrow_ones_all() {
    let columns = small_world();
    let history = columns.history();
    let free = likelihood(&history).maximise(&Unwatched).unwrap();
    let with = |spread: f64| {
        let all: Vec<(&str, f64, f64)> =
            FIRM.iter().map(|(name, median, _)| (*name, *median, spread)).collect();
        likelihood(&history).with_priors(&priors(&all)).unwrap().maximise(&Unwatched).unwrap()
    };
    let (wide, narrow) = (with(1e5), with(1e-4));
    for (i, (name, median, _)) in FIRM.iter().enumerate() {
        assert!((wide.model.parameters()[i] / free.model.parameters()[i] - 1.0).abs() < 1e-7, "{name}");
        assert!((narrow.model.parameters()[i] / median - 1.0).abs() < 1e-3, "{name}");
    }
    assert!((wide.log_likelihood - free.log_likelihood).abs() < 1e-9);
}

#[test]
fn a_flat_likelihood_becomes_proper() {
    // Nobody ever stays away.
    let columns = World::new([vec![3.0, 5.0, 8.0, 2.0], vec![29.0, 30.0, 30.0, 28.0], vec![30.0; 4]]);
    let history = columns.history();
    assert!(!likelihood(&history).maximise(&Unwatched).unwrap().converged());
    let fit = likelihood(&history).with_priors(&priors(&FIRM)).unwrap().maximise(&Unwatched).unwrap();
    assert!(fit.converged() && fit.standard_errors().is_some());
    let text = serde_json::to_string(&fit).unwrap();
    assert!(text.contains("\"priors\""));
    assert_eq!(serde_json::from_str::<Fit<BgNbd>>(&text).unwrap(), fit);
}

#[test]
fn impossible_priors_are_refused() {
    let columns = small_world();
    let problem = |of: &[(&str, f64, f64)]| {
        let outcome = likelihood(&columns.history()).with_priors(&priors(of));
        outcome.err().unwrap().to_string()
    };
    assert!(problem(&[("beta", 1.0, 1.0)]).contains("give priors for some of r, alpha, a, b"));
    assert!(problem(&[("a", -1.0, 1.0)]).contains("a median above 0"));
    let one = |median, spread| Prior { parameter: "a".into(), median, spread };
    for bad in [one(f64::NAN, 1.0), one(1.0, 0.0), one(1.0, f64::INFINITY)] {
        assert!(Priors::new([bad]).is_err());
    }
    assert!(Priors::new([one(1.0, 1.0), one(2.0, 1.0)]).is_err());
}

type Answer<'a> = Box<dyn Fn(&BgNbd) -> Vec<f64> + 'a>;

/// √(gᵀ Σ g) with the gradient in the parameters themselves by differences, and the covariance of the fit.
#[test]
fn standard_errors_of_answers_are_those_of_the_delta_method() {
    let columns = small_world();
    let history = columns.history();
    let fit = BgNbd::fit(&history, &Unwatched).unwrap();
    let covariance = fit.covariance.clone().unwrap();
    let parameters = fit.model.parameters();
    let horizons: Vec<f64> = (0..150).map(|i| f64::from(i % 5) * 10.0).collect();
    let cases: [(Question<'_>, Answer<'_>); 3] = [
        (
            Question::ExpectedPurchases((&horizons[..]).into()),
            Box::new(|m| m.expected_purchases(&history, &horizons[..], &Unwatched).unwrap()),
        ),
        (
            Question::ProbabilityAlive(13.0.into()),
            Box::new(|m| m.probability_alive_at(&history, 13.0, &Unwatched).unwrap()),
        ),
        (
            Question::DiscountedExpectedPurchases(0.01),
            Box::new(|m| m.discounted_expected_purchases(&history, 0.01, &Unwatched).unwrap()),
        ),
    ];
    for (question, answer) in cases {
        let found = fit.intervals(question, 0.9, &history, &Unwatched).unwrap();
        assert_eq!(found.value, answer(&fit.model));
        let slopes: Vec<Vec<f64>> = (0..4)
            .map(|i| {
                let step = 1e-4 * parameters[i];
                let moved = |by: f64| {
                    let mut there = parameters.clone();
                    there[i] += by;
                    answer(&any().with_parameters(&there).unwrap())
                };
                let (up, down) = (moved(step), moved(-step));
                up.iter().zip(down).map(|(a, b)| (a - b) / (2.0 * step)).collect()
            })
            .collect();
        for row in 0..150 {
            let g: Vec<f64> = slopes.iter().map(|column| column[row]).collect();
            let along = |line: &Vec<f64>| line.iter().zip(&g).map(|(c, g)| c * g).sum::<f64>();
            let variance: f64 = covariance.iter().zip(&g).map(|(line, g)| g * along(line)).sum();
            let (value, error) = (found.value[row], found.standard_error[row]);
            let expected = variance.sqrt();
            assert!((error - expected).abs() < 1e-5 * expected + 1e-12, "{row}: {error} {expected}");
            assert!(found.lower[row] <= value && value <= found.upper[row], "{row}");
            assert!(found.lower[row] >= 0.0);
            if let Question::ProbabilityAlive(_) = question {
                assert!(found.upper[row] <= 1.0);
            }
        }
    }
    assert!(fit.intervals(Question::DiscountedExpectedPurchases(0.0), 0.9, &history, &Unwatched).is_err());
    assert!(fit.intervals(Question::ExpectedPurchases(1.0.into()), 1.0, &history, &Unwatched).is_err());
    let intervals = fit.parameter_intervals(0.95).unwrap();
    let errors = fit.standard_errors().unwrap();
    for (i, (lower, upper)) in intervals.iter().enumerate() {
        // ±1.96 standard errors of the logarithm.
        let half = 1.959_963_984_540_054 * errors[i] / parameters[i];
        assert!((lower / (parameters[i] * (-half).exp()) - 1.0).abs() < 1e-12);
        assert!((upper / (parameters[i] * half.exp()) - 1.0).abs() < 1e-12);
    }
}

/// CDNOW: the spread of 400 refits is that of the exact second derivatives (clv.json), as far as 400 can tell.
#[test]
fn the_bootstrap_agrees_with_the_exact_standard_errors() {
    let Some(columns) = cdnow_in_weeks().map(World::new) else { return };
    let history = columns.history();
    let likelihood = likelihood(&history);
    let fit = likelihood.maximise(&Unwatched).unwrap();
    let bootstrap = likelihood.bootstrap(&fit, 400, 1, &Unwatched).unwrap();
    assert_eq!((bootstrap.models.len(), bootstrap.failed), (400, 0));
    // Standard errors of the logarithms: the square roots of the diagonal of `cov_of_log_params`.
    for (i, exact) in [0.051_763, 0.085_695, 0.234_240, 0.290_784].into_iter().enumerate() {
        let logs: Vec<f64> = bootstrap.models.iter().map(|model| model.coordinates()[i]).collect();
        let mean = logs.iter().sum::<f64>() / 400.0;
        let spread = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 399.0).sqrt();
        // The model does not fit CDNOW perfectly, so that the two need not agree beyond this.
        assert!((spread / exact - 1.0).abs() < 0.25, "{i}: {spread} {exact}");
        assert!((mean - fit.model.coordinates()[i]).abs() < 0.3 * exact, "{i}: {mean}");
    }
    let over = intervals_over_draws(
        &bootstrap.models,
        Question::ExpectedPurchases(39.0.into()),
        0.95,
        &history,
        &Unwatched,
    )
    .unwrap();
    let delta = fit.intervals(Question::ExpectedPurchases(39.0.into()), 0.95, &history, &Unwatched).unwrap();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let ratio = mean(&over.standard_error) / mean(&delta.standard_error);
    assert!((ratio - 1.0).abs() < 0.25, "{ratio}");
    assert!((mean(&over.value) / mean(&delta.value) - 1.0).abs() < 0.02);
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn draws_depend_on_the_seed_alone() {
    let columns = small_world();
    let history = columns.history();
    let bootstrap = |seed| {
        let likelihood = likelihood(&history);
        let fit = likelihood.maximise(&Unwatched).unwrap();
        likelihood.bootstrap(&fit, 30, seed, &Unwatched).unwrap()
    };
    let once = bootstrap(4);
    assert_eq!(on_threads(1, || bootstrap(4)), once);
    assert_eq!(on_threads(3, || bootstrap(4)), once);
    assert_ne!(bootstrap(5), once);
    let plan = Sampling { draws: 100, warmup: 100, seed: 4, ..Sampling::default() };
    let sample = |plan| {
        let likelihood = likelihood(&history).with_priors(&priors(&FIRM)).unwrap();
        likelihood.sample(plan, &Unwatched).unwrap()
    };
    let once = sample(plan);
    assert_eq!(on_threads(1, || sample(plan)), once);
    assert_eq!(on_threads(3, || sample(plan)), once);
    assert_ne!(sample(Sampling { seed: 5, ..plan }), once);
}

/// Few customers, of whom none may be drawn who ever came back: counted, not dropped in silence.
#[test]
fn refits_that_cannot_be_made_are_counted() {
    let only_the_last = |value: f64| vec![0.0, 0.0, 0.0, 0.0, 0.0, value];
    let columns = World::new([only_the_last(2.0), only_the_last(9.0), vec![30.0; 6]]);
    let history = columns.history();
    let likelihood = likelihood(&history).with_priors(&priors(&FIRM)).unwrap();
    let fit = likelihood.maximise(&Unwatched).unwrap();
    let bootstrap = likelihood.bootstrap(&fit, 300, 1, &Unwatched).unwrap();
    // (5/6)^6 = 0.335 of the draws miss her.
    assert!((60..=140).contains(&bootstrap.failed), "{}", bootstrap.failed);
    assert_eq!(bootstrap.models.len() as u32 + bootstrap.failed, 300);
    assert!(likelihood.bootstrap(&fit, 0, 1, &Unwatched).is_err());
}

/// Posterior means and standard deviations beside those of importance sampling from a wide normal at the mode.
#[test]
fn moments_of_the_posterior() {
    let columns = small_world();
    let history = columns.history();
    let likelihood = likelihood(&history).with_priors(&priors(&FIRM)).unwrap();
    let plan = Sampling { draws: 3000, seed: 2, ..Sampling::default() };
    let posterior = likelihood.sample(plan, &Unwatched).unwrap();
    assert_eq!(posterior.divergences, 0);
    let mode = &posterior.mode;
    let centre = mode.model.coordinates();
    let scale: Vec<f64> =
        mode.standard_errors().unwrap().iter().zip(&centre).map(|(error, x)| 1.3 * error / x.exp()).collect();
    let mut random = Pcg64::new(9, 9);
    let proposals: Vec<(Vec<f64>, f64)> = (0..40_000)
        .map(|_| {
            let z: Vec<f64> = centre.iter().map(|_| StandardNormal.sample(&mut random)).collect();
            let x: Vec<f64> =
                centre.iter().zip(&scale).zip(&z).map(|((x, s), z): ((_, _), &f64)| x + s * z).collect();
            let density: f64 = z.iter().map(|z| -0.5 * z * z).sum();
            let weight = log_posterior(&history, &FIRM, &x) - mode.log_likelihood - mode.log_prior - density;
            (x, weight.exp())
        })
        .collect();
    let total: f64 = proposals.iter().map(|(_, w)| w).sum();
    let effective = total * total / proposals.iter().map(|(_, w)| w * w).sum::<f64>();
    assert!(effective > 2000.0, "{effective}");
    for (k, row) in posterior.summary(0.9).unwrap().iter().enumerate() {
        let expect =
            |f: &dyn Fn(f64) -> f64| proposals.iter().map(|(x, w)| w * f(x[k].exp())).sum::<f64>() / total;
        let mean = expect(&|p| p);
        let deviation = expect(&|p| (p - mean).powi(2)).sqrt();
        assert!(row.r_hat < 1.01 && row.bulk_effective_size > 2000.0, "{row:?}");
        let error = deviation * (1.0 / effective + 1.0 / row.bulk_effective_size).sqrt();
        assert!((row.mean - mean).abs() < 4.5 * error, "{row:?} {mean} ± {error}");
        assert!((row.standard_deviation / deviation - 1.0).abs() < 0.15, "{row:?} {deviation}");
        let below = expect(&|p| f64::from(u8::from(p <= row.lower)));
        assert!((below - 0.05).abs() < 0.015, "{row:?} {below}");
    }
    assert_eq!(posterior.models().unwrap().len(), 12_000);
    // The log-densities are those of the draws.
    let draw = &posterior.chains[1][17];
    let logs: Vec<f64> = draw.iter().map(|p| p.ln()).collect();
    let exact = log_posterior(&history, &FIRM, &logs);
    assert!((posterior.log_densities[1][17] - exact).abs() < 1e-9 * exact.abs());
}

#[test]
fn what_cannot_be_sampled_is_refused() {
    let columns = World::new([vec![3.0, 5.0, 8.0, 2.0], vec![29.0, 30.0, 30.0, 28.0], vec![30.0; 4]]);
    let history = columns.history();
    let error = likelihood(&history).sample(Sampling::default(), &Unwatched).unwrap_err();
    assert!(error.to_string().contains("give priors"), "{error}");
    let proper = likelihood(&history);
    let weak = proper.default_priors(&priors(&[("a", 1.0, 0.5)])).unwrap();
    assert_eq!(weak.of("a").unwrap().spread, 0.5);
    let proper = proper.with_priors(&weak).unwrap();
    let few = Sampling { draws: 50, warmup: 50, ..Sampling::default() };
    assert!(proper.sample(few, &Unwatched).is_ok());
    for bad in [
        Sampling { chains: 0, ..few },
        Sampling { draws: 0, ..few },
        Sampling { warmup: 3, ..few },
        Sampling { target_accept: 1.0, ..few },
    ] {
        assert!(proper.sample(bad, &Unwatched).is_err());
    }
}

/// Default priors move with the unit of time: in days the posterior is that in weeks.
#[test]
fn default_priors_do_not_know_the_unit() {
    let columns = small_world();
    let days = |weeks: &[f64]| weeks.iter().map(|t| t * 7.0).collect::<Vec<f64>>();
    let in_days = World::new([columns.frequency.clone(), days(&columns.recency), days(&columns.age)]);
    let mode = |columns: &World| {
        let history = columns.history();
        let free = likelihood(&history);
        let weak = free.default_priors(&Priors::default()).unwrap();
        free.with_priors(&weak).unwrap().maximise(&Unwatched).unwrap().model.parameters()
    };
    let (a, b) = (mode(&columns), mode(&in_days));
    for (i, unit) in [1.0, 7.0, 1.0, 1.0].into_iter().enumerate() {
        assert!((unit * a[i] / b[i] - 1.0).abs() < 1e-8, "{i}: {a:?} {b:?}");
    }
}

struct Stopped;

impl Watch for Stopped {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn long_work_can_be_stopped() {
    let columns = small_world();
    let history = columns.history();
    let likelihood = likelihood(&history);
    let fit = likelihood.maximise(&Unwatched).unwrap();
    assert_eq!(likelihood.bootstrap(&fit, 10, 1, &Stopped).unwrap_err(), Error::Cancelled);
    let stopped: Result<Posterior<BgNbd>, Error> = likelihood.sample(Sampling::default(), &Stopped);
    assert_eq!(stopped.unwrap_err(), Error::Cancelled);
}

/// Chains of an autoregression from a congruential generator, so that `ArviZ` can be given the same.
fn chains(shift: f64, stick: f64) -> Vec<Vec<f64>> {
    let mut state: u64 = 12_345;
    (0..4)
        .map(|c| {
            let mut x = 0.0;
            (0..200)
                .map(|_| {
                    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
                    x = stick * x + state as f64 / 2_147_483_648.0 - 0.5;
                    x + shift * f64::from(c)
                })
                .collect()
        })
        .collect()
}

/// `ArviZ` 0.21: `rhat(x)`, `ess(x, method="bulk")`, `ess(x, method="tail")`.
#[test]
fn diagnostics_are_those_of_arviz() {
    for (shift, stick, rhat, bulk, tail) in [
        (0.0, 0.0, 0.997_395_584_736_472_5, 880.006_516_136_068_3, 716.398_517_239_202_6),
        (0.0, 0.9, 1.040_623_813_615_715_8, 58.376_383_014_798_75, 92.822_692_919_433_32),
        (0.3, 0.5, 1.521_882_237_450_732_8, 7.696_415_119_708_670_5, 47.318_681_666_055_504),
        (0.0, -0.4, 0.996_715_658_751_993_2, 2_322.471_989_593_555, 857.910_171_720_583_5),
    ] {
        let chains = chains(shift, stick);
        let close = |found: f64, expected: f64| (found / expected - 1.0_f64).abs() < 1e-9;
        assert!(close(r_hat(&chains), rhat), "{shift} {stick}: {} {rhat}", r_hat(&chains));
        let found = bulk_effective_size(&chains);
        assert!(close(found, bulk), "{shift} {stick}: {found} {bulk}");
        let found = tail_effective_size(&chains);
        assert!(close(found, tail), "{shift} {stick}: {found} {tail}");
    }
    assert!(r_hat(&[vec![1.0, 2.0, 3.0]]).is_nan());
    assert!(r_hat(&[vec![1.0; 10], vec![1.0; 10]]).is_nan());
}
