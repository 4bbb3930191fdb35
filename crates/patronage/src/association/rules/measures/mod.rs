//! Interest measures of a rule: their names and formulas here, the arithmetic by family beside.

mod certainty;
mod dependence;
mod information;
mod more;
mod statistics;
mod table;

use self::table::Table;
use super::counts::Counts;
use crate::error::{Error, Result};

pub(super) use self::more::SubRule;

macro_rules! measures {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $formula:literal $function:path;)*) => {
        /// An interest measure of a rule X → Y.
        ///
        /// Formulas are in shares of baskets P, or in counts: n baskets, n₁₁ with X and Y, n₁₀ with X only, n₀₁ with
        /// Y only, n₀₀ with neither; n₁. with X, n.₁ with Y, n₀. without X, n.₀ without Y. A value above zero divided
        /// by zero is ∞ and zero divided by zero is undefined (NaN), except where a measure says otherwise; 0 ln 0
        /// is 0. K is the number of baskets with X and Y that chance would give, if Y stood in n.₁ baskets drawn
        /// without regard to X: K is hypergeometric.
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

            /// The values for some tables: a loop for each measure, so that the compiler sees into it.
            fn fill(self, tables: &[Table], values: &mut [f64]) {
                match self { $(Self::$variant => fill(tables, values, $function),)* }
            }
        }
    };
}

