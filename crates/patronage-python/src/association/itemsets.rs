//! The search for itemsets, and those found.

use patronage::association::{self as core, Kind, Measure, Mine, RuleSearch, Support};
use pyo3::prelude::*;

use super::baskets::Baskets;
use super::rules::{Limits, Rules, limited};
use super::shared::{Item, lists, read, write};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

/// The least support as Python gives it.
#[derive(FromPyObject)]
pub enum MinSupport {
    Count(u64),
    Share(f64),
}

impl From<MinSupport> for Support {
    fn from(min_support: MinSupport) -> Self {
        match min_support {
            MinSupport::Count(count) => Self::Count(count),
            MinSupport::Share(share) => Self::Share(share),
        }
    }
}

/// Itemsets that were found.
#[pyclass(frozen, module = "patronage._core")]
pub struct Itemsets(pub core::Itemsets);

impl Itemsets {
    fn search(
        &self,
        max_antecedent: Option<u64>,
        max_consequent: Option<u64>,
        limits: &Limits,
    ) -> patronage::Result<RuleSearch<'_>> {
        let mut search = limited(self.0.rules(), limits)?;
        if let Some(items) = max_antecedent {
            search = search.max_antecedent(items);
        }
        if let Some(items) = max_consequent {
            search = search.max_consequent(items);
        }
        Ok(search)
    }
}

#[pymethods]
impl Itemsets {
    #[new]
    #[pyo3(signature = (baskets, min_support, kind, max_length, max_itemsets, progress))]
    fn new(
        py: Python<'_>,
        baskets: &Baskets,
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
        guard::run(py, progress, |watch| mine.run_watched(&baskets.0, watch)).map(Self)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn min_count(&self) -> u64 {
        self.0.min_count()
    }

    #[getter]
    fn n_baskets(&self) -> u64 {
        self.0.n_baskets()
    }

    /// A row an itemset, the most frequent first.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let (items, lengths, counts, supports) = guard::run(py, None, |watch| {
            let (mut lengths, mut counts, mut supports) = (Vec::new(), Vec::new(), Vec::new());
            let sets = self.0.by_count(watch)?;
            let rows = sets.iter().map(|set| {
                let items = set.items();
                lengths.push(items.len() as i64);
                counts.push(set.count());
                supports.push(set.support());
                items
            });
            let items = lists(self.0.items(), rows, watch)?;
            Ok((items, lengths, counts, supports))
        })?;
        Columns::default()
            .array("items", items)
            .ints("length", lengths)
            .counts("count", &counts)
            .floats("support", &supports)
            .frame(py)
    }

    fn count_of(&self, items: Vec<Item>) -> Option<u64> {
        self.0.count_of(&items)
    }

    #[pyo3(signature = (min_confidence, max_antecedent, max_consequent, limits, minimal, max_rules, sort_by, progress))]
    #[allow(clippy::too_many_arguments)]
    fn rules(
        &self,
        py: Python<'_>,
        min_confidence: f64,
        max_antecedent: Option<u64>,
        max_consequent: Option<u64>,
        limits: Limits,
        minimal: bool,
        max_rules: u64,
        sort_by: Option<&str>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Rules> {
        let sort_by = sort_by.map(Measure::from_name).transpose().or_raise(py)?;
        let search = self.search(max_antecedent, max_consequent, &limits).or_raise(py)?;
        let search = search.min_confidence(min_confidence).minimal(minimal).max_rules(max_rules);
        guard::run(py, progress, |watch| {
            let rules = search.run_watched(watch)?;
            Ok(match sort_by {
                Some(measure) => rules.sorted_by(measure),
                None => rules,
            })
        })
        .map(Rules)
    }

    #[pyo3(signature = (alpha, max_antecedent, max_consequent, limits, max_rules, progress))]
    #[allow(clippy::too_many_arguments)]
    fn n_testable(
        &self,
        py: Python<'_>,
        alpha: f64,
        max_antecedent: Option<u64>,
        max_consequent: Option<u64>,
        limits: Limits,
        max_rules: u64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let search = self.search(max_antecedent, max_consequent, &limits).or_raise(py)?.max_rules(max_rules);
        guard::run(py, progress, |watch| search.n_testable(alpha, watch))
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        guard::run(py, None, |_| Ok(Working(self.0.explain(lang))))
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "itemsets", text).map(Self)
    }
}
