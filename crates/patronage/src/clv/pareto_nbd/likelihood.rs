//! Log-likelihood of the Pareto/NBD model, its derivatives, and P(alive), which is part of it.
//!
//! For a customer with x repeat purchases, the last at tₓ, watched until T (Schmittlein, Morrison and Colombo, 1987):
//!
//! ```text
//! LL = lnΓ(r+x) − lnΓ(r) + r ln α − (r+x) ln(α+T) − s ln((β+T)/β) + ln(1 + e^κ)
//! P(alive) = 1 / (1 + e^κ)
//! ```
//!
//! with κ the logarithm of the odds that she dropped out during her silence.

use super::super::fit::Sink;
use super::super::history::Customer;
use super::super::nbd;
use super::super::numeric::softplus;
use super::ParetoNbd;
use super::silence::{Moments, Silence};

pub(super) fn of_customer(model: &ParetoNbd, customer: Customer) -> f64 {
    let &ParetoNbd { r, alpha, s, beta } = model;
    let Customer { frequency: x, age, .. } = customer;
    nbd::likelihood::value(r, alpha, x, age) - s * (age / beta).ln_1p() - log_alive(model, customer)
}

/// ln P(alive).
pub(super) fn log_alive(model: &ParetoNbd, customer: Customer) -> f64 {
    -softplus(Silence::of(model, customer).log_odds_gone())
}

const S: usize = 2;
const BETA: usize = 3;

/// The terms in time.
pub(super) fn add_row<K: Sink>(sink: &mut K, model: &ParetoNbd, customer: Customer, weight: f64) {
    let &ParetoNbd { r, alpha, s, beta } = model;
    let Customer { frequency: x, age, .. } = customer;
    nbd::likelihood::add_exposure(sink, [r, alpha], x, age, weight);
    let (share, end) = (age / beta, beta + age);
    let length = share.ln_1p();
    sink.value(weight * -s * length);
    sink.gradient(S, weight * -length);
    sink.gradient(BETA, weight * s * share / end);
    if K::CURVED {
        sink.hessian(S, BETA, weight * share / end);
        sink.hessian(BETA, BETA, weight * -s * share * (2.0 + share) / (end * end));
    }
    let silence = Silence::of(model, customer);
    if silence.gap > 0.0 {
        let moments = if K::CURVED { silence.moments::<2>() } else { silence.moments::<1>() };
        add_silence(sink, &silence, &moments, weight);
    }
}

/// ln(1 + e^κ). With q = e^κ/(1+e^κ) its gradient is q ∇κ and its Hessian q(1−q) ∇κ ∇κᵀ + q ∇²κ. The derivatives of κ are
/// means over the density h of dropping out at u: ∇κ = E[∇ ln h] and ∇²κ = E[∇² ln h] + Cov[∇ ln h].
fn add_silence<K: Sink>(sink: &mut K, silence: &Silence, moments: &Moments, weight: f64) {
    let &Silence { gap, start: [a, b], power: [purchases, s], length } = silence;
    let kappa = silence.log_odds(moments);
    sink.value(weight * softplus(kappa));
    let q = 1.0 / (1.0 + (-kappa).exp());
    if q == 0.0 {
        return;
    }
    // Means of the four variables, and of how far two of them are below their value at T.
    let per = 1.0 / moments.total;
    let mean = moments.first.map(|sum| sum * per);
    let at_end = [gap / (a + gap), gap / (b + gap)];
    let short = [at_end[0] - mean[1], at_end[1] - mean[3]];
    let slope = [
        length[0] - mean[0],
        -purchases / a * short[0],
        1.0 / s + (length[1] - mean[2]),
        -(s * short[1] + (1.0 - mean[3])) / b,
    ];
    for (i, slope) in slope.iter().enumerate() {
        sink.gradient(i, weight * q * slope);
    }
    if !K::CURVED {
        return;
    }
    let spread = weight * q / (1.0 + kappa.exp());
    let square = |i: usize| moments.second[i][i] * per;
    // E[∇² ln h] where it is not 0.
    let bend = |end: f64, short: f64, square: f64| 2.0 * short - (end * end - square);
    let mut curve = [[0.0; 4]; 4];
    curve[0][1] = -short[0] / a;
    curve[1][1] = purchases / (a * a) * bend(at_end[0], short[0], square(1));
    curve[2][2] = -1.0 / (s * s);
    curve[2][3] = -short[1] / b;
    curve[3][3] = (s * bend(at_end[1], short[1], square(3)) + (1.0 - 2.0 * mean[3] + square(3))) / (b * b);
    // ∇ ln h is linear in the variables.
    let linear = [-1.0, purchases / a, -1.0, (s + 1.0) / b];
    for i in 0..4 {
        for j in i..4 {
            let covariance = linear[i] * linear[j] * (moments.second[i][j] * per - mean[i] * mean[j]);
            sink.hessian(i, j, spread * slope[i] * slope[j] + weight * q * (curve[i][j] + covariance));
        }
    }
}

pub(super) fn limit(drift: &[f64]) -> &'static str {
    let (r, s, beta) = (drift[0], drift[S], drift[BETA]);
    // What matters for dropping out is first s/β, the mean rate, then how much s leaves the customers to differ. As s goes
    // to 0 nobody drops out, even if β does too: s ln(1 + T/β) goes to 0.
    if s < -0.25 || beta - s > 0.5 {
        "nobody drops out: the NBD model"
    } else if s > 0.5 && beta > 0.5 {
        "everybody drops out at the same rate: exponential lifetimes"
    } else if s > 0.5 {
        "everybody drops out after the first purchase"
    } else if beta < -0.5 {
        "nobody drops out, but for some right after the first purchase: the NBD model"
    } else if r > 0.5 {
        "everybody buys at the same rate: Poisson purchases"
    } else if r < -0.5 {
        "hardly anybody ever buys again"
    } else {
        "buying rates without a finite mean"
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
            r in 0.1_f64..3.0, alpha in 0.5_f64..30.0, s in 0.1_f64..5.0, beta in 0.5_f64..30.0,
            rows in prop::collection::vec((0_u32..40, 0.05_f64..=1.0, 0.5_f64..60.0), 5..30),
        ) {
            let customers: Vec<Customer> = rows
                .iter()
                .map(|&(x, share, age)| {
                    Customer::new(f64::from(x), if x > 0 { share * age } else { 0.0 }, age).unwrap()
                })
                .collect();
            check_derivatives(&ParetoNbd { r, alpha, s, beta }, &customers);
        }
    }
}
