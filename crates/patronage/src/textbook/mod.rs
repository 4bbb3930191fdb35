//! The examples of Chinese course texts on customer relationships, as data with labels in English and Chinese.
//!
//! | example | room | what it shows |
//! |---|---|---|
//! | [`Supermarket`] | [`association`](crate::association) | rules with a high confidence and a lift below 1 |
//! | [`SouthernHospital`] | [`decision`](crate::decision) | expected monetary values; what to know the future is worth |
//! | [`CourierCustomer`] | [`clv`](crate::clv) | the lifetime value of a customer, and of those he brings |
//! | [`grades`] | [`segmentation`](crate::segmentation) | names for grades of customers and stages of their life |
//!
//! Where the printed text is wrong, the data are right, and a [`Misprint`] says what was printed.

mod courier;
pub mod grades;
mod hospital;
mod supermarket;

pub use courier::CourierCustomer;
pub use hospital::{Alternative, SouthernHospital};
pub use supermarket::{Basket, Supermarket};

use crate::explain::Lang;

/// A number that the course text prints wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misprint {
    /// What stands in the text.
    pub printed: i64,
    /// What should stand there.
    pub right: i64,
    en: &'static str,
    zh: &'static str,
}

impl Misprint {
    /// What is wrong and how we know, in a sentence.
    pub fn note(&self, lang: Lang) -> &'static str {
        lang.pick(self.en, self.zh)
    }
}
