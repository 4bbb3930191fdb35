//! Rules that were found.

use patronage::association::{self as core, Measure, Rule};
use patronage::{Error, Result};
use pyo3::prelude::*;

use super::shared::{Item, STRIDE, lists, read, write};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

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
}

#[pymethods]
impl Rules {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// A row a rule: both sides, the counts, and measures by name.
    fn frame(&self, py: Python<'_>, measures: Vec<String>) -> PyResult<Frame> {
        let measures = measures.iter().map(|name| Measure::from_name(name)).collect::<Result<Vec<_>>>();
        let measures = measures.or_raise(py)?;
        let columns = guard::run(py, None, |watch| {
            let rules = &self.0;
            let antecedents =
                lists(rules.items(), rules.iter().map(|rule| rule.antecedent().collect()), watch)?;
            let consequents =
                lists(rules.items(), rules.iter().map(|rule| rule.consequent().collect()), watch)?;
            let counts = |of: fn(core::Counts) -> u64| rules.iter().map(move |rule| of(rule.counts()) as i64);
            let columns = Columns::default()
                .array("antecedent", antecedents)
                .array("consequent", consequents)
                .ints("antecedent_count", counts(core::Counts::antecedent))
                .ints("consequent_count", counts(core::Counts::consequent))
                .ints("count", counts(core::Counts::both));
            Ok(measures
                .iter()
                .fold(columns, |columns, &measure| columns.floats(measure.name(), &rules.column(measure))))
        })?;
        columns.frame(py)
    }

    /// Where a rule stands, by its sides.
    fn find(&self, py: Python<'_>, antecedent: Vec<Item>, consequent: Vec<Item>) -> PyResult<usize> {
        self.0.find(&antecedent, &consequent).or_raise(py)
    }

    fn explain(&self, py: Python<'_>, index: usize, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        self.rule(index).or_raise(py).map(|rule| Working(rule.explain(lang)))
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
