//! Laws of the textbook values: closed forms against sums, optima against search, chains against recursion.

#![allow(clippy::unwrap_used)]

use patronage::Lang;
use patronage::clv::{
    Cohort, FirstPayment, Migration, Promotion, Recency, Referral, Requirement, ResponseCurve, Retention,
    Timing, acquisition_budget, cohort_value, margin_multiple, margin_multiples, migration_clv,
    promotion_clv, recency_clv, referral_value, required_retention, retention_budget, retention_clv,
};
use proptest::prelude::*;

fn first() -> impl Strategy<Value = FirstPayment> {
    prop_oneof![Just(FirstPayment::Start), Just(FirstPayment::Middle), Just(FirstPayment::End)]
}

fn delay(first: FirstPayment) -> f64 {
    match first {
        FirstPayment::Start => 0.0,
        FirstPayment::Middle => 0.5,
        FirstPayment::End => 1.0,
    }
}

fn near(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs().max(1.0)
}

/// The place and the height of the greatest value between two bounds, by golden section.
fn golden(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> (f64, f64) {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..200 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if f(a) < f(b) {
            low = a;
        } else {
            high = b;
        }
    }
    let place = 0.5 * (low + high);
    (place, f(place))
}

proptest! {
    /// 1 + the multiple at the end is the multiple at once; and the multiple is what a margin of 1 is worth.
    #[test]
    fn multiples(r in 0.0_f64..0.99, d in 0.01_f64..0.5, first in first(), survive in any::<bool>(), n in prop::option::of(1_u32..40)) {
        let timing = Timing { first_payment: first, survive_before_paying: survive };
        let end = margin_multiple(r, d, None, Timing::END_IF_RETAINED).unwrap().value;
        let at_once = margin_multiple(r, d, None, Timing::IMMEDIATE).unwrap().value;
        prop_assert!(near(at_once, 1.0 + end, 1e-12));
        let inputs = Retention { margin: 1.0, retention: r, discount_rate: d, periods: n, timing, acquisition_cost: 0.0 };
        prop_assert_eq!(margin_multiple(r, d, n, timing).unwrap().value, retention_clv(inputs).unwrap().value);
        let table = margin_multiples(&[0.5, r], &[d], n, timing).unwrap();
        prop_assert_eq!(table.values[0][1], margin_multiple(r, d, n, timing).unwrap().value);
    }

    /// The retention that a value needs gives that value.
    #[test]
    fn retention_needed(
        r in 0.05_f64..0.99, d in prop_oneof![Just(0.0), 0.001_f64..0.5], margin in 0.1_f64..1e4, cost in 0.0_f64..1e3,
        n in prop::option::of(2_u32..60), first in first(), survive in any::<bool>(),
    ) {
        let timing = Timing { first_payment: first, survive_before_paying: survive };
        let inputs = Retention { margin, retention: r, discount_rate: d, periods: n, timing, acquisition_cost: cost };
        let target = retention_clv(inputs).unwrap().value;
        let needed = required_retention(Requirement {
            margin, discount_rate: d, target, acquisition_cost: cost, periods: n, timing,
        }).unwrap();
        // Where one more payment adds little, the rate is known to fewer digits than the value.
        prop_assert!(near(needed.value, r, 1e-7), "{} {}", needed.value, r);
        prop_assert!((needed.clv - target).abs() <= 1e-9 * (target.abs() + cost + margin));
    }

    /// Berger and Nasr's two sums, one by one.
    #[test]
    fn promotion_is_the_difference_of_two_sums(
        r in 0.0_f64..=1.0, d in 0.0_f64..0.5, n in 1_u32..40, gc in 0.0_f64..500.0, m in 0.0_f64..100.0,
        at in first(), now in any::<bool>(),
    ) {
        let clv = promotion_clv(Promotion {
            contribution: gc, promotion_cost: m, retention: r, discount_rate: d, periods: Some(n), promotion_at: at, first_sale_now: now,
        }).unwrap();
        let sales: f64 = (i32::from(!now)..=n as i32).map(|i| gc * r.powi(i) / (1.0 + d).powi(i)).sum();
        let spent: f64 = (1..=n as i32)
            .map(|i| m * r.powi(i - 1) / (1.0 + d).powf(f64::from(i) - 1.0 + delay(at)))
            .sum();
        prop_assert!(near(clv.contributions, sales, 1e-11) && near(clv.promotions, spent, 1e-11));
        prop_assert!((clv.value - (sales - spent)).abs() <= 1e-11 * (sales + spent + 1.0));
    }

    /// A cohort that thins out by r is worth what retention says; and breaks even where its running total does.
    #[test]
    fn a_cohort_by_retention(
        r in 0.1_f64..=1.0, d in 0.0_f64..0.5, n in 1_u32..30, margin in 1.0_f64..100.0, cost in 0.0_f64..500.0, at in first(),
    ) {
        let cohort = cohort_value(Cohort {
            customers: (0..n as i32).map(|k| 1e6 * r.powi(k)).collect(), margins: vec![margin], discount_rate: d,
            first_payment: at, include_first: true, acquisition_cost: cost,
        }).unwrap();
        let timing = Timing { first_payment: at, survive_before_paying: false };
        let inputs = Retention { margin, retention: r, discount_rate: d, periods: Some(n), timing, acquisition_cost: cost };
        prop_assert!((cohort.value - retention_clv(inputs).unwrap().value).abs() <= 1e-10 * (margin * f64::from(n) + cost));
        let earned = |k: u32| cohort.rows[k as usize].net_per_customer;
        match cohort.break_even {
            Some(k) => prop_assert!(earned(k) >= -1e-9 && (k == 0 || earned(k - 1) < 0.0)),
            None => prop_assert!(cohort.rows.iter().all(|row| row.net_per_customer < 0.0)),
        }
    }

    /// Referral value is linear in those told, and what is won and saved adds up person by person.
    #[test]
    fn referrals_one_by_one(
        told in 0_u32..20, conversion in 0.0_f64..=1.0, anyway in 0.0_f64..=1.0, worth in 0.0_f64..1e3,
        saved in 0.0_f64..100.0, reward in 0.0_f64..100.0, n in 1_u32..20, d in 0.0_f64..0.5, at in first(),
    ) {
        let value = referral_value(Referral {
            people_told: f64::from(told), conversion, would_have_bought: anyway, value_per_referred: worth,
            saved_acquisition: saved, reward, periods: n, discount_rate: d, first_payment: at,
        }).unwrap().value;
        let mut sum = 0.0;
        for t in 0..n {
            for _ in 0..told {
                let each = conversion * ((1.0 - anyway) * (worth + saved - reward) + anyway * (saved - reward));
                sum += each * (1.0 + d).powf(-(f64::from(t) + delay(at)));
            }
        }
        prop_assert!((value - sum).abs() <= 1e-10 * f64::from(told * n) * (worth + saved + reward + 1.0));
    }

    /// No search finds a better spend on prospects.
    #[test]
    fn the_acquisition_budget_is_best(c in 0.01_f64..=1.0, k in 1e-4_f64..1.0, v in -10.0_f64..1e5) {
        let curve = ResponseCurve::new(c, k).unwrap();
        let best = acquisition_budget(curve, v).unwrap();
        let worth = |spend: f64| c * (1.0 - (-k * spend).exp()) * v - spend;
        let (place, height) = golden(worth, 0.0, 50.0 / k);
        prop_assert!(best.value >= height - 1e-9 * (height.abs() + 1.0), "{best:?} < {height} at {place}");
        prop_assert!(near(best.value, worth(best.spend), 1e-9));
        prop_assert!((best.spend - place).abs() <= 1e-5 * (1.0 / k + place), "{best:?} {place}");
    }

    /// No search finds a better spend on retention, whenever in the period it is spent.
    #[test]
    fn the_retention_budget_is_best(
        c in 0.05_f64..=1.0, k in 1e-3_f64..1.0, m in -10.0_f64..1e3, d in 0.01_f64..0.5, at in first(),
    ) {
        let curve = ResponseCurve::new(c, k).unwrap();
        let best = retention_budget(curve, m, d, at).unwrap();
        // Σ (r^t m − r^(t−1) R (1+d)^(1−delay)) / (1+d)^t, added up.
        let worth = |spend: f64| {
            let r = c * (1.0 - (-k * spend).exp());
            (r * m - spend * (1.0 + d).powf(1.0 - delay(at))) / (1.0 + d - r)
        };
        let (place, height) = golden(worth, 0.0, (m * (1.0 + d)).max(1.0));
        prop_assert!(best.value >= height - 1e-9 * (height.abs() + 1.0), "{best:?} < {height} at {place}");
        prop_assert!(near(best.value, worth(best.spend), 1e-9));
        prop_assert!((best.spend - place).abs() <= 1e-4 * (1.0 / k + place), "{best:?} {place}");
        // The sum itself.
        let sum: f64 = (1..4000)
            .map(|t| best.rate.powi(t - 1) * (best.rate * m / (1.0 + d).powi(t) - best.spend * (1.0 + d).powf(1.0 - delay(at) - f64::from(t))))
            .sum();
        prop_assert!((best.value - sum).abs() <= 1e-9 * (m.abs() + 1.0) / d);
    }

    /// A curve goes through the point that it was made from, and its steepness is found again.
    #[test]
    fn calibration(c in 0.05_f64..=1.0, k in 1e-3_f64..1.0, spend in 0.1_f64..20.0) {
        let known = ResponseCurve::new(c, k).unwrap().rate(spend);
        let again = ResponseCurve::through(c, spend, known).unwrap();
        prop_assert!(near(again.rate(spend), known, 1e-12) && (again.k() / k - 1.0).abs() < 1e-6);
    }

    /// Elimination agrees with the sum over time, and with the chain cut at the same time.
    #[test]
    fn a_chain_is_its_sum(raw in prop::collection::vec(0.0_f64..1.0, 16), rewards in prop::collection::vec(-50.0_f64..50.0, 4), d in 0.02_f64..0.5, at in first(), horizon in 0_u32..30) {
        let transitions: Vec<Vec<f64>> = raw.chunks(4).map(|row| {
            let sum: f64 = row.iter().sum::<f64>().max(1e-9);
            let mut row: Vec<f64> = row.iter().map(|p| p / sum).collect();
            row[3] = (1.0 - row[0] - row[1] - row[2]).max(0.0);
            row
        }).collect();
        let chain = |horizon| migration_clv(Migration {
            states: ["a", "b", "c", "d"].map(String::from).to_vec(), transitions: transitions.clone(), rewards: rewards.clone(),
            discount_rate: d, horizon, first_payment: at,
        }).unwrap().values;
        // The distribution over states goes forward in time, from each start.
        let forward = |start: usize, steps: i32| {
            let mut here = vec![0.0; 4];
            here[start] = 1.0;
            let mut sum = 0.0;
            for t in 0..=steps {
                let paid: f64 = here.iter().zip(&rewards).map(|(p, r)| p * r).sum();
                sum += paid * (1.0 + d).powf(-(f64::from(t) + delay(at)));
                here = (0..4).map(|j| (0..4).map(|i| here[i] * transitions[i][j]).sum()).collect();
            }
            sum
        };
        let (forever, cut) = (chain(None), chain(Some(horizon)));
        for start in 0..4 {
            prop_assert!((forever[start] - forward(start, 3000)).abs() < 1e-9 / d);
            prop_assert!((cut[start] - forward(start, horizon as i32)).abs() < 1e-9);
        }
    }

    /// The recency model by back-substitution: V(k) is linear in V(1). Every stop is worked out, and the best is best.
    #[test]
    fn recency_by_recursion(p in prop::collection::vec(0.0_f64..=1.0, 1..8), nc in 0.0_f64..100.0, m in 0.0_f64..20.0, d in 0.01_f64..0.5, stop in 1_u32..9) {
        let n = p.len() as u32;
        let stop_at = stop.min(n + 1);
        let clv = recency_clv(Recency {
            probabilities: p.clone(), contribution: nc, mailing_cost: m, discount_rate: d, horizon: None,
            first_payment: FirstPayment::Start, stop_at,
        }).unwrap();
        let after_purchase = |stop: u32| {
            let (mut fixed, mut times) = (0.0, 0.0);
            for k in (1..stop).rev() {
                let buys = p[k as usize - 1];
                fixed = (1.0 - buys) * fixed / (1.0 + d) - m;
                times = (1.0 - buys) * times / (1.0 + d) + buys / (1.0 + d);
            }
            (nc + fixed) / (1.0 - times)
        };
        for stop in 1..=n + 1 {
            prop_assert!(near(clv.stops[stop as usize - 1], after_purchase(stop), 1e-10));
        }
        prop_assert_eq!(clv.value, clv.stops[stop_at as usize - 1]);
        prop_assert!(clv.stops.iter().all(|&other| other <= clv.stops[clv.best_stop as usize - 1]));
    }

    /// What can be worked out can be explained, in both languages, and no working holds an undefined number.
    #[test]
    fn every_working_is_defined(r in 0.0_f64..=1.0, d in 0.0_f64..0.5, n in 1_u32..20, at in first(), survive in any::<bool>(), now in any::<bool>()) {
        let timing = Timing { first_payment: at, survive_before_paying: survive };
        let curve = ResponseCurve::through(0.9, 3.0, 0.1).unwrap();
        for lang in [Lang::En, Lang::Zh] {
            let texts = [
                margin_multiple(r, d, Some(n), timing).unwrap().explain(lang),
                margin_multiples(&[r, 0.5], &[d], Some(n), timing).unwrap().explain(lang),
                required_retention(Requirement { margin: 10.0, discount_rate: d, target: 5.0 * r, acquisition_cost: 1.0, periods: Some(n), timing: Timing::IMMEDIATE }).unwrap().explain(lang),
                promotion_clv(Promotion { contribution: 9.0, promotion_cost: 2.0, retention: r, discount_rate: d, periods: Some(n), promotion_at: at, first_sale_now: now }).unwrap().explain(lang),
                referral_value(Referral { people_told: 3.0, conversion: r, would_have_bought: 0.2, value_per_referred: 9.0, saved_acquisition: 2.0, reward: 1.0, periods: n, discount_rate: d, first_payment: at }).unwrap().explain(lang),
                cohort_value(Cohort { customers: vec![9.0, 0.0, 3.0], margins: vec![2.0], discount_rate: d, first_payment: at, include_first: now, acquisition_cost: 1.0 }).unwrap().explain(lang),
                acquisition_budget(curve, 500.0 * r).unwrap().explain(lang),
                retention_budget(curve, 500.0 * r, d, at).unwrap().explain(lang),
                recency_clv(Recency { probabilities: vec![0.5 * r, 0.1], contribution: 9.0, mailing_cost: 1.0, discount_rate: d, horizon: now.then_some(n), first_payment: at, stop_at: 1 + n % 3 }).unwrap().explain(lang),
            ];
            for working in texts {
                let text = working.to_text();
                prop_assert!(!text.contains("undefined") && !text.contains("NaN") && text.contains('='), "{}", text);
            }
        }
    }
}
