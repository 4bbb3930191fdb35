//! Reads a column of lists: a row a basket.

use std::sync::Arc;

use super::Baskets;
use crate::error::{Error, Result};
use crate::transactions::coder::Coder;
use crate::transactions::ids::IdColumn;
use crate::watch::Watch;

/// Reads a column of lists batch by batch: a row a basket.
///
/// ```
/// use patronage::transactions::{IdColumn, ListReader};
/// use patronage::watch::Unwatched;
/// let mut reader = ListReader::new("products");
/// let items = IdColumn::Texts(vec![Some("beer"), Some("milk"), Some("beer")]);
/// reader.push([2, 0, 1], &items, &Unwatched)?; // the first basket holds two items, the next none
/// assert_eq!(reader.finish(&Unwatched)?.iter().collect::<Vec<_>>(), [&[0, 1][..], &[], &[0]]);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ListReader {
    item: Coder,
    offsets: Vec<u64>,
}

impl ListReader {
    /// A reader of a column, named for its errors.
    pub fn new(items: &str) -> Self {
        Self { item: Coder::new(items), offsets: vec![0] }
    }

    /// Reads the lists of a batch: how many items each holds, and the items of all of them.
    ///
    /// # Errors
    /// Lengths that do not add up to the items; a missing item; mixed integers and strings; [`Error::Cancelled`].
    pub fn push(
        &mut self,
        lengths: impl IntoIterator<Item = usize>,
        items: &IdColumn<'_>,
        watch: &dyn Watch,
    ) -> Result<()> {
        let (before, first_list) = (self.offsets.last().copied().unwrap_or(0), self.offsets.len() - 1);
        self.offsets.extend(lengths.into_iter().scan(before, |end, length| {
            *end = end.saturating_add(length as u64);
            Some(*end)
        }));
        let end = self.offsets.last().map_or(0, |end| end - before);
        if end != items.len() as u64 {
            let (expected, found) = (end as usize, items.len());
            return Err(Error::UnequalLength { column: self.item.name().into(), expected, found });
        }
        self.item.push(items, watch)?;
        let missing = |place: &usize| items.get(*place).is_none();
        if self.item.missing() == 0 {
            return Ok(());
        }
        let first = (0..items.len()).find(missing).map_or(0, |place| before + place as u64);
        let list = first_list + self.offsets[first_list + 1..].partition_point(|&end| end <= first);
        Err(Error::InvalidValue {
            column: self.item.name().into(),
            row: list as u64,
            count: self.item.missing(),
            problem: "missing items in the lists".into(),
            mend: "drop them from the lists".into(),
        })
    }

    /// The baskets, in the order of the rows.
    ///
    /// # Errors
    /// More than [`Baskets::MAX_LEN`] baskets; [`Error::Cancelled`].
    pub fn finish(self, watch: &dyn Watch) -> Result<Baskets> {
        let (labels, codes) = self.item.finish(watch)?;
        Baskets::pack(self.offsets, codes, Arc::new(labels), watch)
    }
}
