//! Columns of lists of lists: the elements of sequential patterns.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{ArrayBuilder, Int64Builder, ListBuilder, StringBuilder};
use patronage::transactions::{Id, Labels};
use patronage::{Error, Result, Watch};

use super::shared::STRIDE;

/// A column of lists of lists of ids.
pub fn nested<'a>(
    labels: &Labels,
    rows: impl Iterator<Item = Vec<Vec<Id<'a>>>>,
    watch: &dyn Watch,
) -> Result<ArrayRef> {
    // Arrow addresses the characters, items and elements of such a column by 32 bits.
    let mut room = i64::from(i32::MAX);
    let size = |id: Id<'_>| match id {
        Id::Text(text) => text.len().max(1) as i64,
        Id::Int(_) => 1,
    };
    if matches!(labels, Labels::Texts(_)) {
        build(rows, ListBuilder::new(StringBuilder::new()), watch, |values, id| {
            room -= size(id);
            if let Id::Text(text) = id
                && room >= 0
            {
                values.append_value(text);
            }
            room >= 0
        })
    } else {
        build(rows, ListBuilder::new(Int64Builder::new()), watch, |values, id| {
            room -= size(id);
            if let Id::Int(number) = id {
                values.append_value(number);
            }
            room >= 0
        })
    }
}

/// Fills lists of lists; `add` adds an id to the innermost, and says whether there was room.
fn build<'a, B: ArrayBuilder>(
    rows: impl Iterator<Item = Vec<Vec<Id<'a>>>>,
    inner: ListBuilder<B>,
    watch: &dyn Watch,
    mut add: impl FnMut(&mut B, Id<'a>) -> bool,
) -> Result<ArrayRef> {
    let mut outer = ListBuilder::new(inner);
    for (place, row) in rows.enumerate() {
        if place % STRIDE == 0 {
            watch.check()?;
        }
        for element in row {
            for id in element {
                if !add(outer.values().values(), id) {
                    return Err(Error::LimitExceeded {
                        what: "the table of patterns".into(),
                        limit: i32::MAX as u64,
                        mend: "ask for fewer patterns (min_support, max_length, kind)".into(),
                    });
                }
            }
            outer.values().append(true);
        }
        outer.append(true);
    }
    Ok(Arc::new(outer.finish()))
}
