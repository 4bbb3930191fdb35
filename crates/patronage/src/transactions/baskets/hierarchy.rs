//! Items of several levels: product, category, department.

use std::sync::Arc;

use super::{Baskets, STRIDE};
use crate::error::{Error, Result};
use crate::transactions::ids::{Dictionary, IdColumn, Labels};
use crate::watch::Watch;

/// The largest number of (item, ancestor) pairs.
const MAX_PAIRS: u64 = 1 << 28;
/// Names that an error gives.
const NAMED: usize = 5;

/// What to do with items that have no parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unmapped {
    /// Refuse them.
    #[default]
    Error,
    /// Keep them as they are.
    Keep,
}

/// The parents of items: categories of products, departments of categories. An item may have several.
///
/// ```
/// use patronage::transactions::{Baskets, Hierarchy, IdColumn, Unmapped};
/// use patronage::watch::Unwatched;
/// let child = IdColumn::Texts(vec![Some("milk"), Some("butter"), Some("dairy")]);
/// let parent = IdColumn::Texts(vec![Some("dairy"), Some("dairy"), Some("food")]);
/// let hierarchy = Hierarchy::from_pairs(&child, &parent)?;
/// let baskets = Baskets::from_lists([vec!["butter", "milk"], vec!["milk"]])?;
///
/// let categories = baskets.roll_up(&hierarchy, Unmapped::Error, &Unwatched)?;
/// assert_eq!(categories.iter().collect::<Vec<_>>(), [&[0], &[0]]); // dairy, dairy
///
/// let extended = baskets.with_ancestors(&hierarchy, Unmapped::Error, &Unwatched)?;
/// assert_eq!(extended.basket(1), [1, 2, 3]); // dairy, food, milk
/// assert_eq!(extended.ancestors(3), [1, 2]);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Hierarchy {
    children: Dictionary,
    parents: Dictionary,
    /// Of each child, its parents.
    of: Vec<Vec<u32>>,
    rows: u64,
}

impl Default for Hierarchy {
    fn default() -> Self {
        let (children, parents) = (Dictionary::new("item"), Dictionary::new("parent"));
        Self { children, parents, of: Vec::new(), rows: 0 }
    }
}

impl Hierarchy {
    /// From two columns: a row says that an item has a parent.
    ///
    /// # Errors
    /// As [`Hierarchy::push`].
    pub fn from_pairs(child: &IdColumn<'_>, parent: &IdColumn<'_>) -> Result<Self> {
        let mut hierarchy = Self::default();
        hierarchy.push(child, parent)?;
        Ok(hierarchy)
    }

    /// Adds rows of two columns: a row says that an item has a parent.
    ///
    /// # Errors
    /// Columns of unequal length, missing ids, a column of integers and strings.
    pub fn push(&mut self, child: &IdColumn<'_>, parent: &IdColumn<'_>) -> Result<()> {
        super::reader::equal_length("parent", child, parent)?;
        for row in 0..child.len() {
            let (Some(c), Some(p)) = (child.get(row), parent.get(row)) else {
                return Err(self.missing(child, parent));
            };
            let (c, p) = (self.children.code_of(c)? as usize, self.parents.code_of(p)?);
            if c == self.of.len() {
                self.of.push(Vec::new());
            }
            if !self.of[c].contains(&p) {
                self.of[c].push(p);
            }
        }
        self.rows += child.len() as u64;
        Ok(())
    }

    fn missing(&self, child: &IdColumn<'_>, parent: &IdColumn<'_>) -> Error {
        let rows = |column: &IdColumn<'_>| (0..column.len()).filter(|&row| column.get(row).is_none()).count();
        let first = |column: &IdColumn<'_>| (0..column.len()).find(|&row| column.get(row).is_none());
        let (name, column) = if rows(child) > 0 { ("item", child) } else { ("parent", parent) };
        Error::InvalidValue {
            column: name.into(),
            row: self.rows + first(column).unwrap_or(0) as u64,
            count: rows(column) as u64,
            problem: "the id is missing".into(),
            mend: "drop these rows or give them an id".into(),
        }
    }

