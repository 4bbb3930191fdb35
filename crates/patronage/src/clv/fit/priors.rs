//! What is assumed of parameters before the data are seen.

use serde::{Deserialize, Serialize};

use super::super::model::Model;
use super::derivatives::{Derivatives, Objective};
use super::frame::Frame;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The spread of the default priors of parameters: 95 % within a factor of 50 of the median.
pub(in super::super) const WIDTH: f64 = 2.0;

/// The prior of one parameter: normal in its coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// The parameter's name.
    pub parameter: String,
    /// Median of the parameter, which must be positive unless the parameter is a coefficient.
    pub median: f64,
    /// Standard deviation: of the parameter's logarithm (a factor of e^spread either way is one standard deviation),
    /// or of the parameter itself if it is a coefficient.
    pub spread: f64,
}

/// Priors of some of the parameters: log-normal for positive ones, normal for coefficients of covariates.
///
/// The estimate is where log-likelihood plus log-density of the *logarithms* is largest: ln p ~ N(ln median, spread²).
/// Parameters that are not named have a flat prior in their logarithm.
///
/// ```
/// use patronage::clv::{BgNbd, Forecast, History, Prior, Priors};
/// use patronage::watch::Unwatched;
/// // Nobody was seen to stay away: without a prior the likelihood is flat as a → 0.
/// let history = History::new(&[3.0, 5.0, 8.0][..], &[29.0, 30.0, 30.0], &[30.0; 3])?;
/// let any = BgNbd::new(1.0, 1.0, 1.0, 1.0)?;
/// let likelihood = any.likelihood(&history, &Unwatched)?;
/// assert!(!likelihood.maximise(&Unwatched)?.converged());
/// let prior = |parameter: &str, median| Prior { parameter: parameter.into(), median, spread: 1.0 };
/// let priors = Priors::new([prior("r", 1.0), prior("alpha", 5.0), prior("a", 1.0), prior("b", 3.0)])?;
/// let fit = likelihood.with_priors(&priors)?.maximise(&Unwatched)?;
/// assert!(fit.converged() && fit.log_prior < 0.0);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<Prior>", into = "Vec<Prior>")]
pub struct Priors(Vec<Prior>);

impl Priors {
    /// Priors, one a parameter.
    ///
    /// # Errors
    /// A median that is not finite, a spread that is not finite and above 0, two priors for one parameter.
    pub fn new(priors: impl IntoIterator<Item = Prior>) -> Result<Self> {
        let priors: Vec<Prior> = priors.into_iter().collect();
        for (i, prior) in priors.iter().enumerate() {
            let name = format!("prior of {}", prior.parameter);
            if priors[..i].iter().any(|earlier| earlier.parameter == prior.parameter) {
                return Err(Error::parameter(&name, "given twice", "one prior a parameter"));
            }
            if !prior.median.is_finite() {
                return Err(Error::parameter(&name, format!("median {}", prior.median), "a finite median"));
            }
            if !(prior.spread.is_finite() && prior.spread > 0.0) {
                let found = format!("spread {}", prior.spread);
                return Err(Error::parameter(&name, found, "a finite spread above 0"));
            }
        }
        Ok(Self(priors))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each prior.
    pub fn iter(&self) -> impl Iterator<Item = &Prior> {
        self.0.iter()
    }

    /// The prior of a parameter.
    pub fn of(&self, parameter: &str) -> Option<&Prior> {
        self.0.iter().find(|prior| prior.parameter == parameter)
    }
}

impl TryFrom<Vec<Prior>> for Priors {
    type Error = Error;

