//! Exercises: of every seed the exact answers are right, and nothing fails.

use patronage::Lang;
use patronage::decision::{Exercise, ExerciseKind, Mark, Mistake};

#[test]
fn exact_answers_are_right() {
    for kind in [ExerciseKind::Table, ExerciseKind::Tree, ExerciseKind::Survey] {
        for (seed, difficulty) in (0..200u64).zip([1, 2, 3].into_iter().cycle()) {
            let task = Exercise::new(kind, seed, difficulty, Lang::En).unwrap();
            let given: Vec<(Vec<String>, String)> = task
                .answers()
                .unwrap()
                .into_iter()
                .map(|a| (a.item, a.value.map_or_else(|| a.choice.join("|"), |v| v.to_string())))
                .collect();
            let marking = task.check(&given).unwrap();
            assert!(marking.lines.iter().all(|line| line.mark == Mark::Right), "{kind:?} {seed}");
            assert!(marking.lines.len() > 5);
            for lang in [Lang::En, Lang::Zh] {
                assert!(!task.question().to_text().is_empty() && !marking.explain(lang).to_text().is_empty());
            }
        }
    }
}

/// A seed names the same exercise on every machine: its numbers, once drawn, stay.
#[test]
fn languages_share_their_numbers() {
    for seed in 0..20 {
        let values = |lang| {
            let task = Exercise::new(ExerciseKind::Survey, seed, 2, lang).unwrap();
            task.answers().unwrap().into_iter().filter_map(|answer| answer.value).collect::<Vec<_>>()
        };
        assert_eq!(values(Lang::En), values(Lang::Zh));
    }
}

#[test]
fn mistakes_have_names_of_their_own() {
    let mut names: Vec<&str> = Mistake::ALL.iter().map(|mistake| mistake.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Mistake::ALL.len());
    for mistake in Mistake::ALL {
        assert!(mistake.to_text(Lang::En).ends_with('.') && mistake.to_text(Lang::Zh).ends_with('。'));
    }
}
