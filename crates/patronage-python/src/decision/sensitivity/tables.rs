//! Two parameters, a tornado, a spider, derivatives: as tables.

use patronage::decision::{self as core, AtValue, Number};
use pyo3::prelude::*;

use super::super::{Pair, lists, pair};
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};

/// Regions of two parameters.
#[pyclass(frozen, module = "patronage._core")]
pub struct TwoWay(pub core::TwoWay);

#[pymethods]
impl TwoWay {
    /// A row a region of the second parameter, cut by cut.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let cuts = &self.0.cuts;
        let rows = || cuts.iter().flat_map(|(x, cut)| cut.regions.iter().map(move |region| (x, cut, region)));
        let texts: Vec<String> = rows().map(|(_, _, region)| region.to_text(patronage::Lang::En)).collect();
        Columns::default()
            .own_floats("x", rows().map(|(x, ..)| x.float).collect())
            .own_floats("y_from", rows().map(|(_, cut, region)| cut.point(&region.from).float).collect())
            .own_floats("y_to", rows().map(|(_, cut, region)| cut.point(&region.to).float).collect())
            .array("choice", lists(rows().map(|(_, _, region)| region.choice.as_slice())))
            .texts("strategy", texts.iter().map(String::as_str))
            .frame(py)
    }

    /// For each cut its place and the break-evens there.
    fn break_evens(&self) -> Vec<(Pair, Vec<Pair>)> {
        let cut =
            |(x, cut): &(core::Value, core::OneWay)| (pair(x), cut.break_evens().iter().map(pair).collect());
        self.0.cuts.iter().map(cut).collect()
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}

/// A bar a parameter.
#[pyclass(frozen, module = "patronage._core")]
pub struct Tornado(pub core::Tornado);

#[pymethods]
impl Tornado {
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let bars = &self.0.bars;
        let floats =
            |of: fn(&core::TornadoBar) -> &core::Value| bars.iter().map(|bar| of(bar).float).collect();
        let texts = |value: &core::Value| Number::from(value.clone()).to_string();
        let between: Vec<Vec<String>> =
            bars.iter().map(|bar| bar.break_evens.iter().map(texts).collect()).collect();
        Columns::default()
            .texts("parameter", bars.iter().map(|bar| &*bar.parameter))
            .own_floats("low", floats(|bar| &bar.low.at))
            .own_floats("high", floats(|bar| &bar.high.at))
            .own_floats("emv_low", floats(|bar| &bar.low.emv))
            .own_floats("emv_high", floats(|bar| &bar.high.emv))
            .own_floats("swing", floats(|bar| &bar.swing))
            .array("choice_low", lists(bars.iter().map(|bar| bar.low.choice.as_slice())))
            .array("choice_high", lists(bars.iter().map(|bar| bar.high.choice.as_slice())))
            .array("break_even", lists(between.iter().map(Vec::as_slice)))
            .frame(py)
    }

    fn base(&self) -> (Pair, Vec<String>) {
        (pair(&self.0.base), self.0.choice.clone())
    }

    /// The expected values at both ends and the swing of each bar.
    fn values(&self) -> Vec<(Pair, Pair, Pair)> {
        self.0.bars.iter().map(|bar| (pair(&bar.low.emv), pair(&bar.high.emv), pair(&bar.swing))).collect()
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}

/// A leg a parameter.
#[pyclass(frozen, module = "patronage._core")]
pub struct Spider(pub Vec<(Box<str>, Vec<AtValue>)>);

#[pymethods]
impl Spider {
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = || self.0.iter().flat_map(|(name, leg)| leg.iter().map(move |at| (&**name, at)));
        Columns::default()
            .texts("parameter", rows().map(|(name, _)| name))
            .own_floats("value", rows().map(|(_, at)| at.at.float).collect())
            .own_floats("emv", rows().map(|(_, at)| at.emv.float).collect())
            .array("choice", lists(rows().map(|(_, at)| at.choice.as_slice())))
            .frame(py)
    }

    /// Value and expected value of each row.
    fn values(&self) -> Vec<(Pair, Pair)> {
        self.0.iter().flat_map(|(_, leg)| leg.iter().map(|at| (pair(&at.at), pair(&at.emv)))).collect()
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(core::explain_spider(&self.0, language(py, lang)?)))
    }
}

/// A row a parameter.
#[pyclass(frozen, module = "patronage._core")]
pub struct Derivatives(pub core::Derivatives);

#[pymethods]
impl Derivatives {
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = &self.0.rows;
        Columns::default()
            .texts("parameter", rows.iter().map(|(name, ..)| &**name))
            .own_floats("value", rows.iter().map(|(_, value, _)| value.float).collect())
            .own_floats("derivative", rows.iter().map(|(.., by)| by.float).collect())
            .frame(py)
    }

    fn about(&self) -> (Pair, bool) {
        (pair(&self.0.emv), self.0.has_ties)
    }

    fn values(&self) -> Vec<(String, Pair)> {
        self.0.rows.iter().map(|(name, _, by)| (name.to_string(), pair(by))).collect()
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}
