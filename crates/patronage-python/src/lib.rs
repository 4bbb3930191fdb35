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
    use super::clv::{
        Durations, GammaGamma, HistoryTable, PurchaseModel, RetentionModel, customer_equity,
        customer_equity_working, holdout_check, lost_customer_value, lost_customer_value_working,
        opportunity_history, retention_clv, retention_clv_working, retention_curve, simple_clv,
        simple_clv_working,
    };
    #[pymodule_export]
    use super::decision::{DecisionTable, TableAnswer, TreeAnswer};
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
