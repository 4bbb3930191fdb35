//! The working of a decision table.

use super::{Criterion, TableAnswer};
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::decision::words::{explicit, explicit_signed, join_names, plain};
use crate::explain::{Expr, Lang, Working};

/// Alternatives that are written out.
const SHOWN: usize = 100;
/// Terms of a sum that are written out; of longer ones the first and the last.
const TERMS: usize = 12;

impl TableAnswer {
    /// The working: the payoffs, each criterion with its values and its choice, and every multiplication of the
    /// expected values and of the value of perfect information.
    pub fn explain(&self, lang: Lang) -> Working {
        let w = Working::new(lang.pick("Decision table", "决策表"));
        let w = w.table(self.header(lang, ""), self.payoff_rows(lang));
        let w =
            if self.table.alternatives.len() > SHOWN {
                w.text(lang.pick(
                    "Only the first 100 alternatives are written out here.",
                    "此处只列出前 100 个方案。",
                ))
            } else {
                w
            };
        let w = self.simple_criteria(w, lang);
        let w = self.regret_working(w, lang);
        let w = self.expected_working(w, lang);
        self.information_working(w, lang)
    }

    fn header(&self, lang: Lang, last: &str) -> Vec<String> {
        let first = lang.pick("alternative", "方案").to_string();
        let last = (!last.is_empty()).then(|| last.to_string());
        [first].into_iter().chain(self.table.states.iter().cloned()).chain(last).collect()
    }

    fn payoff_rows(&self, lang: Lang) -> Vec<Vec<String>> {
        let cells = |numbers: &[Number]| numbers.iter().map(|n| plain(&Value::from(n))).collect::<Vec<_>>();
        let row = |name: &str, numbers: &[Number]| [vec![name.to_string()], cells(numbers)].concat();
        let payoffs = self.table.payoffs.chunks(self.table.states.len());
        let rows =
            self.table.alternatives.iter().take(SHOWN).zip(payoffs).map(|(name, row_)| row(name, row_));
        let p = self.table.probabilities.as_deref().map(|p| row(lang.pick("probability", "概率"), p));
        rows.chain(p).collect()
    }

    fn simple_criteria(&self, mut w: Working, lang: Lang) -> Working {
        let profit = self.sense == Sense::Profit;
        let meaning = |criterion: &Criterion| match (criterion.name, profit) {
            ("maximax" | "minimin", true) => lang.pick("the best that can happen", "最好的结果"),
            ("maximax" | "minimin", false) => lang.pick("the least cost that can happen", "最低的成本"),
            ("maximin" | "minimax", true) => lang.pick("the worst that can happen", "最坏的结果"),
            ("maximin" | "minimax", false) => lang.pick("the highest cost that can happen", "最高的成本"),
            ("Hurwicz", _) => lang.pick("α × best + (1 − α) × worst", "α × 最好 + (1 − α) × 最坏"),
            _ => lang.pick("the mean: all states equally likely", "平均值：各状态等可能"),
        };
        for criterion in
            [&self.optimistic, &self.pessimistic].into_iter().chain(&self.hurwicz).chain([&self.laplace])
        {
            w = w.heading(title(criterion, lang)).text(format!(
                "{}{}",
                meaning(criterion),
                lang.pick(".", "。")
            ));
            if let (Some(alpha), "Hurwicz") = (&self.optimism, criterion.name) {
                w = w.equation([Expr::name("α"), Expr::number(plain(&Value::from(alpha)))]);
            }
            w = self.values(w, criterion, lang);
        }
        w
    }

    /// A criterion's value for each alternative, and what it chooses.
    fn values(&self, w: Working, criterion: &Criterion, lang: Lang) -> Working {
        let rows = self.table.alternatives.iter().take(SHOWN).zip(&criterion.values);
        let header = vec![lang.pick("alternative", "方案").into(), lang.pick("value", "值").into()];
        let w = w.table(header, rows.map(|(name, v)| vec![name.clone(), explicit(v)]).collect());
        self.choice(w, criterion, lang)
    }

    fn choice(&self, w: Working, criterion: &Criterion, lang: Lang) -> Working {
        let names = join_names(&criterion.best_names(&self.table), lang);
        let value = explicit(&criterion.value);
        w.text(match lang {
            Lang::En => format!("Choose {names}: {value}."),
            Lang::Zh => format!("选择{names}：{value}。"),
        })
    }

    fn regret_working(&self, w: Working, lang: Lang) -> Working {
        let columns = self.table.states.len();
        let rows = self.table.alternatives.iter().enumerate().take(SHOWN).map(|(i, name)| {
            let cells = self.regret[i * columns..(i + 1) * columns].iter().map(plain);
            let largest = plain(&self.minimax_regret.values[i]);
            [name.clone()].into_iter().chain(cells).chain([largest]).collect()
        });
        let w = w.heading(title(&self.minimax_regret, lang)).text(lang.pick(
            "Regret: how much better the best alternative of the same state would have been.",
            "后悔值：同一状态下最优方案与该方案之差。",
        ));
        let w = w.table(self.header(lang, lang.pick("largest", "最大")), rows.collect());
        self.choice(w, &self.minimax_regret, lang)
    }

