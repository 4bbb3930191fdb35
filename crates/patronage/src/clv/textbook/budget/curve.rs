//! Spend in, share won or kept out.

use serde::Serialize;

use super::super::{amount, figure};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// The response curve of Blattberg and Deighton (1996): rate = ceiling × (1 − e^(−k × spend)).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ResponseCurve {
    ceiling: f64,
    k: f64,
    known: Option<(f64, f64)>,
}

impl ResponseCurve {
    /// A curve by its ceiling, the rate that unlimited money would reach, and its steepness k per unit of money.
    pub fn new(ceiling: f64, k: f64) -> Result<Self> {
        if !(ceiling > 0.0 && ceiling <= 1.0) {
            return Err(Error::parameter("ceiling", ceiling, "a share above 0, at most 1"));
        }
        // Below, the spend at which the curve bends would be beyond what a float holds.
        if !(k.is_finite() && k >= 1e-300) {
            return Err(Error::parameter("k", k, "a finite number above 0 (at least 1e-300)"));
        }
        Ok(Self { ceiling, k, known: None })
    }

    /// The curve with a ceiling through one known point: k = ln(ceiling / (ceiling − rate)) / spend.
    ///
    /// ```
    /// use patronage::clv::ResponseCurve;
    /// // 5 a prospect wins 10 %; unlimited money would win 40 %.
    /// let curve = ResponseCurve::through(0.4, 5.0, 0.1)?;
    /// assert!((curve.rate(5.0) - 0.1).abs() < 1e-15);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn through(ceiling: f64, spend: f64, rate: f64) -> Result<Self> {
        Self::new(ceiling, 1.0)?;
        if !(spend.is_finite() && spend > 0.0) {
            return Err(Error::parameter("known_spend", spend, "a finite amount above 0"));
        }
        if !(rate > 0.0 && rate < ceiling) {
            return Err(Error::parameter(
                "known_rate",
                rate,
                &format!("a share above 0, below the ceiling of {ceiling}"),
            ));
        }
        Ok(Self { known: Some((spend, rate)), ..Self::new(ceiling, -(-rate / ceiling).ln_1p() / spend)? })
    }

    /// The rate that unlimited money would reach.
    pub fn ceiling(&self) -> f64 {
        self.ceiling
    }

    /// How fast the rate comes to it, per unit of money.
    pub fn k(&self) -> f64 {
        self.k
    }

    /// The rate that a spend reaches.
    pub fn rate(&self, spend: f64) -> f64 {
        -self.ceiling * (-self.k * spend).exp_m1()
    }

    /// How k was found, if from a known point.
    pub(super) fn calibration(&self, working: Working, lang: Lang) -> Working {
        let Some((spend, rate)) = self.known else { return working };
        let k = |ceiling: Expr, rate: Expr, spend: Expr| {
            let short = Expr::minus(ceiling.clone(), rate);
            Expr::fraction(Expr::call("ln", [Expr::fraction(ceiling, short)]), spend)
        };
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        working.equation([
            Expr::name("k"),
            k(Expr::name("C"), name("known rate", "已知比率"), name("known spend", "已知支出")),
            k(figure(self.ceiling), figure(rate), amount(spend)),
            figure(self.k),
        ])
    }

    /// The rate at a spend, in symbols and numbers.
    pub(super) fn working(&self, working: Working, (rate, spent): (&str, &str), spend: f64) -> Working {
        let at = |ceiling: Expr, k: Expr, spend: Expr| {
            let missed =
                Expr::fraction(Expr::number("1"), Expr::power(Expr::name("e"), Expr::times([k, spend])));
            Expr::times([ceiling, Expr::minus(Expr::number("1"), missed)])
        };
        working.equation([
            Expr::name(rate),
            at(Expr::name("C"), Expr::name("k"), Expr::name(spent)),
            at(figure(self.ceiling), figure(self.k), amount(spend)),
            figure(self.rate(spend)),
        ])
    }
}
