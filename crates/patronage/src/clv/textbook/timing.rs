//! When the payments of a relationship fall: the decision on which textbooks differ.

use serde::{Deserialize, Serialize};

use super::{at_least_zero, figure, finite, one_plus, share};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang};

/// When in its period each payment is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FirstPayment {
    /// At the start: the first at once, not discounted.
    Start,
    /// In the middle: the first after half a period.
    Middle,
    /// At the end: the first after a whole period.
    End,
}

/// When payments fall and who makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// When the first payment is made; the others follow a period apart.
    pub first_payment: FirstPayment,
    /// Whether even the first payment is made only by customers who were retained once; else it is certain.
    pub survive_before_paying: bool,
}

impl Timing {
    /// First payment at once and certain: m (1+d)/(1+d−r).
    pub const IMMEDIATE: Self = Self { first_payment: FirstPayment::Start, survive_before_paying: false };
    /// First payment after a period, by those retained: m r/(1+d−r).
    pub const END_IF_RETAINED: Self = Self { first_payment: FirstPayment::End, survive_before_paying: true };
    /// First payment after a period, certain: m/(1+d−r).
    pub const END_CERTAIN: Self = Self { first_payment: FirstPayment::End, survive_before_paying: false };

    /// The timing in words.
    pub fn describe(self, lang: Lang) -> String {
        let when = match self.first_payment {
            FirstPayment::Start => {
                lang.pick("at the start of each period, the first at once", "每期期初付款，首次立即支付")
            }
            FirstPayment::Middle => lang.pick("in the middle of each period", "每期期中付款"),
            FirstPayment::End => lang.pick("at the end of each period", "每期期末付款"),
        };
        let who = if self.survive_before_paying {
            lang.pick("the first only by customers who are retained", "首次付款也须先留存")
        } else {
            lang.pick("the first one certain", "首次付款是确定的")
        };
        match lang {
            Lang::En => format!("Payments fall {when}; {who}."),
            Lang::Zh => format!("{when}；{who}。"),
        }
    }

    /// How many times a customer must have been retained to make payment k = 1, 2, …
    pub(super) fn survivals(self, payment: u32) -> f64 {
        f64::from(payment - 1) + f64::from(u8::from(self.survive_before_paying))
    }

    /// Periods by which payment k is discounted.
    pub(super) fn delay(self, payment: u32) -> f64 {
        f64::from(payment - 1) + self.first_delay()
    }

    /// Periods by which the first payment is discounted.
    pub(super) fn first_delay(self) -> f64 {
        match self.first_payment {
            FirstPayment::Start => 0.0,
            FirstPayment::Middle => 0.5,
            FirstPayment::End => 1.0,
        }
    }
}

/// A stream of equal payments that each customer makes for as long as she is retained.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Stream {
    pub retention: f64,
    pub discount_rate: f64,
    /// Number of payments; `None` for ever.
    pub periods: Option<u32>,
    pub timing: Timing,
}

impl Stream {
    pub(super) fn check(&self) -> Result<()> {
        share("retention", self.retention)?;
        at_least_zero("discount_rate", self.discount_rate)?;
        if self.periods.is_none() && self.gap() <= 0.0 {
            return Err(Error::parameter(
                "retention",
                self.retention,
                "less than 1 without discounting over an infinite horizon, where the value is infinite otherwise; give periods",
            ));
        }
        Ok(())
    }

    /// Present value of a payment of 1: Σ r^survivals (1+d)^(−delay).
    pub(super) fn factor(&self) -> f64 {
        let (r, growth) = (self.retention, 1.0 + self.discount_rate);
        let first = if self.timing.survive_before_paying { r } else { 1.0 };
        // (1+d)^(1−delay)/(1+d−r) rather than v^delay/(1−r/(1+d)): textbook figures come out without rounding.
        let lift = match self.timing.first_payment {
            FirstPayment::Start => growth,
            FirstPayment::Middle => growth.sqrt(),
            FirstPayment::End => 1.0,
        };
        let gap = self.gap();
        match self.periods {
            None => first * lift / gap,
            Some(n) if gap == 0.0 => first * f64::from(n),
            Some(n) => first * lift * -((-gap / growth).ln_1p() * f64::from(n)).exp_m1() / gap,
        }
    }

