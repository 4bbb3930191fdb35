//! The search for frequent patterns.
//!
//! Of each pattern the search knows its *ends*: the baskets in which an occurrence of its last element can stand,
//! each with the latest basket in which the first element of such an occurrence can stand. All ends are kept, not
//! only the first: items join the last element in any of them, and with a gap a later end reaches further. Of a later
//! basket only the nearest end before it matters: it has the smallest gap, and, as the latest starts never fall from
//! one end to the next, the shortest window. So each pattern costs one sweep over the baskets that its ends reach,
//! which counts all its continuations at once, and a second that hands out their ends.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::steps::{Node, ROOT, Step};
use crate::error::{Error, Result};
use crate::transactions::Sequences;
use crate::watch::Watch;

/// Items seen between two looks at the watch.
const TICK: usize = 1 << 16;

/// What to look for, checked.
pub(super) struct Request {
    pub min_count: u32,
    pub max_length: usize,
    /// The longest time between neighbouring elements, in the unit of the sequences.
    pub max_gap: u64,
    /// The longest time between the first element and the last.
    pub window: u64,
    pub max_patterns: u64,
}

/// The patterns found.
pub(super) struct Found {
    pub nodes: Vec<Node>,
    /// The code in the sequences of each item, in the order of the codes.
    pub codes: Vec<u32>,
}

/// Searches; `Ok(None)` if there are more patterns than the request allows.
pub(super) fn search(sequences: &Sequences, request: &Request, watch: &dyn Watch) -> Result<Option<Found>> {
    let database = Database::new(sequences, request.min_count, watch)?;
    let n_items = database.codes.len();
    let (found, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let tasks: std::result::Result<Vec<Vec<Node>>, Stop> = (0..n_items as u32)
        .into_par_iter()
        .with_max_len(1)
        .map_init(
            || Task::new(&database, request, &found, watch),
            |task, item| {
                let nodes = task.run(item)?;
                watch.progress(done.fetch_add(1, Ordering::Relaxed) + 1, n_items as u64);
                Ok(nodes)
            },
        )
        .collect();
    let tries = match tasks {
        Ok(tries) => tries,
        Err(Stop::Cancelled) => return Err(Error::Cancelled),
        Err(Stop::Full) => return Ok(None),
    };
    let total: usize = tries.iter().map(Vec::len).sum();
    if total as u64 > request.max_patterns {
        return Ok(None);
    }
    let mut nodes: Vec<Node> = Vec::with_capacity(total);
    for trie in tries {
        let base = nodes.len() as u32;
        nodes.extend(trie.into_iter().map(|node| Node {
            parent: if node.parent == ROOT { ROOT } else { node.parent + base },
            ..node
        }));
    }
    Ok(Some(Found { nodes, codes: database.codes }))
}

/// The sequences without infrequent items; items are numbered anew, in the same order.
struct Database<'a> {
    sequences: &'a Sequences,
    codes: Vec<u32>,
    /// Customers of each item.
    counts: Vec<u32>,
    /// Of each basket, its customer.
    owners: Vec<u32>,
    /// Where the items of each basket begin; one more at the end.
    offsets: Vec<usize>,
    items: Vec<u32>,
    /// Where the baskets of each item begin; one more at the end.
    holders: Vec<usize>,
    baskets: Vec<u32>,
}

