//! The working of a plan and of a test mailing.

use super::{Limit, Prior, TargetPlan, TestMailing, Verdict};
use crate::decision::number::{Number, Value};
use crate::decision::words::{explicit, explicit_signed, plain};
use crate::explain::{Expr, Lang, Working, percent};

/// Segments that are written out.
const SHOWN: usize = 100;

fn written(value: &Value) -> Expr {
    Expr::number(plain(value))
}

impl TargetPlan {
    /// The working: for each segment its response rate, its break-even and what a contact brings; then the budget.
    pub fn explain(&self, lang: Lang) -> Working {
        let mut w = Working::new(lang.pick("Whom to contact", "联系哪些细分市场")).text(lang.pick(
            "A contact pays if response rate × margin is more than the cost: above the break-even response cost / margin.",
            "响应率 × 边际贡献大于联系成本时值得联系，即响应率高于盈亏平衡点：成本 / 边际贡献。",
        ));
        w = self.prior_working(w, lang);
        for i in (0..self.segments.len()).take(SHOWN) {
            w = self.segment(w, i, lang);
        }
        if self.segments.len() > SHOWN {
            w =
                w.text(lang.pick(
                    "Only the first 100 segments are written out here.",
                    "此处只列出前 100 个细分市场。",
                ));
        }
        self.together(w, lang)
    }

    fn prior_working(&self, w: Working, lang: Lang) -> Working {
        let Some((a, b)) = &self.prior else { return w };
        let (a, b) = (explicit(a), explicit(b));
        let pooled = self.targeting.prior == Prior::Pooled;
        w.text(match (lang, pooled) {
            (Lang::En, false) => {
                format!("The prior of each response rate is Beta({a}, {b}): as if {a} who respond and {b} who do not had been seen.")
            }
            (Lang::En, true) => format!("The prior that fits the segments best is Beta({a}, {b})."),
            (Lang::Zh, false) => format!("响应率的先验分布为 Beta({a}, {b})：相当于已观察到 {a} 个响应者和 {b} 个未响应者。"),
            (Lang::Zh, true) => format!("由各细分市场拟合的先验分布为 Beta({a}, {b})。"),
        })
    }

    fn segment(&self, w: Working, i: usize, lang: Lang) -> Working {
        let (given, judged) = (&self.targeting.segments[i], &self.segments[i]);
        let count = |count: u64| written(&Value::from(count as f64));
        let (margin, cost) = (written(&Value::from(&given.margin)), written(&Value::from(&given.cost)));
        let quotient = match &self.prior {
            Some((a, b)) => Expr::fraction(
                Expr::sum([count(judged.responders), written(a)]),
                Expr::sum([count(judged.n), written(a), written(b)]),
            ),
            None => Expr::fraction(count(judged.responders), count(judged.n)),
        };
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let mut w = w
            .heading(given.name.clone())
            .equation([name("response", "响应率"), quotient, Expr::number(explicit(&judged.response))])
            .equation([
                name("break-even", "盈亏平衡响应率"),
                Expr::fraction(cost.clone(), margin.clone()),
                Expr::number(explicit(&judged.break_even)),
            ])
            .equation([
                name("profit of a contact", "每次联系的利润"),
                Expr::minus(Expr::times([written(&judged.response), margin]), cost),
                Expr::number(explicit_signed(&judged.profit_per_contact)),
            ]);
        if let Some(p) = judged.chance_of_profit {
            w = w.equation([
                name("P(response > break-even)", "P(响应率 > 盈亏平衡点)"),
                Expr::number(percent(p, 2)),
            ]);
        }
        let profit = explicit_signed(&judged.profit);
        w.text(match (judged.verdict, lang) {
            (Verdict::Contact, Lang::En) => {
                format!("Contact it: all {} customers bring {profit}.", judged.size)
            }
            (Verdict::Leave, Lang::En) => {
                format!("Leave it: all {} customers would bring {profit}.", judged.size)
            }
            (Verdict::Either, Lang::En) => {
                "A contact brings just what it costs: contact it or leave it.".into()
            }
            (Verdict::Contact, Lang::Zh) => format!("联系：全部 {} 名客户的利润为 {profit}。", judged.size),
            (Verdict::Leave, Lang::Zh) => format!("不联系：全部 {} 名客户的利润将为 {profit}。", judged.size),
            (Verdict::Either, Lang::Zh) => "联系的收益恰等于成本：联系与不联系相同。".into(),
        })
    }

