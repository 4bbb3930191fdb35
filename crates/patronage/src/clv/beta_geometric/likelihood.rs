//! Log-likelihood of the beta-geometric models, its derivatives, and P(alive), which is part of it.
//!
//! For a customer with x repeat purchases, the last at tₓ, watched until T (Platzer and Reutterer, 2016, eq. 3 and 4;
//! for k = 1 Fader, Hardie and Lee, 2005, eq. 6, and Batislam, Denizel and Filiztekin, 2007), with m = 1 if she may
//! drop out after the first purchase, else 0:
//!
//! ```text
//! LL = lnΓ(r+kx) − lnΓ(r) + r ln α − (r+kx) ln(α+T) + lnB(a, b+x+m) − lnB(a, b) − x lnΓ(k) + (k−1) litt
//!      + ln S + [x+m > 0] ln(1 + e^u)
//! S  = Σ Γ(r+kx+j)/(Γ(r+kx) j!) ((T−tₓ)/(α+T))ʲ, j < k
//! u  = ln a − ln(b+x+m−1) + (r+kx) ln((α+T)/(α+tₓ)) − ln S
//! P(alive) = 1 / (1 + [x+m > 0] e^u)
//! ```
//!
//! The term in litt, the sum of the logarithms of the times between purchases, is left to the caller.

use super::super::fit::Sink;
use super::super::history::Customer;
use super::super::numeric::{digamma_rise, softplus, trigamma_rise};
use super::Family;
use super::silence::Silence;
use crate::math::special::{ln_gamma, ln_gamma_ratio};

pub(super) const R: usize = 0;
pub(super) const ALPHA: usize = 1;
pub(super) const A: usize = 2;
pub(super) const B: usize = 3;

impl Family {
    pub(super) fn log_likelihood(&self, customer: Customer) -> f64 {
        let Customer { frequency: x, age, .. } = customer;
        let silence = self.silence(customer).map_or(0.0, |silence| silence.log_sum);
        self.counts(x) + self.exposure(x, age) + silence - self.log_alive(customer)
    }

    /// ln P(alive).
    pub(super) fn log_alive(&self, customer: Customer) -> f64 {
        if customer.frequency + self.occasions == 0.0 {
            return 0.0;
        }
        let Customer { frequency: x, recency, age } = customer;
        let silence = self.silence(customer).map_or(0.0, |silence| silence.log_sum);
        let quiet = ((age - recency) / (self.alpha + recency)).ln_1p();
        -Odds::new(self.a / self.rest(x), self.shape(x) * quiet - silence).log
    }

    /// b + x + m − 1.
    fn rest(&self, x: f64) -> f64 {
        self.b + (x + (self.occasions - 1.0))
    }

    /// Nothing is to be known of the stages if every stage is a purchase.
    pub(super) fn silence(&self, customer: Customer) -> Option<Silence> {
        let Customer { frequency: x, recency, age } = customer;
        (self.k > 1).then(|| Silence::new(self.shape(x), (age - recency) / (self.alpha + age), self.k))
    }

    /// The terms in x alone: lnΓ(r+kx) − lnΓ(r) − kx ln α + lnB(a, b+x+m) − lnB(a, b) − x lnΓ(k).
    fn counts(&self, x: f64) -> f64 {
        let &Self { r, alpha, a, b, k, occasions } = self;
        let (k, occasions) = (f64::from(k), x + occasions);
        let stages = ln_gamma_ratio(r, k * x) - x * (k * alpha.ln() + ln_gamma(k));
        stages + (ln_gamma_ratio(b, occasions) - ln_gamma_ratio(a + b, occasions))
    }

    /// −(r+kx) ln(1 + T/α).
    fn exposure(&self, x: f64, age: f64) -> f64 {
        -self.shape(x) * (age / self.alpha).ln_1p()
    }

    /// The terms in x alone.
    pub(super) fn add_counts<S: Sink>(&self, sums: &mut S, x: f64, weight: f64) {
        let &Self { r, a, b, k, occasions, .. } = self;
        let (both, stages, occasions) = (a + b, f64::from(k) * x, x + occasions);
        sums.value(weight * self.counts(x));
        let together = digamma_rise(both, occasions);
        sums.gradient(R, weight * digamma_rise(r, stages));
        sums.gradient(A, weight * -together);
        sums.gradient(B, weight * (digamma_rise(b, occasions) - together));
        if !S::CURVED {
            return;
        }
        let together = trigamma_rise(both, occasions);
        sums.hessian(R, R, weight * trigamma_rise(r, stages));
        sums.hessian(A, A, weight * -together);
        sums.hessian(A, B, weight * -together);
        sums.hessian(B, B, weight * (trigamma_rise(b, occasions) - together));
    }