impl<'a> Database<'a> {
    fn new(sequences: &'a Sequences, min_count: u32, watch: &dyn Watch) -> Result<Self> {
        let n_codes = sequences.items().len();
        let mut owners = vec![0; sequences.n_baskets()];
        let (mut counts, mut seen) = (vec![0_u32; n_codes], vec![0_u32; n_codes]);
        for customer in 0..sequences.len() {
            if customer % (1 << 8) == 0 {
                watch.check()?;
            }
            for basket in sequences.baskets_of(customer) {
                owners[basket] = customer as u32;
                for &code in sequences.basket(basket) {
                    let code = code as usize;
                    if seen[code] != customer as u32 + 1 {
                        seen[code] = customer as u32 + 1;
                        counts[code] += 1;
                    }
                }
            }
        }
        let frequent = |code: &u32| counts[*code as usize] >= min_count;
        let codes: Vec<u32> = (0..n_codes as u32).filter(frequent).collect();
        if codes.len() > Step::MAX_ITEMS {
            return Err(Error::LimitExceeded {
                what: "the number of frequent items".into(),
                limit: Step::MAX_ITEMS as u64,
                mend: "raise min_support".into(),
            });
        }
        let mut number = vec![u32::MAX; n_codes];
        (0..).zip(&codes).for_each(|(new, &code)| number[code as usize] = new);
        let (mut offsets, mut items) = (vec![0], Vec::new());
        let mut holders = vec![0_usize; codes.len() + 1];
        for basket in 0..sequences.n_baskets() {
            if basket % (1 << 12) == 0 {
                watch.check()?;
            }
            let kept = sequences.basket(basket).iter().map(|&code| number[code as usize]);
            items.extend(kept.filter(|&item| item != u32::MAX));
            let held = items.get(offsets[basket]..).unwrap_or_default();
            held.iter().for_each(|&item| holders[item as usize + 1] += 1);
            offsets.push(items.len());
        }
        for item in 0..codes.len() {
            holders[item + 1] += holders[item];
        }
        let mut next = holders.clone();
        let mut baskets = vec![0; items.len()];
        for basket in 0..sequences.n_baskets() {
            for &item in &items[offsets[basket]..offsets[basket + 1]] {
                let place = &mut next[item as usize];
                baskets[*place] = basket as u32;
                *place += 1;
            }
        }
        let counts = codes.iter().map(|&code| counts[code as usize]).collect();
        Ok(Self { sequences, codes, counts, owners, offsets, items, holders, baskets })
    }

    fn basket(&self, basket: usize) -> &[u32] {
        &self.items[self.offsets[basket]..self.offsets[basket + 1]]
    }
}

/// Why a search ended before its end.
enum Stop {
    Cancelled,
    Full,
}

/// A basket in which an occurrence of a pattern can end.
#[derive(Debug, Clone, Copy)]
struct End {
    basket: u32,
    /// The latest basket in which such an occurrence can begin.
    start: u32,
}

/// A frequent continuation of a pattern.
#[derive(Debug, Clone, Copy)]
struct Continuation {
    step: Step,
    node: u32,
    /// Where its ends begin among those handed out.
    first_end: usize,
}

/// A pattern whose continuations are still to be continued.
struct Frame {
    rest: Vec<Continuation>,
    ends: Vec<End>,
    /// Items that the continuations may still be given.
    room: usize,
}

/// What the sweep knows of a step.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    customers: u32,
    /// The last customer counted, plus one.
    seen: u32,
    ends: usize,
}

/// The patterns that begin with one item.
struct Task<'a> {
    database: &'a Database<'a>,
    request: &'a Request,
    found: &'a AtomicU64,
    watch: &'a dyn Watch,
    tallies: Vec<Tally>,
    touched: Vec<Step>,
    nodes: Vec<Node>,
    reported: usize,
    work: usize,
}

/// The place of a step that is not continued.
const NOWHERE: usize = usize::MAX;

impl<'a> Task<'a> {
    fn new(
        database: &'a Database<'a>,
        request: &'a Request,
        found: &'a AtomicU64,
        watch: &'a dyn Watch,
    ) -> Self {
        let tallies = vec![Tally::default(); 2 * database.codes.len()];
        let (touched, nodes) = (Vec::new(), Vec::new());
        Self { database, request, found, watch, tallies, touched, nodes, reported: 0, work: 0 }
    }

    /// Depth first, on a stack of its own: patterns may be as long as a customer's history.
    fn run(&mut self, item: u32) -> std::result::Result<Vec<Node>, Stop> {
        self.reported = 0;
        self.nodes.push(Node {
            parent: ROOT,
            step: Step::new(item, true),
            count: self.database.counts[item as usize],
        });
        let holders = self.database.holders[item as usize]..self.database.holders[item as usize + 1];
        let ends = self.database.baskets[holders].iter().map(|&basket| End { basket, start: basket });
        let first = Continuation { step: Step::new(item, true), node: 0, first_end: 0 };
        let mut stack =
            vec![Frame { rest: vec![first], ends: ends.collect(), room: self.request.max_length - 1 }];
        while let Some(mut frame) = stack.pop() {
            let Some(next) = frame.rest.pop() else { continue };
            let ends = frame.ends.split_off(next.first_end);
            let room = frame.room;
            // A frame that is done leaves before its last pattern is continued: long chains stay flat.
            if !frame.rest.is_empty() {
                stack.push(frame);
            }
            if room > 0 {
                stack.extend(self.continue_pattern(next, &ends, room)?);
            }
        }
        self.report()?;
        Ok(std::mem::take(&mut self.nodes))
    }

