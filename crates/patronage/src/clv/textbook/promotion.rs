//! The retention model of Berger and Nasr: margins and promotion, each with a timing of its own.

use serde::Serialize;

use super::timing::{Stream, check_amounts};
use super::{FirstPayment, Timing, amount, figure, finite, held, money, plain};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// What [`promotion_clv`] needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Promotion {
    /// GC: gross contribution per period.
    pub contribution: f64,
    /// M: cost of promotion per customer and period.
    pub promotion_cost: f64,
    /// Probability of staying from one period to the next.
    pub retention: f64,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// n: the periods after now; `None` for ever.
    pub periods: Option<u32>,
    /// When in its period promotion is paid for; it is spent on all who were customers when the period began.
    pub promotion_at: FirstPayment,
    /// Whether a first contribution comes now, besides those at the ends of the periods.
    pub first_sale_now: bool,
}

/// Present value of contributions less promotion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PromotionClv {
    /// What went in, the timing included.
    pub inputs: Promotion,
    /// Present value of the contributions.
    pub contributions: f64,
    /// Present value of the promotion.
    pub promotions: f64,
    /// Contributions less promotion.
    pub value: f64,
}

/// Contributions at the ends of the periods (and now, if the first sale is now) by those retained, less promotion to
/// those who were customers when the period began.
///
/// GC Σ r^i/(1+d)^i over i = 0 … n (or 1 … n), less M Σ r^(i−1)/(1+d)^(i−½) over i = 1 … n where promotion falls in
/// the middle of the periods; (1+d)^(i−1) at their start, (1+d)^i at their end. Case 1 of Berger and Nasr (1998),
/// "Customer lifetime value: marketing models and applications".
///
/// ```
/// use patronage::clv::{FirstPayment, Promotion, promotion_clv};
/// let case_1 = promotion_clv(Promotion {
///     contribution: 260.0, promotion_cost: 50.0, retention: 0.75, discount_rate: 0.2, periods: Some(10),
///     promotion_at: FirstPayment::Middle, first_sale_now: true,
/// })?;
/// assert!((case_1.value - 568.78).abs() < 0.005);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn promotion_clv(inputs: Promotion) -> Result<PromotionClv> {
    check_amounts(inputs.contribution, 0.0)?;
    finite("promotion_cost", inputs.promotion_cost)?;
    match inputs.periods {
        Some(0) => return Err(Error::parameter("periods", 0, "at least 1 period")),
        Some(u32::MAX) => {
            return Err(Error::parameter("periods", u32::MAX, "fewer periods, or none given for ever"));
        }
        _ => {}
    }
    let (sales, promotion) = inputs.streams();
    sales.check()?;
    let contributions = inputs.contribution * sales.factor();
    let promotions = inputs.promotion_cost * promotion.factor();
    let value = held("the value", contributions - promotions)?;
    Ok(PromotionClv { inputs, contributions, promotions, value })
}

impl Promotion {
    /// The stream of contributions and the stream of promotion.
    fn streams(&self) -> (Stream, Stream) {
        let &Self { retention, discount_rate, periods, promotion_at, first_sale_now, .. } = self;
        let (timing, extra) =
            if first_sale_now { (Timing::IMMEDIATE, 1) } else { (Timing::END_IF_RETAINED, 0) };
        let sales = Stream { retention, discount_rate, periods: periods.map(|n| n + extra), timing };
        let timing = Timing { first_payment: promotion_at, survive_before_paying: false };
        (sales, Stream { retention, discount_rate, periods, timing })
    }
}

