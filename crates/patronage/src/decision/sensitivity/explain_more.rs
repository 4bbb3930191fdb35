//! What tornado, spider, derivatives, two parameters and simulation say, in plain words.

use super::derivatives::Derivatives;
use super::simulation::Simulation;
use super::tornado::{AtValue, Tornado};
use super::two_way::TwoWay;
use crate::decision::number::Value;
use crate::decision::scalar::Sense;
use crate::decision::words::{explicit, explicit_signed, join_names, plain};
use crate::explain::{Lang, Working, decimal, percent};

/// Rows that are written out.
const SHOWN: usize = 50;
/// Strategies that are written out, the best first.
const STRATEGIES: usize = 12;

fn names(choice: &[String], lang: Lang) -> String {
    if choice.is_empty() {
        return lang.pick("nothing to decide", "无需决策").into();
    }
    join_names(&choice.iter().map(String::as_str).collect::<Vec<_>>(), lang)
}

impl TwoWay {
    /// Where which strategy is best, at the first, the middle and the last cut.
    pub fn explain(&self, lang: Lang) -> Working {
        let (x, y) = (&self.x, &self.y);
        let mut w = Working::new(match lang {
            Lang::En => format!("The best choice as {x} and {y} vary"),
            Lang::Zh => format!("{x} 与 {y} 同时变动时的最优选择"),
        });
        let last = self.cuts.len().saturating_sub(1);
        for at in [0, last / 2, last] {
            let Some((value, cut)) = self.cuts.get(at) else { continue };
            w = w.heading(format!("{x} = {}", explicit(value)));
            let part = cut.explain(lang);
            for block in part.blocks {
                if let crate::explain::Block::Text(text) = block {
                    w = w.text(text);
                }
            }
        }
        w.text(match lang {
            Lang::En => format!(
                "There are {} values of {x}; on each the borders along {y} are exact, between them nothing is known.",
                self.cuts.len()
            ),
            Lang::Zh => format!("{x} 共取 {} 个值；每个值上 {y} 的分界点都是精确的，值与值之间未作计算。", self.cuts.len()),
        })
    }
}

impl Tornado {
    /// What each parameter does between its ends, the most influential first.
    pub fn explain(&self, lang: Lang) -> Working {
        let mut w =
            Working::new(lang.pick("Tornado: one parameter after the other", "龙卷风图：逐个改变参数"));
        w = w.text(match lang {
            Lang::En => format!(
                "At the base values {} is best, worth {}.",
                names(&self.choice, lang),
                explicit(&self.base)
            ),
            Lang::Zh => {
                format!("基准值下最优为{}，期望值 {}。", names(&self.choice, lang), explicit(&self.base))
            }
        });
        for bar in self.bars.iter().take(SHOWN) {
            let (low, high) = (&bar.low, &bar.high);
            let [a, b, from, to, swing] = [&low.at, &high.at, &low.emv, &high.emv, &bar.swing].map(explicit);
            let name = &bar.parameter;
            let mut text = match lang {
                Lang::En => format!(
                    "{name} from {a} to {b}: the expected value goes from {from} to {to} (a swing of {swing})."
                ),
                Lang::Zh => format!("{name} 从 {a} 到 {b}：期望值从 {from} 变为 {to}（变幅 {swing}）。"),
            };
            let points: Vec<String> = bar.break_evens.iter().take(8).map(explicit).collect();
            let points = points.join(lang.pick(", ", "、"));
            let (first, second) = (names(&low.choice, lang), names(&high.choice, lang));
            let more = match (lang, bar.break_evens.is_empty(), low.choice == high.choice) {
                (Lang::En, true, _) => format!(" The best strategy stays the same: {first}."),
                (Lang::En, false, false) => {
                    format!(" The best choice changes from {first} to {second}; break-even: {points}.")
                }
                (Lang::En, false, true) => {
                    format!(
                        " Both ends choose {first}, but the best strategy changes between them, at {points}."
                    )
                }
                (Lang::Zh, true, _) => format!("最优策略不变：{first}。"),
                (Lang::Zh, false, false) => format!("最优选择由{first}变为{second}；盈亏平衡点：{points}。"),
                (Lang::Zh, false, true) => format!("两端都选{first}，但其间最优策略在 {points} 处改变。"),
            };
            text.push_str(&more);
            w = w.text(text);
        }
        w
    }
}

