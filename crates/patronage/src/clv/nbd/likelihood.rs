//! Log-likelihood of purchases at gamma distributed rates, as in every NBD model while the customer is one.
//!
//! x repeat purchases until T (Ehrenberg, 1959; Schmittlein, Morrison and Colombo, 1987, eq. A18):
//!
//! ```text
//! LL = lnΓ(r+x) − lnΓ(r) + r ln α − (r+x) ln(α+T)
//! ```

use super::super::fit::Sink;
use super::super::numeric::{digamma_rise, trigamma_rise};
use crate::math::special::ln_gamma_ratio;

const R: usize = 0;
const ALPHA: usize = 1;

pub(in super::super) fn value(r: f64, alpha: f64, x: f64, age: f64) -> f64 {
    ln_gamma_ratio(r, x) + exposure(r, alpha, x, age)
}

/// r ln α − (r+x) ln(α+T).
fn exposure(r: f64, alpha: f64, x: f64, age: f64) -> f64 {
    -r * (age / alpha).ln_1p() - x * (alpha + age).ln()
}

/// The terms in x alone; r is the first parameter.
pub(in super::super) fn add_counts<S: Sink>(sink: &mut S, r: f64, x: f64, weight: f64) {
    sink.value(weight * ln_gamma_ratio(r, x));
    sink.gradient(R, weight * digamma_rise(r, x));
    if S::CURVED {
        sink.hessian(R, R, weight * trigamma_rise(r, x));
    }
}

/// The terms in time; r and α are the first parameters.
pub(in super::super) fn add_exposure<S: Sink>(
    sink: &mut S,
    [r, alpha]: [f64; 2],
    x: f64,
    age: f64,
    weight: f64,
) {
    let (end, share) = (alpha + age, age / alpha);
    let length = share.ln_1p();
    sink.value(weight * (-r * length - x * end.ln()));
    sink.gradient(R, weight * -length);
    sink.gradient(ALPHA, weight * (r * share - x) / end);
    if S::CURVED {
        sink.hessian(R, ALPHA, weight * share / end);
        // (r+x)/(α+T)² − r/α², in which r and α may both be huge.
        sink.hessian(ALPHA, ALPHA, weight * (x - r * share * (2.0 + share)) / (end * end));
    }
}
