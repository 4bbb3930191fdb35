//! One kernel a room, on made-up data of a fixed seed: `cargo bench --package patronage-benches`.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, criterion_group, criterion_main};
use patronage::association::{Baskets, Kind, Mine};
use patronage::clv::{BgNbd, History, PurchaseModel};
use patronage::transactions::{Line, Policy, TransactionLog};
use patronage::watch::Unwatched;

/// Numbers in [0, 1) that are the same in every run (a linear congruential generator; Knuth, MMIX).
struct Numbers(u64);

impl Iterator for Numbers {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Some((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

impl Numbers {
    fn below(&mut self, end: f64) -> i64 {
        (self.next().unwrap_or(0.0) * end) as i64
    }
}

fn read_a_log(c: &mut Criterion) {
    let mut numbers = Numbers(1);
    let lines: Vec<Line<'static>> = (0..200_000)
        .map(|_| {
            let (customer, day) = (numbers.below(5000.0), numbers.below(730.0));
            Line::new(customer, day as i32, numbers.below(10_000.0) as f64 / 100.0)
                .order(customer * 1000 + day)
                .item(numbers.below(300.0))
        })
        .collect();
    c.bench_function("read a log of 200,000 lines and list its customers", |b| {
        b.iter(|| {
            let log = TransactionLog::from_lines(lines.iter().copied(), Policy::default()).unwrap();
            log.customers(None)
        });
    });
}

fn mine(c: &mut Criterion) {
    let mut numbers = Numbers(2);
    // Squaring makes low numbers frequent, as some items are in every shop.
    let lists: Vec<Vec<i64>> = (0..20_000)
        .map(|_| (0..10).map(|_| (numbers.next().unwrap_or(0.0).powi(2) * 400.0) as i64).collect())
        .collect();
    let baskets = Baskets::from_lists(lists).unwrap();
    for kind in [Kind::Frequent, Kind::Closed, Kind::Maximal] {
        c.bench_function(&format!("{kind:?} itemsets of 20,000 baskets"), |b| {
            b.iter(|| Mine::new().min_support(0.001).kind(kind).run(&baskets).unwrap());
        });
    }
}

fn fit(c: &mut Criterion) {
    let mut numbers = Numbers(3);
    let (mut frequency, mut recency, mut age) = (vec![], vec![], vec![]);
    for _ in 0..10_000 {
        let (t, x) = (26.0 + numbers.below(13.0) as f64, numbers.below(4.0) as f64);
        frequency.push(x);
        recency.push(if x == 0.0 { 0.0 } else { 1.0 + numbers.below(t - 1.0) as f64 });
        age.push(t);
    }
    c.bench_function("BG/NBD of 10,000 customers", |b| {
        b.iter(|| BgNbd::fit(&History::new(&frequency[..], &recency, &age).unwrap(), &Unwatched));
    });
}

criterion_group!(kernels, read_a_log, mine, fit);
criterion_main!(kernels);
