//! Segments in, decisions out.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::Float64Array;
use patronage::Error;
use patronage::decision::{self as core, Limit, Prior, Segment, TargetSegment, Targeting, Value, Verdict};
use patronage::math::Beta;
use pyo3::prelude::*;

use super::{Pair, from_json, pair, read, to_json, tree::Tree};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

/// Whom to contact.
#[pyclass(frozen, module = "patronage._core")]
pub struct TargetPlan(core::TargetPlan);

/// Name, contacted, responders, size, margin, cost.
type Row<'py> = (
    String,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    Option<Bound<'py, PyAny>>,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
);

/// What is believed beforehand: two parameters, or a name.
#[derive(FromPyObject)]
pub enum GivenPrior<'py> {
    Beta(Bound<'py, PyAny>, Bound<'py, PyAny>),
    Named(String),
}

#[pymethods]
impl TargetPlan {
    /// `columns` has the user's names of the columns, for errors.
    #[staticmethod]
    #[pyo3(signature = (rows, prior, budget, capacity, divisible, level, columns, progress))]
    #[allow(clippy::too_many_arguments)]
    fn solve(
        py: Python<'_>,
        rows: Vec<Row<'_>>,
        prior: Option<GivenPrior<'_>>,
        budget: Option<&Bound<'_, PyAny>>,
        capacity: Option<&Bound<'_, PyAny>>,
        divisible: bool,
        level: f64,
        columns: HashMap<String, String>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let segments = rows.into_iter().map(|(name, n, responders, size, margin, cost)| {
            let segment = Segment::new(
                name,
                read::number(&n),
                read::number(&responders),
                read::number(&margin),
                read::number(&cost),
            );
            match size {
                Some(size) => segment.size(read::number(&size)),
                None => segment,
            }
        });
        let mut targeting = Targeting::new(segments).divisible(divisible).level(level);
        targeting = match prior {
            None => targeting,
            Some(GivenPrior::Beta(a, b)) => targeting.prior(Prior::Beta(read::number(&a), read::number(&b))),
            Some(GivenPrior::Named(name)) if name == "pooled" => targeting.prior(Prior::Pooled),
            Some(GivenPrior::Named(name)) => {
                let expected = "None, two numbers (a, b), or 'pooled'";
                return Err(Error::parameter("prior", format!("'{name}'"), expected)).or_raise(py);
            }
        };
        targeting = match (budget, capacity) {
            (None, None) => targeting,
            (Some(money), None) => targeting.limit(Limit::Budget(read::number(money))),
            (None, Some(most)) => targeting.limit(Limit::Capacity(read::number(most))),
            (Some(_), Some(most)) => {
                let expected = "none beside a budget: one limit at a time";
                return Err(Error::parameter("capacity", read::number(most), expected)).or_raise(py);
            }
        };
        let renamed = |error: Error| match error {
            Error::InvalidValue { column, row, count, problem, mend } => {
                let column = columns.get(&column).cloned().unwrap_or(column);
                Error::InvalidValue { column, row, count, problem, mend }
            }
            other => other,
        };
        guard::run(py, progress, |watch| targeting.solve(watch).map_err(renamed)).map(Self)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    /// Prior, name and amount of the limit, level of the intervals.
    #[allow(clippy::type_complexity)]
    fn about(&self) -> (Option<(Pair, Pair)>, Option<(&'static str, Pair)>, f64) {
        let limit = self.0.targeting.limited_by().and_then(|limit| match limit {
            Limit::Budget(money) => Some(("budget", pair(&Value::from(money)))),
            Limit::Capacity(most) => Some(("capacity", pair(&Value::from(most)))),
            _ => None,
        });
        let prior = self.0.prior.as_ref().map(|(a, b)| (pair(a), pair(b)));
        (prior, limit, self.0.targeting.interval_level())
    }

    /// Profit, money spent, contacts, shadow price, whether another plan is as good.
    fn totals(&self) -> (Pair, Pair, Pair, Option<Pair>, bool) {
        let plan = &self.0;
        let price = plan.shadow_price.as_ref().map(pair);
        (pair(&plan.profit), pair(&plan.spent), pair(&plan.contacts), price, plan.has_ties)
    }

    /// A row a segment.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let all = &self.0.segments;
        let names = self.0.targeting.segments().iter().map(|segment| segment.name.as_str());
        let floats = |value: &dyn Fn(&TargetSegment) -> f64| all.iter().map(value).collect::<Vec<_>>();
        let counts = |value: &dyn Fn(&TargetSegment) -> u64| all.iter().map(value).collect::<Vec<_>>();
        let chance: Float64Array = all.iter().map(|s| s.chance_of_profit).collect();
        let verdict = |s: &TargetSegment| match s.verdict {
            Verdict::Contact => "contact",
            Verdict::Leave => "leave",
            Verdict::Either => "either",
        };
        Columns::default()
            .texts("segment", names)
            .counts("n", &counts(&|s| s.n))
            .counts("responders", &counts(&|s| s.responders))
            .counts("size", &counts(&|s| s.size))
            .floats("response", &floats(&|s| s.response.float))
            .floats("low", &floats(&|s| s.interval.0))
            .floats("high", &floats(&|s| s.interval.1))
            .floats("break_even", &floats(&|s| s.break_even.float))
            .array("chance_of_profit", Arc::new(chance))
            .floats("profit_per_contact", &floats(&|s| s.profit_per_contact.float))
            .floats("profit", &floats(&|s| s.profit.float))
            .texts("decision", all.iter().map(verdict))
            .floats("contacts", &floats(&|s| s.contacts.float))
            .floats("planned_profit", &floats(&|s| s.planned_profit.float))
            .frame(py)
    }

    /// The fractions of a column of the frame; `None` in a float answer.
    fn fractions(&self, py: Python<'_>, column: &str) -> PyResult<Vec<Option<String>>> {
        let value: fn(&TargetSegment) -> &Value = match column {
            "response" => |s| &s.response,
            "break_even" => |s| &s.break_even,
            "profit_per_contact" => |s| &s.profit_per_contact,
            "profit" => |s| &s.profit,
            "contacts" => |s| &s.contacts,
            "planned_profit" => |s| &s.planned_profit,
            _ => {
                let mend =
                    "there are response, break_even, profit_per_contact, profit, contacts and planned_profit";
                let what = "column of fractions".into();
                return Err(Error::UnknownName { what, name: column.into(), mend: mend.into() }).or_raise(py);
            }
        };
        Ok(self.0.segments.iter().map(|s| pair(value(s)).1).collect())
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }

    /// The decision about one customer of a segment.
    fn tree(&self, py: Python<'_>, segment: usize, lang: &str) -> PyResult<Tree> {
        self.0.tree(segment, language(py, lang)?).or_raise(py).map(Tree)
    }

    #[pyo3(signature = (segment, sizes, cost_per_piece, progress))]
    fn test_mailing(
        &self,
        py: Python<'_>,
        segment: usize,
        sizes: Vec<u64>,
        cost_per_piece: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<TestMailing> {
        let piece = cost_per_piece.map(read::number);
        guard::run(py, progress, |watch| self.0.test_mailing(segment, &sizes, piece, watch)).map(TestMailing)
    }
}

/// What test mailings of several sizes are worth.
#[pyclass(frozen, module = "patronage._core")]
pub struct TestMailing(core::TestMailing);

#[pymethods]
impl TestMailing {
    /// Parameters of the belief, customers; margin, cost, cost of a piece; sizes.
    #[new]
    #[pyo3(signature = (belief, size, amounts, sizes))]
    fn new(
        py: Python<'_>,
        belief: (f64, f64),
        size: u64,
        amounts: [f64; 3],
        sizes: Vec<u64>,
    ) -> PyResult<Self> {
        let belief = Beta { a: belief.0, b: belief.1 };
        guard::run(py, None, |watch| core::TestMailing::new(belief, size, amounts, &sizes, watch)).map(Self)
    }

    /// Belief, customers, amounts, profit without a test, EVPI, place of the best.
    #[allow(clippy::type_complexity)]
    fn about(&self) -> ((f64, f64), u64, (f64, f64, f64), f64, f64, usize) {
        let made = &self.0;
        let amounts = (made.margin, made.cost, made.cost_per_piece);
        ((made.belief.a, made.belief.b), made.size, amounts, made.without, made.evpi, made.best)
    }

    /// A row a size.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let tests = &self.0.tests;
        let floats = |value: &dyn Fn(&core::TestSize) -> f64| tests.iter().map(value).collect::<Vec<_>>();
        let from: arrow_array::Int64Array =
            tests.iter().map(|test| test.contact_from.map(u64::cast_signed)).collect();
        Columns::default()
            .ints("m", tests.iter().map(|test| test.m.cast_signed()))
            .array("contact_from", Arc::new(from))
            .floats("evsi", &floats(&|test| test.evsi))
            .floats("test_cost", &floats(&|test| test.test_cost))
            .floats("value", &floats(&|test| test.value))
            .floats("net_gain", &floats(&|test| test.net_gain))
            .frame(py)
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}
