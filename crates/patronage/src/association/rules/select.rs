//! Rules by their sides, in another order, or some of them.

use rayon::prelude::*;

use super::recommend::Firing;
use super::{Measure, Rule, Rules};
use crate::error::{Error, Result};
use crate::transactions::Id;
use crate::watch::Watch;

/// Rules between two looks at the watch.
const STRIDE: usize = 1 << 8;

impl Rules {
    /// The place of the rule with these sides.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn find<'a>(
        &self,
        antecedent: impl IntoIterator<Item = impl Into<Id<'a>>>,
        consequent: impl IntoIterator<Item = impl Into<Id<'a>>>,
    ) -> Result<usize> {
        let antecedent: Vec<Id<'a>> = antecedent.into_iter().map(Into::into).collect();
        let consequent: Vec<Id<'a>> = consequent.into_iter().map(Into::into).collect();
        let sides = self.sets.find(&antecedent).zip(self.sets.find(&consequent));
        let place = sides.and_then(|(x, y)| self.splits.iter().position(|sets| sets[..2] == [x, y]));
        place.ok_or_else(|| Error::UnknownName {
            what: "rule".into(),
            name: format!("{} → {}", joined(antecedent), joined(consequent)),
            mend: format!(
                "it is not among the {} rules; lower min_support or min_confidence, or check the items",
                self.len()
            ),
        })
    }

    /// The rules by falling value of a measure, undefined ones last; equal ones with the more frequent first.
    #[must_use]
    pub fn sorted_by(self, measure: Measure) -> Self {
        // A key that ascends as the value falls; NaN, which is undefined, comes after every number.
        let key = |value: f64| {
            let bits = if value.is_nan() { u64::MAX } else { (value + 0.0).to_bits() };
            if bits == u64::MAX {
                bits
            } else if bits >> 63 == 0 {
                !bits & (u64::MAX >> 1)
            } else {
                bits
            }
        };
        let values = self.column(measure);
        let counts = self.splits.iter().map(|sets| self.sets.count(sets[2]));
        let keyed = values.iter().zip(counts).zip(0_u32..);
        let mut order: Vec<_> = keyed.map(|((&value, both), place)| (key(value), !both, place)).collect();
        order.sort_unstable();
        self.take(order.into_iter().map(|(.., place)| place as usize))
    }

    /// The rules that pass a test.
    pub(super) fn filtered(&self, watch: &dyn Watch, test: impl Fn(Rule<'_>) -> bool + Sync) -> Result<Self> {
        let passes: Vec<bool> = self
            .splits
            .par_iter()
            .enumerate()
            .map(|(place, &sets)| {
                if place.is_multiple_of(STRIDE) {
                    watch.check()?;
                }
                Ok(test(Rule { rules: self, sets }))
            })
            .collect::<Result<_>>()?;
        Ok(self.take((0..self.len()).filter(|&place| passes[place])))
    }

    /// Some of the rules, in the order of the places given; places that do not exist are passed over.
    #[must_use]
    pub fn take(&self, places: impl IntoIterator<Item = usize>) -> Self {
        let places: Vec<usize> = places.into_iter().filter(|&place| place < self.len()).collect();
        Self {
            n_baskets: self.n_baskets,
            min_count: self.min_count,
            min_confidence: self.min_confidence,
            n_examined: self.n_examined,
            sets: self.sets.clone(),
            splits: places.iter().map(|&place| self.splits[place]).collect(),
            tested: self.tested.as_ref().map(|tested| tested.take(&places)),
            firing: Firing::default(),
        }
    }
}

fn joined(mut ids: Vec<Id<'_>>) -> String {
    ids.sort_unstable();
    ids.iter().map(Id::to_string).collect::<Vec<_>>().join(", ")
}
