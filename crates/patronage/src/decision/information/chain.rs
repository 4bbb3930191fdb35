//! From posteriors to what the study is worth.

use super::event::improvement;
use super::rows::{reweighted, scalar};
use super::study::Study;
use crate::decision::number::Value;
use crate::decision::scalar::{Scalar, Sense};
use crate::decision::tree::Tree;
use crate::error::Result;
use crate::watch::Unwatched;

/// What follows from one set of posteriors.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// The signals.
    pub signals: Vec<Signal>,
    /// The expected value with sample information (EVwSI): Σ P(signal) × the best expected value after it.
    pub ev_with_sample_information: Value,
    /// The same after the study has been paid.
    pub net: Value,
    /// The expected value of sample information: the former less the EMV without the study (for costs the other way round).
    pub evsi: Value,
    /// The EVSI less what the study costs: the expected net gain of sampling.
    pub net_gain: Value,
    /// EVSI / EVPI; `None` where the EVPI is 0.
    pub efficiency: Option<Value>,
}

/// One signal, and the decision after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Its name.
    pub name: String,
    /// How likely it is.
    pub probability: Value,
    /// The probabilities of the states after it; `None` for an impossible signal.
    pub posterior: Option<Vec<Value>>,
    /// The expected value of each alternative of the first decision after it, the study not paid; `None` for an
    /// impossible signal.
    pub values: Option<Vec<Value>>,
    /// The best of them, or the value of the tree if it does not begin with a decision.
    pub value: Option<Value>,
    /// The alternatives (by place) that have it: several if they tie.
    pub best: Vec<usize>,
}

impl Chain {
    pub(super) fn of<S: Scalar>(
        study: &Study,
        marginal: &[S],
        posterior: &[Option<Vec<S>>],
        evpi: &Value,
    ) -> Result<Self> {
        let sense = study.question.sense();
        let mut signals = Vec::with_capacity(marginal.len());
        let mut weighed = Vec::new();
        for ((name, p), posterior) in study.signals.iter().zip(marginal).zip(posterior) {
            let (signal, value) = Signal::of(study, name, p, posterior.as_deref())?;
            if let Some(value) = value {
                weighed.push(p.mul(&value));
            }
            signals.push(signal);
        }
        let gross = S::total(weighed.iter())?;
        gross.check()?;
        let cost = S::from_number(&study.cost).unwrap_or(S::ZERO);
        let net = if sense == Sense::Profit { gross.sub(&cost) } else { gross.add(&cost) };
        let evsi = improvement(&gross, &scalar(&study.question.emv()), sense);
        let net_gain = evsi.sub(&cost);
        [&net, &evsi, &net_gain].into_iter().try_for_each(Scalar::check)?;
        Ok(Self {
            signals,
            ev_with_sample_information: gross.value(),
            net: net.value(),
            net_gain: net_gain.value(),
            efficiency: evsi.over(&scalar(evpi)).map(|share| share.value()),
            evsi: evsi.value(),
        })
    }
}

impl Signal {
    fn of<S: Scalar>(study: &Study, name: &str, p: &S, posterior: Option<&[S]>) -> Result<(Self, Option<S>)> {
        let mut signal = Self {
            name: name.into(),
            probability: p.value(),
            posterior: posterior.map(|row| row.iter().map(Scalar::value).collect()),
            values: None,
            value: None,
            best: Vec::new(),
        };
        let Some(posterior) = posterior else { return Ok((signal, None)) };
        let rows = reweighted(study.question.tree(), &study.event, posterior);
        let answer = study.question.options().run(&Tree::from_rows(rows, &Unwatched)?, &Unwatched)?;
        let tree = answer.tree();
        let value: S = scalar(&answer.emv());
        signal.value = Some(value.value());
        if !answer.choice().is_empty() {
            signal.values = Some(tree.children(0).map(|i| answer.cumulative(i)).collect());
            signal.best =
                (0..).zip(tree.children(0)).filter(|&(_, i)| answer.is_best(i)).map(|(k, _)| k).collect();
        }
        Ok((signal, Some(value)))
    }
}
