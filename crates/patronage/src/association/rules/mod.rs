//! Association rules: the table of those found, and one of them.

mod counts;
mod explain;
mod measures;
mod search;
pub(super) mod words;

use serde::{Deserialize, Serialize};

pub use self::counts::Counts;
pub use self::measures::Measure;
pub use self::search::RuleSearch;
use crate::error::{Error, Result};
use crate::transactions::{Id, Labels};

/// The rules found, each with its counts, from which every [`Measure`] follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Rules {
    n_baskets: u64,
    min_count: u64,
    min_confidence: f64,
    /// The items, in the order of their ids.
    items: Labels,
    /// The items of all antecedents and consequents.
    sides: Vec<u32>,
    /// Where the antecedent and the consequent of each rule end in `sides`.
    ends: Vec<[u64; 2]>,
    /// Baskets with the antecedent, with the consequent, with both.
    counts: Vec<[u32; 3]>,
}

/// The columns of some rules.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub sides: Vec<u32>,
    pub ends: Vec<[u64; 2]>,
    pub counts: Vec<[u32; 3]>,
}

impl Columns {
    /// Adds a rule; the items of each side are put in order.
    pub(super) fn push(
        &mut self,
        antecedent: impl Iterator<Item = u32>,
        consequent: impl Iterator<Item = u32>,
        counts: [u32; 3],
    ) {
        let start = self.sides.len();
        self.sides.extend(antecedent);
        let middle = self.sides.len();
        self.sides.extend(consequent);
        self.sides[start..middle].sort_unstable();
        self.sides[middle..].sort_unstable();
        self.ends.push([middle as u64, self.sides.len() as u64]);
        self.counts.push(counts);
    }

    /// Puts the columns of another part behind these.
    pub(super) fn append(&mut self, other: Self) {
        let base = self.sides.len() as u64;
        self.sides.extend(other.sides);
        self.ends.extend(other.ends.into_iter().map(|[middle, end]| [middle + base, end + base]));
        self.counts.extend(other.counts);
    }
}

impl Rules {
    pub(super) fn new(
        n_baskets: u64,
        min_count: u64,
        min_confidence: f64,
        items: Labels,
        Columns { sides, ends, counts }: Columns,
    ) -> Self {
        Self { n_baskets, min_count, min_confidence, items, sides, ends, counts }
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
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

    /// A rule by its place.
    pub fn get(&self, index: usize) -> Option<Rule<'_>> {
        (index < self.len()).then_some(Rule { rules: self, index })
    }

    /// The items that occur, in the order of their ids.
    pub fn items(&self) -> &Labels {
        &self.items
    }

    /// The rules in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Rule<'_>> {
        (0..self.len()).map(|index| Rule { rules: self, index })
    }

    /// The place of the rule with these sides.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn find<'a>(
        &self,
        antecedent: impl IntoIterator<Item = impl Into<Id<'a>>>,
        consequent: impl IntoIterator<Item = impl Into<Id<'a>>>,
    ) -> Result<usize> {
        let mut antecedent: Vec<Id<'a>> = antecedent.into_iter().map(Into::into).collect();
        let mut consequent: Vec<Id<'a>> = consequent.into_iter().map(Into::into).collect();
        antecedent.sort_unstable();
        consequent.sort_unstable();
        let same = |rule: &Rule<'_>| {
            rule.antecedent().eq(antecedent.iter().copied())
                && rule.consequent().eq(consequent.iter().copied())
        };
        self.iter().position(|rule| same(&rule)).ok_or_else(|| Error::UnknownName {
            what: "rule".into(),
            name: format!("{} → {}", joined(&antecedent), joined(&consequent)),
            mend: format!(
                "it is not among the {} rules; lower min_support or min_confidence, or check the items",
                self.len()
            ),
        })
    }

    /// The rules by falling value of a measure, undefined ones last; equal ones with the more frequent first.
    #[must_use]
    pub fn sorted_by(self, measure: Measure) -> Self {
        let values = self.column(measure);
        // NaN, which is undefined, comes after every number.
        let key = |place: usize| if values[place].is_nan() { f64::NEG_INFINITY } else { values[place] };
        let both = |place: usize| self.counts[place][2];
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| key(b).total_cmp(&key(a)).then_with(|| both(b).cmp(&both(a))));
        let mut columns = Columns::default();
        for place in order {
            let start = if place == 0 { 0 } else { self.ends[place - 1][1] };
            let [middle, end] = self.ends[place].map(|end| end as usize);
            let side = |from: usize, to: usize| self.sides[from..to].iter().copied();
            columns.push(side(start as usize, middle), side(middle, end), self.counts[place]);
        }
        Self::new(self.n_baskets, self.min_count, self.min_confidence, self.items, columns)
    }

    /// A measure of every rule, in order.
    pub fn column(&self, measure: Measure) -> Vec<f64> {
        self.iter().map(|rule| rule.measure(measure)).collect()
    }
}

