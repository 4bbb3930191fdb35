//! The price of the budget: options taken in part.

use std::cmp::Ordering;

use crate::decision::scalar::Scalar;
use crate::error::Result;

/// The value a unit of the first improvement that the budget does not hold in full.
pub(super) fn shadow_price<S: Scalar>(projects: &[Vec<(S, S)>], budget: &S) -> Result<S> {
    let mut left = budget.clone();
    let mut steps: Vec<(S, S)> = projects.iter().flat_map(|options| steps(options)).collect();
    steps.sort_by(|a, b| steepness(b, a));
    for (resource, value) in steps {
        if resource > left {
            let price = value.over(&resource).unwrap_or(S::ZERO);
            price.check()?;
            return Ok(price);
        }
        left = left.sub(&resource);
    }
    Ok(S::ZERO)
}

/// The rising steps of the upper convex hull of a project's options and of nothing, which use something.
fn steps<S: Scalar>(options: &[(S, S)]) -> Vec<(S, S)> {
    let order = |a: &S, b: &S| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    let mut points = options.to_vec();
    points.push((S::ZERO, S::ZERO));
    points.sort_by(|a, b| order(&a.0, &b.0).then_with(|| order(&b.1, &a.1)));
    let mut hull: Vec<(S, S)> = Vec::new();
    let step = |a: &(S, S), b: &(S, S)| (b.0.sub(&a.0), b.1.sub(&a.1));
    for point in points {
        if hull.last().is_some_and(|last| point.1 <= last.1 || point.0 == last.0) {
            continue;
        }
        while let [.., before, last] = hull.as_slice()
            && steepness(&step(before, last), &step(last, &point)) != Ordering::Greater
        {
            hull.pop();
        }
        hull.push(point);
    }
    hull.windows(2).map(|pair| step(&pair[0], &pair[1])).collect()
}

/// Compares value a unit; the resources are above 0.
fn steepness<S: Scalar>(a: &(S, S), b: &(S, S)) -> Ordering {
    a.1.mul(&b.0).partial_cmp(&b.1.mul(&a.0)).unwrap_or(Ordering::Equal)
}
