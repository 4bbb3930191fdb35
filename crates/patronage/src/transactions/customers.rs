//! A row a customer.

use super::calendar::Day;
use super::ids::Labels;
use super::purchases::{Purchases, sum};
use crate::math::ExactSum;

/// What is known of each customer at the end of a day. All columns have the length of `customer`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Customers {
    /// The day at whose end the table stands; `None` for an empty log.
    pub as_of: Option<Day>,
    /// Lines of the log after that day, which are left out.
    pub later_lines: u64,
    /// Ids, in their own order.
    pub customer: Labels,
    /// Day of the first purchase.
    pub first: Vec<Day>,
    /// Day of the last purchase.
    pub last: Vec<Day>,
    /// Days from the last purchase to `as_of`.
    pub recency: Vec<i32>,
    /// Orders.
    pub frequency: Vec<u64>,
    /// Distinct days with a purchase.
    pub purchase_days: Vec<u64>,
    /// Money spent, returns taken off.
    pub monetary: Option<Vec<f64>>,
    /// Money spent an order.
    pub mean_order: Option<Vec<f64>>,
    /// Items bought, if the log has quantities.
    pub quantity: Option<Vec<f64>>,
    /// Days from the first purchase to `as_of`.
    pub tenure: Vec<i32>,
    /// Mean number of days between consecutive days with a purchase; NaN for a single one.
    pub mean_gap: Vec<f64>,
}

impl Purchases {
    /// The customers as they stood at the end of a day (the last of the log unless told otherwise).
    ///
    /// Later lines are left out and counted; customers who had bought nothing by then are left out.
    pub fn customers(&self, as_of: Option<Day>) -> Customers {
        let Some(as_of) = as_of.or(self.span().map(|(_, last)| last)) else {
            return Customers {
                monetary: self.has_amount().then(Vec::new),
                mean_order: self.has_amount().then(Vec::new),
                quantity: self.has_quantity().then(Vec::new),
                ..Customers::default()
            };
        };
        let mut table = Customers { as_of: Some(as_of), ..Customers::default() };
        let (mut codes, mut monetary, mut quantity) = (Vec::new(), Vec::new(), Vec::new());
        for (code, days) in self.by_customer().enumerate() {
            let (known, later) = days.split_after(as_of);
            table.later_lines += later.iter().map(|d| d.lines).sum::<u64>();
            let mut bought = known.iter().filter(|d| d.purchase);
            let Some(first) = bought.next().map(|d| d.day) else { continue };
            let last = bought.clone().next_back().map_or(first, |d| d.day);
            let purchase_days = 1 + bought.count() as u64;
            codes.push(code as u32);
            table.first.push(first);
            table.last.push(last);
            table.recency.push(as_of.saturating_sub(last));
            table.tenure.push(as_of.saturating_sub(first));
            table.frequency.push(known.iter().map(|d| u64::from(d.orders)).sum());
            table.purchase_days.push(purchase_days);
            table.mean_gap.push(match purchase_days {
                1 => f64::NAN,
                days => f64::from(last - first) / (days - 1) as f64,
            });
            monetary.push(self.money(known.iter().map(|d| d.amount)));
            quantity.push(sum(known.iter().map(|d| d.quantity)).map_or(f64::NAN, ExactSum::to_f64));
        }
        table.customer = self.ids().take(&codes);
        if self.has_amount() {
            let mean = monetary.iter().zip(&table.frequency).map(|(m, &orders)| m / orders as f64);
            table.mean_order = Some(mean.collect());
            table.monetary = Some(monetary);
        }
        table.quantity = self.has_quantity().then_some(quantity);
        table
    }
}
