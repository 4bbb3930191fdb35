//! Reads a file of baskets, mines it, and says how many sets it holds in memory: what is measured beside the peers.
//!
//! ```text
//! mine FILE MIN_COUNT [--kind frequent|closed|maximal|generators] [--threads N] [--rules CONFIDENCE] [--json] [--count]
//! ```
//!
//! The file has a basket a line, each a list of item numbers (as those of the FIMI repository). With `--rules`, the
//! rules and twelve measures of each follow. With `--json`, the seconds of each step and the peak of the memory.
//! With `--count`, the sets are only counted.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;
use std::{env, fs, process};

use patronage::association::{Baskets, Kind, Measure, Mine};
use patronage::transactions::Labels;
use rayon::ThreadPoolBuilder;

/// The measures that other libraries give with each rule.
const MEASURES: [Measure; 12] = [
    Measure::Coverage,
    Measure::ConsequentSupport,
    Measure::Support,
    Measure::Confidence,
    Measure::Lift,
    Measure::Leverage,
    Measure::Conviction,
    Measure::Zhang,
    Measure::Jaccard,
    Measure::Certainty,
    Measure::Kulczynski,
    Measure::Cosine,
];

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_arguments()?;
    let pool = ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let mut clock = Clock::default();
    let baskets = parse(&fs::read(&options.file)?)?;
    clock.lap("read");
    let mining =
        Mine::new().min_support(options.min_count).kind(options.kind).max_itemsets(u64::from(u32::MAX - 1));
    if options.count {
        println!("{}", pool.install(|| mining.max_itemsets(u64::MAX).count(&baskets))?.total());
        process::exit(0);
    }
    let start = Instant::now();
    let itemsets = pool.install(|| mining.run(&baskets))?;
    let wall = start.elapsed().as_secs_f64();
    clock.lap("mine");
    let mut rules = None;
    if let Some(confidence) = options.rules {
        let search = itemsets.rules().min_confidence(confidence);
        let found = pool.install(|| search.run())?;
        clock.lap("rules");
        let columns = pool.install(|| found.columns(&MEASURES));
        clock.lap("measures");
        rules = Some(columns[0].len());
    }
    if options.json {
        let rules = rules.map_or(String::new(), |rules| format!("\"rules\": {rules}, "));
        println!("{{\"sets\": {}, \"mine_wall\": {wall}, {rules}{}}}", itemsets.len(), clock.json());
    } else {
        println!("{}", itemsets.len());
        rules.into_iter().for_each(|rules| println!("{rules} rules"));
    }
    // As the peers do: what was found is not given back piece by piece.
    process::exit(0);
}

struct Options {
    file: String,
    min_count: u64,
    kind: Kind,
    threads: usize,
    rules: Option<f64>,
    json: bool,
    count: bool,
}

impl Options {
    fn from_arguments() -> Result<Self, Box<dyn Error>> {
        let mut arguments = env::args().skip(1);
        let file = arguments.next().ok_or("the first argument is a file of baskets")?;
        let min_count = arguments.next().ok_or("the second argument is a number of baskets")?.parse()?;
        let mut options = Self {
            file,
            min_count,
            kind: Kind::Frequent,
            threads: 1,
            rules: None,
            json: false,
            count: false,
        };
        while let Some(name) = arguments.next() {
            if name == "--count" {
                options.count = true;
                continue;
            }
            if name == "--json" {
                options.json = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{name} has no value"))?;
            match name.as_str() {
                "--kind" => options.kind = Kind::from_name(&value)?,
                "--threads" => options.threads = value.parse()?,
                "--rules" => options.rules = Some(value.parse()?),
                _ => return Err(format!("there is no option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// Baskets from lines of item numbers. Items are coded in the order of their numbers, by a table of them.
fn parse(text: &[u8]) -> Result<Baskets, Box<dyn Error>> {
    const TABLE: usize = 1 << 24;
    const DIGITS: usize = 8;
    let digit = |at: usize| text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10);
    let (mut offsets, mut items) = (vec![0], Vec::with_capacity(text.len() / 4));
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let (start, mut number) = (at, 0_u32);
        while let Some(digit) = digit(at) {
            number = number.wrapping_mul(10).wrapping_add(digit.into());
            at += 1;
        }
        match at - start {
            0 => {
                at += 1;
                if byte == b'\n' {
                    offsets.push(items.len() as u64);
                }
            }
            1..=DIGITS => items.push(number),
            _ => return Err(format!("item numbers have at most {DIGITS} digits here").into()),
        }
    }
    if text.last().is_some_and(|&byte| byte != b'\n') {
        offsets.push(items.len() as u64);
    }
    let end = items.iter().max().map_or(0, |&item| item as usize + 1);
    if end > TABLE {
        return Err(format!("item numbers are below {TABLE} here").into());
    }
    let mut codes = vec![0_u32; end];
    items.iter().for_each(|&item| codes[item as usize] = 1);
    let mut labels = Vec::new();
    for (item, code) in codes.iter_mut().enumerate().filter(|(_, code)| **code == 1) {
        *code = labels.len() as u32;
        labels.push(item as i64);
    }
    items.iter_mut().for_each(|item| *item = codes[*item as usize]);
    Ok(Baskets::from_csr(offsets, items, Labels::Ints(labels))?)
}

/// The processor's seconds of each step, all threads together. Read from Linux's `/proc`; nothing elsewhere.
#[derive(Default)]
struct Clock {
    laps: Vec<(&'static str, f64)>,
    before: f64,
}

impl Clock {
    fn lap(&mut self, step: &'static str) {
        let now = threads().iter().sum();
        self.laps.push((step, now - self.before));
        self.before = now;
    }

    fn json(&self) -> String {
        let laps: String =
            self.laps.iter().map(|(step, seconds)| format!("\"{step}\": {seconds:.6}, ")).collect();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
        let peak: f64 = peak.and_then(|kilobytes| kilobytes.trim().parse().ok()).unwrap_or(f64::NAN);
        format!("{laps}\"threads\": {:?}, \"peak_mb\": {:.1}", threads(), peak / 1024.0)
    }
}

/// The processor's seconds that each thread has had, the main thread first.
fn threads() -> Vec<f64> {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return vec![] };
    let mut paths: Vec<_> = tasks.flatten().map(|task| task.path()).collect();
    paths.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u64>().ok()));
    let seconds = |path: std::path::PathBuf| {
        let text = fs::read_to_string(path.join("schedstat")).ok()?;
        Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    };
    paths.into_iter().filter_map(seconds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_basket() {
        let baskets = parse(b"30 1 \n\n7 7 1\r\n30").unwrap();
        assert_eq!(baskets.iter().collect::<Vec<_>>(), [&[0, 2][..], &[], &[0, 1], &[2]]);
        assert_eq!(baskets.labels(), &Labels::Ints(vec![1, 7, 30]));
        assert_eq!((baskets.empty(), baskets.repeated()), (1, 1));
    }

    #[test]
    fn item_numbers_have_an_end() {
        assert!(parse(b"99999999999").is_err());
        assert!(parse(b"4294967295").is_err());
        assert_eq!(parse(b"").unwrap().len(), 0);
    }
}
