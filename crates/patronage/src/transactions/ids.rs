//! Ids of customers, orders and items: integers or strings, coded once at the door and decoded on the way out.

use std::fmt;
use std::hash::BuildHasher;

use hashbrown::hash_map::Entry;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// One id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id<'a> {
    /// An integer id.
    Int(i64),
    /// A string id; identity is by bytes.
    Text(&'a str),
}

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl From<i64> for Id<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<i32> for Id<'_> {
    fn from(number: i32) -> Self {
        Self::Int(number.into())
    }
}

impl<'a> From<&'a str> for Id<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Id<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

/// A column of ids as it comes in; `None` is a missing id.
#[derive(Debug, Clone)]
pub enum IdColumn<'a> {
    /// Integers, all present.
    Ints(&'a [i64]),
    /// Integers, some perhaps missing.
    OptionalInts(Vec<Option<i64>>),
    /// Strings, some perhaps missing.
    Texts(Vec<Option<&'a str>>),
    /// Strings by their place in a list, as categories are held; a code without a text is a missing id.
    Coded {
        /// Of each row, the place of its string.
        codes: Vec<u32>,
        /// The strings; those that no row names are no ids of the column.
        texts: Vec<Option<&'a str>>,
    },
}

impl<'a> IdColumn<'a> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Ints(ids) => ids.len(),
            Self::OptionalInts(ids) => ids.len(),
            Self::Texts(ids) => ids.len(),
            Self::Coded { codes, .. } => codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of a row; `None` if it is missing or the row does not exist.
    pub fn get(&self, row: usize) -> Option<Id<'a>> {
        match self {
            Self::Ints(ids) => ids.get(row).copied().map(Id::Int),
            Self::OptionalInts(ids) => ids.get(row).copied().flatten().map(Id::Int),
            Self::Texts(ids) => ids.get(row).copied().flatten().map(Id::Text),
            Self::Coded { codes, texts } => {
                codes.get(row).and_then(|&code| texts.get(code as usize).copied().flatten()).map(Id::Text)
            }
        }
    }
}

/// The id of each code, in order of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Labels {
    /// Integer ids.
    Ints(Vec<i64>),
    /// String ids.
    Texts(Vec<String>),
}

impl Default for Labels {
    fn default() -> Self {
        Self::Ints(Vec::new())
    }
}

impl Labels {
    /// Number of codes.
    pub fn len(&self) -> usize {
        match self {
            Self::Ints(ids) => ids.len(),
            Self::Texts(ids) => ids.len(),
        }
    }

    /// Whether there are no codes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of a code.
    pub fn get(&self, code: u32) -> Option<Id<'_>> {
        match self {
            Self::Ints(ids) => ids.get(code as usize).copied().map(Id::Int),
            Self::Texts(ids) => ids.get(code as usize).map(|id| Id::Text(id)),
        }
    }

    /// The ids of all codes, in order of code.
    pub fn iter(&self) -> impl Iterator<Item = Id<'_>> {
        (0..self.len() as u32).filter_map(|code| self.get(code))
    }

    /// The labels at the given codes; codes that do not exist are left out.
    #[must_use]
    pub fn take(&self, codes: &[u32]) -> Self {
        match self {
            Self::Ints(ids) => {
                Self::Ints(codes.iter().filter_map(|&c| ids.get(c as usize).copied()).collect())
            }
            Self::Texts(ids) => {
                Self::Texts(codes.iter().filter_map(|&c| ids.get(c as usize).cloned()).collect())
            }
        }
    }
}

