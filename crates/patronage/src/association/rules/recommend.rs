//! Rules at work: which apply to a basket, and what they recommend.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::words::list;
use super::{Measure, Rule, Rules};
use crate::association::itemsets::trie::ROOT;
use crate::error::Result;
use crate::explain::Lang;
use crate::transactions::{Baskets, Id};
use crate::watch::Watch;

/// Baskets in one parallel task.
const CHUNK: usize = 1 << 8;

/// The rules by their antecedents; made once.
#[derive(Debug, Default)]
pub(super) struct Firing(OnceLock<Places>);

/// It follows from the rules: copies make their own, and all are equal.
impl Clone for Firing {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Firing {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Debug)]
struct Places {
    /// For each node whether a rule starts from it or from a set below it.
    leads: Vec<bool>,
    /// Where the rules of each node start in `rules`.
    starts: Vec<u32>,
    rules: Vec<u32>,
}

/// An item that a basket lacks, and the rule that recommends it.
#[derive(Debug, Clone, Copy)]
pub struct Recommendation<'a> {
    /// The item.
    pub item: Id<'a>,
    /// The place of the rule.
    pub place: usize,
    /// The rule.
    pub rule: Rule<'a>,
}

impl Recommendation<'_> {
    /// The reason in words.
    pub fn in_words(&self, lang: Lang) -> String {
        let with = list(self.rule.antecedent(), lang);
        let why = self.rule.in_words(lang);
        match lang {
            Lang::En => format!("{}, because the basket holds {with}. {why}", self.item),
            Lang::Zh => format!("推荐{}，因为购物篮中有{with}。{why}", self.item),
        }
    }
}

impl Rules {
    fn places(&self) -> &Places {
        self.firing.0.get_or_init(|| {
            let nodes = &self.sets.nodes;
            let mut leads = vec![false; nodes.len()];
            let mut starts = vec![0_u32; nodes.len() + 2];
            for &[antecedent, ..] in &self.splits {
                starts[antecedent as usize + 2] += 1;
                let mut at = antecedent;
                while at != ROOT && !std::mem::replace(&mut leads[at as usize], true) {
                    at = nodes[at as usize].parent;
                }
            }
            for place in 2..starts.len() {
                starts[place] += starts[place - 1];
            }
            let mut rules = vec![0; self.len()];
            for (place, &[antecedent, ..]) in (0..).zip(&self.splits) {
                let next = &mut starts[antecedent as usize + 1];
                rules[*next as usize] = place;
                *next += 1;
            }
            Places { leads, starts, rules }
        })
    }

    /// The places of the rules whose antecedent a basket holds, ascending. Items that no rule knows are passed over.
    ///
    /// ```
    /// use patronage::association::{Baskets, Measure, Mine};
    /// let baskets = [vec!["beer", "crisps"], vec!["beer", "crisps"], vec!["beer", "milk"], vec!["milk"]];
    /// let rules = Mine::new().min_support(1).run(&Baskets::from_lists(baskets)?)?.rules().run()?;
    /// let rules = rules.sorted_by(Measure::Confidence);
    /// assert_eq!(rules.firing(["milk", "tea"]), [rules.find(["milk"], ["beer"])?]);
    /// let best = rules.recommend(["crisps"], 1, Measure::Confidence);
    /// assert_eq!(best[0].item.to_string(), "beer");
    /// assert_eq!(best[0].rule.confidence(), 1.0);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn firing<'b>(&self, basket: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Vec<usize> {
        self.fired(&self.known(basket))
    }

    /// The k items that a basket lacks and the rules that fire recommend: each by the rule with the greatest value of
    /// a measure (of equals, that with the most baskets), the best first. A rule fires if the basket holds its
    /// antecedent; those items of its consequent are recommended that the basket lacks. The confidence of the rule
    /// then is the least share of such baskets that hold the item.
    pub fn recommend<'b>(
        &self,
        basket: impl IntoIterator<Item = impl Into<Id<'b>>>,
        k: usize,
        by: Measure,
    ) -> Vec<Recommendation<'_>> {
        self.recommended(&self.known(basket), k, by)
    }

    /// Recommendations for many baskets: for each basket those of [`Rules::recommend`].
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn recommend_all(
        &self,
        baskets: &Baskets,
        k: usize,
        by: Measure,
        watch: &dyn Watch,
    ) -> Result<Vec<Vec<Recommendation<'_>>>> {
        let numbers = self.sets.codes_of(baskets.labels());
        self.places();
        let parts: Vec<Vec<_>> = (0..baskets.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                watch.check()?;
                let rows = chunk * CHUNK..((chunk + 1) * CHUNK).min(baskets.len());
                let recommended = rows.map(|row| {
                    let items = baskets.basket(row).iter().filter_map(|&code| numbers[code as usize]);
                    let mut items: Vec<u32> = items.collect();
                    items.sort_unstable_by(|a, b| b.cmp(a));
                    self.recommended(&items, k, by)
                });
                Ok(recommended.collect())
            })
            .collect::<Result<_>>()?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// The numbers of those items that the itemsets know, descending.
    fn known<'b>(&self, basket: impl IntoIterator<Item = impl Into<Id<'b>>>) -> Vec<u32> {
        let labels = &self.sets.items;
        let number = |id: Id<'b>| labels.iter().position(|label| label == id).map(|place| place as u32);
        let mut items: Vec<u32> = basket.into_iter().filter_map(|id| number(id.into())).collect();
        items.sort_unstable_by(|a, b| b.cmp(a));
        items.dedup();
        items
    }

    fn fired(&self, items: &[u32]) -> Vec<usize> {
        let Places { leads, starts, rules } = self.places();
        let mut fired = Vec::new();
        let mut open: Vec<(u32, &[u32])> = vec![(ROOT, items)];
        while let Some((node, rest)) = open.pop() {
            if node != ROOT {
                let range = starts[node as usize] as usize..starts[node as usize + 1] as usize;
                fired.extend(rules[range].iter().map(|&place| place as usize));
            }
            for (place, &item) in rest.iter().enumerate() {
                let child = self.sets.branches().child(node, item);
                open.extend(
                    child.filter(|&child| leads[child as usize]).map(|child| (child, &rest[place + 1..])),
                );
            }
        }
        fired.sort_unstable();
        fired
    }

    fn recommended(&self, items: &[u32], k: usize, by: Measure) -> Vec<Recommendation<'_>> {
        // For each item the best rule: that with the greatest value, then the most baskets, then the first.
        let mut best: BTreeMap<u32, (f64, u64, usize)> = BTreeMap::new();
        for place in self.fired(items) {
            let Some(rule) = self.get(place) else { continue };
            let value = rule.measure(by);
            if value.is_nan() {
                continue;
            }
            let both = rule.counts().both();
            for item in self.sets.numbers(rule.sets[1]) {
                if items.binary_search_by(|other| item.cmp(other)).is_err() {
                    let entry = best.entry(self.sets.place(item)).or_insert((value, both, place));
                    if value > entry.0 || (value == entry.0 && both > entry.1) {
                        *entry = (value, both, place);
                    }
                }
            }
        }
        let mut ranked: Vec<_> = best.into_iter().collect();
        ranked.sort_by(|(_, a), (_, b)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        ranked.truncate(k);
        let named = |(item, (_, _, place)): (u32, (f64, u64, usize))| {
            let rule = self.get(place)?;
            Some(Recommendation { item: self.sets.item_at(item)?, place, rule })
        };
        ranked.into_iter().filter_map(named).collect()
    }
}
