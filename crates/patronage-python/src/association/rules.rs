//! Rules that were found.

use std::collections::BTreeMap;

use arrow_array::ArrayRef;
use patronage::association::{self as core, Correction, Measure, Rule, RuleSearch, Test};
use patronage::transactions::{Id, Labels};
use patronage::{Error, Result, Watch};
use pyo3::prelude::*;

use super::baskets::Baskets;
use super::shared::{Item, STRIDE, lists, read, write};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

/// Items that a search is limited to, by the name of the limit.
pub type Limits = BTreeMap<String, Vec<Item>>;

/// Sets the limits of a search.
pub fn limited<'a>(search: RuleSearch<'a>, limits: &Limits) -> Result<RuleSearch<'a>> {
    limits.iter().try_fold(search, |search, (name, items)| {
        Ok(match name.as_str() {
            "antecedent_from" => search.antecedent_from(items),
            "consequent_from" => search.consequent_from(items),
            "antecedent_contains" => search.antecedent_contains(items),
            "consequent_contains" => search.consequent_contains(items),
            "must_contain" => search.must_contain(items),
            "without" => search.without(items),
            _ => return Err(Error::parameter("limit", name, "the name of a limit on items")),
        })
    })
}

/// Rules that were found.
#[pyclass(frozen, module = "patronage._core")]
pub struct Rules(pub core::Rules);

impl Rules {
    fn rule(&self, index: usize) -> Result<Rule<'_>> {
        self.0.get(index).ok_or_else(|| Error::UnknownName {
            what: "rule".into(),
            name: index.to_string(),
            mend: format!("there are {} rules, counted from 0", self.0.len()),
        })
    }

    /// The two sides of every rule.
    fn sides(&self, watch: &dyn Watch) -> Result<[ArrayRef; 2]> {
        let rules = &self.0;
        let antecedents = rules.iter().map(|rule| rule.antecedent().collect());
        let consequents = rules.iter().map(|rule| rule.consequent().collect());
        Ok([lists(rules.items(), antecedents, watch)?, lists(rules.items(), consequents, watch)?])
    }
}

fn measures_named(names: &[String]) -> Result<Vec<Measure>> {
    names.iter().map(|name| Measure::from_name(name)).collect()
}

#[pymethods]
impl Rules {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn n_examined(&self) -> u64 {
        self.0.n_examined()
    }

    /// The number of tests that p-values were corrected for.
    #[getter]
    fn n_tests(&self) -> Option<u64> {
        self.0.tested().map(|tested| tested.n_tests)
    }

    /// A row a rule: both sides, the counts, measures by name, and p-values if they were tested.
    fn frame(&self, py: Python<'_>, measures: Vec<String>) -> PyResult<Frame> {
        let measures = measures_named(&measures).or_raise(py)?;
        let columns = guard::run(py, None, |watch| {
            let rules = &self.0;
            let [antecedents, consequents] = self.sides(watch)?;
            let counts = |of: fn(core::Counts) -> u64| rules.iter().map(move |rule| of(rule.counts()) as i64);
            let mut columns = Columns::default()
                .array("antecedent", antecedents)
                .array("consequent", consequents)
                .ints("antecedent_count", counts(core::Counts::antecedent))
                .ints("consequent_count", counts(core::Counts::consequent))
                .ints("count", counts(core::Counts::both));
            for (measure, values) in measures.iter().zip(rules.columns_watched(&measures, watch)?) {
                columns = columns.floats(measure.name(), &values);
            }
            Ok(match rules.tested() {
                Some(tested) => {
                    columns.floats("p_value", &tested.p_values).floats("adjusted_p_value", &tested.adjusted)
                }
                None => columns,
            })
        })?;
        columns.frame(py)
    }

    /// One measure of every rule.
    fn measure(&self, py: Python<'_>, name: &str) -> PyResult<Frame> {
        let measure = Measure::from_name(name).or_raise(py)?;
        let mut values = guard::run(py, None, |watch| self.0.columns_watched(&[measure], watch))?;
        Columns::default().floats(name, &values.pop().unwrap_or_default()).frame(py)
    }

    /// Where a rule stands, by its sides.
    fn find(&self, py: Python<'_>, antecedent: Vec<Item>, consequent: Vec<Item>) -> PyResult<usize> {
        self.0.find(&antecedent, &consequent).or_raise(py)
    }

    fn non_redundant(&self, py: Python<'_>) -> PyResult<Self> {
        guard::run(py, None, |watch| self.0.non_redundant_watched(watch)).map(Self)
    }

    fn productive(&self, py: Python<'_>, alpha: f64) -> PyResult<Self> {
        guard::run(py, None, |watch| self.0.productive_watched(alpha, watch)).map(Self)
    }

