//! One customer's log-likelihood with its derivatives, and P(alive), which is part of it.
//!
//! With P = 1 + A/α and Q = 1 + D/β, so that ln α and ln β are coefficients of a covariate that is always −1,
//!
//! ```text
//! LL = lnΓ(r+x) − lnΓ(r) + Σ η(tⱼ) − (r+x) ln P(T) − s ln Q(T) + ln(1 + e^κ),
//! e^κ = ∫ (P(T)/P(u))^(r+x) (Q(T)/Q(u))ˢ s Q'(u)/Q(u) du,   tₓ ≤ u ≤ T.
//! ```
//!
//! Derivatives of κ are means over the density h of dropping out at u: ∇κ = E[∇ ln h], ∇²κ = E[∇² ln h] + Cov[∇ ln h].
//! Coordinates are ln r, ln α, γ …, ln s, ln β, δ …

use super::super::fit::Derivatives;
use super::super::numeric::{digamma_rise, softplus, trigamma_rise};
use super::super::pareto_nbd::{Moments, Silence};
use super::rates::Rates;
use super::side::Side;
use super::tracks::{Track, Tracks};
use crate::math::special::ln_gamma_ratio;

/// A share of the integral below which pieces of the silence add nothing to a double, nor to its derivatives.
const NEGLIGIBLE: f64 = 1e-22;

/// A place in the upper triangle of a matrix of `width` columns that is held row by row.
fn place(width: usize, i: usize, j: usize) -> usize {
    i * width - i * (i + 1) / 2 + j
}

/// What the walk along a path adds up, kept from customer to customer for its memory.
pub(super) struct Walk<'a> {
    rates: &'a Rates,
    tracks: &'a Tracks,
    /// Purchases and dropout.
    pub sides: [Side; 2],
    silence: Sums,
    /// ln (P(T)/P(tₓ)), ln (Q(T)/Q(tₓ)).
    fall: [f64; 2],
}

/// Sums over the silence of the density e^−((r+x) Λ + s Λ') dQ/Q, Λ = ln (P/P(tₓ)), Λ' = ln (Q/Q(tₓ)), times others.
#[derive(Debug, Clone, Default)]
struct Sums {
    total: f64,
    /// Of Λ and Λ'.
    fall: [f64; 2],
    /// Of the mean and the spread of both sides.
    mean: [Vec<f64>; 2],
    spread: [Vec<f64>; 2],
    /// Of −∇ ln h but for what does not depend on u, and of its products, the upper triangle.
    slope: Vec<f64>,
    product: Vec<f64>,
}

impl Sums {
    fn new(width: [usize; 2]) -> Self {
        let all = width[0] + width[1] + 2;
        Self {
            mean: width.map(|n| vec![0.0; n]),
            spread: width.map(|n| vec![0.0; n * (n + 1) / 2]),
            slope: vec![0.0; all],
            product: vec![0.0; all * (all + 1) / 2],
            ..Self::default()
        }
    }

