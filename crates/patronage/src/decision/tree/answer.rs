//! What a solved tree says.

use std::collections::VecDeque;

use super::attitude::Attitude;
use super::profile::{RiskProfile, grouped};
use super::rollback::Rollback;
use super::solve::{Compounding, Solve, Solved};
use super::utility::Utility;
use super::{Kind, Tree};
use crate::decision::number::{Number, Value};
use crate::decision::scalar::{Scalar, Sense};
use crate::decision::table::DecisionTable;
use crate::error::{Error, Result};

/// A solved decision tree.
///
/// `to_go` is what is still expected at a node; `cumulative` adds what was received on the way there. Textbooks
/// print the one or the other.
#[derive(Debug, Clone)]
pub struct TreeAnswer {
    pub(super) tree: Tree,
    pub(super) sense: Sense,
    pub(super) discount_rate: Option<Number>,
    pub(super) compounding: Compounding,
    pub(super) by: Vec<(Box<str>, Number)>,
    pub(super) utility: Option<Utility>,
    pub(super) floats: bool,
    pub(super) solved: Solved,
}

/// One instruction of the optimal policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyStep {
    /// The decision node.
    pub node: usize,
    /// How one comes there: the labels of the branches since the decision before it (of many, the last).
    pub after: Vec<String>,
    /// The name of the decision; may be empty.
    pub decision: String,
    /// The best alternatives: several if they tie.
    pub choice: Vec<String>,
    /// The expected value of the choice, with what was received on the way.
    pub value: Value,
    /// Its certainty equivalent, where a utility decides.
    pub certainty_equivalent: Option<Value>,
}

impl Tree {
    /// The labels of the branches from the last decision to a node, that decision's choice included.
    pub(in crate::decision) fn since_decision(&self, node: usize) -> Vec<String> {
        const LABELS: usize = 6;
        let mut labels = Vec::new();
        let mut at = node;
        while let Some(parent) = self.parent(at) {
            if labels.len() == LABELS {
                labels.push("…".into());
                break;
            }
            labels.push(self.label(at).to_string());
            at = parent;
            if self.kind(at) == Kind::Decision {
                break;
            }
        }
        labels.reverse();
        labels
    }
}

macro_rules! by_arithmetic {
    ($self:expr, $r:ident => $body:expr) => {
        match &$self.solved {
            $crate::decision::tree::solve::Solved::Exact($r) => $body,
            $crate::decision::tree::solve::Solved::Float($r) => $body,
        }
    };
}
pub(super) use by_arithmetic;

impl TreeAnswer {
    /// The tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether more or less is better.
    pub fn sense(&self) -> Sense {
        self.sense
    }

    /// The rate of discount a period, if there is one.
    pub fn discount_rate(&self) -> Option<&Number> {
        self.discount_rate.as_ref()
    }

    /// How interest is added to interest, where there is a rate.
    pub fn compounding(&self) -> Compounding {
        self.compounding
    }

    /// The measures that were decided by and their weights; empty for the payoff alone.
    pub fn by(&self) -> &[(Box<str>, Number)] {
        &self.by
    }

    /// The utility function that was decided by, if there is one.
    pub fn utility(&self) -> Option<&Utility> {
        self.utility.as_ref()
    }

    /// Whether floats were asked for.
    pub fn floats(&self) -> bool {
        self.floats
    }

    /// How it was solved: another tree may be solved in the same way.
    pub fn options(&self) -> Solve {
        Solve {
            sense: self.sense,
            discount_rate: self.discount_rate.clone(),
            compounding: self.compounding,
            by: self.by.clone(),
            utility: self.utility.clone(),
            floats: self.floats,
        }
    }

    /// An error if a utility decides: `what` is a difference of expected values.
    pub(in crate::decision) fn without_utility(&self, what: &str) -> Result<()> {
        if self.utility.is_none() {
            return Ok(());
        }
        let expected = format!("none for {what}, which is a difference of expected values");
        Err(Error::parameter("utility", "given", &expected))
    }

    /// The expected monetary value of the whole tree under the optimal policy.
    pub fn emv(&self) -> Value {
        self.cumulative(0)
    }

    /// What is still expected at a node, discounted to the start of the tree.
    pub fn to_go(&self, node: usize) -> Value {
        by_arithmetic!(self, r => r.to_go[node].value())
    }

