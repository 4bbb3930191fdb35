//! What customers buy together: baskets in; itemsets and rules out.

mod baskets;
mod groups;
mod inputs;
mod itemsets;
mod nested;
mod pairs;
mod rules;
mod sequences;
mod shared;

pub use baskets::Baskets;
pub use groups::GroupedItemsets;
pub use itemsets::Itemsets;
pub use pairs::ItemPairs;
pub use rules::{Rules, measures};
pub use sequences::{Sequences, SequentialPatterns, SequentialRules};
