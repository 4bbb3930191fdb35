//! Trees to and from what other tools keep: a table of paths, and files of SilverDecisions.

mod paths;
mod silver;
mod silver_out;

pub use paths::{Path, Step};
pub use silver::SilverDecisions;
