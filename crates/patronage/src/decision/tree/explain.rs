//! The working of a decision tree, from the ends to the root, and its policy in words.

use std::collections::HashMap;

use super::{Compounding, Kind, PAYOFF, PolicyStep, TreeAnswer};
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::decision::table::shortened_sum;
use crate::decision::words::{explicit_signed, join_names, plain};
use crate::explain::{Expr, Lang, Working};

/// Nodes that are worked out, and decisions of the policy that are written out.
pub(super) const SHOWN: usize = 200;

impl TreeAnswer {
    /// The working: every expected value from the ends of the tree to its root, every choice, the value of
    /// perfect information where it is defined, and the policy.
    ///
    /// Of a large tree the 200 nodes nearest to the root are worked out.
    pub fn explain(&self, lang: Lang) -> Working {
        let title = lang.pick("Decision tree", "决策树");
        let w = Working::new(match self.tree.name(0) {
            "" => title.to_string(),
            name => format!("{title}{}{name}", lang.pick(": ", "：")),
        });
        let w = self.measures_working(self.conventions(w, lang), lang);
        let w = self.rollback_working(w, lang);
        let w = match self.table().and_then(|table| table.solve(self.sense, None)) {
            Ok(table) if self.utility.is_none() => table.information_working(w, lang),
            _ => self.utility_working(w, lang),
        };
        self.policy_working(w, lang)
    }

    fn conventions(&self, mut w: Working, lang: Lang) -> Working {
        if self.sense == Sense::Cost {
            w = w.text(lang.pick("The amounts are costs: less is better.", "数值为成本：越小越好。"));
        }
        match &self.discount_rate {
            Some(rate) => {
                let rate = plain(&Value::from(rate));
                w.text(match (lang, self.compounding) {
                    (Lang::En, Compounding::Period) => {
                        format!("Amounts at time t are divided by (1 + {rate})^t: interest is added once a period.")
                    }
                    (Lang::Zh, Compounding::Period) => format!("t 期的数值除以 (1 + {rate})^t 折现（按期复利）。"),
                    (Lang::En, Compounding::Continuous) => {
                        format!("Amounts at time t are multiplied by e^(−{rate} t): interest is added continuously.")
                    }
                    (Lang::Zh, Compounding::Continuous) => {
                        format!("t 期的数值乘以 e^(−{rate} t) 折现（连续复利）。")
                    }
                })
            }
            None if self.tree.is_timed() => w.text(lang.pick("Times are not discounted.", "未考虑折现。")),
            None => w,
        }
    }

    fn rollback_working(&self, mut w: Working, lang: Lang) -> Working {
        let tree = &self.tree;
        w = w
            .heading(lang.pick("Expected monetary values, from right to left", "期望货币值（从右向左推算）"));
        let shown: Vec<usize> =
            (0..tree.len()).filter(|&i| tree.kind(i) != Kind::Leaf).take(SHOWN + 1).collect();
        if shown.len() > SHOWN {
            w =
                w.text(lang.pick(
                    "Only the nodes nearest to the root are worked out here.",
                    "此处只列出靠近根的节点。",
                ));
        }
        let shown = &shown[..shown.len().min(SHOWN)];
        let names = self.names(shown);
        for node in self.deepest_level_first(shown) {
            let name = Expr::name(format!("EMV({})", names[&node]));
            let result = Expr::number(explicit_signed(&self.to_go(node)));
            let children = tree.children(node);
            if tree.kind(node) == Kind::Chance {
                let sum = shortened_sum(children.len(), |k| {
                    let i = children.start + k;
                    let p = self.probability(i).map_or_else(String::new, |p| plain(&p));
                    Expr::product([Expr::number(p), self.amount(i)])
                });
                w = w.equation([name, sum, result]);
                continue;
            }
            let mut amounts: Vec<Expr> = children.take(SHOWN + 1).map(|i| self.amount(i)).collect();
            if amounts.len() > SHOWN {
                amounts[SHOWN] = Expr::name("…");
            }
            let choose = if self.sense == Sense::Profit { "max" } else { "min" };
            let choice = join_names(&self.best_labels(node), lang);
            let chosen = match self.tree.children(node).find(|&i| self.is_best(i)) {
                // The certainty equivalents below say why.
                Some(best) if self.utility.is_some() => self.amount(best),
                _ => Expr::call(choose, amounts),
            };
            w = w.equation([name, chosen, result]).text(match lang {
                Lang::En => format!("Choose {choice}."),
                Lang::Zh => format!("选择{choice}。"),
            });
        }
        if self.payoff(0).float != 0.0 {
            let parts = [self.received(0), Expr::number(plain(&self.to_go(0)))];
            w = w.equation([Expr::name("EMV"), Expr::sum(parts), Expr::number(explicit_signed(&self.emv()))]);
        }
        w
    }

