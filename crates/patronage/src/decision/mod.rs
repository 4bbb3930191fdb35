//! Choices under uncertainty, drawn from judgement: decision tables and decision trees by expected monetary
//! value (for trees grown from data see [`crate::segmentation`]).
//!
//! ```
//! use patronage::decision::{chance, decide, pay};
//! let plant = decide("Plant size", [
//!     ("large", chance([("favourable", ".4", pay(100_000)), ("unfavourable", "#", pay(-90_000))])),
//!     ("medium", chance([("favourable", ".4", pay(60_000)), ("unfavourable", "#", pay(-10_000))])),
//!     ("small", chance([("favourable", ".4", pay(40_000)), ("unfavourable", "#", pay(-5_000))])),
//!     ("none", pay(0)),
//! ]);
//! let answer = plant.solve()?;
//! assert_eq!(answer.emv().to_string(), "18000");
//! assert_eq!(answer.choice(), ["medium"]);
//! assert_eq!(answer.evpi()?.to_string(), "22000");
//! # Ok::<(), patronage::Error>(())
//! ```
//!
//! | given | read as |
//! |---|---|
//! | integers, text such as `".4"`, `"1/3"`, `"1e6"` | exact; if all numbers are, so is the answer: 1/9 stays 1/9 |
//! | floats | floats; a single one makes the whole answer a float answer |
//! | `"#"` | the rest of the probability, shared equally by all branches marked so |
//!
//! Probabilities are never rescaled: they sum to 1 (exactly, or within 10⁻⁹ in floats) or are refused. Ties are
//! returned, never broken in silence; floats tie when they differ by less than 10⁻¹² of their size.
//!
//! A tree is a flat breadth-first structure of arrays, solved in one pass from the leaves to the root; nothing
//! in this room calls itself, so that no depth exhausts the stack.

mod draw;
mod exact;
mod exchange;
mod expression;
mod information;
mod number;
mod portfolio;
mod probability;
mod scalar;
mod sensitivity;
mod table;
mod targeting;
mod teaching;
mod tree;
mod words;

pub use draw::{Drawing, Layout, Placed, Subject};
pub use exact::{Exact, MAX_BITS};
pub use exchange::{Path, SilverDecisions, Step};
pub use information::{Chain, Event, EventValue, Evidence, Incoherence, Signal, Study, StudyAnswer};
pub use number::{Number, Value};
pub use portfolio::{Portfolio, PortfolioAnswer, Project};
pub use scalar::Sense;
pub use sensitivity::{
    AtValue, Derivatives, Distribution, Draws, Evppi, EvppiMethod, OneWay, ParametricTree, Point, Range,
    Region, RegionChoice, SimulatedStrategy, Simulation, Tornado, TornadoBar, TwoWay, explain_spider,
};
pub use table::{Criterion, DecisionTable, Line, StrategyRegion, StrategyRegions, TableAnswer};
pub use targeting::{
    Limit, Prior, Segment, TargetPlan, TargetSegment, Targeting, TestMailing, TestSize, Verdict,
};
pub use teaching::{ExactAnswer, Exercise, ExerciseKind, Mark, MarkedLine, Marking, Mistake, Solved};
pub use tree::{
    Compounding, Dominance, DominancePair, Further, Kind, MAX_NODES, Measure, Node, NodeRow, NumberColumn,
    Outcome, PAYOFF, PolicyStep, RiskProfile, Solve, Strategy, StrategyChoice, ToleranceRegion, Tree,
    TreeAnswer, TreeColumns, Utility, chance, decide, pay,
};
