//! Portfolios under a budget, against every combination of options.
#![allow(clippy::unwrap_used)]

use patronage::decision::{Exact, Number, Portfolio, Project};
use patronage::watch::Unwatched;
use proptest::prelude::*;

type Options = Vec<Vec<(i64, i64)>>;

fn portfolio(options: &Options) -> Portfolio {
    Portfolio::new(options.iter().enumerate().map(|(i, options)| {
        let row = |(k, &(r, v)): (usize, &(i64, i64))| (k.to_string(), r.into(), v.into());
        Project::new(i.to_string(), options.iter().enumerate().map(row))
    }))
}

/// Resource and value of every combination.
fn combinations(options: &Options) -> Vec<(i64, i64)> {
    options.iter().fold(vec![(0, 0)], |sets, options| {
        let with = |&(r, v): &(i64, i64)| {
            std::iter::once((r, v))
                .chain(options.iter().map(move |(x, y)| (r + x, v + y)))
                .collect::<Vec<_>>()
        };
        sets.iter().flat_map(with).collect()
    })
}

proptest! {
    #[test]
    fn the_best_of_all_combinations(
        options in prop::collection::vec(prop::collection::vec((0..9i64, -5..30i64), 0..4), 0..6),
        budget in 0..25i64,
    ) {
        let found = portfolio(&options).budget(budget).solve(&Unwatched).unwrap();
        let fits: Vec<_> = combinations(&options).into_iter().filter(|set| set.0 <= budget).collect();
        let value = fits.iter().map(|set| set.1).max().unwrap();
        let used = fits.iter().filter(|set| set.1 == value).map(|set| set.0).min().unwrap();
        prop_assert_eq!((&found.value.exact, &found.used.exact), (&Some(value.into()), &Some(used.into())));
        prop_assert_eq!(found.has_ties, fits.iter().filter(|set| **set == (used, value)).count() > 1);
        // What was chosen adds up.
        let picked = found.chosen.iter().zip(&options).filter_map(|(k, options)| k.map(|k| options[k]));
        let (r, v) = picked.fold((0, 0), |sum, set| (sum.0 + set.0, sum.1 + set.1));
        prop_assert_eq!((r, v), (used, value));
        // The relaxation bounds what more budget brings: V(b + d) ≤ LP(b) + λ d, hence V(b + d) ≤ bound + λ d
        // with any upper bound of LP(b); the whole budget at the price of the first step is one.
        let price = found.shadow_price.exact.unwrap();
        prop_assert!(price >= Exact::ZERO);
        let all = portfolio(&options).solve(&Unwatched).unwrap();
        let best: i64 = options.iter().map(|o| o.iter().map(|x| x.1).max().unwrap_or(0).max(0)).sum();
        prop_assert_eq!(&all.value.exact, &Some(best.into()));
        if price == Exact::ZERO {
            prop_assert_eq!(value, best);
        }
        // The frontier is what every smaller budget brings.
        let frontier = portfolio(&options).budget(budget).frontier(&Unwatched).unwrap();
        for (r, v) in &frontier {
            let budget = Number::from(r.clone());
            let smaller = portfolio(&options).budget(budget).solve(&Unwatched).unwrap();
            prop_assert_eq!((&smaller.used, &smaller.value), (r, v));
        }
        prop_assert_eq!(frontier.last(), Some(&(found.used, found.value)));
    }

    /// The dual price by its definition: the least λ for which Σ max(v − λ r) + λ b is smallest, over all slopes.
    #[test]
    fn the_price_minimises_the_dual(
        options in prop::collection::vec(prop::collection::vec((0..9i64, -5..30i64), 0..4), 0..6),
        budget in 0..25i64,
    ) {
        let dual = |price: &Exact| {
            options.iter().fold(price * &budget.into(), |sum, options| {
                let gains = options.iter().map(|&(r, v)| &Exact::from(v) - &(price * &Exact::from(r)));
                &sum + &gains.chain([Exact::ZERO]).max().unwrap()
            })
        };
        let mut slopes = vec![Exact::ZERO];
        for options in &options {
            for a in options.iter().chain([&(0, 0)]) {
                for b in options.iter().chain([&(0, 0)]) {
                    slopes.extend(Exact::ratio(b.1 - a.1, b.0 - a.0).filter(|slope| !slope.is_negative()));
                }
            }
        }
        slopes.sort();
        let least = slopes.iter().map(dual).min().unwrap();
        let price = slopes.iter().find(|slope| dual(slope) == least).unwrap();
        let found = portfolio(&options).budget(budget).solve(&Unwatched).unwrap();
        prop_assert_eq!(found.shadow_price.exact.as_ref(), Some(price));
    }
}

