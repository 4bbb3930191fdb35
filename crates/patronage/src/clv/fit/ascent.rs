//! The way up: Newton's method with exact second derivatives, within a radius.

use super::derivatives::{Derivatives, Objective};
use super::eigen::{Eigen, norm};
use super::frame::Frame;
use super::{Ending, Fit, Towards};
use crate::clv::model::Model;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Longest step, in natural logarithms: no parameter changes by more than a factor of e² at once.
const LONGEST: f64 = 2.0;
/// A maximum this near, in standard errors, has been reached.
const NEAR: f64 = 1e-10;
/// Where rounding forbids to come as near as that, this will do.
const ROUGHLY: f64 = 1e-4;
/// A step that would gain less than this in log-likelihood and yet changes a parameter by a tenth goes along a flat
/// direction: a maximum there would have standard errors of more than 70 in the logarithm.
const FLAT_GAIN: f64 = 1e-6;
const FLAT_STEP: f64 = 0.1;
/// No parameter goes further than a factor of e³⁰ from its start.
const FURTHEST: f64 = 30.0;
const MOST_STEPS: u32 = 500;
/// Values that differ by less than this share are those of one maximum.
const SAME: f64 = 1e-12;

/// The parameters that make the objective largest.
pub(in super::super) fn maximise<O: Objective + ?Sized>(
    objective: &O,
    watch: &dyn Watch,
) -> Result<Fit<O::Model>> {
    maximise_from(objective, &objective.starts(), watch)
}

/// The same from given starts.
pub(in super::super) fn maximise_from<O: Objective + ?Sized>(
    objective: &O,
    starts: &[Vec<f64>],
    watch: &dyn Watch,
) -> Result<Fit<O::Model>> {
    let frame = objective.frame();
    let objective = Framed { objective, frame: frame.as_ref() };
    let mut best: Option<Ascent> = None;
    for start in starts {
        let ascent = climb(&objective, &objective.framed(start), watch)?;
        let converged = matches!(ascent.ending, Ending::Converged);
        // Another way to the same maximum is not a better one.
        let above = |best: &Ascent| ascent.at.value > best.at.value + SAME * best.at.value.abs();
        if ascent.at.is_finite() && best.as_ref().is_none_or(above) {
            best = Some(ascent);
        }
        if converged && !objective.objective.has_several_maxima() {
            break;
        }
    }
    let best = best.ok_or_else(|| Error::NotConverged {
        model: O::Model::NAME.into(),
        problem: "the likelihood cannot be worked out anywhere".into(),
        mend: "look at the history for customers who cannot be real".into(),
    })?;
    let theta = objective.natural(&best.theta);
    let Framed { objective, .. } = objective;
    let slopes = objective.slopes(&theta);
    let eigen = Eigen::of(&best.at.hessian);
    let covariance = matches!(best.ending, Ending::Converged).then(|| {
        let mut covariance = eigen.inverse_of_negative();
        if let Some(frame) = &frame {
            covariance = frame.covariance_out(&covariance);
        }
        for (row, slope) in covariance.iter_mut().zip(&slopes) {
            row.iter_mut().zip(&slopes).for_each(|(entry, other)| *entry *= slope * other);
        }
        covariance
    });
    let log_prior = objective.log_prior(&theta);
    Ok(Fit {
        model: objective.model(&theta)?,
        ending: best.ending,
        log_likelihood: best.at.value - log_prior,
        log_prior,
        priors: objective.priors(),
        covariance,
        customers: objective.customers(),
        gradient_norm: norm(&best.at.gradient),
        curvature: eigen.values,
        iterations: best.steps,
    })
}

/// An objective in the coordinates in which it is climbed.
struct Framed<'a, O: ?Sized> {
    objective: &'a O,
    frame: Option<&'a Frame>,
}

impl<O: Objective + ?Sized> Framed<'_, O> {
    fn framed(&self, theta: &[f64]) -> Vec<f64> {
        self.frame.map_or_else(|| theta.to_vec(), |frame| frame.framed(theta))
    }

    fn natural(&self, at: &[f64]) -> Vec<f64> {
        self.frame.map_or_else(|| at.to_vec(), |frame| frame.natural(at))
    }
}

/// What is climbed; whose model it is does not matter on the way.
trait Hill {
    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives>;

    /// Names the direction in which it is flat, whose largest part is ±1.
    fn flat(&self, drift: &[f64]) -> Ending;
}

