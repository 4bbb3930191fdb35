//! The best strategy for every value of one parameter: rollback over functions of it, not over a grid.

use std::rc::Rc;

use super::parametric::ParametricTree;
use super::point::{Point, simplest_between};
use super::polynomial::Polynomial;
use super::quotient::Quotient;
use super::roots::roots_between;
use super::tape::{Check, Code, Kept, Slot, Tape, decimal};
use crate::decision::exact::Exact;
use crate::decision::expression::Operation;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::decision::tree::{Kind, Solve};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Intervals that are told apart on the way.
const MAX_PIECES: usize = 10_000;
/// Operations over all of them.
const MAX_WORK: usize = 20_000_000;

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
    emv: Quotient,
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
    let finite = |number: &Number| decimal(number).map_err(|_| Error::parameter(name, number, "a finite number"));
    let (from, to) = (finite(low)?, finite(high)?);
    if from >= to {
        return Err(Error::parameter("high", high, &format!("more than low = {low}")));
    }
    let exact = tape.exact && !matches!((low, high), (Number::Float(_), _) | (_, Number::Float(_)));
    let search = Search { tape, base, parameter, low: from, high: to, watch };
    Ok(OneWay { parameter: name.into(), regions: search.run()?, sense: tape.sense, exact })
}

struct Search<'a> {
    tape: &'a Tape,
    base: &'a [Exact],
    parameter: usize,
    low: Exact,
    high: Exact,
    watch: &'a dyn Watch,
}

/// An interval, and the values on the tape there as far as they are known.
struct Piece {
    from: Point,
    to: Point,
    values: Vec<Rc<Quotient>>,
}

/// What one piece of the interval turned out to be.
enum Outcome {
    /// The same alternatives are best all through it.
    Known(Rc<Quotient>),
    /// They are not; it is cut at these points.
    Cut(Vec<Point>),
}

