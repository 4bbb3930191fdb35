//! The search for rules in itemsets.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{Columns, Rules};
use crate::association::itemsets::{Itemsets, trie};
use crate::association::mine::Kind;
use crate::association::threshold::Share;
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

/// Nodes of the itemsets in one parallel task.
const CHUNK: usize = 1 << 10;
/// Splits between two looks at the watch.
const TICK: u64 = 1 << 12;

/// A search for association rules: each itemset is split in all ways into an antecedent X and a consequent Y, and
/// X → Y is a rule if enough of the baskets with X hold Y (Agrawal and Srikant 1994).
///
/// From frequent itemsets come all rules; from closed ones those whose items together are a closed set, which
/// have the highest support among rules of equal counts.
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
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct RuleSearch<'a> {
    itemsets: &'a Itemsets,
    min_confidence: f64,
    max_antecedent: Option<u64>,
    max_consequent: Option<u64>,
    max_rules: u64,
}

impl<'a> RuleSearch<'a> {
    /// The limit on the number of rules unless another is set: ten million.
    pub const MAX_RULES: u64 = 10_000_000;

    pub(in crate::association) fn new(itemsets: &'a Itemsets) -> Self {
        Self {
            itemsets,
            min_confidence: 0.5,
            max_antecedent: None,
            max_consequent: None,
            max_rules: Self::MAX_RULES,
        }
    }

    /// The least confidence, a share in [0, 1], compared exactly as the decimal it is written as; 0.5 unless set.
    pub fn min_confidence(self, min_confidence: f64) -> Self {
        Self { min_confidence, ..self }
    }

    /// The largest number of items in an antecedent, at least 1.
    pub fn max_antecedent(self, items: u64) -> Self {
        Self { max_antecedent: Some(items), ..self }
    }

    /// The largest number of items in a consequent, at least 1.
    pub fn max_consequent(self, items: u64) -> Self {
        Self { max_consequent: Some(items), ..self }
    }

    /// The largest number of rules before the search gives up; [`RuleSearch::MAX_RULES`] unless set.
    pub fn max_rules(self, rules: u64) -> Self {
        Self { max_rules: rules, ..self }
    }

    /// Searches.
    ///
    /// # Errors
    /// A confidence outside [0, 1]; itemsets that do not tell the support of every part of a rule (maximal ones,
    /// generators, closed ones of limited length, those to contain certain items); [`Error::LimitExceeded`].
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
        for (name, limit) in
            [("max_antecedent", self.max_antecedent), ("max_consequent", self.max_consequent)]
        {
            if limit == Some(0) {
                return Err(Error::parameter(name, 0, "at least 1, or none for no limit"));
            }
        }
        let itemsets = self.itemsets;
        match (itemsets.kind(), itemsets.max_length()) {
            (Kind::Frequent, _) | (Kind::Closed, None) => {}
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
        }
        if itemsets.contain_items() {
            let expected =
                "no items that all itemsets contain for rules: the support of what lacks them is unknown";
            return Err(Error::parameter("containing", "some items", expected));
        }
        let splitter = Splitter {
            itemsets,
            least,
            max_antecedent: self.max_antecedent.unwrap_or(u64::MAX),
            max_consequent: self.max_consequent.unwrap_or(u64::MAX),
            max_rules: self.max_rules,
            found: AtomicU64::new(0),
            watch,
        };
        itemsets.index(watch)?;
        let n_nodes = itemsets.nodes().len();
        let done = AtomicU64::new(0);
        let parts: Vec<Columns> = (0..n_nodes.div_ceil(CHUNK))
            .into_par_iter()
            .with_max_len(1)
            .map(|chunk| {
                let nodes = chunk * CHUNK..((chunk + 1) * CHUNK).min(n_nodes);
                let size = nodes.len() as u64;
                let part = splitter.split(nodes)?;
                watch.progress(done.fetch_add(size, Ordering::Relaxed) + size, n_nodes as u64);
                Ok(part)
            })
            .collect::<Result<_>>()?;
        let mut columns = Columns::default();
        parts.into_iter().for_each(|part| columns.append(part));
        let mut order: Vec<u32> = vec![0; itemsets.places().len()];
        (0..).zip(itemsets.places()).for_each(|(item, &place)| order[place as usize] = item);
        let items = itemsets.items().take(&order);
        Ok(Rules::new(itemsets.n_baskets(), itemsets.min_count(), self.min_confidence, items, columns))
    }
}

