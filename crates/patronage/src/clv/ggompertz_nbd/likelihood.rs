//! Log-likelihood of the GGompertz/NBD model, its derivatives, and P(alive), which is part of it.
//!
//! For a customer with x repeat purchases, the last at tₓ, watched until T (Bemmaor and Glady, 2012):
//!
//! ```text
//! LL = lnΓ(r+x) − lnΓ(r) + r ln α − (r+x) ln(α+T) + ln S(T) + ln(1 + e^κ)
//! e^κ = ∫ from tₓ to T of ((α+T)/(α+u))^(r+x) S(u)/S(T) hazard(u) du,   P(alive) = 1 / (1 + e^κ)
//! ```

use super::super::fit::Sink;
use super::super::history::Customer;
use super::super::lifetime::Lifetime;
use super::super::nbd;
use super::super::numeric::{REACH, Rule, panels, softplus};
use super::GGompertzNbd;
use super::lifetime::Gompertz;

const PARAMETERS: usize = 5;
const R: usize = 0;
const ALPHA: usize = 1;
const B: usize = 2;
const S: usize = 3;
const BETA: usize = 4;

pub(super) fn of_customer(model: &GGompertzNbd, customer: Customer) -> f64 {
    let Customer { frequency: x, age, .. } = customer;
    nbd::likelihood::value(model.r, model.alpha, x, age) + model.lifetime(0.0).log_survival(age)
        - log_alive(model, customer)
}

/// ln P(alive).
pub(super) fn log_alive(model: &GGompertzNbd, customer: Customer) -> f64 {
    -softplus(Silence::of(model, customer).mean::<0>().log_odds_gone)
}

/// The derivatives of w = ln(β − 1 + e^(bu)) in b and β, with u, e^(−bu), G(u).
struct Level {
    b: f64,
    beta: f64,
    b_b: f64,
    b_beta: f64,
    beta_beta: f64,
}

impl Level {
    fn at(u: f64, life: &Gompertz) -> Self {
        let (shrunk, level) = life.level(u);
        let per = 1.0 / level;
        let beta = shrunk * per;
        Self {
            b: u * per,
            beta,
            b_b: u * u * (life.beta - 1.0) * beta * per,
            b_beta: -u * beta * per,
            beta_beta: -beta * beta,
        }
    }
}

/// The terms in time.
pub(super) fn add_row<K: Sink>(sink: &mut K, model: &GGompertzNbd, customer: Customer, weight: f64) {
    let &GGompertzNbd { r, alpha, s, beta, .. } = model;
    let Customer { frequency: x, age, .. } = customer;
    nbd::likelihood::add_exposure(sink, [r, alpha], x, age, weight);
    // ln S(T) = s (ln β − w(T)).
    let life = model.lifetime(0.0);
    let (length, at) = (life.log_rise(age), Level::at(age, &life));
    // 1/β − ∂w/∂β.
    let (_, level) = life.level(age);
    let short = -(-life.b * age).exp_m1() / (beta * level);
    sink.value(weight * -s * length);
    sink.gradient(B, weight * -s * at.b);
    sink.gradient(S, weight * -length);
    sink.gradient(BETA, weight * s * short);
    if K::CURVED {
        sink.hessian(B, B, weight * -s * at.b_b);
        sink.hessian(B, S, weight * -at.b);
        sink.hessian(B, BETA, weight * -s * at.b_beta);
        sink.hessian(S, BETA, weight * short);
        sink.hessian(BETA, BETA, weight * -s * short * (1.0 / beta + at.beta));
    }
    if customer.recency < age {
        let silence = Silence::of(model, customer);
        if K::CURVED {
            add_silence(sink, &silence.mean::<2>(), weight);
        } else {
            add_silence(sink, &silence.mean::<1>(), weight);
        }
    }
}

/// ln(1 + e^κ). With q = e^κ/(1+e^κ) its gradient is q ∇κ and its Hessian q(1−q) ∇κ ∇κᵀ + q ∇²κ. The derivatives of κ are
/// means over the density h of dropping out at u: ∇κ = E[∇ ln h] and ∇²κ = E[∇² ln h] + Cov[∇ ln h].
fn add_silence<K: Sink>(sink: &mut K, mean: &Mean, weight: f64) {
    let kappa = mean.log_odds_gone;
    sink.value(weight * softplus(kappa));
    let q = 1.0 / (1.0 + (-kappa).exp());
    if q == 0.0 {
        return;
    }
    for (i, slope) in mean.slope.iter().enumerate() {
        sink.gradient(i, weight * q * slope);
    }
    if K::CURVED {
        for i in 0..PARAMETERS {
            for j in i..PARAMETERS {
                let product = mean.slope[i] * mean.slope[j];
                let bend = mean.curve[i][j] - q * product;
                sink.hessian(i, j, weight * q * bend);
            }
        }
    }
}

/// A silence, from the last purchase to the end of observation.
struct Silence {
    /// r+x and α+tₓ.
    purchases: f64,
    start: f64,
    recency: f64,
    gap: f64,
    /// From the last purchase on.
    life: Gompertz,
}

/// κ, E[∇ ln h] and E[∇² ln h + ∇ ln h ∇ ln hᵀ] over the density h.
#[derive(Default)]
struct Mean {
    log_odds_gone: f64,
    slope: [f64; PARAMETERS],
    curve: [[f64; PARAMETERS]; PARAMETERS],
}

