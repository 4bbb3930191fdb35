//! Files of SilverDecisions, as its versions have written them.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::decision::exact::Exact;
use crate::decision::expression::{Expression, Fractions};
use crate::decision::number::Number;
use crate::decision::tree::{Kind, NodeRow, Tree};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// A file of SilverDecisions (Kamiński, Jakubczyk and Szufel 2018): read with serde, then made a tree of.
///
/// Three layouts are known: trees at the top (before 0.7), trees under `data` (0.7), and two payoffs a branch
/// (from 0.8 on). Probabilities and payoffs are numbers, mixed fractions such as `"1165 891810/1849771"`, or
/// expressions (`+ − * /`, parentheses, names) over the names that the code of the file and of the nodes above
/// sets to such expressions; all of it exactly. Positions, colours, notes and stored results are not read.
#[derive(Debug, Clone, Deserialize)]
pub struct SilverDecisions {
    #[serde(rename = "SilverDecisions")]
    version: String,
    #[serde(default)]
    rule: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    trees: Option<Vec<StoredNode>>,
    #[serde(default)]
    data: Option<Data>,
}

#[derive(Debug, Clone, Deserialize)]
struct Data {
    #[serde(default)]
    code: Option<String>,
    trees: Vec<StoredNode>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredNode {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    child_edges: Option<Vec<Edge>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Edge {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    probability: Option<Cell>,
    #[serde(default)]
    payoff: Option<Payoff>,
    child_node: StoredNode,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Payoff {
    One(Cell),
    Many(Vec<Option<Cell>>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Cell {
    Whole(i64),
    Float(f64),
    Text(String),
}

impl Payoff {
    /// The payoff by a criterion, counted from 1; files with one payoff have it by the first.
    fn by(&self, criterion: usize) -> Option<&Cell> {
        match self {
            Self::One(cell) => Some(cell).filter(|_| criterion == 1),
            Self::Many(cells) => cells.get(criterion - 1).and_then(Option::as_ref),
        }
    }
}

/// What code has set a name to, or why that is not known.
type Known = std::result::Result<Exact, String>;

/// The names that code sets at one place, and the place around it.
struct Scope {
    around: Option<usize>,
    names: HashMap<String, Known>,
}

impl SilverDecisions {
    /// The version that wrote the file.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rule by which it solves, such as "expected-value-maximization".
    pub fn rule(&self) -> &str {
        self.rule.as_deref().unwrap_or_default()
    }

    /// The title of the diagram.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    /// Its description.
    pub fn description(&self) -> &str {
        self.description.as_deref().unwrap_or_default()
    }

    /// The number of trees.
    pub fn len(&self) -> usize {
        self.trees().len()
    }

    /// Whether there is no tree.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn trees(&self) -> &[StoredNode] {
        match &self.data {
            Some(data) => &data.trees,
            None => self.trees.as_deref().unwrap_or_default(),
        }
    }

    /// A tree of the file, counted from 0, with the payoffs of a criterion, 1 or 2.
    ///
    /// Without a choice there must be one tree, and no second payoff but nought. A branch with the name of an
    /// earlier sibling gets a number: "max (2)". Errors name the node.
    pub fn tree(&self, tree: Option<usize>, criterion: Option<usize>, watch: &dyn Watch) -> Result<Tree> {
        let trees = self.trees();
        let root = match tree {
            None if trees.len() == 1 => &trees[0],
            Some(i) if i < trees.len() => &trees[i],
            Some(i) => {
                let expected = format!("a number below {}, the trees of the file", trees.len());
                return Err(Error::parameter("tree", i, &expected));
            }
            None => {
                let expected = format!("the number of one of the {} trees of the file, from 0", trees.len());
                return Err(Error::parameter("tree", "none", &expected));
            }
        };
        if !matches!(criterion, None | Some(1 | 2)) {
            return Err(Error::parameter("criterion", criterion.unwrap_or_default(), "1 or 2"));
        }
        let code = self.data.as_ref().map_or(&self.code, |data| &data.code);
        let mut reader = Reader { rows: Vec::new(), scopes: Vec::new(), criterion };
        let scope = reader.scope(None, code.as_deref());
        reader.read(root, scope)?;
        Tree::from_rows(reader.rows, watch)
    }
}

struct Reader {
    rows: Vec<NodeRow>,
    scopes: Vec<Scope>,
    criterion: Option<usize>,
}

impl Reader {
    fn read(&mut self, root: &StoredNode, scope: Option<usize>) -> Result<()> {
        let mut open = vec![(root, NodeRow::new(Kind::Leaf), None, scope)];
        while let Some((node, mut row, edge, scope)) = open.pop() {
            row.name = node.name.as_deref().unwrap_or_default().into();
            let at = self.rows.len();
            self.rows.push(row);
            self.rows[at].kind = match node.kind.as_deref() {
                Some("decision") => Kind::Decision,
                Some("chance") => Kind::Chance,
                Some("terminal") => Kind::Leaf,
                other => {
                    let problem = format!("the type '{}' is not known", other.unwrap_or_default());
                    return Err(self.invalid(at, problem, "it is decision, chance or terminal"));
                }
            };
            if let Some(edge) = edge {
                self.numbers(at, edge, scope)?;
            }
            let scope = self.scope(scope, node.code.as_deref());
            let edges = node.child_edges.as_deref().unwrap_or_default();
            let labels = distinct(edges.iter().map(|edge| edge.name.as_deref().unwrap_or_default()));
            let below = edges.iter().zip(labels).map(|(edge, label)| {
                let row = NodeRow { parent: Some(at), label: label.into(), ..NodeRow::new(Kind::Leaf) };
                (&edge.child_node, row, Some(edge), scope)
            });
            let first = open.len();
            open.extend(below);
            open[first..].reverse();
        }
        Ok(())
    }

    /// The probability of a branch, and its payoff: at a leaf as what is received there.
    fn numbers(&mut self, at: usize, edge: &Edge, scope: Option<usize>) -> Result<()> {
        let of_chance = self.rows[at].parent.is_some_and(|parent| self.rows[parent].kind == Kind::Chance);
        if of_chance {
            let cell = edge.probability.as_ref();
            self.rows[at].probability = cell.map(|cell| self.number(at, cell, scope)).transpose()?;
        }
        let payoff = |criterion| {
            let cell = edge.payoff.as_ref().and_then(|payoff| payoff.by(criterion));
            cell.map(|cell| self.number(at, cell, scope)).transpose()
        };
        let paid = payoff(self.criterion.unwrap_or(1))?;
        if self.criterion.is_none() && payoff(2)?.is_some_and(|second| !is_nought(&second)) {
            return Err(self.invalid(at, "a second payoff".into(), "choose criterion 1 or 2"));
        }
        if self.rows[at].kind == Kind::Leaf {
            self.rows[at].value = Some(paid.unwrap_or(Number::from(0)));
        } else {
            self.rows[at].payoff = paid.filter(|paid| !is_nought(paid));
        }
        Ok(())
    }

    fn number(&self, at: usize, cell: &Cell, scope: Option<usize>) -> Result<Number> {
        match cell {
            Cell::Whole(whole) => Ok((*whole).into()),
            Cell::Float(float) => Ok((*float).into()),
            Cell::Text(text) if text.trim() == "#" => Ok(Number::Rest),
            Cell::Text(text) => evaluate(text, |name| self.look_up(scope, name)).map(Number::Exact).map_err(|problem| {
                let short: String = text.chars().take(60).collect();
                let mend = "replace it in the file by a number, a fraction such as 1/3, or +, −, *, / of such numbers";
                self.invalid(at, format!("the expression '{short}' {problem}"), mend)
            }),
        }
    }

    /// The names that code sets, line by line; what is not understood is reported where its name is used.
    fn scope(&mut self, around: Option<usize>, code: Option<&str>) -> Option<usize> {
        let code = code.filter(|code| !code.trim().is_empty());
        let Some(code) = code else { return around };
        let here = self.scopes.len();
        self.scopes.push(Scope { around, names: HashMap::new() });
        for line in code.split(['\n', ';']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, expression)) = line.split_once('=') else { continue };
            let value = evaluate(expression, |name| self.look_up(Some(here), name));
            self.scopes[here].names.insert(name.trim().into(), value);
        }
        Some(here)
    }

    fn look_up(&self, mut scope: Option<usize>, name: &str) -> Known {
        while let Some(at) = scope {
            if let Some(known) = self.scopes[at].names.get(name) {
                let reason = |problem: &String| format!("needs '{name}', whose code {problem}");
                return known.clone().map_err(|problem| reason(&problem));
            }
            scope = self.scopes[at].around;
        }
        Err(format!("needs '{name}', which no code sets"))
    }

    fn invalid(&self, at: usize, problem: String, mend: &str) -> Error {
        let node = format!("node '{}'", NodeRow::path(&self.rows, at));
        Error::InvalidTree { node, problem, mend: mend.into() }
    }
}

/// The exact value of an expression; what follows a # is a comment.
fn evaluate(text: &str, name_value: impl Fn(&str) -> Known) -> Known {
    let text = text.split('#').next().unwrap_or_default();
    Expression::read(text)?.evaluate(&mut Fractions(name_value))
}

fn is_nought(number: &Number) -> bool {
    *number == Number::from(0) || *number == Number::Float(0.0)
}

/// Names with a number where an earlier sibling has the same.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (mut taken, mut next) = (HashSet::new(), HashMap::new());
    names
        .map(|name| {
            let mut label = name.to_string();
            while !taken.insert(label.clone()) {
                let count = next.entry(name).or_insert(1);
                *count += 1;
                label = format!("{name} ({count})").trim().into();
            }
            label
        })
        .collect()
}