    fn together(&self, w: Working, lang: Lang) -> Working {
        let mut w = w.heading(lang.pick("The plan", "方案"));
        let number = |number: &Number| plain(&Value::from(number));
        w = match (&self.targeting.limit, lang) {
            (None, _) => w,
            (Some(Limit::Budget(money)), Lang::En) => {
                w.text(format!("The contacts together may cost {}.", number(money)))
            }
            (Some(Limit::Budget(money)), Lang::Zh) => w.text(format!("联系总成本不超过 {}。", number(money))),
            (Some(Limit::Capacity(most)), Lang::En) => {
                w.text(format!("There may be {} contacts in all.", number(most)))
            }
            (Some(Limit::Capacity(most)), Lang::Zh) => w.text(format!("联系总数不超过 {}。", number(most))),
        };
        let header = match lang {
            Lang::En => ["segment", "contacts", "profit"],
            Lang::Zh => ["细分市场", "联系数", "利润"],
        };
        let rows = self.targeting.segments.iter().zip(&self.segments).take(SHOWN);
        let rows = rows.filter(|(_, judged)| judged.contacts.float > 0.0);
        let row = |(given, judged): (&super::Segment, &super::TargetSegment)| {
            vec![given.name.clone(), explicit(&judged.contacts), explicit(&judged.planned_profit)]
        };
        let mut rows: Vec<Vec<String>> = rows.map(row).collect();
        rows.push(vec![lang.pick("sum", "合计").into(), explicit(&self.contacts), explicit(&self.profit)]);
        w = w.table(header.map(String::from).into(), rows);
        let spent = explicit(&self.spent);
        w = w.text(match lang {
            Lang::En => format!("The contacts cost {spent}."),
            Lang::Zh => format!("联系成本为 {spent}。"),
        });
        if let Some(price) = &self.shadow_price {
            let price = explicit(price);
            w = w.text(match lang {
                Lang::En => format!("A little more of the limit would bring {price} a unit (shadow price)."),
                Lang::Zh => format!("限额每增加一单位可多得 {price}（影子价格）。"),
            });
        }
        if self.has_ties {
            w = w.text(lang.pick("Another plan brings as much.", "另有方案利润相同。"));
        }
        w
    }
}

impl TestMailing {
    /// The working of the best of the tests.
    pub fn explain(&self, lang: Lang) -> Working {
        let test = &self.tests[self.best];
        let number = |value: f64| Expr::number(plain(&Value::from(value)));
        let shown = |value: f64| Expr::number(explicit_signed(&Value::from(value)));
        let (people, tested) = (self.size as f64, test.m as f64);
        let mean = self.belief.mean();
        let per_contact = self.margin * mean - self.cost;
        let informed = (self.without + test.evsi) / people;
        let name = |en: &str, zh: &str| Expr::name(lang.pick(en, zh));
        let prior = match lang {
            Lang::En => format!("The response rate is Beta({}, {}).", self.belief.a, self.belief.b),
            Lang::Zh => format!("响应率服从 Beta({}, {})。", self.belief.a, self.belief.b),
        };
        let rule = match (test.contact_from, lang) {
            (Some(x), Lang::En) => {
                format!("After a test of {} contact the others if {x} or more respond.", test.m)
            }
            (Some(x), Lang::Zh) => format!("测试 {} 人后，若有 {x} 人或以上响应，则联系其余客户。", test.m),
            (None, Lang::En) => {
                format!("After a test of {} no number of responses would make a contact pay.", test.m)
            }
            (None, Lang::Zh) => format!("测试 {} 人后，任何响应数都不足以使联系值得。", test.m),
        };
        Working::new(lang.pick("Value of a test mailing", "测试邮寄的价值"))
            .text(prior)
            .equation([
                name("profit of a contact", "每次联系的利润"),
                Expr::minus(Expr::times([number(self.margin), number(mean)]), number(self.cost)),
                shown(per_contact),
            ])
            .equation([name("profit without a test", "不测试的利润"), number(self.without)])
            .equation([Expr::name("EVPI"), number(self.evpi)])
            .text(rule)
            .equation([name("E max(0, margin × E[p | x] − cost)", "E max(0, 边际贡献 × E[p | x] − 成本)"), number(informed)])
            .equation([
                Expr::name("EVSI"),
                Expr::minus(Expr::times([number(people), number(informed)]), number(self.without)),
                number(test.evsi),
            ])
            .text(lang.pick(
                "Those who are tested are part of the segment: they bring what they bring, and the others are decided about.",
                "被测试的客户属于该细分市场：其响应照样带来收益，其余客户在测试后再决定。",
            ))
            .equation([
                name("profit with the test", "测试时的利润"),
                Expr::sum([
                    Expr::times([number(tested), number(self.margin * mean - self.cost_per_piece)]),
                    Expr::times([number(people - tested), number(informed)]),
                ]),
                shown(test.value),
            ])
            .equation([
                name("net gain", "净收益"),
                Expr::minus(number(test.value), number(self.without)),
                shown(test.net_gain),
            ])
    }
}
