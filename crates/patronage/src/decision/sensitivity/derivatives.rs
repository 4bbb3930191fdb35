//! How fast the expected value changes with each parameter: one pass forwards, one backwards.

use super::parametric::ParametricTree;
use super::polynomial::tame;
use super::tape::{Code, Kept, Tape};
use crate::decision::exact::Exact;
use crate::decision::expression::Operation;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::decision::tree::Solve;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The derivative of the expected value by each parameter, at the base values.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivatives {
    /// The expected value of the tree.
    pub emv: Value,
    /// A parameter, its base value, and the derivative.
    pub rows: Vec<(Box<str>, Value, Value)>,
    /// Whether alternatives tie on the way: the derivatives are those of the first, others may go with the others.
    pub has_ties: bool,
}

impl ParametricTree {
    /// dEMV/dθ for each parameter θ, by the adjoint method: a reverse pass over the tape (Linnainmaa 1970).
    ///
    /// ```
    /// use patronage::decision::{Solve, chance, decide, pay};
    /// let game = chance([("win", "p", pay("prize")), ("lose", "1-p", pay(-20))]);
    /// let bet = decide("Bet", [("play", game), ("pass", pay(0))]).with_parameters([("p", ".5"), ("prize", "100")])?;
    /// let found = bet.derivatives(&Solve::new(), &patronage::watch::Unwatched)?;
    /// let by: Vec<String> = found.rows.iter().map(|(_, _, by)| by.to_string()).collect();
    /// assert_eq!(by, ["120", "1/2"]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn derivatives(&self, solve: &Solve, watch: &dyn Watch) -> Result<Derivatives> {
        let tape = Tape::of(self, solve, Kept::Best, watch)?;
        let exact = tape.exact && self.parameters().iter().all(|(_, v)| matches!(v, Number::Exact(_)));
        let answer = |value: Exact| -> Value { if exact { value.into() } else { value.to_f64().into() } };
        let (values, chosen, ties) = forwards(&tape)?;
        let mut has_ties = false;
        let mut adjoint = vec![Exact::ZERO; values.len()];
        let mut by = vec![Exact::ZERO; tape.base.len()];
        let root = tape.outputs[0] as usize;
        adjoint[root] = Exact::ONE;
        for (slot, code) in tape.code.iter().enumerate().take(root + 1).rev() {
            let here = std::mem::replace(&mut adjoint[slot], Exact::ZERO);
            if here.is_zero() {
                continue;
            }
            let mut pass = |to: u32, part: Exact| {
                adjoint[to as usize] = &adjoint[to as usize] + &part;
                tame(&adjoint[to as usize])
            };
            match code {
                Code::Number(_) => {}
                Code::Parameter(k) => by[*k as usize] = &by[*k as usize] + &here,
                Code::Best(_) => {
                    has_ties |= ties[slot];
                    pass(chosen[slot], here)?;
                }
                Code::Apply(operation, a, b) => {
                    let (left, right) = (&values[*a as usize], &values[*b as usize]);
                    let (to_left, to_right) = match operation {
                        Operation::Add => (here.clone(), here),
                        Operation::Subtract => (here.clone(), -&here),
                        Operation::Multiply => (&here * right, &here * left),
                        Operation::Divide => {
                            let over = right.reciprocal().unwrap_or(Exact::ZERO);
                            let share = &here * &over;
                            let slope = -&(&share * &(left * &over));
                            (share, slope)
                        }
                    };
                    pass(*a, to_left)?;
                    pass(*b, to_right)?;
                }
            }
        }
        let emv = values[root].clone();
        emv.check()?;
        let rows = tape.parameters.iter().zip(self.parameters()).zip(by);
        let rows = rows.map(|((name, (_, value)), by)| (name.clone(), value.into(), answer(by)));
        Ok(Derivatives { emv: answer(emv), rows: rows.collect(), has_ties })
    }
}

/// All values of the tape at the base values, the first best branch at each decision, and whether others tie.
fn forwards(tape: &Tape) -> Result<(Vec<Exact>, Vec<u32>, Vec<bool>)> {
    let mut values: Vec<Exact> = Vec::with_capacity(tape.code.len());
    let (mut chosen, mut ties) = (vec![0; tape.code.len()], vec![false; tape.code.len()]);
    for (slot, code) in tape.code.iter().enumerate() {
        let value = match code {
            Code::Number(number) => number.clone(),
            Code::Parameter(k) => tape.base[*k as usize].clone(),
            Code::Apply(operation, a, b) => {
                let (left, right) = (&values[*a as usize], &values[*b as usize]);
                match operation {
                    Operation::Add => left + right,
                    Operation::Subtract => left - right,
                    Operation::Multiply => left * right,
                    Operation::Divide => match right.reciprocal() {
                        Some(over) => left * &over,
                        None => {
                            return Err(Error::parameter(
                                "a divisor",
                                "0",
                                "expressions that divide by more",
                            ));
                        }
                    },
                }
            }
            Code::Best(branches) => {
                let worth = |slot: &u32| &values[*slot as usize];
                let better = |a: &Exact, b: &Exact| if tape.sense == Sense::Profit { a > b } else { a < b };
                let mut best = branches[0];
                for slot in &branches[1..] {
                    if better(worth(slot), worth(&best)) {
                        best = *slot;
                    }
                }
                ties[slot] = branches.iter().filter(|slot| worth(slot) == worth(&best)).count() > 1;
                chosen[slot] = best;
                worth(&best).clone()
            }
        };
        tame(&value)?;
        values.push(value);
    }
    Ok((values, chosen, ties))
}
