//! Pareto/NBD with covariates that change over time: against brute force, the models it contains, and laws.

#![allow(clippy::unwrap_used)]

use patronage::clv::{
    CovariatePaths, Effect, Estimable, Forecast, History, Model, ParetoNbd, PathIntervals, Process,
    WithCovariates,
};
use patronage::watch::Unwatched;
use proptest::prelude::*;
use rand::RngExt;
use rand_distr::{Distribution, Exp1, Gamma};
use rand_pcg::Pcg64;

/// Columns of histories and of intervals, as they are made up.
#[derive(Debug, Clone, Default)]
struct Made {
    histories: [Vec<f64>; 3],
    offsets: Vec<usize>,
    start: Vec<f64>,
    end: Vec<f64>,
    purchases: Vec<f64>,
    covariates: Vec<(&'static str, Vec<f64>)>,
}

impl Made {
    fn new(names: &[&'static str]) -> Self {
        Self {
            offsets: vec![0],
            covariates: names.iter().map(|name| (*name, Vec::new())).collect(),
            ..Self::default()
        }
    }

    /// Adds a customer; `intervals` are the end, the purchases and the covariates of each.
    fn customer(&mut self, history: [f64; 3], intervals: &[(f64, f64, Vec<f64>)]) {
        self.histories.iter_mut().zip(history).for_each(|(column, value)| column.push(value));
        let mut from = 0.0;
        for (to, purchases, values) in intervals {
            self.start.push(from);
            self.end.push(*to);
            self.purchases.push(*purchases);
            self.covariates.iter_mut().zip(values).for_each(|((_, column), value)| column.push(*value));
            from = *to;
        }
        self.offsets.push(self.end.len());
    }

    fn history(&self) -> History<'_> {
        let [x, recency, age] = &self.histories;
        History::new(&x[..], recency, age).unwrap()
    }

    fn try_paths(&self) -> patronage::Result<CovariatePaths> {
        let covariates: Vec<(&str, &[f64])> =
            self.covariates.iter().map(|(name, values)| (*name, &values[..])).collect();
        CovariatePaths::new(
            &self.history(),
            PathIntervals {
                offsets: &self.offsets,
                start: &self.start,
                end: &self.end,
                purchases: &self.purchases,
                covariates: &covariates,
            },
        )
    }

