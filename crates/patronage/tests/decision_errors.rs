//! What is no tree or table is refused with the place, the problem and the mend; hostile labels do no harm.
#![allow(clippy::unwrap_used)]

use patronage::decision::{
    DecisionTable, Drawing, Kind, Node, NodeRow, Number, Sense, Tree, chance, decide, pay,
};
use patronage::watch::Unwatched;
use patronage::{Error, Lang};

fn coin<P: Into<Number>>(p: P, q: P) -> Node {
    chance([("heads", p, pay(1)), ("tails", q, pay(-1))])
}

#[track_caller]
fn refused(node: Node, parts: &[&str]) {
    let error = node.build().unwrap_err();
    assert!(matches!(error, Error::InvalidTree { .. }), "{error}");
    parts.iter().for_each(|part| assert!(error.to_string().contains(part), "{error} without {part}"));
}

#[test]
fn probabilities() {
    refused(decide("Bet", [("play", coin(".5", ".4"))]), &["'Bet → play'", "sum to 9/10 (0.9)"]);
    refused(coin(0.5, 0.4), &["sum to 0.9"]);
    refused(coin("-.5", "1.5"), &["'root → heads'", "-1/2 (-0.5)"]);
    refused(coin(f64::NAN, 0.5), &["NaN"]);
    refused(coin(f64::INFINITY, 0.5), &["inf"]);
    refused(coin("1.5", "#"), &["3/2"]);
    refused(coin("1/0", "#"), &["'1/0' is no number"]);
    refused(chance([("a", ".6", pay(0)), ("b", ".6", pay(0)), ("c", "#", pay(0))]), &["6/5 (1.2)"]);
    // Exactly, 0.3333333333 is not a third; in floats it is.
    refused(chance([("a", "0.3333333333", pay(0)), ("b", "2/3", pay(0))]), &["sum to"]);
    assert!(chance([("a", 1.0 / 3.0, pay(0)), ("b", 2.0 / 3.0, pay(0))]).build().is_ok());
    assert!(coin(0.1 + 0.2, 0.7).build().is_ok());
    assert!(coin("1", "0").build().is_ok());
}

#[test]
fn payoffs() {
    refused(pay(f64::NAN), &["'root'", "NaN"]);
    refused(decide("d", [("a", pay("ten"))]), &["'d → a'", "'ten' is no number"]);
    refused(decide("d", [("a", pay("#"))]), &["probability only"]);
    refused(decide("d", [("a", pay(1).paying(f64::NEG_INFINITY))]), &["-inf"]);
    refused(decide("d", [("a", pay(1).at(f64::NAN))]), &["time"]);
    let huge = chance([("a", "1", pay(1e308).paying(1e308))]);
    assert!(matches!(huge.solve(), Err(Error::Overflow { .. })));
}

