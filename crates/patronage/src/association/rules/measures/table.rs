//! The two-by-two table of a rule.

use crate::association::rules::Counts;

/// Baskets by whether they hold X and Y, as floats: a product of two counts is rounded once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub n: f64,
    pub x: f64,
    pub y: f64,
    pub xy: f64,
    pub not_x: f64,
    pub not_y: f64,
    pub x_only: f64,
    pub y_only: f64,
    pub neither: f64,
    /// n n₁₁ − n₁. n.₁ = n₁₁ n₀₀ − n₁₀ n₀₁: what goes beyond independence, times n². The difference is taken in
    /// integers before it becomes a float.
    pub beyond: f64,
    pub counts: Counts,
}

impl From<Counts> for Table {
    #[inline]
    fn from(counts: Counts) -> Self {
        let [n, x, y, xy] = [counts.n(), counts.antecedent(), counts.consequent(), counts.both()];
        let (x_only, y_only, neither) =
            (counts.antecedent_only(), counts.consequent_only(), counts.neither());
        // Two cells that add up to no more than 2³² have a product of at most 2⁶².
        let beyond = if n <= 1 << 32 {
            ((xy * neither) as i64 - (x_only * y_only) as i64) as f64
        } else {
            let (plus, minus) =
                (u128::from(xy) * u128::from(neither), u128::from(x_only) * u128::from(y_only));
            let size = plus.abs_diff(minus) as f64;
            if plus < minus { -size } else { size }
        };
        // Counts of rules are far below 2⁶³, and signed integers convert faster.
        let f = |count: u64| if count >> 63 == 0 { count as i64 as f64 } else { count as f64 };
        Self {
            n: f(n),
            x: f(x),
            y: f(y),
            xy: f(xy),
            not_x: f(n - x),
            not_y: f(n - y),
            x_only: f(x_only),
            y_only: f(y_only),
            neither: f(neither),
            beyond,
            counts,
        }
    }
}

/// x ln y, 0 for x = 0.
pub(super) fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * y.ln() }
}
