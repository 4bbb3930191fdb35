//! The search for itemsets.
//!
//! Items are numbered from the most frequent one, and sets grow by ever more frequent items. Of the baskets that
//! hold a set, only the more frequent items are kept, and equal ones are merged with weights ([`database`]); once 64
//! items or fewer are left they become bit masks ([`masks`]), and a handful of items is counted in all its
//! combinations at once ([`frequent`]). The shape is that of LCM (Uno, Kiyomi and Arimura 2004, 2005). The sets
//! that share their least frequent item are one parallel task; tasks are put together in the order of their
//! items, so that the answer does not depend on the number of threads.

mod closed;
mod database;
mod extend;
mod frequent;
mod masks;
mod maximal;
mod prepare;
mod task;

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

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
    let closures = matches!(request.kind, Kind::Closed | Kind::Maximal);
    let prepared = prepare::prepare(baskets, request.min_count, closures, watch)?;
    let search = Search {
        // Generators are sifted out of all frequent sets.
        kind: if request.kind == Kind::Generators { Kind::Frequent } else { request.kind },
        min_count: request.min_count,
        max_length: request.max_length,
        max_itemsets: request.max_itemsets,
        found: AtomicU64::new(0),
        watch,
    };
    let in_all: Vec<u32> = (0..prepared.in_all as u32).collect();
    let n_tasks = prepared.database.inner;
    let done = AtomicU64::new(0);
    let tasks: std::result::Result<Vec<_>, Stop> = (0..n_tasks)
        .into_par_iter()
        .with_max_len(1)
        .map_init(
            || Task::new(&search, n_tasks),
            |task, item| {
                task.run(&prepared.database, item, &in_all)?;
                watch.progress(done.fetch_add(1, Ordering::Relaxed) + 1, n_tasks as u64);
                Ok((std::mem::take(&mut task.nodes), std::mem::take(&mut task.sets)))
            },
        )
        .collect();
    let (tries, sets): (Vec<Vec<Node>>, Vec<FlatSets>) = match tasks {
        Ok(parts) => parts.into_iter().unzip(),
        Err(Stop::Cancelled) => return Err(Error::Cancelled),
        Err(Stop::Full) => return Ok(None),
    };
    let n_baskets = baskets.len() as u32;
    let nodes = match request.kind {
        Kind::Frequent => joined(tries, &[], 0),
        Kind::Closed if in_all.len() <= request.max_length => joined(tries, &in_all, n_baskets),
        Kind::Closed => Vec::new(),
        Kind::Generators => generators(&joined(tries, &[], 0), n_baskets, watch)?,
        Kind::Maximal => {
            let mut sets = sets;
            if n_tasks == 0 && !in_all.is_empty() {
                sets.push(FlatSets { ends: vec![in_all.len()], items: in_all, counts: vec![n_baskets] });
            }
            maximal::sift(sets, prepared.codes.len(), request.max_length, watch)?
        }
    };
    let within = nodes.len() < ROOT as usize;
    Ok(within.then_some(Found { nodes, codes: prepared.codes }))
}

/// The tries of all tasks as one, below the set of the items that are in every basket.
fn joined(tries: Vec<Vec<Node>>, in_all: &[u32], n_baskets: u32) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(tries.iter().map(Vec::len).sum::<usize>() + in_all.len());
    let mut root = ROOT;
    for (place, &item) in in_all.iter().enumerate() {
        let is_last = place + 1 == in_all.len();
        nodes.push(Node { parent: root, item, count: if is_last { n_baskets } else { 0 } });
        root = place as u32;
    }
    for trie in tries {
        let base = nodes.len() as u32;
        nodes.extend(trie.into_iter().map(|node| Node {
            parent: if node.parent == ROOT { root } else { node.parent.wrapping_add(base) },
            ..node
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