#[test]
fn shapes() {
    refused(decide("Empty", Vec::<(&str, Node)>::new()), &["'Empty'", "without alternatives"]);
    refused(chance(Vec::<(&str, &str, Node)>::new()), &["without outcomes"]);
    refused(decide("d", [("a", pay(1)), ("a", pay(2))]), &["same label"]);
    let row = |parent, kind, label: &str| NodeRow { parent, label: label.into(), ..NodeRow::new(kind) };
    let (decision, leaf) = (Kind::Decision, Kind::Leaf);
    for (rows, part) in [
        (vec![], "no nodes"),
        (vec![row(Some(0), leaf, "a")], "circle"),
        (vec![row(None, leaf, ""), row(None, leaf, "")], "one root"),
        (vec![row(None, decision, ""), row(Some(7), leaf, "a")], "parent 7"),
        (vec![row(None, leaf, ""), row(Some(0), leaf, "a")], "leaf with branches"),
        (vec![row(None, Kind::Chance, ""), row(Some(0), leaf, "a")], "without a probability"),
        (
            vec![
                row(None, decision, ""),
                row(Some(0), leaf, "stop"),
                row(Some(3), decision, "left"),
                row(Some(2), decision, "right"),
            ],
            "left → right",
        ),
    ] {
        let error = Tree::from_rows(rows, &Unwatched).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let mut rows = vec![row(None, decision, ""), row(Some(0), leaf, "a")];
    rows[0].value = Some(1.into());
    assert!(Tree::from_rows(rows.clone(), &Unwatched).unwrap_err().to_string().contains("no leaf"));
    rows[0].value = None;
    rows[1].probability = Some(1.into());
    assert!(Tree::from_rows(rows, &Unwatched).unwrap_err().to_string().contains("not chance's"));
}

#[test]
fn evpi_is_refused_where_it_is_not_defined() {
    let other = chance([("rain", "1/2", pay(1)), ("sun", "#", pay(2))]);
    for (node, part) in [
        (coin(".5", ".5"), "no decision"),
        (decide("d", [("a", pay(1))]), "depends on chance"),
        (decide("d", [("a", coin(".5", ".5")), ("b", coin(".4", ".6"))]), "probability"),
        (decide("d", [("a", coin(".5", ".5")), ("b", other)]), "no such outcome"),
        (decide("d", [("a", coin(".5", ".5")), ("b", chance([("heads", "1", pay(1))]))]), "outcomes"),
        (decide("d", [("a", coin(".5", ".5")), ("b", decide("e", [("c", pay(1))]))]), "second decision"),
        (decide("d", [("a", chance([("x", "1", coin(".5", ".5"))]))]), "not the end"),
    ] {
        let error = node.solve().unwrap().evpi().unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    // The order of outcomes has no meaning, and payoffs on branches count.
    let turned = chance([("tails", ".5", pay(10)), ("heads", ".5", pay(0))]).paying(-1);
    let answer = decide("d", [("a", coin(".5", ".5")), ("b", turned)]).solve().unwrap();
    assert_eq!(answer.emv().to_string(), "4");
    assert_eq!(answer.evpi().unwrap().to_string(), "1");
}

#[test]
fn tables() {
    let table = |payoffs: Vec<Number>| DecisionTable::new(["a", "b"], ["x", "y"], payoffs);
    let four = || vec![1.into(), 2.into(), 3.into(), 4.into()];
    for (result, part) in [
        (table(vec![1.into()]), "1 payoffs for 2 alternatives and 2 states"),
        (table(vec![1.into(), 2.into(), f64::NAN.into(), 4.into()]), "'b' in state 'x'"),
        (table(vec![1.into(), "#".into(), 3.into(), 4.into()]), "probability only"),
        (table(four()).unwrap().with_probabilities([".5"]), "1 probabilities for 2 states"),
        (table(four()).unwrap().with_probabilities([".5", ".4"]), "9/10 (0.9)"),
        (table(four()).unwrap().with_probabilities(["-1", "2"]), "state 'x'"),
        (table(four()).unwrap().with_probabilities([f64::NAN, 0.5]), "NaN"),
        (DecisionTable::new(["a", "a"], ["x"], [1, 2]), "called 'a'"),
        (DecisionTable::new(Vec::<String>::new(), ["x"], Vec::<i32>::new()), "no alternative"),
        (DecisionTable::new(["a"], Vec::<String>::new(), Vec::<i32>::new()), "no state"),
    ] {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    for alpha in [Number::from("1.1"), Number::from(-0.1), Number::from(f64::NAN), Number::from("#")] {
        assert!(table(four()).unwrap().solve(Sense::Profit, Some(alpha)).is_err());
    }
    let huge = table(vec![1e308.into(), 1e308.into(), (-1e308).into(), 0.into()]).unwrap();
    assert!(matches!(huge.solve(Sense::Profit, None), Err(Error::Overflow { .. })));
}

#[test]
fn hostile_labels_are_only_text() {
    let label = "<script>alert(\"1\")</script>' onload='x \u{202e}drow\u{0}\u{7}&amp;";
    let node = decide(label, [(label, chance([(label, "1", pay(1))])), ("[b](c)|`$x$`", pay(0))]);
    let answer = node.solve().unwrap();
    let svg = Drawing::new().numbered(true).svg(&answer);
    let html = answer.explain(Lang::En).to_html();
    for text in [&svg, &html] {
        assert!(!text.contains("<script") && !text.contains("' onload") && text.contains("&lt;script&gt;"));
    }
    assert!(!svg.contains(['\u{202e}', '\u{0}', '\u{7}']));
    assert!(svg.contains("&amp;amp;"));
    let stored = serde_json::to_string(&answer).unwrap();
    let again: patronage::decision::TreeAnswer = serde_json::from_str(&stored).unwrap();
    assert_eq!(again.tree().name(0), label);
}

#[test]
fn many_nodes_are_folded() {
    // Five stages of six branches: 7,776 leaves.
    let mut node = pay(1);
    for _ in 0..5 {
        node = decide("", (0..6).map(|i| (format!("alternative {i}"), node.clone())));
    }
    let answer = node.solve().unwrap();
    let layout = Drawing::new().layout(&answer);
    let drawn = layout.placed.iter().filter(|p| p.node.is_some()).count();
    assert!((150..=300).contains(&drawn), "{drawn}");
    assert!(layout.placed.iter().any(|p| p.folded > 0));
    let rows = layout.placed.iter().map(|p| p.y).fold(0.0, f64::max);
    assert!(rows < layout.height && layout.placed.iter().all(|p| p.x < layout.width));
}