    /// Writes the frequent continuations of a pattern by one item; gives their ends if more items may follow.
    fn continue_pattern(
        &mut self,
        pattern: Continuation,
        ends: &[End],
        room: usize,
    ) -> std::result::Result<Option<Frame>, Stop> {
        let database = self.database;
        let mut tallies = std::mem::take(&mut self.tallies);
        let mut touched = std::mem::take(&mut self.touched);
        let mut work = ends.len();
        self.sweep(ends, pattern.step.item(), |step, end| {
            work += 1;
            let customer = database.owners[end.basket as usize] + 1;
            let tally = &mut tallies[step.place()];
            if tally.seen != customer {
                if tally.seen == 0 {
                    touched.push(step);
                }
                tally.seen = customer;
                tally.customers += 1;
            }
            tally.ends += 1;
        });
        touched.sort_unstable();
        let mut rest = Vec::new();
        let mut n_ends = 0;
        for &step in &touched {
            let tally = &mut tallies[step.place()];
            if tally.customers < self.request.min_count {
                tally.ends = NOWHERE;
                continue;
            }
            let node = self.nodes.len() as u32;
            self.nodes.push(Node { parent: pattern.node, step, count: tally.customers });
            rest.push(Continuation { step, node, first_end: n_ends });
            n_ends += std::mem::replace(&mut tally.ends, n_ends);
        }
        let mut handed = Vec::new();
        if room > 1 && !rest.is_empty() {
            handed.resize(n_ends, End { basket: 0, start: 0 });
            self.sweep(ends, pattern.step.item(), |step, end| {
                let place = &mut tallies[step.place()].ends;
                if *place != NOWHERE {
                    handed[*place] = end;
                    *place += 1;
                }
            });
        }
        touched.drain(..).for_each(|step| tallies[step.place()] = Tally::default());
        (self.tallies, self.touched) = (tallies, touched);
        self.tick(work)?;
        Ok((!handed.is_empty()).then_some(Frame { rest, ends: handed, room: room - 1 }))
    }

    /// Visits every step after a pattern, with the end it leads to; the ends of a step ascend.
    fn sweep(&self, ends: &[End], last: u32, mut visit: impl FnMut(Step, End)) {
        let database = self.database;
        let (sequences, times) = (database.sequences, database.sequences.times());
        let owner = |end: &End| database.owners[end.basket as usize];
        let apart = |earlier: u32, later: usize| times[later].abs_diff(times[earlier as usize]);
        for mine in ends.chunk_by(|a, b| owner(a) == owner(b)) {
            for &end in mine {
                let items = database.basket(end.basket as usize);
                for &item in &items[items.partition_point(|&item| item <= last)..] {
                    visit(Step::new(item, false), end);
                }
            }
            let Some(first) = mine.first() else { continue };
            let baskets = sequences.baskets_of(owner(first) as usize);
            let mut nearest = 0;
            for basket in first.basket as usize + 1..baskets.end {
                while mine.get(nearest + 1).is_some_and(|end| (end.basket as usize) < basket) {
                    nearest += 1;
                }
                let End { basket: before, start } = mine[nearest];
                if apart(before, basket) > self.request.max_gap || apart(start, basket) > self.request.window
                {
                    continue;
                }
                for &item in database.basket(basket) {
                    visit(Step::new(item, true), End { basket: basket as u32, start });
                }
            }
        }
    }

    /// Accounts for work done, and looks now and then whether to go on.
    fn tick(&mut self, work: usize) -> std::result::Result<(), Stop> {
        self.work += work + 1;
        if self.work < TICK { Ok(()) } else { self.report() }
    }

    fn report(&mut self) -> std::result::Result<(), Stop> {
        self.work = 0;
        let new = (self.nodes.len() - std::mem::replace(&mut self.reported, self.nodes.len())) as u64;
        let found = self.found.fetch_add(new, Ordering::Relaxed) + new;
        if self.watch.cancelled() {
            return Err(Stop::Cancelled);
        }
        if found > self.request.max_patterns { Err(Stop::Full) } else { Ok(()) }
    }
}
