//! Models that are a handful of positive parameters.

use super::Model;
use crate::error::{Error, Result};

/// A model whose parameters are the papers': positive, and always the same ones.
pub trait Parametric: Model {
    /// The parameters' names in the papers, in order.
    const PARAMETERS: &'static [&'static str];
    /// What is given and not estimated, such as the shape k of regular purchases.
    const FIXED: &'static [&'static str] = &[];

    /// The values of [`Parametric::FIXED`].
    fn fixed(&self) -> Vec<f64> {
        Vec::new()
    }

    /// A model from its parameters and, after them, what is given, in the order of [`Parametric::PARAMETERS`] and
    /// [`Parametric::FIXED`].
    fn from_parameters(values: &[f64]) -> Result<Self>;
}

/// Values for the names of a model, as an array.
pub(in super::super) fn by_name<M: Parametric, const N: usize>(values: &[f64]) -> Result<[f64; N]> {
    values.try_into().map_err(|_| {
        let names = [M::PARAMETERS, M::FIXED].concat().join(", ");
        Error::parameter("parameters", values.len(), &format!("one value for each of {names}"))
    })
}

/// An error unless every parameter is positive and finite.
pub(in super::super) fn check_parameters(names: &[&str], values: &[f64]) -> Result<()> {
    match names.iter().zip(values).find(|(_, value)| !(value.is_finite() && **value > 0.0)) {
        Some((name, value)) => Err(Error::parameter(name, value, "a finite number above 0")),
        None => Ok(()),
    }
}

/// Makes a struct of parameters, checked by its `new`, a [`Parametric`] model that is stored under its name.
macro_rules! parametric {
    ($model:ident, $name:literal, [$($parameter:ident),+]) => {
        impl $crate::clv::model::Model for $model {
            const NAME: &'static str = $name;

            fn names(&self) -> Vec<String> {
                vec![$(stringify!($parameter).into()),+]
            }

            fn parameters(&self) -> Vec<f64> {
                vec![$(self.$parameter),+]
            }
        }

        impl $crate::clv::model::Parametric for $model {
            const PARAMETERS: &'static [&'static str] = &[$(stringify!($parameter)),+];

            fn from_parameters(values: &[f64]) -> $crate::error::Result<Self> {
                let [$($parameter),+] = $crate::clv::model::by_name::<Self, _>(values)?;
                Self::new($($parameter),+)
            }
        }

        impl From<$model> for $crate::clv::model::Stored {
            fn from(model: $model) -> Self {
                Self::of(model)
            }
        }

        impl TryFrom<$crate::clv::model::Stored> for $model {
            type Error = $crate::error::Error;

            fn try_from(stored: $crate::clv::model::Stored) -> $crate::error::Result<Self> {
                stored.read()
            }
        }
    };
}
pub(in super::super) use parametric;
