//! The log-likelihood of durations under a beta-discrete-Weibull model, with its derivatives.
//!
//! With H(s, t) = ln S(s) − ln S(t), a customer who left in period t adds −H(0, t−1) + ln(1 − e^(−H(t−1, t))), one who
//! was still there after it −H(0, t). H is a difference of lnΓ in α+β+u and β+u, u = t^c.

use super::super::fit::{Derivatives, Objective, Sink, Sums};
use super::super::history::refuse;
use super::super::numeric::{digamma_rise, trigamma_rise};
use super::durations::{Durations, Row};
use super::lifetimes::Lifetimes;
use super::retention_model::RetentionModel;
use crate::error::{Error, Result};
use crate::math::special::{digamma, ln_gamma_ratio, trigamma};
use crate::watch::Watch;

/// Whole periods from 1 on, or 0 where nobody left.
pub(super) fn check(durations: &Durations) -> Result<()> {
    const LONGEST: f64 = 1e9;
    let rows = durations.rows();
    let whole = |row: Row| row.duration.fract() == 0.0 && row.duration <= LONGEST;
    refuse(
        "duration",
        rows.len(),
        |i| !whole(rows[i]),
        "is not a whole number of periods up to 10^9 (rows here are the distinct durations, in order)",
        "count the periods begun; retention_curve takes any durations",
    )?;
    refuse(
        "duration",
        rows.len(),
        |i| rows[i].duration == 0.0 && rows[i].churned > 0.0,
        "is 0 for customers who left (rows here are the distinct durations, in order)",
        "who leaves at the end of her first period stayed for 1",
    )
}

/// The log-likelihood as a function of ln α, ln β and, if the model has it, ln c.
pub(super) struct DurationLikelihood<'a, M> {
    durations: &'a Durations,
    model: std::marker::PhantomData<M>,
}

impl<'a, M: RetentionModel> DurationLikelihood<'a, M> {
    pub(super) fn of(durations: &'a Durations) -> Result<Self> {
        check(durations)?;
        let missing = |what: String, found: f64, needed: usize, mend: &str| Error::NotEnoughData {
            what,
            found: found as u64,
            needed: needed as u64,
            mend: mend.into(),
        };
        if durations.churned() == 0.0 {
            return Err(missing(
                "customers who left".into(),
                0.0,
                1,
                "churn cannot be learnt from customers who all stay; watch for longer",
            ));
        }
        let periods = durations.rows().last().map_or(0.0, |row| row.duration);
        let needed = M::PARAMETERS.len();
        if periods < needed as f64 {
            return Err(missing(
                format!(
                    "periods in which customers were watched, for the {needed} parameters of {}",
                    M::NAME
                ),
                periods,
                needed,
                "watch for longer",
            ));
        }
        Ok(Self { durations, model: std::marker::PhantomData })
    }
}

pub(super) fn value(lifetimes: Lifetimes, durations: &Durations) -> f64 {
    let mut sums = Sums::<false>::default();
    durations.rows().iter().for_each(|&row| add_row(&mut sums, lifetimes, 3, row));
    sums.derivatives(3).value
}

impl<M: RetentionModel> Objective for DurationLikelihood<'_, M> {
    type Model = M;

    fn names(&self) -> Vec<String> {
        M::PARAMETERS.iter().map(ToString::to_string).collect()
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        // The share lost per period watched, as if it were the same for all.
        let time: f64 =
            self.durations.rows().iter().map(|row| row.duration * (row.churned + row.censored)).sum();
        let churn = (self.durations.churned() / time).min(0.9);
        [1.0, 10.0, 0.2]
            .map(|both: f64| {
                let all = [(both * churn).ln(), (both * (1.0 - churn)).ln(), 0.0];
                all[..M::PARAMETERS.len()].to_vec()
            })
            .to_vec()
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        watch.check()?;
        let lifetimes = self.model(at)?.lifetimes();
        let mut sums = Sums::<true>::default();
        self.durations.rows().iter().for_each(|&row| add_row(&mut sums, lifetimes, at.len(), row));
        Ok(sums.derivatives(at.len()).in_logarithms(&self.slopes(at)))
    }

    fn model(&self, at: &[f64]) -> Result<M> {
        M::from_parameters(&self.slopes(at))
    }

    fn slopes(&self, at: &[f64]) -> Vec<f64> {
        at.iter().map(|theta| theta.exp()).collect()
    }

    fn limit(&self, drift: &[f64]) -> &'static str {
        limit(drift)
    }

    fn customers(&self) -> f64 {
        self.durations.customers()
    }
}

