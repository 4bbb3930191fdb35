//! Log-likelihood of the BG/NBD model, its derivatives, and P(alive), which is part of it.
//!
//! For a customer with x repeat purchases, the last at tₓ, watched until T (Fader, Hardie and Lee, 2005, eq. 6):
//!
//! ```text
//! LL = lnΓ(r+x) − lnΓ(r) + r ln α − (r+x) ln(α+T) + lnB(a, b+x) − lnB(a, b) + [x > 0] ln(1 + e^u)
//! u  = ln a − ln(b+x−1) + (r+x) ln((α+T)/(α+tₓ))
//! P(alive) = 1 / (1 + [x > 0] e^u)
//! ```

use super::super::fit::{Derivatives, Objective, Sums, in_chunks};
use super::super::history::{Customer, History};
use super::super::numeric::{digamma_rise, trigamma_rise};
use super::BgNbd;
use crate::error::{Error, Result};
use crate::math::special::ln_gamma_ratio;
use crate::watch::Watch;

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

/// The log-likelihood of all customers as a function of the parameters.
pub(super) struct Likelihood {
    /// Distinct rows, with how many customers each stands for.
    rows: Vec<(Customer, f64)>,
    /// Distinct frequencies, likewise.
    frequencies: Vec<(f64, f64)>,
    customers: f64,
    /// Repeat purchases per period.
    rate: f64,
}

impl Likelihood {
    pub(super) fn of(history: &History<'_>, watch: &dyn Watch) -> Result<Self> {
        let rows = history.merged(watch)?;
        // The rows are sorted by frequency.
        let frequencies: Vec<(f64, f64)> = rows
            .chunk_by(|(one, _), (next, _)| one.frequency == next.frequency)
            .map(|alike| (alike[0].0.frequency, alike.iter().map(|(_, weight)| weight).sum()))
            .collect();
        let customers: f64 = frequencies.iter().map(|(_, weight)| weight).sum();
        let purchases: f64 = frequencies.iter().map(|(x, weight)| x * weight).sum();
        if purchases == 0.0 {
            return Err(Error::NotEnoughData {
                what: "customers with a repeat purchase".into(),
                found: 0,
                needed: 1,
                mend: "a buying rate cannot be learnt from first purchases alone; watch for longer".into(),
            });
        }
        let time: f64 = rows.iter().map(|(customer, weight)| customer.age * weight).sum();
        Ok(Self { rows, frequencies, customers, rate: purchases / time })
    }
}

impl Objective for Likelihood {
    type Model = BgNbd;

    fn starts(&self) -> Vec<Vec<f64>> {
        // Everybody drops out after a few purchases, so that rates are about twice the overall one.
        [(1.0, 1.0, 2.0), (0.3, 0.1, 1.0), (3.0, 1.0, 10.0), (1.0, 5.0, 5.0)]
            .map(|(r, a, b)| vec![r, 0.5 * r / self.rate, a, b])
            .to_vec()
    }

    fn derivatives(&self, parameters: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let model = &BgNbd { r: parameters[0], alpha: parameters[1], a: parameters[2], b: parameters[3] };
        let mut sums = in_chunks(&self.rows, watch, |sums, &(customer, weight)| {
            add_row(sums, model, customer, weight);
        })?;
        for &(x, weight) in &self.frequencies {
            add_counts(&mut sums, model, x, weight);
        }
        Ok(sums.derivatives())
    }

    fn limit(&self, drift: &[i8]) -> &'static str {
        match *drift {
            [_, _, 1, 1] => "everybody drops out with the same probability after each purchase",
            [_, _, a, b] if a < 0 || b > 0 => "nobody drops out: the NBD model",
            [_, _, a, b] if a > 0 || b < 0 => "everybody drops out at the first repeat purchase",
            [1, _, _, _] => "everybody buys at the same rate: Poisson purchases",
            [-1, _, _, _] => "hardly anybody ever buys again",
            _ => "buying rates without a finite mean",
        }
    }

    fn customers(&self) -> f64 {
        self.customers
    }
}

const R: usize = 0;
const ALPHA: usize = 1;
const A: usize = 2;
const B: usize = 3;

