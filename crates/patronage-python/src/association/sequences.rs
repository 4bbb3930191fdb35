//! Sequences in; sequential patterns and rules out.

use arrow_array::{Array, ArrayRef, RecordBatchReader};
use arrow_schema::DataType;
use patronage::association::{self as core, Kind, MineSequences, Support};
use patronage::transactions::{self, Grain, IdColumn, SequenceReader, WhenColumn};
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyIterator, PyString};

use super::itemsets::MinSupport;
use super::nested::nested;
use super::shared::{Item, STRIDE, lists, read, write};
use crate::columns::{self, Clock};
use crate::error::{OrRaise, to_python};
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame, stream};
use crate::guard;

/// What each customer bought, basket after basket.
#[pyclass(frozen, module = "patronage._core")]
pub struct Sequences(pub transactions::Sequences);

#[pymethods]
impl Sequences {
    /// From a list of lists of lists of strings or integers.
    #[staticmethod]
    fn from_lists(py: Python<'_>, lists: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut customers: Vec<Vec<Vec<Item>>> = Vec::new();
        for (row, customer) in parts(lists, 0)?.enumerate() {
            if row % STRIDE == 0 {
                py.check_signals()?;
            }
            let mut baskets = Vec::new();
            for basket in parts(&customer?, row)? {
                let items = parts(&basket?, row)?.map(|item| {
                    let item = item?;
                    let known = item.extract::<Item>().ok().filter(|_| !item.is_instance_of::<PyBool>());
                    known.map_or_else(|| Err(no_list(&item, row)), Ok)
                });
                baskets.push(items.collect::<PyResult<Vec<Item>>>()?);
            }
            customers.push(baskets);
        }
        guard::run(py, None, |_| transactions::Sequences::from_lists(&customers)).map(Self)
    }

    /// From a long table: a row an item that a customer bought at a time.
    #[staticmethod]
    fn from_table(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        customer: &str,
        time: &str,
        item: &str,
        grain: &str,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let grain = [Grain::Day, Grain::Moment].into_iter().find(|known| known.name() == grain);
        let grain = grain.ok_or_else(|| Error::parameter("grain", "another name", "'day' or 'moment'"));
        let grain = grain.or_raise(py)?;
        let batches = stream(table)?;
        let schema = batches.schema();
        [customer, time, item].iter().try_for_each(|name| columns::require(&schema, name)).or_raise(py)?;
        guard::run(py, progress, move |watch| {
            let mut clock = Clock::default();
            let mut reader = SequenceReader::new(customer, time, item, grain);
            let mut rows = 0;
            for batch in batches {
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                let find = |name: &str| Ok(columns::find(&batch, name)?.clone());
                let [customers, times, items]: [ArrayRef; 3] = [find(customer)?, find(time)?, find(item)?];
                reader.push(
                    &columns::ids(customer, customers.as_ref(), rows)?,
                    &when(&mut clock, time, times.as_ref(), rows)?,
                    &columns::ids(item, items.as_ref(), rows)?,
                    watch,
                )?;
                rows += batch.num_rows() as u64;
                watch.progress(rows, rows);
            }
            reader.finish(watch).map(Self)
        })
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn n_baskets(&self) -> usize {
        self.0.n_baskets()
    }

    #[getter]
    fn n_items(&self) -> usize {
        self.0.items().len()
    }

    #[getter]
    fn repeated(&self) -> u64 {
        self.0.repeated()
    }

    #[getter]
    fn grain(&self) -> &'static str {
        self.0.grain().name()
    }

    /// A row a basket of a customer.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let sequences = &self.0;
        let labels = sequences.items();
        let owners: Vec<u32> = (0..sequences.len() as u32)
            .flat_map(|customer| sequences.baskets_of(customer as usize).map(move |_| customer))
            .collect();
        let baskets = (0..sequences.n_baskets()).map(|basket| sequences.basket(basket));
        let sizes: Vec<i64> = baskets.clone().map(|basket| basket.len() as i64).collect();
        let rows = baskets.map(|basket| basket.iter().filter_map(|&code| labels.get(code)).collect());
        let items = guard::run(py, None, |watch| lists(labels, rows, watch))?;
        let columns = Columns::default().ids("customer", &sequences.customers().take(&owners));
        let times = sequences.times();
        let columns = match sequences.grain() {
            Grain::Day => columns.days("day", &times.iter().map(|&day| day as i32).collect::<Vec<_>>()),
            Grain::Moment => columns.moments("time", times),
            _ => columns.ints("step", times.iter().copied()),
        };
        columns.array("items", items).ints("size", sizes).frame(py)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "sequences", text).map(Self)
    }
}

/// The parts of a list; a string is none.
fn parts<'py>(list: &Bound<'py, PyAny>, row: usize) -> PyResult<Bound<'py, PyIterator>> {
    if list.is_instance_of::<PyString>() || list.is_instance_of::<PyBytes>() {
        return Err(no_list(list, row));
    }
    list.try_iter().map_err(|_| no_list(list, row))
}

fn no_list(found: &Bound<'_, PyAny>, row: usize) -> PyErr {
    let kind = found.get_type().name().map_or_else(|_| "object".into(), |name| name.to_string());
    let error = Error::InvalidValue {
        column: "sequences".into(),
        row: row as u64,
        count: 1,
        problem: format!(
            "a {kind} where a list, or an item that is a string or a 64-bit integer, is expected"
        ),
        mend: "give of each customer a list of baskets, each a list of items; a table goes through \
               Sequences.from_table"
            .into(),
    };
    to_python(found.py(), &error)
}

