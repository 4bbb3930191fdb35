//! Arithmetic shared by the models: means over a beta distribution, beta-geometric lifetimes, negative binomial sums,
//! an exponential integral, rises of the digamma function.

mod beta_geometric;
mod beta_mean;
mod exponential_integral;
mod negative_binomial;
mod polygamma_rise;

pub(super) use beta_geometric::BetaGeometric;
pub(super) use beta_mean::beta_mean;
pub(super) use exponential_integral::scaled_exponential_integral;
pub(super) use negative_binomial::NegativeBinomial;
pub(super) use polygamma_rise::{digamma_rise, trigamma_rise};
