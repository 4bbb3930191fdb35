//! Log-likelihood of the BG/BB model, its derivatives, and P(alive), which is part of it.
//!
//! A customer with x purchases at n opportunities, the last at the t-th (Fader, Hardie and Shang, 2010, eq. 3), is
//! either alive after all n, or dropped out before one of the n−t at which she was silent. Relative to the first, with
//! j of them unseen, these are
//!
//! ```text
//! LL = ln[B(α+x, β+n−x)/B(α, β)] + ln[B(γ, δ+n)/B(γ, δ)] + ln(1 + R₁ + … + Rₙ₋ₜ)
//! R₁ = (α+β+n−1)/(β+n−x−1) · γ/(δ+n−1)
//! Rⱼ/Rⱼ₋₁ = (α+β+n−j)/(β+n−x−j) · (γ+δ+n−j+1)/(δ+n−j)
//! P(alive) = 1 / (1 + R₁ + … + Rₙ₋ₜ)
//! ```
//!
//! All terms are positive, and there is nothing special about γ = 1.

use super::super::fit::Sink;
use super::super::history::Customer;
use super::super::numeric::{BetaGeometric, digamma_rise, trigamma_rise};
use super::BgBb;
use crate::math::special::ln_gamma_ratio;

/// Sums are scaled down when they pass this, so that they never overflow.
const LARGE: f64 = 1e150;

pub(super) fn of_customer(model: &BgBb, customer: Customer) -> f64 {
    ln_gamma_ratio(model.alpha, customer.frequency) + alive(model, customer) + log_rivals(model, customer)
}

/// The logarithm of the probability of the history of a customer who is alive, but for lnΓ(α+x) − lnΓ(α).
fn alive(model: &BgBb, customer: Customer) -> f64 {
    let &BgBb { alpha, beta, gamma, delta } = model;
    let Customer { frequency: x, age: n, .. } = customer;
    ln_gamma_ratio(beta, n - x) - ln_gamma_ratio(alpha + beta, n)
        + BetaGeometric { alpha: gamma, beta: delta }.log_survival(n)
}

/// The numbers that Rⱼ is made of, at `left` = n−j opportunities.
struct Factors {
    buys: f64,
    silent: f64,
    stays: f64,
    leaves: f64,
}

impl Factors {
    fn at(model: &BgBb, customer: Customer, left: f64) -> Self {
        let &BgBb { alpha, beta, gamma, delta } = model;
        Self {
            buys: alpha + (beta + left),
            silent: beta + (left - customer.frequency),
            stays: delta + left,
            // The first term ends with γ, the others go on from the one before.
            leaves: if left + 1.0 == customer.age { gamma } else { gamma + (delta + (left + 1.0)) },
        }
    }

    /// Rⱼ/Rⱼ₋₁, with R₀ = 1.
    fn ratio(&self) -> f64 {
        self.buys / self.silent * (self.leaves / self.stays)
    }
}

/// ln(1 + R₁ + … + Rₙ₋ₜ), as 1 + R₁ (1 + R₂/R₁ (1 + …)).
pub(super) fn log_rivals(model: &BgBb, customer: Customer) -> f64 {
    let (mut rest, mut one, mut scale) = (0.0_f64, 1.0, 0.0);
    let mut left = customer.recency;
    while left < customer.age {
        rest = Factors::at(model, customer, left).ratio() * (one + rest);
        if rest > LARGE {
            (rest, one, scale) = (rest / LARGE, one / LARGE, scale + LARGE.ln());
        }
        left += 1.0;
    }
    if scale == 0.0 { rest.ln_1p() } else { scale + (one + rest).ln() }
}

pub(super) fn limit(drift: &[f64]) -> &'static str {
    let [alpha, beta, gamma, delta] = [drift[ALPHA], drift[BETA], drift[GAMMA], drift[DELTA]];
    // What matters is first the mean of each probability, then how much it leaves the customers to differ.
    if delta - gamma > 0.5 {
        "nobody drops out: the beta-binomial model"
    } else if gamma - delta > 0.5 {
        "everybody drops out before the first opportunity"
    } else if gamma > 0.5 {
        "everybody drops out with the same probability before each opportunity"
    } else if gamma < -0.5 {
        "some never drop out, the others do before the first opportunity"
    } else if alpha - beta > 0.5 {
        "everybody buys at every opportunity while a customer: a beta-geometric lifetime"
    } else if beta - alpha > 0.5 {
        "hardly anybody ever buys again"
    } else if alpha > 0.5 {
        "everybody buys with the same probability at each opportunity"
    } else {
        "some buy at every opportunity, the others never"
    }
}

const ALPHA: usize = 0;
const BETA: usize = 1;
const GAMMA: usize = 2;
const DELTA: usize = 3;

