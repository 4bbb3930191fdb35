//! What it is worth to know one parameter before choosing.

use rayon::prelude::*;

use super::draws::{CHUNK, Column};
use super::lanes::{LANES, Rows};
use super::run::{Simulation, mean_of};
use crate::decision::expression::Operation;
use crate::decision::scalar::Sense;
use crate::decision::sensitivity::tape::{Code, Tape};
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Chunks that are worked on before their sums are added up.
const BATCH: usize = 32;

/// How an expected value of partial perfect information was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvppiMethod {
    /// Every strategy is linear in each parameter and the parameters are independent: given one of them, a
    /// strategy's expected value is a line through its value at the means of the others. Only the one parameter is
    /// sampled.
    Lines,
    /// Samples sorted by the parameter, in blocks; a strategy's mean over a block stands for its expected value
    /// there (Strong & Oakley 2013). Slightly too large, the more so the fewer samples there are; the standard error
    /// is that between blocks only.
    Blocks,
}

/// The expected value of perfect information on one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Evppi {
    /// The parameter.
    pub parameter: String,
    /// The value, and its standard error.
    pub value: (f64, f64),
    /// How it was found.
    pub method: EvppiMethod,
}

impl Simulation {
    /// What it would be worth to know one parameter before choosing, the others being as uncertain as they are.
    ///
    /// E max over strategies of E(value | parameter), less the best expected value (Raiffa & Schlaifer 1961), from
    /// the same samples.
    pub fn evppi(&self, parameter: &str, watch: &dyn Watch) -> Result<Evppi> {
        let at = self.tape.parameters.iter().position(|known| **known == *parameter);
        let Some(at) = at.filter(|&at| self.source.varies(at)) else {
            let varies = (0..self.tape.base.len()).filter(|&k| self.source.varies(k));
            let names: Vec<&str> = varies.map(|k| &*self.tape.parameters[k]).collect();
            return Err(Error::UnknownName {
                what: "the uncertain parameter".into(),
                name: parameter.chars().take(60).collect(),
                mend: format!("the uncertain parameters are: {}", names.join(", ")),
            });
        };
        let independent = self.source.seed.is_some();
        let lines = independent && is_multilinear(&self.tape, |k| self.source.varies(k));
        let (value, method) = if lines {
            (self.by_lines(at, watch)?, EvppiMethod::Lines)
        } else {
            (self.by_blocks(at, watch)?, EvppiMethod::Blocks)
        };
        Ok(Evppi { parameter: parameter.into(), value, method })
    }

    fn samples_of(&self, parameter: usize, watch: &dyn Watch) -> Result<Vec<f64>> {
        let mut samples = Vec::with_capacity(self.samples);
        let mut chunk_of = vec![0.0; CHUNK];
        for chunk in 0..self.source.chunks() {
            watch.check()?;
            self.source.fill(parameter, chunk, &mut chunk_of);
            samples.extend_from_slice(&chunk_of[..self.source.len(chunk)]);
        }
        Ok(samples)
    }

    fn by_lines(&self, parameter: usize, watch: &dyn Watch) -> Result<(f64, f64)> {
        let means = self.source.columns.iter().map(|column| match column {
            Column::Constant(value) => *value,
            Column::Drawn(distribution) => distribution.mean(),
            Column::Given(values) => values.iter().sum::<f64>() / values.len() as f64,
        });
        let mut columns: Vec<Vec<f64>> = means.map(|mean| vec![mean; LANES]).collect();
        // Two points give the lines; the first lane is the mean.
        let mean = columns[parameter][0];
        columns[parameter][1] = mean + 1.0;
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut rows = self.lanes.rows();
        self.lanes.run(&mut rows, &columns, &mut |_, _| {});
        let line = |row: &u32| (rows.row(*row)[0], rows.row(*row)[1] - rows.row(*row)[0]);
        let lines: Vec<(f64, f64)> = self.lanes.outputs.iter().map(line).collect();
        // What is missing to the best at each sample, for each line.
        let mut sums = vec![[0.0; 2]; lines.len()];
        for x in self.samples_of(parameter, watch)? {
            let values = lines.iter().map(|(value, slope)| value + slope * (x - mean));
            let best = self.best_of(values.clone());
            for (sum, value) in sums.iter_mut().zip(values) {
                let gap = (best - value).abs();
                sum[0] += gap;
                sum[1] += gap * gap;
            }
        }
        Ok(least(&sums, self.samples))
    }

    fn best_of(&self, values: impl Iterator<Item = f64>) -> f64 {
        if self.tape.sense == Sense::Profit {
            values.fold(f64::NEG_INFINITY, f64::max)
        } else {
            values.fold(f64::INFINITY, f64::min)
        }
    }

