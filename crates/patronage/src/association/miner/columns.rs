//! All frequent sets of a sparse conditional database: a bit column an item, a bit a row, as in Eclat (Zaki 1997). The
//! rows of a set are the rows that its columns share.

use std::ops::Range;

use super::masks::{MaskRow, WIDTH, bits};
use super::task::{Stop, Task};

/// Items with a column each, one behind the other from `start` on.
pub(super) struct Columns {
    start: usize,
    /// Words of a column.
    words: usize,
    length: usize,
    names: [u32; WIDTH],
    counts: [u32; WIDTH],
}

impl Columns {
    fn new(start: usize, words: usize) -> Self {
        Self { start, words, length: 0, names: [0; WIDTH], counts: [0; WIDTH] }
    }

    fn push(&mut self, name: u32, count: u32) {
        self.names[self.length] = name;
        self.counts[self.length] = count;
        self.length += 1;
    }

    fn column(&self, place: usize) -> Range<usize> {
        let start = self.start + place * self.words;
        start..start + self.words
    }
}

/// Whether rows are so sparse that columns pay: merging equal rows would not make them much fewer.
pub(super) fn columns_pay(rows: &[MaskRow], n_items: u32) -> bool {
    let cells: usize = rows.iter().map(|row| row.mask.count_ones() as usize).sum();
    cells * 4 < rows.len() * n_items as usize
}

impl Task<'_> {
    /// Writes every frequent set of `items` below a node, with at most `room` items. Rows weigh 1 each.
    pub(super) fn frequent_by_columns(
        &mut self,
        names: &[u32; WIDTH],
        rows: Range<usize>,
        items: u64,
        counts: &[u32; WIDTH],
        parent: u32,
        room: usize,
    ) -> Result<(), Stop> {
        let start = self.columns.len();
        let mut all = Columns::new(start, rows.len().div_ceil(64));
        bits(items).for_each(|t| all.push(names[t], counts[t]));
        self.columns.resize(start + all.length * all.words, 0);
        let mut block = [0; 64];
        for (word, rows) in self.rows[rows].chunks(64).enumerate() {
            block.fill(0);
            block.iter_mut().zip(rows).for_each(|(line, row)| *line = row.mask);
            transpose(&mut block);
            for (place, t) in bits(items).enumerate() {
                self.columns[start + place * all.words + word] = block[t];
            }
        }
        let result = self.search_columns(&all, parent, room);
        self.columns.truncate(start);
        result
    }

    fn search_columns(&mut self, all: &Columns, parent: u32, room: usize) -> Result<(), Stop> {
        for t in 0..all.length {
            let node = self.emit(parent, all.names[t], all.counts[t]);
            if t == 0 || room == 1 {
                continue;
            }
            self.tick(t * all.words / 8)?;
            let start = self.columns.len();
            let mut child = Columns::new(start, all.words);
            let mut places = [0; WIDTH];
            let this = &self.columns[all.column(t)];
            let most = self.search.most(all.counts[t]);
            for u in 0..t {
                let count = count_shared(this, &self.columns[all.column(u)]);
                if count >= self.search.min_count && count <= most {
                    places[child.length] = u;
                    child.push(all.names[u], count);
                }
            }
            if child.length > 1 && room > 2 {
                for &u in &places[..child.length] {
                    for word in 0..all.words {
                        let shared = self.columns[all.column(t).start + word]
                            & self.columns[all.column(u).start + word];
                        self.columns.push(shared);
                    }
                }
                self.search_columns(&child, node, room - 1)?;
                self.columns.truncate(start);
            } else {
                for (&name, &count) in child.names.iter().zip(&child.counts).take(child.length) {
                    self.emit(node, name, count);
                }
            }
        }
        Ok(())
    }
}

fn count_shared(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
}

/// Turns 64 rows of 64 bits into columns: bit 63 − t of row r becomes bit 63 − r of row t (Warren 2012, section 7-3).
fn transpose(block: &mut [u64; 64]) {
    let mut half = 32;
    let mut mask = 0x0000_0000_ffff_ffff_u64;
    while half > 0 {
        let mut row = 0;
        while row < 64 {
            let swap = (block[row] ^ (block[row + half] >> half)) & mask;
            block[row] ^= swap;
            block[row + half] ^= swap << half;
            row = (row + half + 1) & !half;
        }
        half >>= 1;
        mask ^= mask << half;
    }
}
