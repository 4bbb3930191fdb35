//! Itemsets of several groups of baskets — stores, segments, seasons — and what is typical of each.

mod compare;
mod count;
mod words;

use serde::{Deserialize, Serialize};

pub use self::compare::{Comparison, InGroup};
use super::itemsets::Itemsets;
use super::mine::Mine;
use crate::error::{Error, Result};
use crate::transactions::{Baskets, Dictionary, Id, Labels};
use crate::watch::{Unwatched, Watch};

/// The itemsets of each group, and the support of each of them in every group.
///
/// ```
/// use patronage::association::{Baskets, Mine};
/// let city = Baskets::from_lists([vec!["tea", "milk"], vec!["tea", "milk"], vec!["bread"]])?;
/// let country = Baskets::from_lists([vec!["bread", "milk"], vec!["bread"], vec!["tea"], vec!["bread"]])?;
/// let grouped = Mine::new().min_support(0.5).run_by_group([("city", &city), ("country", &country)])?;
/// assert_eq!(grouped.itemsets(0).map(|sets| sets.len()), Some(3)); // tea, milk, both
/// // In the country tea and milk are never together: they are typical of the city.
/// let row = grouped.compare().find(|row| row.items().len() == 2).ok_or(patronage::Error::Cancelled)?;
/// assert_eq!((row.count(), row.support(), row.support_elsewhere()), (2, 2.0 / 3.0, 0.0));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct GroupedItemsets {
    groups: Labels,
    itemsets: Vec<Itemsets>,
    comparison: Comparison,
}

impl Mine {
    /// Searches each group for itself; a share as least support is a share of each group's baskets.
    ///
    /// # Errors
    /// As [`Mine::run`], with the name of the group; no groups, a group without baskets or a name given twice;
    /// items that are integers in one group and strings in another.
    pub fn run_by_group<'a, G>(&self, groups: G) -> Result<GroupedItemsets>
    where
        G: IntoIterator<Item = (&'a str, &'a Baskets)>,
    {
        let groups: Vec<(Id<'a>, &Baskets)> =
            groups.into_iter().map(|(name, baskets)| (Id::Text(name), baskets)).collect();
        self.run_by_group_watched(&groups, &Unwatched)
    }

    /// Searches each group for itself, reporting progress and ready to be cancelled.
    ///
    /// # Errors
    /// As [`Mine::run_by_group`]; [`Error::Cancelled`].
    pub fn run_by_group_watched(
        &self,
        groups: &[(Id<'_>, &Baskets)],
        watch: &dyn Watch,
    ) -> Result<GroupedItemsets> {
        let mut names = Dictionary::new("group");
        for (place, &(name, baskets)) in (0_u32..).zip(groups) {
            if names.code_of(name)? != place {
                return Err(Error::parameter("groups", format!("'{name}' twice"), "each group once"));
            }
            if baskets.is_empty() {
                return Err(Error::NotEnoughData {
                    what: format!("baskets of group '{name}'"),
                    found: 0,
                    needed: 1,
                    mend: "leave the group out".into(),
                });
            }
        }
        if groups.is_empty() {
            return Err(Error::parameter("groups", "none", "at least one group of baskets"));
        }
        let part = Part { watch, parts: groups.len() as u64 };
        let itemsets = (0..).zip(groups).map(|(place, &(name, baskets))| {
            let found = self.run_watched(baskets, &part.silent()).map_err(|error| of_group(name, error))?;
            part.done(place);
            Ok(found)
        });
        let itemsets = itemsets.collect::<Result<Vec<Itemsets>>>()?;
        let baskets: Vec<&Baskets> = groups.iter().map(|&(_, baskets)| baskets).collect();
        let comparison = count::comparison(&itemsets, &baskets, watch)?;
        Ok(GroupedItemsets { groups: names.labels().clone(), itemsets, comparison })
    }
}

/// An error of one group, with its name.
fn of_group(name: Id<'_>, error: Error) -> Error {
    match error {
        Error::LimitExceeded { what, limit, mend } => {
            Error::LimitExceeded { what: format!("group '{name}': {what}"), limit, mend }
        }
        other => other,
    }
}

impl GroupedItemsets {
    /// The names of the groups, in the order they were given.
    pub fn groups(&self) -> &Labels {
        &self.groups
    }

    /// The itemsets of a group by its place.
    pub fn itemsets(&self, group: usize) -> Option<&Itemsets> {
        self.itemsets.get(group)
    }

    /// Number of different itemsets, over all groups.
    pub fn n_sets(&self) -> usize {
        self.comparison.n_sets()
    }

    /// Number of rows of [`GroupedItemsets::compare`] that can be tested.
    pub fn tests(&self) -> u64 {
        self.compare().filter(|row| !row.p_value().is_nan()).count() as u64
    }

    /// A row for each group and each set that is among the itemsets of any group; set by set.
    pub fn compare(&self) -> impl Iterator<Item = InGroup<'_>> {
        let groups = self.groups.len();
        (0..self.n_sets()).flat_map(move |set| (0..groups).map(move |group| self.in_group(set, group)))
    }

    /// The rows of [`GroupedItemsets::compare`] with the largest |z| first; those without one stand at the end.
    pub fn most_typical(&self) -> Vec<InGroup<'_>> {
        let mut rows: Vec<(f64, InGroup<'_>)> = self.compare().map(|row| (row.z().abs(), row)).collect();
        let far = |z: f64| if z.is_nan() { -1.0 } else { z };
        rows.sort_by(|a, b| far(b.0).total_cmp(&far(a.0)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn in_group(&self, set: usize, group: usize) -> InGroup<'_> {
        InGroup { comparison: &self.comparison, groups: &self.groups, set, group }
    }

    /// The items of all sets, in the order of their ids.
    pub fn items(&self) -> &Labels {
        self.comparison.items()
    }
}

/// Progress of one group after the other.
struct Part<'a> {
    watch: &'a dyn Watch,
    parts: u64,
}

impl Part<'_> {
    fn silent(&self) -> Silent<'_> {
        Silent(self.watch)
    }

    fn done(&self, place: u64) {
        self.watch.progress(place + 1, self.parts);
    }
}

/// A watch without progress.
struct Silent<'a>(&'a dyn Watch);

impl Watch for Silent<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// What is written, checked when it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    groups: Labels,
    itemsets: Vec<Itemsets>,
    comparison: Comparison,
}

impl TryFrom<Stored> for GroupedItemsets {
    type Error = Error;
    fn try_from(s: Stored) -> Result<Self> {
        let n_baskets: Vec<u64> = s.itemsets.iter().map(Itemsets::n_baskets).collect();
        if s.groups.len() != s.itemsets.len() {
            return Err(compare::wrong("groups and itemsets that do not belong together"));
        }
        s.comparison.check(&n_baskets)?;
        Ok(Self { groups: s.groups, itemsets: s.itemsets, comparison: s.comparison })
    }
}
