//! Risk profiles: the distribution of what a policy brings.

use std::cmp::Ordering;
use std::ops::Deref;

use super::attitude::Attitude;
use super::utility::Utility;
use super::{Solve, chance, pay};
use crate::decision::exact::Exact;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::{Scalar, Sense};
use crate::error::{Error, Result};
use crate::watch::Unwatched;

/// One line of a risk profile: an amount and how likely it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The amount received in all.
    pub payoff: Value,
    /// Its probability; in a cumulative profile that of this amount or less.
    pub probability: Value,
}

/// The amounts that a policy may bring, each with its probability, from the least to the most.
///
/// ```
/// use patronage::decision::{chance, decide, pay};
/// let plant = chance([("good", ".4", pay(60)), ("fair", ".5", pay(10)), ("bad", "#", pay(-40))]);
/// let profile = decide("Build?", [("build", plant), ("wait", pay(0))]).solve()?.risk_profile()?;
/// assert_eq!((profile[0].payoff.float, profile[0].probability.to_string()), (-40.0, "1/10".into()));
/// assert_eq!(profile.cumulative()?[1].probability.to_string(), "3/5");
/// // The worst fifth: −40 in one half of it, 10 in the other.
/// assert_eq!(profile.conditional_value_at_risk(".2")?.to_string(), "-15");
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RiskProfile {
    outcomes: Vec<Outcome>,
    sense: Sense,
}

impl Deref for RiskProfile {
    type Target = [Outcome];
    fn deref(&self) -> &[Outcome] {
        &self.outcomes
    }
}

/// Runs a computation in fractions where the profile has them, otherwise in floats.
macro_rules! with_pairs {
    ($self:expr, $pairs:ident => $body:expr) => {
        match $self.pairs::<Exact>() {
            Some($pairs) => $body,
            None => {
                let $pairs = $self.pairs::<f64>().unwrap_or_default();
                $body
            }
        }
    };
}

impl RiskProfile {
    pub(super) fn new<S: Scalar>(pairs: &[(S, S)], sense: Sense) -> Self {
        let line = |(x, p): &(S, S)| Outcome { payoff: x.value(), probability: p.value() };
        Self { outcomes: pairs.iter().map(line).collect(), sense }
    }

    /// A profile of one's own, from amounts in any order and their probabilities, which sum to 1.
    ///
    /// ```
    /// use patronage::decision::{RiskProfile, Sense};
    /// let profile = RiskProfile::from_outcomes([(20, ".5"), (0, ".5")], Sense::Profit)?;
    /// assert_eq!(profile.mean()?.to_string(), "10");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn from_outcomes<X: Into<Number>, P: Into<Number>>(
        outcomes: impl IntoIterator<Item = (X, P)>,
        sense: Sense,
    ) -> Result<Self> {
        let outcomes = outcomes.into_iter().enumerate();
        let event = chance(outcomes.map(|(i, (x, p))| (i.to_string(), p, pay(x)))).build()?;
        Solve::new().sense(sense).run(&event, &Unwatched)?.risk_profile()
    }

    /// Whether more or less is better.
    pub fn sense(&self) -> Sense {
        self.sense
    }

    /// Amounts and probabilities; `None` where they are not of this arithmetic.
    pub(super) fn pairs<S: Scalar>(&self) -> Option<Vec<(S, S)>> {
        let read = |value: &Value| S::from_number(&value.clone().into());
        self.outcomes.iter().map(|line| read(&line.payoff).zip(read(&line.probability))).collect()
    }

    /// The expected amount.
    pub fn mean(&self) -> Result<Value> {
        with_pairs!(self, pairs => Ok(mean(&pairs)?.value()))
    }

    /// The expected squared distance from the mean.
    pub fn variance(&self) -> Result<Value> {
        with_pairs!(self, pairs => {
            let middle = mean(&pairs)?;
            let squared = |(x, p): &(_, _)| {
                let away = Scalar::sub(x, &middle);
                (Scalar::mul(&away, &away), Clone::clone(p))
            };
            Ok(mean(&pairs.iter().map(squared).collect::<Vec<_>>())?.value())
        })
    }

    /// The probability of each amount or less.
    pub fn cumulative(&self) -> Result<Vec<Outcome>> {
        with_pairs!(self, pairs => {
            let sums = sums(pairs.iter().map(|(_, p)| p))?;
            let line = |((x, _), sum): (&(_, _), _)| Outcome { payoff: Scalar::value(x), probability: Scalar::value(&sum) };
            Ok(pairs.iter().zip(sums).map(line).collect())
        })
    }

    /// The amount that a share of the cases does not surpass, in the bad direction: of profits the least amount x
    /// with P(X ≤ x) ≥ level, of costs the largest with P(X ≥ x) ≥ level.
    pub fn value_at_risk(&self, level: impl Into<Number>) -> Result<Value> {
        let level = level.into();
        with_pairs!(self, pairs => tail(pairs, &level, self.sense).map(|(edge, _)| edge.value()))
    }

    /// The mean of the worst share of the cases, `CVaR` or expected shortfall (Rockafellar and Uryasev 2002): of
    /// profits the least, of costs the largest. Of an amount that lies across the border of the share only as
    /// much counts as belongs to it; a level of 1 gives the mean.
    pub fn conditional_value_at_risk(&self, level: impl Into<Number>) -> Result<Value> {
        let level = level.into();
        with_pairs!(self, pairs => tail(pairs, &level, self.sense).map(|(_, mean)| mean.value()))
    }

    /// The certain amount that is worth as much as the whole lottery.
    pub fn certainty_equivalent(&self, utility: &Utility) -> Result<Value> {
        fn of<S: Scalar>(pairs: &[(S, S)], utility: &Utility, sense: Sense) -> Result<Value> {
            let attitude = Attitude::<S>::new(utility, sense)?;
            let (x, p): (Vec<S>, Vec<S>) = pairs.iter().cloned().unzip();
            x.iter().try_for_each(|x| attitude.check(x, || "an outcome of the risk profile".into()))?;
            Ok(attitude.certainty_equivalent(&p, &x)?.value())
        }
        match self.pairs::<Exact>().filter(|_| utility.is_exact()) {
            Some(pairs) => of(&pairs, utility, self.sense),
            None => of(&self.pairs::<f64>().unwrap_or_default(), utility, self.sense),
        }
    }
}

