//! Southern Hospital Supply: how large a plant to build.

use super::Misprint;
use crate::explain::Lang;

/// A size of plant, and what it pays in each state of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// Its name.
    pub name: &'static str,
    /// The payoff in a favourable market, in dollars.
    pub favourable: i64,
    /// The payoff in an unfavourable market, in dollars.
    pub unfavourable: i64,
}

/// A maker of hospital gowns chooses a plant: the textbook example of expected monetary value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SouthernHospital {
    /// What is chosen from.
    pub alternatives: Vec<Alternative>,
    /// The names of the two states of the market.
    pub states: [&'static str; 2],
    /// Their probabilities, as the text writes them.
    pub probabilities: [&'static str; 2],
    lang: Lang,
}

impl SouthernHospital {
    /// The example with its labels in a language.
    ///
    /// ```
    /// use patronage::{Lang, textbook::SouthernHospital};
    /// let example = SouthernHospital::new(Lang::En);
    /// assert_eq!(example.alternatives[1].favourable, 60_000);
    /// assert_eq!(example.misprint().printed, 600_000);
    /// ```
    pub fn new(lang: Lang) -> Self {
        let alternative = |en, zh, favourable, unfavourable| Alternative {
            name: lang.pick(en, zh),
            favourable,
            unfavourable,
        };
        Self {
            alternatives: vec![
                alternative("large plant", "建大厂", 100_000, -90_000),
                alternative("medium plant", "建中型厂", 60_000, -10_000),
                alternative("small plant", "建小厂", 40_000, -5_000),
                alternative("no plant", "不建厂", 0, 0),
            ],
            states: [lang.pick("favourable", "有利"), lang.pick("unfavourable", "不利")],
            probabilities: ["0.4", "0.6"],
            lang,
        }
    }

    /// The title of the example.
    pub fn title(&self) -> &'static str {
        self.lang.pick("Southern Hospital Supply", "南方医院供应企业")
    }

    /// The medium plant's payoff in a favourable market.
    pub fn misprint(&self) -> Misprint {
        Misprint {
            printed: 600_000,
            right: 60_000,
            en: "The course text prints $600,000 for the medium plant in a favourable market. The original has \
                 $60,000, and only with it is the expected value the printed $18,000; 600,000 would give $234,000.",
            zh: "教材将中型厂在有利市场下的收益误印为 600,000 美元；原文为 60,000 美元，只有如此期望值才是书中的 \
                 18,000 美元；若为 600,000 美元，期望值将是 234,000 美元。",
        }
    }
}
