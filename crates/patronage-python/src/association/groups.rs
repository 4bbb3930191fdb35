//! Itemsets by group.

use patronage::association::{self as core, InGroup, Kind, Mine, Support};
use patronage::transactions::{Id, Labels};
use pyo3::prelude::*;

use super::baskets::Baskets;
use super::itemsets::{Itemsets, MinSupport};
use super::shared::{Item, STRIDE, lists, read, write};
use crate::error::OrRaise;
use crate::explain::language;
use crate::frame::{Columns, Frame};
use crate::guard;

/// Itemsets of several groups of baskets.
#[pyclass(frozen, module = "patronage._core")]
pub struct GroupedItemsets(core::GroupedItemsets);

#[pymethods]
impl GroupedItemsets {
    #[new]
    #[pyo3(signature = (groups, min_support, kind, max_length, max_itemsets, progress))]
    fn new(
        py: Python<'_>,
        groups: Vec<(Item, PyRef<'_, Baskets>)>,
        min_support: MinSupport,
        kind: &str,
        max_length: Option<u64>,
        max_itemsets: u64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let kind = Kind::from_name(kind).or_raise(py)?;
        let mut mine =
            Mine::new().min_support(Support::from(min_support)).kind(kind).max_itemsets(max_itemsets);
        if let Some(length) = max_length {
            mine = mine.max_length(length);
        }
        let groups: Vec<(Id<'_>, &core::Baskets)> =
            groups.iter().map(|(name, baskets)| (Id::from(name), &baskets.0)).collect();
        guard::run(py, progress, |watch| mine.run_by_group_watched(&groups, watch)).map(Self)
    }

    fn __len__(&self) -> usize {
        (0..self.0.groups().len()).filter_map(|group| self.0.itemsets(group)).map(core::Itemsets::len).sum()
    }

    #[getter]
    fn n_sets(&self) -> usize {
        self.0.n_sets()
    }

    #[getter]
    fn tests(&self) -> u64 {
        self.0.tests()
    }

    /// The itemsets of a group by its place.
    fn itemsets(&self, group: usize) -> Option<Itemsets> {
        self.0.itemsets(group).cloned().map(Itemsets)
    }

    /// Of each group, the least number of baskets and the number of baskets.
    fn sizes(&self) -> Vec<(u64, u64)> {
        let sets = (0..self.0.groups().len()).filter_map(|group| self.0.itemsets(group));
        sets.map(|sets| (sets.min_count(), sets.n_baskets())).collect()
    }

    /// A row for each group and each of its itemsets, the most frequent of each group first.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let grouped = &self.0;
        let (groups, items, sizes, counts, supports) = guard::run(py, None, |watch| {
            let mut sets = Vec::new();
            let mut groups = Vec::new();
            for group in 0..grouped.groups().len() {
                if let Some(itemsets) = grouped.itemsets(group) {
                    sets.extend(itemsets.by_count(watch)?);
                    groups.resize(sets.len(), group as u32);
                }
            }
            let rows = sets.iter().map(core::Itemset::items);
            let items = lists(grouped.items(), rows, watch)?;
            let sizes: Vec<i64> = sets.iter().map(|set| set.length() as i64).collect();
            let counts: Vec<u64> = sets.iter().map(core::Itemset::count).collect();
            let supports: Vec<f64> = sets.iter().map(core::Itemset::support).collect();
            Ok((grouped.groups().take(&groups), items, sizes, counts, supports))
        })?;
        Columns::default()
            .ids("group", &groups)
            .array("items", items)
            .ints("length", sizes)
            .counts("count", &counts)
            .floats("support", &supports)
            .frame(py)
    }

    /// A row for each group and each set of any group, the largest |z| first; with a sentence each.
    fn compare(&self, py: Python<'_>, lang: &str) -> PyResult<(Frame, Vec<String>)> {
        let lang = language(py, lang)?;
        let grouped = &self.0;
        let (rows, items, words) = guard::run(py, None, |watch| {
            let rows = grouped.most_typical();
            let items = lists(grouped.items(), rows.iter().map(|row| row.items()), watch)?;
            let told = |(place, row): (usize, &InGroup<'_>)| {
                if place.is_multiple_of(STRIDE) {
                    watch.check()?;
                }
                Ok(row.in_words(lang))
            };
            let words = rows.iter().enumerate().map(told).collect::<patronage::Result<Vec<String>>>()?;
            Ok((rows, items, words))
        })?;
        let places: Vec<u32> = rows.iter().map(|row| row.place() as u32).collect();
        let groups: Labels = grouped.groups().take(&places);
        let tests = grouped.tests();
        let floats = |of: &dyn Fn(&InGroup<'_>) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
        let counts = |of: &dyn Fn(&InGroup<'_>) -> u64| rows.iter().map(of).collect::<Vec<u64>>();
        let frame = Columns::default()
            .ids("group", &groups)
            .array("items", items)
            .counts("count", &counts(&|row| row.count()))
            .floats("support", &floats(&|row| row.support()))
            .counts("count_elsewhere", &counts(&|row| row.count_elsewhere()))
            .floats("support_elsewhere", &floats(&|row| row.support_elsewhere()))
            .floats("difference", &floats(&|row| row.difference()))
            .floats("ratio", &floats(&|row| row.ratio()))
            .floats("z", &floats(&|row| row.z()))
            .floats("p_value", &floats(&|row| row.p_value()))
            .floats("p_adjusted", &floats(&|row| row.p_adjusted(tests)))
            .frame(py)?;
        Ok((frame, words))
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "grouped itemsets", text).map(Self)
    }
}
