//! What is known of customers beside their histories, and models that make use of it.

mod groups;
mod independent;
mod likelihood;
mod model;
mod space;
mod totals;

pub(super) use groups::Groups;
pub(super) use independent::{check, moments};
pub use model::{Effect, Process, WithCovariates};
pub(super) use space::{frame, limit, slopes, starts, widths};
pub(super) use totals::Totals;