fn mean<S: Scalar>(pairs: &[(S, S)]) -> Result<S> {
    let products: Vec<S> = pairs.iter().map(|(x, p)| x.mul(p)).collect();
    S::total(products.iter())
}

/// The sums of the first terms, the last of which is 1.
fn sums<'a, S: Scalar + 'a>(terms: impl Iterator<Item = &'a S>) -> Result<Vec<S>> {
    let mut sum = S::ZERO;
    let mut sums = Vec::new();
    for term in terms {
        sum = sum.add(term);
        sum.check()?;
        sums.push(sum.clone());
    }
    if let Some(last) = sums.last_mut() {
        *last = S::ONE;
    }
    Ok(sums)
}

/// The border of the worst share of the cases, and the mean of that share.
fn tail<S: Scalar>(mut pairs: Vec<(S, S)>, level: &Number, sense: Sense) -> Result<(S, S)> {
    let wrong =
        || Error::parameter("level", level, "a share of the cases above 0 and up to 1, such as \".05\"");
    let float = f64::from_number(level).filter(|l| *l > 0.0 && *l <= 1.0).ok_or_else(wrong)?;
    // A float as the level of an exact profile is the float, exactly.
    let share = S::from_number(level)
        .or_else(|| S::from_number(&Number::Exact(num_rational::BigRational::from_float(float)?.into())))
        .ok_or_else(wrong)?;
    if sense == Sense::Cost {
        pairs.reverse();
    }
    let (mut left, mut terms) = (share.clone(), Vec::new());
    let mut edge = S::ZERO;
    for (x, p) in &pairs {
        edge = x.clone();
        let part = if *p < left { p.clone() } else { left.clone() };
        terms.push(x.mul(&part));
        left = left.sub(&part);
        if left <= S::ZERO {
            break;
        }
    }
    // What rounding has left over belongs to the last amount.
    terms.push(edge.mul(&left));
    let mean = S::total(terms.iter())?.over(&share).ok_or_else(wrong)?;
    mean.check()?;
    Ok((edge, mean))
}

/// Amounts in order, those that tie as one.
pub(super) fn grouped<S: Scalar>(mut leaves: Vec<(S, S)>) -> Result<Vec<(S, S)>> {
    leaves.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal));
    let groups = leaves.chunk_by(|a, b| a.0.ties(&b.0));
    groups.map(|group| Ok((group[0].0.clone(), S::total(group.iter().map(|(_, p)| p))?))).collect()
}
