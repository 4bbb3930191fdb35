//! The arithmetic that trees and tables need, in floats and in fractions.

use std::cmp::Ordering;

use super::exact::Exact;
use super::number::{Number, Value};
use crate::error::{Error, Result};
use crate::math::ExactSum;

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sense {
    /// Payoffs are profits: more is better.
    #[default]
    Profit,
    /// Payoffs are costs: less is better.
    Cost,
}

/// Floats this close (relatively) tie: less apart than the rounding of a few dozen operations.
const TIE: f64 = 1e-12;

pub(super) trait Scalar: Clone + PartialOrd + std::fmt::Debug + Send + Sync {
    const ZERO: Self;
    const ONE: Self;
    fn add(&self, other: &Self) -> Self;
    fn sub(&self, other: &Self) -> Self;
    fn mul(&self, other: &Self) -> Self;
    /// The sum of many terms (for floats independent of their order).
    fn total<'a>(terms: impl Iterator<Item = &'a Self>) -> Result<Self>
    where
        Self: 'a;
    /// The scalar of a number; `None` where that needs rounding, or is no number.
    fn from_number(number: &Number) -> Option<Self>;
    /// Divided by a count of at least 1.
    fn divide(&self, count: usize) -> Self;
    /// Divided by another number; `None` if that is nought.
    fn over(&self, other: &Self) -> Option<Self>;
    /// Whether two values count as equal.
    fn ties(&self, other: &Self) -> bool;
    /// Whether a sum of probabilities counts as 1.
    fn is_one(&self) -> bool;
    fn is_zero(&self) -> bool;
    /// An error if the value has left the range in which it can be trusted.
    fn check(&self) -> Result<()>;
    fn value(&self) -> Value;
    fn number(&self) -> Number;
    /// 1 / (1 + rate)^time.
    fn discount(rate: &Self, time: f64) -> Result<Self>;
    /// The sum of p · (payoff + to go) over the outcomes of a chance event; no payoffs are noughts.
    fn expectation(p: &[Self], payoff: &[Self], to_go: &[Self]) -> Result<Self>;
    /// Whether twenty million such numbers still add up to one that can be trusted.
    fn is_tame(&self) -> bool;

    /// The better of two values; the first if they are equal.
    fn better(self, other: Self, sense: Sense) -> Self {
        if other.beats(&self, sense) { other } else { self }
    }

    /// Whether it is better than another value.
    #[inline]
    fn beats(&self, other: &Self, sense: Sense) -> bool {
        let better = if sense == Sense::Profit { Ordering::Greater } else { Ordering::Less };
        self.partial_cmp(other) == Some(better)
    }
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    #[inline]
    fn add(&self, other: &Self) -> Self {
        self + other
    }
    fn sub(&self, other: &Self) -> Self {
        self - other
    }
    fn mul(&self, other: &Self) -> Self {
        self * other
    }
    fn total<'a>(terms: impl Iterator<Item = &'a Self>) -> Result<Self> {
        let mut sum = ExactSum::default();
        for term in terms {
            sum.add(*term)?;
        }
        Ok(sum.to_f64())
    }
    fn from_number(number: &Number) -> Option<Self> {
        match number {
            Number::Float(float) => Some(*float),
            Number::Exact(exact) => Some(exact.to_f64()),
            _ => None,
        }
    }
    fn divide(&self, count: usize) -> Self {
        self / count as f64
    }
    fn over(&self, other: &Self) -> Option<Self> {
        (*other != 0.0).then(|| self / other)
    }
    // Without a branch: which of two alternatives is better cannot be foretold.
    #[inline]
    fn better(self, other: Self, sense: Sense) -> Self {
        match sense {
            Sense::Profit if other > self => other,
            Sense::Cost if other < self => other,
            _ => self,
        }
    }
    #[inline]
    fn ties(&self, other: &Self) -> bool {
        (self - other).abs() <= TIE * self.abs().max(other.abs())
    }
    fn is_one(&self) -> bool {
        (self - 1.0).abs() <= 1e-9
    }
    fn is_zero(&self) -> bool {
        *self == 0.0
    }
    #[inline]
    fn check(&self) -> Result<()> {
        if self.is_finite() {
            return Ok(());
        }
        Err(Error::Overflow {
            what: "a value of the decision".into(),
            mend: "use a larger unit, such as thousands or millions".into(),
        })
    }
    fn value(&self) -> Value {
        // There is one nought.
        (*self + 0.0).into()
    }
    fn number(&self) -> Number {
        Number::Float(*self)
    }
    fn discount(rate: &Self, time: f64) -> Result<Self> {
        Ok((1.0 + rate).powf(-time))
    }
    #[inline]
    fn expectation(p: &[Self], payoff: &[Self], to_go: &[Self]) -> Result<Self> {
        if payoff.is_empty() {
            return Ok(p.iter().zip(to_go).map(|(p, v)| p * v).sum());
        }
        Ok(p.iter().zip(payoff.iter().zip(to_go)).map(|(p, (x, v))| p * (x + v)).sum())
    }
    fn is_tame(&self) -> bool {
        self.abs() < 1e290
    }
}

impl Scalar for Exact {
    const ZERO: Self = Self::ZERO;
    const ONE: Self = Self::ONE;
    fn add(&self, other: &Self) -> Self {
        self + other
    }
    fn sub(&self, other: &Self) -> Self {
        self - other
    }
    fn mul(&self, other: &Self) -> Self {
        self * other
    }
    fn total<'a>(terms: impl Iterator<Item = &'a Self>) -> Result<Self> {
        let mut sum = Self::ZERO;
        for term in terms {
            sum = &sum + term;
            sum.check()?;
        }
        Ok(sum)
    }
    fn from_number(number: &Number) -> Option<Self> {
        match number {
            Number::Exact(exact) => Some(exact.clone()),
            _ => None,
        }
    }
    fn divide(&self, count: usize) -> Self {
        let share = i64::try_from(count).ok().and_then(|n| Self::ratio(1, n));
        share.map_or(Self::ZERO, |share| self * &share)
    }
    fn over(&self, other: &Self) -> Option<Self> {
        other.reciprocal().map(|reciprocal| self * &reciprocal)
    }
    fn ties(&self, other: &Self) -> bool {
        self == other
    }
    fn is_one(&self) -> bool {
        *self == Self::ONE
    }
    fn is_zero(&self) -> bool {
        self.is_zero()
    }
    fn check(&self) -> Result<()> {
        self.check()
    }
    fn value(&self) -> Value {
        self.clone().into()
    }
    fn number(&self) -> Number {
        Number::Exact(self.clone())
    }
    fn discount(rate: &Self, time: f64) -> Result<Self> {
        if time.fract() != 0.0 || !(0.0..=1e6).contains(&time) {
            return Err(Error::parameter(
                "time",
                time,
                "whole periods where the answer is exact; solve in floats for parts of a period",
            ));
        }
        let growth = (rate + &Self::ONE).power(time as u32)?;
        growth.reciprocal().ok_or_else(|| Error::parameter("discount_rate", rate, "more than -1"))
    }
    fn expectation(p: &[Self], payoff: &[Self], to_go: &[Self]) -> Result<Self> {
        if let Some(sum) = Self::short_expectation(p, payoff, to_go) {
            return Ok(sum);
        }
        let mut sum = Self::ZERO;
        for (i, p) in p.iter().enumerate() {
            let term = payoff.get(i).map_or_else(|| p * &to_go[i], |x| p * &(x + &to_go[i]));
            sum = &sum + &term;
            sum.check()?;
        }
        Ok(sum)
    }
    fn is_tame(&self) -> bool {
        false
    }
}
