//! Baskets in: lists, long tables, columns of lists, one-hot tables, compressed sparse rows.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, OffsetSizeTrait, RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, DataType};
use numpy::PyReadonlyArray1;
use patronage::association as core;
use patronage::transactions::{BasketBuilder, BasketReader, GroupReader, Labels, ListReader};
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyList, PyString};

use super::baskets::Baskets;
use super::shared::{Item, STRIDE, labels_of};
use crate::columns;
use crate::error::OrRaise;
use crate::frame::stream;
use crate::guard;

#[pymethods]
impl Baskets {
    /// From any iterable of iterables of strings or integers.
    #[staticmethod]
    fn from_lists(py: Python<'_>, lists: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut builder = BasketBuilder::default();
        let mut bad: Option<(u64, u64, String)> = None;
        let mut mixed: Result<()> = Ok(());
        for (row, list) in lists.try_iter()?.enumerate() {
            if row % STRIDE == 0 {
                py.check_signals()?;
            }
            let list = list?;
            let items = if list.is_instance_of::<PyString>() || list.is_instance_of::<PyBytes>() {
                Err(pyo3::exceptions::PyTypeError::new_err("a text"))
            } else {
                list.try_iter()
            };
            let mut note = |found: &Bound<'_, PyAny>, what: &str| {
                let kind = found.get_type().name().map_or_else(|_| "object".into(), |name| name.to_string());
                bad.get_or_insert_with(|| (row as u64, 0, format!("{what} ({kind})"))).1 += 1;
            };
            let Ok(items) = items else {
                note(&list, "no list of items");
                continue;
            };
            for item in items {
                let item = item?;
                // The text is read where Python holds it.
                let added = if let Some(text) =
                    item.cast::<PyString>().ok().and_then(|text| text.to_str().ok())
                {
                    builder.add(text)
                } else if let (false, Ok(number)) = (item.is_instance_of::<PyBool>(), item.extract::<i64>()) {
                    builder.add(number)
                } else {
                    note(&item, "an item that is neither a string nor a 64-bit integer");
                    Ok(())
                };
                mixed = mixed.and(added);
            }
            builder.close();
        }
        if let Some((row, count, problem)) = bad {
            let mend = "give lists of strings or of integers; a table goes through Baskets.from_table or \
                        Baskets.from_onehot";
            let column = "baskets".into();
            return Err(Error::InvalidValue { column, row, count, problem, mend: mend.into() }).or_raise(py);
        }
        mixed.or_raise(py)?;
        guard::run(py, None, |watch| builder.finish(watch)).map(Self)
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
                for piece in columns::pieces(&read(batch)?) {
                    reader.push(
                        &columns::ids(basket, columns::find(&piece, basket)?.as_ref(), rows)?,
                        &columns::ids(item, columns::find(&piece, item)?.as_ref(), rows)?,
                        watch,
                    )?;
                    rows += piece.num_rows() as u64;
                    watch.progress(rows, rows);
                }
            }
            reader.finish(watch).map(Self)
        })
    }

    /// From a long table with a column of groups: the groups, and the baskets of each.
    #[staticmethod]
    fn by_group<'py>(
        py: Python<'py>,
        table: &Bound<'py, PyAny>,
        basket: &str,
        item: &str,
        group: &str,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyList>, Vec<Self>)> {
        let batches = stream(table)?;
        let schema = batches.schema();
        [group, basket, item].iter().try_for_each(|name| columns::require(&schema, name)).or_raise(py)?;
        let (groups, baskets) = guard::run(py, progress, move |watch| {
            let mut reader = GroupReader::new(group, basket, item);
            let mut rows = 0;
            for batch in batches {
                for piece in columns::pieces(&read(batch)?) {
                    reader.push(
                        &columns::ids(group, columns::find(&piece, group)?.as_ref(), rows)?,
                        &columns::ids(basket, columns::find(&piece, basket)?.as_ref(), rows)?,
                        &columns::ids(item, columns::find(&piece, item)?.as_ref(), rows)?,
                        watch,
                    )?;
                    rows += piece.num_rows() as u64;
                    watch.progress(rows, rows);
                }
            }
            reader.finish(watch)
        })?;
        let groups = match groups {
            Labels::Ints(ids) => PyList::new(py, ids)?,
            Labels::Texts(ids) => PyList::new(py, ids)?,
        };
        Ok((groups, baskets.into_iter().map(Self).collect()))
    }

    /// From a column of lists: a row a basket.
    #[staticmethod]
    fn from_list_column(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        items: &str,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let batches = stream(table)?;
        columns::require(&batches.schema(), items).or_raise(py)?;
        guard::run(py, progress, move |watch| {
            let mut reader = ListReader::new(items);
            let mut rows = 0;
            for batch in batches {
                for piece in columns::pieces(&read(batch)?) {
                    let (lengths, values) = unnested(items, columns::find(&piece, items)?.as_ref(), rows)?;
                    reader.push(lengths, &columns::ids(items, values.as_ref(), rows)?, watch)?;
                    rows += piece.num_rows() as u64;
                    watch.progress(rows, rows);
                }
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
                let batch = read(batch)?;
                for ((code, name), column) in (0..).zip(&names).zip(batch.columns()) {
                    watch.check()?;
                    hold(name, column.as_ref(), rows, &mut baskets)?;
                    items.resize(baskets.len(), code);
                }
                rows += batch.num_rows();
            }
            core::Baskets::from_codes(rows, &baskets, &items, Labels::Texts(names)).map(Self)
        })
    }

    /// From coded rows.
    #[staticmethod]
    fn from_codes(
        py: Python<'_>,
        n_baskets: usize,
        basket: PyReadonlyArray1<'_, u32>,
        item: PyReadonlyArray1<'_, u32>,
        labels: Vec<Item>,
    ) -> PyResult<Self> {
        let (basket, item) = (basket.as_slice()?, item.as_slice()?);
        let labels = labels_of(labels).or_raise(py)?;
        guard::run(py, None, |_| core::Baskets::from_codes(n_baskets, basket, item, labels)).map(Self)
    }

    /// From compressed sparse rows.
    #[staticmethod]
    fn from_csr(
        py: Python<'_>,
        offsets: PyReadonlyArray1<'_, u64>,
        codes: PyReadonlyArray1<'_, u32>,
        labels: Vec<Item>,
    ) -> PyResult<Self> {
        let (offsets, codes) = (offsets.as_slice()?.to_vec(), codes.as_slice()?.to_vec());
        let labels = labels_of(labels).or_raise(py)?;
        guard::run(py, None, |_| core::Baskets::from_csr(offsets, codes, labels)).map(Self)
    }
}

