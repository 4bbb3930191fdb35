//! Tests of independence.

use super::information::shared;
use super::table::Table;
use crate::math::{Hypergeometric, chi_squared_tail};

pub(super) fn chi_squared(t: &Table) -> f64 {
    let beyond = t.beyond;
    t.n * (beyond / (t.x * t.not_x)) * (beyond / (t.y * t.not_y))
}

pub(super) fn yates_chi_squared(t: &Table) -> f64 {
    let beyond = (t.beyond.abs() - t.n / 2.0).max(0.0);
    t.n * (beyond / (t.x * t.not_x)) * (beyond / (t.y * t.not_y))
}

pub(super) fn g_statistic(t: &Table) -> f64 {
    // What rounding leaves of 0 may be negative.
    (2.0 * shared(t)).max(0.0)
}

/// P(χ² with one degree of freedom ≥ a value).
fn tail(statistic: f64) -> f64 {
    chi_squared_tail(statistic, 1)
}

pub(super) fn chi_squared_p_value(t: &Table) -> f64 {
    tail(chi_squared(t))
}

pub(super) fn yates_p_value(t: &Table) -> f64 {
    tail(yates_chi_squared(t))
}

pub(super) fn g_p_value(t: &Table) -> f64 {
    tail(g_statistic(t))
}

fn chance(t: &Table) -> Hypergeometric {
    Hypergeometric::new(t.counts.n(), t.counts.antecedent(), t.counts.consequent())
}

pub(super) fn fisher_p_value(t: &Table) -> f64 {
    chance(t).upper_tail(t.counts.both())
}

pub(super) fn fisher_p_value_less(t: &Table) -> f64 {
    chance(t).lower_tail(t.counts.both())
}

pub(super) fn hyper_confidence(t: &Table) -> f64 {
    match t.counts.both() {
        0 => 0.0,
        both => chance(t).lower_tail(both - 1),
    }
}

pub(super) fn hyper_lift(t: &Table) -> f64 {
    // 0.01 as it is meant, whatever is left of it in binary.
    t.xy / chance(t).upper_quantile(0.01 * (1.0 + 1e-12)) as f64
}
