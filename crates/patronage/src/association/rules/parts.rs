//! A rule beside those from parts of its antecedent.

use super::measures::SubRule;
use super::{Rule, Rules};
use crate::association::itemsets::trie::ROOT;
use crate::error::{Error, Result};

impl Rules {
    /// The error where the supports of the parts are not known.
    pub(super) fn needs_parts(&self) -> Result<()> {
        if self.sets.complete {
            return Ok(());
        }
        let expected = "'frequent' itemsets to compare a rule with those from parts of its antecedent";
        Err(Error::parameter("kind", "'closed'", expected))
    }
}

impl Rule<'_> {
    /// The most confident rule X′ → Y with X′ a part of the antecedent, neither empty nor all of it; among equals
    /// that with the fewest baskets. `None` if the antecedent is one item.
    pub(super) fn best_part(self) -> Result<Option<SubRule>> {
        self.rules.needs_parts()?;
        let sets = &self.rules.sets;
        let consequent = sets.numbers(self.sets[1]);
        let both = sets.numbers(self.sets[2]);
        let mut walk = Walk { rule: self, items: &both, consequent: &consequent, best: None };
        walk.step(0, ROOT, ROOT);
        Ok(walk.best)
    }
}

/// A walk over all parts of an antecedent, with two nodes that go down the trie: the part, and part and consequent.
struct Walk<'a> {
    rule: Rule<'a>,
    items: &'a [u32],
    consequent: &'a [u32],
    best: Option<SubRule>,
}

impl Walk<'_> {
    fn step(&mut self, place: usize, part: u32, with_consequent: u32) {
        let sets = &self.rule.rules.sets;
        let Some(&item) = self.items.get(place) else {
            if part != ROOT && part != self.rule.sets[0] {
                let found = SubRule { antecedent: sets.count(part), both: sets.count(with_consequent) };
                let better = |best: SubRule| {
                    best.is_less_confident_than(found)
                        || (!found.is_less_confident_than(best) && found.antecedent < best.antecedent)
                };
                if self.best.is_none_or(better) {
                    self.best = Some(found);
                }
            }
            return;
        };
        let branches = sets.branches();
        let Some(next) = branches.child(with_consequent, item) else { return };
        if self.consequent.contains(&item) {
            self.step(place + 1, part, next);
        } else {
            self.step(place + 1, part, with_consequent);
            if let Some(part) = branches.child(part, item) {
                self.step(place + 1, part, next);
            }
        }
    }
}
