//! What all workers have found so far, held against the limits of the search.
//!
//! Items are searched from the most frequent one on. Where a limit is passed, whatever belongs to the last items is
//! given up until the rest fits: what remains is all sets of the first items, the same for any number of threads.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::association::limits::Limit;

/// How much a search may find.
pub(in crate::association) struct Bounds {
    pub sets: u64,
    pub bytes: Option<u64>,
    /// The seconds, and when they are over.
    pub time: Option<(f64, Instant)>,
}

impl Bounds {
    fn passed(&self, total: Amount) -> Option<Limit> {
        if total.sets > self.sets {
            return Some(Limit::Itemsets(self.sets));
        }
        self.bytes.filter(|&bytes| total.bytes > bytes).map(Limit::Bytes)
    }
}

/// Sets, and the memory they take.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amount {
    pub sets: u64,
    pub bytes: u64,
}

impl Amount {
    fn add(&mut self, more: Self) {
        self.sets += more.sets;
        self.bytes += more.bytes;
    }

    fn subtract(&mut self, less: Self) {
        self.sets -= less.sets;
        self.bytes -= less.bytes;
    }
}

pub(super) struct Ledger {
    bounds: Bounds,
    state: Mutex<State>,
}

struct State {
    total: Amount,
    /// What was found for each item, searched or being searched.
    items: BTreeMap<usize, Amount>,
    active: Vec<usize>,
    /// Items from this one on are given up.
    end: usize,
    limit: Option<Limit>,
}

impl Ledger {
    /// With what is taken before the first item is searched.
    pub(super) fn new(bounds: Bounds, taken: Amount) -> Self {
        let limit = bounds.passed(taken);
        let state = State {
            total: taken,
            items: BTreeMap::new(),
            active: Vec::new(),
            end: if limit.is_some() { 0 } else { usize::MAX },
            limit,
        };
        Self { bounds, state: Mutex::new(state) }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a worker turns to an item; false if it need not.
    pub(super) fn start(&self, item: usize) -> bool {
        let mut state = self.state();
        if item < state.end {
            state.items.insert(item, Amount::default());
            state.active.push(item);
        }
        item < state.end
    }

    /// Notes that an item is done.
    pub(super) fn finish(&self, item: usize) {
        self.state().active.retain(|&other| other != item);
    }

    /// Adds what was found for an item; false if the item is given up.
    pub(super) fn add(&self, item: usize, more: Amount) -> bool {
        let mut state = self.state();
        let state = &mut *state;
        if item >= state.end {
            return false;
        }
        state.items.entry(item).or_default().add(more);
        state.total.add(more);
        if let Some((seconds, end)) = self.bounds.time
            && Instant::now() >= end
        {
            state.end = state.active.iter().copied().min().unwrap_or(item);
            state.limit.get_or_insert(Limit::Seconds(seconds));
        }
        while let Some(limit) = self.bounds.passed(state.total) {
            let Some((last, amount)) = state.items.pop_last() else { break };
            state.total.subtract(amount);
            state.end = state.end.min(last);
            state.limit.get_or_insert(limit);
        }
        item < state.end
    }

    /// The first item that was given up, and the limit that was passed.
    pub(super) fn end(&self) -> (usize, Option<Limit>) {
        let state = self.state();
        (state.end, state.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(sets: u64) -> Amount {
        Amount { sets, bytes: 12 * sets }
    }

    #[test]
    fn the_last_items_are_given_up_first() {
        let ledger = Ledger::new(Bounds { sets: 10, bytes: None, time: None }, Amount::default());
        assert!((0..4).all(|item| ledger.start(item)));
        assert!(ledger.add(0, sets(4)) && ledger.add(2, sets(5)) && ledger.add(3, sets(1)));
        // Twelve are too many: 3 goes, and with it 2, until 0 and 1 are left with six.
        assert!(ledger.add(1, sets(2)));
        assert_eq!(ledger.end(), (2, Some(Limit::Itemsets(10))));
        assert!(!ledger.add(3, sets(1)) && !ledger.add(2, sets(1)) && ledger.add(1, sets(4)));
        assert!(!ledger.add(1, sets(1)));
        assert_eq!(ledger.end().0, 1);
    }

    #[test]
    fn memory_counts_from_the_start() {
        let ledger =
            Ledger::new(Bounds { sets: 10, bytes: Some(100), time: None }, Amount { sets: 0, bytes: 70 });
        assert!(ledger.start(0) && ledger.add(0, sets(2)) && ledger.start(1));
        assert!(!ledger.add(1, sets(1)));
        assert_eq!(ledger.end(), (1, Some(Limit::Bytes(100))));
        assert!(!ledger.start(1));
    }
}
