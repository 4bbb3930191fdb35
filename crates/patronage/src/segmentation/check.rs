//! What a table of customers must satisfy before anything is computed from it.

use crate::error::{Error, Result};
use crate::math::ExactSum;
use crate::transactions::{Dictionary, Labels};
use crate::watch::Watch;

/// Rows handled between two looks at the watch.
pub(super) const STRIDE: usize = 1 << 16;

/// One row a customer: no id twice.
pub(super) fn distinct(customers: &Labels, watch: &dyn Watch) -> Result<()> {
    let mut seen = Dictionary::new("customer");
    let (mut first, mut count) = (None, 0);
    for (row, id) in customers.iter().enumerate() {
        if row % STRIDE == 0 {
            watch.check()?;
        }
        if (seen.code_of(id)? as usize) < row - count as usize {
            first = first.or(Some((row, id)));
            count += 1;
        }
    }
    match first {
        None => Ok(()),
        Some((row, id)) => Err(Error::InvalidValue {
            column: "customer".into(),
            row: row as u64,
            count,
            problem: format!("a customer has more than one row (first {id})"),
            mend: "give one row a customer, as TransactionLog::customers does".into(),
        }),
    }
}

/// A column of finite numbers, as long as the column of customers, none below `least`.
pub(super) fn column(name: &str, values: &[f64], rows: usize, least: Option<f64>) -> Result<()> {
    if values.len() != rows {
        return Err(Error::UnequalLength { column: name.into(), expected: rows, found: values.len() });
    }
    let refuse = |bad: &dyn Fn(f64) -> bool, problem: &str, mend: &str| {
        let mut rows = values.iter().enumerate().filter(|&(_, &v)| bad(v)).map(|(row, _)| row as u64);
        match rows.next() {
            None => Ok(()),
            Some(row) => Err(Error::InvalidValue {
                column: name.into(),
                row,
                count: 1 + rows.count() as u64,
                problem: problem.into(),
                mend: mend.into(),
            }),
        }
    };
    refuse(
        &|v| !v.is_finite(),
        "not a finite number",
        "leave these customers out or give each of them a number",
    )?;
    refuse(&|v| v.abs() > ExactSum::MAX_TERM, "a number beyond ±10^15", "give a larger unit")?;
    match least {
        None => Ok(()),
        Some(least) => refuse(
            &|v| v < least,
            &format!("less than {least}"),
            &format!("{name} cannot be less than {least}: check the column"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;

    #[test]
    fn says_which_row_and_how_many() {
        let error = column("monetary", &[1.0, f64::NAN, 2.0, f64::INFINITY], 4, None).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("column 'monetary': not a finite number in 2 row(s), first at row 1")
        );
        assert!(column("recency", &[3.0, -1.0], 2, Some(0.0)).is_err());
        assert!(column("recency", &[3.0], 2, Some(0.0)).is_err());
        let twice = Labels::Ints(vec![7, 8, 7, 9, 8, 10]);
        match distinct(&twice, &Unwatched).unwrap_err() {
            Error::InvalidValue { row, count, .. } => assert_eq!((row, count), (2, 2)),
            other => panic!("{other}"),
        }
        assert!(distinct(&Labels::Ints(vec![3, 1, 2]), &Unwatched).is_ok());
    }
}
