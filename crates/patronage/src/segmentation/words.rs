//! How customers are found and amounts are written in a working.

use crate::error::{Error, Result};
use crate::explain::{Lang, decimal};
use crate::transactions::{Id, Labels};

/// A number without decimals if it has none, else with two.
pub(super) fn amount(value: f64) -> String {
    decimal(value, if value.fract() == 0.0 { 0 } else { 2 })
}

/// What customers are ranked by, in words where it is the money they spent.
pub(super) fn figure(by: &str, lang: Lang) -> &str {
    if by == "monetary" { lang.pick("money spent", "消费金额") } else { by }
}

/// The row of a customer.
pub(super) fn row_of(customers: &Labels, customer: Id<'_>) -> Result<usize> {
    customers.iter().position(|id| id == customer).ok_or_else(|| Error::UnknownName {
        what: "customer".into(),
        name: customer.to_string(),
        mend: match customers.get(0) {
            Some(id) => format!("ids look like {id}, as the table gave them"),
            None => "there are no customers".into(),
        },
    })
}
