//! The kinds of buy-till-you-die models by name, and where models of each come from.

use std::marker::PhantomData;

use patronage::clv::{
    self as core, BgBb, BgCnbd, BgNbd, Effect, Forecast, GGompertzNbd, History, MbgCnbd, MbgNbd, Nbd,
    ParetoNbd, Priors, Sampling, WithCovariates,
};
use patronage::watch::Watch;
use patronage::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::inference::{Sampled, sample};
use super::super::state::State;
use super::fitted::Fitted;

/// The kinds of models, by their names in the literature.
static KINDS: &[&dyn Kind] = &[
    &Of::<BgNbd>(PhantomData),
    &Of::<Nbd>(PhantomData),
    &Of::<ParetoNbd>(PhantomData),
    &Of::<GGompertzNbd>(PhantomData),
    &Of::<MbgNbd>(PhantomData),
    &Of::<BgCnbd>(PhantomData),
    &Of::<MbgCnbd>(PhantomData),
    &Of::<BgBb>(PhantomData),
];

/// Where models of one kind come from.
pub trait Kind: Sync {
    fn name(&self) -> &'static str;
    fn fit(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>>;
    fn fit_penalised(
        &self,
        history: &History<'_>,
        penalty: &[f64],
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>>;
    #[allow(clippy::too_many_arguments)]
    fn sample(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        flat: bool,
        plan: Sampling,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Sampled>;
    fn given(&self, values: &[f64], effects: Vec<Effect>) -> Result<Box<dyn Fitted>>;
    fn read(&self, text: &str) -> Result<Box<dyn Fitted>>;
}

struct Of<M>(PhantomData<M>);

impl<M> Kind for Of<M>
where
    M: core::PurchaseModel + Serialize + DeserializeOwned + 'static,
{
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn fit(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>> {
        // Without what a model has beside its parameters, the most likely choice is taken.
        let choices = if fixed.is_empty() { M::choices() } else { vec![fixed.to_vec()] };
        let mut best: Option<(f64, Box<dyn Fitted>)> = None;
        for given in choices {
            let any = M::from_parameters(&[vec![1.0; M::PARAMETERS.len()], given].concat())?;
            let (value, fit) = if effects.is_empty() {
                estimate(&any, priors, history, watch)?
            } else {
                estimate(&WithCovariates::new(any, effects.clone())?, priors, history, watch)?
            };
            if best.as_ref().is_none_or(|(most, _)| value > *most) {
                best = Some((value, fit));
            }
        }
        best.map(|(_, fit)| fit).ok_or_else(|| Error::parameter("model", M::NAME, "a model with a choice"))
    }

    fn fit_penalised(
        &self,
        history: &History<'_>,
        penalty: &[f64],
        watch: &dyn Watch,
    ) -> Result<Box<dyn Fitted>> {
        Ok(Box::new(State::Fitted(Box::new(M::fit_penalised(history, penalty, watch)?))))
    }

    fn sample(
        &self,
        fixed: &[f64],
        effects: Vec<Effect>,
        priors: &Priors,
        flat: bool,
        plan: Sampling,
        history: &History<'_>,
        watch: &dyn Watch,
    ) -> Result<Sampled> {
        let any = M::from_parameters(&[&vec![1.0; M::PARAMETERS.len()], fixed].concat())?;
        if effects.is_empty() {
            sample(&any, priors, flat, plan, history, watch)
        } else {
            sample(&WithCovariates::new(any, effects)?, priors, flat, plan, history, watch)
        }
    }

    fn given(&self, values: &[f64], effects: Vec<Effect>) -> Result<Box<dyn Fitted>> {
        let base = M::from_parameters(values)?;
        Ok(if effects.is_empty() {
            Box::new(State::Given(base))
        } else {
            Box::new(State::Given(WithCovariates::new(base, effects)?))
        })
    }

    fn read(&self, text: &str) -> Result<Box<dyn Fitted>> {
        let stored: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let has_effects = |model: &serde_json::Value| model.get("effects").is_some();
        Ok(if has_effects(&stored) || stored.get("model").is_some_and(has_effects) {
            Box::new(State::<WithCovariates<M>>::from_json(text)?)
        } else {
            Box::new(State::<M>::from_json(text)?)
        })
    }
}

/// The fit of models like `kind`.
fn estimate<F: Forecast + Serialize + DeserializeOwned + 'static>(
    kind: &F,
    priors: &Priors,
    history: &History<'_>,
    watch: &dyn Watch,
) -> Result<(f64, Box<dyn Fitted>)> {
    let fit = kind.likelihood(history, watch)?.with_priors(priors)?.maximise(watch)?;
    Ok((fit.log_likelihood + fit.log_prior, Box::new(State::Fitted(Box::new(fit)))))
}

pub fn kind(name: &str) -> Result<&'static dyn Kind> {
    let known = || KINDS.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| Error::parameter("model", name, &format!("one of {}", known())))
}
