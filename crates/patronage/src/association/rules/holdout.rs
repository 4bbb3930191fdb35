//! Rules on baskets that they were not found in.

use super::significance::Tested;
use super::{Correction, Counts, Rules, Test};
use crate::association::itemsets::trie::ROOT;
use crate::error::{Error, Result};
use crate::transactions::Baskets;
use crate::watch::{Unwatched, Watch};

/// What became of rules on later baskets: a value a rule, in the order of the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    n_baskets: u64,
    /// Baskets with the antecedent, with the consequent, with both.
    counts: Vec<[u32; 3]>,
    tested: Tested,
}

impl Checked {
    /// Number of later baskets.
    pub fn n_baskets(&self) -> u64 {
        self.n_baskets
    }

    /// The counts of each rule on the later baskets. An antecedent may be in none of them: confidence and lift are
    /// then undefined, and the p-value is 1.
    pub fn counts(&self) -> impl ExactSizeIterator<Item = Counts> {
        let n = self.n_baskets;
        self.counts.iter().map(move |&[x, y, both]| Counts::trusted(n, x.into(), y.into(), both.into()))
    }

    /// The p-values on the later baskets, corrected for the number of rules.
    pub fn tested(&self) -> &Tested {
        &self.tested
    }
}

impl Rules {
    /// Counts the rules in other baskets, later ones say, and tests them there: as the rules were chosen before, only
    /// as many tests are made as there are rules, however many were examined (Webb 2007: hold-out evaluation).
    ///
    /// # Errors
    /// No baskets.
    ///
    /// ```
    /// use patronage::association::{Baskets, Correction, Mine, Test};
    /// let first = Baskets::from_lists([vec!["beer", "crisps"], vec!["beer", "crisps"], vec!["milk"]])?;
    /// let later = Baskets::from_lists([vec!["beer"], vec!["crisps", "beer"], vec!["crisps"], vec!["tea"]])?;
    /// let rules = Mine::new().min_support(2).run(&first)?.rules().run()?;
    /// let checked = rules.check(&later, Test::Fisher, Correction::Holm)?;
    /// let confidences: Vec<f64> = checked.counts().map(|c| c.both() as f64 / c.antecedent() as f64).collect();
    /// assert_eq!(confidences, [0.5, 0.5]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn check(&self, later: &Baskets, test: Test, correction: Correction) -> Result<Checked> {
        self.check_watched(later, test, correction, &Unwatched)
    }

    /// The same, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`Rules::check`]; [`Error::Cancelled`].
    pub fn check_watched(
        &self,
        later: &Baskets,
        test: Test,
        correction: Correction,
        watch: &dyn Watch,
    ) -> Result<Checked> {
        if later.is_empty() {
            return Err(Error::NotEnoughData {
                what: "baskets to check the rules on".into(),
                found: 0,
                needed: 1,
                mend: "give baskets that the rules were not found in".into(),
            });
        }
        let found = self.count_in(later, watch)?;
        let counts: Vec<[u32; 3]> =
            self.splits.iter().map(|sets| sets.map(|node| found[node as usize])).collect();
        let n_baskets = later.len() as u64;
        let p_values: Vec<f64> = counts
            .iter()
            .map(|&[x, y, both]| {
                let counts = Counts::trusted(n_baskets, x.into(), y.into(), both.into());
                let p = counts.measure(test.p_value());
                if p.is_nan() { 1.0 } else { p }
            })
            .collect();
        let n_tests = self.len() as u64;
        let adjusted = correction.adjust(&p_values, n_tests);
        Ok(Checked { n_baskets, counts, tested: Tested { test, correction, n_tests, p_values, adjusted } })
    }

    /// In how many baskets each set is that rules are made of: one walk down the trie, with the baskets of each set
    /// on the way.
    fn count_in(&self, baskets: &Baskets, watch: &dyn Watch) -> Result<Vec<u32>> {
        let nodes = &self.sets.nodes;
        let mut wanted = vec![false; nodes.len()];
        for &node in self.splits.iter().flatten() {
            let mut at = node;
            while at != ROOT && !std::mem::replace(&mut wanted[at as usize], true) {
                at = nodes[at as usize].parent;
            }
        }
        let numbers = self.sets.codes_of(baskets.labels());
        let mut holding: Vec<Vec<u32>> = vec![Vec::new(); self.sets.items.len()];
        for (row, basket) in (0..).zip(baskets.iter()) {
            for number in basket.iter().filter_map(|&code| numbers[code as usize]) {
                holding[number as usize].push(row);
            }
        }
        let mut counts = vec![0; nodes.len()];
        let mut path: Vec<(u32, Vec<u32>)> = Vec::new();
        for (place, node) in (0_u32..).zip(nodes).filter(|&(place, _)| wanted[place as usize]) {
            if place % 256 == 0 {
                watch.check()?;
                watch.progress(place.into(), nodes.len() as u64);
            }
            while path.last().is_some_and(|&(last, _)| last != node.parent) {
                path.pop();
            }
            let rows = match path.last() {
                None => holding[node.item as usize].clone(),
                Some((_, rows)) => common(rows, &holding[node.item as usize]),
            };
            counts[place as usize] = rows.len() as u32;
            path.push((place, rows));
        }
        Ok(counts)
    }
}

/// What two ascending lists have in common: each of the shorter is searched from where the last one was found.
fn common(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (short, mut long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut found = Vec::new();
    for &row in short {
        let mut reach = 1;
        while reach < long.len() && long[reach] < row {
            reach *= 2;
        }
        let start = reach / 2;
        let end = (reach + 1).min(long.len());
        long = &long[start + long[start.min(end)..end].partition_point(|&other| other < row)..];
        match long.first() {
            None => break,
            Some(&first) if first == row => found.push(row),
            Some(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_rows() {
        for step in 1..20_u32 {
            let a: Vec<u32> = (0..300).filter(|row| row % step == 0).collect();
            for other in 1..20_u32 {
                let b: Vec<u32> = (5..290).filter(|row| row % other == 1).collect();
                let expected: Vec<u32> = (5..290).filter(|row| row % step == 0 && row % other == 1).collect();
                assert_eq!(common(&a, &b), expected);
                assert_eq!(common(&b, &a), expected);
            }
        }
        assert!(common(&[], &[1]).is_empty());
    }
}
