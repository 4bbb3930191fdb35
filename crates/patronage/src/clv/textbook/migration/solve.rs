//! Small systems of linear equations.

/// The solution of A x = b by elimination with partial pivoting, or `None` where A is singular.
pub(super) fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|&i, &j| a[i][column].abs().total_cmp(&a[j][column].abs()))?;
        a.swap(column, pivot);
        b.swap(column, pivot);
        let (above, below) = a.split_at_mut(column + 1);
        let top = &above[column];
        if top[column] == 0.0 {
            return None;
        }
        for (row, below) in below.iter_mut().enumerate() {
            let times = below[column] / top[column];
            if times != 0.0 {
                below[column..].iter_mut().zip(&top[column..]).for_each(|(x, y)| *x -= times * y);
                b[column + 1 + row] -= times * b[column];
            }
        }
    }
    for row in (0..n).rev() {
        let known: f64 = a[row][row + 1..].iter().zip(&b[row + 1..]).map(|(a, x)| a * x).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    b.iter().all(|x| x.is_finite()).then_some(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_zero_pivot_is_exchanged_and_a_singular_matrix_found() {
        assert_eq!(solve(vec![vec![0.0, 2.0], vec![1.0, 1.0]], vec![4.0, 5.0]), Some(vec![3.0, 2.0]));
        assert_eq!(solve(vec![vec![1.0, 2.0], vec![2.0, 4.0]], vec![1.0, 1.0]), None);
    }

    proptest! {
        /// What was multiplied out is found again: the matrices have a heavy diagonal, in rows shuffled by a shift.
        #[test]
        fn the_solution_solves(entries in prop::collection::vec(-1.0_f64..1.0, 36), x in prop::collection::vec(-9.0_f64..9.0, 6), shift in 0_usize..6) {
            let a: Vec<Vec<f64>> = (0..6)
                .map(|i| (0..6).map(|j| entries[6 * i + j] + if (i + shift) % 6 == j { 8.0 } else { 0.0 }).collect())
                .collect();
            let b = a.iter().map(|row| row.iter().zip(&x).map(|(a, x)| a * x).sum()).collect();
            let found = solve(a, b).unwrap();
            for (found, x) in found.iter().zip(&x) {
                prop_assert!((found - x).abs() < 1e-12);
            }
        }
    }
}
