//! The tape in floats, for many samples at once: a row a value, reused once the value is no longer needed.

use crate::decision::expression::Operation;
use crate::decision::scalar::Sense;

use super::super::tape::{Check, Code, Slot, Tape};

/// Samples that are worked on at once: rows of 2 KiB, of which a tree needs some ten, stay in the nearest cache.
pub(super) const LANES: usize = 256;

/// A probability may leave 0 to 1 by so much: the rounding of what it is worked out from.
const ROUNDING: f64 = 1e-9;

type Row = u32;

#[derive(Debug)]
enum Step {
    Load {
        parameter: usize,
        to: Row,
    },
    Fill {
        number: f64,
        to: Row,
    },
    Rows {
        operation: Operation,
        left: Row,
        right: Row,
        to: Row,
    },
    /// The number on the left.
    Number {
        operation: Operation,
        number: f64,
        right: Row,
        to: Row,
    },
    /// `left − number`; other operations with a number on the right are turned round.
    Less {
        left: Row,
        number: f64,
        to: Row,
    },
    Best {
        left: Row,
        right: Row,
        to: Row,
    },
    Probability {
        row: Row,
        check: usize,
    },
    Sum {
        row: Row,
        check: usize,
    },
    Divisor {
        row: Row,
        check: usize,
    },
}

/// A program for the processor.
#[derive(Debug)]
pub(super) struct Lanes {
    steps: Vec<Step>,
    rows: usize,
    /// Where the outputs are at the end.
    pub outputs: Vec<Row>,
    is_max: bool,
}

/// The rows of one thread.
pub(super) struct Rows(Vec<Vec<f64>>);

impl Rows {
    pub fn row(&self, row: Row) -> &[f64] {
        &self.0[row as usize]
    }
}

/// What is wrong with a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Probability(usize),
    Sum(usize),
    Divisor(usize),
}

/// Gives rows to values, and takes them back.
struct Plan {
    steps: Vec<Step>,
    place: Vec<Option<Row>>,
    uses: Vec<usize>,
    free: Vec<Row>,
    rows: u32,
}

impl Plan {
    fn row(&mut self) -> Row {
        self.free.pop().unwrap_or_else(|| {
            self.rows += 1;
            self.rows - 1
        })
    }

    /// The row of a value that is used once more; free again after the last time.
    fn used(&mut self, slot: Slot, freed: &mut Vec<Row>) -> Row {
        let slot = slot as usize;
        let row = self.place[slot].unwrap_or(0);
        self.uses[slot] -= 1;
        if self.uses[slot] == 0 {
            freed.push(row);
        }
        row
    }
}

