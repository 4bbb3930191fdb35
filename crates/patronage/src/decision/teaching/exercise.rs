//! Exercises with round numbers and exact answers: from a seed, the same on every machine.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::item::{Item, Right};
use super::marking::{Marking, mark};
use super::stories::{STORIES, Story};
use crate::decision::exact::Exact;
use crate::decision::information::{Evidence, Study, StudyAnswer};
use crate::decision::number::{Number, Value};
use crate::decision::scalar::Sense;
use crate::decision::table::{DecisionTable, TableAnswer};
use crate::decision::tree::{Node, TreeAnswer, chance, decide, pay};
use crate::decision::words::plain;
use crate::error::{Error, Result};
use crate::explain::{Lang, Working};

/// Draws that are tried until the numbers are instructive; about one in four is.
const TRIES: u32 = 10_000;

/// What is practised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExerciseKind {
    /// A decision table: all criteria, EMV, EVPI.
    Table,
    /// A decision tree with a fee, and from difficulty 2 on a second decision.
    Tree,
    /// A study before a decision: posteriors, EVSI.
    Survey,
}

/// The object of an exercise, solved.
#[derive(Debug, Clone)]
pub enum Solved {
    /// A decision table.
    Table(Box<TableAnswer>),
    /// A decision tree.
    Tree(Box<TreeAnswer>),
    /// A study.
    Survey(Box<StudyAnswer>),
}

/// A right answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactAnswer {
    /// What is asked, as a path.
    pub item: Vec<String>,
    /// The number; `None` for a choice.
    pub value: Option<Value>,
    /// The alternatives, for a choice: several if they tie.
    pub choice: Vec<String>,
}

/// An exercise.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// What is practised.
    pub kind: ExerciseKind,
    /// What it was made from.
    pub seed: u64,
    /// From 1 (easy) to 3.
    pub difficulty: u32,
    /// The language of its names.
    pub lang: Lang,
    /// The right solution.
    pub solved: Solved,
    story: usize,
}

impl Exercise {
    /// The exercise of a seed: its numbers are the same in every language and on every machine.
    ///
    /// The best alternative is the only one, and the criteria (of a table), or the ways of reckoning (of a tree and of
    /// a survey), do not all agree.
    pub fn new(kind: ExerciseKind, seed: u64, difficulty: u32, lang: Lang) -> Result<Self> {
        if !(1..=3).contains(&difficulty) {
            return Err(Error::parameter("difficulty", difficulty, "1 (easy), 2 or 3"));
        }
        let mut dice = Dice(Pcg64::seed_from_u64(seed));
        let story = dice.below(STORIES.len() as u64) as usize;
        for _ in 0..TRIES {
            let draft = Draft { story: &STORIES[story], lang: usize::from(lang == Lang::Zh), difficulty };
            let solved = match kind {
                ExerciseKind::Table => draft.table(&mut dice)?,
                ExerciseKind::Tree => draft.tree(&mut dice)?,
                ExerciseKind::Survey => draft.survey(&mut dice)?,
            };
            if let Some(solved) = solved {
                return Ok(Self { kind, seed, difficulty, lang, solved, story });
            }
        }
        Err(Error::parameter("seed", seed, "another seed: none of its draws is instructive"))
    }

    fn items(&self) -> Result<Vec<Item>> {
        Ok(match &self.solved {
            Solved::Table(answer) => super::table::items(answer),
            Solved::Tree(answer) => super::tree::items(answer)?,
            Solved::Survey(answer) => super::study::items(answer),
        })
    }

    /// Marks a student's answers.
    pub fn check(&self, given: &[(Vec<String>, String)]) -> Result<Marking> {
        mark(&self.items()?, given)
    }

    /// All that may be asked, with the right answers.
    pub fn answers(&self) -> Result<Vec<ExactAnswer>> {
        let answer = |item: Item| match item.right {
            Right::Amount { value, .. } => {
                ExactAnswer { item: item.path, value: Some(value), choice: Vec::new() }
            }
            Right::Choice { best, .. } => ExactAnswer { item: item.path, value: None, choice: best },
        };
        Ok(self.items()?.into_iter().map(answer).collect())
    }

    /// The worked solution.
    pub fn solution(&self) -> Working {
        match &self.solved {
            Solved::Table(answer) => answer.explain(self.lang),
            Solved::Tree(answer) => answer.explain(self.lang),
            Solved::Survey(answer) => answer.explain(self.lang),
        }
    }

