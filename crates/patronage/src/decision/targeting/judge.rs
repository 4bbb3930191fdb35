//! One decision a segment.

use super::budget;
use super::check::{Counts, counts, is_exact, scalar};
use super::pooled;
use super::{Prior, Targeting};
use crate::decision::exact::Exact;
use crate::decision::number::Value;
use crate::decision::scalar::{Scalar, Sense};
use crate::error::Result;
use crate::math::Beta;
use crate::watch::Watch;

/// What to do with a segment by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A contact brings more than it costs.
    Contact,
    /// A contact costs more than it brings.
    Leave,
    /// It brings just what it costs.
    Either,
}

/// A segment, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetSegment {
    /// Customers who were contacted.
    pub n: u64,
    /// Those of them who responded.
    pub responders: u64,
    /// Customers who may be contacted now.
    pub size: u64,
    /// The expected response rate: the observed one, or (a + responders) / (a + b + n).
    pub response: Value,
    /// The response rate at which a contact brings what it costs: cost / margin.
    pub break_even: Value,
    /// Expected profit of a contact: response × margin − cost.
    pub profit_per_contact: Value,
    /// Expected profit if the whole segment is contacted.
    pub profit: Value,
    /// What to do with it, were there no limit.
    pub verdict: Verdict,
    /// The beta distribution of the response rate after the counts; `None` without a prior.
    pub posterior: Option<Beta>,
    /// The interval of the response rate: of the posterior, with equal tails; without a prior that of Clopper and
    /// Pearson (1934), which holds for every rate.
    pub interval: (f64, f64),
    /// P(response rate > break-even); `None` without a prior.
    pub chance_of_profit: Option<f64>,
    /// Customers whom the plan contacts: under a limit that may be less than the size, and with `divisible` a part.
    pub contacts: Value,
    /// The expected profit of these contacts.
    pub planned_profit: Value,
}

/// Whom to contact.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetPlan {
    /// The question.
    pub targeting: Targeting,
    /// The segments, in the order given.
    pub segments: Vec<TargetSegment>,
    /// The parameters a, b of the prior; `None` without one.
    pub prior: Option<(Value, Value)>,
    /// The expected profit of the plan.
    pub profit: Value,
    /// What its contacts cost.
    pub spent: Value,
    /// Its contacts.
    pub contacts: Value,
    /// What a little more of the limit would bring, a unit, if segments could be contacted in part; `None` without
    /// a limit.
    pub shadow_price: Option<Value>,
    /// Whether another plan brings as much (for whole segments: and uses as much).
    pub has_ties: bool,
}

impl Targeting {
    /// Judges the segments, and chooses among those that pay.
    pub fn solve(&self, watch: &dyn Watch) -> Result<TargetPlan> {
        let counts = counts(self)?;
        if is_exact(self) { self.run::<Exact>(&counts, watch) } else { self.run::<f64>(&counts, watch) }
    }

    fn run<S: Scalar>(&self, counts: &[Counts], watch: &dyn Watch) -> Result<TargetPlan> {
        let prior: Option<(S, S)> = match &self.prior {
            Prior::Observed => None,
            Prior::Beta(a, b) => S::from_number(a).zip(S::from_number(b)),
            Prior::Pooled => {
                let (a, b) = pooled::fit(counts)?;
                S::from_number(&a.into()).zip(S::from_number(&b.into()))
            }
        };
        let mut offers = Vec::with_capacity(counts.len());
        let mut segments = Vec::with_capacity(counts.len());
        for (segment, counts) in self.segments.iter().zip(counts) {
            watch.check()?;
            let amount = |number| S::from_number(number).unwrap_or(S::ZERO);
            let (margin, cost) = (amount(&segment.margin), amount(&segment.cost));
            let (seen, all) = (scalar::<S>(counts.responders), scalar::<S>(counts.n));
            let (seen, all) = match &prior {
                Some((a, b)) => (seen.add(a), all.add(a).add(b)),
                None => (seen, all),
            };
            let response = seen.over(&all).unwrap_or(S::ZERO);
            let brought = response.mul(&margin);
            let per_contact = brought.sub(&cost);
            let verdict = match () {
                () if brought.ties(&cost) => Verdict::Either,
                () if brought.beats(&cost, Sense::Profit) => Verdict::Contact,
                () => Verdict::Leave,
            };
            let size = scalar::<S>(counts.size);
            let profit = per_contact.mul(&size);
            profit.check()?;
            let break_even = cost.over(&margin).unwrap_or(S::ZERO);
            break_even.check()?;
            let posterior = prior.as_ref().map(|(a, b)| {
                let (a, b) = (a.value().float, b.value().float);
                Beta { a: a + counts.responders as f64, b: b + (counts.n - counts.responders) as f64 }
            });
            segments.push(TargetSegment {
                n: counts.n,
                responders: counts.responders,
                size: counts.size,
                response: response.value(),
                break_even: break_even.value(),
                profit_per_contact: per_contact.value(),
                profit: profit.value(),
                verdict,
                posterior,
                interval: interval(posterior, *counts, self.level),
                chance_of_profit: posterior.map(|p| p.above(break_even.value().float)),
                contacts: S::ZERO.value(),
                planned_profit: S::ZERO.value(),
            });
            let pays = verdict == Verdict::Contact && counts.size > 0;
            offers.push(budget::Offer { pays, size, cost, per_contact });
        }
        let chosen = budget::choose(self, &offers, watch)?;
        let (mut profit, mut spent, mut contacts) = (S::ZERO, S::ZERO, S::ZERO);
        for ((segment, offer), count) in segments.iter_mut().zip(&offers).zip(&chosen.contacts) {
            let gain = count.mul(&offer.per_contact);
            profit = profit.add(&gain);
            spent = spent.add(&count.mul(&offer.cost));
            contacts = contacts.add(count);
            [&profit, &spent, &contacts].into_iter().try_for_each(Scalar::check)?;
            (segment.contacts, segment.planned_profit) = (count.value(), gain.value());
        }
        Ok(TargetPlan {
            targeting: self.clone(),
            segments,
            prior: prior.map(|(a, b)| (a.value(), b.value())),
            profit: profit.value(),
            spent: spent.value(),
            contacts: contacts.value(),
            shadow_price: chosen.shadow_price.map(|price| price.value()),
            has_ties: chosen.has_ties,
        })
    }
}

fn interval(posterior: Option<Beta>, counts: Counts, level: f64) -> (f64, f64) {
    let tail = 0.5 * (1.0 - level);
    if let Some(posterior) = posterior {
        return (posterior.quantile(tail), posterior.quantile(1.0 - tail));
    }
    let (seen, unseen) = (counts.responders as f64, (counts.n - counts.responders) as f64);
    let low = if seen == 0.0 { 0.0 } else { Beta { a: seen, b: unseen + 1.0 }.quantile(tail) };
    let high = if unseen == 0.0 { 1.0 } else { Beta { a: seen + 1.0, b: unseen }.quantile(1.0 - tail) };
    (low, high)
}
