//! Textbook lifetime values against the answers in print, or worked out by hand.

#![allow(clippy::unwrap_used)]

use patronage::clv::{
    Cohort, FirstPayment, LostCustomer, Migration, Potential, Requirement, ResponseCurve, Retention, Segment,
    Timing, acquisition_budget, cohort_value, customer_equity, lost_customer_value, migration_clv,
    required_retention, retention_budget, retention_clv, simple_clv,
};
use patronage::{Error, Lang};

fn retention(margin: f64, retention: f64, discount_rate: f64, timing: Timing) -> Retention {
    Retention { margin, retention, discount_rate, periods: None, timing, acquisition_cost: 0.0 }
}

#[track_caller]
fn near(found: f64, expected: f64, decimals: i32) {
    assert!((found - expected).abs() <= 0.5 * 10_f64.powi(-decimals) * 1.000_001, "{found} ≠ {expected}");
}

/// Tom Peters (1987), "The customer as appreciating asset": a courier's customer spends 1,500 a month for ten years;
/// a grocer's 100 a week; word of mouth doubles a restaurant's 75,000.
#[test]
fn the_appreciating_asset() {
    let courier = simple_clv(1500.0, 12.0 * 10.0, 1.0, 1.0).unwrap();
    assert_eq!((courier.own_value, courier.referral_value, courier.value), (180_000.0, 180_000.0, 360_000.0));
    assert_eq!(simple_clv(1500.0, 120.0, 1.0, 0.0).unwrap().value, 180_000.0);
    assert_eq!(simple_clv(100.0, 52.0 * 10.0, 1.0, 0.0).unwrap().value, 52_000.0);
    assert_eq!(simple_clv(75_000.0, 1.0, 1.0, 1.0).unwrap().value, 150_000.0);
    assert_eq!(simple_clv(1500.0, 120.0, 0.2, 0.0).unwrap().value, 36_000.0);
}

/// An exercise of Farris and others, *Marketing Metrics*: an internet provider at 19.95 less 0.50 less 0.50, 78.8 %
/// retained a month, 1 % a month: 67.2639.
#[test]
fn net_4_you() {
    let value = retention_clv(retention(18.95, 0.788, 0.01, Timing::END_IF_RETAINED)).unwrap().value;
    near(value, 67.2639, 3);
    assert!((value / (18.95 * 0.788 / 0.222) - 1.0).abs() < 1e-14);
}

/// The same book's other provider: 19.95 less 1.50 less 0.50, 99.5 % retained: 1,191; halving the marketing and
/// keeping 99 %: 901.
#[test]
fn marketing_metrics() {
    let value = |margin, r, timing| retention_clv(retention(margin, r, 0.01, timing)).unwrap().value;
    near(value(17.95, 0.995, Timing::END_IF_RETAINED), 1191.0, 0);
    near(value(17.95, 0.995, Timing::END_IF_RETAINED), 1190.6833, 4);
    near(value(17.95, 0.995, Timing::IMMEDIATE), 1208.6333, 4);
    near(value(18.20, 0.99, Timing::END_IF_RETAINED), 900.90, 2);
}

/// A mail-order exercise: margin 150 a year, 55 % retained, 10 %, acquisition 100: two right answers by timing.
#[test]
fn two_timings_two_answers() {
    let value = |timing| {
        retention_clv(Retention { acquisition_cost: 100.0, ..retention(150.0, 0.55, 0.1, timing) })
            .unwrap()
            .value
    };
    near(value(Timing::END_IF_RETAINED), 50.0, 12);
    near(value(Timing::IMMEDIATE), 200.0, 12);
}

/// A gift shop's exercise: 250 a year for four years, half retained, 8 %, acquisition 25: three right answers.
#[test]
fn three_timings_three_answers() {
    let value = |timing| {
        let inputs = retention(250.0, 0.5, 0.08, timing);
        retention_clv(Retention { periods: Some(4), acquisition_cost: 25.0, ..inputs }).unwrap().value
    };
    near(value(Timing::END_CERTAIN), 386.233_031_982_854_2, 10);
    near(value(Timing::IMMEDIATE), 419.131_674_541_482_5, 10);
    near(value(Timing::END_IF_RETAINED), 180.616_515_991_427_1, 10);
}

