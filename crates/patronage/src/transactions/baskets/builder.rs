//! Baskets from lists of items, one item after the other.

use std::sync::Arc;

use super::{Baskets, STRIDE};
use crate::error::Result;
use crate::transactions::ids::{Dictionary, Id};
use crate::watch::{Unwatched, Watch};

impl Baskets {
    /// Baskets from lists of items.
    ///
    /// # Errors
    /// Items that are partly integers and partly strings; more than [`Baskets::MAX_LEN`] baskets.
    pub fn from_lists<'a, L, B, I>(lists: L) -> Result<Self>
    where
        L: IntoIterator<Item = B>,
        B: IntoIterator<Item = I>,
        I: Into<Id<'a>>,
    {
        let mut builder = BasketBuilder::default();
        for list in lists {
            for item in list {
                builder.add(item)?;
            }
            builder.close();
        }
        builder.finish(&Unwatched)
    }
}

/// Builds baskets item by item.
///
/// ```
/// use patronage::transactions::BasketBuilder;
/// use patronage::watch::Unwatched;
/// let mut builder = BasketBuilder::default();
/// builder.add("milk")?;
/// builder.add("beer")?;
/// builder.close();
/// builder.close(); // an empty basket
/// assert_eq!(builder.finish(&Unwatched)?.iter().collect::<Vec<_>>(), [&[0, 1][..], &[]]);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct BasketBuilder {
    items: Dictionary,
    offsets: Vec<u64>,
    codes: Vec<u32>,
}

impl Default for BasketBuilder {
    fn default() -> Self {
        Self { items: Dictionary::new("item"), offsets: vec![0], codes: Vec::new() }
    }
}

impl BasketBuilder {
    /// Adds an item to the open basket.
    ///
    /// # Errors
    /// An integer among strings, or a string among integers.
    pub fn add<'a>(&mut self, item: impl Into<Id<'a>>) -> Result<()> {
        self.codes.push(self.items.code_of(item)?);
        Ok(())
    }

    /// Closes the open basket, and opens the next.
    pub fn close(&mut self) {
        self.offsets.push(self.codes.len() as u64);
    }

    /// The baskets that were closed, and the open one if it has items.
    ///
    /// # Errors
    /// More than [`Baskets::MAX_LEN`] baskets; [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn finish(mut self, watch: &dyn Watch) -> Result<Baskets> {
        if self.offsets.last() != Some(&(self.codes.len() as u64)) {
            self.close();
        }
        let (labels, place) = self.items.into_sorted();
        for codes in self.codes.chunks_mut(STRIDE) {
            watch.check()?;
            codes.iter_mut().for_each(|code| *code = place[*code as usize]);
        }
        Baskets::pack(self.offsets, self.codes, Arc::new(labels), watch)
    }
}
