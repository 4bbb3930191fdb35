//! How a tree is written on a tape.

use std::collections::HashMap;

use super::parametric::{ParametricTree, Placed, numbers_of};
use super::tape::{Check, Code, Slot, decimal};
use crate::decision::exact::Exact;
use crate::decision::expression::{Arithmetic, Operation, Problem};
use crate::decision::number::Number;
use crate::decision::scalar::{Scalar, Sense};
use crate::decision::tree::{Compounding, Kind, NodeRow, Solve, Tree};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Nodes between two looks at the watch.
const STRIDE: usize = 1 << 12;

/// The numbers of a node.
pub(super) struct Cells {
    probability: Option<Slot>,
    pub payoff: Slot,
    value: Slot,
}

/// A tape that is being written.
pub(super) struct Writer<'a> {
    pub code: Vec<Code>,
    known: HashMap<Code, Slot>,
    pub decisions: Vec<(u32, Box<[Slot]>)>,
    pub probabilities: Vec<Check>,
    pub sums: Vec<Check>,
    pub divisors: Vec<(Check, String)>,
    parameters: HashMap<&'a str, u32>,
    /// Divisors that the present expression has that vary.
    varying: Vec<Slot>,
    zero: Slot,
    one: Slot,
    weights: Vec<(usize, Exact)>,
    rate: Option<Exact>,
    factors: HashMap<u64, Exact>,
}

impl<'a> Writer<'a> {
    pub fn new(given: &'a ParametricTree, solve: &Solve) -> Result<Self> {
        let tree = given.base();
        let rate = solve.rate(tree)?;
        if rate.is_some() && solve.compounding == Compounding::Continuous {
            let expected = "'period' where parameters vary: powers of e are no fractions";
            return Err(Error::parameter("compounding", "'continuous'", expected));
        }
        let weights = solve.weights(tree)?;
        let names = given.parameters().iter().enumerate();
        let mut writer = Self {
            code: Vec::new(),
            known: HashMap::new(),
            decisions: Vec::new(),
            probabilities: Vec::new(),
            sums: Vec::new(),
            divisors: Vec::new(),
            parameters: names.map(|(k, (name, _))| (&**name, k as u32)).collect(),
            varying: Vec::new(),
            zero: 0,
            one: 0,
            weights: weights
                .iter()
                .map(|(measure, weight)| Ok((*measure, decimal(weight)?)))
                .collect::<Result<_>>()?,
            rate: rate.as_ref().map(decimal).transpose()?,
            factors: HashMap::new(),
        };
        writer.zero = writer.number(&Exact::ZERO);
        writer.one = writer.number(&Exact::ONE);
        Ok(writer)
    }

    fn write(&mut self, code: Code) -> Slot {
        *self.known.entry(code).or_insert_with_key(|code| {
            self.code.push(code.clone());
            self.code.len() as u32 - 1
        })
    }

    fn value(&self, slot: Slot) -> Option<&Exact> {
        match &self.code[slot as usize] {
            Code::Number(value) => Some(value),
            _ => None,
        }
    }

    /// Probabilities (absent for the rest), payoffs and leaf values, a slot a node.
    pub fn cells(&mut self, given: &ParametricTree) -> Result<Vec<Cells>> {
        let mut expressions = given.expressions().iter().peekable();
        let mut cells = Vec::with_capacity(given.rows().len());
        for (i, row) in given.rows().iter().enumerate() {
            let mut slots = HashMap::new();
            for (place, number) in numbers_of(row) {
                let here = expressions.next_if(|placed| (placed.row, placed.place) == (i, place));
                let slot = match (here, number) {
                    (Some(placed), _) => self.expression(given, placed)?,
                    (None, Number::Rest) => continue,
                    (None, number) => self.number(&decimal(number)?),
                };
                slots.insert(place, slot);
            }
            let [payoff, value] = [1, 2].map(|column| self.amount(given, i, column, &slots));
            cells.push(Cells { probability: slots.get(&0).copied(), payoff: payoff?, value: value? });
        }
        Ok(cells)
    }

    fn expression(&mut self, given: &ParametricTree, placed: &Placed) -> Result<Slot> {
        let slot = placed.expression.evaluate(self).map_err(|problem| Error::InvalidTree {
            node: format!("node '{}'", NodeRow::path(given.rows(), placed.row)),
            problem: format!("the expression {} {problem}", given.text(placed)),
            mend: "change the expression".into(),
        })?;
        for slot in std::mem::take(&mut self.varying) {
            self.divisors.push((Check { node: placed.row as u32, slot }, given.text(placed)));
        }
        Ok(slot)
    }

