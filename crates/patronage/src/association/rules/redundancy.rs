//! Rules that say no more than others.

use super::significance::check_alpha;
use super::{Rule, Rules};
use crate::association::itemsets::trie::ROOT;
use crate::error::{Error, Result};
use crate::math::Hypergeometric;
use crate::watch::{Unwatched, Watch};

/// Sets between two looks at the watch.
const STRIDE: u32 = 1 << 12;

impl Rules {
    /// The rules that are more confident than every rule X′ → Y from a part X′ of the antecedent, neither empty nor
    /// all of it: those whose [improvement](super::Measure::Improvement) is positive, decided in integers (Bayardo,
    /// Agrawal and Gunopulos 1999). The parts are known from the itemsets, whether or not they are rules.
    ///
    /// # Errors
    /// Rules from closed itemsets, which do not tell the support of every part.
    pub fn non_redundant(&self) -> Result<Self> {
        self.non_redundant_watched(&Unwatched)
    }

    /// The same, ready to be cancelled.
    ///
    /// # Errors
    /// As [`Rules::non_redundant`]; [`Error::Cancelled`].
    pub fn non_redundant_watched(&self, watch: &dyn Watch) -> Result<Self> {
        self.needs_parts()?;
        self.filtered(watch, gains)
    }

    /// The productive rules: more confident than every rule X′ → Y from a part of the antecedent, the empty one
    /// included (so of positive leverage), where no item of the antecedent can be left out without a loss that
    /// Fisher's test finds at the level α among the baskets with the rest (Webb 2007, 2010).
    ///
    /// # Errors
    /// Rules from closed itemsets; α outside (0, 1].
    pub fn productive(&self, alpha: f64) -> Result<Self> {
        self.productive_watched(alpha, &Unwatched)
    }

    /// The same, ready to be cancelled.
    ///
    /// # Errors
    /// As [`Rules::productive`]; [`Error::Cancelled`].
    pub fn productive_watched(&self, alpha: f64, watch: &dyn Watch) -> Result<Self> {
        check_alpha(alpha)?;
        self.needs_parts()?;
        self.filtered(watch, |rule| rule.lift() > 1.0 && gains(rule) && rule.productivity() <= alpha)
    }

    /// The minimal non-redundant rules: the antecedent is a generator (no part of it is in as few baskets) and both
    /// sides together are closed (no larger set is in as many). All other rules of the same counts have a larger
    /// antecedent or a smaller consequent (Bastide et al. 2000; Zaki 2000).
    ///
    /// # Errors
    /// Rules from closed itemsets, for which [`RuleSearch::minimal`](super::RuleSearch::minimal) finds them; rules
    /// from itemsets of limited length, which do not tell what is closed.
    pub fn minimal(&self) -> Result<Self> {
        self.minimal_watched(&Unwatched)
    }

    /// The same, ready to be cancelled.
    ///
    /// # Errors
    /// As [`Rules::minimal`]; [`Error::Cancelled`].
    pub fn minimal_watched(&self, watch: &dyn Watch) -> Result<Self> {
        self.needs_parts()?;
        if self.sets.limited {
            let expected =
                "no limit on the length of itemsets for minimal rules, so that closed sets are known";
            return Err(Error::parameter("max_length", "set", expected));
        }
        let nodes = &self.sets.nodes;
        let (mut closed, mut generator) = (vec![true; nodes.len()], vec![true; nodes.len()]);
        for node in 0..nodes.len() as u32 {
            if node.is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let items = self.sets.numbers(node);
            if items.len() == 1 {
                generator[node as usize] = self.sets.count(node) < self.n_baskets;
            }
            for part in self.without_one(&items) {
                if self.sets.count(part) == self.sets.count(node) {
                    closed[part as usize] = false;
                    generator[node as usize] = false;
                }
            }
        }
        let keeps = |[x, _, both]: [u32; 3]| generator[x as usize] && closed[both as usize];
        Ok(self.take((0..self.len()).filter(|&place| keeps(self.splits[place]))))
    }

    /// The nodes of a set without each of its items, if something is left.
    fn without_one(&self, items: &[u32]) -> impl Iterator<Item = u32> {
        (0..items.len()).filter_map(move |out| {
            let rest = items.iter().enumerate().filter(|&(place, _)| place != out).map(|(_, &item)| item);
            self.sets.branches().find(rest).filter(|&node| node != ROOT)
        })
    }
}

impl Rule<'_> {
    /// The greatest of Fisher's p-values for each item of the antecedent: among the baskets with the other items,
    /// do those with the item hold the consequent more often?
    pub fn productivity(self) -> f64 {
        let sets = &self.rules.sets;
        let counts = self.counts();
        let antecedent = sets.numbers(self.sets[0]);
        let consequent = sets.numbers(self.sets[1]);
        let count = |set: &[u32]| match set {
            [] => Some(counts.n()),
            _ => sets.branches().find(set.iter().copied()).map(|node| sets.count(node)),
        };
        let mut greatest = 0.0_f64;
        for &out in &antecedent {
            let rest: Vec<u32> = antecedent.iter().copied().filter(|&item| item != out).collect();
            let mut with_consequent = [rest.as_slice(), &consequent].concat();
            with_consequent.sort_unstable_by(|a, b| b.cmp(a));
            let (Some(n), Some(y)) = (count(&rest), count(&with_consequent)) else { return f64::NAN };
            greatest = greatest.max(Hypergeometric::new(n, counts.antecedent(), y).upper_tail(counts.both()));
        }
        greatest
    }
}

/// Whether no part of the antecedent is as confident.
fn gains(rule: Rule<'_>) -> bool {
    let counts = rule.counts();
    let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
    match rule.best_part() {
        Ok(Some(best)) => wide(counts.both(), best.antecedent) > wide(best.both, counts.antecedent()),
        Ok(None) => true,
        Err(_) => false,
    }
}
