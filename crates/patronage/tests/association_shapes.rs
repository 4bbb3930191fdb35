//! The shapes that the search gives its data: bit masks, pairs and columns, rows of two and of four bytes. Each is
//! reached by baskets of its kind, and all must find the sets of the definition.

#![allow(clippy::unwrap_used)]

#[path = "common/itemsets.rs"]
mod oracle;

use oracle::{Sets, found, frequent, of_kind};
use patronage::association::{Baskets, Kind, Mine};
use rayon::ThreadPoolBuilder;

/// Numbers that look random and are always the same (Steele, Lea and Flood 2014: `SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Small numbers more often than large ones.
    fn rank(&mut self, end: u64) -> u64 {
        self.below(end).min(self.below(end)).min(self.below(end))
    }

    /// Baskets of about so many items each, drawn by rank; one in ten is the one before again, with a few items more.
    fn baskets(&mut self, n_baskets: usize, n_items: u64, length: u64) -> Vec<Vec<i64>> {
        let mut lists: Vec<Vec<i64>> = Vec::new();
        for _ in 0..n_baskets {
            let mut list =
                if self.below(10) == 0 { lists.last().cloned().unwrap_or_default() } else { Vec::new() };
            let n = self.below(2 * length + 1);
            list.extend((0..n).map(|_| self.rank(n_items) as i64));
            lists.push(list);
        }
        lists
    }
}

/// All kinds, with and without a limit on the length, counted, on one thread and on three, against the definition.
fn check(lists: &[Vec<i64>], min_count: u64, at_least: usize) {
    let baskets = Baskets::from_lists(lists.to_vec()).unwrap();
    let all = frequent(lists, min_count);
    assert!(all.len() >= at_least, "only {} sets", all.len());
    for threads in [1, 3] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for kind in Kind::ALL {
            let expected = of_kind(kind, &all, lists.len());
            for longest in [u64::MAX, 3, 2, 1] {
                let mine = Mine::new().kind(kind).min_support(min_count).max_length(longest);
                let short: Sets = expected
                    .iter()
                    .filter(|(set, _)| set.len() as u64 <= longest)
                    .map(|(set, &count)| (set.clone(), count))
                    .collect();
                pool.install(|| {
                    let itemsets = mine.run(&baskets).unwrap();
                    assert_eq!(itemsets.limited(), None);
                    let sets = found(&itemsets);
                    let wrong = sets.iter().find(|&(set, count)| short.get(set) != Some(count));
                    let missing = short.keys().find(|&set| !sets.contains_key(set));
                    assert_eq!(
                        (wrong, missing),
                        (None, None),
                        "{kind:?} up to {longest} on {threads} threads"
                    );
                    if matches!(kind, Kind::Frequent | Kind::Closed) {
                        let counted = mine.count(&baskets).unwrap();
                        for (length, sets) in (1..).zip(&counted.by_length) {
                            assert_eq!(short.keys().filter(|set| set.len() == length).count() as u64, *sets);
                        }
                        assert_eq!(counted.total(), short.len() as u64);
                    }
                });
            }
        }
    }
}

/// Up to 64 items: masks, merged, and tables of their combinations.
#[test]
fn few_items() {
    let mut random = Random(1);
    for (n_items, length, min_count) in
        [(6, 3, 1), (12, 5, 2), (17, 8, 6), (24, 8, 8), (40, 9, 8), (63, 6, 3), (64, 6, 3), (64, 14, 20)]
    {
        check(&random.baskets(250, n_items, length), min_count, 30);
    }
}

/// More than 16 items in every basket but a few: no table is large enough, and rows are merged.
#[test]
fn few_items_that_lack_little() {
    let mut random = Random(2);
    let lists: Vec<Vec<i64>> = (0..120)
        .map(|_| {
            let lacking: Vec<u64> = (0..6).map(|_| random.below(22)).collect();
            (0..22).filter(|item| !lacking.contains(item)).map(|item| item as i64).collect()
        })
        .collect();
    check(&lists, 40, 1_000);
}

