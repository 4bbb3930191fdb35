//! Sequential rules: who bought this, later bought that.

use serde::{Deserialize, Serialize};

use super::patterns::{SequentialPatterns, elements};
use super::steps::{Step, path};
use crate::association::mine::Kind;
use crate::association::threshold::Share;
use crate::error::{Error, Result};
use crate::transactions::{Grain, Id, Labels};
use crate::watch::Watch;

/// Nodes between two looks at the watch.
const STRIDE: usize = 1 << 12;

/// The rules X → y of sequential patterns ⟨X y⟩: customers who bought the elements X one after the other, and those
/// of them who then bought the element y. With a gap or a window, y counts only within it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct SequentialRules {
    n_customers: u64,
    min_count: u64,
    min_confidence: f64,
    grain: Grain,
    max_gap: Option<u64>,
    window: Option<u64>,
    /// The items, in the order of their ids.
    items: Labels,
    /// The steps of all rules: those of X, then those of y, which begins with the last new element.
    steps: Vec<Step>,
    /// Where the steps of each rule end.
    ends: Vec<u64>,
    /// Customers with X, with y at any time, with X and then y.
    counts: Vec<[u32; 3]>,
}

impl SequentialRules {
    pub(super) fn of(
        patterns: &SequentialPatterns,
        min_confidence: f64,
        repeats: bool,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let least = Share::new(min_confidence)
            .ok_or_else(|| Error::parameter("min_confidence", min_confidence, "a share in [0, 1]"))?;
        if patterns.kind() != Kind::Frequent {
            let problem = "patterns of kind 'frequent', which tell the support of every part of a rule";
            return Err(Error::parameter("kind", patterns.kind().name(), problem));
        }
        patterns.index(watch)?;
        let mut rules = Self {
            n_customers: patterns.n_customers(),
            min_count: patterns.min_count(),
            min_confidence,
            grain: patterns.grain(),
            max_gap: patterns.max_gap(),
            window: patterns.window(),
            items: patterns.items().clone(),
            steps: Vec::new(),
            ends: Vec::new(),
            counts: Vec::new(),
        };
        for (number, node) in (0_u32..).zip(patterns.nodes()) {
            if (number as usize).is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let steps = path(patterns.nodes(), number);
            let (before, last) = steps.split_at(last_element(&steps));
            if !repeats && share_an_item(before, last) {
                continue;
            }
            // Every part of a frequent pattern's order of elements from the first, and every element, is frequent.
            let (Some(before), Some(after)) = (
                Some(before).filter(|before| !before.is_empty()).and_then(|x| patterns.count(x.to_vec())),
                patterns.count(last.to_vec()),
            ) else {
                continue;
            };
            if u64::from(node.count) >= least.of(before) {
                rules.steps.extend(&steps);
                rules.ends.push(rules.steps.len() as u64);
                // Both come out of 32 bits.
                rules.counts.push([before as u32, after as u32, node.count]);
            }
        }
        Ok(rules)
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Number of customers searched.
    pub fn n_customers(&self) -> u64 {
        self.n_customers
    }

    /// The least number of customers who follow a rule.
    pub fn min_count(&self) -> u64 {
        self.min_count
    }

    /// The least confidence of a rule.
    pub fn min_confidence(&self) -> f64 {
        self.min_confidence
    }

    /// The items that may occur, in the order of their ids.
    pub fn items(&self) -> &Labels {
        &self.items
    }

    /// A rule by its place.
    pub fn get(&self, index: usize) -> Option<SequentialRule<'_>> {
        (index < self.len()).then_some(SequentialRule { rules: self, index })
    }

    /// The rules.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = SequentialRule<'_>> {
        (0..self.len()).map(|index| SequentialRule { rules: self, index })
    }

    /// The same rules with those of the highest lift first; equals in their order.
    #[must_use]
    pub fn by_lift(&self) -> Self {
        let mut order: Vec<SequentialRule<'_>> = self.iter().collect();
        order.sort_by(|a, b| b.lift().total_cmp(&a.lift()));
        let mut sorted = Self { steps: Vec::new(), ends: Vec::new(), counts: Vec::new(), ..self.clone() };
        for rule in order {
            sorted.steps.extend(rule.steps());
            sorted.ends.push(sorted.steps.len() as u64);
            sorted.counts.push(self.counts[rule.index]);
        }
        sorted
    }
}

/// Where the last element of a pattern begins.
fn last_element(steps: &[Step]) -> usize {
    steps.iter().rposition(|step| step.later()).unwrap_or(0)
}

