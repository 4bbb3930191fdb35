//! What information is worth: a study's signals by Bayes' rule, posteriors, the preposterior tree, the expected
//! value of sample information (EVSI), and for each event of a tree the values of perfect information and of
//! control.
//!
//! ```
//! use patronage::decision::{DecisionTable, Evidence, Sense, Study};
//! let sheds = DecisionTable::new(
//!     ["large", "small", "none"],
//!     ["favourable", "unfavourable"],
//!     [200_000, -180_000, 100_000, -20_000, 0, 0],
//! )?
//! .with_probabilities([".5", "#"])?;
//! // P(signal | state), a row a state.
//! let reliability = Evidence::likelihood([[".7", ".3"], [".2", ".8"]]);
//! let survey = Study::of_table(&sheds, Sense::Profit, ["good", "bad"], reliability)?
//!     .cost(10_000)
//!     .rounding(2)
//!     .solve()?;
//! assert_eq!(survey.chain.signals[0].posterior.as_ref().unwrap()[0].to_string(), "7/9");
//! assert_eq!(survey.chain.evsi.to_string(), "19000");
//! assert_eq!(survey.chain.net.to_string(), "49000");
//! // With the posteriors .78 and .27 of the book:
//! assert_eq!(survey.rounded.unwrap().net.to_string(), "49200");
//! # Ok::<(), patronage::Error>(())
//! ```

mod answer;
mod bayes;
mod chain;
mod event;
mod explain;
mod preposterior;
mod rounding;
mod rows;
mod stored;
mod study;

pub use answer::{Incoherence, StudyAnswer};
pub use chain::{Chain, Signal};
pub use event::{Event, EventValue};
pub use study::{Evidence, Study};
