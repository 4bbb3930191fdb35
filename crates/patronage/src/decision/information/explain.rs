//! The working of a study: Bayes' table as textbooks print it, the decision after each signal, and its worth.

use super::answer::StudyAnswer;
use super::chain::{Chain, Signal};
use crate::decision::number::Value;
use crate::decision::scalar::Sense;
use crate::decision::table::{DecisionTable, shortened_sum};
use crate::decision::words::{exact_and_float, explicit, explicit_signed, join_names, plain};
use crate::explain::{Expr, Lang, Working, percent};

/// Signals and alternatives that are written out.
const SHOWN: usize = 100;

impl StudyAnswer {
    /// The working: prior, likelihoods, joint and posterior probabilities of each signal, every multiplication of
    /// the expected values after it, and what the study is worth; with a rounding, the book's chain beside it.
    pub fn explain(&self, lang: Lang) -> Working {
        let mut w = Working::new(lang.pick("Value of sample information", "样本信息价值"));
        if self.study.question.sense() == Sense::Cost {
            w = w.text(lang.pick("The amounts are costs: less is better.", "数值为成本：越小越好。"));
        }
        if let Some(decimals) = self.study.rounding {
            w = w.text(match lang {
                Lang::En => format!(
                    "Below each exact result stands that of a book that rounds P(signal) and the posteriors to \
                     {decimals} decimals; the last of each is what the others leave of 1."
                ),
                Lang::Zh => format!(
                    "每个精确结果之下，列出将信号概率与后验概率四舍五入到 {decimals} 位小数的教材结果；末项取 1 减其余各项。"
                ),
            });
        }
        let table = self.study.question.table().ok();
        for s in (0..self.chain.signals.len()).take(SHOWN) {
            w = self.bayes(w, s, lang);
            w = self.decision(w, s, table.as_ref(), lang);
        }
        if self.chain.signals.len() > SHOWN {
            w = w.text(
                lang.pick("Only the first 100 signals are written out here.", "此处只列出前 100 个信号。"),
            );
        }
        self.worth(self.incoherence(w, lang), table.as_ref(), lang)
    }

    /// The table of a signal, and how its numbers come about.
    fn bayes(&self, w: Working, s: usize, lang: Lang) -> Working {
        let signal = &self.chain.signals[s];
        let name = &signal.name;
        let book = self.rounded.as_ref().map(|chain| &chain.signals[s]);
        let states = &self.study.event.labels;
        let shown = |value: Option<&Value>| value.map_or_else(|| "–".to_string(), explicit);
        let posterior = |signal: &Signal, t: usize| shown(signal.posterior.as_ref().map(|row| &row[t]));
        let mut header: Vec<String> = match lang {
            Lang::En => ["state", "prior", "P(signal | state)", "joint", "posterior"],
            Lang::Zh => ["状态", "先验概率", "P(信号 | 状态)", "联合概率", "后验概率"],
        }
        .map(String::from)
        .into();
        header.extend(book.map(|_| lang.pick("rounded", "舍入").to_string()));
        let row = |t: usize| {
            let given = [states[t].clone(), explicit(&self.prior[t]), shown(self.likelihood[s][t].as_ref())];
            let found = [explicit(&self.joint[s][t]), posterior(signal, t)];
            given.into_iter().chain(found).chain(book.map(|book| posterior(book, t))).collect::<Vec<_>>()
        };
        let mut rows: Vec<Vec<String>> = (0..states.len()).map(row).collect();
        let (blank, p) = (String::new(), explicit(&signal.probability));
        let mut total = vec![
            lang.pick("sum", "合计").to_string(),
            blank.clone(),
            blank.clone(),
            p.clone(),
            blank.clone(),
        ];
        total.extend(book.map(|book| explicit(&book.probability)));
        rows.push(total);
        let heading = match lang {
            Lang::En => format!("If the signal is “{name}”"),
            Lang::Zh => format!("若信号为「{name}」"),
        };
        let mut w = w.heading(heading).table(header, rows);
        let joint = shortened_sum(states.len(), |t| {
            let factor = |value: &Value| Expr::number(plain(value));
            match &self.likelihood[s][t] {
                Some(likelihood) => Expr::product([factor(&self.prior[t]), factor(likelihood)]),
                None => factor(&self.joint[s][t]),
            }
        });
        w = w.equation([Expr::name(format!("P({name})")), joint, Expr::number(p)]);
        let Some(row) = &signal.posterior else {
            return w.text(lang.pick(
                "This signal cannot come: it has no posteriors, and weighs nothing.",
                "该信号不会出现：没有后验概率，不计入期望值。",
            ));
        };
        for (t, state) in states.iter().enumerate().take(SHOWN) {
            let (top, bottom) = (plain(&self.joint[s][t]), plain(&signal.probability));
            let quotient = Expr::fraction(Expr::number(top), Expr::number(bottom));
            w = w.equation([
                Expr::name(format!("P({state} | {name})")),
                quotient,
                Expr::number(explicit(&row[t])),
            ]);
        }
        w
    }

