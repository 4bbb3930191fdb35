//! Trees with named parameters.

use std::collections::HashSet;

use crate::decision::expression::{Expression, Floats, Fractions, Problem};
use crate::decision::number::{Number, Value};
use crate::decision::tree::{Node, NodeRow, Tree};
use crate::error::{Error, Result};
use crate::watch::{Unwatched, Watch};

/// The most parameters that a tree may have.
const MAX_PARAMETERS: usize = 1000;

/// A tree some of whose probabilities, payoffs and values are expressions of named parameters, with a base value for
/// each parameter.
///
/// ```
/// use patronage::decision::{chance, decide, pay};
/// let large = chance([("favourable", "p", pay(200_000)), ("unfavourable", "1-p", pay(-180_000))]);
/// let small = chance([("favourable", "p", pay(100_000)), ("unfavourable", "#", pay("-20000 - fee"))]);
/// let plant = decide("Plant", [("large", large), ("small", small), ("none", pay(0))])
///     .with_parameters([("p", "1/2"), ("fee", "0")])?;
/// assert_eq!(plant.tree([])?.solve()?.emv().to_string(), "40000");
/// assert_eq!(plant.tree([("p", ".1".into())])?.solve()?.choice(), ["none"]);
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ParametricTree {
    parameters: Vec<(Box<str>, Number)>,
    /// Breadth-first, as the nodes of the tree; expressions are text that is no number.
    rows: Vec<NodeRow>,
    expressions: Vec<Placed>,
    base: Tree,
}

/// An expression among the numbers of a row.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub row: usize,
    /// Its place in [`numbers_of`].
    pub place: usize,
    pub expression: Expression,
}

impl Node {
    /// With values for the names in the expressions of its probabilities, payoffs and values.
    pub fn with_parameters<P: Into<Box<str>>, V: Into<Number>>(
        self,
        parameters: impl IntoIterator<Item = (P, V)>,
    ) -> Result<ParametricTree> {
        let parameters = parameters.into_iter().map(|(name, value)| (name.into(), value.into()));
        ParametricTree::new(self.into_rows(), parameters.collect(), &Unwatched)
    }
}

impl ParametricTree {
    /// From rows as of [`Tree::from_rows`], whose numbers may be expressions, and base values of the parameters.
    ///
    /// Errors: names that are none, are given twice, are not used, or are used and not given; expressions that
    /// cannot be read; whatever is wrong with the tree at the base values.
    pub fn new(rows: Vec<NodeRow>, parameters: Vec<(Box<str>, Number)>, watch: &dyn Watch) -> Result<Self> {
        check_parameters(&parameters)?;
        if rows.iter().any(|row| row.parent.is_some_and(|parent| parent >= rows.len())) {
            // Says which; a way to such a row cannot be told.
            let shape = |row: NodeRow| NodeRow { parent: row.parent, ..NodeRow::new(row.kind) };
            Tree::from_rows(rows.iter().cloned().map(shape).collect(), watch)?;
        }
        let base = Tree::from_rows(filled(&rows, &expressions(&rows)?, &parameters)?, watch)?;
        let rows = breadth_first(rows);
        let expressions = expressions(&rows)?;
        let used: HashSet<&str> = expressions.iter().flat_map(|placed| placed.expression.names()).collect();
        if let Some((name, value)) = parameters.iter().find(|(name, _)| !used.contains(&**name)) {
            let mut names: Vec<_> = used.into_iter().collect();
            names.sort_unstable();
            let expected = match names.len() {
                0 => "no parameters: no number of the tree has a name in it".into(),
                _ => format!("only parameters that the tree uses: {}", names.join(", ")),
            };
            return Err(Error::parameter(name, value, &expected));
        }
        Ok(Self { parameters, rows, expressions, base })
    }

    /// The parameters and their base values.
    pub fn parameters(&self) -> &[(Box<str>, Number)] {
        &self.parameters
    }

