//! Why a customer has these scores and this name.

use super::{Method, Metric, RfmScores, Ties};
use crate::error::Result;
use crate::explain::{Expr, Lang, Working, decimal};
use crate::math::ExactSum;
use crate::segmentation::words::{amount, row_of};
use crate::transactions::Id;

impl Metric {
    /// The name in a language, as course texts have it.
    fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Recency => lang.pick("Recency", "最近一次消费"),
            Self::Frequency => lang.pick("Frequency", "消费频率"),
            Self::Monetary => lang.pick("Monetary", "消费金额"),
        }
    }

    fn letter(self) -> &'static str {
        match self {
            Self::Recency => "R",
            Self::Frequency => "F",
            Self::Monetary => "M",
        }
    }
}

impl Ties {
    fn sentence(self, lang: Lang) -> &'static str {
        match self {
            Self::Average => lang.pick(
                "Customers of equal value share the mean of the ranks they take up.",
                "数值相同的客户取其名次的平均值。",
            ),
            Self::Min => lang.pick(
                "Customers of equal value share the smallest of the ranks they take up.",
                "数值相同的客户取其名次中最小者。",
            ),
            Self::Max => lang.pick(
                "Customers of equal value share the largest of the ranks they take up.",
                "数值相同的客户取其名次中最大者。",
            ),
            Self::First => lang.pick(
                "Customers of equal value are ranked in order of their ids.",
                "数值相同的客户按客户编号排名。",
            ),
        }
    }
}