    /// The expected value of each alternative after a signal, and the choice.
    fn decision(&self, mut w: Working, s: usize, table: Option<&DecisionTable>, lang: Lang) -> Working {
        let chains = || std::iter::once(&self.chain).chain(&self.rounded);
        let signal = &self.chain.signals[s];
        let names = self.alternatives();
        for (k, name) in names.iter().enumerate().take(SHOWN) {
            for signal in chains().map(|chain| &chain.signals[s]) {
                let (Some(posterior), Some(values)) = (&signal.posterior, &signal.values) else { continue };
                let sides = [
                    Some(Expr::name(format!("EV({name} | {})", signal.name))),
                    table.map(|table| expectation(posterior, |t| table.payoff(k, t).into())),
                    Some(Expr::number(explicit_signed(&values[k]))),
                ];
                w = w.equation(sides.into_iter().flatten());
            }
        }
        for (place, signal) in chains().map(|chain| &chain.signals[s]).enumerate() {
            let Some(value) = &signal.value else { continue };
            let best: Vec<&str> = signal.best.iter().map(|&k| names[k]).collect();
            let choose = match (place, lang) {
                (0, Lang::En) => "Choose",
                (0, Lang::Zh) => "选择",
                (_, Lang::En) => "With rounded probabilities choose",
                (_, Lang::Zh) => "按舍入概率选择",
            };
            let value = explicit_signed(value);
            w = match lang {
                _ if best.is_empty() => {
                    w.equation([Expr::name(format!("EV({})", signal.name)), Expr::number(value)])
                }
                Lang::En => w.text(format!("{choose} {}: {value}.", join_names(&best, lang))),
                Lang::Zh => w.text(format!("{choose}{}：{value}。", join_names(&best, lang))),
            };
        }
        if table.is_none() && signal.posterior.is_some() {
            w = w.text(lang.pick(
                "These values are those of the tree with the posteriors in place of the prior; the working of the \
                 preposterior tree has every step.",
                "以上数值为以后验概率代替先验概率后决策树的期望值；逐步计算见后验决策树的求解过程。",
            ));
        }
        w
    }

    fn incoherence(&self, mut w: Working, lang: Lang) -> Working {
        for found in &self.incoherent {
            w = w.text(found.to_text(lang));
        }
        w
    }

    fn worth(&self, w: Working, table: Option<&DecisionTable>, lang: Lang) -> Working {
        let judged = table.and_then(|table| table.solve(self.study.question.sense(), None).ok());
        let w = if let Some(judged) = &judged {
            judged.information_working(w, lang)
        } else {
            self.perfect_information(w, lang)
        };
        let w = self.worth_of(w.heading(lang.pick("What the study is worth", "研究的价值")), &self.chain);
        let w = w.text(self.verdict(lang));
        let Some(chain) = &self.rounded else { return w };
        self.worth_of(w.heading(lang.pick("The same with rounded probabilities", "按舍入概率计算")), chain)
    }

