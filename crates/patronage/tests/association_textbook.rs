//! The supermarket's shopping list of the course text, in exact fractions.

#![allow(clippy::unwrap_used)]

use patronage::Lang;
use patronage::association::{Baskets, Kind, Measure, Mine, Rules};

const BASKETS: [&[&str]; 5] = [
    &["beer", "diapers", "baby powder", "bread", "umbrella"],
    &["diapers", "baby powder"],
    &["beer", "diapers", "milk"],
    &["beer", "diapers", "detergent"],
    &["beer", "milk", "cola"],
];

fn baskets() -> Baskets {
    Baskets::from_lists(BASKETS.map(|basket| basket.iter().copied())).unwrap()
}

fn rules() -> Rules {
    Mine::new().min_support(0.4).run(&baskets()).unwrap().rules().min_confidence(0.5).run().unwrap()
}

#[test]
fn itemsets() {
    let itemsets = Mine::new().min_support(0.4).run(&baskets()).unwrap();
    let counts = [
        (&["beer"][..], 4),
        (&["diapers"], 4),
        (&["baby powder"], 2),
        (&["milk"], 2),
        (&["beer", "diapers"], 3),
        (&["beer", "milk"], 2),
        (&["diapers", "baby powder"], 2),
    ];
    assert_eq!(itemsets.len(), counts.len());
    for (set, count) in counts {
        assert_eq!(itemsets.count_of(set.iter().copied()), Some(count), "{set:?}");
    }
    assert_eq!(itemsets.count_of(["bread"]), None);
}

#[test]
fn the_working_of_itemsets() {
    let itemsets = Mine::new().min_support(0.4).run(&baskets()).unwrap();
    let text = itemsets.explain(Lang::En).to_text();
    for line in ["Single items: 4", "Sets of 2 items: 3", "beer and diapers", "3 / 5 = 0.6"] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(itemsets.explain(Lang::Zh).to_text().contains("2 项统计"));
    assert_eq!(itemsets.by_count(&patronage::watch::Unwatched).unwrap()[0].count(), 4);
    let rules = rules().sorted_by(Measure::Support);
    assert!(rules.column(Measure::Support).is_sorted_by(|a, b| a >= b));
    let conviction = rules.sorted_by(Measure::Conviction);
    assert_eq!(conviction.column(Measure::Conviction)[..2], [f64::INFINITY; 2]);
    conviction.find(["milk"], ["beer"]).unwrap();
}

#[test]
fn rules_r1_to_r6() {
    let rules = rules();
    let table = [
        ("beer", "diapers", ["3/5", "3/4", "15/16", "-1/25", "4/5"]),
        ("diapers", "beer", ["3/5", "3/4", "15/16", "-1/25", "4/5"]),
        ("milk", "beer", ["2/5", "1", "5/4", "2/25", "∞"]),
        ("beer", "milk", ["2/5", "1/2", "5/4", "2/25", "6/5"]),
        ("diapers", "baby powder", ["2/5", "1/2", "5/4", "2/25", "6/5"]),
        ("baby powder", "diapers", ["2/5", "1", "5/4", "2/25", "∞"]),
    ];
    assert_eq!(rules.len(), table.len());
    let measures =
        [Measure::Support, Measure::Confidence, Measure::Lift, Measure::Leverage, Measure::Conviction];
    for (x, y, expected) in table {
        let rule = rules.get(rules.find([x], [y]).unwrap()).unwrap();
        for (measure, expected) in measures.into_iter().zip(expected) {
            let exact =
                rule.counts().exact(measure).map_or_else(|| "∞".to_owned(), |value| value.to_string());
            assert_eq!(exact, expected, "{} of {x} → {y}", measure.name());
            let value = match expected.split_once('/') {
                Some((top, bottom)) => top.parse::<f64>().unwrap() / bottom.parse::<f64>().unwrap(),
                None => expected.parse().unwrap_or(f64::INFINITY),
            };
            assert_eq!(rule.measure(measure), value);
        }
    }
}

#[test]
fn in_words() {
    let rules = rules();
    let rule = rules.get(rules.find(["beer"], ["diapers"]).unwrap()).unwrap();
    assert_eq!(
        rule.in_words(Lang::En),
        "Of the 4 baskets with beer, 3 (75 %) also have diapers; that is 0.94 times the share among all baskets."
    );
    assert_eq!(
        rule.in_words(Lang::Zh),
        "在 4 个含有beer的购物篮中，有 3 个（75 %）也含有diapers；这是全部购物篮中该比例的 0.94 倍。"
    );
}

#[test]
fn the_working() {
    let rules = rules();
    let rule = rules.get(rules.find(["beer"], ["diapers"]).unwrap()).unwrap();
    let text = rule.explain(Lang::En).to_text();
    for line in [
        "Rule: beer → diapers",
        "confidence(X → Y) = count(X, Y) / count(X) = 3 / 4 = 0.75",
        "lift(X → Y) = n × count(X, Y) / (count(X) × count(Y)) = 5 × 3 / (4 × 4) = 15 / 16 = 0.9375",
        "leverage(X → Y) = count(X, Y) / n − count(X) / n × count(Y) / n = 3 / 5 − 4 / 5 × 4 / 5 = (−1) / 25 = −0.04",
        "Whoever buys beer is less likely than average to buy diapers: 75 % against 80 % of all baskets. A high \
         confidence alone does not show that.",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let certain = rules.get(rules.find(["milk"], ["beer"]).unwrap()).unwrap();
    assert!(certain.explain(Lang::En).to_text().contains("= ∞"));
    let chinese = rule.explain(Lang::Zh).to_text();
    assert!(chinese.contains("提升度(X → Y)") && chinese.contains("低于平均水平"), "{chinese}");
}

#[test]
fn what_cannot_be_asked() {
    let baskets = baskets();
    let mine = Mine::new().min_support(0.4);
    for (request, name) in [
        (mine.clone().min_support(0.0), "min_support"),
        (mine.clone().min_support(1.5), "min_support"),
        (mine.clone().min_support(f64::NAN), "min_support"),
        (mine.clone().min_support(0), "min_support"),
        (mine.clone().max_length(0), "max_length"),
        (mine.clone().max_itemsets(0), "max_itemsets"),
    ] {
        assert!(request.run(&baskets).unwrap_err().to_string().starts_with(name));
    }
    let itemsets = mine.run(&baskets).unwrap();
    for confidence in [-0.1, 1.1, f64::NAN] {
        assert!(itemsets.rules().min_confidence(confidence).run().is_err());
    }
    for kind in [Kind::Maximal, Kind::Generators] {
        let error = mine.clone().kind(kind).run(&baskets).unwrap().rules().run().unwrap_err();
        assert!(error.to_string().contains("'frequent' or 'closed'"), "{error}");
    }
    assert!(mine.kind(Kind::Closed).max_length(1).run(&baskets).unwrap().rules().run().is_err());
}
