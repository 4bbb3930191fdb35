//! Customer analytics from a log of purchases: who the customers are, what they buy together, what each is
//! worth, and which choice has the highest expected monetary value.
//!
//! | room | what is in it |
//! |---|---|
//! | [`transactions`] | the entrance hall: purchase logs in; customers, purchase histories, baskets and cohorts out |
//! | [`association`] | frequent, closed and maximal itemsets; association rules; pairs; groups; sequential patterns |
//! | [`clv`] | customer lifetime value: textbook formulas and buy-till-you-die models |
//! | [`segmentation`] | RFM, customer pyramid, life cycle |
//! | [`decision`] | decision tables and decision trees by expected monetary value |
//! | [`textbook`] | the examples of course texts, with labels in English and Chinese |
//!
//! ```
//! use patronage::association::{Baskets, Kind, Mine};
//!
//! let baskets = Baskets::from_lists([["beer", "diapers"], ["beer", "milk"], ["beer", "diapers"]])?;
//! let itemsets = Mine::new().min_support(0.4).kind(Kind::Closed).run(&baskets)?;
//! for rule in itemsets.rules().min_confidence(0.5).run()?.iter() {
//!     println!("{}", rule.in_words(patronage::Lang::En));
//! }
//! # Ok::<(), patronage::Error>(())
//! ```
//!
//! Everything is plain arithmetic on slices: no files, no printing, no global state, and no panic on input:
//! whatever can go wrong is an [`Error`]. Long work takes a [`Watch`], through which it reports progress and
//! can be cancelled.
#![forbid(unsafe_code)]

pub mod association;
pub mod clv;
pub mod decision;
pub mod error;
pub mod explain;
pub mod math;
pub mod segmentation;
pub mod textbook;
pub mod transactions;
pub mod watch;

pub use error::{Error, Result};
pub use explain::{Lang, Working};
pub use watch::Watch;