fn joined(ids: &[Id<'_>]) -> String {
    ids.iter().map(Id::to_string).collect::<Vec<_>>().join(", ")
}

/// A rule: baskets with the antecedent tend to hold the consequent.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    rules: &'a Rules,
    index: usize,
}

impl<'a> Rule<'a> {
    fn side(self, from: u64, to: u64) -> impl ExactSizeIterator<Item = Id<'a>> {
        let rules = self.rules;
        // Every code has a label.
        rules.sides[from as usize..to as usize]
            .iter()
            .map(move |&item| rules.items.get(item).unwrap_or(Id::Int(item.into())))
    }

    /// The items that the rule starts from, in the order of their ids.
    pub fn antecedent(self) -> impl ExactSizeIterator<Item = Id<'a>> {
        let start = if self.index == 0 { 0 } else { self.rules.ends[self.index - 1][1] };
        self.side(start, self.rules.ends[self.index][0])
    }

    /// The items that the rule leads to, in the order of their ids.
    pub fn consequent(self) -> impl ExactSizeIterator<Item = Id<'a>> {
        let [middle, end] = self.rules.ends[self.index];
        self.side(middle, end)
    }

    /// The counts of baskets.
    pub fn counts(self) -> Counts {
        let [antecedent, consequent, both] = self.rules.counts[self.index].map(u64::from);
        Counts::trusted(self.rules.n_baskets, antecedent, consequent, both)
    }

    /// The value of a measure.
    pub fn measure(self, measure: Measure) -> f64 {
        self.counts().measure(measure)
    }

    /// The share of baskets that hold all items of the rule.
    pub fn support(self) -> f64 {
        self.measure(Measure::Support)
    }

    /// The share of baskets with the antecedent that hold the consequent.
    pub fn confidence(self) -> f64 {
        self.measure(Measure::Confidence)
    }

    /// Confidence over the share of all baskets that hold the consequent.
    pub fn lift(self) -> f64 {
        self.measure(Measure::Lift)
    }
}

/// What is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    n_baskets: u64,
    min_count: u64,
    min_confidence: f64,
    items: Labels,
    sides: Vec<u32>,
    ends: Vec<[u64; 2]>,
    counts: Vec<[u32; 3]>,
}

impl TryFrom<Stored> for Rules {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        let wrong = |problem: &str| Error::InvalidModel { what: "rules".into(), problem: problem.into() };
        let ends = || s.ends.iter().flatten();
        let ends_fit = ends().is_sorted_by(|a, b| a < b)
            && ends().next().is_none_or(|&first| first > 0)
            && ends().last().copied().unwrap_or(0) == s.sides.len() as u64;
        if !ends_fit || s.ends.len() != s.counts.len() {
            return Err(wrong("columns that do not belong together"));
        }
        if s.sides.iter().any(|&item| item as usize >= s.items.len()) {
            return Err(wrong("an item without a label"));
        }
        for counts in &s.counts {
            let [antecedent, consequent, both] = counts.map(u64::from);
            Counts::new(s.n_baskets, antecedent, consequent, both)
                .map_err(|error| wrong(&error.to_string()))?;
        }
        let columns = Columns { sides: s.sides, ends: s.ends, counts: s.counts };
        Ok(Self::new(s.n_baskets, s.min_count, s.min_confidence, s.items, columns))
    }
}