fn read(batch: std::result::Result<RecordBatch, ArrowError>) -> Result<RecordBatch> {
    batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))
}

/// How many items each list of a column holds, and the items of all of them.
fn unnested(name: &str, column: &dyn Array, first_row: u64) -> Result<(Vec<usize>, ArrayRef)> {
    fn of<O: OffsetSizeTrait>(column: &dyn Array) -> (Vec<usize>, ArrayRef) {
        let lists = column.as_list::<O>();
        let ends: Vec<usize> = lists.value_offsets().iter().map(|end| end.as_usize()).collect();
        let (first, last) = (ends.first().copied().unwrap_or(0), ends.last().copied().unwrap_or(0));
        (ends.windows(2).map(|ends| ends[1] - ends[0]).collect(), lists.values().slice(first, last - first))
    }
    let refuse = |row: usize, count: usize, problem: String, mend: &str| {
        let (column, row, count) = (name.into(), first_row + row as u64, count as u64);
        Err(Error::InvalidValue { column, row, count, problem, mend: mend.into() })
    };
    let missing = column.logical_null_count();
    if missing > 0 {
        let first = column.logical_nulls().and_then(|nulls| (0..nulls.len()).find(|&row| nulls.is_null(row)));
        return refuse(
            first.unwrap_or(0),
            missing,
            "missing lists".into(),
            "fill them with empty lists, or drop them",
        );
    }
    match column.data_type() {
        DataType::List(_) => Ok(of::<i32>(column)),
        DataType::LargeList(_) => Ok(of::<i64>(column)),
        DataType::FixedSizeList(_, length) => {
            let length = usize::try_from(*length).unwrap_or(0);
            let values = column.as_fixed_size_list().values().slice(0, column.len() * length);
            Ok((vec![length; column.len()], values))
        }
        other => refuse(
            0,
            column.len(),
            format!("type {other} where lists are expected"),
            "give a column of lists of integers or strings, or a long table with basket= and item=",
        ),
    }
}

/// Adds the rows of a one-hot column that are set.
fn hold(name: &str, column: &dyn Array, first_row: usize, set: &mut Vec<u32>) -> Result<()> {
    let mut bad: Option<(u64, u64)> = None;
    if column.data_type() == &DataType::Boolean && column.null_count() == 0 {
        set.extend(column.as_boolean().values().set_indices().map(|row| (first_row + row) as u32));
        return Ok(());
    }
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
        None => Ok(()),
        Some((row, count)) => Err(Error::InvalidValue {
            column: name.into(),
            row,
            count,
            problem: "values that are neither true or false nor 1 or 0".into(),
            mend: "fill missing values, and compare numbers with 0 (frame > 0)".into(),
        }),
    }
}
