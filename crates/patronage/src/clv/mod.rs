//! What customers are worth: textbook lifetime value and buy-till-you-die models.
//!
//! | question | answer |
//! |---|---|
//! | how often will each customer buy, and is she still one? | [`BgNbd`], [`ParetoNbd`], [`GGompertzNbd`], [`Nbd`]: each a [`PurchaseModel`] fitted to a [`History`] |
//! | how much does she spend at a time? | [`GammaGamma`], fitted to [`Spending`] |
//! | what is she worth? | [`lifetime_value`] |
//! | did the model foresee what happened? | [`HoldoutCheck`], [`Forecast::frequency_check`] |
//! | the textbook's answer, with its working | [`simple_clv`], [`retention_clv`], [`customer_equity`], [`lost_customer_value`] |
//!
//! Time is in periods of the caller's choice (days, weeks, months); parameters, horizons and rates are in the same.

mod bgnbd;
mod distinct;
mod fit;
mod gamma_gamma;
mod ggompertz_nbd;
mod history;
mod holdout;
mod lifetime;
mod lifetime_value;
mod model;
mod nbd;
mod numeric;
mod pareto_nbd;
mod spending;
mod textbook;

pub use bgnbd::BgNbd;
pub use fit::{Ending, Fit};
pub use gamma_gamma::GammaGamma;
pub use ggompertz_nbd::GGompertzNbd;
pub use history::{Customer, History};
pub use holdout::{HoldoutCheck, HoldoutRow};
pub use lifetime_value::lifetime_value;
pub use model::{Forecast, FrequencyRow, Horizon, Model, Parametric, PurchaseModel};
pub use nbd::Nbd;
pub use pareto_nbd::ParetoNbd;
pub use spending::Spending;
pub use textbook::{
    CustomerEquity, FirstPayment, LostCustomer, LostCustomerValue, Potential, Retention, RetentionClv,
    Segment, SegmentEquity, SimpleClv, Timing, customer_equity, lost_customer_value, retention_clv,
    simple_clv,
};
