//! Marking and exercises.

use patronage::Error;
use patronage::decision::{self as core, ExerciseKind, Mark, Solved};
use pyo3::prelude::*;

use super::information::StudyAnswer;
use super::{Pair, TableAnswer, TreeAnswer, lists, pair};
use crate::error::OrRaise;
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

/// The path of an item, and what was written.
type Given = Vec<(Vec<String>, String)>;

/// Answers, marked.
#[pyclass(frozen, module = "patronage._core")]
pub struct Marking(core::Marking);

#[pymethods]
impl Marking {
    /// A row an answer.
    fn frame(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let lines = &self.0.lines;
        let mark = |mark| match mark {
            Mark::Right => "right",
            Mark::Rounded => "rounded",
            Mark::Book => "book",
            Mark::Wrong => "wrong",
        };
        let items: Vec<String> = lines.iter().map(|line| line.item.join(", ")).collect();
        let rights: Vec<String> = lines.iter().map(|line| line.right(lang)).collect();
        let remarks: Vec<String> = lines.iter().map(|line| line.to_text(lang)).collect();
        let mistakes: Vec<Vec<String>> = lines
            .iter()
            .map(|line| line.mistakes.iter().map(|mistake| mistake.name().to_string()).collect())
            .collect();
        Columns::default()
            .texts("item", items.iter().map(String::as_str))
            .texts("given", lines.iter().map(|line| line.given.as_str()))
            .texts("mark", lines.iter().map(|line| mark(line.mark)))
            .texts("right", rights.iter().map(String::as_str))
            .array("mistakes", lists(mistakes.iter().map(Vec::as_slice)))
            .texts("step", lines.iter().map(|line| line.step(lang)))
            .texts("remark", remarks.iter().map(String::as_str))
            .frame(py)
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}

#[pymethods]
impl TableAnswer {
    fn check(&self, py: Python<'_>, given: Given) -> PyResult<Marking> {
        guard::run(py, None, |_| self.0.check(&given)).map(Marking)
    }
}

#[pymethods]
impl TreeAnswer {
    fn check(&self, py: Python<'_>, given: Given) -> PyResult<Marking> {
        guard::run(py, None, |_| self.0.check(&given)).map(Marking)
    }
}

#[pymethods]
impl StudyAnswer {
    /// Beside its own rounding that of `decimals`.
    fn check(&self, py: Python<'_>, given: Given, decimals: Option<u32>) -> PyResult<Marking> {
        guard::run(py, None, |_| match decimals {
            Some(decimals) => self.0.study.clone().rounding(decimals).solve()?.check(&given),
            None => self.0.check(&given),
        })
        .map(Marking)
    }
}

/// An exercise.
#[pyclass(frozen, module = "patronage._core")]
pub struct Exercise(core::Exercise);

#[pymethods]
impl Exercise {
    #[new]
    fn new(py: Python<'_>, kind: &str, seed: u64, difficulty: u32, lang: &str) -> PyResult<Self> {
        let kind = match kind {
            "table" => ExerciseKind::Table,
            "tree" => ExerciseKind::Tree,
            "survey" => ExerciseKind::Survey,
            _ => {
                let error = Error::parameter("kind", format!("'{kind}'"), "'table', 'tree' or 'survey'");
                return Err(error).or_raise(py);
            }
        };
        let lang = language(py, lang)?;
        guard::run(py, None, |_| core::Exercise::new(kind, seed, difficulty, lang)).map(Self)
    }

    fn question(&self) -> Working {
        Working(self.0.question())
    }

    fn solution(&self) -> Working {
        Working(self.0.solution())
    }

    /// Path, number and names of all that may be asked.
    #[allow(clippy::type_complexity)]
    fn answers(&self, py: Python<'_>) -> PyResult<Vec<(Vec<String>, Option<Pair>, Vec<String>)>> {
        let row = |answer: core::ExactAnswer| (answer.item, answer.value.as_ref().map(pair), answer.choice);
        self.0.answers().or_raise(py).map(|all| all.into_iter().map(row).collect())
    }

    fn check(&self, py: Python<'_>, given: Given) -> PyResult<Marking> {
        guard::run(py, None, |_| self.0.check(&given)).map(Marking)
    }

    /// The solved object: one of the three.
    fn solved(&self) -> (Option<TableAnswer>, Option<TreeAnswer>, Option<StudyAnswer>) {
        match self.0.solved.clone() {
            Solved::Table(answer) => (Some(TableAnswer(*answer)), None, None),
            Solved::Tree(answer) => (None, Some(TreeAnswer(*answer)), None),
            Solved::Survey(answer) => (None, None, Some(StudyAnswer(*answer))),
        }
    }
}
