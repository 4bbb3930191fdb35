//! What customers buy together: baskets in; itemsets and rules out.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatchReader};
use arrow_schema::DataType;
use patronage::association::{self as core, Kind, Measure, Mine, Rule, Support};
use patronage::transactions::{BasketReader, Id, Labels};
use patronage::{Error, Result, Watch};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::columns;
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame, stream};
use crate::guard;

/// Rows between two looks at the watch.
const STRIDE: usize = 1 << 12;

/// An item as Python has it.
#[derive(FromPyObject)]
enum Item {
    Int(i64),
    Text(String),
}

impl<'a> From<&'a Item> for Id<'a> {
    fn from(item: &'a Item) -> Self {
        match item {
            Item::Int(id) => Id::Int(*id),
            Item::Text(id) => Id::Text(id),
        }
    }
}

/// Baskets of items.
#[pyclass(frozen, module = "patronage._core")]
pub struct Baskets(pub core::Baskets);

#[pymethods]
impl Baskets {
    /// From any iterable of iterables of strings or integers.
    #[staticmethod]
    fn from_lists(py: Python<'_>, lists: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut baskets: Vec<Vec<Item>> = Vec::new();
        let mut bad: Option<(u64, u64, String)> = None;
        for (row, list) in lists.try_iter()?.enumerate() {
            if row % STRIDE == 0 {
                py.check_signals()?;
            }
            let list = list?;
            let mut basket = Vec::new();
            let items = if list.is_instance_of::<PyString>() || list.is_instance_of::<PyBytes>() {
                Err(pyo3::exceptions::PyTypeError::new_err("a text"))
            } else {
                list.try_iter()
            };
            let mut note = |found: &Bound<'_, PyAny>, what: &str| {
                let kind = found.get_type().name().map_or_else(|_| "object".into(), |name| name.to_string());
                bad.get_or_insert_with(|| (row as u64, 0, format!("{what} ({kind})"))).1 += 1;
            };
            match items {
                Err(_) => note(&list, "no list of items"),
                Ok(items) => {
                    for item in items {
                        let item = item?;
                        match item.extract::<Item>() {
                            Ok(id) if !item.is_instance_of::<PyBool>() => basket.push(id),
                            _ => note(&item, "an item that is neither a string nor a 64-bit integer"),
                        }
                    }
                }
            }
            baskets.push(basket);
        }
        if let Some((row, count, problem)) = bad {
            let mend = "give lists of strings or of integers; a table goes through Baskets.from_table or \
                        Baskets.from_onehot";
            let column = "baskets".into();
            return Err(Error::InvalidValue { column, row, count, problem, mend: mend.into() }).or_raise(py);
        }
        guard::run(py, None, |_| core::Baskets::from_lists(&baskets)).map(Self)
    }

    /// From a long table: a row an item of a basket.
    #[staticmethod]
    fn from_table(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        basket: &str,
        item: &str,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let batches = stream(table)?;
        let schema = batches.schema();
        [basket, item].iter().try_for_each(|name| columns::require(&schema, name)).or_raise(py)?;
        guard::run(py, progress, move |watch| {
            let mut reader = BasketReader::new(basket, item);
            let mut rows = 0;
            for batch in batches {
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                let ids = |name: &str| Ok(columns::find(&batch, name)?.clone());
                let (baskets, items): (ArrayRef, ArrayRef) = (ids(basket)?, ids(item)?);
                reader.push(
                    &columns::ids(basket, baskets.as_ref(), rows)?,
                    &columns::ids(item, items.as_ref(), rows)?,
                    watch,
                )?;
                rows += batch.num_rows() as u64;
                watch.progress(rows, rows);
            }
            reader.finish(watch).map(Self)
        })
    }

    /// From a table with a row a basket and a column an item, of true and false or 1 and 0.
    #[staticmethod]
    fn from_onehot(py: Python<'_>, table: &Bound<'_, PyAny>) -> PyResult<Self> {
        let batches = stream(table)?;
        let names: Vec<String> = batches.schema().fields().iter().map(|field| field.name().clone()).collect();
        guard::run(py, None, move |watch| {
            let (mut baskets, mut items, mut rows) = (Vec::new(), Vec::new(), 0);
            for batch in batches {
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                for ((code, name), column) in (0..).zip(&names).zip(batch.columns()) {
                    watch.check()?;
                    for row in held(name, column.as_ref(), rows)? {
                        baskets.push(row);
                        items.push(code);
                    }
                }
                rows += batch.num_rows();
            }
            core::Baskets::from_codes(rows, &baskets, &items, Labels::Texts(names)).map(Self)
        })
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn n_items(&self) -> usize {
        self.0.labels().len()
    }

    #[getter]
    fn repeated(&self) -> u64 {
        self.0.repeated()
    }

    #[getter]
    fn empty(&self) -> u64 {
        self.0.empty()
    }

    /// A row a basket.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let labels = self.0.labels();
        let rows = self.0.iter().map(|basket| basket.iter().filter_map(|&code| labels.get(code)).collect());
        let items = guard::run(py, None, |watch| lists(labels, rows, watch))?;
        let sizes = self.0.iter().map(|basket| basket.len() as i64);
        Columns::default().array("items", items).ints("size", sizes).frame(py)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "baskets", text).map(Self)
    }
}

