//! What rules may look like: sizes, and items on either side.

use crate::error::{Error, Result};

/// The sides of a rule, as places in [`Limits`].
pub(super) const ANTECEDENT: usize = 0;
pub(super) const CONSEQUENT: usize = 1;

/// Limits on the sizes and items of rules.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub max_antecedent: Option<u64>,
    pub max_consequent: Option<u64>,
    /// For each item whether it may stand in the antecedent and in the consequent.
    may: Vec<[bool; 2]>,
    /// Items that each rule must hold.
    required: Vec<bool>,
    n_required: usize,
    /// An item that rules must hold and that is not frequent.
    pub unknown: Option<String>,
}

/// How the items of a set may be split.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Room {
    /// Items that may stand on either side.
    pub free: u64,
    /// Items that may stand only in the antecedent, and only in the consequent.
    pub fixed: [u64; 2],
}

impl Limits {
    pub(super) fn new(n_items: usize) -> Self {
        Self {
            max_antecedent: None,
            max_consequent: None,
            may: vec![[true; 2]; n_items],
            required: vec![false; n_items],
            n_required: 0,
            unknown: None,
        }
    }

    pub(super) fn only(&mut self, side: usize, items: &[u32]) {
        for (item, may) in (0..).zip(&mut self.may) {
            may[side] &= items.contains(&item);
        }
    }

    pub(super) fn without(&mut self, items: &[u32]) {
        items.iter().for_each(|&item| self.may[item as usize] = [false; 2]);
    }

    pub(super) fn require(&mut self, items: &[u32]) {
        items.iter().for_each(|&item| self.required[item as usize] = true);
        self.n_required = self.required.iter().filter(|&&required| required).count();
    }

    pub(super) fn require_in(&mut self, side: usize, items: &[u32]) {
        self.require(items);
        items.iter().for_each(|&item| self.may[item as usize][1 - side] = false);
    }

    pub(super) fn check(&self) -> Result<()> {
        for (name, limit) in
            [("max_antecedent", self.max_antecedent), ("max_consequent", self.max_consequent)]
        {
            if limit == Some(0) {
                return Err(Error::parameter(name, 0, "at least 1, or none for no limit"));
            }
        }
        match &self.unknown {
            None => Ok(()),
            Some(name) => Err(Error::UnknownName {
                what: "item".into(),
                name: name.clone(),
                mend: "it is not among the frequent items, so no rule holds it; lower min_support, or check the item"
                    .into(),
            }),
        }
    }

    /// Whether an item may stand on a side.
    #[inline]
    pub(super) fn may(&self, item: u32, side: usize) -> bool {
        self.may.get(item as usize).is_some_and(|may| may[side])
    }

    /// Whether an item may stand in no rule.
    pub(super) fn bars(&self, item: u32) -> bool {
        !self.may(item, ANTECEDENT) && !self.may(item, CONSEQUENT)
    }

    /// Whether a set holds all that rules must hold.
    pub(super) fn met(&self, set: impl IntoIterator<Item = u32>) -> bool {
        self.n_required == 0
            || set.into_iter().filter(|&item| self.required[item as usize]).count() == self.n_required
    }

    pub(super) fn most(&self, side: usize) -> u64 {
        [self.max_antecedent, self.max_consequent][side].unwrap_or(u64::MAX)
    }

    /// How many splits of a set the limits allow.
    pub(super) fn splits(&self, room: Room) -> u64 {
        let Room { free, fixed: [only_x, only_y] } = room;
        // Ways to choose the free items that go into the consequent, from Pascal's rule (a b) = (a b−1) (a−b+1) / b.
        let (mut ways, mut sum) = (1_u128, 0_u128);
        for chosen in 0..=free {
            let (x, y) = (only_x + free - chosen, only_y + chosen);
            if (1..=self.most(ANTECEDENT)).contains(&x) && (1..=self.most(CONSEQUENT)).contains(&y) {
                sum = sum.saturating_add(ways);
            }
            ways = ways.saturating_mul((free - chosen).into()) / u128::from(chosen + 1);
        }
        u64::try_from(sum).unwrap_or(u64::MAX)
    }

    /// How the items of a set may be split.
    pub(super) fn room(&self, set: impl IntoIterator<Item = u32>) -> Room {
        let mut room = Room::default();
        for item in set {
            match [self.may(item, ANTECEDENT), self.may(item, CONSEQUENT)] {
                [true, true] => room.free += 1,
                [true, false] => room.fixed[ANTECEDENT] += 1,
                _ => room.fixed[CONSEQUENT] += 1,
            }
        }
        room
    }
}
