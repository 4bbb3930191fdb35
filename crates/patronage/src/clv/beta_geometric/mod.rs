//! The beta-geometric family: BG/NBD, MBG/NBD, BG/CNBD-k and MBG/CNBD-k.
//!
//! Purchases are every k-th of a customer's stages, which come at random at a rate λ of her own; λ ~ gamma(r, α). After
//! a purchase she drops out with a probability p of her own; p ~ beta(a, b). The models differ in k (regularity) and
//! in whether she may drop out right after the first purchase. [`Family`] has the arithmetic of all four.

mod alive;
mod bgcnbd;
mod bgnbd;
mod discounted;
mod distribution;
mod dropout;
mod expectation;
mod likelihood;
mod limit;
mod mbgcnbd;
mod mbgnbd;
mod rows;
mod silence;

pub use bgcnbd::BgCnbd;
pub use bgnbd::BgNbd;
pub use mbgcnbd::MbgCnbd;
pub use mbgnbd::MbgNbd;

use super::history::Customer;
use super::model::{Heterogeneity, MixingLaw};
use crate::error::{Error, Result};

/// A model of the family.
#[derive(Debug, Clone, Copy)]
struct Family {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
    /// Stages to a purchase.
    k: u32,
    /// Occasions to drop out that a customer without repeat purchases has had: 0 or 1.
    occasions: f64,
}

impl Family {
    /// The shape of the rate of stages after x repeat purchases.
    fn shape(&self, x: f64) -> f64 {
        self.r + f64::from(self.k) * x
    }

    fn expected_if_alive(&self, customer: Customer, horizon: f64) -> f64 {
        self.if_alive(customer).expected_purchases(horizon / (self.alpha + customer.age))
    }

    fn log_survival(&self, customer: Customer, horizon: f64) -> f64 {
        self.if_alive(customer).log_survival(horizon / (self.alpha + customer.age))
    }

    fn discounted_if_alive(&self, customer: Customer, rate: f64) -> f64 {
        self.if_alive(customer).discounted_purchases(rate * (self.alpha + customer.age))
    }

    fn probability_of_purchases(&self, customer: Customer, n: u32, horizon: f64) -> f64 {
        let log_alive = self.log_alive(customer);
        let if_alive = self.if_alive(customer).probability(n, horizon / (self.alpha + customer.age));
        let gone = if n == 0 { -log_alive.exp_m1() } else { 0.0 };
        log_alive.exp() * if_alive + gone
    }

    fn heterogeneity(&self) -> Vec<Heterogeneity> {
        // A purchase takes k stages.
        let rate = self.alpha * f64::from(self.k);
        vec![
            Heterogeneity { trait_name: "purchase rate", law: MixingLaw::Gamma { shape: self.r, rate } },
            Heterogeneity {
                trait_name: "dropout probability",
                law: MixingLaw::Beta { a: self.a, b: self.b },
            },
        ]
    }
}

/// An error unless k is a number of stages that can be worked with.
fn check_stages(k: u32) -> Result<()> {
    const MOST: u32 = 1000;
    if (1..=MOST).contains(&k) {
        return Ok(());
    }
    Err(Error::parameter("k", k, "a whole number of stages to a purchase, from 1 to 1,000"))
}

/// The likelihood and the answers of a model that has its `family()`.
macro_rules! beta_geometric {
    ($model:ident, occasions: $occasions:expr, regular: $regular:expr) => {
        impl $crate::clv::fit::Kernel for $model {
            // That many bought once may be for early dropout or for low rates.
            const SEVERAL_MAXIMA: bool = $occasions > 0.0;
            // As in Fader and Hardie (2007, note 019), with one coefficient for a and b.
            const PURCHASE: &'static [(usize, f64)] = &[(1, -1.0)];
            const DROPOUT: &'static [(usize, f64)] = &[(2, 1.0), (3, 1.0)];

            fn add_counts<S: $crate::clv::fit::Sink>(&self, sink: &mut S, x: f64, weight: f64) {
                self.family().add_counts(sink, x, weight);
            }

            fn add_row<S: $crate::clv::fit::Sink>(
                &self,
                sink: &mut S,
                customer: $crate::clv::history::Customer,
                weight: f64,
            ) {
                self.family().add_row(sink, customer, weight);
            }

            fn add_rows<S: $crate::clv::fit::Sink>(
                &self,
                sink: &mut S,
                rows: &[($crate::clv::history::Customer, f64)],
            ) {
                self.family().add_rows(sink, rows);
            }

            fn litt_factor(&self) -> f64 {
                f64::from(self.family().k - 1)
            }

            fn starts(rate: f64) -> Vec<Vec<f64>> {
                $crate::clv::beta_geometric::starts(rate, $occasions)
            }

            fn limit(drift: &[f64]) -> &'static str {
                $crate::clv::beta_geometric::limit::of_drift(drift, $occasions, $regular)
            }
        }

        impl $crate::clv::model::PurchaseModel for $model {
            const IF_ALIVE: Option<$crate::clv::model::IfAlive<Self>> = if $regular {
                None
            } else {
                Some($crate::clv::model::IfAlive {
                    expected_purchases: |model, customer, horizon| {
                        model.family().expected_if_alive(customer, horizon)
                    },
                    discounted_expected_purchases: |model, customer, rate| {
                        model.family().discounted_if_alive(customer, rate)
                    },
                })
            };

            fn log_likelihood_of(&self, customer: $crate::clv::history::Customer) -> f64 {
                self.family().log_likelihood(customer)
            }

            fn log_probability_alive_of(&self, customer: $crate::clv::history::Customer) -> f64 {
                self.family().log_alive(customer)
            }

            fn log_survival_of(&self, customer: $crate::clv::history::Customer, horizon: f64) -> f64 {
                self.family().log_survival(customer, horizon)
            }

            fn expected_purchases_of(&self, customer: $crate::clv::history::Customer, horizon: f64) -> f64 {
                let family = self.family();
                family.log_alive(customer).exp() * family.expected_if_alive(customer, horizon)
            }

            fn discounted_expected_purchases_of(
                &self,
                customer: $crate::clv::history::Customer,
                rate: f64,
            ) -> f64 {
                let family = self.family();
                family.log_alive(customer).exp() * family.discounted_if_alive(customer, rate)
            }

            fn probability_of_purchases_of(
                &self,
                customer: $crate::clv::history::Customer,
                n: u32,
                horizon: f64,
            ) -> f64 {
                self.family().probability_of_purchases(customer, n, horizon)
            }

            fn heterogeneity(&self) -> Vec<$crate::clv::model::Heterogeneity> {
                self.family().heterogeneity()
            }
        }
    };
}
use beta_geometric;

fn starts(rate: f64, occasions: f64) -> Vec<Vec<f64>> {
    // Everybody drops out after a few purchases, so that rates are about twice the overall one; or, where that is
    // possible, many at once and the others hardly ever.
    let starts = [(1.0, 1.0, 2.0), (0.3, 0.1, 1.0), (3.0, 1.0, 10.0), (1.0, 5.0, 5.0), (1.0, 0.2, 0.1)];
    let count = if occasions > 0.0 { 5 } else { 4 };
    starts.iter().take(count).map(|&(r, a, b)| vec![r, 0.5 * r / rate, a, b]).collect()
}