    /// Of each label the parents, as codes of `names`, which learns them.
    fn parents_in(&self, names: &mut Dictionary, labels: &Labels) -> Result<Vec<Vec<u32>>> {
        let parents_of = |label| match self.children.find(label) {
            Some(child) => self.of[child as usize].as_slice(),
            None => &[],
        };
        labels
            .iter()
            .map(|label| {
                let known = parents_of(label).iter().filter_map(|&p| self.parents.labels().get(p));
                known.map(|parent| names.code_of(parent)).collect()
            })
            .collect()
    }

    /// An error that names the labels without a parent, unless they are parents themselves.
    fn require(&self, labels: &Labels, parents_will_do: bool) -> Result<()> {
        let known =
            |id| self.children.find(id).is_some() || parents_will_do && self.parents.find(id).is_some();
        let unknown: Vec<String> = labels.iter().filter(|&id| !known(id)).map(|id| id.to_string()).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let more =
            if unknown.len() > NAMED { format!(" … ({} in all)", unknown.len()) } else { String::new() };
        Err(Error::UnknownName {
            what: "a parent of the item(s)".into(),
            name: format!("{}{more}", unknown[..unknown.len().min(NAMED)].join(", ")),
            mend: "give each item a parent, or set missing=\"keep\" to keep such items as they are".into(),
        })
    }
}

impl Baskets {
    /// Baskets of the level above: in place of each item its parents.
    ///
    /// # Errors
    /// Items without a parent, unless they are to be kept; kept items that are integers where parents are
    /// strings, or the other way round; [`Error::Cancelled`].
    pub fn roll_up(&self, hierarchy: &Hierarchy, unmapped: Unmapped, watch: &dyn Watch) -> Result<Self> {
        if unmapped == Unmapped::Error {
            hierarchy.require(&self.labels, false)?;
        }
        let mut names = Dictionary::new("item");
        let mut above = hierarchy.parents_in(&mut names, &self.labels)?;
        for (item, above) in self.labels.iter().zip(&mut above) {
            if above.is_empty() {
                above.push(names.code_of(item)?);
            }
        }
        self.replace(names, &above, watch).map(|(baskets, _)| baskets)
    }

    /// Baskets with the ancestors of their items added, up to the top: the extended transactions of Srikant and
    /// Agrawal (Mining Generalized Association Rules, VLDB 1995). [`Baskets::ancestors`] then tells the
    /// ancestors of each item, as a set of an item and its ancestor says nothing.
    ///
    /// # Errors
    /// Items of which the hierarchy does not speak, unless they are to be kept; an item that is its own ancestor;
    /// items that are integers where parents are strings, or the other way round; [`Error::Cancelled`].
    pub fn with_ancestors(
        &self,
        hierarchy: &Hierarchy,
        unmapped: Unmapped,
        watch: &dyn Watch,
    ) -> Result<Self> {
        if unmapped == Unmapped::Error {
            hierarchy.require(&self.labels, true)?;
        }
        // The items first, with their codes; then the levels above, until nothing new comes.
        let mut names = Dictionary::new("item");
        for item in self.labels.iter() {
            names.code_of(item)?;
        }
        let mut parents: Vec<Vec<u32>> = Vec::new();
        while parents.len() < names.labels().len() {
            watch.check()?;
            let level: Vec<u32> = (parents.len() as u32..names.labels().len() as u32).collect();
            let level = names.labels().take(&level);
            parents.extend(hierarchy.parents_in(&mut names, &level)?);
        }
        for (code, parents) in (0..).zip(&mut parents).take(self.labels.len()) {
            parents.extend(self.ancestors(code)); // of a hierarchy before
        }
        let above = closure(&parents, names.labels(), watch)?;
        let with_self: Vec<Vec<u32>> = (0..)
            .zip(&above)
            .take(self.labels.len())
            .map(|(code, above)| [&[code], &above[..]].concat())
            .collect();
        let (baskets, place) = self.replace(names, &with_self, watch)?;
        Ok(Self { ancestors: Ancestors::new(&above, &place), ..baskets })
    }

