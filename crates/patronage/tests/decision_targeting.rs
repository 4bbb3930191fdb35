//! Segments to decisions: budgets against all sets, test mailings against sums of products.

use patronage::decision::{Limit, Prior, Segment, Targeting, TestMailing, Verdict};
use patronage::math::Beta;
use patronage::watch::Unwatched;
use proptest::prelude::*;

#[test]
fn by_hand() {
    // Break-even 1.5 / 40 = 3/80, the rate of 3 among 80.
    let plan = Targeting::new([
        Segment::new("above", 100, 4, 40, "1.5"),
        Segment::new("even", 80, 3, 40, "1.5"),
        Segment::new("below", 100, 3, 40, "1.5").size(1_000),
    ])
    .solve(&Unwatched)
    .unwrap();
    let verdicts: Vec<Verdict> = plan.segments.iter().map(|s| s.verdict).collect();
    assert_eq!(verdicts, [Verdict::Contact, Verdict::Either, Verdict::Leave]);
    assert_eq!(plan.segments[2].profit.to_string(), "-300");
    assert_eq!((plan.profit.to_string(), plan.spent.to_string()), ("10".into(), "150".into()));
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<patronage::decision::TargetPlan>(&json).unwrap(), plan);
}

proptest! {
    #[test]
    fn budgets(
        rows in prop::collection::vec((1i64..200, 0i64..60, 1i64..6), 1..9),
        budget in 0i64..1_500,
    ) {
        let segment = |(i, (n, r, cost)): (usize, &(i64, i64, i64))| {
            Segment::new(format!("s{i}"), *n, *r.min(n), 20, *cost)
        };
        let targeting = Targeting::new(rows.iter().enumerate().map(segment));
        let plan = targeting.clone().limit(Limit::Budget(budget.into())).solve(&Unwatched).unwrap();
        let best = (0u32..1 << rows.len())
            .filter_map(|set| {
                let chosen = rows.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1);
                let (spent, profit) = chosen.fold((0, 0), |(spent, profit), (_, (n, r, cost))| {
                    (spent + n * cost, profit + 20 * r.min(n) - n * cost)
                });
                (spent <= budget).then_some(profit)
            })
            .max();
        prop_assert_eq!(plan.profit.to_string(), best.unwrap().to_string());
        let parts = targeting.divisible(true).limit(Limit::Budget(budget.into())).solve(&Unwatched).unwrap();
        prop_assert!(parts.profit.float >= plan.profit.float - 1e-9);
        prop_assert!(parts.spent.float <= budget as f64 + 1e-9);
    }

    /// The beta-binomial probabilities as products, as in the textbook.
    #[test]
    fn tests_of_few(a in 1u32..6, b in 1u32..30, m in 1u32..12, cost in 0.1f64..15.0) {
        let (a, b) = (f64::from(a), f64::from(b));
        let rise = |x: f64, k: u32| (0..k).map(|i| x + f64::from(i)).product::<f64>();
        let choose = |k: u32| (0..k).fold(1.0, |c, i| c * f64::from(m - i) / f64::from(i + 1));
        let informed: f64 = (0..=m)
            .map(|x| {
                let p = choose(x) * rise(a, x) * rise(b, m - x) / rise(a + b, m);
                p * (20.0 * (a + f64::from(x)) / (a + b + f64::from(m)) - cost).max(0.0)
            })
            .sum();
        let alone = (20.0 * a / (a + b) - cost).max(0.0);
        let test =
            TestMailing::new(Beta { a, b }, 100, [20.0, cost, cost], &[u64::from(m)], &Unwatched).unwrap();
        let found = test.tests[0];
        prop_assert!((found.evsi - 100.0 * (informed - alone)).abs() < 1e-9);
        prop_assert!(found.evsi <= test.evpi + 1e-9);
        let tested = f64::from(m);
        let value = tested * (20.0 * a / (a + b) - cost) + (100.0 - tested) * informed;
        prop_assert!((found.value - value).abs() < 1e-9);
        prop_assert!((found.net_gain - (value - 100.0 * alone)).abs() < 1e-9);
    }
}

#[test]
fn what_cannot_be() {
    let one = |n: i64, r: i64| Targeting::new([Segment::new("a", n, r, 40, 1)]);
    for (targeting, message) in [
        (one(3, 4), "more responders"),
        (one(0, 0), "nobody was contacted"),
        (one(-1, 0), "no counts"),
        (Targeting::new([]), "not enough data"),
        (Targeting::new([Segment::new("a", 9, 1, f64::NAN, 1)]), "margin"),
        (Targeting::new([Segment::new("a", 9, 1, 40, -1)]), "cost"),
        (one(9, 1).prior(Prior::Beta(0.into(), 1.into())), "prior"),
        (one(9, 1).prior(Prior::Pooled), "at least two segments"),
        (one(9, 1).limit(Limit::Capacity(f64::INFINITY.into())), "capacity"),
        (one(9, 1).level(1.0), "level"),
    ] {
        let error = targeting.solve(&Unwatched).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