    /// The place of a parameter.
    pub fn place_of(&self, name: &str) -> Result<usize> {
        let names = || self.parameters.iter().map(|(name, _)| &**name).collect::<Vec<_>>().join(", ");
        self.parameters.iter().position(|(known, _)| **known == *name).ok_or_else(|| Error::UnknownName {
            what: "the parameter".into(),
            name: name.chars().take(60).collect(),
            mend: if self.parameters.is_empty() {
                "the tree has no parameters".into()
            } else {
                format!("the parameters are: {}", names())
            },
        })
    }

    /// The tree at the base values.
    pub fn base(&self) -> &Tree {
        &self.base
    }

    /// The tree where some parameters have other values.
    pub fn tree<'a>(&self, changes: impl IntoIterator<Item = (&'a str, Number)>) -> Result<Tree> {
        let changed = self.with_base(changes)?;
        Ok(changed.base)
    }

    /// The same with other base values.
    pub fn with_base<'a>(&self, changes: impl IntoIterator<Item = (&'a str, Number)>) -> Result<Self> {
        let mut changed = self.clone();
        for (name, value) in changes {
            changed.parameters[self.place_of(name)?].1 = value;
        }
        check_parameters(&changed.parameters)?;
        let filled = filled(&self.rows, &self.expressions, &changed.parameters)?;
        changed.base = Tree::from_rows(filled, &Unwatched)?;
        Ok(changed)
    }

    /// The rows, breadth-first, with text for expressions.
    pub fn rows(&self) -> &[NodeRow] {
        &self.rows
    }

    pub(super) fn expressions(&self) -> &[Placed] {
        &self.expressions
    }

    /// The expression at a place as it was written.
    pub(super) fn text(&self, placed: &Placed) -> String {
        text_at(&self.rows[placed.row], placed.place)
    }
}

/// Names are names, and their values numbers.
fn check_parameters(parameters: &[(Box<str>, Number)]) -> Result<()> {
    if parameters.len() > MAX_PARAMETERS {
        return Err(Error::LimitExceeded {
            what: "the number of parameters".into(),
            limit: MAX_PARAMETERS as u64,
            mend: "give names to the numbers in question only".into(),
        });
    }
    let mut known = HashSet::new();
    for (name, value) in parameters {
        let begins = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
        if !begins || !name.chars().all(|c| c.is_alphanumeric() || c == '_') || name.len() > 200 {
            let expected = "a name of letters, digits and _ that begins with no digit";
            return Err(Error::parameter("the name of a parameter", format!("'{name}'"), expected));
        }
        if !known.insert(name) {
            return Err(Error::parameter("the name of a parameter", format!("'{name}' twice"), "each once"));
        }
        let fine = match value {
            Number::Exact(value) => value.check().is_ok(),
            Number::Float(value) => value.is_finite(),
            Number::Rest | Number::Unreadable(_) => false,
        };
        if !fine {
            return Err(Error::parameter(name, value, "a finite number such as 5000, \".4\" or \"1/3\""));
        }
    }
    Ok(())
}

/// The numbers of a row with their places: probability, payoff, value, then two for each further measure.
pub(super) fn numbers_of(row: &NodeRow) -> impl Iterator<Item = (usize, &Number)> {
    let further = row.further.iter().flat_map(|f| [&f.payoff, &f.value]);
    let all = [&row.probability, &row.payoff, &row.value].into_iter().chain(further);
    all.enumerate().filter_map(|(place, number)| Some((place, number.as_ref()?)))
}

fn number_mut(row: &mut NodeRow, place: usize) -> Option<&mut Number> {
    let further = row.further.iter_mut().flat_map(|f| [&mut f.payoff, &mut f.value]);
    let mut all = [&mut row.probability, &mut row.payoff, &mut row.value].into_iter().chain(further);
    all.nth(place)?.as_mut()
}

