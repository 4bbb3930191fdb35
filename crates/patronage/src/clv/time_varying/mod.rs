//! Pareto/NBD with covariates that change over time (Bachmann, Meierer and Näf, 2021, *Marketing Science* 40(4), 783–809).
//!
//! While a customer, each buys at the rate λ e^(γ'x(u)) and drops out at the rate μ e^(δ'z(u)), u periods after her first
//! purchase; λ ~ gamma(r, α) and μ ~ gamma(s, β) over customers, and the covariates are constant within intervals. With
//! A(u) = ∫₀ᵘ e^(γ'x) and D(u) = ∫₀ᵘ e^(δ'z) the likelihood of purchases at t₁ … tₓ until T is
//!
//! ```text
//! Γ(r+x)/Γ(r) αʳ Π e^(γ'x(tⱼ)) [ (α+A(T))^−(r+x) (β/(β+D(T)))ˢ + ∫ (α+A(u))^−(r+x) s βˢ D'(u)/(β+D(u))^(s+1) du ],
//! ```
//!
//! the integral from tₓ to T. Within an interval A and D are straight lines, and it is the integral of the plain model
//! for other parameters: all its terms are positive, and it is taken interval by interval.
//!
//! The model is [`WithCovariates`](super::WithCovariates) of a [`ParetoNbd`](super::ParetoNbd): covariates that stay as
//! they are, are paths of one interval.

mod answers;
mod build;
mod likelihood;
mod paths;
mod rates;
mod rows;
mod side;
mod terms;
mod tracks;

pub use build::{CovariateTable, Holds, covariate_paths};
pub use paths::{CovariatePaths, PathIntervals};
pub use rows::PathRows;
