//! Names in two languages, and how customers and amounts are written.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::explain::{Lang, decimal};
use crate::transactions::{Id, Labels};

/// The name of a segment, a tier or a status, in English and in Chinese.
///
/// ```
/// use patronage::{Lang, segmentation::Label};
/// let label = Label::new("Lost", "流失客户");
/// assert_eq!(label.get(Lang::Zh), "流失客户");
/// assert_eq!(Label::from("Regulars").get(Lang::Zh), "Regulars");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The English name; it identifies the group.
    pub en: String,
    /// The Chinese name.
    pub zh: String,
}

impl Label {
    /// A name in two languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// The name in a language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.zh)
    }
}

/// One name for both languages.
impl From<&str> for Label {
    fn from(name: &str) -> Self {
        Self::new(name, name)
    }
}

/// A number without decimals if it has none, else with two.
pub(super) fn amount(value: f64) -> String {
    decimal(value, if value.fract() == 0.0 { 0 } else { 2 })
}

/// The row of a customer.
pub(super) fn row_of(customers: &Labels, customer: Id<'_>) -> Result<usize> {
    customers.iter().position(|id| id == customer).ok_or_else(|| Error::UnknownName {
        what: "customer".into(),
        name: customer.to_string(),
        mend: match customers.get(0) {
            Some(id) => format!("ids look like {id}, as the table gave them"),
            None => "there are no customers".into(),
        },
    })
}
