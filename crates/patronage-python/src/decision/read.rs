//! Trees as nested Python objects, read with an own stack: no depth, circle or sharing can exhaust anything.

use std::collections::HashSet;

use patronage::Error;
use patronage::decision::{Further, Kind, NodeRow, Number};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::error::to_python;

/// Nodes that nested objects may unfold to; shared parts count once a place.
const MAX_NODES: usize = 5_000_000;

/// Rows between two looks for Ctrl-C.
const STRIDE: usize = 1 << 14;

enum Step<'py> {
    Enter { object: Bound<'py, PyAny>, row: NodeRow },
    Leave(usize),
}

struct Reader<'py> {
    py: Python<'py>,
    rows: Vec<NodeRow>,
    steps: Vec<Step<'py>>,
    /// The containers between the root and the present node, by identity.
    open: HashSet<usize>,
}

/// The rows of a tree: what `decide`, `chance` and `pay` return, dicts (decisions) and numbers (leaves).
pub fn rows(root: &Bound<'_, PyAny>) -> PyResult<Vec<NodeRow>> {
    let mut reader = Reader { py: root.py(), rows: Vec::new(), steps: Vec::new(), open: HashSet::new() };
    reader.steps.push(Step::Enter { object: root.clone(), row: NodeRow::new(Kind::Leaf) });
    while let Some(step) = reader.steps.pop() {
        match step {
            Step::Leave(container) => {
                reader.open.remove(&container);
            }
            Step::Enter { object, row } => reader.enter(object, row)?,
        }
    }
    Ok(reader.rows)
}

impl<'py> Reader<'py> {
    /// Adds a node, and puts its branches on the stack.
    fn enter(&mut self, object: Bound<'py, PyAny>, mut row: NodeRow) -> PyResult<()> {
        if self.rows.len().is_multiple_of(STRIDE) {
            self.py.check_signals()?;
        }
        if self.rows.len() >= MAX_NODES {
            let mend = "a subtree that is used in several places counts once a place; make the tree smaller";
            let what = "the number of nodes".into();
            let error = Error::LimitExceeded { what, limit: MAX_NODES as u64, mend: mend.into() };
            return Err(to_python(self.py, &error));
        }
        let Some(object) = self.payment(object, &mut row)? else {
            self.rows.push(row);
            return Ok(());
        };
        let Some(branches) = self.branches(&object, &mut row)? else {
            row.value = Some(number(&object));
            self.rows.push(row);
            return Ok(());
        };
        let identity = branches.as_ptr() as usize;
        let (at, of_chance) = (self.rows.len(), row.kind == Kind::Chance);
        self.rows.push(row);
        if !self.open.insert(identity) {
            return Err(
                self.invalid("the tree goes round in a circle here", "a node cannot be its own ancestor")
            );
        }
        self.steps.push(Step::Leave(identity));
        let first = self.steps.len();
        // A copy: labels and numbers may run Python code, which could change the dict.
        for item in branches.items() {
            let (label, branch) = item.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>()?;
            let mut row = NodeRow { parent: Some(at), label: self.text(&label)?, ..NodeRow::new(Kind::Leaf) };
            let object = if of_chance { self.outcome(branch, &mut row)? } else { branch };
            self.steps.push(Step::Enter { object, row });
        }
        self.steps[first..].reverse();
        Ok(())
    }

    /// Reads what is paid on the branch, and gives what follows; `None` if that was all.
    fn payment(
        &mut self,
        object: Bound<'py, PyAny>,
        row: &mut NodeRow,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if kind(&object)?.as_deref() != Some("pay") {
            return Ok(Some(object));
        }
        let amount = number(&object.getattr("_amount")?);
        let ends = object.getattr("_then")?.is_none();
        Self::further(&object, row, ends)?;
        row.time = object.getattr("_at")?.extract()?;
        let then = object.getattr("_then")?;
        if then.is_none() {
            row.value = Some(amount);
            return Ok(None);
        }
        row.payoff = Some(amount);
        if kind(&then)?.as_deref() == Some("pay") {
            let (time, more) = (then.getattr("_at")?.extract::<Option<f64>>()?, then.getattr("_then")?);
            if !more.is_none() || (time.is_some() && time != row.time) {
                self.rows.push(row.clone());
                let mend = "add them up, or put a node between them";
                return Err(self.invalid("two payments on one branch", mend));
            }
            Self::further(&then, row, true)?;
            row.value = Some(number(&then.getattr("_amount")?));
            return Ok(None);
        }
        Ok(Some(then))
    }