    /// The weighted sum of the measures, discounted, on the branch (column 1) or at the leaf (column 2).
    fn amount(
        &mut self,
        given: &ParametricTree,
        node: usize,
        column: usize,
        slots: &HashMap<usize, Slot>,
    ) -> Result<Slot> {
        let tree = given.base();
        let factor = self.discount(tree.time(node))?;
        let mut sum = self.zero;
        for (measure, weight) in self.weights.clone() {
            let further = &given.rows()[node].further;
            let place = match measure {
                0 => Some(column),
                _ => further
                    .iter()
                    .position(|f| f.measure == tree.measures()[measure])
                    .map(|k| 2 + 2 * k + column),
            };
            let Some(&slot) = place.and_then(|place| slots.get(&place)) else { continue };
            let weight = self.number(&(&weight * &factor));
            let part = self.operate(Operation::Multiply, weight, slot)?;
            sum = self.operate(Operation::Add, sum, part)?;
        }
        Ok(sum)
    }

    fn discount(&mut self, time: f64) -> Result<Exact> {
        let Some(rate) = self.rate.as_ref().filter(|_| time != 0.0) else { return Ok(Exact::ONE) };
        if let Some(factor) = self.factors.get(&time.to_bits()) {
            return Ok(factor.clone());
        }
        let factor = <Exact as Scalar>::discount(rate, time)?;
        self.factors.insert(time.to_bits(), factor.clone());
        Ok(factor)
    }

    pub fn operate(&mut self, operation: Operation, left: Slot, right: Slot) -> Result<Slot> {
        self.apply(operation, left, right).map_err(|problem| Error::LimitExceeded {
            what: format!("a value of the decision {problem}: the length of an exact fraction, in bits,"),
            limit: crate::decision::exact::MAX_BITS,
            mend: "give shorter numbers".into(),
        })
    }

    pub fn roll_back(
        &mut self,
        tree: &Tree,
        cells: &[Cells],
        sense: Sense,
        watch: &dyn Watch,
    ) -> Result<Slot> {
        let zero = self.zero;
        let mut to_go = vec![zero; tree.len()];
        for node in (0..tree.len()).rev() {
            if node.is_multiple_of(STRIDE) {
                watch.check()?;
            }
            let children = tree.children(node);
            to_go[node] = match tree.kind(node) {
                Kind::Leaf => cells[node].value,
                Kind::Chance => {
                    let p =
                        self.chances(node, cells[children.clone()].iter().map(|c| c.probability).collect())?;
                    let mut sum = zero;
                    for (p, i) in p.into_iter().zip(children) {
                        let worth = self.operate(Operation::Add, cells[i].payoff, to_go[i])?;
                        let term = self.operate(Operation::Multiply, p, worth)?;
                        sum = self.operate(Operation::Add, sum, term)?;
                    }
                    sum
                }
                Kind::Decision => {
                    let mut branches = Vec::with_capacity(children.len());
                    for i in children {
                        branches.push(self.operate(Operation::Add, cells[i].payoff, to_go[i])?);
                    }
                    self.decide(node, branches, sense)
                }
            };
        }
        self.decisions.reverse();
        self.operate(Operation::Add, cells[0].payoff, to_go[0])
    }

    /// What each strategy is worth, in the order of [`TreeAnswer::strategies`](crate::decision::TreeAnswer::strategies):
    /// those of a decision one after the other, those of the last outcome of chance changing fastest.
    pub fn strategies(&mut self, tree: &Tree, cells: &[Cells], watch: &dyn Watch) -> Result<Vec<Slot>> {
        let mut below: Vec<Vec<Slot>> = vec![Vec::new(); tree.len()];
        for node in (0..tree.len()).rev() {
            watch.check()?;
            let children = tree.children(node);
            let mut worth = Vec::new();
            for i in children.clone() {
                let payoff = cells[i].payoff;
                let slots = std::mem::take(&mut below[i]).into_iter();
                let paid: Result<Vec<_>> =
                    slots.map(|slot| self.operate(Operation::Add, payoff, slot)).collect();
                worth.push(paid?);
            }
            below[node] = match tree.kind(node) {
                Kind::Leaf => vec![cells[node].value],
                Kind::Decision => worth.concat(),
                Kind::Chance => {
                    let p = self.chances(node, cells[children].iter().map(|c| c.probability).collect())?;
                    let mut sums = vec![self.zero];
                    for (p, outcomes) in p.into_iter().zip(worth) {
                        let mut longer = Vec::with_capacity(sums.len() * outcomes.len());
                        for sum in sums {
                            for outcome in &outcomes {
                                let term = self.operate(Operation::Multiply, p, *outcome)?;
                                longer.push(self.operate(Operation::Add, sum, term)?);
                            }
                        }
                        sums = longer;
                    }
                    sums
                }
            };
        }
        let slots = std::mem::take(&mut below[0]).into_iter();
        slots.map(|slot| self.operate(Operation::Add, cells[0].payoff, slot)).collect()
    }

