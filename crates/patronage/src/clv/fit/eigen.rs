//! Eigenvalues of small symmetric matrices, and steps within a radius from them.

/// Eigenvalues in ascending order, and the eigenvector of each.
pub(super) struct Eigen {
    pub values: Vec<f64>,
    pub vectors: Vec<Vec<f64>>,
}

impl Eigen {
    /// Of a symmetric matrix, by Jacobi's rotations.
    pub(super) fn of(matrix: &[Vec<f64>]) -> Self {
        let n = matrix.len();
        let mut a = matrix.to_vec();
        let mut v: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for _ in 0..64 {
            let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j].abs()).sum();
            if off == 0.0 {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    rotate(&mut a, &mut v, p, q);
                }
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| a[i][i].total_cmp(&a[j][j]));
        Self {
            values: order.iter().map(|&i| a[i][i]).collect(),
            vectors: order.iter().map(|&i| v.iter().map(|row| row[i]).collect()).collect(),
        }
    }

    /// Whether the matrix bends down in every direction.
    pub(super) fn is_negative(&self) -> bool {
        self.values.last().is_some_and(|&largest| largest < 0.0)
    }

    /// The inverse of minus the matrix.
    pub(super) fn inverse_of_negative(&self) -> Vec<Vec<f64>> {
        let n = self.values.len();
        let entry = |i: usize, j: usize| {
            self.values.iter().zip(&self.vectors).map(|(value, v)| v[i] * v[j] / -value).sum()
        };
        (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
    }

    /// gᵀ (−H)⁻¹ g: how far away the maximum is, squared, in standard errors. Infinite unless the matrix bends
    /// down in every direction.
    pub(super) fn decrement(&self, gradient: &[f64]) -> f64 {
        if !self.is_negative() {
            return f64::INFINITY;
        }
        self.along(gradient).iter().zip(&self.values).map(|(g, value)| g * g / -value).sum()
    }

    /// The step p that makes gᵀp + ½ pᵀHp largest within a radius (Moré and Sorensen, 1983).
    pub(super) fn step(&self, gradient: &[f64], radius: f64) -> Vec<f64> {
        let g = self.along(gradient);
        let scaled = |shift: f64| -> Vec<f64> {
            g.iter().zip(&self.values).map(|(g, value)| g / (shift - value)).collect()
        };
        let length = |step: &[f64]| norm(step);
        let largest = self.values.last().copied().unwrap_or(0.0);
        let newton = scaled(0.0);
        let along = if largest < 0.0 && length(&newton) <= radius {
            newton
        } else {
            // The length falls as the shift grows: find the shift at which it is the radius.
            let (mut low, mut high) = (largest.max(0.0), largest.max(0.0) + norm(&g) / radius);
            for _ in 0..200 {
                let middle = f64::midpoint(low, high);
                if middle == low || middle == high {
                    break;
                }
                if length(&scaled(middle)) > radius { low = middle } else { high = middle }
            }
            scaled(high)
        };
        let n = along.len();
        (0..n).map(|i| along.iter().zip(&self.vectors).map(|(step, v)| step * v[i]).sum()).collect()
    }

    /// Coordinates of a vector along the eigenvectors.
    fn along(&self, vector: &[f64]) -> Vec<f64> {
        self.vectors.iter().map(|v| v.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
    }
}

/// Euclidean length.
pub(super) fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Turns the plane of p and q so that `a[p][q]` becomes 0.
fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let half = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    // The smaller root of t² + 2·half·t − 1.
    let t = half.signum() / (half.abs() + half.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    let turn = |x: f64, y: f64| (c * x - s * y, s * x + c * y);
    for row in a.iter_mut().chain(&mut *v) {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
    let (rows_p, rows_q) = (a[p].clone(), a[q].clone());
    for (k, (x, y)) in rows_p.into_iter().zip(rows_q).enumerate() {
        (a[p][k], a[q][k]) = turn(x, y);
    }
    (a[p][q], a[q][p]) = (0.0, 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Characteristic polynomial (2 − λ)(λ² − 8λ + 11) by hand.
    #[test]
    fn a_matrix_by_hand() {
        let eigen = Eigen::of(&[vec![3.0, 0.0, 2.0], vec![0.0, 2.0, 0.0], vec![2.0, 0.0, 5.0]]);
        let expected = [4.0 - 5f64.sqrt(), 2.0, 4.0 + 5f64.sqrt()];
        assert!(eigen.values.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14), "{:?}", eigen.values);
    }

    proptest! {
        #[test]
        fn eigenvectors_are_stretched(entries in prop::collection::vec(-1e3_f64..1e3, 10)) {
            let at = |i: usize, j: usize| { let (i, j) = (i.min(j), i.max(j)); entries[j * (j + 1) / 2 + i] };
            let a: Vec<Vec<f64>> = (0..4).map(|i| (0..4).map(|j| at(i, j)).collect()).collect();
            let eigen = Eigen::of(&a);
            for (value, v) in eigen.values.iter().zip(&eigen.vectors) {
                for (row, x) in a.iter().zip(v) {
                    let product: f64 = row.iter().zip(v).map(|(a, x)| a * x).sum();
                    prop_assert!((product - value * x).abs() < 1e-9, "{product} {value} {x}");
                }
            }
        }

        #[test]
        fn steps_stay_within_the_radius_and_gain(
            entries in prop::collection::vec(-10.0_f64..10.0, 6), gradient in prop::collection::vec(-10.0_f64..10.0, 3),
            radius in 0.01_f64..3.0,
        ) {
            let at = |i: usize, j: usize| { let (i, j) = (i.min(j), i.max(j)); entries[j * (j + 1) / 2 + i] };
            let h: Vec<Vec<f64>> = (0..3).map(|i| (0..3).map(|j| at(i, j)).collect()).collect();
            let step = Eigen::of(&h).step(&gradient, radius);
            prop_assert!(norm(&step) <= radius * (1.0 + 1e-9));
            let gain = |p: &[f64]| -> f64 {
                (0..3).map(|i| gradient[i] * p[i] + 0.5 * (0..3).map(|j| p[i] * h[i][j] * p[j]).sum::<f64>()).sum()
            };
            // No worse than the best step along the gradient.
            let length = norm(&gradient);
            for share in 1..=20 {
                let along: Vec<f64> = gradient.iter().map(|g| g / length * radius * f64::from(share) / 20.0).collect();
                prop_assert!(gain(&step) >= gain(&along) - 1e-9);
            }
        }
    }
}