/// The terms in x alone.
fn add_counts(sums: &mut Sums<4>, model: &BgNbd, x: f64, weight: f64) {
    let &BgNbd { r, a, b, .. } = model;
    let both = a + b;
    sums.add_value(weight * counts(r, a, b, x));
    let together = digamma_rise(both, x);
    sums.add_gradient(R, weight * digamma_rise(r, x));
    sums.add_gradient(A, weight * -together);
    sums.add_gradient(B, weight * (digamma_rise(b, x) - together));
    let together = trigamma_rise(both, x);
    sums.add_hessian(R, R, weight * trigamma_rise(r, x));
    sums.add_hessian(A, A, weight * -together);
    sums.add_hessian(A, B, weight * -together);
    sums.add_hessian(B, B, weight * (trigamma_rise(b, x) - together));
}

/// The terms in time.
fn add_row(sums: &mut Sums<4>, model: &BgNbd, customer: Customer, weight: f64) {
    let &BgNbd { r, alpha, a, b } = model;
    let Customer { frequency: x, recency, age } = customer;
    let (end, purchases) = (alpha + age, r + x);
    sums.add_value(weight * exposure(r, alpha, x, age));
    sums.add_gradient(R, weight * -(age / alpha).ln_1p());
    sums.add_gradient(ALPHA, weight * (r * age / alpha - x) / end);
    sums.add_hessian(R, ALPHA, weight * age / (alpha * end));
    sums.add_hessian(ALPHA, ALPHA, weight * (purchases / (end * end) - r / (alpha * alpha)));
    if x == 0.0 {
        return;
    }
    // ln(1 + e^u): with q = e^u/(1+e^u), its gradient is q ∇u and its Hessian q(1−q) ∇u ∇uᵀ + q ∇²u.
    let (last, gap, rest) = (alpha + recency, age - recency, b + (x - 1.0));
    let u = log_odds_gone(model, customer);
    let q = 1.0 / (1.0 + (-u).exp());
    let spread = q / (1.0 + u.exp());
    let slope = [(gap / last).ln_1p(), -purchases * gap / (end * last), 1.0 / a, -1.0 / rest];
    sums.add_value(weight * softplus(u));
    for i in R..=B {
        sums.add_gradient(i, weight * q * slope[i]);
        for j in i..=B {
            sums.add_hessian(i, j, weight * spread * slope[i] * slope[j]);
        }
    }
    sums.add_hessian(R, ALPHA, weight * q * -gap / (end * last));
    sums.add_hessian(ALPHA, ALPHA, weight * q * purchases * gap * (end + last) / (end * end * last * last));
    sums.add_hessian(A, A, -weight * q / (a * a));
    sums.add_hessian(B, B, weight * q / (rest * rest));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;
    use proptest::prelude::*;

    proptest! {
        /// Gradient against differences of the value, second derivatives against differences of the gradient.
        #[test]
        fn derivatives_are_those_of_the_value(
            r in 0.1_f64..3.0, alpha in 0.5_f64..30.0, a in 0.1_f64..5.0, b in 0.3_f64..9.0,
            rows in prop::collection::vec((0_u32..40, 0.05_f64..1.0, 0.5_f64..60.0), 5..30),
        ) {
            let frequency: Vec<f64> = [1].into_iter().chain(rows.iter().map(|row| row.0)).map(f64::from).collect();
            let age: Vec<f64> = [9.0].into_iter().chain(rows.iter().map(|row| row.2)).collect();
            let share = [0.5].into_iter().chain(rows.iter().map(|row| row.1));
            let recency: Vec<f64> =
                share.zip(&age).zip(&frequency).map(|((s, t), &x)| if x > 0.0 { s * t } else { 0.0 }).collect();
            let history = History::new(&frequency[..], &recency, &age).unwrap();
            let likelihood = Likelihood::of(&history, &Unwatched).unwrap();
            let at = |p: [f64; 4]| likelihood.derivatives(&p, &Unwatched).unwrap();
            let here = [r, alpha, a, b];
            let exact = at(here);
            for i in 0..4 {
                let step = 1e-5 * here[i];
                let moved = |by: f64| { let mut p = here; p[i] += by; at(p) };
                let (up, down) = (moved(step), moved(-step));
                let slope = (up.value - down.value) / (2.0 * step);
                let scale = exact.value.abs() / here[i];
                prop_assert!((slope - exact.gradient[i]).abs() < 1e-8 * scale, "{i}: {slope} {:?}", exact.gradient);
                #[allow(clippy::needless_range_loop)] // i and j name parameters
                for j in 0..4 {
                    let bend = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
                    prop_assert!(
                        (bend - exact.hessian[i][j]).abs() < 1e-7 * scale / here[j],
                        "{i} {j}: {bend} {:?}", exact.hessian
                    );
                }
            }
        }
    }
}