/// The terms in x alone.
pub(super) fn add_counts<S: Sink>(sums: &mut S, model: &BgBb, x: f64, weight: f64) {
    sums.value(weight * ln_gamma_ratio(model.alpha, x));
    sums.gradient(ALPHA, weight * digamma_rise(model.alpha, x));
    if S::CURVED {
        sums.hessian(ALPHA, ALPHA, weight * trigamma_rise(model.alpha, x));
    }
}

/// The terms in n, and those of the opportunities since the last purchase.
pub(super) fn add_row<S: Sink>(sums: &mut S, model: &BgBb, customer: Customer, weight: f64) {
    let &BgBb { alpha, beta, gamma, delta } = model;
    let Customer { frequency: x, age: n, .. } = customer;
    let rivals = Rivals::of(model, customer);
    sums.value(weight * (alive(model, customer) + log_rivals(model, customer)));
    let (buys, leaves) = (digamma_rise(alpha + beta, n), digamma_rise(gamma + delta, n));
    sums.gradient(ALPHA, weight * (rivals.mean[ALPHA] - buys));
    sums.gradient(BETA, weight * (rivals.mean[BETA] + digamma_rise(beta, n - x) - buys));
    sums.gradient(GAMMA, weight * (rivals.mean[GAMMA] - leaves));
    sums.gradient(DELTA, weight * (rivals.mean[DELTA] + digamma_rise(delta, n) - leaves));
    if !S::CURVED {
        return;
    }
    for i in ALPHA..=DELTA {
        for j in i..=DELTA {
            sums.hessian(i, j, weight * rivals.bend[i][j]);
        }
    }
    let (buys, leaves) = (trigamma_rise(alpha + beta, n), trigamma_rise(gamma + delta, n));
    for (first, second, common, own) in
        [(ALPHA, BETA, buys, trigamma_rise(beta, n - x)), (GAMMA, DELTA, leaves, trigamma_rise(delta, n))]
    {
        sums.hessian(first, first, weight * -common);
        sums.hessian(first, second, weight * -common);
        sums.hessian(second, second, weight * (own - common));
    }
}

/// The derivatives of ln(1 + R₁ + …): the mean of ∇ ln Rⱼ with the Rⱼ as weights (R₀ = 1), and the mean of ∇² ln Rⱼ plus the
/// covariance of ∇ ln Rⱼ, in one pass (West, 1979).
struct Rivals {
    mean: [f64; 4],
    bend: [[f64; 4]; 4],
}

impl Rivals {
    fn of(model: &BgBb, customer: Customer) -> Self {
        let mut total = 1.0;
        let mut mean = [0.0; 4];
        let mut bend = [[0.0; 4]; 4];
        let mut term = 1.0;
        let (mut slope, mut curve) = ([0.0; 4], [[0.0; 4]; 4]);
        let mut left = customer.age;
        while left > customer.recency {
            left -= 1.0;
            let factors = Factors::at(model, customer, left);
            let Factors { buys, silent, stays, leaves } = factors;
            term *= factors.ratio();
            let (a, b) = (1.0 / buys, 1.0 / silent);
            slope[ALPHA] += a;
            slope[BETA] += a - b;
            curve[ALPHA][ALPHA] -= a * a;
            curve[ALPHA][BETA] -= a * a;
            curve[BETA][BETA] += b * b - a * a;
            let (c, d) = (1.0 / leaves, 1.0 / stays);
            slope[GAMMA] += c;
            curve[GAMMA][GAMMA] -= c * c;
            slope[DELTA] -= d;
            curve[DELTA][DELTA] += d * d;
            if left + 1.0 < customer.age {
                slope[DELTA] += c;
                curve[GAMMA][DELTA] -= c * c;
                curve[DELTA][DELTA] -= c * c;
            }
            total += term;
            let share = term / total;
            let away: [f64; 4] = std::array::from_fn(|i| slope[i] - mean[i]);
            for i in 0..4 {
                for j in i..4 {
                    bend[i][j] += share * ((curve[i][j] - bend[i][j]) + (1.0 - share) * away[i] * away[j]);
                }
            }
            mean.iter_mut().zip(away).for_each(|(mean, away)| *mean += share * away);
            if total > LARGE {
                (total, term) = (total / LARGE, term / LARGE);
            }
        }
        Self { mean, bend }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fit::check_derivatives;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_value(
            alpha in 0.1_f64..5.0, beta in 0.1_f64..5.0, gamma in 0.1_f64..5.0, delta in 0.1_f64..9.0,
            rows in prop::collection::vec((0_u32..12, 0_u32..12, 0_u32..30), 5..30),
        ) {
            let customers: Vec<Customer> = rows
                .iter()
                .map(|&(x, more, silent)| {
                    let recency = if x == 0 { 0 } else { x + more };
                    Customer::new(f64::from(x), f64::from(recency), f64::from(recency + silent)).unwrap()
                })
                .collect();
            check_derivatives(&BgBb { alpha, beta, gamma, delta }, &customers);
        }
    }
}
