//! The search for rules in itemsets.

mod closed;
mod limits;
mod splits;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use self::limits::Limits;
use super::Rules;
use super::recommend::Firing;
use super::sets::Sets;
use super::significance::check_alpha;
use crate::association::itemsets::Itemsets;
use crate::association::itemsets::branches::Branches;
use crate::association::mine::Kind;
use crate::association::threshold::Share;
use crate::error::{Error, Result};
use crate::math::Hypergeometric;
use crate::transactions::Id;
use crate::watch::{Unwatched, Watch};

/// Nodes of the itemsets in one parallel task.
const CHUNK: usize = 1 << 11;
/// Splits between two looks at the watch.
const TICK: u64 = 1 << 14;

/// A search for association rules: each itemset is split in all ways into an antecedent X and a consequent Y, and
/// X → Y is a rule if enough of the baskets with X hold Y (Agrawal and Srikant 1994).
///
/// From frequent itemsets come all rules; from closed ones those whose items together are a closed set, which
/// have the highest support among rules of equal counts. Limits on sizes and items cut the search short: sets that
/// can give no rule are not looked at.
///
/// ```
/// use patronage::association::{Baskets, Measure, Mine};
/// let baskets = Baskets::from_lists([vec!["beer", "milk"], vec!["beer"], vec!["beer", "milk"], vec!["cola"]])?;
/// let itemsets = Mine::new().min_support(0.5).run(&baskets)?;
/// let rules = itemsets.rules().min_confidence(0.9).run()?;
/// assert_eq!(rules.len(), 1);
/// for rule in rules.iter() {
///     assert_eq!(rule.confidence(), 1.0); // milk → beer
///     assert_eq!(rule.measure(Measure::Conviction), f64::INFINITY);
/// }
/// assert_eq!(itemsets.rules().antecedent_contains(["beer"]).run()?.len(), 1); // beer → milk
/// assert!(itemsets.rules().without(["beer"]).run()?.is_empty());
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct RuleSearch<'a> {
    itemsets: &'a Itemsets,
    min_confidence: f64,
    limits: Limits,
    minimal: bool,
    max_rules: u64,
}

impl<'a> RuleSearch<'a> {
    /// The limit on the number of rules unless another is set: ten million.
    pub const MAX_RULES: u64 = 10_000_000;

    pub(in crate::association) fn new(itemsets: &'a Itemsets) -> Self {
        let limits = Limits::new(itemsets.items().len());
        Self { itemsets, min_confidence: 0.5, limits, minimal: false, max_rules: Self::MAX_RULES }
    }

    /// The least confidence, a share in [0, 1], compared exactly as the decimal it is written as; 0.5 unless set.
    pub fn min_confidence(self, min_confidence: f64) -> Self {
        Self { min_confidence, ..self }
    }

    /// The largest number of items in an antecedent, at least 1.
    pub fn max_antecedent(mut self, items: u64) -> Self {
        self.limits.max_antecedent = Some(items);
        self
    }

    /// The largest number of items in a consequent, at least 1.
    pub fn max_consequent(mut self, items: u64) -> Self {
        self.limits.max_consequent = Some(items);
        self
    }

