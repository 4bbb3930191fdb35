//! Why a customer stands in this tier.

use super::PyramidTiers;
use crate::error::Result;
use crate::explain::{Expr, Lang, Working, decimal, percent};
use crate::segmentation::words::{amount, figure, row_of};
use crate::transactions::Id;

impl PyramidTiers {
    /// The working for one customer: the rank, the end of each tier, and the tier that holds the rank. An
    /// error if there is no such customer.
    pub fn explain<'a>(&self, customer: impl Into<Id<'a>>, lang: Lang) -> Result<Working> {
        let customer = customer.into();
        let row = row_of(&self.customers, customer)?;
        let (value, by, n) = (self.values[row], figure(&self.by, lang), self.values.len());
        let name = self.tier(row).map_or("", |tier| tier.get(lang));
        let better = self.values.iter().filter(|&&other| other > value).count();
        let equal = self.values.iter().filter(|&&other| other == value).count();
        let count = |n: usize| decimal(n as f64, 0);
        let mut working = Working::new(match lang {
            Lang::En => format!("Customer {customer}: {name}"),
            Lang::Zh => format!("客户 {customer}：{name}"),
        })
        .text(match lang {
            Lang::En => format!(
                "The {} customers are ranked by {by} from the largest. With {} this customer has rank {}.",
                count(n),
                amount(value),
                count(better + 1)
            ),
            Lang::Zh => format!(
                "{} 位客户按{by}从大到小排名。该客户的数值为 {}，排第 {} 名。",
                count(n),
                amount(value),
                count(better + 1)
            ),
        });
        if equal > 1 {
            working = working.text(match lang {
                Lang::En => format!(
                    "{} customers have this value; they stand in one tier, that of the first of them.",
                    count(equal)
                ),
                Lang::Zh => format!("共有 {} 位客户数值相同，同归其中第一名所在的层级。", count(equal)),
            });
        }
        working = working.text(lang.pick(
            "A tier ends with rank ⌈share × customers⌉, the share counted from the top.",
            "每个层级止于第 ⌈累计比例 × 客户数⌉ 名（比例自顶端累计）。",
        ));
        let tiers = &self.settings.tiers;
        for (tier, share) in tiers.tiers().iter().zip(tiers.cumulative()) {
            working = working.equation([
                Expr::name(tier.label.get(lang)),
                Expr::call("ceil", [Expr::times([Expr::number(share.to_string()), Expr::number(count(n))])]),
                Expr::number(decimal(share.of(n as u64) as f64, 0)),
            ]);
        }
        let header = [
            lang.pick("tier", "层级"),
            lang.pick("customers", "客户数"),
            lang.pick("share of customers", "客户占比"),
            lang.pick("value", "价值"),
            lang.pick("share of value", "价值占比"),
            lang.pick("smallest value", "最小值"),
        ];
        let text = |share: Option<f64>| share.map_or_else(|| "—".into(), |share| percent(share, 2));
        let rows = self.summary()?.into_iter().map(|line| {
            vec![
                line.group.label.get(lang).into(),
                decimal(line.group.customers as f64, 0),
                text(line.group.share_of_customers),
                line.group.value.map_or_else(|| "—".into(), amount),
                text(line.group.share_of_value),
                line.smallest.map_or_else(|| "—".into(), amount),
            ]
        });
        Ok(working.table(header.map(String::from).to_vec(), rows.collect()).text(match lang {
            Lang::En => format!("Rank {} lies in “{name}”.", count(better + 1)),
            Lang::Zh => format!("第 {} 名属于“{name}”。", count(better + 1)),
        }))
    }
}
