//! Decision trees as textbooks draw them.

mod layout;
mod svg;

pub use layout::{Layout, Placed};

use super::tree::TreeAnswer;
use crate::explain::Lang;

/// How a solved tree is drawn: □ decisions, ○ chance, △ ends; labels above the branches, probabilities below;
/// values at the nodes; the chosen branches bold, the rejected ones cut by two strokes.
///
/// | option | default |
/// |---|---|
/// | `max_leaves` | 200: larger trees are folded, the folded parts say how much they hold |
/// | `to_go` | false: values include what was received on the way |
/// | `numbered` | false; true writes numbers into the nodes |
/// | `standalone` | false: an SVG element for a page, whose text colour it takes; true: an SVG file |
/// | `lang` | English: of the few words that are not the tree's own |
#[derive(Debug, Clone)]
pub struct Drawing {
    max_leaves: usize,
    to_go: bool,
    numbered: bool,
    standalone: bool,
    lang: Lang,
}

impl Default for Drawing {
    fn default() -> Self {
        Self { max_leaves: 200, to_go: false, numbered: false, standalone: false, lang: Lang::En }
    }
}

impl Drawing {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rows that are drawn before the tree is folded.
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
    pub fn layout(&self, answer: &TreeAnswer) -> Layout {
        layout::layout(self, answer)
    }

    /// The drawing as SVG; every text is escaped.
    pub fn svg(&self, answer: &TreeAnswer) -> String {
        svg::write(self, answer, &self.layout(answer))
    }
}
