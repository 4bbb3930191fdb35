//! Bayes' rule: joint, marginal and posterior probabilities.

use super::rows::scalar;
use super::study::{Evidence, Study};
use crate::decision::number::Number;
use crate::decision::scalar::Scalar;
use crate::error::Result;

/// Probabilities by signal, and within a signal by state.
pub(super) struct Bayes<S> {
    pub prior: Vec<S>,
    /// P(signal | state); `None` where a state is impossible and posteriors were given.
    pub likelihood: Vec<Vec<Option<S>>>,
    /// P(signal and state).
    pub joint: Vec<Vec<S>>,
    /// P(signal).
    pub marginal: Vec<S>,
    /// P(state | signal); `None` where the signal is impossible.
    pub posterior: Vec<Option<Vec<S>>>,
}

impl<S: Scalar> Bayes<S> {
    pub fn of(study: &Study) -> Result<Self> {
        let prior: Vec<S> = study.event.probabilities.iter().map(scalar).collect();
        let read = |numbers: &[Number]| -> Vec<S> { numbers.iter().filter_map(S::from_number).collect() };
        match &study.evidence {
            Evidence::Likelihood(rows) => {
                let rows: Vec<Vec<S>> = rows.iter().map(|row| read(row)).collect();
                let signals = 0..study.signals.len();
                let joint: Vec<Vec<S>> = signals
                    .map(|s| prior.iter().zip(&rows).map(|(p, row)| p.mul(&row[s])).collect())
                    .collect();
                joint.iter().flatten().try_for_each(Scalar::check)?;
                let marginal: Vec<S> = joint.iter().map(|row| S::total(row.iter())).collect::<Result<_>>()?;
                let share = |(row, sum): (&Vec<S>, &S)| row.iter().map(|p| p.over(sum)).collect();
                let posterior = joint.iter().zip(&marginal).map(share).collect();
                let likelihood = (0..study.signals.len())
                    .map(|s| rows.iter().map(|row| Some(row[s].clone())).collect())
                    .collect();
                Ok(Self { prior, likelihood, joint, marginal, posterior })
            }
            Evidence::Posteriors { probabilities, posteriors } => {
                let marginal = read(probabilities);
                let posterior: Vec<Option<Vec<S>>> = posteriors
                    .iter()
                    .zip(&marginal)
                    .map(|(row, p)| (!p.is_zero()).then(|| read(row)))
                    .collect();
                let joint: Vec<Vec<S>> = posterior
                    .iter()
                    .zip(&marginal)
                    .map(|(row, p)| match row {
                        Some(row) => row.iter().map(|q| p.mul(q)).collect(),
                        None => vec![S::ZERO; prior.len()],
                    })
                    .collect();
                joint.iter().flatten().try_for_each(Scalar::check)?;
                let likelihood = joint
                    .iter()
                    .map(|row| row.iter().zip(&prior).map(|(joint, p)| joint.over(p)).collect())
                    .collect();
                Ok(Self { prior, likelihood, joint, marginal, posterior })
            }
        }
    }
}
