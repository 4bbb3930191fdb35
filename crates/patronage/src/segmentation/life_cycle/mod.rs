//! Where customers stand in their life with the firm, by how long ago they last bought.

mod explain;
mod result;

use serde::{Deserialize, Serialize};

pub use result::LifeCycleStatus;

use super::check;
use crate::error::{Error, Result};
use crate::explain::Label;
use crate::transactions::Labels;
use crate::watch::Watch;

/// Where a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Bought for the first time not long ago.
    New,
    /// Bought lately.
    Active,
    /// Has not bought for a while.
    AtRisk,
    /// Has not bought for a long time.
    Dormant,
    /// Not lost, where nothing finer is asked for: 继续往来客户.
    Continuing,
    /// Has not bought for so long that the firm counts the customer as gone: 流失客户.
    Lost,
}

impl Status {
    /// Its name.
    pub fn label(self) -> Label {
        match self {
            Self::New => Label::new("New", "新客户"),
            Self::Active => Label::new("Active", "活跃客户"),
            Self::AtRisk => Label::new("At risk", "有流失风险的客户"),
            Self::Dormant => Label::new("Dormant", "沉睡客户"),
            Self::Continuing => Label::new("Continuing", "继续往来客户"),
            Self::Lost => Label::new("Lost", "流失客户"),
        }
    }
}

/// The finer statuses of those who are not lost: up to how many days each goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stages {
    new: Option<f64>,
    active: f64,
    at_risk: f64,
}

/// Thresholds, in days, between the statuses.
///
/// [`LifeCycle::one_year_rule`] is the course texts' rule: a year without a transaction (一年无交易行为) makes a
/// lost customer, all others are continuing. [`LifeCycle::stages`] parts the continuing customers further:
/// *new* if the first purchase was at most `new_within` days ago, *active* if the last one was at most
/// `active_within` days ago, then *at risk* up to `at_risk_within`, *dormant* up to `lost_after`, and *lost*
/// beyond. Where the last purchase was exactly a threshold ago, the better status holds.
///
/// A threshold is a rule, not a forecast: for the probability that a customer will buy again see
/// [`crate::clv`].
///
/// ```
/// use patronage::segmentation::{LifeCycle, LifeCycleInput, Status};
/// use patronage::{transactions::Labels, watch::Unwatched};
/// let status = LifeCycle::one_year_rule().run(
///     &LifeCycleInput {
///         customers: &Labels::Ints(vec![1, 2, 3]),
///         recency: &[20.0, 365.0, 366.0],
///         tenure: None,
///         monetary: None,
///     },
///     &Unwatched,
/// )?;
/// assert_eq!(status.statuses(), [Status::Continuing, Status::Continuing, Status::Lost]);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeCycle {
    lost_after: f64,
    stages: Option<Stages>,
}

/// A table of customers: equally long columns, a row a customer.
#[derive(Debug, Clone, Copy)]
pub struct LifeCycleInput<'a> {
    /// The ids, no two alike.
    pub customers: &'a Labels,
    /// Days from the last purchase to the day as of which the table stands; not negative.
    pub recency: &'a [f64],
    /// Days from the first purchase to that day; needed to tell who is new.
    pub tenure: Option<&'a [f64]>,
    /// Money spent, for the share of revenue of each status.
    pub monetary: Option<&'a [f64]>,
}

impl LifeCycle {
    /// Lost after 365 days without a transaction, else continuing.
    pub fn one_year_rule() -> Self {
        Self { lost_after: 365.0, stages: None }
    }

    /// New up to 30 days after the first purchase, active up to 90 days after the last one, at risk up to 180,
    /// dormant up to 365, then lost. These are starting points: take thresholds that suit the trade.
    pub fn stages() -> Self {
        Self::one_year_rule().active_within(90.0).at_risk_within(180.0).new_within(Some(30.0))
    }

    /// Lost if the last purchase was more than this many days ago.
    #[must_use]
    pub fn lost_after(mut self, days: f64) -> Self {
        self.lost_after = days;
        self
    }

    /// New if the first purchase was at most this many days ago; `None` if nobody is to be called new.
    #[must_use]
    pub fn new_within(mut self, days: Option<f64>) -> Self {
        self.finer().new = days;
        self
    }

    /// Active if the last purchase was at most this many days ago.
    #[must_use]
    pub fn active_within(mut self, days: f64) -> Self {
        self.finer().active = days;
        self
    }

