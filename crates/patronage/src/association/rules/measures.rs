//! Interest measures of a rule, each a function of its counts.

use super::counts::Counts;
use crate::error::{Error, Result};

macro_rules! measures {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $formula:literal;)*) => {
        /// An interest measure of a rule X → Y.
        ///
        /// Formulas are in shares of baskets P, or in counts: n baskets, n₁₁ with X and Y, n₁₀ with X only, n₀₁ with
        /// Y only, n₀₀ with neither; n₁. with X, n.₁ with Y, n₀. without X, n.₀ without Y. A value above zero divided
        /// by zero is ∞ and zero divided by zero is undefined (NaN), except where a measure says otherwise.
        ///
        /// Definitions: Tan, Kumar and Srivastava (2004), Geng and Hamilton (2006), and the papers named.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Measure {
            $($(#[doc = $doc])* #[doc = concat!("\n\n", $formula)] $variant,)*
        }

        impl Measure {
            /// All measures.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name: lower case, words joined by underscores.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The formula.
            pub const fn formula(self) -> &'static str {
                match self { $(Self::$variant => $formula,)* }
            }
        }
    };
}

measures! {
    /// How often the rule occurs.
    Support "support" "P(XY)";
    /// How often the consequent comes with the antecedent.
    Confidence "confidence" "P(Y|X)";
    /// How much more often than if they were independent.
    Lift "lift" "P(XY) / (P(X) P(Y))";
    /// The share of baskets beyond independence (Piatetsky-Shapiro 1991).
    Leverage "leverage" "P(XY) − P(X) P(Y)";
    /// How much more often the rule would be wrong if they were independent (Brin et al. 1997). ∞ at confidence 1.
    Conviction "conviction" "P(X) P(¬Y) / P(X¬Y)";
    /// How often the rule applies.
    Coverage "coverage" "P(X)";
    /// How often the consequent occurs.
    ConsequentSupport "consequent_support" "P(Y)";
    /// Confidence beyond the consequent's share (also: centred confidence).
    AddedValue "added_value" "P(Y|X) − P(Y)";
    /// The confidence gained, as a share of what could be gained. 0 where Y is in every basket.
    Certainty "certainty" "(P(Y|X) − P(Y)) / (1 − P(Y))";
    /// Zhang (2000): from −1 to 1. 0 where it is 0/0.
    Zhang "zhang" "(P(XY) − P(X) P(Y)) / max(P(XY) P(¬X), P(X) P(¬XY))";
    /// Baskets with both among those with either.
    Jaccard "jaccard" "n₁₁ / (n₁. + n.₁ − n₁₁)";
    /// The geometric mean of the confidences of X → Y and Y → X.
    Cosine "cosine" "P(XY) / √(P(X) P(Y))";
    /// The arithmetic mean of the confidences of X → Y and Y → X.
    Kulczynski "kulczynski" "(P(Y|X) + P(X|Y)) / 2";
    /// How unequal antecedent and consequent are in frequency (Wu, Chen and Han 2010).
    ImbalanceRatio "imbalance_ratio" "|n₁. − n.₁| / (n₁. + n.₁ − n₁₁)";
    /// The lesser of the confidences of X → Y and Y → X.
    AllConfidence "all_confidence" "P(XY) / max(P(X), P(Y))";
    /// The greater of the confidences of X → Y and Y → X.
    MaxConfidence "max_confidence" "P(XY) / min(P(X), P(Y))";
    /// Confidence, cautious where counts are small.
    Laplace "laplace" "(n₁₁ + 1) / (n₁. + 2)";
    /// Confidence less that of the opposite rule X → ¬Y.
    ConfirmedConfidence "confirmed_confidence" "P(Y|X) − P(¬Y|X)";
    /// The difference that X makes (difference of confidence).
    DifferenceOfConfidence "difference_of_confidence" "P(Y|X) − P(Y|¬X)";
    /// The confidence of X → Y over that of ¬X → Y.
    RelativeRisk "relative_risk" "P(Y|X) / P(Y|¬X)";
    /// The odds of Y with X over those without.
    OddsRatio "odds_ratio" "n₁₁ n₀₀ / (n₁₀ n₀₁)";
    /// The odds ratio brought to −1 … 1 (Yule 1900).
    YuleQ "yule_q" "(n₁₁ n₀₀ − n₁₀ n₀₁) / (n₁₁ n₀₀ + n₁₀ n₀₁)";
    /// The same with square roots (Yule 1912).
    YuleY "yule_y" "(√(n₁₁ n₀₀) − √(n₁₀ n₀₁)) / (√(n₁₁ n₀₀) + √(n₁₀ n₀₁))";
    /// The correlation of X and Y.
    Phi "phi" "(P(XY) − P(X) P(Y)) / √(P(X) P(¬X) P(Y) P(¬Y))";
    /// Agreement beyond chance (Cohen 1960).
    Kappa "kappa" "(P(XY) + P(¬X¬Y) − P(X) P(Y) − P(¬X) P(¬Y)) / (1 − P(X) P(Y) − P(¬X) P(¬Y))";
    /// Pearson's statistic of independence, one degree of freedom.
    ChiSquared "chi_squared" "n (n₁₁ n₀₀ − n₁₀ n₀₁)² / (n₁. n₀. n.₁ n.₀)";
    /// Agreement over expected agreement, times expected disagreement over disagreement (Aggarwal and Yu 1998).
    CollectiveStrength "collective_strength" "(P(XY) + P(¬X¬Y)) / E · (1 − E) / (1 − P(XY) − P(¬X¬Y)), E = P(X) P(Y) + P(¬X) P(¬Y)";
    /// The fall in the Gini index of Y that X brings.
    Gini "gini" "P(X) (P(Y|X)² + P(¬Y|X)²) + P(¬X) (P(Y|¬X)² + P(¬Y|¬X)²) − P(Y)² − P(¬Y)²";
    /// The information of a rule (Smyth and Goodman 1991), in nats.
    JMeasure "j_measure" "P(XY) ln(P(Y|X) / P(Y)) + P(X¬Y) ln(P(¬Y|X) / P(¬Y))";
    /// The information of X about Y, as a share of the lesser of their entropies.
    MutualInformation "mutual_information" "Σ P(xy) ln(P(xy) / (P(x) P(y))) / min(H(X), H(Y))";
    /// The errors in predicting Y that X saves (Goodman and Kruskal 1954).
    Lambda "lambda" "(max(n₁₁, n₁₀) + max(n₀₁, n₀₀) − max(n.₁, n.₀)) / (n − max(n.₁, n.₀))";
    /// Examples less counter-examples, as a share of Y.
    LeastContradiction "least_contradiction" "(n₁₁ − n₁₀) / n.₁";
    /// Examples less counter-examples, as a share of the examples.
    CounterexampleRate "counterexample_rate" "(n₁₁ − n₁₀) / n₁₁";
    /// Examples for each counter-example (Sebag and Schoenauer 1988).
    Sebag "sebag" "n₁₁ / n₁₀";
    /// Counter-examples as a share of all baskets (Ralambondrainy 1991).
    Ralambondrainy "ralambondrainy" "P(X¬Y)";
    /// Lift less 1 (Bernard and Charron 1996).
    VaryingLiaison "varying_liaison" "P(XY) / (P(X) P(Y)) − 1";
    /// Support times confidence (Ochin, Kumar and Joshi 2016).
    RulePowerFactor "rule_power_factor" "P(XY) P(Y|X)";
    /// Examples beyond expectation in standard deviations (Lerman 1981).
    Lerman "lerman" "(n₁₁ − n₁. n.₁ / n) / √(n₁. n.₁ / n)";
    /// Counter-examples beyond expectation in standard deviations (Gras 1996).
    ImplicationIndex "implication_index" "(n₁₀ − n₁. n.₀ / n) / √(n₁. n.₀ / n)";
    /// The evidence of X for Y, smoothed, in powers of ten.
    Importance "importance" "log₁₀(((n₁₁ + 1) / (n₁. + 2)) / ((n₀₁ + 1) / (n₀. + 2)))";
    /// Linkage disequilibrium over its bound (Kenett and Salini 2008).
    RelativeLinkage "relative_linkage" "D / (D + min(n₁₀, n₀₁)) for D = n₁₁ n₀₀ / n − n₁₀ n₀₁ / n ≥ 0, else D / (D − min(n₁₁, n₀₀))";
}

