//! What can be said of a fit beyond its estimate: tests, intervals, draws.

mod bootstrap;
mod delta;
mod diagnostics;
mod draws;
mod likelihood_ratio;
mod nuts;
mod posterior;
mod question;

pub use bootstrap::Bootstrap;
pub use diagnostics::{bulk_effective_size, r_hat, tail_effective_size};
pub use draws::intervals_over_draws;
pub use likelihood_ratio::{FitSummary, LikelihoodRatio, Null};
pub use posterior::{Posterior, PosteriorRow, Sampling};
pub use question::{Intervals, Question};
