//! Choices under uncertainty, drawn from judgement: decision tables and decision trees by expected monetary value (for trees grown from data see [`crate::segmentation`]).
