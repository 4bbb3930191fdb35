//! Log-likelihood of the BG/NBD model, its derivatives, and P(alive), which is part of it.
//!
//! For a customer with x repeat purchases, the last at tₓ, watched until T (Fader, Hardie and Lee, 2005, eq. 6):
//!
//! ```text
//! LL = lnΓ(r+x) − lnΓ(r) + r ln α − (r+x) ln(α+T) + lnB(a, b+x) − lnB(a, b) + [x > 0] ln(1 + e^u)
//! u  = ln a − ln(b+x−1) + (r+x) ln((α+T)/(α+tₓ))
//! P(alive) = 1 / (1 + [x > 0] e^u)
//! ```

use super::super::fit::Sink;
use super::super::history::Customer;
use super::super::numeric::{digamma_rise, trigamma_rise};
use super::BgNbd;
use crate::math::special::ln_gamma_ratio;

pub(super) fn of_customer(model: &BgNbd, customer: Customer) -> f64 {
    let &BgNbd { r, alpha, a, b } = model;
    let Customer { frequency: x, age, .. } = customer;
    counts(r, a, b, x) + exposure(r, alpha, x, age) - log_alive(model, customer)
}

/// ln P(alive).
pub(super) fn log_alive(model: &BgNbd, customer: Customer) -> f64 {
    if customer.frequency > 0.0 { -softplus(log_odds_gone(model, customer)) } else { 0.0 }
}

/// The terms in x alone: lnΓ(r+x) − lnΓ(r) + lnB(a, b+x) − lnB(a, b).
fn counts(r: f64, a: f64, b: f64, x: f64) -> f64 {
    ln_gamma_ratio(r, x) + (ln_gamma_ratio(b, x) - ln_gamma_ratio(a + b, x))
}

/// r ln α − (r+x) ln(α+T).
fn exposure(r: f64, alpha: f64, x: f64, age: f64) -> f64 {
    -r * (age / alpha).ln_1p() - x * (alpha + age).ln()
}

/// u, the logarithm of the odds that a customer with repeat purchases has dropped out.
fn log_odds_gone(model: &BgNbd, customer: Customer) -> f64 {
    let &BgNbd { r, alpha, a, b } = model;
    let Customer { frequency: x, recency, age } = customer;
    (a / (b + (x - 1.0))).ln() + (r + x) * ((age - recency) / (alpha + recency)).ln_1p()
}

/// ln(1 + e^u).
fn softplus(u: f64) -> f64 {
    u.max(0.0) + (-u.abs()).exp().ln_1p()
}

pub(super) fn limit(drift: &[f64]) -> &'static str {
    let (r, a, b) = (drift[R], drift[A], drift[B]);
    // What matters for dropping out is first a/b, then how much a + b leaves the customers to differ.
    if b - a > 0.5 {
        "nobody drops out: the NBD model"
    } else if a - b > 0.5 {
        "everybody drops out at the first repeat purchase"
    } else if a > 0.5 {
        "everybody drops out with the same probability after each purchase"
    } else if a < -0.5 {
        "some never drop out, the others do at the first repeat purchase"
    } else if r > 0.5 {
        "everybody buys at the same rate: Poisson purchases"
    } else if r < -0.5 {
        "hardly anybody ever buys again"
    } else {
        "buying rates without a finite mean"
    }
}

const R: usize = 0;
pub(super) const ALPHA: usize = 1;
pub(super) const A: usize = 2;
pub(super) const B: usize = 3;

/// The terms in x alone.
pub(super) fn add_counts<S: Sink>(sums: &mut S, model: &BgNbd, x: f64, weight: f64) {
    let &BgNbd { r, a, b, .. } = model;
    let both = a + b;
    sums.value(weight * counts(r, a, b, x));
    let together = digamma_rise(both, x);
    sums.gradient(R, weight * digamma_rise(r, x));
    sums.gradient(A, weight * -together);
    sums.gradient(B, weight * (digamma_rise(b, x) - together));
    if !S::CURVED {
        return;
    }
    let together = trigamma_rise(both, x);
    sums.hessian(R, R, weight * trigamma_rise(r, x));
    sums.hessian(A, A, weight * -together);
    sums.hessian(A, B, weight * -together);
    sums.hessian(B, B, weight * (trigamma_rise(b, x) - together));
}

/// The terms in time.
pub(super) fn add_row<S: Sink>(sums: &mut S, model: &BgNbd, customer: Customer, weight: f64) {
    let &BgNbd { r, alpha, a, b } = model;
    let Customer { frequency: x, recency, age } = customer;
    let (end, purchases) = (alpha + age, r + x);
    sums.value(weight * exposure(r, alpha, x, age));
    sums.gradient(R, weight * -(age / alpha).ln_1p());
    sums.gradient(ALPHA, weight * (r * age / alpha - x) / end);
    sums.hessian(R, ALPHA, weight * age / (alpha * end));
    // (r+x)/(α+T)² − r/α², in which r and α may both be huge.
    let bend = x - r * (age / alpha) * (2.0 + age / alpha);
    sums.hessian(ALPHA, ALPHA, weight * bend / (end * end));
    if x == 0.0 {
        return;
    }
    // ln(1 + e^u): with q = e^u/(1+e^u), its gradient is q ∇u and its Hessian q(1−q) ∇u ∇uᵀ + q ∇²u.
    let (last, gap, rest) = (alpha + recency, age - recency, b + (x - 1.0));
    let u = log_odds_gone(model, customer);
    let q = 1.0 / (1.0 + (-u).exp());
    let spread = q / (1.0 + u.exp());
    let slope = [(gap / last).ln_1p(), -purchases * gap / (end * last), 1.0 / a, -1.0 / rest];
    sums.value(weight * softplus(u));
    for i in R..=B {
        sums.gradient(i, weight * q * slope[i]);
        for j in i..=B {
            sums.hessian(i, j, weight * spread * slope[i] * slope[j]);
        }
    }
    sums.hessian(R, ALPHA, weight * q * -gap / (end * last));
    sums.hessian(ALPHA, ALPHA, weight * q * purchases * gap * (end + last) / (end * end * last * last));
    sums.hessian(A, A, -weight * q / (a * a));
    sums.hessian(B, B, weight * q / (rest * rest));
}

#[cfg(test)]
mod tests {
    use super::super::super::fit::check_derivatives;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_value(
            r in 0.1_f64..3.0, alpha in 0.5_f64..30.0, a in 0.1_f64..5.0, b in 0.3_f64..9.0,
            rows in prop::collection::vec((0_u32..40, 0.05_f64..1.0, 0.5_f64..60.0), 5..30),
        ) {
            let customers: Vec<Customer> = rows
                .iter()
                .map(|&(x, share, age)| {
                    Customer::new(f64::from(x), if x > 0 { share * age } else { 0.0 }, age).unwrap()
                })
                .collect();
            check_derivatives(&BgNbd { r, alpha, a, b }, &customers);
        }
    }
}
