//! Lower triangles of small positive matrices.

/// L with L Lᵀ = `matrix`, or `None` unless it is positive definite.
pub(in super::super) fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - done;
            if i == j {
                if !(rest > 0.0 && rest.is_finite()) {
                    return None;
                }
                lower[i][i] = rest.sqrt();
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    Some(lower)
}

/// L z.
pub(in super::super) fn lower_times(lower: &[Vec<f64>], z: &[f64]) -> Vec<f64> {
    lower.iter().map(|row| row.iter().zip(z).map(|(l, z)| l * z).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A textbook's matrix (Golub and Van Loan): its factor is whole.
    #[test]
    fn a_factor_by_hand() {
        let matrix = [vec![4.0, 12.0, -16.0], vec![12.0, 37.0, -43.0], vec![-16.0, -43.0, 98.0]];
        let lower = cholesky(&matrix).unwrap();
        assert_eq!(lower, [vec![2.0, 0.0, 0.0], vec![6.0, 1.0, 0.0], vec![-8.0, 5.0, 3.0]]);
        assert_eq!(lower_times(&lower, &[1.0, 1.0, 1.0]), [2.0, 7.0, 0.0]);
        assert!(cholesky(&[vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
    }
}
