//! Customer equity: what all customers, present and to come, are worth together.

use serde::{Deserialize, Serialize};

use super::timing::{Stream, check_amounts};
use super::{Timing, amount, at_least_zero, finite, held, money, plain};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working};

/// Profit per customer and period beyond the present level, that may come.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Potential {
    /// From selling other products.
    pub cross_selling: f64,
    /// From selling better ones.
    pub up_selling: f64,
    /// From those the customer brings.
    pub referrals: f64,
}

impl Potential {
    fn total(self) -> f64 {
        self.cross_selling + self.up_selling + self.referrals
    }
}

/// Customers of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// What they are called.
    pub name: String,
    /// How many there are.
    pub customers: f64,
    /// Profit on each so far, since the first purchase: historical value. Past, and so no part of the equity.
    pub historical: f64,
    /// Profit on each per period, going on as now: current value, once discounted.
    pub current: f64,
    /// Profit on each per period that may come on top: potential value, once discounted.
    pub potential: Potential,
    /// Probability of staying from one period to the next.
    pub retention: f64,
    /// What winning each costs, when they join; 0 for customers who are there.
    pub acquisition_cost: f64,
    /// Periods until they join; 0 for customers who are there.
    pub joins_after: u32,
}

/// A segment's part of the equity; amounts are for all its customers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SegmentEquity {
    /// What it is called.
    pub name: String,
    /// Number of customers.
    pub customers: f64,
    /// Profit so far, not discounted.
    pub historical: f64,
    /// Present value of the profit going on as now.
    pub current: f64,
    /// Present value of what may come on top.
    pub potential: f64,
    /// Present value of acquisition.
    pub acquisition: f64,
    /// Current + potential − acquisition.
    pub equity: f64,
}

/// The equity of all segments.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CustomerEquity {
    /// A row a segment.
    pub segments: Vec<SegmentEquity>,
    /// Their sum.
    pub total: SegmentEquity,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// Planning period.
    pub periods: u32,
    /// When payments fall and who makes them.
    pub timing: Timing,
}

/// The discounted sum of the profits of all current and potential customers over the planning period, less
/// acquisition. Historical value stands beside it and is not added.
///
/// A segment's profit per period goes on, for each of its customers, from joining to the end of the planning period
/// for as long as she is retained, timed as in [`retention_clv`](super::retention_clv); profit and acquisition cost of
/// those who join later are discounted by the periods until then.
///
/// ```
/// use patronage::clv::{Potential, Segment, Timing, customer_equity};
/// let regulars = Segment {
///     name: "regulars".into(), customers: 100.0, historical: 700.0, current: 50.0, retention: 0.5,
///     potential: Potential { cross_selling: 10.0, ..Potential::default() }, acquisition_cost: 0.0, joins_after: 0,
/// };
/// let equity = customer_equity(&[regulars], 0.0, 2, Timing::IMMEDIATE)?;
/// assert_eq!(equity.total.current, 100.0 * 50.0 * 1.5);
/// assert_eq!(equity.total.equity, 100.0 * 60.0 * 1.5);
/// assert_eq!(equity.total.historical, 70_000.0);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn customer_equity(
    segments: &[Segment],
    discount_rate: f64,
    periods: u32,
    timing: Timing,
) -> Result<CustomerEquity> {
    if segments.is_empty() {
        return Err(Error::parameter("segments", "none", "at least one segment"));
    }
    let parts: Vec<SegmentEquity> = segments
        .iter()
        .map(|segment| of_segment(segment, discount_rate, periods, timing))
        .collect::<Result<_>>()?;
    let sum = |part: fn(&SegmentEquity) -> f64| parts.iter().map(part).sum::<f64>();
    let total = SegmentEquity {
        name: String::new(),
        customers: sum(|s| s.customers),
        historical: sum(|s| s.historical),
        current: sum(|s| s.current),
        potential: sum(|s| s.potential),
        acquisition: sum(|s| s.acquisition),
        equity: sum(|s| s.equity),
    };
    held("the equity", total.equity)?;
    held("the historical value", total.historical)?;
    Ok(CustomerEquity { segments: parts, total, discount_rate, periods, timing })
}

fn of_segment(segment: &Segment, discount_rate: f64, periods: u32, timing: Timing) -> Result<SegmentEquity> {
    at_least_zero("customers", segment.customers)?;
    finite("historical", segment.historical)?;
    finite("potential", segment.potential.total())?;
    check_amounts(segment.current, segment.acquisition_cost)?;
    if segment.joins_after >= periods {
        return Err(Error::parameter(
            "joins_after",
            segment.joins_after,
            &format!("less than the {periods} periods that are planned"),
        ));
    }
    let left = periods - segment.joins_after;
    let stream = Stream { retention: segment.retention, discount_rate, periods: Some(left), timing };
    stream.check()?;
    let until = (1.0 + discount_rate).powf(-f64::from(segment.joins_after));
    let each = stream.factor() * until * segment.customers;
    let (current, potential) = (segment.current * each, segment.potential.total() * each);
    let acquisition = segment.acquisition_cost * until * segment.customers;
    Ok(SegmentEquity {
        name: segment.name.clone(),
        customers: segment.customers,
        historical: segment.historical * segment.customers,
        current,
        potential,
        acquisition,
        equity: current + potential - acquisition,
    })
}

impl CustomerEquity {
    /// The working: the parts of each segment in a table, the sum, and what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let header = [
            ("segment", "细分"),
            ("customers", "客户数"),
            ("historical value", "历史价值"),
            ("current value", "当前价值"),
            ("potential value", "潜在价值"),
            ("acquisition", "获客成本"),
            ("equity", "客户资产"),
        ];
        let row = |name: &str, part: &SegmentEquity| {
            let amounts = [part.historical, part.current, part.potential, part.acquisition, part.equity];
            [name.to_string(), plain(part.customers)]
                .into_iter()
                .chain(amounts.map(money))
                .collect::<Vec<_>>()
        };
        let mut rows: Vec<_> = self.segments.iter().map(|part| row(&part.name, part)).collect();
        rows.push(row(lang.pick("together", "合计"), &self.total));
        let SegmentEquity { current, potential, acquisition, equity, .. } = self.total;
        let (n, d) = (self.periods, plain(100.0 * self.discount_rate));
        Working::new(lang.pick("Customer equity", "客户资产"))
            .text(match lang {
                Lang::En => format!("Planned over {n} periods, discounted at {d} % a period."),
                Lang::Zh => format!("规划期 {n} 期，每期折现率 {d} %。"),
            })
            .text(self.timing.describe(lang))
            .table(header.map(|(en, zh)| lang.pick(en, zh).to_string()).to_vec(), rows)
            .equation([
                name("customer equity", "客户资产"),
                Expr::minus(
                    Expr::sum([name("current value", "当前价值"), name("potential value", "潜在价值")]),
                    name("acquisition", "获客成本"),
                ),
                Expr::minus(Expr::sum([amount(current), amount(potential)]), amount(acquisition)),
                amount(equity),
            ])
            .text(match lang {
                Lang::En => format!(
                    "The profits still to come from all customers are worth {} today; what was earned so far is not part of it.",
                    money(equity)
                ),
                Lang::Zh => format!("所有客户未来利润的现值为 {}；历史价值已经实现，不计入其中。", money(equity)),
            })
    }
}