/// Gives each distinct id a code: 0, 1, 2 … in order of first appearance.
///
/// ```
/// use patronage::transactions::Dictionary;
/// let mut items = Dictionary::new("item");
/// assert_eq!(items.code_of("beer")?, 0);
/// assert_eq!(items.code_of("milk")?, 1);
/// assert_eq!(items.code_of("beer")?, 0);
/// assert!(items.code_of(7).is_err()); // one column is all strings or all integers
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    column: String,
    labels: Labels,
    ints: FxHashMap<i64, u32>,
    // Codes of strings; the strings themselves stand in `labels`, those of a few bytes in the key, too, so that
    // looking them up reads one place of memory. The hash is seeded: ids may be hostile.
    short_texts: HashMap<u128, u32>,
    texts: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Dictionary {
    /// An empty dictionary for the ids of a column.
    pub fn new(column: &str) -> Self {
        Self { column: column.into(), ..Self::default() }
    }

    /// The code of an id, a new one if it has none yet.
    pub fn code_of<'a>(&mut self, id: impl Into<Id<'a>>) -> Result<u32> {
        let id = id.into();
        if self.labels.is_empty() && matches!(id, Id::Text(_)) {
            self.labels = Labels::Texts(Vec::new());
        }
        let next = u32::try_from(self.labels.len()).ok().filter(|&code| code < u32::MAX);
        let full = || Error::LimitExceeded {
            what: format!("the number of distinct ids in column '{}'", self.column),
            limit: u64::from(u32::MAX),
            mend: "split the log".into(),
        };
        match (&mut self.labels, id) {
            (Labels::Ints(labels), Id::Int(number)) => {
                if let Some(&code) = self.ints.get(&number) {
                    return Ok(code);
                }
                let code = next.ok_or_else(full)?;
                self.ints.insert(number, code);
                labels.push(number);
                Ok(code)
            }
            (Labels::Texts(labels), Id::Text(text)) => {
                if let Some(key) = packed(text) {
                    return match self.short_texts.entry(key) {
                        Entry::Occupied(known) => Ok(*known.get()),
                        Entry::Vacant(free) => {
                            let code = next.ok_or_else(full)?;
                            labels.push(text.into());
                            Ok(*free.insert(code))
                        }
                    };
                }
                let hash = self.hasher.hash_one(text);
                if let Some(&code) = self.texts.find(hash, |&code| labels[code as usize] == text) {
                    return Ok(code);
                }
                let code = next.ok_or_else(full)?;
                labels.push(text.into());
                let hasher = &self.hasher;
                self.texts.insert_unique(hash, code, |&code| hasher.hash_one(labels[code as usize].as_str()));
                Ok(code)
            }
            (_, id) => Err(Error::InvalidValue {
                column: self.column.clone(),
                row: self.labels.len() as u64,
                count: 1,
                problem: format!("integers and strings mixed (id {id})"),
                mend: "make the whole column strings or the whole column integers".into(),
            }),
        }
    }

    /// The code of an id that is known.
    pub fn find<'a>(&self, id: impl Into<Id<'a>>) -> Option<u32> {
        match (&self.labels, id.into()) {
            (Labels::Ints(_), Id::Int(number)) => self.ints.get(&number).copied(),
            (Labels::Texts(labels), Id::Text(text)) => {
                if let Some(key) = packed(text) {
                    return self.short_texts.get(&key).copied();
                }
                self.texts.find(self.hasher.hash_one(text), |&code| labels[code as usize] == text).copied()
            }
            _ => None,
        }
    }

    /// The ids in order of code.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The ids in their own order (numeric, or by bytes), and for each old code its place in that order.
    pub fn into_sorted(self) -> (Labels, Vec<u32>) {
        fn sorted<T: Ord>(ids: Vec<T>) -> (Vec<T>, Vec<u32>) {
            let mut place = vec![0; ids.len()];
            let mut ids: Vec<(T, u32)> = ids.into_iter().zip(0..).collect();
            ids.sort_unstable();
            for (new, &(_, old)) in (0..).zip(&ids) {
                place[old as usize] = new;
            }
            (ids.into_iter().map(|(id, _)| id).collect(), place)
        }
        match self.labels {
            Labels::Ints(ids) => {
                let (ids, place) = sorted(ids);
                (Labels::Ints(ids), place)
            }
            Labels::Texts(ids) => {
                let (ids, place) = sorted(ids);
                (Labels::Texts(ids), place)
            }
        }
    }
}

/// The bytes and the length of a text of at most fifteen bytes.
fn packed(text: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes[..15].get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    bytes[15] = text.len() as u8;
    Some(u128::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_codes_point_at_their_labels() {
        let mut d = Dictionary::new("item");
        for id in ["milk", "beer", "cola", "beer"] {
            d.code_of(id).unwrap();
        }
        assert_eq!(d.find("cola"), Some(2));
        assert_eq!(d.find(3), None);
        let (labels, place) = d.into_sorted();
        assert_eq!(labels, Labels::Texts(vec!["beer".into(), "cola".into(), "milk".into()]));
        assert_eq!(place, [2, 0, 1]);
    }

    #[test]
    fn many_ids_keep_their_codes() {
        let mut d = Dictionary::new("customer");
        let mut ids: Vec<String> = (0..10_000).map(|i| format!("c{i}")).collect();
        // Around the length at which they are kept otherwise, and with zeros at the end.
        ids.extend((0..40).map(|n| "x".repeat(n)));
        ids.extend((1..40).map(|n| "\0".repeat(n)));
        for (code, id) in ids.iter().enumerate() {
            assert_eq!(d.code_of(id).unwrap() as usize, code);
        }
        assert!(ids.iter().enumerate().all(|(code, id)| d.find(id) == Some(code as u32)));
    }
}
