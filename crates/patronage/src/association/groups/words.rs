//! What is typical of a group, in words.

use super::compare::InGroup;
use crate::association::rules::words::{list, share};
use crate::explain::{Lang, decimal};

impl InGroup<'_> {
    /// The row as a sentence for a report.
    ///
    /// ```
    /// use patronage::Lang;
    /// use patronage::association::{Baskets, Mine};
    /// let city = Baskets::from_lists([vec!["tea"], vec!["tea"]])?;
    /// let country = Baskets::from_lists([vec!["tea"], vec!["bread"]])?;
    /// let grouped = Mine::new().min_support(0.9).run_by_group([("city", &city), ("country", &country)])?;
    /// let words: Vec<String> = grouped.compare().map(|row| row.in_words(Lang::En)).collect();
    /// assert_eq!(words[0], "city: 2 of 2 baskets (100 %) hold tea, elsewhere 50 %: 2.00 times the share.");
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn in_words(self, lang: Lang) -> String {
        let whole = |count: u64| decimal(count as f64, 0);
        let (group, items) = (self.group(), list(self.items().into_iter(), lang));
        let (count, n, percent) = (whole(self.count()), whole(self.n_baskets()), share(self.support()));
        let (elsewhere, ratio) = (share(self.support_elsewhere()), self.ratio());
        match lang {
            Lang::En => {
                let hold = if self.count() == 1 { "holds" } else { "hold" };
                let here = format!("{group}: {count} of {n} baskets ({percent}) {hold} {items}");
                if self.n_elsewhere() == 0 {
                    format!("{here}.")
                } else if ratio.is_finite() {
                    format!("{here}, elsewhere {elsewhere}: {} times the share.", decimal(ratio, 2))
                } else {
                    format!("{here}, elsewhere {elsewhere}.")
                }
            }
            Lang::Zh => {
                let here = format!("{group}：{n} 个购物篮中有 {count} 个（{percent}）含有{items}");
                if self.n_elsewhere() == 0 {
                    format!("{here}。")
                } else if ratio.is_finite() {
                    format!("{here}，其他组为 {elsewhere}，是其 {} 倍。", decimal(ratio, 2))
                } else {
                    format!("{here}，其他组为 {elsewhere}。")
                }
            }
        }
    }
}
