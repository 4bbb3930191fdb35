//! The samples, block by block, and what they add up to.

use rayon::prelude::*;

use super::draws::{CHUNK, Draws, Source};
use super::lanes::{Fault, LANES, Lanes, Rows};
use crate::decision::scalar::Sense;
use crate::decision::sensitivity::parametric::ParametricTree;
use crate::decision::sensitivity::tape::{Kept, Tape};
use crate::decision::tree::{Kind, Solve, Strategy};
use crate::decision::words::join_names;
use crate::error::{Error, Result};
use crate::explain::Lang;
use crate::watch::Watch;

/// What a simulation found.
#[derive(Debug)]
pub struct Simulation {
    /// The number of samples.
    pub samples: usize,
    /// The seed; none where the samples were given.
    pub seed: Option<u64>,
    /// Whether there is a row for each strategy; if not, one for each alternative of the root, after which every
    /// later choice is made in knowledge of the parameters.
    pub all_strategies: bool,
    /// The strategies, or the alternatives of the root.
    pub strategies: Vec<SimulatedStrategy>,
    /// The one with the best expected value: what to choose before the parameters are known.
    pub best: usize,
    /// The expected value if the parameters were known before the choice, and its standard error.
    pub informed: (f64, f64),
    /// The expected value of perfect information on all parameters (Raiffa & Schlaifer 1961), and its standard error.
    pub evpi: (f64, f64),
    /// The value of the tree in each sample, solved for its parameters.
    pub values: Vec<f64>,
    pub(in crate::decision::sensitivity) tape: Tape,
    pub(super) lanes: Lanes,
    pub(super) source: Source,
}

/// A strategy in the samples.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedStrategy {
    strategy: Option<Strategy>,
    /// The alternative of the root; empty if the root is no decision.
    pub alternative: String,
    /// The expected value.
    pub mean: f64,
    /// Its Monte-Carlo standard error.
    pub standard_error: f64,
    /// The share of the samples in which no strategy is better; where several tie it counts for each.
    pub p_optimal: f64,
}

impl SimulatedStrategy {
    /// The strategy in words.
    pub fn to_text(&self, lang: Lang) -> String {
        match &self.strategy {
            Some(strategy) if !strategy.choices.is_empty() => strategy.to_text(lang),
            _ if self.alternative.is_empty() => lang.pick("the best choices", "最优选择").into(),
            _ => join_names(&[self.alternative.as_str()], lang),
        }
    }
}

