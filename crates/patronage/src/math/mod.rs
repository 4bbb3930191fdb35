//! Arithmetic that every room shares: exact sums and special functions.

mod exact_sum;
pub mod special;

pub use exact_sum::ExactSum;
