//! The memory of a search that is limited in bytes, by an allocator that counts.

#![allow(clippy::unwrap_used, unsafe_code)]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::sync::atomic::{AtomicUsize, Ordering};

use common::shared;
use flate2::read::GzDecoder;
use patronage::association::{Baskets, Kind, Limit, Mine};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The system may move pages instead of copying them: only what is new counts.
        if size > layout.size() {
            let more = size - layout.size();
            MOST.fetch_max(NOW.fetch_add(more, Ordering::Relaxed) + more, Ordering::Relaxed);
        } else {
            NOW.fetch_sub(layout.size() - size, Ordering::Relaxed);
        }
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What the search of one worker needs beside baskets and sets: the counts of pairs and tables.
const ASIDE: usize = 4_000_000;

#[test]
fn memory_stays_within_its_limit() {
    const BYTES: u64 = 50_000_000;
    for (dataset, kind) in [
        ("chess", Kind::Frequent),
        ("chess", Kind::Closed),
        ("connect_head10k", Kind::Frequent),
        ("retail", Kind::Frequent),
    ] {
        let Some(path) = shared(&format!("data/{dataset}.dat.gz")) else { return };
        let lists: Vec<Vec<i64>> = BufReader::new(GzDecoder::new(File::open(path).unwrap()))
            .lines()
            .map(|line| line.unwrap().split_ascii_whitespace().map(|item| item.parse().unwrap()).collect())
            .collect();
        let baskets = Baskets::from_lists(lists).unwrap();
        let min_support = if dataset == "retail" { 2 } else { baskets.len() as u64 / 100 };
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mine =
                Mine::new().kind(kind).min_support(min_support).max_itemsets(u64::MAX).max_bytes(BYTES);
            let before = NOW.load(Ordering::Relaxed);
            MOST.store(before, Ordering::Relaxed);
            let itemsets = pool.install(|| mine.run(&baskets)).unwrap();
            assert!(itemsets.iter().all(|set| set.count() >= min_support));
            let most = MOST.load(Ordering::Relaxed) - before;
            println!("{dataset} {kind:?}, {threads} threads: {:.3} of the limit", most as f64 / BYTES as f64);
            assert_eq!(itemsets.limited().map(|limited| limited.limit), Some(Limit::Bytes(BYTES)));
            assert!(most as f64 <= 1.1 * BYTES as f64 + (threads * ASIDE) as f64, "{most} bytes");
        }
    }
}
