//! Arithmetic that every room shares: exact sums and special functions.

mod decimals;
mod exact_sum;
mod hypergeometric;
pub mod special;

pub use decimals::Decimals;
pub use exact_sum::ExactSum;
pub use hypergeometric::Hypergeometric;
