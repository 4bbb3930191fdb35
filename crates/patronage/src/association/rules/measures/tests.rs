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
        let beyond = both / x - y;
        for (measure, value) in [
            (Measure::Zhang, (both - x * y) / f64::max(both * (1.0 - x), x * (y - both))),
            (Measure::AllConfidence, both / f64::max(x, y)),
            (Measure::CollectiveStrength, agree / expected * (1.0 - expected) / (1.0 - agree)),
            (Measure::LeastContradiction, (both - share(c.antecedent_only())) / y),
            (Measure::CertaintyFactor, if beyond < 0.0 { beyond / y } else { beyond / (1.0 - y) }),
            (Measure::CausalSupport, agree),
            (Measure::CausalConfidence, 0.5 * (both / x + share(c.neither()) / (1.0 - y))),
            (Measure::BinaryImportance, (both / x / ((y - both) / (1.0 - x))).log2()),
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

/// Numbers of scipy 1.17.1: `chi2_contingency` with and without `correction`, and with `lambda_="log-likelihood"`;
/// Fisher's from sums of exact fractions, which `fisher_exact` equals to 1e-15.
#[test]
fn tests_of_independence() {
    for (c, expected) in SCIPY {
        let c = counts(c[0], c[1], c[2], c[3]);
        for (measure, value) in STATISTICS.iter().zip(expected) {
            let found = measure.of(c);
            assert!(
                (found - value).abs() <= 1e-10 * value.abs(),
                "{} {c:?}: {found} ≠ {value}",
                measure.name()
            );
        }
    }
}

const STATISTICS: [Measure; 8] = [
    Measure::ChiSquared,
    Measure::ChiSquaredPValue,
    Measure::YatesChiSquared,
    Measure::YatesPValue,
    Measure::GStatistic,
    Measure::GPValue,
    Measure::FisherPValue,
    Measure::FisherPValueLess,
];

/// n, baskets with X, with Y, with both; then the statistics in the order above.
#[allow(clippy::excessive_precision, clippy::unreadable_literal)]
const SCIPY: [([u64; 4], [f64; 8]); 5] = [
    (
        [9835, 130, 2513, 55],
        [
            19.444380309662872,
            1.0357213151083361e-05,
            18.56198157398244,
            1.6446817701243472e-05,
            17.479736705305477,
            2.9038627741500185e-05,
            2.053005390032514e-05,
            0.9999908930019391,
        ],
    ),
    (
        [100, 20, 30, 1],
        [
            7.440476190476191,
            0.006377301421688326,
            6.026785714285714,
            0.014090368927114726,
            9.45736180641945,
            0.0021030332814793704,
            0.9996979671150232,
            0.0038553609435275416,
        ],
    ),
    (
        [100000, 900, 1200, 700],
        [44919.63130764979, 0.0, 44854.47846785411, 0.0, 5760.157939523938, 0.0, 0.0, 1.0],
    ),
    (
        [50, 25, 25, 13],
        [0.08, 0.7772974107895214, 0.0, 1.0, 0.08002134699838148, 0.777268484094024, 0.5, 0.7139307835954158],
    ),
    (
        [20000, 12000, 11000, 6500],
        [
            8.417508417508419,
            0.0037162471656893236,
            8.33354377104377,
            0.0038919662662881267,
            8.422951551566143,
            0.0037051383545913127,
            0.998230864722894,
            0.0019409386952977292,
        ],
    ),
];

#[test]
fn edges() {
    let certain = counts(5, 2, 4, 2);
    assert_eq!(certain.measure(Measure::Conviction), f64::INFINITY);
    assert_eq!(certain.measure(Measure::OddsRatio), f64::INFINITY);
    assert_eq!(certain.measure(Measure::YuleQ), 1.0);
    assert_eq!(certain.measure(Measure::YuleY), 1.0);
    assert_eq!(certain.measure(Measure::Sebag), f64::INFINITY);
    let everywhere = counts(5, 2, 5, 2);
    for measure in [Measure::Conviction, Measure::Phi, Measure::ChiSquared, Measure::ImplicationIndex] {
        assert!(everywhere.measure(measure).is_nan(), "{}", measure.name());
    }
    for measure in [Measure::Certainty, Measure::Zhang, Measure::Leverage, Measure::GStatistic, Measure::Gini]
    {
        assert_eq!(everywhere.measure(measure), 0.0, "{}", measure.name());
    }
    assert_eq!(everywhere.measure(Measure::FisherPValue), 1.0);
    assert!(counts(5, 5, 2, 2).measure(Measure::DifferenceOfConfidence).is_nan());
    assert_eq!(counts(1000, 3, 2, 1).measure(Measure::HyperLift), f64::INFINITY);
    assert_eq!(counts(5, 2, 2, 0).measure(Measure::BinaryImportance), f64::NEG_INFINITY);
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
