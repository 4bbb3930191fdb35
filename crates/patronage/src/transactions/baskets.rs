//! Baskets of items: what was bought together, coded and packed.

use serde::{Deserialize, Serialize};

use super::ids::{Dictionary, Id, IdColumn, Labels};
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

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
#[serde(try_from = "Stored")]
pub struct Baskets {
    offsets: Vec<u64>,
    codes: Vec<u32>,
    labels: Labels,
    repeated: u64,
    #[serde(skip)]
    empty: u64,
}

impl Baskets {
    /// The largest number of baskets.
    pub const MAX_LEN: u64 = u32::MAX as u64 - 1;

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
        let mut items = Dictionary::new("item");
        let (mut offsets, mut codes) = (vec![0], Vec::new());
        for list in lists {
            for item in list {
                codes.push(items.code_of(item)?);
            }
            offsets.push(codes.len() as u64);
        }
        let (labels, place) = items.into_sorted();
        codes.iter_mut().for_each(|code| *code = place[*code as usize]);
        Self::pack(offsets, codes, labels, &Unwatched)
    }

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

    /// Baskets from coded rows: row r says that basket `basket[r]` (below `n_baskets`) holds `item[r]`, a place
    /// in `labels`. A basket that no row names is empty.
    ///
    /// # Errors
    /// Columns of unequal length, codes out of range, labels given twice.
    pub fn from_codes(n_baskets: usize, basket: &[u32], item: &[u32], labels: Labels) -> Result<Self> {
        in_range("basket", basket, n_baskets)?;
        in_range("item", item, labels.len())?;
        distinct(&labels)?;
        Self::sort_in(n_baskets, basket, item, labels, &Unwatched)
    }

    /// Counting sort of coded rows by basket.
    fn sort_in(
        n_baskets: usize,
        basket: &[u32],
        item: &[u32],
        labels: Labels,
        watch: &dyn Watch,
    ) -> Result<Self> {
        if basket.len() != item.len() {
            return Err(Error::UnequalLength {
                column: "item".into(),
                expected: basket.len(),
                found: item.len(),
            });
        }
        // The offsets first count the basket before, then stand at the starts, and end at the ends.
        let mut offsets = vec![0_u64; n_baskets + 1];
        for rows in basket.chunks(STRIDE) {
            watch.check()?;
            rows.iter().for_each(|&b| offsets[b as usize + 1] += 1);
        }
        for b in 0..n_baskets {
            offsets[b + 1] += offsets[b];
        }
        let mut next = offsets.clone();
        let mut codes = vec![0; item.len()];
        for (baskets, items) in basket.chunks(STRIDE).zip(item.chunks(STRIDE)) {
            watch.check()?;
            for (&b, &i) in baskets.iter().zip(items) {
                let place = &mut next[b as usize];
                codes[*place as usize] = i;
                *place += 1;
            }
        }
        Self::pack(offsets, codes, labels, watch)
    }

    /// Baskets from compressed sparse rows: basket b holds `codes[offsets[b]..offsets[b + 1]]`, places in
    /// `labels`, in any order.
    ///
    /// # Errors
    /// Offsets that do not start at 0, fall, or do not end at the number of codes; codes without a label; labels
    /// given twice.
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
        Self::pack(offsets, codes, labels, &Unwatched)
    }

    /// Sorts each basket and drops what it holds twice.
    fn pack(mut offsets: Vec<u64>, mut codes: Vec<u32>, labels: Labels, watch: &dyn Watch) -> Result<Self> {
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
            if !basket.is_sorted_by(|a, b| a < b) {
                basket.sort_unstable();
            }
            let first = kept;
            for place in start..end {
                if kept == first || codes[kept - 1] != codes[place] {
                    codes[kept] = codes[place];
                    kept += 1;
                }
            }
            empty += u64::from(kept == first);
            *offset = kept as u64;
            start = end;
        }
        codes.truncate(kept);
        Ok(Self { offsets, codes, labels, repeated: (total - kept) as u64, empty })
    }

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
        if basket.len() != item.len() {
            return Err(Error::UnequalLength {
                column: self.item.name.clone(),
                expected: basket.len(),
                found: item.len(),
            });
        }
        self.basket.push(basket, watch)?;
        self.item.push(item, watch)
    }

    /// The baskets, in the order of their ids.
    ///
    /// # Errors
    /// Rows without a basket or an item; too many baskets; [`Error::Cancelled`].
    pub fn finish(self, watch: &dyn Watch) -> Result<Baskets> {
        let (baskets, basket_codes) = self.basket.finish(watch)?;
        let (items, item_codes) = self.item.finish(watch)?;
        Baskets::sort_in(baskets.len(), &basket_codes, &item_codes, items, watch)
    }
}

/// Codes the ids of a column; a missing id is an error in the end.
#[derive(Debug, Clone)]
struct Coder {
    name: String,
    dictionary: Dictionary,
    codes: Vec<u32>,
    rows: u64,
    first_missing: u64,
}

impl Coder {
    fn new(name: &str) -> Self {
        let dictionary = Dictionary::new(name);
        Self { name: name.into(), dictionary, codes: Vec::new(), rows: 0, first_missing: 0 }
    }

    fn push(&mut self, column: &IdColumn<'_>, watch: &dyn Watch) -> Result<()> {
        for row in 0..column.len() {
            if row % STRIDE == 0 {
                watch.check()?;
            }
            if let Some(id) = column.get(row) {
                self.codes.push(self.dictionary.code_of(id)?);
            } else if self.codes.len() as u64 == self.rows {
                self.first_missing = self.rows;
            }
            self.rows += 1;
        }
        Ok(())
    }

    /// The ids in their order, and the place of each row's among them.
    fn finish(mut self, watch: &dyn Watch) -> Result<(Labels, Vec<u32>)> {
        let missing = self.rows - self.codes.len() as u64;
        if missing > 0 {
            return Err(Error::InvalidValue {
                column: self.name,
                row: self.first_missing,
                count: missing,
                problem: "the id is missing".into(),
                mend: "drop these rows or give them an id".into(),
            });
        }
        watch.check()?;
        let (labels, place) = self.dictionary.into_sorted();
        for codes in self.codes.chunks_mut(STRIDE) {
            watch.check()?;
            codes.iter_mut().for_each(|code| *code = place[*code as usize]);
        }
        Ok((labels, self.codes))
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

fn distinct(labels: &Labels) -> Result<()> {
    let mut sorted: Vec<Id<'_>> = labels.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => Err(Error::parameter("labels", pair[0], "each label once")),
    }
}

/// What is written; the rest follows from it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    offsets: Vec<u64>,
    codes: Vec<u32>,
    labels: Labels,
    repeated: u64,
}

impl TryFrom<Stored> for Baskets {
    type Error = Error;
    fn try_from(stored: Stored) -> Result<Self> {
        let read = Self::from_csr(stored.offsets, stored.codes, stored.labels)?;
        Ok(Self { repeated: stored.repeated.saturating_add(read.repeated), ..read })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
