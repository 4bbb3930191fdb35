//! The supermarket's shopping list: five baskets, from which six rules follow.

use crate::error::Result;
use crate::explain::Lang;
use crate::transactions::Baskets;

/// A basket of the shopping list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// Its number in the text.
    pub id: &'static str,
    /// What is in it.
    pub items: Vec<&'static str>,
}

/// Five baskets of a supermarket, and the least support that the text asks for.
///
/// What no text says: beer → diapers has the largest support and a confidence of 75 %, and yet a lift below 1.
/// Whoever buys beer is a little *less* likely than others to buy diapers.
#[derive(Debug, Clone, PartialEq)]
pub struct Supermarket {
    /// The baskets T1 to T5.
    pub baskets: Vec<Basket>,
    /// The minimum support, as a share of the baskets.
    pub min_support: f64,
    lang: Lang,
}

const BEER: (&str, &str) = ("beer", "啤酒");
const DIAPERS: (&str, &str) = ("diapers", "尿布");
const POWDER: (&str, &str) = ("baby powder", "婴儿爽身粉");
const BREAD: (&str, &str) = ("bread", "面包");
const UMBRELLA: (&str, &str) = ("umbrella", "雨伞");
const MILK: (&str, &str) = ("milk", "牛奶");
const DETERGENT: (&str, &str) = ("detergent", "洗衣粉");
const COLA: (&str, &str) = ("cola", "可乐");

const BASKETS: [(&str, &[(&str, &str)]); 5] = [
    ("T1", &[BEER, DIAPERS, POWDER, BREAD, UMBRELLA]),
    ("T2", &[DIAPERS, POWDER]),
    ("T3", &[BEER, DIAPERS, MILK]),
    ("T4", &[BEER, DIAPERS, DETERGENT]),
    ("T5", &[BEER, MILK, COLA]),
];

/// A name in English and in Chinese.
type Name = (&'static str, &'static str);

/// The rules of the text, by their numbers.
const RULES: [(&str, Name, Name); 6] = [
    ("R1", BEER, DIAPERS),
    ("R2", DIAPERS, BEER),
    ("R3", MILK, BEER),
    ("R4", BEER, MILK),
    ("R5", DIAPERS, POWDER),
    ("R6", POWDER, DIAPERS),
];

impl Supermarket {
    /// The shopping list with its items in a language.
    ///
    /// ```
    /// use patronage::{Lang, textbook::Supermarket};
    /// let list = Supermarket::new(Lang::Zh);
    /// assert_eq!(list.baskets[1].items, ["尿布", "婴儿爽身粉"]);
    /// assert_eq!(list.to_baskets()?.len(), 5);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    pub fn new(lang: Lang) -> Self {
        let basket = |&(id, items): &(&'static str, &[(&'static str, &'static str)])| Basket {
            id,
            items: items.iter().map(|(en, zh)| lang.pick(en, zh)).collect(),
        };
        Self { baskets: BASKETS.iter().map(basket).collect(), min_support: 0.4, lang }
    }

    /// The baskets as they are mined.
    pub fn to_baskets(&self) -> Result<Baskets> {
        Baskets::from_lists(self.baskets.iter().map(|basket| basket.items.iter().copied()))
    }

    /// The six rules of the text: number, antecedent, consequent.
    pub fn rules(&self) -> [(&'static str, &'static str, &'static str); 6] {
        let name = |(en, zh): (&'static str, &'static str)| self.lang.pick(en, zh);
        RULES.map(|(number, antecedent, consequent)| (number, name(antecedent), name(consequent)))
    }

    /// The title of the example.
    pub fn title(&self) -> &'static str {
        self.lang.pick("The supermarket's shopping list", "超市购物清单")
    }

    /// What the text does not say.
    pub fn note(&self) -> &'static str {
        self.lang.pick(
            "Beer → diapers has the largest support and a confidence of 75 %, and yet a lift of 15/16, below 1: \
             whoever buys beer is a little less likely than average to buy diapers.",
            "“啤酒 → 尿布”的支持度最高，置信度为 75 %，但提升度为 15/16，小于 1：买啤酒的顾客买尿布的可能性\
             反而略低于平均水平。",
        )
    }
}