    fn perfect_information(&self, w: Working, lang: Lang) -> Working {
        let (perfect, alone) = (&self.ev_with_perfect_information, &self.emv);
        let profit = self.study.question.sense() == Sense::Profit;
        let (high, low) = if profit { ("EVwPI", "EMV") } else { ("EMV", "EVwPI") };
        let amount = |name| Expr::number(plain(if name == "EMV" { alone } else { perfect }));
        w.heading(lang.pick("Value of perfect information (EVPI)", "完全信息价值（EVPI）")).equation([
            Expr::name("EVPI"),
            Expr::minus(Expr::name(high), Expr::name(low)),
            Expr::minus(amount(high), amount(low)),
            Expr::number(explicit(&self.evpi)),
        ])
    }

    fn verdict(&self, lang: Lang) -> String {
        let gain = explicit_signed(&self.chain.net_gain);
        let worth = self.chain.net_gain.float;
        match lang {
            Lang::En if worth > 0.0 => format!("The study is worth more than it costs: {gain}."),
            Lang::Zh if worth > 0.0 => format!("研究的价值高于其成本：{gain}。"),
            Lang::En if worth < 0.0 => format!("The study costs more than it is worth: {gain}."),
            Lang::Zh if worth < 0.0 => format!("研究的成本高于其价值：{gain}。"),
            Lang::En => "The study is worth just what it costs.".into(),
            Lang::Zh => "研究的价值恰等于其成本。".into(),
        }
    }

    fn worth_of(&self, w: Working, chain: &Chain) -> Working {
        let written = |value: &Value| Expr::number(plain(value));
        let weighed: Vec<(&Value, &Value)> =
            chain.signals.iter().filter_map(|s| Some((&s.probability, s.value.as_ref()?))).collect();
        let sum =
            shortened_sum(weighed.len(), |k| Expr::product([written(weighed[k].0), written(weighed[k].1)]));
        let gross = &chain.ev_with_sample_information;
        let profit = self.study.question.sense() == Sense::Profit;
        let difference = |high: (&str, &Value), low: (&str, &Value)| {
            [Expr::minus(Expr::name(high.0), Expr::name(low.0)), Expr::minus(written(high.1), written(low.1))]
        };
        let (informed, alone) = (("EVwSI", gross), ("EMV", &self.emv));
        let [symbols, numbers] =
            if profit { difference(informed, alone) } else { difference(alone, informed) };
        let result = |value: &Value| Expr::number(explicit(value));
        let cost = Value::from(&self.study.cost);
        let w = w.equation([Expr::name("EVwSI"), sum, result(gross)]).equation([
            Expr::name("EVSI"),
            symbols,
            numbers,
            result(&chain.evsi),
        ]);
        let w = w.equation([
            Expr::name("ENGS"),
            Expr::minus(Expr::name("EVSI"), Expr::name("cost")),
            Expr::minus(written(&chain.evsi), written(&cost)),
            result(&chain.net_gain),
        ]);
        match &chain.efficiency {
            Some(efficiency) => w.equation([
                Expr::name("efficiency"),
                Expr::fraction(Expr::name("EVSI"), Expr::name("EVPI")),
                Expr::fraction(written(&chain.evsi), written(&self.evpi)),
                Expr::number(percent(efficiency.float, 2)),
            ]),
            None => w,
        }
    }
}

impl super::answer::Incoherence {
    /// The contradiction as a sentence, with both numbers.
    pub fn to_text(&self, lang: Lang) -> String {
        let (state, prior, found) =
            (&self.state, exact_and_float(&self.prior), exact_and_float(&self.recombined));
        match lang {
            Lang::En => format!(
                "The posteriors contradict the prior: P({state}) is given as {prior}, and Σ P(signal) × P({state} | \
                 signal) is {found}."
            ),
            Lang::Zh => format!(
                "后验概率与先验概率不一致：P({state}) 给定为 {prior}，而 Σ P(信号) × P({state} | 信号) 为 {found}。"
            ),
        }
    }
}

fn expectation(posterior: &[Value], payoff: impl Fn(usize) -> Value) -> Expr {
    let written = |value: &Value| Expr::number(plain(value));
    shortened_sum(posterior.len(), |t| Expr::product([written(&posterior[t]), written(&payoff(t))]))
}
