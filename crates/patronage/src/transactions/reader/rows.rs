//! The lines of a plain log, one that has customers, times and amounts alone: packed, sorted, and added up by
//! customer and day.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::batch::Batch;
use super::super::calendar::Day;
use super::super::ids::{Dictionary, Id, IdColumn, Labels};
use super::super::packed::Packed;
use super::super::purchases::PurchaseDay;
use super::super::sorting::sort;
use super::repeats::Repeats;
use crate::error::Result;
use crate::watch::Watch;

/// Lines between two looks at the watch.
const STRIDE: usize = 1 << 16;
/// Lines that are read before they are first added up.
const LINES_AT_LEAST: usize = 1 << 19;
/// No code.
pub(super) const NONE: u32 = u32::MAX;

/// What is kept of a plain log. Where equal lines are not looked for, lines are added up as they come, so that memory
/// grows with the days of purchase.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    column: String,
    /// Customers whose ids are integers near each other are coded by their distance from `base`: nothing is looked up.
    base: Option<i64>,
    /// The codes of all customers, once there was another kind of id.
    dictionary: Option<Dictionary>,
    lines: Vec<Packed>,
    /// What several lines of a customer and day add up to.
    more: Vec<PurchaseDay>,
    /// Of each customer who returned something, the first row that did.
    first_return: FxHashMap<u32, u64>,
    /// Lines at which they are added up.
    limit: usize,
    pub repeats: Option<Repeats>,
}

/// What is known at the end: the customers' ids in order, the days in order, and what several lines add up to.
pub(super) struct Sorted {
    pub labels: Labels,
    pub days: Vec<Packed>,
    pub more: Vec<PurchaseDay>,
    pub first_return: FxHashMap<u32, u64>,
    /// Number of equal lines, and the first of them.
    pub repeated: Option<(u64, u64)>,
}

impl Rows {
    pub fn new(column: &str, count_repeats: bool) -> Self {
        Self {
            column: column.into(),
            base: None,
            dictionary: None,
            lines: Vec::new(),
            more: Vec::new(),
            first_return: FxHashMap::default(),
            limit: LINES_AT_LEAST,
            repeats: count_repeats.then(Repeats::default),
        }
    }

    /// The codes of the customers of some rows; [`NONE`] for those without one.
    pub fn code(
        &mut self,
        batch: &Batch<'_>,
        rows: Range<usize>,
        known: &mut Vec<u32>,
        codes: &mut Vec<u32>,
    ) -> Result<()> {
        let by_distance = self.dictionary.is_none();
        self.code_with(batch, rows.clone(), known, codes)?;
        if by_distance && self.dictionary.is_some() {
            // An id was far from the others: now all of them have other codes.
            self.code_with(batch, rows, known, codes)?;
        }
        Ok(())
    }

    fn code_with(
        &mut self,
        batch: &Batch<'_>,
        rows: Range<usize>,
        known: &mut Vec<u32>,
        codes: &mut Vec<u32>,
    ) -> Result<()> {
        codes.clear();
        match &batch.customer {
            IdColumn::Ints(ids) => {
                let ids = &ids[rows];
                if self.dictionary.is_none() {
                    let base = *self.base.get_or_insert_with(|| base_of(ids[0]));
                    codes.extend(ids.iter().map(|&id| distance(base, id).unwrap_or(NONE)));
                    if !codes.contains(&NONE) {
                        return Ok(());
                    }
                    codes.clear();
                }
                for &id in ids {
                    codes.push(self.code_of(Id::Int(id))?);
                }
            }
            IdColumn::Coded { codes: places, texts } => {
                known.resize(texts.len(), NONE);
                for &place in &places[rows] {
                    codes.push(match texts.get(place as usize).copied().flatten() {
                        None => NONE,
                        Some(text) => {
                            if known[place as usize] == NONE {
                                known[place as usize] = self.code_of(Id::Text(text))?;
                            }
                            known[place as usize]
                        }
                    });
                }
            }
            column => {
                let mut last = (None, NONE);
                for id in rows.map(|row| column.get(row)) {
                    if last.0 != id {
                        last = (id, id.map_or(Ok(NONE), |id| self.code_of(id))?);
                    }
                    codes.push(last.1);
                }
            }
        }
        Ok(())
    }

    /// The code of a customer.
    pub fn code_of(&mut self, id: Id<'_>) -> Result<u32> {
        if let (None, Id::Int(number)) = (&self.dictionary, id)
            && let Some(code) = distance(*self.base.get_or_insert_with(|| base_of(number)), number)
        {
            return Ok(code);
        }
        self.dictionary()?.code_of(id)
    }

    /// The dictionary of the customers; those who were coded by their distance go there.
    fn dictionary(&mut self) -> Result<&mut Dictionary> {
        if self.dictionary.is_none() {
            let (mut dictionary, base) = (Dictionary::new(&self.column), self.base.unwrap_or(0));
            for line in &mut self.lines {
                let code = dictionary.code_of(base + i64::from(line.customer()))?;
                *line = line.with_customer(code);
            }
            for (distance, row) in std::mem::take(&mut self.first_return) {
                self.first_return.insert(dictionary.code_of(base + i64::from(distance))?, row);
            }
            self.dictionary = Some(dictionary);
        }
        Ok(self.dictionary.get_or_insert_default())
    }

