//! Sequences: what each customer bought, basket after basket, coded and packed.

mod reader;

use serde::{Deserialize, Serialize};

pub use self::reader::{SequenceReader, WhenColumn};
use super::ids::{Dictionary, Id, Labels};
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// What parts one basket of a customer from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Grain {
    /// The day: all that a customer bought on one day is one basket. Times are days since 1970-01-01.
    #[default]
    Day,
    /// The moment: lines with the same timestamp are one basket. Times are microseconds since 1970-01-01.
    Moment,
    /// The step: a number that says which basket comes before which. Times are these numbers.
    Step,
}

impl Grain {
    /// All grains.
    pub const ALL: [Self; 3] = [Self::Day, Self::Moment, Self::Step];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Moment => "moment",
            Self::Step => "step",
        }
    }

    /// How much the time of a basket grows in a day, or in a step where baskets are only numbered.
    pub const fn unit(self) -> i64 {
        match self {
            Self::Day | Self::Step => 1,
            Self::Moment => 86_400_000_000,
        }
    }
}

/// Customers, each with baskets in the order of time.
///
/// An item that a basket holds twice counts once, and is counted in [`Sequences::repeated`]. A customer without a
/// basket counts among all customers.
///
/// ```
/// use patronage::transactions::Sequences;
/// let sequences = Sequences::from_lists([
///     vec![vec!["tea"], vec!["milk", "tea"]],
///     vec![vec!["milk", "milk"]],
/// ])?;
/// assert_eq!((sequences.len(), sequences.n_baskets(), sequences.repeated()), (2, 3, 1));
/// assert_eq!(sequences.baskets_of(0), 0..2);
/// assert_eq!(sequences.basket(1), [0, 1]); // milk and tea: codes follow the order of the ids
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Sequences {
    grain: Grain,
    customers: Labels,
    /// Where the baskets of each customer begin; one more at the end.
    starts: Vec<u32>,
    /// When each basket was bought.
    times: Vec<i64>,
    /// Where the items of each basket begin; one more at the end.
    offsets: Vec<u64>,
    codes: Vec<u32>,
    items: Labels,
    repeated: u64,
}

/// A line: who, when, what. Customers and items are coded in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub customer: u32,
    pub time: i64,
    pub item: u32,
}

impl Sequences {
    /// The largest number of baskets, and of customers.
    pub const MAX_LEN: u64 = u32::MAX as u64 - 1;

    /// From lists: a list of baskets a customer, in the order of time; customers and baskets are numbered from 0. A
    /// basket without items is passed over, but its number is not given to another.
    ///
    /// # Errors
    /// Items that are partly integers and partly strings; more than [`Sequences::MAX_LEN`] customers or baskets.
    pub fn from_lists<'a, L, C, B, I>(lists: L) -> Result<Self>
    where
        L: IntoIterator<Item = C>,
        C: IntoIterator<Item = B>,
        B: IntoIterator<Item = I>,
        I: Into<Id<'a>>,
    {
        let mut items = Dictionary::new("item");
        let (mut rows, mut n) = (Vec::new(), 0_u32);
        for customer in lists {
            for (time, basket) in (0..).zip(customer) {
                for item in basket {
                    rows.push(Row { customer: n, time, item: items.code_of(item)? });
                }
            }
            n = n.checked_add(1).filter(|&n| u64::from(n) <= Self::MAX_LEN).ok_or_else(too_many)?;
        }
        let (labels, place) = items.into_sorted();
        rows.iter_mut().for_each(|row| row.item = place[row.item as usize]);
        let customers = Labels::Ints((0..i64::from(n)).collect());
        Self::from_rows(Grain::Step, customers, labels, rows, &Unwatched)
    }

    /// Sorts coded rows into baskets. Codes must lie within the labels.
    pub(super) fn from_rows(
        grain: Grain,
        customers: Labels,
        items: Labels,
        rows: Vec<Row>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let n_rows = rows.len();
        let (mut starts, mut times, mut offsets) = (vec![0], Vec::new(), vec![0]);
        let mut codes = Vec::with_capacity(n_rows);
        let (rows, ends) = by_customer(rows, customers.len(), watch)?;
        for (customer, &end) in (0..).zip(&ends) {
            if customer % (1 << 10) == 0 {
                watch.check()?;
            }
            let mine = &rows[if customer == 0 { 0 } else { ends[customer - 1] }..end];
            for line in mine.chunk_by(|a, b| a.time == b.time) {
                times.push(line[0].time);
                let first = codes.len();
                for row in line {
                    if codes.len() == first || codes.last() != Some(&row.item) {
                        codes.push(row.item);
                    }
                }
                offsets.push(codes.len() as u64);
            }
            if times.len() as u64 > Self::MAX_LEN {
                return Err(too_many());
            }
            starts.push(times.len() as u32);
        }
        let repeated = (n_rows - codes.len()) as u64;
        Ok(Self { grain, customers, starts, times, offsets, codes, items, repeated })
    }

