//! The BG/NBD model.

use serde::{Deserialize, Serialize};

use super::super::model::{Stored, check_parameters, parametric};
use super::{Family, beta_geometric};
use crate::clv::model::Parametric;
use crate::error::Result;

/// The beta-geometric/NBD model of Fader, Hardie and Lee (2005, *Marketing Science* 24(2), 275–284).
///
/// While a customer, each buys at random at a rate of her own; rates are gamma distributed over customers with shape
/// `r` and scale parameter `alpha` (mean rate r/α per period). After each repeat purchase she drops out with a
/// probability of her own; these are beta distributed with parameters `a` and `b` (mean a/(a+b)). A customer without
/// a repeat purchase has had no occasion to drop out, so her P(alive) is 1.
///
/// ```
/// use patronage::clv::{BgNbd, Customer, PurchaseModel};
/// let model = BgNbd::new(0.243, 4.414, 0.793, 2.426)?;
/// let customer = Customer::new(2.0, 30.43, 38.86)?;
/// let expected = model.expected_purchases_of(customer, 39.0);
/// assert!((expected - 1.226).abs() < 5e-4); // Hardie's spreadsheet
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct BgNbd {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl BgNbd {
    /// A model from its parameters, all above 0; `alpha` is in periods.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[r, alpha, a, b])?;
        Ok(Self { r, alpha, a, b })
    }

    fn family(&self) -> Family {
        let &Self { r, alpha, a, b } = self;
        Family { r, alpha, a, b, k: 1, occasions: 0.0 }
    }
}

parametric!(BgNbd, "BG/NBD", [r, alpha, a, b]);
beta_geometric!(BgNbd, occasions: 0.0, regular: false);
