//! A utility function ready for work: certainty equivalents of chance events.
//!
//! Each is a mean of the certainty equivalents of its outcomes, so that rollback gives the same as the lottery over
//! the leaves. Exponents are taken relative to the worst (or largest) outcome: nothing overflows.

use super::utility::Utility;
use crate::decision::number::Number;
use crate::decision::scalar::{Scalar, Sense};
use crate::decision::words::plain;
use crate::error::{Error, Result};

#[derive(Debug)]
pub(super) struct Attitude<S> {
    shape: Shape<S>,
    sense: Sense,
}

#[derive(Debug)]
enum Shape<S> {
    Exponential {
        tolerance: f64,
    },
    /// (W + x)^exponent; the logarithm for 0.
    Power {
        exponent: f64,
        wealth: f64,
    },
    Table(Vec<(S, S)>),
}

impl<S: Scalar> Attitude<S> {
    pub fn new(utility: &Utility, sense: Sense) -> Result<Self> {
        let finite = |name: &str, x: f64, expected: &str| {
            if x.is_finite() { Ok(x) } else { Err(Error::parameter(name, x, expected)) }
        };
        let shape = match utility {
            Utility::Exponential { risk_tolerance } => {
                let expected = "a number other than 0; positive avoids risk";
                let tolerance = finite("risk_tolerance", *risk_tolerance, expected)?;
                if tolerance.recip().is_infinite() {
                    return Err(Error::parameter("risk_tolerance", tolerance, expected));
                }
                Shape::Exponential { tolerance }
            }
            Utility::Logarithmic { wealth } => {
                Shape::Power { exponent: 0.0, wealth: finite("wealth", *wealth, "a finite number")? }
            }
            Utility::Power { risk_aversion, wealth } => Shape::Power {
                exponent: 1.0 - finite("risk_aversion", *risk_aversion, "a finite number")?,
                wealth: finite("wealth", *wealth, "a finite number")?,
            },
            Utility::Table(points) => Shape::Table(table(points)?),
        };
        Ok(Self { shape, sense })
    }

    /// An amount as a gain, and back.
    fn gain(&self, amount: &S) -> S {
        if self.sense == Sense::Profit { amount.clone() } else { S::ZERO.sub(amount) }
    }

    /// An error if the utility of an amount is not defined.
    pub fn check(&self, amount: &S, path: impl FnOnce() -> String) -> Result<()> {
        let gain = self.gain(amount);
        let problem = match &self.shape {
            Shape::Exponential { .. } => return Ok(()),
            Shape::Power { exponent, wealth } => {
                let total = wealth + gain.value().float;
                if total > 0.0 || (total == 0.0 && *exponent > 0.0) {
                    return Ok(());
                }
                format!("wealth and what is received come to {total}, of which the utility is not defined")
            }
            Shape::Table(points) => match (points.first(), points.last()) {
                (Some((low, _)), Some((high, _))) if gain < *low || gain > *high => format!(
                    "{} is outside the table of utilities, from {} to {}",
                    plain(&gain.value()),
                    plain(&low.value()),
                    plain(&high.value())
                ),
                _ => return Ok(()),
            },
        };
        Err(Error::InvalidTree {
            node: format!("node '{}'", path()),
            problem,
            mend: match self.shape {
                Shape::Table(_) => "give the table points for the least and the largest amount".into(),
                _ => "give the wealth before the decision, in the unit of the payoffs".into(),
            },
        })
    }

    /// The utility of an amount; `None` where floats do not reach.
    pub fn utility(&self, amount: &S) -> Option<S> {
        let gain = self.gain(amount);
        let float = |x: f64| if x.is_finite() { S::from_number(&Number::Float(x)) } else { None };
        match &self.shape {
            Shape::Exponential { tolerance } => float(-(-gain.value().float / tolerance).exp_m1()),
            Shape::Power { exponent: 0.0, wealth } => float((wealth + gain.value().float).ln()),
            Shape::Power { exponent, wealth } => {
                float((wealth + gain.value().float).powf(*exponent) / exponent)
            }
            Shape::Table(points) => Some(interpolate(points, &gain, |point| &point.0, |point| &point.1)),
        }
    }

