//! Models that are a handful of positive parameters.

use super::Model;
use crate::error::{Error, Result};

/// A model whose parameters are the papers': positive, and always the same ones.
pub trait Parametric: Model {
    /// The parameters' names in the papers, in order.
    const PARAMETERS: &'static [&'static str];
    /// What is given and not estimated, such as the shape k of regular purchases.
    const FIXED: &'static [&'static str] = &[];

    /// The values of [`Parametric::FIXED`] among which [`PurchaseModel::fit`](super::PurchaseModel::fit) chooses.
    fn choices() -> Vec<Vec<f64>> {
        vec![Vec::new()]
    }

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

/// A whole number that is given as a float.
pub(in super::super) fn whole(name: &str, value: f64) -> Result<u32> {
    let whole = value as u32;
    if f64::from(whole) == value { Ok(whole) } else { Err(Error::parameter(name, value, "a whole number")) }
}

/// Makes a struct of parameters, checked by its `new`, a [`Parametric`] model that is stored under its name; a whole
/// number may be given beside the parameters, with the choices for it.
macro_rules! parametric {
    ($model:ident, $name:literal, [$($parameter:ident),+]$(, given: $given:ident in $choices:expr)?) => {
        impl $crate::clv::model::Model for $model {
            const NAME: &'static str = $name;

            fn names(&self) -> Vec<String> {
                vec![$(stringify!($parameter).into()),+]
            }

            fn parameters(&self) -> Vec<f64> {
                vec![$(self.$parameter),+]
            }
            $(
                fn given(&self) -> Vec<(String, f64)> {
                    vec![(stringify!($given).into(), f64::from(self.$given))]
                }
            )?
        }

        impl $crate::clv::model::Parametric for $model {
            const PARAMETERS: &'static [&'static str] = &[$(stringify!($parameter)),+];
            $(
                const FIXED: &'static [&'static str] = &[stringify!($given)];

                fn choices() -> Vec<Vec<f64>> {
                    ($choices).map(|value: u32| vec![f64::from(value)]).collect()
                }

                fn fixed(&self) -> Vec<f64> {
                    vec![f64::from(self.$given)]
                }
            )?

            fn from_parameters(values: &[f64]) -> $crate::error::Result<Self> {
                let [$($parameter,)+ $($given)?] = $crate::clv::model::by_name::<Self, _>(values)?;
                Self::new($($parameter,)+ $($crate::clv::model::whole(stringify!($given), $given)?)?)
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
