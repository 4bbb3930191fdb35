//! The customer pyramid against brute force, against values worked out by hand, and by law.

use patronage::segmentation::{Concentration, Negative, Pyramid, PyramidInput, PyramidTiers, Tiers};
use patronage::transactions::Labels;
use patronage::watch::Unwatched;
use patronage::{Lang, Result};
use proptest::prelude::*;

fn run(preset: &str, negative: Negative, values: &[f64]) -> Result<PyramidTiers> {
    let customers = Labels::Ints((0..values.len() as i64).collect());
    let input = PyramidInput { customers: &customers, values, by: "monetary" };
    Pyramid::new(Tiers::named(preset)?).negative(negative).run(&input, &Unwatched)
}

fn grade(preset: &str, values: &[f64]) -> Result<PyramidTiers> {
    run(preset, Negative::Error, values)
}

/// A hundred customers worth 100, 99 … 1: 5,050 in all.
fn hundred() -> Vec<f64> {
    (0..100).map(|i| f64::from(100 - (i * 37) % 100)).collect()
}

#[test]
fn the_course_texts_grades() {
    let pyramid = grade("textbook", &hundred()).unwrap();
    let summary = pyramid.summary().unwrap();
    let names: Vec<&str> = summary.iter().map(|line| line.group.label.get(Lang::Zh)).collect();
    assert_eq!(names, ["重要客户", "次要客户", "普通客户", "小客户"]);
    let sizes: Vec<u64> = summary.iter().map(|line| line.group.customers).collect();
    assert_eq!(sizes, [1, 19, 30, 50]);
    // 100; 81 … 99; 51 … 80; 1 … 50
    let values: Vec<f64> = summary.iter().filter_map(|line| line.group.value).collect();
    assert_eq!(values, [100.0, 1710.0, 1965.0, 1275.0]);
    assert_eq!(summary[0].group.share_of_value, Some(100.0 / 5050.0));
    let smallest: Vec<f64> = summary.iter().filter_map(|line| line.smallest).collect();
    assert_eq!(smallest, [100.0, 81.0, 51.0, 1.0]);
    assert_eq!(pyramid.tier(0).unwrap().en, "Important");
}

#[test]
fn equals_stand_in_the_tier_of_the_first() {
    // 20 % of five is one customer, and three share the top value.
    let pyramid = grade("gold_iron", &[7.0, 1.0, 7.0, 7.0, 2.0]).unwrap();
    assert_eq!(pyramid.tier_codes(), [0, 1, 0, 0, 1]);
    assert_eq!(pyramid.summary().unwrap()[0].end, 1);
    let one = grade("curry", &[3.0]).unwrap();
    assert_eq!(one.tier_codes(), [0]);
    assert_eq!(one.summary().unwrap()[3].smallest, None);
    assert!(grade("curry", &[]).unwrap().summary().unwrap()[0].group.share_of_value.is_none());
}

#[test]
fn values_below_zero_need_a_word() {
    let values = [10.0, -4.0, 2.0, -1.0, 3.0];
    let error = grade("gold_iron", &values).unwrap_err().to_string();
    assert!(error.contains("below zero") && error.contains("2 row(s), first at row 1"), "{error}");
    let kept = run("gold_iron", Negative::Keep, &values).unwrap();
    assert_eq!(kept.tier_codes(), [0, 1, 1, 1, 1]);
    assert_eq!(kept.summary().unwrap()[0].group.share_of_value, Some(1.0)); // 10 of 10
    let loss = run("gold_iron", Negative::Keep, &[1.0, -5.0]).unwrap();
    assert_eq!(loss.summary().unwrap()[0].group.share_of_value, None);
    for bad in [f64::NAN, f64::INFINITY, 1e16] {
        assert!(run("curry", Negative::Keep, &[1.0, bad]).is_err());
    }
}

#[test]
fn the_working_shows_the_boundaries() {
    let pyramid = grade("textbook", &hundred()).unwrap();
    let english = pyramid.explain(0, Lang::En).unwrap().to_text();
    assert!(english.contains("Important = ceil(0.01 × 100) = 1"), "{english}");
    assert!(english.contains("Rank 1 lies in “Important”."), "{english}");
    let chinese = pyramid.explain(1, Lang::Zh).unwrap().to_text();
    assert!(chinese.contains("普通客户 = ceil(0.5 × 100) = 50"), "{chinese}");
    assert!(pyramid.explain(100, Lang::En).is_err());
}

proptest! {
    /// The tier of a customer is the first whose end is at least 1 + the number of better customers.
    #[test]
    fn tiers_by_counting(values in prop::collection::vec(0u32..40, 1..80), which in 0usize..3) {
        let percents: [&[usize]; 3] = [&[1, 5, 20, 100], &[1, 20, 50, 100], &[20, 100]];
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let pyramid = grade(Tiers::NAMES[which], &values).unwrap();
        for (row, value) in values.iter().enumerate() {
            let rank = 1 + values.iter().filter(|&other| other > value).count();
            let expected = percents[which].iter().position(|p| rank * 100 < p * values.len() + 100).unwrap();
            prop_assert_eq!(usize::from(pyramid.tier_codes()[row]), expected);
        }
        let summary = pyramid.summary().unwrap();
        let customers: u64 = summary.iter().map(|line| line.group.customers).sum();
        prop_assert_eq!(customers, values.len() as u64);
        if values.iter().any(|&value| value > 0.0) {
            let shares: f64 = summary.iter().filter_map(|line| line.group.share_of_value).sum();
            prop_assert!((shares - 1.0).abs() < 1e-12);
        }
        let json = serde_json::to_string(&pyramid).unwrap();
        prop_assert_eq!(serde_json::from_str::<PyramidTiers>(&json).unwrap(), pyramid);
    }

    /// Without ties a tier holds what the Lorenz curve says.
    #[test]
    fn tiers_and_lorenz_agree(n in 1u32..300) {
        let values: Vec<f64> = (1..=n).map(|i| f64::from(i * i)).collect();
        let top = &grade("curry", &values).unwrap().summary().unwrap()[0];
        let spread = Concentration::new(&values, &Unwatched).unwrap();
        let expected = spread.share_of_top(top.group.customers as usize);
        prop_assert!((top.group.share_of_value.unwrap() - expected).abs() < 1e-12);
    }
}