    /// Antecedents hold no other items than these. Items that are not frequent are in no rule anyway.
    pub fn antecedent_from<'b>(mut self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Self {
        self.limits.only(limits::ANTECEDENT, &self.known(items));
        self
    }

    /// Consequents hold no other items than these. Items that are not frequent are in no rule anyway.
    pub fn consequent_from<'b>(mut self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Self {
        self.limits.only(limits::CONSEQUENT, &self.known(items));
        self
    }

    /// Rules hold none of these items, on neither side.
    pub fn without<'b>(mut self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Self {
        let items = self.known(items);
        self.limits.without(&items);
        self
    }

    /// Rules hold all of these items, on either side.
    pub fn must_contain<'b>(mut self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Self {
        let items = self.needed(items);
        self.limits.require(&items);
        self
    }

    /// Antecedents hold all of these items.
    pub fn antecedent_contains<'b>(mut self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Self {
        let items = self.needed(items);
        self.limits.require_in(limits::ANTECEDENT, &items);
        self
    }

    /// Consequents hold all of these items.
    pub fn consequent_contains<'b>(mut self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Self {
        let items = self.needed(items);
        self.limits.require_in(limits::CONSEQUENT, &items);
        self
    }

    /// Whether to find only the minimal non-redundant rules: those from a generator to the rest of a closed set, from
    /// which all others follow (see [`Rules::minimal`]). They are the same from frequent and from closed itemsets,
    /// from which they are found sooner where closed sets are few.
    pub fn minimal(self, minimal: bool) -> Self {
        Self { minimal, ..self }
    }

    /// The largest number of rules before the search gives up; [`RuleSearch::MAX_RULES`] unless set.
    pub fn max_rules(self, rules: u64) -> Self {
        Self { max_rules: rules, ..self }
    }

    fn numbers<'b>(&self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Vec<(Id<'b>, Option<u32>)> {
        let labels = self.itemsets.items();
        let number = |id: Id<'b>| labels.iter().position(|label| label == id).map(|place| place as u32);
        items.into_iter().map(Into::into).map(|id| (id, number(id))).collect()
    }

    fn known<'b>(&self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Vec<u32> {
        self.numbers(items).into_iter().filter_map(|(_, number)| number).collect()
    }

    /// Items that must be frequent, as there is no rule else.
    fn needed<'b>(&mut self, items: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Vec<u32> {
        let numbers = self.numbers(items);
        let unknown = numbers.iter().find(|(_, number)| number.is_none()).map(|(id, _)| id.to_string());
        self.limits.unknown = self.limits.unknown.take().or(unknown);
        numbers.into_iter().filter_map(|(_, number)| number).collect()
    }

    /// How many of the candidates could be significant at all: the number of tests to correct for after Tarone (1990)
    /// and Terada et al. (2013, LAMP). A candidate whose sides are in so few or so many baskets that the least p-value
    /// of Fisher's test it could have is above α / k cannot pass, and need not be counted among k tests. The answer is
    /// the least k that is no less than the number of those left. Candidates are the splits of the itemsets, as for
    /// [`Rules::n_examined`], whatever their confidence.
    ///
    /// # Errors
    /// α outside (0, 1]; more candidates than the limit on rules; as [`RuleSearch::run`].
    pub fn n_testable(&self, alpha: f64, watch: &dyn Watch) -> Result<u64> {
        check_alpha(alpha)?;
        let all = Self { min_confidence: 0.0, minimal: false, ..self.clone() }.run_watched(watch)?;
        let mut least: FxHashMap<[u64; 2], f64> = FxHashMap::default();
        let mut p_values = Vec::with_capacity(all.len());
        for (done, rule) in all.iter().enumerate() {
            if (done as u64).is_multiple_of(TICK) {
                watch.check()?;
            }
            let counts = rule.counts();
            let [x, y] = [counts.antecedent(), counts.consequent()];
            let chance = Hypergeometric::new(counts.n(), x, y);
            p_values.push(
                *least.entry([x.min(y), x.max(y)]).or_insert_with(|| chance.probability(chance.most())),
            );
        }
        p_values.sort_unstable_by(f64::total_cmp);
        let left = |k: usize| p_values.partition_point(|&p| p <= alpha / k as f64);
        Ok((1..=all.len().max(1)).find(|&k| left(k) <= k).unwrap_or(1) as u64)
    }

    /// Searches.
    ///
    /// # Errors
    /// A confidence outside [0, 1]; itemsets that do not tell the support of every part of a rule (maximal ones,
    /// generators, closed ones of limited length, those to contain certain items); an item that rules must hold and that is not frequent;
    /// [`Error::LimitExceeded`].
    pub fn run(&self) -> Result<Rules> {
        self.run_watched(&Unwatched)
    }

    /// Searches, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`RuleSearch::run`]; [`Error::Cancelled`].
    pub fn run_watched(&self, watch: &dyn Watch) -> Result<Rules> {
        let Some(least) = Share::new(self.min_confidence) else {
            return Err(Error::parameter("min_confidence", self.min_confidence, "a share in [0, 1]"));
        };
        self.limits.check()?;
        let itemsets = self.itemsets;
        if itemsets.contain_items() {
            let expected =
                "no items that all itemsets contain for rules: the support of what lacks them is unknown";
            return Err(Error::parameter("containing", "some items", expected));
        }
        let budget =
            Budget { max_rules: self.max_rules, n_sets: itemsets.len(), found: AtomicU64::new(0), watch };
        let (sets, found) = match (itemsets.kind(), itemsets.max_length()) {
            (Kind::Frequent, _) => {
                let branches = Branches::new(itemsets.nodes(), watch)?;
                let found = in_chunks(itemsets.nodes().len(), watch, |range| {
                    splits::search(itemsets, &branches, least, &self.limits, range, &budget)
                })?;
                let sets = Sets::new(
                    itemsets.items().clone(),
                    itemsets.nodes().to_vec(),
                    true,
                    itemsets.max_length().is_some(),
                );
                (sets.with_branches(branches), found)
            }
            (Kind::Closed, None) => {
                itemsets.index(watch)?;
                let parts = in_chunks(itemsets.nodes().len(), watch, |range| {
                    closed::search(itemsets, least, &self.limits, self.minimal, range, &budget)
                })?;
                closed::joined(itemsets, parts, watch)?
            }
            (Kind::Closed, Some(length)) => {
                let expected =
                    "no limit on the length of closed itemsets for rules, so that closures are not cut off";
                return Err(Error::parameter("max_length", length, expected));
            }
            (kind, _) => {
                let expected =
                    "'frequent' or 'closed' itemsets for rules: others do not tell the support of every part";
                return Err(Error::parameter("kind", format!("'{}'", kind.name()), expected));
            }
        };
        let n_examined = found.iter().fold(0_u64, |sum, part| sum.saturating_add(part.examined));
        let mut splits = Vec::with_capacity(found.iter().map(|part| part.rules.len()).sum());
        found.into_iter().for_each(|part| splits.extend(part.rules));
        let rules = Rules {
            n_baskets: itemsets.n_baskets(),
            min_count: itemsets.min_count(),
            min_confidence: self.min_confidence,
            n_examined,
            sets: Arc::new(sets),
            splits,
            tested: None,
            firing: Firing::default(),
        };
        if self.minimal && itemsets.kind() == Kind::Frequent {
            rules.minimal_watched(watch)
        } else {
            Ok(rules)
        }
    }
}