/// Berger and Nasr (1998), case 1: margin 260 at once and at the end of ten years, promotion 50 in the middle of each
/// year, 75 % retained, 20 %: 568.78.
#[test]
fn berger_and_nasr() {
    let finite = |margin, n, timing| {
        retention_clv(Retention { periods: Some(n), ..retention(margin, 0.75, 0.2, timing) }).unwrap().value
    };
    let promotions = Timing { first_payment: FirstPayment::Middle, survive_before_paying: false };
    near(finite(260.0, 11, Timing::IMMEDIATE) - finite(50.0, 10, promotions), 568.78, 2);
}

/// Gupta and Lehmann's margin multiple r/(1+d−r), the row of 10 %.
#[test]
fn margin_multiple() {
    for (r, multiple) in [(0.6, 1.20), (0.7, 1.75), (0.8, 2.67), (0.9, 4.50)] {
        near(retention_clv(retention(1.0, r, 0.1, Timing::END_IF_RETAINED)).unwrap().value, multiple, 2);
    }
}

#[test]
fn equity_by_hand() {
    let segment = |name: &str, customers, acquisition_cost, joins_after| Segment {
        name: name.into(),
        customers,
        historical: if joins_after == 0 { 500.0 } else { 0.0 },
        current: 100.0,
        potential: Potential { cross_selling: 10.0, up_selling: 5.0, referrals: 5.0 },
        retention: 0.5,
        acquisition_cost,
        joins_after,
    };
    let segments = [segment("regulars", 10.0, 0.0, 0), segment("next year's", 20.0, 30.0, 1)];
    let equity = customer_equity(&segments, 0.25, 3, Timing::IMMEDIATE).unwrap();
    // Regulars: 1 + 0.5/1.25 + 0.25/1.5625 = 1.56; those who join: (1 + 0.5/1.25)/1.25 = 1.12.
    near(equity.segments[0].current, 10.0 * 100.0 * 1.56, 9);
    near(equity.segments[1].current, 20.0 * 100.0 * 1.12, 9);
    near(equity.segments[1].acquisition, 20.0 * 30.0 * 0.8, 9);
    near(equity.total.potential, 0.2 * (1560.0 + 2240.0), 9);
    near(equity.total.equity, 1.2 * (1560.0 + 2240.0) - 480.0, 9);
    assert_eq!(equity.total.historical, 5000.0);
    assert!(
        customer_equity(&segments, 0.25, 1, Timing::IMMEDIATE)
            .unwrap_err()
            .to_string()
            .contains("joins_after")
    );
    assert!(customer_equity(&[], 0.25, 1, Timing::IMMEDIATE).is_err());
}

fn lost() -> LostCustomer {
    LostCustomer {
        yearly_spend: 5_000.0,
        margin: 0.2,
        remaining_years: 3,
        discount_rate: 0.25,
        first_payment: FirstPayment::End,
        people_told: 10.0,
        share_lost: 0.5,
        yearly_spend_of_told: 1_000.0,
    }
}

#[test]
fn lost_customer_by_hand() {
    let value = lost_customer_value(lost()).unwrap();
    // 0.8 + 0.64 + 0.512.
    near(value.annuity, 1.952, 12);
    near(value.own_value, 1_952.0, 9);
    near(value.told_value, 1_952.0, 9);
    near(value.value, 3_904.0, 9);
}

