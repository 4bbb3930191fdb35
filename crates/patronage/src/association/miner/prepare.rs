//! Baskets as the search wants them: frequent items only, numbered from the most frequent one, in packed rows.

use std::ops::{Range, RangeInclusive};

use hashbrown::HashMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::masks::{MaskRow, WIDTH, bit};
use super::pairs::{self, Pairs};
use super::rows::{Cell, Rows};
use super::task::Search;
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
    /// Those of the allowed items that so many baskets hold.
    pub(super) fn new(
        baskets: &Baskets,
        allowed: Option<&[bool]>,
        counts_in: RangeInclusive<u32>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let n_labels = baskets.labels().len();
        let count = |codes: &[u32]| {
            let mut counts = vec![0_u32; n_labels];
            for codes in codes.chunks(STRIDE * 8) {
                watch.check()?;
                codes.iter().for_each(|&code| counts[code as usize] += 1);
            }
            Ok(counts)
        };
        let part = baskets.codes().len().div_ceil(rayon::current_num_threads()).max(n_labels.max(STRIDE));
        let counts = baskets.codes().par_chunks(part).map(count).try_reduce_with(|mut a, b| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            Ok(a)
        });
        let counts = counts.unwrap_or_else(|| Ok(vec![0; n_labels]))?;
        let is_in = |code: u32, count| {
            counts_in.contains(&count) && allowed.is_none_or(|allowed| allowed[code as usize])
        };
        let mut codes: Vec<u32> =
            (0..).zip(&counts).filter(|&(code, &n)| is_in(code, n)).map(|(code, _)| code).collect();
        codes.sort_by_key(|&code| std::cmp::Reverse(counts[code as usize]));
        let counts = codes.iter().map(|&code| counts[code as usize]).collect();
        Ok(Self { codes, counts })
    }
}

/// The baskets, reduced to some frequent items.
pub(super) struct Prepared<C> {
    /// Name and count of each item.
    pub names: Vec<u32>,
    pub counts: Vec<u32>,
    pub shape: Shape<C>,
}

/// What they look like.
pub(super) enum Shape<C> {
    /// Few items: bit masks, equal ones merged.
    Masks(Vec<MaskRow>),
    /// Rows, and the pairs of the most frequent items where these are counted beforehand.
    Rows(Rows<C>, Pairs),
}

impl<C: Cell> Prepared<C> {
    /// The memory it takes.
    pub(super) fn bytes(&self) -> usize {
        match &self.shape {
            Shape::Masks(rows) => size_of_val(&rows[..]),
            Shape::Rows(rows, pairs) => rows.bytes() + pairs.bytes(),
        }
    }
}

/// Packs the items from `in_all` on.
pub(super) fn prepare<C: Cell>(
    baskets: &Baskets,
    items: &Items,
    in_all: usize,
    search: &Search<'_>,
) -> Result<Prepared<C>> {
    let (closures, watch) = (search.closures(), search.watch);
    let names: Vec<u32> = (in_all as u32..items.codes.len() as u32).collect();
    let counts = items.counts[in_all..].to_vec();
    let numbers = numbers(baskets, &items.codes[in_all..]);
    let readers = Reader::split(baskets, &numbers, watch);
    let shape = if names.len() <= WIDTH {
        Shape::Masks(masks(readers, closures)?)
    } else {
        let mut rows = rows(readers, baskets.len(), &names, &counts)?;
        let n_pairs = if closures { 0 } else { names.len().min(pairs::MAX_ITEMS) };
        let range = |support| search.min_count..=search.most(support);
        let pairs = Pairs::new(&rows, n_pairs, rayon::current_num_threads(), range, &search.related, watch)?;
        // What pairs tell need not be looked for.
        rows.index(|item| pairs.of(item).is_none(), !closures);
        Shape::Rows(rows, pairs)
    };
    Ok(Prepared { names, counts, shape })
}

