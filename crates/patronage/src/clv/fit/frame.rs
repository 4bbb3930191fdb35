//! Coordinates in which a likelihood is round enough to be climbed: linear in the natural ones.

use super::derivatives::Derivatives;

/// A linear change of coordinates, with its inverse.
#[derive(Debug, Clone)]
pub(in super::super) struct Frame {
    /// Natural coordinates of the frame's, a row each.
    pub out: Vec<Vec<f64>>,
    /// The frame's coordinates of the natural ones, a row each.
    pub into: Vec<Vec<f64>>,
}

impl Frame {
    pub(super) fn framed(&self, natural: &[f64]) -> Vec<f64> {
        times(&self.into, natural)
    }

    pub(super) fn natural(&self, at: &[f64]) -> Vec<f64> {
        times(&self.out, at)
    }

    /// Derivatives with respect to the frame's coordinates.
    pub(super) fn derivatives(&self, natural: &Derivatives) -> Derivatives {
        natural.through(&self.out)
    }

    /// Covariance of the natural coordinates from that of the frame's.
    pub(super) fn covariance_out(&self, covariance: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let half: Vec<Vec<f64>> = self.out.iter().map(|row| times(covariance, row)).collect();
        self.out.iter().map(|row| times(&half, row)).collect()
    }
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| row.iter().zip(vector).map(|(a, x)| a * x).sum()).collect()
}
