//! The working of patterns, length by length, and of a sequential rule.

use super::patterns::{Pattern, SequentialPatterns};
use super::rules::SequentialRule;
use super::words::{one_after_the_other, within};
use crate::association::rules::words::{list, share, trimmed};
use crate::explain::{Expr, Lang, Working, decimal};
use crate::transactions::Id;

/// Patterns of one length that a working shows.
const ROWS: usize = 20;

fn whole(count: u64) -> String {
    decimal(count as f64, 0)
}

/// Elements as the field writes them: ⟨{tea} {bread, milk}⟩.
fn written(elements: &[Vec<Id<'_>>]) -> String {
    let element = |items: &Vec<Id<'_>>| {
        let names: Vec<String> = items.iter().map(ToString::to_string).collect();
        format!("{{{}}}", names.join(", "))
    };
    format!("⟨{}⟩", elements.iter().map(element).collect::<Vec<_>>().join(" "))
}

impl SequentialPatterns {
    /// The patterns by the number of their items, each with its count and support, the most frequent first; at most
    /// twenty of each length.
    pub fn explain(&self, lang: Lang) -> Working {
        let (least, n) = (whole(self.min_count()), whole(self.n_customers()));
        let limits = within(self.grain(), self.max_gap(), self.window(), lang);
        let title = match lang {
            Lang::En => format!("Sequential patterns of at least {least} of {n} customers{limits}"),
            Lang::Zh => format!("{n} 名顾客中至少 {least} 名支持的序列模式{limits}"),
        };
        let mut working = Working::new(title).text(lang.pick(
            "A customer supports a pattern if its elements, each a set of items, can be found in baskets of that \
             customer in this order; each customer counts once.",
            "若某顾客的购物篮中能按此顺序依次找到模式的各个元素（每个元素为一组商品），则该顾客支持该模式；每名顾客只计一次。",
        ));
        let head = [lang.pick("pattern", "模式"), lang.pick("count", "计数"), lang.pick("support", "支持度")];
        let mut levels: Vec<(u64, Vec<Pattern<'_>>)> = Vec::new();
        for pattern in self.by_count() {
            let length = pattern.length();
            if levels.len() < length {
                levels.resize_with(length, Default::default);
            }
            let (size, shown) = &mut levels[length - 1];
            *size += 1;
            if shown.len() < ROWS {
                shown.push(pattern);
            }
        }
        for (length, (size, shown)) in (1..).zip(levels).filter(|(_, (size, _))| *size > 0) {
            let rows = shown.iter().map(|pattern| {
                let count = whole(pattern.count());
                let support = format!("{count} / {n} = {}", trimmed(pattern.support()));
                vec![written(&pattern.elements()), count, support]
            });
            let found = whole(size);
            working = working
                .heading(match lang {
                    Lang::En if length == 1 => format!("Single items: {found}"),
                    Lang::En => format!("Patterns of {length} items: {found}"),
                    Lang::Zh => format!("{length} 项模式：{found} 个"),
                })
                .table(head.map(String::from).to_vec(), rows.collect());
        }
        if self.is_empty() {
            working = working.text(lang.pick("No pattern is that frequent.", "没有达到该支持度的模式。"));
        }
        working
    }
}

impl SequentialRule<'_> {
    /// The working of support, confidence and lift.
    pub fn explain(self, lang: Lang) -> Working {
        let (x, y) = (self.antecedent(), vec![self.consequent()]);
        let (before, after) = (one_after_the_other(&x, lang), list(self.consequent().into_iter(), lang));
        let (grain, max_gap, window) = self.limits();
        let limits = within(grain, max_gap, window, lang);
        let number = |count: u64| Expr::number(whole(count));
        let count = |of: &str| Expr::call(lang.pick("count", "计数"), [Expr::name(of)]);
        let n = self.n_customers();
        let value = |value: f64| Expr::number(trimmed(value));
        let (support, confidence, lift) =
            (lang.pick("support", "支持度"), lang.pick("confidence", "置信度"), lang.pick("lift", "提升度"));
        let name = |measure: &str| Expr::name(format!("{measure}(X → Y)"));
        let common = share(self.consequent_count() as f64 / n as f64);
        Working::new(match lang {
            Lang::En => format!("Sequential rule: {} → {}", written(&x), written(&y)),
            Lang::Zh => format!("序列规则：{} → {}", written(&x), written(&y)),
        })
        .text(match lang {
            Lang::En => format!(
                "X: the customer bought {before}. Y: the customer bought {after}. X, Y: Y after X{limits}. n: the \
                 number of customers."
            ),
            Lang::Zh => format!(
                "X：顾客购买了{before}。Y：顾客购买了{after}。X, Y：先 X 后 Y{limits}。n：顾客总数。"
            ),
        })
        .heading(support)
        .equation([
            name(support),
            Expr::fraction(count("X, Y"), Expr::name("n")),
            Expr::fraction(number(self.count()), number(n)),
            value(self.support()),
        ])
        .heading(confidence)
        .equation([
            name(confidence),
            Expr::fraction(count("X, Y"), count("X")),
            Expr::fraction(number(self.count()), number(self.antecedent_count())),
            value(self.confidence()),
        ])
        .heading(lift)
        .equation([
            name(lift),
            Expr::fraction(
                Expr::times([Expr::name("n"), count("X, Y")]),
                Expr::times([count("X"), count("Y")]),
            ),
            Expr::fraction(
                Expr::times([number(n), number(self.count())]),
                Expr::times([number(self.antecedent_count()), number(self.consequent_count())]),
            ),
            value(self.lift()),
        ])
        .text(match lang {
            Lang::En => format!(
                "{} of the customers with X bought Y later; {common} of all customers bought Y at some time, before or \
                 after X or without it.",
                share(self.confidence())
            ),
            Lang::Zh => format!(
                "购买了 X 的顾客中有 {} 之后购买了 Y；全部顾客中有 {common} 曾购买 Y，无论在 X 之前、之后或没有 X。",
                share(self.confidence())
            ),
        })
    }
}