impl ParametricTree {
    /// Works the tree out for many samples of its parameters.
    ///
    /// Strategies are fixed before the parameters are known; `limit` is the most that are told apart. Blocks of
    /// samples go through the tape at once and over the threads; the answer does not depend on their number.
    ///
    /// ```
    /// use patronage::decision::{Distribution, Draws, Solve, chance, decide, pay};
    /// let game = chance([("win", "p", pay(100)), ("lose", "1-p", pay(-100))]);
    /// let bet = decide("Bet", [("play", game), ("pass", pay(0))]).with_parameters([("p", "1/2")])?;
    /// let p = ("p".to_string(), Distribution::Uniform { low: 0.0, high: 1.0 });
    /// let draws = Draws::Independent { distributions: vec![p], samples: 1 << 16, seed: 1 };
    /// let found = bet.simulate(draws, 100, &Solve::new(), &patronage::watch::Unwatched)?;
    /// // E max(200 p − 100, 0) = 25.
    /// assert!((found.evpi.0 - 25.0).abs() < 5.0 * found.evpi.1);
    /// # Ok::<(), patronage::Error>(())
    /// ```
    ///
    /// Errors: distributions that are none; samples in which a probability leaves 0 to 1, a sum is not 1 or a
    /// divisor is nought, with their number and the first.
    pub fn simulate(&self, draws: Draws, limit: u64, solve: &Solve, watch: &dyn Watch) -> Result<Simulation> {
        let answer = Solve { utility: None, ..solve.clone() }.run(self.base(), watch)?;
        let count = answer.strategy_count();
        let few = count.saturating_mul(self.base().len() as u64) <= MAX_VISITS;
        let all_strategies = few && count <= limit.min(MAX_STRATEGIES);
        let kept = if all_strategies { Kept::Strategies } else { Kept::Alternatives };
        let tape = Tape::of(self, solve, kept, watch)?;
        let source = Source::of(&tape, draws)?;
        let strategies = if all_strategies {
            answer.strategies(limit)?.into_iter().map(Some).collect()
        } else {
            Vec::new()
        };
        let lanes = Lanes::of(&tape);
        let run = Run { tape: &tape, lanes: &lanes, source: &source, centre: centre(&tape, &lanes) };
        let sums = run.all(watch)?;
        let (n, centre) = (sums.samples, run.centre);
        let row = |((strategy, alternative), (sums, centre)): ((_, _), (&[f64; 5], &f64))| {
            let (mean, standard_error) = mean_of(sums[0], sums[1], n, *centre);
            SimulatedStrategy { strategy, alternative, mean, standard_error, p_optimal: sums[2] / n as f64 }
        };
        let rows = alternatives(&tape, strategies).into_iter().zip(sums.outputs.iter().zip(&centre)).map(row);
        // Where the mean is best, the least is missing to the best of each sample.
        let missing = |k: &usize| sums.outputs[*k][3];
        let best = (0..sums.outputs.len()).min_by(|a, b| missing(a).total_cmp(&missing(b))).unwrap_or(0);
        Ok(Simulation {
            samples: n,
            seed: source.seed,
            all_strategies,
            strategies: rows.collect(),
            best,
            informed: mean_of(sums.best[0], sums.best[1], n, centre[0]),
            evpi: mean_of(sums.outputs[best][3], sums.outputs[best][4], n, 0.0),
            values: sums.values,
            tape,
            lanes,
            source,
        })
    }
}

/// Chunks that are worked on before their sums are added up.
const BATCH: usize = 256;

/// Strategies that a simulation may tell apart.
const MAX_STRATEGIES: u64 = 4096;
/// Nodes over all of them.
const MAX_VISITS: u64 = 50_000_000;

fn alternatives(tape: &Tape, strategies: Vec<Option<Strategy>>) -> Vec<(Option<Strategy>, String)> {
    let tree = &tape.tree;
    let decides = tree.kind(0) == Kind::Decision;
    let first =
        |strategy: &Strategy| strategy.choices.first().filter(|_| decides).map(|c| c.alternative.clone());
    if !strategies.is_empty() {
        let named = |s: Option<Strategy>| (s.clone(), s.as_ref().and_then(first).unwrap_or_default());
        return strategies.into_iter().map(named).collect();
    }
    if !decides {
        return vec![(None, String::new())];
    }
    tree.children(0).map(|i| (None, tree.label(i).to_string())).collect()
}

/// The outputs at the base values: sums are taken around them, so that no digits are lost.
fn centre(tape: &Tape, lanes: &Lanes) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = tape.base.iter().map(|value| vec![value.to_f64(); LANES]).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let mut rows = lanes.rows();
    lanes.run(&mut rows, &columns, &mut |_, _| {});
    lanes.outputs.iter().map(|&row| Some(rows.row(row)[0]).filter(|x| x.is_finite()).unwrap_or(0.0)).collect()
}

struct Run<'a> {
    tape: &'a Tape,
    lanes: &'a Lanes,
    source: &'a Source,
    centre: Vec<f64>,
}

/// Sums over samples.
#[derive(Debug, Clone, Default)]
struct Sums {
    samples: usize,
    /// For each output: value − centre, its square, how often it is best, how much is missing to the best, its square.
    outputs: Vec<[f64; 5]>,
    /// The best value less the first centre, and its square.
    best: [f64; 2],
    values: Vec<f64>,
}

