//! A tree with parameters as a straight list of operations: constants folded, common parts once.

use super::parametric::ParametricTree;
use super::writer::Writer;
use crate::decision::exact::Exact;
use crate::decision::expression::Operation;
use crate::decision::number::Number;
use crate::decision::scalar::Sense;
use crate::decision::tree::{Solve, Tree};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The place of a value on the tape.
pub(super) type Slot = u32;

/// One operation; it works on values that stand before it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Code {
    Number(Exact),
    Parameter(u32),
    Apply(Operation, Slot, Slot),
    /// The best of the alternatives of a decision.
    Best(Box<[Slot]>),
}

/// A value that must be as it should at every value of the parameters, and the node that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check {
    pub node: u32,
    pub slot: Slot,
}

/// Which values of the whole tree are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// That of the best choices.
    Best,
    /// That of each alternative of the root, followed by the best choices.
    Alternatives,
    /// That of each strategy. Nothing is decided on the tape.
    Strategies,
}

#[derive(Debug)]
pub(super) struct Tape {
    pub code: Vec<Code>,
    /// What the whole tree is worth: once, or under each strategy or alternative of the root.
    pub outputs: Vec<Slot>,
    /// What each alternative is worth, decision by decision; its children stand in this order.
    pub decisions: Vec<(u32, Box<[Slot]>)>,
    /// Between 0 and 1.
    pub probabilities: Vec<Check>,
    /// Equal to 1.
    pub sums: Vec<Check>,
    /// Not nought, with the text of the expression.
    pub divisors: Vec<(Check, String)>,
    pub sense: Sense,
    /// Whether all that was given is.
    pub exact: bool,
    pub parameters: Vec<Box<str>>,
    pub base: Vec<Exact>,
    pub tree: Tree,
}

impl Tape {
    /// Writes a tree; floats count as the decimals that they are written with.
    pub fn of(given: &ParametricTree, solve: &Solve, kept: Kept, watch: &dyn Watch) -> Result<Self> {
        by_expected_value(solve)?;
        let tree = given.base().clone();
        let mut writer = Writer::new(given, solve)?;
        let cells = writer.cells(given)?;
        let outputs = match kept {
            Kept::Strategies => writer.strategies(&tree, &cells, watch)?,
            Kept::Best | Kept::Alternatives => {
                let root = writer.roll_back(&tree, &cells, solve.sense, watch)?;
                match writer.decisions.first() {
                    Some((0, branches)) if kept == Kept::Alternatives => {
                        let (branches, paid) = (branches.clone(), cells[0].payoff);
                        let worth = branches.iter().map(|&slot| writer.operate(Operation::Add, paid, slot));
                        worth.collect::<Result<_>>()?
                    }
                    _ => vec![root],
                }
            }
        };
        let rate_is_float = matches!(solve.discount_rate, Some(Number::Float(_)));
        let weight_is_float = solve.by.iter().any(|(_, weight)| matches!(weight, Number::Float(_)));
        let exact = tree.is_exact() && !solve.floats && !rate_is_float && !weight_is_float;
        let base = given.parameters().iter().map(|(_, value)| decimal(value)).collect::<Result<_>>()?;
        Ok(Self {
            outputs,
            code: writer.code,
            decisions: writer.decisions,
            probabilities: writer.probabilities,
            sums: writer.sums,
            divisors: writer.divisors,
            sense: solve.sense,
            exact,
            parameters: given.parameters().iter().map(|(name, _)| name.clone()).collect(),
            base,
            tree,
        })
    }

    pub fn invalid(&self, node: u32, problem: String, mend: &str) -> Error {
        let node = format!("node '{}'", self.tree.path(node as usize));
        Error::InvalidTree { node, problem, mend: mend.into() }
    }
}

/// An error if a utility decides.
pub(super) fn by_expected_value(solve: &Solve) -> Result<()> {
    if solve.utility.is_none() {
        return Ok(());
    }
    let expected = "none: sensitivity and simulation are by expected value";
    Err(Error::parameter("utility", "given", expected))
}

/// The fraction that a number is written as: of a float the shortest decimal that reads back as the same float.
pub(super) fn decimal(number: &Number) -> Result<Exact> {
    match number {
        Number::Exact(value) => Ok(value.clone()),
        Number::Float(value) => Exact::parse(&format!("{value:?}")),
        _ => Err(Error::parameter("number", number, "a finite number")),
    }
}