impl Measure {
    /// The measure by its name.
    ///
    /// # Errors
    /// A name that no measure has.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.iter().copied().find(|measure| measure.name() == name).ok_or_else(|| Error::UnknownName {
            what: "measure".into(),
            name: name.into(),
            mend: format!(
                "there are {}",
                Self::ALL.iter().map(|measure| measure.name()).collect::<Vec<_>>().join(", ")
            ),
        })
    }

    /// The value for some counts. Differences of products are taken in integers before they become floats.
    #[allow(clippy::too_many_lines)] // a line or two a measure
    pub(super) fn of(self, counts: Counts) -> f64 {
        let [n, x, y, xy] = [counts.n(), counts.antecedent(), counts.consequent(), counts.both()];
        let (not_x, not_y) = (n - x, n - y);
        let (x_only, y_only, neither) =
            (counts.antecedent_only(), counts.consequent_only(), counts.neither());
        let f = |count: u64| count as f64;
        // n n₁₁ − n₁. n.₁ = n₁₁ n₀₀ − n₁₀ n₀₁: what goes beyond independence, times n².
        let beyond = difference([xy, neither], [x_only, y_only]);
        let confidence = f(xy) / f(x);
        match self {
            Self::Support => f(xy) / f(n),
            Self::Confidence => confidence,
            Self::Lift => times(n, xy) / times(x, y),
            Self::Leverage => beyond / times(n, n),
            Self::Conviction => times(x, not_y) / times(n, x_only),
            Self::Coverage => f(x) / f(n),
            Self::ConsequentSupport => f(y) / f(n),
            Self::AddedValue => beyond / times(x, n),
            Self::Certainty if not_y == 0 => 0.0,
            Self::Certainty => beyond / times(x, not_y),
            Self::Zhang => {
                let bound = times(xy, not_x).max(times(x, y_only));
                if bound == 0.0 { 0.0 } else { beyond / bound }
            }
            Self::Jaccard => f(xy) / f(x + y_only),
            Self::Cosine => f(xy) / times(x, y).sqrt(),
            Self::Kulczynski => 0.5 * (confidence + f(xy) / f(y)),
            Self::ImbalanceRatio => f(x.abs_diff(y)) / f(x + y_only),
            Self::AllConfidence => f(xy) / f(x.max(y)),
            Self::MaxConfidence => f(xy) / f(x.min(y)),
            Self::Laplace => (f(xy) + 1.0) / (f(x) + 2.0),
            Self::ConfirmedConfidence => (f(xy) - f(x_only)) / f(x),
            Self::DifferenceOfConfidence => confidence - f(y_only) / f(not_x),
            Self::RelativeRisk => times(xy, not_x) / times(x, y_only),
            Self::OddsRatio => times(xy, neither) / times(x_only, y_only),
            Self::YuleQ => beyond / (times(xy, neither) + times(x_only, y_only)),
            Self::YuleY => {
                let (with, against) = (times(xy, neither).sqrt(), times(x_only, y_only).sqrt());
                (with - against) / (with + against)
            }
            Self::Phi => beyond / (times(x, not_x).sqrt() * times(y, not_y).sqrt()),
            Self::Kappa => {
                let chance = times(x, y) + times(not_x, not_y);
                (times(n, xy) + times(n, neither) - chance) / (times(n, n) - chance)
            }
            Self::ChiSquared => f(n) * (beyond / times(x, not_x)) * (beyond / times(y, not_y)),
            Self::CollectiveStrength => {
                let expected = (times(x, y) + times(not_x, not_y)) / times(n, n);
                let agreement = (f(xy) + f(neither)) / f(n);
                agreement / expected * ((1.0 - expected) / ((f(x_only) + f(y_only)) / f(n)))
            }
            Self::Gini => {
                let squares = |a: u64, b: u64| (times(a, a) + times(b, b)) / f(a + b) / f(n);
                squares(xy, x_only) + squares(y_only, neither)
                    - (times(y, y) + times(not_y, not_y)) / times(n, n)
            }
            Self::JMeasure => {
                (xlogy(f(xy), times(xy, n) / times(x, y))
                    + xlogy(f(x_only), times(x_only, n) / times(x, not_y)))
                    / f(n)
            }
            Self::MutualInformation => {
                let cell = |both: u64, a: u64, b: u64| xlogy(f(both), times(both, n) / times(a, b));
                let entropy = |a: u64, b: u64| -xlogy(f(a), f(a) / f(n)) - xlogy(f(b), f(b) / f(n));
                (cell(xy, x, y)
                    + cell(x_only, x, not_y)
                    + cell(y_only, not_x, y)
                    + cell(neither, not_x, not_y))
                    / entropy(x, not_x).min(entropy(y, not_y))
            }
            Self::Lambda => {
                let guess = y.max(not_y);
                (f(xy.max(x_only)) + f(y_only.max(neither)) - f(guess)) / f(n - guess)
            }
            Self::LeastContradiction => (f(xy) - f(x_only)) / f(y),
            Self::CounterexampleRate => (f(xy) - f(x_only)) / f(xy),
            Self::Sebag => f(xy) / f(x_only),
            Self::Ralambondrainy => f(x_only) / f(n),
            Self::VaryingLiaison => beyond / times(x, y),
            Self::RulePowerFactor => f(xy) / f(n) * confidence,
            Self::Lerman => {
                let expected = times(x, y) / f(n);
                (f(xy) - expected) / expected.sqrt()
            }
            Self::ImplicationIndex => {
                let expected = times(x, not_y) / f(n);
                (f(x_only) - expected) / expected.sqrt()
            }
            Self::Importance => {
                ((f(xy) + 1.0) * (f(not_x) + 2.0) / ((f(y_only) + 1.0) * (f(x) + 2.0))).log10()
            }
            Self::RelativeLinkage => {
                let d = beyond / f(n);
                if d >= 0.0 { d / (d + f(x_only.min(y_only))) } else { d / (d - f(xy.min(neither))) }
            }
        }
    }
}

