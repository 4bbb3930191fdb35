//! For teachers: the answers of a student marked, with the typical mistakes recognised, and exercises.
//!
//! A mistake is recognised by working out what it would give from the same data, never by a tolerance.
//!
//! ```
//! use patronage::Lang;
//! use patronage::decision::{DecisionTable, Mark, Mistake, Sense};
//! let table = DecisionTable::new(["build", "wait"], ["good", "bad"], [60_000, -10_000, 0, 0])?
//!     .with_probabilities([".4", "#"])?;
//! let given = [("emv", "18000"), ("evpi", "24000")].map(|(item, text)| (vec![item.to_string()], text.to_string()));
//! let marking = table.solve(Sense::Profit, None)?.check(&given)?;
//! assert_eq!(marking.lines[0].mark, Mark::Right);
//! // EVwPI, from which the best EMV was not subtracted; or that of waiting, which is 0.
//! assert_eq!(marking.lines[1].mistakes, [Mistake::NotSubtracted, Mistake::WrongAct]);
//! # Ok::<(), patronage::Error>(())
//! ```

mod exercise;
mod given;
mod item;
mod marking;
mod mistakes;
mod stories;
mod study;
mod table;
mod tree;

pub use exercise::{ExactAnswer, Exercise, ExerciseKind, Solved};
pub use marking::{Mark, MarkedLine, Marking};
pub use mistakes::Mistake;
