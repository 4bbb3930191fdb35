//! Conditional databases of any number of items: compressed rows, and for each item the rows that hold it.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Equal baskets: their items stand in [`Database::cells`] from `start` to `end`, ascending.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub start: usize,
    pub end: usize,
    pub weight: u32,
}

/// A conditional database. Items are numbered 0, 1, 2 … from the most frequent one; the first `inner` of them may
/// still be added to sets, the others came before (see [`super::closed`]).
#[derive(Debug, Default)]
pub(super) struct Database {
    /// The number that each item has among all frequent items.
    pub names: Vec<u32>,
    /// Baskets that hold each item.
    pub counts: Vec<u32>,
    pub inner: usize,
    pub cells: Vec<u32>,
    pub rows: Vec<Row>,
    first: Vec<usize>,
    holding: Vec<u32>,
}

impl Database {
    pub(super) fn new(names: Vec<u32>, counts: Vec<u32>, inner: usize) -> Self {
        Self { names, counts, inner, ..Self::default() }
    }

    /// The rows that hold an inner item.
    pub(super) fn holding(&self, item: usize) -> impl Iterator<Item = (Row, &[u32])> {
        self.holding[self.first[item]..self.first[item + 1]].iter().map(|&row| {
            let row = self.rows[row as usize];
            (row, &self.cells[row.start..row.end])
        })
    }

    /// Notes for each inner item the rows that hold it.
    pub(super) fn index(&mut self) {
        self.first = vec![0; self.inner + 2];
        let inner = self.inner as u32;
        let items = |row: &Row| self.cells[row.start..row.end].iter().take_while(|&&item| item < inner);
        for row in &self.rows {
            items(row).for_each(|&item| self.first[item as usize + 2] += 1);
        }
        for place in 2..self.first.len() {
            self.first[place] += self.first[place - 1];
        }
        self.holding = vec![0; self.first.last().copied().unwrap_or(0)];
        for (number, row) in self.rows.iter().enumerate() {
            for &item in items(row) {
                let place = &mut self.first[item as usize + 1];
                self.holding[*place] = number as u32;
                *place += 1;
            }
        }
    }
}

/// Adds rows to a database, merging those that agree on the inner items.
pub(super) struct Merger {
    pub database: Database,
    seen: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Merger {
    pub(super) fn new(database: Database) -> Self {
        Self { database, seen: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }

    /// Adds the row whose cells were pushed since the last one. A row without inner items is dropped.
    pub(super) fn close_row(&mut self, start: usize, weight: u32) {
        let Database { cells, rows, inner, .. } = &mut self.database;
        let inner_of = |row: &[u32]| row.partition_point(|&item| (item as usize) < *inner);
        let (before, row) = cells.split_at(start);
        let n_inner = inner_of(row);
        if n_inner == 0 {
            cells.truncate(start);
            return;
        }
        let hash = |row: &[u32]| self.hasher.hash_one(&row[..inner_of(row)]);
        let same = |&place: &u32| {
            let Row { start, end, .. } = rows[place as usize];
            before[start..end].get(..n_inner) == Some(&row[..n_inner])
                && before[start..end].get(n_inner).is_none_or(|&item| item as usize >= *inner)
        };
        let key = hash(row);
        if let Some(&place) = self.seen.find(key, same) {
            // Keep what both rows have in common.
            let (before, row) = cells.split_at_mut(start);
            let old = &mut rows[place as usize];
            old.weight += weight;
            let mut kept = old.start + n_inner;
            let cells_left = kept..old.end;
            for cell in cells_left {
                if row[n_inner..].binary_search(&before[cell]).is_ok() {
                    before[kept] = before[cell];
                    kept += 1;
                }
            }
            old.end = kept;
            cells.truncate(start);
        } else {
            let place = rows.len() as u32;
            self.seen.insert_unique(key, place, |&place| {
                let Row { start, end, .. } = rows[place as usize];
                hash(&before[start..end])
            });
            rows.push(Row { start, end: cells.len(), weight });
        }
    }
}
