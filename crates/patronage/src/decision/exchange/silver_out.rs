//! Trees as files of SilverDecisions.

use serde::Serialize;

use crate::decision::number::Number;
use crate::decision::scalar::Sense;
use crate::decision::tree::{Kind, Tree};
use crate::error::{Error, Result};

/// Levels that a file may have: readers of JSON stop at 128 brackets, of which a level takes three.
const MAX_LEVELS: usize = 40;

/// The grid on which SilverDecisions draws.
const GRID: (f64, f64) = (150.0, 75.0);

/// A file with one tree, in the layout that is read from version 0.7 on.
#[derive(Serialize)]
struct File<'a> {
    #[serde(rename = "SilverDecisions")]
    version: &'a str,
    rule: &'a str,
    title: &'a str,
    description: &'a str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    code: &'a str,
    trees: [OutNode<'a>; 1],
    texts: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutNode<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    name: &'a str,
    location: Location,
    child_edges: Vec<OutEdge<'a>>,
}

#[derive(Serialize, Clone, Copy)]
struct Location {
    x: f64,
    y: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutEdge<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<Number>,
    payoff: [Number; 2],
    child_node: OutNode<'a>,
}

impl Tree {
    /// The tree as a file of SilverDecisions, to be written with serde; exact numbers stay exact.
    ///
    /// What a leaf pays and what its branch pays become one payoff. Times, a payment before the first branch and
    /// more than 40 levels have no place in such files and are refused.
    pub fn to_silver_decisions<'a>(
        &'a self,
        title: &'a str,
        sense: Sense,
    ) -> Result<impl Serialize + use<'a>> {
        let location = self.locations()?;
        let mut nodes: Vec<Option<OutNode<'a>>> = (0..self.len()).map(|_| None).collect();
        for node in (0..self.len()).rev() {
            let edges = self.children(node).filter_map(|child| Some((child, nodes[child].take()?)));
            let edges = edges.map(|(child, below)| {
                Ok(OutEdge {
                    name: self.label(child),
                    probability: self.probability(child),
                    payoff: [self.received(child)?, Number::from(0)],
                    child_node: below,
                })
            });
            let kind = match self.kind(node) {
                Kind::Decision => "decision",
                Kind::Chance => "chance",
                Kind::Leaf => "terminal",
            };
            let child_edges = edges.collect::<Result<_>>()?;
            nodes[node] =
                Some(OutNode { kind, name: self.name(node), location: location[node], child_edges });
        }
        let rule = match sense {
            Sense::Profit => "expected-value-maximization",
            Sense::Cost => "expected-value-minimization",
        };
        let root =
            nodes[0].take().ok_or_else(|| self.unfit(0, "no root", "this is a fault of the library"))?;
        let data = Data { code: "", trees: [root], texts: [] };
        Ok(File { version: "0.8.0", rule, title, description: "", data })
    }

    fn received(&self, node: usize) -> Result<Number> {
        match (self.payoff(node), self.value(node)) {
            (Number::Exact(payoff), Number::Exact(value)) => {
                let sum = &payoff + &value;
                sum.check()?;
                Ok(Number::Exact(sum))
            }
            (Number::Float(payoff), Number::Float(value)) if (payoff + value).is_finite() => {
                Ok(Number::Float(payoff + value))
            }
            _ => Err(self.unfit(node, "a payoff that is too large", "use a larger unit, such as millions")),
        }
    }

    /// Where each node stands: a column a level, a row a leaf. Refuses what files cannot hold.
    fn locations(&self) -> Result<Vec<Location>> {
        let nought = [Number::from(0), Number::Float(0.0)];
        if !nought.contains(&self.payoff(0))
            || (self.kind(0) == Kind::Leaf && !nought.contains(&self.value(0)))
        {
            let problem = "a payment before the first branch, which SilverDecisions does not know";
            return Err(self.unfit(0, problem, "put it on each of the first branches"));
        }
        if let Some(node) = (0..self.len()).find(|&node| self.time(node) != 0.0) {
            let problem = "a time, which SilverDecisions does not know";
            return Err(self.unfit(node, problem, "discount the payoffs first, or store the tree as JSON"));
        }
        let mut location = vec![Location { x: 20.0, y: 0.0 }; self.len()];
        let (mut open, mut row) = (vec![(0, 0)], 0);
        while let Some((node, level)) = open.pop() {
            if level > MAX_LEVELS {
                let problem = format!("more than {MAX_LEVELS} levels, deeper than such files can be read");
                return Err(self.unfit(node, &problem, "store so deep a tree as JSON"));
            }
            location[node] = Location { x: 20.0 + GRID.0 * level as f64, y: 20.0 + GRID.1 * f64::from(row) };
            row += i32::from(self.kind(node) == Kind::Leaf);
            open.extend(self.children(node).rev().map(|child| (child, level + 1)));
        }
        Ok(location)
    }

    fn unfit(&self, node: usize, problem: &str, mend: &str) -> Error {
        let node = format!("node '{}'", self.path(node));
        Error::InvalidTree { node, problem: problem.into(), mend: mend.into() }
    }
}
