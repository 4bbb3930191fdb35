//! What customers buy together: baskets in; itemsets and rules out.

mod baskets;
mod inputs;
mod itemsets;
mod rules;
mod shared;

pub use baskets::Baskets;
pub use itemsets::{Itemsets, count_itemsets};
pub use rules::{Rules, measures};
