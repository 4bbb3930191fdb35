//! Pictures and stored forms of decision trees from Rust: laws of the layout, other tools' languages, round trips.
#![allow(clippy::unwrap_used)]

use patronage::Lang;
use patronage::decision::{
    Drawing, Kind, Layout, Node, NodeRow, Sense, SilverDecisions, Tree, chance, decide, pay,
};
use patronage::watch::Unwatched;
use proptest::prelude::*;

/// A tree from a list of choices: each node hangs on an earlier one that is no leaf.
fn random_tree(parents: &[(prop::sample::Index, bool, i32)]) -> Tree {
    let mut rows = vec![NodeRow::new(Kind::Decision)];
    for (i, (parent, is_chance, amount)) in parents.iter().enumerate() {
        let at = parent.index(rows.len());
        let kind = if *is_chance { Kind::Chance } else { Kind::Decision };
        let mut row = NodeRow { parent: Some(at), label: format!("branch {i}").into(), ..NodeRow::new(kind) };
        row.payoff = (*amount != 0).then(|| (*amount).into());
        row.probability = (rows[at].kind == Kind::Chance).then(|| "#".into());
        rows.push(row);
    }
    for at in 0..rows.len() {
        if !rows.iter().any(|row| row.parent == Some(at)) {
            rows[at].kind = Kind::Leaf;
            rows[at].value = Some((at as i32).into());
        }
    }
    Tree::from_rows(rows, &Unwatched).unwrap()
}

fn parents() -> impl Strategy<Value = Vec<(prop::sample::Index, bool, i32)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), -3..3i32), 1..120)
}

fn assert_tidy(layout: &Layout) {
    let placed = &layout.placed;
    for (i, p) in placed.iter().enumerate() {
        assert!(p.x >= 12.0 && p.x + 12.0 <= layout.width && p.y >= 12.0 && p.y + 12.0 <= layout.height);
        assert!(placed[..i].iter().all(|q| (p.x - q.x).abs() >= 24.0 || (p.y - q.y).abs() >= 24.0));
        assert!(p.parent.is_none_or(|parent| parent < i && placed[parent].x < p.x));
    }
}

proptest! {
    #[test]
    fn nodes_keep_apart_and_inside(parents in parents(), max_leaves in 1..60usize) {
        let tree = random_tree(&parents);
        let answer = tree.solve().unwrap();
        let drawing = Drawing::new().max_leaves(max_leaves).numbered(true);
        for layout in [drawing.layout(&tree), drawing.layout(&answer)] {
            assert_tidy(&layout);
            // Every node is drawn or hidden in one fold.
            let drawn = layout.placed.iter().filter(|p| p.node.is_some()).count();
            let hidden: usize = layout.placed.iter().map(|p| p.folded).sum();
            prop_assert_eq!(drawn + hidden, tree.len());
        }
    }

    #[test]
    fn stored_and_read_is_the_same(parents in parents()) {
        let tree = random_tree(&parents);
        let text = serde_json::to_string(&tree).unwrap();
        let same = |again: &Tree| serde_json::to_string(again).unwrap() == text;
        prop_assert!(same(&serde_json::from_str(&text).unwrap()));
        prop_assert!(same(&Tree::from_paths(&tree.paths().unwrap(), &Unwatched).unwrap()));
        // A file of SilverDecisions has one payment where a leaf and its branch both pay.
        if let Ok(file) = tree.to_silver_decisions("title", Sense::Profit) {
            let file: SilverDecisions = serde_json::from_str(&serde_json::to_string(&file).unwrap()).unwrap();
            let again = file.tree(None, None, &Unwatched).unwrap();
            prop_assert_eq!(again.solve().unwrap().emv(), tree.solve().unwrap().emv());
            prop_assert_eq!((file.title(), file.rule()), ("title", "expected-value-maximization"));
        }
    }
}

fn plant(gain: i64, loss: i64) -> Node {
    chance([("favourable", ".4", pay(gain)), ("unfavourable", "#", pay(loss))])
}

#[test]
fn the_hospital_in_every_language() {
    let answer =
        decide("Plant size", [("large", plant(100_000, -90_000)), ("medium", plant(60_000, -10_000))]);
    let answer = answer.solve().unwrap();
    let drawing = Drawing::new().numbered(true).legend(true).lang(Lang::Zh);
    assert!(drawing.svg(&answer).contains("舍弃方案"));
    assert!(!drawing.svg(answer.tree()).contains("舍弃方案"));
    assert!(drawing.dot(&answer).contains("n0 -> n2 [label=\"medium\", penwidth=3, style=bold];"));
    assert!(drawing.mermaid(&answer).contains("n0 -.-|\"large\"| n1"));
    assert!(drawing.tikz(&answer).contains("{\\bfseries medium}"));
    let numbers: Vec<_> = drawing.layout(&answer).placed.iter().map(|p| p.number).collect();
    assert_eq!(numbers, [Some(1), Some(2), Some(3), None, None, None, None]);
}

#[test]
fn a_million_deep_is_folded() {
    let mut node = pay(0);
    for _ in 0..500_000 {
        node = decide("", [("stop", pay(0)), ("go on", node)]);
    }
    let tree = node.build().unwrap();
    let layout = Drawing::new().layout(&tree);
    assert_tidy(&layout);
    assert_eq!(layout.placed.iter().map(|p| p.folded).sum::<usize>(), tree.len() - layout.placed.len());
    assert!(tree.paths().unwrap_err().to_string().contains("JSON"));
    assert!(tree.to_silver_decisions("", Sense::Profit).is_err());
}
