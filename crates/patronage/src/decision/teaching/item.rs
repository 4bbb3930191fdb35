//! What may be asked: its right value, and what each mistake would give.

use super::mistakes::Mistake;
use crate::decision::number::Value;

pub(super) struct Item {
    /// Such as `["posterior", "good", "favourable"]`.
    pub path: Vec<String>,
    pub right: Right,
    /// The step of the working, in English and Chinese.
    pub step: (&'static str, &'static str),
}

pub(super) enum Right {
    Amount {
        value: Value,
        /// By a book's chain of rounded posteriors.
        book: Option<Value>,
        mistakes: Vec<(Mistake, Value)>,
    },
    Choice {
        best: Vec<String>,
        /// What there is to choose from.
        among: Vec<String>,
        mistakes: Vec<(Mistake, Vec<String>)>,
    },
}

impl Item {
    pub fn amount(path: &[&str], value: Value, step: (&'static str, &'static str)) -> Self {
        let path = path.iter().map(ToString::to_string).collect();
        Self { path, right: Right::Amount { value, book: None, mistakes: Vec::new() }, step }
    }

    pub fn choice(
        path: &[&str],
        best: Vec<String>,
        among: &[impl ToString],
        step: (&'static str, &'static str),
    ) -> Self {
        let path = path.iter().map(ToString::to_string).collect();
        let among = among.iter().map(ToString::to_string).collect();
        Self { path, right: Right::Choice { best, among, mistakes: Vec::new() }, step }
    }

    /// With the value that a mistake gives.
    #[must_use]
    pub fn mistaken(mut self, mistake: Mistake, value: impl Into<Option<Value>>) -> Self {
        if let (Right::Amount { mistakes, .. }, Some(value)) = (&mut self.right, value.into()) {
            mistakes.push((mistake, value));
        }
        self
    }

    /// With the alternatives that a mistake chooses.
    #[must_use]
    pub fn misled(mut self, mistake: Mistake, names: Vec<String>) -> Self {
        if let Right::Choice { mistakes, .. } = &mut self.right {
            mistakes.push((mistake, names));
        }
        self
    }

    /// With the value of a book.
    #[must_use]
    pub fn in_book(mut self, rounded: Option<Value>) -> Self {
        if let Right::Amount { book, .. } = &mut self.right {
            *book = rounded;
        }
        self
    }
}

/// Arithmetic on the numbers of answers: fractions where both are.
pub(super) fn add(a: &Value, b: &Value) -> Value {
    match (&a.exact, &b.exact) {
        (Some(a), Some(b)) => (a + b).into(),
        _ => (a.float + b.float).into(),
    }
}

pub(super) fn minus(a: &Value) -> Value {
    match &a.exact {
        Some(a) => (-a).into(),
        None => (-a.float).into(),
    }
}

pub(super) fn sub(a: &Value, b: &Value) -> Value {
    add(a, &minus(b))
}

pub(super) fn mul(a: &Value, b: &Value) -> Value {
    match (&a.exact, &b.exact) {
        (Some(a), Some(b)) => (a * b).into(),
        _ => (a.float * b.float).into(),
    }
}

/// A quotient; `None` for a division by nought.
pub(super) fn over(a: &Value, b: &Value) -> Option<Value> {
    match (&a.exact, &b.exact) {
        (Some(a), Some(b)) => b.reciprocal().map(|b| (a * &b).into()),
        _ => (b.float != 0.0).then(|| (a.float / b.float).into()),
    }
}

pub(super) fn total(values: impl IntoIterator<Item = Value>) -> Value {
    values.into_iter().fold(Value::from(crate::decision::exact::Exact::ZERO), |sum, value| add(&sum, &value))
}

/// The largest, or the smallest.
pub(super) fn best(values: &[Value], high: bool) -> Value {
    let first = values.first().cloned().unwrap_or_else(|| f64::NAN.into());
    values.iter().skip(1).fold(first, |a, b| if above(b, &a) == high && *b != a { b.clone() } else { a })
}

pub(super) fn above(a: &Value, b: &Value) -> bool {
    match (&a.exact, &b.exact) {
        (Some(a), Some(b)) => a > b,
        _ => a.float > b.float,
    }
}

/// The second best of different values.
pub(super) fn second(values: &[Value], high: bool) -> Option<Value> {
    let top = best(values, high);
    let others: Vec<Value> = values.iter().filter(|v| **v != top).cloned().collect();
    (!others.is_empty()).then(|| best(&others, high))
}
