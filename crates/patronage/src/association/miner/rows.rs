//! Conditional databases of any number of items: packed rows, and for each item the places where it stands in them.

/// An item number in a row. Two bytes hold all but the largest assortments, and half as much memory is read.
pub(super) trait Cell: Copy + Ord + Send + Sync {
    /// Stands between rows.
    const END: Self;
    /// The cell of a number below [`Self::END`].
    fn new(number: u32) -> Self;
    /// Its number.
    fn at(self) -> usize;
}

impl Cell for u16 {
    const END: Self = Self::MAX;
    fn new(number: u32) -> Self {
        number as Self
    }
    fn at(self) -> usize {
        self.into()
    }
}

impl Cell for u32 {
    const END: Self = Self::MAX;
    fn new(number: u32) -> Self {
        number
    }
    fn at(self) -> usize {
        self as usize
    }
}

/// A conditional database. Items are numbered 0, 1, 2 … from the most frequent one; the first `inner` of them may
/// still be added to sets, the others came before (see [`super::closed`]).
///
/// A row has its least frequent item first, so that what may be added after an item stands behind it, and what came
/// before stands before it.
#[derive(Debug)]
pub(super) struct Rows<C> {
    /// The number that each item has among all frequent items.
    pub names: Vec<u32>,
    /// Baskets that hold each item.
    pub counts: Vec<u32>,
    pub inner: usize,
    cells: Vec<C>,
    /// Where the places of each inner item start in `places`, and where they end.
    starts: Vec<u32>,
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl<C: Cell> Rows<C> {
    pub(super) fn new(names: Vec<u32>, counts: Vec<u32>, inner: usize) -> Self {
        let cells = vec![C::END];
        Self { names, counts, inner, cells, starts: Vec::new(), ends: Vec::new(), places: Vec::new() }
    }

    /// The rows of several parts, one behind the other.
    pub(super) fn joined(parts: Vec<Self>, names: Vec<u32>, counts: Vec<u32>) -> Self {
        let inner = names.len();
        let mut parts = parts.into_iter().map(|part| part.cells);
        let mut all = Self::new(names, counts, inner);
        all.cells = parts.next().unwrap_or_else(|| vec![C::END]);
        // Each part begins with an end.
        parts.for_each(|cells| all.cells.extend_from_slice(&cells[1..]));
        all
    }

    pub(super) fn reserve(&mut self, cells: usize) {
        self.cells.reserve_exact(cells);
    }

    /// Adds a row of falling numbers.
    pub(super) fn push(&mut self, row: &[C]) {
        self.cells.extend_from_slice(row);
        self.cells.push(C::END);
    }

    /// The same of plain numbers.
    pub(super) fn push_numbers(&mut self, row: &[u32]) {
        self.cells.extend(row.iter().map(|&number| C::new(number)));
        self.cells.push(C::END);
    }

    /// The rows in some parts of about equal size.
    pub(super) fn split(&self, n_parts: usize) -> Vec<&[C]> {
        let mut parts = Vec::new();
        let mut left = &self.cells[..];
        for parts_left in (1..=n_parts).rev() {
            let middle = left.len() / parts_left;
            let end =
                left[middle..].iter().position(|&cell| cell == C::END).map_or(left.len(), |n| middle + n);
            let (part, rest) = left.split_at(end);
            parts.push(part);
            left = rest;
        }
        parts
    }

    /// Notes where those inner items stand that are `wanted`. Where rows are read only behind an item, places at the
    /// end of a row are left out.
    pub(super) fn index(&mut self, wanted: impl Fn(usize) -> bool, only_behind: bool) {
        let mut end = 0;
        let wanted: Vec<bool> = (0..self.inner).map(wanted).collect();
        self.starts = wanted
            .iter()
            .zip(&self.counts)
            .map(|(&wanted, &count)| {
                let start = end;
                end += if wanted { count } else { 0 };
                start
            })
            .collect();
        self.ends = self.starts.clone();
        self.places = vec![0; end as usize];
        if end == 0 {
            return;
        }
        for (place, pair) in (0..).zip(self.cells.windows(2)) {
            let item = pair[0].at();
            if wanted.get(item) == Some(&true) && !(only_behind && pair[1] == C::END) {
                let end = &mut self.ends[item];
                self.places[*end as usize] = place;
                *end += 1;
            }
        }
    }

    /// Where an inner item stands.
    pub(super) fn places(&self, item: usize) -> &[u32] {
        &self.places[self.starts[item] as usize..self.ends[item] as usize]
    }

    /// The memory it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.cells[..]) + size_of_val(&self.places[..])
    }

    /// Reads where a row will be read soon. A processor fetches that while it works on the rows before; waiting for
    /// one row after the other took a quarter longer.
    pub(super) fn touch(&self, place: Option<u32>) -> usize {
        place.map_or(0, |place| self.cells[place as usize + 1].at())
    }

    /// What stands behind a place in its row, and with `closures` also what stands before it.
    pub(super) fn others(&self, place: u32, closures: bool) -> impl Iterator<Item = C> {
        let (before, behind) = self.cells.split_at(place as usize);
        let before = if closures { before } else { &[] };
        let in_row = |cell: &C| *cell != C::END;
        before.iter().rev().copied().take_while(in_row).chain(behind[1..].iter().copied().take_while(in_row))
    }
}
