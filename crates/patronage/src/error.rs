//! The one error type: a variant a cause, each naming what is wrong, where, how often, and the mend.

use thiserror::Error as ThisError;

/// What every fallible function of the crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something could not be done.
///
/// A message names the column or parameter, the first row where it went wrong (counted from 0), how many rows
/// are concerned, and what to do about it.
#[derive(Debug, Clone, PartialEq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// Values of a column that cannot be used.
    #[error("column '{column}': {problem} in {count} row(s), first at row {row}; {mend}")]
    InvalidValue {
        /// Name of the column.
        column: String,
        /// First row concerned, from 0.
        row: u64,
        /// Number of rows concerned.
        count: u64,
        /// What is wrong with them.
        problem: String,
        /// What to do about it.
        mend: String,
    },
    /// Columns that should have the same number of rows do not.
    #[error(
        "column '{column}' has {found} rows where {expected} were expected; give columns of equal length"
    )]
    UnequalLength {
        /// Name of the column.
        column: String,
        /// Rows it should have.
        expected: usize,
        /// Rows it has.
        found: usize,
    },
    /// A column that the work needs was not given.
    #[error("column '{column}' is needed for {purpose}; {mend}")]
    ColumnNeeded {
        /// Role of the column.
        column: String,
        /// What needs it.
        purpose: String,
        /// What to do about it.
        mend: String,
    },
    /// A parameter outside its range.
    #[error("{name} = {value} is not possible; expected {expected}")]
    InvalidParameter {
        /// Name of the parameter.
        name: String,
        /// The value given.
        value: String,
        /// What would be accepted.
        expected: String,
    },
    /// Too little data for the question.
    #[error("not enough data: {what}: {found} found, at least {needed} needed; {mend}")]
    NotEnoughData {
        /// What there is too little of.
        what: String,
        /// How many there are.
        found: u64,
        /// How many are needed.
        needed: u64,
        /// What to do about it.
        mend: String,
    },
    /// A name (an item, a node, an alternative) that does not exist.
    #[error("{what} '{name}' does not exist; {mend}")]
    UnknownName {
        /// What kind of name.
        what: String,
        /// The name given.
        name: String,
        /// What to do about it, with the names that exist where they are few.
        mend: String,
    },
    /// A decision table or tree that is not one.
    #[error("{node}: {problem}; {mend}")]
    InvalidTree {
        /// The node (or row of a table) concerned.
        node: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        mend: String,
    },
    /// A stored model or result that cannot be read.
    #[error("cannot read the stored {what}: {problem}")]
    InvalidModel {
        /// What was to be read.
        what: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The answer would be larger than the limit that was set.
    #[error("{what} passed the limit of {limit}; {mend}")]
    LimitExceeded {
        /// What grew too large.
        what: String,
        /// The limit.
        limit: u64,
        /// What to do about it.
        mend: String,
    },
    /// A sum or a count that does not fit its type.
    #[error("{what} is too large to be represented exactly; {mend}")]
    Overflow {
        /// What overflowed.
        what: String,
        /// What to do about it.
        mend: String,
    },
    /// A fit that found no maximum.
    #[error("{model} did not converge: {problem}; {mend}")]
    NotConverged {
        /// The model.
        model: String,
        /// How it ended.
        problem: String,
        /// What to do about it.
        mend: String,
    },
    /// The caller asked for the work to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// A parameter outside its range.
    pub fn parameter(name: &str, value: impl ToString, expected: &str) -> Self {
        Self::InvalidParameter { name: name.into(), value: value.to_string(), expected: expected.into() }
    }
}
