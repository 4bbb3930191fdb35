//! From text to the postfix program, with two lists and no recursion (Dijkstra 1961).

use super::{Expression, MAX_LENGTH, Operation, Problem, Step};
use crate::decision::exact::Exact;

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Open,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
}

impl Operator {
    fn binds(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
            Self::Negate => 3,
        }
    }
}

impl Expression {
    /// Reads an expression, or a mixed fraction such as `"3 1/2"`; names stay names.
    pub fn read(text: &str) -> Result<Self, Problem> {
        if text.chars().count() > MAX_LENGTH {
            return Err(format!("has more than {MAX_LENGTH} characters"));
        }
        match mixed_fraction(text.trim()) {
            Some(value) => Ok(Self(vec![Step::Number(value)])),
            None => read(text).map(Self),
        }
    }
}

fn read(text: &str) -> Result<Vec<Step>, Problem> {
    let mut stack = Stack { steps: Vec::new(), operators: Vec::new() };
    let (mut rest, mut operand_next) = (text.trim_start(), true);
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '0'..='9' | '.' if operand_next => {
                let end = number_end(rest);
                let value = Exact::parse(&rest[..end])
                    .map_err(|_| format!("has '{}', which is no number", &rest[..end]))?;
                stack.steps.push(Step::Number(value));
                operand_next = false;
                end
            }
            _ if operand_next && (c.is_alphabetic() || c == '_') => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                if rest[end..].trim_start().starts_with('(') {
                    return Err(format!("calls the function {}, which is not evaluated here", &rest[..end]));
                }
                stack.steps.push(Step::Name(rest[..end].into()));
                operand_next = false;
                end
            }
            '(' if operand_next => {
                stack.operators.push(Operator::Open);
                1
            }
            '-' | '−' if operand_next => {
                stack.steps.push(Step::Number(Exact::ZERO));
                stack.operators.push(Operator::Negate);
                c.len_utf8()
            }
            '+' if operand_next => 1,
            ')' if !operand_next => {
                stack.reduce(1);
                if stack.operators.pop() != Some(Operator::Open) {
                    return Err("has a ) too many".into());
                }
                1
            }
            '+' | '-' | '−' | '*' | '/' if !operand_next => {
                let operator = match c {
                    '+' => Operator::Add,
                    '*' => Operator::Multiply,
                    '/' => Operator::Divide,
                    _ => Operator::Subtract,
                };
                stack.reduce(operator.binds());
                stack.operators.push(operator);
                operand_next = true;
                c.len_utf8()
            }
            _ => {
                return Err(format!(
                    "cannot be read from '{}' on",
                    rest.chars().take(20).collect::<String>()
                ));
            }
        };
        rest = rest[end..].trim_start();
    }
    if operand_next {
        return Err("ends where a number should follow".into());
    }
    stack.reduce(1);
    if stack.operators.is_empty() { Ok(stack.steps) } else { Err("has a ( too many".into()) }
}

struct Stack {
    steps: Vec<Step>,
    operators: Vec<Operator>,
}

impl Stack {
    /// Moves the operators on top that bind at least so tightly to the program.
    fn reduce(&mut self, binds: u8) {
        while let Some(&operator) = self.operators.last().filter(|operator| operator.binds() >= binds) {
            self.operators.pop();
            self.steps.push(Step::Apply(match operator {
                Operator::Add => Operation::Add,
                Operator::Multiply => Operation::Multiply,
                Operator::Divide => Operation::Divide,
                // A negative is taken from the nought that was put before it.
                _ => Operation::Subtract,
            }));
        }
    }
}

/// Digits, a point, and an exponent where digits follow it.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            end = after;
        }
    }
    end
}

/// `"1165 891810/1849771"`: an integer and a fraction that is added to its size.
fn mixed_fraction(text: &str) -> Option<Exact> {
    let (negative, text) = text.strip_prefix(['-', '−']).map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once(char::is_whitespace)?;
    let (top, bottom) = fraction.trim_start().split_once('/')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if ![whole, top, bottom].into_iter().all(digits) {
        return None;
    }
    let value = &Exact::parse(whole).ok()? + &Exact::parse(&format!("{top}/{bottom}")).ok()?;
    Some(if negative { -&value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::expression::Fractions;

    fn value(text: &str) -> Result<String, Problem> {
        let scope = |name: &str| match name {
            "p" => Ok(Exact::ratio(1, 4).unwrap_or(Exact::ZERO)),
            _ => Err(format!("has the name '{name}'")),
        };
        Expression::read(text)?.evaluate(&mut Fractions(scope)).map(|value| value.to_string())
    }

    #[test]
    fn expressions() {
        // The values are worked out by hand.
        for (text, expected) in [
            ("12", "12"),
            ("-7 1973731/5073127", "-37485620/5073127"),
            ("3 1/2", "7/2"),
            ("1/3", "1/3"),
            ("1 - p", "3/4"),
            ("(1-.9)*p/(1-p)", "1/30"),
            ("2-3-4", "-5"),
            ("12/3/2*5", "10"),
            ("-(2+3)*-2", "10"),
            ("--1", "1"),
            ("1.5e3+p", "6001/4"),
            ("2*-3", "-6"),
            ("−3 + 4", "1"),
        ] {
            assert_eq!(value(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_evaluated() {
        let deep = "(".repeat(900);
        let long = "1+".repeat(600);
        for text in [
            "",
            "1+",
            "(1",
            "1)",
            "q",
            "random(0,1)",
            "exp (p)",
            "1/0",
            "1 2",
            "2^3",
            "#",
            "p p",
            "1..2",
            ".",
            &deep,
            &long,
        ] {
            assert!(value(text).is_err(), "{text}");
        }
        assert!(value(&format!("{}1{}", "(".repeat(400), ")".repeat(400))).is_ok());
    }
}