/// The least and the largest expected value of each leg.
pub fn explain_spider(legs: &[(Box<str>, Vec<AtValue>)], lang: Lang) -> Working {
    let mut w = Working::new(
        lang.pick("Spider: the expected value along each parameter", "蛛网图：期望值随各参数变化"),
    );
    for (name, leg) in legs.iter().take(SHOWN) {
        let order = |a: &&AtValue, b: &&AtValue| a.emv.float.total_cmp(&b.emv.float);
        let (Some(least), Some(most)) = (leg.iter().min_by(order), leg.iter().max_by(order)) else {
            continue;
        };
        let [l, at_l, m, at_m] = [&least.emv, &least.at, &most.emv, &most.at].map(explicit);
        w = w.text(match lang {
            Lang::En => format!(
                "{name}: of {} values the expected value is least, {l}, at {at_l} and largest, {m}, at {at_m}.",
                leg.len()
            ),
            Lang::Zh => format!("{name}：取 {} 个值，期望值最小 {l}（{at_l} 处），最大 {m}（{at_m} 处）。", leg.len()),
        });
    }
    w
}

impl Derivatives {
    /// What a little more of each parameter changes.
    pub fn explain(&self, lang: Lang) -> Working {
        let mut w = Working::new(lang.pick("What a little more would change", "参数微小变动的影响"));
        w = w.text(match lang {
            Lang::En => format!("The expected value is {}.", explicit(&self.emv)),
            Lang::Zh => format!("期望值为 {}。", explicit(&self.emv)),
        });
        for (name, value, by) in self.rows.iter().take(SHOWN) {
            let (value, by) = (explicit(value), explicit_signed(by));
            w = w.text(match lang {
                Lang::En => format!("At {name} = {value} it changes by {by} for each unit of {name}."),
                Lang::Zh => format!("{name} = {value} 处，{name} 每增加一个单位，期望值变化 {by}。"),
            });
        }
        if self.has_ties {
            w = w.text(lang.pick(
                "Alternatives tie: the first is followed; with another one the changes may differ.",
                "存在并列方案：按第一个计算；若选其他方案，结果可能不同。",
            ));
        }
        w
    }
}

impl Simulation {
    /// The expected values, the chances of being best, and the value of knowing the parameters.
    pub fn explain(&self, lang: Lang) -> Working {
        let mut w = Working::new(lang.pick("Simulation", "蒙特卡罗模拟"));
        let rough = |(mean, error): (f64, f64)| {
            format!(
                "{} ± {}",
                plain(&Value::from(rounded(mean, error))),
                plain(&Value::from(rounded(error, error)))
            )
        };
        let Some(best) = self.strategies.get(self.best) else { return w };
        let (n, name) = (decimal(self.samples as f64, 0), best.to_text(lang));
        let (mean, share) = (rough((best.mean, best.standard_error)), percent(best.p_optimal, 1));
        w = w.text(match lang {
            Lang::En => format!(
                "In {n} samples of the parameters the best to choose beforehand is {name}: expected value {mean} \
                 (± is the standard error)."
            ),
            Lang::Zh => format!("在 {n} 个参数样本中，事前最优为{name}：期望值 {mean}（± 为标准误）。"),
        });
        w = w.text(match lang {
            Lang::En => format!("It is best in {share} of the samples."),
            Lang::Zh => format!("它在 {share} 的样本中为最优。"),
        });
        let (informed, evpi) = (rough(self.informed), rough(self.evpi));
        w = w.text(match lang {
            Lang::En => format!(
                "If the parameters were known before the choice, the expected value would be {informed}; knowing them \
                 is worth {evpi}."
            ),
            Lang::Zh => format!("若事先知道参数，期望值为 {informed}；完全信息的价值为 {evpi}。"),
        });
        if !self.all_strategies {
            w = w.text(lang.pick(
                "There are too many strategies to tell apart: alternatives of the root are compared, each followed by \
                 the best choices in knowledge of the parameters.",
                "策略过多，未逐一区分：只比较根节点的方案，其后的选择均按已知参数作出。",
            ));
        }
        let header = [
            lang.pick("strategy", "策略"),
            lang.pick("expected value", "期望值"),
            lang.pick("best in", "最优比例"),
        ];
        let sign = if self.tape.sense == Sense::Profit { -1.0 } else { 1.0 };
        let mut order: Vec<_> = self.strategies.iter().collect();
        order.sort_by(|a, b| (sign * a.mean).total_cmp(&(sign * b.mean)));
        let rows = order.iter().take(STRATEGIES).map(|row| {
            vec![row.to_text(lang), rough((row.mean, row.standard_error)), percent(row.p_optimal, 1)]
        });
        w.table(header.map(Into::into).into(), rows.collect())
    }
}

/// As many digits as an error of such a size leaves: two of the error.
fn rounded(value: f64, error: f64) -> f64 {
    if error <= 0.0 || !error.is_finite() {
        return value;
    }
    let scale = 10f64.powf(error.log10().floor() - 1.0);
    let rounded = (value / scale).round() * scale;
    // A power of ten below one is no float; what is divided by its inverse is.
    if scale < 1.0 { (value / scale).round() / (1.0 / scale).round() } else { rounded }
}