impl PromotionClv {
    /// The working: timing, formula, numbers, value, and what it means; with a table of the periods if they are few.
    pub fn explain(&self, lang: Lang) -> Working {
        let Promotion { contribution, promotion_cost, retention, discount_rate, .. } = self.inputs;
        let (first, last) = (
            u8::from(!self.inputs.first_sale_now),
            self.inputs.periods.map_or("∞".into(), |n| n.to_string()),
        );
        let staying = |shift: Expr, delay: Expr| {
            let growth = super::one_plus(Expr::name("d"));
            Expr::call("Σ", [Expr::fraction(Expr::power(Expr::name("r"), shift), Expr::power(growth, delay))])
        };
        let (i, before) = (|| Expr::name("i"), || Expr::minus(Expr::name("i"), Expr::number("1")));
        let delay = match self.inputs.promotion_at {
            FirstPayment::Start => before(),
            FirstPayment::Middle => Expr::minus(i(), Expr::number("1/2")),
            FirstPayment::End => i(),
        };
        let (sales, promotion) = self.inputs.streams();
        let mut working = Working::new(lang.pick("Customer lifetime value with promotion", "扣除促销费用的客户终身价值"))
            .text(self.describe(lang))
            .text(match lang {
                Lang::En => format!(
                    "GC: contribution per period; M: promotion per period; r: retention = {}; d: discount rate = {}. \
                     The first sum is over i = {first} … {last}, the second over i = 1 … {last}.",
                    plain(retention), plain(discount_rate)
                ),
                Lang::Zh => format!(
                    "GC：每期毛利；M：每期促销费用；r：留存率 = {}；d：每期折现率 = {}。第一个和式 i = {first} … {last}，第二个和式 i = 1 … {last}。",
                    plain(retention), plain(discount_rate)
                ),
            })
            .equation([
                Expr::name("CLV"),
                Expr::minus(
                    Expr::times([Expr::name("GC"), staying(i(), i())]),
                    Expr::times([Expr::name("M"), staying(before(), delay)]),
                ),
                Expr::minus(
                    Expr::times([amount(contribution), figure(sales.factor())]),
                    Expr::times([amount(promotion_cost), figure(promotion.factor())]),
                ),
                Expr::minus(amount(self.contributions), amount(self.promotions)),
                amount(self.value),
            ]);
        if let Some(rows) = self.rows() {
            let names = [("period", "期"), ("contribution", "毛利现值"), ("promotion", "促销现值")];
            working = working.table(super::heads(lang, names), rows);
        }
        let value = money(self.value);
        working.text(match lang {
            Lang::En => format!("In today's money the customer is worth {value} after promotion."),
            Lang::Zh => format!("扣除促销费用后，按现值计算该客户值 {value}。"),
        })
    }

    fn describe(&self, lang: Lang) -> String {
        let now = match (self.inputs.first_sale_now, lang) {
            (true, Lang::En) => "now and at the end of each period",
            (false, Lang::En) => "at the end of each period",
            (true, Lang::Zh) => "现在及每期期末",
            (false, Lang::Zh) => "每期期末",
        };
        let when = match self.inputs.promotion_at {
            FirstPayment::Start => lang.pick("at the start", "期初"),
            FirstPayment::Middle => lang.pick("in the middle", "期中"),
            FirstPayment::End => lang.pick("at the end", "期末"),
        };
        match lang {
            Lang::En => format!(
                "Contributions come {now}, from those retained; promotion is paid {when} of each period, for those who were customers when it began."
            ),
            Lang::Zh => format!("毛利于{now}来自留存客户；促销费用于每期{when}支付，对象为期初的客户。"),
        }
    }

    /// The present values of each period, if they are few.
    fn rows(&self) -> Option<Vec<Vec<String>>> {
        const FEW: u32 = 12;
        let inputs = self.inputs;
        let n = inputs.periods.filter(|&n| n <= FEW)?;
        let paid = |stream: Stream, k: u32| {
            inputs.retention.powf(stream.timing.survivals(k))
                * (1.0 + inputs.discount_rate).powf(-stream.timing.delay(k))
        };
        let (sales, promotion) = inputs.streams();
        let skipped = u32::from(!inputs.first_sale_now);
        let row = |i: u32| {
            let sale = inputs.contribution * paid(sales, i + 1 - skipped);
            let spent = if i == 0 { 0.0 } else { inputs.promotion_cost * paid(promotion, i) };
            vec![i.to_string(), money(sale), money(spent)]
        };
        Some((skipped..=n).map(row).collect())
    }
}
