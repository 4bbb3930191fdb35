//! What happens where one parameter after the other goes from end to end.

use super::parametric::ParametricTree;
use super::tape::by_expected_value;
use super::two_way::steps_between;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::decision::tree::Solve;
use crate::error::Result;
use crate::watch::Watch;

/// The expected value and the choice at one value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct AtValue {
    /// The value of the parameter.
    pub at: Value,
    /// The expected value of the tree there.
    pub emv: Value,
    /// The best alternatives of the root: several if they tie.
    pub choice: Vec<String>,
}

/// What one parameter does between two ends, the others at their base values.
#[derive(Debug, Clone, PartialEq)]
pub struct TornadoBar {
    /// The parameter.
    pub parameter: Box<str>,
    /// At the lower end.
    pub low: AtValue,
    /// At the upper end.
    pub high: AtValue,
    /// The distance of the two expected values.
    pub swing: Value,
    /// The values strictly between the ends at which the best strategy changes.
    pub break_evens: Vec<Value>,
}

/// A bar a parameter, the longest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    /// The bars.
    pub bars: Vec<TornadoBar>,
    /// The expected value at the base values.
    pub base: Value,
    /// The choice there.
    pub choice: Vec<String>,
    /// Whether more or less is better.
    pub sense: Sense,
}

/// A parameter and its two ends.
pub type Range = (String, Number, Number);

impl ParametricTree {
    fn at(&self, name: &str, value: Number, solve: &Solve, watch: &dyn Watch) -> Result<AtValue> {
        let answer = solve.run(&self.tree([(name, value.clone())])?, watch)?;
        let choice = answer.choice().into_iter().map(Into::into).collect();
        Ok(AtValue { at: (&value).into(), emv: answer.emv(), choice })
    }

    /// The expected value at both ends of each range.
    ///
    /// The two ends do not tell what happens between them: the break-evens there are found as by
    /// [`ParametricTree::one_way`].
    pub fn tornado(&self, ranges: &[Range], solve: &Solve, watch: &dyn Watch) -> Result<Tornado> {
        let base = solve.run(self.base(), watch)?;
        let mut bars = Vec::with_capacity(ranges.len());
        for (k, (name, low, high)) in ranges.iter().enumerate() {
            watch.progress(k as u64, ranges.len() as u64);
            let break_evens = self.one_way(name, low, high, solve, watch)?.break_evens();
            let low = self.at(name, low.clone(), solve, watch)?;
            let high = self.at(name, high.clone(), solve, watch)?;
            let swing = match (&low.emv.exact, &high.emv.exact) {
                (Some(a), Some(b)) if a < b => (b - a).into(),
                (Some(a), Some(b)) => (a - b).into(),
                _ => (high.emv.float - low.emv.float).abs().into(),
            };
            bars.push(TornadoBar { parameter: name.as_str().into(), low, high, swing, break_evens });
        }
        bars.sort_by(|a, b| b.swing.float.total_cmp(&a.swing.float));
        let choice = base.choice().into_iter().map(Into::into).collect();
        Ok(Tornado { bars, base: base.emv(), choice, sense: solve.sense })
    }

    /// The expected value at some values of each parameter, equally distant from end to end.
    pub fn spider(
        &self,
        ranges: &[Range],
        steps: usize,
        solve: &Solve,
        watch: &dyn Watch,
    ) -> Result<Vec<(Box<str>, Vec<AtValue>)>> {
        by_expected_value(solve)?;
        let mut legs = Vec::with_capacity(ranges.len());
        for (name, low, high) in ranges {
            self.place_of(name)?;
            let exact = !matches!((low, high), (Number::Float(_), _) | (_, Number::Float(_)));
            let mut leg = Vec::with_capacity(steps);
            for value in steps_between(name, low, high, steps)? {
                watch.check()?;
                let value = if exact { Number::Exact(value) } else { Number::Float(value.to_f64()) };
                leg.push(self.at(name, value, solve, watch)?);
            }
            legs.push((name.as_str().into(), leg));
        }
        Ok(legs)
    }
}
