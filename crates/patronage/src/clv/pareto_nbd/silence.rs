//! The odds that a customer dropped out during her silence, and what their derivatives are made of.
//!
//! From the last purchase at tₓ on nothing was seen. That she dropped out at u, relative to being alive at T, has the
//! density (Schmittlein, Morrison and Colombo, 1987)
//!
//! ```text
//! ((α+T)/(α+u))^(r+x) ((β+T)/(β+u))^s  s/(β+u),   tₓ ≤ u ≤ T,
//! ```
//!
//! and its integral over the silence is the odds of being gone. The closed forms are differences of two ₂F₁, which
//! cancel; here one integral of positive terms is taken by a Gauss–Legendre rule in y = ln((g+u)/(g+tₓ)), with g the
//! smaller of α and β. In y the integrand is analytic in a strip as wide as π on both sides, and the rule can be short.

use super::super::history::Customer;
use super::super::numeric::{Rule, exp, exp_m1, ln_1p};
use super::ParetoNbd;

/// Factors of e by which the integrand falls until the rest is nothing to a double.
const NEGLIGIBLE: f64 = 40.0;
const NEARLY: f64 = 40.9;

/// Points that suffice for 1.5 × 10⁻¹⁴ if the integrand falls by so many factors of e at most, and y goes no further
/// than that; found by trying all rules on random integrands.
const RULES: [(usize, f64, f64); 13] = [
    (6, 0.5, 0.5),
    (8, 2.0, 1.0),
    (8, 1.0, 1.25),
    (10, 2.0, 1.6),
    (10, 4.0, 1.25),
    (12, 2.0, 2.25),
    (12, 8.0, 1.6),
    (16, 4.0, 3.5),
    (16, 14.0, 2.5),
    (24, 20.0, 5.0),
    (24, 8.0, 7.0),
    (32, 41.0, 6.0),
    (48, 41.0, LONGEST),
];
/// Longest y for the longest rule; beyond, several are put together.
const LONGEST: f64 = 10.0;

/// Sums over the nodes of the density e^(−D) du/(β+u), D = (r+x) ln((α+u)/(α+tₓ)) + s ln((β+u)/(β+tₓ)), times
/// products of four variables: ln((α+u)/(α+tₓ)), (u−tₓ)/(α+u), ln((β+u)/(β+tₓ)), (u−tₓ)/(β+u).
#[derive(Debug, Default)]
pub(in super::super) struct Moments {
    pub total: f64,
    pub first: [f64; 4],
    /// The upper triangle.
    pub second: [[f64; 4]; 4],
}

/// A silence, from the last purchase to the end of observation.
pub(in super::super) struct Silence {
    pub gap: f64,
    /// α+tₓ and β+tₓ.
    pub start: [f64; 2],
    /// r+x and s.
    pub power: [f64; 2],
    /// ln((α+T)/(α+tₓ)) and ln((β+T)/(β+tₓ)).
    pub length: [f64; 2],
}

impl Silence {
    pub(super) fn of(model: &ParetoNbd, customer: Customer) -> Self {
        let &ParetoNbd { r, alpha, s, beta } = model;
        let Customer { frequency: x, recency, age } = customer;
        let gap = age - recency;
        let start = [alpha + recency, beta + recency];
        Self { gap, start, power: [r + x, s], length: start.map(|start| ln_1p(gap / start)) }
    }

    /// D at T: how much less likely, in factors of e, it is that she stayed and did not buy to the end than that she
    /// dropped out right after the last purchase.
    fn fall(&self) -> f64 {
        self.power[0] * self.length[0] + self.power[1] * self.length[1]
    }

    /// Logarithm of the odds that she is gone; −∞ if there was no silence.
    pub(super) fn log_odds_gone(&self) -> f64 {
        self.log_odds(&self.moments::<0>())
    }

    /// The same from the sums.
    pub(super) fn log_odds(&self, moments: &Moments) -> f64 {
        self.fall() + (self.power[1] * moments.total).ln()
    }

