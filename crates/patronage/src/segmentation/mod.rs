//! Who the customers are: RFM, pyramid, life cycle; everything here is computed from data (for trees of
//! choices and chances see [`crate::decision`]).
//!
//! | verb | question | result |
//! |---|---|---|
//! | [`Rfm`] | how lately, how often and how much does each customer buy? | [`RfmScores`] |
//! | [`Pyramid`] | who are the few customers that bring most of the revenue? | [`PyramidTiers`] |
//! | [`LifeCycle`] | who is still a customer? | [`LifeCycleStatus`] |
//! | [`Concentration`] | how unequally is the revenue spread? | itself |
//!
//! Each takes a row a customer as plain slices. Nothing depends on the order of the rows or the number of
//! threads, and customers of equal value are treated alike.

mod check;
mod concentration;
mod group;
mod life_cycle;
mod order;
mod pyramid;
mod rfm;
mod segments;
mod table;
mod words;

pub use concentration::Concentration;
pub use group::Group;
pub use life_cycle::{LifeCycle, LifeCycleInput, LifeCycleStatus, Status};
pub use pyramid::{Negative, Pyramid, PyramidInput, PyramidTiers, Share, Tier, TierSummary, Tiers};
pub use rfm::{Cell, Method, Metric, Rfm, RfmInput, RfmScores, ScoreBand, SegmentSummary, Ties};
pub use segments::{SegmentMap, SegmentRule};