    /// Number of customers.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are no customers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What parts one basket of a customer from the next.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// Number of baskets of all customers.
    pub fn n_baskets(&self) -> usize {
        self.times.len()
    }

    /// The id of each customer.
    pub fn customers(&self) -> &Labels {
        &self.customers
    }

    /// The id of each item code.
    pub fn items(&self) -> &Labels {
        &self.items
    }

    /// How many lines were dropped because their basket held the item already.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// The numbers of a customer's baskets, in the order of time; none if the customer does not exist.
    pub fn baskets_of(&self, customer: usize) -> std::ops::Range<usize> {
        match (self.starts.get(customer), self.starts.get(customer.saturating_add(1))) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// The items of a basket as codes, ascending; nothing if the basket does not exist.
    pub fn basket(&self, basket: usize) -> &[u32] {
        match (self.offsets.get(basket), self.offsets.get(basket.saturating_add(1))) {
            (Some(&start), Some(&end)) => &self.codes[start as usize..end as usize],
            _ => &[],
        }
    }

    /// When each basket was bought, in the unit of the grain.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// The item codes of all baskets, one basket after the other.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }
}

/// The rows of each customer together, in the order of time and item, and where each customer's rows end.
fn by_customer(rows: Vec<Row>, n_customers: usize, watch: &dyn Watch) -> Result<(Vec<Row>, Vec<usize>)> {
    // The places first count the rows of the customer before, then move on as they are filled.
    let mut places = vec![0_usize; n_customers + 1];
    for some in rows.chunks(STRIDE) {
        watch.check()?;
        some.iter().for_each(|row| places[row.customer as usize + 1] += 1);
    }
    for customer in 0..n_customers {
        places[customer + 1] += places[customer];
    }
    let mut sorted = vec![Row { customer: 0, time: 0, item: 0 }; rows.len()];
    for some in rows.chunks(STRIDE) {
        watch.check()?;
        for &row in some {
            let place = &mut places[row.customer as usize];
            sorted[*place] = row;
            *place += 1;
        }
    }
    places.truncate(n_customers);
    let mut start = 0;
    for (customer, &end) in places.iter().enumerate() {
        if customer % (1 << 10) == 0 {
            watch.check()?;
        }
        sorted[start..end].sort_unstable_by_key(|row| (row.time, row.item));
        start = end;
    }
    Ok((sorted, places))
}

fn too_many() -> Error {
    Error::LimitExceeded {
        what: "the number of customers or baskets".into(),
        limit: Sequences::MAX_LEN,
        mend: "split the log by customers".into(),
    }
}

/// What is written, checked when it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    grain: Grain,
    customers: Labels,
    starts: Vec<u32>,
    times: Vec<i64>,
    offsets: Vec<u64>,
    codes: Vec<u32>,
    items: Labels,
    repeated: u64,
}