#[test]
fn refused() {
    let of = |resource: Number, value: Number, budget: Number| {
        let project = Project::new("A", [("low", resource, value)]);
        Portfolio::new([project]).budget(budget).solve(&Unwatched).unwrap_err().to_string()
    };
    assert!(of((-1).into(), 1.into(), 1.into()).contains("option 'low' of project 'A': it uses -1"));
    assert!(of(1.into(), f64::NAN.into(), 1.into()).contains("its value is NaN"));
    assert!(of("much".into(), 1.into(), 1.into()).contains("'much'"));
    assert!(of(1.into(), 1.into(), (-1).into()).contains("budget = -1"));
}

/// Sums beyond the range of floats are an error, in floats and in fractions.
#[test]
fn sums_too_large_for_floats() {
    let of = |value: Number| {
        let project = || Project::new("", [("x", 1.into(), value.clone()), ("y", 2.into(), value.clone())]);
        Portfolio::new([project(), project()]).budget(2).solve(&Unwatched)
    };
    for value in [Number::from(1e308), "1e308".into()] {
        assert!(of(value).unwrap_err().to_string().contains("larger unit"));
    }
}

#[test]
fn a_thousand_projects() {
    let options: Options =
        (0..1000i64).map(|i| (1..6).map(|k| (k, (i * 7919 + k * 104_729) % 97 * k)).collect()).collect();
    let found = portfolio(&options).budget(500).solve(&Unwatched).unwrap();
    // In floats the same; 0.1 and 0.2 fit into 0.3.
    let float = |number: i64| Number::Float(number as f64 * 0.1);
    let tenths =
        Portfolio::new(options.iter().map(|options| {
            Project::new("", options.iter().map(|&(r, v)| (String::new(), float(r), float(v))))
        }));
    let tenths = tenths.budget(50.0).solve(&Unwatched).unwrap();
    assert!((tenths.value.float - found.value.float / 10.0).abs() < 1e-9);
    // An independent dynamic programme over whole budgets.
    let mut best = vec![0i64; 501];
    for options in &options {
        let before = best.clone();
        for (b, value) in best.iter_mut().enumerate() {
            for &(r, v) in options {
                if r as usize <= b {
                    *value = (*value).max(before[b - r as usize] + v);
                }
            }
        }
    }
    assert_eq!(found.value.exact, Some(best[500].into()));
}

/// With resources that hardly ever agree the frontier has too many sets; the best one is found all the same.
#[test]
fn more_efficient_sets_than_can_be_kept() {
    let mut state = 1u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % below) as i64 + 1
    };
    let options: Options =
        (0..400).map(|_| (0..5).map(|_| (random(1_000_000), random(1_000_000))).collect()).collect();
    let budget = 40_000_000;
    assert!(portfolio(&options).budget(budget).frontier(&Unwatched).is_err());
    let found = portfolio(&options).budget(budget).solve(&Unwatched).unwrap();
    let picked = found.chosen.iter().zip(&options).filter_map(|(k, options)| k.map(|k| options[k]));
    let (used, value) = picked.fold((0, 0), |sum, set| (sum.0 + set.0, sum.1 + set.1));
    assert!(used <= budget);
    assert_eq!((found.used.exact, found.value.exact), (Some(used.into()), Some(value.into())));
    // Weak duality: no set brings more than the budget at its price and what the options bring beyond theirs.
    let price = found.shadow_price.exact.unwrap();
    let dual = options.iter().fold(&price * &budget.into(), |sum, options| {
        let gains = options.iter().map(|&(r, v)| &Exact::from(v) - &(&price * &Exact::from(r)));
        &sum + &gains.chain([Exact::ZERO]).max().unwrap()
    });
    let gap = &dual - &value.into();
    assert!(!gap.is_negative() && gap.to_f64() < 1e-3 * value as f64, "{gap}");
}