    fn decide(&mut self, node: usize, branches: Vec<Slot>, sense: Sense) -> Slot {
        self.decisions.push((node as u32, branches.clone().into()));
        let constants: Option<Vec<&Exact>> = branches.iter().map(|&slot| self.value(slot)).collect();
        match constants {
            Some(values) => {
                let best = if sense == Sense::Profit { values.iter().max() } else { values.iter().min() };
                let best = best.map_or(Exact::ZERO, |best| (*best).clone());
                self.number(&best)
            }
            None if branches.len() == 1 => branches[0],
            None => self.write(Code::Best(branches.into())),
        }
    }

    /// The probabilities of a chance node, the rest filled in; those that vary are noted for their checks.
    fn chances(&mut self, node: usize, given: Vec<Option<Slot>>) -> Result<Vec<Slot>> {
        let mut sum = self.zero;
        for slot in given.iter().flatten() {
            sum = self.operate(Operation::Add, sum, *slot)?;
            if self.value(*slot).is_none() {
                self.probabilities.push(Check { node: node as u32, slot: *slot });
            }
        }
        let open = given.iter().filter(|slot| slot.is_none()).count();
        if open == 0 {
            if self.value(sum).is_none() {
                self.sums.push(Check { node: node as u32, slot: sum });
            }
            return Ok(given.into_iter().flatten().collect());
        }
        let left = self.operate(Operation::Subtract, self.one, sum)?;
        let share = self.number(&Exact::ONE.divide(open));
        let rest = self.operate(Operation::Multiply, left, share)?;
        if self.value(rest).is_none() {
            self.probabilities.push(Check { node: node as u32, slot: rest });
        }
        Ok(given.into_iter().map(|slot| slot.unwrap_or(rest)).collect())
    }
}

impl Arithmetic for Writer<'_> {
    type Value = Slot;

    fn number(&mut self, number: &Exact) -> Slot {
        self.write(Code::Number(number.clone()))
    }

    fn name(&mut self, name: &str) -> std::result::Result<Slot, Problem> {
        let place = *self.parameters.get(name).ok_or_else(|| format!("needs '{name}'"))?;
        Ok(self.write(Code::Parameter(place)))
    }

    fn apply(&mut self, operation: Operation, left: Slot, right: Slot) -> std::result::Result<Slot, Problem> {
        use Operation::{Add, Divide, Multiply, Subtract};
        let (zero, one) = (self.zero, self.one);
        if let (Some(a), Some(b)) = (self.value(left), self.value(right)) {
            let value = match operation {
                Add => a + b,
                Subtract => a - b,
                Multiply => a * b,
                Divide => a * &b.reciprocal().ok_or("divides by nought")?,
            };
            value.check().map_err(|problem| format!("is too long: {problem}"))?;
            return Ok(self.number(&value));
        }
        Ok(match operation {
            Add if left == zero => right,
            Add | Subtract if right == zero => left,
            Subtract if left == right => zero,
            Multiply if left == zero || right == zero => zero,
            Multiply if left == one => right,
            Multiply | Divide if right == one => left,
            Divide if right == zero => return Err("divides by nought".into()),
            Add | Multiply => self.write(Code::Apply(operation, left.min(right), left.max(right))),
            Divide if self.value(right).is_some() => {
                let factor = self.value(right).and_then(Exact::reciprocal).unwrap_or(Exact::ONE);
                let factor = self.number(&factor);
                self.apply(Multiply, left, factor)?
            }
            Divide => {
                self.varying.push(right);
                self.write(Code::Apply(Divide, left, right))
            }
            Subtract => self.write(Code::Apply(Subtract, left, right)),
        })
    }
}
