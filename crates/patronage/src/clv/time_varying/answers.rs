//! What the model says of customers with paths of covariates.

use super::super::covariates::{Process, WithCovariates};
use super::super::history::in_parallel;
use super::super::lifetime::Lifetime;
use super::super::model::{Forecast, Horizon};
use super::super::pareto_nbd::{Alive, ParetoNbd};
use super::CovariatePaths;
use super::rates::Rates;
use super::terms::Walk;
use super::tracks::{Track, Tracks};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A share of the horizon that rounding may take from the end of a path.
const ROUNDING: f64 = 1e-12;

impl WithCovariates<ParetoNbd> {
    /// Log-likelihood of every customer.
    ///
    /// # Errors
    /// A covariate that the paths do not have; rates too small or too large to be worked out.
    pub fn log_likelihood_along(&self, paths: &CovariatePaths, watch: &dyn Watch) -> Result<Vec<f64>> {
        self.along(paths, watch, |known| Ok(known.log_likelihood))
    }

    /// Logarithm of the probability that each is still a customer `horizon` periods after the end of observation.
    ///
    /// # Errors
    /// As [`WithCovariates::expected_purchases_along`].
    pub fn log_probability_alive_along<'a>(
        &self,
        paths: &CovariatePaths,
        horizon: impl Into<Horizon<'a>>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        let horizon = horizon.into();
        check_ahead(paths, horizon)?;
        self.along(paths, watch, |known| {
            let mut left = 0.0;
            known.pieces_ahead(known.of(horizon), |alive, gap| left += alive.log_survival(gap))?;
            Ok(known.log_alive + left)
        })
    }

    /// Purchases expected of each customer in the `horizon` periods after the end of observation, given her history:
    ///
    /// ```text
    /// P(alive) (r+x)/(α+A(T)) ∫ e^(γ'x(T+v)) ((β+D(T))/(β+D(T+v)))ˢ dv,   0 ≤ v ≤ horizon.
    /// ```
    ///
    /// Of a customer whose first purchase was at the end of observation, T = 0, it is what is expected of a new one.
    ///
    /// # Errors
    /// A covariate that the paths do not have, or do not have as far ahead: the message names the customer and from
    /// when on; rates too small or too large to be worked out; an impossible horizon.
    pub fn expected_purchases_along<'a>(
        &self,
        paths: &CovariatePaths,
        horizon: impl Into<Horizon<'a>>,
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        let horizon = horizon.into();
        check_ahead(paths, horizon)?;
        self.along(paths, watch, |known| {
            let (mut expected, mut left) = (0.0, 0.0);
            known.pieces_ahead(known.of(horizon), |alive, gap| {
                expected += f64::exp(left) * alive.expected(gap);
                left += alive.log_survival(gap);
            })?;
            Ok(known.log_alive.exp() * expected)
        })
    }

    /// Discounted expected residual transactions (DERT) if from the end of observation on the covariates stay as
    /// `held` says, a value for each of [`Forecast::covariates`](super::super::Forecast::covariates). `rate` is
    /// continuous, per period.
    ///
    /// # Errors
    /// As [`WithCovariates::log_likelihood_along`]; a rate that is not above 0; values that are not finite or not one
    /// for each covariate.
    pub fn discounted_expected_purchases_along(
        &self,
        paths: &CovariatePaths,
        rate: f64,
        held: &[f64],
        watch: &dyn Watch,
    ) -> Result<Vec<f64>> {
        if !(rate.is_finite() && rate > 0.0) {
            return Err(Error::parameter(
                "discount_rate",
                rate,
                "a finite continuous rate per period above 0",
            ));
        }
        let names = self.covariates();
        if held.len() != names.len() || held.iter().any(|value| !value.is_finite()) {
            let expected = format!("a finite value for each of {}", names.join(", "));
            return Err(Error::parameter("held", format!("{held:?}"), &expected));
        }
        let value = |name: &str| names.iter().position(|known| known == name).map_or(f64::NAN, |i| held[i]);
        let own = |process: Process| {
            let effects = self.effects().iter().filter(move |effect| effect.process.acts_on(process));
            std::iter::once(-1.0).chain(effects.map(|effect| value(&effect.covariate))).collect::<Vec<f64>>()
        };
        let covariates = [own(Process::Purchase), own(Process::Dropout)];
        self.along(paths, watch, |known| {
            let alive = known.alive([&covariates[0], &covariates[1]], known.total)?;
            Ok(known.log_alive.exp() * alive.discounted(rate))
        })
    }

    /// A value of every customer, from what is known of her at T.
    fn along(
        &self,
        paths: &CovariatePaths,
        watch: &dyn Watch,
        value: impl Fn(&Known<'_>) -> Result<f64> + Sync,
    ) -> Result<Vec<f64>> {
        let rates = Rates::of(self);
        let tracks = Tracks::of(self, paths, watch)?;
        in_parallel(paths.len(), watch, |i| {
            let track = &tracks.customers[i];
            let mut walk = Walk::new(&rates, &tracks);
            let [log_likelihood, log_alive] = walk.value(track);
            let known = Known {
                rates: &rates,
                tracks: &tracks,
                track,
                place: i,
                log_likelihood,
                log_alive,
                total: [walk.sides[0].total(), walk.sides[1].total()],
            };
            if log_alive.is_nan() { Err(known.impossible(paths)) } else { value(&known) }
        })
    }
}

