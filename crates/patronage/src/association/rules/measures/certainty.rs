//! How sure a rule is: measures of support and confidence.

use super::table::Table;

pub(super) fn support(t: &Table) -> f64 {
    t.xy / t.n
}

pub(super) fn confidence(t: &Table) -> f64 {
    t.xy / t.x
}

pub(super) fn coverage(t: &Table) -> f64 {
    t.x / t.n
}

pub(super) fn consequent_support(t: &Table) -> f64 {
    t.y / t.n
}

pub(super) fn conviction(t: &Table) -> f64 {
    (t.x * t.not_y) / (t.n * t.x_only)
}

pub(super) fn added_value(t: &Table) -> f64 {
    t.beyond / (t.x * t.n)
}

pub(super) fn certainty(t: &Table) -> f64 {
    if t.not_y == 0.0 { 0.0 } else { t.beyond / (t.x * t.not_y) }
}

pub(super) fn certainty_factor(t: &Table) -> f64 {
    let beyond = t.beyond;
    if beyond < 0.0 { beyond / (t.x * t.y) } else { certainty(t) }
}

pub(super) fn laplace(t: &Table) -> f64 {
    (t.xy + 1.0) / (t.x + 2.0)
}

pub(super) fn confirmed_confidence(t: &Table) -> f64 {
    (t.xy - t.x_only) / t.x
}

pub(super) fn casual_support(t: &Table) -> f64 {
    (t.xy + t.y - t.x_only) / t.n
}

pub(super) fn casual_confidence(t: &Table) -> f64 {
    1.0 - t.x_only / t.n * (1.0 / t.x + 1.0 / t.y)
}

pub(super) fn causal_support(t: &Table) -> f64 {
    (t.xy + t.neither) / t.n
}

pub(super) fn causal_confidence(t: &Table) -> f64 {
    0.5 * (confidence(t) + t.neither / t.not_y)
}

pub(super) fn difference_of_confidence(t: &Table) -> f64 {
    t.beyond / (t.x * t.not_x)
}

pub(super) fn relative_risk(t: &Table) -> f64 {
    (t.xy * t.not_x) / (t.x * t.y_only)
}

pub(super) fn binary_importance(t: &Table) -> f64 {
    relative_risk(t).log2()
}

pub(super) fn importance(t: &Table) -> f64 {
    ((t.xy + 1.0) * (t.not_x + 2.0) / ((t.y_only + 1.0) * (t.x + 2.0))).log10()
}

pub(super) fn least_contradiction(t: &Table) -> f64 {
    (t.xy - t.x_only) / t.y
}

pub(super) fn counterexample_rate(t: &Table) -> f64 {
    (t.xy - t.x_only) / t.xy
}

pub(super) fn sebag(t: &Table) -> f64 {
    t.xy / t.x_only
}

pub(super) fn ralambondrainy(t: &Table) -> f64 {
    t.x_only / t.n
}

pub(super) fn rule_power_factor(t: &Table) -> f64 {
    support(t) * confidence(t)
}
