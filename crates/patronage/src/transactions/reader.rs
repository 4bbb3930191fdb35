//! Reads a log line by line or batch by batch into days of purchase; holds the customers and their days, not
//! the lines.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashSet};
use rustc_hash::FxBuildHasher;

use super::batch::{Batch, Line, day_of};
use super::calendar::Day;
use super::ids::{Dictionary, Id};
use super::intake::{Duplicates, Intake, Policy, Reason, Tally, Treatment, treatment};
use super::log::{Lines, TransactionLog};
use super::purchases::{PurchaseDay, Purchases};
use crate::error::{Error, Result};
use crate::math::{Decimals, ExactSum};
use crate::watch::Watch;

/// Rows between two looks at the watch.
const ROWS_A_CHECK: usize = 1 << 14;

/// The names by which errors and the intake call the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnNames {
    /// The customer column.
    pub customer: String,
    /// The time column.
    pub time: String,
    /// The amount column.
    pub amount: String,
    /// The order column.
    pub order: String,
    /// The item column.
    pub item: String,
    /// The quantity column.
    pub quantity: String,
}

impl Default for ColumnNames {
    fn default() -> Self {
        Self {
            customer: "customer".into(),
            time: "time".into(),
            amount: "amount".into(),
            order: "order".into(),
            item: "item".into(),
            quantity: "quantity".into(),
        }
    }
}

/// Which optional columns a log has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // four columns, each there or not
struct Roles {
    amount: bool,
    order: bool,
    item: bool,
    quantity: bool,
}

type Sums<K, V> = HashMap<K, V, FxBuildHasher>;

/// Reads a purchase log.
///
/// The memory it needs grows with the customers, their days of purchase and their orders, not with the lines;
/// with [`LogReader::keep_lines`] it also keeps eight bytes a line, from which baskets are made.
///
/// ```
/// use patronage::transactions::{Line, LogReader};
/// let mut reader = LogReader::default();
/// reader.push_line(&Line::new("Ann", 0, 10.0))?;
/// reader.push_line(&Line::new("Ann", 30, 20.0))?;
/// reader.push_line(&Line::new("Bob", 5, 7.5))?;
/// let log = reader.finish()?;
/// let customers = log.customers(None);
/// assert_eq!(customers.frequency, [2, 1]);
/// assert_eq!(customers.monetary.as_deref(), Some([30.0, 7.5].as_slice()));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LogReader {
    names: ColumnNames,
    policy: Policy,
    roles: Option<Roles>,
    rows: u64,
    set_aside: u64,
    tally: Tally,
    customers: Dictionary,
    orders: Dictionary,
    items: Dictionary,
    /// Of each customer's day, its place in `day_cells`.
    days: Sums<(u32, Day), u32>,
    day_cells: Vec<DayCell>,
    /// Of each customer's order, its place in `order_cells`.
    order_codes: Sums<(u32, u32), u32>,
    /// Of each order, its customer and the first day it was bought on (`Day::MAX` before any purchase).
    order_cells: Vec<(u32, Day)>,
    /// Where the line before went: the next is most often of the same customer, day and order.
    last: Option<Place>,
    lines: Option<Lines>,
    /// A line's fingerprint is two independent 64-bit hashes of all its columns.
    seen: HashSet<(u64, u64), FxBuildHasher>,
    hashers: [DefaultHashBuilder; 2],
    /// Of each customer, the first row.
    first_rows: Vec<u64>,
    decimals: Decimals,
}

impl Default for LogReader {
    fn default() -> Self {
        Self::new(Policy::default())
    }
}

impl LogReader {
    /// A reader with a policy.
    pub fn new(policy: Policy) -> Self {
        Self {
            names: ColumnNames::default(),
            policy,
            roles: None,
            rows: 0,
            set_aside: 0,
            tally: Tally::default(),
            customers: Dictionary::default(),
            orders: Dictionary::default(),
            items: Dictionary::default(),
            days: Sums::default(),
            day_cells: Vec::new(),
            order_codes: Sums::default(),
            order_cells: Vec::new(),
            last: None,
            lines: None,
            seen: HashSet::default(),
            hashers: [DefaultHashBuilder::default(), DefaultHashBuilder::default()],
            first_rows: Vec::new(),
            decimals: Decimals::default(),
        }
    }

    /// Sets the names by which errors and the intake call the columns.
    #[must_use]
    pub fn names(mut self, names: ColumnNames) -> Self {
        self.customers = Dictionary::new(&names.customer);
        self.orders = Dictionary::new(&names.order);
        self.items = Dictionary::new(&names.item);
        self.names = names;
        self
    }

    /// Also keeps the lines, so that the log can give baskets.
    #[must_use]
    pub fn keep_lines(mut self) -> Self {
        self.lines = Some(Lines::default());
        self
    }