#[test]
fn impossible_inputs_are_refused() {
    let refused = |inputs| retention_clv(inputs).unwrap_err().to_string();
    let good = retention(1.0, 0.5, 0.1, Timing::IMMEDIATE);
    assert!(refused(Retention { retention: 1.1, ..good }).contains("retention = 1.1"));
    assert!(refused(Retention { retention: 1.0, discount_rate: 0.0, ..good }).contains("infinite"));
    assert!(refused(Retention { margin: f64::NAN, ..good }).contains("margin"));
    assert!(refused(Retention { discount_rate: -0.1, ..good }).contains("discount_rate"));
    assert!(refused(Retention { periods: Some(0), ..good }).contains("periods"));
    assert!(refused(Retention { acquisition_cost: -1.0, ..good }).contains("acquisition_cost"));
    assert!(simple_clv(f64::INFINITY, 1.0, 1.0, 0.0).unwrap_err().to_string().contains("revenue_per_period"));
    assert!(simple_clv(1.0, -1.0, 1.0, 0.0).is_err() && simple_clv(1.0, 1.0, 1.0, -1.0).is_err());
    assert!(
        lost_customer_value(LostCustomer { margin: 20.0, ..lost() })
            .unwrap_err()
            .to_string()
            .contains("margin")
    );
    assert!(lost_customer_value(LostCustomer { remaining_years: 0, ..lost() }).is_err());
}

/// The working is the textbook's: formula, numbers, value, meaning; and it says which timing was used.
#[test]
fn the_working_is_shown() {
    let courier = simple_clv(1500.0, 120.0, 1.0, 1.0).unwrap();
    let text = courier.explain(Lang::En).to_text();
    assert!(text.contains("value = revenue per period × periods = 1,500 × 120 = 180,000\n"), "{text}");
    assert!(
        text.contains("value of those referred = value × referred customers = 180,000 × 1 = 180,000\n"),
        "{text}"
    );
    assert!(text.contains("together = 180,000 + 180,000 = 360,000"), "{text}");
    assert!(courier.explain(Lang::Zh).to_text().contains("价值 = 每期收入 × 期数 = 1,500 × 120 = 180,000"));
    let own = simple_clv(1500.0, 120.0, 1.0, 0.0).unwrap().explain(Lang::Zh).to_text();
    assert!(!own.contains("口碑"), "{own}");

    let inputs = Retention { acquisition_cost: 100.0, ..retention(150.0, 0.55, 0.1, Timing::IMMEDIATE) };
    let text = retention_clv(inputs).unwrap().explain(Lang::En).to_text();
    assert!(
        text.contains("CLV = m × (1 + d) / (1 + d − r) = 150 × (1 + 0.1) / (1 + 0.1 − 0.55) = 300"),
        "{text}"
    );
    assert!(text.contains("at the start of each period, the first at once"), "{text}");
    let inputs = Retention { periods: Some(4), timing: Timing::END_IF_RETAINED, ..inputs };
    let text = retention_clv(inputs).unwrap().explain(Lang::Zh).to_text();
    assert!(text.contains("m × r × (1 − (r / (1 + d))^n) / (1 + d − r)"), "{text}");
    assert!(text.contains("每期期末付款"), "{text}");

    let text = lost_customer_value(lost()).unwrap().explain(Lang::En).to_text();
    assert!(text.contains("= 5,000 × 0.2 × 1.952 = 1,952"), "{text}");
    assert!(text.contains("= 10 × 0.5 × 1,000 × 0.2 × 1.952 = 1,952"), "{text}");
}

fn cohort() -> Cohort {
    Cohort {
        customers: vec![100.0, 50.0, 25.0],
        margins: vec![10.0],
        discount_rate: 0.25,
        first_payment: FirstPayment::End,
        include_first: true,
        acquisition_cost: 11.2,
    }
}