    /// The amount that is worth as much as outcomes with these probabilities and certainty equivalents.
    pub fn certainty_equivalent(&self, p: &[S], certain: &[S]) -> Result<S> {
        let outcomes: Vec<(S, S)> = p
            .iter()
            .zip(certain)
            .filter(|(p, _)| !p.is_zero())
            .map(|(p, x)| (p.clone(), self.gain(x)))
            .collect();
        let Some((_, first)) = outcomes.first() else { return Ok(S::ZERO) };
        if outcomes.iter().all(|(_, x)| x == first) {
            return Ok(self.gain(first));
        }
        let mean = match &self.shape {
            Shape::Exponential { tolerance } => {
                // The outcome that weighs most: the worst for those who avoid risk, the best for those who seek it.
                let worst = extreme(&outcomes, *tolerance > 0.0);
                let terms = floats(&outcomes).map(|(p, x)| p * (-(x - worst) / tolerance).exp_m1());
                float(worst - tolerance * terms.sum::<f64>().ln_1p())?
            }
            Shape::Power { exponent, wealth } => {
                let unit = wealth + extreme(&outcomes, *exponent < 0.0);
                let logarithms = floats(&outcomes).map(|(p, x)| (p, ((wealth + x) / unit).ln()));
                let mean = if *exponent == 0.0 {
                    logarithms.map(|(p, log)| p * log).sum::<f64>()
                } else {
                    logarithms.map(|(p, log)| p * (exponent * log).exp_m1()).sum::<f64>().ln_1p() / exponent
                };
                float(unit * mean.exp() - wealth)?
            }
            Shape::Table(points) => {
                let mut expected = S::ZERO;
                for (p, x) in &outcomes {
                    expected =
                        expected.add(&p.mul(&interpolate(points, x, |point| &point.0, |point| &point.1)));
                    expected.check()?;
                }
                interpolate(points, &expected, |point| &point.1, |point| &point.0)
            }
        };
        Ok(self.gain(&mean))
    }
}

fn floats<S: Scalar>(outcomes: &[(S, S)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    outcomes.iter().map(|(p, x)| (p.value().float, x.value().float))
}

fn extreme<S: Scalar>(outcomes: &[(S, S)], least: bool) -> f64 {
    let amounts = floats(outcomes).map(|(_, x)| x);
    if least { amounts.fold(f64::INFINITY, f64::min) } else { amounts.fold(f64::NEG_INFINITY, f64::max) }
}

fn float<S: Scalar>(x: f64) -> Result<S> {
    x.check()?;
    S::from_number(&Number::Float(x)).ok_or_else(|| Error::parameter("utility", x, "floats"))
}

/// The points of a table, checked.
fn table<S: Scalar>(points: &[(Number, Number)]) -> Result<Vec<(S, S)>> {
    const EXPECTED: &str = "at least two points, amounts and utilities both increasing";
    let wrong = |found: String| Error::parameter("utility", found, EXPECTED);
    if points.len() < 2 {
        return Err(wrong(format!("a table of {} points", points.len())));
    }
    let mut read: Vec<(S, S)> = Vec::with_capacity(points.len());
    for (x, u) in points {
        let finite = |n: &Number| f64::from_number(n).is_some_and(f64::is_finite);
        let both = S::from_number(x).zip(S::from_number(u)).filter(|_| finite(x) && finite(u));
        let Some((amount, utility)) = both else { return Err(wrong(format!("the point ({x}, {u})"))) };
        if read.last().is_some_and(|(before, below)| amount <= *before || utility <= *below) {
            return Err(wrong(format!("the point ({x}, {u}) after a larger or equal one")));
        }
        read.push((amount, utility));
    }
    Ok(read)
}

/// The straight line between the points around `x`; outside of them (by rounding only) the end.
fn interpolate<S: Scalar>(
    points: &[(S, S)],
    x: &S,
    from: impl Fn(&(S, S)) -> &S,
    to: impl Fn(&(S, S)) -> &S,
) -> S {
    let after = points.partition_point(|point| from(point) <= x);
    if after == 0 {
        return to(&points[0]).clone();
    }
    let left = &points[after - 1];
    let Some(right) = points.get(after) else { return to(left).clone() };
    let share = x.sub(from(left)).over(&from(right).sub(from(left))).unwrap_or(S::ZERO);
    to(left).add(&share.mul(&to(right).sub(to(left))))
}