impl Sums {
    fn add(&mut self, part: &Self) {
        self.samples += part.samples;
        self.values.extend_from_slice(&part.values);
        (0..2).for_each(|k| self.best[k] += part.best[k]);
        for (sum, more) in self.outputs.iter_mut().zip(&part.outputs) {
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }
}

/// Samples that cannot be.
#[derive(Debug, Clone)]
struct Bad {
    count: usize,
    first: usize,
    fault: Fault,
    /// The values of the parameters in the first.
    values: Vec<f64>,
}

impl Run<'_> {
    fn all(&self, watch: &dyn Watch) -> Result<Sums> {
        let done = std::sync::atomic::AtomicUsize::new(0);
        let chunks = self.source.chunks();
        let mut all = Sums { outputs: vec![[0.0; 5]; self.centre.len()], ..Sums::default() };
        all.values.reserve_exact(self.source.samples);
        let mut bad: Option<Bad> = None;
        let room = || (self.lanes.rows(), vec![vec![0.0; CHUNK]; self.tape.base.len()]);
        // Some chunks at a time, for the memory; added up in their order, whatever the threads.
        for first in (0..chunks).step_by(BATCH) {
            let parts: Vec<(Sums, Option<Bad>)> = (first..chunks.min(first + BATCH))
                .into_par_iter()
                .map_init(room, |(rows, columns), chunk| {
                    watch.check()?;
                    let part = self.chunk(chunk, rows, columns);
                    let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                    watch.progress(done as u64, chunks as u64);
                    Ok(part)
                })
                .collect::<Result<_>>()?;
            for (part, wrong) in parts {
                all.add(&part);
                match (&mut bad, wrong) {
                    (Some(bad), Some(wrong)) => bad.count += wrong.count,
                    (None, wrong) => bad = wrong,
                    (Some(_), None) => {}
                }
            }
        }
        if let Some(bad) = bad {
            return Err(self.refused(&bad));
        }
        if !all.values.iter().all(|value| value.is_finite()) || !all.best[1].is_finite() {
            return Err(Error::Overflow {
                what: "a value of the decision in some sample".into(),
                mend: "use distributions without such long tails, or a larger unit".into(),
            });
        }
        Ok(all)
    }

    fn chunk(&self, chunk: usize, rows: &mut Rows, columns: &mut [Vec<f64>]) -> (Sums, Option<Bad>) {
        for (parameter, column) in columns.iter_mut().enumerate() {
            self.source.fill(parameter, chunk, column);
        }
        let samples = self.source.len(chunk);
        let mut sums = Sums { samples, outputs: vec![[0.0; 5]; self.centre.len()], ..Sums::default() };
        sums.values.reserve_exact(samples);
        let mut bad: Option<Bad> = None;
        for start in (0..samples).step_by(LANES) {
            let count = LANES.min(samples - start);
            let block: Vec<&[f64]> = columns.iter().map(|column| &column[start..start + LANES]).collect();
            let mut wrong = [false; LANES];
            let mut first: Option<(usize, Fault)> = None;
            self.lanes.run(rows, &block, &mut |fault, lanes| {
                wrong.iter_mut().zip(lanes).for_each(|(wrong, lane)| *wrong |= lane);
                let lane = lanes[..count].iter().position(|lane| *lane);
                if let Some(lane) = lane.filter(|lane| first.is_none_or(|(known, _)| *lane < known)) {
                    first = Some((lane, fault));
                }
            });
            if let Some((lane, fault)) = first {
                let here = wrong[..count].iter().filter(|wrong| **wrong).count();
                if let Some(bad) = &mut bad {
                    bad.count += here;
                } else {
                    let values = block.iter().map(|column| column[lane]).collect();
                    bad = Some(Bad { count: here, first: chunk * CHUNK + start + lane, fault, values });
                }
            }
            self.add(rows, count, &mut sums);
        }
        (sums, bad)
    }

