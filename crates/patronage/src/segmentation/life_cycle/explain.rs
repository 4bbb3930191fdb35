//! Why a customer has this status.

use super::{LifeCycle, LifeCycleStatus, Stages, Status};
use crate::error::Result;
use crate::explain::{Lang, Working};
use crate::segmentation::words::{amount, row_of};
use crate::transactions::Id;

impl LifeCycleStatus {
    /// The working for one customer: the thresholds, and between which of them the customer lies. An error if
    /// there is no such customer.
    pub fn explain<'a>(&self, customer: impl Into<Id<'a>>, lang: Lang) -> Result<Working> {
        let customer = customer.into();
        let row = row_of(&self.customers, customer)?;
        let name = self.status[row].label();
        let (name, recency) = (name.get(lang), amount(self.recency[row]));
        let mut working = Working::new(match lang {
            Lang::En => format!("Customer {customer}: {name}"),
            Lang::Zh => format!("客户 {customer}：{name}"),
        });
        if let Some(tenure) = self.tenure.as_ref().map(|tenure| amount(tenure[row])) {
            working = working.text(match lang {
                Lang::En => format!("The first purchase was {tenure} days ago."),
                Lang::Zh => format!("首次购买在 {tenure} 天前。"),
            });
        }
        working = working.text(match lang {
            Lang::En => format!("The last purchase was {recency} days ago."),
            Lang::Zh => format!("最近一次购买在 {recency} 天前。"),
        });
        let rows = self.settings.rules(lang).into_iter().map(|(status, condition)| {
            let mark = if status == self.status[row] { "←" } else { "" };
            vec![status.label().get(lang).into(), condition, mark.into()]
        });
        let header = [lang.pick("status", "状态"), lang.pick("condition", "条件"), ""].map(String::from);
        Ok(working.table(header.to_vec(), rows.collect()))
    }
}

impl LifeCycle {
    /// The statuses that this rule can give, from the best, each with its condition in words; the first that
    /// holds counts.
    pub fn rules(&self, lang: Lang) -> Vec<(Status, String)> {
        let last = |days: f64| match lang {
            Lang::En => format!("last purchase at most {} days ago", amount(days)),
            Lang::Zh => format!("最近一次购买在 {} 天之内", amount(days)),
        };
        let lost = match lang {
            Lang::En => format!("last purchase more than {} days ago", amount(self.lost_after)),
            Lang::Zh => format!("超过 {} 天无交易行为", amount(self.lost_after)),
        };
        let mut rules = Vec::new();
        match self.stages {
            None => rules.push((Status::Continuing, last(self.lost_after))),
            Some(Stages { new, active, at_risk }) => {
                if let Some(days) = new.map(amount) {
                    let first = match lang {
                        Lang::En => format!("first purchase at most {days} days ago"),
                        Lang::Zh => format!("首次购买在 {days} 天之内"),
                    };
                    rules.push((Status::New, first));
                }
                rules.push((Status::Active, last(active)));
                rules.push((Status::AtRisk, last(at_risk)));
                rules.push((Status::Dormant, last(self.lost_after)));
            }
        }
        rules.push((Status::Lost, lost));
        rules
    }
}
