//! A request for itemsets, checked against the baskets it is put to.

use std::borrow::Cow;

use super::limits::{Limit, Limited};
use super::mine::{Kind, Mine, Target};
use super::miner::{self, Bounds, Found, Request};
use crate::error::{Error, Result};
use crate::transactions::{Baskets, Id};
use crate::watch::Watch;

/// Baskets between two looks at the watch.
const STRIDE: usize = 1 << 13;

/// What to search, and in which baskets.
pub(super) struct Plan<'b> {
    baskets: Cow<'b, Baskets>,
    request: Request,
    min_count: u64,
    min_length: usize,
    /// The least count of sets of 1, 2, 3 … items, where they differ.
    border: Vec<u64>,
}

impl<'b> Plan<'b> {
    pub(super) fn new(mine: &Mine<'_>, baskets: &'b Baskets, watch: &dyn Watch) -> Result<Self> {
        let n = baskets.len() as u64;
        let given = codes(baskets, &mine.containing)?;
        check_lengths(mine, &given)?;
        let without = codes(baskets, &mine.without)?;
        let mut allowed = match &mine.only {
            None => vec![true; baskets.labels().len()],
            Some(only) => {
                let mut allowed = vec![false; baskets.labels().len()];
                codes(baskets, only)?.into_iter().for_each(|code| allowed[code as usize] = true);
                allowed
            }
        };
        without.iter().for_each(|&code| allowed[code as usize] = false);
        if let Some(&code) = given.iter().find(|&&code| !allowed[code as usize]) {
            let item = baskets.labels().get(code).map_or(String::new(), |id| id.to_string());
            return Err(Error::parameter("containing", item, "an item that sets may hold"));
        }
        if !given.is_empty() && !matches!(mine.kind, Kind::Frequent | Kind::Closed) {
            let expected = "'frequent' or 'closed' sets to contain certain items";
            return Err(Error::parameter("kind", format!("'{}'", mine.kind.name()), expected));
        }
        if !given.is_empty() && baskets.has_ancestors() {
            let expected = "baskets of one level: the ancestors of an item are in every basket with it";
            return Err(Error::parameter("containing", "some items", expected));
        }
        let border = match &mine.target {
            Target::Border(supports) => supports.iter().map(|s| s.of(n)).collect::<Result<Vec<u64>>>()?,
            _ => Vec::new(),
        };
        let min_count = match &mine.target {
            Target::Support(support) => support.of(n)?,
            Target::Border(_) => {
                let least = border.iter().copied().min();
                let expected = "a support for at least one length";
                least.ok_or_else(|| Error::parameter("min_support", "an empty list", expected))?
            }
            Target::Top(_) => 1,
        };
        let restricted = mine.only.is_some() || !without.is_empty();
        let mut plan = Self {
            baskets: if given.is_empty() {
                Cow::Borrowed(baskets)
            } else {
                Cow::Owned(holding(baskets, &given, watch)?)
            },
            request: Request {
                kind: mine.kind,
                min_count: small(min_count),
                max_length: mine
                    .max_length
                    .map_or(usize::MAX, |items| usize::try_from(items).unwrap_or(usize::MAX)),
                allowed: restricted.then_some(allowed),
                given,
                min_length: 1,
            },
            min_count,
            min_length: usize::try_from(mine.min_length).unwrap_or(usize::MAX),
            border,
        };
        if let Target::Top(sets) = mine.target {
            plan.set(plan.support_of_top(sets, watch)?);
        }
        Ok(plan)
    }

    fn set(&mut self, min_count: u64) {
        self.min_count = min_count;
        self.request.min_count = small(min_count);
    }

    /// How many items every set contains.
    pub(super) fn n_given(&self) -> usize {
        self.request.given.len()
    }

    pub(super) fn min_count(&self) -> u64 {
        self.min_count
    }

    pub(super) fn min_length(&self) -> usize {
        self.min_length
    }

    /// The least count of listed sets by length; nothing if it is that of all.
    pub(super) fn least(&self) -> Vec<u64> {
        let shorter = self.min_length - 1;
        if shorter == 0 {
            return self.border.clone();
        }
        let rest = self.border.iter().copied().skip(shorter);
        let last = self.border.last().copied().unwrap_or(self.min_count);
        let mut least: Vec<u64> = std::iter::repeat_n(u64::MAX, shorter.min(1 << 16)).chain(rest).collect();
        if least.len() == shorter {
            least.push(last);
        }
        least
    }

    /// Searches, or only counts.
    pub(super) fn search(&self, counting: bool, bounds: Bounds, watch: &dyn Watch) -> Result<Found> {
        miner::search(&self.baskets, &self.request, counting, bounds, watch)
    }