    /// Adds a block to the sums.
    fn add(&self, rows: &Rows, count: usize, sums: &mut Sums) {
        let outputs = &self.lanes.outputs;
        let profit = self.tape.sense == Sense::Profit;
        let mut best = [0.0; LANES];
        best.copy_from_slice(rows.row(outputs[0]));
        for &output in &outputs[1..] {
            let row = rows.row(output);
            if profit {
                best.iter_mut().zip(row).for_each(|(best, x)| *best = if *x > *best { *x } else { *best });
            } else {
                best.iter_mut().zip(row).for_each(|(best, x)| *best = if *x < *best { *x } else { *best });
            }
        }
        let best = &best[..count];
        for ((sum, &output), &centre) in sums.outputs.iter_mut().zip(outputs).zip(&self.centre) {
            let part = five_sums(&rows.row(output)[..count], best, centre);
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        let part = five_sums(best, best, self.centre[0]);
        sums.best[0] += part[0];
        sums.best[1] += part[1];
        sums.values.extend_from_slice(best);
    }

    fn refused(&self, bad: &Bad) -> Error {
        let (tape, samples) = (self.tape, self.source.samples);
        let (node, what, mend) = match bad.fault {
            Fault::Probability(k) => (
                tape.probabilities[k].node,
                "a probability is not between 0 and 1".to_string(),
                "choose distributions under which it is",
            ),
            Fault::Sum(k) => (
                tape.sums[k].node,
                "the probabilities do not sum to 1".into(),
                "link them, such as \"p\" and \"1-p\", or write \"#\" for the rest",
            ),
            Fault::Divisor(k) => (
                tape.divisors[k].0.node,
                format!("the expression {} divides by nought", tape.divisors[k].1),
                "choose distributions without this value",
            ),
        };
        let varies = (0..tape.base.len()).filter(|&k| self.source.varies(k));
        let values = varies.map(|k| format!("{} = {}", tape.parameters[k], bad.values[k]));
        let values = values.collect::<Vec<_>>().join(", ");
        let (count, first) = (bad.count, bad.first);
        tape.invalid(
            node,
            format!("{what} in {count} of {samples} samples, first in sample {first} ({values})"),
            mend,
        )
    }
}

/// Lanes of a sum: independent of each other, so that the processor adds several at once.
const WIDTH: usize = 8;

/// Σ(x − c), Σ(x − c)², how often x is the best, Σ|best − x|, Σ(best − x)².
fn five_sums(values: &[f64], best: &[f64], centre: f64) -> [f64; 5] {
    let mut sums = [[0.0; WIDTH]; 5];
    let mut add = |lane: usize, x: f64, best: f64| {
        let (d, gap) = (x - centre, (best - x).abs());
        sums[0][lane] += d;
        sums[1][lane] += d * d;
        sums[2][lane] += f64::from(u8::from(gap == 0.0));
        sums[3][lane] += gap;
        sums[4][lane] += gap * gap;
    };
    let (values_in, best_in) = (values.chunks_exact(WIDTH), best.chunks_exact(WIDTH));
    let rest = values_in.remainder().iter().zip(best_in.remainder());
    for (values, best) in values_in.clone().zip(best_in.clone()) {
        for lane in 0..WIDTH {
            add(lane, values[lane], best[lane]);
        }
    }
    for (lane, (x, best)) in rest.enumerate() {
        add(lane, *x, *best);
    }
    sums.map(|lanes| lanes.iter().sum())
}

/// A mean and its standard error, from sums around a centre.
pub(super) fn mean_of(sum: f64, squares: f64, samples: usize, centre: f64) -> (f64, f64) {
    let n = samples as f64;
    let shift = sum / n;
    let variance = ((squares - sum * shift) / (n - 1.0)).max(0.0);
    (centre + shift, (variance / n).sqrt())
}

impl Simulation {
    /// Values that a share of the samples does not surpass, by linear interpolation between neighbours (type 7 of
    /// Hyndman & Fan 1996).
    pub fn quantiles(&self, shares: &[f64]) -> Result<Vec<f64>> {
        if let Some(share) = shares.iter().find(|share| !(0.0..=1.0).contains(*share)) {
            return Err(Error::parameter("quantile", share, "a share from 0 to 1"));
        }
        let mut sorted = self.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len() - 1;
        let at = |share: f64| {
            let place = share * last as f64;
            let below = (place as usize).min(last);
            let above = (below + 1).min(last);
            sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
        };
        Ok(shares.iter().map(|share| at(*share)).collect())
    }
}