    /// In place of each item others, and where the codes of these went.
    fn replace(&self, names: Dictionary, others: &[Vec<u32>], watch: &dyn Watch) -> Result<(Self, Vec<u32>)> {
        let (labels, place) = names.into_sorted();
        let (mut offsets, mut codes) = (vec![0], Vec::new());
        let mut basket = Vec::new();
        for (done, items) in self.iter().enumerate() {
            if done % STRIDE == 0 {
                watch.check()?;
            }
            basket.extend(items.iter().flat_map(|&i| &others[i as usize]).map(|&code| place[code as usize]));
            basket.sort_unstable();
            basket.dedup();
            codes.append(&mut basket);
            offsets.push(codes.len() as u64);
        }
        let packed = Self::pack(offsets, codes, Arc::new(labels), watch)?;
        Ok((Self { ids: self.ids.clone(), repeated: self.repeated, ..packed }, place))
    }
}

/// Of each item all that is above it; an error if an item is above itself.
fn closure(parents: &[Vec<u32>], names: &Labels, watch: &dyn Watch) -> Result<Vec<Vec<u32>>> {
    let mut reached_from = vec![u32::MAX; parents.len()];
    let (mut open, mut above, mut pairs) = (Vec::new(), Vec::new(), 0);
    for start in 0..parents.len() as u32 {
        watch.check()?;
        let mut found = Vec::new();
        open.push(start);
        while let Some(item) = open.pop() {
            for &parent in &parents[item as usize] {
                if parent == start {
                    return Err(cycle(start, item, names));
                }
                if std::mem::replace(&mut reached_from[parent as usize], start) != start {
                    found.push(parent);
                    open.push(parent);
                }
            }
        }
        pairs += found.len() as u64;
        if pairs > MAX_PAIRS {
            return Err(Error::LimitExceeded {
                what: "the number of pairs of an item and an ancestor".into(),
                limit: MAX_PAIRS,
                mend: "give a hierarchy of fewer levels".into(),
            });
        }
        above.push(found);
    }
    Ok(above)
}

fn cycle(start: u32, last: u32, names: &Labels) -> Error {
    let name = |code| names.get(code).map_or_else(String::new, |id| id.to_string());
    let through = if last == start { String::new() } else { format!(" by way of '{}'", name(last)) };
    Error::parameter(
        "parents",
        format!("a hierarchy in which '{}' is above itself{through}", name(start)),
        "a hierarchy in which no item is its own ancestor",
    )
}

/// The ancestors of each item code as compressed sparse rows; without rows if there is no hierarchy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ancestors {
    offsets: Vec<u64>,
    codes: Vec<u32>,
}

impl Ancestors {
    /// From the ancestors by old codes, and the new code of each old one.
    fn new(above: &[Vec<u32>], place: &[u32]) -> Self {
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); above.len()];
        for (&new, above) in place.iter().zip(above) {
            rows[new as usize] = above.iter().map(|&old| place[old as usize]).collect();
            rows[new as usize].sort_unstable();
        }
        let mut ancestors = Self { offsets: vec![0], codes: Vec::new() };
        for row in rows {
            ancestors.codes.extend(row);
            ancestors.offsets.push(ancestors.codes.len() as u64);
        }
        ancestors
    }

    pub(super) fn of(&self, code: u32) -> &[u32] {
        match (self.offsets.get(code as usize), self.offsets.get(code as usize + 1)) {
            (Some(&start), Some(&end)) => &self.codes[start as usize..end as usize],
            _ => &[],
        }
    }

    pub(super) fn any(&self) -> bool {
        !self.codes.is_empty()
    }

    pub(super) fn into_parts(self) -> Option<(Vec<u64>, Vec<u32>)> {
        (!self.offsets.is_empty()).then_some((self.offsets, self.codes))
    }

    /// What was stored, for so many items.
    pub(super) fn from_parts(parts: Option<(Vec<u64>, Vec<u32>)>, items: usize) -> Result<Self> {
        let Some((offsets, codes)) = parts else { return Ok(Self::default()) };
        let ends_match = offsets.first() == Some(&0) && offsets.last() == Some(&(codes.len() as u64));
        let ancestors = Self { offsets, codes };
        let ordered = || {
            (0..items as u32).all(|item| {
                let row = ancestors.of(item);
                row.is_sorted_by(|a, b| a < b) && row.iter().all(|&a| (a as usize) < items && a != item)
            })
        };
        if ends_match && ancestors.offsets.len() == items + 1 && ancestors.offsets.is_sorted() && ordered() {
            return Ok(ancestors);
        }
        let found = format!("{} values", ancestors.codes.len());
        Err(Error::parameter("ancestors", found, "the codes of the ancestors of each item, ascending"))
    }
}
