//! The course texts' examples: every number worked out by hand, as exact fractions where they are fractions.

use patronage::association::{Kind, Measure, Mine};
use patronage::decision::{DecisionTable, Exact, Number, Sense, Value, chance, decide, pay};
use patronage::segmentation::{LifeCycle, LifeCycleInput, Pyramid, PyramidInput, Tiers};
use patronage::textbook::{CourierCustomer, SouthernHospital, Supermarket, grades};
use patronage::transactions::Labels;
use patronage::watch::Unwatched;
use patronage::{Lang, Result};

const LANGS: [Lang; 2] = [Lang::En, Lang::Zh];

/// Support, confidence, lift, leverage, conviction of R1 to R6; without a conviction it is infinite.
const RULES: [(&str, &str, [&str; 5]); 6] = [
    ("beer", "diapers", ["3/5", "3/4", "15/16", "-1/25", "4/5"]),
    ("diapers", "beer", ["3/5", "3/4", "15/16", "-1/25", "4/5"]),
    ("milk", "beer", ["2/5", "1", "5/4", "2/25", "∞"]),
    ("beer", "milk", ["2/5", "1/2", "5/4", "2/25", "6/5"]),
    ("diapers", "baby powder", ["2/5", "1/2", "5/4", "2/25", "6/5"]),
    ("baby powder", "diapers", ["2/5", "1", "5/4", "2/25", "∞"]),
];

#[test]
fn six_rules_as_fractions() {
    let list = Supermarket::new(Lang::En);
    let itemsets = Mine::new().min_support(list.min_support).run(&list.to_baskets().unwrap()).unwrap();
    let rules = itemsets.rules().min_confidence(0.5).run().unwrap();
    assert_eq!(rules.len(), 6);
    assert_eq!(list.rules().map(|(_, x, y)| (x, y)), RULES.map(|(x, y, _)| (x, y)));
    let measures =
        [Measure::Support, Measure::Confidence, Measure::Lift, Measure::Leverage, Measure::Conviction];
    for (antecedent, consequent, expected) in RULES {
        let rule = rules.get(rules.find([antecedent], [consequent]).unwrap()).unwrap();
        for (measure, expected) in measures.into_iter().zip(expected) {
            let exact = rule.counts().exact(measure).map_or_else(|| "∞".into(), |value| value.to_string());
            assert_eq!(exact, expected, "{} of {antecedent} → {consequent}", measure.name());
        }
        assert_eq!(rule.measure(Measure::Conviction).is_infinite(), expected[4] == "∞");
    }
}

#[test]
fn items_and_pairs_of_the_shopping_list() {
    let list = Supermarket::new(Lang::En);
    let baskets = list.to_baskets().unwrap();
    let itemsets = Mine::new().min_support(list.min_support).kind(Kind::Frequent).run(&baskets).unwrap();
    let counts: [(&[&str], u64); 7] = [
        (&["beer"], 4),
        (&["diapers"], 4),
        (&["baby powder"], 2),
        (&["milk"], 2),
        (&["beer", "diapers"], 3),
        (&["beer", "milk"], 2),
        (&["diapers", "baby powder"], 2),
    ];
    assert_eq!((itemsets.len(), itemsets.n_baskets(), itemsets.min_count()), (7, 5, 2));
    for (items, count) in counts {
        assert_eq!(itemsets.count_of(items.iter().copied()), Some(count), "{items:?}");
    }
    // bread, umbrella, detergent and cola are in one basket each
    assert_eq!(Mine::new().min_support(0.2).run(&baskets).unwrap().items().len(), 8);
    let chinese = Supermarket::new(Lang::Zh);
    assert_eq!(chinese.baskets[0].items, ["啤酒", "尿布", "婴儿爽身粉", "面包", "雨伞"]);
    let sizes = |list: &Supermarket| list.baskets.iter().map(|basket| basket.items.len()).collect::<Vec<_>>();
    assert_eq!(sizes(&chinese), sizes(&list));
}

fn text(value: &Value) -> String {
    value.to_string()
}

#[test]
fn the_hospital_s_expected_values() {
    for lang in LANGS {
        let example = SouthernHospital::new(lang);
        let answer = example.to_tree().unwrap().solve().unwrap();
        let tree = answer.tree();
        let emvs: Vec<String> = tree.children(0).map(|node| text(&answer.to_go(node))).collect();
        assert_eq!(emvs, ["-14000", "18000", "13000", "0"]);
        assert_eq!(text(&answer.emv()), "18000");
        assert_eq!(answer.choice(), [example.alternatives[1].name]);
        assert_eq!(text(&answer.evpi().unwrap()), "22000");
        let table = example.to_table().unwrap().solve(Sense::Profit, None).unwrap();
        assert_eq!(table.ev_with_perfect_information.as_ref().map(text).as_deref(), Some("40000"));
        assert_eq!(table.evpi.as_ref().map(text).as_deref(), Some("22000"));
    }
    let working = SouthernHospital::new(Lang::En).to_tree().unwrap().solve().unwrap().explain(Lang::En);
    assert!(working.to_text().contains("(0.4)(60,000) + (0.6)(−10,000)"), "{}", working.to_text());
}

