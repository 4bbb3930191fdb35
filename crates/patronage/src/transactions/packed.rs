//! A line of a log as one number: customer, day and amount, in the order in which they are sorted.

use super::calendar::Day;
use super::purchases::PurchaseDay;

/// A line, or a reference to what several lines of a customer and day, or an order, add up to.
///
/// From the top: 32 bits of the customer's code, 32 of the day (its sign turned, so that earlier days are smaller),
/// 64 of the amount. An amount is never NaN: NaN with a number in its lower bits is a place in a list beside.
/// Sorting the numbers brings the lines of a customer and day together, and equal lines next to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Packed(pub u128);

const PLACE: u64 = 0xfff8 << 48;

impl Packed {
    pub fn line(customer: u32, day: Day, amount: f64) -> Self {
        Self::new(customer, day, amount.to_bits())
    }

    pub fn place(customer: u32, day: Day, place: usize) -> Self {
        Self::new(customer, day, PLACE | place as u64)
    }

    fn new(customer: u32, day: Day, what: u64) -> Self {
        let day = day as u32 ^ 1 << 31;
        Self(u128::from(customer) << 96 | u128::from(day) << 64 | u128::from(what))
    }

    pub fn customer(self) -> u32 {
        (self.0 >> 96) as u32
    }

    #[must_use]
    pub fn with_customer(self, customer: u32) -> Self {
        Self(u128::from(customer) << 96 | self.0 & (u128::MAX >> 32))
    }

    pub fn day(self) -> Day {
        ((self.0 >> 64) as u32 ^ 1 << 31) as Day
    }

    /// Customer and day.
    pub fn key(self) -> u64 {
        (self.0 >> 64) as u64
    }

    /// The amount of a single line, or where several stand.
    pub fn what(self) -> Result<f64, usize> {
        let what = self.0 as u64;
        let amount = f64::from_bits(what);
        if amount.is_nan() { Err((what ^ PLACE) as usize) } else { Ok(amount) }
    }
}

/// Days of one customer, or of all, in order.
#[derive(Debug, Clone, Copy)]
pub struct Days<'a> {
    pub(super) days: &'a [Packed],
    pub(super) more: &'a [PurchaseDay],
}

impl<'a> Days<'a> {
    /// Number of days.
    pub fn len(self) -> usize {
        self.days.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.days.is_empty()
    }

    /// The days, one after the other.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = PurchaseDay> + Clone + 'a {
        self.days.iter().map(move |&day| self.unpacked(day))
    }

    /// The days up to the end of one, and those after it.
    #[must_use]
    pub fn split_after(self, last: Day) -> (Self, Self) {
        if self.days.last().is_none_or(|day| day.day() <= last) {
            return (self, Self { days: &[], ..self });
        }
        let (before, after) = self.days.split_at(self.days.partition_point(|d| d.day() <= last));
        (Self { days: before, ..self }, Self { days: after, ..self })
    }

    /// The first day with a purchase.
    pub fn first_purchase(self) -> Option<Day> {
        self.iter().find(|d| d.purchase).map(|d| d.day)
    }

    fn unpacked(self, day: Packed) -> PurchaseDay {
        match day.what() {
            Err(place) => self.more[place],
            Ok(amount) => PurchaseDay { customer: day.customer(), ..PurchaseDay::line(day.day(), amount) },
        }
    }
}
