//! The frontier of efficient sets, project by project.

use std::cmp::Ordering;

use crate::decision::scalar::Scalar;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Sets that are kept over all projects, for going back to what was chosen.
const MAX_SETS: usize = 1 << 21;

pub(super) struct Frontier<S> {
    /// Resource, value, and whether several sets have both; both rise.
    pub states: Vec<(S, S, bool)>,
    /// The option of each project in the last state.
    pub chosen: Vec<Option<usize>>,
}

/// A set of options of the projects so far.
struct Set<S> {
    resource: S,
    value: S,
    ties: bool,
    /// The set of the projects before, and the option that was added.
    from: u32,
    option: Option<u32>,
}

pub(super) fn frontier<S: Scalar>(
    projects: &[Vec<(S, S)>],
    budget: Option<&S>,
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
                .zip(options)
                .map(|(option, (r, v))| (set.resource.add(r), set.value.add(v), Some(option)));
            for (resource, value, option) in std::iter::once(none).chain(some) {
                resource.check()?;
                value.check()?;
                if budget.is_none_or(|budget| resource <= *budget) {
                    all.push(Set { resource, value, ties: set.ties, from, option });
                }
            }
        }
        sets = efficient(all);
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
    Ok(Frontier { states: sets.into_iter().map(|set| (set.resource, set.value, set.ties)).collect(), chosen })
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
