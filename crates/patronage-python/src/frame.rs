//! Tables out: `Frame`, an Arrow record batch that Python tools read through `__arrow_c_stream__`, and the
//! columns it is made from.

use std::panic::AssertUnwindSafe;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::types::Int64Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    ListArray, NullArray, PrimitiveArray, RecordBatch, RecordBatchIterator, StringArray,
    TimestampMicrosecondArray,
};
use arrow_buffer::{ArrowNativeType, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Schema};
use numpy::{Element, PyArray1, PyReadonlyArray1};
use patronage::transactions::Labels;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};

use crate::error::exception;

/// A table of results. Read it with any Arrow tool, or column by column.
#[pyclass(frozen, module = "patronage._core")]
pub struct Frame(pub RecordBatch);

/// Collects columns of equal length.
#[derive(Default)]
pub struct Columns(Vec<(String, ArrayRef)>);

impl Columns {
    pub fn array(mut self, name: &str, array: ArrayRef) -> Self {
        self.0.push((name.into(), array));
        self
    }
    pub fn ids(self, name: &str, labels: &Labels) -> Self {
        let array: ArrayRef = match labels {
            Labels::Ints(ids) => Arc::new(Int64Array::from(ids.clone())),
            Labels::Texts(ids) => Arc::new(StringArray::from_iter_values(ids)),
        };
        self.array(name, array)
    }
    pub fn texts<'a>(self, name: &str, texts: impl IntoIterator<Item = &'a str>) -> Self {
        self.array(name, Arc::new(StringArray::from_iter_values(texts)))
    }
    pub fn days(self, name: &str, days: &[i32]) -> Self {
        self.array(name, Arc::new(Date32Array::from(days.to_vec())))
    }
    /// Microseconds since 1970-01-01, without a zone.
    pub fn moments(self, name: &str, micros: &[i64]) -> Self {
        self.array(name, Arc::new(TimestampMicrosecondArray::from(micros.to_vec())))
    }
    pub fn ints(self, name: &str, numbers: impl IntoIterator<Item = i64>) -> Self {
        self.array(name, Arc::new(Int64Array::from_iter_values(numbers)))
    }
    pub fn bools(self, name: &str, values: Vec<bool>) -> Self {
        self.array(name, Arc::new(BooleanArray::from(values)))
    }
    /// Counts, which fit as no table has 2⁶³ rows.
    pub fn counts(self, name: &str, numbers: &[u64]) -> Self {
        self.ints(name, numbers.iter().map(|&n| n as i64))
    }
    /// Numbers; NaN, which stands for "undefined" in the core, becomes null.
    pub fn floats(self, name: &str, numbers: &[f64]) -> Self {
        self.own_floats(name, numbers.to_vec())
    }
    /// The same without a copy.
    pub fn own_floats(self, name: &str, numbers: Vec<f64>) -> Self {
        self.array(name, Arc::new(floats(numbers.into())))
    }
    pub fn optional_floats(self, name: &str, numbers: Option<&Vec<f64>>) -> Self {
        match numbers {
            Some(numbers) => self.floats(name, numbers),
            None => self,
        }
    }
    pub fn frame(self, py: Python<'_>) -> PyResult<Frame> {
        let fields: Vec<Field> = self
            .0
            .iter()
            .map(|(name, array)| Field::new(name, array.data_type().clone(), array.null_count() > 0))
            .collect();
        let arrays = self.0.into_iter().map(|(_, array)| array).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map(Frame)
            .map_err(|e| exception(py, "InvalidInput", &e.to_string()))
    }
}

/// Reads the batches of any object with `__arrow_c_stream__`.
#[allow(unsafe_code)]
pub fn stream(table: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let py = table.py();
    let capsule = table.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
    // SAFETY: a capsule of this name holds an FFI_ArrowArrayStream by the Arrow PyCapsule protocol;
    // `from_raw` moves it out and leaves a released stream behind, so it is read once.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast()) };
    RecordBatchStreamReader::try_new(stream).map_err(|e| {
        let kind = table.get_type().name().map_or_else(|_| "thing".into(), |name| name.to_string());
        let message =
            format!("the Arrow stream of this {kind} holds no table ({e}); give a table with named columns");
        exception(py, "InvalidInput", &message)
    })
}

