//! What may be asked of a study.

use super::item::{Item, add, best, minus, mul, over, sub, total};
use super::marking::{Marking, mark};
use super::mistakes::Mistake;
use super::table::{Numbers, PERFECT};
use crate::decision::exact::Exact;
use crate::decision::information::{Chain, StudyAnswer};
use crate::decision::number::Value;
use crate::decision::scalar::Sense;
use crate::error::Result;

const BAYES: (&str, &str) = ("If the signal is …", "若信号为……");
const WORTH: (&str, &str) = ("What the study is worth", "研究的价值");

impl StudyAnswer {
    /// Marks a student's answers: each a path such as `["evsi"]`, `["posterior", signal, state]`, `["values", signal,
    /// alternative]` or `["choice", signal]`, and what was written. Numbers of the rounded chain are right by the book.
    pub fn check(&self, given: &[(Vec<String>, String)]) -> Result<Marking> {
        mark(&items(self), given)
    }
}

pub(super) fn items(answer: &StudyAnswer) -> Vec<Item> {
    let high = answer.study.question().sense() == Sense::Profit;
    let table = answer
        .study
        .question()
        .table()
        .ok()
        .and_then(|t| t.solve(answer.study.question().sense(), None).ok());
    let numbers = table.as_ref().map(Numbers::of);
    let mut items = Vec::new();
    probabilities(&mut items, answer);
    after(&mut items, answer, numbers.as_ref(), high);
    worth(&mut items, answer, numbers.as_ref(), high);
    if let Some(table) = &table {
        // What is asked of the table behind the study, but for the names that mean something else here.
        let taken = ["choice"];
        items.extend(
            super::table::items(table)
                .into_iter()
                .filter(|item| item.path.len() == 1 && !taken.contains(&item.path[0].as_str())),
        );
    } else {
        items.push(Item::amount(&["emv"], answer.emv.clone(), WORTH));
        items.push(Item::amount(&["evpi"], answer.evpi.clone(), PERFECT));
        let perfect = answer.ev_with_perfect_information.clone();
        items.push(Item::amount(&["ev_with_perfect_information"], perfect, PERFECT));
    }
    items
}

/// P(signal), the joint probabilities and the posteriors.
fn probabilities(items: &mut Vec<Item>, answer: &StudyAnswer) {
    let states = &answer.study.event().labels;
    let book = answer.rounded.as_ref();
    for (s, signal) in answer.chain.signals.iter().enumerate() {
        let known: Vec<Value> = answer.likelihood[s].iter().flatten().cloned().collect();
        let mean =
            mul(&total(known), &Exact::ratio(1, states.len().max(1) as i64).unwrap_or(Exact::ZERO).into());
        items.push(
            Item::amount(&["probability", &signal.name], signal.probability.clone(), BAYES)
                .in_book(book.map(|chain| chain.signals[s].probability.clone()))
                .mistaken(Mistake::Averaged, mean),
        );
        for (t, state) in states.iter().enumerate() {
            let joint = answer.joint[s][t].clone();
            let likelihood = answer.likelihood[s][t].clone();
            items.push(Item::amount(&["joint", &signal.name, state], joint.clone(), BAYES));
            let Some(posterior) = &signal.posterior else { continue };
            let rounded =
                book.and_then(|chain| chain.signals[s].posterior.as_ref().map(|row| row[t].clone()));
            items.push(
                Item::amount(&["posterior", &signal.name, state], posterior[t].clone(), BAYES)
                    .in_book(rounded)
                    .mistaken(Mistake::LikelihoodAsPosterior, likelihood)
                    .mistaken(Mistake::JointAsPosterior, joint)
                    .mistaken(Mistake::NotUpdated, answer.prior[t].clone()),
            );
        }
    }
}

/// The likelihoods of a signal, in the place of its posteriors.
fn likelihoods(answer: &StudyAnswer, s: usize) -> Option<Vec<Value>> {
    answer.likelihood[s].iter().cloned().collect()
}

/// The values of the alternatives after each signal, and the choice.
fn after(items: &mut Vec<Item>, answer: &StudyAnswer, numbers: Option<&Numbers>, high: bool) {
    let cost = Value::from(answer.study.price());
    let alternatives = answer.alternatives();
    for (s, signal) in answer.chain.signals.iter().enumerate() {
        let (Some(values), Some(value)) = (&signal.values, &signal.value) else { continue };
        let wrong = |p: Option<Vec<Value>>| Some(numbers?.expected(&p?));
        let unsteady = [
            (Mistake::LikelihoodAsPosterior, wrong(likelihoods(answer, s))),
            (Mistake::NotUpdated, wrong(Some(answer.prior.clone()))),
            (Mistake::JointAsPosterior, wrong(Some(answer.joint[s].clone()))),
        ];
        let paid = |value: &Value| if high { sub(value, &cost) } else { add(value, &cost) };
        let book = answer.rounded.as_ref().map(|chain| &chain.signals[s]);
        let mut item = Item::amount(&["value", &signal.name], value.clone(), BAYES)
            .in_book(book.and_then(|signal| signal.value.clone()));
        if !answer.alternatives().is_empty() {
            item = item.mistaken(Mistake::WrongSense, best(values, !high));
        }
        let names =
            |places: &[usize]| places.iter().map(|&i| alternatives[i].to_string()).collect::<Vec<_>>();
        let mut choice = Item::choice(&["choice", &signal.name], names(&signal.best), &alternatives, BAYES);
        for (mistake, values) in &unsteady {
            let Some(values) = values else { continue };
            let top = best(values, high);
            let chosen: Vec<usize> = (0..values.len()).filter(|&i| values[i] == top).collect();
            choice = choice.misled(*mistake, names(&chosen));
            item = item.mistaken(*mistake, top);
        }
        items.push(item.mistaken(Mistake::NetForGross, paid(value)));
        items.push(choice);
        for (k, name) in alternatives.iter().enumerate() {
            let item = Item::amount(&["values", &signal.name, name], values[k].clone(), BAYES)
                .in_book(book.and_then(|signal| signal.values.as_ref().map(|values| values[k].clone())));
            let with = |item: Item, (mistake, values): &(Mistake, Option<Vec<Value>>)| {
                item.mistaken(*mistake, values.as_ref().map(|values| values[k].clone()))
            };
            items.push(unsteady.iter().fold(item, with).mistaken(Mistake::NetForGross, paid(&values[k])));
        }
    }
}

