//! Models that can be moved in the space of their parameters.

use super::{Model, Parametric};
use crate::error::{Error, Result};

/// A model whose parameters can be replaced: what is given, and the covariates' names, stay.
///
/// Its *coordinates*, in which fits and intervals are worked out, are the logarithms of parameters that must be
/// positive, and the other parameters (coefficients of covariates) themselves.
pub trait Estimable: Model {
    /// Whether each parameter must be positive.
    fn positive(&self) -> Vec<bool>;

    /// The model with other parameters, in the order of [`Model::names`].
    fn with_parameters(&self, values: &[f64]) -> Result<Self>;

    /// What is given and not estimated.
    fn fixed_values(&self) -> Vec<f64>;

    /// Its coordinates.
    fn coordinates(&self) -> Vec<f64> {
        let each = self.parameters().into_iter().zip(self.positive());
        each.map(|(value, positive)| if positive { value.ln() } else { value }).collect()
    }

    /// The model with other coordinates.
    fn at(&self, coordinates: &[f64]) -> Result<Self> {
        let each = coordinates.iter().zip(self.positive());
        let values: Vec<f64> = each.map(|(x, positive)| if positive { x.exp() } else { *x }).collect();
        self.with_parameters(&values)
    }

    /// How much each parameter changes with its coordinate.
    fn slopes(&self) -> Vec<f64> {
        let each = self.parameters().into_iter().zip(self.positive());
        each.map(|(value, positive)| if positive { value } else { 1.0 }).collect()
    }
}

impl<M: Parametric> Estimable for M {
    fn fixed_values(&self) -> Vec<f64> {
        self.fixed()
    }

    fn positive(&self) -> Vec<bool> {
        vec![true; M::PARAMETERS.len()]
    }

    fn with_parameters(&self, values: &[f64]) -> Result<Self> {
        if values.len() != M::PARAMETERS.len() {
            let expected = format!("one value for each of {}", M::PARAMETERS.join(", "));
            return Err(Error::parameter("parameters", values.len(), &expected));
        }
        M::from_parameters(&[values, &self.fixed()].concat())
    }
}