    fn by_blocks(&self, parameter: usize, watch: &dyn Watch) -> Result<(f64, f64)> {
        let samples = self.samples_of(parameter, watch)?;
        let mut sorted = samples.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let blocks = (self.samples as f64).powf(0.4).ceil() as usize;
        let mut ends: Vec<f64> = (1..blocks).map(|k| sorted[k * sorted.len() / blocks]).collect();
        // Equal values come into one block.
        ends.dedup();
        let block_of = |x: f64| ends.partition_point(|end| *end <= x);
        let outputs = self.lanes.outputs.len();
        let width = outputs + 1;
        let sums_of = |rows: &mut Rows, columns: &mut Vec<Vec<f64>>, chunk| {
            watch.check()?;
            for (k, column) in columns.iter_mut().enumerate() {
                self.source.fill(k, chunk, column);
            }
            let mut sums = vec![0.0; (ends.len() + 1) * width];
            let count = self.source.len(chunk);
            for start in (0..count).step_by(LANES) {
                let block: Vec<&[f64]> = columns.iter().map(|column| &column[start..start + LANES]).collect();
                self.lanes.run(rows, &block, &mut |_, _| {});
                for (lane, x) in block[parameter].iter().enumerate().take(count - start) {
                    let at = block_of(*x) * width;
                    sums[at] += 1.0;
                    for (k, &output) in self.lanes.outputs.iter().enumerate() {
                        sums[at + 1 + k] += rows.row(output)[lane];
                    }
                }
            }
            Ok(sums)
        };
        let mut all = vec![0.0; (ends.len() + 1) * width];
        let room = || (self.lanes.rows(), vec![vec![0.0; CHUNK]; self.tape.base.len()]);
        // Some chunks at a time, for the memory; added up in their order.
        for first in (0..self.source.chunks()).step_by(BATCH) {
            let parts: Vec<Vec<f64>> = (first..self.source.chunks().min(first + BATCH))
                .into_par_iter()
                .map_init(room, |(rows, columns), chunk| sums_of(rows, columns, chunk))
                .collect::<Result<_>>()?;
            for part in parts {
                all.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
            }
        }
        let mut sums = vec![[0.0; 2]; outputs];
        for block in all.chunks_exact(outputs + 1).filter(|block| block[0] > 0.0) {
            let (count, totals) = (block[0], &block[1..]);
            let best = self.best_of(totals.iter().map(|total| total / count));
            for (sum, total) in sums.iter_mut().zip(totals) {
                let gap = (best - total / count).abs();
                sum[0] += gap * count;
                sum[1] += gap * gap * count;
            }
        }
        Ok(least(&sums, self.samples))
    }
}

/// The least expected loss of a strategy that is chosen without knowledge.
fn least(sums: &[[f64; 2]], samples: usize) -> (f64, f64) {
    let least = sums.iter().min_by(|a, b| a[0].total_cmp(&b[0]));
    least.map_or((0.0, 0.0), |sums| mean_of(sums[0], sums[1], samples, 0.0))
}

/// Whether every output is linear in each of the parameters that vary, the others held: no product of two values
/// that share one, no quotient by one, nothing decided.
fn is_multilinear(tape: &Tape, varies: impl Fn(usize) -> bool) -> bool {
    let place: Vec<usize> = (0..tape.base.len()).filter(|&k| varies(k)).collect();
    if place.len() > 128 {
        return false;
    }
    let mut needs: Vec<u128> = Vec::with_capacity(tape.code.len());
    let mut linear: Vec<bool> = Vec::with_capacity(tape.code.len());
    for code in &tape.code {
        let (need, is_linear) = match code {
            Code::Number(_) => (0, true),
            Code::Parameter(k) => {
                (place.iter().position(|p| p == &(*k as usize)).map_or(0, |bit| 1 << bit), true)
            }
            Code::Apply(operation, a, b) => {
                let (a, b) = (*a as usize, *b as usize);
                let fine = match operation {
                    Operation::Add | Operation::Subtract => true,
                    Operation::Multiply => needs[a] & needs[b] == 0,
                    Operation::Divide => needs[b] == 0,
                };
                (needs[a] | needs[b], linear[a] && linear[b] && fine)
            }
            Code::Best(branches) => {
                let need = branches.iter().fold(0, |need, &slot| need | needs[slot as usize]);
                (need, need == 0)
            }
        };
        needs.push(need);
        linear.push(is_linear);
    }
    tape.outputs.iter().all(|&slot| linear[slot as usize])
}
