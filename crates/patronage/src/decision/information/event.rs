//! Events of a tree: what it is worth to know one of them before anything else, and to control it.

use std::collections::HashMap;

use super::rows::{reweighted, scalar};
use crate::decision::exact::Exact;
use crate::decision::number::Value;
use crate::decision::scalar::{Scalar, Sense};
use crate::decision::tree::{Kind, Tree, TreeAnswer};
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

/// Events of a tree that are valued in one call.
const MAX_EVENTS: usize = 1000;

/// An uncertain event: one or more chance nodes of a tree at which the same thing comes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The chance nodes, in the order of the tree.
    pub nodes: Vec<usize>,
    /// The outcomes.
    pub labels: Vec<String>,
    /// Their probabilities.
    pub probabilities: Vec<Value>,
}

/// What it is worth to know an event, or to control it, before the first decision.
#[derive(Debug, Clone, PartialEq)]
pub struct EventValue {
    /// The event.
    pub event: Event,
    /// The expected value of the tree if each outcome is known to come.
    pub values: Vec<Value>,
    /// The best alternatives at the root if each outcome is known to come.
    pub choices: Vec<Vec<String>>,
    /// The expected value if the outcome is known before the first decision.
    pub ev_with_perfect_information: Value,
    /// How much better that is than the EMV: the expected value of perfect information on this event.
    pub evpi: Value,
    /// The outcomes (by place) that one would choose.
    pub best: Vec<usize>,
    /// How much better the best outcome is than the EMV: the value of control.
    pub value_of_control: Value,
    /// False if elsewhere in the tree the same outcomes have other probabilities: then other events tell
    /// something about this one, and its nodes are not all there is to know.
    pub independent: bool,
}

impl Event {
    /// The event at chance nodes of a tree. They must have the same outcomes with the same probabilities, and
    /// none may come after another.
    pub fn at(tree: &Tree, nodes: &[usize]) -> Result<Self> {
        let mut nodes = nodes.to_vec();
        nodes.sort_unstable();
        nodes.dedup();
        let wrong = |node: usize, problem: String| {
            Error::InvalidTree {
            node: if node < tree.len() { format!("node '{}'", tree.path(node)) } else { "the tree".into() },
            problem,
            mend: "an event is one or more chance nodes with the same outcomes and probabilities, none after another".into(),
        }
        };
        let Some(&first) = nodes.first() else { return Err(wrong(0, "an event without nodes".into())) };
        if let Some(&node) = nodes.iter().find(|&&i| i >= tree.len() || tree.kind(i) != Kind::Chance) {
            return Err(wrong(node, format!("node {node} is no chance node")));
        }
        let key = Key::of(tree, first);
        if let Some(&node) = nodes.iter().find(|&&i| Key::of(tree, i) != key) {
            return Err(wrong(
                node,
                format!("its outcomes or probabilities are not those of '{}'", tree.path(first)),
            ));
        }
        let mut is_below = vec![false; tree.len()];
        for node in 0..tree.len() {
            let here = nodes.binary_search(&node).is_ok();
            if here && is_below[node] {
                return Err(wrong(node, "it comes after another node of the event".into()));
            }
            let below = here || is_below[node];
            tree.children(node).for_each(|i| is_below[i] = below);
        }
        let children = tree.children(first);
        Ok(Self {
            nodes,
            labels: children.clone().map(|i| tree.label(i).to_string()).collect(),
            probabilities: children.filter_map(|i| tree.probability(i)).map(|p| Value::from(&p)).collect(),
        })
    }

    /// The events of a tree, in its order: chance nodes with the same outcomes and probabilities are one event,
    /// unless one comes after another.
    pub fn all(tree: &Tree, watch: &dyn Watch) -> Result<Vec<Self>> {
        let mut kinds: HashMap<Key, usize> = HashMap::new();
        let mut found: HashMap<(usize, u32), usize> = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        // How many nodes of each kind lie above; a node is left (Some) when all below it has been seen.
        let mut above: Vec<u32> = Vec::new();
        let mut open = vec![(0, None)];
        while let Some((node, leaving)) = open.pop() {
            if let Some(kind) = leaving {
                above[kind] -= 1;
                continue;
            }
            if tree.kind(node) == Kind::Chance {
                let next = kinds.len();
                let kind = *kinds.entry(Key::of(tree, node)).or_insert(next);
                if kind == above.len() {
                    watch.check()?;
                    above.push(0);
                }
                let group = *found.entry((kind, above[kind])).or_insert(groups.len());
                if group == MAX_EVENTS {
                    return Err(Error::LimitExceeded {
                        what: "the number of events".into(),
                        limit: MAX_EVENTS as u64,
                        mend: "name the nodes of the event that is asked about".into(),
                    });
                }
                if group == groups.len() {
                    groups.push(Vec::new());
                }
                groups[group].push(node);
                above[kind] += 1;
                open.push((node, Some(kind)));
            }
            open.extend(tree.children(node).rev().map(|i| (i, None)));
        }
        groups.sort_by_key(|nodes| nodes.iter().min().copied());
        groups.iter().map(|nodes| Self::at(tree, nodes)).collect()
    }
}