/// What stands at a place of a row, in words.
fn text_at(row: &NodeRow, place: usize) -> String {
    numbers_of(row).find(|(at, _)| *at == place).map(|(_, number)| number.to_string()).unwrap_or_default()
}

fn expressions(rows: &[NodeRow]) -> Result<Vec<Placed>> {
    let mut expressions = Vec::new();
    for (row, numbers) in rows.iter().enumerate() {
        for (place, number) in numbers_of(numbers) {
            let Number::Unreadable(text) = number else { continue };
            let expression = Expression::read(text).map_err(|problem| {
                let mend = "write numbers, names, + − * / and parentheses, such as \"1-p\"";
                invalid(rows, row, format!("the expression {number} {problem}"), mend)
            })?;
            expressions.push(Placed { row, place, expression });
        }
    }
    Ok(expressions)
}

/// The rows with the values of their expressions.
fn filled(
    rows: &[NodeRow],
    expressions: &[Placed],
    parameters: &[(Box<str>, Number)],
) -> Result<Vec<NodeRow>> {
    let mut filled = rows.to_vec();
    for Placed { row, place, expression } in expressions {
        let find = |name: &str| parameters.iter().find(|(known, _)| **known == *name).map(|(_, value)| value);
        if let Some(name) = expression.names().find(|name| find(name).is_none()) {
            return Err(Error::UnknownName {
                what: format!("at node '{}' the parameter", NodeRow::path(rows, *row)),
                name: name.chars().take(60).collect(),
                mend: "give it a value by with_parameters".into(),
            });
        }
        let number = value(expression, &find).map_err(|problem| {
            let at: Vec<String> = expression
                .names()
                .filter_map(|name| find(name).map(|v| format!("{name} = {}", Value::from(v))))
                .collect();
            let text = text_at(&rows[*row], *place);
            let mend = "change the expression or the values of its parameters";
            invalid(rows, *row, format!("the expression {text} {problem} at {}", at.join(", ")), mend)
        })?;
        if let Some(cell) = number_mut(&mut filled[*row], *place) {
            *cell = number;
        }
    }
    Ok(filled)
}

/// Exact if all that it needs is.
fn value<'a>(
    expression: &Expression,
    find: &impl Fn(&str) -> Option<&'a Number>,
) -> std::result::Result<Number, Problem> {
    let unknown = |name: &str| format!("needs '{name}'");
    if expression.names().any(|name| matches!(find(name), Some(Number::Float(_)))) {
        let float = |name: &str| find(name).map(|v| Value::from(v).float).ok_or_else(|| unknown(name));
        return expression.evaluate(&mut Floats(float)).map(Number::Float);
    }
    let exact = |name: &str| match find(name) {
        Some(Number::Exact(value)) => Ok(value.clone()),
        _ => Err(unknown(name)),
    };
    expression.evaluate(&mut Fractions(exact)).map(Number::Exact)
}

/// The rows of a tree in the order of its nodes; siblings keep their order.
fn breadth_first(mut rows: Vec<NodeRow>) -> Vec<NodeRow> {
    let mut below = vec![Vec::new(); rows.len()];
    let mut order = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        match row.parent {
            Some(parent) => below[parent].push(i),
            None => order.push(i),
        }
    }
    let mut place = vec![0; rows.len()];
    let mut at = 0;
    while let Some(&row) = order.get(at) {
        place[row] = at;
        order.append(&mut below[row]);
        at += 1;
    }
    let mut ordered = Vec::with_capacity(rows.len());
    for row in order {
        let mut moved = std::mem::replace(&mut rows[row], NodeRow::new(crate::decision::tree::Kind::Leaf));
        moved.parent = moved.parent.map(|parent| place[parent]);
        ordered.push(moved);
    }
    ordered
}

fn invalid(rows: &[NodeRow], row: usize, problem: String, mend: &str) -> Error {
    let node = format!("node '{}'", NodeRow::path(rows, row));
    Error::InvalidTree { node, problem, mend: mend.into() }
}
