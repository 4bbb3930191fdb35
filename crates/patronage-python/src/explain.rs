//! Worked solutions.

use patronage::Lang;
use pyo3::prelude::*;

use crate::error::exception;

/// A worked solution, step by step; in a notebook it shows itself.
#[pyclass(frozen, module = "patronage")]
pub struct Working(pub patronage::Working);

#[pymethods]
impl Working {
    /// What is worked out.
    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }
    /// Plain text, a line a step.
    fn to_text(&self) -> String {
        self.0.to_text()
    }
    /// Markdown, with formulas as LaTeX between dollar signs.
    fn to_markdown(&self) -> String {
        self.0.to_markdown()
    }
    /// The body of a LaTeX document.
    fn to_latex(&self) -> String {
        self.0.to_latex()
    }
    /// An HTML fragment, with formulas as MathML.
    fn to_html(&self) -> String {
        self.0.to_html()
    }
    fn _repr_html_(&self) -> String {
        self.0.to_html()
    }
    fn __str__(&self) -> String {
        self.0.to_text()
    }
    fn __repr__(&self) -> String {
        self.0.to_text()
    }
}

/// The language by its name in Python.
pub fn language(py: Python<'_>, name: &str) -> PyResult<Lang> {
    match name {
        "en" => Ok(Lang::En),
        "zh" => Ok(Lang::Zh),
        _ => {
            let message = format!("lang = '{name}' is not possible; expected 'en' or 'zh'");
            Err(exception(py, "InvalidParameter", &message))
        }
    }
}
