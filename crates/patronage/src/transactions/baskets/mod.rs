//! Baskets of items: what was bought together, coded and packed.
//!
//! | in | by |
//! |---|---|
//! | lists of items | [`Baskets::from_lists`], [`BasketBuilder`] |
//! | a column of lists, a row a basket | [`ListReader`] batch by batch |
//! | a long table, a row an item of a basket | [`Baskets::from_pairs`], [`BasketReader`] batch by batch |
//! | a long table by group | [`GroupReader`] |
//! | coded rows, compressed sparse rows | [`Baskets::from_codes`], [`Baskets::from_csr`] |

mod builder;
mod groups;
mod hierarchy;
mod lists;
mod pack;
mod reader;
mod sizes;
mod stored;

use std::sync::Arc;

pub use builder::BasketBuilder;
pub use groups::GroupReader;
pub use hierarchy::{Hierarchy, Unmapped};
pub use lists::ListReader;
pub use reader::BasketReader;
use serde::{Deserialize, Serialize};
pub use sizes::SizeFence;

use self::hierarchy::Ancestors;
use self::stored::Stored;
use super::ids::Labels;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// Baskets, each a set of items.
///
/// An item that a basket holds twice counts once, and a basket without items counts as a basket: both are
/// counted in [`Baskets::repeated`] and [`Baskets::empty`], so that nothing vanishes in silence.
///
/// ```
/// use patronage::transactions::Baskets;
/// let baskets = Baskets::from_lists([vec!["milk", "beer", "beer"], vec![], vec!["beer"]])?;
/// assert_eq!(baskets.len(), 3);
/// assert_eq!(baskets.basket(0), [0, 1]); // beer and milk: codes follow the order of the ids
/// assert_eq!((baskets.repeated(), baskets.empty()), (1, 1));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Baskets {
    offsets: Vec<u64>,
    codes: Vec<u32>,
    // Baskets of several groups share their labels.
    labels: Arc<Labels>,
    ids: Option<Labels>,
    ancestors: Ancestors,
    repeated: u64,
    empty: u64,
}

impl Baskets {
    /// The largest number of baskets.
    pub const MAX_LEN: u64 = u32::MAX as u64 - 1;

    /// Number of baskets, empty ones included.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are no baskets.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items of a basket as codes, ascending; nothing if the basket does not exist.
    pub fn basket(&self, index: usize) -> &[u32] {
        match (self.offsets.get(index), self.offsets.get(index.saturating_add(1))) {
            (Some(&start), Some(&end)) => &self.codes[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The baskets in order, each as its item codes, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        self.offsets.windows(2).map(|ends| &self.codes[ends[0] as usize..ends[1] as usize])
    }

    /// The id of each item code.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The id of each basket, in order of the baskets, where a table gave them ids.
    pub fn ids(&self) -> Option<&Labels> {
        self.ids.as_ref()
    }

    /// Where each basket starts in [`Baskets::codes`], and the end of the last.
    pub fn offsets(&self) -> &[u64] {
        &self.offsets
    }

    /// The item codes of all baskets, one basket after the other.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// How many items were dropped because their basket held them already.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// How many baskets hold no item. They count among all baskets.
    pub fn empty(&self) -> u64 {
        self.empty
    }

    /// The codes of an item's ancestors, ascending, if the baskets were extended [`Baskets::with_ancestors`];
    /// else nothing.
    pub fn ancestors(&self, code: u32) -> &[u32] {
        self.ancestors.of(code)
    }

    /// Whether any item has an ancestor among the items.
    pub fn has_ancestors(&self) -> bool {
        self.ancestors.any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transactions::IdColumn;

    #[test]
    fn every_way_in_gives_the_same_baskets() {
        let lists = Baskets::from_lists([vec![30, 10, 30], vec![], vec![20]]).unwrap();
        let csr =
            Baskets::from_csr(vec![0, 3, 3, 4], vec![2, 0, 2, 1], Labels::Ints(vec![10, 20, 30])).unwrap();
        let codes =
            Baskets::from_codes(3, &[2, 0, 0, 0], &[1, 2, 2, 0], Labels::Ints(vec![10, 20, 30])).unwrap();
        assert_eq!(lists, csr);
        assert_eq!(lists, codes);
        assert_eq!((lists.len(), lists.repeated(), lists.empty()), (3, 1, 1));
        let stored = serde_json::to_string(&lists).unwrap();
        assert_eq!(serde_json::from_str::<Baskets>(&stored).unwrap(), lists);
    }

    #[test]
    fn bad_input_is_named() {
        let missing = Baskets::from_pairs(
            &IdColumn::Ints(&[1, 1, 2, 2]),
            &IdColumn::Texts(vec![Some("a"), None, Some("b"), None]),
        );
        assert_eq!(
            missing.unwrap_err().to_string(),
            "column 'item': the id is missing in 2 row(s), first at row 1; drop these rows or give them an id"
        );
        assert!(Baskets::from_pairs(&IdColumn::Ints(&[1]), &IdColumn::Ints(&[])).is_err());
        let labels = || Labels::Ints(vec![1, 2]);
        for (offsets, codes) in [
            (vec![], vec![]),
            (vec![1], vec![0]),
            (vec![0, 2, 1], vec![0]),
            (vec![0, 1], vec![2]),
            (vec![0, 9], vec![0]),
        ] {
            assert!(Baskets::from_csr(offsets, codes, labels()).is_err());
        }
        assert!(Baskets::from_csr(vec![0, 1], vec![0], Labels::Ints(vec![7, 7])).is_err());
        assert!(Baskets::from_codes(1, &[1], &[0], labels()).is_err());
    }

    #[test]
    fn no_baskets_are_baskets_too() {
        let none = Baskets::from_lists(Vec::<Vec<i64>>::new()).unwrap();
        assert!(none.is_empty() && none.basket(0).is_empty());
        assert_eq!(none.basket(usize::MAX), [0; 0]);
    }
}
