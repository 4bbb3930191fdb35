//! The entrance hall: a purchase log comes in checked, coded and counted.

mod baskets;
mod ids;

pub use baskets::Baskets;
pub use ids::{Dictionary, Id, IdColumn, Labels};
