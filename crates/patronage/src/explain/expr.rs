//! Formulas that render as text, LaTeX and MathML.

use super::one_line;

/// A formula, in symbols or in numbers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Expr {
    /// A symbol, or a quantity by its name.
    Name(String),
    /// A number, already written out with its unit.
    Number(String),
    /// Terms joined by plus signs.
    Sum(Vec<Expr>),
    /// Factors each in parentheses, as textbooks print probabilities and payoffs: (0.4)(60,000).
    Product(Vec<Expr>),
    /// Factors joined by ×.
    Times(Vec<Expr>),
    /// One expression less another.
    Minus(Box<Expr>, Box<Expr>),
    /// One expression divided by another.
    Fraction(Box<Expr>, Box<Expr>),
    /// A base and its exponent.
    Power(Box<Expr>, Box<Expr>),
    /// A function and its arguments: max(a, b).
    Call(String, Vec<Expr>),
}

impl Expr {
    /// A symbol, or a quantity by its name.
    pub fn name(text: impl Into<String>) -> Self {
        Self::Name(one_line(text.into()))
    }
    /// A number, already written out.
    pub fn number(text: impl Into<String>) -> Self {
        Self::Number(one_line(text.into()))
    }
    /// Terms joined by plus signs.
    pub fn sum(terms: impl IntoIterator<Item = Self>) -> Self {
        Self::Sum(terms.into_iter().collect())
    }
    /// Factors each in parentheses.
    pub fn product(factors: impl IntoIterator<Item = Self>) -> Self {
        Self::Product(factors.into_iter().collect())
    }
    /// Factors joined by ×.
    pub fn times(factors: impl IntoIterator<Item = Self>) -> Self {
        Self::Times(factors.into_iter().collect())
    }
    /// One expression less another.
    pub fn minus(left: Self, right: Self) -> Self {
        Self::Minus(Box::new(left), Box::new(right))
    }
    /// One expression divided by another.
    pub fn fraction(top: Self, bottom: Self) -> Self {
        Self::Fraction(Box::new(top), Box::new(bottom))
    }
    /// A base and its exponent.
    pub fn power(base: Self, exponent: Self) -> Self {
        Self::Power(Box::new(base), Box::new(exponent))
    }
    /// A function and its arguments.
    pub fn call(function: impl Into<String>, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::Call(one_line(function.into()), arguments.into_iter().collect())
    }

    /// Whether the expression needs parentheses as a factor, a base or an operand of minus.
    fn is_compound(&self) -> bool {
        match self {
            Self::Sum(_) | Self::Minus(..) => true,
            Self::Number(text) => text.starts_with(['−', '-']),
            _ => false,
        }
    }

    /// The formula on one line of plain text.
    pub fn to_text(&self) -> String {
        self.write(&Text)
    }

    /// The formula as LaTeX, without delimiters.
    pub fn to_latex(&self) -> String {
        self.write(&Latex)
    }

    /// The formula as the inside of a MathML `math` element.
    pub fn to_mathml(&self) -> String {
        self.write(&MathMl)
    }

    fn write(&self, form: &dyn Form) -> String {
        let all = |parts: &[Self]| parts.iter().map(|p| p.write(form)).collect::<Vec<_>>();
        let guarded = |part: &Self, needs: bool| {
            let inner = part.write(form);
            if needs { form.parentheses(&inner) } else { inner }
        };
        match self {
            Self::Name(text) => form.name(text),
            Self::Number(text) => form.number(text),
            Self::Sum(terms) => all(terms).join(&form.operator("+")),
            Self::Product(factors) => {
                factors.iter().map(|f| form.parentheses(&f.write(form))).collect::<String>()
            }
            Self::Times(factors) => factors
                .iter()
                .map(|f| guarded(f, f.is_compound()))
                .collect::<Vec<_>>()
                .join(&form.operator("×")),
            Self::Minus(left, right) => {
                format!("{}{}{}", left.write(form), form.operator("−"), guarded(right, right.is_compound()))
            }
            Self::Fraction(top, bottom) => form.fraction(top, bottom),
            Self::Power(base, exponent) => form.power(
                &guarded(base, base.is_compound() || matches!(**base, Self::Fraction(..))),
                &exponent.write(form),
            ),
            Self::Call(function, arguments) => format!(
                "{}{}",
                form.name(function),
                form.parentheses(&all(arguments).join(&form.operator(",")))
            ),
        }
    }
}

/// What differs between the ways of writing a formula.
trait Form {
    fn name(&self, text: &str) -> String;
    fn number(&self, text: &str) -> String;
    fn operator(&self, sign: &str) -> String;
    fn parentheses(&self, inner: &str) -> String;
    fn fraction(&self, top: &Expr, bottom: &Expr) -> String;
    fn power(&self, base: &str, exponent: &str) -> String;
}

