//! What a study is worth.

use super::bayes::Bayes;
use super::chain::Chain;
use super::rounding::rounded;
use super::study::Study;
use crate::decision::number::Value;
use crate::decision::scalar::Scalar;
use crate::error::Result;

/// What a study tells, and what it is worth.
#[derive(Debug, Clone)]
pub struct StudyAnswer {
    /// The question.
    pub study: Study,
    /// The probabilities of the states before the study.
    pub prior: Vec<Value>,
    /// P(signal | state), a row a signal; `None` where posteriors were given for an impossible state.
    pub likelihood: Vec<Vec<Option<Value>>>,
    /// P(signal and state), a row a signal.
    pub joint: Vec<Vec<Value>>,
    /// The expected value without the study.
    pub emv: Value,
    /// The expected value if the state were known before the first decision.
    pub ev_with_perfect_information: Value,
    /// The expected value of perfect information.
    pub evpi: Value,
    /// The posteriors and all that follows from them.
    pub chain: Chain,
    /// The same with rounded P(signal) and posteriors, as a book computes; `None` if no rounding was asked for.
    pub rounded: Option<Chain>,
    /// The states at which posteriors that were given contradict the prior.
    pub incoherent: Vec<Incoherence>,
}

/// A prior that the posteriors contradict: by the law of total probability both numbers are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoherence {
    /// The state.
    pub state: String,
    /// Its probability before the study, as given.
    pub prior: Value,
    /// Σ P(signal) × P(state | signal).
    pub recombined: Value,
}

impl StudyAnswer {
    pub(super) fn of<S: Scalar>(study: &Study) -> Result<Self> {
        let bayes = Bayes::<S>::of(study)?;
        let perfect = study.question.value_of_event(&study.event)?;
        let chain = Chain::of(study, &bayes.marginal, &bayes.posterior, &perfect.evpi)?;
        let rounded = study.rounding.map(|decimals| book_chain(study, &bayes, decimals, &perfect.evpi));
        let values = |row: &Vec<S>| row.iter().map(Scalar::value).collect();
        Ok(Self {
            study: study.clone(),
            likelihood: bayes
                .likelihood
                .iter()
                .map(|row| row.iter().map(|p| p.as_ref().map(Scalar::value)).collect())
                .collect(),
            joint: bayes.joint.iter().map(values).collect(),
            emv: study.question.emv(),
            ev_with_perfect_information: perfect.ev_with_perfect_information,
            evpi: perfect.evpi,
            chain,
            rounded: rounded.transpose()?,
            incoherent: incoherent(study, &bayes)?,
            prior: values(&bayes.prior),
        })
    }

    /// The alternatives of the first decision; none if the tree does not begin with one.
    pub fn alternatives(&self) -> Vec<&str> {
        let tree = self.study.question.tree();
        if self.study.question.choice().is_empty() {
            return Vec::new();
        }
        tree.children(0).map(|i| tree.label(i)).collect()
    }

    /// Whether the study is worth more than it costs.
    pub fn is_worth_its_cost(&self) -> bool {
        self.chain.net_gain.float > 0.0
    }

    /// The signals that cannot come: they have no posteriors and weigh nothing.
    pub fn impossible(&self) -> Vec<&str> {
        let none = self.chain.signals.iter().filter(|signal| signal.posterior.is_none());
        none.map(|signal| signal.name.as_str()).collect()
    }
}

fn book_chain<S: Scalar>(study: &Study, bayes: &Bayes<S>, decimals: u32, evpi: &Value) -> Result<Chain> {
    let marginal = rounded(&bayes.marginal, decimals)?;
    let posterior: Vec<Option<Vec<S>>> = bayes
        .posterior
        .iter()
        .map(|row| row.as_ref().map(|row| rounded(row, decimals)).transpose())
        .collect::<Result<_>>()?;
    Chain::of(study, &marginal, &posterior, evpi)
}

fn incoherent<S: Scalar>(study: &Study, bayes: &Bayes<S>) -> Result<Vec<Incoherence>> {
    let mut found = Vec::new();
    for (state, (label, prior)) in study.event.labels.iter().zip(&bayes.prior).enumerate() {
        let recombined = S::total(bayes.joint.iter().map(|row| &row[state]))?;
        // 1 if the two agree, to the accuracy to which probabilities sum to 1.
        if !recombined.add(&S::ONE.sub(prior)).is_one() {
            let (prior, recombined) = (prior.value(), recombined.value());
            found.push(Incoherence { state: label.clone(), prior, recombined });
        }
    }
    Ok(found)
}