impl Lanes {
    /// Compiles what the outputs and the checks need.
    pub fn of(tape: &Tape) -> Self {
        let uses = uses(tape);
        let mut plan =
            Plan { steps: Vec::new(), place: vec![None; tape.code.len()], uses, free: Vec::new(), rows: 0 };
        let number = |slot: Slot| match &tape.code[slot as usize] {
            Code::Number(number) => Some(number.to_f64()),
            _ => None,
        };
        let checks_at = |checks: &[Check]| {
            let mut at = vec![Vec::new(); tape.code.len()];
            checks.iter().enumerate().for_each(|(k, check)| at[check.slot as usize].push(k));
            at
        };
        let divisors: Vec<Check> = tape.divisors.iter().map(|(check, _)| *check).collect();
        let [probabilities, sums, divisors] =
            [&tape.probabilities, &tape.sums, &divisors].map(|c| checks_at(c));
        let mut is_output = vec![false; tape.code.len()];
        tape.outputs.iter().for_each(|&slot| is_output[slot as usize] = true);
        for (slot, code) in tape.code.iter().enumerate() {
            if plan.uses[slot] == 0 {
                continue;
            }
            let mut freed = Vec::new();
            match code {
                // Numbers stand in the operations themselves; only where one is an output it needs a row.
                Code::Number(number) if is_output[slot] => {
                    let to = plan.row();
                    plan.place[slot] = Some(to);
                    plan.steps.push(Step::Fill { number: number.to_f64(), to });
                }
                Code::Number(_) => {}
                Code::Parameter(k) => {
                    let to = plan.row();
                    plan.place[slot] = Some(to);
                    plan.steps.push(Step::Load { parameter: *k as usize, to });
                }
                Code::Apply(operation, a, b) => {
                    let to = plan.row();
                    let (left, right) = (number(*a), number(*b));
                    let step = match (left, right) {
                        (Some(number), _) => {
                            let right = plan.used(*b, &mut freed);
                            Step::Number { operation: *operation, number, right, to }
                        }
                        (None, Some(number)) if *operation == Operation::Subtract => {
                            let left = plan.used(*a, &mut freed);
                            Step::Less { left, number, to }
                        }
                        // Divisors that are numbers were turned into factors.
                        (None, Some(number)) => {
                            let right = plan.used(*a, &mut freed);
                            Step::Number { operation: *operation, number, right, to }
                        }
                        (None, None) => {
                            let left = plan.used(*a, &mut freed);
                            let right = plan.used(*b, &mut freed);
                            Step::Rows { operation: *operation, left, right, to }
                        }
                    };
                    plan.steps.push(step);
                    plan.place[slot] = Some(to);
                }
                Code::Best(branches) => {
                    let mut rows = Vec::with_capacity(branches.len());
                    for &branch in branches {
                        if let (Some(number), None) = (number(branch), plan.place[branch as usize]) {
                            let to = plan.row();
                            plan.steps.push(Step::Fill { number, to });
                            freed.push(to);
                            rows.push(to);
                        } else {
                            rows.push(plan.used(branch, &mut freed));
                        }
                    }
                    // The running best goes from one new row to another, so that no operand is written over.
                    let (mut best, mut spare) = (rows[0], None);
                    for &right in &rows[1..] {
                        let to = spare.take().unwrap_or_else(|| plan.row());
                        plan.steps.push(Step::Best { left: best, right, to });
                        if best != rows[0] {
                            spare = Some(best);
                        }
                        best = to;
                    }
                    freed.extend(spare);
                    plan.place[slot] = Some(best);
                }
            }
            let row = plan.place[slot].unwrap_or(0);
            plan.steps.extend(probabilities[slot].iter().map(|&check| Step::Probability { row, check }));
            plan.steps.extend(sums[slot].iter().map(|&check| Step::Sum { row, check }));
            plan.steps.extend(divisors[slot].iter().map(|&check| Step::Divisor { row, check }));
            // A value that is only checked is done with.
            let checks = probabilities[slot].len() + sums[slot].len() + divisors[slot].len();
            plan.uses[slot] -= checks;
            if checks > 0 && plan.uses[slot] == 0 {
                freed.push(row);
            }
            plan.free.append(&mut freed);
        }
        let outputs = tape.outputs.iter().map(|&slot| plan.place[slot as usize].unwrap_or(0)).collect();
        Self { steps: plan.steps, rows: plan.rows as usize, outputs, is_max: tape.sense == Sense::Profit }
    }

    pub fn rows(&self) -> Rows {
        Rows(vec![vec![0.0; LANES]; self.rows])
    }