    /// Reads what a payment brings of further measures.
    fn further(payment: &Bound<'py, PyAny>, row: &mut NodeRow, at_leaf: bool) -> PyResult<()> {
        for (measure, amount) in payment
            .getattr("_further")?
            .cast_into::<PyDict>()?
            .items()
            .extract::<Vec<(String, Bound<'py, PyAny>)>>()?
        {
            let amount = Some(number(&amount));
            let at = row.further.iter().position(|f| *f.measure == *measure).unwrap_or_else(|| {
                row.further.push(Further { measure: measure.into(), payoff: None, value: None });
                row.further.len() - 1
            });
            if at_leaf {
                row.further[at].value = amount;
            } else {
                row.further[at].payoff = amount;
            }
        }
        Ok(())
    }

    /// The branches of a decision or chance node; `None` for a leaf.
    fn branches(
        &self,
        object: &Bound<'py, PyAny>,
        row: &mut NodeRow,
    ) -> PyResult<Option<Bound<'py, PyDict>>> {
        if let Ok(branches) = object.cast::<PyDict>() {
            row.kind = Kind::Decision;
            return Ok(Some(branches.clone()));
        }
        row.kind = match kind(object)?.as_deref() {
            Some("decision") => Kind::Decision,
            Some("chance") => Kind::Chance,
            _ => return Ok(None),
        };
        row.name = self.text(&object.getattr("_name")?)?;
        Ok(Some(object.getattr("_branches")?.cast_into()?))
    }

    /// Takes a pair of probability and node apart.
    fn outcome(&mut self, pair: Bound<'py, PyAny>, row: &mut NodeRow) -> PyResult<Bound<'py, PyAny>> {
        let parts = if let Ok(tuple) = pair.cast::<PyTuple>() {
            Some(tuple.clone())
        } else {
            pair.cast::<PyList>().ok().map(PyListMethods::to_tuple)
        };
        match parts {
            Some(parts) if parts.len() == 2 => {
                row.probability = Some(number(&parts.get_item(0)?));
                parts.get_item(1)
            }
            _ => {
                self.rows.push(row.clone());
                Err(self.invalid(
                    "an outcome of chance that is no pair",
                    "write it as (probability, what follows)",
                ))
            }
        }
    }

    fn text(&self, object: &Bound<'py, PyAny>) -> PyResult<Box<str>> {
        label(object).ok_or_else(|| {
            let text = object.is_instance_of::<PyInt>() || object.is_instance_of::<PyString>();
            self.label(if text { "a label that is no valid Unicode" } else { "a label that is no text" })
        })
    }

    fn label(&self, problem: &str) -> PyErr {
        self.invalid(problem, "give each branch a label of text")
    }

    /// An error about the row added last.
    fn invalid(&self, problem: &str, mend: &str) -> PyErr {
        let node = match self.rows.len().checked_sub(1) {
            Some(last) => format!("node '{}'", NodeRow::path(&self.rows, last)),
            None => "the tree".into(),
        };
        to_python(self.py, &Error::InvalidTree { node, problem: problem.into(), mend: mend.into() })
    }
}

/// A label: text, or an integer; `None` for other objects, and for text with half a surrogate pair.
pub fn label(object: &Bound<'_, PyAny>) -> Option<Box<str>> {
    let text = if object.is_instance_of::<PyInt>() {
        object.str().ok()?
    } else {
        object.cast::<PyString>().ok()?.clone()
    };
    text.to_str().ok().map(Into::into)
}

/// What a node of `patronage.decision` is; `None` for any other object.
fn kind(object: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if object.is_exact_instance_of::<PyDict>()
        || object.is_instance_of::<PyFloat>()
        || object.is_instance_of::<PyInt>()
    {
        return Ok(None);
    }
    object.getattr_opt("_kind")?.map(|kind| kind.extract()).transpose()
}

/// A number as it was written: integers, text, fractions and decimals are exact, floats are floats.
pub fn number(object: &Bound<'_, PyAny>) -> Number {
    let described = || object.repr().map_or_else(|_| "?".into(), |repr| repr.to_string());
    if object.is_instance_of::<PyBool>() {
        return Number::Unreadable(described().into());
    }
    if object.is_instance_of::<PyFloat>() {
        return object
            .extract::<f64>()
            .map_or_else(|_| Number::Unreadable(described().into()), Number::Float);
    }
    if let Ok(text) = object.cast::<PyString>() {
        return text.to_str().map_or_else(|_| Number::Unreadable("?".into()), Number::from);
    }
    if let Ok(whole) = object.extract::<i64>() {
        return whole.into();
    }
    // Fraction, Decimal and integers of any length write themselves as the core reads; other numbers are floats.
    let exact = object.is_instance_of::<PyInt>()
        || object.hasattr("denominator").unwrap_or(false)
        || object.hasattr("as_tuple").unwrap_or(false);
    match (exact, object.str(), object.extract::<f64>()) {
        (true, Ok(text), _) => text.to_str().map_or_else(|_| Number::Unreadable("?".into()), Number::from),
        (false, _, Ok(float)) => Number::Float(float),
        _ => Number::Unreadable(described().chars().take(40).collect()),
    }
}
