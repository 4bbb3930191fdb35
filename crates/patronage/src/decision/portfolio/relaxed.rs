//! The linear relaxation: options taken in part.

use std::cmp::Ordering;

use crate::decision::scalar::Scalar;
use crate::error::Result;

/// From one option of a project to the next better one, along the upper convex hull.
pub(super) struct Step<S> {
    pub project: usize,
    pub resource: S,
    pub value: S,
    /// Value a unit of the resource; `None` for a step that uses nothing.
    rate: Option<S>,
}

/// The steps of all projects, the most valuable a unit first; those that use nothing come before all others.
pub(super) fn steps<'a, S: Scalar + 'a>(projects: impl Iterator<Item = &'a Vec<(S, S)>>) -> Vec<Step<S>> {
    let mut steps: Vec<Step<S>> = Vec::new();
    for (project, options) in projects.enumerate() {
        let mut before = (S::ZERO, S::ZERO);
        let first = steps.len();
        for point in hull(options) {
            let (resource, value) = (point.0.sub(&before.0), point.1.sub(&before.1));
            before = point;
            if value.is_zero() {
                continue;
            }
            let mut rate = value.over(&resource);
            // Rates fall along a hull, also where floats round them: a step never comes before the one it follows.
            if let Some(Step { rate: Some(last), .. }) = steps[first..].last() {
                rate = rate.map(|rate| if rate > *last { last.clone() } else { rate });
            }
            steps.push(Step { project, resource, value, rate });
        }
    }
    steps.sort_by(|a, b| match (&a.rate, &b.rate) {
        (Some(a), Some(b)) => b.partial_cmp(a).unwrap_or(Ordering::Equal),
        (a, b) => a.is_some().cmp(&b.is_some()),
    });
    steps
}

/// The value a unit of the first step that the budget does not hold in full; nought if it holds all.
pub(super) fn shadow_price<S: Scalar>(steps: &[Step<S>], budget: &S) -> Result<S> {
    let mut left = budget.clone();
    for step in steps {
        if step.resource > left {
            let price = step.rate.clone().unwrap_or(S::ZERO);
            price.check()?;
            return Ok(price);
        }
        left = left.sub(&step.resource);
    }
    Ok(S::ZERO)
}

/// What another choice than the best at a price loses at least; for a project that has one choice only, a lot.
pub(super) fn certainty<S: Scalar>(options: &[(S, S)], price: f64) -> f64 {
    let (mut best, mut second) = (0.0, f64::NEG_INFINITY);
    for (resource, value) in options {
        let gain = value.value().float - price * resource.value().float;
        second = gain.min(best).max(second);
        best = gain.max(best);
    }
    best - second
}

/// The rising part of the upper convex hull of a project's options and of nothing.
fn hull<S: Scalar>(options: &[(S, S)]) -> Vec<(S, S)> {
    let order = |a: &S, b: &S| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    let mut points = options.to_vec();
    points.push((S::ZERO, S::ZERO));
    points.sort_by(|a, b| order(&a.0, &b.0).then_with(|| order(&b.1, &a.1)));
    let mut hull: Vec<(S, S)> = Vec::new();
    for point in points {
        if hull.last().is_some_and(|last| point.1 <= last.1 || point.0 == last.0) {
            continue;
        }
        while let [.., before, last] = hull.as_slice()
            && steepness(
                (&last.0.sub(&before.0), &last.1.sub(&before.1)),
                (&point.0.sub(&last.0), &point.1.sub(&last.1)),
            ) != Ordering::Greater
        {
            hull.pop();
        }
        hull.push(point);
    }
    hull
}

/// Compares value a unit; the resources are above 0.
fn steepness<S: Scalar>(a: (&S, &S), b: (&S, &S)) -> Ordering {
    a.1.mul(b.0).partial_cmp(&b.1.mul(a.0)).unwrap_or(Ordering::Equal)
}
