//! Decision tables and trees: nested objects and tables in; values, workings and drawings out.

mod columns;
mod information;
mod portfolio;
mod read;
mod risk;
mod sensitivity;
mod targeting;
mod teaching;

pub use risk::{
    RiskProfile, tree_certainty, tree_dominance, tree_measures, tree_options, tree_risk_profile,
    tree_strategies, tree_tolerance_regions, utility_of,
};
mod tree;

pub use tree::Tree;

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array};
use patronage::Error;
use patronage::decision::{self as core, Criterion, Drawing, Kind, Number, Sense, Solve, Value};
use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{OrRaise, to_python};
use crate::explain::{Working, language};
use crate::frame::{Columns, Frame};
use crate::guard;

pub use information::{StudyAnswer, decision_event, decision_events, decision_outcomes, decision_rounded};
pub use portfolio::{decision_frontier, decision_portfolio};
pub use sensitivity::{Derivatives, OneWay, ParametricTree, Simulation, Spider, Tornado, TwoWay};
pub use targeting::{TargetPlan, TestMailing};
pub use teaching::{Exercise, Marking};

/// A number of an answer: the nearest float, and the fraction as text where there is one.
type Pair = (f64, Option<String>);

fn pair(value: &Value) -> Pair {
    (value.float, value.exact.as_ref().map(ToString::to_string))
}

fn sense(py: Python<'_>, name: &str) -> PyResult<Sense> {
    match name {
        "profit" => Ok(Sense::Profit),
        "cost" => Ok(Sense::Cost),
        _ => Err(Error::parameter("sense", format!("'{name}'"), "'profit' or 'cost'")).or_raise(py),
    }
}

fn to_json<T: Serialize>(py: Python<'_>, value: &T) -> PyResult<String> {
    serde_json::to_string(value).map_err(|problem| unreadable(py, &problem))
}

fn from_json<T: DeserializeOwned>(py: Python<'_>, text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|problem| unreadable(py, &problem))
}

fn unreadable(py: Python<'_>, problem: &serde_json::Error) -> PyErr {
    to_python(py, &Error::InvalidModel { what: "decision".into(), problem: problem.to_string() })
}

fn lists<'a>(lists: impl Iterator<Item = &'a [String]>) -> ArrayRef {
    let mut column = ListBuilder::new(StringBuilder::new());
    lists.for_each(|texts| column.append_value(texts.iter().map(Some)));
    Arc::new(column.finish())
}

/// A solved tree.
#[pyclass(frozen, module = "patronage._core")]
pub struct TreeAnswer(core::TreeAnswer);