/// Which plants are best when the market is favourable with this probability.
fn best(probability: &str) -> Result<Vec<String>> {
    let example = SouthernHospital::new(Lang::En);
    let branches = example.alternatives.iter().map(|plant| {
        let market = [
            (example.states[0], probability, pay(plant.favourable)),
            (example.states[1], "#", pay(plant.unfavourable)),
        ];
        (plant.name, chance(market))
    });
    Ok(decide("Plant size", branches).solve()?.choice().into_iter().map(String::from).collect())
}

#[test]
fn the_best_plant_by_the_probability_of_a_favourable_market() {
    for (probability, expected) in [
        ("0.1", &["no plant"][..]),
        ("1/9", &["small plant", "no plant"]),
        ("0.15", &["small plant"]),
        ("1/5", &["medium plant", "small plant"]),
        ("0.4", &["medium plant"]),
        ("2/3", &["large plant", "medium plant"]),
        ("0.7", &["large plant"]),
    ] {
        assert_eq!(best(probability).unwrap(), expected, "{probability}");
    }
}

#[test]
fn the_misprinted_payoff_would_give_234_000() {
    let misprint = SouthernHospital::new(Lang::En).misprint();
    assert_eq!((misprint.printed, misprint.right), (600_000, 60_000));
    let printed = DecisionTable::new(["medium"], ["favourable", "unfavourable"], [misprint.printed, -10_000])
        .unwrap()
        .with_probabilities(["0.4", "0.6"])
        .unwrap()
        .solve(Sense::Profit, None)
        .unwrap();
    let ev = printed.ev_with_perfect_information.as_ref().map(text);
    assert_eq!(ev.as_deref(), Some("234000"));
    for lang in LANGS {
        assert!(SouthernHospital::new(lang).misprint().note(lang).contains("600,000"));
    }
}

#[test]
fn the_courier_s_customer() {
    for lang in LANGS {
        let example = CourierCustomer::new(lang);
        let own = example.value(false).unwrap();
        assert_eq!((own.own_value, own.referral_value, own.value), (180_000.0, 0.0, 180_000.0));
        let both = example.value(true).unwrap();
        assert_eq!((both.own_value, both.referral_value, both.value), (180_000.0, 180_000.0, 360_000.0));
        assert_eq!(example.misprint().printed, both.value as i64);
        assert_eq!(example.misprint().right, own.value as i64);
    }
    let product = &(&Exact::from(1500) * &Exact::from(12)) * &Exact::from(10);
    assert_eq!(Number::from(product.to_string().as_str()), Number::from("180000"));
}

#[test]
fn grades_of_a_hundred_customers() {
    let customers = Labels::Ints((1..=100).collect());
    let values = grades::hundred_customers();
    let input = PyramidInput { customers: &customers, values: &values, by: "monetary" };
    let summary = |preset| Pyramid::new(Tiers::named(preset).unwrap()).run(&input, &Unwatched)?.summary();
    let lines = |preset, lang| -> Vec<(String, u64)> {
        let lines = summary(preset).unwrap();
        lines.iter().map(|line| (line.group.label.get(lang).to_owned(), line.group.customers)).collect()
    };
    let expected = [("重要客户", 1), ("次要客户", 19), ("普通客户", 30), ("小客户", 50)];
    assert_eq!(lines("textbook", Lang::Zh), expected.map(|(name, count)| (name.to_owned(), count)));
    let expected = [("黄金层级", 20), ("钢铁层级", 80)];
    assert_eq!(lines("gold_iron", Lang::Zh), expected.map(|(name, count)| (name.to_owned(), count)));
}

#[test]
fn one_year_without_a_transaction() {
    let customers = Labels::Ints(vec![1, 2]);
    let input =
        LifeCycleInput { customers: &customers, recency: &[365.0, 366.0], tenure: None, monetary: None };
    let result = LifeCycle::one_year_rule().run(&input, &Unwatched).unwrap();
    let labels: Vec<_> = result.statuses().iter().map(|status| status.label().zh).collect();
    assert_eq!(labels, ["继续往来客户", "流失客户"]);
    let ladder = grades::ladder().map(|stage| stage.zh);
    assert_eq!(ladder, ["潜在客户", "首次购买", "重复购买", "忠诚", "成员", "拥护者"]);
    assert_eq!(grades::work().map(|stage| stage.zh), ["获取", "保留", "提升", "挽回"]);
}