    /// The question, with its numbers.
    pub fn question(&self) -> Working {
        let lang = self.lang;
        let story = &STORIES[self.story];
        let at = usize::from(lang == Lang::Zh);
        let w = Working::new(lang.pick("Exercise", "练习")).text(story.question[at]);
        match &self.solved {
            Solved::Table(answer) => payoffs(w, &answer.table, lang).text(lang.pick(
                "Find the choices by maximax, maximin, minimax regret, Laplace and expected value, the table of \
                 regrets, and the expected value of perfect information.",
                "求最大最大、最大最小、最小最大后悔值、等可能与期望值准则下的选择，后悔值表，以及完全信息价值（EVPI）。",
            )),
            Solved::Survey(answer) => {
                let w = match answer.study.question().table() {
                    Ok(table) => payoffs(w, &table, lang),
                    Err(_) => w,
                };
                let cost = plain(&Value::from(answer.study.price()));
                let study = story.study[at];
                let signals = story.signals[at];
                let mut header = vec!["P(· | ·)".to_string()];
                header.extend(signals.map(String::from));
                let states = &answer.study.event().labels;
                let cell = |s: usize, t: usize| answer.likelihood[s][t].as_ref().map_or_else(String::new, plain);
                let row = |(t, state): (usize, &String)| {
                    [state.clone()].into_iter().chain((0..signals.len()).map(|s| cell(s, t))).collect::<Vec<_>>()
                };
                w.text(match lang {
                    Lang::En => format!("Before, a {study} may be had for {cost}. How reliable it is: P(signal | state)."),
                    Lang::Zh => format!("事前可以花费 {cost} 做一次{study}，其可靠性 P(信号 | 状态) 如下。"),
                })
                .table(header, states.iter().enumerate().map(row).collect())
                .text(lang.pick(
                    "Find the posteriors after each signal, the best choice then, the EVSI, and whether the study is \
                     worth its cost.",
                    "求各信号下的后验概率与最优选择、样本信息价值（EVSI），并判断是否值得做这项研究。",
                ))
            }
            Solved::Tree(answer) => tree_question(w, answer, lang),
        }
    }
}

fn payoffs(w: Working, table: &DecisionTable, lang: Lang) -> Working {
    let mut header = vec![lang.pick("alternative", "方案").to_string()];
    header.extend(table.states().iter().cloned());
    let number = |number: &Number| plain(&Value::from(number));
    let row = |(i, name): (usize, &String)| {
        let cells = (0..table.states().len()).map(|j| number(table.payoff(i, j)));
        [name.clone()].into_iter().chain(cells).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> = table.alternatives().iter().enumerate().map(row).collect();
    if let Some(p) = table.probabilities() {
        let first = lang.pick("probability", "概率").to_string();
        rows.push([first].into_iter().chain(p.iter().map(number)).collect());
    }
    w.table(header, rows)
}

/// The branches of the tree as a list, in words.
fn tree_question(w: Working, answer: &TreeAnswer, lang: Lang) -> Working {
    let tree = answer.tree();
    let header = match lang {
        Lang::En => ["branch", "probability", "paid or received"],
        Lang::Zh => ["分枝", "概率", "收支"],
    };
    let rows = (1..tree.len()).map(|i| {
        let p = answer.probability(i).map_or_else(String::new, |p| plain(&p));
        let amount = if tree.children(i).is_empty() { answer.to_go(i) } else { answer.payoff(i) };
        let shown =
            if amount.float == 0.0 && !tree.children(i).is_empty() { String::new() } else { plain(&amount) };
        vec![tree.path(i), p, shown]
    });
    w.table(header.map(String::from).into(), rows.collect()).text(lang.pick(
        "Draw the tree, find its expected value and the best policy.",
        "画出决策树，求期望值与最优策略。",
    ))
}

struct Dice(Pcg64);

impl Dice {
    /// A whole number below a bound, by integer arithmetic alone.
    fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound.max(1)
    }

    /// A multiple of a step, from low to high.
    fn step(&mut self, low: i64, high: i64, step: i64) -> i64 {
        let count = (high - low) / step + 1;
        low + step * self.below(count as u64) as i64
    }
}

struct Draft {
    story: &'static Story,
    lang: usize,
    difficulty: u32,
}

impl Draft {
    /// Probabilities in twentieths, in tenths where it is easy, each at least a tenth.
    fn probabilities(&self, dice: &mut Dice, count: usize) -> Vec<Exact> {
        let parts: i64 = if self.difficulty == 1 { 10 } else { 20 };
        let least = parts / 10;
        let mut left = parts - least * count as i64;
        let mut weights = vec![least; count];
        for weight in weights.iter_mut().take(count - 1) {
            let more = dice.below(left as u64 + 1) as i64;
            *weight += more;
            left -= more;
        }
        weights[count - 1] += left;
        weights.iter().filter_map(|&w| Exact::ratio(w, parts)).collect()
    }

    /// Payoffs that fall from state to state, the more the bolder the alternative is; the last is to do nothing.
    fn drawn(&self, dice: &mut Dice, rows: usize, columns: usize) -> Result<DecisionTable> {
        let mut payoffs = Vec::new();
        for i in 0..rows - 1 {
            let bold = (rows - 1 - i) as i64;
            let high = dice.step(20 + 40 * (bold - 1), 60 + 60 * (bold - 1), 5);
            let low = -dice.step(5 + 20 * (bold - 1), 20 + 40 * (bold - 1), 5);
            payoffs.push(high * 1_000);
            if columns == 3 {
                let middle = dice.step(low / 2 / 5 * 5, high / 2 / 5 * 5, 5);
                payoffs.push(middle * 1_000);
            }
            payoffs.push(low * 1_000);
        }
        payoffs.extend(std::iter::repeat_n(0, columns));
        let skip = 4 - rows;
        let names = &self.story.alternatives[self.lang][skip..];
        let states = self.story.states[self.lang];
        let states: Vec<&str> = if columns == 3 { states.to_vec() } else { vec![states[0], states[2]] };
        let p = self.probabilities(dice, columns);
        DecisionTable::new(names.iter().copied(), states, payoffs)?.with_probabilities(p)
    }

