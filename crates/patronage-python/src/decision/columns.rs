//! Trees from tables: a row a node.

use std::collections::HashMap;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_schema::DataType;
use patronage::decision::{self as core, Kind, Number, NumberColumn, TreeColumns};
use patronage::transactions::{Id, IdColumn};
use patronage::{Error, Result};
use pyo3::prelude::*;

use crate::error::to_python;
use crate::{columns, frame, guard};

/// A column of numbers: floats, or exact ones of integers and text.
enum Numbers {
    Floats(Vec<f64>),
    Exact(Vec<Option<Number>>),
}

impl Numbers {
    fn extend(found: &mut Option<Self>, name: &str, array: &dyn Array) -> Result<()> {
        let exact = array.data_type().is_integer()
            || matches!(
                array.data_type(),
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..)
            );
        if exact {
            let ids = columns::ids(name, array, 0)?;
            let numbers = (0..ids.len()).map(|row| match ids.get(row) {
                Some(Id::Int(whole)) => Some(Number::from(whole)),
                Some(Id::Text(text)) => Some(Number::from(text)),
                None => None,
            });
            match found.get_or_insert(Self::Exact(Vec::new())) {
                Self::Exact(column) => column.extend(numbers),
                Self::Floats(column) => {
                    column.extend(numbers.map(|n| n.map_or(f64::NAN, |n| core::Value::from(&n).float)));
                }
            }
            return Ok(());
        }
        let floats = columns::numbers(name, array)?;
        match found.get_or_insert(Self::Floats(Vec::new())) {
            Self::Floats(column) => column.extend_from_slice(&floats),
            Self::Exact(column) => {
                column.extend(floats.iter().map(|x| (!x.is_nan()).then_some(Number::Float(*x))));
            }
        }
        Ok(())
    }

    fn column(&self) -> NumberColumn<'_> {
        match self {
            Self::Floats(floats) => NumberColumn::Floats(floats),
            Self::Exact(numbers) => NumberColumn::Numbers(numbers),
        }
    }
}

/// The columns as they are read, batch by batch.
#[derive(Default)]
struct Table {
    parent: Vec<i64>,
    kinds: Option<Vec<Kind>>,
    time: Option<Vec<f64>>,
    texts: HashMap<&'static str, Vec<String>>,
    numbers: HashMap<String, Option<Numbers>>,
}

fn wrong(column: &str, row: usize, problem: String, mend: &str) -> Error {
    Error::InvalidValue { column: column.into(), row: row as u64, count: 1, problem, mend: mend.into() }
}

impl Table {
    fn parents(&mut self, name: &str, array: &dyn Array) -> Result<()> {
        if let Some(rows) = array.as_primitive_opt::<Int64Type>().filter(|rows| rows.null_count() == 0) {
            self.parent.extend_from_slice(rows.values());
            return Ok(());
        }
        let ids = columns::ids(name, array, 0)?;
        for row in 0..ids.len() {
            self.parent.push(match ids.get(row) {
                Some(Id::Int(parent)) => parent,
                None => -1,
                Some(Id::Text(text)) => {
                    let mend = "give the row of the node above, counted from 0; null or -1 for the root";
                    return Err(wrong(name, self.parent.len(), format!("the parent '{text}'"), mend));
                }
            });
        }
        Ok(())
    }

    fn kinds(&mut self, name: &str, ids: &IdColumn<'_>) -> Result<()> {
        let kinds = self.kinds.get_or_insert_default();
        for row in 0..ids.len() {
            kinds.push(match ids.get(row) {
                Some(Id::Text("decision")) => Kind::Decision,
                Some(Id::Text("chance")) => Kind::Chance,
                Some(Id::Text("leaf")) => Kind::Leaf,
                _ => {
                    let problem = "a kind that is not known".into();
                    return Err(wrong(name, kinds.len(), problem, "write decision, chance or leaf"));
                }
            });
        }
        Ok(())
    }

    fn texts(&mut self, role: &'static str, ids: &IdColumn<'_>) {
        let texts = self.texts.entry(role).or_default();
        texts.extend((0..ids.len()).map(|row| match ids.get(row) {
            Some(Id::Text(text)) => text.into(),
            Some(Id::Int(whole)) => whole.to_string(),
            None => String::new(),
        }));
    }
}

/// Reads a table; `roles` gives the column of each role, `further` the columns of further measures.
pub fn tree(
    table: &Bound<'_, PyAny>,
    roles: HashMap<String, String>,
    further: Vec<String>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<core::Tree> {
    let py = table.py();
    let mut read = Table::default();
    for batch in frame::stream(table)? {
        let batch = batch.map_err(|e| {
            to_python(py, &Error::InvalidModel { what: "table".into(), problem: e.to_string() })
        })?;
        read_batch(&mut read, &batch, &roles, &further).map_err(|e| to_python(py, &e))?;
    }
    guard::run(py, progress, move |watch| {
        let views: HashMap<&str, Vec<&str>> = read
            .texts
            .iter()
            .map(|(role, texts)| (*role, texts.iter().map(String::as_str).collect()))
            .collect();
        let numbers = |name: &str| read.numbers.get(name).and_then(Option::as_ref).map(Numbers::column);
        let mut columns = TreeColumns::new(&read.parent);
        if let Some(kinds) = &read.kinds {
            columns = columns.kinds(kinds);
        }
        if let Some(time) = &read.time {
            columns = columns.time(time);
        }
        if let Some(labels) = views.get("label") {
            columns = columns.labels(labels);
        }
        if let Some(names) = views.get("name") {
            columns = columns.names(names);
        }
        if let Some(p) = numbers("probability") {
            columns = columns.probability(p);
        }
        if let Some(payoff) = numbers("payoff") {
            columns = columns.payoff(payoff);
        }
        if let Some(value) = numbers("value") {
            columns = columns.value(value);
        }
        for name in &further {
            if let Some(column) = numbers(&format!("further {name}")) {
                columns = columns.further(name.as_str(), column);
            }
        }
        core::Tree::from_columns(&columns, watch)
    })
}

fn read_batch(
    read: &mut Table,
    batch: &arrow_array::RecordBatch,
    roles: &HashMap<String, String>,
    further: &[String],
) -> Result<()> {
    let text = |role: &str| -> Result<Option<(&str, IdColumn<'_>)>> {
        let Some(name) = roles.get(role) else { return Ok(None) };
        Ok(Some((name.as_str(), columns::ids(name, columns::find(batch, name)?.as_ref(), 0)?)))
    };
    if let Some(name) = roles.get("parent") {
        read.parents(name, columns::find(batch, name)?.as_ref())?;
    }
    if let Some((name, ids)) = text("kind")? {
        read.kinds(name, &ids)?;
    }
    for role in ["label", "name"] {
        if let Some((_, ids)) = text(role)? {
            read.texts(role, &ids);
        }
    }
    if let Some(name) = roles.get("time") {
        let times = columns::numbers(name, columns::find(batch, name)?.as_ref())?;
        read.time.get_or_insert_default().extend_from_slice(&times);
    }
    let given = ["probability", "payoff", "value"]
        .into_iter()
        .filter_map(|role| Some((role.to_string(), roles.get(role)?)));
    for (key, name) in given.chain(further.iter().map(|name| (format!("further {name}"), name))) {
        let array = columns::find(batch, name)?;
        Numbers::extend(read.numbers.entry(key).or_default(), name, array.as_ref())?;
    }
    Ok(())
}