fn limit(drift: &[f64]) -> &'static str {
    let (alpha, beta, c) = (drift[0], drift[1], drift.get(2).copied().unwrap_or(0.0));
    let weibull = drift.len() == 3;
    if c > 0.5 && alpha < -0.5 {
        "nobody leaves in the first period, then the share who stay falls as a power of time"
    } else if c < -0.5 {
        "nobody leaves after the first period"
    } else if c > 0.5 && beta - alpha < 0.5 {
        "everybody leaves within two periods"
    } else if c > 0.5 || (weibull && beta - alpha > 0.5) {
        "a Weibull distribution of lifetimes with gamma distributed rates"
    } else if beta - alpha > 0.5 {
        "nobody leaves"
    } else if alpha - beta > 0.5 {
        "everybody leaves in the first period"
    } else if alpha < 0.0 {
        "some leave in the first period, the others never"
    } else if weibull {
        "everybody leaves alike: a discrete Weibull lifetime"
    } else {
        "everybody leaves with the same probability in each period: a geometric lifetime"
    }
}

/// H(s, t) with its derivatives in α, β and c.
struct Drop {
    value: f64,
    slope: [f64; 3],
    bend: [[f64; 3]; 3],
}

impl Drop {
    fn between(lifetimes: Lifetimes, from: f64, to: f64) -> Self {
        /// From this logarithm of t^c on α and β no longer matter beside it, and its square would soon overflow.
        const FAR: f64 = 200.0;
        let Lifetimes { alpha, beta, c } = lifetimes;
        if c * to.ln() > FAR {
            let (far, near) = (Self::far(lifetimes, to), Self::between(lifetimes, 0.0, from));
            return Self {
                value: lifetimes.log_drop(from, to),
                slope: std::array::from_fn(|i| far.slope[i] - near.slope[i]),
                bend: std::array::from_fn(|i| std::array::from_fn(|j| far.bend[i][j] - near.bend[i][j])),
            };
        }
        let value = lifetimes.log_drop(from, to);
        let (u, v) = (from.powf(c), to.powf(c));
        let rise = v - u;
        // The derivatives of t^c in c.
        let logarithm = |t: f64| if t > 0.0 { t.ln() } else { 0.0 };
        let end = |t: f64, power: f64| {
            let (first, second) = (power * logarithm(t), power * logarithm(t) * logarithm(t));
            let (together, alone) = (digamma_rise(beta + power, alpha), trigamma_rise(beta + power, alpha));
            let all = trigamma(alpha + beta + power);
            [together * first, all * first, alone * first, alone * first * first + together * second]
        };
        let (last, before) = (end(to, v), end(from, u));
        let by_c: [f64; 4] = std::array::from_fn(|i| last[i] - before[i]);
        let total = digamma_rise(alpha + beta + u, rise);
        let total_bend = trigamma_rise(alpha + beta + u, rise);
        Self {
            value,
            slope: [total, total - digamma_rise(beta + u, rise), by_c[0]],
            bend: [
                [total_bend, total_bend, by_c[1]],
                [total_bend, total_bend - trigamma_rise(beta + u, rise), by_c[2]],
                [by_c[1], by_c[2], by_c[3]],
            ],
        }
    }

