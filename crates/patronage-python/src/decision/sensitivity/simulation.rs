//! Monte Carlo over the parameters of a tree.

use numpy::{PyArray1, PyReadonlyArray1};
use patronage::decision::{self as core, Distribution, Draws, EvppiMethod};
use patronage::{Error, Lang};
use pyo3::prelude::*;

use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

/// A kind of distribution, and its numbers; of a discrete one values and probabilities.
pub type Shape = (String, Vec<f64>, Vec<f64>);

fn distribution(py: Python<'_>, (kind, numbers, probabilities): Shape) -> PyResult<Distribution> {
    Ok(match (kind.as_str(), numbers.as_slice()) {
        ("Beta", &[a, b]) => Distribution::Beta { a, b },
        ("Uniform", &[low, high]) => Distribution::Uniform { low, high },
        ("Triangular", &[low, mode, high]) => Distribution::Triangular { low, mode, high },
        ("Pert", &[low, mode, high]) => Distribution::Pert { low, mode, high },
        ("Normal", &[mean, sd]) => Distribution::Normal { mean, sd },
        ("LogNormal", &[mu, sigma]) => Distribution::LogNormal { mu, sigma },
        ("Gamma", &[shape, scale]) => Distribution::Gamma { shape, scale },
        ("Discrete", _) => Distribution::Discrete { values: numbers, probabilities },
        _ => return Err(Error::parameter("distribution", kind, "one of this room")).or_raise(py),
    })
}

pub fn drawn(py: Python<'_>, shapes: Vec<(String, Shape)>, samples: usize, seed: u64) -> PyResult<Draws> {
    let shape = |(name, shape)| Ok((name, distribution(py, shape)?));
    let distributions = shapes.into_iter().map(shape).collect::<PyResult<_>>()?;
    Ok(Draws::Independent { distributions, samples, seed })
}

pub fn given(columns: Vec<(String, PyReadonlyArray1<'_, f64>)>) -> Draws {
    let column = |(name, values): (String, PyReadonlyArray1<'_, f64>)| {
        (name, values.as_array().iter().copied().collect::<Vec<f64>>())
    };
    Draws::Given(columns.into_iter().map(column).collect())
}

/// What a simulation found.
#[pyclass(frozen, module = "patronage._core")]
pub struct Simulation(pub core::Simulation);

#[pymethods]
impl Simulation {
    /// A row a strategy.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = &self.0.strategies;
        let texts: Vec<String> = rows.iter().map(|row| row.to_text(Lang::En)).collect();
        Columns::default()
            .texts("strategy", texts.iter().map(String::as_str))
            .texts("alternative", rows.iter().map(|row| row.alternative.as_str()))
            .own_floats("mean", rows.iter().map(|row| row.mean).collect())
            .own_floats("standard_error", rows.iter().map(|row| row.standard_error).collect())
            .own_floats("p_optimal", rows.iter().map(|row| row.p_optimal).collect())
            .bools("best", (0..rows.len()).map(|k| k == self.0.best).collect())
            .frame(py)
    }

    /// The number of samples, the seed, whether all strategies are told apart.
    fn about(&self) -> (usize, Option<u64>, bool) {
        (self.0.samples, self.0.seed, self.0.all_strategies)
    }

    /// Means and standard errors: with knowledge of the parameters, and of its value.
    fn informed(&self) -> ((f64, f64), (f64, f64)) {
        (self.0.informed, self.0.evpi)
    }

    fn values<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        PyArray1::from_slice(py, &self.0.values)
    }

    fn quantiles(&self, py: Python<'_>, shares: Vec<f64>) -> PyResult<Vec<f64>> {
        guard::run(py, None, |_| self.0.quantiles(&shares))
    }

    fn evppi(&self, py: Python<'_>, parameter: &str) -> PyResult<(f64, f64, &'static str)> {
        let found = guard::run(py, None, |watch| self.0.evppi(parameter, watch))?;
        let method = match found.method {
            EvppiMethod::Lines => "lines",
            EvppiMethod::Blocks => "blocks",
        };
        Ok((found.value.0, found.value.1, method))
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}
