//! At which risk tolerance the best alternative changes: the crossings of exponential sums, each bracketed and then
//! halved to the last bit, never looked for on a grid.

use super::dominance::Dominance;
use super::profile::RiskProfile;
use super::{Kind, TreeAnswer};
use crate::decision::scalar::Sense;
use crate::error::{Error, Result};

/// Strategies that are listed.
const MAX_STRATEGIES: u64 = 10_000;
/// Strategies left after those that nobody who avoids risk would take.
const MAX_RIVALS: usize = 200;
/// Coefficients below this are the rounding of noughts.
const NOUGHT: f64 = 1e-13;

/// Risk tolerances with the same best alternatives.
#[derive(Debug, Clone, PartialEq)]
pub struct ToleranceRegion {
    /// The least tolerance of the region; 0 for the first.
    pub from: f64,
    /// The largest; infinity for the last, where one decides nearly by expected value.
    pub to: f64,
    /// The best alternatives of the root: several if they tie throughout.
    pub best: Vec<String>,
}

/// A strategy as a lottery, and the alternatives of the root that begin it.
struct Rival {
    profile: RiskProfile,
    first: Vec<usize>,
    /// Gains from 0 to 1, and their probabilities.
    lottery: Vec<(f64, f64)>,
}

impl TreeAnswer {
    /// The best alternatives of the root for every risk tolerance R of an exponential utility 1 − e^(−x/R), R > 0,
    /// from the least to the largest: the break-even tolerances are where the regions meet.
    ///
    /// The difference of two expected utilities is a sum of exponentials in 1/R, with at most as many zeros as its
    /// coefficients change sign (Pólya and Szegő 1925, part V). Derivatives with ever fewer changes of sign
    /// separate the zeros, and each is then halved to the last bit.
    ///
    /// An error if the root is no decision, or if there are more than 10,000 strategies, or more than 200 after
    /// those that are dominated.
    ///
    /// ```
    /// use patronage::decision::{chance, decide, pay};
    /// let game = chance([("win", "1/2", pay(20)), ("lose", "#", pay(-10))]);
    /// let regions = decide("", [("play", game), ("do not play", pay(0))]).solve()?.tolerance_regions()?;
    /// assert_eq!((regions[0].best[0].as_str(), regions[1].best[0].as_str()), ("do not play", "play"));
    /// // With g = e^(10/R), g + 1/g² = 2 where g is the golden ratio.
    /// let golden = (1.0 + 5f64.sqrt()) / 2.0;
    /// assert!((regions[0].to - 10.0 / golden.ln()).abs() < 1e-9);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn tolerance_regions(&self) -> Result<Vec<ToleranceRegion>> {
        if self.tree.kind(0) != Kind::Decision {
            return Err(Error::InvalidTree {
                node: format!("node '{}'", self.tree.path(0)),
                problem: "the root is no decision, so that there is nothing to prefer".into(),
                mend: "put the alternatives under a decision".into(),
            });
        }
        let (mut rivals, range) = self.rivals()?;
        let mut turns = Vec::new();
        for i in 1..rivals.len() {
            for j in 0..i {
                turns.extend(crossings(&rivals[i].lottery, &rivals[j].lottery));
            }
        }
        turns.sort_by(f64::total_cmp);
        turns.dedup_by(|a, b| (*a - *b).abs() <= 1e-12 * b.abs());
        // From the largest aversion (the least tolerance) to the least.
        let mut ends = vec![f64::INFINITY];
        ends.extend(turns.iter().rev());
        ends.push(0.0);
        let mut regions: Vec<ToleranceRegion> = Vec::new();
        rivals.sort_by(|a, b| a.first.cmp(&b.first));
        for pair in ends.windows(2) {
            let aversion = match pair {
                [far, 0.0] if far.is_infinite() => 1.0,
                [far, near] if far.is_infinite() => 2.0 * near,
                [far, near] => f64::midpoint(*far, *near),
                _ => continue,
            };
            let best = self.best_of(&rivals, aversion);
            match regions.last_mut() {
                Some(last) if last.best == best => last.to = range / pair[1],
                _ => regions.push(ToleranceRegion { from: range / pair[0], to: range / pair[1], best }),
            }
        }
        Ok(regions)
    }

    /// The strategies that somebody who avoids risk may take, and the range of all their amounts.
    fn rivals(&self) -> Result<(Vec<Rival>, f64)> {
        let mut rivals: Vec<Rival> = Vec::new();
        for strategy in self.strategies(MAX_STRATEGIES)? {
            let label = strategy.choices.first().map(|c| c.alternative.as_str());
            let first = self.tree.children(0).find(|&i| Some(self.tree.label(i)) == label).unwrap_or(0);
            match rivals.iter_mut().find(|r| r.profile == strategy.risk_profile) {
                Some(twin) if twin.first.contains(&first) => {}
                Some(twin) => twin.first.push(first),
                None => rivals.push(Rival {
                    profile: strategy.risk_profile,
                    first: vec![first],
                    lottery: Vec::new(),
                }),
            }
        }
        let mut open = Vec::new();
        for (i, rival) in rivals.iter().enumerate() {
            let mut dominated = false;
            for (j, other) in rivals.iter().enumerate() {
                dominated |= i != j && other.profile.dominates(&rival.profile)? >= Some(Dominance::First);
                if dominated {
                    break;
                }
            }
            open.push(!dominated);
        }
        let mut open = open.into_iter();
        rivals.retain(|_| open.next().unwrap_or(true));
        if rivals.len() > MAX_RIVALS {
            return Err(Error::LimitExceeded {
                what: "the number of strategies that are not dominated".into(),
                limit: MAX_RIVALS as u64,
                mend: "solve with a few risk tolerances instead".into(),
            });
        }
        let sign = if self.sense == Sense::Profit { 1.0 } else { -1.0 };
        let gains = |r: &Rival| r.profile.iter().map(|line| sign * line.payoff.float).collect::<Vec<_>>();
        let all: Vec<f64> = rivals.iter().flat_map(gains).collect();
        let low = all.iter().copied().fold(f64::INFINITY, f64::min);
        let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let range = if high > low { high - low } else { 1.0 };
        for rival in &mut rivals {
            let share = |x: f64| (x - low) / range;
            let probability = rival.profile.iter().map(|line| line.probability.float);
            rival.lottery = gains(rival).into_iter().map(share).zip(probability).collect();
        }
        Ok((rivals, range))
    }

    fn best_of(&self, rivals: &[Rival], aversion: f64) -> Vec<String> {
        let certain: Vec<f64> = rivals.iter().map(|r| certainty_equivalent(&r.lottery, aversion)).collect();
        let top = certain.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let ties = rivals.iter().zip(&certain).filter(|(_, c)| top - **c <= 1e-12);
        let mut first: Vec<usize> = ties.flat_map(|(r, _)| r.first.iter().copied()).collect();
        first.sort_unstable();
        first.dedup();
        first.into_iter().map(|i| self.tree.label(i).to_string()).collect()
    }
}

