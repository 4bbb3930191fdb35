//! Measures that need more than the counts of the rule.

use super::Measure;
use super::table::Table;
use crate::association::rules::Counts;

/// Undefined, as counts alone do not tell.
pub(super) fn beyond_counts(_: &Table) -> f64 {
    f64::NAN
}

/// The best rule X′ → Y from a part X′ of the antecedent: baskets with X′, and with X′ and Y.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubRule {
    pub antecedent: u64,
    pub both: u64,
}

impl SubRule {
    /// Whether another is more confident.
    pub(in crate::association) fn is_less_confident_than(self, other: Self) -> bool {
        u128::from(self.both) * u128::from(other.antecedent)
            < u128::from(other.both) * u128::from(self.antecedent)
    }
}

impl Measure {
    /// Lift in the range it can have.
    pub(in crate::association::rules) fn standardised_lift(
        counts: Counts,
        min_count: u64,
        min_confidence: f64,
    ) -> f64 {
        let t = Table::from(counts);
        let (x, y, least) = (t.x / t.n, t.y / t.n, min_count as f64 / t.n);
        let lowest = ((x + y - 1.0) / (x * y))
            .max(4.0 * least / ((1.0 + least) * (1.0 + least)))
            .max(least / (x * y))
            .max(min_confidence / y);
        let highest = 1.0 / x.max(y);
        (super::dependence::lift(&t) - lowest) / (highest - lowest)
    }

    /// A measure that compares the rule with the best from a part of its antecedent, `None` if it has no part.
    pub(in crate::association::rules) fn against(self, counts: Counts, best: Option<SubRule>) -> f64 {
        let [x, both] = [counts.antecedent(), counts.both()].map(|count| count as f64);
        match (self, best) {
            (Self::Improvement, None) => both / x,
            (_, None) => f64::INFINITY,
            (Self::Improvement, Some(best)) => {
                let (y, z) = (best.antecedent as f64, best.both as f64);
                (both * y - z * x) / (x * y)
            }
            (_, Some(best)) => both * best.antecedent as f64 / (best.both as f64 * x),
        }
    }
}