fn share_an_item(before: &[Step], last: &[Step]) -> bool {
    last.iter().any(|step| before.iter().any(|other| other.item() == step.item()))
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct SequentialRule<'a> {
    rules: &'a SequentialRules,
    index: usize,
}

impl<'a> SequentialRule<'a> {
    fn steps(self) -> &'a [Step] {
        let start = self.index.checked_sub(1).map_or(0, |before| self.rules.ends[before] as usize);
        &self.rules.steps[start..self.rules.ends[self.index] as usize]
    }

    /// The elements that were bought first, in the order of time.
    pub fn antecedent(self) -> Vec<Vec<Id<'a>>> {
        let steps = self.steps();
        elements(&self.rules.items, &steps[..last_element(steps)])
    }

    /// The items that were bought then, in one basket.
    pub fn consequent(self) -> Vec<Id<'a>> {
        let steps = self.steps();
        elements(&self.rules.items, &steps[last_element(steps)..]).concat()
    }

    /// Whether the consequent has an item of the antecedent. Then all customers with the antecedent bought that item,
    /// and the lift, which compares with all customers, says little.
    pub fn is_repeat(self) -> bool {
        let steps = self.steps();
        let (before, last) = steps.split_at(last_element(steps));
        share_an_item(before, last)
    }

    /// Customers who bought the antecedent.
    pub fn antecedent_count(self) -> u64 {
        self.rules.counts[self.index][0].into()
    }

    /// Customers who bought the consequent at any time.
    pub fn consequent_count(self) -> u64 {
        self.rules.counts[self.index][1].into()
    }

    /// Customers who bought the antecedent and then the consequent.
    pub fn count(self) -> u64 {
        self.rules.counts[self.index][2].into()
    }

    /// Their share among all customers.
    pub fn support(self) -> f64 {
        self.count() as f64 / self.rules.n_customers as f64
    }

    /// The share of the customers with the antecedent who then bought the consequent.
    pub fn confidence(self) -> f64 {
        self.count() as f64 / self.antecedent_count() as f64
    }

    /// Confidence over the share of all customers who bought the consequent at any time.
    pub fn lift(self) -> f64 {
        let whole = u128::from(self.rules.n_customers) * u128::from(self.count());
        let chance = u128::from(self.antecedent_count()) * u128::from(self.consequent_count());
        whole as f64 / chance as f64
    }

    pub(super) fn limits(self) -> (Grain, Option<u64>, Option<u64>) {
        (self.rules.grain, self.rules.max_gap, self.rules.window)
    }

    pub(super) fn n_customers(self) -> u64 {
        self.rules.n_customers
    }
}

/// What is written, checked when it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    n_customers: u64,
    min_count: u64,
    min_confidence: f64,
    grain: Grain,
    max_gap: Option<u64>,
    window: Option<u64>,
    items: Labels,
    steps: Vec<Step>,
    ends: Vec<u64>,
    counts: Vec<[u32; 3]>,
}

impl TryFrom<Stored> for SequentialRules {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        let wrong = |problem: &str| {
            Err(Error::InvalidModel { what: "sequential rules".into(), problem: problem.into() })
        };
        let ends_fit =
            s.ends.is_sorted_by(|a, b| a < b) && s.ends.last().copied().unwrap_or(0) == s.steps.len() as u64;
        if !ends_fit || s.ends.len() != s.counts.len() {
            return wrong("columns that do not belong together");
        }
        let starts = std::iter::once(0).chain(s.ends.iter().copied());
        for (start, &end) in starts.zip(&s.ends) {
            let steps = &s.steps[start as usize..end as usize];
            let begins = steps.first().is_some_and(|step| step.later());
            let ordered = steps.windows(2).all(|pair| pair[1].later() || pair[0].item() < pair[1].item());
            if !begins || !ordered || last_element(steps) == 0 {
                return wrong("a rule without two elements in order");
            }
        }
        if s.steps.iter().any(|step| step.item() as usize >= s.items.len()) {
            return wrong("an item without a label");
        }
        let possible =
            |&[x, y, both]: &[u32; 3]| both > 0 && both <= x.min(y) && u64::from(x.max(y)) <= s.n_customers;
        if !s.counts.iter().all(possible) {
            return wrong("counts that cannot be");
        }
        let Stored { n_customers, min_count, min_confidence, grain, max_gap, window, .. } = s;
        let Stored { items, steps, ends, counts, .. } = s;
        Ok(Self {
            n_customers,
            min_count,
            min_confidence,
            grain,
            max_gap,
            window,
            items,
            steps,
            ends,
            counts,
        })
    }
}
