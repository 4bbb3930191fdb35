//! Southern Hospital Supply: how large a plant to build.

use super::Misprint;
use crate::decision::{DecisionTable, Tree, chance, decide, pay};
use crate::error::Result;
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
    /// assert_eq!(example.to_tree()?.solve()?.choice(), ["medium plant"]);
    /// # Ok::<(), patronage::Error>(())
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

    /// The example as a decision tree, drawn as the text draws it.
    pub fn to_tree(&self) -> Result<Tree> {
        let market = |alternative: &Alternative| {
            let payoffs = [alternative.favourable, alternative.unfavourable];
            let outcomes = self.states.into_iter().zip(self.probabilities).zip(payoffs);
            chance(outcomes.map(|((state, probability), payoff)| (state, probability, pay(payoff))))
        };
        let branches = self.alternatives.iter().map(|alternative| {
            // Who builds nothing need not ask what the market does.
            let nothing = (alternative.favourable, alternative.unfavourable) == (0, 0);
            (alternative.name, if nothing { pay(0) } else { market(alternative) })
        });
        decide(self.question(), branches).build()
    }

    /// The example as a decision table: a row a plant, a column a state of the market.
    pub fn to_table(&self) -> Result<DecisionTable> {
        let payoffs = self.alternatives.iter().flat_map(|plant| [plant.favourable, plant.unfavourable]);
        DecisionTable::new(self.alternatives.iter().map(|plant| plant.name), self.states, payoffs)?
            .with_probabilities(self.probabilities)
    }

    /// The title of the example.
    pub fn title(&self) -> &'static str {
        self.lang.pick("Southern Hospital Supply", "南方医院供应企业")
    }

    /// What is to be decided.
    pub fn question(&self) -> &'static str {
        self.lang.pick("Plant size", "建厂规模")
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
