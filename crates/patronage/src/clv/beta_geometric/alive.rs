//! A customer who is alive.

use super::super::history::Customer;
use super::Family;

/// What is known of a customer who is alive: `stages[j]` is the probability that j of k stages to her next purchase
/// are behind her; if so her stages come at a rate λ ~ gamma(shape + j, scale). After each purchase she drops out with
/// probability p ~ beta(a, b). Times below are y = t/scale.
pub(super) struct Alive {
    pub shape: f64,
    pub a: f64,
    pub b: f64,
    pub stages: Vec<f64>,
}

impl Family {
    /// `customer` if she is alive; the scale is α + T.
    pub(super) fn if_alive(&self, customer: Customer) -> Alive {
        let x = customer.frequency;
        Alive {
            shape: self.shape(x),
            a: self.a,
            b: self.b + (x + self.occasions),
            stages: self.silence(customer).map_or_else(|| vec![1.0], |silence| silence.stages),
        }
    }
}

impl Alive {
    /// k, stages to a purchase.
    pub(super) fn k(&self) -> u32 {
        self.stages.len() as u32
    }

    /// j, its probability, and the shape of the rate of stages.
    pub(super) fn phases(&self) -> impl Iterator<Item = (u32, f64, f64)> {
        let possible = (0..).zip(&self.stages).filter(|&(_, &weight)| weight > 0.0);
        possible.map(|(j, &weight)| (j, weight, self.shape + f64::from(j)))
    }
}
