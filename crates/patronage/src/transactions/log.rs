//! A purchase log that has been read.

use std::ops::Deref;
use std::sync::Arc;

use super::baskets::Baskets;
use super::batch::Line;
use super::calendar::Day;
use super::ids::Labels;
use super::intake::{Intake, Policy};
use super::places::places;
use super::purchases::Purchases;
use super::reader::LogReader;
use super::sequences::{Grain, Row, Sequences};
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

/// A purchase log, checked, coded and counted.
///
/// ```
/// use patronage::transactions::{Line, Period, Policy, TransactionLog};
/// let log = TransactionLog::from_lines(
///     [
///         Line::new("Ann", 0, 12.0).order(1).item("tea"),
///         Line::new("Ann", 0, 3.0).order(1).item("milk"),
///         Line::new("Bob", 40, 5.0).order(2).item("tea"),
///     ],
///     Policy::default(),
/// )?;
/// assert_eq!(log.intake().orders, 2);
/// assert_eq!(log.customers(None).monetary.as_deref(), Some([15.0, 5.0].as_slice()));
/// assert_eq!(log.baskets()?.len(), 2);
/// assert_eq!(log.cohorts(Period::Month, None)?.sizes, [1, 1]);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct TransactionLog {
    pub(super) intake: Intake,
    pub(super) purchases: Purchases,
    pub(super) lines: Option<Lines>,
}

impl TransactionLog {
    /// Reads lines, and keeps what baskets need.
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = Line<'a>>, policy: Policy) -> Result<Self> {
        let mut reader = LogReader::new(policy).keep_lines();
        for line in lines {
            reader.push_line(&line)?;
        }
        reader.finish()
    }

    /// What came in, what was set aside, and why.
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The baskets: what each order holds (or each customer's day, where the log has no orders), returns aside.
    ///
    /// Orders of which no line has an item are left out; the intake counts lines without an item.
    pub fn baskets(&self) -> Result<Baskets> {
        let lines = self.lines_with_items("baskets")?;
        let mut baskets = lines.baskets.clone();
        let known = places(&mut baskets, &Unwatched)?;
        Baskets::sort_in(known.len(), &baskets, lines.codes.clone(), Arc::clone(&lines.items), &Unwatched)
    }

    /// What each customer bought, day after day, returns aside: all that a customer bought on one day is one basket,
    /// as the log holds days and no hours.
    ///
    /// Customers of whom no line has an item count among all customers.
    ///
    /// # Errors
    /// The log has no items; [`Error::Cancelled`].
    pub fn sequences(&self, watch: &dyn Watch) -> Result<Sequences> {
        let lines = self.lines_with_items("sequences")?;
        let row = |(&basket, &item): (&u32, &u32)| {
            let (customer, day) = lines.owners[basket as usize];
            Row { customer, time: day.into(), item }
        };
        let rows = lines.baskets.iter().zip(&lines.codes).map(row).collect();
        Sequences::from_rows(Grain::Day, self.ids().clone(), Labels::clone(&lines.items), rows, watch)
    }

    fn lines_with_items(&self, purpose: &str) -> Result<&Lines> {
        let lines = self.lines.as_ref().filter(|lines| lines.has_items || self.is_empty());
        lines.ok_or_else(|| Error::ColumnNeeded {
            column: "item".into(),
            purpose: purpose.into(),
            mend: "give the log an item column".into(),
        })
    }
}

/// Customer tables, purchase histories and cohorts are read off the days of purchase.
impl Deref for TransactionLog {
    type Target = Purchases;

    fn deref(&self) -> &Purchases {
        &self.purchases
    }
}

/// Basket and item of each line that has an item and is no return.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    has_items: bool,
    baskets: Vec<u32>,
    codes: Vec<u32>,
    items: Arc<Labels>,
    /// Customer and day of each basket.
    owners: Vec<(u32, Day)>,
}

impl Lines {
    pub(super) fn push(&mut self, basket: u32, item: u32) {
        self.baskets.push(basket);
        self.codes.push(item);
    }

    pub(super) fn finish(
        mut self,
        has_items: bool,
        items: Labels,
        place: &[u32],
        owners: Vec<(u32, Day)>,
    ) -> Self {
        self.codes.iter_mut().for_each(|code| *code = place[*code as usize]);
        self.items = Arc::new(items);
        self.has_items = has_items;
        self.owners = owners;
        self
    }
}
