//! Arithmetic that every room shares: exact sums and special functions.

mod beta;
mod decimals;
mod distributions;
mod exact_sum;
mod hypergeometric;
pub mod special;

pub use beta::Beta;
pub use decimals::Decimals;
pub use distributions::{chi_squared_tail, normal_quantile};
pub use exact_sum::ExactSum;
pub use hypergeometric::Hypergeometric;
