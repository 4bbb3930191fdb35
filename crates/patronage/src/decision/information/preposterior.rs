//! The decision for or against a study as a tree of its own.

use super::answer::StudyAnswer;
use super::chain::Chain;
use super::rows::reweighted;
use crate::decision::exact::Exact;
use crate::decision::number::{Number, Value};
use crate::decision::scalar::{Scalar, Sense};
use crate::decision::tree::{Kind, MAX_NODES, NodeRow, Tree, TreeAnswer};
use crate::error::{Error, Result};
use crate::watch::Watch;

impl StudyAnswer {
    /// The preposterior tree, solved: pay for the study, see its signal and decide with the posteriors, or decide
    /// without. Signals that cannot come are left out ([`StudyAnswer::impossible`]).
    pub fn tree(&self, watch: &dyn Watch) -> Result<TreeAnswer> {
        self.preposterior(&self.chain, watch)
    }

    /// The preposterior tree with rounded probabilities, where rounding was asked for.
    pub fn rounded_tree(&self, watch: &dyn Watch) -> Result<Option<TreeAnswer>> {
        self.rounded.as_ref().map(|chain| self.preposterior(chain, watch)).transpose()
    }

    fn preposterior(&self, chain: &Chain, watch: &dyn Watch) -> Result<TreeAnswer> {
        let question = &self.study.question;
        if (chain.signals.len() + 1).saturating_mul(question.tree().len()) > MAX_NODES {
            return Err(Error::LimitExceeded {
                what: "the number of nodes of the preposterior tree".into(),
                limit: MAX_NODES as u64,
                mend: "the tree is repeated once a signal; make it smaller, or distinguish fewer signals"
                    .into(),
            });
        }
        let [study, without] = self.study.labels.clone();
        let paid = match (&self.study.cost, question.sense()) {
            (cost, Sense::Cost) => cost.clone(),
            (Number::Float(cost), Sense::Profit) => Number::Float(-cost),
            (cost, Sense::Profit) => Exact::from_number(cost).map_or(Number::from(0), |cost| (-&cost).into()),
        };
        let mut all = vec![NodeRow::new(Kind::Decision)];
        all.push(NodeRow {
            parent: Some(0),
            label: study.into(),
            payoff: Some(paid),
            ..NodeRow::new(Kind::Chance)
        });
        for signal in &chain.signals {
            let Some(posterior) = &signal.posterior else { continue };
            watch.check()?;
            let rows = self.after(posterior);
            let probability = Some(Number::from(signal.probability.clone()));
            append(&mut all, rows, 1, &signal.name, probability);
        }
        append(&mut all, question.tree().rows(), 0, &without, None);
        question.options().run(&Tree::from_rows(all, watch)?, watch)
    }

    /// The decision with posteriors in place of the prior.
    fn after(&self, posterior: &[Value]) -> Vec<NodeRow> {
        let (tree, event) = (self.study.question.tree(), &self.study.event);
        let exact: Option<Vec<Exact>> = posterior.iter().map(|p| p.exact.clone()).collect();
        match exact {
            Some(exact) => reweighted(tree, event, &exact),
            None => reweighted(tree, event, &posterior.iter().map(|p| p.float).collect::<Vec<_>>()),
        }
    }
}

fn append(
    all: &mut Vec<NodeRow>,
    rows: Vec<NodeRow>,
    parent: usize,
    label: &str,
    probability: Option<Number>,
) {
    let offset = all.len();
    all.extend(rows.into_iter().map(|mut row| {
        row.parent = row.parent.map(|p| p + offset);
        row
    }));
    let root = &mut all[offset];
    (root.parent, root.label, root.probability) = (Some(parent), label.into(), probability);
}