/// 100 × 10/1.25 + 50 × 10/1.5625 + 25 × 10/1.953125 = 800 + 320 + 128: broken even exactly in period 1.
#[test]
fn a_cohort_by_hand() {
    let value = cohort_value(cohort()).unwrap();
    let running: Vec<f64> = value.rows.iter().map(|row| row.running_total).collect();
    assert_eq!(running, [800.0, 1120.0, 1248.0]);
    near(value.value, 12.48 - 11.2, 9);
    assert_eq!(value.break_even, Some(1));
    let text = value.explain(Lang::En).to_text();
    assert!(text.contains("= 1,248 / 100 = 12.48"), "{text}");
    assert!(text.contains("at the end of its period") && text.contains("By period 1"), "{text}");
    let never = cohort_value(Cohort { acquisition_cost: 12.5, ..cohort() }).unwrap();
    assert_eq!(never.break_even, None);
    let first = cohort_value(Cohort { include_first: false, acquisition_cost: 0.0, ..cohort() }).unwrap();
    near(first.value, 4.48, 9);
}

#[test]
fn impossible_cohorts_chains_and_budgets_are_refused() {
    let says = |found: Result<(), Error>, what: &str| {
        let message = found.unwrap_err().to_string();
        assert!(message.contains(what), "{message}");
    };
    let of = |inputs| cohort_value(inputs).map(|_| ());
    says(of(Cohort { customers: vec![], ..cohort() }), "customers = none");
    says(of(Cohort { customers: vec![3.0, f64::NAN, -1.0], ..cohort() }), "2 row(s), first at row 1");
    says(of(Cohort { customers: vec![3.0, 4.0], ..cohort() }), "more customers than were acquired");
    says(of(Cohort { margins: vec![1.0, 2.0], ..cohort() }), "'margin' has 2 rows");
    says(of(Cohort { margins: vec![f64::MAX], customers: vec![1e9], ..cohort() }), "too large");

    let chain = |transitions: &[&[f64]], rewards: &[f64], discount_rate| {
        migration_clv(Migration {
            states: (0..rewards.len()).map(|i| format!("s{i}")).collect(),
            transitions: transitions.iter().map(|row| row.to_vec()).collect(),
            rewards: rewards.to_vec(),
            discount_rate,
            horizon: None,
            first_payment: FirstPayment::Start,
        })
        .map(|_| ())
    };
    says(chain(&[], &[], 0.1), "states = none");
    says(chain(&[&[0.5, 0.4], &[0.0, 1.0]], &[1.0, 1.0], 0.1), "sum to 0.9");
    says(chain(&[&[1.0], &[1.0]], &[1.0, 1.0], 0.1), "'transitions' has 1 rows where 2");
    says(chain(&[&[0.5, 0.5], &[0.0, 1.0]], &[0.0, 1.0], 0.0), "rewards never end from state 's0'");

    // The rate that this takes is 1 to the last bit, where a discount rate as small as this gives no finite value.
    let timing = Timing::END_IF_RETAINED;
    let (margin, discount_rate, target) = (100.0, 1e-320, 1e300);
    let needed = Requirement { margin, discount_rate, target, acquisition_cost: 0.0, periods: None, timing };
    says(required_retention(needed).map(|_| ()), "too large");

    says(ResponseCurve::new(1.5, 1.0).map(|_| ()), "ceiling");
    says(ResponseCurve::new(0.5, f64::NAN).map(|_| ()), "k = NaN");
    says(ResponseCurve::through(0.5, 1.0, 0.5).map(|_| ()), "known_rate");
    let curve = ResponseCurve::new(0.5, 1.0).unwrap();
    says(acquisition_budget(curve, f64::INFINITY).map(|_| ()), "customer_value");
    says(retention_budget(curve, 1.0, -0.1, FirstPayment::End).map(|_| ()), "discount_rate");
}

/// Nothing is discounted and money can keep everybody: R* = m − 1/k, by hand from d/dR (m − R) e^(kR) = 0.
#[test]
fn a_ceiling_of_one_without_discounting() {
    let curve = ResponseCurve::new(1.0, 0.5).unwrap();
    let best = retention_budget(curve, 10.0, 0.0, FirstPayment::End).unwrap();
    near(best.spend, 8.0, 12);
    near(best.value, 2.0 * 4.0_f64.exp() - 10.0, 9);
    assert!(best.points(100).iter().all(|point| point.value <= best.value));
}
