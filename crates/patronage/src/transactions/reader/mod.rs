//! Reads a log line by line or batch by batch into days of purchase; holds the customers and their days, not
//! the lines.

mod cells;
mod repeats;
mod rows;

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashSet};
use rustc_hash::FxBuildHasher;

use self::cells::{Cells, Filled};
use self::rows::{Rows, Sorted};
use super::batch::{Batch, Line, day_of, time_of_day};
use super::calendar::Day;
use super::ids::Dictionary;
use super::intake::{Duplicates, Intake, Policy, Reason, Tally, Treatment, treatment};
use super::log::{Lines, TransactionLog};
use super::purchases::Purchases;
use crate::error::{Error, Result};
use crate::math::{Decimals, ExactSum};
use crate::watch::{Unwatched, Watch};

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

impl Roles {
    /// Whether a line is a customer, a time and perhaps an amount.
    fn are_plain(self) -> bool {
        !(self.order || self.item || self.quantity)
    }
}

/// Reads a purchase log.
///
/// The memory it needs grows with the customers, their days of purchase and their orders, not with the lines;
/// with [`LogReader::keep_lines`] it also keeps eight bytes a line, from which baskets are made. Where equal lines are
/// looked for ([`Policy::duplicates`]) it grows with the lines.
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
    known: Option<(Roles, Store)>,
    rows: u64,
    set_aside: u64,
    tally: Tally,
    items: Dictionary,
    lines: Option<Lines>,
    /// A line's fingerprint is two independent 64-bit hashes of all its columns.
    seen: HashSet<(u64, u64), FxBuildHasher>,
    hashers: [DefaultHashBuilder; 2],
    decimals: Decimals,
}

