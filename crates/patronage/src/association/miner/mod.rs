//! The search for itemsets.
//!
//! Items are numbered from the most frequent one, and sets grow by ever more frequent items. Of the baskets that
//! hold a set, only the more frequent items are kept ([`rows`]); once 64 items or fewer are left they become bit masks,
//! equal ones merged ([`masks`]), and a handful of items is counted in all its combinations at once ([`frequent`]).
//! The shape is that of LCM (Uno, Kiyomi and Arimura 2004, 2005). The sets that share their least frequent item are
//! one task; tasks are put together in the order of their items, so that the answer does not depend on the number of
//! threads.

mod closed;
mod columns;
mod extend;
mod frequent;
mod ledger;
mod masks;
mod maximal;
mod pairs;
mod prepare;
mod related;
mod rows;
mod task;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

pub(super) use self::ledger::Bounds;
use self::ledger::{Amount, Ledger};
use self::prepare::{Items, Prepared, Shape};
use self::related::Related;
use self::rows::Cell;
pub(super) use self::task::FlatSets;
use self::task::{Search, Stop, Task};
use super::Kind;
use super::itemsets::nodes::{Nodes, Part};
use super::itemsets::trie::{Node, ROOT};
use super::limits::Limit;
use crate::error::{Error, Result};
use crate::transactions::Baskets;
use crate::watch::Watch;

/// What all sets may take, as workers account for it: so many nodes as 32 bits address, less that of the root.
pub(super) const MAX_BYTES: u64 = (ROOT as u64 - 1) * 2 * size_of::<Node>() as u64;

/// What to look for, checked.
#[derive(Clone)]
pub(super) struct Request {
    pub kind: Kind,
    pub min_count: u32,
    pub max_length: usize,
    /// Which item codes may be in a set; all where nothing is said.
    pub allowed: Option<Vec<bool>>,
    /// Codes of items that are in every basket given, and begin every set.
    pub given: Vec<u32>,
    /// Where sets are only counted, shorter ones do not count against the limit.
    pub min_length: usize,
}

/// The sets found.
pub(super) struct Found {
    /// The sets as a trie, unless they were only counted.
    pub nodes: Nodes,
    /// How many there are of each length, if they were only counted.
    pub lengths: Vec<u64>,
    /// The code in the baskets of each item of the trie.
    pub codes: Vec<u32>,
    /// The limit that was passed, and how many items were searched before.
    pub limit: Option<(Limit, u64)>,
}

/// Searches, or only counts.
pub(super) fn search(
    baskets: &Baskets,
    request: &Request,
    counting: bool,
    bounds: Bounds,
    watch: &dyn Watch,
) -> Result<Found> {
    let n_baskets = baskets.len() as u32;
    // What every basket holds is no generator: the empty set is in as many.
    let most = if request.kind == Kind::Generators { n_baskets.saturating_sub(1) } else { u32::MAX };
    let items = Items::new(baskets, request.allowed.as_deref(), request.min_count..=most, watch)?;
    // A number must be below the end of a row.
    if items.codes.len() < usize::from(u16::MAX) {
        search_as::<u16>(baskets, items, request, counting, bounds, watch)
    } else {
        search_as::<u32>(baskets, items, request, counting, bounds, watch)
    }
}

fn search_as<C: Cell>(
    baskets: &Baskets,
    items: Items,
    request: &Request,
    counting: bool,
    bounds: Bounds,
    watch: &dyn Watch,
) -> Result<Found> {
    let Request { kind, min_count, max_length, min_length, .. } = *request;
    let n_baskets = baskets.len() as u32;
    if n_baskets < min_count {
        // With items given, fewer baskets may be left than a set needs.
        return Ok(Found { nodes: Nodes::default(), lengths: Vec::new(), codes: Vec::new(), limit: None });
    }
    let mut search = Search {
        kind,
        min_count,
        max_length,
        counting,
        min_length,
        ledger: Ledger::new(Bounds { ..bounds }, Amount::default()),
        related: Related::default(),
        watch,
    };
    let in_all =
        if search.closures() { items.counts.partition_point(|&count| count == n_baskets) } else { 0 };
    if kind == Kind::Frequent {
        search.related = Related::new(baskets, &items.codes);
    }
    let prepared: Prepared<C> = prepare::prepare(baskets, &items, in_all, &search)?;
    let n_given = request.given.len() as u32;
    let n_items = items.codes.len() as u32;
    let codes = [items.codes, request.given.clone()].concat();
    // What begins every set: the items given, and for closed sets those in every basket.
    let first: Vec<u32> = (n_items..n_items + n_given).rev().chain(0..in_all as u32).collect();
    let first_in = |baskets: u32| (&first[..], if first.len() <= max_length { baskets } else { 0 });
    let first_is_set = !first.is_empty() && first.len() <= max_length && kind != Kind::Maximal;
    let taken = Amount {
        sets: u64::from(first_is_set && !(counting && first.len() < min_length)),
        bytes: prepared.bytes() as u64,
    };
    search.ledger = Ledger::new(bounds, taken);
    let n_tasks = prepared.names.len();
    let mut parts = run(&search, &prepared, &first).map_err(|_| Error::Cancelled)?;
    let (end, limit) = search.ledger.end();
    let limit = limit.map(|limit| (limit, (end + in_all) as u64));
    parts.iter_mut().for_each(|part| part.cut(end));
    if counting {
        let mut lengths = vec![0; first.len() + 1];
        lengths[first.len()] += u64::from(first_is_set);
        for (_, more) in parts.into_iter().flat_map(|part| part.lengths) {
            lengths.resize(lengths.len().max(more.len()), 0);
            lengths.iter_mut().zip(more).for_each(|(sum, sets)| *sum += sets);
        }
        return Ok(Found { nodes: Nodes::default(), lengths, codes, limit });
    }
    let nodes = match kind {
        Kind::Frequent => Nodes::joined(parts, first_in(n_baskets)),
        Kind::Closed if first.len() <= max_length => Nodes::joined(parts, first_in(n_baskets)),
        Kind::Closed => Nodes::default(),
        Kind::Generators => generators(Nodes::joined(parts, first_in(0)).as_slice(), watch)?.into(),
        Kind::Maximal => {
            let mut sets: Vec<(usize, FlatSets)> = parts.into_iter().flat_map(|part| part.sets).collect();
            sets.sort_unstable_by_key(|&(item, _)| item);
            let mut sets: Vec<FlatSets> = sets.into_iter().map(|(_, sets)| sets).collect();
            if n_tasks == 0 && !first.is_empty() {
                sets.push(FlatSets { ends: vec![first.len()], items: first, counts: vec![n_baskets] });
            }
            maximal::sift(sets, codes.len(), max_length, watch)?.into()
        }
    };
    Ok(Found { nodes, lengths: Vec::new(), codes, limit })
}

