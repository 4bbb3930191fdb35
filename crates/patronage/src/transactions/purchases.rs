//! A log summarised to customers and their days of purchase: all that customer tables, purchase histories and
//! cohorts are made from.

use super::calendar::Day;
use super::ids::Labels;
use super::packed::{Days, Packed};
use crate::error::Result;
use crate::math::{Decimals, ExactSum};
use crate::watch::Watch;

/// One customer's lines of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurchaseDay {
    /// Code of the customer.
    pub customer: u32,
    /// The day.
    pub day: Day,
    /// Whether anything was bought; else all lines are returns.
    pub purchase: bool,
    /// Orders begun on this day.
    pub orders: u32,
    /// Lines of the log.
    pub lines: u64,
    /// Sum of the amounts, returns taken off.
    pub amount: ExactSum,
    /// Sum of the quantities.
    pub quantity: ExactSum,
}

impl PurchaseDay {
    /// A day without lines, of a customer yet to be told.
    pub(super) fn nothing(day: Day) -> Self {
        let (amount, quantity) = (ExactSum::default(), ExactSum::default());
        Self { customer: 0, day, purchase: false, orders: 0, lines: 0, amount, quantity }
    }

    /// A day of a single line, which is an order if it is a purchase.
    pub(super) fn line(day: Day, amount: f64) -> Self {
        let purchase = amount >= 0.0;
        let amount = ExactSum::term(amount);
        Self { purchase, orders: purchase.into(), lines: 1, amount, ..Self::nothing(day) }
    }

    /// Adds what was bought on the same day, all of it one order.
    pub(super) fn add(&mut self, other: &Self) -> Result<()> {
        self.purchase |= other.purchase;
        self.orders = self.purchase.into();
        self.lines += other.lines;
        self.amount.merge(other.amount)
    }
}

/// Customers in order of their ids, each with his days in order of time. Every customer has bought something.
#[derive(Debug, Clone, Default)]
pub struct Purchases {
    ids: Labels,
    /// Where each customer's days begin; one more at the end.
    starts: Vec<usize>,
    days: Vec<Packed>,
    /// What stands beside `days`: those that are more than one line.
    more: Vec<PurchaseDay>,
    has_amount: bool,
    has_quantity: bool,
    decimals: Decimals,
    orders: u64,
    span: Option<(Day, Day)>,
    total: ExactSum,
}

impl Purchases {
    /// From sorted days whose customers are places among the ids, each customer and day there once. Customers who
    /// bought nothing are left out, and told with the number of their lines.
    pub(super) fn new(
        labels: Labels,
        mut days: Vec<Packed>,
        mut more: Vec<PurchaseDay>,
        watch: &dyn Watch,
    ) -> Result<(Self, Vec<(u32, u64)>)> {
        let (mut bought, mut without) = (Vec::new(), Vec::new());
        let mut starts = Vec::with_capacity(labels.len() + 1);
        let (mut orders, mut total, mut span) = (0, ExactSum::default(), None);
        let (mut from, mut kept) = (0, 0);
        while let Some(&first) = days.get(from) {
            let old = first.customer();
            if old.is_multiple_of(1 << 12) {
                watch.check()?;
            }
            let new = starts.len() as u32;
            let of_customer = days[from..].iter().take_while(|day| day.customer() == old).count();
            let view = Days { days: &days[from..from + of_customer], more: &more };
            if view.iter().any(|day| day.purchase) {
                bought.push(old);
                starts.push(kept);
                for at in from..from + of_customer {
                    let view = Days { days: &days[at..=at], more: &more };
                    for day in view.iter() {
                        orders += u64::from(day.orders);
                        total.merge(day.amount)?;
                        let (first, last) = span.unwrap_or((day.day, day.day));
                        span = Some((day.day.min(first), day.day.max(last)));
                    }
                    let day = days[at];
                    if let Err(place) = day.what() {
                        more[place].customer = new;
                    }
                    // Most often nobody is left out, and nothing moves.
                    if kept != at || new != old {
                        days[kept] = day.with_customer(new);
                    }
                    kept += 1;
                }
            } else {
                without.push((old, view.iter().map(|day| day.lines).sum()));
            }
            from += of_customer;
        }
        starts.push(kept);
        days.truncate(kept);
        let ids = if bought.len() == labels.len() { labels } else { labels.take(&bought) };
        Ok((Self { ids, starts, days, more, orders, span, total, ..Self::default() }, without))
    }

    /// The same of a log with or without amounts and quantities, the amounts of so many decimals.
    pub(super) fn with(self, has_amount: bool, has_quantity: bool, decimals: Decimals) -> Self {
        Self { has_amount, has_quantity, decimals, ..self }
    }

    /// The customers' ids, in their own order.
    pub fn ids(&self) -> &Labels {
        &self.ids
    }

    /// Whether nothing was bought.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether the log had amounts.
    pub fn has_amount(&self) -> bool {
        self.has_amount
    }

    /// Whether the log had quantities.
    pub fn has_quantity(&self) -> bool {
        self.has_quantity
    }

    /// All days of all customers.
    pub fn days(&self) -> Days<'_> {
        Days { days: &self.days, more: &self.more }
    }

    /// Each customer's days, in order of the customers' ids.
    pub fn by_customer(&self) -> impl Iterator<Item = Days<'_>> {
        self.starts.windows(2).map(|ends| Days { days: &self.days[ends[0]..ends[1]], more: &self.more })
    }

    /// Number of orders.
    pub fn orders(&self) -> u64 {
        self.orders
    }

    /// The first and the last day of the log.
    pub fn span(&self) -> Option<(Day, Day)> {
        self.span
    }

    /// Sum of all amounts, if the log had amounts.
    pub fn total(&self) -> Option<f64> {
        self.has_amount.then(|| self.total.to_decimal(self.decimals))
    }

    /// A sum of amounts, in the decimals they were written with.
    pub(super) fn money(&self, parts: impl Iterator<Item = ExactSum>) -> f64 {
        sum(parts).map_or(f64::NAN, |total| self.in_money(total))
    }

    /// A sum in the decimals that the amounts were written with.
    pub(super) fn in_money(&self, total: ExactSum) -> f64 {
        total.to_decimal(self.decimals)
    }
}

/// The sum of sums.
pub(super) fn sum(parts: impl Iterator<Item = ExactSum>) -> Result<ExactSum> {
    let mut total = ExactSum::default();
    for part in parts {
        total.merge(part)?;
    }
    Ok(total)
}