    /// Runs the program on a column of each parameter, all of [`LANES`] values.
    ///
    /// `on_fault` hears of each check that fails in some lane, and for which lanes.
    pub fn run(&self, rows: &mut Rows, columns: &[&[f64]], on_fault: &mut dyn FnMut(Fault, &[bool])) {
        let rows = &mut rows.0;
        for step in &self.steps {
            match step {
                Step::Load { parameter, to } => rows[*to as usize].copy_from_slice(columns[*parameter]),
                Step::Fill { number, to } => rows[*to as usize].fill(*number),
                Step::Rows { operation, left, right, to } => {
                    with_row(rows, *to, |out, rows| {
                        let (a, b) = (&rows[*left as usize], &rows[*right as usize]);
                        match operation {
                            Operation::Add => two(out, a, b, |x, y| x + y),
                            Operation::Subtract => two(out, a, b, |x, y| x - y),
                            Operation::Multiply => two(out, a, b, |x, y| x * y),
                            Operation::Divide => two(out, a, b, |x, y| x / y),
                        }
                    });
                }
                Step::Number { operation, number, right, to } => {
                    with_row(rows, *to, |out, rows| {
                        let (b, c) = (&rows[*right as usize], *number);
                        match operation {
                            Operation::Add => one(out, b, |y| c + y),
                            Operation::Subtract => one(out, b, |y| c - y),
                            Operation::Multiply => one(out, b, |y| c * y),
                            Operation::Divide => one(out, b, |y| c / y),
                        }
                    });
                }
                Step::Less { left, number, to } => {
                    with_row(rows, *to, |out, rows| one(out, &rows[*left as usize], |x| x - number));
                }
                Step::Best { left, right, to } => {
                    with_row(rows, *to, |out, rows| {
                        let (a, b) = (&rows[*left as usize], &rows[*right as usize]);
                        if self.is_max {
                            two(out, a, b, |x, y| if x >= y { x } else { y });
                        } else {
                            two(out, a, b, |x, y| if x <= y { x } else { y });
                        }
                    });
                }
                Step::Probability { row, check } => {
                    let inside = |p: f64| (-ROUNDING..=1.0 + ROUNDING).contains(&p);
                    find(&rows[*row as usize], inside, Fault::Probability(*check), on_fault);
                }
                Step::Sum { row, check } => {
                    let is_one = |sum: f64| (sum - 1.0).abs() <= ROUNDING;
                    find(&rows[*row as usize], is_one, Fault::Sum(*check), on_fault);
                }
                Step::Divisor { row, check } => {
                    find(&rows[*row as usize], |x| x != 0.0, Fault::Divisor(*check), on_fault);
                }
            }
        }
    }
}

/// How often each value is looked at; nought for what nothing needs.
fn uses(tape: &Tape) -> Vec<usize> {
    let mut uses = vec![0; tape.code.len()];
    // Outputs stay to the end.
    tape.outputs.iter().for_each(|&slot| uses[slot as usize] += 1);
    let divisors = tape.divisors.iter().map(|(check, _)| check);
    let checks = tape.probabilities.iter().chain(&tape.sums).chain(divisors);
    checks.for_each(|check| uses[check.slot as usize] += 1);
    for slot in (0..tape.code.len()).rev() {
        if uses[slot] == 0 {
            continue;
        }
        match &tape.code[slot] {
            Code::Number(_) | Code::Parameter(_) => {}
            Code::Apply(_, a, b) => [a, b].into_iter().for_each(|slot| uses[*slot as usize] += 1),
            Code::Best(branches) => branches.iter().for_each(|slot| uses[*slot as usize] += 1),
        }
    }
    uses
}

/// Takes a row out while it is written; it is none of those that are read.
fn with_row(rows: &mut [Vec<f64>], to: Row, write: impl FnOnce(&mut [f64], &[Vec<f64>])) {
    let mut out = std::mem::take(&mut rows[to as usize]);
    write(&mut out, rows);
    rows[to as usize] = out;
}

fn one(out: &mut [f64], a: &[f64], f: impl Fn(f64) -> f64) {
    out.iter_mut().zip(a).for_each(|(out, a)| *out = f(*a));
}

fn two(out: &mut [f64], a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) {
    out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (a, b))| *out = f(*a, *b));
}

fn find(row: &[f64], is_fine: impl Fn(f64) -> bool, fault: Fault, on_fault: &mut dyn FnMut(Fault, &[bool])) {
    // A fold without a way out, which the compiler turns into vector code.
    if row.iter().fold(true, |fine, &x| fine & is_fine(x)) {
        return;
    }
    let wrong: Vec<bool> = row.iter().map(|&x| !is_fine(x)).collect();
    on_fault(fault, &wrong);
}
