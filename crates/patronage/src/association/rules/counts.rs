//! The counts beneath every interest measure.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::measures::Measure;
use crate::error::{Error, Result};

/// How many baskets hold the antecedent, the consequent, both, and how many there are: every measure of a rule
/// is a function of these.
///
/// ```
/// use patronage::association::{Counts, Measure};
/// let beer_then_diapers = Counts::new(5, 4, 4, 3)?;
/// assert_eq!(beer_then_diapers.measure(Measure::Confidence), 0.75);
/// assert_eq!(beer_then_diapers.exact(Measure::Lift).map(|lift| lift.to_string()), Some("15/16".into()));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    n: u64,
    antecedent: u64,
    consequent: u64,
    both: u64,
}

impl Counts {
    /// Counts of baskets: all, those with the antecedent, with the consequent, and with both.
    ///
    /// # Errors
    /// Counts that no baskets can have, or an antecedent in no basket.
    pub fn new(n: u64, antecedent: u64, consequent: u64, both: u64) -> Result<Self> {
        let fits = antecedent.max(consequent) <= n
            && both <= antecedent.min(consequent)
            && antecedent - both <= n - consequent;
        if !fits || antecedent == 0 {
            return Err(Error::parameter(
                "counts",
                format!("(n = {n}, antecedent = {antecedent}, consequent = {consequent}, both = {both})"),
                "counts of baskets, with the antecedent in at least one",
            ));
        }
        Ok(Self { n, antecedent, consequent, both })
    }

    /// Counts that are known to fit.
    pub(super) fn trusted(n: u64, antecedent: u64, consequent: u64, both: u64) -> Self {
        Self { n, antecedent, consequent, both }
    }

    /// All baskets.
    pub fn n(self) -> u64 {
        self.n
    }

    /// Baskets with the antecedent.
    pub fn antecedent(self) -> u64 {
        self.antecedent
    }

    /// Baskets with the consequent.
    pub fn consequent(self) -> u64 {
        self.consequent
    }

    /// Baskets with both.
    pub fn both(self) -> u64 {
        self.both
    }

    /// Baskets with the antecedent and without the consequent.
    pub fn antecedent_only(self) -> u64 {
        self.antecedent - self.both
    }

    /// Baskets with the consequent and without the antecedent.
    pub fn consequent_only(self) -> u64 {
        self.consequent - self.both
    }

    /// Baskets with neither.
    pub fn neither(self) -> u64 {
        self.n - self.consequent - self.antecedent_only()
    }

    /// The value of a measure.
    pub fn measure(self, measure: Measure) -> f64 {
        measure.of(self)
    }

    /// Support, confidence, lift, leverage and conviction as exact fractions; `None` for the other measures, and
    /// where the value is infinite or undefined.
    pub fn exact(self, measure: Measure) -> Option<BigRational> {
        let big = |count: u64| BigInt::from(count);
        let [n, a, c, both] = [self.n, self.antecedent, self.consequent, self.both].map(big);
        let (top, bottom) = match measure {
            Measure::Support => (both, n),
            Measure::Confidence => (both, a),
            Measure::Lift => (n * both, a * c),
            Measure::Leverage => (&n * both - a * c, &n * &n),
            Measure::Conviction => (a * (&n - c), n * big(self.antecedent_only())),
            _ => return None,
        };
        (bottom != BigInt::ZERO).then(|| BigRational::new(top, bottom))
    }
}