fn masks(readers: Vec<Reader<'_>>, closures: bool) -> Result<Vec<MaskRow>> {
    // A row of a single item, whose count is known, matters only to tell what rows share.
    let least = if closures { 1 } else { 2 };
    let read = |mut reader: Reader<'_>| {
        let mut weights: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
        while let Some(row) = reader.next()? {
            if row.len() >= least {
                let mask = row.iter().fold(0, |mask, &number| mask | bit(number as usize));
                *weights.entry(mask).or_insert(0) += 1;
            }
        }
        Ok(weights)
    };
    let weights = readers.into_par_iter().map(read).try_reduce_with(|mut a, b| {
        b.into_iter().for_each(|(mask, weight)| *a.entry(mask).or_insert(0) += weight);
        Ok(a)
    });
    let weights = weights.unwrap_or_else(|| Ok(HashMap::default()))?;
    let mut rows: Vec<MaskRow> = weights.into_iter().map(|(mask, weight)| MaskRow { mask, weight }).collect();
    rows.sort_unstable_by_key(|row| row.mask);
    Ok(rows)
}

fn rows<C: Cell>(
    readers: Vec<Reader<'_>>,
    n_baskets: usize,
    names: &[u32],
    counts: &[u32],
) -> Result<Rows<C>> {
    let n_cells = counts.iter().map(|&count| u64::from(count)).sum::<u64>() + n_baskets as u64 + 1;
    if n_cells > u64::from(u32::MAX) {
        return Err(Error::LimitExceeded {
            what: "the number of frequent items in all baskets".into(),
            limit: u32::MAX.into(),
            mend: "raise min_support or split the baskets".into(),
        });
    }
    let part = n_cells as usize / readers.len().max(1);
    let read = |mut reader: Reader<'_>| {
        let mut rows = Rows::new(Vec::new(), Vec::new(), 0);
        rows.reserve(part);
        let mut sorter = Sorter::new(names.len());
        while let Some(row) = reader.next()? {
            if row.len() > 1 {
                sorter.descending(row);
                rows.push_numbers(row);
            }
        }
        Ok(rows)
    };
    let parts = readers.into_par_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Rows::joined(parts, names.to_vec(), counts.to_vec()))
}

/// The number of each code, or the largest for those that are left out.
fn numbers(baskets: &Baskets, codes: &[u32]) -> Vec<u32> {
    let mut numbers = vec![u32::MAX; baskets.labels().len()];
    (0..).zip(codes).for_each(|(number, &code)| numbers[code as usize] = number);
    numbers
}

/// Reads the frequent items of basket after basket by their numbers.
struct Reader<'a> {
    baskets: &'a Baskets,
    range: Range<usize>,
    numbers: &'a [u32],
    row: Vec<u32>,
    watch: &'a dyn Watch,
}

impl<'a> Reader<'a> {
    /// One a thread.
    fn split(baskets: &'a Baskets, numbers: &'a [u32], watch: &'a dyn Watch) -> Vec<Self> {
        let n = baskets.len();
        let part = n.div_ceil(rayon::current_num_threads()).max(STRIDE);
        let longest = baskets.iter().map(<[u32]>::len).max().unwrap_or(0);
        let reader = |start: usize| {
            let range = start..(start + part).min(n);
            Self { baskets, range, numbers, row: vec![0; longest], watch }
        };
        (0..n).step_by(part).map(reader).collect()
    }

    fn next(&mut self) -> Result<Option<&mut [u32]>> {
        let Some(place) = self.range.next() else { return Ok(None) };
        if place.is_multiple_of(STRIDE) {
            self.watch.check()?;
        }
        let mut length = 0;
        for &code in self.baskets.basket(place) {
            let number = self.numbers[code as usize];
            self.row[length] = number;
            length += usize::from(number != u32::MAX);
        }
        Ok(Some(&mut self.row[..length]))
    }
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
