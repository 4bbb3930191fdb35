//! What becomes of a decision when its numbers change: trees with named parameters, exact break-evens, tornado,
//! derivatives, simulation.
//!
//! A [`ParametricTree`] has expressions such as `"1-p"` for numbers. It is written once as a straight [`tape`] of
//! operations, and the tape is evaluated over whatever is asked: fractions, functions of one parameter that are
//! quotients of polynomials (the best choice for every value, not on a grid), derivatives, blocks of random samples.

mod checks;
mod derivatives;
mod explain;
mod explain_more;
mod one_way;
mod parametric;
mod point;
mod polynomial;
mod quotient;
mod roots;
mod search;
mod simulation;
mod stored;
mod tape;
mod tornado;
mod two_way;
mod writer;

pub use derivatives::Derivatives;
pub use explain_more::explain_spider;
pub use one_way::{OneWay, Region, RegionChoice};
pub use parametric::ParametricTree;
pub use point::Point;
pub use simulation::{Distribution, Draws, Evppi, EvppiMethod, SimulatedStrategy, Simulation};
pub use tornado::{AtValue, Range, Tornado, TornadoBar};
pub use two_way::TwoWay;
