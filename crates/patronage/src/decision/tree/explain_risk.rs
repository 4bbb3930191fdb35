//! The working of what is beside expected value: certainty equivalents, and measures that are carried along.

use super::explain::SHOWN;
use super::{Kind, TreeAnswer, Utility};
use crate::decision::number::Value;
use crate::decision::scalar::Sense;
use crate::decision::words::{explicit_signed, join_names, plain};
use crate::explain::{Expr, Lang, Working};

/// Outcomes of one event that are written out.
const TERMS: usize = 12;

impl TreeAnswer {
    /// Which measures are decided by, if it is not the payoff alone.
    pub(super) fn measures_working(&self, w: Working, lang: Lang) -> Working {
        if self.by.is_empty() {
            return w;
        }
        let weights = self.by.iter().map(|(name, weight)| {
            let (name, weight) = (Expr::name(&**name), plain(&Value::from(weight)));
            if weight == "1" { name } else { Expr::times([Expr::number(weight), name]) }
        });
        w.text(lang.pick("Decided by this sum of what is received:", "按以下收支之和决策："))
            .equation([Expr::name(lang.pick("amount", "数值")), Expr::sum(weights)])
    }

    /// The certainty equivalent of every node, from right to left, and the risk premium.
    pub(super) fn utility_working(&self, w: Working, lang: Lang) -> Working {
        let Some(utility) = &self.utility else { return w };
        let tree = &self.tree;
        let mut w =
            w.heading(lang.pick("Certainty equivalents, from right to left", "确定性等值（从右向左推算）"));
        w = self.function_working(w, utility, lang);
        let inner = (0..tree.len()).filter(|&i| tree.kind(i) != Kind::Leaf);
        let shown: Vec<usize> = inner.take(SHOWN).collect();
        let names = self.names(&shown);
        for node in self.deepest_level_first(&shown) {
            let name = Expr::name(format!("CE({})", names[&node]));
            let certain: Vec<Value> =
                tree.children(node).take(TERMS + 1).filter_map(|i| self.certainty_equivalent(i)).collect();
            let result = self.certainty_equivalent(node).map_or_else(String::new, |ce| explicit_signed(&ce));
            if tree.kind(node) == Kind::Chance {
                w = self.event_working(w, utility, node, name, Expr::number(result), lang);
                continue;
            }
            let mut amounts: Vec<Expr> = certain.iter().map(|ce| Expr::number(plain(ce))).collect();
            if amounts.len() > TERMS {
                amounts[TERMS] = Expr::name("…");
            }
            let choose = if self.sense == Sense::Profit { "max" } else { "min" };
            let choice = join_names(&self.best_labels(node), lang);
            w = w.equation([name, Expr::call(choose, amounts), Expr::number(result)]).text(match lang {
                Lang::En => format!("Choose {choice}."),
                Lang::Zh => format!("选择{choice}。"),
            });
        }
        self.premium_working(w, lang)
    }

    /// The utility function in symbols.
    fn function_working(&self, mut w: Working, utility: &Utility, lang: Lang) -> Working {
        let (u, x) = (|| Expr::call("u", [Expr::name("x")]), || Expr::name("x"));
        let number = |v: f64| Expr::number(plain(&v.into()));
        let total = |wealth: f64| Expr::sum([number(wealth), x()]);
        w = match utility {
            Utility::Exponential { risk_tolerance } => {
                let power =
                    Expr::power(Expr::name("e"), Expr::fraction(Expr::name("−x"), number(*risk_tolerance)));
                w.equation([u(), Expr::minus(Expr::number("1"), power)])
            }
            Utility::Logarithmic { wealth } => w.equation([u(), Expr::call("ln", [total(*wealth)])]),
            Utility::Power { risk_aversion, wealth } => {
                if *risk_aversion == 1.0 {
                    w.equation([u(), Expr::call("ln", [total(*wealth)])])
                } else {
                    let exponent = 1.0 - risk_aversion;
                    let power = Expr::power(total(*wealth), number(exponent));
                    w.equation([u(), Expr::fraction(power, number(exponent))])
                }
            }
            Utility::Table(points) => {
                let row = |(x, u): &(_, _)| vec![plain(&Value::from(x)), plain(&Value::from(u))];
                let header = vec!["x".to_string(), "u(x)".to_string()];
                w.table(header, points.iter().take(SHOWN).map(row).collect())
                    .text(lang.pick("Between the points u is a straight line.", "两点之间按直线插值。"))
            }
        };
        if self.sense == Sense::Cost {
            w = w.text(lang.pick("x is the cost with a minus sign.", "x 为成本的相反数。"));
        }
        w.text(lang.pick(
            "The certainty equivalent CE is the amount with u(CE) = E[u]; amounts include what was received on the way.",
            "确定性等值 CE 满足 u(CE) = E[u]；数值包含途中已得的收支。",
        ))
    }