    /// H(0, t) → αc ln t − lnΓ(α+β) + lnΓ(β), where t^c is large.
    fn far(Lifetimes { alpha, beta, c }: Lifetimes, t: f64) -> Self {
        let (log_t, both) = (t.ln(), trigamma(alpha + beta));
        Self {
            value: alpha * c * log_t - ln_gamma_ratio(beta, alpha),
            slope: [c * log_t - digamma(alpha + beta), -digamma_rise(beta, alpha), alpha * log_t],
            bend: [[-both, -both, log_t], [-both, -trigamma_rise(beta, alpha), 0.0], [log_t, 0.0, 0.0]],
        }
    }

    /// Adds g(H), given its value and first and second derivative.
    fn add<S: Sink>(&self, sums: &mut S, parameters: usize, weight: f64, [value, first, second]: [f64; 3]) {
        sums.value(weight * value);
        for i in 0..parameters {
            sums.gradient(i, weight * first * self.slope[i]);
            for j in i..parameters {
                let bend = first * self.bend[i][j] + second * self.slope[i] * self.slope[j];
                sums.hessian(i, j, weight * bend);
            }
        }
    }
}

fn add_row<S: Sink>(sums: &mut S, lifetimes: Lifetimes, parameters: usize, row: Row) {
    let stays = |sums: &mut S, until: f64, weight: f64| {
        if weight > 0.0 && until > 0.0 {
            let drop = Drop::between(lifetimes, 0.0, until);
            drop.add(sums, parameters, weight, [-drop.value, -1.0, 0.0]);
        }
    };
    stays(sums, row.duration, row.censored);
    if row.churned > 0.0 {
        stays(sums, row.duration - 1.0, row.churned);
        let drop = Drop::between(lifetimes, row.duration - 1.0, row.duration);
        // ln(1 − e^(−h)) and its derivatives 1/(e^h − 1) and −e^h/(e^h − 1)².
        let odds = 1.0 / drop.value.exp_m1();
        let leaves = (-(-drop.value).exp_m1()).ln();
        drop.add(sums, parameters, row.churned, [leaves, odds, -odds * (1.0 + odds)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn derivatives([alpha, beta, c]: [f64; 3], rows: &[Row]) -> Derivatives {
        let mut sums = Sums::<true>::default();
        rows.iter().for_each(|&row| add_row(&mut sums, Lifetimes { alpha, beta, c }, 3, row));
        sums.derivatives(3)
    }

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_value(
            alpha in 0.1_f64..5.0, beta in 0.3_f64..9.0, c in prop_oneof![0.3_f64..2.5, 55.0_f64..80.0],
            rows in prop::collection::vec((1_u32..30, 0.0_f64..9.0, 0.0_f64..9.0), 2..9),
        ) {
            let rows: Vec<Row> = rows
                .iter()
                .map(|&(t, churned, censored)| Row { duration: f64::from(t), churned, censored })
                .collect();
            let here = [alpha, beta, c];
            let exact = derivatives(here, &rows);
            for i in 0..3 {
                let step = 1e-5 * here[i];
                let moved = |by: f64| { let mut there = here; there[i] += by; derivatives(there, &rows) };
                let (up, down) = (moved(step), moved(-step));
                let scale = (exact.value.abs() + 1.0) / here[i];
                let slope = (up.value - down.value) / (2.0 * step);
                prop_assert!((slope - exact.gradient[i]).abs() < 1e-7 * scale, "{} {} {}", i, slope, exact.gradient[i]);
                for (j, other) in here.iter().enumerate() {
                    let bend = (up.gradient[j] - down.gradient[j]) / (2.0 * step);
                    let error = (bend - exact.hessian[i][j]).abs();
                    prop_assert!(error < 1e-6 * scale / other, "{} {} {} {}", i, j, bend, exact.hessian[i][j]);
                }
            }
        }
    }
}
