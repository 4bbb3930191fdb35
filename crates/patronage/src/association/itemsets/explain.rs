//! The working of itemsets, level by level.

use super::{Itemset, Itemsets};
use crate::association::rules::words::{list, trimmed};
use crate::explain::{Lang, Working, decimal};

/// Sets of one length that a working shows.
const ROWS: usize = 20;

impl Itemsets {
    /// How the sets were found: those of one item, of two, and so on, each with its count and support, the most
    /// frequent first; at most twenty of each length.
    pub fn explain(&self, lang: Lang) -> Working {
        let whole = |count: u64| decimal(count as f64, 0);
        let (least, n) = (whole(self.min_count()), whole(self.n_baskets()));
        let title = match lang {
            Lang::En => format!("Itemsets in at least {least} of {n} baskets"),
            Lang::Zh => format!("在 {n} 个购物篮中至少出现 {least} 次的项集"),
        };
        let levels = Level::all(self);
        let head = [lang.pick("items", "项集"), lang.pick("count", "计数"), lang.pick("support", "支持度")];
        let mut working = Working::new(title);
        for (length, level) in (1..).zip(&levels).filter(|(_, level)| level.size > 0) {
            let rows = level.most_frequent.iter().map(|set| {
                let support = set.support();
                vec![
                    list(set.items().into_iter(), lang),
                    whole(set.count()),
                    format!("{} / {n} = {}", whole(set.count()), trimmed(support)),
                ]
            });
            let found = whole(level.size);
            working = working
                .heading(match lang {
                    Lang::En if length == 1 => format!("Single items: {found}"),
                    Lang::En => format!("Sets of {length} items: {found}"),
                    Lang::Zh => format!("{length} 项统计：{found} 个"),
                })
                .table(head.map(String::from).to_vec(), rows.collect());
        }
        if self.is_empty() {
            working =
                working.text(lang.pick("No set of items is that frequent.", "没有达到该支持度的项集。"));
        }
        working
    }
}

/// The sets of one length.
#[derive(Default)]
struct Level<'a> {
    size: u64,
    most_frequent: Vec<Itemset<'a>>,
}

impl<'a> Level<'a> {
    fn all(itemsets: &'a Itemsets) -> Vec<Self> {
        let mut levels: Vec<Self> = Vec::new();
        for set in itemsets.iter() {
            let length = set.length();
            if levels.len() < length {
                levels.resize_with(length, Self::default);
            }
            let level = &mut levels[length - 1];
            level.size += 1;
            let place = level.most_frequent.partition_point(|other| other.count() >= set.count());
            if place < ROWS {
                level.most_frequent.insert(place, set);
                level.most_frequent.truncate(ROWS);
            }
        }
        levels
    }
}