impl Search<'_> {
    fn run(&self) -> Result<Vec<Region>> {
        let (low, high) = (Point::from(self.low.clone()), Point::from(self.high.clone()));
        self.check_first(&low, &high)?;
        let (mut regions, mut pieces, mut work) = (Vec::<Region>::new(), 1, 0usize);
        let mut open = vec![Piece { from: low, to: high, values: Vec::new() }];
        'pieces: while let Some(mut piece) = open.pop() {
            self.watch.check()?;
            while let Some(code) = self.tape.code.get(piece.values.len()) {
                work += 1;
                if work.is_multiple_of(1 << 14) {
                    self.watch.check()?;
                }
                match self.step(code, &piece)? {
                    Outcome::Known(value) => piece.values.push(value),
                    Outcome::Cut(points) => {
                        pieces += points.len();
                        work += points.len() * piece.values.len();
                        self.limit(pieces, work)?;
                        let starts = [piece.from].into_iter().chain(points.clone());
                        let parts: Vec<_> = starts.zip(points.into_iter().chain([piece.to])).collect();
                        let values = piece.values;
                        // The leftmost is taken first.
                        open.extend(parts.into_iter().rev().map(|(from, to)| Piece {
                            from,
                            to,
                            values: values.clone(),
                        }));
                        continue 'pieces;
                    }
                }
            }
            let region = self.region(piece)?;
            match regions.last_mut() {
                Some(last) if last.strategy == region.strategy => last.to = region.to,
                _ => regions.push(region),
            }
        }
        Ok(regions)
    }

    fn limit(&self, pieces: usize, work: usize) -> Result<()> {
        if pieces <= MAX_PIECES && work <= MAX_WORK {
            return Ok(());
        }
        Err(Error::LimitExceeded {
            what: "the number of intervals with different strategies".into(),
            limit: MAX_PIECES as u64,
            mend: "ask for a narrower range of the parameter".into(),
        })
    }

    fn step(&self, code: &Code, piece: &Piece) -> Result<Outcome> {
        let value = |slot: Slot| &*piece.values[slot as usize];
        let within = &self.low;
        Ok(Outcome::Known(Rc::new(match code {
            Code::Number(number) => Quotient::whole(Polynomial::constant(number.clone())),
            Code::Parameter(k) if *k as usize == self.parameter => Quotient::whole(Polynomial::variable()),
            Code::Parameter(k) => {
                Quotient::whole(Polynomial::constant(self.base[*k as usize].clone()))
            }
            Code::Apply(operation, left, right) => {
                let (left, right) = (value(*left), value(*right));
                match operation {
                    Operation::Add => left.add(right, within)?,
                    Operation::Subtract => left.add(&right.negated(), within)?,
                    Operation::Multiply => left.mul(right, within)?,
                    Operation::Divide => left.over(right, within)?,
                }
            }
            Code::Best(branches) => return self.best(branches, piece),
        })))
    }

    /// The best branch of a decision, or the points nearest to the middle at which it changes.
    fn best(&self, branches: &[Slot], piece: &Piece) -> Result<Outcome> {
        let middle = middle(&piece.from, &piece.to)?;
        let best = branches[self.best_at(branches, piece, &middle)?.0];
        let best = &piece.values[best as usize];
        let point = Point::from(middle.clone());
        let (mut left, mut right): (Option<Point>, Option<Point>) = (None, None);
        for &slot in branches {
            let gap = best.less(&piece.values[slot as usize])?;
            if !gap.is_zero() && gap.sign_at(&middle)? == 0 {
                // A tie at the middle itself: there the interval is cut.
                return Ok(Outcome::Cut(vec![point]));
            }
            let from = left.as_ref().unwrap_or(&piece.from);
            if let Some(root) = roots_between(&gap, from, &point)?.pop() {
                left = Some(root);
            }
            let to = right.as_ref().unwrap_or(&piece.to);
            if let Some(root) = roots_between(&gap, &point, to)?.into_iter().next() {
                right = Some(root);
            }
        }
        let cuts: Vec<Point> = left.into_iter().chain(right).collect();
        if cuts.is_empty() { Ok(Outcome::Known(Rc::clone(best))) } else { Ok(Outcome::Cut(cuts)) }
    }

    /// The first best of some branches at a value, and all that are as good.
    fn best_at(&self, branches: &[Slot], piece: &Piece, x: &Exact) -> Result<(usize, Vec<usize>)> {
        let mut values = Vec::with_capacity(branches.len());
        for &slot in branches {
            let value = &piece.values[slot as usize];
            values.push(value.at(x)?);
        }
        let best = if self.tape.sense == Sense::Profit { values.iter().max() } else { values.iter().min() };
        let ties: Vec<usize> =
            values.iter().enumerate().filter(|(_, value)| Some(*value) == best).map(|(k, _)| k).collect();
        Ok((ties.first().copied().unwrap_or(0), ties))
    }

    fn region(&self, piece: Piece) -> Result<Region> {
        let tree = &self.tape.tree;
        let middle = middle(&piece.from, &piece.to)?;
        let mut followed = vec![false; tree.len()];
        followed[0] = true;
        let mut decisions = self.tape.decisions.iter().peekable();
        let (mut choice, mut strategy) = (Vec::new(), Vec::new());
        for node in 0..tree.len() {
            let decision = decisions.next_if(|(decision, _)| *decision as usize == node);
            if !followed[node] {
                continue;
            }
            let children = tree.children(node);
            let Some((_, branches)) = decision else {
                children.for_each(|i| followed[i] = true);
                continue;
            };
            let ties = self.best_at(branches, &piece, &middle)?.1;
            let labels: Vec<String> =
                ties.iter().map(|k| tree.label(children.start + k).to_string()).collect();
            ties.iter().for_each(|k| followed[children.start + k] = true);
            if node == 0 {
                choice.clone_from(&labels);
            }
            debug_assert_eq!(tree.kind(node), Kind::Decision);
            strategy.push(RegionChoice {
                node,
                after: tree.since_decision(node),
                decision: tree.name(node).into(),
                choice: labels,
            });
        }
        let emv = (*piece.values[self.tape.outputs[0] as usize]).clone();
        Ok(Region { from: piece.from, to: piece.to, choice, strategy, emv })
    }

    /// Checks divisors and probabilities over the whole range: nothing decided stands before them on the tape.
    fn check_first(&self, low: &Point, high: &Point) -> Result<()> {
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
            let known = if decided[at] { Outcome::Known(Rc::clone(&nought)) } else { self.step(code, &piece)? };
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
        if gap.is_zero() || (!self.tape.exact && self.is_rounding(&gap)?) {
            return Ok(());
        }
        // Not nought everywhere, hence at one of so many places.
        let step = &(&self.high - &self.low) * &Exact::ratio(1, gap.degree() as i64 + 1).unwrap_or(Exact::ONE);
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
    fn is_rounding(&self, gap: &Polynomial) -> Result<bool> {
        let reach = self.low.to_f64().abs().max(self.high.to_f64().abs());
        let terms = gap.coefficients().iter().enumerate();
        let size: f64 = terms.map(|(k, c)| c.to_f64().abs() * reach.powi(k as i32)).sum();
        Ok(size <= 1e-9)
    }
}

/// A fraction strictly between two points: the simplest of those that are certainly there.
fn middle(from: &Point, to: &Point) -> Result<Exact> {
    let (mut from, mut to) = (from.clone(), to.clone());
    while from.above() >= to.below() {
        from.refine()?;
        to.refine()?;
    }
    // Of the middle third, so that it is no neighbour of an end.
    let third = &(to.below() - from.above()) * &Exact::ratio(1, 3).unwrap_or(Exact::ONE);
    Ok(simplest_between(&(from.above() + &third), &(to.below() - &third)))
}