    /// 1 + d − r, which keeps its digits where d is small and r near 1.
    fn gap(&self) -> f64 {
        self.discount_rate + (1.0 - self.retention)
    }
}

impl Stream {
    /// The present value for ever or for n payments, in symbols: of a margin, or of 1 where none is given.
    pub(super) fn formula_in_symbols(&self, margin: Option<Expr>) -> Expr {
        self.formula(margin, Expr::name("r"), Expr::name("d"), Expr::name("n"))
    }

    /// The same with the numbers in it.
    pub(super) fn formula_in_numbers(&self, margin: Option<Expr>) -> Expr {
        let n = figure(f64::from(self.periods.unwrap_or(0)));
        self.formula(margin, figure(self.retention), figure(self.discount_rate), n)
    }

    fn formula(&self, margin: Option<Expr>, r: Expr, d: Expr, n: Expr) -> Expr {
        let growth = || one_plus(d.clone());
        let product = |mut factors: Vec<Expr>| match factors.len() {
            0 => Expr::number("1"),
            1 => factors.remove(0),
            _ => Expr::times(factors),
        };
        let mut factors: Vec<Expr> = margin.into_iter().collect();
        if self.retention == 1.0 && self.discount_rate == 0.0 {
            // Nothing fades: the quotient would be 0/0, and n payments are worth n.
            factors.push(n);
            return product(factors);
        }
        if self.timing.survive_before_paying {
            factors.push(r.clone());
        }
        match self.timing.first_payment {
            FirstPayment::Start => factors.push(growth()),
            FirstPayment::Middle => factors.push(Expr::power(growth(), Expr::number("1/2"))),
            FirstPayment::End => {}
        }
        if self.periods.is_some() {
            let staying = Expr::fraction(r.clone(), growth());
            factors.push(Expr::minus(Expr::number("1"), Expr::power(staying, n)));
        }
        Expr::fraction(product(factors), Expr::minus(growth(), r))
    }
}

/// An amount, an acquisition cost and a stream that can be worked with.
pub(super) fn check_amounts(margin: f64, acquisition_cost: f64) -> Result<()> {
    finite("margin", margin)?;
    at_least_zero("acquisition_cost", acquisition_cost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A perpetuity of 1 at d is worth 1/d, however small d is.
    #[test]
    fn a_perpetuity_keeps_its_digits() {
        for d in [1e-3, 1e-9, 1e-15, 1e-30] {
            let stream =
                Stream { retention: 1.0, discount_rate: d, periods: None, timing: Timing::END_CERTAIN };
            assert!(stream.check().is_ok());
            assert!((stream.factor() * d - 1.0).abs() < 1e-15);
        }
    }

    proptest! {
        /// The closed form is the sum of its payments, one by one.
        #[test]
        fn factor_is_the_sum_of_payments(
            r in 0.0_f64..=1.0, d in prop_oneof![Just(0.0), 0.0_f64..0.5], n in 1_u32..60,
            first in prop_oneof![Just(FirstPayment::Start), Just(FirstPayment::Middle), Just(FirstPayment::End)],
            survive in any::<bool>(),
        ) {
            let timing = Timing { first_payment: first, survive_before_paying: survive };
            let stream = Stream { retention: r, discount_rate: d, periods: Some(n), timing };
            let sum: f64 = (1..=n).map(|k| r.powf(timing.survivals(k)) * (1.0 + d).powf(-timing.delay(k))).sum();
            prop_assert!((stream.factor() - sum).abs() <= 1e-12 * sum.max(1e-300));
            let long = Stream { periods: Some(4_000_000_000), ..stream };
            let ever = Stream { periods: None, ..stream };
            if r < 0.9 {
                prop_assert!((long.factor() - ever.factor()).abs() <= 1e-12 * ever.factor());
            }
        }
    }
}
