//! Arithmetic shared by the models: means over beta and gamma distributions, beta-geometric lifetimes, negative
//! binomial sums, an exponential integral, rises of the digamma function, integrals over time, and exponentials for
//! arrays.

mod beta_geometric;
mod beta_mean;
mod elementary;
mod exponential_integral;
mod gamma_nodes;
mod gauss_legendre;
mod negative_binomial;
mod panels;
mod polygamma_rise;

pub(super) use beta_geometric::BetaGeometric;
pub(super) use beta_mean::{BetaNodes, beta_mean, log_beta_mean};
pub(super) use elementary::{exp, exp_m1, ln_1p};
pub(super) use exponential_integral::scaled_exponential_integral;
pub(super) use gamma_nodes::GammaNodes;
pub(super) use gauss_legendre::Rule;
pub(super) use negative_binomial::NegativeBinomial;
pub(super) use panels::{REACH, falls_to_zero, log_integral, panels};
pub(super) use polygamma_rise::{digamma_rise, trigamma_rise};

/// ln(1 + e^u), without overflow.
pub(super) fn softplus(u: f64) -> f64 {
    u.max(0.0) + (-u.abs()).exp().ln_1p()
}