    /// The largest support that so many sets have.
    fn support_of_top(&self, sets: u64, watch: &dyn Watch) -> Result<u64> {
        if sets == 0 {
            return Err(Error::parameter("top", 0, "at least 1"));
        }
        self.countable("top")?;
        let long = Request { min_length: self.min_length, ..self.request.clone() };
        let reached = |min_count: u64| self.passes(&long, min_count, Limit::Itemsets(sets - 1), watch);
        // From above: where supports are high, counting is quick.
        let (mut low, mut high) = (self.baskets.len() as u64 + 1, self.baskets.len() as u64 + 1);
        while low > 1 {
            low = low.div_ceil(2);
            if reached(low)? {
                break;
            }
            high = low;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if reached(middle)? {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn countable(&self, asked: &'static str) -> Result<()> {
        if matches!(self.request.kind, Kind::Frequent | Kind::Closed) {
            return Ok(());
        }
        let kind = self.request.kind.name();
        Err(Error::parameter(asked, format!("of '{kind}' sets"), "'frequent' or 'closed' sets"))
    }

    /// Whether the sets of a support pass a limit.
    fn passes(&self, request: &Request, min_count: u64, limit: Limit, watch: &dyn Watch) -> Result<bool> {
        let request = Request { min_count: small(min_count), ..request.clone() };
        let bounds = match limit {
            Limit::Bytes(bytes) => Bounds { sets: u64::MAX, bytes: Some(bytes), time: None },
            Limit::Itemsets(sets) => Bounds { sets, bytes: None, time: None },
            Limit::Seconds(_) => Bounds { sets: u64::MAX, bytes: None, time: None },
        };
        Ok(miner::search(&self.baskets, &request, true, bounds, &Silent(watch))?.limit.is_some())
    }

    /// What to say of a search that passed a limit.
    pub(super) fn limited(&self, found: &Found, watch: &dyn Watch) -> Result<Option<Limited>> {
        let Some((limit, searched)) = found.limit else { return Ok(None) };
        let fits = match limit {
            Limit::Itemsets(_) => self.support_that_fits(limit, watch)?,
            // Trials that keep their sets would take the memory once more.
            Limit::Bytes(_) if self.countable("limit").is_ok() => self.support_that_fits(limit, watch)?,
            Limit::Bytes(_) | Limit::Seconds(_) => None,
        };
        let items = (found.codes.len() - self.request.given.len()) as u64;
        Ok(Some(Limited { limit, searched, items, fits }))
    }

    /// A support with few enough sets, found by halving the range while it is wide, and until there is one. For
    /// maximal sets and generators it is one with few enough frequent sets, which are quickly counted and no fewer.
    fn support_that_fits(&self, limit: Limit, watch: &dyn Watch) -> Result<Option<u64>> {
        let mut request = self.request.clone();
        if self.countable("limit").is_err() {
            request.kind = Kind::Frequent;
            request.max_length = usize::MAX;
        }
        let most = self.baskets.len() as u64;
        let (mut low, mut high) = (self.min_count, most + 1);
        while high - low > if high > most { 1 } else { 1 + low / 8 } {
            let middle = geometric_middle(low, high);
            if self.passes(&request, middle, limit, watch)? {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(Some(high).filter(|&high| high <= most))
    }
}

fn check_lengths(mine: &Mine<'_>, given: &[u32]) -> Result<()> {
    if mine.max_length == Some(0) {
        return Err(Error::parameter("max_length", 0, "at least 1, or none for no limit"));
    }
    if mine.min_length == 0 {
        return Err(Error::parameter("min_length", 0, "at least 1"));
    }
    if let Some(longest) = mine.max_length {
        if mine.min_length > longest {
            return Err(Error::parameter(
                "min_length",
                mine.min_length,
                &format!("at most max_length, {longest}"),
            ));
        }
        let n = given.len();
        if n as u64 > longest {
            let expected = format!("at least the {n} items that every set is to contain");
            return Err(Error::parameter("max_length", longest, &expected));
        }
    }
    Ok(())
}

/// The codes of items, each once.
fn codes(baskets: &Baskets, items: &[Id<'_>]) -> Result<Vec<u32>> {
    let mut codes = items
        .iter()
        .map(|item| {
            let code = baskets.labels().iter().position(|label| label == *item);
            code.map(|code| code as u32).ok_or_else(|| Error::UnknownName {
                what: "item".into(),
                name: item.to_string(),
                mend: "no basket holds it; check its spelling, and whether items are integers or strings"
                    .into(),
            })
        })
        .collect::<Result<Vec<u32>>>()?;
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

/// The baskets that hold all of some items, without these.
fn holding(baskets: &Baskets, given: &[u32], watch: &dyn Watch) -> Result<Baskets> {
    let (mut offsets, mut codes) = (vec![0], Vec::new());
    for (done, basket) in baskets.iter().enumerate() {
        if done % STRIDE == 0 {
            watch.check()?;
        }
        if given.iter().all(|code| basket.binary_search(code).is_ok()) {
            codes.extend(basket.iter().filter(|code| !given.contains(code)));
            offsets.push(codes.len() as u64);
        }
    }
    Baskets::from_csr(offsets, codes, baskets.labels().clone())
}

/// No basket count reaches what does not fit.
fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A number strictly between two others that are more than 1 apart.
fn geometric_middle(low: u64, high: u64) -> u64 {
    (u128::from(low) * u128::from(high)).isqrt().clamp(u128::from(low) + 1, u128::from(high) - 1) as u64
}

/// A watch without progress: for trials beside the search.
struct Silent<'a>(&'a dyn Watch);

impl Watch for Silent<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
