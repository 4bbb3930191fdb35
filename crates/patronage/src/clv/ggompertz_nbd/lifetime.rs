//! Lifetimes of the GGompertz/NBD model: a hazard that grows as Gompertz has it, at a level of the customer's own.

use super::super::lifetime::Lifetime;
use super::super::numeric::REACH;

/// Beyond this many factors of e, e^x − 1 is kept as a logarithm.
const LARGE: f64 = 600.0;

/// The time for which a customer of age T who is alive remains one. Over all customers
///
/// ```text
/// S(u) = (β / (β − 1 + e^(bu)))^s,   hazard s b / G(u),   G(u) = (β − 1 + e^(bu)) e^(−bu) = β e^(−bu) + (1 − e^(−bu)),
/// ```
///
/// and for her S(T+t)/S(T). G is between 1 and β: nothing overflows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gompertz {
    pub b: f64,
    pub s: f64,
    pub beta: f64,
    pub age: f64,
}

impl Gompertz {
    /// e^(−bu) and G(u) at age u.
    pub(super) fn level(&self, u: f64) -> (f64, f64) {
        let shrunk = (-self.b * u).exp();
        (shrunk, self.beta * shrunk - (-self.b * u).exp_m1())
    }

    /// ln((β − 1 + e^(b(T+t))) / (β − 1 + e^(bT))).
    pub(super) fn log_rise(&self, t: f64) -> f64 {
        let (_, level) = self.level(self.age);
        let grown = self.b * t;
        if grown < LARGE {
            (grown.exp_m1() / level).ln_1p()
        } else {
            grown + (self.level(self.age + t).1 / level).ln()
        }
    }
}

impl Lifetime for Gompertz {
    fn log_survival(&self, t: f64) -> f64 {
        -self.s * self.log_rise(t)
    }

    fn log_density(&self, t: f64) -> f64 {
        (self.s * self.b / self.level(self.age + t).1).ln() + self.log_survival(t)
    }

    fn log_slope(&self, t: f64) -> f64 {
        let (shrunk, level) = self.level(self.age + t);
        self.b * ((self.beta - 1.0) * shrunk - self.s) / level
    }

    /// Singular is where β − 1 + e^(bu) = 0: for β < 1 before the first purchase; for β > 1 where the hazard ends to grow,
    /// π/b beside the real axis.
    fn longest(&self, t: f64) -> f64 {
        let &Self { b, beta, .. } = self;
        let age = self.age + t;
        if beta < 1.0 {
            return REACH * (age - (-beta).ln_1p() / b);
        }
        let way = age - (beta - 1.0).ln() / b;
        let before_or_after = if way < 0.0 { -0.8 * way } else { REACH * way };
        before_or_after.max(6.5 / b)
    }
}
