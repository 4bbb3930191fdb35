//! Answers averaged over draws of the parameters: from a bootstrap, or a posterior.

use super::super::history::History;
use super::super::model::Forecast;
use super::question::{Intervals, Question, check_level};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// The mean of an answer over `models`, its standard deviation, and the quantiles between which it lies with the
/// probability `level`.
///
/// # Errors
/// No models; a level outside (0, 1); those of the question.
pub fn intervals_over_draws<M: Forecast>(
    models: &[M],
    question: Question<'_>,
    level: f64,
    history: &History<'_>,
    watch: &dyn Watch,
) -> Result<Intervals> {
    check_level(level)?;
    question.check(history)?;
    let Some(first) = models.first() else {
        return Err(Error::parameter("draws", 0, "at least one draw"));
    };
    first.each(history, question.horizon(), watch, |_, _, _| Ok(0.0))?;
    let groups = history.groups(&first.covariates(), watch)?;
    let horizon = question.horizon();
    let tail = 0.5 * (1.0 - level);
    let over = |summary: &(dyn Fn(&mut [f64]) -> f64 + Sync)| {
        history.each(&groups, horizon.each(), watch, &|customer, covariates, ahead| {
            let ahead = ahead.unwrap_or(horizon.same());
            watch.check()?;
            let mut answers = models
                .iter()
                .map(|model| Ok(question.of(&*model.one(covariates)?, customer, ahead)))
                .collect::<Result<Vec<f64>>>()?;
            Ok(summary(&mut answers))
        })
    };
    Ok(Intervals {
        value: over(&|answers| mean(answers))?,
        standard_error: over(&|answers| variance(answers).sqrt())?,
        lower: over(&|answers| quantile(answers, tail))?,
        upper: over(&|answers| quantile(answers, 1.0 - tail))?,
    })
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// With n − 1 below; 0 of a single value.
pub(super) fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let centre = mean(values);
    values.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

/// The value below which a share of the values lies, by linear interpolation (Hyndman and Fan, 1996, type 7).
pub(super) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let part = place - below as f64;
    if part == 0.0 { values[below] } else { values[below] + part * (values[above] - values[below]) }
}
