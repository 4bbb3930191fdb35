//! The shifted beta-geometric model.

use serde::{Deserialize, Serialize};

use super::super::model::{Parametric, Stored, check_parameters, parametric};
use super::lifetimes::Lifetimes;
use super::retention_model::RetentionModel;
use crate::error::Result;

/// The shifted beta-geometric model of Fader and Hardie (2007, *Journal of Interactive Marketing* 21(1), 76–90).
///
/// At the end of each period a customer leaves with a probability of her own, always the same; these are beta
/// distributed with parameters `alpha` and `beta` (mean α/(α+β)). Retention rises as a cohort ages although no
/// customer changes: those who leave easily leave early.
///
/// ```text
/// S(t) = B(α, β+t)/B(α, β),   S(t)/S(t−1) = (β+t−1)/(α+β+t−1)
/// ```
///
/// ```
/// use patronage::clv::{RetentionModel, ShiftedBetaGeometric};
/// let model = ShiftedBetaGeometric::new(0.704, 1.182)?;
/// assert!((model.retention(1) - 1.182 / 1.886).abs() < 1e-15);
/// assert!((model.discounted_expected_lifetime(0.1)? - 3.695).abs() < 1e-3);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct ShiftedBetaGeometric {
    alpha: f64,
    beta: f64,
}

impl ShiftedBetaGeometric {
    /// A model from its parameters, both above 0.
    pub fn new(alpha: f64, beta: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[alpha, beta])?;
        Ok(Self { alpha, beta })
    }
}

parametric!(ShiftedBetaGeometric, "sBG", [alpha, beta]);

impl RetentionModel for ShiftedBetaGeometric {
    fn lifetimes(&self) -> Lifetimes {
        Lifetimes { alpha: self.alpha, beta: self.beta, c: 1.0 }
    }
}
