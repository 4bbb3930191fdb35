//! The GGompertz/NBD model.

mod lifetime;
mod likelihood;

use serde::{Deserialize, Serialize};

use self::lifetime::Gompertz;
use super::fit::{Kernel, Sink};
use super::history::Customer;
use super::lifetime::{Lifetime, discounted, expected, probability};
use super::model::{
    Heterogeneity, MixingLaw, Parametric, PurchaseModel, Stored, check_parameters, parametric,
};
use super::nbd;
use crate::error::Result;

/// The gamma/Gompertz/NBD model of Bemmaor and Glady (2012, *Management Science* 58(5), 1012–1021).
///
/// Purchases are as in [`Nbd`](super::Nbd), at rates gamma distributed with shape `r` and scale parameter `alpha`. The
/// rate of dropping out is η b e^(bu) at age u: it grows by the factor e^b a period, from a level of the customer's own;
/// the η are gamma distributed with shape `s` and scale parameter `beta`. After time t a share (β/(β − 1 + e^(bt)))ˢ are
/// still customers. As b and β go to 0 together the hazard no longer grows: then it is the
/// [`ParetoNbd`](super::ParetoNbd) model with β/b for β.
///
/// Expected purchases are as corrected by Adler (2022), by an integral over the remaining lifetime.
///
/// ```
/// use patronage::clv::{Customer, GGompertzNbd, PurchaseModel};
/// let model = GGompertzNbd::new(0.553, 10.578, 0.0002, 0.603, 0.0026)?;
/// let customer = Customer::new(26.0, 30.86, 31.0)?;
/// assert!((model.log_probability_alive_of(customer).exp() - 0.9980).abs() < 5e-5);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct GGompertzNbd {
    r: f64,
    alpha: f64,
    b: f64,
    s: f64,
    beta: f64,
}

impl GGompertzNbd {
    /// A model from its parameters, all above 0; `alpha` is in periods, `b` per period.
    pub fn new(r: f64, alpha: f64, b: f64, s: f64, beta: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[r, alpha, b, s, beta])?;
        Ok(Self { r, alpha, b, s, beta })
    }

    /// The remaining lifetime of a customer of an age who is alive.
    fn lifetime(&self, age: f64) -> Gompertz {
        Gompertz { b: self.b, s: self.s, beta: self.beta, age }
    }

    /// P(alive) times the mean rate of a customer who is.
    fn rate_of(&self, customer: Customer) -> f64 {
        let rate = (self.r + customer.frequency) / (self.alpha + customer.age);
        self.log_probability_alive_of(customer).exp() * rate
    }
}

parametric!(GGompertzNbd, "GGompertz/NBD", [r, alpha, b, s, beta]);

impl Kernel for GGompertzNbd {
    const PURCHASE: &'static [(usize, f64)] = &[(1, -1.0)];
    const DROPOUT: &'static [(usize, f64)] = &[(4, -1.0)];

    fn add_counts<S: Sink>(&self, sink: &mut S, x: f64, weight: f64) {
        nbd::likelihood::add_counts(sink, self.r, x, weight);
    }

    fn add_row<S: Sink>(&self, sink: &mut S, customer: Customer, weight: f64) {
        likelihood::add_row(sink, self, customer, weight);
    }

    fn starts(rate: f64) -> Vec<Vec<f64>> {
        // In a time in which customers buy once the hazard grows, and some drop out.
        [(1.0, 0.3, 1.0, 0.3), (1.0, 0.1, 0.5, 10.0), (0.3, 0.01, 1.0, 0.01), (3.0, 1.0, 1.0, 1.0)]
            .map(|(r, b, s, beta)| vec![r, 0.5 * r / rate, b * rate, s, beta])
            .to_vec()
    }

    fn limit(drift: &[f64]) -> &'static str {
        likelihood::limit(drift)
    }
}

impl PurchaseModel for GGompertzNbd {
    fn log_likelihood_of(&self, customer: Customer) -> f64 {
        likelihood::of_customer(self, customer)
    }

    fn log_probability_alive_of(&self, customer: Customer) -> f64 {
        likelihood::log_alive(self, customer)
    }

    fn log_survival_of(&self, customer: Customer, horizon: f64) -> f64 {
        self.lifetime(customer.age).log_survival(horizon)
    }

    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64 {
        self.rate_of(customer) * expected(&self.lifetime(customer.age), horizon)
    }

    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64 {
        self.rate_of(customer) * discounted(&self.lifetime(customer.age), rate)
    }

    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64 {
        let log_alive = self.log_probability_alive_of(customer);
        let gone = if n == 0 { -log_alive.exp_m1() } else { 0.0 };
        let purchases = [self.r + customer.frequency, self.alpha + customer.age];
        log_alive.exp() * probability(&self.lifetime(customer.age), purchases, f64::from(n), horizon) + gone
    }

    fn heterogeneity(&self) -> Vec<Heterogeneity> {
        let &Self { r, alpha, s, beta, .. } = self;
        vec![
            Heterogeneity { trait_name: "purchase rate", law: MixingLaw::Gamma { shape: r, rate: alpha } },
            Heterogeneity { trait_name: "dropout scale", law: MixingLaw::Gamma { shape: s, rate: beta } },
        ]
    }
}
