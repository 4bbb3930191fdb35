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
mod masks;
mod maximal;
mod pairs;
mod prepare;
mod rows;
mod task;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use self::prepare::{Items, Prepared, Shape};
use self::rows::Cell;
use self::task::{FlatSets, Search, Stop, Task};
use super::Kind;
use super::itemsets::trie::{Children, Node, ROOT};
use crate::error::{Error, Result};
use crate::transactions::Baskets;
use crate::watch::Watch;

/// What to look for, checked.
pub(super) struct Request {
    pub kind: Kind,
    pub min_count: u32,
    pub max_length: usize,
    pub max_itemsets: u64,
}

/// The sets found.
pub(super) struct Found {
    /// The sets as a trie.
    pub nodes: Vec<Node>,
    /// The code in the baskets of each item of the trie.
    pub codes: Vec<u32>,
}

/// Searches; `Ok(None)` if there are more sets than the request allows.
pub(super) fn search(baskets: &Baskets, request: &Request, watch: &dyn Watch) -> Result<Option<Found>> {
    let items = Items::new(baskets, request.min_count, watch)?;
    // A number must be below the end of a row.
    if items.codes.len() < usize::from(u16::MAX) {
        search_as::<u16>(baskets, items, request, watch)
    } else {
        search_as::<u32>(baskets, items, request, watch)
    }
}

fn search_as<C: Cell>(
    baskets: &Baskets,
    items: Items,
    request: &Request,
    watch: &dyn Watch,
) -> Result<Option<Found>> {
    let closures = matches!(request.kind, Kind::Closed | Kind::Maximal);
    let n_baskets = baskets.len() as u32;
    let in_all =
        if closures { items.counts.partition_point(|&count| count == n_baskets) } else { 0 };
    let prepared: Prepared<C> = prepare::prepare(baskets, &items, in_all, request.min_count, closures, watch)?;
    let in_all: Vec<u32> = (0..in_all as u32).collect();
    let search = Search {
        // Generators are sifted out of all frequent sets.
        kind: if request.kind == Kind::Generators { Kind::Frequent } else { request.kind },
        min_count: request.min_count,
        max_length: request.max_length,
        max_itemsets: request.max_itemsets,
        found: AtomicU64::new(0),
        watch,
    };
    let n_tasks = prepared.names.len();
    let parts = match run(&search, &prepared, &in_all) {
        Ok(parts) => parts,
        Err(Stop::Cancelled) => return Err(Error::Cancelled),
        Err(Stop::Full) => return Ok(None),
    };
    let nodes = match request.kind {
        Kind::Frequent => joined(parts, &[], 0),
        Kind::Closed if in_all.len() <= request.max_length => joined(parts, &in_all, n_baskets),
        Kind::Closed => Vec::new(),
        Kind::Generators => generators(&joined(parts, &[], 0), n_baskets, watch)?,
        Kind::Maximal => {
            let mut sets: Vec<(usize, FlatSets)> = parts.into_iter().flat_map(|part| part.sets).collect();
            sets.sort_unstable_by_key(|&(item, _)| item);
            let mut sets: Vec<FlatSets> = sets.into_iter().map(|(_, sets)| sets).collect();
            if n_tasks == 0 && !in_all.is_empty() {
                sets.push(FlatSets { ends: vec![in_all.len()], items: in_all, counts: vec![n_baskets] });
            }
            maximal::sift(sets, items.codes.len(), request.max_length, watch)?
        }
    };
    let within = nodes.len() < ROOT as usize;
    Ok(within.then_some(Found { nodes, codes: items.codes }))
}

/// What one worker found.
#[derive(Default)]
struct Part {
    nodes: Vec<Node>,
    /// Each item it searched and where its nodes end.
    ends: Vec<(usize, usize)>,
    /// Each item it searched and its sets, for maximal sets.
    sets: Vec<(usize, FlatSets)>,
}