/// The rules of some itemsets, and how many splits they were chosen from.
#[derive(Debug, Default)]
struct Found {
    rules: Vec<[u32; 3]>,
    examined: u64,
}

/// Searches the nodes chunk by chunk; the answers stand in the order of the chunks.
fn in_chunks<T: Send>(
    n_nodes: usize,
    watch: &dyn Watch,
    search: impl Fn(std::ops::Range<usize>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let done = AtomicU64::new(0);
    (0..n_nodes.div_ceil(CHUNK))
        .into_par_iter()
        .with_max_len(1)
        .map(|chunk| {
            let nodes = chunk * CHUNK..((chunk + 1) * CHUNK).min(n_nodes);
            let size = nodes.len() as u64;
            let part = search(nodes)?;
            watch.progress(done.fetch_add(size, Ordering::Relaxed) + size, n_nodes as u64);
            Ok(part)
        })
        .collect()
}

/// How many rules there may be, and whether anybody still waits for them.
struct Budget<'a> {
    max_rules: u64,
    n_sets: usize,
    found: AtomicU64,
    watch: &'a dyn Watch,
}

impl Budget<'_> {
    /// Reports how many rules a task has found since it last did.
    fn report(&self, total: usize, reported: &mut u64) -> Result<()> {
        self.watch.check()?;
        let new = total as u64 - *reported;
        *reported += new;
        if self.found.fetch_add(new, Ordering::Relaxed) + new > self.max_rules {
            return Err(Error::LimitExceeded {
                what: format!("the number of rules from {} itemsets", self.n_sets),
                limit: self.max_rules,
                mend: "raise min_confidence, min_support or max_rules, or limit max_consequent".into(),
            });
        }
        Ok(())
    }
}
