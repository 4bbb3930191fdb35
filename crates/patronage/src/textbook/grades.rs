//! Names that the course texts give to grades of customers and to the stages of their life with a firm.
//!
//! The grades are presets of [`Tiers`](crate::segmentation::Tiers): `textbook` (重要客户 1 %, 次要客户 19 %,
//! 普通客户 30 %, 小客户 50 %) and `gold_iron` (黄金层级 20 %, 钢铁层级 80 %). The rule that a year without a
//! transaction makes a lost customer is
//! [`LifeCycle::one_year_rule`](crate::segmentation::LifeCycle::one_year_rule).

use crate::explain::Label;

/// What each of a hundred customers spent, made up: the k-th the k-th part of 10,000. Few bring most, as in life.
///
/// ```
/// use patronage::segmentation::{Pyramid, PyramidInput, Tiers};
/// use patronage::{textbook::grades, transactions::Labels, watch::Unwatched};
/// let (customers, values) = (Labels::Ints((1..=100).collect()), grades::hundred_customers());
/// let input = PyramidInput { customers: &customers, values: &values, by: "monetary" };
/// let summary = Pyramid::new(Tiers::named("textbook")?).run(&input, &Unwatched)?.summary()?;
/// let sizes: Vec<u64> = summary.iter().map(|tier| tier.group.customers).collect();
/// assert_eq!(sizes, [1, 19, 30, 50]);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn hundred_customers() -> Vec<f64> {
    (1..=100).map(|k: i32| f64::from(10_000 / k)).collect()
}

/// The ladder a customer climbs, from the bottom.
///
/// ```
/// use patronage::{Lang, textbook::grades};
/// assert_eq!(grades::ladder()[3].get(Lang::Zh), "忠诚");
/// ```
pub fn ladder() -> [Label; 6] {
    [
        Label::new("prospect", "潜在客户"),
        Label::new("first purchase", "首次购买"),
        Label::new("repeat purchase", "重复购买"),
        Label::new("loyal", "忠诚"),
        Label::new("member", "成员"),
        Label::new("advocate", "拥护者"),
    ]
}

/// The stages of the work with customers, in order.
pub fn work() -> [Label; 4] {
    [
        Label::new("acquire", "获取"),
        Label::new("retain", "保留"),
        Label::new("grow", "提升"),
        Label::new("win back", "挽回"),
    ]
}

/// The measures of the course texts: what RFM scores, and the mean order.
pub fn measures() -> [Label; 4] {
    [
        Label::new("amount spent", "消费金额"),
        Label::new("frequency", "消费频率"),
        Label::new("recency", "最近一次消费时间"),
        Label::new("mean order", "客户平均消费金额"),
    ]
}

/// The three parts of a customer's value.
pub fn values() -> [Label; 3] {
    [
        Label::new("historical", "历史价值"),
        Label::new("current", "当前价值"),
        Label::new("potential", "潜在价值"),
    ]
}
