//! A rule in words.

use super::Rule;
use super::measures::Measure;
use crate::explain::{Lang, decimal, percent};
use crate::transactions::Id;

/// Items as a list in a sentence: beer, milk and cola; 啤酒、牛奶和可乐.
pub(in crate::association) fn list<'a>(items: impl Iterator<Item = Id<'a>>, lang: Lang) -> String {
    let mut names: Vec<String> = items.map(|id| id.to_string()).collect();
    let Some(last) = names.pop() else { return String::new() };
    if names.is_empty() {
        return last;
    }
    let (comma, and) = (lang.pick(", ", "、"), lang.pick(" and ", "和"));
    format!("{}{and}{last}", names.join(comma))
}

/// A share as a percentage, with a decimal only where it has one.
pub(in crate::association) fn share(value: f64) -> String {
    let tenths = (value * 1000.0).round();
    percent(value, usize::from(tenths % 10.0 != 0.0))
}

/// Four decimals, without zeros at the end.
pub(in crate::association) fn trimmed(value: f64) -> String {
    let text = decimal(value, 4);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

impl Rule<'_> {
    /// The rule as a sentence for a report.
    ///
    /// ```
    /// use patronage::association::{Baskets, Mine};
    /// use patronage::Lang;
    /// let baskets = Baskets::from_lists([vec!["beer", "milk"], vec!["beer"], vec!["beer", "milk"], vec!["cola"]])?;
    /// let rules = Mine::new().min_support(0.5).run(&baskets)?.rules().min_confidence(0.9).run()?;
    /// assert_eq!(
    ///     rules.get(0).map(|rule| rule.in_words(Lang::En)).as_deref(),
    ///     Some("Of the 2 baskets with milk, 2 (100 %) also have beer; that is 1.33 times the share among all baskets.")
    /// );
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn in_words(self, lang: Lang) -> String {
        let counts = self.counts();
        let whole = |count: u64| decimal(count as f64, 0);
        let (with, also) = (list(self.antecedent(), lang), list(self.consequent(), lang));
        let (of, found) = (whole(counts.antecedent()), whole(counts.both()));
        let confidence = share(self.measure(Measure::Confidence));
        let lift = decimal(self.measure(Measure::Lift), 2);
        match lang {
            Lang::En => {
                let baskets = if counts.antecedent() == 1 { "basket" } else { "baskets" };
                let have = if counts.both() == 1 { "has" } else { "have" };
                format!(
                    "Of the {of} {baskets} with {with}, {found} ({confidence}) also {have} {also}; that is {lift} times \
                     the share among all baskets."
                )
            }
            Lang::Zh => format!(
                "在 {of} 个含有{with}的购物篮中，有 {found} 个（{confidence}）也含有{also}；这是全部购物篮中该比例的 {lift} 倍。"
            ),
        }
    }
}
