//! The counts of all pairs, an item against all that follow it at a time.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering as Atomic};

use rayon::prelude::*;

use crate::association::threshold::Decimal;
use crate::error::{Error, Result};
use crate::transactions::Baskets;
use crate::watch::Watch;

/// Baskets between two looks at the watch.
const STRIDE: usize = 1 << 14;

/// What to keep, checked.
pub(super) struct Request {
    pub n: u64,
    pub min_item_count: u64,
    pub min_count: u64,
    pub min_expected: Decimal,
    pub min_lift: Option<Decimal>,
    pub max_lift: Option<Decimal>,
    pub max_pairs: u64,
}

impl Request {
    /// Whether to keep a pair; decided in integers.
    fn keeps(&self, a: u32, b: u32, both: u32) -> bool {
        let together = u128::from(self.n) * u128::from(both);
        let chance = u128::from(a) * u128::from(b);
        let lift = |limit: Decimal| limit.compare(together, chance);
        let wanted = match (self.min_lift, self.max_lift) {
            (None, None) => true,
            (least, most) => {
                least.is_some_and(|least| lift(least) != Ordering::Less)
                    || most.is_some_and(|most| lift(most) != Ordering::Greater)
            }
        };
        wanted
            && u64::from(both) >= self.min_count
            && self.min_expected.compare(chance, self.n.into()) != Ordering::Less
    }

    /// n² times the distance of the share of both from the product of their shares.
    fn distance(&self, a: u32, b: u32, both: u32) -> u128 {
        (u128::from(self.n) * u128::from(both)).abs_diff(u128::from(a) * u128::from(b))
    }
}

/// Two items and the baskets that hold both.
pub(super) type Pair = (u32, u32, u32);

/// What was found.
pub(super) struct Found {
    /// The code in the baskets of each frequent item.
    pub codes: Vec<u32>,
    /// Baskets of each.
    pub counts: Vec<u32>,
    /// Two items and the baskets that hold both, the farthest from chance first.
    pub pairs: Vec<Pair>,
    /// Pairs weighed.
    pub tested: u64,
}

/// Counts and weighs all pairs; `Ok(None)` if more are kept than the request allows.
pub(super) fn search(baskets: &Baskets, request: &Request, watch: &dyn Watch) -> Result<Option<Found>> {
    let frequent = Frequent::new(baskets, request.min_item_count, watch)?;
    let n_items = frequent.codes.len();
    let (kept, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let rows: Result<Vec<Option<Vec<Pair>>>> = (0..n_items)
        .into_par_iter()
        .with_max_len(8)
        .map_init(
            || vec![0_u32; n_items],
            |counts, a| {
                counts[a + 1..].fill(0);
                for some in frequent.holders(a).chunks(STRIDE) {
                    watch.check()?;
                    for &basket in some {
                        let items = frequent.basket(basket as usize);
                        let later = items.partition_point(|&item| item as usize <= a);
                        items[later..].iter().for_each(|&b| counts[b as usize] += 1);
                    }
                }
                watch.check()?;
                let later = (0_u32..).zip(&frequent.counts).zip(counts.iter()).skip(a + 1);
                let row: Vec<Pair> = later
                    .filter(|&((_, &count), &both)| request.keeps(frequent.counts[a], count, both))
                    .map(|((b, _), &both)| (a as u32, b, both))
                    .collect();
                let total = kept.fetch_add(row.len() as u64, Atomic::Relaxed) + row.len() as u64;
                watch.progress(done.fetch_add(1, Atomic::Relaxed) + 1, n_items as u64);
                Ok((total <= request.max_pairs).then_some(row))
            },
        )
        .collect();
    let Some(rows) = rows?.into_iter().collect::<Option<Vec<_>>>() else { return Ok(None) };
    let mut pairs = rows.concat();
    let count = |item: u32| frequent.counts[item as usize];
    pairs.sort_by_cached_key(|&(a, b, both)| std::cmp::Reverse(request.distance(count(a), count(b), both)));
    let tested = n_items as u64 * (n_items as u64).saturating_sub(1) / 2;
    Ok(Some(Found { codes: frequent.codes, counts: frequent.counts, pairs, tested }))
}

/// The baskets without infrequent items, both ways round.
struct Frequent {
    codes: Vec<u32>,
    counts: Vec<u32>,
    offsets: Vec<usize>,
    items: Vec<u32>,
    starts: Vec<usize>,
    holders: Vec<u32>,
}

impl Frequent {
    fn new(baskets: &Baskets, min_count: u64, watch: &dyn Watch) -> Result<Self> {
        let n_codes = baskets.labels().len();
        let mut all = vec![0_u32; n_codes];
        for codes in baskets.codes().chunks(STRIDE) {
            watch.check()?;
            codes.iter().for_each(|&code| all[code as usize] += 1);
        }
        let mut codes: Vec<u32> =
            (0..n_codes as u32).filter(|&code| u64::from(all[code as usize]) >= min_count).collect();
        // Labels that were given from outside may stand in any order.
        codes.sort_unstable_by_key(|&code| baskets.labels().get(code));
        let mut number = vec![u32::MAX; n_codes];
        (0..).zip(&codes).for_each(|(new, &code)| number[code as usize] = new);
        let counts: Vec<u32> = codes.iter().map(|&code| all[code as usize]).collect();
        let mut starts = vec![0];
        for &count in &counts {
            starts.push(starts.last().copied().unwrap_or(0) + count as usize);
        }
        let mut next = starts.clone();
        let (mut offsets, mut items) = (vec![0], Vec::new());
        let mut holders = vec![0; starts.last().copied().unwrap_or(0)];
        for (basket, codes) in (0_u32..).zip(baskets.iter()) {
            if (basket as usize).is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let start = items.len();
            let kept = codes.iter().map(|&code| number[code as usize]).filter(|&item| item != u32::MAX);
            items.extend(kept);
            let held = items.get_mut(start..).unwrap_or_default();
            held.sort_unstable();
            for &item in held.iter() {
                let place = &mut next[item as usize];
                holders[*place] = basket;
                *place += 1;
            }
            offsets.push(items.len());
        }
        if codes.len() > u32::MAX as usize / 2 {
            return Err(Error::LimitExceeded {
                what: "the number of frequent items".into(),
                limit: u64::from(u32::MAX / 2),
                mend: "raise min_item_support".into(),
            });
        }
        Ok(Self { codes, counts, offsets, items, starts, holders })
    }

    fn basket(&self, basket: usize) -> &[u32] {
        &self.items[self.offsets[basket]..self.offsets[basket + 1]]
    }

    /// The baskets of an item.
    fn holders(&self, item: usize) -> &[u32] {
        &self.holders[self.starts[item]..self.starts[item + 1]]
    }
}
