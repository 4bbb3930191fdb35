//! A cohort's value, from counts of the customers who are still there.

use serde::Serialize;

use super::{FirstPayment, Timing, amount, at_least_zero, held, money, plain};
use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, Working, decimal};

/// What [`cohort_value`] needs to know. Nothing has a default.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cohort {
    /// Customers in periods 0, 1, 2 …; the first are those acquired.
    pub customers: Vec<f64>,
    /// Margin per customer in each period, or one for all.
    pub margins: Vec<f64>,
    /// Effective discount rate per period.
    pub discount_rate: f64,
    /// When in its period each margin comes: period 0 begins with the acquisition, so at the start it is undiscounted.
    pub first_payment: FirstPayment,
    /// Whether the margin of period 0 counts.
    pub include_first: bool,
    /// What winning each customer costs, when acquired.
    pub acquisition_cost: f64,
}

/// One period of a cohort. Amounts are for the whole cohort, unless they say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CohortRow {
    /// Periods since acquisition.
    pub period: u32,
    /// Customers in the period.
    pub customers: f64,
    /// Their share of those of the period before; NaN for the first period and after one without customers. Above 1
    /// where customers came back.
    pub retention: f64,
    /// Their share of those acquired.
    pub survival: f64,
    /// Customers × margin; 0 for a first period that does not count.
    pub margin: f64,
    /// Present value of 1 in the period.
    pub discount_factor: f64,
    /// Margin × discount factor.
    pub present_value: f64,
    /// Sum of the present values so far.
    pub running_total: f64,
    /// Running total per customer acquired.
    pub per_customer: f64,
    /// The same less the acquisition cost.
    pub net_per_customer: f64,
}

/// The cohort table and the value of each customer acquired.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CohortValue {
    /// What went in, the timing included.
    pub inputs: Cohort,
    /// A row a period.
    pub rows: Vec<CohortRow>,
    /// The first period by which the margins have earned the acquisition cost; `None` if they have not by the last.
    pub break_even: Option<u32>,
    /// Value per customer acquired, over the periods given, less the acquisition cost.
    pub value: f64,
}

/// Counts of the customers still there × margin, discounted and added up, per customer acquired.
///
/// Nothing is said of the time after the last count: that takes a model. A shortfall of less than 1e−12 of the
/// acquisition cost, which is rounding, does not put off breaking even.
///
/// ```
/// use patronage::clv::{Cohort, FirstPayment, cohort_value};
/// let cohort = cohort_value(Cohort {
///     customers: vec![1000.0, 631.0, 468.0, 382.0, 326.0], margins: vec![100.0], discount_rate: 0.1,
///     first_payment: FirstPayment::Start, include_first: true, acquisition_cost: 150.0,
/// })?;
/// assert!((cohort.value - 97.008).abs() < 0.0005);
/// assert_eq!(cohort.break_even, Some(1));
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn cohort_value(inputs: Cohort) -> Result<CohortValue> {
    inputs.check()?;
    let acquired = inputs.customers[0];
    let delay = Timing { first_payment: inputs.first_payment, survive_before_paying: false }.first_delay();
    let mut rows: Vec<CohortRow> = Vec::with_capacity(inputs.customers.len());
    for (period, &customers) in inputs.customers.iter().enumerate() {
        let before = rows.last();
        let each = inputs.margins[if inputs.margins.len() == 1 { 0 } else { period }];
        let counted = period > 0 || inputs.include_first;
        let margin = if counted { customers * each } else { 0.0 };
        let discount_factor = (1.0 + inputs.discount_rate).powf(-(period as f64 + delay));
        let present_value = margin * discount_factor;
        let running_total = before.map_or(0.0, |row| row.running_total) + present_value;
        let per_customer = running_total / acquired;
        let retention = match before {
            Some(row) if row.customers > 0.0 => customers / row.customers,
            _ => f64::NAN,
        };
        rows.push(CohortRow {
            period: period as u32,
            customers,
            retention,
            survival: customers / acquired,
            margin,
            discount_factor,
            present_value,
            running_total,
            per_customer,
            net_per_customer: per_customer - inputs.acquisition_cost,
        });
    }
    let enough = inputs.acquisition_cost * (1.0 - 1e-12);
    let break_even = rows.iter().find(|row| row.per_customer >= enough).map(|row| row.period);
    let value = held("the value", rows.last().map_or(f64::NAN, |row| row.net_per_customer))?;
    Ok(CohortValue { inputs, rows, break_even, value })
}

