//! The expressions that SilverDecisions files have for numbers: sums, products, quotients, parentheses, names.

use crate::decision::exact::Exact;

/// Characters that an expression may have.
const MAX_LENGTH: usize = 1000;

/// What is wrong with an expression, in words that follow "the expression".
type Problem = String;

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

/// The exact value of an expression, with the values of its names; two stacks and no recursion.
pub(super) fn evaluate(
    text: &str,
    name_value: impl Fn(&str) -> Result<Exact, Problem>,
) -> Result<Exact, Problem> {
    // What follows a # is a comment.
    let text = text.split('#').next().unwrap_or_default();
    if text.len() > MAX_LENGTH {
        return Err(format!("has more than {MAX_LENGTH} characters"));
    }
    if let Some(value) = mixed_fraction(text.trim()) {
        return Ok(value);
    }
    let mut stack = Stack { values: Vec::new(), operators: Vec::new() };
    let (mut rest, mut operand_next) = (text.trim_start(), true);
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '0'..='9' | '.' if operand_next => {
                let end = number_end(rest);
                let value = Exact::parse(&rest[..end])
                    .map_err(|_| format!("has '{}', which is no number", &rest[..end]))?;
                stack.values.push(value);
                operand_next = false;
                end
            }
            _ if operand_next && (c.is_alphabetic() || c == '_') => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                if rest[end..].trim_start().starts_with('(') {
                    return Err(format!("calls the function {}, which is not evaluated here", &rest[..end]));
                }
                stack.values.push(name_value(&rest[..end])?);
                operand_next = false;
                end
            }
            '(' if operand_next => {
                stack.operators.push(Operator::Open);
                1
            }
            '-' | '−' if operand_next => {
                stack.operators.push(Operator::Negate);
                c.len_utf8()
            }
            '+' if operand_next => 1,
            ')' if !operand_next => {
                stack.reduce(1)?;
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
                stack.reduce(operator.binds())?;
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
    stack.reduce(1)?;
    match (stack.values.pop(), stack.operators.is_empty()) {
        (Some(value), true) => Ok(value),
        _ => Err("has a ( too many".into()),
    }
}

struct Stack {
    values: Vec<Exact>,
    operators: Vec<Operator>,
}

impl Stack {
    /// Applies the operators on top that bind at least so tightly.
    fn reduce(&mut self, binds: u8) -> Result<(), Problem> {
        while let Some(&operator) = self.operators.last().filter(|operator| operator.binds() >= binds) {
            self.operators.pop();
            let missing = || Problem::from("ends where a number should follow");
            let right = self.values.pop().ok_or_else(missing)?;
            let value = if operator == Operator::Negate {
                -&right
            } else {
                let left = self.values.pop().ok_or_else(missing)?;
                match operator {
                    Operator::Add => &left + &right,
                    Operator::Subtract => &left - &right,
                    Operator::Multiply => &left * &right,
                    _ => &left * &right.reciprocal().ok_or("divides by nought")?,
                }
            };
            value.check().map_err(|problem| format!("is too long: {problem}"))?;
            self.values.push(value);
        }
        Ok(())
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

    fn value(text: &str) -> Result<String, Problem> {
        let scope = |name: &str| match name {
            "p" => Ok(Exact::ratio(1, 4).unwrap_or(Exact::ZERO)),
            _ => Err(format!("has the name '{name}'")),
        };
        evaluate(text, scope).map(|value| value.to_string())
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
            ("p # reversed", "1/4"),
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
