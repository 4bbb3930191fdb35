//! The formulas of measures, read: so that a working can show them in symbols and with the numbers in them.
//!
//! Terms are products and quotients from left to right (a space or · is a product), sums and differences of terms.

use super::Counts;
use crate::explain::{Expr, decimal};

/// What a formula says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Formula {
    Number(f64),
    /// A count, by its symbol.
    Count(&'static str),
    /// A share of baskets: its symbol, and the counts it is the quotient of.
    Share(&'static str, &'static str, &'static str),
    Sum(Box<Formula>, Box<Formula>),
    Difference(Box<Formula>, Box<Formula>),
    Product(Vec<Formula>),
    Quotient(Box<Formula>, Box<Formula>),
    Square(Box<Formula>),
    Call(&'static str, Vec<Formula>),
}

/// Symbols, the longer before those they begin with.
const COUNTS: [&str; 9] = ["n₁₁", "n₁₀", "n₀₁", "n₀₀", "n₁.", "n₀.", "n.₁", "n.₀", "n"];
const SHARES: [(&str, &str, &str); 15] = [
    ("P(¬X¬Y)", "n₀₀", "n"),
    ("P(XY)", "n₁₁", "n"),
    ("P(X¬Y)", "n₁₀", "n"),
    ("P(¬XY)", "n₀₁", "n"),
    ("P(X)", "n₁.", "n"),
    ("P(¬X)", "n₀.", "n"),
    ("P(Y)", "n.₁", "n"),
    ("P(¬Y)", "n.₀", "n"),
    ("P(Y|X)", "n₁₁", "n₁."),
    ("P(¬Y|X)", "n₁₀", "n₁."),
    ("P(Y|¬X)", "n₀₁", "n₀."),
    ("P(¬Y|¬X)", "n₀₀", "n₀."),
    ("P(X|Y)", "n₁₁", "n.₁"),
    ("P(¬X|¬Y)", "n₀₀", "n.₀"),
    ("P(¬X|Y)", "n₀₁", "n.₁"),
];
const FUNCTIONS: [&str; 6] = ["log₁₀", "log₂", "ln", "max", "min", "√"];

impl Formula {
    /// Reads a formula; `None` if it is more than arithmetic.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader(text);
        let formula = reader.sum()?;
        reader.skip();
        reader.0.is_empty().then_some(formula)
    }

    /// The value.
    #[cfg(test)]
    pub(super) fn value(&self, counts: Counts) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Count(symbol) => count(symbol, counts) as f64,
            Self::Share(_, top, bottom) => count(top, counts) as f64 / count(bottom, counts) as f64,
            Self::Sum(a, b) => a.value(counts) + b.value(counts),
            Self::Difference(a, b) => a.value(counts) - b.value(counts),
            Self::Product(factors) => {
                let values: Vec<f64> = factors.iter().map(|factor| factor.value(counts)).collect();
                if values.contains(&0.0) { 0.0 } else { values.iter().product() }
            }
            Self::Quotient(a, b) => a.value(counts) / b.value(counts),
            Self::Square(a) => a.value(counts).powi(2),
            Self::Call(function, arguments) => {
                let values: Vec<f64> = arguments.iter().map(|argument| argument.value(counts)).collect();
                match (*function, values.as_slice()) {
                    ("√", [x]) => x.sqrt(),
                    ("ln", [x]) => x.ln(),
                    ("log₂", [x]) => x.log2(),
                    ("log₁₀", [x]) => x.log10(),
                    ("abs", [x]) => x.abs(),
                    ("max", [x, y]) => x.max(*y),
                    ("min", [x, y]) => x.min(*y),
                    _ => f64::NAN,
                }
            }
        }
    }

    /// The formula in symbols, or with numbers for them.
    pub(super) fn to_expr(&self, numbers: Option<Counts>) -> Expr {
        let symbol = |symbol: &'static str| match numbers {
            None => Expr::name(symbol),
            Some(counts) => Expr::number(decimal(count(symbol, counts) as f64, 0)),
        };
        let inner = |formula: &Self| formula.to_expr(numbers);
        match self {
            Self::Number(number) => Expr::number(decimal(*number, usize::from(number.fract() != 0.0))),
            Self::Count(name) => symbol(name),
            Self::Share(name, top, bottom) => {
                if numbers.is_none() {
                    Expr::name(*name)
                } else {
                    Expr::fraction(symbol(top), symbol(bottom))
                }
            }
            Self::Sum(a, b) => Expr::sum([inner(a), inner(b)]),
            Self::Difference(a, b) => Expr::minus(inner(a), inner(b)),
            Self::Product(factors) => Expr::times(factors.iter().map(inner)),
            Self::Quotient(a, b) => Expr::fraction(inner(a), inner(b)),
            Self::Square(a) => Expr::power(inner(a), Expr::number("2")),
            Self::Call(function, arguments) => Expr::call(*function, arguments.iter().map(inner)),
        }
    }
}

