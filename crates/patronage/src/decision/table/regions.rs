//! Which alternative is best for which probability of a state: the upper envelope of lines, not a grid.

use super::DecisionTable;
use super::criteria::Cells;
use crate::decision::exact::Exact;
use crate::decision::number::Value;
use crate::decision::scalar::{Scalar, Sense};
use crate::error::{Error, Result};

/// The best alternatives for every probability of one state, with the break-even points between them.
#[derive(Debug, Clone, PartialEq)]
pub struct StrategyRegions {
    /// From probability 0 to 1.
    pub regions: Vec<StrategyRegion>,
    /// The expected value of each alternative: a line in the probability.
    pub lines: Vec<Line>,
}

/// An interval of probabilities in which the same alternatives are best.
#[derive(Debug, Clone, PartialEq)]
pub struct StrategyRegion {
    /// Where it begins: 0, or a break-even point, at which the alternatives of the region before are as good.
    pub from: Value,
    /// Where it ends.
    pub to: Value,
    /// The best alternatives (by row); several if they tie all through the region.
    pub best: Vec<usize>,
}

/// The expected value of an alternative as a line in the probability of a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The expected value where the state is impossible.
    pub at_0: Value,
    /// The expected value where the state is certain.
    pub at_1: Value,
}

impl DecisionTable {
    /// The best alternatives by expected value for every probability of a state (by its column).
    ///
    /// The other states share what is left in proportion to their probabilities; with two states none are needed.
    ///
    /// ```
    /// use patronage::decision::{DecisionTable, Sense};
    /// let table = DecisionTable::new(
    ///     ["large", "medium", "small", "none"],
    ///     ["favourable", "unfavourable"],
    ///     [100_000, -90_000, 60_000, -10_000, 40_000, -5_000, 0, 0],
    /// )?;
    /// let ends: Vec<String> =
    ///     table.strategy_regions(0, Sense::Profit)?.regions.iter().map(|r| r.to.to_string()).collect();
    /// assert_eq!(ends, ["1/9", "1/5", "2/3", "1"]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn strategy_regions(&self, state: usize, sense: Sense) -> Result<StrategyRegions> {
        if state >= self.states.len() {
            let expected = format!("below {}, the number of states", self.states.len());
            return Err(Error::parameter("state", state, &expected));
        }
        if self.is_exact() {
            self.regions(&Cells::<Exact>::read(self), state, sense)
        } else {
            self.regions(&Cells::<f64>::read(self), state, sense)
        }
    }

    fn regions<S: Scalar>(&self, cells: &Cells<S>, state: usize, sense: Sense) -> Result<StrategyRegions> {
        let weights = self.other_weights(cells, state)?;
        let mut lines = Vec::with_capacity(cells.rows.len());
        for row in &cells.rows {
            let mut at_0 = S::ZERO;
            for (weight, payoff) in weights.iter().zip(row) {
                at_0 = at_0.add(&weight.mul(payoff));
                at_0.check()?;
            }
            let slope = row[state].sub(&at_0);
            slope.check()?;
            lines.push((at_0, slope));
        }
        let written = |(i, (at_0, _)): (usize, &(S, S))| Line {
            at_0: at_0.value(),
            at_1: cells.rows[i][state].value(),
        };
        Ok(StrategyRegions {
            lines: lines.iter().enumerate().map(written).collect(),
            regions: envelope(&lines, sense)?,
        })
    }

    /// The probabilities of the states where one of them is impossible.
    fn other_weights<S: Scalar>(&self, cells: &Cells<S>, state: usize) -> Result<Vec<S>> {
        let count = self.states.len();
        if count == 2 {
            return Ok((0..2).map(|j| if j == state { S::ZERO } else { S::ONE }).collect());
        }
        let mend = |problem: &str| Error::InvalidTree {
            node: format!("state '{}'", self.states[state]),
            problem: problem.into(),
            mend: "give the states probabilities, at least two of them above 0".into(),
        };
        let Some(p) = &cells.probabilities else {
            return Err(mend("how the other states share what is left is not known"));
        };
        let left = S::ONE.sub(&p[state]);
        let share = |j: usize| if j == state { Some(S::ZERO) } else { p[j].over(&left) };
        (0..count).map(share).collect::<Option<_>>().ok_or_else(|| mend("the other states are impossible"))
    }
}

/// Goes along the best line from 0 to the point where a steeper one overtakes it, and so on.
fn envelope<S: Scalar>(lines: &[(S, S)], sense: Sense) -> Result<Vec<StrategyRegion>> {
    let steeper = |a: &S, b: &S| a.beats(b, sense) && !a.ties(b);
    let better = |a: &(S, S), b: &(S, S)| steeper(&a.0, &b.0) || (a.0.ties(&b.0) && steeper(&a.1, &b.1));
    let mut here = (1..lines.len()).fold(0, |here, i| if better(&lines[i], &lines[here]) { i } else { here });
    let (mut from, mut regions) = (S::ZERO, Vec::new());
    loop {
        let (start, slope) = &lines[here];
        let mut next: Option<(S, usize)> = None;
        for (i, line) in lines.iter().enumerate().filter(|(_, line)| steeper(&line.1, slope)) {
            let Some(at) = start.sub(&line.0).over(&line.1.sub(slope)) else { continue };
            at.check()?;
            let sooner = match &next {
                None => at < S::ONE,
                Some((first, rival)) => at < *first || (at == *first && steeper(&line.1, &lines[*rival].1)),
            };
            if sooner {
                next = Some((at, i));
            }
        }
        let to = next.as_ref().map_or(S::ONE, |(at, _)| at.clone());
        let same = |line: &(S, S)| line.0.ties(start) && line.1.ties(slope);
        if to > from {
            let best = (0..lines.len()).filter(|&i| same(&lines[i])).collect();
            regions.push(StrategyRegion { from: from.value(), to: to.value(), best });
        }
        let Some((at, i)) = next else { return Ok(regions) };
        (from, here) = (at, i);
    }
}
