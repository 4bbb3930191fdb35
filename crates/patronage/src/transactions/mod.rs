//! The entrance hall: a purchase log comes in checked, coded and counted; customers, purchase histories,
//! baskets and cohorts go out.
//!
//! [`TransactionLog`] reads a whole log; [`LogReader`] reads one batch by batch without holding the lines. Both
//! end in [`Purchases`], a row a customer and day, from which every table is read.
//!
//! | policy | default |
//! |---|---|
//! | returns (negative amounts) | taken off the customer's spending; no purchase of their own |
//! | missing customer, time, amount, order or item | an error naming column, first row and count |
//! | equal rows | kept and counted |
//! | `as_of` | the last day of the log |

mod baskets;
mod batch;
pub mod calendar;
mod coder;
mod cohorts;
mod customers;
mod history;
mod ids;
mod intake;
mod log;
mod packed;
mod places;
mod purchases;
mod reader;
mod repeats;
mod sequences;
mod sorting;

pub use baskets::{
    BasketBuilder, BasketReader, Baskets, GroupReader, Hierarchy, ListReader, SizeFence, Unmapped,
};
pub use batch::{Batch, Line, TimeColumn};
pub use calendar::{Day, Period};
pub use cohorts::{Cell, Cohorts};
pub use customers::Customers;
pub use history::{HistoryOptions, Holdout, PurchaseHistory, Unit};
pub use ids::{Dictionary, Id, IdColumn, Labels};
pub use intake::{Duplicates, Entry, Intake, Missing, Policy, Reason, Returns, Treatment};
pub use log::TransactionLog;
pub use packed::Days;
pub use purchases::{PurchaseDay, Purchases};
pub use reader::{ColumnNames, LogReader};
pub use repeats::RepeatPurchases;
pub use sequences::{Grain, SequenceReader, Sequences, WhenColumn};
