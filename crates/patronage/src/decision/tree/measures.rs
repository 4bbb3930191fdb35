//! What the policy brings of each measure, beside what is decided by.

use super::answer::by_arithmetic;
use super::numbers::{Columns, Numbers, at};
use super::rollback::{Rollback, sums_on_the_way};
use super::solve::{Solved, place_of};
use super::{Kind, TreeAnswer};
use crate::decision::number::Value;
use crate::decision::scalar::Scalar;
use crate::error::Result;

/// What is expected of a measure at each node.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What is still to come.
    pub to_go: Vec<Value>,
    /// And what was received on the way.
    pub cumulative: Vec<Value>,
}

impl TreeAnswer {
    /// What is expected of a measure, at each node, if the policy is followed (where alternatives tie the first);
    /// not discounted.
    pub fn measure(&self, name: &str) -> Result<Measure> {
        let measure = place_of(&self.tree, name)?;
        match (&self.solved, &self.tree.0.numbers) {
            (Solved::Exact(r), Numbers::Exact(columns)) => self.expected(r, columns, measure),
            (_, numbers) => {
                let columns = numbers.to_floats();
                by_arithmetic!(self, r => self.expected(r, &columns, measure))
            }
        }
    }

    fn expected<P: Scalar, S: Scalar>(
        &self,
        policy: &Rollback<P>,
        columns: &Columns<S>,
        measure: usize,
    ) -> Result<Measure> {
        let tree = &self.tree;
        let amounts = &columns.amounts[measure];
        let mut to_go: Vec<S> = (0..tree.len()).map(|node| at(&amounts.value, node)).collect();
        for node in (0..tree.len()).rev() {
            let children = tree.children(node);
            let paid = if amounts.payoff.is_empty() { &[][..] } else { &amounts.payoff[children.clone()] };
            to_go[node] = match tree.kind(node) {
                Kind::Leaf => continue,
                Kind::Chance => {
                    S::expectation(&columns.probability[children.clone()], paid, &to_go[children])?
                }
                Kind::Decision => {
                    let chosen = policy.followed(tree, node).unwrap_or(children.start);
                    at(&amounts.payoff, chosen).add(&to_go[chosen])
                }
            };
            to_go[node].check()?;
        }
        let received = sums_on_the_way(tree, &amounts.payoff)?;
        let cumulative = (0..tree.len()).map(|node| {
            let sum = at(&received, node).add(&to_go[node]);
            sum.check()?;
            Ok(sum.value())
        });
        Ok(Measure {
            cumulative: cumulative.collect::<Result<_>>()?,
            to_go: to_go.iter().map(Scalar::value).collect(),
        })
    }
}
