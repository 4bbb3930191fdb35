//! Does the richer of two nested models describe the data better than chance would have it?

use serde::{Deserialize, Serialize};

use super::super::fit::{Ending, Fit};
use super::super::model::Estimable;
use crate::error::{Error, Result};
use crate::math::chi_squared_tail;

/// Where the parameters of the richer model are when it is the simpler one, which decides what the statistic is
/// compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Null {
    /// At values inside their range, such as coefficients of 0: χ² (Wilks, 1938).
    Inside,
    /// One parameter more, at the edge of its range: χ² in half of the cases, 0 in the others (Self and Liang, 1987,
    /// case 5).
    Edge,
    /// At the edge of their range, where one of them can no longer be told from the data: the statistic has no standard
    /// distribution (Davies, 1987), and is compared with χ² of all further parameters, without halving. With two of
    /// them that overstates p if anything: the statistic is the square of the largest of a curve of normal scores, and
    /// as long as that curve on the unit sphere is no longer than π its tail is below that of χ² with two degrees of
    /// freedom (Naiman, 1986).
    Unidentified,
}

/// Models that another becomes at the edge of its parameters: (richer, simpler, how).
const LIMITS: &[(&str, &str, Null)] = &[
    ("BG/NBD", "NBD", Null::Unidentified),
    ("MBG/NBD", "NBD", Null::Unidentified),
    ("Pareto/NBD", "NBD", Null::Unidentified),
    ("GGompertz/NBD", "NBD", Null::Unidentified),
    ("GGompertz/NBD", "Pareto/NBD", Null::Edge),
];

/// What a likelihood-ratio test needs to know of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct FitSummary {
    model: &'static str,
    names: Vec<String>,
    /// What was given and not estimated.
    given: Vec<f64>,
    log_likelihood: f64,
    customers: f64,
    ending: Ending,
    has_priors: bool,
}

impl<M: Estimable> Fit<M> {
    /// What a likelihood-ratio test needs to know.
    pub fn summary(&self) -> FitSummary {
        FitSummary {
            model: M::NAME,
            names: self.model.names(),
            given: self.model.fixed_values(),
            log_likelihood: self.log_likelihood,
            customers: self.customers,
            ending: self.ending.clone(),
            has_priors: !self.priors.is_empty(),
        }
    }
}

/// A likelihood-ratio test of a simpler model against a richer one that contains it.
///
/// ```text
/// D = 2 (LL of the richer − LL of the simpler)
/// ```
///
/// is about χ² distributed if the simpler model is true, with as many degrees of freedom as the richer has further
/// parameters; [`Null`] says where that is not so.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LikelihoodRatio {
    /// D.
    pub statistic: f64,
    /// How many parameters more the richer model has.
    pub degrees_of_freedom: u32,
    /// Probability of a statistic as large or larger if the simpler model is true.
    pub p_value: f64,
    /// What p is based on.
    pub null: Null,
}

impl LikelihoodRatio {
    /// Tests the fit of a simpler model against that of a richer one, both by maximum likelihood to the same customers.
    ///
    /// Either may be flat: its log-likelihood is within 10⁻⁶ or so of the one it rises to. A statistic that is
    /// negative by no more than rounding and flatness explain (10⁻³) is 0.
    ///
    /// ```
    /// use patronage::clv::LikelihoodRatio;
    /// // CDNOW: NBD within Pareto/NBD.
    /// let test = LikelihoodRatio::from_log_likelihoods(-9763.66, -9594.98, 2)?;
    /// assert!((test.statistic - 337.36).abs() < 1e-9 && test.p_value < 1e-70);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fits that are not nested, that stalled, that have priors, or that saw different numbers of customers.
    pub fn between(simpler: &FitSummary, richer: &FitSummary) -> Result<Self> {
        let refuse = |value: &str, expected: &str| Err(Error::parameter("fits", value, expected));
        for fit in [simpler, richer] {
            if fit.has_priors {
                return refuse("with priors", "fits by maximum likelihood, without priors");
            }
            if fit.ending == Ending::Stalled {
                return refuse("stalled", "fits that converged, or ended at a flat likelihood");
            }
        }
        if simpler.customers != richer.customers {
            let found = format!("{} and {} customers", simpler.customers, richer.customers);
            return refuse(&found, "both fits of the same customers");
        }
        let null = nesting(simpler, richer)?;
        let degrees = richer.names.len() - simpler.names.len();
        let test = Self::from_log_likelihoods(simpler.log_likelihood, richer.log_likelihood, degrees as u32)?;
        Ok(match null {
            // D = 0 is no larger than any statistic: p = 1, not ½.
            Null::Edge if test.statistic > 0.0 => Self { p_value: 0.5 * test.p_value, null, ..test },
            _ => Self { null, ..test },
        })
    }

    /// The test for parameters inside their range, from log-likelihoods.
    pub fn from_log_likelihoods(simpler: f64, richer: f64, degrees_of_freedom: u32) -> Result<Self> {
        const NOTHING: f64 = 1e-3;
        if degrees_of_freedom == 0 {
            return Err(Error::parameter("degrees_of_freedom", 0, "at least one parameter more"));
        }
        let statistic = 2.0 * (richer - simpler);
        if statistic.is_nan() || statistic < -NOTHING {
            return Err(Error::parameter(
                "log_likelihood",
                format!("{richer} below {simpler}"),
                "one of the richer model at least as large as that of the simpler model it contains; fit both to the \
                 same history",
            ));
        }
        let statistic = statistic.max(0.0);
        let p_value = chi_squared_tail(statistic, degrees_of_freedom);
        Ok(Self { statistic, degrees_of_freedom, p_value, null: Null::Inside })
    }
}

