//! A log summarised to customers and their days of purchase: all that customer tables, purchase histories and
//! cohorts are made from.

use super::calendar::Day;
use super::ids::Labels;
use crate::error::Result;
use crate::math::{Decimals, ExactSum};

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

/// Customers in order of their ids, each with his days in order of time. Every customer has bought something.
#[derive(Debug, Clone, Default)]
pub struct Purchases {
    ids: Labels,
    /// Where each customer's days begin; one more at the end.
    starts: Vec<usize>,
    days: Vec<PurchaseDay>,
    has_amount: bool,
    has_quantity: bool,
    decimals: Decimals,
}

impl Purchases {
    /// From days sorted by customer and day; the customers of `without` (ascending) are left out.
    pub(super) fn new(
        labels: Labels,
        mut days: Vec<PurchaseDay>,
        without: &[u32],
        has_amount: bool,
        has_quantity: bool,
        decimals: Decimals,
    ) -> Self {
        let kept: Vec<u32> =
            (0..labels.len() as u32).filter(|customer| without.binary_search(customer).is_err()).collect();
        days.retain(|d| without.binary_search(&d.customer).is_err());
        let mut starts = Vec::with_capacity(kept.len() + 1);
        let mut at = 0;
        for (new, &old) in kept.iter().enumerate() {
            starts.push(at);
            while let Some(d) = days.get_mut(at).filter(|d| d.customer == old) {
                d.customer = new as u32;
                at += 1;
            }
        }
        starts.push(at);
        let ids = if without.is_empty() { labels } else { labels.take(&kept) };
        Self { ids, starts, days, has_amount, has_quantity, decimals }
    }

    pub(super) fn customers_without_purchase(days: &[PurchaseDay], customers: usize) -> Vec<u32> {
        let mut bought = vec![false; customers];
        days.iter().filter(|d| d.purchase).for_each(|d| bought[d.customer as usize] = true);
        (0..customers as u32).filter(|&c| !bought[c as usize]).collect()
    }

    pub(super) fn days_of(days: &[PurchaseDay], customer: u32) -> &[PurchaseDay] {
        let from = days.partition_point(|d| d.customer < customer);
        let to = days.partition_point(|d| d.customer <= customer);
        &days[from..to]
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
    pub fn days(&self) -> &[PurchaseDay] {
        &self.days
    }

    /// Each customer's days, in order of the customers' ids.
    pub fn by_customer(&self) -> impl Iterator<Item = &[PurchaseDay]> {
        self.starts.windows(2).map(|ends| &self.days[ends[0]..ends[1]])
    }

    /// Number of orders.
    pub fn orders(&self) -> u64 {
        self.days.iter().map(|d| u64::from(d.orders)).sum()
    }

    /// The first and the last day of the log.
    pub fn span(&self) -> Option<(Day, Day)> {
        let first = self.days.iter().map(|d| d.day).min()?;
        let last = self.days.iter().map(|d| d.day).max()?;
        Some((first, last))
    }

    /// Sum of all amounts, if the log had amounts.
    pub fn total(&self) -> Result<Option<f64>> {
        if !self.has_amount {
            return Ok(None);
        }
        let total = sum(self.days.iter().map(|d| d.amount))?;
        Ok(Some(total.to_decimal(self.decimals)))
    }

    /// A sum of amounts, in the decimals they were written with.
    pub(super) fn money(&self, parts: impl Iterator<Item = ExactSum>) -> f64 {
        sum(parts).map_or(f64::NAN, |total| total.to_decimal(self.decimals))
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