impl RfmScores {
    /// The working for one customer: rank and score of each metric, then the rule of the map that holds the
    /// cell. An error if there is no such customer.
    pub fn explain<'a>(&self, customer: impl Into<Id<'a>>, lang: Lang) -> Result<Working> {
        let customer = customer.into();
        let row = row_of(&self.customers, customer)?;
        let (r, f, m) = (self.r[row], self.f[row], self.m[row]);
        let name = self.segment(row).map_or_else(|| format!("{r}-{f}-{m}"), |s| s.get(lang).to_owned());
        let mut working = Working::new(match lang {
            Lang::En => format!("Customer {customer}: {name}"),
            Lang::Zh => format!("客户 {customer}：{name}"),
        });
        working = match self.settings.method {
            Method::Rank => self.ranks(working, customer, row, lang),
            Method::Mean => self.means(working, lang)?,
        };
        working = working.table(
            [
                lang.pick("metric", "指标"),
                lang.pick("value", "数值"),
                lang.pick("score", "得分"),
                lang.pick("values with this score", "该得分的数值范围"),
                lang.pick("customers with this score", "该得分的客户数"),
            ]
            .map(String::from)
            .to_vec(),
            self.band_rows(row, lang),
        );
        let Some(rule) = self.settings.segments.as_ref().and_then(|map| map.rule(r, f, m)) else {
            return Ok(working.text(match lang {
                Lang::En => format!("The cell is R {r}, F {f}, M {m}; no names were asked for."),
                Lang::Zh => format!("所在单元为 R {r}、F {f}、M {m}；未指定分群名称。"),
            }));
        };
        let range = |(from, to): (u8, u8)| match (from == to, lang) {
            (true, _) => from.to_string(),
            (false, Lang::En) => format!("{from}–{to}"),
            (false, Lang::Zh) => format!("{from}～{to}"),
        };
        let (r_range, f_range, m_range) = (range(rule.r), range(rule.f), range(rule.m));
        Ok(working.text(match lang {
            Lang::En => format!(
                "R {r}, F {f}, M {m} lies in R {r_range}, F {f_range}, M {m_range}, which the map calls “{name}”."
            ),
            Lang::Zh => format!(
                "R {r}、F {f}、M {m} 属于 R {r_range}、F {f_range}、M {m_range}，即“{name}”。"
            ),
        }))
    }

    fn ranks(&self, mut working: Working, customer: Id<'_>, row: usize, lang: Lang) -> Working {
        let (bins, n) = (self.settings.bins, self.customers.len());
        working = working
            .text(match lang {
                Lang::En => format!(
                    "Each metric ranks the {} customers from the worst (1) to the best; for recency fewer days \
                     are better. A rank becomes a score from 1 to {bins}.",
                    decimal(n as f64, 0)
                ),
                Lang::Zh => format!(
                    "每个指标将 {} 位客户从最差（第 1 名）到最好排名；最近一次消费的天数越少越好。名次换算为 1 到 \
                     {bins} 分。",
                    decimal(n as f64, 0)
                ),
            })
            .text(self.settings.ties.sentence(lang));
        for metric in Metric::ALL {
            let rank = self.rank(metric, customer, row);
            working = working.equation([
                Expr::name(metric.letter()),
                ceiling(
                    Expr::name(lang.pick("bins", "分箱数")),
                    Expr::name(lang.pick("rank", "名次")),
                    Expr::name(lang.pick("customers", "客户数")),
                ),
                ceiling(
                    Expr::number(bins.to_string()),
                    Expr::number(amount(rank)),
                    Expr::number(decimal(n as f64, 0)),
                ),
                Expr::number(self.scores(metric)[row].to_string()),
            ]);
        }
        working
    }

    /// The rank of a customer, by counting those who are worse and those who are equal.
    fn rank(&self, metric: Metric, customer: Id<'_>, row: usize) -> f64 {
        let values = self.values(metric);
        let own = metric.upward(values[row]);
        let worse = values.iter().filter(|&&value| metric.upward(value) < own).count();
        let equals = || (0u32..).zip(values).filter(|&(_, &value)| metric.upward(value) == own);
        let nth = match self.settings.ties {
            Ties::First => equals().filter(|&(row, _)| self.customers.get(row) < Some(customer)).count(),
            _ => 0,
        };
        self.settings.ties.twice_rank(worse, equals().count(), nth) as f64 / 2.0
    }

    fn means(&self, mut working: Working, lang: Lang) -> Result<Working> {
        working = working.text(lang.pick(
            "Each metric is compared with its mean over all customers: better than the mean scores 2, else 1; \
             for recency fewer days are better.",
            "每个指标与全体客户的平均值比较：优于平均值得 2 分，否则得 1 分；最近一次消费的天数越少越好。",
        ));
        for metric in Metric::ALL {
            let values = self.values(metric);
            let (sum, n) = (ExactSum::of(values)?.to_f64(), values.len() as f64);
            working = working.equation([
                Expr::name(format!("{} {}", lang.pick("mean", "平均"), metric.title(lang))),
                Expr::fraction(Expr::number(amount(sum)), Expr::number(decimal(n, 0))),
                Expr::number(decimal(sum / n, 2)),
            ]);
        }
        Ok(working)
    }

    /// For each metric the customer's value and the band of values that have the same score.
    fn band_rows(&self, row: usize, lang: Lang) -> Vec<Vec<String>> {
        let bands = self.thresholds();
        let band = |metric| {
            let score = self.scores(metric)[row];
            bands.iter().find(move |band| band.metric == metric && band.score == score)
        };
        Metric::ALL
            .into_iter()
            .map(|metric| {
                let days = if metric == Metric::Recency { lang.pick(" days", " 天") } else { "" };
                let ends = band(metric).and_then(|band| band.lowest.zip(band.highest));
                vec![
                    metric.title(lang).into(),
                    format!("{}{days}", amount(self.values(metric)[row])),
                    self.scores(metric)[row].to_string(),
                    ends.map_or_else(String::new, |(from, to)| {
                        let range = if from == to {
                            amount(from)
                        } else {
                            format!("{} … {}", amount(from), amount(to))
                        };
                        format!("{range}{days}")
                    }),
                    band(metric).map_or_else(String::new, |band| decimal(band.customers as f64, 0)),
                ]
            })
            .collect()
    }
}

/// ⌈bins × rank / n⌉.
fn ceiling(bins: Expr, rank: Expr, customers: Expr) -> Expr {
    Expr::call("ceil", [Expr::fraction(Expr::times([bins, rank]), customers)])
}
