//! Trees that are not solved yet: read, stored, exchanged, drawn.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, StringArray};
use patronage::Error;
use patronage::decision::{self as core, Drawing, Number, Path, SilverDecisions, Step, Subject, Value};
use pyo3::prelude::*;

use super::{columns, drawing, from_json, read, sense, to_json, unreadable};
use crate::error::{OrRaise, to_python};
use crate::frame::{Columns, Frame};
use crate::guard;

/// Cells of a table of paths.
const MAX_CELLS: usize = 50_000_000;

/// A checked tree.
#[pyclass(frozen, module = "patronage._core")]
pub struct Tree(pub core::Tree);

type Objects<'py> = Vec<Bound<'py, PyAny>>;

/// A stage of a table of paths: names, labels, probabilities, payoffs and times, a row a path.
type Stage<'py> =
    (Option<Objects<'py>>, Objects<'py>, Option<Objects<'py>>, Option<Objects<'py>>, Option<Objects<'py>>);

#[pymethods]
impl Tree {
    /// Reads nested objects.
    #[staticmethod]
    fn of(root: &Bound<'_, PyAny>) -> PyResult<Self> {
        let rows = read::rows(root)?;
        guard::run(root.py(), None, move |watch| core::Tree::from_rows(rows, watch).map(Self))
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn is_exact(&self) -> bool {
        self.0.is_exact()
    }

    /// Reads a table; `roles` gives the column of each role, `further` the columns of further measures.
    #[staticmethod]
    #[pyo3(signature = (table, roles, further, progress))]
    fn from_table(
        table: &Bound<'_, PyAny>,
        roles: HashMap<String, String>,
        further: Vec<String>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        columns::tree(table, roles, further, progress).map(Self)
    }

    /// The memory of its arrays in bytes.
    fn bytes(&self) -> usize {
        self.0.bytes()
    }

    fn measures(&self) -> Vec<&str> {
        self.0.measures().iter().map(|name| &**name).collect()
    }

    /// A row a leaf: five columns a stage as far as they say something, then the leaf's name and value.
    fn paths(&self, py: Python<'_>) -> PyResult<Frame> {
        let paths = guard::run(py, None, |_| self.0.paths())?;
        let stages = paths.iter().map(|path| path.steps.len()).max().unwrap_or(0);
        if stages.saturating_mul(paths.len()) > MAX_CELLS {
            let (what, mend) = ("the number of cells of the table of paths", "store so deep a tree as JSON");
            let error =
                Error::LimitExceeded { what: what.into(), limit: MAX_CELLS as u64, mend: mend.into() };
            return Err(to_python(py, &error));
        }
        let mut columns = Columns::default();
        for stage in 0..stages {
            let steps = || paths.iter().map(move |path| path.steps.get(stage));
            let number = |column: fn(&Step) -> Option<&Number>| {
                numbers(steps().map(|step| step.and_then(column)).collect(), self.0.is_exact())
            };
            let texts: StringArray = steps().map(|step| step.map(|step| &*step.label)).collect();
            let names: StringArray = steps().map(|step| step.map(|step| &*step.name)).collect();
            let named = steps().flatten().any(|step| !step.name.is_empty());
            let times: Float64Array = steps().map(|step| step.and_then(|step| step.time)).collect();
            let timed = steps().flatten().any(|step| step.time.is_some());
            for (name, array, wanted) in [
                ("name", Arc::new(names) as ArrayRef, named),
                ("branch", Arc::new(texts), true),
                ("probability", number(|step| step.probability.as_ref()), true),
                ("payoff", number(|step| step.payoff.as_ref()), true),
                ("time", Arc::new(times), timed),
            ] {
                if wanted && (name == "branch" || array.null_count() < array.len()) {
                    columns = columns.array(&format!("{name}_{}", stage + 1), array);
                }
            }
        }
        if paths.iter().any(|path| !path.name.is_empty()) {
            columns = columns.texts("name", paths.iter().map(|path| &*path.name));
        }
        let values = numbers(paths.iter().map(|path| Some(&path.value)).collect(), self.0.is_exact());
        columns.array("value", values).frame(py)
    }

    /// Reads the columns of a table of paths.
    #[staticmethod]
    fn from_paths(
        py: Python<'_>,
        stages: Vec<Stage<'_>>,
        names: Option<Objects<'_>>,
        values: Objects<'_>,
    ) -> PyResult<Self> {
        let mut paths = Vec::with_capacity(values.len());
        for (row, value) in values.iter().enumerate() {
            let mut steps = Vec::new();
            let mut ended = false;
            for (stage, (names, labels, probabilities, payoffs, times)) in stages.iter().enumerate() {
                let Some(label) = labels.get(row).filter(|label| !is_null(label)) else {
                    let given = [names, probabilities, payoffs, times]
                        .into_iter()
                        .any(|column| cell(column.as_ref(), row).is_some());
                    if given {
                        return Err(invalid(
                            py,
                            row,
                            stage,
                            "something stands beside a branch that has no label",
                        ));
                    }
                    ended = true;
                    continue;
                };
                if ended {
                    return Err(invalid(py, row, stage, "the path goes on after an empty branch"));
                }
                let time = cell(times.as_ref(), row).map(PyAnyMethods::extract::<f64>);
                steps.push(Step {
                    name: cell(names.as_ref(), row)
                        .map_or(Ok("".into()), |name| text(py, row, stage, name))?,
                    label: text(py, row, stage, label)?,
                    probability: cell(probabilities.as_ref(), row).map(read::number),
                    payoff: cell(payoffs.as_ref(), row).map(read::number),
                    time: time
                        .transpose()
                        .map_err(|_| invalid(py, row, stage, "a time that is no number"))?,
                });
            }
            let name =
                cell(names.as_ref(), row).map_or(Ok("".into()), |name| text(py, row, stages.len(), name))?;
            paths.push(Path { steps, name, value: read::number(value) });
        }
        guard::run(py, None, |watch| core::Tree::from_paths(&paths, watch).map(Self))
    }

    /// A tree of a file, and the file's version, rule, title and description.
    #[staticmethod]
    #[pyo3(signature = (text, tree, criterion))]
    #[allow(clippy::type_complexity)]
    fn from_silver_decisions(
        py: Python<'_>,
        text: &str,
        tree: Option<usize>,
        criterion: Option<usize>,
    ) -> PyResult<(Self, (String, String, String, String))> {
        let file: SilverDecisions = serde_json::from_str(text).map_err(|problem| unreadable(py, &problem))?;
        let about = [file.version(), file.rule(), file.title(), file.description()].map(str::to_string);
        let read = guard::run(py, None, |watch| file.tree(tree, criterion, watch))?;
        Ok((Self(read), about.into()))
    }

    fn to_silver_decisions(&self, py: Python<'_>, title: &str, sense: &str) -> PyResult<String> {
        let file = self.0.to_silver_decisions(title, self::sense(py, sense)?).or_raise(py)?;
        to_json(py, &file)
    }

    #[pyo3(signature = (form, lang, values, numbered, legend, max_leaves, standalone))]
    #[allow(clippy::too_many_arguments)]
    fn draw(
        &self,
        py: Python<'_>,
        form: &str,
        lang: &str,
        values: &str,
        numbered: bool,
        legend: bool,
        max_leaves: usize,
        standalone: bool,
    ) -> PyResult<String> {
        let drawing = drawing(py, lang, values, max_leaves)?.numbered(numbered).legend(legend);
        written(py, &drawing.standalone(standalone), form, (&self.0).into())
    }
}

/// A drawing in one of its forms.
pub fn written(py: Python<'_>, drawing: &Drawing, form: &str, of: Subject<'_>) -> PyResult<String> {
    match form {
        "svg" => Ok(drawing.svg(of)),
        "dot" => Ok(drawing.dot(of)),
        "mermaid" => Ok(drawing.mermaid(of)),
        "tikz" => Ok(drawing.tikz(of)),
        _ => Err(Error::parameter("form", form, "svg, dot, mermaid or tikz")).or_raise(py),
    }
}

/// Numbers as text that keeps fractions, or as floats.
fn numbers(column: Vec<Option<&Number>>, exact: bool) -> ArrayRef {
    if exact {
        let texts = column.into_iter().map(|number| number.map(ToString::to_string));
        return Arc::new(texts.collect::<StringArray>());
    }
    let floats = column.into_iter().map(|number| number.map(|number| Value::from(number).float));
    Arc::new(floats.collect::<Float64Array>())
}

/// A cell of a column that may be absent; `None` where it is empty.
fn cell<'a, 'py>(column: Option<&'a Objects<'py>>, row: usize) -> Option<&'a Bound<'py, PyAny>> {
    column.and_then(|column| column.get(row)).filter(|cell| !is_null(cell))
}

/// Whether a cell is empty: None, or what pandas has in its place.
fn is_null(cell: &Bound<'_, PyAny>) -> bool {
    cell.is_none()
        || cell.extract::<f64>().is_ok_and(f64::is_nan)
        || cell.get_type().name().is_ok_and(|name| name == "NAType" || name == "NaTType")
}

fn text(py: Python<'_>, row: usize, stage: usize, object: &Bound<'_, PyAny>) -> PyResult<Box<str>> {
    read::label(object).ok_or_else(|| invalid(py, row, stage, "a label that is no text"))
}

fn invalid(py: Python<'_>, row: usize, stage: usize, problem: &str) -> PyErr {
    let error = Error::InvalidTree {
        node: format!("path {row}, stage {}", stage + 1),
        problem: problem.into(),
        mend:
            "rows are counted from 0; a path is empty from its end on, and its branches have labels of text"
                .into(),
    };
    to_python(py, &error)
}
