//! What the projects still to come can bring: at most as the linear relaxation says, at least as its whole steps say.

use std::cmp::Ordering;

use super::frontier::Set;
use super::relaxed::{self, Step};
use crate::decision::scalar::Scalar;

pub(super) struct Bounds<'a, S> {
    budget: &'a S,
    /// The steps of all projects, the steepest first.
    steps: Vec<Step<S>>,
    /// The value of a set that is known to fit.
    least: f64,
    /// Bounds closer than this may be equal.
    margin: f64,
}

impl<'a, S: Scalar> Bounds<'a, S> {
    pub fn new(projects: &[&Vec<(S, S)>], budget: &'a S) -> Self {
        let steps = relaxed::steps(projects.iter().copied());
        let most: f64 = steps.iter().map(|step| step.value.value().float).sum();
        Self { budget, steps, least: 0.0, margin: 1e-9 * most }
    }

    /// Drops the sets, in order of resource, that cannot become best, when the first projects are done.
    pub fn prune(&mut self, sets: &mut Vec<Set<S>>, done: usize) {
        let mut steps = self.steps.iter().filter(|step| step.project >= done).peekable();
        let (mut resource, mut value) = (S::ZERO, S::ZERO);
        // The less a set uses, the more steps fit behind it: one walk serves all.
        let most: Vec<f64> = sets
            .iter()
            .rev()
            .map(|set| {
                // A set may use more than the budget by a rounding.
                let left = if set.resource > *self.budget { S::ZERO } else { self.budget.sub(&set.resource) };
                let mut with = resource.clone();
                while let Some(step) = steps.next_if(|step| {
                    with = resource.add(&step.resource);
                    with <= left
                }) {
                    resource = with.clone();
                    value = value.add(&step.value);
                }
                let whole = set.value.add(&value).value().float;
                self.least = self.least.max(whole);
                let part = |step: &&Step<S>| {
                    let room = left.sub(&resource).value().float.max(0.0);
                    room * step.value.value().float / step.resource.value().float
                };
                whole + steps.peek().map_or(0.0, part)
            })
            .collect();
        let mut most = most.into_iter().rev();
        // Beyond the range of floats nothing can be said, and all are kept.
        let bound = self.least - self.margin;
        let is_beaten = |most: f64| most.partial_cmp(&bound) == Some(Ordering::Less);
        sets.retain(|_| !most.next().is_some_and(is_beaten));
    }
}