/// What is known of a customer at T.
struct Known<'a> {
    rates: &'a Rates,
    tracks: &'a Tracks,
    track: &'a Track,
    place: usize,
    log_likelihood: f64,
    log_alive: f64,
    /// P and Q.
    total: [f64; 2],
}

impl Known<'_> {
    fn of(&self, horizon: Horizon<'_>) -> f64 {
        horizon.each().map_or(horizon.same(), |each| each[self.place])
    }

    /// The customer, if she is alive when P at T and Q by now are `total`, while the covariates are these.
    fn alive(&self, covariates: [&[f64]; 2], total: [f64; 2]) -> Result<Alive> {
        let rate = [self.rates.rate(0, covariates[0]), self.rates.rate(1, covariates[1])];
        if !rate.iter().all(|rate| rate.is_normal()) {
            return Err(Error::parameter(
                "covariates",
                format!("others after T for the customer in row {}", self.place),
                "values for which the rates can be worked out",
            ));
        }
        let [r, s] = self.rates.shape;
        Ok(Alive { shape: r + self.track.frequency, scale: total[0] / rate[0], s, beta: total[1] / rate[1] })
    }

    /// Calls with each piece of the time ahead, up to a horizon: her as she is at its start, and its length.
    fn pieces_ahead(&self, horizon: f64, mut call: impl FnMut(&Alive, f64)) -> Result<()> {
        let (mut gone, mut total) = (0.0, self.total);
        for piece in self.track.ahead..self.track.end {
            let gap = self.tracks.gap[piece].min(horizon - gone);
            if gap <= 0.0 {
                break;
            }
            let alive = self.alive([self.tracks.x(piece), self.tracks.z(piece)], total)?;
            call(&alive, gap);
            total[1] *= 1.0 + gap / alive.beta;
            gone += self.tracks.gap[piece];
        }
        Ok(())
    }

    fn impossible(&self, paths: &CovariatePaths) -> Error {
        let (who, _) = paths.moment(self.place, 0.0);
        Error::parameter(
            "covariates",
            format!("those of customer {who}"),
            "values for which the rates can be worked out; measure them in larger units, or from their mean",
        )
    }
}

/// An error unless all paths go as far ahead as is asked.
fn check_ahead(paths: &CovariatePaths, horizon: Horizon<'_>) -> Result<()> {
    horizon.check(paths.len())?;
    let asked = |i: usize| horizon.each().map_or(horizon.same(), |each| each[i]);
    let age = |i: usize| paths.customers()[i].age;
    let short = |i: &usize| paths.ahead(*i) < asked(*i) - ROUNDING * (asked(*i) + age(*i));
    let Some(first) = (0..paths.len()).find(short) else { return Ok(()) };
    let (who, when) = paths.moment(first, age(first) + paths.ahead(first));
    Err(Error::InvalidValue {
        column: "covariates".into(),
        row: first as u64,
        count: (first..paths.len()).filter(short).count() as u64,
        problem: format!("of customer {who} are not known from {when} on, before the horizon ends"),
        mend: "give the covariates of the time ahead, or ask less far ahead".into(),
    })
}