#[pymethods]
impl Frame {
    /// From (name, kind, data) triples; kind is one of null, int, float, bool, date, time, text, coded, texts, ints.
    #[staticmethod]
    fn from_columns(py: Python<'_>, columns: Vec<(String, String, Bound<'_, PyAny>)>) -> PyResult<Self> {
        let mut out = Columns::default();
        for (name, kind, data) in columns {
            let array = build(py, &kind, &data).map_err(|e| {
                let problem = format!("column '{name}': {}", e.value(py));
                exception(py, "InvalidInput", &problem)
            })?;
            out = out.array(&name, array);
        }
        out.frame(py)
    }

    #[getter]
    fn names(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|f| f.name().clone()).collect()
    }

    /// The kind of each column, as in `from_columns`.
    #[getter]
    fn kinds(&self) -> Vec<&'static str> {
        self.0.schema().fields().iter().map(|f| kind(f.data_type())).collect()
    }

    /// The first rows.
    fn head(&self, rows: usize) -> Self {
        Self(self.0.slice(0, rows.min(self.0.num_rows())))
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    /// A column: a NumPy array of int64, float64 (null is NaN), bool (without nulls) or datetime64, else a list.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let array = self
            .0
            .column_by_name(name)
            .ok_or_else(|| exception(py, "ColumnNotFound", &format!("no column '{name}'")))?;
        to_python(py, array)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A requested schema is a wish by the protocol; there is one form of a result.
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
    }
}

fn kind(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Int64 => "int",
        DataType::Float64 => "float",
        DataType::Boolean => "bool",
        DataType::Date32 => "date",
        DataType::Timestamp(..) => "time",
        DataType::Dictionary(..) => "coded",
        DataType::List(field) if field.data_type() == &DataType::Utf8 => "texts",
        DataType::List(field) if matches!(field.data_type(), DataType::List(_)) => "nested",
        DataType::List(_) => "ints",
        _ => "text",
    }
}

fn build(py: Python<'_>, kind: &str, data: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    Ok(match kind {
        "null" => Arc::new(NullArray::new(data.extract()?)),
        "int" => Arc::new(Int64Array::new(borrowed(data.extract()?), None)),
        "float" => Arc::new(floats(borrowed(data.extract()?))),
        "bool" => Arc::new(BooleanArray::from(data.extract::<PyReadonlyArray1<bool>>()?.as_array().to_vec())),
        "date" => {
            let days = data.extract::<PyReadonlyArray1<i64>>()?;
            let array: Date32Array = days.as_array().iter().map(|&d| i32::try_from(d).ok()).collect();
            Arc::new(array)
        }
        "time" => {
            let (micros, zone) = data.extract::<(PyReadonlyArray1<i64>, Option<String>)>()?;
            let array: TimestampMicrosecondArray =
                micros.as_array().iter().map(|&t| (t != i64::MIN).then_some(t)).collect();
            Arc::new(array.with_timezone_opt(zone))
        }
        "text" => Arc::new(data.extract::<Vec<Option<String>>>()?.into_iter().collect::<StringArray>()),
        "coded" => {
            let (codes, values) = data.extract::<(PyReadonlyArray1<i32>, Vec<String>)>()?;
            let keys: Int32Array = codes.as_array().iter().map(|&c| (c >= 0).then_some(c)).collect();
            let values = Arc::new(StringArray::from(values));
            let array = DictionaryArray::try_new(keys, values)
                .map_err(|e| exception(py, "InvalidInput", &e.to_string()))?;
            Arc::new(array)
        }
        "texts" => {
            let mut list = ListBuilder::new(StringBuilder::new());
            for values in data.extract::<Vec<Vec<String>>>()? {
                list.append_value(values.into_iter().map(Some));
            }
            Arc::new(list.finish())
        }
        "ints" => {
            let mut list = ListBuilder::new(Int64Builder::new());
            for values in data.extract::<Vec<Vec<i64>>>()? {
                list.append_value(values.into_iter().map(Some));
            }
            Arc::new(list.finish())
        }
        other => return Err(exception(py, "InvalidInput", &format!("unknown kind '{other}'"))),
    })
}

