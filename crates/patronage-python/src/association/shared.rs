//! What the files of the room share: items as Python has them, columns of lists, JSON.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder};
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

pub fn write(py: Python<'_>, value: &(impl Serialize + Sync)) -> PyResult<String> {
    guard::run(py, None, |_| serde_json::to_string(value).map_err(|e| unreadable("result", &e)))
}

pub fn read<T: DeserializeOwned + Send>(py: Python<'_>, what: &str, text: &str) -> PyResult<T> {
    guard::run(py, None, |_| serde_json::from_str(text).map_err(|e| unreadable(what, &e)))
}

fn unreadable(what: &str, problem: &serde_json::Error) -> Error {
    Error::InvalidModel { what: what.into(), problem: problem.to_string() }
}