fn certainty_equivalent(lottery: &[(f64, f64)], aversion: f64) -> f64 {
    let worst = lottery.iter().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
    let sum: f64 = lottery.iter().map(|(x, p)| p * (-aversion * (x - worst)).exp_m1()).sum();
    worst - sum.ln_1p() / aversion
}

/// Σ coefficient · e^(−a · (x − s)) for some s, of which only the sign is asked.
struct Sum(Vec<(f64, f64)>);

impl Sum {
    /// The sign at an aversion `a`; nought within rounding.
    fn sign(&self, a: f64) -> f64 {
        let least = self.0.first().map_or(0.0, |term| term.0);
        let terms = self.0.iter().map(|(x, c)| c * (-a * (x - least)).exp());
        let (sum, size) = terms.fold((0.0, 0.0), |(sum, size), t| (sum + t, size + f64::abs(t)));
        if sum.abs() <= NOUGHT * size { 0.0 } else { sum.signum() }
    }

    /// The place before the first change of sign, if there is one.
    fn change(&self) -> Option<f64> {
        let pair = self.0.windows(2).find(|pair| pair[0].1 * pair[1].1 < 0.0)?;
        Some(f64::midpoint(pair[0].0, pair[1].0))
    }

    /// An aversion beyond which the first term outweighs the others.
    fn beyond(&self) -> f64 {
        let (Some(first), Some(second)) = (self.0.first(), self.0.get(1)) else { return 1.0 };
        let others: f64 = self.0[1..].iter().map(|(_, c)| c.abs()).sum();
        ((others / first.1.abs()).ln().max(0.0) + 1.0) / (second.0 - first.0)
    }

    /// The positive zeros, given those of the derivative.
    fn zeros(&self, turns: &[f64]) -> Vec<f64> {
        let last = turns.last().copied().unwrap_or(0.0);
        let mut ends = vec![0.0];
        ends.extend_from_slice(turns);
        ends.push(self.beyond().max(2.0 * last));
        let mut zeros: Vec<f64> = turns.iter().copied().filter(|&a| self.sign(a) == 0.0).collect();
        for pair in ends.windows(2) {
            let (mut low, mut high) = (pair[0], pair[1]);
            let (below, above) = (self.sign(low), self.sign(high));
            if below * above >= 0.0 {
                continue;
            }
            loop {
                let middle = f64::midpoint(low, high);
                if middle <= low || middle >= high {
                    break;
                }
                if self.sign(middle) == below { low = middle } else { high = middle }
            }
            zeros.push(high);
        }
        zeros.sort_by(f64::total_cmp);
        zeros
    }
}

/// The aversions above 0 at which two lotteries are worth the same.
fn crossings(one: &[(f64, f64)], other: &[(f64, f64)]) -> Vec<f64> {
    let mut terms: Vec<(f64, f64)> = one.iter().copied().chain(other.iter().map(|(x, p)| (*x, -p))).collect();
    terms.sort_by(|a, b| a.0.total_cmp(&b.0));
    terms.dedup_by(|next, kept| {
        let same = next.0 - kept.0 <= 1e-12;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
    terms.retain(|(_, c)| c.abs() > NOUGHT);
    // Each step multiplies by e^(s a) and differentiates, with s where the sign changes: one change less.
    let mut chain = vec![Sum(terms)];
    while let Some((sum, s)) = chain.last().and_then(|sum| sum.change().map(|s| (sum, s))) {
        let next: Vec<(f64, f64)> = sum.0.iter().map(|(x, c)| (*x, c * (s - x))).collect();
        let size = next.iter().map(|(_, c)| c.abs()).fold(0.0, f64::max);
        chain.push(Sum(next.into_iter().map(|(x, c)| (x, c / size)).collect()));
    }
    // The last has no change of sign, hence no zero.
    chain.iter().rev().skip(1).fold(Vec::new(), |turns, sum| sum.zeros(&turns))
}
