//! How a model is stored.

use serde::{Deserialize, Serialize};

use super::parametric::Parametric;
use crate::error::{Error, Result};

/// The version of the stored form; a larger one is refused.
const VERSION: u32 = 1;

/// A stored model: its name, the version of this form, and its parameters by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Stored {
    version: u32,
    model: String,
    parameters: Vec<(String, f64)>,
}

impl Stored {
    pub(in super::super) fn of<M: Parametric>(model: M) -> Self {
        let values = model.parameters().into_iter().chain(model.fixed());
        Self { version: VERSION, model: M::NAME.into(), parameters: names::<M>().zip(values).collect() }
    }

    pub(in super::super) fn read<M: Parametric>(self) -> Result<M> {
        let unreadable =
            |problem: String| Error::InvalidModel { what: format!("{} model", M::NAME), problem };
        if self.version != VERSION {
            return Err(unreadable(format!("version {} is not known, only {VERSION}", self.version)));
        }
        if self.model != M::NAME {
            return Err(unreadable(format!("it is a {} model", self.model)));
        }
        if !self.parameters.iter().map(|(name, _)| name.clone()).eq(names::<M>()) {
            let names: Vec<String> = names::<M>().collect();
            return Err(unreadable(format!("its parameters should be {}", names.join(", "))));
        }
        let values: Vec<f64> = self.parameters.iter().map(|&(_, value)| value).collect();
        M::from_parameters(&values).map_err(|error| unreadable(error.to_string()))
    }
}

fn names<M: Parametric>() -> impl Iterator<Item = String> {
    M::PARAMETERS.iter().chain(M::FIXED).map(ToString::to_string)
}
