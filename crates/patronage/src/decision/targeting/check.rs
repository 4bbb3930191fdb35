//! Counts, margins and costs, checked: an error names column, first row and count.

use std::collections::HashSet;

use super::{Limit, Prior, Segment, Targeting};
use crate::decision::exact::Exact;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Scalar;
use crate::error::{Error, Result};

/// Counts beyond this are no longer exact in floats.
const MOST: f64 = 9_007_199_254_740_992.0;

/// The counts of a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub n: u64,
    pub responders: u64,
    pub size: u64,
}

/// The counts of all segments, once everything has been looked at.
pub(super) fn counts(targeting: &Targeting) -> Result<Vec<Counts>> {
    let segments = &targeting.segments;
    if segments.is_empty() {
        let mend = "give a row a segment".into();
        return Err(Error::NotEnoughData { what: "segments".into(), found: 0, needed: 1, mend });
    }
    let check = |column: &str, problem: &str, mend: &str, bad: &dyn Fn(&Segment) -> bool| {
        let rows: Vec<usize> = (0..segments.len()).filter(|&i| bad(&segments[i])).collect();
        let Some(&row) = rows.first() else { return Ok(()) };
        Err(Error::InvalidValue {
            column: column.into(),
            row: row as u64,
            count: rows.len() as u64,
            problem: problem.into(),
            mend: mend.into(),
        })
    };
    names(segments)?;
    let whole = "give whole numbers from 0 up";
    check("n", "no counts", whole, &|s| count(&s.n).is_none())?;
    check("responders", "no counts", whole, &|s| count(&s.responders).is_none())?;
    check("size", "no counts", whole, &|s| s.size.as_ref().is_some_and(|size| count(size).is_none()))?;
    let more = "count only those who were contacted, each once";
    check("responders", "more responders than customers contacted", more, &|s| {
        count(&s.responders) > count(&s.n)
    })?;
    if targeting.prior == Prior::Observed {
        let mend = "leave these segments out, or give a prior, such as (1, 1)";
        check("n", "nobody was contacted, so that there is no response rate", mend, &|s| {
            count(&s.n) == Some(0)
        })?;
    }
    let amount = |number: &Number| number_of(number);
    check("margin", "margins that are not above 0", "give what a response brings", &|s| {
        amount(&s.margin).is_none_or(|margin| margin <= 0.0)
    })?;
    check("cost", "costs that are negative or no numbers", "give what a contact costs, from 0 up", &|s| {
        amount(&s.cost).is_none_or(|cost| cost < 0.0)
    })?;
    options(targeting)?;
    let counted = |s: &Segment| {
        let n = count(&s.n)?;
        let size = s.size.as_ref().map_or(Some(n), count)?;
        Some(Counts { n, responders: count(&s.responders)?, size })
    };
    Ok(segments.iter().filter_map(counted).collect())
}

fn names(segments: &[Segment]) -> Result<()> {
    let mut seen = HashSet::new();
    let twice: Vec<usize> = (0..segments.len()).filter(|&i| !seen.insert(&segments[i].name)).collect();
    let Some(&row) = twice.first() else { return Ok(()) };
    Err(Error::InvalidValue {
        column: "segment".into(),
        row: row as u64,
        count: twice.len() as u64,
        problem: format!("a segment that was there before, such as '{}',", segments[row].name),
        mend: "give one row a segment: add up their counts".into(),
    })
}

fn options(targeting: &Targeting) -> Result<()> {
    let level = targeting.level;
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::parameter("level", level, "a probability between 0 and 1, such as 0.95"));
    }
    if let Prior::Beta(a, b) = &targeting.prior {
        let good = |number: &Number| number_of(number).is_some_and(|x| (1e-9..=1e12).contains(&x));
        if !good(a) || !good(b) {
            let expected = "two numbers between 1e-9 and 1e12: responders and others, as if seen before";
            return Err(Error::parameter("prior", format!("({a}, {b})"), expected));
        }
    }
    let good = |number: &Number| number_of(number).is_some_and(|x| x >= 0.0);
    match &targeting.limit {
        Some(Limit::Budget(money)) if !good(money) => {
            Err(Error::parameter("budget", money, "a finite number from 0 up"))
        }
        Some(Limit::Capacity(contacts)) if !good(contacts) => {
            Err(Error::parameter("capacity", contacts, "a number of contacts from 0 up"))
        }
        _ => Ok(()),
    }
}

/// A finite number that can be reckoned with.
pub(super) fn number_of(number: &Number) -> Option<f64> {
    match number {
        Number::Exact(exact) => exact.check().ok().map(|()| exact.to_f64()),
        Number::Float(float) => float.is_finite().then_some(*float),
        _ => None,
    }
}

fn count(number: &Number) -> Option<u64> {
    let float = number_of(number)?;
    let whole = match number {
        Number::Exact(exact) => exact.is_integer(),
        _ => float.fract() == 0.0,
    };
    (whole && (0.0..=MOST).contains(&float)).then_some(float as u64)
}

/// A count as a number of the answer.
pub(super) fn scalar<S: Scalar>(count: u64) -> S {
    S::from_number(&Number::Exact(Exact::from(count.cast_signed()))).unwrap_or(S::ZERO)
}

/// Whether all amounts are fractions.
pub(super) fn is_exact(targeting: &Targeting) -> bool {
    let exact = |number: &Number| Value::from(number).exact.is_some();
    let prior = match &targeting.prior {
        Prior::Observed => true,
        Prior::Beta(a, b) => exact(a) && exact(b),
        Prior::Pooled => false,
    };
    let limit = match &targeting.limit {
        Some(Limit::Budget(number) | Limit::Capacity(number)) => exact(number),
        None => true,
    };
    prior && limit && targeting.segments.iter().all(|s| exact(&s.margin) && exact(&s.cost))
}
