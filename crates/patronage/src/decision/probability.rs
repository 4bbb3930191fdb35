//! The probabilities of one chance event, or of the states of a table: the rest filled in, the sum checked.

use super::scalar::Scalar;
use super::words::exact_and_float;
use crate::error::Error;

pub(super) const PROBABILITY_MEND: &str =
    "probabilities lie between 0 and 1 and sum to 1; \"#\" stands for the rest";

/// What is wrong with the probabilities of one chance event.
pub(super) enum Fault {
    /// One of them, and why.
    Outcome(usize, String),
    /// Their sum.
    Sum(String),
    /// Something that has nothing to do with this event.
    Other(Error),
}

/// Fills in the rest of the probability and checks the sum.
pub(super) fn complete<S: Scalar>(outcomes: &mut [S], is_rest: impl Fn(usize) -> bool) -> Result<(), Fault> {
    for (k, p) in outcomes.iter().enumerate() {
        let possible = *p >= S::ZERO && *p <= S::ONE;
        if !possible && !is_rest(k) {
            return Err(Fault::Outcome(k, format!("its probability is {}", exact_and_float(&p.value()))));
        }
    }
    let sum = S::total(outcomes.iter()).map_err(Fault::Other)?;
    let open = (0..outcomes.len()).filter(|&k| is_rest(k)).count();
    let wrong = |sum: &S| Fault::Sum(format!("the probabilities sum to {}", exact_and_float(&sum.value())));
    if open == 0 {
        return if sum.is_one() { Ok(()) } else { Err(wrong(&sum)) };
    }
    if sum > S::ONE && !sum.is_one() {
        return Err(wrong(&sum));
    }
    let left = if sum > S::ONE { S::ZERO } else { S::ONE.sub(&sum) };
    let share = left.divide(open);
    (0..outcomes.len()).filter(|&k| is_rest(k)).for_each(|k| outcomes[k] = share.clone());
    Ok(())
}