/// `EVwSI`, net, EVSI, net gain, efficiency: what each wrong `EVwSI` leads to, too.
fn worth(items: &mut Vec<Item>, answer: &StudyAnswer, numbers: Option<&Numbers>, high: bool) {
    let chain = &answer.chain;
    let cost = Value::from(answer.study.price());
    let emv = &answer.emv;
    let gross = &chain.ev_with_sample_information;
    let p = |s: usize| chain.signals[s].probability.clone();
    // Each signal's best value under wrong probabilities, weighed by P(signal).
    let under = |wrong: &dyn Fn(usize) -> Option<Vec<Value>>| -> Option<Value> {
        let numbers = numbers?;
        let terms: Option<Vec<Value>> = (0..chain.signals.len())
            .map(|s| Some(mul(&p(s), &best(&numbers.expected(&wrong(s)?), high))))
            .collect();
        terms.map(total)
    };
    let joint = |s: usize| Some(answer.joint[s].clone());
    let wrong = [
        (Mistake::LikelihoodAsPosterior, under(&|s| likelihoods(answer, s))),
        (Mistake::JointAsPosterior, under(&joint)),
        (Mistake::Averaged, averaged(chain)),
    ];
    let gain = |gross: &Value| if high { sub(gross, emv) } else { sub(emv, gross) };
    let paid = |gross: &Value| if high { sub(gross, &cost) } else { add(gross, &cost) };
    let evsi = &chain.evsi;
    let book = answer.rounded.as_ref();
    let each = |item: Item, f: &dyn Fn(&Value) -> Value| {
        wrong.iter().fold(item, |item, (mistake, value)| item.mistaken(*mistake, value.as_ref().map(f)))
    };
    let item = Item::amount(&["ev_with_sample_information"], gross.clone(), WORTH)
        .in_book(book.map(|chain| chain.ev_with_sample_information.clone()))
        .mistaken(Mistake::NetForGross, chain.net.clone())
        .mistaken(Mistake::NotUpdated, emv.clone())
        .mistaken(Mistake::PerfectForSample, answer.ev_with_perfect_information.clone());
    items.push(each(item, &Value::clone));
    let item = Item::amount(&["net"], chain.net.clone(), WORTH)
        .in_book(book.map(|chain| chain.net.clone()))
        .mistaken(Mistake::FeeForgotten, gross.clone())
        .mistaken(Mistake::FeeTwice, paid(&chain.net));
    items.push(each(item, &paid));
    let item = Item::amount(&["evsi"], evsi.clone(), WORTH)
        .in_book(book.map(|chain| chain.evsi.clone()))
        .mistaken(Mistake::NetForGross, chain.net_gain.clone())
        .mistaken(Mistake::NotSubtracted, gross.clone())
        .mistaken(Mistake::WrongSign, minus(evsi))
        .mistaken(Mistake::PerfectForSample, answer.evpi.clone());
    items.push(each(item, &gain));
    let item = Item::amount(&["net_gain"], chain.net_gain.clone(), WORTH)
        .in_book(book.map(|chain| chain.net_gain.clone()))
        .mistaken(Mistake::FeeForgotten, evsi.clone())
        .mistaken(Mistake::FeeTwice, sub(&chain.net_gain, &cost))
        .mistaken(Mistake::FeeSign, add(evsi, &cost))
        .mistaken(Mistake::PerfectForSample, sub(&answer.evpi, &cost));
    items.push(each(item, &|gross| sub(&gain(gross), &cost)));
    if let Some(efficiency) = &chain.efficiency {
        let item = Item::amount(&["efficiency"], efficiency.clone(), WORTH)
            .in_book(book.and_then(|chain| chain.efficiency.clone()))
            .mistaken(Mistake::Inverted, over(&answer.evpi, evsi))
            .mistaken(Mistake::NetEfficiency, over(&chain.net_gain, &answer.evpi));
        items.push(item);
    }
}

/// A plain mean of the values after the signals.
fn averaged(chain: &Chain) -> Option<Value> {
    let values: Option<Vec<Value>> = chain.signals.iter().map(|signal| signal.value.clone()).collect();
    let values = values?;
    let count = Exact::ratio(1, values.len().max(1) as i64)?;
    Some(mul(&total(values), &count.into()))
}