/// The numbers of a NumPy array, not copied: a column of millions is only read.
///
/// As with every Arrow table that shares memory with NumPy, whoever writes into the array while it is read by
/// another thread gets a mixture of both.
#[allow(unsafe_code)]
fn borrowed<T: Element + ArrowNativeType>(numbers: PyReadonlyArray1<'_, T>) -> ScalarBuffer<T> {
    let Ok(values) = numbers.as_slice() else {
        return numbers.as_array().to_vec().into(); // with gaps between them
    };
    let (length, bytes) = (values.len(), size_of_val(values));
    let start = NonNull::from(values).cast::<u8>();
    let owner = Arc::new(AssertUnwindSafe(numbers.as_any().clone().unbind()));
    // SAFETY: the slice is `bytes` long and aligned for its numbers; the array that owns its memory lives as long
    // as the buffer, which holds a reference to it, and NumPy does not resize an array that others refer to.
    let buffer = unsafe { Buffer::from_custom_allocation(start, bytes, owner) };
    ScalarBuffer::new(buffer, 0, length)
}

/// NaN, which stands for "undefined", is null.
fn floats(values: ScalarBuffer<f64>) -> Float64Array {
    if !values.iter().any(|x| x.is_nan()) {
        return Float64Array::new(values, None);
    }
    let nulls: NullBuffer = values.iter().map(|x| !x.is_nan()).collect();
    Float64Array::new(values.iter().map(|&x| if x.is_nan() { 0.0 } else { x }).collect(), Some(nulls))
}

fn to_python<'py>(py: Python<'py>, array: &ArrayRef) -> PyResult<Bound<'py, PyAny>> {
    let any = array.as_any();
    if let Some(a) = any.downcast_ref::<Int64Array>() {
        if a.null_count() == 0 {
            return Ok(PyArray1::from_slice(py, a.values()).into_any());
        }
        let numbers: Vec<f64> = a.iter().map(|x| x.map_or(f64::NAN, |x| x as f64)).collect();
        return Ok(PyArray1::from_vec(py, numbers).into_any());
    }
    if let Some(a) = any.downcast_ref::<Float64Array>() {
        if a.null_count() == 0 {
            return Ok(PyArray1::from_slice(py, a.values()).into_any());
        }
        let numbers: Vec<f64> = a.iter().map(|x| x.unwrap_or(f64::NAN)).collect();
        return Ok(PyArray1::from_vec(py, numbers).into_any());
    }
    if let Some(a) = any.downcast_ref::<BooleanArray>() {
        if a.null_count() > 0 {
            return Ok(PyList::new(py, a.iter())?.into_any());
        }
        let values: Vec<bool> = a.iter().map(|x| x.unwrap_or(false)).collect();
        return Ok(PyArray1::from_vec(py, values).into_any());
    }
    if let Some(a) = any.downcast_ref::<Date32Array>() {
        // NaT is the smallest number in NumPy.
        let days: Vec<i64> = a.iter().map(|d| d.map_or(i64::MIN, i64::from)).collect();
        return PyArray1::from_vec(py, days).call_method1("astype", ("datetime64[D]",));
    }
    if let Some(a) = any.downcast_ref::<TimestampMicrosecondArray>() {
        let micros: Vec<i64> = a.iter().map(|t| t.unwrap_or(i64::MIN)).collect();
        return PyArray1::from_vec(py, micros).call_method1("astype", ("datetime64[us]",));
    }
    if let Some(a) = any.downcast_ref::<StringArray>() {
        return Ok(PyList::new(py, a.iter())?.into_any());
    }
    if let Some(a) = any.downcast_ref::<DictionaryArray<arrow_array::types::Int32Type>>()
        && let Some(texts) = a.downcast_dict::<StringArray>()
    {
        return Ok(PyList::new(py, texts)?.into_any());
    }
    if let Some(a) = any.downcast_ref::<ListArray>() {
        let rows = PyList::empty(py);
        for (place, row) in a.iter().flatten().enumerate() {
            if place.is_multiple_of(4096) {
                py.check_signals()?;
            }
            if let Some(texts) = row.as_any().downcast_ref::<StringArray>() {
                rows.append(PyList::new(py, texts.iter())?)?;
            } else if let Some(ints) = row.as_any().downcast_ref::<PrimitiveArray<Int64Type>>() {
                rows.append(PyList::new(py, ints.iter())?)?;
            } else if row.as_any().is::<ListArray>() {
                rows.append(to_python(py, &row)?)?;
            }
        }
        return Ok(rows.into_any());
    }
    Err(exception(py, "InternalError", &format!("a result column of type {}", array.data_type())))
}