impl<O: Objective + ?Sized> Hill for Framed<'_, O> {
    fn derivatives(&self, at: &[f64], watch: &dyn Watch) -> Result<Derivatives> {
        match self.frame {
            None => self.objective.derivatives(at, watch),
            Some(frame) => Ok(frame.derivatives(&self.objective.derivatives(&frame.natural(at), watch)?)),
        }
    }

    fn flat(&self, drift: &[f64]) -> Ending {
        /// A part of the direction smaller than this is no drift.
        const NOTABLE: f64 = 0.25;
        let each = self.objective.names().into_iter().zip(self.objective.logarithms()).zip(drift);
        let drift_of = |((name, logarithm), &d): ((String, bool), &f64)| {
            let towards = match (d > 0.0, logarithm) {
                (true, _) => Towards::Infinity,
                (false, true) => Towards::Zero,
                (false, false) => Towards::MinusInfinity,
            };
            (d.abs() > NOTABLE).then_some((name, towards))
        };
        Ending::Flat { drift: each.filter_map(drift_of).collect(), limit: self.objective.limit(drift).into() }
    }
}

/// Where a climb has come to.
struct Ascent {
    theta: Vec<f64>,
    at: Derivatives,
    ending: Ending,
    steps: u32,
}

fn climb(hill: &dyn Hill, start: &[f64], watch: &dyn Watch) -> Result<Ascent> {
    let mut theta = start.to_vec();
    let mut at = hill.derivatives(&theta, watch)?;
    if !at.is_finite() {
        return Ok(Ascent { theta, at, ending: Ending::Stalled, steps: 0 });
    }
    let mut radius = LONGEST;
    for steps in 0..MOST_STEPS {
        let eigen = Eigen::of(&at.hessian);
        let distance = eigen.decrement(&at.gradient);
        if distance <= NEAR * NEAR {
            return Ok(Ascent { theta, at, ending: Ending::Converged, steps });
        }
        let step = eigen.step(&at.gradient, radius);
        let promised = gain(&at, &step);
        let largest = step.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
        let far = theta.iter().zip(start).any(|(t, o)| (t - o).abs() > FURTHEST);
        if far || (promised < FLAT_GAIN && largest > FLAT_STEP) {
            let ending = flat(hill, &step, largest);
            return Ok(Ascent { theta, at, ending, steps });
        }
        let trial: Vec<f64> = theta.iter().zip(&step).map(|(t, s)| t + s).collect();
        let there = hill.derivatives(&trial, watch)?;
        // What rounding alone may change in the value.
        let noise = 8.0 * f64::EPSILON * at.value.abs();
        let actual = there.value - at.value;
        let accepted = if !there.is_finite() {
            false
        } else if promised <= noise {
            // The value can no longer tell; the gradient can.
            let nearer = Eigen::of(&there.hessian).decrement(&there.gradient) < distance;
            if !nearer {
                let ending = if distance <= ROUGHLY * ROUGHLY {
                    Ending::Converged
                } else {
                    lost(hill, &eigen, &theta, start)
                };
                return Ok(Ascent { theta, at, ending, steps });
            }
            true
        } else {
            actual > 0.1 * promised
        };
        let length = norm(&step);
        if accepted {
            if actual > 0.75 * promised && length > 0.9 * radius {
                radius = (2.0 * radius).min(LONGEST);
            }
            (theta, at) = (trial, there);
        } else {
            radius = 0.25 * length;
        }
    }
    Ok(Ascent { theta, at, ending: Ending::Stalled, steps: MOST_STEPS })
}

/// What a step gains if the second-order expansion holds.
fn gain(at: &Derivatives, step: &[f64]) -> f64 {
    let bend: f64 = at
        .hessian
        .iter()
        .zip(step)
        .map(|(row, s)| s * row.iter().zip(step).map(|(h, t)| h * t).sum::<f64>())
        .sum();
    at.gradient.iter().zip(step).map(|(g, s)| g * s).sum::<f64>() + 0.5 * bend
}

/// What it means that rounding leaves no step: where the likelihood is flat, the way that was come along it. Two
/// directions may be flat, and one be followed until only noise is left of it before the other is.
fn lost(hill: &dyn Hill, eigen: &Eigen, theta: &[f64], start: &[f64]) -> Ending {
    let way: Vec<f64> = theta.iter().zip(start).map(|(t, o)| t - o).collect();
    let mut along = vec![0.0; way.len()];
    for (value, v) in eigen.values.iter().zip(&eigen.vectors) {
        // As flat as a gain of FLAT_GAIN over a step of FLAT_STEP.
        if *value > -2.0 * FLAT_GAIN / (FLAT_STEP * FLAT_STEP) {
            let part: f64 = way.iter().zip(v).map(|(w, v)| w * v).sum();
            along.iter_mut().zip(v).for_each(|(a, v)| *a += part * v);
        }
    }
    let largest = along.iter().fold(0.0_f64, |most, a| most.max(a.abs()));
    if largest > FLAT_STEP { flat(hill, &along, largest) } else { Ending::Stalled }
}

/// Names the direction in which the likelihood is flat.
fn flat(hill: &dyn Hill, step: &[f64], largest: f64) -> Ending {
    let drift: Vec<f64> = step.iter().map(|s| s / largest).collect();
    hill.flat(&drift)
}
