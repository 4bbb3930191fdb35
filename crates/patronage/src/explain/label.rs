//! Names in two languages.

use serde::{Deserialize, Serialize};

use super::Lang;

/// A name in English and in Chinese.
///
/// ```
/// use patronage::explain::{Label, Lang};
/// let label = Label::new("Lost", "流失客户");
/// assert_eq!(label.get(Lang::Zh), "流失客户");
/// assert_eq!(Label::from("Regulars").get(Lang::Zh), "Regulars");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The English name; it identifies what it names.
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
