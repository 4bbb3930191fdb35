//! The courier's customer: what one customer brings over a relationship of ten years.

use super::Misprint;
use crate::clv::{SimpleClv, simple_clv};
use crate::error::Result;
use crate::explain::Lang;

/// A customer of a courier service who spends the same every month.
///
/// Peters, T. (1987), *Thriving on Chaos*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourierCustomer {
    /// Money spent a month.
    pub revenue_per_month: i64,
    /// Months a year.
    pub months_a_year: i64,
    /// Years that the relationship lasts.
    pub years: i64,
    /// Lifelong customers of the same kind whom the customer brings by word of mouth (口碑效应).
    pub referrals: i64,
    lang: Lang,
}

impl CourierCustomer {
    /// The example with its labels in a language.
    ///
    /// ```
    /// use patronage::{Lang, textbook::CourierCustomer};
    /// let example = CourierCustomer::new(Lang::En);
    /// assert_eq!(example.value(false)?.value, 180_000.0);
    /// assert_eq!(example.value(true)?.referral_value, 180_000.0);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn new(lang: Lang) -> Self {
        Self { revenue_per_month: 1500, months_a_year: 12, years: 10, referrals: 1, lang }
    }

    /// Months that the relationship lasts.
    pub fn periods(&self) -> i64 {
        self.months_a_year * self.years
    }

    /// What the customer is worth: 180,000; with the referrals as a separate term 360,000.
    pub fn value(&self, with_referrals: bool) -> Result<SimpleClv> {
        let referrals = if with_referrals { self.referrals as f64 } else { 0.0 };
        simple_clv(self.revenue_per_month as f64, self.periods() as f64, 1.0, referrals)
    }

    /// The title of the example.
    pub fn title(&self) -> &'static str {
        self.lang.pick("The courier's customer", "快递公司的客户")
    }

    /// The product that the text works out.
    pub fn misprint(&self) -> Misprint {
        Misprint {
            printed: 360_000,
            right: 180_000,
            en: "The course text prints 360,000 beside 1,500 × 12 × 10, which is 180,000. The original (Peters 1987) \
                 has 180,000 for the customer, and 360,000 once he brings one lifelong customer of the same kind.",
            zh: "教材在 1,500 × 12 × 10 旁印为 36 万，而乘积为 18 万。原文（Peters 1987）中客户本身价值 18 万；\
                 若再通过口碑带来一位同样的终身客户，才是 36 万。",
        }
    }
}
