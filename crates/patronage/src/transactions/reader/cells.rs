//! The days of purchase and orders of a log that has orders, items or quantities.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::super::batch::Line;
use super::super::calendar::Day;
use super::super::ids::{Dictionary, Id, Labels};
use super::super::packed::Packed;
use super::super::purchases::PurchaseDay;
use super::super::sorting::sort;
use crate::error::Result;
use crate::watch::Watch;

type Sums<K, V> = HashMap<K, V, FxBuildHasher>;

/// What is kept of a log: its customers, their days and their orders, not the lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    customers: Dictionary,
    orders: Dictionary,
    /// Of each customer's day, its place in `days`.
    day_places: Sums<(u32, Day), u32>,
    days: Vec<PurchaseDay>,
    /// Of each customer's order, its place in `orders_of`.
    order_places: Sums<(u32, u32), u32>,
    /// Of each order, its customer and the first day it was bought on (`Day::MAX` before any purchase).
    orders_of: Vec<(u32, Day)>,
    /// Where the line before went: the next is most often of the same customer, day and order.
    last: Option<Place>,
    /// Of each customer, the first row.
    first_rows: Vec<u64>,
}

/// Where a line goes.
#[derive(Debug, Clone, Copy)]
struct Place {
    customer: u32,
    day: Day,
    /// Where the customer's day stands.
    at: u32,
    /// Code of the order's id.
    order_label: Option<u32>,
    /// Code of the customer's order.
    order: Option<u32>,
}

/// What is known at the end: the customers' ids in order, the days in order, and what they hold.
pub(super) struct Filled {
    pub labels: Labels,
    pub days: Vec<Packed>,
    pub more: Vec<PurchaseDay>,
    /// Of each customer, the first row.
    pub first_row: Vec<u64>,
    /// Customer and day of each basket.
    pub baskets: Vec<(u32, Day)>,
}

impl Cells {
    pub fn new(customer: &str, order: &str) -> Self {
        Self { customers: Dictionary::new(customer), orders: Dictionary::new(order), ..Self::default() }
    }

    /// Keeps a line that has a customer, and tells its basket: the order's, or the day's in a log without orders.
    pub fn keep(
        &mut self,
        row: u64,
        customer: Id<'_>,
        day: Day,
        amount: f64,
        line: &Line<'_>,
        order: Option<Id<'_>>,
    ) -> Result<u32> {
        let place = self.place(row, customer, day, order)?;
        let purchase = amount >= 0.0;
        let cell = &mut self.days[place.at as usize];
        cell.amount.add(amount)?;
        if let Some(quantity) = line.quantity {
            cell.quantity.add(quantity)?;
        }
        cell.lines += 1;
        cell.purchase |= purchase;
        if let (Some(order), true) = (place.order, purchase) {
            let (_, since) = &mut self.orders_of[order as usize];
            *since = day.min(*since);
        }
        Ok(place.order.unwrap_or(place.at))
    }

    /// Where a line goes; the same place as the line before without looking anything up, if it is of the same
    /// customer, day and order.
    fn place(&mut self, row: u64, customer: Id<'_>, day: Day, order: Option<Id<'_>>) -> Result<Place> {
        if let Some(last) = self.last.filter(|last| last.day == day) {
            let same_customer = self.customers.labels().get(last.customer) == Some(customer);
            let known_order = last.order_label.and_then(|code| self.orders.labels().get(code));
            if same_customer && known_order == order {
                return Ok(last);
            }
        }
        let customer = self.customers.code_of(customer)?;
        if customer as usize == self.first_rows.len() {
            self.first_rows.push(row);
        }
        let next = self.days.len() as u32;
        let at = *self.day_places.entry((customer, day)).or_insert(next);
        if at == next {
            self.days.push(PurchaseDay { customer, ..PurchaseDay::nothing(day) });
        }
        let order_label = order.map(|order| self.orders.code_of(order)).transpose()?;
        let order = order_label.map(|label| {
            let next = self.orders_of.len() as u32;
            let code = *self.order_places.entry((customer, label)).or_insert(next);
            if code == next {
                self.orders_of.push((customer, Day::MAX));
            }
            code
        });
        let place = Place { customer, day, at, order_label, order };
        self.last = Some(place);
        Ok(place)
    }

    pub fn finish(self, has_orders: bool, keep_baskets: bool, watch: &dyn Watch) -> Result<Filled> {
        drop((self.day_places, self.order_places));
        let (labels, place) = self.customers.into_sorted();
        let mut first_row = vec![0; labels.len()];
        for (old, &new) in place.iter().enumerate() {
            first_row[new as usize] = self.first_rows[old];
        }
        let mut more = self.days;
        let mut days = Vec::with_capacity(more.len());
        for (at, day) in more.iter_mut().enumerate() {
            day.customer = place[day.customer as usize];
            day.orders = u32::from(day.purchase && !has_orders);
            days.push(Packed::place(day.customer, day.day, at));
        }
        sort(&mut days, watch)?;
        let mut orders = self.orders_of;
        orders.iter_mut().for_each(|(customer, _)| *customer = place[*customer as usize]);
        for &(customer, day) in orders.iter().filter(|&&(_, day)| day != Day::MAX) {
            // An order begins on a day with a line of its customer.
            let at = days.binary_search_by_key(&Packed::line(customer, day, 0.0).key(), |d| d.key());
            if let Some(Err(at)) = at.ok().map(|at| days[at].what()) {
                more[at].orders += 1;
            }
        }
        let baskets = match (keep_baskets, has_orders) {
            (false, _) => Vec::new(),
            (true, true) => orders,
            (true, false) => more.iter().map(|day| (day.customer, day.day)).collect(),
        };
        Ok(Filled { labels, days, more, first_row, baskets })
    }
}
