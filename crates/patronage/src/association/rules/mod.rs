//! Association rules: the table of those found, and what can be done with it.

mod counts;
mod explain;
mod formula;
mod holdout;
mod labels;
mod measures;
mod parts;
mod recommend;
mod redundancy;
mod rule;
mod search;
mod select;
mod sets;
mod significance;
mod stored;
pub(super) mod words;

use std::sync::Arc;

use rayon::prelude::*;

pub use self::counts::Counts;
pub use self::holdout::Checked;
pub use self::measures::Measure;
use self::recommend::Firing;
pub use self::recommend::Recommendation;
pub use self::rule::Rule;
pub use self::search::RuleSearch;
use self::sets::Sets;
pub(super) use self::significance::check_alpha;
pub use self::significance::{Correction, Test, Tested};
use crate::error::Result;
use crate::transactions::Labels;
use crate::watch::{Unwatched, Watch};

/// Rules in one parallel task.
const CHUNK: usize = 1 << 8;

/// The rules found, each with its counts, from which every [`Measure`] follows.
///
/// A rule takes 12 bytes: antecedent, consequent and both together are nodes of the trie of itemsets, which has
/// their counts. Items are decoded when they are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    n_baskets: u64,
    min_count: u64,
    min_confidence: f64,
    n_examined: u64,
    sets: Arc<Sets>,
    /// The sets of each rule: antecedent, consequent, both.
    splits: Vec<[u32; 3]>,
    tested: Option<Tested>,
    firing: Firing,
}

impl Rules {
    /// Number of rules.
    pub fn len(&self) -> usize {
        self.splits.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.splits.is_empty()
    }

    /// Number of baskets searched.
    pub fn n_baskets(&self) -> u64 {
        self.n_baskets
    }

    /// The least number of baskets that hold all items of a rule.
    pub fn min_count(&self) -> u64 {
        self.min_count
    }

    /// The least confidence of a rule.
    pub fn min_confidence(&self) -> f64 {
        self.min_confidence
    }

    /// How many candidates the search chose from: all splits of the itemsets that the limits on sizes and items
    /// allow, whatever their confidence. Each of them would have been a rule, had the baskets been so; it is the
    /// number of tests that a correction for many tests must reckon with (Webb 2007).
    pub fn n_examined(&self) -> u64 {
        self.n_examined
    }

    /// A rule by its place.
    pub fn get(&self, index: usize) -> Option<Rule<'_>> {
        self.splits.get(index).map(|&sets| Rule { rules: self, sets })
    }

    /// The items that occur in the itemsets, the most frequent first.
    pub fn items(&self) -> &Labels {
        &self.sets.items
    }

    /// The rules in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Rule<'_>> {
        self.splits.iter().map(|&sets| Rule { rules: self, sets })
    }

    /// A measure of every rule, in order.
    ///
    /// ```
    /// use patronage::association::{Baskets, Measure, Mine};
    /// let baskets = Baskets::from_lists([vec!["beer", "milk"], vec!["beer"], vec!["beer", "milk"], vec!["cola"]])?;
    /// let rules = Mine::new().min_support(0.5).run(&baskets)?.rules().run()?;
    /// assert_eq!(rules.column(Measure::Jaccard), [2.0 / 3.0; 2]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn column(&self, measure: Measure) -> Vec<f64> {
        self.columns(&[measure]).pop().unwrap_or_default()
    }

    /// Several measures of every rule, in order: quicker than one after the other.
    pub fn columns(&self, measures: &[Measure]) -> Vec<Vec<f64>> {
        self.columns_watched(measures, &Unwatched).unwrap_or_default()
    }

    /// The same, ready to be cancelled.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn columns_watched(&self, measures: &[Measure], watch: &dyn Watch) -> Result<Vec<Vec<f64>>> {
        let mut columns = vec![vec![0.0; self.len()]; measures.len()];
        let mut chunks: Vec<Vec<&mut [f64]>> = Vec::new();
        chunks.resize_with(self.len().div_ceil(CHUNK), Vec::new);
        for column in &mut columns {
            chunks.iter_mut().zip(column.chunks_mut(CHUNK)).for_each(|(chunk, part)| chunk.push(part));
        }
        chunks.into_par_iter().zip(self.splits.par_chunks(CHUNK)).try_for_each(|(mut columns, splits)| {
            watch.check()?;
            let rules = || splits.iter().map(|&sets| Rule { rules: self, sets });
            measures::fill_all(rules().map(Rule::counts), measures, &mut columns);
            for (column, &measure) in columns.iter_mut().zip(measures).filter(|(_, m)| m.needs_rules()) {
                column.iter_mut().zip(rules()).for_each(|(value, rule)| *value = rule.measure(measure));
            }
            Ok(())
        })?;
        Ok(columns)
    }
}