    fn expected_working(&self, mut w: Working, lang: Lang) -> Working {
        let columns = self.table.states.len();
        if let Some(emv) = &self.emv {
            w = w.heading(title(emv, lang));
            for (i, name) in self.table.alternatives.iter().enumerate().take(SHOWN) {
                w = w.equation([
                    Expr::name(format!("EMV({name})")),
                    self.expectation(|j| self.table.payoff(i, j).into()),
                    Expr::number(explicit_signed(&emv.values[i])),
                ]);
            }
            w = self.choice(w, emv, lang);
        }
        if let Some(eol) = &self.eol {
            w = w.heading(title(eol, lang));
            for (i, name) in self.table.alternatives.iter().enumerate().take(SHOWN) {
                w = w.equation([
                    Expr::name(format!("EOL({name})")),
                    self.expectation(|j| self.regret[i * columns + j].clone()),
                    Expr::number(explicit(&eol.values[i])),
                ]);
            }
            w = self.choice(w, eol, lang);
        }
        w
    }

    /// The value of perfect information; nothing without probabilities.
    pub(in crate::decision) fn information_working(&self, w: Working, lang: Lang) -> Working {
        let (Some(emv), Some(perfect), Some(evpi)) =
            (&self.emv, &self.ev_with_perfect_information, &self.evpi)
        else {
            return w;
        };
        let columns = self.table.states.len();
        // The best of a state is what leaves nothing to regret.
        let best = |j: usize| {
            let alternative =
                (0..self.table.alternatives.len()).find(|&i| self.regret[i * columns + j].float == 0.0);
            Value::from(self.table.payoff(alternative.unwrap_or(0), j))
        };
        let w = w
            .heading(lang.pick("Value of perfect information (EVPI)", "完全信息价值（EVPI）"))
            .text(lang.pick(
                "With perfect information the best alternative of each state is chosen.",
                "若事先知道状态，则在每种状态下选择最优方案。",
            ))
            .equation([Expr::name("EVwPI"), self.expectation(best), Expr::number(explicit(perfect))]);
        let (high, low) = if self.sense == Sense::Profit { ("EVwPI", "EMV") } else { ("EMV", "EVwPI") };
        let amount = |name| Expr::number(plain(if name == "EMV" { &emv.value } else { perfect }));
        w.equation([
            Expr::name("EVPI"),
            Expr::minus(Expr::name(high), Expr::name(low)),
            Expr::minus(amount(high), amount(low)),
            Expr::number(explicit(evpi)),
        ])
    }

    fn expectation(&self, amount: impl Fn(usize) -> Value) -> Expr {
        let p = self.table.probabilities.as_deref().unwrap_or_default();
        let written = |value: &Value| Expr::number(plain(value));
        shortened_sum(p.len(), |j| Expr::product([written(&Value::from(&p[j])), written(&amount(j))]))
    }
}

pub(in crate::decision) fn title(criterion: &Criterion, lang: Lang) -> &'static str {
    let zh = match criterion.name {
        "maximax" => "最大最大准则（乐观）",
        "minimin" => "最小最小准则（乐观）",
        "maximin" => "最大最小准则（悲观）",
        "minimax" => "最小最大准则（悲观）",
        "Hurwicz" => "赫维茨准则（折中）",
        "Laplace" => "拉普拉斯准则（等可能）",
        "minimax regret" => "最小最大后悔值准则",
        "EMV" => "期望货币值（EMV）",
        _ => "期望机会损失（EOL）",
    };
    let en = match criterion.name {
        "EMV" => "Expected monetary value (EMV)",
        "EOL" => "Expected opportunity loss (EOL)",
        "Laplace" => "Laplace (equally likely)",
        "Hurwicz" => "Hurwicz (coefficient of optimism)",
        "minimax regret" => "Minimax regret",
        "maximax" => "Maximax (optimistic)",
        "maximin" => "Maximin (pessimistic)",
        "minimin" => "Minimin (optimistic)",
        _ => "Minimax (pessimistic)",
    };
    lang.pick(en, zh)
}

/// A sum with all its terms, or the first and the last of many.
pub(in crate::decision) fn shortened_sum(count: usize, term: impl Fn(usize) -> Expr) -> Expr {
    if count <= TERMS {
        return Expr::sum((0..count).map(term));
    }
    let first = (0..TERMS - 1).map(&term);
    Expr::sum(first.chain([Expr::name("…"), term(count - 1)]))
}
