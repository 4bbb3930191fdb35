//! Which of the segments that pay, where money or contacts are limited.

use std::cmp::Ordering;

use super::{Limit, Targeting};
use crate::decision::number::Number;
use crate::decision::portfolio::{Portfolio, Project};
use crate::decision::scalar::Scalar;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A segment as something to spend on.
pub(super) struct Offer<S> {
    pub pays: bool,
    pub size: S,
    pub cost: S,
    pub per_contact: S,
}

pub(super) struct Chosen<S> {
    /// Contacts a segment.
    pub contacts: Vec<S>,
    pub shadow_price: Option<S>,
    pub has_ties: bool,
}

pub(super) fn choose<S: Scalar>(
    targeting: &Targeting,
    offers: &[Offer<S>],
    watch: &dyn Watch,
) -> Result<Chosen<S>> {
    let (limit, of_money) = match &targeting.limit {
        Some(Limit::Budget(money)) => (money, true),
        Some(Limit::Capacity(contacts)) => (contacts, false),
        None => {
            let all = |offer: &Offer<S>| if offer.pays { offer.size.clone() } else { S::ZERO };
            let contacts = offers.iter().map(all).collect();
            return Ok(Chosen { contacts, shadow_price: None, has_ties: false });
        }
    };
    let limit = S::from_number(limit).unwrap_or(S::ZERO);
    let uses = |offer: &Offer<S>| if of_money { offer.cost.clone() } else { S::ONE };
    if targeting.divisible {
        return greedy(offers, &limit, uses);
    }
    whole(targeting, offers, limit, uses, watch)
}

/// The knapsack problem, exactly.
fn whole<S: Scalar>(
    targeting: &Targeting,
    offers: &[Offer<S>],
    limit: S,
    uses: impl Fn(&Offer<S>) -> S,
    watch: &dyn Watch,
) -> Result<Chosen<S>> {
    let project = |(i, offer): (usize, &Offer<S>)| {
        let option = || {
            ("contact", uses(offer).mul(&offer.size).number(), offer.size.mul(&offer.per_contact).number())
        };
        Project::new(&targeting.segments[i].name, offer.pays.then(option))
    };
    let limit: Number = limit.number();
    let best = Portfolio::new(offers.iter().enumerate().map(project)).budget(limit).solve(watch);
    let best = best.map_err(|error| match error {
        Error::LimitExceeded { what, limit, mend } => {
            Error::LimitExceeded { what, limit, mend: format!("{mend}; or let segments be divisible") }
        }
        other => other,
    })?;
    let contacts = offers.iter().zip(&best.chosen);
    Ok(Chosen {
        contacts: contacts.map(|(o, c)| if c.is_some() { o.size.clone() } else { S::ZERO }).collect(),
        shadow_price: S::from_number(&best.shadow_price.into()),
        has_ties: best.has_ties,
    })
}

/// Segments in parts: by profit a unit of the limit, the best first (Dantzig 1957).
fn greedy<S: Scalar>(offers: &[Offer<S>], limit: &S, uses: impl Fn(&Offer<S>) -> S) -> Result<Chosen<S>> {
    // Profit a unit; a contact that uses nothing has none, and comes first.
    let rates: Vec<Option<S>> = offers.iter().map(|offer| offer.per_contact.over(&uses(offer))).collect();
    let mut order: Vec<usize> = (0..offers.len()).filter(|&i| offers[i].pays).collect();
    order.sort_by(|&a, &b| match (&rates[a], &rates[b]) {
        (Some(a), Some(b)) => b.partial_cmp(a).unwrap_or(Ordering::Equal),
        (a, b) => a.is_some().cmp(&b.is_some()),
    });
    let mut left = limit.clone();
    let mut chosen =
        Chosen { contacts: vec![S::ZERO; offers.len()], shadow_price: Some(S::ZERO), has_ties: false };
    for (place, &i) in order.iter().enumerate() {
        let offer = &offers[i];
        let needed = uses(offer).mul(&offer.size);
        needed.check()?;
        if needed <= left {
            left = left.sub(&needed);
            chosen.contacts[i] = offer.size.clone();
            continue;
        }
        // What is left goes to this one.
        chosen.shadow_price.clone_from(&rates[i]);
        let as_good = |other: Option<&usize>| {
            other
                .and_then(|&other| rates[other].as_ref().zip(rates[i].as_ref()))
                .is_some_and(|(x, y)| x.ties(y))
        };
        let before = place.checked_sub(1).and_then(|k| order.get(k));
        chosen.has_ties = as_good(before) || (!left.is_zero() && as_good(order.get(place + 1)));
        chosen.contacts[i] = left.over(&uses(offer)).unwrap_or(S::ZERO);
        break;
    }
    Ok(chosen)
}
