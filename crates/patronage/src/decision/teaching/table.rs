//! What may be asked of a decision table.

use super::item::{Item, add, best, minus, mul, second, sub, total};
use super::marking::{Marking, mark};
use super::mistakes::Mistake;
use crate::decision::exact::Exact;
use crate::decision::number::Value;
use crate::decision::scalar::Sense;
use crate::decision::table::{Criterion, TableAnswer};
use crate::error::Result;

/// The numbers of a table.
pub(super) struct Numbers {
    pub rows: Vec<Vec<Value>>,
    pub high: bool,
}

impl Numbers {
    pub fn of(answer: &TableAnswer) -> Self {
        let table = &answer.table;
        let row = |i| (0..table.states().len()).map(|j| table.payoff(i, j).into()).collect();
        let rows = (0..table.alternatives().len()).map(row).collect();
        Self { rows, high: answer.sense == Sense::Profit }
    }

    /// Σ p x of each row.
    pub fn expected(&self, p: &[Value]) -> Vec<Value> {
        self.rows.iter().map(|row| total(row.iter().zip(p).map(|(x, p)| mul(x, p)))).collect()
    }

    fn by_row(&self, f: impl Fn(&[Value]) -> Value) -> Vec<Value> {
        self.rows.iter().map(|row| f(row)).collect()
    }
}

impl TableAnswer {
    /// Marks a student's answers: each a path such as `["emv"]`, `["emv", alternative]`, `["regret", alternative,
    /// state]` or `["choice"]`, and what was written; several names are divided by `|`.
    pub fn check(&self, given: &[(Vec<String>, String)]) -> Result<Marking> {
        mark(&items(self), given)
    }
}

pub(super) fn items(answer: &TableAnswer) -> Vec<Item> {
    let numbers = Numbers::of(answer);
    let high = numbers.high;
    let (lows, highs) = (numbers.by_row(|row| best(row, !high)), numbers.by_row(|row| best(row, high)));
    let means = &answer.laplace.values;
    let mut items = Vec::new();
    // What each mistake gives for every alternative.
    criterion(&mut items, answer, &answer.optimistic, high, &[(Mistake::WrongSense, lows.clone())]);
    criterion(&mut items, answer, &answer.pessimistic, high, &[(Mistake::WrongSense, highs.clone())]);
    if let (Some(hurwicz), Some(alpha)) = (&answer.hurwicz, &answer.optimism) {
        let alpha = Value::from(alpha);
        let rest = sub(&Exact::ONE.into(), &alpha);
        let blend = |(a, b): (&Value, &Value)| add(&mul(&rest, a), &mul(&alpha, b));
        let reversed = highs.iter().zip(&lows).map(blend).collect();
        criterion(&mut items, answer, hurwicz, high, &[(Mistake::CoefficientReversed, reversed)]);
    }
    let sums = numbers.by_row(|row| total(row.iter().cloned()));
    let mut plain = vec![(Mistake::NotDivided, sums)];
    plain.extend(answer.emv.as_ref().map(|emv| (Mistake::Weighted, emv.values.clone())));
    criterion(&mut items, answer, &answer.laplace, high, &plain);
    let states = answer.table.states().len();
    let regret = |i: usize, j: usize| &answer.regret[i * states + j];
    let row_regret = |i: usize, j: usize| {
        let off = sub(&highs[i], &numbers.rows[i][j]);
        if high { off } else { minus(&off) }
    };
    let by_rows: Vec<Vec<Value>> =
        (0..numbers.rows.len()).map(|i| (0..states).map(|j| row_regret(i, j)).collect()).collect();
    let worst_rows = by_rows.iter().map(|row| best(row, true)).collect();
    let least: Vec<Value> =
        (0..numbers.rows.len()).map(|i| best(&answer.regret[i * states..(i + 1) * states], false)).collect();
    let wrong = [(Mistake::RowsForColumns, worst_rows), (Mistake::WrongSense, least)];
    criterion(&mut items, answer, &answer.minimax_regret, false, &wrong);
    let step = step(&answer.minimax_regret);
    for (i, name) in answer.table.alternatives().iter().enumerate() {
        for (j, state) in answer.table.states().iter().enumerate() {
            items.push(
                Item::amount(&["regret", name, state], regret(i, j).clone(), step)
                    .mistaken(Mistake::WrongSign, minus(regret(i, j)))
                    .mistaken(Mistake::RowsForColumns, by_rows[i][j].clone()),
            );
        }
    }
    if let (Some(emv), Some(eol)) = (&answer.emv, &answer.eol) {
        let wrong = [(Mistake::Averaged, means.clone()), (Mistake::ChanceMaximised, highs.clone())];
        criterion(&mut items, answer, emv, high, &wrong);
        let mean_regret = |i: usize| {
            let sum = total((0..states).map(|j| regret(i, j).clone()));
            mul(&sum, &share(states))
        };
        let averaged = (0..numbers.rows.len()).map(mean_regret).collect();
        criterion(&mut items, answer, eol, false, &[(Mistake::Averaged, averaged)]);
        choices(&mut items, answer, emv, high);
        information(&mut items, answer, emv, &highs, &numbers);
    }
    items
}