/// Lets each thread of the pool take item after item.
fn run<C: Cell>(search: &Search<'_>, prepared: &Prepared<C>, in_all: &[u32]) -> std::result::Result<Vec<Part>, Stop> {
    let n_tasks = prepared.names.len();
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    let parts = Mutex::new(Ok(Vec::new()));
    let work = || {
        let mut task = Task::new(search, n_tasks);
        if let Shape::Masks(rows) = &prepared.shape {
            task.rows.extend_from_slice(rows);
        }
        let prefix = task.root(in_all);
        let mut part = Part::default();
        loop {
            let item = next.fetch_add(1, Ordering::Relaxed);
            if item >= n_tasks {
                break;
            }
            task.search_item(prepared, item, &prefix)?;
            task.report()?;
            part.ends.push((item, task.nodes.len()));
            if search.kind == Kind::Maximal {
                part.sets.push((item, std::mem::take(&mut task.sets)));
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
                if let Ok(mut parts) = parts.lock() {
                    match (&mut *parts, part) {
                        (Ok(parts), Ok(part)) => parts.push(part),
                        (Ok(_), Err(stop)) => *parts = Err(stop),
                        _ => {}
                    }
                }
            });
        }
    });
    parts.into_inner().unwrap_or(Err(Stop::Cancelled))
}

/// The tries of all parts as one in the order of their items, below the set of the items that are in every basket.
fn joined(mut parts: Vec<Part>, in_all: &[u32], n_baskets: u32) -> Vec<Node> {
    if in_all.is_empty() && parts.len() == 1 {
        return parts.pop().map(|part| part.nodes).unwrap_or_default();
    }
    let mut segments: Vec<(usize, &[Node], usize)> = Vec::new();
    for part in &parts {
        let mut start = 0;
        for &(item, end) in &part.ends {
            segments.push((item, &part.nodes[start..end], start));
            start = end;
        }
    }
    segments.sort_unstable_by_key(|&(item, ..)| item);
    let total: usize = segments.iter().map(|(_, nodes, _)| nodes.len()).sum();
    let mut nodes = Vec::with_capacity(total + in_all.len());
    let mut root = ROOT;
    for (place, &item) in in_all.iter().enumerate() {
        let is_last = place + 1 == in_all.len();
        nodes.push(Node { parent: root, item, count: if is_last { n_baskets } else { 0 } });
        root = place as u32;
    }
    for (_, segment, start) in segments {
        let shift = (nodes.len() as u32).wrapping_sub(start as u32);
        nodes.extend(segment.iter().map(|node| Node {
            parent: if node.parent == ROOT { root } else { node.parent.wrapping_add(shift) },
            ..*node
        }));
    }
    nodes
}

/// The frequent sets of which no proper subset, the empty one included, has the same support. Every subset of a
/// generator is one, so what is left of the trie is a trie.
fn generators(frequent: &[Node], n_baskets: u32, watch: &dyn Watch) -> Result<Vec<Node>> {
    let children = Children::new(frequent, watch)?;
    let mut kept: Vec<Node> = Vec::new();
    let mut new_place = vec![ROOT; frequent.len()];
    for (place, node) in frequent.iter().enumerate() {
        if place % (1 << 12) == 0 {
            watch.check()?;
        }
        let mut items: Vec<u32> = super::itemsets::trie::path(frequent, place as u32).collect();
        items.reverse();
        let is_generator = (0..items.len()).all(|left_out| {
            let rest = items.iter().enumerate().filter(|&(i, _)| i != left_out).map(|(_, &item)| item);
            let count =
                children.find(frequent, rest).map_or(n_baskets, |subset| frequent[subset as usize].count);
            count > node.count
        });
        if is_generator {
            new_place[place] = kept.len() as u32;
            let parent = if node.parent == ROOT { ROOT } else { new_place[node.parent as usize] };
            kept.push(Node { parent, ..*node });
        }
    }
    Ok(kept)
}
