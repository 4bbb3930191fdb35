//! The entrance hall: a purchase log comes in checked, coded and counted.

mod ids;

pub use ids::{Dictionary, Id, IdColumn, Labels};