    /// What a branch is worth: what it pays and what is expected at its end.
    fn amount(&self, node: usize) -> Expr {
        let to_go = if self.tree.kind(node) == Kind::Leaf && self.is_by_payoff() {
            self.discounted(self.tree.value(node), node)
        } else {
            Expr::number(plain(&self.to_go(node)))
        };
        match (self.payoff(node).float == 0.0, self.to_go(node).float == 0.0) {
            (true, _) => to_go,
            (false, true) => self.received(node),
            (false, false) => Expr::sum([self.received(node), to_go]),
        }
    }

    fn received(&self, node: usize) -> Expr {
        if self.is_by_payoff() {
            self.discounted(self.tree.payoff(node), node)
        } else {
            Expr::number(plain(&self.payoff(node)))
        }
    }

    fn discounted(&self, amount: Number, node: usize) -> Expr {
        let time = self.tree.time(node);
        let written = |value: Value| Expr::number(plain(&value));
        match &self.discount_rate {
            Some(rate) if time != 0.0 && Value::from(&amount).float != 0.0 => {
                let amount = written(Value::from(&amount));
                if self.compounding == Compounding::Continuous {
                    let exponent = Value::from(-Value::from(rate).float * time);
                    return Expr::times([amount, Expr::power(Expr::name("e"), written(exponent))]);
                }
                let growth = match rate {
                    Number::Exact(rate) => Value::from(rate + &1.into()),
                    other => Value::from(1.0 + Value::from(other).float),
                };
                Expr::fraction(amount, Expr::power(written(growth), written(time.into())))
            }
            _ => written(Value::from(&amount)),
        }
    }

    /// Whether the amounts of the tree are those of the answer, but for discounting.
    fn is_by_payoff(&self) -> bool {
        match &self.by[..] {
            [] => true,
            [(measure, weight)] => **measure == *PAYOFF && *weight == Number::from(1),
            _ => false,
        }
    }

    /// Node by node from the deepest level up, in each level from top to bottom.
    pub(super) fn deepest_level_first(&self, nodes: &[usize]) -> Vec<usize> {
        let mut depth: HashMap<usize, usize> = HashMap::new();
        for &node in nodes {
            let above = self.tree.parent(node).and_then(|parent| depth.get(&parent));
            let level = above.map_or(0, |level| level + 1);
            depth.insert(node, level);
        }
        let mut order = nodes.to_vec();
        order.sort_by_key(|node| std::cmp::Reverse(depth[node]));
        order
    }

    /// What nodes are called: by their name or their branch, and by the whole way where that names several.
    pub(super) fn names(&self, nodes: &[usize]) -> HashMap<usize, String> {
        let tree = &self.tree;
        let short = |i: usize| if tree.name(i).is_empty() { tree.label(i) } else { tree.name(i) };
        let mut count: HashMap<&str, usize> = HashMap::new();
        nodes.iter().for_each(|&i| *count.entry(short(i)).or_default() += 1);
        let unique = |i: usize| !short(i).is_empty() && count[short(i)] == 1;
        nodes.iter().map(|&i| (i, if unique(i) { short(i).into() } else { tree.path(i) })).collect()
    }

    fn policy_working(&self, mut w: Working, lang: Lang) -> Working {
        let policy = self.policy();
        w = w.heading(lang.pick("What to do", "决策方案"));
        for step in policy.iter().take(SHOWN) {
            w = w.text(step.to_text(lang));
        }
        if policy.len() > SHOWN {
            w = w.text("…");
        }
        w
    }
}

impl PolicyStep {
    /// The instruction as a sentence.
    pub fn to_text(&self, lang: Lang) -> String {
        let choice = join_names(&self.choice.iter().map(String::as_str).collect::<Vec<_>>(), lang);
        let value = explicit_signed(&self.value);
        let after = self.after.join(" → ");
        let at = match (lang, self.decision.as_str(), after.as_str()) {
            (_, "", "") => String::new(),
            (Lang::En, name, "") => format!("{name}: "),
            (Lang::En, "", after) => format!("After {after}: "),
            (Lang::En, name, after) => format!("{name}, after {after}: "),
            (Lang::Zh, name, "") => format!("{name}："),
            (Lang::Zh, "", after) => format!("在 {after} 之后："),
            (Lang::Zh, name, after) => format!("{name}（在 {after} 之后）："),
        };
        match (lang, self.certainty_equivalent.as_ref().map(explicit_signed)) {
            (Lang::En, None) => format!("{at}choose {choice}, worth {value}."),
            (Lang::Zh, None) => format!("{at}选择{choice}，期望值 {value}。"),
            (Lang::En, Some(certain)) => {
                format!("{at}choose {choice}, as good as {certain} for certain (expected value {value}).")
            }
            (Lang::Zh, Some(certain)) => {
                format!("{at}选择{choice}，确定性等值 {certain}（期望值 {value}）。")
            }
        }
    }
}