    /// Reads one line.
    pub fn push_line(&mut self, line: &Line<'_>) -> Result<()> {
        let roles = *self.roles.get_or_insert(Roles {
            amount: line.amount.is_some(),
            order: line.order.is_some(),
            item: line.item.is_some(),
            quantity: line.quantity.is_some(),
        });
        self.push(line, roles)
    }

    /// Reads a batch of columns.
    pub fn push_batch(&mut self, batch: &Batch<'_>, watch: &dyn Watch) -> Result<()> {
        for (column, found) in batch.lengths() {
            if found != batch.len() {
                return Err(Error::UnequalLength { column: column.into(), expected: batch.len(), found });
            }
        }
        let roles = Roles {
            amount: batch.amount.is_some(),
            order: batch.order.is_some(),
            item: batch.item.is_some(),
            quantity: batch.quantity.is_some(),
        };
        if *self.roles.get_or_insert(roles) != roles {
            return Err(Error::parameter(
                "batch",
                "other columns",
                "the same columns in every batch of a log",
            ));
        }
        for row in 0..batch.len() {
            if row % ROWS_A_CHECK == 0 {
                watch.check()?;
            }
            self.push(&batch.line(row), roles)?;
        }
        Ok(())
    }

    fn push(&mut self, line: &Line<'_>, roles: Roles) -> Result<()> {
        let row = self.rows;
        self.rows += 1;
        let mut aside = false;
        let mut note = |tally: &mut Tally, reason| {
            tally.note(reason, row);
            // A refused reason sets the row aside for now; `finish` turns it into an error.
            aside |= treatment(reason, self.policy) != Ok(Treatment::Kept);
        };
        let tally = &mut self.tally;
        if line.customer.is_none() {
            note(tally, Reason::MissingCustomer);
        }
        if line.time.is_none() {
            note(tally, Reason::MissingTime);
        }
        if roles.amount && line.amount.is_none_or(f64::is_nan) {
            note(tally, Reason::MissingAmount);
        }
        if roles.order && line.order.is_none() {
            note(tally, Reason::MissingOrder);
        }
        if roles.item && line.item.is_none() {
            note(tally, Reason::MissingItem);
        }
        let too_large = |x: Option<f64>| x.is_some_and(|x| x.abs() > ExactSum::MAX_TERM);
        if too_large(line.amount) || too_large(line.quantity) {
            note(tally, Reason::NotFinite);
        }
        let day = line.time.and_then(day_of);
        if line.time.is_some() && day.is_none() {
            note(tally, Reason::OutsideCalendar);
        }
        let amount = line.amount.unwrap_or(0.0);
        if amount < 0.0 {
            note(tally, Reason::Return);
        }
        if self.policy.duplicates != Duplicates::Ignore {
            let bits = |x: Option<f64>| x.map(f64::to_bits);
            let whole =
                (line.customer, line.time, bits(line.amount), line.order, line.item, bits(line.quantity));
            if !self.seen.insert((self.hashers[0].hash_one(whole), self.hashers[1].hash_one(whole))) {
                note(tally, Reason::Duplicate);
            }
        }
        let (Some(customer), Some(day), false) = (line.customer, day, aside) else {
            self.set_aside += 1;
            return Ok(());
        };
        self.keep(customer, day, amount, line, roles)
    }

    fn keep(&mut self, customer: Id<'_>, day: Day, amount: f64, line: &Line<'_>, roles: Roles) -> Result<()> {
        let place = self.place(customer, day, line.order.filter(|_| roles.order))?;
        let purchase = amount >= 0.0;
        let cell = &mut self.day_cells[place.day_cell as usize];
        cell.amount.add(amount)?;
        self.decimals.see(amount);
        if let Some(quantity) = line.quantity {
            cell.quantity.add(quantity)?;
        }
        cell.lines += 1;
        cell.purchase |= purchase;
        if let (Some(order), true) = (place.order, purchase) {
            let (_, since) = &mut self.order_cells[order as usize];
            *since = day.min(*since);
        }
        let basket = place.order.unwrap_or(place.day_cell);
        if let (Some(lines), Some(item), true) = (&mut self.lines, line.item, purchase) {
            lines.push(basket, self.items.code_of(item)?);
        }
        Ok(())
    }

    /// Where a line goes; the same place as the line before without looking anything up, if it is of the same
    /// customer, day and order.
    fn place(&mut self, customer: Id<'_>, day: Day, order: Option<Id<'_>>) -> Result<Place> {
        if let Some(last) = self.last.filter(|last| last.day == day) {
            let same_customer = self.customers.labels().get(last.customer) == Some(customer);
            let known_order = last.order_label.and_then(|code| self.orders.labels().get(code));
            if same_customer && known_order == order {
                return Ok(last);
            }
        }
        let customer = self.customers.code_of(customer)?;
        if customer as usize == self.first_rows.len() {
            self.first_rows.push(self.rows - 1);
        }
        let next = self.day_cells.len() as u32;
        let day_cell = *self.days.entry((customer, day)).or_insert(next);
        if day_cell == next {
            self.day_cells.push(DayCell::new(customer, day));
        }
        let order_label = order.map(|order| self.orders.code_of(order)).transpose()?;
        let order = order_label.map(|label| {
            let next = self.order_cells.len() as u32;
            let code = *self.order_codes.entry((customer, label)).or_insert(next);
            if code == next {
                self.order_cells.push((customer, Day::MAX));
            }
            code
        });
        let place = Place { customer, day, day_cell, order_label, order };
        self.last = Some(place);
        Ok(place)
    }

