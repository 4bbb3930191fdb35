//! How far antecedent and consequent are from independence, and how alike they are.

use super::table::Table;

pub(super) fn lift(t: &Table) -> f64 {
    (t.n * t.xy) / (t.x * t.y)
}

pub(super) fn leverage(t: &Table) -> f64 {
    t.beyond / (t.n * t.n)
}

pub(super) fn varying_liaison(t: &Table) -> f64 {
    t.beyond / (t.x * t.y)
}

pub(super) fn zhang(t: &Table) -> f64 {
    let bound = (t.xy * t.not_x).max(t.x * t.y_only);
    if bound == 0.0 { 0.0 } else { t.beyond / bound }
}

pub(super) fn jaccard(t: &Table) -> f64 {
    t.xy / (t.x + t.y_only)
}

pub(super) fn cosine(t: &Table) -> f64 {
    t.xy / (t.x * t.y).sqrt()
}

pub(super) fn kulczynski(t: &Table) -> f64 {
    0.5 * (t.xy / t.x + t.xy / t.y)
}

pub(super) fn imbalance_ratio(t: &Table) -> f64 {
    (t.x - t.y).abs() / (t.x + t.y_only)
}

pub(super) fn all_confidence(t: &Table) -> f64 {
    t.xy / t.x.max(t.y)
}

pub(super) fn max_confidence(t: &Table) -> f64 {
    t.xy / t.x.min(t.y)
}

pub(super) fn odds_ratio(t: &Table) -> f64 {
    (t.xy * t.neither) / (t.x_only * t.y_only)
}

pub(super) fn smoothed_odds_ratio(t: &Table) -> f64 {
    let half = |count: f64| count + 0.5;
    half(t.xy) * half(t.neither) / (half(t.x_only) * half(t.y_only))
}

pub(super) fn yule_q(t: &Table) -> f64 {
    t.beyond / ((t.xy * t.neither) + (t.x_only * t.y_only))
}

pub(super) fn yule_y(t: &Table) -> f64 {
    let (with, against) = ((t.xy * t.neither).sqrt(), (t.x_only * t.y_only).sqrt());
    (with - against) / (with + against)
}

pub(super) fn phi(t: &Table) -> f64 {
    t.beyond / ((t.x * t.not_x).sqrt() * (t.y * t.not_y).sqrt())
}

pub(super) fn kappa(t: &Table) -> f64 {
    // Agreement beyond chance is twice what goes beyond independence; what chance leaves is positive.
    2.0 * t.beyond / ((t.x * t.not_y) + (t.not_x * t.y))
}

pub(super) fn collective_strength(t: &Table) -> f64 {
    let (agree, disagree) = ((t.x * t.y) + (t.not_x * t.not_y), (t.x * t.not_y) + (t.not_x * t.y));
    (t.xy + t.neither) / agree * (disagree / (t.x_only + t.y_only))
}

pub(super) fn relative_linkage(t: &Table) -> f64 {
    let d = t.beyond / t.n;
    if d >= 0.0 { d / (d + t.x_only.min(t.y_only)) } else { d / (d - t.xy.min(t.neither)) }
}

pub(super) fn lerman(t: &Table) -> f64 {
    t.beyond / t.n / ((t.x * t.y) / t.n).sqrt()
}

pub(super) fn implication_index(t: &Table) -> f64 {
    -t.beyond / t.n / ((t.x * t.not_y) / t.n).sqrt()
}
