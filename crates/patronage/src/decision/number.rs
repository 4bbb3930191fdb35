//! Numbers as they are given and as they are answered.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::expression::MAX_LENGTH;

/// A probability or a payoff as it was given.
///
/// Integers and text (`"100000"`, `".4"`, `"1/3"`) are exact, floats are floats; `"#"` is the rest of the
/// probability. One float among the numbers of a tree or table makes the whole answer a float answer.
/// Text that cannot be read is reported when the tree or table is built, with the place where it stands.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "StoredNumber")]
#[non_exhaustive]
pub enum Number {
    /// A fraction.
    Exact(Exact),
    /// A double.
    Float(f64),
    /// What the other branches leave of 1, shared equally by all branches marked so.
    Rest,
    /// Text that is no number, but may be an expression for one; what is longer than an expression may be is cut.
    Unreadable(Box<str>),
}

impl From<&str> for Number {
    fn from(text: &str) -> Self {
        if text.trim() == "#" {
            return Self::Rest;
        }
        Exact::parse(text)
            .map_or_else(|_| Self::Unreadable(text.chars().take(MAX_LENGTH + 1).collect()), Self::Exact)
    }
}

macro_rules! number_from {
    ($($from:ty => $make:expr),+) => {
        $(impl From<$from> for Number {
            fn from(value: $from) -> Self {
                ($make)(value)
            }
        })+
    };
}

number_from! {
    String => |v: String| Self::from(v.as_str()),
    i32 => |v: i32| Self::Exact(v.into()),
    i64 => |v: i64| Self::Exact(v.into()),
    f64 => Self::Float,
    Exact => Self::Exact
}

/// In JSON text is exact, whole numbers are exact, and other numbers are floats.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredNumber {
    Whole(i64),
    Float(f64),
    Text(String),
}

impl From<StoredNumber> for Number {
    fn from(stored: StoredNumber) -> Self {
        match stored {
            StoredNumber::Whole(v) => v.into(),
            StoredNumber::Float(v) => v.into(),
            StoredNumber::Text(v) => v.into(),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exact(v) => serializer.collect_str(v),
            Self::Float(v) => serializer.serialize_f64(*v),
            Self::Rest => serializer.serialize_str("#"),
            Self::Unreadable(text) => serializer.serialize_str(text),
        }
    }
}

/// A number of an answer: the fraction where everything given was exact, and the nearest float.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The nearest float.
    pub float: f64,
    /// The reduced fraction; `None` in a float answer.
    pub exact: Option<Exact>,
}

impl From<Exact> for Value {
    fn from(exact: Exact) -> Self {
        Self { float: exact.to_f64(), exact: Some(exact) }
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Self {
        Self { float, exact: None }
    }
}

impl From<&Number> for Value {
    /// What is no number is not a number.
    fn from(number: &Number) -> Self {
        match number {
            Number::Exact(exact) => exact.clone().into(),
            Number::Float(float) => (*float).into(),
            Number::Rest | Number::Unreadable(_) => f64::NAN.into(),
        }
    }
}

impl From<Value> for Number {
    fn from(value: Value) -> Self {
        value.exact.map_or(Self::Float(value.float), Self::Exact)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(exact) => write!(f, "{exact}"),
            Self::Float(float) => write!(f, "{float}"),
            Self::Rest => write!(f, "'#'"),
            Self::Unreadable(text) => write!(f, "'{}'", text.chars().take(40).collect::<String>()),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.exact {
            Some(exact) => write!(f, "{exact}"),
            None => write!(f, "{}", self.float),
        }
    }
}
