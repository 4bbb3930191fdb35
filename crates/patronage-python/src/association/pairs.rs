//! Pairs of items against chance.

use patronage::Error;
use patronage::association::{self as core, Correction, ItemPair, Measure, MinePairs, Support, Test};
use patronage::transactions::Labels;
use pyo3::prelude::*;

use super::baskets::Baskets;
use super::itemsets::MinSupport;
use super::shared::{STRIDE, read, write};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

/// Pairs of items that were found.
#[pyclass(frozen, module = "patronage._core")]
pub struct ItemPairs(core::ItemPairs);

#[pymethods]
impl ItemPairs {
    #[new]
    #[pyo3(signature = (baskets, min_item_support, min_count, min_expected, min_lift, max_lift, max_pairs, progress))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        baskets: &Baskets,
        min_item_support: MinSupport,
        min_count: u64,
        min_expected: f64,
        min_lift: Option<f64>,
        max_lift: Option<f64>,
        max_pairs: u64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut mine = MinePairs::new()
            .min_item_support(Support::from(&min_item_support))
            .min_count(min_count)
            .min_expected(min_expected)
            .max_pairs(max_pairs);
        if let Some(lift) = min_lift {
            mine = mine.min_lift(lift);
        }
        if let Some(lift) = max_lift {
            mine = mine.max_lift(lift);
        }
        guard::run(py, progress, |watch| mine.run_watched(&baskets.0, watch)).map(Self)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn n_baskets(&self) -> u64 {
        self.0.n_baskets()
    }

    #[getter]
    fn min_item_count(&self) -> u64 {
        self.0.min_item_count()
    }

    #[getter]
    fn tested(&self) -> u64 {
        self.0.tested()
    }

    fn significant(&self, py: Python<'_>, alpha: f64, test: &str, correction: &str) -> PyResult<Self> {
        let test = Test::from_name(test).or_raise(py)?;
        let correction = Correction::from_name(correction).or_raise(py)?;
        guard::run(py, None, |watch| self.0.significant_watched(alpha, test, correction, watch)).map(Self)
    }

    /// A row a pair: the items, the counts, what chance would give, and measures by name.
    fn frame(&self, py: Python<'_>, measures: Vec<String>) -> PyResult<Frame> {
        let measures =
            measures.iter().map(|name| Measure::from_name(name)).collect::<patronage::Result<Vec<_>>>();
        let measures = measures.or_raise(py)?;
        let columns = guard::run(py, None, |_| {
            let pairs = &self.0;
            let ids = |place: usize| {
                let ids = pairs.iter().map(move |pair| pair.items()[place]);
                match pairs.items() {
                    Labels::Ints(_) => Labels::Ints(
                        ids.filter_map(|id| match id {
                            patronage::transactions::Id::Int(number) => Some(number),
                            patronage::transactions::Id::Text(_) => None,
                        })
                        .collect(),
                    ),
                    Labels::Texts(_) => Labels::Texts(ids.map(|id| id.to_string()).collect()),
                }
            };
            let counts = |of: &dyn Fn(ItemPair<'_>) -> u64| pairs.iter().map(of).collect::<Vec<u64>>();
            let columns = Columns::default()
                .ids("item_a", &ids(0))
                .ids("item_b", &ids(1))
                .counts("count_a", &counts(&|pair| pair.count_a()))
                .counts("count_b", &counts(&|pair| pair.count_b()))
                .counts("count", &counts(&|pair| pair.count()))
                .floats("expected", &pairs.iter().map(ItemPair::expected).collect::<Vec<_>>());
            Ok(measures.iter().fold(columns, |columns, &measure| {
                let values: Vec<f64> = pairs.iter().map(|pair| pair.measure(measure)).collect();
                columns.floats(measure.name(), &values)
            }))
        })?;
        columns.frame(py)
    }

    fn explain(&self, py: Python<'_>, index: usize, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        let pair = self.0.get(index).ok_or_else(|| Error::UnknownName {
            what: "pair".into(),
            name: index.to_string(),
            mend: format!("there are {} pairs, counted from 0", self.0.len()),
        });
        pair.or_raise(py).map(|pair| Working(pair.explain(lang)))
    }

    fn in_words(&self, py: Python<'_>, lang: &str) -> PyResult<Vec<String>> {
        let lang = language(py, lang)?;
        guard::run(py, None, |watch| {
            let told = |(place, pair): (usize, ItemPair<'_>)| {
                if place.is_multiple_of(STRIDE) {
                    watch.check()?;
                }
                Ok(pair.in_words(lang))
            };
            self.0.iter().enumerate().map(told).collect()
        })
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "pairs of items", text).map(Self)
    }
}
