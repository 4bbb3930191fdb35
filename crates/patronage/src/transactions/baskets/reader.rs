//! Reads a long table: a row an item of a basket.

use std::sync::Arc;

use super::Baskets;
use crate::error::{Error, Result};
use crate::transactions::coder::Coder;
use crate::transactions::ids::IdColumn;
use crate::watch::{Unwatched, Watch};

impl Baskets {
    /// Baskets from a long table: a row an item of a basket. The baskets stand in the order of their ids.
    ///
    /// # Errors
    /// Columns of unequal length; rows without a basket or an item; mixed integers and strings.
    ///
    /// ```
    /// use patronage::transactions::{Baskets, IdColumn};
    /// let item = IdColumn::Texts(vec![Some("beer"), Some("milk"), Some("beer")]);
    /// let baskets = Baskets::from_pairs(&IdColumn::Ints(&[1, 1, 2]), &item)?;
    /// assert_eq!(baskets.iter().collect::<Vec<_>>(), [&[0, 1][..], &[0]]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn from_pairs(basket: &IdColumn<'_>, item: &IdColumn<'_>) -> Result<Self> {
        let mut reader = BasketReader::new("basket", "item");
        reader.push(basket, item, &Unwatched)?;
        reader.finish(&Unwatched)
    }
}

/// Reads a long table batch by batch: a row an item of a basket.
///
/// ```
/// use patronage::transactions::{BasketReader, IdColumn};
/// use patronage::watch::Unwatched;
/// let mut reader = BasketReader::new("order", "product");
/// reader.push(&IdColumn::Ints(&[1, 1]), &IdColumn::Texts(vec![Some("beer"), Some("milk")]), &Unwatched)?;
/// reader.push(&IdColumn::Ints(&[2]), &IdColumn::Texts(vec![Some("beer")]), &Unwatched)?;
/// assert_eq!(reader.finish(&Unwatched)?.len(), 2);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct BasketReader {
    basket: Coder,
    item: Coder,
}

impl BasketReader {
    /// A reader of two columns, named for its errors.
    pub fn new(basket: &str, item: &str) -> Self {
        Self { basket: Coder::new(basket), item: Coder::new(item) }
    }

    /// Reads the rows of a batch.
    ///
    /// # Errors
    /// Columns of unequal length; mixed integers and strings; [`Error::Cancelled`].
    pub fn push(&mut self, basket: &IdColumn<'_>, item: &IdColumn<'_>, watch: &dyn Watch) -> Result<()> {
        equal_length(self.item.name(), basket, item)?;
        self.basket.push(basket, watch)?;
        self.item.push(item, watch)
    }

    /// The baskets, in the order of their ids.
    ///
    /// # Errors
    /// Rows without a basket or an item; too many baskets; [`Error::Cancelled`].
    pub fn finish(self, watch: &dyn Watch) -> Result<Baskets> {
        let (ids, basket_codes) = self.basket.finish(watch)?;
        let (items, item_codes) = self.item.finish(watch)?;
        let baskets = Baskets::sort_in(ids.len(), &basket_codes, item_codes, Arc::new(items), watch)?;
        Ok(Baskets { ids: Some(ids), ..baskets })
    }
}

pub(super) fn equal_length(name: &str, basket: &IdColumn<'_>, column: &IdColumn<'_>) -> Result<()> {
    if basket.len() == column.len() {
        return Ok(());
    }
    Err(Error::UnequalLength { column: name.into(), expected: basket.len(), found: column.len() })
}
