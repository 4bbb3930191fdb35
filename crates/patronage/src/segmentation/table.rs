//! The gradings straight from the customers of a purchase log.

use super::life_cycle::{LifeCycle, LifeCycleInput, LifeCycleStatus};
use super::pyramid::{Pyramid, PyramidInput, PyramidTiers};
use super::rfm::{Rfm, RfmInput, RfmScores};
use crate::error::{Error, Result};
use crate::transactions::Customers;
use crate::watch::Watch;

fn floats<T: Copy>(values: &[T], float: impl Fn(T) -> f64) -> Vec<f64> {
    values.iter().map(|&value| float(value)).collect()
}

fn monetary(table: &Customers) -> Result<&[f64]> {
    table.monetary.as_deref().ok_or_else(|| Error::ColumnNeeded {
        column: "monetary".into(),
        purpose: "grading by money spent".into(),
        mend: "give the log an amount column".into(),
    })
}

impl Rfm {
    /// Scores the customers of a log. An error if the log has no amounts.
    ///
    /// ```
    /// use patronage::segmentation::Rfm;
    /// use patronage::transactions::{Line, Policy, TransactionLog};
    /// let lines = [Line::new("Ann", 0, 9.0), Line::new("Bo", 7, 8.0), Line::new("Bo", 9, 8.0)];
    /// let log = TransactionLog::from_lines(lines, Policy::default())?;
    /// let scores = Rfm::new().bins(2).segments(None).run_on(&log.customers(None), &patronage::watch::Unwatched)?;
    /// assert_eq!(scores.cells().collect::<Vec<_>>(), ["1-1-1", "2-2-2"]);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn run_on(&self, table: &Customers, watch: &dyn Watch) -> Result<RfmScores> {
        let input = RfmInput {
            customers: &table.customer,
            recency: &floats(&table.recency, f64::from),
            frequency: &floats(&table.frequency, |orders| orders as f64),
            monetary: monetary(table)?,
        };
        self.run(&input, watch)
    }
}

impl Pyramid {
    /// Grades the customers of a log by the money they spent. An error if the log has no amounts.
    pub fn run_on(&self, table: &Customers, watch: &dyn Watch) -> Result<PyramidTiers> {
        let input = PyramidInput { customers: &table.customer, values: monetary(table)?, by: "monetary" };
        self.run(&input, watch)
    }
}

impl LifeCycle {
    /// Finds the status of the customers of a log.
    pub fn run_on(&self, table: &Customers, watch: &dyn Watch) -> Result<LifeCycleStatus> {
        let input = LifeCycleInput {
            customers: &table.customer,
            recency: &floats(&table.recency, f64::from),
            tenure: Some(&floats(&table.tenure, f64::from)),
            monetary: table.monetary.as_deref(),
        };
        self.run(&input, watch)
    }
}
