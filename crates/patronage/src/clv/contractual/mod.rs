//! Customers under contract, whose loss is seen: how long they stay.
//!
//! | question | answer |
//! |---|---|
//! | how long did they stay? | [`Durations`], from a row a customer or from cohorts |
//! | what share stays, as far as was seen? | [`retention_curve`] (Kaplan and Meier) |
//! | and beyond? | [`ShiftedBetaGeometric`], [`BetaDiscreteWeibull`]: a [`RetentionModel`] fitted to them |

mod beta_discrete_weibull;
mod durations;
mod lifetimes;
mod likelihood;
mod retention_curve;
mod retention_model;
mod shifted_beta_geometric;

pub use beta_discrete_weibull::BetaDiscreteWeibull;
pub use durations::Durations;
pub use lifetimes::Lifetimes;
pub use retention_curve::{Interval, RetentionCurve, RetentionRow, retention_curve};
pub use retention_model::RetentionModel;
pub use shifted_beta_geometric::ShiftedBetaGeometric;
