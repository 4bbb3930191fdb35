//! The beta-discrete-Weibull model.

use serde::{Deserialize, Serialize};

use super::super::model::{Parametric, Stored, check_parameters, parametric};
use super::lifetimes::Lifetimes;
use super::retention_model::RetentionModel;
use crate::error::Result;

/// The beta-discrete-Weibull model of Fader, Hardie, Liu, Davin and Steenburgh (2018, *Journal of Interactive
/// Marketing* 43, 1–16).
///
/// The shifted beta-geometric model, but for customers who change: each customer's own lifetime is discrete Weibull,
/// so that she leaves ever less easily if c < 1, and ever more easily if c > 1. With c = 1 it is
/// [`ShiftedBetaGeometric`](super::ShiftedBetaGeometric).
///
/// ```text
/// S(t) = B(α, β + t^c)/B(α, β)
/// ```
///
/// ```
/// use patronage::clv::{BetaDiscreteWeibull, RetentionModel};
/// let model = BetaDiscreteWeibull::new(0.704, 1.182, 1.5)?;
/// assert!((model.survival(1) - 1.182 / 1.886).abs() < 1e-15); // whatever c
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct BetaDiscreteWeibull {
    alpha: f64,
    beta: f64,
    c: f64,
}

impl BetaDiscreteWeibull {
    /// A model from its parameters, all above 0.
    pub fn new(alpha: f64, beta: f64, c: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[alpha, beta, c])?;
        Ok(Self { alpha, beta, c })
    }
}

parametric!(BetaDiscreteWeibull, "BdW", [alpha, beta, c]);

impl RetentionModel for BetaDiscreteWeibull {
    fn lifetimes(&self) -> Lifetimes {
        Lifetimes { alpha: self.alpha, beta: self.beta, c: self.c }
    }
}
