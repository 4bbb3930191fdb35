//! How long customers stayed, as far as was seen.

use super::super::distinct::merged;
use super::super::history::{check_weights, refuse, same_length};
use crate::error::{Error, Result};
use crate::watch::Unwatched;

/// Customers who were last seen after the same time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub duration: f64,
    /// Those who left then.
    pub churned: f64,
    /// Those who were still there, and of whom no more is known.
    pub censored: f64,
}

/// How long customers stayed: until they left, or as long as they were watched.
///
/// ```
/// use patronage::clv::Durations;
/// // Ann left after 2 years, Bob after 1, Cy is still there after 3.
/// let three = Durations::new(&[2.0, 1.0, 3.0], &[true, true, false], None)?;
/// // 1000 customers, of whom 631 were there after a year, and 468 after two.
/// let cohort = Durations::from_cohorts(&[[1000.0, 631.0, 468.0]])?;
/// assert_eq!((three.customers(), cohort.customers()), (3.0, 1000.0));
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Durations {
    /// In ascending order of duration, each there once.
    rows: Vec<Row>,
    customers: f64,
}

impl Durations {
    /// A row a customer: how many periods she stayed, and whether she left then; if not, she was still there when she
    /// was last looked at. `weights` say how many customers each row stands for.
    pub fn new(duration: &[f64], churned: &[bool], weights: Option<&[f64]>) -> Result<Self> {
        same_length("churned", duration.len(), churned.len())?;
        refuse(
            "duration",
            duration.len(),
            |i| !(duration[i].is_finite() && duration[i] >= 0.0),
            "is not a finite length of time",
            "give the periods from a customer's first day to the last one seen",
        )?;
        if let Some(weights) = weights {
            check_weights(weights, duration.len())?;
        }
        let left: Vec<f64> = churned.iter().map(|&left| f64::from(u8::from(left))).collect();
        let merged = merged([duration, &left], weights, &Unwatched)?;
        let rows = merged
            .chunk_by(|([one, _], _), ([next, _], _)| one == next)
            .map(|alike| {
                let sum = |flag: f64| {
                    alike.iter().filter(|(row, _)| row[1] == flag).fold(0.0, |sum, (_, weight)| sum + weight)
                };
                Row { duration: alike[0].0[0], churned: sum(1.0), censored: sum(0.0) }
            })
            .collect();
        Ok(Self::of(rows))
    }

    /// Cohorts of customers: of each, how many there were at the start, and how many were still there after 1, 2, …
    /// periods. Cohorts may have been watched for different numbers of periods.
    pub fn from_cohorts<C: AsRef<[f64]>>(cohorts: &[C]) -> Result<Self> {
        let longest = cohorts.iter().map(|cohort| cohort.as_ref().len()).max().unwrap_or(0);
        let mut rows: Vec<Row> =
            (0..longest).map(|t| Row { duration: t as f64, churned: 0.0, censored: 0.0 }).collect();
        for (which, cohort) in cohorts.iter().enumerate() {
            let there = cohort.as_ref();
            let name = if cohorts.len() == 1 { "cohort".into() } else { format!("cohort {which}") };
            let Some((&last, row)) = there.last().zip(rows.get_mut(there.len().wrapping_sub(1))) else {
                return Err(Error::NotEnoughData {
                    what: format!("counts of {name}"),
                    found: 0,
                    needed: 1,
                    mend: "give the number of customers at the start, and after each period".into(),
                });
            };
            check_weights(there, there.len()).map_err(|error| named(error, &name))?;
            refuse(
                &name,
                there.len(),
                |t| t > 0 && there[t] > there[t - 1],
                "has more customers than in the period before",
                "count those of the first customers who are still there; new ones are another cohort",
            )?;
            row.censored += last;
            for t in 1..there.len() {
                rows[t].churned += there[t - 1] - there[t];
            }
        }
        Ok(Self::of(rows.into_iter().filter(|row| row.churned + row.censored > 0.0).collect()))
    }

    fn of(rows: Vec<Row>) -> Self {
        let customers = rows.iter().map(|row| row.churned + row.censored).sum();
        Self { rows, customers }
    }

    /// Number of customers.
    pub fn customers(&self) -> f64 {
        self.customers
    }

    /// Number of those who left.
    pub fn churned(&self) -> f64 {
        self.rows.iter().map(|row| row.churned).sum()
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }
}

/// The same error of a column of another name.
fn named(error: Error, name: &str) -> Error {
    match error {
        Error::InvalidValue { row, count, problem, .. } => Error::InvalidValue {
            column: name.into(),
            row,
            count,
            problem,
            mend: "give numbers of customers".into(),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cohort of the example, a row a customer and as counts.
    #[test]
    fn both_forms_are_the_same() {
        let cohorts = Durations::from_cohorts(&[&[10.0, 6.0, 5.0][..], &[4.0, 4.0]]).unwrap();
        let rows =
            Durations::new(&[1.0, 2.0, 2.0, 1.0], &[true, true, false, false], Some(&[4.0, 1.0, 5.0, 4.0]))
                .unwrap();
        assert_eq!(cohorts, rows);
        assert_eq!((cohorts.customers(), cohorts.churned()), (14.0, 5.0));
    }

    #[test]
    fn impossible_durations_are_refused() {
        let problem = |cohorts: &[&[f64]]| Durations::from_cohorts(cohorts).unwrap_err().to_string();
        assert!(problem(&[&[9.0, 8.0, 8.5]]).contains("'cohort': has more customers"));
        assert!(problem(&[&[9.0], &[9.0, 10.0]]).contains("'cohort 1': has more customers"));
        assert!(problem(&[&[9.0], &[9.0, f64::NAN]]).contains("'cohort 1': is not a count"));
        assert!(problem(&[&[9.0], &[]]).contains("counts of cohort 1: 0 found"));
        let problem = |d: f64| Durations::new(&[d], &[true], None).unwrap_err().to_string();
        assert!(problem(-1.0).contains("'duration': is not a finite"));
        assert!(problem(f64::NAN).contains("first at row 0"));
        assert!(Durations::new(&[1.0], &[], None).is_err());
        assert!(Durations::new(&[1.0], &[true], Some(&[-1.0])).is_err());
        assert_eq!(Durations::from_cohorts::<Vec<f64>>(&[]).unwrap().customers(), 0.0);
    }
}