/// Lets each thread of the pool take item after item.
fn run<C: Cell>(
    search: &Search<'_>,
    prepared: &Prepared<C>,
    first: &[u32],
) -> std::result::Result<Vec<Part>, Stop> {
    let n_tasks = prepared.names.len();
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    let parts = Mutex::new(Ok(Vec::new()));
    let work = || {
        let mut task = Task::new(search, n_tasks);
        if let Shape::Masks(rows) = &prepared.shape {
            task.rows.extend_from_slice(rows);
        }
        let prefix = task.root(first);
        let mut part = Part::default();
        loop {
            let item = next.fetch_add(1, Ordering::Relaxed);
            if item >= n_tasks || !task.start(item) {
                break;
            }
            match task.search_item(prepared, item, &prefix).and_then(|()| task.report()) {
                Err(Stop::Limited) => break,
                result => result?,
            }
            search.ledger.finish(item);
            part.ends.push((item, task.nodes.len()));
            if search.kind == Kind::Maximal {
                part.sets.push((item, std::mem::take(&mut task.sets)));
            }
            if search.counting {
                part.lengths.push((item, std::mem::take(&mut task.lengths)));
            }
            search.watch.progress(done.fetch_add(1, Ordering::Relaxed) + 1, n_tasks as u64);
        }
        part.nodes = task.nodes;
        Ok(part)
    };
    let workers = rayon::current_num_threads().min(n_tasks);
    rayon::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|_| {
                let part = work();
                if part.is_err() {
                    next.store(n_tasks, Ordering::Relaxed);
                }
                let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
                match (&mut *parts, part) {
                    (Ok(parts), Ok(part)) => parts.push(part),
                    (Ok(_), Err(stop)) => *parts = Err(stop),
                    _ => {}
                }
            });
        }
    });
    parts.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Of sets that are in fewer baskets than those they extend, the ones that are in fewer than any part of them. All
/// parts of a generator are generators, and stand before it.
fn generators(candidates: &[Node], watch: &dyn Watch) -> Result<Vec<Node>> {
    let mut kept: Vec<Node> = Vec::new();
    let mut new_place = vec![ROOT; candidates.len()];
    let mut children: HashMap<(u32, u32), u32, FxBuildHasher> = HashMap::default();
    for (place, node) in candidates.iter().enumerate() {
        if place % (1 << 12) == 0 {
            watch.check()?;
        }
        let parent = if node.parent == ROOT { ROOT } else { new_place[node.parent as usize] };
        if node.parent != ROOT && parent == ROOT {
            continue;
        }
        // The set without one of the items before the last is found below the part that ends before that item.
        let above: Vec<(u32, Node)> = std::iter::successors(Some(parent).filter(|&p| p != ROOT), |&p| {
            Some(kept[p as usize].parent).filter(|&p| p != ROOT)
        })
        .map(|p| (p, kept[p as usize]))
        .collect();
        let is_generator = (0..above.len()).all(|left_out| {
            let mut behind = above[..left_out].iter().rev().map(|(_, step)| step.item).chain([node.item]);
            let found =
                behind.try_fold(above[left_out].1.parent, |at, item| children.get(&(at, item)).copied());
            found.is_some_and(|subset| kept[subset as usize].count > node.count)
        });
        if is_generator {
            let new = kept.len() as u32;
            new_place[place] = new;
            children.insert((parent, node.item), new);
            kept.push(Node { parent, ..*node });
        }
    }
    Ok(kept)
}
