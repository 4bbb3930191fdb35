//! Expressions for numbers: sums, products, quotients, parentheses, names. Read once to a postfix program, which is
//! evaluated in whatever arithmetic is wanted: fractions, floats, functions of a parameter, a tape.

mod read;

use super::exact::Exact;

/// Characters that an expression may have.
pub(super) const MAX_LENGTH: usize = 1000;

/// What is wrong with an expression, in words that follow "the expression".
pub(super) type Problem = String;

/// What is done with two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A step of the postfix program.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Number(Exact),
    Name(Box<str>),
    Apply(Operation),
}

/// An expression that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression(Vec<Step>);

/// Where an expression is evaluated.
pub(super) trait Arithmetic {
    type Value;
    fn number(&mut self, number: &Exact) -> Self::Value;
    fn name(&mut self, name: &str) -> Result<Self::Value, Problem>;
    fn apply(
        &mut self,
        operation: Operation,
        left: Self::Value,
        right: Self::Value,
    ) -> Result<Self::Value, Problem>;
}

impl Expression {
    /// The names, in their order, each as often as it stands there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Name(name) => Some(&**name),
            _ => None,
        })
    }

    /// The value of the program, with a stack and no recursion.
    pub fn evaluate<A: Arithmetic>(&self, arithmetic: &mut A) -> Result<A::Value, Problem> {
        let missing = || Problem::from("ends where a number should follow");
        let mut stack = Vec::new();
        for step in &self.0 {
            let value = match step {
                Step::Number(number) => arithmetic.number(number),
                Step::Name(name) => arithmetic.name(name)?,
                Step::Apply(operation) => {
                    let right = stack.pop().ok_or_else(missing)?;
                    let left = stack.pop().ok_or_else(missing)?;
                    arithmetic.apply(*operation, left, right)?
                }
            };
            stack.push(value);
        }
        stack.pop().ok_or_else(missing)
    }
}

/// Fractions, with the values of names.
pub(super) struct Fractions<F>(pub F);

impl<F: Fn(&str) -> Result<Exact, Problem>> Arithmetic for Fractions<F> {
    type Value = Exact;
    fn number(&mut self, number: &Exact) -> Exact {
        number.clone()
    }
    fn name(&mut self, name: &str) -> Result<Exact, Problem> {
        (self.0)(name)
    }
    fn apply(&mut self, operation: Operation, left: Exact, right: Exact) -> Result<Exact, Problem> {
        let value = match operation {
            Operation::Add => &left + &right,
            Operation::Subtract => &left - &right,
            Operation::Multiply => &left * &right,
            Operation::Divide => &left * &right.reciprocal().ok_or("divides by nought")?,
        };
        value.check().map_err(|problem| format!("is too long: {problem}"))?;
        Ok(value)
    }
}

/// Floats, with the values of names.
pub(super) struct Floats<F>(pub F);

impl<F: Fn(&str) -> Result<f64, Problem>> Arithmetic for Floats<F> {
    type Value = f64;
    fn number(&mut self, number: &Exact) -> f64 {
        number.to_f64()
    }
    fn name(&mut self, name: &str) -> Result<f64, Problem> {
        (self.0)(name)
    }
    fn apply(&mut self, operation: Operation, left: f64, right: f64) -> Result<f64, Problem> {
        let value = match operation {
            Operation::Add => left + right,
            Operation::Subtract => left - right,
            Operation::Multiply => left * right,
            Operation::Divide if right == 0.0 => return Err("divides by nought".into()),
            Operation::Divide => left / right,
        };
        if value.is_finite() { Ok(value) } else { Err("is beyond the range of floats".into()) }
    }
}