/// Dates and timestamps, or whole numbers that only say what comes first.
fn when<'a>(clock: &mut Clock, name: &str, array: &'a dyn Array, row: u64) -> Result<WhenColumn<'a>> {
    let kind = array.data_type();
    if !kind.is_numeric() {
        return clock.times(name, array, row).map(WhenColumn::Times);
    }
    match columns::ids(name, array, row)? {
        steps @ (IdColumn::Ints(_) | IdColumn::OptionalInts(_)) if kind != &DataType::Null => {
            Ok(WhenColumn::Steps(steps))
        }
        _ => clock.times(name, array, row).map(WhenColumn::Times),
    }
}

/// Sequential patterns that were found.
#[pyclass(frozen, module = "patronage._core")]
pub struct SequentialPatterns(core::SequentialPatterns);

#[pymethods]
impl SequentialPatterns {
    #[new]
    #[pyo3(signature = (sequences, min_support, kind, max_length, max_gap, window, max_patterns, progress))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        sequences: &Sequences,
        min_support: MinSupport,
        kind: &str,
        max_length: Option<u64>,
        max_gap: Option<u64>,
        window: Option<u64>,
        max_patterns: u64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let kind = Kind::from_name(kind).or_raise(py)?;
        let mut mine = MineSequences::new()
            .min_support(Support::from(min_support))
            .kind(kind)
            .max_patterns(max_patterns);
        if let Some(length) = max_length {
            mine = mine.max_length(length);
        }
        if let Some(days) = max_gap {
            mine = mine.max_gap(days);
        }
        if let Some(days) = window {
            mine = mine.window(days);
        }
        guard::run(py, progress, |watch| mine.run_watched(&sequences.0, watch)).map(Self)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn min_count(&self) -> u64 {
        self.0.min_count()
    }

    #[getter]
    fn n_customers(&self) -> u64 {
        self.0.n_customers()
    }

    /// A row a pattern, the most frequent first.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let (patterns, lengths, counts, supports) = guard::run(py, None, |watch| {
            let patterns = self.0.by_count();
            let (mut lengths, mut counts, mut supports) = (Vec::new(), Vec::new(), Vec::new());
            let rows = patterns.iter().map(|pattern| {
                let elements = pattern.elements();
                lengths.push(elements.iter().map(Vec::len).sum::<usize>() as i64);
                counts.push(pattern.count());
                supports.push(pattern.support());
                elements
            });
            Ok((nested(self.0.items(), rows, watch)?, lengths, counts, supports))
        })?;
        Columns::default()
            .array("pattern", patterns)
            .ints("length", lengths)
            .counts("count", &counts)
            .floats("support", &supports)
            .frame(py)
    }

    fn count_of(&self, pattern: Vec<Vec<Item>>) -> Option<u64> {
        self.0.count_of(&pattern)
    }

    /// A sentence a pattern, the most frequent first.
    fn in_words(&self, py: Python<'_>, lang: &str) -> PyResult<Vec<String>> {
        let lang = language(py, lang)?;
        guard::run(py, None, |watch| {
            let told = |(place, pattern): (usize, core::Pattern<'_>)| {
                if place.is_multiple_of(STRIDE) {
                    watch.check()?;
                }
                Ok(pattern.in_words(lang))
            };
            self.0.by_count().into_iter().enumerate().map(told).collect()
        })
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        guard::run(py, None, |_| Ok(Working(self.0.explain(lang))))
    }

    fn rules(
        &self,
        py: Python<'_>,
        min_confidence: f64,
        repeats: bool,
        by_lift: bool,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<SequentialRules> {
        guard::run(py, progress, |watch| {
            let rules = self.0.rules(min_confidence, repeats, watch)?;
            Ok(if by_lift { rules.by_lift() } else { rules })
        })
        .map(SequentialRules)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "patterns", text).map(Self)
    }
}

/// Sequential rules that were found.
#[pyclass(frozen, module = "patronage._core")]
pub struct SequentialRules(core::SequentialRules);

#[pymethods]
impl SequentialRules {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// A row a rule: both sides, the counts, and the measures.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let rules = &self.0;
        let (before, after) = guard::run(py, None, |watch| {
            let before = nested(rules.items(), rules.iter().map(core::SequentialRule::antecedent), watch)?;
            let after = lists(rules.items(), rules.iter().map(core::SequentialRule::consequent), watch)?;
            Ok((before, after))
        })?;
        let counts =
            |of: &dyn Fn(core::SequentialRule<'_>) -> u64| rules.iter().map(of).collect::<Vec<u64>>();
        let floats = |of: &dyn Fn(core::SequentialRule<'_>) -> f64| rules.iter().map(of).collect::<Vec<_>>();
        Columns::default()
            .array("antecedent", before)
            .array("consequent", after)
            .counts("antecedent_count", &counts(&|rule| rule.antecedent_count()))
            .counts("consequent_count", &counts(&|rule| rule.consequent_count()))
            .counts("count", &counts(&|rule| rule.count()))
            .floats("support", &floats(&|rule| rule.support()))
            .floats("confidence", &floats(&|rule| rule.confidence()))
            .floats("lift", &floats(&|rule| rule.lift()))
            .frame(py)
    }

    fn explain(&self, py: Python<'_>, index: usize, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        let rule = self.0.get(index).ok_or_else(|| Error::UnknownName {
            what: "rule".into(),
            name: index.to_string(),
            mend: format!("there are {} rules, counted from 0", self.0.len()),
        });
        rule.or_raise(py).map(|rule| Working(rule.explain(lang)))
    }

    fn in_words(&self, py: Python<'_>, lang: &str) -> PyResult<Vec<String>> {
        let lang = language(py, lang)?;
        guard::run(py, None, |watch| {
            let told = |(place, rule): (usize, core::SequentialRule<'_>)| {
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
        read(py, "sequential rules", text).map(Self)
    }
}