/// a b, rounded once.
fn times(a: u64, b: u64) -> f64 {
    (u128::from(a) * u128::from(b)) as f64
}

/// a b − c d, rounded once.
fn difference([a, b]: [u64; 2], [c, d]: [u64; 2]) -> f64 {
    let (plus, minus) = (u128::from(a) * u128::from(b), u128::from(c) * u128::from(d));
    if plus >= minus { (plus - minus) as f64 } else { -((minus - plus) as f64) }
}

/// x ln y, 0 for x = 0.
fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * y.ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(n: u64, x: u64, y: u64, both: u64) -> Counts {
        Counts::new(n, x, y, both).unwrap()
    }

    /// Those that the reference table does not have, from shares as their papers write them.
    #[test]
    fn measures_in_shares() {
        for c in [counts(5, 4, 4, 3), counts(9835, 130, 2513, 55), counts(100, 20, 30, 1)] {
            let share = |count: u64| count as f64 / c.n() as f64;
            let (x, y, both) = (share(c.antecedent()), share(c.consequent()), share(c.both()));
            let agree = both + share(c.neither());
            let expected = x * y + (1.0 - x) * (1.0 - y);
            for (measure, value) in [
                (Measure::Zhang, (both - x * y) / f64::max(both * (1.0 - x), x * (y - both))),
                (Measure::AllConfidence, both / f64::max(x, y)),
                (Measure::CollectiveStrength, agree / expected * (1.0 - expected) / (1.0 - agree)),
                (Measure::LeastContradiction, (both - share(c.antecedent_only())) / y),
            ] {
                let found = measure.of(c);
                assert!(
                    (found - value).abs() < 1e-9 * value.abs().max(1.0),
                    "{}: {found} ≠ {value}",
                    measure.name()
                );
            }
        }
    }

    #[test]
    fn edges() {
        let certain = counts(5, 2, 4, 2);
        assert_eq!(certain.measure(Measure::Conviction), f64::INFINITY);
        assert_eq!(certain.measure(Measure::OddsRatio), f64::INFINITY);
        assert_eq!(certain.measure(Measure::YuleQ), 1.0);
        assert_eq!(certain.measure(Measure::YuleY), 1.0);
        assert_eq!(certain.measure(Measure::Sebag), f64::INFINITY);
        let everywhere = counts(5, 2, 5, 2);
        assert!(everywhere.measure(Measure::Conviction).is_nan());
        assert!(everywhere.measure(Measure::Phi).is_nan());
        assert!(everywhere.measure(Measure::ChiSquared).is_nan());
        assert_eq!(everywhere.measure(Measure::Certainty), 0.0);
        assert_eq!(everywhere.measure(Measure::Zhang), 0.0);
        assert_eq!(everywhere.measure(Measure::Leverage), 0.0);
        // Counts near 2⁶³ neither overflow nor lose the sign of a difference.
        let n = 1 << 63;
        assert!(counts(n, n / 2, n / 2, n / 4 - 1).measure(Measure::Leverage) < 0.0);
        assert_eq!(counts(n, n / 2, n / 2, n / 4).measure(Measure::Lift), 1.0);
    }

    #[test]
    fn names_are_found() {
        for &measure in Measure::ALL {
            assert_eq!(Measure::from_name(measure.name()).unwrap(), measure);
        }
        assert!(Measure::from_name("intrest").unwrap_err().to_string().contains("lift"));
    }

    #[test]
    fn impossible_counts() {
        for (n, x, y, both) in [(5, 6, 1, 1), (5, 1, 1, 2), (5, 4, 4, 2), (5, 0, 1, 0)] {
            assert!(Counts::new(n, x, y, both).is_err());
        }
    }
}