struct Splitter<'a> {
    itemsets: &'a Itemsets,
    least: Share,
    max_antecedent: u64,
    max_consequent: u64,
    max_rules: u64,
    found: AtomicU64,
    watch: &'a dyn Watch,
}

impl Splitter<'_> {
    /// The rules of some itemsets.
    fn split(&self, nodes: std::ops::Range<usize>) -> Result<Columns> {
        let mut columns = Columns::default();
        let (mut work, mut reported) = (0, 0);
        for node in nodes {
            let count = self.itemsets.nodes()[node].count;
            if !self.itemsets.lists(node as u32) {
                continue;
            }
            let mut set: Vec<u32> = trie::path(self.itemsets.nodes(), node as u32).collect();
            set.sort_unstable_by(|a, b| b.cmp(a));
            let mut in_consequent = vec![false; set.len()];
            let mut chosen: Vec<usize> = Vec::new();
            let mut next = 0;
            // All consequents by depth first. What a larger consequent leaves is a smaller antecedent, in no fewer
            // baskets: where the confidence is too low, it is so for all that grows from there.
            loop {
                let may_grow = chosen.len() + 1 < set.len() && (chosen.len() as u64) < self.max_consequent;
                if may_grow && next < set.len() {
                    chosen.push(next);
                    in_consequent[next] = true;
                    work += 1;
                    if work % TICK == 0 {
                        self.report(&columns, &mut reported)?;
                    }
                    let confident = self.rule(&set, &in_consequent, count, &mut columns);
                    if !confident {
                        in_consequent[next] = false;
                        chosen.pop();
                    }
                    next += 1;
                } else if let Some(last) = chosen.pop() {
                    in_consequent[last] = false;
                    next = last + 1;
                } else {
                    break;
                }
            }
        }
        self.report(&columns, &mut reported)?;
        Ok(columns)
    }

    /// Adds the rule of one split if it is one; says whether it is confident enough.
    fn rule(&self, set: &[u32], in_consequent: &[bool], count: u32, columns: &mut Columns) -> bool {
        let side = |wanted: bool| {
            set.iter().zip(in_consequent).filter(move |&(_, &is_in)| is_in == wanted).map(|(&item, _)| item)
        };
        let antecedent: Vec<u32> = side(false).collect();
        // Every part of a frequent set is frequent, so both counts are known.
        let Some(antecedent_count) = self.itemsets.count(&antecedent) else { return false };
        if u64::from(count) < self.least.of(antecedent_count.into()) {
            return false;
        }
        if antecedent.len() as u64 <= self.max_antecedent {
            let consequent: Vec<u32> = side(true).collect();
            let Some(consequent_count) = self.itemsets.count(&consequent) else { return false };
            let places = self.itemsets.places();
            let place = |item: u32| places[item as usize];
            columns.push(
                antecedent.into_iter().map(place),
                consequent.into_iter().map(place),
                [antecedent_count, consequent_count, count],
            );
        }
        true
    }

    fn report(&self, columns: &Columns, reported: &mut u64) -> Result<()> {
        self.watch.check()?;
        let new = columns.counts.len() as u64 - *reported;
        *reported += new;
        if self.found.fetch_add(new, Ordering::Relaxed) + new > self.max_rules {
            return Err(Error::LimitExceeded {
                what: format!("the number of rules from {} itemsets", self.itemsets.len()),
                limit: self.max_rules,
                mend: "raise min_confidence, min_support or max_rules, or limit max_consequent".into(),
            });
        }
        Ok(())
    }
}
