//! Stochastic dominance between risk profiles.

use super::profile::RiskProfile;
use super::{Kind, TreeAnswer};
use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::scalar::{Scalar, Sense};
use crate::error::{Error, Result};

/// How one risk profile is better than another for whole classes of people (Hadar and Russell 1969, *American
/// Economic Review* 59; Rothschild and Stiglitz 1970, *Journal of Economic Theory* 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dominance {
    /// For all who prefer more to less: at every amount x, P(X ≤ x) is no higher.
    First,
    /// For all who also avoid risk: the area below P(X ≤ x) up to every amount is no larger.
    Second,
}

/// An alternative that dominates another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DominancePair {
    /// The label of the better one.
    pub better: String,
    /// The label of the worse one.
    pub worse: String,
    /// The stronger of the orders that hold.
    pub order: Dominance,
}

impl RiskProfile {
    /// Whether this profile dominates another, and in which order; equal profiles do not dominate each other.
    ///
    /// Costs are judged as losses: less is more.
    pub fn dominates(&self, other: &Self) -> Result<Option<Dominance>> {
        if self.sense() != other.sense() {
            return Err(Error::parameter("other", "of the other sense", "a profile of the same sense"));
        }
        if let Some((a, b)) = self.pairs::<Exact>().zip(other.pairs::<Exact>()) {
            return compare(a, b, self.sense());
        }
        let floats = |profile: &Self| profile.pairs::<f64>().unwrap_or_default();
        compare(floats(self), floats(other), self.sense())
    }
}

fn compare<S: Scalar>(mut a: Vec<(S, S)>, mut b: Vec<(S, S)>, sense: Sense) -> Result<Option<Dominance>> {
    if sense == Sense::Cost {
        for pairs in [&mut a, &mut b] {
            pairs.reverse();
            pairs.iter_mut().for_each(|(x, _)| *x = S::ZERO.sub(x));
        }
    }
    let slack = |of: f64| S::from_number(&Number::Float(1e-12 * of)).unwrap_or(S::ZERO);
    let (Some(low), Some(high)) = (a.first().min_by_amount(b.first()), a.last().max_by_amount(b.last()))
    else {
        return Ok(None);
    };
    let (step, area) = (slack(1.0), slack(high.sub(&low).value().float));
    let (mut i, mut j, mut at) = (0, 0, low);
    // What the distribution functions differ by, and the area between them so far.
    let (mut gap, mut total) = (S::ZERO, S::ZERO);
    let (mut first, mut second, mut strict) = (true, true, false);
    while i < a.len() || j < b.len() {
        let next = match (a.get(i), b.get(j)) {
            (Some((x, _)), Some((y, _))) if y < x => y.clone(),
            (Some((x, _)), _) => x.clone(),
            (None, Some((y, _))) => y.clone(),
            (None, None) => break,
        };
        total = total.add(&gap.mul(&next.sub(&at)));
        total.check()?;
        second &= total <= area;
        strict |= total < S::ZERO.sub(&area);
        while a.get(i).is_some_and(|(x, _)| *x <= next) {
            gap = gap.add(&a[i].1);
            i += 1;
        }
        while b.get(j).is_some_and(|(y, _)| *y <= next) {
            gap = gap.sub(&b[j].1);
            j += 1;
        }
        gap.check()?;
        first &= gap <= step;
        at = next;
    }
    Ok(match (strict, first, second) {
        (true, true, _) => Some(Dominance::First),
        (true, false, true) => Some(Dominance::Second),
        _ => None,
    })
}

/// The lesser and the larger of two amounts.
trait ByAmount<S> {
    fn min_by_amount(self, other: Self) -> Option<S>;
    fn max_by_amount(self, other: Self) -> Option<S>;
}

impl<S: Scalar> ByAmount<S> for Option<&(S, S)> {
    fn min_by_amount(self, other: Self) -> Option<S> {
        self.zip(other).map(|(a, b)| if a.0 < b.0 { a.0.clone() } else { b.0.clone() })
    }
    fn max_by_amount(self, other: Self) -> Option<S> {
        self.zip(other).map(|(a, b)| if a.0 > b.0 { a.0.clone() } else { b.0.clone() })
    }
}

/// Alternatives that are held against each other.
const MAX_ALTERNATIVES: usize = 1_000;

impl TreeAnswer {
    /// Which alternatives of the root dominate which others, each followed by the best choices after it.
    ///
    /// An error if the root is no decision, or has more than 1,000 alternatives.
    ///
    /// ```
    /// use patronage::decision::{Dominance, chance, decide, pay};
    /// let answer = decide("", [
    ///     ("sure", pay(10)),
    ///     ("risky", chance([("up", "1/2", pay(20)), ("down", "#", pay(0))])),
    ///     ("worse", chance([("up", "1/2", pay(19)), ("down", "#", pay(0))])),
    /// ]).solve()?;
    /// let found = answer.dominance()?;
    /// assert_eq!(found.len(), 3);
    /// assert_eq!((found[0].worse.as_str(), found[0].order), ("risky", Dominance::Second));
    /// assert_eq!((found[2].worse.as_str(), found[2].order), ("worse", Dominance::First));
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn dominance(&self) -> Result<Vec<DominancePair>> {
        let tree = &self.tree;
        let alternatives = self.alternatives()?;
        let profiles: Vec<RiskProfile> =
            alternatives.iter().map(|&i| self.risk_profile_at(i)).collect::<Result<_>>()?;
        let mut found = Vec::new();
        for (i, a) in profiles.iter().enumerate() {
            for (j, b) in profiles.iter().enumerate().filter(|(j, _)| *j != i) {
                if let Some(order) = a.dominates(b)? {
                    let label = |k: usize| tree.label(alternatives[k]).to_string();
                    found.push(DominancePair { better: label(i), worse: label(j), order });
                }
            }
        }
        Ok(found)
    }

    /// The branches of a root decision, of which there are not too many to compare.
    fn alternatives(&self) -> Result<Vec<usize>> {
        let tree = &self.tree;
        if tree.kind(0) != Kind::Decision {
            return Err(Error::InvalidTree {
                node: format!("node '{}'", tree.path(0)),
                problem: "the root is no decision, so that there are no alternatives to compare".into(),
                mend: "put the alternatives under a decision".into(),
            });
        }
        let alternatives: Vec<usize> = tree.children(0).collect();
        if alternatives.len() > MAX_ALTERNATIVES {
            return Err(Error::LimitExceeded {
                what: "the number of alternatives to compare".into(),
                limit: MAX_ALTERNATIVES as u64,
                mend: "compare the risk profiles of those that matter".into(),
            });
        }
        Ok(alternatives)
    }
}
