//! Models in which customers differ by what is known of them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::super::fit::{Fit, Kernel, Likelihood};
use super::super::history::History;
use super::super::model::{Estimable, Forecast, Model, PurchaseModel};
use super::likelihood::CovariateLikelihood;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// What a covariate has an effect on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// How often customers buy.
    Purchase,
    /// How soon they drop out.
    Dropout,
    /// Both, with one coefficient.
    Both,
}

impl Process {
    /// The name before that of the covariate.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Dropout => "dropout",
            Self::Both => "both",
        }
    }

    /// Whether it is a process, or both.
    pub(in super::super) fn acts_on(self, process: Self) -> bool {
        self == process || self == Self::Both
    }

    /// The parameters of a model that it moves, by place, and how: their logarithm by sign × coefficient × covariate.
    pub(super) fn moves<M: Kernel>(self) -> Vec<(usize, f64)> {
        match self {
            Self::Purchase => M::PURCHASE.to_vec(),
            Self::Dropout => M::DROPOUT.to_vec(),
            Self::Both => [M::PURCHASE, M::DROPOUT].concat(),
        }
    }
}

/// The effect of a covariate on a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// What it has an effect on.
    pub process: Process,
    /// The covariate's name.
    pub covariate: String,
    /// γ, the coefficient.
    pub coefficient: f64,
}

impl Effect {
    /// An effect that is still to be estimated.
    pub fn of(process: Process, covariate: &str) -> Self {
        Self { process, covariate: covariate.into(), coefficient: 0.0 }
    }
}

/// A model whose parameters depend on what is known of each customer: covariates z that stay as they are.
///
/// A coefficient γ of purchase multiplies the mean buying rate by exp(γ z), one of dropout how readily customers drop
/// out; a positive one means more purchases, or shorter lives (Fader and Hardie, 2007, note 019, for BG/NBD and
/// Pareto/NBD; as in Abe, 2009, and the package `CLVTools`). In BG/NBD α moves by exp(−γ z), and a and b both by
/// exp(γ z), which leaves the mean dropout probability and makes customers more alike; in Pareto/NBD α and β move by
/// exp(−γ z). The base parameters are those of a customer whose covariates are all 0.
///
/// ```
/// use patronage::clv::{BgNbd, Effect, Forecast, History, Process, WithCovariates};
/// use patronage::watch::Unwatched;
/// let base = BgNbd::new(0.243, 4.414, 0.793, 2.426)?;
/// let member = Effect { process: Process::Purchase, covariate: "member".into(), coefficient: 0.7 };
/// let model = WithCovariates::new(base, [member])?;
/// let history = History::new(&[0.0, 0.0][..], &[0.0, 0.0], &[0.0, 0.0])?.with_covariate("member", &[0.0, 1.0])?;
/// let expected = model.expected_purchases(&history, 52.0, &Unwatched)?;
/// assert!(expected[1] > 1.3 * expected[0]);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    try_from = "StoredCovariates<M>",
    into = "StoredCovariates<M>",
    bound(serialize = "M: PurchaseModel + Serialize", deserialize = "M: PurchaseModel + Deserialize<'de>")
)]
pub struct WithCovariates<M> {
    base: M,
    effects: Vec<Effect>,
    /// The covariates' names, each once.
    covariates: Vec<String>,
}

/// How it is stored; the base has the version.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCovariates<M> {
    base: M,
    effects: Vec<Effect>,
}

impl<M> From<WithCovariates<M>> for StoredCovariates<M> {
    fn from(WithCovariates { base, effects, .. }: WithCovariates<M>) -> Self {
        Self { base, effects }
    }
}

impl<M: PurchaseModel> TryFrom<StoredCovariates<M>> for WithCovariates<M> {
    type Error = Error;

    fn try_from(StoredCovariates { base, effects }: StoredCovariates<M>) -> Result<Self> {
        Self::new(base, effects)
    }
}

