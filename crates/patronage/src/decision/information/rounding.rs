//! Probabilities as a book rounds them.

use num_rational::BigRational;

use crate::decision::exact::Exact;
use crate::decision::number::Number;
use crate::decision::scalar::Scalar;
use crate::decision::tree::{Kind, NodeRow, Tree, TreeAnswer};
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

/// Decimals that may be asked for.
const MOST: u32 = 15;

/// Rounds the probabilities of one event half up to a number of decimals, as books do: all but the last, which
/// gets what the others leave of 1.
pub(super) fn rounded<S: Scalar>(probabilities: &[S], decimals: u32) -> Result<Vec<S>> {
    check(decimals)?;
    let Some((_, first)) = probabilities.split_last() else { return Ok(Vec::new()) };
    let mut all: Vec<S> = first.iter().map(|p| round(p, decimals)).collect();
    let sum = S::total(all.iter())?;
    let last = if sum.is_one() { S::ZERO } else { S::ONE.sub(&sum) };
    if last < S::ZERO {
        return Err(Error::parameter(
            "rounding",
            decimals,
            "more decimals: the rounded probabilities pass 1",
        ));
    }
    all.push(last);
    Ok(all)
}

/// An error unless so many decimals may be asked for.
pub(super) fn check(decimals: u32) -> Result<()> {
    if decimals > MOST {
        return Err(Error::parameter("rounding", decimals, "a number of decimals from 0 to 15"));
    }
    Ok(())
}

fn round<S: Scalar>(p: &S, decimals: u32) -> S {
    let number = match p.number() {
        Number::Exact(exact) => {
            let scale = BigRational::from_integer(10u64.pow(decimals).into());
            Number::Exact(Exact::from((exact.to_big() * &scale).round() / scale))
        }
        Number::Float(float) => {
            let scale = 10f64.powi(decimals as i32);
            Number::Float((float * scale).round() / scale)
        }
        other => other,
    };
    S::from_number(&number).unwrap_or(S::ZERO)
}

impl Tree {
    /// The same tree with the probabilities of every chance event rounded half up to a number of decimals (0 to
    /// 15): all but the last of an event, which gets what the others leave of 1. So a book's chain of rounded
    /// posteriors is reproduced.
    ///
    /// ```
    /// use patronage::decision::{chance, pay};
    /// let large = chance([("favourable", "7/9", pay(190_000)), ("unfavourable", "#", pay(-190_000))]).build()?;
    /// assert_eq!(large.solve()?.emv().to_string(), "950000/9");
    /// assert_eq!(large.rounded(2)?.solve()?.emv().to_string(), "106400");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn rounded(&self, decimals: u32) -> Result<Self> {
        let mut rows = self.rows();
        for node in (0..self.len()).filter(|&i| self.kind(i) == Kind::Chance) {
            let children = self.children(node);
            if self.is_exact() {
                round_event::<Exact>(&mut rows[children], decimals)?;
            } else {
                round_event::<f64>(&mut rows[children], decimals)?;
            }
        }
        Self::from_rows(rows, &Unwatched)
    }
}

impl TreeAnswer {
    /// The answer with rounded probabilities ([`Tree::rounded`]), come to in the same way.
    pub fn rounded(&self, decimals: u32, watch: &dyn Watch) -> Result<Self> {
        self.options().run(&self.tree().rounded(decimals)?, watch)
    }
}

fn round_event<S: Scalar>(rows: &mut [NodeRow], decimals: u32) -> Result<()> {
    let given: Vec<S> =
        rows.iter().map(|row| row.probability.as_ref().and_then(S::from_number).unwrap_or(S::ZERO)).collect();
    for (row, p) in rows.iter_mut().zip(rounded(&given, decimals)?) {
        row.probability = Some(p.number());
    }
    Ok(())
}