    /// Expected utility and certainty equivalent of a chance event.
    fn event_working(
        &self,
        w: Working,
        utility: &Utility,
        node: usize,
        name: Expr,
        result: Expr,
        lang: Lang,
    ) -> Working {
        let children = self.tree.children(node);
        let written = |value: Option<Value>| value.map_or_else(String::new, |value| plain(&value));
        let mut terms: Vec<Expr> = Vec::new();
        for i in children.clone().take(TERMS) {
            let p = Expr::number(written(self.probability(i)));
            let gain = self.certainty_equivalent(i).map(|ce| self.gain(ce));
            terms.push(Expr::product([
                p,
                gain.map_or_else(|| Expr::name("…"), |gain| in_symbols(utility, gain)),
            ]));
        }
        if children.len() > TERMS {
            terms.push(Expr::name("…"));
        }
        let Utility::Exponential { risk_tolerance } = utility else {
            let expected = Expr::number(written(self.expected_utility(node)));
            let back = lang.pick("the amount of this utility", "效用与之相等的数值");
            return w.equation([Expr::name("E[u]"), Expr::sum(terms), expected]).equation([
                name,
                Expr::name(back),
                result,
            ]);
        };
        let tolerance = if self.sense == Sense::Profit { -risk_tolerance } else { *risk_tolerance };
        let log = Expr::call("ln", [Expr::sum(terms)]);
        w.equation([name, Expr::times([Expr::number(plain(&tolerance.into())), log]), result])
    }

    /// An amount as a gain: a cost with a minus sign.
    fn gain(&self, amount: Value) -> Value {
        match amount.exact {
            _ if self.sense == Sense::Profit => amount,
            Some(exact) => (-&exact).into(),
            None => (0.0 - amount.float).into(),
        }
    }

    fn premium_working(&self, w: Working, lang: Lang) -> Working {
        let (Some(ce), Some(premium)) = (self.certainty_equivalent(0), self.risk_premium()) else { return w };
        let (emv, ce) = (Expr::number(plain(&self.emv())), Expr::number(plain(&ce)));
        let (names, numbers) = if self.sense == Sense::Profit {
            (Expr::minus(Expr::name("EMV"), Expr::name("CE")), Expr::minus(emv, ce))
        } else {
            (Expr::minus(Expr::name("CE"), Expr::name("EMV")), Expr::minus(ce, emv))
        };
        let name = Expr::name(lang.pick("risk premium", "风险溢价"));
        w.equation([name, names, numbers, Expr::number(plain(&premium))])
    }
}

/// The utility of a gain as it stands in a sum; of an exponential utility the part that depends on it.
fn in_symbols(utility: &Utility, gain: Value) -> Expr {
    let Utility::Exponential { risk_tolerance } = utility else {
        return Expr::call("u", [Expr::number(plain(&gain))]);
    };
    let loss = gain.exact.map_or_else(|| (0.0 - gain.float).into(), |exact| Value::from(-&exact));
    let tolerance = Expr::number(plain(&(*risk_tolerance).into()));
    Expr::power(Expr::name("e"), Expr::fraction(Expr::number(plain(&loss)), tolerance))
}
