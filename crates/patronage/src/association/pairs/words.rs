//! A pair in words, and its working.

use super::ItemPair;
use crate::association::rules::Measure;
use crate::association::rules::words::{share, trimmed};
use crate::explain::{Expr, Lang, Working, decimal};

fn whole(count: u64) -> String {
    decimal(count as f64, 0)
}

/// An expected count: a decimal where it is small.
fn about(expected: f64) -> String {
    decimal(expected, usize::from(expected < 100.0))
}

impl ItemPair<'_> {
    /// The pair as a sentence for a report.
    ///
    /// ```
    /// use patronage::Lang;
    /// use patronage::association::{Baskets, MinePairs};
    /// let baskets = Baskets::from_lists([vec!["cola"], vec!["cola"], vec!["lemonade"], vec!["lemonade"]])?;
    /// let pairs = MinePairs::new().run(&baskets)?;
    /// assert_eq!(
    ///     pairs.get(0).map(|pair| pair.in_words(Lang::En)).as_deref(),
    ///     Some("Of 2 baskets with cola, only 0 (0 %) also have lemonade; by chance 1.0 would.")
    /// );
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn in_words(self, lang: Lang) -> String {
        let [a, b] = self.items();
        let (of, both, expected) = (whole(self.count_a()), whole(self.count()), about(self.expected()));
        let percent = share(self.count() as f64 / self.count_a() as f64);
        let few = (self.count() as f64) < self.expected();
        match lang {
            Lang::En => {
                let baskets = if self.count_a() == 1 { "basket" } else { "baskets" };
                let (only, have) =
                    (if few { "only " } else { "" }, if self.count() == 1 { "has" } else { "have" });
                format!(
                    "Of {of} {baskets} with {a}, {only}{both} ({percent}) also {have} {b}; by chance {expected} would."
                )
            }
            Lang::Zh => {
                let only = if few { "只有" } else { "有" };
                format!(
                    "在 {of} 个含有{a}的购物篮中，{only} {both} 个（{percent}）也含有{b}；若两者无关，应约有 {expected} 个。"
                )
            }
        }
    }

    /// The working: the counts of baskets, what chance would give, lift and φ, and what a low lift does not say.
    pub fn explain(self, lang: Lang) -> Working {
        let [a, b] = self.items();
        let n = self.n_baskets();
        let [a_only, b_only] = [self.count_a(), self.count_b()].map(|count| count - self.count());
        let neither = n - self.count() - a_only - b_only;
        let not = |name: &str| match lang {
            Lang::En => format!("no {name}"),
            Lang::Zh => format!("无 {name}"),
        };
        let total = lang.pick("all", "合计");
        let row = |name: &str, cells: [u64; 3]| {
            std::iter::once(name.to_owned()).chain(cells.map(whole)).collect::<Vec<_>>()
        };
        let number = |count: u64| Expr::number(whole(count));
        let count = |of: &str| Expr::call(lang.pick("count", "计数"), [Expr::name(of)]);
        let expected = lang.pick("expected", "期望计数");
        let lift = self.measure(Measure::Lift);
        let working = Working::new(match lang {
            Lang::En => format!("Pair: {a}, {b}"),
            Lang::Zh => format!("商品对：{a}、{b}"),
        })
        .text(match lang {
            Lang::En => {
                format!("A: the basket holds {a}. B: the basket holds {b}. n: the number of baskets.")
            }
            Lang::Zh => format!("A：购物篮含有{a}。B：购物篮含有{b}。n：购物篮总数。"),
        })
        .table(
            [lang.pick("baskets", "购物篮数"), "B", &not("B"), total].map(String::from).to_vec(),
            vec![
                row("A", [self.count(), a_only, self.count_a()]),
                row(&not("A"), [b_only, neither, n - self.count_a()]),
                row(total, [self.count_b(), n - self.count_b(), n]),
            ],
        )
        .equation([
            Expr::name(expected),
            Expr::fraction(Expr::times([count("A"), count("B")]), Expr::name("n")),
            Expr::fraction(Expr::times([number(self.count_a()), number(self.count_b())]), number(n)),
            Expr::number(trimmed(self.expected())),
        ])
        .equation([
            Expr::name(lang.pick("lift", "提升度")),
            Expr::fraction(count("A, B"), Expr::name(expected)),
            Expr::fraction(number(self.count()), Expr::number(trimmed(self.expected()))),
            Expr::number(trimmed(lift)),
        ])
        .equation([Expr::name("φ"), Expr::number(trimmed(self.measure(Measure::Phi)))])
        .text(self.in_words(lang));
        if lift < 1.0 {
            working.text(lang.pick(
                "Seldom bought together is not yet a substitute: other customers, other days, other stores or small \
                 baskets bring the same. Compare baskets of similar size, and what the same customers buy over time.",
                "很少同时购买并不等于互为替代品：不同的顾客、日期、门店或较小的购物篮也会造成同样的结果。\
                 请在大小相近的购物篮之间比较，并查看同一顾客在一段时间内的购买。",
            ))
        } else {
            working
        }
    }
}