    /// The terms in time.
    pub(super) fn add_row<S: Sink>(&self, sums: &mut S, customer: Customer, weight: f64) {
        let &Self { r, alpha, .. } = self;
        let Customer { frequency: x, recency, age } = customer;
        let stages = f64::from(self.k) * x;
        let (end, last, gap) = (alpha + age, alpha + recency, age - recency);
        let waited = (age / alpha).ln_1p();
        let shape = self.shape(x);
        sums.value(weight * -shape * waited);
        sums.gradient(R, weight * -waited);
        sums.gradient(ALPHA, weight * (r * age / alpha - stages) / end);
        sums.hessian(R, ALPHA, weight * age / (alpha * end));
        // (r+kx)/(α+T)² − r/α², in which r and α may both be huge.
        let bend = stages - r * (age / alpha) * (2.0 + age / alpha);
        sums.hessian(ALPHA, ALPHA, weight * bend / (end * end));
        // Stays: ln S. Gone: u + ln S. The sum is ln S + ln(1 + e^u).
        let silence = self.silence(customer);
        let stays = silence.as_ref().map_or(Terms::default(), |silence| Terms::of_silence(silence, end));
        if x + self.occasions == 0.0 {
            stays.add(sums, weight);
            return;
        }
        let (rest, quiet) = (self.rest(x), (gap / last).ln_1p());
        let odds = Odds::new(self.a / rest, shape * quiet - stays.value);
        sums.value(weight * (stays.value + odds.log));
        // With q = e^u/(1+e^u): gradient (1−q)∇stays + q∇gone, second derivatives likewise and q(1−q) ∇u ∇uᵀ.
        let q = odds.likely;
        let gone = Terms {
            slope: [quiet, -shape * gap / (end * last), 1.0 / self.a, -1.0 / rest],
            r_alpha: -gap / (end * last),
            alpha_alpha: shape * gap * (end + last) / (end * end * last * last),
            a_a: -1.0 / (self.a * self.a),
            b_b: 1.0 / (rest * rest),
            ..Terms::default()
        };
        let slope: [f64; 4] = std::array::from_fn(|i| gone.slope[i] - stays.slope[i]);
        if silence.is_some() {
            Terms { value: 0.0, ..stays }.add(sums, weight * odds.unlikely);
        }
        gone.add(sums, weight * q);
        let spread = weight * q * odds.unlikely;
        for i in R..=B {
            for j in i..=B {
                sums.hessian(i, j, spread * slope[i] * slope[j]);
            }
        }
    }
}

/// Odds e^u that a customer has dropped out.
struct Odds {
    /// ln(1 + e^u).
    log: f64,
    /// Probability that she has.
    likely: f64,
    /// Probability that she has not.
    unlikely: f64,
}

impl Odds {
    /// e^u as the product of a factor and e^exponent.
    fn new(factor: f64, exponent: f64) -> Self {
        const LARGE: f64 = 600.0;
        let odds = factor * exponent.exp();
        if exponent < LARGE && odds < f64::MAX {
            let unlikely = 1.0 / (1.0 + odds);
            return Self { log: odds.ln_1p(), likely: odds * unlikely, unlikely };
        }
        let u = factor.ln() + exponent;
        Self { log: softplus(u), likely: 1.0 / (1.0 + (-u).exp()), unlikely: (-softplus(u)).exp() }
    }
}

/// A value with its derivatives; those that are not there are 0.
#[derive(Default)]
struct Terms {
    value: f64,
    slope: [f64; 4],
    r_r: f64,
    r_alpha: f64,
    alpha_alpha: f64,
    a_a: f64,
    b_b: f64,
}

impl Terms {
    /// ln S, in which z = gap/end moves with α: d ln z/dα = −1/end.
    fn of_silence(silence: &Silence, end: f64) -> Self {
        let of = silence.derivatives();
        Self {
            value: silence.log_sum,
            slope: [of.shape, -of.log_z / end, 0.0, 0.0],
            r_r: of.shape_shape,
            r_alpha: -of.shape_log_z / end,
            alpha_alpha: (of.log_z_log_z + of.log_z) / (end * end),
            ..Self::default()
        }
    }

    fn add<S: Sink>(&self, sums: &mut S, weight: f64) {
        sums.value(weight * self.value);
        self.slope.iter().enumerate().for_each(|(i, slope)| sums.gradient(i, weight * slope));
        sums.hessian(R, R, weight * self.r_r);
        sums.hessian(R, ALPHA, weight * self.r_alpha);
        sums.hessian(ALPHA, ALPHA, weight * self.alpha_alpha);
        sums.hessian(A, A, weight * self.a_a);
        sums.hessian(B, B, weight * self.b_b);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fit::check_derivatives;
    use super::super::{BgCnbd, BgNbd, MbgCnbd, MbgNbd};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_value(
            r in 0.1_f64..3.0, alpha in 0.5_f64..30.0, a in 0.1_f64..5.0, b in 0.3_f64..9.0, k in 2_u32..8,
            rows in prop::collection::vec((0_u32..40, 0.05_f64..=1.0, 0.5_f64..60.0), 5..30),
        ) {
            let customers: Vec<Customer> = rows
                .iter()
                .map(|&(x, share, age)| {
                    Customer::new(f64::from(x), if x > 0 { share * age } else { 0.0 }, age).unwrap()
                })
                .collect();
            check_derivatives(&BgNbd::new(r, alpha, a, b).unwrap(), &customers);
            check_derivatives(&MbgNbd::new(r, alpha, a, b).unwrap(), &customers);
            check_derivatives(&BgCnbd::new(r, alpha, a, b, k).unwrap(), &customers);
            check_derivatives(&MbgCnbd::new(r, alpha, a, b, k).unwrap(), &customers);
        }
    }
}
