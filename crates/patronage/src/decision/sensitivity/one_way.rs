//! The best strategy for every value of one parameter: rollback over functions of it, not over a grid.

use super::parametric::ParametricTree;
use super::point::Point;
use super::quotient::Quotient;
use super::search::Search;
use super::tape::{Kept, Tape, decimal};
use crate::decision::exact::Exact;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::decision::tree::Solve;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The best strategies of a tree for every value of one parameter between two ends.
#[derive(Debug, Clone)]
pub struct OneWay {
    /// The parameter.
    pub parameter: Box<str>,
    /// From the lower end to the upper one; neighbours differ in their strategy.
    pub regions: Vec<Region>,
    /// Whether more or less is better.
    pub sense: Sense,
    /// Whether all that was given is exact.
    pub exact: bool,
}

/// An interval in which the same strategies are best. At its ends those of the neighbour are as good.
#[derive(Debug, Clone)]
pub struct Region {
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
    /// The best alternatives of the root: several if they tie all through the interval; none if it is no decision.
    pub choice: Vec<String>,
    /// What to do at each decision that one comes to.
    pub strategy: Vec<RegionChoice>,
    pub(super) emv: Quotient,
}

/// What a region's strategy does at one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionChoice {
    /// The decision node.
    pub node: usize,
    /// The labels of the branches since the decision before it (of many, the last).
    pub after: Vec<String>,
    /// The name of the decision; may be empty.
    pub decision: String,
    /// The best alternatives.
    pub choice: Vec<String>,
}

impl Region {
    /// The expected value as a quotient of two polynomials in the parameter: the coefficients of its numerator and
    /// its denominator, from that of x⁰ on.
    pub fn coefficients(&self) -> (&[Exact], &[Exact]) {
        (self.emv.top.coefficients(), self.emv.bottom.coefficients())
    }
}

impl OneWay {
    /// The values at which the strategy changes.
    pub fn break_evens(&self) -> Vec<Value> {
        self.regions.iter().skip(1).map(|region| self.point(&region.from)).collect()
    }

    /// A point as a number of the answer.
    pub fn point(&self, point: &Point) -> Value {
        let value = point.value();
        if self.exact { value } else { value.float.into() }
    }

    /// The expected value under the best strategy at a value of the parameter.
    pub fn emv(&self, at: &Number) -> Result<Value> {
        let float = matches!(at, Number::Float(_)) || !self.exact;
        let x = self.end_at(at).unwrap_or(decimal(at)?);
        for (i, region) in self.regions.iter().enumerate() {
            let inside = region.to.compare_to(&x)?.is_ge();
            if inside && (i > 0 || region.from.compare_to(&x)?.is_le()) {
                let value = region.emv.at(&x)?;
                return Ok(if float { value.to_f64().into() } else { value.into() });
            }
        }
        let ends = |r: &Region, s: &Region| format!("from {} to {}", r.from.value(), s.to.value());
        let expected = match (self.regions.first(), self.regions.last()) {
            (Some(first), Some(last)) => ends(first, last),
            _ => "within the range".into(),
        };
        Err(Error::parameter(&self.parameter, at, &expected))
    }
}

impl OneWay {
    /// The end that a float stands for, which may be no decimal itself.
    fn end_at(&self, at: &Number) -> Option<Exact> {
        let Number::Float(at) = at else { return None };
        let ends = [self.regions.first().map(|r| r.from.below()), self.regions.last().map(|r| r.to.above())];
        ends.into_iter().flatten().find(|end| end.to_f64() == *at).cloned()
    }
}

impl ParametricTree {
    /// The best strategies for every value of one parameter from `low` to `high`, the others at their base values.
    ///
    /// Expected values are quotients of polynomials in the parameter with fractions as coefficients; at a decision
    /// the interval is cut where the best alternative changes, at roots that are isolated by exact signs (Sturm
    /// 1829). Break-evens that are fractions are found as fractions, others to the last bit of a float. Floats count
    /// as the decimals that they are written with.
    ///
    /// ```
    /// use patronage::decision::{Solve, chance, decide, pay};
    /// let game = chance([("win", "p", pay(100)), ("lose", "1-p", pay(-20))]);
    /// let bet = decide("Bet", [("play", game), ("pass", pay(0))]).with_parameters([("p", "1/2")])?;
    /// let found = bet.one_way("p", &0.into(), &1.into(), &Solve::new(), &patronage::watch::Unwatched)?;
    /// assert_eq!(found.break_evens()[0].to_string(), "1/6");
    /// assert_eq!(found.regions[0].choice, ["pass"]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    ///
    /// Errors: an empty interval; a probability that leaves 0 to 1, a sum that is not 1 or a divisor that is nought
    /// anywhere in it, with the place; more than 10,000 pieces; a utility.
    pub fn one_way(
        &self,
        parameter: &str,
        low: &Number,
        high: &Number,
        solve: &Solve,
        watch: &dyn Watch,
    ) -> Result<OneWay> {
        let place = self.place_of(parameter)?;
        let tape = Tape::of(self, solve, Kept::Best, watch)?;
        one_way(&tape, &tape.base, place, low, high, watch)
    }
}

/// As [`ParametricTree::one_way`], the other parameters as in `base`.
pub(super) fn one_way(
    tape: &Tape,
    base: &[Exact],
    parameter: usize,
    low: &Number,
    high: &Number,
    watch: &dyn Watch,
) -> Result<OneWay> {
    let name = &*tape.parameters[parameter];
    let finite =
        |number: &Number| decimal(number).map_err(|_| Error::parameter(name, number, "a finite number"));
    let (from, to) = (finite(low)?, finite(high)?);
    if from >= to {
        return Err(Error::parameter("high", high, &format!("more than low = {low}")));
    }
    let exact = tape.exact && !matches!((low, high), (Number::Float(_), _) | (_, Number::Float(_)));
    let search = Search { tape, base, parameter, low: from, high: to, watch };
    Ok(OneWay { parameter: name.into(), regions: search.run()?, sense: tape.sense, exact })
}
