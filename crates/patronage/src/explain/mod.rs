//! Working shown: a formula in symbols, then with its numbers, then the value, then what it means.
//!
//! A [`Working`] is built once and rendered as plain text, Markdown with LaTeX, LaTeX, or HTML with MathML.
//!
//! ```
//! use patronage::explain::{Expr, Working};
//! let working = Working::new("A share").equation([
//!     Expr::name("share"),
//!     Expr::fraction(Expr::name("part"), Expr::name("whole")),
//!     Expr::fraction(Expr::number("3"), Expr::number("4")),
//!     Expr::number("0.75"),
//! ]);
//! assert!(working.to_text().contains("share = part / whole = 3 / 4 = 0.75"));
//! ```

mod expr;
mod label;
mod number;
mod render;

pub use expr::Expr;
pub(crate) use expr::escape_latex;
pub use label::Label;
pub use number::{decimal, percent, signed};

use serde::{Deserialize, Serialize};

/// The language of a working, a label or a textbook example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified characters.
    Zh,
}

impl Lang {
    /// The text of this language out of an English and a Chinese one.
    pub fn pick<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

/// One part of a [`Working`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Block {
    /// A sub-heading.
    Heading(String),
    /// A sentence.
    Text(String),
    /// A chain of expressions joined by equals signs.
    Equation(Vec<Expr>),
    /// A small table.
    Table {
        /// The column heads.
        header: Vec<String>,
        /// The rows, each as long as the header.
        rows: Vec<Vec<String>>,
    },
}

/// A worked solution, step by step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Working {
    /// What is worked out.
    pub title: String,
    /// The steps, in order.
    pub blocks: Vec<Block>,
}

impl Working {
    /// An empty working with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: one_line(title.into()), blocks: Vec::new() }
    }

    /// Adds a sub-heading.
    #[must_use]
    pub fn heading(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Heading(one_line(text.into())));
        self
    }

    /// Adds a sentence.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Text(one_line(text.into())));
        self
    }

    /// Adds a chain of expressions joined by equals signs: usually name, symbols, numbers, value.
    #[must_use]
    pub fn equation(mut self, sides: impl IntoIterator<Item = Expr>) -> Self {
        self.blocks.push(Block::Equation(sides.into_iter().collect()));
        self
    }

    /// Adds a table.
    #[must_use]
    pub fn table(mut self, header: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        let cells = |cells: Vec<String>| cells.into_iter().map(one_line).collect();
        let (header, rows) = (cells(header), rows.into_iter().map(cells).collect());
        self.blocks.push(Block::Table { header, rows });
        self
    }
}

/// Text that stays in its line and leaves the direction of writing of its surroundings alone: control characters
/// and line ends become spaces, marks of direction go.
pub(crate) fn one_line(text: String) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    if !text.contains(|c| turns(c) || breaks(c)) {
        return text;
    }
    text.chars().filter(|&c| !turns(c)).map(|c| if breaks(c) { ' ' } else { c }).collect()
}