    /// Keeps a line; `time` is that of the day, in microseconds.
    pub fn push(&mut self, row: u64, customer: u32, day: Day, time: u64, amount: f64) {
        if amount < 0.0 {
            self.first_return.entry(customer).or_insert(row);
        }
        if let Some(repeats) = &mut self.repeats {
            repeats.push(self.lines.len(), time);
        }
        self.lines.push(Packed::line(customer, day, amount));
    }

    /// Adds up what has come, if it is much.
    pub fn settle(&mut self, watch: &dyn Watch) -> Result<()> {
        if self.lines.len() < self.limit || self.repeats.is_some() {
            return Ok(());
        }
        let before = self.lines.len();
        sort(&mut self.lines, watch)?;
        add_up(&mut self.lines, &mut self.more, watch)?;
        // Lines that do not add up are left alone for a while.
        let often = if self.lines.len() < before / 2 { 4 } else { 16 };
        self.limit = (self.lines.len() * often).max(LINES_AT_LEAST);
        Ok(())
    }

    pub fn finish(mut self, watch: &dyn Watch) -> Result<Sorted> {
        let coded = self.dictionary.map(Dictionary::into_sorted);
        if let Some((_, place)) = &coded {
            for lines in self.lines.chunks_mut(STRIDE) {
                watch.check()?;
                for line in lines {
                    *line = line.with_customer(place[line.customer() as usize]);
                }
            }
        }
        let (mut days, mut repeated) = (self.lines, None);
        let as_read = if days.is_sorted() { None } else { Some(sort(&mut days, watch)?) };
        if let Some(repeats) = &self.repeats {
            repeated = repeats.count(as_read.as_deref().unwrap_or(&days), &days, watch)?;
        }
        drop(as_read);
        add_up(&mut days, &mut self.more, watch)?;
        let (labels, first_return) = if let Some((labels, place)) = coded {
            let placed = |(code, row): (u32, u64)| (place[code as usize], row);
            (labels, self.first_return.into_iter().map(placed).collect())
        } else {
            let (distances, returned) = numbered(&mut days, &self.first_return, watch)?;
            let base = self.base.unwrap_or(0);
            (Labels::Ints(distances.into_iter().map(|d| base + i64::from(d)).collect()), returned)
        };
        Ok(Sorted { labels, days, more: self.more, first_return, repeated })
    }
}

/// Puts in place of the codes of sorted days their places among the codes, which are returned in order; the same of
/// the customers who returned something.
fn numbered(
    days: &mut [Packed],
    first_return: &FxHashMap<u32, u64>,
    watch: &dyn Watch,
) -> Result<(Vec<u32>, FxHashMap<u32, u64>)> {
    let (mut codes, mut returned) = (Vec::new(), FxHashMap::default());
    for days in days.chunks_mut(STRIDE) {
        watch.check()?;
        for day in days {
            let code = day.customer();
            if codes.last() != Some(&code) {
                if let Some(&row) = first_return.get(&code) {
                    returned.insert(codes.len() as u32, row);
                }
                codes.push(code);
            }
            *day = day.with_customer(codes.len() as u32 - 1);
        }
    }
    Ok((codes, returned))
}

/// Adds up sorted lines, so that each customer and day is there once.
fn add_up(lines: &mut Vec<Packed>, more: &mut Vec<PurchaseDay>, watch: &dyn Watch) -> Result<()> {
    let (mut kept, mut start) = (0, 0);
    while start < lines.len() {
        if start % STRIDE == 0 {
            watch.check()?;
        }
        let line = lines[start];
        let same = lines[start + 1..].iter().take_while(|next| next.key() == line.key()).count();
        if same == 0 {
            // Most lines stay where they are: nothing is written.
            if kept != start {
                lines[kept] = line;
            }
        } else {
            // A place stands after all amounts, so that the last line has it if there is one.
            let last = lines[start + same];
            let place = last.what().err().unwrap_or(more.len());
            if place == more.len() {
                more.push(PurchaseDay::nothing(line.day()));
            }
            for line in &lines[start..=start + same] {
                let other = match line.what() {
                    Ok(amount) => PurchaseDay::line(line.day(), amount),
                    Err(own) if own == place => continue,
                    Err(other) => more[other],
                };
                more[place].add(&other)?;
            }
            lines[kept] = Packed::place(line.customer(), line.day(), place);
        }
        kept += 1;
        start += same + 1;
    }
    lines.truncate(kept);
    Ok(())
}

fn base_of(first: i64) -> i64 {
    // No distance wraps around: base + u32::MAX is an integer too.
    first.saturating_sub(1 << 31).min(i64::MAX - i64::from(u32::MAX))
}

fn distance(base: i64, id: i64) -> Option<u32> {
    u32::try_from(id.wrapping_sub(base) as u64).ok().filter(|&distance| distance != NONE)
}