    /// What was received on the way to a node and what is still expected there.
    pub fn cumulative(&self, node: usize) -> Value {
        by_arithmetic!(self, r => r.cumulative(&self.tree, node).value())
    }

    /// The amount that is worth as much for certain as what a node brings in all, what was received on the way
    /// included; `None` where no utility decides.
    pub fn certainty_equivalent(&self, node: usize) -> Option<Value> {
        self.utility.as_ref()?;
        Some(by_arithmetic!(self, r => r.certain[node].value()))
    }

    /// The expected utility of what a node brings in all; `None` where no utility decides, or where it is beyond
    /// the range of floats (certainty equivalents are not).
    pub fn expected_utility(&self, node: usize) -> Option<Value> {
        fn of<S: Scalar>(r: &Rollback<S>, utility: &Utility, sense: Sense, node: usize) -> Option<Value> {
            Attitude::<S>::new(utility, sense).ok()?.utility(&r.certain[node]).map(|u| u.value())
        }
        let utility = self.utility.as_ref()?;
        by_arithmetic!(self, r => of(r, utility, self.sense, node))
    }

    /// What one would give to be rid of the risk: expected value less certainty equivalent of the whole tree, for
    /// costs the other way round; `None` where no utility decides.
    pub fn risk_premium(&self) -> Option<Value> {
        let (emv, certain) = (self.emv(), self.certainty_equivalent(0)?);
        let (more, less) = if self.sense == Sense::Profit { (emv, certain) } else { (certain, emv) };
        Some(match (more.exact, less.exact) {
            (Some(more), Some(less)) => (&more - &less).into(),
            _ => (more.float - less.float).into(),
        })
    }

    /// The probability of the branch to a node; `None` where chance does not lead there.
    pub fn probability(&self, node: usize) -> Option<Value> {
        self.tree.probability(node).map(|_| by_arithmetic!(self, r => r.columns.probability[node].value()))
    }

    /// What the branch to a node pays, discounted to the start of the tree.
    pub fn payoff(&self, node: usize) -> Value {
        by_arithmetic!(self, r => r.payoff(node).value())
    }

    /// Whether the branch to a node is one of the best of its decision.
    pub fn is_best(&self, node: usize) -> bool {
        by_arithmetic!(self, r => r.best[node])
    }

    /// The best alternatives at the root: several if they tie, none if the root is no decision.
    pub fn choice(&self) -> Vec<&str> {
        self.best_labels(0)
    }

    pub(super) fn best_labels(&self, node: usize) -> Vec<&str> {
        self.tree.children(node).filter(|&i| self.is_best(i)).map(|i| self.tree.label(i)).collect()
    }

    /// Whether at some decision that the policy comes to several alternatives tie.
    pub fn has_ties(&self) -> bool {
        self.policy().iter().any(|step| step.choice.len() > 1)
    }

    /// What to do at each decision that one comes to by following the best alternatives (all of those that tie),
    /// in the order of the tree.
    pub fn policy(&self) -> Vec<PolicyStep> {
        let tree = &self.tree;
        let mut steps = Vec::new();
        let mut open = VecDeque::from([0]);
        while let Some(node) = open.pop_front() {
            if tree.kind(node) == Kind::Decision {
                steps.push(PolicyStep {
                    node,
                    after: tree.since_decision(node),
                    decision: tree.name(node).into(),
                    choice: self.best_labels(node).into_iter().map(Into::into).collect(),
                    value: self.cumulative(node),
                    certainty_equivalent: self.certainty_equivalent(node),
                });
            }
            let follows = |i: &usize| tree.kind(node) == Kind::Chance || self.is_best(*i);
            open.extend(tree.children(node).filter(follows).filter(|&i| tree.kind(i) != Kind::Leaf));
        }
        steps
    }

    /// The amounts that the optimal policy may bring, each with its probability, from the least to the most.
    ///
    /// Where alternatives tie the first is followed (see [`TreeAnswer::has_ties`]); outcomes of probability 0
    /// are left out.
    pub fn risk_profile(&self) -> Result<RiskProfile> {
        self.risk_profile_at(0)
    }

    /// The same for those who have come to a node: what it brings in all, what was received on the way included.
    pub fn risk_profile_at(&self, node: usize) -> Result<RiskProfile> {
        by_arithmetic!(self, r => self.profile(r, node))
    }