    /// Ends the reading; an error if the policy refuses what was read.
    pub fn finish(self) -> Result<TransactionLog> {
        let Self { names, policy, rows, set_aside, mut tally, .. } = self;
        let roles = self.roles.unwrap_or_default();
        let (labels, place) = self.customers.into_sorted();
        let mut first_row = vec![0; labels.len()];
        for (old, &new) in place.iter().enumerate() {
            first_row[new as usize] = self.first_rows[old];
        }
        let mut orders_begun: Sums<(u32, Day), u32> = Sums::default();
        for &(customer, day) in &self.order_cells {
            *orders_begun.entry((place[customer as usize], day)).or_default() += 1;
        }
        let owner = |customer: u32, day| (place[customer as usize], day);
        let mut owners: Vec<(u32, Day)> = match (&self.lines, roles.order) {
            (None, _) => Vec::new(),
            (Some(_), true) => self.order_cells.iter().map(|&(customer, day)| owner(customer, day)).collect(),
            (Some(_), false) => self.day_cells.iter().map(|cell| owner(cell.customer, cell.day)).collect(),
        };
        let mut days: Vec<PurchaseDay> = self
            .day_cells
            .into_iter()
            .map(|cell| {
                let (customer, day) = (place[cell.customer as usize], cell.day);
                let orders = if roles.order {
                    orders_begun.get(&(customer, day)).copied().unwrap_or(0)
                } else {
                    u32::from(cell.purchase)
                };
                PurchaseDay {
                    customer,
                    day,
                    purchase: cell.purchase,
                    orders,
                    lines: cell.lines,
                    amount: cell.amount,
                    quantity: cell.quantity,
                }
            })
            .collect();
        days.sort_unstable_by_key(|d| (d.customer, d.day));
        let returns_only = Purchases::customers_without_purchase(&days, labels.len());
        let mut rows_without_purchase = 0;
        for &customer in &returns_only {
            let rows = Purchases::days_of(&days, customer).iter().map(|d| d.lines).sum();
            tally.note_many(Reason::ReturnWithoutPurchase, first_row[customer as usize], rows);
            rows_without_purchase += rows;
        }
        let entries = tally.entries(policy, |reason| match reason {
            Reason::MissingCustomer => names.customer.clone(),
            Reason::MissingTime | Reason::OutsideCalendar => names.time.clone(),
            Reason::MissingOrder => names.order.clone(),
            Reason::MissingItem => names.item.clone(),
            _ => names.amount.clone(),
        })?;
        let purchases =
            Purchases::new(labels, days, &returns_only, roles.amount, roles.quantity, self.decimals);
        let rows_kept = rows - set_aside - rows_without_purchase;
        if purchases.is_empty() && rows_kept + rows_without_purchase > 0 {
            return Err(Error::NotEnoughData {
                what: format!("purchases: all {} rows kept are returns", rows_kept + rows_without_purchase),
                found: 0,
                needed: 1,
                mend: format!("check the sign of column '{}'", names.amount),
            });
        }
        let intake = Intake {
            policy,
            rows_read: rows,
            rows_kept,
            entries,
            customers: purchases.ids().len() as u64,
            orders: purchases.orders(),
            days: purchases.span(),
            total: purchases.total()?,
        };
        // Customers without a purchase have no number among the others, and no lines that were kept.
        for (customer, _) in &mut owners {
            *customer -= returns_only.partition_point(|without| without < customer) as u32;
        }
        let (items, item_place) = self.items.into_sorted();
        let lines = self.lines.map(|lines| lines.finish(roles.item, items, &item_place, owners));
        Ok(TransactionLog { intake, purchases, lines })
    }
}

/// Where a line goes.
#[derive(Debug, Clone, Copy)]
struct Place {
    customer: u32,
    day: Day,
    day_cell: u32,
    /// Code of the order's id.
    order_label: Option<u32>,
    /// Code of the customer's order.
    order: Option<u32>,
}

/// What is known of a customer's day while reading.
#[derive(Debug, Clone)]
struct DayCell {
    customer: u32,
    day: Day,
    purchase: bool,
    lines: u64,
    amount: ExactSum,
    quantity: ExactSum,
}

impl DayCell {
    fn new(customer: u32, day: Day) -> Self {
        let (amount, quantity) = (ExactSum::default(), ExactSum::default());
        Self { customer, day, purchase: false, lines: 0, amount, quantity }
    }
}
