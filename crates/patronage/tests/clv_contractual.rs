//! Shifted beta-geometric, beta-discrete-Weibull and the Kaplan–Meier curve, against high-precision references,
//! publications, brute force, and their laws.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/reference.rs"]
mod reference;
#[path = "common/worlds.rs"]
mod worlds;

use patronage::clv::{
    BetaDiscreteWeibull, Durations, Ending, Interval, Model, Parametric, RetentionModel,
    ShiftedBetaGeometric, retention_curve,
};
use patronage::watch::Unwatched;
use proptest::prelude::*;
use reference::{check_fit, close, list, number, numbers, reference};
use worlds::Chance;

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
    check_fit(&regular, &reference, "regular_years0-7");
    check_fit(&high_end, &reference, "highend_years0-7");
    check_fit(&fit(&REGULAR[..5]), &reference, "regular_years0-4");
    check_fit(&fit(&HIGH_END[..5]), &reference, "highend_years0-4");
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
    let fit = match M::fit(durations, &Unwatched) {
        Ok(fit) => fit,
        Err(error) => {
            let few_periods = error.to_string().contains("watch for longer");
            assert!(durations.churned() == 0.0 || few_periods, "{error}: {durations:?}");
            return false;
        }
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
    let mut chance = Chance::new(3);
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
    let model = BetaDiscreteWeibull::new(0.1, 0.2, 0.3).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<BetaDiscreteWeibull>(&text).unwrap(), model);
    assert!(serde_json::from_str::<BetaDiscreteWeibull>(&text.replace("0.3", "-0.3")).is_err());
    assert!(serde_json::from_str::<ShiftedBetaGeometric>(&text).is_err());
}
