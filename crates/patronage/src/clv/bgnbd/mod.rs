//! The BG/NBD model.

mod discounted;
mod distribution;
mod expectation;
mod likelihood;
mod survival;

use serde::{Deserialize, Serialize};

use super::fit::{Kernel, Sink};
use super::history::Customer;
use super::model::{
    Heterogeneity, MixingLaw, Parametric, PurchaseModel, Stored, check_parameters, parametric,
};
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
}

parametric!(BgNbd, "BG/NBD", [r, alpha, a, b]);

impl Kernel for BgNbd {
    fn add_counts<S: Sink>(&self, sink: &mut S, x: f64, weight: f64) {
        likelihood::add_counts(sink, self, x, weight);
    }

    fn add_row<S: Sink>(&self, sink: &mut S, customer: Customer, weight: f64) {
        likelihood::add_row(sink, self, customer, weight);
    }

    fn starts(rate: f64) -> Vec<Vec<f64>> {
        // Everybody drops out after a few purchases, so that rates are about twice the overall one.
        [(1.0, 1.0, 2.0), (0.3, 0.1, 1.0), (3.0, 1.0, 10.0), (1.0, 5.0, 5.0)]
            .map(|(r, a, b)| vec![r, 0.5 * r / rate, a, b])
            .to_vec()
    }

    const PURCHASE: &'static [(usize, f64)] = &[(likelihood::ALPHA, -1.0)];
    const DROPOUT: &'static [(usize, f64)] = &[(likelihood::A, 1.0), (likelihood::B, 1.0)];

    fn limit(drift: &[f64]) -> &'static str {
        likelihood::limit(drift)
    }
}

impl PurchaseModel for BgNbd {
    fn log_likelihood_of(&self, customer: Customer) -> f64 {
        likelihood::of_customer(self, customer)
    }

    fn log_probability_alive_of(&self, customer: Customer) -> f64 {
        likelihood::log_alive(self, customer)
    }

    fn log_survival_of(&self, customer: Customer, horizon: f64) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        survival::log_while_alive(self.r + x, horizon / (self.alpha + age), self.a, self.b + x)
    }

    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        let alive = self.log_probability_alive_of(customer).exp();
        alive * expectation::while_alive(self.r + x, horizon / (self.alpha + age), self.a, self.b + x)
    }

    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        let alive = self.log_probability_alive_of(customer).exp();
        alive * discounted::while_alive(self.r + x, rate * (self.alpha + age), self.a, self.b + x)
    }

    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        let log_alive = self.log_probability_alive_of(customer);
        let if_alive =
            distribution::while_alive(n, self.r + x, horizon / (self.alpha + age), self.a, self.b + x);
        let gone = if n == 0 { -log_alive.exp_m1() } else { 0.0 };
        log_alive.exp() * if_alive + gone
    }

    fn heterogeneity(&self) -> Vec<Heterogeneity> {
        let &Self { r, alpha, a, b } = self;
        vec![
            Heterogeneity { trait_name: "purchase rate", law: MixingLaw::Gamma { shape: r, rate: alpha } },
            Heterogeneity { trait_name: "dropout probability", law: MixingLaw::Beta { a, b } },
        ]
    }
}
