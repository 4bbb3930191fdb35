//! Answers, marked.

use super::given::{Written, read};
use super::item::{Item, Right};
use super::mistakes::Mistake;
use crate::decision::number::Value;
use crate::decision::words::{explicit, join_names};
use crate::error::{Error, Result};
use crate::explain::{Lang, Working};

/// Whether an answer is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Exactly.
    Right,
    /// Rounded to the decimals that were given.
    Rounded,
    /// By a book's chain of rounded posteriors.
    Book,
    /// No.
    Wrong,
}

/// One answer of a student.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedLine {
    /// What was asked, such as `["posterior", "good", "favourable"]`.
    pub item: Vec<String>,
    /// What was answered.
    pub given: String,
    /// Whether it is right.
    pub mark: Mark,
    /// The right number; `None` for a choice.
    pub value: Option<Value>,
    /// The right alternatives, for a choice.
    pub choice: Vec<String>,
    /// The mistakes that give just this answer: several if they give the same.
    pub mistakes: Vec<Mistake>,
    /// Where the working has it, in English and Chinese.
    step: (&'static str, &'static str),
}

/// The answers of a student, marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Marking {
    /// A line an answer, in the order given.
    pub lines: Vec<MarkedLine>,
}

impl MarkedLine {
    /// The right answer in print.
    pub fn right(&self, lang: Lang) -> String {
        match &self.value {
            Some(value) => explicit(value),
            None => join_names(&self.choice.iter().map(String::as_str).collect::<Vec<_>>(), lang),
        }
    }

    /// The heading of the working under which it is found.
    pub fn step(&self, lang: Lang) -> &'static str {
        lang.pick(self.step.0, self.step.1)
    }

    /// The line as a remark.
    pub fn to_text(&self, lang: Lang) -> String {
        let right = self.right(lang);
        let (en, zh) = match self.mark {
            Mark::Right => return lang.pick("Right.", "正确。").into(),
            Mark::Rounded => (format!("Right, rounded: {right}."), format!("正确（已舍入）：{right}。")),
            Mark::Book => (
                format!("Right with rounded posteriors, as books compute; exactly it is {right}."),
                format!("按教材的舍入后验概率计算正确；精确值为 {right}。"),
            ),
            Mark::Wrong => {
                let why = |lang| self.mistakes.iter().map(|m| m.to_text(lang)).collect::<Vec<_>>();
                let (en, zh) = (why(Lang::En).join(" Or: "), why(Lang::Zh).join(" 或："));
                let gap = if en.is_empty() { "" } else { " " };
                (
                    format!("Wrong.{gap}{en} Right is {right}; see “{}”.", self.step.0),
                    format!("错误。{zh}正确答案：{right}；见「{}」。", self.step.1),
                )
            }
        };
        lang.pick(&en, &zh).into()
    }
}

impl Marking {
    /// How many answers are right.
    pub fn right(&self) -> usize {
        self.lines.iter().filter(|line| line.mark != Mark::Wrong).count()
    }

    /// The remarks as a text with a table.
    pub fn explain(&self, lang: Lang) -> Working {
        let (right, all) = (self.right(), self.lines.len());
        let header = match lang {
            Lang::En => ["asked", "answered", "remark"],
            Lang::Zh => ["题目", "回答", "评语"],
        };
        let row = |line: &MarkedLine| vec![line.item.join(", "), line.given.clone(), line.to_text(lang)];
        Working::new(lang.pick("Marking", "批改"))
            .text(match lang {
                Lang::En => format!("{right} of {all} right."),
                Lang::Zh => format!("{all} 题中 {right} 题正确。"),
            })
            .table(header.map(String::from).into(), self.lines.iter().map(row).collect())
    }
}

/// Marks what was given, item by item.
pub(super) fn mark(items: &[Item], given: &[(Vec<String>, String)]) -> Result<Marking> {
    let lines = given.iter().map(|(path, text)| line(find(items, path, text)?, path, text));
    Ok(Marking { lines: lines.collect::<Result<_>>()? })
}

fn key(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

fn same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || key(a) == key(b))
}

/// The item of a path; a criterion answered by a name is its choice.
fn find<'a>(items: &'a [Item], path: &[String], text: &str) -> Result<&'a Item> {
    let at = |path: &[String]| items.iter().find(|item| same(&item.path, path));
    if read(text).is_none() && path.len() == 1 {
        let choice = [vec!["choice".to_string()], path.to_vec()].concat();
        if let Some(item) = at(&choice) {
            return Ok(item);
        }
    }
    at(path).ok_or_else(|| {
        let mut names: Vec<&str> = Vec::new();
        let depth = usize::from(path.len() > 1 && items.iter().any(|item| item.path[0] == path[0]));
        for item in items.iter().filter(|item| depth == 0 || item.path[0] == path[0]) {
            if let Some(name) = item.path.get(depth)
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        Error::UnknownName {
            what: "item".into(),
            name: path.join(", "),
            mend: format!("there are {}", names.join(", ")),
        }
    })
}

fn line(item: &Item, path: &[String], text: &str) -> Result<MarkedLine> {
    let mut line = MarkedLine {
        item: path.to_vec(),
        given: text.into(),
        mark: Mark::Wrong,
        value: None,
        choice: Vec::new(),
        mistakes: Vec::new(),
        step: item.step,
    };
    match &item.right {
        Right::Amount { value, book, mistakes } => {
            let written = read(text).ok_or_else(|| {
                Error::parameter(
                    &path.join(", "),
                    format!("'{text}'"),
                    "a number such as \"22000\", \".78\" or \"7/9\"",
                )
            })?;
            line.mark = judged(&written, value, book.as_ref());
            if line.mark == Mark::Wrong {
                let exactly: Vec<Mistake> = found(mistakes, |v| written.is(v));
                line.mistakes =
                    if exactly.is_empty() { found(mistakes, |v| written.rounds(v)) } else { exactly };
            }
            line.value = Some(value.clone());
        }
        Right::Choice { best, among, mistakes } => {
            let names: Vec<String> = best.iter().map(|name| key(name)).collect();
            let said: Vec<String> = text.split('|').map(key).collect();
            if let Some(unknown) = said.iter().find(|name| !among.iter().any(|other| key(other) == **name)) {
                return Err(Error::UnknownName {
                    what: "alternative".into(),
                    name: unknown.clone(),
                    mend: format!("there are {}", among.join(", ")),
                });
            }
            // One of several that tie is right.
            let right = said.iter().all(|name| names.contains(name));
            line.mark = if right { Mark::Right } else { Mark::Wrong };
            if !right {
                line.mistakes = found(mistakes, |names| {
                    said.iter().all(|name| names.iter().any(|other| key(other) == *name))
                });
            }
            line.choice.clone_from(best);
        }
    }
    Ok(line)
}

fn judged(written: &Written, value: &Value, book: Option<&Value>) -> Mark {
    match () {
        () if written.is(value) => Mark::Right,
        () if written.rounds(value) => Mark::Rounded,
        () if book.is_some_and(|book| written.is(book) || written.rounds(book)) => Mark::Book,
        () => Mark::Wrong,
    }
}

fn found<T>(mistakes: &[(Mistake, T)], is: impl Fn(&T) -> bool) -> Vec<Mistake> {
    let mut all: Vec<Mistake> = Vec::new();
    for (mistake, value) in mistakes {
        if is(value) && !all.contains(mistake) {
            all.push(*mistake);
        }
    }
    all
}
