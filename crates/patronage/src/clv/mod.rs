//! What customers are worth: textbook lifetime value and buy-till-you-die models.
//!
//! | question | answer |
//! |---|---|
//! | how often will each customer buy, and is she still one? | a [`PurchaseModel`] fitted to a [`History`]: [`BgNbd`], [`MbgNbd`], [`BgCnbd`], [`MbgCnbd`], [`ParetoNbd`], [`GGompertzNbd`], [`Nbd`] |
//! | the same, as seasons, promotions and contacts come and go | [`WithCovariates`] of a [`ParetoNbd`] fitted to [`CovariatePaths`] ([`WithCovariates::fit_along`]) |
//! | the same where purchases have their occasions, such as a yearly donation | [`BgBb`], fitted to an [`opportunity_history`] |
//! | how long do customers under contract stay? | [`ShiftedBetaGeometric`], [`BetaDiscreteWeibull`], fitted to [`Durations`]; [`retention_curve`] |
//! | how much does she spend at a time? | [`GammaGamma`], fitted to [`Spending`] |
//! | what is she worth? | [`lifetime_value`] |
//! | did the model foresee what happened? | [`HoldoutCheck`], [`Forecast::frequency_check`] |
//! | the textbook's answer, with its working | [`simple_clv`], [`retention_clv`], [`promotion_clv`], [`margin_multiple`], [`required_retention`] |
//! | … from counts, from states, for all customers | [`cohort_value`], [`migration_clv`], [`recency_clv`], [`customer_equity`] |
//! | … of word of mouth, of leaving, of marketing money | [`referral_value`], [`lost_customer_value`], [`acquisition_budget`], [`retention_budget`] |
//!
//! Time is in periods of the caller's choice (days, weeks, months); parameters, horizons and rates are in the same.

mod beta_geometric;
mod bgbb;
mod contractual;
mod covariates;
mod distinct;
mod fit;
mod gamma_gamma;
mod ggompertz_nbd;
mod history;
mod holdout;
mod inference;
mod lifetime;
mod lifetime_value;
mod model;
mod nbd;
mod numeric;
mod pareto_nbd;
mod spending;
mod textbook;
mod time_varying;

pub use beta_geometric::{BgCnbd, BgNbd, MbgCnbd, MbgNbd};
pub use bgbb::{BgBb, opportunity_history};
pub use contractual::{
    BetaDiscreteWeibull, Durations, Interval, Lifetimes, RetentionCurve, RetentionModel, RetentionRow,
    ShiftedBetaGeometric, retention_curve,
};
pub use covariates::{Effect, Process, WithCovariates};
pub use fit::{Ending, Fit, Likelihood, Prior, Priors, Towards};
pub use gamma_gamma::GammaGamma;
pub use ggompertz_nbd::GGompertzNbd;
pub use history::{Customer, History};
pub use holdout::{HoldoutCheck, HoldoutRow};
pub use inference::{
    Bootstrap, FitSummary, Intervals, LikelihoodRatio, Null, Posterior, PosteriorRow, Question, Sampling,
    bulk_effective_size, intervals_over_draws, r_hat, tail_effective_size,
};
pub use lifetime_value::lifetime_value;
pub use model::{
    Estimable, Forecast, FrequencyRow, Heterogeneity, Horizon, IfAlive, MixingLaw, Model, Parametric,
    PurchaseModel,
};
pub use nbd::Nbd;
pub use pareto_nbd::ParetoNbd;
pub use spending::Spending;
pub use textbook::{
    AcquisitionBudget, BudgetPoint, Cohort, CohortRow, CohortValue, CustomerEquity, FirstPayment,
    LostCustomer, LostCustomerValue, MarginMultiple, MarginMultiples, Migration, MigrationClv, Potential,
    Promotion, PromotionClv, Recency, RecencyClv, Referral, ReferralValue, RequiredRetention, Requirement,
    ResponseCurve, Retention, RetentionBudget, RetentionClv, Segment, SegmentEquity, SimpleClv, Timing,
    acquisition_budget, cohort_value, customer_equity, lost_customer_value, margin_multiple,
    margin_multiples, migration_clv, promotion_clv, recency_clv, referral_value, required_retention,
    retention_budget, retention_clv, simple_clv,
};
pub use time_varying::{CovariatePaths, CovariateTable, Holds, PathIntervals, PathRows, covariate_paths};