#[pymethods]
impl TreeAnswer {
    /// Solves a tree, or reads nested objects and solves them.
    #[staticmethod]
    #[pyo3(signature = (root, sense, discount_rate, exact, compounding, by, utility, progress))]
    #[allow(clippy::too_many_arguments)]
    fn solve(
        root: &Bound<'_, PyAny>,
        sense: &str,
        discount_rate: Option<&Bound<'_, PyAny>>,
        exact: bool,
        compounding: &str,
        by: Option<Vec<(String, Bound<'_, PyAny>)>>,
        utility: Option<(String, Vec<Bound<'_, PyAny>>)>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = root.py();
        let mut solve = Solve::new().sense(self::sense(py, sense)?).floats(!exact);
        if let Some(rate) = discount_rate {
            solve = solve.discount_rate(read::number(rate));
        }
        let solve = risk::options(py, solve, compounding, by, utility)?;
        if let Ok(tree) = root.cast::<Tree>() {
            let tree = &tree.get().0;
            return guard::run(py, progress, move |watch| Ok(Self(solve.run(tree, watch)?)));
        }
        let rows = read::rows(root)?;
        guard::run(py, progress, move |watch| {
            Ok(Self(solve.run(&core::Tree::from_rows(rows, watch)?, watch)?))
        })
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    /// What was assumed.
    fn about(&self) -> (&'static str, Option<Pair>, bool, usize) {
        let sense = if self.0.sense() == Sense::Profit { "profit" } else { "cost" };
        (sense, self.0.discount_rate().map(|rate| pair(&rate.into())), !self.0.floats(), self.0.tree().len())
    }

    fn emv(&self) -> Pair {
        pair(&self.0.emv())
    }

    fn choice(&self) -> Vec<&str> {
        self.0.choice()
    }

    fn evpi(&self, py: Python<'_>) -> PyResult<Pair> {
        guard::run(py, None, |_| self.0.evpi()).map(|value| pair(&value))
    }

    /// A row a node.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let (answer, tree) = (&self.0, self.0.tree());
        let nodes = || 0..tree.len();
        let optional = |column: &dyn Fn(usize) -> Option<f64>| -> ArrayRef {
            Arc::new(nodes().map(column).collect::<Float64Array>())
        };
        let parent: Int64Array = nodes().map(|i| tree.parent(i).map(|p| p as i64)).collect();
        let best: BooleanArray = nodes().map(|i| self.is_best(i)).collect();
        Columns::default()
            .ints("node", nodes().map(|i| i as i64))
            .array("parent", Arc::new(parent))
            .texts("kind", nodes().map(|i| kind(tree.kind(i))))
            .texts("name", nodes().map(|i| tree.name(i)))
            .texts("branch", nodes().map(|i| tree.label(i)))
            .array("probability", optional(&|i| answer.probability(i).map(|p| p.float)))
            .array("payoff", optional(&|i| Some(answer.payoff(i).float)))
            .array("to_go", optional(&|i| Some(answer.to_go(i).float)))
            .array("cumulative", optional(&|i| Some(answer.cumulative(i).float)))
            .array("best", Arc::new(best))
            .frame(py)
    }

    /// The fractions of a column of the frame; `None` where there is none.
    fn fractions(&self, py: Python<'_>, column: &str) -> PyResult<Vec<Option<String>>> {
        let value = |i| match column {
            "probability" => Ok(self.0.probability(i)),
            "payoff" => Ok(Some(self.0.payoff(i))),
            "to_go" => Ok(Some(self.0.to_go(i))),
            "cumulative" => Ok(Some(self.0.cumulative(i))),
            _ => Err(Error::UnknownName {
                what: "column of fractions".into(),
                name: column.into(),
                mend: "there are probability, payoff, to_go and cumulative".into(),
            }),
        };
        let text = |value: Option<Value>| value.and_then(|v| v.exact).map(|exact| exact.to_string());
        (0..self.0.tree().len()).map(|i| value(i).map(text).or_raise(py)).collect()
    }

    /// A row a decision that the policy comes to.
    fn policy(&self, py: Python<'_>, lang: &str) -> PyResult<Frame> {
        let lang = language(py, lang)?;
        let steps = self.0.policy();
        let sentences: Vec<String> = steps.iter().map(|step| step.to_text(lang)).collect();
        Columns::default()
            .ints("node", steps.iter().map(|step| step.node as i64))
            .texts("decision", steps.iter().map(|step| step.decision.as_str()))
            .array("after", lists(steps.iter().map(|step| step.after.as_slice())))
            .array("choice", lists(steps.iter().map(|step| step.choice.as_slice())))
            .floats("value", &steps.iter().map(|step| step.value.float).collect::<Vec<_>>())
            .texts("instruction", sentences.iter().map(String::as_str))
            .frame(py)
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        let lang = language(py, lang)?;
        guard::run(py, None, |_| Ok(Working(self.0.explain(lang))))
    }

    /// The tree without its answer.
    fn tree(&self) -> Tree {
        Tree(self.0.tree().clone())
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
        tree::written(py, &drawing.standalone(standalone), form, (&self.0).into())
    }

    /// A row a node of the drawing, and the size of the whole.
    fn layout(
        &self,
        py: Python<'_>,
        lang: &str,
        values: &str,
        max_leaves: usize,
    ) -> PyResult<(Frame, f64, f64)> {
        let layout = drawing(py, lang, values, max_leaves)?.layout(&self.0);
        let placed = &layout.placed;
        let parent: Int64Array = placed.iter().map(|p| p.parent.map(|i| i as i64)).collect();
        let best: BooleanArray = placed.iter().map(|p| p.best).collect();
        let frame = Columns::default()
            .texts("kind", placed.iter().map(|p| if p.node.is_some() { kind(p.kind) } else { "folded" }))
            .floats("x", &placed.iter().map(|p| p.x).collect::<Vec<_>>())
            .floats("y", &placed.iter().map(|p| p.y).collect::<Vec<_>>())
            .array("parent", Arc::new(parent))
            .texts("label", placed.iter().map(|p| p.label.as_str()))
            .texts("below", placed.iter().map(|p| p.below.as_str()))
            .texts("name", placed.iter().map(|p| p.name.as_str()))
            .texts("value", placed.iter().map(|p| p.value.as_str()))
            .array("best", Arc::new(best))
            .bools("end", placed.iter().map(|p| p.kind == Kind::Leaf || p.folded > 0).collect())
            .frame(py)?;
        Ok((frame, layout.width, layout.height))
    }
}

impl TreeAnswer {
    /// Whether a branch is one of the best; `None` where nobody decides.
    fn is_best(&self, node: usize) -> Option<bool> {
        let tree = self.0.tree();
        let decided = tree.parent(node).is_some_and(|parent| tree.kind(parent) == Kind::Decision);
        decided.then(|| self.0.is_best(node))
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Decision => "decision",
        Kind::Chance => "chance",
        Kind::Leaf => "leaf",
    }
}

fn drawing(py: Python<'_>, lang: &str, values: &str, max_leaves: usize) -> PyResult<Drawing> {
    let to_go = match values {
        "cumulative" => false,
        "to_go" => true,
        _ => {
            let error = Error::parameter("values", format!("'{values}'"), "'cumulative' or 'to_go'");
            return Err(to_python(py, &error));
        }
    };
    Ok(Drawing::new().lang(language(py, lang)?).to_go(to_go).max_leaves(max_leaves))
}

/// A decision table, checked.
#[pyclass(frozen, module = "patronage._core")]
pub struct DecisionTable(core::DecisionTable);

#[pymethods]
impl DecisionTable {
    #[new]
    #[pyo3(signature = (alternatives, states, payoffs, probabilities))]
    fn new(
        py: Python<'_>,
        alternatives: Vec<String>,
        states: Vec<String>,
        payoffs: Vec<Bound<'_, PyAny>>,
        probabilities: Option<Vec<Bound<'_, PyAny>>>,
    ) -> PyResult<Self> {
        let numbers = |objects: &[Bound<'_, PyAny>]| objects.iter().map(read::number).collect::<Vec<_>>();
        let table = core::DecisionTable::new(alternatives, states, numbers(&payoffs));
        match probabilities {
            Some(given) => table.and_then(|table| table.with_probabilities(numbers(&given))),
            None => table,
        }
        .or_raise(py)
        .map(Self)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    #[getter]
    fn alternatives(&self) -> Vec<String> {
        self.0.alternatives().to_vec()
    }

    #[getter]
    fn states(&self) -> Vec<String> {
        self.0.states().to_vec()
    }

    /// A row an alternative, a column a state.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let value = |i, j| Value::from(self.0.payoff(i, j)).float;
        cells(py, &self.0, value)
    }

    /// A row a region, the ends of each as fractions, and the line of each alternative.
    #[allow(clippy::type_complexity)]
    fn strategy_regions(
        &self,
        py: Python<'_>,
        state: usize,
        sense: &str,
    ) -> PyResult<(Frame, Vec<(Option<String>, Option<String>)>, Vec<(f64, f64)>)> {
        let sense = self::sense(py, sense)?;
        let found = guard::run(py, None, |_| self.0.strategy_regions(state, sense))?;
        let names =
            |best: &[usize]| best.iter().map(|&i| self.0.alternatives()[i].clone()).collect::<Vec<_>>();
        let best: Vec<Vec<String>> = found.regions.iter().map(|region| names(&region.best)).collect();
        let frame = Columns::default()
            .floats("from", &found.regions.iter().map(|region| region.from.float).collect::<Vec<_>>())
            .floats("to", &found.regions.iter().map(|region| region.to.float).collect::<Vec<_>>())
            .array("best", lists(best.iter().map(Vec::as_slice)))
            .frame(py)?;
        let ends = found.regions.iter().map(|region| (pair(&region.from).1, pair(&region.to).1)).collect();
        Ok((frame, ends, found.lines.iter().map(|line| (line.at_0.float, line.at_1.float)).collect()))
    }

    #[pyo3(signature = (sense, optimism))]
    fn solve(
        &self,
        py: Python<'_>,
        sense: &str,
        optimism: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<TableAnswer> {
        let sense = self::sense(py, sense)?;
        let optimism: Option<Number> = optimism.map(read::number);
        guard::run(py, None, |_| self.0.solve(sense, optimism)).map(TableAnswer)
    }
}

fn cells(
    py: Python<'_>,
    table: &core::DecisionTable,
    value: impl Fn(usize, usize) -> f64,
) -> PyResult<Frame> {
    let alternatives = table.alternatives();
    let names = Columns::default().texts("alternative", alternatives.iter().map(String::as_str));
    let column = |j| (0..alternatives.len()).map(|i| value(i, j)).collect::<Vec<_>>();
    let states = table.states().iter().enumerate();
    states.fold(names, |columns, (j, state)| columns.floats(state, &column(j))).frame(py)
}

/// A judged table.
#[pyclass(frozen, module = "patronage._core")]
pub struct TableAnswer(core::TableAnswer);

impl TableAnswer {
    fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        let answer = &self.0;
        [&answer.optimistic, &answer.pessimistic]
            .into_iter()
            .chain(&answer.hurwicz)
            .chain([&answer.laplace, &answer.minimax_regret])
            .chain(&answer.emv)
            .chain(&answer.eol)
    }
}

#[pymethods]
impl TableAnswer {
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        from_json(py, text).map(Self)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    #[getter]
    fn table(&self) -> DecisionTable {
        DecisionTable(self.0.table.clone())
    }

    /// What was assumed.
    fn about(&self) -> (&'static str, Option<Pair>) {
        let sense = if self.0.sense == Sense::Profit { "profit" } else { "cost" };
        (sense, self.0.optimism.as_ref().map(|alpha| pair(&alpha.into())))
    }

    /// Name, best value, best alternatives and all values of each criterion.
    #[getter]
    fn results(&self) -> Vec<(&'static str, Pair, Vec<&str>, Vec<Pair>)> {
        let result = |c: &'_ Criterion| {
            (c.name, pair(&c.value), c.best.clone(), c.values.iter().map(pair).collect::<Vec<_>>())
        };
        let names =
            |best: Vec<usize>| best.iter().map(|&i| self.0.table.alternatives()[i].as_str()).collect();
        self.criteria().map(result).map(|(name, value, best, all)| (name, value, names(best), all)).collect()
    }

    fn ev_with_perfect_information(&self) -> Option<Pair> {
        self.0.ev_with_perfect_information.as_ref().map(pair)
    }

    fn evpi(&self) -> Option<Pair> {
        self.0.evpi.as_ref().map(pair)
    }

    /// A row an alternative, a column a criterion.
    fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let names = self.0.table.alternatives().iter().map(String::as_str);
        let columns = Columns::default().texts("alternative", names);
        let values = |c: &Criterion| c.values.iter().map(|v| v.float).collect::<Vec<_>>();
        let name = |c: &Criterion| c.name.to_lowercase().replace(' ', "_");
        self.criteria().fold(columns, |columns, c| columns.floats(&name(c), &values(c))).frame(py)
    }

    /// A row an alternative, a column a state.
    fn regret(&self, py: Python<'_>) -> PyResult<Frame> {
        let states = self.0.table.states().len();
        cells(py, &self.0.table, |i, j| self.0.regret[i * states + j].float)
    }

    fn explain(&self, py: Python<'_>, lang: &str) -> PyResult<Working> {
        Ok(Working(self.0.explain(language(py, lang)?)))
    }
}
