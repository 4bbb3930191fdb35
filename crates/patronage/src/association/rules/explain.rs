//! The working of a rule: counts, then each measure in symbols, in numbers, and its value, then what it means.

use std::cmp::Ordering;

use num_rational::BigRational;
use num_traits::Signed;

use super::Rule;
use super::formula::Formula;
use super::measures::Measure;
use super::words::{list, share, trimmed};
use crate::explain::{Expr, Lang, Working, decimal};

/// The measures that a working shows, in this order.
const SHOWN: [Measure; 5] =
    [Measure::Support, Measure::Confidence, Measure::Lift, Measure::Leverage, Measure::Conviction];

impl Rule<'_> {
    /// The working of support, confidence, lift, leverage and conviction, in English or Chinese.
    pub fn explain(self, lang: Lang) -> Working {
        self.explain_measures(&SHOWN, lang)
    }

    /// The working of the measures asked for: the table of counts, then each measure in symbols, with its numbers,
    /// and its value.
    ///
    /// ```
    /// use patronage::Lang;
    /// use patronage::association::{Baskets, Measure, Mine};
    /// let baskets = Baskets::from_lists([vec!["beer", "milk"], vec!["beer"], vec!["beer", "milk"], vec!["cola"]])?;
    /// let rules = Mine::new().min_support(0.5).run(&baskets)?.rules().min_confidence(0.9).run()?;
    /// let working = rules.iter().next().map(|rule| rule.explain_measures(&[Measure::Jaccard], Lang::En).to_text());
    /// assert!(working.is_some_and(|text| text.contains("n₁₁ / (n₁. + n.₁ − n₁₁) = 2 / (2 + 3 − 2)")));
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn explain_measures(self, measures: &[Measure], lang: Lang) -> Working {
        let counts = self.counts();
        let (x, y) = (list(self.antecedent(), lang), list(self.consequent(), lang));
        let whole = |count: u64| decimal(count as f64, 0);
        let not = |side: &str| match lang {
            Lang::En => format!("no {side}"),
            Lang::Zh => format!("无 {side}"),
        };
        let total = lang.pick("all", "合计");
        let head = lang.pick("baskets", "购物篮数");
        let mut working = Working::new(match lang {
            Lang::En => format!("Rule: {} → {}", plain(self.antecedent()), plain(self.consequent())),
            Lang::Zh => format!("规则：{} → {}", plain(self.antecedent()), plain(self.consequent())),
        })
        .text(match lang {
            Lang::En => {
                format!("X: the basket holds {x}. Y: the basket holds {y}. n: the number of baskets.")
            }
            Lang::Zh => format!("X：购物篮含有{x}。Y：购物篮含有{y}。n：购物篮总数。"),
        })
        .table(
            [head, "Y", &not("Y"), total].map(String::from).to_vec(),
            vec![
                row("X", [counts.both(), counts.antecedent_only(), counts.antecedent()].map(whole)),
                row(
                    &not("X"),
                    [counts.consequent_only(), counts.neither(), counts.n() - counts.antecedent()].map(whole),
                ),
                row(total, [counts.consequent(), counts.n() - counts.consequent(), counts.n()].map(whole)),
            ],
        );
        if measures.iter().any(|measure| !SHOWN.contains(measure)) {
            working = working.text(lang.pick(
                "In formulas: n₁₁ baskets with X and Y, n₁₀ with X only, n₀₁ with Y only, n₀₀ with neither; n₁. with X, \
                 n.₁ with Y, n₀. without X, n.₀ without Y; P(…) shares of all baskets; K the number with both if chance \
                 alone joined them.",
                "公式中：n₁₁ 为同时含 X 和 Y 的购物篮数，n₁₀ 仅含 X，n₀₁ 仅含 Y，n₀₀ 两者皆无；n₁. 含 X，n.₁ 含 Y，n₀. 不含 X，\
                 n.₀ 不含 Y；P(…) 为占全部购物篮的比例；K 为两者仅因偶然而同在的购物篮数。",
            ));
        }
        for &measure in measures {
            if !SHOWN.contains(&measure) {
                working = self.explain_other(working, measure, lang);
                continue;
            }
            let (heading, meaning) = self.reading(measure, lang);
            let mut sides = vec![Expr::name(format!("{heading}(X → Y)"))];
            let [symbols, numbers] = self.formula(measure, lang);
            let value = self.value(measure, &numbers);
            sides.extend([symbols, numbers].into_iter().chain(value));
            working = working.heading(heading).equation(sides).text(meaning);
        }
        working
    }

    /// A measure beyond the usual five: by its formula.
    fn explain_other(self, working: Working, measure: Measure, lang: Lang) -> Working {
        let counts = self.counts();
        let value = self.measure(measure);
        let value = match value {
            v if v.is_nan() => Expr::name(lang.pick("undefined", "无定义")),
            v if v != 0.0 && v.abs() < 1e-3 => Expr::number(format!("{v:.3e}")),
            v => Expr::number(trimmed(v)),
        };
        let name = measure.label(lang);
        let left = Expr::name(format!("{name}(X → Y)"));
        let working = working.heading(name);
        let working = if let Some(formula) = Formula::read(measure.formula()) {
            working.equation([left, formula.to_expr(None), formula.to_expr(Some(counts)), value])
        } else {
            let symbols = Expr::name(measure.formula());
            match self.numbers(measure, lang) {
                Some(numbers) => working.equation([left, symbols, Expr::name(numbers), value]),
                None => working.text(self.given(measure)).equation([left, symbols, value]),
            }
        };
        match measure.meaning(lang) {
            Some(meaning) => working.text(meaning),
            None => working,
        }
    }

    /// What a formula that is more than arithmetic starts from, in numbers.
    fn numbers(self, measure: Measure, lang: Lang) -> Option<String> {
        let counts = self.counts();
        let whole = |count: u64| decimal(count as f64, 0);
        let [n, x, y, both] =
            [counts.n(), counts.antecedent(), counts.consequent(), counts.both()].map(whole);
        let chance = format!("K ~ Hypergeometric({n}, {x}, {y})");
        Some(match measure {
            Measure::FisherPValue => format!("P(K ≥ {both}), {chance}"),
            Measure::FisherPValueLess => format!("P(K ≤ {both}), {chance}"),
            Measure::HyperConfidence => format!("P(K < {both}), {chance}"),
            Measure::HyperLift => format!("{both} / Q₀.₉₉(K), {chance}"),
            Measure::ChiSquaredPValue => self.erfc(Measure::ChiSquared),
            Measure::YatesPValue => self.erfc(Measure::YatesChiSquared),
            Measure::GPValue => self.erfc(Measure::GStatistic),
            Measure::Improvement | Measure::ConfidenceBoost | Measure::LiftIncrease => {
                let own = format!("{both} / {x}");
                let Some(best) = self.best_part().ok()? else {
                    return Some(format!("{own} ({})", lang.pick("X has no part", "X 没有真子集")));
                };
                let best = format!("{} / {}", whole(best.both), whole(best.antecedent));
                if measure == Measure::Improvement {
                    format!("{own} − {best}")
                } else {
                    format!("({own}) / ({best})")
                }
            }
            _ => return None,
        })
    }

    /// What a formula starts from that is too long for its numbers to stand in it.
    fn given(self, measure: Measure) -> String {
        let counts = self.counts();
        let whole = |count: u64| decimal(count as f64, 0);
        let [n, x, y] = [counts.n(), counts.antecedent(), counts.consequent()].map(whole);
        if measure == Measure::StandardisedLift {
            let (lift, least) = (trimmed(self.lift()), whole(self.rules.min_count()));
            let confidence = trimmed(self.rules.min_confidence());
            return format!(
                "lift = {lift}, P(X) = {x} / {n}, P(Y) = {y} / {n}, s = {least} / {n}, c = {confidence}"
            );
        }
        let cells = [counts.both(), counts.antecedent_only(), counts.consequent_only(), counts.neither()];
        let [both, x_only, y_only, neither] = cells.map(whole);
        format!("n = {n}, n₁₁ = {both}, n₁₀ = {x_only}, n₀₁ = {y_only}, n₀₀ = {neither}")
    }

    fn erfc(self, statistic: Measure) -> String {
        format!("erfc(√({} / 2))", trimmed(self.measure(statistic)))
    }

    /// A measure in symbols, then with its numbers.
    fn formula(self, measure: Measure, lang: Lang) -> [Expr; 2] {
        let counts = self.counts();
        let count = |of: &str| Expr::call(lang.pick("count", "计数"), [Expr::name(of)]);
        let n = || Expr::name("n");
        let number = |count: u64| Expr::number(decimal(count as f64, 0));
        let [all, x, y, xy] = [counts.n(), counts.antecedent(), counts.consequent(), counts.both()];
        let share = |top: Expr, bottom: Expr| Expr::fraction(top, bottom);
        match measure {
            Measure::Support => [share(count("X, Y"), n()), share(number(xy), number(all))],
            Measure::Confidence => [share(count("X, Y"), count("X")), share(number(xy), number(x))],
            Measure::Lift => [
                share(Expr::times([n(), count("X, Y")]), Expr::times([count("X"), count("Y")])),
                share(Expr::times([number(all), number(xy)]), Expr::times([number(x), number(y)])),
            ],
            Measure::Leverage => [
                Expr::minus(
                    share(count("X, Y"), n()),
                    Expr::times([share(count("X"), n()), share(count("Y"), n())]),
                ),
                Expr::minus(
                    share(number(xy), number(all)),
                    Expr::times([share(number(x), number(all)), share(number(y), number(all))]),
                ),
            ],
            _ => [
                share(
                    Expr::times([count("X"), Expr::minus(n(), count("Y"))]),
                    Expr::times([n(), Expr::minus(count("X"), count("X, Y"))]),
                ),
                share(Expr::times([number(x), number(all - y)]), Expr::times([number(all), number(x - xy)])),
            ],
        }
    }

    /// The value, as a fraction where that says more, and as a decimal.
    fn value(self, measure: Measure, numbers: &Expr) -> Vec<Expr> {
        let value = self.measure(measure);
        let Some(exact) = self.counts().exact(measure) else { return vec![Expr::number(decimal(value, 4))] };
        let as_decimal = Expr::number(trimmed(value));
        let exact = fraction(&exact);
        if exact.to_text() == numbers.to_text() || exact == as_decimal {
            vec![as_decimal]
        } else {
            vec![exact, as_decimal]
        }
    }

    /// The name of a measure and what its value means.
    fn reading(self, measure: Measure, lang: Lang) -> (String, String) {
        let counts = self.counts();
        let value = self.measure(measure);
        let (x, y) = (list(self.antecedent(), lang), list(self.consequent(), lang));
        let whole = |count: u64| decimal(count as f64, 0);
        let confidence = share(self.measure(Measure::Confidence));
        let common = share(self.measure(Measure::ConsequentSupport));
        let n = whole(counts.n());
        let text = match (measure, lang) {
            (Measure::Support, Lang::En) => {
                format!("{} of all {n} baskets hold {x} together with {y}.", share(value))
            }
            (Measure::Support, Lang::Zh) => {
                format!("全部 {n} 个购物篮中，{} 同时含有{x}和{y}。", share(value))
            }
            (Measure::Confidence, Lang::En) => format!("{confidence} of the baskets with {x} also hold {y}."),
            (Measure::Confidence, Lang::Zh) => format!("含有{x}的购物篮中，{confidence} 也含有{y}。"),
            (Measure::Lift, Lang::En) => {
                let how = match value.total_cmp(&1.0) {
                    Ordering::Greater => "more likely than average",
                    Ordering::Equal => "exactly as likely as average",
                    Ordering::Less => "less likely than average",
                };
                let moral = if value < 1.0 { " A high confidence alone does not show that." } else { "" };
                format!(
                    "Whoever buys {x} is {how} to buy {y}: {confidence} against {common} of all baskets.{moral}"
                )
            }
            (Measure::Lift, Lang::Zh) => {
                let how = match value.total_cmp(&1.0) {
                    Ordering::Greater => "高于",
                    Ordering::Equal => "等于",
                    Ordering::Less => "低于",
                };
                let moral = if value < 1.0 { "仅看较高的置信度看不出这一点。" } else { "" };
                format!(
                    "购买{x}的顾客购买{y}的可能性{how}平均水平：{confidence} 对全部购物篮的 {common}。{moral}"
                )
            }
            (Measure::Leverage, _) => {
                let extra = value * counts.n() as f64;
                let size = trimmed(extra.abs());
                match (lang, extra < 0.0) {
                    (Lang::En, false) => {
                        format!("That is {size} baskets more than if X and Y were independent.")
                    }
                    (Lang::En, true) => {
                        format!("That is {size} baskets fewer than if X and Y were independent.")
                    }
                    (Lang::Zh, false) => format!("比 X 与 Y 相互独立时多 {size} 个购物篮。"),
                    (Lang::Zh, true) => format!("比 X 与 Y 相互独立时少 {size} 个购物篮。"),
                }
            }
            (_, Lang::En) if value.is_infinite() => "The rule is never wrong in these baskets.".into(),
            (_, Lang::Zh) if value.is_infinite() => "在这些购物篮中，规则从不出错。".into(),
            (_, Lang::En) if value.is_nan() => {
                "Every basket holds Y: the rule cannot be wrong, with X or without.".into()
            }
            (_, Lang::Zh) if value.is_nan() => "每个购物篮都含有 Y：有没有 X，规则都不会出错。".into(),
            (_, Lang::En) => format!(
                "If X and Y were independent, the rule would be wrong {} times as often as it is.",
                trimmed(value)
            ),
            (_, Lang::Zh) => format!("若 X 与 Y 相互独立，规则出错的次数将是现在的 {} 倍。", trimmed(value)),
        };
        (measure.label(lang), text)
    }
}

fn row(name: &str, cells: [String; 3]) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(cells).collect()
}

fn plain<'a>(items: impl Iterator<Item = crate::transactions::Id<'a>>) -> String {
    items.map(|id| id.to_string()).collect::<Vec<_>>().join(", ")
}

fn fraction(value: &BigRational) -> Expr {
    let sign = if value.is_negative() { "−" } else { "" };
    let top = Expr::number(format!("{sign}{}", value.numer().abs()));
    if value.is_integer() { top } else { Expr::fraction(top, Expr::number(value.denom().to_string())) }
}