/// Many items of which few stand together: pairs, then columns.
#[test]
fn many_items_and_sparse() {
    let mut random = Random(3);
    for (n_baskets, n_items, length, min_count) in
        [(1_500, 65, 4, 4), (2_000, 120, 7, 8), (4_000, 300, 8, 10), (6_000, 90, 10, 60)]
    {
        check(&random.baskets(n_baskets, n_items, length), min_count, 300);
    }
}

/// Many items of which many stand together: pairs, then merged masks; and where more than 64 stand with an item,
/// rows of rows.
#[test]
fn many_items_and_dense() {
    let mut random = Random(4);
    for (n_baskets, n_items, length, min_count) in [(150, 70, 20, 15), (120, 150, 30, 11), (40, 200, 40, 7)] {
        check(&random.baskets(n_baskets, n_items, length), min_count, 2_000);
    }
}

/// More than 64 items behind an item at several depths: a long basket, again and again with a piece missing.
#[test]
fn rows_of_rows() {
    let mut random = Random(5);
    let lists: Vec<Vec<i64>> = (0..9)
        .map(|_| {
            let mut list: Vec<i64> = (0..90).collect();
            (0..60).for_each(|_| list.retain(|&item| item % 13 == 0 || random.below(60) > 1));
            list
        })
        .chain((0..4).map(|piece| (0..75).map(|item| item + 5 * piece).collect()))
        .collect();
    check(&lists, 7, 200);
    let baskets = Baskets::from_lists(lists.clone()).unwrap();
    // More items than the oracle can grow to sets: closed ones have few, and those of up to three items are known.
    for min_count in [3, 4] {
        let short = Mine::new().min_support(min_count).max_length(3).run(&baskets).unwrap();
        let by_hand = up_to_three(&lists, min_count);
        assert!(found(&short) == by_hand);
        let generators = Mine::new().kind(Kind::Generators).min_support(min_count).max_length(3);
        assert!(found(&generators.run(&baskets).unwrap()) == of_short_generators(&by_hand, lists.len()));
    }
}

fn up_to_three(lists: &[Vec<i64>], min_count: u64) -> Sets {
    let n_items = lists.iter().flatten().max().unwrap() + 1;
    let mut sets = Sets::new();
    let count =
        |set: &[i64]| lists.iter().filter(|list| set.iter().all(|item| list.contains(item))).count() as u64;
    for a in 0..n_items {
        let mut keep = |set: Vec<i64>| {
            let count = count(&set);
            if count >= min_count {
                sets.insert(set, count);
            }
            count >= min_count
        };
        if keep(vec![a]) {
            let behind: Vec<i64> = (a + 1..n_items).filter(|&b| keep(vec![a, b])).collect();
            for (place, &b) in behind.iter().enumerate() {
                behind[place + 1..].iter().for_each(|&c| {
                    keep(vec![a, b, c]);
                });
            }
        }
    }
    sets
}

/// What is a generator is decided by its parts alone.
fn of_short_generators(sets: &Sets, n_baskets: usize) -> Sets {
    of_kind(Kind::Generators, sets, n_baskets)
}

/// More items than pairs are counted for: the rarer ones are looked up in rows.
#[test]
fn an_assortment() {
    let mut random = Random(6);
    check(&random.baskets(2_000, 4_000, 6), 2, 3_000);
    // Rare items with long baskets behind them.
    let mut lists = random.baskets(600, 3_000, 4);
    for rare in 0..12 {
        let long: Vec<i64> = (0..9).map(|_| random.rank(3_000) as i64).chain([5_000 + rare]).collect();
        (0..3).for_each(|_| lists.push(long.clone()));
    }
    check(&lists, 2, 5_000);
}

/// 65,534 and more frequent items: numbers need four bytes.
#[test]
fn more_items_than_two_bytes_hold() {
    let mut random = Random(7);
    for n_items in [65_534_i64, 65_535, 66_000] {
        let single = (0..n_items).map(|item| vec![item]);
        let more = random.baskets(400, n_items as u64, 3);
        let mut lists: Vec<Vec<i64>> = single.chain(more).collect();
        // The least frequent items stand together, too.
        lists.push(vec![n_items - 1, n_items - 2, 0]);
        lists.push(vec![n_items - 1, n_items - 2, 1]);
        check(&lists, 1, n_items as usize);
    }
}
