//! Every textbook case of the shared reference, each with its source there, against our answers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_lines)]

mod common;

use patronage::clv::{
    Cohort, FirstPayment, Promotion, Recency, Referral, Requirement, ResponseCurve, Retention, Timing,
    acquisition_budget, cohort_value, margin_multiples, promotion_clv, recency_clv, referral_value,
    required_retention, retention_clv, simple_clv,
};
use serde_json::Value;

/// A number of the case's inputs.
fn input(case: &Value, name: &str) -> f64 {
    case["inputs"][name].as_f64().unwrap_or_else(|| panic!("no {name} in {case}"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn retention(case: &Value, margin: f64, timing: Timing) -> Retention {
    let (retention, discount_rate) = (input(case, "r"), input(case, "d"));
    Retention { margin, retention, discount_rate, periods: None, timing, acquisition_cost: 0.0 }
}

fn recency(case: &Value, horizon: Option<u32>, stop_at: u32) -> Vec<f64> {
    let inputs = Recency {
        probabilities: numbers(&case["inputs"]["p"]),
        contribution: input(case, "NC"),
        mailing_cost: input(case, "M"),
        discount_rate: input(case, "d"),
        horizon,
        first_payment: FirstPayment::Start,
        stop_at,
    };
    recency_clv(inputs).unwrap().migration.values
}

/// Ours and theirs, in the same order, and how near they must be: 1e−12, or the digits that are given.
fn answers(case: &Value, forever: &Value) -> (Vec<f64>, Vec<f64>, f64) {
    let value = || vec![case["value"].as_f64().unwrap()];
    let worth = |inputs: Retention| vec![retention_clv(inputs).unwrap().value];
    match case["id"].as_str().unwrap() {
        // Peters (1987), "The customer as appreciating asset".
        "fedex-peters" => {
            let periods = input(case, "months") * input(case, "years");
            (vec![simple_clv(input(case, "per_month"), periods, 1.0, 0.0).unwrap().value], value(), 0.0)
        }
        id @ ("fedex-peters-referral" | "restaurant-peters") => {
            let base = input(case, "base");
            let name = if id == "restaurant-peters" { "referred" } else { "referred_lifelong_customers" };
            let told = referral_value(Referral {
                people_told: input(case, name),
                conversion: 1.0,
                would_have_bought: 0.0,
                value_per_referred: base,
                saved_acquisition: 0.0,
                reward: 0.0,
                periods: 1,
                discount_rate: 0.0,
                first_payment: FirstPayment::Start,
            });
            let simple = simple_clv(base, 1.0, 1.0, input(case, name)).unwrap().value;
            (vec![base + told.unwrap().value, simple], [value(), value()].concat(), 0.0)
        }
        "stew-leonard" => {
            let periods = input(case, "weeks") * input(case, "years");
            (vec![simple_clv(input(case, "per_week"), periods, 1.0, 0.0).unwrap().value], value(), 0.0)
        }
        // Farris and others, Marketing Metrics.
        "net-4-you" => {
            let margin = input(case, "price") - input(case, "variable_cost") - input(case, "loyalty");
            (worth(retention(case, margin, Timing::END_IF_RETAINED)), value(), 1e-12)
        }
        "net-4-you-b" => {
            let needed = required_retention(Requirement {
                margin: input(case, "margin"),
                discount_rate: input(case, "d"),
                target: input(case, "target"),
                acquisition_cost: 0.0,
                periods: None,
                timing: Timing::END_IF_RETAINED,
            });
            (vec![needed.unwrap().value], value(), 1e-12)
        }
        "isp-marketing-metrics" => {
            let margin = input(case, "price") - input(case, "variable_cost") - input(case, "marketing");
            (worth(retention(case, margin, Timing::END_IF_RETAINED)), value(), 1e-12)
        }
        "isp-marketing-metrics-immediate" => {
            (worth(retention(case, input(case, "margin"), Timing::IMMEDIATE)), value(), 1e-12)
        }
        "isp-marketing-metrics-halved" => {
            (worth(retention(case, input(case, "margin"), Timing::END_IF_RETAINED)), value(), 1e-12)
        }
        // Exercises on question pages.
        "llbean" => {
            let of = |timing| {
                let inputs = retention(case, input(case, "margin"), timing);
                retention_clv(Retention { acquisition_cost: input(case, "acquisition"), ..inputs })
                    .unwrap()
                    .value
            };
            let theirs = ["value_end_of_period", "value_immediate"].map(|name| case[name].as_f64().unwrap());
            (vec![of(Timing::END_IF_RETAINED), of(Timing::IMMEDIATE)], theirs.to_vec(), 1e-12)
        }
        "ggg-4-year" => {
            let of = |timing| {
                let periods = Some(input(case, "years") as u32);
                let inputs = retention(case, input(case, "cash"), timing);
                let acquisition_cost = input(case, "acquisition");
                retention_clv(Retention { acquisition_cost, periods, ..inputs }).unwrap().value
            };
            let names = [
                "value_survive_t_minus_1_discount_t",
                "value_survive_t_minus_1_discount_t_minus_1",
                "value_survive_t_discount_t",
            ];
            let ours = [Timing::END_CERTAIN, Timing::IMMEDIATE, Timing::END_IF_RETAINED].map(of);
            (ours.to_vec(), names.map(|name| case[name].as_f64().unwrap()).to_vec(), 1e-12)
        }
        // Berger and Nasr (1998), case 1.
        "berger-nasr-case1" => {
            let clv = promotion_clv(Promotion {
                contribution: input(case, "GC"),
                promotion_cost: input(case, "M"),
                retention: input(case, "r"),
                discount_rate: input(case, "d"),
                periods: Some(input(case, "n") as u32),
                promotion_at: FirstPayment::Middle,
                first_sale_now: true,
            });
            (vec![clv.unwrap().value], value(), 1e-12)
        }
        // Pfeifer and Carraway (2000); the stops were computed for the same customers, in eight decimals.
        "pfeifer-carraway-T4" => {
            (recency(case, Some(input(case, "T") as u32), 5), numbers(&case["value"]), 1e-8)
        }
        "pfeifer-carraway-infinite" => (recency(case, None, 5), numbers(&case["value"]), 1e-8),
        "pfeifer-carraway-stop-at-4" => (recency(forever, None, 4), numbers(&case["value"]), 1e-8),
        "pfeifer-carraway-stop-at-3" => (recency(forever, None, 3), numbers(&case["value"]), 1e-8),
        // Gupta and Lehmann, Managing Customers as Investments.
        "margin-multiple" => {
            let (r, d) = (numbers(&case["r"]), numbers(&case["d"]));
            let table = margin_multiples(&r, &d, None, Timing::END_IF_RETAINED).unwrap();
            let theirs = case["value"].as_array().unwrap().iter().flat_map(numbers).collect();
            (table.values.concat(), theirs, 1e-10)
        }
        // Blattberg and Deighton (1996), an example made for their curve.
        "blattberg-deighton-constructed" => {
            let curve = ResponseCurve::new(input(case, "ceiling"), input(case, "k")).unwrap();
            let best = acquisition_budget(curve, input(case, "clv")).unwrap();
            let theirs =
                ["A_star", "rate", "net_per_prospect"].map(|name| case["value"][name].as_f64().unwrap());
            (vec![best.spend, best.rate, best.value], theirs.to_vec(), 1e-12)
        }
        // Fader and Hardie (2014), note 032: the counts.
        "cohort-sbg-regular" => {
            let of = |include_first| {
                let inputs = Cohort {
                    customers: numbers(&case["inputs"]["alive"]),
                    margins: vec![input(case, "margin")],
                    discount_rate: input(case, "d"),
                    first_payment: FirstPayment::Start,
                    include_first,
                    acquisition_cost: 0.0,
                };
                cohort_value(inputs).unwrap().value
            };
            let theirs = ["value_incl_year0", "value_excl_year0"].map(|name| case[name].as_f64().unwrap());
            (vec![of(true), of(false)], theirs.to_vec(), 1e-12)
        }
        id => panic!("the case '{id}' is not tested"),
    }
}

#[test]
fn every_case() {
    let Some(path) = common::shared("reference/clv.json") else { return };
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = reference["textbook"].as_array().unwrap();
    assert_eq!(cases.len(), 19);
    let forever = cases.iter().find(|case| case["id"] == "pfeifer-carraway-infinite").unwrap();
    for case in cases {
        let (ours, theirs, near) = answers(case, forever);
        assert_eq!(ours.len(), theirs.len(), "{case}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!(
                (ours - theirs).abs() <= near * theirs.abs().max(1.0),
                "{}: {ours} ≠ {theirs}",
                case["id"]
            );
        }
    }
}