impl TryFrom<Stored> for Sequences {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        let wrong =
            |problem: &str| Err(Error::InvalidModel { what: "sequences".into(), problem: problem.into() });
        let starts_fit = s.starts.len() == s.customers.len() + 1
            && s.starts.first() == Some(&0)
            && s.starts.last().map(|&end| end as usize) == Some(s.times.len())
            && s.starts.is_sorted();
        let offsets_fit = s.offsets.len() == s.times.len() + 1
            && s.offsets.first() == Some(&0)
            && s.offsets.last() == Some(&(s.codes.len() as u64))
            && s.offsets.is_sorted_by(|a, b| a < b);
        if !starts_fit || !offsets_fit {
            return wrong("columns that do not belong together");
        }
        if s.starts.windows(2).any(|w| !s.times[w[0] as usize..w[1] as usize].is_sorted_by(|a, b| a < b)) {
            return wrong("baskets that are not in the order of time");
        }
        let baskets = || s.offsets.windows(2).map(|w| &s.codes[w[0] as usize..w[1] as usize]);
        if baskets().any(|basket| !basket.is_sorted_by(|a, b| a < b)) {
            return wrong("a basket whose items are not in order");
        }
        if s.codes.iter().any(|&code| code as usize >= s.items.len()) {
            return wrong("an item without a label");
        }
        let Stored { grain, customers, starts, times, offsets, codes, items, repeated } = s;
        Ok(Self { grain, customers, starts, times, offsets, codes, items, repeated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transactions::{IdColumn, Line, Policy, TimeColumn, TransactionLog};

    #[test]
    fn every_way_in_gives_the_same_baskets() {
        let lists = Sequences::from_lists([vec![vec!["b", "a"], vec![], vec!["a", "a"]], vec![]]).unwrap();
        assert_eq!((lists.len(), lists.n_baskets(), lists.repeated()), (2, 2, 1));
        assert_eq!(lists.times(), [0, 2]);
        let mut reader = SequenceReader::new("who", "when", "what", Grain::Day);
        let when = WhenColumn::Steps(IdColumn::Ints(&[2, 0, 2, 0]));
        let what = IdColumn::Texts(vec![Some("a"), Some("b"), Some("a"), Some("a")]);
        reader.push(&IdColumn::Ints(&[0; 4]), &when, &what, &Unwatched).unwrap();
        let table = reader.finish(&Unwatched).unwrap();
        assert_eq!(table.grain(), Grain::Step);
        assert_eq!((table.times(), table.codes()), (lists.times(), lists.codes()));
        let stored = serde_json::to_string(&lists).unwrap();
        assert_eq!(serde_json::from_str::<Sequences>(&stored).unwrap(), lists);
        assert!(serde_json::from_str::<Sequences>(&stored.replace("[0,2]", "[2,0]")).is_err());
    }

    #[test]
    fn days_and_moments() {
        let micros = [0, 3_600_000_000, 86_400_000_000];
        for (grain, expected) in [(Grain::Day, vec![0, 1]), (Grain::Moment, micros.to_vec())] {
            let mut reader = SequenceReader::new("who", "when", "what", grain);
            let when = WhenColumn::Times(TimeColumn::Micros(micros.as_slice().into()));
            reader.push(&IdColumn::Ints(&[7; 3]), &when, &IdColumn::Ints(&[1; 3]), &Unwatched).unwrap();
            assert_eq!(reader.finish(&Unwatched).unwrap().times(), expected);
        }
    }

    #[test]
    fn a_log_gives_a_basket_a_customer_and_day() {
        let lines = |orders: bool| {
            let at = |who: i64, day, order: i64, item| {
                let line = Line::new(who, day, 1.0).item(item);
                if orders { line.order(order) } else { line }
            };
            let back = Line { amount: Some(-1.0), ..at(2, 9, 4, "milk") };
            [at(3, 5, 2, "tea"), at(3, 1, 1, "tea"), at(3, 1, 9, "milk"), at(8, 1, 3, "milk"), back]
        };
        for orders in [false, true] {
            let log = TransactionLog::from_lines(lines(orders), Policy::default()).unwrap();
            let sequences = log.sequences(&Unwatched).unwrap();
            // Customer 2 only brought something back.
            assert_eq!(sequences.customers(), &Labels::Ints(vec![3, 8]));
            assert_eq!(sequences.times(), [1, 5, 1]);
            assert_eq!(sequences.codes(), [0, 1, 1, 0]);
            assert_eq!(sequences.baskets_of(1), 2..3);
        }
    }

    #[test]
    fn bad_input_is_named() {
        let mut reader = SequenceReader::new("who", "when", "what", Grain::Day);
        let when = WhenColumn::Times(TimeColumn::Days(&[1, i32::MIN, i32::MIN]));
        reader.push(&IdColumn::Ints(&[1; 3]), &when, &IdColumn::Ints(&[1; 3]), &Unwatched).unwrap();
        assert_eq!(
            reader.finish(&Unwatched).unwrap_err().to_string(),
            "column 'when': the time is missing in 2 row(s), first at row 1; drop these rows or give them a time"
        );
        let mut reader = SequenceReader::new("who", "when", "what", Grain::Day);
        let when = WhenColumn::Times(TimeColumn::Days(&[1]));
        assert!(reader.push(&IdColumn::Ints(&[1, 2]), &when, &IdColumn::Ints(&[1, 2]), &Unwatched).is_err());
        assert_eq!(Sequences::from_lists(Vec::<Vec<Vec<i64>>>::new()).unwrap().len(), 0);
    }
}
