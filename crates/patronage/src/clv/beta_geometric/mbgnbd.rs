//! The MBG/NBD model.

use serde::{Deserialize, Serialize};

use super::super::model::{Stored, check_parameters, parametric};
use super::{Family, beta_geometric};
use crate::clv::model::Parametric;
use crate::error::Result;

/// The modified beta-geometric/NBD model of Batislam, Denizel and Filiztekin (2007, *International Journal of Research
/// in Marketing* 24(3), 201–209) and Hoppe and Wagner (2007, *Marketing ZFP* 3(2), 75–90).
///
/// The [`BgNbd`](super::BgNbd) model in which a customer may drop out after the first purchase too: P(alive) is below
/// 1 without a repeat purchase, and b/(a+b) right after the first one.
///
/// ```
/// use patronage::clv::{Customer, MbgNbd, PurchaseModel};
/// let model = MbgNbd::new(0.525, 6.183, 0.891, 1.614)?;
/// let new = Customer::new(0.0, 0.0, 0.0)?;
/// assert!((model.log_probability_alive_of(new).exp() - 1.614 / (0.891 + 1.614)).abs() < 1e-15);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct MbgNbd {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl MbgNbd {
    /// A model from its parameters, all above 0; `alpha` is in periods.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[r, alpha, a, b])?;
        Ok(Self { r, alpha, a, b })
    }

    fn family(&self) -> Family {
        let &Self { r, alpha, a, b } = self;
        Family { r, alpha, a, b, k: 1, occasions: 1.0 }
    }
}

parametric!(MbgNbd, "MBG/NBD", [r, alpha, a, b]);
beta_geometric!(MbgNbd, occasions: 1.0, regular: false);
