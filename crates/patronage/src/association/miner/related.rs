//! Items of several levels: no set holds an item and what it is a kind of, which every basket with the item holds, too
//! (Srikant and Agrawal 1995).

use super::masks::{WIDTH, bit};
use crate::transactions::Baskets;

/// For each frequent item those above and below it, ascending; nothing where items have one level.
#[derive(Debug, Default)]
pub(super) struct Related(Vec<Vec<u32>>);

impl Related {
    pub(super) fn new(baskets: &Baskets, codes: &[u32]) -> Self {
        if !baskets.has_ancestors() {
            return Self::default();
        }
        let mut numbers = vec![None; baskets.labels().len()];
        (0..).zip(codes).for_each(|(number, &code)| numbers[code as usize] = Some(number));
        let mut related = vec![Vec::new(); codes.len()];
        for (item, &code) in (0_u32..).zip(codes) {
            for &ancestor in baskets.ancestors(code) {
                if let Some(above) = numbers[ancestor as usize] {
                    related[item as usize].push(above);
                    related[above as usize].push(item);
                }
            }
        }
        related.iter_mut().for_each(|items| items.sort_unstable());
        Self(related)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn holds(&self, a: u32, b: u32) -> bool {
        self.0.get(a as usize).is_some_and(|items| items.binary_search(&b).is_ok())
    }

    /// For each item of a mask those that are related to it.
    pub(super) fn masks(&self, names: &[u32]) -> Vec<u64> {
        if self.is_empty() {
            return Vec::new();
        }
        let related_to = |&a: &u32| {
            let others = names.iter().take(WIDTH).enumerate().filter(|&(_, &b)| self.holds(a, b));
            others.fold(0, |mask, (place, _)| mask | bit(place))
        };
        names.iter().take(WIDTH).map(related_to).collect()
    }
}
