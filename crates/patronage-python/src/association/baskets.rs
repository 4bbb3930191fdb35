//! Baskets, what is known of them, and those made from others.

use patronage::association as core;
use patronage::transactions::{Hierarchy, Labels, Unmapped};
use patronage::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::shared::{lists, read, write};
use crate::columns;
use crate::frame::{Columns, Frame, stream};
use crate::guard;

/// Baskets of items.
#[pyclass(frozen, module = "patronage._core")]
pub struct Baskets(pub core::Baskets);

#[pymethods]
impl Baskets {
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

    #[getter]
    fn has_ancestors(&self) -> bool {
        self.0.has_ancestors()
    }

    /// A row a basket.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let labels = self.0.labels();
        let rows = self.0.iter().map(|basket| basket.iter().filter_map(|&code| labels.get(code)).collect());
        let items = guard::run(py, None, |watch| lists(labels, rows, watch))?;
        let sizes = self.0.iter().map(|basket| basket.len() as i64);
        Columns::default().array("items", items).ints("size", sizes).frame(py)
    }

    /// A row a basket: its id, if ids are known.
    fn ids(&self, py: Python<'_>) -> PyResult<Option<Frame>> {
        self.0.ids().map(|ids| Columns::default().ids("basket", ids).frame(py)).transpose()
    }

    /// A row an item that has ancestors: the item and these.
    fn ancestors(&self, py: Python<'_>) -> PyResult<Frame> {
        let labels = self.0.labels();
        let below: Vec<u32> =
            (0..labels.len() as u32).filter(|&code| !self.0.ancestors(code).is_empty()).collect();
        let rows =
            below.iter().map(|&code| self.0.ancestors(code).iter().filter_map(|&a| labels.get(a)).collect());
        let ancestors = guard::run(py, None, |watch| lists(labels, rows, watch))?;
        Columns::default().ids("item", &labels.take(&below)).array("ancestors", ancestors).frame(py)
    }

    /// The largest ordinary size with its quartiles, and how many baskets are larger.
    fn size_fence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let about = PyDict::new(py);
        let fence = self.0.size_fence();
        about.set_item("lower_quartile", fence.map(|f| f.lower_quartile))?;
        about.set_item("upper_quartile", fence.map(|f| f.upper_quartile))?;
        about.set_item("max_size", fence.map(|f| f.largest))?;
        about.set_item("outliers", fence.map_or(0, |f| self.0.larger_than(f.largest).len()))?;
        Ok(about)
    }

    /// A row a basket that holds more items: its id, or else its place, and its size.
    fn larger_than(&self, py: Python<'_>, size: u64) -> PyResult<Frame> {
        let baskets = self.0.larger_than(size);
        let places = || Labels::Ints(baskets.iter().map(|&b| i64::from(b)).collect());
        let ids = self.0.ids().map_or_else(places, |ids| ids.take(&baskets));
        let sizes = baskets.iter().map(|&b| self.0.basket(b as usize).len() as i64);
        Columns::default().ids("basket", &ids).ints("size", sizes).frame(py)
    }

    fn without_larger_than(&self, py: Python<'_>, size: u64) -> PyResult<Self> {
        guard::run(py, None, |_| self.0.without_larger_than(size)).map(Self)
    }

    /// In place of each item its parents; `item` and `parent` are columns of a table.
    fn roll_up(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        item: &str,
        parent: &str,
        keep: bool,
    ) -> PyResult<Self> {
        self.by_hierarchy(py, table, item, parent, keep, core::Baskets::roll_up)
    }

    /// With the ancestors of each item added.
    fn with_ancestors(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        item: &str,
        parent: &str,
        keep: bool,
    ) -> PyResult<Self> {
        self.by_hierarchy(py, table, item, parent, keep, core::Baskets::with_ancestors)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "baskets", text).map(Self)
    }
}

impl Baskets {
    fn by_hierarchy(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        item: &str,
        parent: &str,
        keep: bool,
        make: fn(&core::Baskets, &Hierarchy, Unmapped, &dyn patronage::Watch) -> Result<core::Baskets>,
    ) -> PyResult<Self> {
        let unmapped = if keep { Unmapped::Keep } else { Unmapped::Error };
        let batches = stream(table)?;
        guard::run(py, None, move |watch| {
            let (mut hierarchy, mut rows) = (Hierarchy::default(), 0);
            for batch in batches {
                watch.check()?;
                let batch = batch.map_err(|e| Error::parameter("table", e, "a stream of Arrow batches"))?;
                let ids = |name: &str| Ok(columns::find(&batch, name)?.clone());
                let (items, parents): (arrow_array::ArrayRef, arrow_array::ArrayRef) =
                    (ids(item)?, ids(parent)?);
                hierarchy.push(
                    &columns::ids(item, items.as_ref(), rows)?,
                    &columns::ids(parent, parents.as_ref(), rows)?,
                )?;
                rows += batch.num_rows() as u64;
            }
            make(&self.0, &hierarchy, unmapped, watch).map(Self)
        })
    }
}
