//! Baskets from codes: sorted by basket, each basket sorted, what it holds twice dropped.

use std::sync::Arc;

use super::{Ancestors, Baskets, STRIDE};
use crate::error::{Error, Result};
use crate::transactions::ids::{Id, Labels};
use crate::watch::{Unwatched, Watch};

impl Baskets {
    /// Baskets from coded rows: row r says that basket `basket[r]` (below `n_baskets`) holds `item[r]`, a place
    /// in `labels`. A basket that no row names is empty.
    ///
    /// # Errors
    /// Columns of unequal length, codes out of range, labels given twice.
    ///
    /// ```
    /// use patronage::transactions::{Baskets, Labels};
    /// let labels = Labels::Ints(vec![10, 20]);
    /// let baskets = Baskets::from_codes(3, &[0, 2, 0], &[1, 0, 0], labels)?;
    /// assert_eq!(baskets.iter().collect::<Vec<_>>(), [&[0, 1][..], &[], &[0]]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn from_codes(n_baskets: usize, basket: &[u32], item: &[u32], labels: Labels) -> Result<Self> {
        if basket.len() != item.len() {
            let (expected, found) = (basket.len(), item.len());
            return Err(Error::UnequalLength { column: "item".into(), expected, found });
        }
        in_range("basket", basket, n_baskets)?;
        in_range("item", item, labels.len())?;
        distinct(&labels)?;
        Self::sort_in(n_baskets, basket, item.to_vec(), Arc::new(labels), &Unwatched)
    }

    /// Baskets from compressed sparse rows: basket b holds `codes[offsets[b]..offsets[b + 1]]`, places in
    /// `labels`, in any order.
    ///
    /// # Errors
    /// Offsets that do not start at 0, fall, or do not end at the number of codes; codes without a label; labels
    /// given twice.
    ///
    /// ```
    /// use patronage::transactions::{Baskets, Labels};
    /// let labels = Labels::Ints(vec![10, 20]);
    /// let baskets = Baskets::from_csr(vec![0, 2, 2, 3], vec![1, 0, 0], labels)?;
    /// assert_eq!(baskets.iter().collect::<Vec<_>>(), [&[0, 1][..], &[], &[0]]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn from_csr(offsets: Vec<u64>, codes: Vec<u32>, labels: Labels) -> Result<Self> {
        let ends_match = offsets.first() == Some(&0) && offsets.last() == Some(&(codes.len() as u64));
        if !ends_match || !offsets.is_sorted() {
            return Err(Error::parameter(
                "offsets",
                format!("{} values", offsets.len()),
                "values that start at 0, never fall, and end at the number of items",
            ));
        }
        in_range("item", &codes, labels.len())?;
        distinct(&labels)?;
        Self::pack(offsets, codes, Arc::new(labels), &Unwatched)
    }

    /// Counting sort of coded rows by basket; rows that stand in order of their baskets stay where they are.
    pub(in crate::transactions) fn sort_in(
        n_baskets: usize,
        basket: &[u32],
        item: Vec<u32>,
        labels: Arc<Labels>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        // A basket's rows are first counted two places on, so that one place on its start can move to its end.
        let mut offsets = vec![0_u64; n_baskets + 2];
        for rows in basket.chunks(STRIDE) {
            watch.check()?;
            rows.iter().for_each(|&b| offsets[b as usize + 2] += 1);
        }
        let mut end = 0;
        for offset in &mut offsets {
            end += *offset;
            *offset = end;
        }
        let mut codes = item;
        if basket.is_sorted() {
            offsets.remove(0);
        } else {
            let item = codes;
            codes = vec![0; item.len()];
            for (baskets, items) in basket.chunks(STRIDE).zip(item.chunks(STRIDE)) {
                watch.check()?;
                for (&b, &i) in baskets.iter().zip(items) {
                    let place = &mut offsets[b as usize + 1];
                    codes[*place as usize] = i;
                    *place += 1;
                }
            }
            offsets.pop();
        }
        Self::pack(offsets, codes, labels, watch)
    }

    /// Sorts each basket and drops what it holds twice.
    pub(super) fn pack(
        mut offsets: Vec<u64>,
        mut codes: Vec<u32>,
        labels: Arc<Labels>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        if offsets.len() as u64 - 1 > Self::MAX_LEN {
            return Err(Error::LimitExceeded {
                what: "the number of baskets".into(),
                limit: Self::MAX_LEN,
                mend: "split the log".into(),
            });
        }
        let total = codes.len();
        let (mut kept, mut start, mut empty) = (0, 0, 0);
        for (done, offset) in offsets[1..].iter_mut().enumerate() {
            if done % STRIDE == 0 {
                watch.check()?;
            }
            let end = *offset as usize;
            let basket = &mut codes[start..end];
            let strictly = basket.is_sorted_by(|a, b| a < b);
            if !strictly {
                basket.sort_unstable();
            }
            let first = kept;
            if strictly && kept == start {
                kept = end; // nothing dropped so far: the basket stays where it is
            } else {
                for place in start..end {
                    if kept == first || codes[kept - 1] != codes[place] {
                        codes[kept] = codes[place];
                        kept += 1;
                    }
                }
            }
            empty += u64::from(kept == first);
            *offset = kept as u64;
            start = end;
        }
        codes.truncate(kept);
        let repeated = (total - kept) as u64;
        Ok(Self { offsets, codes, labels, ids: None, ancestors: Ancestors::default(), repeated, empty })
    }
}

fn in_range(name: &str, codes: &[u32], end: usize) -> Result<()> {
    let outside = |code: u32| code as usize >= end;
    let Some(row) = codes.iter().position(|&c| outside(c)) else { return Ok(()) };
    Err(Error::InvalidValue {
        column: name.into(),
        row: row as u64,
        count: codes.iter().filter(|&&c| outside(c)).count() as u64,
        problem: format!("the code {} is not below {end}", codes[row]),
        mend: "give codes that have a label".into(),
    })
}

pub(super) fn distinct(labels: &Labels) -> Result<()> {
    let mut sorted: Vec<Id<'_>> = labels.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => Err(Error::parameter("labels", pair[0], "each label once")),
    }
}
