//! Rollback over functions of one parameter: the range is cut where the best alternative of a decision changes.

use std::rc::Rc;

use super::one_way::{Region, RegionChoice};
use super::point::{Point, simplest_between};
use super::polynomial::Polynomial;
use super::quotient::Quotient;
use super::roots::roots_between;
use super::tape::{Code, Slot, Tape};
use crate::decision::exact::Exact;
use crate::decision::expression::Operation;
use crate::decision::scalar::Sense;
use crate::decision::tree::Kind;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Intervals that are told apart on the way.
const MAX_PIECES: usize = 10_000;
/// Operations over all of them.
const MAX_WORK: usize = 20_000_000;

/// A parameter and its range; the other parameters as in `base`.
pub(super) struct Search<'a> {
    pub tape: &'a Tape,
    pub base: &'a [Exact],
    pub parameter: usize,
    pub low: Exact,
    pub high: Exact,
    pub watch: &'a dyn Watch,
}

/// An interval, and the values on the tape there as far as they are known.
pub(super) struct Piece {
    pub from: Point,
    pub to: Point,
    pub values: Vec<Rc<Quotient>>,
}

/// What one piece of the interval turned out to be.
pub(super) enum Outcome {
    /// The same alternatives are best all through it.
    Known(Rc<Quotient>),
    /// They are not; it is cut at these points.
    Cut(Vec<Point>),
}

impl Search<'_> {
    pub fn run(&self) -> Result<Vec<Region>> {
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
                        limit(pieces, work)?;
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

    pub fn step(&self, code: &Code, piece: &Piece) -> Result<Outcome> {
        let value = |slot: Slot| &*piece.values[slot as usize];
        let within = &self.low;
        Ok(Outcome::Known(Rc::new(match code {
            Code::Number(number) => Quotient::whole(Polynomial::constant(number.clone())),
            Code::Parameter(k) if *k as usize == self.parameter => Quotient::whole(Polynomial::variable()),
            Code::Parameter(k) => Quotient::whole(Polynomial::constant(self.base[*k as usize].clone())),
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
}

fn limit(pieces: usize, work: usize) -> Result<()> {
    if pieces <= MAX_PIECES && work <= MAX_WORK {
        return Ok(());
    }
    Err(Error::LimitExceeded {
        what: "the number of intervals with different strategies".into(),
        limit: MAX_PIECES as u64,
        mend: "ask for a narrower range of the parameter".into(),
    })
}

/// A fraction strictly between two points: the simplest of those that are certainly there.
pub(super) fn middle(from: &Point, to: &Point) -> Result<Exact> {
    let (mut from, mut to) = (from.clone(), to.clone());
    while from.above() >= to.below() {
        from.refine()?;
        to.refine()?;
    }
    // Of the middle third, so that it is no neighbour of an end.
    let third = &(to.below() - from.above()) * &Exact::ratio(1, 3).unwrap_or(Exact::ONE);
    Ok(simplest_between(&(from.above() + &third), &(to.below() - &third)))
}
