//! What the antecedent tells about the consequent: impurity, information, errors of prediction.

use super::table::{Table, xlogy};

pub(super) fn gini(t: &Table) -> f64 {
    let squares = |a: f64, b: f64| if a + b == 0.0 { 0.0 } else { (a * a + b * b) / (a + b) / t.n };
    squares(t.xy, t.x_only) + squares(t.y_only, t.neither) - ((t.y * t.y) + (t.not_y * t.not_y)) / (t.n * t.n)
}

pub(super) fn j_measure(t: &Table) -> f64 {
    (xlogy(t.xy, (t.xy * t.n) / (t.x * t.y)) + xlogy(t.x_only, (t.x_only * t.n) / (t.x * t.not_y))) / t.n
}

/// Σ nₓᵧ ln(n nₓᵧ / (nₓ nᵧ)).
pub(super) fn shared(t: &Table) -> f64 {
    let cell = |both: f64, a: f64, b: f64| xlogy(both, both * t.n / (a * b));
    cell(t.xy, t.x, t.y)
        + cell(t.x_only, t.x, t.not_y)
        + cell(t.y_only, t.not_x, t.y)
        + cell(t.neither, t.not_x, t.not_y)
}

pub(super) fn mutual_information(t: &Table) -> f64 {
    let entropy = |a: f64, b: f64| -xlogy(a, a / t.n) - xlogy(b, b / t.n);
    shared(t) / entropy(t.x, t.not_x).min(entropy(t.y, t.not_y))
}

pub(super) fn lambda(t: &Table) -> f64 {
    let guess = t.y.max(t.not_y);
    (t.xy.max(t.x_only) + t.y_only.max(t.neither) - guess) / (t.n - guess)
}
