//! What customers buy together, and one after the other: frequent, closed and maximal itemsets, association rules,
//! pairs against chance, itemsets by group, and sequential patterns.
//!
//! ```
//! use patronage::association::{Baskets, Measure, Mine};
//! let baskets = Baskets::from_lists([
//!     vec!["beer", "diapers", "baby powder", "bread", "umbrella"],
//!     vec!["diapers", "baby powder"],
//!     vec!["beer", "diapers", "milk"],
//!     vec!["beer", "diapers", "detergent"],
//!     vec!["beer", "milk", "cola"],
//! ])?;
//! let itemsets = Mine::new().min_support(0.4).run(&baskets)?;
//! let rules = itemsets.rules().min_confidence(0.5).run()?;
//! let rule = rules.get(rules.find(["beer"], ["diapers"])?).ok_or(patronage::Error::Cancelled)?;
//! // The highest support and a confidence of 75 %, and yet beer buyers buy diapers less often than others:
//! assert_eq!((rule.support(), rule.confidence(), rule.lift()), (0.6, 0.75, 0.9375));
//! println!("{}", rule.explain(patronage::Lang::En).to_text());
//! # Ok::<(), patronage::Error>(())
//! ```

mod groups;
mod itemsets;
mod limits;
mod mine;
mod miner;
mod pairs;
mod plan;
mod rules;
mod sequences;
mod threshold;

pub use groups::{Comparison, GroupedItemsets, InGroup};
pub use itemsets::{Itemset, Itemsets};
pub use limits::{Limit, Limited};
pub use mine::{Counted, Kind, Mine};
pub use pairs::{ItemPair, ItemPairs, MinePairs};
pub use rules::{
    Checked, Correction, Counts, Measure, Recommendation, Rule, RuleSearch, Rules, Test, Tested,
};
pub use sequences::{MineSequences, Pattern, SequentialPatterns, SequentialRule, SequentialRules};
pub use threshold::Support;

pub use crate::transactions::{Baskets, Sequences};