/// What is kept of the lines; a plain log needs less.
#[derive(Debug, Clone)]
enum Store {
    Rows(Box<Rows>),
    Cells(Box<Cells>),
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
            known: None,
            rows: 0,
            set_aside: 0,
            tally: Tally::default(),
            items: Dictionary::default(),
            lines: None,
            seen: HashSet::default(),
            hashers: [DefaultHashBuilder::default(), DefaultHashBuilder::default()],
            decimals: Decimals::default(),
        }
    }

    /// Sets the names by which errors and the intake call the columns.
    #[must_use]
    pub fn names(mut self, names: ColumnNames) -> Self {
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
        let roles = Roles {
            amount: line.amount.is_some(),
            order: line.order.is_some(),
            item: line.item.is_some(),
            quantity: line.quantity.is_some(),
        };
        let roles = self.know(roles);
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
        if self.know(roles) != roles {
            return Err(Error::parameter(
                "batch",
                "other columns",
                "the same columns in every batch of a log",
            ));
        }
        let mut piece = Piece::default();
        for start in (0..batch.len()).step_by(ROWS_A_CHECK) {
            watch.check()?;
            let rows = start..batch.len().min(start + ROWS_A_CHECK);
            if self.hashes_lines() || matches!(self.known, Some((_, Store::Cells(_)))) {
                for row in rows {
                    self.push(&batch.line(row), roles)?;
                }
            } else {
                self.push_plain(batch, rows, roles, &mut piece)?;
                self.settle(watch)?;
            }
        }
        Ok(())
    }

    /// The columns of the log, which are those of the first line or batch.
    fn know(&mut self, roles: Roles) -> Roles {
        let Self { names, policy, lines, known, .. } = self;
        let (roles, _) = known.get_or_insert_with(|| {
            let store = if roles.are_plain() && lines.is_none() {
                let count_repeats = policy.duplicates == Duplicates::Keep;
                Store::Rows(Box::new(Rows::new(&names.customer, count_repeats)))
            } else {
                Store::Cells(Box::new(Cells::new(&names.customer, &names.order)))
            };
            (roles, store)
        });
        *roles
    }

    /// Whether equal lines are found by their hashes as they come; a plain log counts them when it is sorted.
    fn hashes_lines(&self) -> bool {
        match self.policy.duplicates {
            Duplicates::Ignore => false,
            Duplicates::Keep => !matches!(&self.known, Some((_, Store::Rows(_)))),
            Duplicates::Drop | Duplicates::Error => true,
        }
    }

    /// Reads some rows of a plain log: those in order at once, the others one by one.
    fn push_plain(
        &mut self,
        batch: &Batch<'_>,
        rows: Range<usize>,
        roles: Roles,
        piece: &mut Piece,
    ) -> Result<()> {
        let Some((_, Store::Rows(store))) = &mut self.known else { return Ok(()) };
        let Piece { texts, codes, days } = piece;
        store.code(batch, rows.clone(), texts, codes)?;
        batch.time.days(rows.clone(), days);
        let amounts = batch.amount.as_ref().map(|amounts| &amounts[rows.clone()]);
        for (i, row) in rows.enumerate() {
            let Some((_, Store::Rows(store))) = &mut self.known else { return Ok(()) };
            let (customer, day) = (codes[i], days[i]);
            let amount = amounts.map_or(0.0, |amounts| amounts[i]);
            // NaN is in no range.
            let fine = (0.0..=ExactSum::MAX_TERM).contains(&amount);
            if fine && customer != rows::NONE && day != Day::MIN {
                let time = if store.repeats.is_some() { batch.time.time_of_day(row) } else { 0 };
                store.push(self.rows, customer, day, time, amount);
                self.decimals.see(amount);
                self.rows += 1;
            } else {
                self.push(&batch.line(row), roles)?;
            }
        }
        Ok(())
    }

    fn settle(&mut self, watch: &dyn Watch) -> Result<()> {
        match &mut self.known {
            Some((_, Store::Rows(rows))) => rows.settle(watch),
            _ => Ok(()),
        }
    }

    fn push(&mut self, line: &Line<'_>, roles: Roles) -> Result<()> {
        let (row, hashes_lines) = (self.rows, self.hashes_lines());
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
        if hashes_lines || (aside && self.policy.duplicates != Duplicates::Ignore) {
            let bits = |x: Option<f64>| x.map(f64::to_bits);
            let whole =
                (line.customer, line.time, bits(line.amount), line.order, line.item, bits(line.quantity));
            if !self.seen.insert((self.hashers[0].hash_one(whole), self.hashers[1].hash_one(whole))) {
                tally.note(Reason::Duplicate, row);
                aside |= treatment(Reason::Duplicate, self.policy) != Ok(Treatment::Kept);
            }
        }
        let (Some(customer), Some(day), false) = (line.customer, day, aside) else {
            self.set_aside += 1;
            if let Some((_, Store::Rows(rows))) = &mut self.known
                && let Some(repeats) = &mut rows.repeats
            {
                repeats.set_aside(row);
            }
            return Ok(());
        };
        self.decimals.see(amount);
        match &mut self.known {
            Some((_, Store::Rows(rows))) => {
                let customer = rows.code_of(customer)?;
                rows.push(row, customer, day, line.time.map_or(0, time_of_day), amount);
            }
            Some((_, Store::Cells(cells))) => {
                let order = line.order.filter(|_| roles.order);
                let basket = cells.keep(row, customer, day, amount, line, order)?;
                if let (Some(lines), Some(item), true) = (&mut self.lines, line.item, amount >= 0.0) {
                    lines.push(basket, self.items.code_of(item)?);
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Ends the reading; an error if the policy refuses what was read.
    pub fn finish(self) -> Result<TransactionLog> {
        self.finish_watched(&Unwatched)
    }

    /// Ends the reading, and hears that it should stop.
    pub fn finish_watched(self, watch: &dyn Watch) -> Result<TransactionLog> {
        let Self { names, policy, rows, set_aside, mut tally, .. } = self;
        let (roles, store) = self
            .known
            .unwrap_or_else(|| (Roles::default(), Store::Rows(Box::new(Rows::new(&names.customer, false)))));
        let (purchases, without, baskets);
        match store {
            Store::Rows(rows) => {
                let Sorted { labels, days, more, first_return, repeated } = rows.finish(watch)?;
                if let Some((count, first)) = repeated {
                    tally.note_many(Reason::Duplicate, first, count);
                }
                (purchases, without) = Purchases::new(labels, days, more, watch)?;
                for &(customer, rows) in &without {
                    // The first row of a customer who bought nothing is a return.
                    let first = first_return.get(&customer).copied().unwrap_or(0);
                    tally.note_many(Reason::ReturnWithoutPurchase, first, rows);
                }
                baskets = Vec::new();
            }
            Store::Cells(cells) => {
                let filled = cells.finish(roles.order, self.lines.is_some(), watch)?;
                let Filled { labels, days, more, first_row, baskets: of } = filled;
                (purchases, without) = Purchases::new(labels, days, more, watch)?;
                for &(customer, rows) in &without {
                    tally.note_many(Reason::ReturnWithoutPurchase, first_row[customer as usize], rows);
                }
                baskets = of;
            }
        }
        let purchases = purchases.with(roles.amount, roles.quantity, self.decimals);
        let rows_without_purchase: u64 = without.iter().map(|&(_, rows)| rows).sum();
        let entries = tally.entries(policy, |reason| match reason {
            Reason::MissingCustomer => names.customer.clone(),
            Reason::MissingTime | Reason::OutsideCalendar => names.time.clone(),
            Reason::MissingOrder => names.order.clone(),
            Reason::MissingItem => names.item.clone(),
            _ => names.amount.clone(),
        })?;
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
            total: purchases.total(),
        };
        // Customers without a purchase have no number among the others, and no lines that were kept.
        let mut owners = baskets;
        for (customer, _) in &mut owners {
            *customer -= without.partition_point(|(without, _)| without < customer) as u32;
        }
        let (items, item_place) = self.items.into_sorted();
        let lines = self.lines.map(|lines| lines.finish(roles.item, items, &item_place, owners));
        Ok(TransactionLog { intake, purchases, lines })
    }
}

/// What is made of some rows of a batch.
#[derive(Default)]
struct Piece {
    /// The codes of the texts of a batch whose ids are places in a list.
    texts: Vec<u32>,
    codes: Vec<u32>,
    days: Vec<Day>,
}
