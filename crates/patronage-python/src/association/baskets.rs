//! Baskets in: lists, long tables, one-hot tables.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatchReader};
use arrow_schema::DataType;
use patronage::association as core;
use patronage::transactions::{BasketReader, Labels};
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyString};

use super::shared::{Item, STRIDE, lists, read, write};
use crate::columns;
use crate::error::OrRaise;
use crate::frame::{Columns, Frame, stream};
use crate::guard;

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
