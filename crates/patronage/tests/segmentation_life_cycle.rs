//! Life-cycle status at and beside each threshold.

use patronage::segmentation::Status::{Active, AtRisk, Dormant, Lost, New};
use patronage::segmentation::{LifeCycle, LifeCycleInput, LifeCycleStatus};
use patronage::transactions::Labels;
use patronage::watch::Unwatched;
use patronage::{Lang, Result};

fn run(rule: &LifeCycle, recency: &[f64], tenure: Option<&[f64]>) -> Result<LifeCycleStatus> {
    let customers = Labels::Ints((0..recency.len() as i64).collect());
    rule.run(&LifeCycleInput { customers: &customers, recency, tenure, monetary: Some(recency) }, &Unwatched)
}

#[test]
fn one_year_without_a_transaction() {
    let result = run(&LifeCycle::one_year_rule(), &[0.0, 364.0, 365.0, 366.0, 1000.0], None).unwrap();
    let labels: Vec<String> =
        result.statuses().iter().map(|status| status.label().get(Lang::Zh).to_owned()).collect();
    assert_eq!(labels, ["继续往来客户", "继续往来客户", "继续往来客户", "流失客户", "流失客户"]);
    let summary = result.summary().unwrap();
    assert_eq!(summary.iter().map(|group| group.customers).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(summary[1].share_of_customers, Some(0.4));
    assert_eq!(summary[1].value, Some(1366.0));
}

#[test]
fn stages_at_their_thresholds() {
    let recency = [30.0, 31.0, 90.0, 91.0, 180.0, 181.0, 365.0, 366.0];
    let tenure = [30.0, 31.0, 400.0, 400.0, 400.0, 400.0, 400.0, 400.0];
    let result = run(&LifeCycle::stages(), &recency, Some(&tenure)).unwrap();
    assert_eq!(result.statuses(), [New, Active, Active, AtRisk, AtRisk, Dormant, Dormant, Lost]);
    let without = run(&LifeCycle::stages().new_within(None), &recency, None).unwrap();
    assert_eq!(without.statuses()[0], Active);
    assert_eq!(without.summary().unwrap().len(), 4);
    let json = serde_json::to_string(&result).unwrap();
    assert_eq!(serde_json::from_str::<LifeCycleStatus>(&json).unwrap(), result);
}

#[test]
fn thresholds_ascend() {
    for rule in [
        LifeCycle::stages().lost_after(180.0),
        LifeCycle::stages().active_within(180.0),
        LifeCycle::stages().new_within(Some(91.0)),
        LifeCycle::stages().new_within(Some(0.0)),
        LifeCycle::one_year_rule().lost_after(f64::NAN),
        LifeCycle::one_year_rule().lost_after(-1.0),
    ] {
        let error = run(&rule, &[1.0], Some(&[1.0])).unwrap_err().to_string();
        assert!(error.contains("expected"), "{error}");
    }
}

#[test]
fn bad_input() {
    let refused = |recency: &[f64], tenure: Option<&[f64]>, part: &str| {
        let error = run(&LifeCycle::stages(), recency, tenure).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    refused(&[1.0], None, "column 'tenure' is needed");
    refused(
        &[5.0, 9.0],
        Some(&[5.0, 8.0]),
        "the first purchase comes after the last in 1 row(s), first at row 1",
    );
    refused(&[f64::NAN], Some(&[5.0]), "column 'recency'");
    refused(&[-1.0], Some(&[5.0]), "column 'recency'");
    assert!(run(&LifeCycle::stages(), &[], Some(&[])).unwrap().statuses().is_empty());
}

#[test]
fn the_working_points_at_the_threshold() {
    let result = run(&LifeCycle::one_year_rule(), &[400.0], None).unwrap();
    let english = result.explain(0, Lang::En).unwrap().to_text();
    assert!(english.contains("last purchase more than 365 days ago  ←"), "{english}");
    let chinese = result.explain(0, Lang::Zh).unwrap().to_text();
    assert!(chinese.contains("超过 365 天无交易行为"), "{chinese}");
}
