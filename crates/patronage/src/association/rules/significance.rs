//! Which rules are more than chance, given how many were looked at.

use super::{Measure, Rules};
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

/// A test of the independence of antecedent and consequent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Test {
    /// Fisher's exact test, one-sided: as many baskets with both, or more ([`Measure::FisherPValue`]).
    #[default]
    Fisher,
    /// Fisher's exact test the other way: as few baskets with both, or fewer ([`Measure::FisherPValueLess`]).
    FisherLess,
    /// Pearson's χ², which is approximate and takes departures in either direction ([`Measure::ChiSquaredPValue`]).
    ChiSquared,
}

impl Test {
    /// All tests.
    pub const ALL: [Self; 3] = [Self::Fisher, Self::FisherLess, Self::ChiSquared];

    /// The test by its name.
    ///
    /// # Errors
    /// A name that is none of `fisher`, `fisher_less`, `chi_squared`.
    pub fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|test| test.name() == name);
        found.ok_or_else(|| {
            Error::parameter("test", format!("'{name}'"), "'fisher', 'fisher_less' or 'chi_squared'")
        })
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fisher => "fisher",
            Self::FisherLess => "fisher_less",
            Self::ChiSquared => "chi_squared",
        }
    }

    /// The measure that is its p-value.
    pub const fn p_value(self) -> Measure {
        match self {
            Self::Fisher => Measure::FisherPValue,
            Self::FisherLess => Measure::FisherPValueLess,
            Self::ChiSquared => Measure::ChiSquaredPValue,
        }
    }
}

/// What is done about many tests at once.
///
/// Of m tests those that are not in the table (their confidence was too low, say) are taken to have the p-value 1:
/// so no correction is too lenient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Correction {
    /// Nothing: of m rules of chance, α m pass.
    None,
    /// m p: at most α is the probability that any rule of chance passes (Dunn 1961).
    Bonferroni,
    /// The same promise with more power: (m − i + 1) p of the i-th smallest, never falling (Holm 1979).
    #[default]
    Holm,
    /// At most α is the expected share of rules of chance among those that pass: m p / i of the i-th smallest, never
    /// falling (Benjamini and Hochberg 1995).
    BenjaminiHochberg,
}

impl Correction {
    /// All corrections.
    pub const ALL: [Self; 4] = [Self::None, Self::Bonferroni, Self::Holm, Self::BenjaminiHochberg];

    /// The correction by its name.
    ///
    /// # Errors
    /// A name that is none of `none`, `bonferroni`, `holm`, `benjamini_hochberg`.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|correction| correction.name() == name).ok_or_else(|| {
            let expected = "'none', 'bonferroni', 'holm' or 'benjamini_hochberg'";
            Error::parameter("correction", format!("'{name}'"), expected)
        })
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bonferroni => "bonferroni",
            Self::Holm => "holm",
            Self::BenjaminiHochberg => "benjamini_hochberg",
        }
    }

    /// The adjusted p-values of the smallest of m tests.
    pub fn adjust(self, p_values: &[f64], m: u64) -> Vec<f64> {
        let m = m as f64;
        let mut order: Vec<usize> = (0..p_values.len()).collect();
        order.sort_unstable_by(|&a, &b| p_values[a].total_cmp(&p_values[b]).then(a.cmp(&b)));
        let mut adjusted = vec![f64::NAN; p_values.len()];
        match self {
            Self::None => adjusted.copy_from_slice(p_values),
            Self::Bonferroni => {
                adjusted.iter_mut().zip(p_values).for_each(|(adjusted, p)| *adjusted = (m * p).min(1.0));
            }
            Self::Holm => {
                let mut least = 0.0_f64;
                for (rank, &place) in order.iter().enumerate() {
                    least = least.max((m - rank as f64) * p_values[place]).min(1.0);
                    adjusted[place] = least;
                }
            }
            Self::BenjaminiHochberg => {
                let mut most = 1.0_f64;
                for (rank, &place) in order.iter().enumerate().rev() {
                    most = most.min(m / (rank + 1) as f64 * p_values[place]);
                    adjusted[place] = most;
                }
            }
        }
        adjusted
    }
}

/// The p-values of rules, and what they are after a correction.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tested {
    /// The test.
    pub test: Test,
    /// The correction.
    pub correction: Correction,
    /// How many tests were corrected for.
    pub n_tests: u64,
    /// The p-value of each rule; 1 where the test is undefined, as one side is in every basket.
    pub p_values: Vec<f64>,
    /// The p-value of each rule after the correction.
    pub adjusted: Vec<f64>,
}