struct Text;
struct Latex;
struct MathMl;

impl Form for Text {
    fn name(&self, text: &str) -> String {
        text.into()
    }
    fn number(&self, text: &str) -> String {
        text.into()
    }
    fn operator(&self, sign: &str) -> String {
        if sign == "," { ", ".into() } else { format!(" {sign} ") }
    }
    fn parentheses(&self, inner: &str) -> String {
        format!("({inner})")
    }
    fn fraction(&self, top: &Expr, bottom: &Expr) -> String {
        let part = |e: &Expr, also: bool| {
            if e.is_compound() || also { format!("({})", e.to_text()) } else { e.to_text() }
        };
        // On one line a product below the bar would read as a division followed by a multiplication.
        let below = matches!(bottom, Expr::Times(_) | Expr::Product(_) | Expr::Fraction(..));
        format!("{} / {}", part(top, false), part(bottom, below))
    }
    fn power(&self, base: &str, exponent: &str) -> String {
        if exponent.chars().all(char::is_alphanumeric) {
            format!("{base}^{exponent}")
        } else {
            format!("{base}^({exponent})")
        }
    }
}

impl Form for Latex {
    fn name(&self, text: &str) -> String {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => letter.into(),
            _ => format!("\\text{{{}}}", escape_latex(text)),
        }
    }
    fn number(&self, text: &str) -> String {
        escape_latex(text).replace('−', "-").replace(',', "{,}")
    }
    fn operator(&self, sign: &str) -> String {
        match sign {
            "×" => " \\times ".into(),
            "−" => " - ".into(),
            "," => ", ".into(),
            other => format!(" {other} "),
        }
    }
    fn parentheses(&self, inner: &str) -> String {
        format!("\\left({inner}\\right)")
    }
    fn fraction(&self, top: &Expr, bottom: &Expr) -> String {
        format!("\\frac{{{}}}{{{}}}", top.to_latex(), bottom.to_latex())
    }
    fn power(&self, base: &str, exponent: &str) -> String {
        format!("{base}^{{{exponent}}}")
    }
}

impl Form for MathMl {
    fn name(&self, text: &str) -> String {
        if text.chars().count() == 1 {
            format!("<mi>{}</mi>", escape_html(text))
        } else {
            format!("<mtext>{}</mtext>", escape_html(text))
        }
    }
    fn number(&self, text: &str) -> String {
        format!("<mn>{}</mn>", escape_html(text))
    }
    fn operator(&self, sign: &str) -> String {
        format!("<mo>{sign}</mo>")
    }
    fn parentheses(&self, inner: &str) -> String {
        format!("<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>")
    }
    fn fraction(&self, top: &Expr, bottom: &Expr) -> String {
        format!("<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>", top.to_mathml(), bottom.to_mathml())
    }
    fn power(&self, base: &str, exponent: &str) -> String {
        format!("<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>")
    }
}

/// Text as HTML shows it, tags and quotes included.
pub(super) fn escape_html(text: &str) -> String {
    html_escape::encode_quoted_attribute(text).into_owned()
}

/// Text as LaTeX prints it.
pub(crate) fn escape_latex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_textbook_line() {
        let line = Expr::sum([
            Expr::product([Expr::number("0.4"), Expr::number("$60,000")]),
            Expr::product([Expr::number("0.6"), Expr::number("−$10,000")]),
        ]);
        assert_eq!(line.to_text(), "(0.4)($60,000) + (0.6)(−$10,000)");
        assert_eq!(
            line.to_latex(),
            "\\left(0.4\\right)\\left(\\$60{,}000\\right) + \\left(0.6\\right)\\left(-\\$10{,}000\\right)"
        );
    }

    #[test]
    fn parentheses_where_reading_needs_them() {
        let sum = Expr::sum([Expr::name("1"), Expr::name("d")]);
        assert_eq!(
            Expr::fraction(Expr::name("m"), Expr::minus(sum.clone(), Expr::name("r"))).to_text(),
            "m / (1 + d − r)"
        );
        assert_eq!(Expr::power(sum, Expr::name("t")).to_text(), "(1 + d)^t");
    }

    #[test]
    fn labels_cannot_carry_markup() {
        assert_eq!(Expr::name("<b>\"x\"").to_mathml(), "<mtext>&lt;b&gt;&quot;x&quot;</mtext>");
        assert_eq!(Expr::name("50%_").to_latex(), "\\text{50\\%\\_}");
    }
}