    fn significant(
        &self,
        py: Python<'_>,
        alpha: f64,
        test: &str,
        correction: &str,
        n_tests: Option<u64>,
    ) -> PyResult<Self> {
        let test = Test::from_name(test).or_raise(py)?;
        let correction = Correction::from_name(correction).or_raise(py)?;
        guard::run(py, None, |watch| self.0.significant_watched(alpha, test, correction, n_tests, watch))
            .map(Self)
    }

    /// The rules beside their counts in later baskets.
    fn check(
        &self,
        py: Python<'_>,
        later: &Baskets,
        alpha: f64,
        test: &str,
        correction: &str,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Frame> {
        let test = Test::from_name(test).or_raise(py)?;
        let correction = Correction::from_name(correction).or_raise(py)?;
        let columns = guard::run(py, progress, |watch| {
            let checked = self.0.check_watched(&later.0, test, correction, watch)?;
            let [antecedents, consequents] = self.sides(watch)?;
            let counts = |of: fn(core::Counts) -> u64| checked.counts().map(move |counts| of(counts) as i64);
            let later = |measure: Measure| -> Vec<f64> {
                checked.counts().map(|counts| counts.measure(measure)).collect()
            };
            let tested = checked.tested();
            Ok(Columns::default()
                .array("antecedent", antecedents)
                .array("consequent", consequents)
                .floats("confidence", &self.0.column(Measure::Confidence))
                .floats("lift", &self.0.column(Measure::Lift))
                .ints("later_antecedent_count", counts(core::Counts::antecedent))
                .ints("later_consequent_count", counts(core::Counts::consequent))
                .ints("later_count", counts(core::Counts::both))
                .floats("later_confidence", &later(Measure::Confidence))
                .floats("later_lift", &later(Measure::Lift))
                .floats("p_value", &tested.p_values)
                .floats("adjusted_p_value", &tested.adjusted)
                .bools("passes", tested.adjusted.iter().map(|&p| p <= alpha).collect()))
        })?;
        columns.frame(py)
    }

    /// The rules whose antecedent a basket holds.
    fn firing(&self, basket: Vec<Item>) -> Self {
        Self(self.0.take(self.0.firing(&basket)))
    }

    /// A row a recommendation; one basket as lists of one.
    fn recommend(
        &self,
        py: Python<'_>,
        baskets: &Baskets,
        k: usize,
        by: &str,
        lang: &str,
    ) -> PyResult<Frame> {
        let by = Measure::from_name(by).or_raise(py)?;
        let lang = language(py, lang)?;
        let columns = guard::run(py, None, |watch| {
            let all = self.0.recommend_all(&baskets.0, k, by, watch)?;
            let (mut rows, mut ranks, mut rules, mut reasons) = (vec![], vec![], vec![], vec![]);
            let (mut confidences, mut lifts) = (vec![], vec![]);
            let mut items = match self.0.items() {
                Labels::Ints(_) => Labels::Ints(vec![]),
                Labels::Texts(_) => Labels::Texts(vec![]),
            };
            for (row, recommended) in (0..).zip(&all) {
                watch.check()?;
                for (rank, one) in (1..).zip(recommended) {
                    rows.push(row);
                    ranks.push(rank);
                    match (&mut items, one.item) {
                        (Labels::Ints(ids), Id::Int(id)) => ids.push(id),
                        (Labels::Texts(ids), id) => ids.push(id.to_string()),
                        (Labels::Ints(_), Id::Text(_)) => {}
                    }
                    confidences.push(one.rule.confidence());
                    lifts.push(one.rule.lift());
                    rules.push(one.place as i64);
                    reasons.push(one.in_words(lang));
                }
            }
            Ok(Columns::default()
                .ints("basket", rows)
                .ints("rank", ranks)
                .ids("item", &items)
                .floats("confidence", &confidences)
                .floats("lift", &lifts)
                .ints("rule", rules)
                .texts("reason", reasons.iter().map(String::as_str)))
        })?;
        columns.frame(py)
    }

    fn explain(&self, py: Python<'_>, index: usize, measures: Vec<String>, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        let measures = measures_named(&measures).or_raise(py)?;
        self.rule(index).or_raise(py).map(|rule| Working(rule.explain_measures(&measures, lang)))
    }

    /// A sentence a rule.
    fn in_words(&self, py: Python<'_>, lang: &str) -> PyResult<Vec<String>> {
        let lang = language(py, lang)?;
        guard::run(py, None, |watch| {
            let told = |(place, rule): (usize, Rule<'_>)| {
                if place.is_multiple_of(STRIDE) {
                    watch.check()?;
                }
                Ok(rule.in_words(lang))
            };
            self.0.iter().enumerate().map(told).collect()
        })
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        write(py, &self.0)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        read(py, "rules", text).map(Self)
    }
}

/// Name and formula of every measure.
#[pyfunction]
pub fn measures() -> Vec<(&'static str, &'static str)> {
    Measure::ALL.iter().map(|measure| (measure.name(), measure.formula())).collect()
}
