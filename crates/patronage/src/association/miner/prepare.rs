//! Baskets as the search wants them: frequent items only, numbered from the most frequent one, in packed rows.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::masks::{MaskRow, WIDTH, bit};
use super::pairs::{self, Candidates, Pairs};
use super::rows::{Cell, Rows};
use crate::error::{Error, Result};
use crate::transactions::Baskets;
use crate::watch::Watch;

/// Baskets between two looks at the watch.
const STRIDE: usize = 1 << 13;

/// The frequent items.
pub(super) struct Items {
    /// The code in the baskets of each, the most frequent first; those of equal frequency in the order of their
    /// labels.
    pub codes: Vec<u32>,
    /// The baskets that hold each.
    pub counts: Vec<u32>,
}

impl Items {
    pub(super) fn new(baskets: &Baskets, min_count: u32, watch: &dyn Watch) -> Result<Self> {
        let mut counts = vec![0_u32; baskets.labels().len()];
        for codes in baskets.codes().chunks(STRIDE * 8) {
            watch.check()?;
            codes.iter().for_each(|&code| counts[code as usize] += 1);
        }
        let mut codes: Vec<u32> =
            (0..).zip(&counts).filter(|&(_, &n)| n >= min_count).map(|(code, _)| code).collect();
        codes.sort_by_key(|&code| std::cmp::Reverse(counts[code as usize]));
        let counts = codes.iter().map(|&code| counts[code as usize]).collect();
        Ok(Self { codes, counts })
    }
}

/// The baskets, reduced to some frequent items.
pub(super) struct Prepared<C> {
    /// Their parts of the most frequent items as bit masks, equal ones merged; empty if `rows` has to do.
    pub head: Vec<MaskRow>,
    /// How many items that are.
    pub n_head: usize,
    /// All their items.
    pub rows: Rows<C>,
    /// The pairs of the items not in the head, if they were counted.
    pub pairs: Option<Pairs>,
}

impl<C> Prepared<C> {
    /// The pairs of an item that may extend it, unless they must be looked for.
    pub(super) fn pairs_of(&self, item: usize) -> Option<&Candidates> {
        self.pairs.as_ref().map(|pairs| pairs.of(item)).filter(|pairs| pairs.names.len() <= WIDTH)
    }
}

/// Packs the items from `in_all` on.
pub(super) fn prepare<C: Cell>(
    baskets: &Baskets,
    items: &Items,
    in_all: usize,
    min_count: u32,
    closures: bool,
    watch: &dyn Watch,
) -> Result<Prepared<C>> {
    let searched = &items.codes[in_all..];
    let counts = &items.counts[in_all..];
    let n_items = searched.len();
    let mut place = vec![u32::MAX; baskets.labels().len()];
    (0..).zip(searched).for_each(|(number, &code)| place[code as usize] = number);
    // What came before an item decides about closures, and would be missing in a mask of only the most frequent.
    let n_head = if closures && n_items > WIDTH { 0 } else { n_items.min(WIDTH) };
    let n_cells: usize = counts.iter().map(|&count| count as usize).sum();
    if n_cells.saturating_add(baskets.len() + 1) > Rows::<C>::MAX_CELLS {
        return Err(Error::LimitExceeded {
            what: "the number of frequent items in all baskets".into(),
            limit: Rows::<C>::MAX_CELLS as u64,
            mend: "raise min_support or split the baskets".into(),
        });
    }
    let all = (in_all as u32..items.codes.len() as u32).collect();
    let mut rows = Rows::new(all, counts.to_vec(), n_items);
    let has_tail = n_items > n_head;
    if has_tail {
        rows.reserve(n_cells + baskets.len());
    }
    let mut heads: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
    let longest = baskets.offsets().windows(2).map(|ends| ends[1] - ends[0]).max().unwrap_or(0);
    let mut row = vec![0_u32; longest as usize];
    // A row of a single item, whose count is known, matters only where a mask must tell what its rows share.
    let least = if closures { 1 } else { 2 };
    let mut sorter = Sorter::new(n_items);
    for (done, basket) in baskets.iter().enumerate() {
        if done % STRIDE == 0 {
            watch.check()?;
        }
        let mut length = 0;
        for &code in basket {
            let number = place[code as usize];
            row[length] = number;
            length += usize::from(number != u32::MAX);
        }
        let row = &mut row[..length];
        if length < least {
            continue;
        }
        if has_tail {
            sorter.descending(row);
            if row[0] as usize >= n_head {
                rows.push_numbers(row);
            }
        }
        let head = row.iter().filter(|&&number| (number as usize) < n_head);
        let mask = head.fold(0, |mask, &number| mask | bit(number as usize));
        if mask.count_ones() as usize >= least {
            *heads.entry(mask).or_insert(0) += 1;
        }
    }
    let pairs = if has_tail && !closures && n_items <= pairs::MAX_ITEMS {
        Some(Pairs::new(&rows, n_head, min_count, watch)?)
    } else {
        None
    };
    // What pairs tell need not be looked for.
    let is_wide = |item: usize| pairs.as_ref().is_none_or(|pairs| pairs.of(item).names.len() > WIDTH);
    rows.index(|item| item >= n_head && is_wide(item), !closures);
    let mut head: Vec<MaskRow> = heads.into_iter().map(|(mask, weight)| MaskRow { mask, weight }).collect();
    head.sort_unstable_by_key(|row| row.mask);
    Ok(Prepared { head, n_head, rows, pairs })
}

/// Sorts rows of numbers below a bound: long ones by setting bits.
struct Sorter {
    words: Vec<u64>,
}

impl Sorter {
    fn new(n_items: usize) -> Self {
        Self { words: vec![0; n_items.div_ceil(64)] }
    }

    fn descending(&mut self, row: &mut [u32]) {
        if row.len() < 16 || self.words.len() > 2 * row.len() {
            row.sort_unstable_by(|a, b| b.cmp(a));
            return;
        }
        row.iter().for_each(|&number| self.words[number as usize / 64] |= 1 << (number % 64));
        let mut next = row.iter_mut();
        for (place, word) in self.words.iter_mut().enumerate().rev() {
            while *word != 0 {
                let high = 63 - word.leading_zeros();
                *word ^= 1 << high;
                if let Some(cell) = next.next() {
                    *cell = place as u32 * 64 + high;
                }
            }
        }
    }
}
