//! The Python binding of the crate `patronage`: converts, guards, calls the core, converts back.
//!
//! One file or folder a room, beside the shared cellar: [`guard`] (every kernel call), [`error`], [`frame`] (tables out)
//! and [`columns`] (tables in).
#![deny(unsafe_code)]
// Python is the documented floor; what is here has no users of its own.
#![allow(missing_docs, clippy::needless_pass_by_value)]

mod association;
mod clv;
mod columns;
mod decision;
mod error;
mod explain;
mod frame;
mod guard;
mod segmentation;
mod textbook;
mod transactions;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::association::{
        Baskets, GroupedItemsets, ItemPairs, Itemsets, Rules, Sequences, SequentialPatterns, SequentialRules,
        count_itemsets, measures,
    };
    #[pymodule_export]
    use super::clv::textbook::{
        acquisition_budget, acquisition_budget_points, acquisition_budget_working, cohort_value,
        cohort_value_working, customer_equity, customer_equity_working, lost_customer_value,
        lost_customer_value_working, margin_multiple, margin_multiple_working, margin_multiples,
        margin_multiples_working, migration_clv, migration_clv_working, promotion_clv, promotion_clv_working,
        recency_clv, recency_clv_working, referral_value, referral_value_working, required_retention,
        required_retention_working, retention_budget, retention_budget_points, retention_budget_working,
        retention_clv, retention_clv_working, simple_clv, simple_clv_working,
    };
    #[pymodule_export]
    use super::clv::{
        CovariatePaths, Durations, GammaGamma, HistoryTable, PurchaseModel, RetentionModel, TimeVaryingModel,
        chain_diagnostics, covariate_paths, holdout_check, likelihood_ratio, opportunity_history,
        retention_curve,
    };
    #[pymodule_export]
    use super::decision::{
        DecisionTable, Derivatives, Exercise, Marking, OneWay, ParametricTree, RiskProfile, Simulation,
        Spider, StudyAnswer, TableAnswer, TargetPlan, TestMailing, Tornado, Tree, TreeAnswer, TwoWay,
        decision_event, decision_events, decision_frontier, decision_outcomes, decision_portfolio,
        decision_rounded, tree_certainty, tree_dominance, tree_measures, tree_options, tree_risk_profile,
        tree_strategies, tree_tolerance_regions, utility_of,
    };
    #[pymodule_export]
    use super::explain::Working;
    #[pymodule_export]
    use super::frame::Frame;
    #[pymodule_export]
    use super::guard::panic_for_test;
    #[pymodule_export]
    use super::segmentation::{LifeCycleStatus, PyramidTiers, RfmScores, segment_rules};
    #[pymodule_export]
    use super::textbook::{
        textbook_courier_customer, textbook_grades, textbook_southern_hospital, textbook_supermarket,
    };
    #[pymodule_export]
    use super::transactions::TransactionLog;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