    /// The sums up to products of `ORDER` variables.
    pub(in super::super) fn moments<const ORDER: usize>(&self) -> Moments {
        let near = usize::from(self.start[1] < self.start[0]);
        let mut fall = self.fall();
        let mut length = self.length[near];
        if fall > NEARLY {
            length = self.negligible_from(near, length);
            fall = NEARLY;
        }
        let mut moments = Moments::default();
        let points =
            RULES.iter().find(|&&(_, steep, long)| fall <= steep && length <= long).map_or(0, |r| r.0);
        match points {
            6 => self.add::<6, ORDER>(near, 0.0, length, &mut moments),
            8 => self.add::<8, ORDER>(near, 0.0, length, &mut moments),
            10 => self.add::<10, ORDER>(near, 0.0, length, &mut moments),
            12 => self.add::<12, ORDER>(near, 0.0, length, &mut moments),
            16 => self.add::<16, ORDER>(near, 0.0, length, &mut moments),
            24 => self.add::<24, ORDER>(near, 0.0, length, &mut moments),
            32 => self.add::<32, ORDER>(near, 0.0, length, &mut moments),
            _ => {
                let pieces = (length / LONGEST).ceil().max(1.0);
                let piece = length / pieces;
                for i in 0..pieces as u32 {
                    self.add::<48, ORDER>(near, f64::from(i) * piece, piece, &mut moments);
                }
            }
        }
        moments
    }

    /// The y at which the integrand has fallen to nothing: Newton's method from above, for D is convex in y.
    fn negligible_from(&self, near: usize, end: f64) -> f64 {
        let (steep, slow) = (self.power[near], self.power[1 - near]);
        let ratio = self.start[near] / self.start[1 - near];
        let mut y =
            end.min(NEGLIGIBLE / steep).min(((NEGLIGIBLE / slow).min(700.0).exp_m1() / ratio).ln_1p());
        for _ in 0..60 {
            let rise = ratio * y.exp_m1();
            let fall = steep * y + slow * rise.ln_1p();
            if fall <= NEARLY {
                break;
            }
            y -= (fall - NEGLIGIBLE) / (steep + slow * (ratio + rise) / (1.0 + rise));
        }
        y
    }

    /// Adds a piece of y, by a rule of N points; `near` says whose logarithm y is.
    #[inline]
    fn add<const N: usize, const ORDER: usize>(
        &self,
        near: usize,
        from: f64,
        length: f64,
        moments: &mut Moments,
    ) {
        let rule = const { &Rule::<N>::NEW };
        let [a, b] = self.start;
        let [near_start, far_start] = [self.start[near], self.start[1 - near]];
        let [near_power, far_power] = [self.power[near], self.power[1 - near]];
        let per_far = 1.0 / far_start;
        let (mut y, mut far, mut gone, mut f) = ([0.0; N], [0.0; N], [0.0; N], [0.0; N]);
        for i in 0..N {
            y[i] = from + length * rule.nodes[i];
            gone[i] = near_start * exp_m1(y[i]);
            far[i] = ln_1p(gone[i] * per_far);
            f[i] = length * rule.weights[i] * exp(-(near_power * y[i] + far_power * far[i]));
        }
        if near == 0 {
            // du/(β+u) = dy (α+u)/(β+u).
            for i in 0..N {
                f[i] *= (a + gone[i]) / (b + gone[i]);
            }
        }
        moments.total += f.iter().sum::<f64>();
        if ORDER == 0 {
            return;
        }
        let mut variables =
            if near == 0 { [y, [0.0; N], far, [0.0; N]] } else { [far, [0.0; N], y, [0.0; N]] };
        for i in 0..N {
            variables[1][i] = gone[i] / (a + gone[i]);
            variables[3][i] = gone[i] / (b + gone[i]);
        }
        for (i, one) in variables.iter().enumerate() {
            let weighted: [f64; N] = std::array::from_fn(|k| f[k] * one[k]);
            moments.first[i] += lanes(&weighted, &[1.0; N]);
            if ORDER == 2 {
                for (j, other) in variables.iter().enumerate().skip(i) {
                    moments.second[i][j] += lanes(&weighted, other);
                }
            }
        }
    }
}

/// Σ aᵢ bᵢ, two sums at a time.
#[inline(always)]
#[allow(clippy::inline_always)]
fn lanes<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    let mut sums = [0.0; 2];
    for i in 0..N / 2 {
        sums[0] += a[2 * i] * b[2 * i];
        sums[1] += a[2 * i + 1] * b[2 * i + 1];
    }
    sums[0] + sums[1]
}