/// What chance nodes of one event have in common; in any order.
#[derive(PartialEq, Eq, Hash)]
struct Key(Vec<(String, String)>);

impl Key {
    fn of(tree: &Tree, node: usize) -> Self {
        let text = |i| tree.probability(i).map_or_else(String::new, |p| p.to_string());
        let mut outcomes: Vec<_> =
            tree.children(node).map(|i| (tree.label(i).to_string(), text(i))).collect();
        outcomes.sort_unstable();
        Self(outcomes)
    }

    fn has_same_labels(&self, other: &Self) -> bool {
        self.0.iter().map(|(label, _)| label).eq(other.0.iter().map(|(label, _)| label))
    }
}

impl TreeAnswer {
    /// What it is worth to know an event before the first decision, or to control it.
    ///
    /// Perfect information (clairvoyance): Σ P(outcome) × the value of the tree in which that outcome is
    /// certain, less the EMV. Control: the value of the tree with the best outcome certain, less the EMV. The
    /// event is taken to be independent of all others in the tree. For costs the differences are the other way
    /// round. (Howard 1966, *Information value theory*; Matheson 1990 for control.)
    ///
    /// ```
    /// use patronage::decision::{Event, chance, decide, pay};
    /// let oil = || chance([("dry", ".6", pay(0)), ("wet", "#", pay(500))]);
    /// let cost = chance([("low", ".5", oil().paying(-100)), ("high", "#", oil().paying(-300))]);
    /// let drill = decide("Drill", [("yes", cost), ("no", pay(0))]).build()?;
    /// let answer = drill.solve()?;
    /// assert_eq!(answer.emv().to_string(), "0");
    /// let event = |place: usize| Event::all(&drill, &patronage::watch::Unwatched).map(|all| all[place].clone());
    /// assert_eq!(answer.value_of_event(&event(0)?)?.evpi.to_string(), "50");
    /// assert_eq!(answer.value_of_event(&event(1)?)?.evpi.to_string(), "120");
    /// assert_eq!(answer.value_of_event(&event(1)?)?.value_of_control.to_string(), "300");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn value_of_event(&self, event: &Event) -> Result<EventValue> {
        self.without_utility("the value of information")?;
        let exact = self.emv().exact.is_some();
        if exact { self.clairvoyance::<Exact>(event) } else { self.clairvoyance::<f64>(event) }
    }

    /// The values of all events of the tree; see [`Event::all`] and [`TreeAnswer::value_of_event`].
    pub fn values_of_events(&self, watch: &dyn Watch) -> Result<Vec<EventValue>> {
        let events = Event::all(self.tree(), watch)?;
        let total = events.len() as u64;
        let value = |(done, event): (usize, &Event)| {
            watch.check()?;
            watch.progress(done as u64, total);
            self.value_of_event(event)
        };
        events.iter().enumerate().map(value).collect()
    }

    fn clairvoyance<S: Scalar>(&self, event: &Event) -> Result<EventValue> {
        let (tree, sense) = (self.tree(), self.sense());
        let event = Event::at(tree, &event.nodes)?;
        let (mut values, mut choices): (Vec<S>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
        for known in 0..event.labels.len() {
            let certain: Vec<S> =
                (0..event.labels.len()).map(|k| if k == known { S::ONE } else { S::ZERO }).collect();
            let fixed = Tree::from_rows(reweighted(tree, &event, &certain), &Unwatched)?;
            let answer = self.options().run(&fixed, &Unwatched)?;
            values.push(scalar(&answer.emv()));
            choices.push(answer.choice().into_iter().map(Into::into).collect());
        }
        let weighed: Vec<S> =
            event.probabilities.iter().zip(&values).map(|(p, v)| scalar::<S>(p).mul(v)).collect();
        let informed = S::total(weighed.iter())?;
        let emv: S = scalar(&self.emv());
        let mut top = values[0].clone();
        for value in &values[1..] {
            if value.beats(&top, sense) {
                top = value.clone();
            }
        }
        let key = Key::of(tree, event.nodes[0]);
        let is_same_event = |node: usize| {
            let other = Key::of(tree, node);
            other == key || !key.has_same_labels(&other)
        };
        let independent = (0..tree.len()).filter(|&i| tree.kind(i) == Kind::Chance).all(is_same_event);
        Ok(EventValue {
            best: (0..values.len()).filter(|&k| values[k].ties(&top)).collect(),
            ev_with_perfect_information: informed.value(),
            evpi: improvement(&informed, &emv, sense).value(),
            value_of_control: improvement(&top, &emv, sense).value(),
            values: values.iter().map(Scalar::value).collect(),
            choices,
            independent,
            event,
        })
    }
}

/// How much better one expected value is than another; nought if they tie.
pub(super) fn improvement<S: Scalar>(better: &S, than: &S, sense: Sense) -> S {
    if better.ties(than) {
        return S::ZERO;
    }
    if sense == Sense::Profit { better.sub(than) } else { than.sub(better) }
}
