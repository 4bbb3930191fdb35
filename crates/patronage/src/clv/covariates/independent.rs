//! Whether the effects of covariates can be told apart.

use crate::error::{Error, Result};

/// A column whose part that the others do not explain is smaller than this share of it says nothing of its own.
const NOTHING: f64 = 1e-8;

/// Mean and standard deviation of each covariate over the customers.
pub(in super::super) fn moments(values: &[Vec<f64>], weights: &[f64], k: usize) -> (f64, f64) {
    let total: f64 = weights.iter().sum();
    let mean = values.iter().zip(weights).map(|(z, w)| z[k] * (w / total)).sum::<f64>();
    let variance = values.iter().zip(weights).map(|(z, w)| (z[k] - mean).powi(2) * (w / total)).sum::<f64>();
    (mean, variance.sqrt())
}

/// An error naming the covariates of one process that are constant, or that others of them make up.
///
/// `columns` are their places in `values`, which has a row a group of `weights` customers.
pub(in super::super) fn check(
    names: &[&str],
    columns: &[usize],
    values: &[Vec<f64>],
    weights: &[f64],
) -> Result<()> {
    let refuse = |name: &str, problem: String, mend: &str| {
        Err(Error::InvalidValue {
            column: name.into(),
            row: 0,
            count: weights.iter().sum::<f64>() as u64,
            problem,
            mend: mend.into(),
        })
    };
    // Gram–Schmidt on standardised columns, twice for the sake of rounding.
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for (i, (&name, &k)) in names.iter().zip(columns).enumerate() {
        let (mean, deviation) = moments(values, weights, k);
        if deviation.is_nan() || deviation <= 1e-12 * mean.abs() || deviation == 0.0 {
            let mend =
                "leave it out: a covariate that does not differ between customers has no effect to be seen";
            return refuse(name, format!("the covariate is constant ({mean})"), mend);
        }
        let total: f64 = weights.iter().sum();
        let mut rest: Vec<f64> =
            values.iter().zip(weights).map(|(z, w)| (z[k] - mean) / deviation * (w / total).sqrt()).collect();
        let mut parts = vec![0.0; i];
        for _ in 0..2 {
            for (part, direction) in parts.iter_mut().zip(&basis) {
                let along: f64 = rest.iter().zip(direction).map(|(a, b)| a * b).sum();
                *part += along;
                rest.iter_mut().zip(direction).for_each(|(a, b)| *a -= along * b);
            }
        }
        let length = rest.iter().map(|x| x * x).sum::<f64>().sqrt();
        if length < NOTHING {
            let others: Vec<String> = names[..i].iter().map(|other| format!("'{other}'")).collect();
            let problem = format!("the covariate is made up of {} and a constant", others.join(", "));
            return refuse(name, problem, "leave one of them out: their effects cannot be told apart");
        }
        rest.iter_mut().for_each(|x| *x /= length);
        basis.push(rest);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(columns: &[[f64; 5]]) -> Option<String> {
        let names = ["one", "two", "three"];
        let values: Vec<Vec<f64>> =
            (0..5).map(|i| columns.iter().map(|column| column[i]).collect()).collect();
        let places: Vec<usize> = (0..columns.len()).collect();
        check(&names[..columns.len()], &places, &values, &[1.0, 2.0, 1.0, 1.0, 3.0])
            .err()
            .map(|e| e.to_string())
    }

    #[test]
    fn constant_and_collinear_columns_are_named() {
        let one = [0.0, 1.0, 0.0, 1.0, 1.0];
        let year = [2021.0, 2020.0, 2021.0, 2024.0, 2022.0];
        assert_eq!(problem(&[one, year]), None);
        assert!(problem(&[one, [7.0; 5]]).unwrap().contains("'two': the covariate is constant (7)"));
        // The other indicator of two.
        assert!(problem(&[one, one.map(|x| 1.0 - x)]).unwrap().contains("made up of 'one' and a constant"));
        let both = [0, 1, 2, 3, 4].map(|i| 3.0 * one[i] - 0.5 * year[i] + 4.0);
        assert!(
            problem(&[one, year, both])
                .unwrap()
                .contains("'three': the covariate is made up of 'one', 'two'")
        );
    }
}
