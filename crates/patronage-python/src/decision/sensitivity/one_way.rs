//! The best choice for every value of one parameter.

use patronage::decision as core;
use patronage::decision::Region;
use pyo3::prelude::*;

use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

use super::super::{Pair, lists, pair, read};

/// Regions of one parameter.
#[pyclass(frozen, module = "patronage._core")]
pub struct OneWay(pub core::OneWay);

#[pymethods]
impl OneWay {
    /// A row a region.
    fn frame(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let regions = &self.0.regions;
        let texts: Vec<String> = regions.iter().map(|region| region.to_text(lang)).collect();
        let formulas: Vec<String> = regions.iter().map(|r| r.formula(&self.0.parameter)).collect();
        let end = |end: fn(&Region) -> &core::Point| -> Vec<f64> {
            regions.iter().map(|region| self.0.point(end(region)).float).collect()
        };
        Columns::default()
            .own_floats("from", end(|region| &region.from))
            .own_floats("to", end(|region| &region.to))
            .array("choice", lists(regions.iter().map(|region| region.choice.as_slice())))
            .texts("strategy", texts.iter().map(String::as_str))
            .texts("emv", formulas.iter().map(String::as_str))
            .frame(py)
    }

    fn exact(&self) -> bool {
        self.0.exact
    }

    /// The values at which the strategy changes.
    fn break_evens(&self) -> Vec<Pair> {
        self.0.break_evens().iter().map(pair).collect()
    }

    /// The expected value, and the coefficients of its numerator and its denominator in each region.
    fn emv(&self, py: Python<'_>, at: &Bound<'_, PyAny>) -> PyResult<Pair> {
        self.0.emv(&read::number(at)).or_raise(py).map(|value| pair(&value))
    }

    /// The expected value on a grid, for a picture.
    fn curve(&self, py: Python<'_>, at: Vec<f64>) -> PyResult<Vec<f64>> {
        at.into_iter().map(|x| self.0.emv(&x.into()).or_raise(py).map(|value| value.float)).collect()
    }

    /// The coefficients of numerator and denominator in each region, from that of x⁰ on.
    fn coefficients(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let texts = |numbers: &[core::Exact]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>();
        let both = |region: &Region| {
            let (top, bottom) = region.coefficients();
            (texts(top), texts(bottom))
        };
        self.0.regions.iter().map(both).collect()
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}