    fn restart(&mut self) {
        (self.total, self.fall) = (0.0, [0.0; 2]);
        let parts = self.mean.iter_mut().chain(&mut self.spread).chain([&mut self.slope, &mut self.product]);
        parts.for_each(|part| part.fill(0.0));
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(rates: &'a Rates, tracks: &'a Tracks) -> Self {
        let sides = tracks.width.map(Side::new);
        Self { rates, tracks, sides, silence: Sums::new(tracks.width), fall: [0.0; 2] }
    }

    /// κ, after which the sides are at T; `ORDER` is that of the derivatives wanted. NaN where rates overflow.
    pub(super) fn log_odds_gone<const ORDER: usize>(&mut self, track: &Track) -> f64 {
        let (rates, tracks) = (self.rates, self.tracks);
        self.sides.iter_mut().for_each(Side::restart);
        self.silence.restart();
        let power = [rates.shape[0] + track.frequency, rates.shape[1]];
        let mut possible = true;
        let mut growth = |piece: usize| {
            let each = [rates.rate(0, tracks.x(piece)), rates.rate(1, tracks.z(piece))];
            possible &= each.iter().all(|rate| rate.is_normal());
            each
        };
        for piece in track.first..track.silent {
            let rate = growth(piece);
            self.face(piece);
            for (side, rate) in self.sides.iter_mut().zip(rate) {
                side.pass::<ORDER>(rate * tracks.gap[piece]);
            }
        }
        let begun = [self.sides[0].total(), self.sides[1].total()];
        let mut grown = [0.0; 2];
        for piece in track.silent..track.ahead {
            let (rate, gap) = (growth(piece), tracks.gap[piece]);
            self.face(piece);
            let start = [self.sides[0].total() / rate[0], self.sides[1].total() / rate[1]];
            let length = start.map(|start| (gap / start).ln_1p());
            let fall = [(grown[0] / begun[0]).ln_1p(), (grown[1] / begun[1]).ln_1p()];
            let weight = (-(power[0] * fall[0] + power[1] * fall[1])).exp();
            if weight * length[1] > NEGLIGIBLE * self.silence.total {
                let moments = Silence { gap, start, power, length }.moments::<ORDER>();
                self.add::<ORDER>(weight, &moments, fall, power, tracks.z(piece));
            }
            for (i, side) in self.sides.iter_mut().enumerate() {
                side.pass::<ORDER>(rate[i] * gap);
                grown[i] += rate[i] * gap;
            }
        }
        if !possible || !self.sides.iter().all(|side| side.grown.is_finite()) {
            return f64::NAN;
        }
        self.fall = [(grown[0] / begun[0]).ln_1p(), (grown[1] / begun[1]).ln_1p()];
        power[0] * self.fall[0] + power[1] * self.fall[1] + (power[1] * self.silence.total).ln()
    }

    fn face(&mut self, piece: usize) {
        self.sides[0].face(self.tracks.x(piece));
        self.sides[1].face(self.tracks.z(piece));
    }

    /// Adds a piece of the silence, `weight` being the density's at its start. Within it −∇ ln h is a constant and a
    /// slope times one variable of the moments, for each coordinate.
    fn add<const ORDER: usize>(
        &mut self,
        weight: f64,
        moments: &Moments,
        fall: [f64; 2],
        power: [f64; 2],
        z: &[f64],
    ) {
        let sums = &mut self.silence;
        let total = weight * moments.total;
        sums.total += total;
        if ORDER == 0 {
            return;
        }
        let first = moments.first.map(|sum| weight * sum);
        let mut lines: Vec<(f64, f64, usize)> = Vec::with_capacity(sums.slope.len());
        for (i, side) in self.sides.iter().enumerate() {
            let (ahead, gone) = (2 * i, 2 * i + 1);
            sums.fall[i] += fall[i] * total + first[ahead];
            let shape = self.rates.shape[i];
            lines.push((shape * fall[i], shape, ahead));
            // The density of dropping out has Q'/Q beside.
            let times = if i == 0 { power[0] } else { power[1] + 1.0 };
            for (k, (mean, away)) in side.mean.iter().zip(&side.away).enumerate() {
                sums.mean[i][k] += mean * total + away * first[gone];
                let own = if i == 0 { 0.0 } else { z[k] };
                lines.push((times * mean - own, times * away, gone));
            }
            if ORDER > 1 {
                let square = weight * moments.second[gone][gone];
                let (kept, new) = (total - first[gone], first[gone] - square);
                let mut at = 0;
                for (a, one) in side.away.iter().enumerate() {
                    for other in &side.away[a..] {
                        sums.spread[i][at] += side.spread[at] * kept + one * other * new;
                        at += 1;
                    }
                }
            }
        }
        let mut at = 0;
        for (i, &(constant, slope, variable)) in lines.iter().enumerate() {
            let line = constant * total + slope * first[variable];
            sums.slope[i] += line;
            if ORDER > 1 {
                for &(other, tilt, along) in &lines[i..] {
                    let second = moments.second[variable.min(along)][variable.max(along)];
                    sums.product[at] +=
                        line * other + tilt * (constant * first[along] + slope * (weight * second));
                    at += 1;
                }
            }
        }
    }

    /// The log-likelihood of a customer, and the logarithm of P(alive).
    pub(super) fn value(&mut self, track: &Track) -> [f64; 2] {
        let kappa = self.log_odds_gone::<0>(track);
        let gone = softplus(kappa);
        [self.staying(track) + gone, -gone]
    }

    /// The log-likelihood if she never dropped out.
    fn staying(&self, track: &Track) -> f64 {
        let Rates { shape: [r, s], coefficients } = self.rates;
        let x = track.frequency;
        let bought: f64 = track.bought.iter().zip(&coefficients[0]).map(|(sum, c)| sum * c).sum();
        let [p, q] = [self.sides[0].grown.ln_1p(), self.sides[1].grown.ln_1p()];
        ln_gamma_ratio(*r, x) + bought - (r + x) * p - s * q
    }

    /// The log-likelihood of a customer with its derivatives, or `None` where it cannot be worked out.
    pub(super) fn derivatives<const ORDER: usize>(&mut self, track: &Track) -> Option<Derivatives> {
        let kappa = self.log_odds_gone::<ORDER>(track);
        let [r, s] = self.rates.shape;
        let x = track.frequency;
        let power = [r + x, s];
        let all = self.silence.slope.len();
        let mut value = self.staying(track);
        let mut gradient = Vec::with_capacity(all);
        let mut hessian = if ORDER > 1 { vec![vec![0.0; all]; all] } else { Vec::new() };
        for (i, side) in self.sides.iter().enumerate() {
            let shape = self.rates.shape[i];
            let at = gradient.len();
            gradient.push(-shape * side.grown.ln_1p());
            gradient.extend(side.mean.iter().map(|mean| -power[i] * mean));
            if ORDER > 1 {
                hessian[at][at] = gradient[at];
                fill(&mut hessian, at, side.mean.iter().map(|mean| -shape * mean), |a, b| {
                    -power[i] * side.spread[place(side.mean.len(), a, b)]
                });
            }
        }
        let rise = r * digamma_rise(r, x);
        gradient[0] += rise;
        gradient[1..].iter_mut().zip(&track.bought).for_each(|(slope, sum)| *slope += sum);
        if ORDER > 1 {
            hessian[0][0] += rise + r * r * trigamma_rise(r, x);
        }
        if self.silence.total > 0.0 {
            value += softplus(kappa);
            self.add_silence::<ORDER>(kappa, power, &mut gradient, &mut hessian);
        }
        for i in 1..hessian.len() {
            let (above, below) = hessian.split_at_mut(i);
            below[0].iter_mut().zip(above).for_each(|(entry, row)| *entry = row[i]);
        }
        let there = Derivatives { value, gradient, hessian };
        (!kappa.is_nan() && there.is_finite()).then_some(there)
    }

    /// ln(1 + e^κ): with q = e^κ/(1+e^κ) its gradient is q ∇κ and its Hessian q(1−q) ∇κ ∇κᵀ + q ∇²κ.
    fn add_silence<const ORDER: usize>(
        &self,
        kappa: f64,
        power: [f64; 2],
        gradient: &mut [f64],
        hessian: &mut [Vec<f64>],
    ) {
        let q = 1.0 / (1.0 + (-kappa).exp());
        if q == 0.0 {
            return;
        }
        let sums = &self.silence;
        let per = 1.0 / sums.total;
        let mean: Vec<f64> = sums.slope.iter().map(|sum| sum * per).collect();
        let mut slope: Vec<f64> = mean.iter().map(|mean| -mean).collect();
        let mut at = 0;
        for (i, side) in self.sides.iter().enumerate() {
            slope[at] += self.rates.shape[i] * self.fall[i];
            slope[at + 1..].iter_mut().zip(&side.mean).for_each(|(slope, end)| *slope += power[i] * end);
            at += 1 + side.mean.len();
            if i == 0 {
                // ln s.
                slope[at] += 1.0;
            }
        }
        gradient.iter_mut().zip(&slope).for_each(|(sum, slope)| *sum += q * slope);
        if ORDER < 2 {
            return;
        }
        let spread = q / (1.0 + kappa.exp());
        let mut product = sums.product.iter();
        for i in 0..slope.len() {
            for (j, product) in (i..slope.len()).zip(&mut product) {
                let covariance = product * per - mean[i] * mean[j];
                hessian[i][j] += spread * slope[i] * slope[j] + q * covariance;
            }
        }
        // E[∇² ln h].
        let mut at = 0;
        for (i, side) in self.sides.iter().enumerate() {
            let shape = self.rates.shape[i];
            hessian[at][at] += q * shape * (self.fall[i] - sums.fall[i] * per);
            let means = side.mean.iter().zip(&sums.mean[i]);
            let times = if i == 0 { power[0] } else { power[1] + 1.0 };
            fill(hessian, at, means.map(|(end, sum)| q * shape * (end - sum * per)), |a, b| {
                let entry = place(side.mean.len(), a, b);
                q * (power[i] * side.spread[entry] - times * sums.spread[i][entry] * per)
            });
            at += 1 + side.mean.len();
        }
    }
}

/// Adds to the upper triangle of a process's coefficients, and to the row of its shape before them.
fn fill(
    hessian: &mut [Vec<f64>],
    shape: usize,
    row: impl Iterator<Item = f64>,
    entry: impl Fn(usize, usize) -> f64,
) {
    let first = shape + 1;
    let mut width = 0;
    for (k, term) in row.enumerate() {
        hessian[shape][first + k] += term;
        width = k + 1;
    }
    for a in 0..width {
        for b in a..width {
            hessian[first + a][first + b] += entry(a, b);
        }
    }
}
