//! The search for itemsets, and those found.

use patronage::Result;
use patronage::association::{self as core, Kind, Limit, Limited, Measure, Mine, RuleSearch, Support};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::baskets::Baskets;
use super::rules::{Limits, Rules, limited};
use super::shared::{Item, STRIDE, numbered_lists, read, write};
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

impl From<&MinSupport> for Support {
    fn from(min_support: &MinSupport) -> Self {
        match *min_support {
            MinSupport::Count(count) => Self::Count(count),
            MinSupport::Share(share) => Self::Share(share),
        }
    }
}

/// A request for itemsets, as a dict.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Request {
    min_supports: Vec<MinSupport>,
    top: Option<u64>,
    kind: String,
    min_length: u64,
    max_length: Option<u64>,
    only: Option<Vec<Item>>,
    without: Vec<Item>,
    containing: Vec<Item>,
    max_itemsets: u64,
    max_bytes: Option<u64>,
    max_seconds: Option<f64>,
}

impl Request {
    fn mine(&self) -> Result<Mine<'_>> {
        let mut mine = Mine::new().kind(Kind::from_name(&self.kind)?).min_length(self.min_length);
        mine = mine.without(&self.without).containing(&self.containing).max_itemsets(self.max_itemsets);
        mine = match (self.top, &self.min_supports[..]) {
            (Some(sets), _) => mine.top(sets),
            (None, [min_support]) => mine.min_support(min_support),
            (None, by_length) => mine.min_supports(by_length),
        };
        if let Some(only) = &self.only {
            mine = mine.only(only);
        }
        if let Some(items) = self.max_length {
            mine = mine.max_length(items);
        }
        if let Some(bytes) = self.max_bytes {
            mine = mine.max_bytes(bytes);
        }
        if let Some(seconds) = self.max_seconds {
            mine = mine.max_seconds(seconds);
        }
        Ok(mine)
    }
}

/// What to say of a search that passed a limit.
fn told<'py>(py: Python<'py>, limited: Option<&Limited>) -> PyResult<Option<Bound<'py, PyDict>>> {
    let Some(limited) = limited else { return Ok(None) };
    let about = PyDict::new(py);
    match limited.limit {
        Limit::Itemsets(sets) => about.set_item("max_itemsets", sets)?,
        Limit::Bytes(bytes) => about.set_item("max_bytes", bytes)?,
        Limit::Seconds(seconds) => about.set_item("max_seconds", seconds)?,
        _ => {}
    }
    about.set_item("searched", limited.searched)?;
    about.set_item("items", limited.items)?;
    about.set_item("fits", limited.fits)?;
    Ok(Some(about))
}

/// How many itemsets of each length there are; and what was assumed.
#[pyfunction]
pub fn count_itemsets<'py>(
    py: Python<'py>,
    baskets: &Baskets,
    request: Request,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Frame, Bound<'py, PyDict>)> {
    let mine = request.mine().or_raise(py)?;
    let counted = guard::run(py, progress, |watch| mine.count_watched(&baskets.0, watch))?;
    let lengths = (1..=counted.by_length.len() as i64).collect::<Vec<_>>();
    let frame = Columns::default().ints("length", lengths).counts("count", &counted.by_length).frame(py)?;
    let about = PyDict::new(py);
    about.set_item("min_count", counted.min_count)?;
    about.set_item("total", counted.total())?;
    about.set_item("limited", told(py, counted.limited.as_ref())?)?;
    Ok((frame, about))
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
    ) -> Result<RuleSearch<'_>> {
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
    fn new(
        py: Python<'_>,
        baskets: &Baskets,
        request: Request,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mine = request.mine().or_raise(py)?;
        guard::run(py, progress, |watch| mine.run_watched(&baskets.0, watch)).map(Self)
    }

    /// How far the search came, if it passed a limit.
    #[getter]
    fn limited<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        told(py, self.0.limited())
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

    /// A row an itemset, the most frequent first; of some of them, if so asked.
    #[pyo3(signature = (first=None))]
    fn frame(&self, py: Python<'_>, first: Option<usize>) -> PyResult<Frame> {
        let (items, lengths, counts, supports) = guard::run(py, None, |watch| {
            let mut sets = self.0.by_count(watch)?;
            sets.truncate(first.unwrap_or(usize::MAX));
            let items = numbered_lists(self.0.items(), sets.iter().map(core::Itemset::numbers), watch)?;
            let mut lengths = Vec::with_capacity(sets.len());
            for sets in sets.chunks(STRIDE) {
                watch.check()?;
                lengths.extend(sets.iter().map(|set| set.length() as i64));
            }
            let counts: Vec<u64> = sets.iter().map(core::Itemset::count).collect();
            let supports: Vec<f64> = sets.iter().map(core::Itemset::support).collect();
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
