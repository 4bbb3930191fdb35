//! The Pareto/NBD model.

mod alive;
mod likelihood;
mod silence;

use serde::{Deserialize, Serialize};

pub(super) use self::alive::Alive;
pub(super) use self::silence::{Moments, Silence};
use super::fit::{Kernel, Sink};
use super::history::Customer;
use super::lifetime::Lifetime;
use super::model::{
    Heterogeneity, MixingLaw, Parametric, PurchaseModel, Stored, check_parameters, parametric,
};
use super::nbd;
use crate::error::Result;

/// The Pareto/NBD model of Schmittlein, Morrison and Colombo (1987, *Management Science* 33(1), 1–24).
///
/// While a customer, each buys at random at a rate of her own; rates are gamma distributed over customers with shape
/// `r` and scale parameter `alpha` (mean rate r/α per period). At any moment she may drop out, at a rate of her own;
/// these are gamma distributed with shape `s` and scale parameter `beta` (mean rate s/β per period), so that lifetimes
/// have a Pareto distribution: after time t a share (β/(β+t))ˢ are still customers.
///
/// ```
/// use patronage::clv::{Customer, ParetoNbd, PurchaseModel};
/// let model = ParetoNbd::new(0.553, 10.578, 0.606, 11.669)?;
/// let customer = Customer::new(26.0, 30.86, 31.0)?;
/// // As published for customer 1516 of CDNOW.
/// assert!((model.log_probability_alive_of(customer).exp() - 0.9979).abs() < 5e-5);
/// assert!((model.expected_purchases_of(customer, 52.0) - 25.46).abs() < 5e-3);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct ParetoNbd {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

impl ParetoNbd {
    /// A model from its parameters, all above 0; `alpha` and `beta` are in periods.
    pub fn new(r: f64, alpha: f64, s: f64, beta: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[r, alpha, s, beta])?;
        Ok(Self { r, alpha, s, beta })
    }

    /// The customer if she is alive.
    fn alive(&self, Customer { frequency, age, .. }: Customer) -> Alive {
        Alive { shape: self.r + frequency, scale: self.alpha + age, s: self.s, beta: self.beta + age }
    }
}

parametric!(ParetoNbd, "Pareto/NBD", [r, alpha, s, beta]);

impl Kernel for ParetoNbd {
    const PURCHASE: &'static [(usize, f64)] = &[(1, -1.0)];
    const DROPOUT: &'static [(usize, f64)] = &[(3, -1.0)];

    fn add_counts<S: Sink>(&self, sink: &mut S, x: f64, weight: f64) {
        nbd::likelihood::add_counts(sink, self.r, x, weight);
    }

    fn add_row<S: Sink>(&self, sink: &mut S, customer: Customer, weight: f64) {
        likelihood::add_row(sink, self, customer, weight);
    }

    fn starts(rate: f64) -> Vec<Vec<f64>> {
        // A time in which customers buy once is a time in which some drop out.
        [(1.0, 1.0, 1.0), (0.3, 0.3, 0.3), (3.0, 1.0, 10.0), (1.0, 5.0, 30.0)]
            .map(|(r, s, beta)| vec![r, 0.5 * r / rate, s, beta / rate])
            .to_vec()
    }

    fn limit(drift: &[f64]) -> &'static str {
        likelihood::limit(drift)
    }
}

impl PurchaseModel for ParetoNbd {
    fn log_likelihood_of(&self, customer: Customer) -> f64 {
        likelihood::of_customer(self, customer)
    }

    fn log_probability_alive_of(&self, customer: Customer) -> f64 {
        likelihood::log_alive(self, customer)
    }

    fn log_survival_of(&self, customer: Customer, horizon: f64) -> f64 {
        self.alive(customer).log_survival(horizon)
    }

    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64 {
        self.log_probability_alive_of(customer).exp() * self.alive(customer).expected(horizon)
    }

    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64 {
        self.log_probability_alive_of(customer).exp() * self.alive(customer).discounted(rate)
    }

    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64 {
        let log_alive = self.log_probability_alive_of(customer);
        let gone = if n == 0 { -log_alive.exp_m1() } else { 0.0 };
        log_alive.exp() * self.alive(customer).probability(f64::from(n), horizon) + gone
    }

    fn heterogeneity(&self) -> Vec<Heterogeneity> {
        let &Self { r, alpha, s, beta } = self;
        vec![
            Heterogeneity { trait_name: "purchase rate", law: MixingLaw::Gamma { shape: r, rate: alpha } },
            Heterogeneity { trait_name: "dropout rate", law: MixingLaw::Gamma { shape: s, rate: beta } },
        ]
    }
}