fn count(symbol: &str, counts: Counts) -> u64 {
    match symbol {
        "n₁₁" => counts.both(),
        "n₁₀" => counts.antecedent_only(),
        "n₀₁" => counts.consequent_only(),
        "n₀₀" => counts.neither(),
        "n₁." => counts.antecedent(),
        "n₀." => counts.n() - counts.antecedent(),
        "n.₁" => counts.consequent(),
        "n.₀" => counts.n() - counts.consequent(),
        _ => counts.n(),
    }
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn skip(&mut self) {
        self.0 = self.0.trim_start();
    }

    fn takes(&mut self, token: &str) -> bool {
        self.skip();
        let rest = self.0.strip_prefix(token);
        if let Some(rest) = rest {
            self.0 = rest;
        }
        rest.is_some()
    }

    fn sum(&mut self) -> Option<Formula> {
        let mut sum = self.term()?;
        loop {
            if self.takes("+") {
                sum = Formula::Sum(Box::new(sum), Box::new(self.term()?));
            } else if self.takes("−") {
                sum = Formula::Difference(Box::new(sum), Box::new(self.term()?));
            } else {
                return Some(sum);
            }
        }
    }

    fn term(&mut self) -> Option<Formula> {
        let mut term = self.factor()?;
        loop {
            if self.takes("/") {
                term = Formula::Quotient(Box::new(term), Box::new(self.factor()?));
                continue;
            }
            let _ = self.takes("·");
            self.skip();
            if self.0.is_empty() || self.0.starts_with(['+', '−', ')', ',', '|']) {
                return Some(term);
            }
            let factor = self.factor()?;
            term = match term {
                Formula::Product(mut factors) => {
                    factors.push(factor);
                    Formula::Product(factors)
                }
                other => Formula::Product(vec![other, factor]),
            };
        }
    }

    fn factor(&mut self) -> Option<Formula> {
        let factor = self.plain()?;
        Some(if self.takes("²") { Formula::Square(Box::new(factor)) } else { factor })
    }

    fn plain(&mut self) -> Option<Formula> {
        if let Some(&(symbol, top, bottom)) = SHARES.iter().find(|share| self.takes(share.0)) {
            return Some(Formula::Share(symbol, top, bottom));
        }
        if let Some(symbol) = COUNTS.iter().find(|symbol| self.takes(symbol)) {
            return Some(Formula::Count(symbol));
        }
        if let Some(function) = FUNCTIONS.iter().find(|function| self.takes(function)) {
            return self.arguments(function);
        }
        if self.takes("|") {
            let inner = self.sum()?;
            return self.takes("|").then(|| Formula::Call("abs", vec![inner]));
        }
        if self.takes("(") {
            let inner = self.sum()?;
            return self.takes(")").then_some(inner);
        }
        let end = self.0.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.0.len());
        let (number, rest) = self.0.split_at(end);
        let number = number.parse().ok()?;
        self.0 = rest;
        Some(Formula::Number(number))
    }

    fn arguments(&mut self, function: &'static str) -> Option<Formula> {
        if !self.takes("(") {
            return None;
        }
        let mut arguments = vec![self.sum()?];
        while self.takes(",") {
            arguments.push(self.sum()?);
        }
        self.takes(")").then_some(Formula::Call(function, arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::association::Measure;

    /// Every formula that is arithmetic has the value that the code gives, so the text is right.
    #[test]
    fn formulas_are_what_is_computed() {
        let mut left = Vec::new();
        for &measure in Measure::ALL {
            let Some(formula) = Formula::read(measure.formula()) else {
                left.push(measure.name());
                continue;
            };
            for (n, x, y, both) in
                [(5, 4, 4, 3), (9835, 130, 2513, 55), (100, 20, 30, 1), (50, 25, 25, 13), (9, 3, 7, 3)]
            {
                let counts = Counts::new(n, x, y, both).unwrap();
                let (found, expected) = (counts.measure(measure), formula.value(counts));
                let close = (found - expected).abs() <= 1e-11 * expected.abs().max(1e-3);
                let same = found == expected || (found.is_nan() && expected.is_nan());
                assert!(close || same, "{} {counts:?}: {found} ≠ {expected}", measure.name());
            }
        }
        // These are a choice, a sum over cells, or a distribution.
        assert_eq!(
            left,
            [
                "certainty_factor",
                "relative_linkage",
                "mutual_information",
                "chi_squared_p_value",
                "yates_p_value",
                "g_statistic",
                "g_p_value",
                "fisher_p_value",
                "fisher_p_value_less",
                "hyper_confidence",
                "hyper_lift",
                "standardised_lift",
                "improvement",
                "confidence_boost",
                "lift_increase",
            ]
        );
    }

    #[test]
    fn what_is_no_formula() {
        for text in ["", "n₁₁ +", "(n", "max(n", "P(Z)", "n)", "√n", "x"] {
            assert_eq!(Formula::read(text), None, "{text}");
        }
    }
}
