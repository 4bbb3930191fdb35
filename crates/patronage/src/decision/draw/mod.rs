//! Decision trees as textbooks draw them: one layout, written as SVG, TikZ, DOT or Mermaid.

mod dot;
mod layout;
mod mermaid;
mod svg;
mod tikz;
mod width;

pub use layout::{Layout, Placed};

use super::tree::{Tree, TreeAnswer};
use crate::explain::Lang;

/// How a tree is drawn: □ decisions, ○ chance, △ ends; labels above the branches, probabilities and payoffs
/// below; of a solved tree also values at the nodes, the chosen branches bold, the rejected ones cut by two strokes.
///
/// | option | default |
/// |---|---|
/// | `max_leaves` | 200: larger trees are folded, the best branches last; folded parts say how many nodes they hide |
/// | `to_go` | false: values include what was received on the way |
/// | `numbered` | false; true numbers decisions and events from left to right |
/// | `legend` | false; true says below the picture what its signs mean |
/// | `standalone` | false: an SVG element for a page, whose text colour it takes; true: an SVG file |
/// | `lang` | English: of the few words that are not the tree's own |
///
/// ```
/// use patronage::decision::{Drawing, decide, pay};
/// let tree = decide("Drink", [("tea", pay(3)), ("coffee", pay(2))]).build()?;
/// assert!(Drawing::new().svg(&tree.solve()?).contains("coffee"));
/// assert!(Drawing::new().mermaid(&tree).starts_with("flowchart LR"));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
// Each is an option of its own.
#[allow(clippy::struct_excessive_bools)]
pub struct Drawing {
    max_leaves: usize,
    to_go: bool,
    numbered: bool,
    legend: bool,
    standalone: bool,
    lang: Lang,
}

/// What is drawn: a tree as it was given, or with its answer.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// Without values at decisions and events, and without choices.
    Tree(&'a Tree),
    /// With them.
    Answer(&'a TreeAnswer),
}

impl<'a> From<&'a Tree> for Subject<'a> {
    fn from(tree: &'a Tree) -> Self {
        Self::Tree(tree)
    }
}

impl<'a> From<&'a TreeAnswer> for Subject<'a> {
    fn from(answer: &'a TreeAnswer) -> Self {
        Self::Answer(answer)
    }
}

impl<'a> Subject<'a> {
    fn tree(self) -> &'a Tree {
        match self {
            Self::Tree(tree) => tree,
            Self::Answer(answer) => answer.tree(),
        }
    }

    fn answer(self) -> Option<&'a TreeAnswer> {
        match self {
            Self::Tree(_) => None,
            Self::Answer(answer) => Some(answer),
        }
    }
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            max_leaves: 200,
            to_go: false,
            numbered: false,
            legend: false,
            standalone: false,
            lang: Lang::En,
        }
    }
}

impl Drawing {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rows that are drawn before the tree is folded, at most 10,000.
    #[must_use]
    pub fn max_leaves(mut self, leaves: usize) -> Self {
        self.max_leaves = leaves.clamp(1, 10_000);
        self
    }

    /// Values without what was received on the way.
    #[must_use]
    pub fn to_go(mut self, to_go: bool) -> Self {
        self.to_go = to_go;
        self
    }

    /// Numbers in the nodes, as in 点①.
    #[must_use]
    pub fn numbered(mut self, numbered: bool) -> Self {
        self.numbered = numbered;
        self
    }

    /// What the signs mean, in a line below the SVG.
    #[must_use]
    pub fn legend(mut self, legend: bool) -> Self {
        self.legend = legend;
        self
    }

    /// An SVG file that looks after its own colours.
    #[must_use]
    pub fn standalone(mut self, standalone: bool) -> Self {
        self.standalone = standalone;
        self
    }

    /// The language of what is not the tree's own.
    #[must_use]
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// Where everything stands, for other ways of drawing.
    pub fn layout<'a>(&self, of: impl Into<Subject<'a>>) -> Layout {
        layout::layout(self, of.into())
    }

    /// The drawing as SVG; every text is escaped.
    pub fn svg<'a>(&self, of: impl Into<Subject<'a>>) -> String {
        let of = of.into();
        svg::write(self, of, &self.layout(of))
    }

    /// The drawing as a `tikzpicture` for LaTeX, which needs the package tikz and, for Chinese, ctex.
    pub fn tikz<'a>(&self, of: impl Into<Subject<'a>>) -> String {
        tikz::write(self, &self.layout(of))
    }

    /// The tree as a graph in the DOT language of Graphviz.
    pub fn dot<'a>(&self, of: impl Into<Subject<'a>>) -> String {
        dot::write(self, &self.layout(of))
    }

    /// The tree as a Mermaid flowchart.
    pub fn mermaid<'a>(&self, of: impl Into<Subject<'a>>) -> String {
        mermaid::write(self, &self.layout(of))
    }

    /// The number that is written into a node.
    fn number(&self, p: &Placed) -> Option<usize> {
        p.number.filter(|_| self.numbered)
    }
}
