//! Lifetime value as textbooks work it out, with every step shown.

mod budget;
mod cohort;
mod equity;
mod lost;
mod migration;
mod multiple;
mod promotion;
mod referral;
mod required;
mod retention;
mod simple;
mod timing;

pub use budget::{
    AcquisitionBudget, BudgetPoint, ResponseCurve, RetentionBudget, acquisition_budget, retention_budget,
};
pub use cohort::{Cohort, CohortRow, CohortValue, cohort_value};
pub use equity::{CustomerEquity, Potential, Segment, SegmentEquity, customer_equity};
pub use lost::{LostCustomer, LostCustomerValue, lost_customer_value};
pub use migration::{Migration, MigrationClv, Recency, RecencyClv, migration_clv, recency_clv};
pub use multiple::{MarginMultiple, MarginMultiples, margin_multiple, margin_multiples};
pub use promotion::{Promotion, PromotionClv, promotion_clv};
pub use referral::{Referral, ReferralValue, referral_value};
pub use required::{RequiredRetention, Requirement, required_retention};
pub use retention::{Retention, RetentionClv, retention_clv};
pub use simple::{SimpleClv, simple_clv};
pub use timing::{FirstPayment, Timing};

use crate::error::{Error, Result};
use crate::explain::{Expr, Lang, decimal};

/// An error unless a number is finite and at least 0.
fn at_least_zero(name: &str, value: f64) -> Result<()> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(Error::parameter(name, value, "a finite number, at least 0"))
    }
}

/// An error unless a number is finite.
fn finite(name: &str, value: f64) -> Result<()> {
    if value.is_finite() { Ok(()) } else { Err(Error::parameter(name, value, "a finite number")) }
}

/// An error unless a number is a share.
fn share(name: &str, value: f64) -> Result<()> {
    if (0.0..=1.0).contains(&value) {
        Ok(())
    } else {
        Err(Error::parameter(name, value, "a share between 0 and 1"))
    }
}

/// A result, unless it is beyond what a float holds.
fn held(what: &str, value: f64) -> Result<f64> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::Overflow { what: what.into(), mend: "give smaller amounts".into() })
    }
}

/// An amount: whole if it is, else with two decimals.
fn money(value: f64) -> String {
    decimal(value, if value.fract() == 0.0 { 0 } else { 2 })
}

/// A rate, a share or a number of times, with as many decimals as it has, up to six.
fn plain(value: f64) -> String {
    let text = decimal(value, 6);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// A rate that was worked out, in percent with two decimals at most.
fn percent(rate: f64) -> String {
    plain((1e4 * rate).round() / 100.0)
}

/// An amount as part of a formula.
fn amount(value: f64) -> Expr {
    Expr::number(money(value))
}

/// The heads of a table.
fn heads<const N: usize>(lang: Lang, names: [(&str, &str); N]) -> Vec<String> {
    names.iter().map(|(en, zh)| lang.pick(en, zh).to_string()).collect()
}

/// 1 + d, with whatever stands for d.
fn one_plus(d: Expr) -> Expr {
    Expr::sum([Expr::number("1"), d])
}

/// A rate, a share or a number of times as part of a formula.
fn figure(value: f64) -> Expr {
    Expr::number(plain(value))
}