fn share(count: usize) -> Value {
    Exact::ratio(1, count.max(1) as i64).unwrap_or(Exact::ZERO).into()
}

fn key(criterion: &Criterion) -> String {
    criterion.name.to_lowercase().replace(' ', "_")
}

/// The value of a criterion, its value for each alternative, and its choice.
fn criterion(
    items: &mut Vec<Item>,
    answer: &TableAnswer,
    criterion: &Criterion,
    high: bool,
    mistakes: &[(Mistake, Vec<Value>)],
) {
    let (key, step) = (key(criterion), step(criterion));
    let mut item = Item::amount(&[&key], criterion.value.clone(), step);
    let mut choice =
        Item::choice(&["choice", &key], names(answer, &criterion.best), answer.table.alternatives(), step);
    for (mistake, values) in mistakes {
        let top = best(values, high);
        let chosen: Vec<usize> = (0..values.len()).filter(|&i| values[i] == top).collect();
        item = item.mistaken(*mistake, top);
        choice = choice.misled(*mistake, names(answer, &chosen));
    }
    let worst = best(&criterion.values, !high);
    let at_worst: Vec<usize> =
        (0..criterion.values.len()).filter(|&i| criterion.values[i] == worst).collect();
    items.push(
        item.mistaken(Mistake::WrongSign, minus(&criterion.value))
            .mistaken(Mistake::WrongSense, worst)
            .mistaken(Mistake::SecondBest, second(&criterion.values, high)),
    );
    items.push(choice.misled(Mistake::WrongSense, names(answer, &at_worst)));
    for (i, name) in answer.table.alternatives().iter().enumerate() {
        let value = &criterion.values[i];
        let item =
            Item::amount(&[&key, name], value.clone(), step).mistaken(Mistake::WrongSign, minus(value));
        let with = |item: Item, (mistake, values): &(Mistake, Vec<Value>)| {
            item.mistaken(*mistake, values[i].clone())
        };
        items.push(mistakes.iter().fold(item, with));
    }
}

/// The choice by EMV, and what other criteria would choose.
fn choices(items: &mut Vec<Item>, answer: &TableAnswer, emv: &Criterion, high: bool) {
    let next = second(&emv.values, high);
    let seconds: Vec<usize> =
        (0..emv.values.len()).filter(|&i| Some(&emv.values[i]) == next.as_ref()).collect();
    let last = best(&emv.values, !high);
    let lasts: Vec<usize> = (0..emv.values.len()).filter(|&i| emv.values[i] == last).collect();
    let others = [&answer.optimistic, &answer.pessimistic, &answer.minimax_regret];
    let item = Item::choice(&["choice"], names(answer, &emv.best), answer.table.alternatives(), step(emv))
        .misled(Mistake::Averaged, names(answer, &answer.laplace.best))
        .misled(Mistake::SecondBest, names(answer, &seconds))
        .misled(Mistake::WrongSense, names(answer, &lasts));
    items.push(
        others
            .iter()
            .fold(item, |item, other| item.misled(Mistake::AnotherCriterion, names(answer, &other.best))),
    );
}

fn information(
    items: &mut Vec<Item>,
    answer: &TableAnswer,
    emv: &Criterion,
    highs: &[Value],
    numbers: &Numbers,
) {
    let (Some(perfect), Some(evpi)) = (&answer.ev_with_perfect_information, &answer.evpi) else { return };
    let high = numbers.high;
    let states = answer.table.states().len();
    let tops =
        (0..states).map(|j| best(&numbers.rows.iter().map(|row| row[j].clone()).collect::<Vec<_>>(), high));
    let averaged = mul(&total(tops), &share(states));
    items.push(
        Item::amount(&["ev_with_perfect_information"], perfect.clone(), PERFECT)
            .mistaken(Mistake::Averaged, averaged)
            .mistaken(Mistake::ChanceMaximised, best(highs, high)),
    );
    let worth = |alone: &Value| if high { sub(perfect, alone) } else { sub(alone, perfect) };
    let item = Item::amount(&["evpi"], evpi.clone(), PERFECT)
        .mistaken(Mistake::NotSubtracted, perfect.clone())
        .mistaken(Mistake::WrongSign, minus(evpi))
        .mistaken(Mistake::Averaged, worth(&answer.laplace.value));
    let others = emv.values.iter().filter(|value| **value != emv.value);
    items.push(others.fold(item, |item, value| item.mistaken(Mistake::WrongAct, worth(value))));
}

fn names(answer: &TableAnswer, places: &[usize]) -> Vec<String> {
    places.iter().map(|&i| answer.table.alternatives()[i].clone()).collect()
}

pub(super) const PERFECT: (&str, &str) = ("Value of perfect information (EVPI)", "完全信息价值（EVPI）");

/// The heading of a criterion in the working of a table.
fn step(criterion: &Criterion) -> (&'static str, &'static str) {
    use crate::explain::Lang;
    (crate::decision::table::title(criterion, Lang::En), crate::decision::table::title(criterion, Lang::Zh))
}