impl Cohort {
    fn check(&self) -> Result<()> {
        let wrong = |column: &str, values: &[f64], bad: &dyn Fn(f64) -> bool, problem: &str, mend: &str| {
            let count = values.iter().filter(|&&value| bad(value)).count() as u64;
            match values.iter().position(|&value| bad(value)) {
                None => Ok(()),
                Some(row) => Err(Error::InvalidValue {
                    column: column.into(),
                    row: row as u64,
                    count,
                    problem: problem.into(),
                    mend: mend.into(),
                }),
            }
        };
        let count = |x: f64| !(x.is_finite() && x >= 0.0);
        wrong("customers", &self.customers, &count, "no count", "give finite numbers, at least 0")?;
        let Some(&acquired) = self.customers.first().filter(|&&acquired| acquired > 0.0) else {
            return Err(Error::parameter(
                "customers",
                "none",
                "counts that begin with those acquired, more than 0",
            ));
        };
        let more = |x: f64| x > acquired;
        let mend = "count only customers of the cohort";
        wrong("customers", &self.customers, &more, "more customers than were acquired", mend)?;
        wrong("margin", &self.margins, &|x: f64| !x.is_finite(), "no amount", "give finite numbers")?;
        if self.margins.len() != 1 && self.margins.len() != self.customers.len() {
            return Err(Error::UnequalLength {
                column: "margin".into(),
                expected: self.customers.len(),
                found: self.margins.len(),
            });
        }
        at_least_zero("discount_rate", self.discount_rate)?;
        at_least_zero("acquisition_cost", self.acquisition_cost)
    }
}

impl CohortValue {
    /// The working: timing, the table, the value of each customer acquired, when she pays for herself, what it means.
    pub fn explain(&self, lang: Lang) -> Working {
        let Cohort { discount_rate, first_payment, include_first, acquisition_cost, .. } = self.inputs;
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let when = match first_payment {
            FirstPayment::Start => {
                lang.pick("at the start of its period, that of period 0 at once", "期初（第 0 期立即）")
            }
            FirstPayment::Middle => lang.pick("in the middle of its period", "期中"),
            FirstPayment::End => lang.pick("at the end of its period", "期末"),
        };
        let first = if include_first {
            lang.pick("the margin of period 0 counts", "计入第 0 期的利润")
        } else {
            lang.pick("the margin of period 0 does not count", "不计第 0 期的利润")
        };
        let d = plain(100.0 * discount_rate);
        let header = [
            ("period", "期"),
            ("customers", "客户数"),
            ("retention", "留存率"),
            ("margin", "利润"),
            ("discount factor", "折现系数"),
            ("present value", "现值"),
            ("running total", "累计现值"),
            ("per customer acquired", "每位获取客户"),
        ];
        let rows = self.rows.iter().map(|row| {
            let retention = if row.retention.is_nan() { String::new() } else { decimal(row.retention, 4) };
            vec![
                row.period.to_string(),
                plain(row.customers),
                retention,
                money(row.margin),
                plain(row.discount_factor),
                money(row.present_value),
                money(row.running_total),
                money(row.per_customer),
            ]
        });
        let last = self.rows.last().map_or((0.0, 0.0), |row| (row.running_total, row.per_customer));
        let value = Expr::fraction(amount(last.0), Expr::number(plain(self.inputs.customers[0])));
        let mut working = Working::new(lang.pick("Cohort value", "客户群价值"))
            .text(match lang {
                Lang::En => format!("Each margin comes {when}; {first}; {d} % a period."),
                Lang::Zh => format!("各期利润于{when}取得；{first}；每期折现率 {d} %。"),
            })
            .table(super::heads(lang, header), rows.collect())
            .equation([
                name("per customer acquired", "每位获取客户"),
                Expr::fraction(name("running total", "累计现值"), name("customers acquired", "获取客户数")),
                value,
                amount(last.1),
            ]);
        if acquisition_cost > 0.0 {
            working = working
                .equation([
                    name("less acquisition", "减去获客成本"),
                    Expr::minus(amount(last.1), amount(acquisition_cost)),
                    amount(self.value),
                ])
                .text(match (self.break_even, lang) {
                    (Some(k), Lang::En) => {
                        format!("By period {k} a customer has earned what it cost to win her.")
                    }
                    (Some(k), Lang::Zh) => format!("到第 {k} 期，客户已收回其获客成本。"),
                    (None, Lang::En) => {
                        "The periods given do not earn what it cost to win a customer.".into()
                    }
                    (None, Lang::Zh) => "在所给的各期内，获客成本未能收回。".into(),
                });
        }
        let (n, value) = (self.rows.len(), money(self.value));
        working.text(match lang {
            Lang::En => format!("Over {n} periods each customer acquired is worth {value} in today's money."),
            Lang::Zh => format!("在 {n} 期内，每位获取的客户按现值计算值 {value}。"),
        })
    }
}