    fn table(&self, dice: &mut Dice) -> Result<Option<Solved>> {
        let (rows, columns) = [(3, 2), (4, 2), (4, 3)][self.difficulty as usize - 1];
        let answer = self.drawn(dice, rows, columns)?.solve(Sense::Profit, None)?;
        let Some(emv) = &answer.emv else { return Ok(None) };
        let all = [emv, &answer.optimistic, &answer.pessimistic, &answer.minimax_regret, &answer.laplace];
        let unique = all.iter().all(|criterion| criterion.best.len() == 1);
        let mut chosen: Vec<usize> = all.iter().flat_map(|criterion| criterion.best.clone()).collect();
        chosen.sort_unstable();
        chosen.dedup();
        Ok((unique && chosen.len() >= 2 + usize::from(rows > 3)).then(|| Solved::Table(Box::new(answer))))
    }

    fn survey(&self, dice: &mut Dice) -> Result<Option<Solved>> {
        let rows = if self.difficulty == 1 { 2 } else { 3 };
        let columns = if self.difficulty == 3 { 3 } else { 2 };
        let table = self.drawn(dice, rows, columns)?;
        let mut reliable: Vec<i64> = vec![dice.step(60, 90, 10), dice.step(10, 40, 10)];
        if columns == 3 {
            reliable.insert(1, dice.step(30, 60, 10));
        }
        let row =
            |p: i64| [Exact::ratio(p, 100), Exact::ratio(100 - p, 100)].map(|p| p.unwrap_or(Exact::ZERO));
        let evidence = Evidence::likelihood(reliable.into_iter().map(row));
        let cost = dice.step(1, 5, 1) * 1_000;
        let study = Study::of_table(&table, Sense::Profit, self.story.signals[self.lang], evidence)?;
        let answer =
            study.cost(cost).labels(self.story.study[self.lang], ["without", "不做"][self.lang]).solve()?;
        let short = |value: &Value| value.exact.as_ref().is_some_and(|v| v.to_big().denom() <= &100.into());
        let clear = answer.chain.signals.iter().all(|signal| {
            signal.best.len() == 1 && signal.posterior.as_ref().is_some_and(|row| row.iter().all(short))
        });
        let chain = &answer.chain;
        let useful = chain.evsi.float > 0.0 && chain.net_gain.float != 0.0;
        let clear = clear && useful && answer.study.question().choice().len() == 1;
        Ok(clear.then(|| Solved::Survey(Box::new(answer))))
    }

    fn tree(&self, dice: &mut Dice) -> Result<Option<Solved>> {
        let names = self.story.alternatives[self.lang];
        let states = self.story.states[self.lang];
        let amount = |dice: &mut Dice, low, high| dice.step(low, high, 5) * 1_000;
        let mut branches: Vec<(&str, Node)> = Vec::new();
        let bold = 1 + self.difficulty.min(2) as usize;
        // What happens does not depend on what is chosen.
        let p = self.probabilities(dice, 2);
        for (k, name) in names.iter().take(bold).enumerate() {
            let scale = (bold - k) as i64;
            let high = amount(dice, 60 * scale, 120 * scale);
            let low = amount(dice, -30 * scale, 10);
            let good = if k == 0 && self.difficulty > 1 {
                // A second decision once the first went well.
                let more = self.probabilities(dice, 2);
                let (top, bottom) = (amount(dice, 40, 120), amount(dice, -60, 0));
                let fee = -dice.step(5, 20, 5) * 1_000;
                let expand = chance([
                    (states[0], more[0].clone(), pay(high + top)),
                    (states[2], more[1].clone(), pay(high + bottom)),
                ]);
                let words = [["expand", "stay"], ["扩大", "维持"]][self.lang];
                decide(["Then?", "之后"][self.lang], [(words[0], expand.paying(fee)), (words[1], pay(high))])
            } else {
                pay(high)
            };
            let fee = -dice.step(5, 30 * scale, 5) * 1_000;
            let event = chance([(states[0], p[0].clone(), good), (states[2], p[1].clone(), pay(low))]);
            branches.push((name, event.paying(fee)));
        }
        branches.push((names[3], pay(0)));
        let answer = decide(["First", "首先"][self.lang], branches).solve()?;
        let careless = super::tree::items(&answer)?;
        let clear = !answer.has_ties() && answer.emv().float > 0.0;
        // To forget the fee must matter.
        let matters = careless.iter().filter(|item| item.path == ["emv"]).all(|item| match &item.right {
            Right::Amount { value, mistakes, .. } => mistakes.iter().all(|(_, wrong)| wrong != value),
            Right::Choice { .. } => true,
        });
        Ok((clear && matters).then(|| Solved::Tree(Box::new(answer))))
    }
}
