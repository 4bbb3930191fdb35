//! Lines of a plain log that are equal to an earlier one, found once the lines have been sorted.

use rustc_hash::FxHashSet;

use super::super::packed::Packed;
use crate::error::Result;
use crate::watch::Watch;

/// Lines between two looks at the watch.
const STRIDE: usize = 1 << 16;

/// What sorted lines do not tell: where they stood, and the time of the day.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats {
    /// Of each line, the time of its day; empty while all are 0.
    times: Vec<u64>,
    /// Rows that were set aside, so that the others stand after each other.
    aside: Vec<u64>,
}

impl Repeats {
    /// Takes line number `line` into account.
    pub fn push(&mut self, line: usize, time: u64) {
        if time != 0 || !self.times.is_empty() {
            self.times.resize(line, 0);
            self.times.push(time);
        }
    }

    pub fn set_aside(&mut self, row: u64) {
        self.aside.push(row);
    }

    /// How many lines are equal to an earlier one, and the first row that is.
    pub fn count(
        &self,
        lines: &[Packed],
        sorted: &[Packed],
        watch: &dyn Watch,
    ) -> Result<Option<(u64, u64)>> {
        // Equal lines but for the time of the day: few in most logs.
        let (mut alike, mut seen) = (FxHashSet::default(), FxHashSet::default());
        let mut count = 0;
        for (start, pair) in sorted.windows(2).enumerate() {
            if start % STRIDE == 0 {
                watch.check()?;
            }
            if pair[0] == pair[1] {
                count += 1;
                alike.insert(pair[0]);
            }
        }
        if count == 0 {
            return Ok(None);
        }
        let mut found: Option<(u64, u64)> = None;
        for (place, line) in lines.iter().enumerate() {
            if place % STRIDE == 0 {
                watch.check()?;
            }
            if !alike.contains(line) {
                continue;
            }
            let time = self.times.get(place).copied().unwrap_or(0);
            if seen.insert((*line, time)) {
                continue;
            }
            found.get_or_insert((0, self.row(place as u64))).0 += 1;
            if self.times.is_empty() {
                // All of the same time: the first is known, and the number was before.
                return Ok(found.map(|(_, first)| (count, first)));
            }
        }
        Ok(found)
    }

    /// The row of a line, from its place among those that were kept.
    fn row(&self, place: u64) -> u64 {
        let (mut row, mut before) = (place, 0);
        loop {
            let aside = self.aside.partition_point(|&aside| aside <= row) as u64;
            if aside == before {
                return row;
            }
            row += aside - before;
            before = aside;
        }
    }
}
