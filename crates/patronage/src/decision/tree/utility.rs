//! What an amount is worth to somebody who does not like, or likes, to take risks.

use serde::{Deserialize, Serialize};

use super::attitude::Attitude;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::error::{Error, Result};

/// A utility function of what a path through the tree brings in all, discounted if the tree is.
///
/// Where payoffs are costs, it is a function of the cost with a minus sign, so that one function serves both.
/// Decisions are made by the certainty equivalent, the amount whose utility is the expected utility
/// (von Neumann and Morgenstern 1944; Pratt 1964, *Econometrica* 32).
///
/// | | u(x) | defined for |
/// |---|---|---|
/// | exponential | 1 − e^(−x/R) | every x; R > 0 avoids risk, R < 0 seeks it |
/// | logarithmic | ln(W + x) | W + x > 0 |
/// | power | (W + x)^(1−γ) / (1 − γ), ln(W + x) for γ = 1 | W + x > 0, for γ < 1 also 0 |
/// | table | straight lines between points | from the first amount to the last |
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Utility {
    /// Constant absolute risk aversion: what was received before has no influence on a choice.
    Exponential {
        /// R, in the unit of the payoffs; not nought.
        risk_tolerance: f64,
    },
    /// Constant relative risk aversion of 1 (Bernoulli 1738).
    Logarithmic {
        /// W, what one has before.
        wealth: f64,
    },
    /// Constant relative risk aversion.
    Power {
        /// γ; 0 is neutral, more avoids risk.
        risk_aversion: f64,
        /// W, what one has before.
        wealth: f64,
    },
    /// Amounts, increasing, and the utility of each, increasing too; at least two points. Exact points keep the
    /// answer exact.
    Table(Vec<(Number, Number)>),
}

impl Utility {
    /// Exponential, with a risk tolerance R.
    pub fn exponential(risk_tolerance: f64) -> Self {
        Self::Exponential { risk_tolerance }
    }

    /// Logarithmic, on top of a wealth W.
    pub fn logarithmic(wealth: f64) -> Self {
        Self::Logarithmic { wealth }
    }

    /// Power, with a relative risk aversion γ, on top of a wealth W.
    pub fn power(risk_aversion: f64, wealth: f64) -> Self {
        Self::Power { risk_aversion, wealth }
    }

    /// Straight lines between points.
    ///
    /// ```
    /// use patronage::decision::{Solve, Utility, chance, decide, pay};
    /// let game = decide("Game", [
    ///     ("play", chance([("win", ".45", pay(10_000)), ("lose", "#", pay(-10_000))])),
    ///     ("do not play", pay(0)),
    /// ]).build()?;
    /// let utility = Utility::table([(-10_000, ".05"), (0, ".15"), (10_000, ".30")]);
    /// let answer = Solve::new().utility(utility).run(&game, &patronage::watch::Unwatched)?;
    /// assert_eq!(answer.choice(), ["play"]);
    /// assert_eq!(answer.expected_utility(0).unwrap().to_string(), "13/80");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn table<X: Into<Number>, U: Into<Number>>(points: impl IntoIterator<Item = (X, U)>) -> Self {
        Self::Table(points.into_iter().map(|(x, u)| (x.into(), u.into())).collect())
    }

    /// The utility of an amount of profit; an error outside the amounts for which it is defined.
    pub fn of(&self, amount: impl Into<Number>) -> Result<Value> {
        let amount = amount.into();
        let attitude = Attitude::<f64>::new(self, Sense::Profit)?;
        let wanted = || Error::parameter("amount", &amount, "a finite number");
        let x = Value::from(&amount).float;
        if !x.is_finite() {
            return Err(wanted());
        }
        attitude.check(&x, || "the amount".into())?;
        attitude.utility(&x).map(Value::from).ok_or_else(wanted)
    }

    pub(super) fn is_exact(&self) -> bool {
        match self {
            Self::Table(points) => {
                points.iter().all(|(x, u)| !matches!(x, Number::Float(_)) && !matches!(u, Number::Float(_)))
            }
            _ => false,
        }
    }
}