/// The rows of a one-hot column that are set.
fn held(name: &str, column: &dyn Array, first_row: usize) -> Result<Vec<u32>> {
    let mut set = Vec::new();
    let mut bad: Option<(u64, u64)> = None;
    let mut see = |row: usize, value: Option<bool>| match value {
        Some(true) => set.push((first_row + row) as u32),
        Some(false) => {}
        None => bad.get_or_insert(((first_row + row) as u64, 0)).1 += 1,
    };
    if column.data_type() == &DataType::Boolean {
        column.as_boolean().iter().enumerate().for_each(|(row, value)| see(row, value));
    } else {
        let truth = |number: f64| match number {
            1.0 => Some(true),
            0.0 => Some(false),
            _ => None,
        };
        let numbers = columns::numbers(name, column)?;
        numbers.iter().enumerate().for_each(|(row, &number)| see(row, truth(number)));
    }
    match bad {
        None => Ok(set),
        Some((row, count)) => Err(Error::InvalidValue {
            column: name.into(),
            row,
            count,
            problem: "values that are neither true or false nor 1 or 0".into(),
            mend: "fill missing values, and compare numbers with 0 (frame > 0)".into(),
        }),
    }
}

/// The least support as Python gives it.
#[derive(FromPyObject)]
enum MinSupport {
    Count(u64),
    Share(f64),
}

