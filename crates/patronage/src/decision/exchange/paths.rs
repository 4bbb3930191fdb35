//! A tree as the list of its paths from the root to each leaf.

use std::collections::HashMap;

use crate::decision::number::Number;
use crate::decision::tree::{Kind, NodeRow, Tree};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Steps that all paths of a tree may have together.
const MAX_STEPS: usize = 50_000_000;

/// A branch on the way from the root to a leaf.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The name of the node that the branch leaves; may be empty.
    pub name: Box<str>,
    /// The label of the branch.
    pub label: Box<str>,
    /// Its probability; `None` if it is an alternative of a decision.
    pub probability: Option<Number>,
    /// What is received on it.
    pub payoff: Option<Number>,
    /// Periods from the start of the tree; that of the step before it if absent.
    pub time: Option<f64>,
}

/// The way from the root to a leaf.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The branches, from the root on.
    pub steps: Vec<Step>,
    /// The name of the leaf; may be empty.
    pub name: Box<str>,
    /// What is received at the leaf.
    pub value: Number,
}

impl Tree {
    /// The paths to all leaves, from top to bottom; [`Tree::from_paths`] makes the same tree of them.
    ///
    /// A payment before the first branch stands on no path: such a tree is an [`Error::InvalidTree`].
    pub fn paths(&self) -> Result<Vec<Path>> {
        let nothing = |number: &Number| *number == Number::from(0) || *number == Number::Float(0.0);
        if !nothing(&self.payoff(0)) || self.time(0) != 0.0 {
            return Err(invalid(
                format!("node '{}'", self.path(0)),
                "a payment before the first branch, which no path has",
                "put it on each of the first branches",
            ));
        }
        let step = |node: usize, parent: usize| Step {
            name: self.name(parent).into(),
            label: self.label(node).into(),
            probability: self.probability(node),
            payoff: Some(self.payoff(node)).filter(|payoff| !nothing(payoff)),
            time: Some(self.time(node)).filter(|&time| time != self.time(parent)),
        };
        let (mut paths, mut steps, mut total) = (Vec::new(), Vec::<Step>::new(), 0);
        // Nodes still to be visited, each with its depth.
        let mut open = vec![(0, 0)];
        while let Some((node, depth)) = open.pop() {
            if let Some(parent) = self.parent(node) {
                steps.truncate(depth - 1);
                steps.push(step(node, parent));
            }
            open.extend(self.children(node).rev().map(|child| (child, depth + 1)));
            if self.kind(node) == Kind::Leaf {
                total += depth;
                if total > MAX_STEPS {
                    return Err(Error::LimitExceeded {
                        what: "the number of steps of all paths".into(),
                        limit: MAX_STEPS as u64,
                        mend: "store so deep a tree as JSON".into(),
                    });
                }
                paths.push(Path {
                    steps: steps.clone(),
                    name: self.name(node).into(),
                    value: self.value(node),
                });
            }
        }
        Ok(paths)
    }

    /// A tree from the paths to its leaves, in any order; siblings stand in the order in which they come first.
    ///
    /// A node where a branch has a probability is an event, another is a decision. What several paths share must
    /// be the same in all of them; errors name the path (counted from 0) and the node.
    ///
    /// ```
    /// use patronage::decision::{Tree, decide, pay};
    /// let tree = decide("Drink", [("tea", pay(3)), ("coffee", pay("5/2"))]).build()?;
    /// let again = Tree::from_paths(&tree.paths()?, &patronage::watch::Unwatched)?;
    /// assert_eq!(again.solve()?.choice(), ["tea"]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn from_paths(paths: &[Path], watch: &dyn Watch) -> Result<Self> {
        let mut trunk = Trunk { rows: Vec::new(), seen: Vec::new(), place: HashMap::new() };
        for (i, path) in paths.iter().enumerate() {
            trunk.add(i, path)?;
            if i.is_multiple_of(1 << 14) {
                watch.check()?;
            }
        }
        Self::from_rows(trunk.rows, watch)
    }
}

/// What the paths so far say of a node.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Nothing,
    End,
    Branches,
}

struct Trunk<'a> {
    rows: Vec<NodeRow>,
    seen: Vec<Seen>,
    /// The row of a branch, by the row it leaves and its label.
    place: HashMap<(usize, &'a str), usize>,
}

impl<'a> Trunk<'a> {
    fn push(&mut self, row: NodeRow) -> usize {
        self.rows.push(row);
        self.seen.push(Seen::Nothing);
        self.rows.len() - 1
    }

    fn add(&mut self, path: usize, given: &'a Path) -> Result<()> {
        let mut at = 0;
        if self.rows.is_empty() {
            self.push(NodeRow::new(Kind::Leaf));
        }
        for step in &given.steps {
            self.branch(path, at, step)?;
            at = if let Some(&row) = self.place.get(&(at, &*step.label)) {
                let there = &self.rows[row];
                if (&there.probability, &there.payoff, there.time)
                    != (&step.probability, &step.payoff, step.time)
                {
                    let problem = "its probability, payoff or time is not that of an earlier path";
                    let mend = "write the same in every path that takes the branch";
                    return Err(self.invalid(path, row, problem, mend));
                }
                row
            } else {
                let row = self.push(NodeRow {
                    parent: Some(at),
                    label: step.label.clone(),
                    probability: step.probability.clone(),
                    payoff: step.payoff.clone(),
                    time: step.time,
                    ..NodeRow::new(Kind::Leaf)
                });
                self.place.insert((at, &step.label), row);
                row
            };
        }
        if self.seen[at] != Seen::Nothing {
            let problem = match self.seen[at] {
                Seen::End => "a second path to the same leaf",
                _ => "a path ends where another goes on",
            };
            return Err(self.invalid(
                path,
                at,
                problem,
                "give each leaf one path, and each path a leaf of its own",
            ));
        }
        self.seen[at] = Seen::End;
        self.rows[at].name = given.name.clone();
        self.rows[at].value = Some(given.value.clone());
        Ok(())
    }

    /// Checks that a branch may leave a node, whose kind and name it tells.
    fn branch(&mut self, path: usize, at: usize, step: &Step) -> Result<()> {
        let kind = if step.probability.is_some() { Kind::Chance } else { Kind::Decision };
        let problem = match self.seen[at] {
            Seen::Nothing => {
                (self.rows[at].kind, self.rows[at].name, self.seen[at]) =
                    (kind, step.name.clone(), Seen::Branches);
                return Ok(());
            }
            Seen::End => "a path goes on where another ends",
            Seen::Branches if self.rows[at].kind != kind => {
                "one branch with a probability and another without one"
            }
            Seen::Branches if self.rows[at].name != step.name => "its name is not that of an earlier path",
            Seen::Branches => return Ok(()),
        };
        Err(self.invalid(path, at, problem, "write the same in every path that comes here"))
    }

    fn invalid(&self, path: usize, row: usize, problem: &str, mend: &str) -> Error {
        invalid(format!("path {path}, node '{}'", NodeRow::path(&self.rows, row)), problem, mend)
    }
}

fn invalid(node: String, problem: &str, mend: &str) -> Error {
    Error::InvalidTree { node, problem: problem.into(), mend: mend.into() }
}
