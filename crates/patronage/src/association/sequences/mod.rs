//! Sequential patterns between the baskets of a customer: bought this, later that.
//!
//! A pattern is a list of elements, each a set of items of one basket, in the order of time:
//! ⟨{tea} {bread, milk}⟩ is tea, and in a later basket bread and milk. A customer supports it if such baskets can be
//! found among his, and counts once however often they can. Patterns grow by prefix as in `PrefixSpan` (Pei, Han,
//! Mortazavi-Asl et al. 2001, 2004) with positions in place of copies: [`search`]. Closed and maximal ones are
//! [`sift`]ed out.

mod explain;
mod mine;
mod patterns;
mod rules;
mod search;
mod sift;
mod steps;
mod words;

pub use mine::MineSequences;
pub use patterns::{Pattern, SequentialPatterns};
pub use rules::{SequentialRule, SequentialRules};