    fn profile<S: Scalar>(&self, r: &Rollback<S>, start: usize) -> Result<RiskProfile> {
        let tree = &self.tree;
        let mut leaves = Vec::new();
        let mut open = VecDeque::from([(start, S::ONE)]);
        while let Some((node, reach)) = open.pop_front() {
            match tree.kind(node) {
                Kind::Leaf => leaves.push((r.cumulative(tree, node), reach)),
                Kind::Decision => open.extend(r.followed(tree, node).map(|i| (i, reach))),
                Kind::Chance => {
                    for i in tree.children(node).filter(|&i| !r.columns.probability[i].is_zero()) {
                        let reach = reach.mul(&r.columns.probability[i]);
                        reach.check()?;
                        open.push_back((i, reach));
                    }
                }
            }
        }
        Ok(RiskProfile::new(&grouped(leaves)?, self.sense))
    }

    /// The decision table of a single-stage tree: a root decision whose alternatives are leaves, or chance
    /// events with the same outcomes and probabilities that end in leaves.
    ///
    /// The payoffs of the table are what a path brings in all, discounted if the tree is. Any other tree is
    /// an [`Error::InvalidTree`] that says what stands in the way.
    pub fn table(&self) -> Result<DecisionTable> {
        let tree = &self.tree;
        let not_single = |node: usize, problem: &str| {
            Error::InvalidTree {
            node: format!("node '{}'", tree.path(node)),
            problem: format!("{problem}, so that this is no single-stage decision and has no one table of payoffs"),
            mend: "perfect information is defined where one decision faces one event, with the same outcomes and \
                   probabilities for all its alternatives"
                .into(),
        }
        };
        if tree.kind(0) != Kind::Decision {
            return Err(not_single(0, "the root is no decision"));
        }
        let events = tree.children(0).filter(|&i| tree.kind(i) == Kind::Chance);
        let Some(event) = events.clone().next() else {
            return Err(not_single(0, "no alternative depends on chance"));
        };
        let states: Vec<_> = tree.children(event).map(|i| tree.label(i)).collect();
        let probabilities: Vec<_> = tree.children(event).filter_map(|i| self.probability(i)).collect();
        let place: std::collections::HashMap<&str, usize> = states.iter().copied().zip(0..).collect();
        let mut payoffs = Vec::new();
        for alternative in tree.children(0) {
            match tree.kind(alternative) {
                Kind::Decision => return Err(not_single(alternative, "a second decision follows")),
                Kind::Leaf => payoffs.extend(states.iter().map(|_| self.cumulative(alternative).into())),
                Kind::Chance => {
                    let outcomes = tree.children(alternative);
                    if outcomes.len() != states.len() {
                        return Err(not_single(alternative, "its outcomes are not those of the first event"));
                    }
                    let mut row = vec![Number::from(0); states.len()];
                    for outcome in outcomes {
                        let Some(&state) = place.get(tree.label(outcome)) else {
                            return Err(not_single(outcome, "the first event has no such outcome"));
                        };
                        if !self.same_probability(outcome, &probabilities[state]) {
                            return Err(not_single(
                                outcome,
                                "its probability is not that of the first event",
                            ));
                        }
                        if tree.kind(outcome) != Kind::Leaf {
                            return Err(not_single(outcome, "it is not the end"));
                        }
                        row[state] = self.cumulative(outcome).into();
                    }
                    payoffs.extend(row);
                }
            }
        }
        let alternatives = tree.children(0).map(|i| tree.label(i));
        DecisionTable::new(alternatives, states.iter().copied(), payoffs)?.with_probabilities(probabilities)
    }

    fn same_probability(&self, node: usize, other: &Value) -> bool {
        self.probability(node).is_some_and(|p| match (&p.exact, &other.exact) {
            (Some(p), Some(q)) => p == q,
            _ => p.float.ties(&other.float),
        })
    }

    /// What it would be worth to know before deciding what chance will bring: the expected value with perfect
    /// information less the EMV (for costs the other way round).
    ///
    /// Defined for single-stage trees, as [`TreeAnswer::table`].
    pub fn evpi(&self) -> Result<Value> {
        self.without_utility("the EVPI")?;
        let answer = self.table()?.solve(self.sense, None)?;
        // The table has probabilities, hence an EVPI.
        answer.evpi.ok_or_else(|| Error::parameter("evpi", "none", "a table with probabilities"))
    }
}
