//! Reads a long table into the baskets of each group: of each store, of each segment.

use std::sync::Arc;

use super::reader::equal_length;
use super::{Baskets, STRIDE};
use crate::error::Result;
use crate::transactions::coder::Coder;
use crate::transactions::ids::{IdColumn, Labels};
use crate::transactions::places::places;
use crate::watch::Watch;

/// Reads a long table with a column of groups batch by batch.
///
/// The baskets of all groups share their labels, so that a code is the same item in each. A basket whose rows are
/// of several groups is a basket of each, with the items bought there.
///
/// ```
/// use patronage::transactions::{GroupReader, IdColumn};
/// use patronage::watch::Unwatched;
/// let store = IdColumn::Texts(vec![Some("north"), Some("south"), Some("north")]);
/// let mut reader = GroupReader::new("store", "order", "product");
/// reader.push(&store, &IdColumn::Ints(&[1, 2, 1]), &IdColumn::Ints(&[7, 8, 9]), &Unwatched)?;
/// let (stores, baskets) = reader.finish(&Unwatched)?;
/// assert_eq!(stores.iter().map(|id| id.to_string()).collect::<Vec<_>>(), ["north", "south"]);
/// assert_eq!((baskets[0].basket(0), baskets[1].basket(0)), (&[0, 2][..], &[1][..]));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct GroupReader {
    group: Coder,
    basket: Coder,
    item: Coder,
}

impl GroupReader {
    /// A reader of three columns, named for its errors.
    pub fn new(group: &str, basket: &str, item: &str) -> Self {
        Self { group: Coder::new(group), basket: Coder::new(basket), item: Coder::new(item) }
    }

    /// Reads the rows of a batch.
    ///
    /// # Errors
    /// Columns of unequal length; mixed integers and strings; [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn push(
        &mut self,
        group: &IdColumn<'_>,
        basket: &IdColumn<'_>,
        item: &IdColumn<'_>,
        watch: &dyn Watch,
    ) -> Result<()> {
        equal_length(self.item.name(), basket, item)?;
        equal_length(self.group.name(), basket, group)?;
        self.group.push(group, watch)?;
        self.basket.push(basket, watch)?;
        self.item.push(item, watch)
    }

    /// The groups in the order of their ids, and the baskets of each.
    ///
    /// # Errors
    /// Rows without a group, a basket or an item; too many baskets;
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn finish(self, watch: &dyn Watch) -> Result<(Labels, Vec<Baskets>)> {
        let (groups, group) = self.group.finish(watch)?;
        let (ids, basket) = self.basket.finish(watch)?;
        let (items, item) = self.item.finish(watch)?;
        let items = Arc::new(items);
        let mut rows: Vec<Vec<(u32, u32)>> = vec![Vec::new(); groups.len()];
        for (done, (&group, row)) in group.iter().zip(basket.into_iter().zip(item)).enumerate() {
            if done % STRIDE == 0 {
                watch.check()?;
            }
            rows[group as usize].push(row);
        }
        let baskets = rows.into_iter().map(|rows| {
            let (mut basket, item): (Vec<u32>, Vec<u32>) = rows.into_iter().unzip();
            let here = places(&mut basket, watch)?;
            let baskets = Baskets::sort_in(here.len(), &basket, item, Arc::clone(&items), watch)?;
            Ok(Baskets { ids: Some(ids.take(&here)), ..baskets })
        });
        Ok((groups, baskets.collect::<Result<_>>()?))
    }
}
