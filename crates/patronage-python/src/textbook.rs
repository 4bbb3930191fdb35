//! The course texts' examples: their data and labels in a language.

use patronage::Lang;
use patronage::explain::Label;
use patronage::textbook::{CourierCustomer, Misprint, SouthernHospital, Supermarket, grades};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::explain::language;

fn misprint(misprint: Misprint, lang: Lang) -> (i64, i64, &'static str) {
    (misprint.printed, misprint.right, misprint.note(lang))
}

fn names(labels: &[Label], lang: Lang) -> Vec<&str> {
    labels.iter().map(|label| label.get(lang)).collect()
}

/// The supermarket's shopping list.
#[pyfunction]
pub fn textbook_supermarket<'py>(py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyDict>> {
    let list = Supermarket::new(language(py, lang)?);
    let example = PyDict::new(py);
    example.set_item("title", list.title())?;
    example.set_item("note", list.note())?;
    example.set_item("min_support", list.min_support)?;
    let lists = PyDict::new(py);
    for basket in &list.baskets {
        lists.set_item(basket.id, &basket.items)?;
    }
    example.set_item("lists", lists)?;
    example.set_item("rules", list.rules())?;
    Ok(example)
}

/// Southern Hospital Supply.
#[pyfunction]
pub fn textbook_southern_hospital<'py>(py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyDict>> {
    let lang = language(py, lang)?;
    let hospital = SouthernHospital::new(lang);
    let payoffs = PyDict::new(py);
    for plant in &hospital.alternatives {
        payoffs.set_item(plant.name, (plant.favourable, plant.unfavourable))?;
    }
    let example = PyDict::new(py);
    example.set_item("title", hospital.title())?;
    example.set_item("question", hospital.question())?;
    example.set_item("states", hospital.states)?;
    example.set_item("probabilities", hospital.probabilities)?;
    example.set_item("payoffs", payoffs)?;
    example.set_item("misprint", misprint(hospital.misprint(), lang))?;
    Ok(example)
}

/// The courier's customer.
#[pyfunction]
pub fn textbook_courier_customer<'py>(py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyDict>> {
    let lang = language(py, lang)?;
    let courier = CourierCustomer::new(lang);
    let example = PyDict::new(py);
    example.set_item("title", courier.title())?;
    example.set_item("revenue_per_month", courier.revenue_per_month)?;
    example.set_item("months_a_year", courier.months_a_year)?;
    example.set_item("years", courier.years)?;
    example.set_item("periods", courier.periods())?;
    example.set_item("referrals", courier.referrals)?;
    example.set_item("misprint", misprint(courier.misprint(), lang))?;
    Ok(example)
}

/// A hundred customers, and the names of grades and stages.
#[pyfunction]
pub fn textbook_grades<'py>(py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyDict>> {
    let lang = language(py, lang)?;
    let example = PyDict::new(py);
    example.set_item("monetary", grades::hundred_customers())?;
    example.set_item("ladder", names(&grades::ladder(), lang))?;
    example.set_item("work", names(&grades::work(), lang))?;
    example.set_item("measures", names(&grades::measures(), lang))?;
    example.set_item("values", names(&grades::values(), lang))?;
    Ok(example)
}