impl Silence {
    fn of(model: &GGompertzNbd, customer: Customer) -> Self {
        let Customer { frequency: x, recency, age } = customer;
        let life = model.lifetime(recency);
        Self { purchases: model.r + x, start: model.alpha + recency, recency, gap: age - recency, life }
    }

    /// Up to derivatives of an order.
    fn mean<const ORDER: usize>(&self) -> Mean {
        const POINTS: usize = 20;
        let rule = const { &Rule::<POINTS>::NEW };
        let life = &self.life;
        let longest = |d: f64| (0.6 * life.longest(d)).min(0.6 * REACH * (self.start + d));
        let first = life.log_density(0.0);
        // The density at tₓ + d relative to that at tₓ.
        let log_h = |d: f64| life.log_density(d) - first - self.purchases * (d / self.start).ln_1p();
        let (mut total, mut mean) = (0.0, Mean::default());
        let end = self.end();
        panels(self.gap, longest, log_h, |at, length| {
            for (t, w) in rule.nodes.iter().zip(rule.weights) {
                let d = at + length * t;
                let h = length * w * log_h(d).exp();
                total += h;
                if ORDER > 0 {
                    self.add_derivatives::<ORDER>(d, h, &end, &mut mean);
                }
            }
            total
        });
        let fall = self.purchases * end.length + life.s * end.rise;
        mean.log_odds_gone = fall + first + total.ln();
        mean.slope.iter_mut().for_each(|sum| *sum /= total);
        mean.curve.iter_mut().flatten().for_each(|sum| *sum /= total);
        mean
    }

    fn end(&self) -> End {
        let level = Level::at(self.recency + self.gap, &self.life);
        End {
            length: (self.gap / self.start).ln_1p(),
            per: 1.0 / (self.start + self.gap),
            rise: self.life.log_rise(self.gap),
            level,
        }
    }

    /// Adds the derivatives of ln h = (r+x) ln((α+T)/(α+u)) + s (w(T) − w(u)) + ln s + ln b + b u − w(u), times h.
    fn add_derivatives<const ORDER: usize>(&self, d: f64, h: f64, end: &End, mean: &mut Mean) {
        let &Gompertz { b, s, .. } = &self.life;
        let u = self.recency + d;
        let (at, per) = (Level::at(u, &self.life), 1.0 / (self.start + d));
        let later = end.per - per;
        let slope = [
            end.length - (d / self.start).ln_1p(),
            self.purchases * later,
            s * (end.level.b - at.b) + (1.0 / b + u - at.b),
            1.0 / s + (end.rise - self.life.log_rise(d)),
            s * (end.level.beta - at.beta) - at.beta,
        ];
        for i in 0..PARAMETERS {
            mean.slope[i] += h * slope[i];
            if ORDER == 2 {
                for j in i..PARAMETERS {
                    mean.curve[i][j] += h * slope[i] * slope[j];
                }
            }
        }
        if ORDER < 2 {
            return;
        }
        let both = |end: f64, at: f64| s * (end - at) - at;
        mean.curve[R][ALPHA] += h * later;
        mean.curve[ALPHA][ALPHA] -= h * self.purchases * later * (end.per + per);
        mean.curve[B][B] += h * (both(end.level.b_b, at.b_b) - 1.0 / (b * b));
        mean.curve[B][S] += h * (end.level.b - at.b);
        mean.curve[B][BETA] += h * both(end.level.b_beta, at.b_beta);
        mean.curve[S][S] -= h / (s * s);
        mean.curve[S][BETA] += h * (end.level.beta - at.beta);
        mean.curve[BETA][BETA] += h * both(end.level.beta_beta, at.beta_beta);
    }
}

/// What the derivatives need to know of the end of observation.
struct End {
    /// ln((α+T)/(α+tₓ)) and 1/(α+T).
    length: f64,
    per: f64,
    /// w(T) − w(tₓ).
    rise: f64,
    level: Level,
}

pub(super) fn limit(drift: &[f64]) -> &'static str {
    let (r, b, s, beta) = (drift[R], drift[B], drift[S], drift[BETA]);
    // The hazard begins at s b/β, and grows by e^(bu) until it is s b.
    if b < -0.5 && beta < -0.5 {
        "the hazard does not grow: the Pareto/NBD model"
    } else if beta - s - b > 0.5 || (s < -0.25 && b < 0.25) {
        "nobody drops out, unless late: the NBD model"
    } else if s > 0.5 && beta > 0.5 {
        "everybody drops out at the same growing rate: Gompertz lifetimes"
    } else if b < -0.5 && s > 0.5 {
        "everybody drops out at the same constant rate: exponential lifetimes"
    } else if s + b - beta > 0.5 {
        "some drop out after the first purchase, the others at the same constant rate"
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
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn derivatives_are_those_of_the_value(
            r in 0.1_f64..3.0, alpha in 0.5_f64..30.0, b in 0.005_f64..0.5, s in 0.1_f64..5.0, beta in 0.05_f64..40.0,
            rows in prop::collection::vec((0_u32..40, 0.05_f64..=1.0, 0.5_f64..60.0), 5..30),
        ) {
            let customers: Vec<Customer> = rows
                .iter()
                .map(|&(x, share, age)| {
                    Customer::new(f64::from(x), if x > 0 { share * age } else { 0.0 }, age).unwrap()
                })
                .collect();
            check_derivatives(&GGompertzNbd { r, alpha, b, s, beta }, &customers);
        }
    }
}