    fn try_from(priors: Vec<Prior>) -> Result<Self> {
        Self::new(priors)
    }
}

impl From<Priors> for Vec<Prior> {
    fn from(priors: Priors) -> Self {
        priors.0
    }
}

/// A log-likelihood plus the log-density of priors.
pub(super) struct WithPriors<O: ?Sized> {
    priors: Priors,
    /// Mean and standard deviation of each coordinate that has a prior.
    normal: Vec<Option<(f64, f64)>>,
    objective: Box<O>,
}

impl<O: Objective + ?Sized> WithPriors<O> {
    pub(super) fn new(objective: Box<O>, priors: &Priors) -> Result<Self> {
        let names = objective.names();
        if let Some(stranger) = priors.iter().find(|prior| !names.contains(&prior.parameter)) {
            return Err(Error::UnknownName {
                what: "parameter".into(),
                name: stranger.parameter.clone(),
                mend: format!("give priors for some of {}", names.join(", ")),
            });
        }
        let mut normal = Vec::with_capacity(names.len());
        for (name, logarithm) in names.iter().zip(objective.logarithms()) {
            normal.push(match priors.of(name) {
                Some(prior) if logarithm && prior.median <= 0.0 => {
                    let found = format!("median {}", prior.median);
                    return Err(Error::parameter(&format!("prior of {name}"), found, "a median above 0"));
                }
                Some(prior) if logarithm => Some((prior.median.ln(), prior.spread)),
                Some(prior) => Some((prior.median, prior.spread)),
                None => None,
            });
        }
        Ok(Self { priors: priors.clone(), normal, objective })
    }
}

impl<O: Objective + ?Sized> Objective for WithPriors<O> {
    type Model = O::Model;

    fn names(&self) -> Vec<String> {
        self.objective.names()
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        let mut starts = self.objective.starts();
        if let Some(first) = starts.first() {
            let assumed = first.iter().zip(&self.normal).map(|(x, prior)| prior.map_or(*x, |(mean, _)| mean));
            starts.push(assumed.collect());
        }
        starts
    }

    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        let mut derivatives = self.objective.derivatives(at, watch)?;
        derivatives.value += self.log_prior(at);
        for (i, (x, prior)) in at.iter().zip(&self.normal).enumerate() {
            if let Some((mean, spread)) = prior {
                derivatives.gradient[i] -= (x - mean) / (spread * spread);
                derivatives.hessian[i][i] -= 1.0 / (spread * spread);
            }
        }
        Ok(derivatives)
    }

    fn gradient(&self, at: &[f64], watch: &dyn Watch) -> Result<(f64, Vec<f64>)> {
        let (value, mut gradient) = self.objective.gradient(at, watch)?;
        for ((slope, x), prior) in gradient.iter_mut().zip(at).zip(&self.normal) {
            if let Some((mean, spread)) = prior {
                *slope -= (x - mean) / (spread * spread);
            }
        }
        Ok((value + self.log_prior(at), gradient))
    }

    fn model(&self, at: &[f64]) -> Result<O::Model> {
        self.objective.model(at)
    }

    fn slopes(&self, at: &[f64]) -> Vec<f64> {
        self.objective.slopes(at)
    }

    fn frame(&self) -> Option<Frame> {
        self.objective.frame()
    }

    fn logarithms(&self) -> Vec<bool> {
        self.objective.logarithms()
    }

    fn widths(&self) -> Vec<f64> {
        self.objective.widths()
    }

    fn priors(&self) -> Priors {
        self.priors.clone()
    }

    fn log_prior(&self, at: &[f64]) -> f64 {
        let half_ln_tau = 0.5 * (2.0 * std::f64::consts::PI).ln();
        let density =
            |x: f64, mean: f64, spread: f64| -0.5 * ((x - mean) / spread).powi(2) - spread.ln() - half_ln_tau;
        let terms = at.iter().zip(&self.normal);
        terms.filter_map(|(x, prior)| prior.map(|(mean, spread)| density(*x, mean, spread))).sum()
    }

    fn weights(&self) -> Vec<f64> {
        self.objective.weights()
    }

    fn reweighted(&self, weights: &[f64]) -> Result<Box<dyn Objective<Model = O::Model> + '_>> {
        let objective = self.objective.reweighted(weights)?;
        Ok(Box::new(WithPriors { priors: self.priors.clone(), normal: self.normal.clone(), objective }))
    }

    fn limit(&self, drift: &[f64]) -> &'static str {
        self.objective.limit(drift)
    }

    fn customers(&self) -> f64 {
        self.objective.customers()
    }
}

/// Priors for all parameters that `given` does not name: around the first start, as wide as
/// [`Objective::widths`] says.
pub(super) fn defaults<M: Model>(objective: &dyn Objective<Model = M>, given: &Priors) -> Result<Priors> {
    let Some(start) = objective.starts().into_iter().next() else { return Ok(given.clone()) };
    let each = objective.names().into_iter().zip(start).zip(objective.widths()).zip(objective.logarithms());
    Priors::new(each.map(|(((parameter, x), spread), logarithm)| match given.of(&parameter) {
        Some(prior) => prior.clone(),
        None => Prior { parameter, median: if logarithm { x.exp() } else { x }, spread },
    }))
}