    fn paths(&self) -> CovariatePaths {
        self.try_paths().unwrap()
    }
}

fn effect(process: Process, covariate: &str, coefficient: f64) -> Effect {
    Effect { process, covariate: covariate.into(), coefficient }
}

fn model(base: [f64; 4], effects: impl IntoIterator<Item = Effect>) -> WithCovariates<ParetoNbd> {
    let [r, alpha, s, beta] = base;
    WithCovariates::new(ParetoNbd::new(r, alpha, s, beta).unwrap(), effects).unwrap()
}

fn near(found: f64, expected: f64, share: f64) -> bool {
    (found - expected).abs() <= share * expected.abs().max(1e-3)
}

/// The integral over λ and μ itself, by trapezoidal sums in ln λ and ln μ (steps of 0.04 and 0.02 agree to 13 digits) in
/// NumPy: of λˣ Π e^(γ x(tⱼ)) times e^(−λA(T)−μD(T)) if she stays, and times the sums over pieces of
/// μ d e^(−λA−μD) (1−e^(−(λa+μd) gap))/(λa+μd) if she leaves; γ = 0.7, δ = −0.4. Log-likelihood, P(alive), and the
/// purchases expected to the end of the path.
#[test]
fn the_integral_over_customers_by_brute_force() {
    type Case = ([f64; 4], [f64; 3], Vec<(f64, f64, Vec<f64>)>, [f64; 3]);
    let intervals = |ends: &[f64], x: &[f64], z: &[f64], n: &[f64]| {
        let each = ends.iter().zip(n).zip(x.iter().zip(z));
        each.map(|((end, n), (x, z))| (*end, *n, vec![*x, *z])).collect::<Vec<_>>()
    };
    let cases: [Case; 3] = [
        (
            [0.8, 6.0, 0.9, 12.0],
            [3.0, 3.25, 6.0],
            intervals(
                &[1.0, 2.0, 4.5, 6.0, 9.0],
                &[0.0, 1.0, -0.5, 2.0, 0.3],
                &[1.0, 0.0, 2.0, -1.0, 0.5],
                &[0.0, 2.0, 1.0, 0.0, 0.0],
            ),
            [-6.697_222_962_862_127, 0.622_108_711_163_345_9, 0.488_097_126_796_824_15],
        ),
        (
            [0.55, 10.6, 0.61, 11.7],
            [0.0, 0.0, 30.0],
            intervals(
                &[2.0, 5.0, 11.0, 30.0, 40.0],
                &[1.0, 0.0, 0.5, -1.0, 1.0],
                &[0.3, 1.0, -2.0, 1.5, 0.0],
                &[0.0; 5],
            ),
            [-0.479_942_623_184_529_85, 0.396_696_275_142_671_53, 0.115_031_199_552_209_47],
        ),
        (
            [2.5, 3.0, 1.0, 20.0],
            [17.0, 15.5, 20.0],
            intervals(
                &[7.0, 14.0, 21.0, 28.0],
                &[0.0, 1.5, 0.0, 1.0],
                &[1.0, 1.0, 0.0, 0.0],
                &[5.0, 9.0, 3.0, 0.0],
            ),
            [-20.136_226_070_574_196, 0.581_626_389_097_602_4, 4.260_354_284_371_022],
        ),
    ];
    for (base, history, intervals, expected) in cases {
        let mut made = Made::new(&["x", "z"]);
        made.customer(history, &intervals);
        let paths = made.paths();
        let model = model(base, [effect(Process::Purchase, "x", 0.7), effect(Process::Dropout, "z", -0.4)]);
        let ahead = intervals.last().unwrap().0 - history[2];
        let found = [
            model.log_likelihood_along(&paths, &Unwatched).unwrap()[0],
            model.log_probability_alive_along(&paths, 0.0, &Unwatched).unwrap()[0].exp(),
            model.expected_purchases_along(&paths, ahead, &Unwatched).unwrap()[0],
        ];
        for (found, expected) in found.into_iter().zip(expected) {
            assert!(near(found, expected, 1e-11), "{found} {expected}");
        }
    }
}

/// Purchases, when the last of them was, how long she was watched, and the covariates of each interval.
type Anybody = (u32, f64, f64, Vec<(f64, f64)>);

/// A world of customers with covariates `x` and `z`, 0 or 1 and anything, in 12 intervals ahead of which are 4 more.
fn anybody() -> impl Strategy<Value = Vec<Anybody>> {
    let path =
        prop::collection::vec((prop::bool::ANY.prop_map(|b| f64::from(u8::from(b))), -1.5_f64..1.5), 16);
    prop::collection::vec((0_u32..20, 0.02_f64..1.0, 4.0_f64..60.0, path), 8..24)
}

/// `constant` keeps the covariates as they are in the first interval; `cuts` cuts each interval in as many.
fn made(world: &[Anybody], constant: bool, cuts: usize) -> Made {
    let mut made = Made::new(&["x", "z", "noise"]);
    for (i, (n, share, age, path)) in world.iter().enumerate() {
        // Somebody has bought again, and covariates differ.
        let x = if i == 0 { 3.0 } else { f64::from(*n) };
        let recency = if x > 0.0 { share * age } else { 0.0 };
        let mut intervals = Vec::new();
        for (k, (a, b)) in path.iter().enumerate() {
            let (a, b) = if constant { path[0] } else { (*a, *b) };
            let a = if i < 2 { i as f64 } else { a };
            for cut in 0..cuts {
                let to = age * (k as f64 + (cut + 1) as f64 / cuts as f64) / 12.0;
                let noise = if cuts > 1 { f64::from(u8::from(cut % 2 == 0)) } else { 0.0 };
                intervals.push((to, 0.0, vec![a, b, noise]));
            }
        }
        let at = intervals.iter().position(|(to, _, _)| recency <= *to).unwrap();
        intervals[at].1 = x;
        made.customer([x, recency, *age], &intervals);
    }
    made
}

fn parameters() -> impl Strategy<Value = ([f64; 4], [f64; 3])> {
    let positive = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    (
        [positive(0.1, 5.0), positive(0.5, 50.0), positive(0.1, 5.0), positive(0.5, 50.0)],
        [-1.0_f64..1.0, -1.0_f64..1.0, -0.5_f64..0.5],
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Covariates that do not change: the model with covariates that stay as they are.
    #[test]
    fn constant_paths_are_constant_covariates(world in anybody(), (base, [g, d, b]) in parameters(), share in 0.0_f64..4.0) {
        let made = made(&world, true, 1);
        let firsts: Vec<usize> = made.offsets[..world.len()].to_vec();
        let column = |k: usize| firsts.iter().map(|&i| made.covariates[k].1[i]).collect::<Vec<f64>>();
        let (x, z) = (column(0), column(1));
        let history = made.history().with_covariate("x", &x).unwrap().with_covariate("z", &z).unwrap();
        let model = model(base, [
            effect(Process::Purchase, "x", g), effect(Process::Dropout, "x", d), effect(Process::Both, "z", b),
        ]);
        let paths = made.paths();
        let horizon: Vec<f64> = made.histories[2].iter().map(|age| age * share / 12.0).collect();
        let pairs = [
            (model.log_likelihood_along(&paths, &Unwatched), model.log_likelihood(&history, &Unwatched)),
            (model.log_probability_alive_along(&paths, &horizon[..], &Unwatched),
                model.log_probability_alive(&history, &horizon[..], &Unwatched)),
            (model.expected_purchases_along(&paths, &horizon[..], &Unwatched),
                model.expected_purchases(&history, &horizon[..], &Unwatched)),
        ];
        for (along, plain) in pairs {
            for (a, b) in along.unwrap().iter().zip(plain.unwrap()) {
                prop_assert!(near(*a, b, 1e-12), "{a} {b}");
            }
        }
        // Held at what they were.
        let last = [x[0], z[0]];
        let along = model.discounted_expected_purchases_along(&paths, 0.01, &last, &Unwatched).unwrap();
        let plain = model.discounted_expected_purchases(&history, 0.01, &Unwatched).unwrap();
        prop_assert!(near(along[0], plain[0], 1e-12));
    }

    /// Covariates without an effect: the plain model.
    #[test]
    fn without_effect_it_is_the_plain_model(world in anybody(), (base, _) in parameters()) {
        let made = made(&world, false, 2);
        let plain = ParetoNbd::new(base[0], base[1], base[2], base[3]).unwrap();
        let model = model(base, [effect(Process::Purchase, "x", 0.0), effect(Process::Dropout, "z", 0.0)]);
        let (paths, history) = (made.paths(), made.history());
        let pairs = [
            (model.log_likelihood_along(&paths, &Unwatched), plain.log_likelihood(&history, &Unwatched)),
            (model.log_probability_alive_along(&paths, 1.0, &Unwatched), plain.log_probability_alive(&history, 1.0, &Unwatched)),
            (model.expected_purchases_along(&paths, 1.0, &Unwatched), plain.expected_purchases(&history, 1.0, &Unwatched)),
        ];
        for (along, plain) in pairs {
            for (a, b) in along.unwrap().iter().zip(plain.unwrap()) {
                prop_assert!(near(*a, b, 1e-12), "{a} {b}");
            }
        }
    }

    /// Intervals cut in three, which a covariate without an effect keeps apart.
    #[test]
    fn cuts_change_nothing(world in anybody(), (base, [g, d, _]) in parameters()) {
        let effects = [effect(Process::Purchase, "x", g), effect(Process::Dropout, "z", d), effect(Process::Both, "noise", 0.0)];
        let model = model(base, effects);
        let (whole, cut) = (made(&world, false, 1).paths(), made(&world, false, 3).paths());
        let pairs = [
            (model.log_likelihood_along(&whole, &Unwatched), model.log_likelihood_along(&cut, &Unwatched)),
            (model.log_probability_alive_along(&whole, 1.3, &Unwatched), model.log_probability_alive_along(&cut, 1.3, &Unwatched)),
            (model.expected_purchases_along(&whole, 1.3, &Unwatched), model.expected_purchases_along(&cut, 1.3, &Unwatched)),
        ];
        for (whole, cut) in pairs {
            for (a, b) in whole.unwrap().iter().zip(cut.unwrap()) {
                prop_assert!(near(*a, b, 1e-12), "{a} {b}");
            }
        }
    }
}

/// Time `t` from `from` on at which ∫ rate = `wanted`, for a rate an interval of length `length`; infinite after the last.
fn when(rates: &[f64], length: f64, from: f64, wanted: f64) -> f64 {
    let (mut at, mut rest) = (from, wanted);
    while ((at / length) as usize) < rates.len() {
        let k = (at / length) as usize;
        let end = (k + 1) as f64 * length;
        if rates[k] * (end - at) >= rest {
            return at + rest / rates[k];
        }
        rest -= rates[k] * (end - at);
        at = if end > at { end } else { f64::INFINITY };
    }
    f64::INFINITY
}

/// Customers who buy and drop out as the model says, watched for about `watched` intervals of length 1; `x` is a season
/// of all and 0 or 1, `z` her own and anything.
fn world(truth: &WithCovariates<ParetoNbd>, customers: usize, watched: usize, seed: u64) -> Made {
    let mut random = Pcg64::new(u128::from(seed), 11);
    let parameters = truth.parameters();
    let [r, alpha, s, beta] = [parameters[0], parameters[1], parameters[2], parameters[3]];
    let season: Vec<f64> = (0..watched).map(|k| f64::from(u8::from(k % 7 < 2))).collect();
    let mut made = Made::new(&["x", "z"]);
    for _ in 0..customers {
        let late = (random.random::<f64>() * watched as f64 / 3.0) as usize;
        let path: Vec<[f64; 2]> =
            season[late..].iter().map(|x| [*x, 2.0 * random.random::<f64>() - 1.0]).collect();
        let eta = |process: Process, [x, z]: [f64; 2]| -> f64 {
            let each = truth.effects().iter().filter(|e| e.process == process || e.process == Process::Both);
            each.map(|e| e.coefficient * if e.covariate == "x" { x } else { z }).sum()
        };
        let rates = |process: Process, own: f64| -> Vec<f64> {
            path.iter().map(|known| own * eta(process, *known).exp()).collect()
        };
        let buying = Gamma::new(r, 1.0 / alpha).unwrap().sample(&mut random).max(1e-300);
        let leaving = Gamma::new(s, 1.0 / beta).unwrap().sample(&mut random).max(1e-300);
        let (buying, leaving) = (rates(Process::Purchase, buying), rates(Process::Dropout, leaving));
        let gone = when(&leaving, 1.0, 0.0, Exp1.sample(&mut random));
        let age = path.len() as f64;
        let (mut x, mut recency, mut purchases) = (0.0, 0.0, vec![0.0; path.len()]);
        loop {
            let at = when(&buying, 1.0, recency, Exp1.sample(&mut random));
            if at >= gone.min(age) {
                break;
            }
            x += 1.0;
            recency = at;
            purchases[at as usize] += 1.0;
        }
        let intervals: Vec<_> = path
            .iter()
            .zip(&purchases)
            .enumerate()
            .map(|(k, (known, n))| ((k + 1) as f64, *n, known.to_vec()))
            .collect();
        made.customer([x, recency, age], &intervals);
    }
    made
}

/// Estimates of a hundred worlds lie within two standard errors of the truth about as often as they should (95 %).
#[test]
fn standard_errors_are_those_of_the_estimates() {
    let (mut covered, mut all) = (0, 0);
    let mut random = Pcg64::new(5, 5);
    let mut between = |low: f64, high: f64| low * (high / low).powf(random.random::<f64>());
    for seed in 0..100 {
        let base = [between(0.6, 2.0), between(3.0, 12.0), between(0.7, 2.0), between(8.0, 30.0)];
        let truth = model(
            base,
            [
                effect(Process::Purchase, "x", between(0.3, 1.2)),
                effect(Process::Purchase, "z", -between(0.1, 0.6)),
                effect(Process::Dropout, "z", between(0.2, 0.9)),
            ],
        );
        let paths = world(&truth, 700, 52, seed).paths();
        let fit = truth.fit_along(&paths, &Unwatched).unwrap();
        let own: f64 = truth.log_likelihood_along(&paths, &Unwatched).unwrap().iter().sum();
        assert!(fit.log_likelihood >= own, "{seed} {:?}", fit.ending);
        let Some(errors) = fit.standard_errors() else { continue };
        // In the coordinates: logarithms of positive parameters.
        let each = fit
            .model
            .coordinates()
            .into_iter()
            .zip(truth.coordinates())
            .zip(errors.iter().zip(fit.model.slopes()));
        for ((found, truth), (error, slope)) in each {
            all += 1;
            covered += i32::from((found - truth).abs() < 1.959_964 * error / slope);
        }
    }
    let share = f64::from(covered) / f64::from(all);
    assert!(all >= 95 * 7 && share > 0.93 && share < 0.97, "{share} of {all}");
}

/// A fit to paths that do not change is the fit to covariates that do not, and so are its standard errors.
#[test]
fn fits_to_constant_paths() {
    let truth = model(
        [0.9, 6.0, 0.8, 12.0],
        [effect(Process::Purchase, "x", 0.5), effect(Process::Dropout, "x", 0.4)],
    );
    let made = world(&truth, 400, 40, 3);
    let histories = &made.histories;
    let member: Vec<f64> = (0..400).map(|i| f64::from(u8::from(i % 3 == 0))).collect();
    let history = made.history().with_covariate("x", &member).unwrap();
    let mut constant = Made::new(&["x"]);
    for i in 0..400 {
        let [x, recency, age] = [histories[0][i], histories[1][i], histories[2][i]];
        constant
            .customer([x, recency, age], &[(0.5 * age, 0.0, vec![member[i]]), (age, 0.0, vec![member[i]])]);
        let (first, last) = (constant.purchases.len() - 2, constant.purchases.len() - 1);
        constant.purchases[if recency <= 0.5 * age { first } else { last }] = x;
    }
    let along = truth.fit_along(&constant.paths(), &Unwatched).unwrap();
    let plain = truth.fit_alike(&history, &Unwatched).unwrap();
    assert!(along.converged() && plain.converged());
    assert!(near(along.log_likelihood, plain.log_likelihood, 1e-12));
    let pairs = along.model.parameters().into_iter().zip(plain.model.parameters());
    for (a, b) in
        pairs.chain(along.standard_errors().unwrap().into_iter().zip(plain.standard_errors().unwrap()))
    {
        assert!(near(a, b, 1e-9), "{a} {b}");
    }
}

/// A customer of weight 2 is two customers.
#[test]
fn weights_are_duplicates() {
    let truth = model(
        [0.9, 6.0, 0.8, 12.0],
        [effect(Process::Purchase, "x", 0.5), effect(Process::Dropout, "z", 0.4)],
    );
    let once = world(&truth, 150, 30, 8);
    let weights: Vec<f64> = (0..150).map(|i| f64::from(1 + i % 3)).collect();
    let covariates: Vec<(&str, &[f64])> =
        once.covariates.iter().map(|(name, values)| (*name, &values[..])).collect();
    let intervals = PathIntervals {
        offsets: &once.offsets,
        start: &once.start,
        end: &once.end,
        purchases: &once.purchases,
        covariates: &covariates,
    };
    let weighted = CovariatePaths::new(&once.history().with_weights(&weights).unwrap(), intervals).unwrap();
    let mut often = Made::new(&["x", "z"]);
    for i in 0..150 {
        let own: Vec<_> =
            once.paths().intervals(i).map(|(_, end, n, values)| (end, n, values.to_vec())).collect();
        for _ in 0..=i % 3 {
            often.customer([once.histories[0][i], once.histories[1][i], once.histories[2][i]], &own);
        }
    }
    let (weighted, often) = (
        truth.fit_along(&weighted, &Unwatched).unwrap(),
        truth.fit_along(&often.paths(), &Unwatched).unwrap(),
    );
    assert!(weighted.converged() && weighted.customers == often.customers);
    assert!(near(weighted.log_likelihood, often.log_likelihood, 1e-12));
    for (a, b) in weighted.model.parameters().into_iter().zip(often.model.parameters()) {
        assert!(near(a, b, 1e-9), "{a} {b}");
    }
}

/// Refits to customers drawn with replacement scatter as the standard errors say.
#[test]
fn refits_scatter_as_they_should() {
    let truth = model([0.9, 6.0, 0.8, 12.0], [effect(Process::Purchase, "x", 0.5)]);
    let likelihood = truth.likelihood_along(&world(&truth, 400, 40, 21).paths(), &Unwatched).unwrap();
    let fit = likelihood.maximise(&Unwatched).unwrap();
    let refits = likelihood.bootstrap(&fit, 100, 1, &Unwatched).unwrap();
    let found: Vec<f64> = refits.models.iter().map(|model| model.parameters()[4]).collect();
    let mean = found.iter().sum::<f64>() / 100.0;
    let deviation = (found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 99.0).sqrt();
    let error = fit.standard_errors().unwrap()[4];
    assert!(refits.failed == 0 && deviation > 0.7 * error && deviation < 1.4 * error, "{deviation} {error}");
}

/// Who asks to stop is heard.
#[test]
fn work_stops_when_told() {
    struct Stop;
    impl patronage::watch::Watch for Stop {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let truth = model([0.9, 6.0, 0.8, 12.0], [effect(Process::Purchase, "x", 0.5)]);
    let paths = world(&truth, 50, 20, 1).paths();
    let likelihood = truth.likelihood_along(&paths, &Unwatched).unwrap();
    assert!(matches!(likelihood.maximise(&Stop), Err(patronage::Error::Cancelled)));
    assert!(matches!(truth.log_likelihood_along(&paths, &Stop), Err(patronage::Error::Cancelled)));
}

#[test]
fn a_customer_who_is_not_there_has_no_intervals() {
    let history = History::new(&[0.0][..], &[0.0], &[3.0]).unwrap();
    let intervals = PathIntervals {
        offsets: &[0, 1],
        start: &[0.0],
        end: &[3.0],
        purchases: &[0.0],
        covariates: &[("sale", &[1.0])],
    };
    let paths = CovariatePaths::new(&history, intervals).unwrap();
    assert_eq!(paths.intervals(0).count(), 1);
    assert!([1, 2, usize::MAX].iter().all(|&customer| paths.intervals(customer).count() == 0));
    assert!(paths.first_day(7).is_none());
}