impl Rules {
    /// Tests every rule.
    ///
    /// `n_tests` is the number of tests to correct for: that of [`Rules::n_examined`] unless given. A search that is
    /// limited in sizes or items looks at fewer candidates and so finds more (Webb 2007).
    ///
    /// # Errors
    /// Fewer tests than rules.
    ///
    /// ```
    /// use patronage::association::{Baskets, Correction, Mine, Test};
    /// let lists = (0..20).map(|i| if i < 10 { vec!["beer", "crisps"] } else { vec!["milk"] });
    /// let rules = Mine::new().run(&Baskets::from_lists(lists)?)?.rules().run()?;
    /// let tested = rules.test(Test::Fisher, Correction::Bonferroni, None)?;
    /// // One of the 184,756 ways to choose 10 of 20 baskets; beer → crisps and crisps → beer were examined.
    /// assert!((tested.p_values[0] * 184_756.0 - 1.0).abs() < 1e-12);
    /// assert_eq!((tested.n_tests, tested.adjusted[0]), (2, 2.0 * tested.p_values[0]));
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn test(&self, test: Test, correction: Correction, n_tests: Option<u64>) -> Result<Tested> {
        self.test_watched(test, correction, n_tests, &Unwatched)
    }

    /// The same, ready to be cancelled.
    ///
    /// # Errors
    /// As [`Rules::test`]; [`Error::Cancelled`].
    pub fn test_watched(
        &self,
        test: Test,
        correction: Correction,
        n_tests: Option<u64>,
        watch: &dyn Watch,
    ) -> Result<Tested> {
        // Rules may have been read from a table in which the number is wrong.
        let n_tests = n_tests.unwrap_or(self.n_examined.max(self.len() as u64));
        if n_tests < self.len() as u64 {
            let expected = format!("at least the number of rules, {}", self.len());
            return Err(Error::parameter("n_tests", n_tests, &expected));
        }
        let mut p_values = self.columns_watched(&[test.p_value()], watch)?.pop().unwrap_or_default();
        p_values.iter_mut().filter(|p| p.is_nan()).for_each(|p| *p = 1.0);
        let adjusted = correction.adjust(&p_values, n_tests);
        Ok(Tested { test, correction, n_tests, p_values, adjusted })
    }

    /// The rules whose p-value after the correction is at most α; [`Rules::tested`] has the p-values.
    ///
    /// # Errors
    /// α outside (0, 1]; as [`Rules::test`].
    pub fn significant(
        &self,
        alpha: f64,
        test: Test,
        correction: Correction,
        n_tests: Option<u64>,
    ) -> Result<Self> {
        self.significant_watched(alpha, test, correction, n_tests, &Unwatched)
    }

    /// The same, ready to be cancelled.
    ///
    /// # Errors
    /// As [`Rules::significant`]; [`Error::Cancelled`].
    pub fn significant_watched(
        &self,
        alpha: f64,
        test: Test,
        correction: Correction,
        n_tests: Option<u64>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        check_alpha(alpha)?;
        let tested = self.test_watched(test, correction, n_tests, watch)?;
        let passing = (0..self.len()).filter(|&place| tested.adjusted[place] <= alpha).collect::<Vec<_>>();
        let of_those = tested.take(&passing);
        Ok(Self { tested: Some(of_those), ..self.take(passing) })
    }

    /// The p-values, if the rules came from [`Rules::significant`].
    pub fn tested(&self) -> Option<&Tested> {
        self.tested.as_ref()
    }
}

impl Tested {
    /// Those of some of the rules.
    pub(super) fn take(&self, places: &[usize]) -> Self {
        let some = |values: &[f64]| places.iter().filter_map(|&place| values.get(place).copied()).collect();
        Self { p_values: some(&self.p_values), adjusted: some(&self.adjusted), ..*self }
    }
}

pub(in crate::association) fn check_alpha(alpha: f64) -> Result<()> {
    if alpha > 0.0 && alpha <= 1.0 {
        Ok(())
    } else {
        Err(Error::parameter("alpha", alpha, "a probability in (0, 1]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4: `p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), ...)` as its manual's methods are defined, and a tie.
    #[test]
    fn adjusted_as_defined() {
        let p = [0.04, 0.01, 0.03, 0.02, 0.05];
        let close = |found: Vec<f64>, expected: [f64; 5]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");
        };
        close(Correction::None.adjust(&p, 5), p);
        close(Correction::Bonferroni.adjust(&p, 5), [0.2, 0.05, 0.15, 0.1, 0.25]);
        close(Correction::Holm.adjust(&p, 5), [0.09, 0.05, 0.09, 0.08, 0.09]);
        close(Correction::BenjaminiHochberg.adjust(&p, 5), [0.05; 5]);
    }

    /// Tests that are not in the table count as p = 1.
    #[test]
    fn tests_not_shown_are_counted() {
        let p = [0.001, 0.2, 0.013, 0.013];
        let all = [p.as_slice(), &[1.0; 7]].concat();
        for correction in Correction::ALL {
            assert_eq!(correction.adjust(&p, 11), correction.adjust(&all, 11)[..4], "{}", correction.name());
        }
    }
}
