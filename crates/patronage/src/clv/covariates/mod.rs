//! What is known of customers beside their histories, and models that make use of it.

mod groups;
mod independent;
mod likelihood;
mod model;

pub(super) use groups::Groups;
pub use model::{Effect, Process, WithCovariates};
