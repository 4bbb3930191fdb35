//! Where a search ended before its end.

use serde::{Deserialize, Serialize};

/// What a search may not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Limit {
    /// A number of itemsets.
    Itemsets(u64),
    /// Memory in bytes.
    Bytes(u64),
    /// Time.
    Seconds(f64),
}

/// How far a search came that passed a limit. Its counts are exact, and of frequent and closed sets and generators it
/// has all that consist of the items searched. Of maximal sets it has these, too, and perhaps sets of the items searched
/// that only a set with another item contains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limited {
    /// The limit that was passed.
    pub limit: Limit,
    /// How many of the frequent items, the most frequent first, were searched.
    pub searched: u64,
    /// How many frequent items there are.
    pub items: u64,
    /// A least number of baskets with which the search would stay within the limit; nothing where there is none, where
    /// time was short, or where memory was for maximal sets or generators.
    pub fits: Option<u64>,
}
