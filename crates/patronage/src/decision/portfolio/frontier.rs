//! The efficient sets, project by project (Nemhauser & Ullmann 1969).

use std::cmp::Ordering;

use super::bound::Bounds;
use crate::decision::scalar::Scalar;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Sets that are kept over all projects, for going back to what was chosen.
const MAX_SETS: usize = 1 << 21;

pub(super) struct Frontier<S> {
    /// By rising resource and value; there is at least one.
    pub sets: Vec<Set<S>>,
    /// The option of each project in the last set.
    pub chosen: Vec<Option<usize>>,
}

/// A set of options of the projects so far.
pub(super) struct Set<S> {
    pub resource: S,
    pub value: S,
    /// Whether several sets use and bring the same.
    pub ties: bool,
    /// The set of the projects before, and the option that was added.
    from: u32,
    option: Option<u32>,
}

/// The efficient sets within the budget: all of them, or, with bounds, those that may become the best.
pub(super) fn frontier<S: Scalar>(
    projects: &[&Vec<(S, S)>],
    budget: &S,
    mut bounds: Option<Bounds<'_, S>>,
    watch: &dyn Watch,
) -> Result<Frontier<S>> {
    let mut sets = vec![Set { resource: S::ZERO, value: S::ZERO, ties: false, from: 0, option: None }];
    let mut steps: Vec<Vec<(u32, Option<u32>)>> = Vec::with_capacity(projects.len());
    let mut kept = 0;
    for (done, options) in projects.iter().enumerate() {
        watch.check()?;
        watch.progress(done as u64, projects.len() as u64);
        let mut all = Vec::with_capacity(sets.len() * (options.len() + 1));
        for (from, set) in (0..).zip(&sets) {
            let none = (set.resource.clone(), set.value.clone(), None);
            let some = (0..)
                .zip(options.iter())
                .map(|(option, (r, v))| (set.resource.add(r), set.value.add(v), Some(option)));
            for (resource, value, option) in std::iter::once(none).chain(some) {
                resource.check()?;
                value.check()?;
                if resource <= *budget || resource.ties(budget) {
                    all.push(Set { resource, value, ties: set.ties, from, option });
                }
            }
        }
        sets = efficient(all);
        if let Some(bounds) = &mut bounds {
            bounds.prune(&mut sets, done + 1);
        }
        kept += sets.len();
        if kept > MAX_SETS {
            return Err(Error::LimitExceeded {
                what: "the number of efficient sets".into(),
                limit: MAX_SETS as u64,
                mend: "round resources and values to fewer digits, or take fewer projects at a time".into(),
            });
        }
        steps.push(sets.iter().map(|set| (set.from, set.option)).collect());
    }
    let mut chosen = vec![None; projects.len()];
    let mut at = sets.len() - 1;
    for (project, step) in steps.iter().enumerate().rev() {
        let (from, option) = step[at];
        chosen[project] = option.map(|option| option as usize);
        at = from as usize;
    }
    Ok(Frontier { sets, chosen })
}

/// The sets that no other set beats, by rising resource. Of equal ones the first is kept and marked.
fn efficient<S: Scalar>(mut all: Vec<Set<S>>) -> Vec<Set<S>> {
    let order = |a: &S, b: &S| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    all.sort_by(|a, b| order(&a.resource, &b.resource).then_with(|| order(&b.value, &a.value)));
    let mut kept: Vec<Set<S>> = Vec::new();
    for set in all {
        match kept.last_mut() {
            Some(last) if set.value == last.value && set.resource == last.resource => last.ties = true,
            Some(last) if set.value <= last.value => {}
            _ => kept.push(set),
        }
    }
    kept
}
