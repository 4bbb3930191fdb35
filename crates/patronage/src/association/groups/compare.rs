//! How a set's support in a group stands to its support in the others.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::transactions::{Id, Labels};

/// Sets, and in how many baskets of each group they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Baskets of each group.
    n_baskets: Vec<u64>,
    /// The items, in the order of their ids.
    items: Labels,
    /// The items of all sets, one set after the other.
    sets: Vec<u32>,
    /// Where the items of each set end.
    ends: Vec<u64>,
    /// Of each set, its baskets in each group.
    counts: Vec<u32>,
}

impl Comparison {
    pub(super) fn new(n_baskets: Vec<u64>, items: Labels, sets: &[Vec<u32>], counts: Vec<u32>) -> Self {
        let ends = sets.iter().scan(0, |end, set| {
            *end += set.len() as u64;
            Some(*end)
        });
        Self { n_baskets, items, ends: ends.collect(), sets: sets.concat(), counts }
    }

    pub(super) fn n_sets(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn items(&self) -> &Labels {
        &self.items
    }

    /// Checks what comes from outside.
    pub(super) fn check(&self, n_baskets: &[u64]) -> Result<()> {
        let ends_fit = self.ends.is_sorted_by(|a, b| a < b)
            && self.ends.first().is_none_or(|&end| end > 0)
            && self.ends.last().copied().unwrap_or(0) == self.sets.len() as u64;
        if !ends_fit || self.n_baskets != n_baskets || self.counts.len() != self.ends.len() * n_baskets.len()
        {
            return Err(wrong("columns that do not belong together"));
        }
        if self.sets.iter().any(|&item| item as usize >= self.items.len()) {
            return Err(wrong("an item without a label"));
        }
        let too_many = |counts: &[u32]| counts.iter().zip(n_baskets).any(|(&count, &n)| u64::from(count) > n);
        if self.counts.chunks(n_baskets.len().max(1)).any(too_many) {
            return Err(wrong("a set in more baskets than there are"));
        }
        Ok(())
    }
}

pub(super) fn wrong(problem: &str) -> Error {
    Error::InvalidModel { what: "grouped itemsets".into(), problem: problem.into() }
}

/// A set in a group, against all other groups together.
#[derive(Debug, Clone, Copy)]
pub struct InGroup<'a> {
    pub(super) comparison: &'a Comparison,
    pub(super) groups: &'a Labels,
    pub(super) set: usize,
    pub(super) group: usize,
}

impl<'a> InGroup<'a> {
    /// The name of the group.
    pub fn group(self) -> Id<'a> {
        self.groups.get(self.group as u32).unwrap_or(Id::Text(""))
    }

    /// The place of the group.
    pub fn place(self) -> usize {
        self.group
    }

    /// The items of the set, in the order of their ids.
    pub fn items(self) -> Vec<Id<'a>> {
        let comparison = self.comparison;
        let start = self.set.checked_sub(1).map_or(0, |before| comparison.ends[before]);
        let items = &comparison.sets[start as usize..comparison.ends[self.set] as usize];
        items.iter().filter_map(|&item| comparison.items.get(item)).collect()
    }

    fn counts(self) -> &'a [u32] {
        let groups = self.comparison.n_baskets.len();
        &self.comparison.counts[self.set * groups..(self.set + 1) * groups]
    }

    /// Baskets of the group.
    pub fn n_baskets(self) -> u64 {
        self.comparison.n_baskets[self.group]
    }

    /// Baskets of the group that hold the set.
    pub fn count(self) -> u64 {
        self.counts()[self.group].into()
    }

    /// Their share among the baskets of the group.
    pub fn support(self) -> f64 {
        self.count() as f64 / self.n_baskets() as f64
    }

    /// Baskets of all other groups.
    pub fn n_elsewhere(self) -> u64 {
        self.comparison.n_baskets.iter().sum::<u64>() - self.n_baskets()
    }

    /// Baskets of all other groups that hold the set.
    pub fn count_elsewhere(self) -> u64 {
        self.counts().iter().map(|&count| u64::from(count)).sum::<u64>() - self.count()
    }

    /// Their share among the baskets of all other groups; NaN if there is no other group.
    pub fn support_elsewhere(self) -> f64 {
        self.count_elsewhere() as f64 / self.n_elsewhere() as f64
    }

    /// The support in the group over the support elsewhere; infinite if the set is in this group alone, NaN if it is
    /// nowhere or there is no other group.
    pub fn ratio(self) -> f64 {
        self.support() / self.support_elsewhere()
    }

    /// The support in the group less the support elsewhere.
    pub fn difference(self) -> f64 {
        self.support() - self.support_elsewhere()
    }

    /// The difference of the supports over its standard error if both were one: z = (p₁ − p₂) / √(p (1 − p) (1/n₁ +
    /// 1/n₂)) with p over all groups; z² is χ² of the 2 × 2 table (Pearson 1900). NaN if no basket or every basket
    /// holds the set.
    pub fn z(self) -> f64 {
        let [n, rest] = [self.n_baskets(), self.n_elsewhere()].map(|n| n as f64);
        let all = n + rest;
        let with = (self.count() + self.count_elsewhere()) as f64;
        let variance = with * (all - with) / (all * all) * (1.0 / n + 1.0 / rest);
        if variance > 0.0 && variance.is_finite() { self.difference() / variance.sqrt() } else { f64::NAN }
    }

    /// The probability of a difference as large in either direction if there is none, by the normal distribution:
    /// good where a handful of baskets with and without the set is to be expected in each group.
    pub fn p_value(self) -> f64 {
        libm::erfc(self.z().abs() / std::f64::consts::SQRT_2)
    }
    /// The p-value times the number of tests made, at most 1 (Bonferroni); NaN stays NaN.
    pub fn p_adjusted(self, tests: u64) -> f64 {
        let p = self.p_value();
        if p.is_nan() { p } else { (p * tests as f64).min(1.0) }
    }
}
