//! Monte Carlo: the parameters are uncertain themselves, and the tree is worked out for many samples of them.

mod distribution;
mod draws;
mod evppi;
mod lanes;
mod run;

pub use distribution::Distribution;
pub use draws::Draws;
pub use evppi::{Evppi, EvppiMethod};
pub use run::{SimulatedStrategy, Simulation};
