//! What the files of the room share: items as Python has them, columns of lists, JSON.

use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, Int64Array, ListArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::Field;
use patronage::transactions::{Id, Labels};
use patronage::{Error, Result, Watch};
use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::guard;

/// Rows between two looks at the watch.
pub const STRIDE: usize = 1 << 12;

/// An item as Python has it.
#[derive(FromPyObject)]
pub enum Item {
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

/// The labels of codes as Python has them.
pub fn labels_of(items: Vec<Item>) -> Result<Labels> {
    let (mut ints, mut texts) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Int(id) => ints.push(id),
            Item::Text(id) => texts.push(id),
        }
    }
    match (ints.is_empty(), texts.is_empty()) {
        (_, true) => Ok(Labels::Ints(ints)),
        (true, false) => Ok(Labels::Texts(texts)),
        (false, false) => Err(Error::parameter("labels", "a mixture", "integers only or strings only")),
    }
}

/// A column of lists of ids.
pub fn lists<'a>(
    labels: &Labels,
    rows: impl Iterator<Item = Vec<Id<'a>>>,
    watch: &dyn Watch,
) -> Result<ArrayRef> {
    let mut lists = Lists::new(labels);
    for (place, row) in rows.enumerate() {
        if place % STRIDE == 0 {
            watch.check()?;
        }
        row.into_iter().for_each(|id| lists.push(id));
        lists.close()?;
    }
    Ok(lists.finish())
}

/// A column of lists of items given by their numbers, each list in the order of the ids.
pub fn numbered_lists<I: Iterator<Item = u32>>(
    labels: &Labels,
    rows: impl Iterator<Item = I>,
    watch: &dyn Watch,
) -> Result<ArrayRef> {
    let ids: Vec<Id<'_>> = labels.iter().collect();
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_unstable_by_key(|&number| ids[number as usize]);
    let sorted: Vec<Id<'_>> = order.iter().map(|&number| ids[number as usize]).collect();
    let mut ranks = vec![0_u32; ids.len()];
    (0..).zip(&order).for_each(|(rank, &number)| ranks[number as usize] = rank);
    let mut lists = Lists::new(labels);
    let mut row: Vec<u32> = Vec::new();
    for (place, numbers) in rows.enumerate() {
        if place % STRIDE == 0 {
            watch.check()?;
        }
        row.clear();
        row.extend(numbers.map(|number| ranks[number as usize]));
        row.sort_unstable();
        row.iter().for_each(|&rank| lists.push(sorted[rank as usize]));
        lists.close()?;
    }
    Ok(lists.finish())
}

/// Builds a column of lists of ids.
struct Lists {
    is_texts: bool,
    ends: Vec<i32>,
    ints: Vec<i64>,
    texts: StringBuilder,
    /// Arrow addresses the characters and the items of such a column by 32 bits.
    room: i64,
}

impl Lists {
    fn new(labels: &Labels) -> Self {
        let is_texts = matches!(labels, Labels::Texts(_));
        Self { is_texts, ends: vec![0], ints: Vec::new(), texts: StringBuilder::new(), room: i32::MAX.into() }
    }

    fn push(&mut self, id: Id<'_>) {
        match id {
            Id::Text(text) => {
                self.room -= text.len().max(1) as i64;
                if self.room >= 0 {
                    self.texts.append_value(text);
                }
            }
            Id::Int(number) => {
                self.room -= 1;
                self.ints.push(number);
            }
        }
    }

    fn close(&mut self) -> Result<()> {
        if self.room < 0 {
            return Err(Error::LimitExceeded {
                what: "the table of lists of items".into(),
                limit: i32::MAX as u64,
                mend: "ask for fewer sets (min_support, max_length, kind), or look supports up with count_of"
                    .into(),
            });
        }
        let end = if self.is_texts { self.texts.len() } else { self.ints.len() };
        self.ends.push(end as i32);
        Ok(())
    }

    fn finish(mut self) -> ArrayRef {
        let values: ArrayRef =
            if self.is_texts { Arc::new(self.texts.finish()) } else { Arc::new(Int64Array::from(self.ints)) };
        let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
        Arc::new(ListArray::new(field, OffsetBuffer::new(self.ends.into()), values, None))
    }
}

pub fn write(py: Python<'_>, value: &(impl Serialize + Sync)) -> PyResult<String> {
    guard::run(py, None, |_| serde_json::to_string(value).map_err(|e| unreadable("result", &e)))
}

pub fn read<T: DeserializeOwned + Send>(py: Python<'_>, what: &str, text: &str) -> PyResult<T> {
    guard::run(py, None, |_| serde_json::from_str(text).map_err(|e| unreadable(what, &e)))
}

fn unreadable(what: &str, problem: &serde_json::Error) -> Error {
    Error::InvalidModel { what: what.into(), problem: problem.to_string() }
}
