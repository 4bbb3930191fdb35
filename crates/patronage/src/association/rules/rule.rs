//! One rule.

use super::{Counts, Measure, Rules};
use crate::transactions::Id;

/// A rule: baskets with the antecedent tend to hold the consequent.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    pub(super) rules: &'a Rules,
    /// The nodes of antecedent, consequent, both.
    pub(super) sets: [u32; 3],
}

impl<'a> Rule<'a> {
    /// The items that the rule starts from, in the order of their ids.
    pub fn antecedent(self) -> impl ExactSizeIterator<Item = Id<'a>> {
        self.rules.sets.ids(self.sets[0]).into_iter()
    }

    /// The items that the rule leads to, in the order of their ids.
    pub fn consequent(self) -> impl ExactSizeIterator<Item = Id<'a>> {
        self.rules.sets.ids(self.sets[1]).into_iter()
    }

    /// The counts of baskets.
    #[inline]
    pub fn counts(self) -> Counts {
        let [antecedent, consequent, both] = self.sets.map(|node| self.rules.sets.count(node));
        Counts::trusted(self.rules.n_baskets, antecedent, consequent, both)
    }

    /// The value of a measure.
    pub fn measure(self, measure: Measure) -> f64 {
        if measure == Measure::StandardisedLift {
            Measure::standardised_lift(self.counts(), self.rules.min_count, self.rules.min_confidence)
        } else if measure.compares_parts() {
            match self.best_part() {
                Ok(best) => measure.against(self.counts(), best),
                Err(_) => f64::NAN,
            }
        } else {
            self.counts().measure(measure)
        }
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
