//! Trees with parameters: nested objects and values in; regions, tables and workings out.

mod one_way;
mod simulation;
mod tables;

pub use one_way::OneWay;
pub use simulation::Simulation;
pub use tables::{Derivatives, Spider, Tornado, TwoWay};

use numpy::PyReadonlyArray1;
use patronage::decision::{self as core, Number, Solve};
use pyo3::prelude::*;

use super::{Pair, Tree, from_json, pair, read, risk, sense, to_json};
use crate::guard;

/// How it is solved: sense, rate of discount, compounding, weights of measures, utility.
type Options<'py> = (
    String,
    Option<Bound<'py, PyAny>>,
    String,
    Option<Vec<(String, Bound<'py, PyAny>)>>,
    Option<(String, Vec<Bound<'py, PyAny>>)>,
);

fn solve_of(py: Python<'_>, options: Options<'_>) -> PyResult<Solve> {
    let (sense, rate, compounding, by, utility) = options;
    let mut solve = Solve::new().sense(self::sense(py, &sense)?);
    if let Some(rate) = rate {
        solve = solve.discount_rate(read::number(&rate));
    }
    risk::options(py, solve, &compounding, by, utility)
}

/// Names and values.
type Given<'py> = Vec<(String, Bound<'py, PyAny>)>;

fn numbers(given: &Given<'_>) -> Vec<(String, Number)> {
    given.iter().map(|(name, value)| (name.clone(), read::number(value))).collect()
}

/// Names, and their lower and upper ends.
type Ranges<'py> = Vec<(String, Bound<'py, PyAny>, Bound<'py, PyAny>)>;

fn ranges_of(ranges: Ranges<'_>) -> Vec<core::Range> {
    ranges.into_iter().map(|(name, low, high)| (name, read::number(&low), read::number(&high))).collect()
}

/// A tree with parameters.
#[pyclass(frozen, module = "patronage._core")]
pub struct ParametricTree(core::ParametricTree);

#[pymethods]
impl ParametricTree {
    /// Reads nested objects.
    #[staticmethod]
    fn of(root: &Bound<'_, PyAny>, parameters: Given<'_>) -> PyResult<Self> {
        let rows = read::rows(root)?;
        let parameters = numbers(&parameters).into_iter().map(|(name, value)| (name.into(), value)).collect();
        guard::run(root.py(), None, move |watch| core::ParametricTree::new(rows, parameters, watch).map(Self))
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    fn __len__(&self) -> usize {
        self.0.base().len()
    }

    /// The parameters and their base values.
    fn parameters(&self) -> Vec<(&str, Pair)> {
        self.0.parameters().iter().map(|(name, value)| (&**name, pair(&value.into()))).collect()
    }

    /// The tree where some parameters have other values.
    fn tree(&self, py: Python<'_>, changes: Given<'_>) -> PyResult<Tree> {
        let changes = numbers(&changes);
        guard::run(py, None, |_| {
            self.0.tree(changes.iter().map(|(name, value)| (name.as_str(), value.clone()))).map(Tree)
        })
    }

    /// The same with other base values.
    fn with_base(&self, py: Python<'_>, changes: Given<'_>) -> PyResult<Self> {
        let changes = numbers(&changes);
        guard::run(py, None, |_| {
            self.0.with_base(changes.iter().map(|(name, value)| (name.as_str(), value.clone()))).map(Self)
        })
    }

    #[pyo3(signature = (parameter, low, high, options, progress))]
    fn one_way(
        &self,
        py: Python<'_>,
        parameter: &str,
        low: &Bound<'_, PyAny>,
        high: &Bound<'_, PyAny>,
        options: Options<'_>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<OneWay> {
        let solve = solve_of(py, options)?;
        let (low, high) = (read::number(low), read::number(high));
        guard::run(py, progress, |watch| self.0.one_way(parameter, &low, &high, &solve, watch).map(OneWay))
    }

    /// Names of both parameters, their lower and their upper ends.
    #[pyo3(signature = (x, y, low, high, steps, options, progress))]
    #[allow(clippy::too_many_arguments)]
    fn two_way(
        &self,
        py: Python<'_>,
        x: &str,
        y: &str,
        low: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        high: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        steps: usize,
        options: Options<'_>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<TwoWay> {
        let solve = solve_of(py, options)?;
        let [x_low, y_low, x_high, y_high] = [low.0, low.1, high.0, high.1].map(|end| read::number(&end));
        guard::run(py, progress, |watch| {
            self.0.two_way(x, y, (&x_low, &y_low), (&x_high, &y_high), steps, &solve, watch).map(TwoWay)
        })
    }

    #[pyo3(signature = (ranges, options, progress))]
    fn tornado(
        &self,
        py: Python<'_>,
        ranges: Ranges<'_>,
        options: Options<'_>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Tornado> {
        let (solve, ranges) = (solve_of(py, options)?, ranges_of(ranges));
        guard::run(py, progress, |watch| self.0.tornado(&ranges, &solve, watch).map(Tornado))
    }

    #[pyo3(signature = (ranges, steps, options, progress))]
    fn spider(
        &self,
        py: Python<'_>,
        ranges: Ranges<'_>,
        steps: usize,
        options: Options<'_>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Spider> {
        let (solve, ranges) = (solve_of(py, options)?, ranges_of(ranges));
        guard::run(py, progress, |watch| self.0.spider(&ranges, steps, &solve, watch).map(Spider))
    }

    fn derivatives(&self, py: Python<'_>, options: Options<'_>) -> PyResult<Derivatives> {
        let solve = solve_of(py, options)?;
        guard::run(py, None, |watch| self.0.derivatives(&solve, watch).map(Derivatives))
    }

    /// Distributions with the number of samples and a seed, or samples that are given.
    #[pyo3(signature = (distributions, samples, seed, given, limit, options, progress))]
    #[allow(clippy::too_many_arguments)]
    fn simulate(
        &self,
        py: Python<'_>,
        distributions: Vec<(String, simulation::Shape)>,
        samples: usize,
        seed: u64,
        given: Option<Vec<(String, PyReadonlyArray1<'_, f64>)>>,
        limit: u64,
        options: Options<'_>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Simulation> {
        let solve = solve_of(py, options)?;
        let draws = match given {
            Some(columns) => simulation::given(columns),
            None => simulation::drawn(py, distributions, samples, seed)?,
        };
        guard::run(py, progress, |watch| self.0.simulate(draws, limit, &solve, watch).map(Simulation))
    }
}