/// How the simpler model lies in the richer one.
fn nesting(simpler: &FitSummary, richer: &FitSummary) -> Result<Null> {
    let not = || {
        let found = format!("{} ({})", simpler.model, simpler.names.join(", "));
        let expected = format!("a special case of {} ({})", richer.model, richer.names.join(", "));
        Err(Error::parameter("simpler", found, &expected))
    };
    let fewer = simpler.names.len() < richer.names.len();
    // A coefficient for both processes is one for each of them, held equal.
    let contained = |name: &String| match name.split_once(':') {
        Some(("both", covariate)) => {
            let has = |process: &str| richer.names.contains(&format!("{process}:{covariate}"));
            richer.names.contains(name) || (has("purchase") && has("dropout"))
        }
        Some(_) => richer.names.contains(name),
        None => simpler.model != richer.model || richer.names.contains(name),
    };
    let alike = simpler.model != richer.model || simpler.given == richer.given;
    if !fewer || !alike || !simpler.names.iter().all(contained) {
        return not();
    }
    if simpler.model == richer.model {
        return Ok(Null::Inside);
    }
    let covariates = |fit: &FitSummary| fit.names.iter().filter(|name| name.contains(':')).count();
    match LIMITS.iter().find(|(rich, simple, _)| *rich == richer.model && *simple == simpler.model) {
        // Beside the edge, coefficients that are free in the richer model alone make no difference to p's bound but do
        // to its halves.
        Some((_, _, Null::Edge)) if covariates(simpler) != covariates(richer) => Ok(Null::Unidentified),
        Some(&(_, _, null)) => Ok(null),
        None => not(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(model: &'static str, names: &[&str], log_likelihood: f64) -> FitSummary {
        let names = names.iter().map(ToString::to_string).collect();
        FitSummary {
            model,
            names,
            given: Vec::new(),
            log_likelihood,
            customers: 9.0,
            ending: Ending::Converged,
            has_priors: false,
        }
    }

    #[test]
    fn what_is_nested_in_what() {
        let plain = fit("BG/NBD", &["r", "alpha", "a", "b"], -10.0);
        let both = fit("BG/NBD", &["r", "alpha", "a", "b", "both:sex"], -9.0);
        let each = fit("BG/NBD", &["r", "alpha", "a", "b", "purchase:sex", "dropout:sex"], -8.5);
        let other = fit("BG/NBD", &["r", "alpha", "a", "b", "purchase:age"], -8.5);
        for (simpler, richer, degrees) in [(&plain, &both, 1), (&plain, &each, 2), (&both, &each, 1)] {
            let test = LikelihoodRatio::between(simpler, richer).unwrap();
            assert_eq!((test.degrees_of_freedom, test.null), (degrees, Null::Inside));
            assert!(LikelihoodRatio::between(richer, simpler).is_err());
        }
        assert!(LikelihoodRatio::between(&other, &each).is_err());
        assert!(LikelihoodRatio::between(&plain, &plain).is_err());
        // Of another shape, k say.
        let shaped = FitSummary { given: vec![2.0], ..both.clone() };
        assert!(LikelihoodRatio::between(&plain, &shaped).is_err());
        let elsewhere = FitSummary { customers: 8.0, ..both.clone() };
        assert!(LikelihoodRatio::between(&plain, &elsewhere).unwrap_err().to_string().contains("9 and 8"));
        let stalled = FitSummary { ending: Ending::Stalled, ..both };
        assert!(LikelihoodRatio::between(&plain, &stalled).is_err());
        // Below the simpler model: another history.
        assert!(
            LikelihoodRatio::between(&plain, &fit("BG/NBD", &["r", "alpha", "a", "b", "both:x"], -11.0))
                .is_err()
        );
    }

    #[test]
    fn the_edge_halves_p_only_where_one_parameter_vanishes() {
        let names: &[&str] = &["r", "alpha", "s", "beta"];
        let nbd = fit("NBD", &["r", "alpha"], -20.0);
        let pareto = fit("Pareto/NBD", names, -18.0);
        let gompertz = fit("GGompertz/NBD", &["r", "alpha", "b", "s", "beta"], -17.0);
        let test = LikelihoodRatio::between(&nbd, &pareto).unwrap();
        // χ² with 2 degrees of freedom: e^(−D/2).
        assert!(test.null == Null::Unidentified && (test.p_value - (-2f64).exp()).abs() < 1e-15);
        let test = LikelihoodRatio::between(&pareto, &gompertz).unwrap();
        assert!(test.null == Null::Edge && (test.p_value - 0.5 * libm::erfc(1.0)).abs() < 1e-15);
        let same = fit("GGompertz/NBD", &["r", "alpha", "b", "s", "beta"], -18.0);
        assert_eq!(LikelihoodRatio::between(&pareto, &same).unwrap().p_value, 1.0);
        assert!(LikelihoodRatio::between(&nbd, &fit("Gamma-Gamma", &["p", "q", "gamma"], -1.0)).is_err());
    }
}
