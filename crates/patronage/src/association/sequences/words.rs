//! Patterns and sequential rules in words.

use super::patterns::Pattern;
use super::rules::SequentialRule;
use crate::association::rules::words::{list, share};
use crate::explain::{Lang, decimal};
use crate::transactions::{Grain, Id};

fn whole(count: u64) -> String {
    decimal(count as f64, 0)
}

/// A time in days, or steps where baskets are only numbered.
fn span(length: u64, grain: Grain, lang: Lang) -> String {
    let unit = match (grain, lang, length) {
        (Grain::Step, Lang::En, 1) => "step",
        (Grain::Step, Lang::En, _) => "steps",
        (_, Lang::En, 1) => "day",
        (_, Lang::En, _) => "days",
        (Grain::Step, Lang::Zh, _) => "步",
        (_, Lang::Zh, _) => "天",
    };
    format!("{} {unit}", whole(length))
}

/// Elements as a list in a sentence: tea, then bread and milk.
pub(super) fn one_after_the_other(elements: &[Vec<Id<'_>>], lang: Lang) -> String {
    let texts: Vec<String> = elements.iter().map(|element| list(element.iter().copied(), lang)).collect();
    texts.join(lang.pick(", then ", "，再买"))
}

/// How far apart the elements may be, as the end of a sentence's part; nothing without limits.
pub(super) fn within(grain: Grain, max_gap: Option<u64>, window: Option<u64>, lang: Lang) -> String {
    let gap = max_gap.map(|days| match lang {
        Lang::En => format!("each within {} of the one before", span(days, grain, lang)),
        Lang::Zh => format!("相邻两次不超过 {}", span(days, grain, lang)),
    });
    let window = window.map(|days| match lang {
        Lang::En => format!("all within {}", span(days, grain, lang)),
        Lang::Zh => format!("全程不超过 {}", span(days, grain, lang)),
    });
    let limits: Vec<String> = gap.into_iter().chain(window).collect();
    match (limits.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!(" ({})", limits.join(", ")),
        (false, Lang::Zh) => format!("（{}）", limits.join("，")),
    }
}

impl Pattern<'_> {
    /// The pattern as a sentence for a report.
    ///
    /// ```
    /// use patronage::Lang;
    /// use patronage::association::MineSequences;
    /// use patronage::transactions::Sequences;
    /// let sequences = Sequences::from_lists([
    ///     vec![vec!["tea"], vec!["milk"]],
    ///     vec![vec!["tea"], vec!["tea"], vec!["milk"]],
    ///     vec![vec!["cola"]],
    /// ])?;
    /// let patterns = MineSequences::new().min_support(2).run(&sequences)?;
    /// let words: Vec<String> = patterns.iter().map(|pattern| pattern.in_words(Lang::En)).collect();
    /// assert!(words.contains(&"2 of 3 customers (66.7 %) bought tea, then milk.".to_owned()));
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn in_words(self, lang: Lang) -> String {
        let patterns = self.patterns();
        let (count, all) = (whole(self.count()), whole(patterns.n_customers()));
        let bought = one_after_the_other(&self.elements(), lang);
        let within = within(patterns.grain(), patterns.max_gap(), patterns.window(), lang);
        let percent = share(self.support());
        match lang {
            Lang::En => format!("{count} of {all} customers ({percent}) bought {bought}{within}."),
            Lang::Zh => format!("{all} 名顾客中有 {count} 名（{percent}）购买了{bought}{within}。"),
        }
    }
}

impl SequentialRule<'_> {
    /// The rule as a sentence for a report.
    pub fn in_words(self, lang: Lang) -> String {
        let (grain, max_gap, window) = self.limits();
        let bought = one_after_the_other(&self.antecedent(), lang);
        let later = list(self.consequent().into_iter(), lang);
        let (of, count) = (whole(self.antecedent_count()), whole(self.count()));
        let (percent, lift) = (share(self.confidence()), decimal(self.lift(), 2));
        let within = within(grain, max_gap, window, lang);
        // Who bought the item before is no part of all customers to compare with.
        let compared = match lang {
            _ if self.is_repeat() => String::new(),
            Lang::En => format!("; that is {lift} times the share of all customers who ever bought {later}"),
            Lang::Zh => format!("；这是全部顾客中曾购买{later}的比例的 {lift} 倍"),
        };
        match lang {
            Lang::En => {
                let customers = if self.antecedent_count() == 1 { "customer" } else { "customers" };
                format!(
                    "Of the {of} {customers} who bought {bought}, {count} ({percent}) later bought \
                     {later}{within}{compared}."
                )
            }
            Lang::Zh => format!(
                "在 {of} 名购买了{bought}的顾客中，有 {count} 名（{percent}）之后购买了{later}{within}{compared}。"
            ),
        }
    }
}