measures! {
    /// How often the rule occurs.
    Support "support" "P(XY)" certainty::support;
    /// How often the consequent comes with the antecedent.
    Confidence "confidence" "P(Y|X)" certainty::confidence;
    /// How much more often than if they were independent (Brin et al. 1997; also: interest).
    Lift "lift" "P(XY) / (P(X) P(Y))" dependence::lift;
    /// The share of baskets beyond independence (Piatetsky-Shapiro 1991).
    Leverage "leverage" "P(XY) − P(X) P(Y)" dependence::leverage;
    /// How much more often the rule would be wrong if they were independent (Brin et al. 1997). ∞ at confidence 1,
    /// undefined where every basket holds Y.
    Conviction "conviction" "P(X) P(¬Y) / P(X¬Y)" certainty::conviction;
    /// How often the rule applies.
    Coverage "coverage" "P(X)" certainty::coverage;
    /// How often the consequent occurs.
    ConsequentSupport "consequent_support" "P(Y)" certainty::consequent_support;
    /// Confidence beyond the consequent's share (also: centred confidence).
    AddedValue "added_value" "P(Y|X) − P(Y)" certainty::added_value;
    /// The confidence gained, as a share of what could be gained. 0 where Y is in every basket.
    Certainty "certainty" "(P(Y|X) − P(Y)) / (1 − P(Y))" certainty::certainty;
    /// The same, and where confidence is lost, as a share of what could be lost (Shortliffe and Buchanan 1975): from
    /// −1 to 1. 0 where Y is in every basket.
    CertaintyFactor "certainty_factor" "(P(Y|X) − P(Y)) / (1 − P(Y)), or / P(Y) where negative" certainty::certainty_factor;
    /// Zhang (2000): from −1 to 1. 0 where it is 0/0.
    Zhang "zhang" "(P(XY) − P(X) P(Y)) / max(P(XY) P(¬X), P(X) P(¬XY))" dependence::zhang;
    /// Baskets with both among those with either.
    Jaccard "jaccard" "n₁₁ / (n₁. + n.₁ − n₁₁)" dependence::jaccard;
    /// The geometric mean of the confidences of X → Y and Y → X.
    Cosine "cosine" "P(XY) / √(P(X) P(Y))" dependence::cosine;
    /// The arithmetic mean of the confidences of X → Y and Y → X.
    Kulczynski "kulczynski" "(P(Y|X) + P(X|Y)) / 2" dependence::kulczynski;
    /// How unequal antecedent and consequent are in frequency (Wu, Chen and Han 2010).
    ImbalanceRatio "imbalance_ratio" "|n₁. − n.₁| / (n₁. + n.₁ − n₁₁)" dependence::imbalance_ratio;
    /// The lesser of the confidences of X → Y and Y → X (Omiecinski 2003).
    AllConfidence "all_confidence" "P(XY) / max(P(X), P(Y))" dependence::all_confidence;
    /// The greater of the confidences of X → Y and Y → X.
    MaxConfidence "max_confidence" "P(XY) / min(P(X), P(Y))" dependence::max_confidence;
    /// Confidence, cautious where counts are small.
    Laplace "laplace" "(n₁₁ + 1) / (n₁. + 2)" certainty::laplace;
    /// Confidence less that of the opposite rule X → ¬Y.
    ConfirmedConfidence "confirmed_confidence" "P(Y|X) − P(¬Y|X)" certainty::confirmed_confidence;
    /// Antecedent and consequent, less twice the counter-examples, as arules has it.
    CasualSupport "casual_support" "P(X) + P(Y) − 2 P(X¬Y)" certainty::casual_support;
    /// As arules has it: a share, divided by counts. [`Measure::CausalConfidence`] is what Kodratoff defined.
    CasualConfidence "casual_confidence" "1 − P(X¬Y) (1 / n₁. + 1 / n.₁)" certainty::casual_confidence;
    /// Baskets with both and baskets with neither (Kodratoff 2001).
    CausalSupport "causal_support" "P(XY) + P(¬X¬Y)" certainty::causal_support;
    /// The mean of the confidences of X → Y and ¬Y → ¬X (Kodratoff 2001). Undefined where every basket holds Y.
    CausalConfidence "causal_confidence" "(P(Y|X) + P(¬X|¬Y)) / 2" certainty::causal_confidence;
    /// The difference that X makes (difference of confidence). Undefined where every basket holds X.
    DifferenceOfConfidence "difference_of_confidence" "P(Y|X) − P(Y|¬X)" certainty::difference_of_confidence;
    /// The confidence of X → Y over that of ¬X → Y. ∞ where Y never comes without X.
    RelativeRisk "relative_risk" "P(Y|X) / P(Y|¬X)" certainty::relative_risk;
    /// The odds of Y with X over those without.
    OddsRatio "odds_ratio" "n₁₁ n₀₀ / (n₁₀ n₀₁)" dependence::odds_ratio;
    /// The odds ratio with half a basket added to each cell, so that it is always finite (Haldane 1956, Anscombe 1956).
    SmoothedOddsRatio "smoothed_odds_ratio" "(n₁₁ + 0.5) (n₀₀ + 0.5) / ((n₁₀ + 0.5) (n₀₁ + 0.5))" dependence::smoothed_odds_ratio;
    /// The odds ratio brought to −1 … 1 (Yule 1900); 1 where the odds ratio is ∞.
    YuleQ "yule_q" "(n₁₁ n₀₀ − n₁₀ n₀₁) / (n₁₁ n₀₀ + n₁₀ n₀₁)" dependence::yule_q;
    /// The same with square roots (Yule 1912).
    YuleY "yule_y" "(√(n₁₁ n₀₀) − √(n₁₀ n₀₁)) / (√(n₁₁ n₀₀) + √(n₁₀ n₀₁))" dependence::yule_y;
    /// The correlation of X and Y. Undefined where X or Y is in every basket.
    Phi "phi" "(P(XY) − P(X) P(Y)) / √(P(X) P(¬X) P(Y) P(¬Y))" dependence::phi;
    /// Agreement beyond chance (Cohen 1960).
    Kappa "kappa" "(P(XY) + P(¬X¬Y) − P(X) P(Y) − P(¬X) P(¬Y)) / (1 − P(X) P(Y) − P(¬X) P(¬Y))" dependence::kappa;
    /// Agreement over expected agreement, times expected disagreement over disagreement (Aggarwal and Yu 1998).
    CollectiveStrength "collective_strength" "(P(XY) + P(¬X¬Y)) / (P(X) P(Y) + P(¬X) P(¬Y)) · (1 − P(X) P(Y) − P(¬X) P(¬Y)) / (P(X¬Y) + P(¬XY))" dependence::collective_strength;
    /// Linkage disequilibrium over its bound (Kenett and Salini 2008).
    RelativeLinkage "relative_linkage" "D / (D + min(n₁₀, n₀₁)) for D = n₁₁ n₀₀ / n − n₁₀ n₀₁ / n ≥ 0, else D / (D − min(n₁₁, n₀₀))" dependence::relative_linkage;
    /// Lift less 1 (Bernard and Charron 1996).
    VaryingLiaison "varying_liaison" "P(XY) / (P(X) P(Y)) − 1" dependence::varying_liaison;
    /// Examples beyond expectation in standard deviations (Lerman 1981).
    Lerman "lerman" "(n₁₁ − n₁. n.₁ / n) / √(n₁. n.₁ / n)" dependence::lerman;
    /// Counter-examples beyond expectation in standard deviations (Gras 1996). Undefined where every basket holds Y.
    ImplicationIndex "implication_index" "(n₁₀ − n₁. n.₀ / n) / √(n₁. n.₀ / n)" dependence::implication_index;
    /// The fall in the Gini index of Y that X brings.
    Gini "gini" "P(X) (P(Y|X)² + P(¬Y|X)²) + P(¬X) (P(Y|¬X)² + P(¬Y|¬X)²) − P(Y)² − P(¬Y)²" information::gini;
    /// The information of a rule (Smyth and Goodman 1991), in nats.
    JMeasure "j_measure" "P(XY) ln(P(Y|X) / P(Y)) + P(X¬Y) ln(P(¬Y|X) / P(¬Y))" information::j_measure;
    /// The information of X about Y, as a share of the lesser of their entropies.
    MutualInformation "mutual_information" "Σ P(xy) ln(P(xy) / (P(x) P(y))) / min(H(X), H(Y))" information::mutual_information;
    /// The errors in predicting Y that X saves (Goodman and Kruskal 1954).
    Lambda "lambda" "(max(n₁₁, n₁₀) + max(n₀₁, n₀₀) − max(n.₁, n.₀)) / (n − max(n.₁, n.₀))" information::lambda;
    /// Examples less counter-examples, as a share of Y (Azé and Kodratoff 2002).
    LeastContradiction "least_contradiction" "(n₁₁ − n₁₀) / n.₁" certainty::least_contradiction;
    /// Examples less counter-examples, as a share of the examples.
    CounterexampleRate "counterexample_rate" "(n₁₁ − n₁₀) / n₁₁" certainty::counterexample_rate;
    /// Examples for each counter-example (Sebag and Schoenauer 1988). ∞ at confidence 1.
    Sebag "sebag" "n₁₁ / n₁₀" certainty::sebag;
    /// Counter-examples as a share of all baskets (Ralambondrainy 1991).
    Ralambondrainy "ralambondrainy" "P(X¬Y)" certainty::ralambondrainy;
    /// Support times confidence (Ochin, Kumar and Joshi 2016).
    RulePowerFactor "rule_power_factor" "P(XY) P(Y|X)" certainty::rule_power_factor;
    /// The evidence of X for Y, smoothed, in powers of ten (as arules and Microsoft have it).
    Importance "importance" "log₁₀((n₁₁ + 1) / (n₁. + 2) / ((n₀₁ + 1) / (n₀. + 2)))" certainty::importance;
    /// The evidence of X for Y in powers of two: what Borgelt's programs call importance. ∞ where Y never comes
    /// without X.
    BinaryImportance "binary_importance" "log₂(P(Y|X) / P(Y|¬X))" certainty::binary_importance;
    /// Pearson's statistic of independence, one degree of freedom. Undefined where X or Y is in every basket.
    ChiSquared "chi_squared" "n (n₁₁ n₀₀ − n₁₀ n₀₁)² / (n₁. n₀. n.₁ n.₀)" statistics::chi_squared;
    /// The probability of a χ² at least as large under independence: in either direction.
    ChiSquaredPValue "chi_squared_p_value" "erfc(√(χ² / 2))" statistics::chi_squared_p_value;
    /// χ² with the correction for continuity (Yates 1934).
    YatesChiSquared "yates_chi_squared" "n max(|n₁₁ n₀₀ − n₁₀ n₀₁| − n / 2, 0)² / (n₁. n₀. n.₁ n.₀)" statistics::yates_chi_squared;
    /// The probability of a corrected χ² at least as large.
    YatesPValue "yates_p_value" "erfc(√(χ²ᵧ / 2))" statistics::yates_p_value;
    /// The likelihood ratio statistic of independence, one degree of freedom (Wilks 1938). 0 where X or Y is in every
    /// basket.
    GStatistic "g_statistic" "2 Σ nₓᵧ ln(n nₓᵧ / (nₓ nᵧ))" statistics::g_statistic;
    /// The probability of a G at least as large.
    GPValue "g_p_value" "erfc(√(G / 2))" statistics::g_p_value;
    /// The probability that chance gives as many baskets with both or more (Fisher 1922, one-sided), from the exact
    /// distribution.
    FisherPValue "fisher_p_value" "P(K ≥ n₁₁)" statistics::fisher_p_value;
    /// The probability that chance gives as few baskets with both or fewer: for rules that say what is avoided.
    FisherPValueLess "fisher_p_value_less" "P(K ≤ n₁₁)" statistics::fisher_p_value_less;
    /// The probability that chance gives fewer baskets with both (Hahsler and Hornik 2007).
    HyperConfidence "hyper_confidence" "P(K < n₁₁)" statistics::hyper_confidence;
    /// Baskets with both, over the number that chance exceeds in at most 1 % (Hahsler and Hornik 2007). ∞ where
    /// that number is 0.
    HyperLift "hyper_lift" "n₁₁ / Q₀.₉₉(K)" statistics::hyper_lift;
    /// Lift as a share of the range it can have, given the supports of X and Y and the least support s and confidence
    /// c of the rules (`McNicholas`, Murphy and O'Regan 2008). It needs these two: undefined for counts alone.
    StandardisedLift "standardised_lift" "(lift − λ) / (υ − λ), λ = max((P(X) + P(Y) − 1) / (P(X) P(Y)), 4 s / (1 + s)², s / (P(X) P(Y)), c / P(Y)), υ = 1 / max(P(X), P(Y))" more::beyond_counts;
    /// How much confidence goes beyond that of the best rule X′ → Y from a part of X that is neither empty nor all of
    /// X (Bayardo, Agrawal and Gunopulos 1999). The confidence itself where X is one item. It needs the supports of
    /// the parts: undefined for counts alone, and for rules that do not come from all frequent itemsets.
    Improvement "improvement" "P(Y|X) − max P(Y|X′), ∅ ≠ X′ ⊊ X" more::beyond_counts;
    /// Confidence over that of the best rule X′ → Y from a part of X (Balcázar 2013). ∞ where X is one item. Undefined
    /// where [`Measure::Improvement`] is.
    ConfidenceBoost "confidence_boost" "P(Y|X) / max P(Y|X′), ∅ ≠ X′ ⊊ X" more::beyond_counts;
    /// Lift over that of the best rule X′ → Y from a part of X (López et al. 2014): as Y is the same, the same number
    /// as the confidence boost.
    LiftIncrease "lift_increase" "lift(X → Y) / max lift(X′ → Y), ∅ ≠ X′ ⊊ X" more::beyond_counts;
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

    /// Whether counts alone do not tell it.
    pub(super) fn needs_rules(self) -> bool {
        self == Self::StandardisedLift || self.compares_parts()
    }

    /// Whether it compares a rule with those from parts of its antecedent.
    pub(super) fn compares_parts(self) -> bool {
        matches!(self, Self::Improvement | Self::ConfidenceBoost | Self::LiftIncrease)
    }

    /// The value for some counts.
    pub(super) fn of(self, counts: Counts) -> f64 {
        let mut value = [f64::NAN];
        self.fill(&[Table::from(counts)], &mut value);
        value[0]
    }
}

fn fill(tables: &[Table], values: &mut [f64], function: impl Fn(&Table) -> f64) {
    values.iter_mut().zip(tables).for_each(|(value, table)| *value = function(table));
}

/// The values of several measures for the same counts: the counts are prepared once.
pub(super) fn fill_all(
    counts: impl Iterator<Item = Counts>,
    measures: &[Measure],
    columns: &mut [&mut [f64]],
) {
    let tables: Vec<Table> = counts.map(Table::from).collect();
    columns.iter_mut().zip(measures).for_each(|(column, measure)| measure.fill(&tables, column));
}

#[cfg(test)]
mod tests;
