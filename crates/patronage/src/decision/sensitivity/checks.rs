//! What must hold at every value of the parameter, not at the ends only: divisors, probabilities, their sums.

use std::rc::Rc;

use super::point::Point;
use super::polynomial::Polynomial;
use super::quotient::Quotient;
use super::roots::roots_between;
use super::search::{Outcome, Piece, Search, middle};
use super::tape::{Check, Code};
use crate::decision::exact::Exact;
use crate::decision::number::Value;
use crate::error::Result;

impl Search<'_> {
    /// Checks divisors and probabilities over the whole range: nothing decided stands before them on the tape.
    pub fn check_first(&self, low: &Point, high: &Point) -> Result<()> {
        let tape = self.tape;
        let last = |check: &Check| check.slot as usize;
        let divisors = tape.divisors.iter().map(|(check, _)| last(check));
        let checks = tape.probabilities.iter().chain(&tape.sums).map(last);
        let Some(end) = divisors.chain(checks).max() else { return Ok(()) };
        let mut piece = Piece { from: low.clone(), to: high.clone(), values: Vec::new() };
        let nought = Rc::new(Quotient::whole(Polynomial::constant(Exact::ZERO)));
        let mut divisors = tape.divisors.iter().collect::<Vec<_>>();
        divisors.sort_by_key(|(check, _)| check.slot);
        let mut divisors = divisors.into_iter().peekable();
        // What depends on decisions is not needed by what is checked.
        let mut decided = vec![false; end + 1];
        for (at, code) in tape.code.iter().enumerate().take(end + 1) {
            decided[at] = match code {
                Code::Best(_) => true,
                Code::Apply(_, a, b) => decided[*a as usize] || decided[*b as usize],
                _ => false,
            };
            let known =
                if decided[at] { Outcome::Known(Rc::clone(&nought)) } else { self.step(code, &piece)? };
            let Outcome::Known(value) = known else { continue };
            piece.values.push(value);
            while let Some((check, text)) = divisors.next_if(|(check, _)| check.slot as usize == at) {
                self.check_divisor(*check, text, &piece)?;
            }
        }
        tape.probabilities.iter().try_for_each(|check| self.check_probability(*check, &piece))?;
        tape.sums.iter().try_for_each(|check| self.check_sum(*check, &piece))
    }

    /// A value of the parameter, and those of others that are not at their base values.
    fn place(&self, value: &Value) -> String {
        let names = &self.tape.parameters;
        let moved = (0..names.len()).filter(|&k| k != self.parameter && self.base[k] != self.tape.base[k]);
        let others = moved.map(|k| format!(", {} = {}", names[k], self.base[k])).collect::<String>();
        format!("{} = {value}{others}", names[self.parameter])
    }

    fn check_divisor(&self, check: Check, text: &str, piece: &Piece) -> Result<()> {
        let top = &piece.values[check.slot as usize].top;
        let ends = [&self.low, &self.high].into_iter().find(|x| top.sign_at(x).is_ok_and(|sign| sign == 0));
        let at = match ends {
            Some(end) => Some(Point::from(end.clone())),
            None => roots_between(top, &piece.from, &piece.to)?.into_iter().next(),
        };
        let Some(at) = at else { return Ok(()) };
        let problem = format!("the expression {text} divides by nought at {}", self.place(&at.value()));
        Err(self.tape.invalid(check.node, problem, "choose a range without this value"))
    }

    fn check_probability(&self, check: Check, piece: &Piece) -> Result<()> {
        let p = &piece.values[check.slot as usize];
        let one = Quotient::whole(Polynomial::constant(Exact::ONE));
        for gap in [p.top.clone(), one.less(p)?] {
            if let Some(x) = self.where_negative(&gap, piece)? {
                let p = p.at(&x)?;
                let problem = format!("a probability is {p} at {}", self.place(&x.into()));
                let mend = "choose a range in which probabilities lie between 0 and 1";
                return Err(self.tape.invalid(check.node, problem, mend));
            }
        }
        Ok(())
    }

    /// A value in the range at which a polynomial is negative.
    fn where_negative(&self, polynomial: &Polynomial, piece: &Piece) -> Result<Option<Exact>> {
        let mut trials = vec![self.low.clone(), self.high.clone()];
        let mut ends = vec![piece.from.clone()];
        ends.extend(roots_between(polynomial, &piece.from, &piece.to)?);
        ends.push(piece.to.clone());
        for pair in ends.windows(2) {
            trials.push(middle(&pair[0], &pair[1])?);
        }
        for x in trials {
            if polynomial.sign_at(&x)? < 0 {
                return Ok(Some(x));
            }
        }
        Ok(None)
    }

    fn check_sum(&self, check: Check, piece: &Piece) -> Result<()> {
        let sum = &piece.values[check.slot as usize];
        let gap = sum.less(&Quotient::whole(Polynomial::constant(Exact::ONE)))?;
        if gap.is_zero() || (!self.tape.exact && self.is_rounding(&gap)) {
            return Ok(());
        }
        // Not nought everywhere, hence at one of so many places.
        let step =
            &(&self.high - &self.low) * &Exact::ratio(1, gap.degree() as i64 + 1).unwrap_or(Exact::ONE);
        let mut x = self.low.clone();
        while gap.sign_at(&x)? == 0 {
            x = &x + &step;
        }
        let sum = sum.at(&x)?;
        let problem = format!("the probabilities sum to {sum} at {}", self.place(&x.into()));
        let mend = "link them, such as \"p\" and \"1-p\", or write \"#\" for the rest";
        Err(self.tape.invalid(check.node, problem, mend))
    }

    /// Whether a difference is within what floats may leave of 0 all over the range.
    fn is_rounding(&self, gap: &Polynomial) -> bool {
        let reach = self.low.to_f64().abs().max(self.high.to_f64().abs());
        let terms = gap.coefficients().iter().enumerate();
        let size: f64 = terms.map(|(k, c)| c.to_f64().abs() * reach.powi(k as i32)).sum();
        size <= 1e-9
    }
}
