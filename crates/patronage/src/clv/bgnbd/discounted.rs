//! Discounted expected purchases of a BG/NBD customer who is alive, over her whole remaining life.

use super::super::numeric::{beta_mean, scaled_exponential_integral};

/// Purchases expected ever, discounted by e^(−δt), of a customer who is alive, buys at a rate λ ~ gamma(shape, scale),
/// and drops out after each purchase with probability p ~ beta(a, b); `discount` is δ × scale.
///
/// Given λ and p the discounted number is λ/(λp + δ). Its mean over λ is (shape/p) e^z Eₛ(z) with s = shape + 1 and
/// z = δ × scale/p, and the mean of that over p is taken numerically: no closed form is published for this model.
pub(super) fn while_alive(shape: f64, discount: f64, a: f64, b: f64) -> f64 {
    let nobody_leaves = shape / discount;
    beta_mean(a, b, discount.min(1.0).ln() - shape.max(1.0).ln(), |p| {
        if p < 1e-290 {
            nobody_leaves
        } else {
            shape / p * scaled_exponential_integral(shape + 1.0, discount / p)
        }
    })
}