impl<M: PurchaseModel> WithCovariates<M> {
    /// A model from that of a customer whose covariates are all 0, and the effects of covariates.
    ///
    /// # Errors
    /// No effect; an effect twice, or for both processes and for one of them; a coefficient that is not finite; a
    /// model that does not say how covariates move its parameters.
    pub fn new(base: M, effects: impl IntoIterator<Item = Effect>) -> Result<Self> {
        let effects: Vec<Effect> = effects.into_iter().collect();
        if effects.is_empty() {
            return Err(Error::parameter("effects", "none", "at least one covariate"));
        }
        let mut covariates: Vec<String> = Vec::new();
        for (i, effect) in effects.iter().enumerate() {
            let name = effect.covariate.as_str();
            if effect.process.moves::<M>().is_empty() {
                let found = format!("{name} on {}", effect.process.name());
                return Err(Error::parameter(
                    "covariate",
                    found,
                    &format!("none: {} has no such process", M::NAME),
                ));
            }
            if !effect.coefficient.is_finite() {
                return Err(Error::parameter(name, effect.coefficient, "a finite coefficient"));
            }
            let clash = |other: &Effect| {
                let shared = Process::Both;
                other.covariate == name
                    && (other.process == effect.process
                        || other.process == shared
                        || effect.process == shared)
            };
            if effects[..i].iter().any(clash) {
                return Err(Error::parameter("covariate", name, "each covariate once for each process"));
            }
            if !covariates.iter().any(|known| known == name) {
                covariates.push(name.into());
            }
        }
        Ok(Self { base, effects, covariates })
    }

    /// The model of a customer whose covariates are all 0.
    pub fn base(&self) -> &M {
        &self.base
    }

    /// The effects of covariates.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The place of each effect's covariate among [`Forecast::covariates`].
    pub(super) fn places(&self) -> Vec<usize> {
        let place = |effect: &Effect| self.covariates.iter().position(|name| *name == effect.covariate);
        self.effects.iter().map(|effect| place(effect).unwrap_or(usize::MAX)).collect()
    }

    /// The model of maximum likelihood with the same effects, whose coefficients are not looked at.
    ///
    /// # Errors
    /// As [`PurchaseModel::fit`]; a covariate that is not in the history, is constant, or is made up of others.
    pub fn fit_alike(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Fit<Self>> {
        self.likelihood(history, watch)?.maximise(watch)
    }
}

impl<M: PurchaseModel> Model for WithCovariates<M> {
    const NAME: &'static str = M::NAME;

    /// Those of the base, and `purchase:z`, `dropout:z` or `both:z` for each effect of a covariate z.
    fn names(&self) -> Vec<String> {
        let named = |effect: &Effect| format!("{}:{}", effect.process.name(), effect.covariate);
        self.base.names().into_iter().chain(self.effects.iter().map(named)).collect()
    }

    fn parameters(&self) -> Vec<f64> {
        self.base
            .parameters()
            .into_iter()
            .chain(self.effects.iter().map(|effect| effect.coefficient))
            .collect()
    }
}

impl<M: PurchaseModel> Estimable for WithCovariates<M> {
    fn fixed_values(&self) -> Vec<f64> {
        self.base.fixed()
    }

    fn positive(&self) -> Vec<bool> {
        self.base.positive().into_iter().chain(self.effects.iter().map(|_| false)).collect()
    }

    fn with_parameters(&self, values: &[f64]) -> Result<Self> {
        if values.len() != M::PARAMETERS.len() + self.effects.len() {
            let expected = format!("one value for each of {}", self.names().join(", "));
            return Err(Error::parameter("parameters", values.len(), &expected));
        }
        let (base, coefficients) = values.split_at(M::PARAMETERS.len());
        let each = self.effects.iter().zip(coefficients);
        Self::new(
            self.base.with_parameters(base)?,
            each.map(|(effect, &coefficient)| Effect { coefficient, ..effect.clone() }),
        )
    }
}

impl<M: PurchaseModel> Forecast for WithCovariates<M> {
    type One = M;

    fn likelihood(&self, history: &History<'_>, watch: &dyn Watch) -> Result<Likelihood<Self>> {
        M::check(history)?;
        Ok(Likelihood::new(CovariateLikelihood::like(self.clone(), history, watch)?))
    }

    fn covariates(&self) -> Vec<String> {
        self.covariates.clone()
    }

    fn one(&self, covariates: &[f64]) -> Result<Cow<'_, M>> {
        let mut moved = vec![0.0; M::PARAMETERS.len()];
        for (effect, place) in self.effects.iter().zip(self.places()) {
            for (parameter, sign) in effect.process.moves::<M>() {
                moved[parameter] += sign * effect.coefficient * covariates[place];
            }
        }
        let values: Vec<f64> =
            self.base.parameters().iter().zip(&moved).map(|(p, by)| p * by.exp()).collect();
        self.base.with_parameters(&values).map(Cow::Owned).map_err(|problem| {
            let known = self.covariates.iter().zip(covariates).map(|(name, z)| format!("{name} = {z}"));
            Error::parameter(
                "covariates",
                known.collect::<Vec<_>>().join(", "),
                &format!("values for which the parameters can be worked out ({problem})"),
            )
        })
    }
}
