//! What all models share: names for their parameters, a stored form, and the questions they answer.

mod estimable;
mod forecast;
mod frequency;
mod mixing;
mod parametric;
mod purchase;
mod stored;
mod tracking;

pub use estimable::Estimable;
pub use forecast::{Forecast, Horizon};
pub use frequency::FrequencyRow;
pub use mixing::{Heterogeneity, MixingLaw};
pub use parametric::Parametric;
pub(super) use parametric::{by_name, check_parameters, parametric, whole};
pub use purchase::{IfAlive, PurchaseModel};
pub(super) use stored::Stored;

/// What can be estimated: a model with parameters by name.
pub trait Model: Clone + Send + Sync {
    /// The model's name in the literature.
    const NAME: &'static str;

    /// The parameters' names, in order.
    fn names(&self) -> Vec<String>;

    /// The parameters, in the order of their names.
    fn parameters(&self) -> Vec<f64>;

    /// What is given and not estimated, by name.
    fn given(&self) -> Vec<(String, f64)> {
        Vec::new()
    }
}
