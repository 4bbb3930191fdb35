//! All strategies of a small tree: what rollback chooses among without listing them.

use std::collections::VecDeque;

use super::answer::by_arithmetic;
use super::profile::{RiskProfile, grouped};
use super::rollback::Rollback;
use super::{Kind, TreeAnswer};
use crate::decision::number::Value;
use crate::decision::scalar::Scalar;
use crate::decision::words::join_names;
use crate::error::{Error, Result};
use crate::explain::Lang;

/// Nodes visited, over all strategies, before the work is refused.
const MAX_VISITS: u64 = 200_000_000;

/// What a strategy does at one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyChoice {
    /// The decision node.
    pub node: usize,
    /// The labels of the branches since the decision before it (of many, the last).
    pub after: Vec<String>,
    /// The name of the decision; may be empty.
    pub decision: String,
    /// The label of the alternative that is taken.
    pub alternative: String,
}

/// A strategy: one alternative at every decision that it comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Strategy {
    /// What it does, in the order of the tree.
    pub choices: Vec<StrategyChoice>,
    /// Its expected value.
    pub value: Value,
    /// Its certainty equivalent, where a utility decides.
    pub certainty_equivalent: Option<Value>,
    /// The amounts that it may bring.
    pub risk_profile: RiskProfile,
    /// Whether no strategy is better.
    pub best: bool,
}

impl Strategy {
    /// The strategy in words: “test”; after test → negative: “sell”.
    pub fn to_text(&self, lang: Lang) -> String {
        let (colon, then) = match lang {
            Lang::En => (": ", "; "),
            Lang::Zh => ("：", "；"),
        };
        let choice = |c: &StrategyChoice| {
            let after = c.after.join(" → ");
            let at = match (lang, after.as_str()) {
                (_, "") => c.decision.clone(),
                (Lang::En, after) => format!("after {after}"),
                (Lang::Zh, after) => format!("在 {after} 之后"),
            };
            let alternative = join_names(&[c.alternative.as_str()], lang);
            if at.is_empty() { alternative } else { format!("{at}{colon}{alternative}") }
        };
        self.choices.iter().map(choice).collect::<Vec<_>>().join(then)
    }
}

impl TreeAnswer {
    /// How many strategies the tree has; `u64::MAX` stands for that many or more.
    pub fn strategy_count(&self) -> u64 {
        self.strategy_counts()[0]
    }

    /// The number of strategies from each node on.
    fn strategy_counts(&self) -> Vec<u64> {
        let tree = &self.tree;
        let mut counts = vec![1u64; tree.len()];
        for node in (0..tree.len()).rev() {
            let below = &counts[tree.children(node)];
            counts[node] = match tree.kind(node) {
                Kind::Leaf => 1,
                Kind::Decision => below.iter().fold(0, |sum: u64, n| sum.saturating_add(*n)),
                Kind::Chance => below.iter().fold(1, |product: u64, n| product.saturating_mul(*n)),
            };
        }
        counts
    }

    /// All strategies, each with its value and its risk profile, in the order of the tree.
    ///
    /// An error that tells their number if there are more than `limit`.
    ///
    /// ```
    /// use patronage::decision::{chance, decide, pay};
    /// let after = || decide("", [("sell", pay(6)), ("dig", chance([("gas", ".7", pay(25)), ("none", "#", pay(-3))]))]);
    /// let answer = chance([("good", ".5", after()), ("bad", "#", after())]).solve()?;
    /// let strategies = answer.strategies(100)?;
    /// assert_eq!(strategies.len(), 4);
    /// assert_eq!(strategies[1].to_text(patronage::Lang::En), "after good: “sell”; after bad: “dig”");
    /// assert!(answer.strategies(3).is_err());
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn strategies(&self, limit: u64) -> Result<Vec<Strategy>> {
        let counts = self.strategy_counts();
        let count = counts[0];
        if count > limit || count.saturating_mul(self.tree.len() as u64) > MAX_VISITS {
            let number = if count == u64::MAX { "more than 10^19".into() } else { count.to_string() };
            return Err(Error::LimitExceeded {
                what: format!("the number of strategies, {number},"),
                limit: limit.min(MAX_VISITS / self.tree.len() as u64),
                mend:
                    "raise the limit, or look at the policy: rollback finds the best without listing them all"
                        .into(),
            });
        }
        let mut strategies = by_arithmetic!(self, r => {
            (0..count).map(|index| self.strategy(r, &counts, index)).collect::<Result<Vec<_>>>()
        })?;
        for strategy in &mut strategies {
            strategy.best = match (&self.utility, self.certainty_equivalent(0)) {
                (Some(utility), Some(top)) => {
                    let certain = strategy.risk_profile.certainty_equivalent(utility)?;
                    let best = same(&certain, &top, &strategy.risk_profile);
                    strategy.certainty_equivalent = Some(certain);
                    best
                }
                _ => same(&strategy.value, &self.emv(), &strategy.risk_profile),
            };
        }
        Ok(strategies)
    }

    fn strategy<S: Scalar>(&self, r: &Rollback<S>, counts: &[u64], index: u64) -> Result<Strategy> {
        let tree = &self.tree;
        let (mut choices, mut leaves) = (Vec::new(), Vec::new());
        let mut open = VecDeque::from([(0, index, S::ONE)]);
        while let Some((node, mut index, reach)) = open.pop_front() {
            let children = tree.children(node);
            match tree.kind(node) {
                Kind::Leaf => leaves.push((r.cumulative(tree, node), reach)),
                Kind::Decision => {
                    for i in children {
                        if index < counts[i] {
                            choices.push(StrategyChoice {
                                node,
                                after: tree.since_decision(node),
                                decision: tree.name(node).into(),
                                alternative: tree.label(i).into(),
                            });
                            open.push_back((i, index, reach));
                            break;
                        }
                        index -= counts[i];
                    }
                }
                Kind::Chance => {
                    // The last outcome's choices change fastest.
                    let first = open.len();
                    for i in children.rev() {
                        let reach = reach.mul(&r.columns.probability[i]);
                        reach.check()?;
                        open.push_back((i, index % counts[i], reach));
                        index /= counts[i];
                    }
                    open.make_contiguous()[first..].reverse();
                }
            }
        }
        leaves.retain(|(_, p)| !p.is_zero());
        let risk_profile = RiskProfile::new(&grouped(leaves)?, self.sense);
        let value = risk_profile.mean()?;
        Ok(Strategy { choices, value, certainty_equivalent: None, risk_profile, best: false })
    }
}

/// Whether two values of a strategy are equal, in floats but for the rounding of two ways of adding up.
fn same(a: &Value, b: &Value, profile: &RiskProfile) -> bool {
    if let (Some(a), Some(b)) = (&a.exact, &b.exact) {
        return a == b;
    }
    let size = profile.iter().map(|line| line.payoff.float.abs()).fold(0.0, f64::max);
    (a.float - b.float).abs() <= 1e-12 * size
}