/// Itemsets that were found.
#[pyclass(frozen, module = "patronage._core")]
pub struct Itemsets(core::Itemsets);

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
        let support = match min_support {
            MinSupport::Count(count) => Support::Count(count),
            MinSupport::Share(share) => Support::Share(share),
        };
        let kind = Kind::from_name(kind).or_raise(py)?;
        let mut mine = Mine::new().min_support(support).kind(kind).max_itemsets(max_itemsets);
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

    #[pyo3(signature = (min_confidence, max_antecedent, max_consequent, max_rules, sort_by, progress))]
    #[allow(clippy::too_many_arguments)]
    fn rules(
        &self,
        py: Python<'_>,
        min_confidence: f64,
        max_antecedent: Option<u64>,
        max_consequent: Option<u64>,
        max_rules: u64,
        sort_by: Option<&str>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Rules> {
        let sort_by = sort_by.map(Measure::from_name).transpose().or_raise(py)?;
        let mut search = self.0.rules().min_confidence(min_confidence).max_rules(max_rules);
        if let Some(items) = max_antecedent {
            search = search.max_antecedent(items);
        }
        if let Some(items) = max_consequent {
            search = search.max_consequent(items);
        }
        guard::run(py, progress, |watch| {
            let rules = search.run_watched(watch)?;
            Ok(match sort_by {
                Some(measure) => rules.sorted_by(measure),
                None => rules,
            })
        })
        .map(Rules)
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

/// Rules that were found.
#[pyclass(frozen, module = "patronage._core")]
pub struct Rules(core::Rules);

impl Rules {
    fn rule(&self, index: usize) -> Result<Rule<'_>> {
        self.0.get(index).ok_or_else(|| Error::UnknownName {
            what: "rule".into(),
            name: index.to_string(),
            mend: format!("there are {} rules, counted from 0", self.0.len()),
        })
    }
}

#[pymethods]
impl Rules {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// A row a rule: both sides, the counts, and measures by name.
    fn frame(&self, py: Python<'_>, measures: Vec<String>) -> PyResult<Frame> {
        let measures = measures.iter().map(|name| Measure::from_name(name)).collect::<Result<Vec<_>>>();
        let measures = measures.or_raise(py)?;
        let columns = guard::run(py, None, |watch| {
            let rules = &self.0;
            let antecedents =
                lists(rules.items(), rules.iter().map(|rule| rule.antecedent().collect()), watch)?;
            let consequents =
                lists(rules.items(), rules.iter().map(|rule| rule.consequent().collect()), watch)?;
            let counts = |of: fn(core::Counts) -> u64| rules.iter().map(move |rule| of(rule.counts()) as i64);
            let columns = Columns::default()
                .array("antecedent", antecedents)
                .array("consequent", consequents)
                .ints("antecedent_count", counts(core::Counts::antecedent))
                .ints("consequent_count", counts(core::Counts::consequent))
                .ints("count", counts(core::Counts::both));
            Ok(measures
                .iter()
                .fold(columns, |columns, &measure| columns.floats(measure.name(), &rules.column(measure))))
        })?;
        columns.frame(py)
    }

    /// Where a rule stands, by its sides.
    fn find(&self, py: Python<'_>, antecedent: Vec<Item>, consequent: Vec<Item>) -> PyResult<usize> {
        self.0.find(&antecedent, &consequent).or_raise(py)
    }

    fn explain(&self, py: Python<'_>, index: usize, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        self.rule(index).or_raise(py).map(|rule| Working(rule.explain(lang)))
    }

    /// A sentence a rule.
    fn in_words(&self, py: Python<'_>, lang: &str) -> PyResult<Vec<String>> {
        let lang = language(py, lang)?;
        guard::run(py, None, |watch| {
            let told = |(place, rule): (usize, Rule<'_>)| {
                if place.is_multiple_of(STRIDE) {
                    watch.check()?;
                }
                Ok(rule.in_words(lang))
            };
            self.0.iter().enumerate().map(told).collect()
        })
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "rules", text).map(Self)
    }
}

/// Name and formula of every measure.
#[pyfunction]
pub fn measures() -> Vec<(&'static str, &'static str)> {
    Measure::ALL.iter().map(|measure| (measure.name(), measure.formula())).collect()
}

/// A column of lists of ids.
fn lists<'a>(
    labels: &Labels,
    rows: impl Iterator<Item = Vec<Id<'a>>>,
    watch: &dyn Watch,
) -> Result<ArrayRef> {
    let mut texts = ListBuilder::new(StringBuilder::new());
    let mut ints = ListBuilder::new(Int64Builder::new());
    let is_texts = matches!(labels, Labels::Texts(_));
    // Arrow addresses the characters and the items of such a column by 32 bits.
    let mut room = i64::from(i32::MAX);
    for (place, row) in rows.enumerate() {
        if place % STRIDE == 0 {
            watch.check()?;
        }
        for id in row {
            match id {
                Id::Text(text) => {
                    room -= text.len().max(1) as i64;
                    if room >= 0 {
                        texts.values().append_value(text);
                    }
                }
                Id::Int(number) => {
                    room -= 1;
                    ints.values().append_value(number);
                }
            }
        }
        if room < 0 {
            return Err(Error::LimitExceeded {
                what: "the table of lists of items".into(),
                limit: i32::MAX as u64,
                mend: "ask for fewer sets (min_support, max_length, kind), or look supports up with count_of"
                    .into(),
            });
        }
        if is_texts { texts.append(true) } else { ints.append(true) }
    }
    Ok(if is_texts { Arc::new(texts.finish()) } else { Arc::new(ints.finish()) })
}

fn write(py: Python<'_>, value: &(impl Serialize + Sync)) -> PyResult<String> {
    guard::run(py, None, |_| serde_json::to_string(value).map_err(|e| unreadable("result", &e)))
}

fn read<T: DeserializeOwned + Send>(py: Python<'_>, what: &str, text: &str) -> PyResult<T> {
    guard::run(py, None, |_| serde_json::from_str(text).map_err(|e| unreadable(what, &e)))
}

fn unreadable(what: &str, problem: &serde_json::Error) -> Error {
    Error::InvalidModel { what: what.into(), problem: problem.to_string() }
}
