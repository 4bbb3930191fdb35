//! The NBD model.

pub(super) mod likelihood;

use serde::{Deserialize, Serialize};

use super::fit::{Kernel, Sink};
use super::history::Customer;
use super::model::{
    Heterogeneity, MixingLaw, Parametric, PurchaseModel, Stored, check_parameters, parametric,
};
use super::numeric::NegativeBinomial;
use crate::error::Result;

/// The negative binomial model of Ehrenberg (1959, *Applied Statistics* 8(1), 26–41): nobody drops out.
///
/// Each customer buys at random at a rate of her own, for ever; rates are gamma distributed over customers with shape
/// `r` and scale parameter `alpha` (mean rate r/α per period). It is what the other models become when there is no
/// dropping out, and what they are compared with.
///
/// ```
/// use patronage::clv::{Customer, Nbd, PurchaseModel};
/// let model = Nbd::new(0.385, 12.072)?;
/// let customer = Customer::new(2.0, 30.43, 38.86)?;
/// // (r + x)/(α + T) purchases a period.
/// let expected = model.expected_purchases_of(customer, 39.0);
/// assert!((expected - 39.0 * 2.385 / 50.932).abs() < 1e-12);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct Nbd {
    r: f64,
    alpha: f64,
}

impl Nbd {
    /// A model from its parameters, both above 0; `alpha` is in periods.
    pub fn new(r: f64, alpha: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[r, alpha])?;
        Ok(Self { r, alpha })
    }

    /// The mean of the rates of customers with such a history.
    fn rate_of(&self, customer: Customer) -> f64 {
        (self.r + customer.frequency) / (self.alpha + customer.age)
    }
}

parametric!(Nbd, "NBD", [r, alpha]);

impl Kernel for Nbd {
    const PURCHASE: &'static [(usize, f64)] = &[(1, -1.0)];

    fn add_counts<S: Sink>(&self, sink: &mut S, x: f64, weight: f64) {
        likelihood::add_counts(sink, self.r, x, weight);
    }

    fn add_row<S: Sink>(&self, sink: &mut S, customer: Customer, weight: f64) {
        likelihood::add_exposure(sink, [self.r, self.alpha], customer.frequency, customer.age, weight);
    }

    fn starts(rate: f64) -> Vec<Vec<f64>> {
        [0.5, 0.05, 5.0].map(|r| vec![r, r / rate]).to_vec()
    }

    fn limit(drift: &[f64]) -> &'static str {
        match drift {
            [r, ..] if *r > 0.5 => "everybody buys at the same rate: Poisson purchases",
            [r, ..] if *r < -0.5 => "hardly anybody ever buys again",
            _ => "buying rates without a finite mean",
        }
    }
}

impl PurchaseModel for Nbd {
    fn log_likelihood_of(&self, customer: Customer) -> f64 {
        likelihood::value(self.r, self.alpha, customer.frequency, customer.age)
    }

    /// 0: nobody drops out.
    fn log_probability_alive_of(&self, _: Customer) -> f64 {
        0.0
    }

    /// 0: nobody drops out.
    fn log_survival_of(&self, _: Customer, _: f64) -> f64 {
        0.0
    }

    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64 {
        self.rate_of(customer) * horizon
    }

    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64 {
        self.rate_of(customer) / rate
    }

    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64 {
        let y = horizon / (self.alpha + customer.age);
        NegativeBinomial::new(self.r + customer.frequency, y).probability(f64::from(n))
    }

    fn heterogeneity(&self) -> Vec<Heterogeneity> {
        let &Self { r, alpha } = self;
        vec![Heterogeneity { trait_name: "purchase rate", law: MixingLaw::Gamma { shape: r, rate: alpha } }]
    }
}

#[cfg(test)]
mod tests {
    use super::super::fit::check_derivatives;
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_value() {
        let customers: Vec<Customer> =
            [(0.0, 0.0, 30.0), (3.0, 9.0, 12.0), (40.0, 20.0, 20.5), (1.0, 2.0, 400.0)]
                .map(|(x, recency, age)| Customer::new(x, recency, age).unwrap())
                .to_vec();
        for (r, alpha) in [(0.385, 12.1), (5.0, 0.3), (0.02, 300.0)] {
            check_derivatives(&Nbd { r, alpha }, &customers);
        }
    }
}