    /// At risk if the last purchase was at most this many days ago.
    #[must_use]
    pub fn at_risk_within(mut self, days: f64) -> Self {
        self.finer().at_risk = days;
        self
    }

    fn finer(&mut self) -> &mut Stages {
        self.stages.get_or_insert(Stages { new: None, active: 90.0, at_risk: 180.0 })
    }

    /// Finds the status of each customer. No customers give an empty result.
    pub fn run(&self, input: &LifeCycleInput<'_>, watch: &dyn Watch) -> Result<LifeCycleStatus> {
        self.check()?;
        let rows = input.customers.len();
        check::column("recency", input.recency, rows, Some(0.0))?;
        if let Some(monetary) = input.monetary {
            check::column("monetary", monetary, rows, None)?;
        }
        check_tenure(input)?;
        check::distinct(input.customers, watch)?;
        let needs_tenure = self.stages.is_some_and(|stages| stages.new.is_some());
        if needs_tenure && input.tenure.is_none() {
            return Err(Error::ColumnNeeded {
                column: "tenure".into(),
                purpose: "telling who is new".into(),
                mend: "give the days since each customer's first purchase, or no new_within".into(),
            });
        }
        let tenure = input.tenure.filter(|_| needs_tenure);
        let status = |(row, &recency)| self.status(recency, tenure.map(|tenure| tenure[row]));
        Ok(LifeCycleStatus {
            settings: *self,
            customers: input.customers.clone(),
            recency: input.recency.to_vec(),
            tenure: tenure.map(<[f64]>::to_vec),
            monetary: input.monetary.map(<[f64]>::to_vec),
            status: input.recency.iter().enumerate().map(status).collect(),
        })
    }

    fn status(&self, recency: f64, tenure: Option<f64>) -> Status {
        let Some(stages) = self.stages else {
            return if recency > self.lost_after { Status::Lost } else { Status::Continuing };
        };
        let new = stages.new.zip(tenure).is_some_and(|(within, tenure)| tenure <= within);
        match recency {
            _ if new => Status::New,
            days if days <= stages.active => Status::Active,
            days if days <= stages.at_risk => Status::AtRisk,
            days if days <= self.lost_after => Status::Dormant,
            _ => Status::Lost,
        }
    }

    /// The thresholds ascend: 0 ≤ new ≤ active < at risk < lost.
    fn check(&self) -> Result<()> {
        let positive = |name: &str, days: f64| {
            if days.is_finite() && days > 0.0 {
                Ok(())
            } else {
                Err(Error::parameter(name, days, "a number of days above 0"))
            }
        };
        let ascending = |name: &str, days: f64, next: &str, limit: f64, fits: bool| {
            if fits {
                Ok(())
            } else {
                let expected = format!("fewer days than {next} = {limit}: thresholds ascend");
                Err(Error::parameter(name, days, &expected))
            }
        };
        positive("lost_after", self.lost_after)?;
        let Some(Stages { new, active, at_risk }) = self.stages else { return Ok(()) };
        positive("at_risk_within", at_risk)?;
        positive("active_within", active)?;
        ascending("at_risk_within", at_risk, "lost_after", self.lost_after, at_risk < self.lost_after)?;
        ascending("active_within", active, "at_risk_within", at_risk, active < at_risk)?;
        if let Some(new) = new {
            positive("new_within", new)?;
            if new > active {
                let expected = format!("at most active_within = {active} days");
                return Err(Error::parameter("new_within", new, &expected));
            }
        }
        Ok(())
    }
}

/// Nobody buys last before buying first.
fn check_tenure(input: &LifeCycleInput<'_>) -> Result<()> {
    let Some(tenure) = input.tenure else { return Ok(()) };
    check::column("tenure", tenure, input.customers.len(), Some(0.0))?;
    let mut wrong =
        tenure.iter().zip(input.recency).enumerate().filter(|(_, (tenure, recency))| tenure < recency);
    match wrong.next() {
        None => Ok(()),
        Some((row, _)) => Err(Error::InvalidValue {
            column: "tenure".into(),
            row: row as u64,
            count: 1 + wrong.count() as u64,
            problem: "the first purchase comes after the last".into(),
            mend: "tenure is the days since the first purchase, recency those since the last".into(),
        }),
    }
}
