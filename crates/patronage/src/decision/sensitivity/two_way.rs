//! The best strategy for every pair of two parameters: exact cuts along the one at steps of the other.

use rayon::prelude::*;

use super::one_way::{OneWay, one_way};
use super::parametric::ParametricTree;
use super::tape::{Kept, Tape, decimal};
use crate::decision::exact::Exact;
use crate::decision::number::{Number, Value};
use crate::decision::tree::Solve;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The most steps.
const MAX_STEPS: usize = 100_000;

/// The best strategies for two parameters.
#[derive(Debug, Clone)]
pub struct TwoWay {
    /// The parameter that takes steps.
    pub x: Box<str>,
    /// The parameter that is cut exactly.
    pub y: Box<str>,
    /// For each value of the one the regions of the other.
    pub cuts: Vec<(Value, OneWay)>,
}

/// Equally distant fractions from the one end to the other, both ends included.
pub(super) fn steps_between(name: &str, low: &Number, high: &Number, steps: usize) -> Result<Vec<Exact>> {
    if !(2..=MAX_STEPS).contains(&steps) {
        return Err(Error::parameter("steps", steps, &format!("a whole number from 2 to {MAX_STEPS}")));
    }
    let finite =
        |number: &Number| decimal(number).map_err(|_| Error::parameter(name, number, "a finite number"));
    let (from, to) = (finite(low)?, finite(high)?);
    if from >= to {
        return Err(Error::parameter("high", high, &format!("more than low = {low}")));
    }
    let step = &(&to - &from) * &Exact::ratio(1, steps as i64 - 1).unwrap_or(Exact::ONE);
    Ok((0..steps as i64).map(|k| &from + &(&step * &Exact::from(k))).collect())
}

impl ParametricTree {
    /// For each of some values of `x`, equally distant, the best strategies for every value of `y`.
    ///
    /// The border between two strategies is exact on each cut; between two cuts it is not looked at.
    #[allow(clippy::too_many_arguments)]
    pub fn two_way(
        &self,
        x: &str,
        y: &str,
        low: (&Number, &Number),
        high: (&Number, &Number),
        steps: usize,
        solve: &Solve,
        watch: &dyn Watch,
    ) -> Result<TwoWay> {
        let (along, across) = (self.place_of(x)?, self.place_of(y)?);
        if along == across {
            return Err(Error::parameter("y", format!("'{y}'"), "another parameter than x"));
        }
        let tape = Tape::of(self, solve, Kept::Best, watch)?;
        let values = steps_between(x, low.0, high.0, steps)?;
        let exact = !matches!((low.0, high.0), (Number::Float(_), _) | (_, Number::Float(_)));
        let cut = |value: &Exact| {
            let mut base = tape.base.clone();
            base[along] = value.clone();
            let mut found = one_way(&tape, &base, across, low.1, high.1, watch)?;
            found.exact &= exact;
            Ok((if found.exact { value.clone().into() } else { value.to_f64().into() }, found))
        };
        let cuts = values.par_iter().map(cut).collect::<Result<_>>()?;
        Ok(TwoWay { x: x.into(), y: y.into(), cuts })
    }
}
