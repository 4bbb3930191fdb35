//! The MBG/CNBD-k model.

use serde::{Deserialize, Serialize};

use super::super::model::{Stored, check_parameters, parametric};
use super::{Family, beta_geometric, check_stages};
use crate::clv::model::Parametric;
use crate::error::Result;

/// The modified beta-geometric/condensed NBD model of Platzer and Reutterer (2016, *Marketing Science* 35(5), 779–799).
///
/// The [`MbgNbd`](super::MbgNbd) model with regular purchases: the times between them are Erlang distributed with a
/// given whole shape `k`, as if each purchase were the k-th of stages that come at random; r and α describe the rates
/// of *stages*, so that purchases come at a mean rate of r/(αk) per period. With k = 1 it is the MBG/NBD model, and the
/// larger k, the more a silence longer than usual tells.
///
/// The likelihood needs `litt`, the sum of the logarithms of the times between purchases
/// ([`History::with_litt`](crate::clv::History::with_litt)): `log_likelihood_of` leaves out the term (k−1) litt, on
/// which no parameter depends. [`PurchaseModel::fit`](crate::clv::PurchaseModel::fit) takes the most likely
/// k = 1, 2, … 12, [`PurchaseModel::fit_alike`](crate::clv::PurchaseModel::fit_alike) the model's own.
///
/// ```
/// use patronage::clv::{MbgCnbd, Customer, PurchaseModel};
/// // A purchase every four weeks or so, and now five weeks of silence.
/// let customer = Customer::new(9.0, 36.0, 41.0)?;
/// let alive = |k: u32| -> Result<f64, patronage::Error> {
///     let model = MbgCnbd::new(0.8, 3.2 / f64::from(k), 0.8, 2.4, k)?;
///     Ok(model.log_probability_alive_of(customer).exp())
/// };
/// assert!(alive(1)? > alive(2)? && alive(2)? > alive(4)?);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct MbgCnbd {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
    k: u32,
}

impl MbgCnbd {
    /// A model from its parameters, all above 0 (`alpha` is in periods), and the number of stages to a purchase, from
    /// 1 to 1,000.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64, k: u32) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[r, alpha, a, b])?;
        check_stages(k)?;
        Ok(Self { r, alpha, a, b, k })
    }

    fn family(&self) -> Family {
        let &Self { r, alpha, a, b, k } = self;
        Family { r, alpha, a, b, k, occasions: 1.0 }
    }
}

parametric!(MbgCnbd, "MBG/CNBD-k", [r, alpha, a, b], given: k in 1..=12);
beta_geometric!(MbgCnbd, occasions: 1.0, regular: true);
