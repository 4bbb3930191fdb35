//! Where the samples of the parameters come from.

use rand_pcg::Pcg64;

use super::distribution::Distribution;
use super::lanes::LANES;
use crate::decision::sensitivity::tape::Tape;
use crate::error::{Error, Result};

/// Samples that one stream of random numbers draws: the answer does not depend on the number of threads.
pub(super) const CHUNK: usize = 16 * LANES;

/// The most samples: a float is kept of each.
const MAX_SAMPLES: usize = 1 << 28;

/// Values of parameters; those that are not named keep their base values.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Draws {
    /// Independent draws of each parameter.
    Independent {
        /// What is believed about each.
        distributions: Vec<(String, Distribution)>,
        /// How many are drawn.
        samples: usize,
        /// The same seed, the same samples.
        seed: u64,
    },
    /// Samples that are given, equally many of each parameter; together they may depend on each other.
    Given(Vec<(String, Vec<f64>)>),
}

/// The samples of one parameter.
#[derive(Debug)]
pub(super) enum Column {
    Constant(f64),
    Drawn(Distribution),
    Given(Vec<f64>),
}

/// The samples of all parameters.
#[derive(Debug)]
pub(super) struct Source {
    pub columns: Vec<Column>,
    pub samples: usize,
    pub seed: Option<u64>,
}

impl Source {
    pub fn of(tape: &Tape, draws: Draws) -> Result<Self> {
        let mut columns: Vec<_> = tape.base.iter().map(|value| Column::Constant(value.to_f64())).collect();
        let mut place = |name: &str, column: Column| {
            let known = tape.parameters.iter().position(|known| **known == *name);
            let Some(at) = known else {
                return Err(Error::UnknownName {
                    what: "the parameter".into(),
                    name: name.chars().take(60).collect(),
                    mend: format!("the parameters are: {}", tape.parameters.join(", ")),
                });
            };
            if !matches!(columns[at], Column::Constant(_)) {
                return Err(Error::parameter(
                    "the name of a parameter",
                    format!("'{name}' twice"),
                    "each once",
                ));
            }
            columns[at] = column;
            Ok(())
        };
        let (samples, seed) = match draws {
            Draws::Independent { distributions, samples, seed } => {
                for (name, distribution) in distributions {
                    distribution.check(&name)?;
                    place(&name, Column::Drawn(distribution))?;
                }
                (samples, Some(seed))
            }
            Draws::Given(given) => {
                let samples = given.first().map_or(0, |(_, values)| values.len());
                for (name, values) in given {
                    if values.len() != samples {
                        return Err(Error::UnequalLength {
                            column: name,
                            expected: samples,
                            found: values.len(),
                        });
                    }
                    check_finite(&name, &values)?;
                    place(&name, Column::Given(values))?;
                }
                (samples, None)
            }
        };
        if columns.iter().all(|column| matches!(column, Column::Constant(_))) {
            return Err(Error::parameter(
                "distributions",
                "none",
                "a distribution or samples of a parameter",
            ));
        }
        if !(2..=MAX_SAMPLES).contains(&samples) {
            return Err(Error::parameter("samples", samples, &format!("a number from 2 to {MAX_SAMPLES}")));
        }
        Ok(Self { columns, samples, seed })
    }

    pub fn chunks(&self) -> usize {
        self.samples.div_ceil(CHUNK)
    }

    /// How many samples a chunk has.
    pub fn len(&self, chunk: usize) -> usize {
        CHUNK.min(self.samples - chunk * CHUNK)
    }

    /// The samples of a parameter in a chunk, repeated to its full length.
    pub fn fill(&self, parameter: usize, chunk: usize, out: &mut [f64]) {
        match &self.columns[parameter] {
            Column::Constant(value) => out.fill(*value),
            Column::Drawn(distribution) => {
                distribution.draw(&mut stream(self.seed.unwrap_or_default(), chunk, parameter), out);
            }
            Column::Given(values) => {
                let part = &values[chunk * CHUNK..chunk * CHUNK + self.len(chunk)];
                out[..part.len()].copy_from_slice(part);
                out[part.len()..].fill(part[0]);
            }
        }
    }

    pub fn varies(&self, parameter: usize) -> bool {
        !matches!(self.columns[parameter], Column::Constant(_))
    }
}

/// The random numbers of a parameter in a chunk. Neighbouring streams of a congruential generator resemble each other
/// unless they begin at places that are mixed well (Steele, Lea & Flood 2014).
fn stream(seed: u64, chunk: usize, parameter: usize) -> Pcg64 {
    let mut at = mixed(seed.wrapping_add(mixed((chunk as u64) << 20 | parameter as u64)));
    let mut next = || {
        at = at.wrapping_add(0x9e37_79b9_7f4a_7c15);
        u128::from(mixed(at))
    };
    Pcg64::new(next() << 64 | next(), next() << 64 | next())
}

fn mixed(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn check_finite(name: &str, values: &[f64]) -> Result<()> {
    let wrong = |x: &f64| !x.is_finite();
    let Some(row) = values.iter().position(wrong) else { return Ok(()) };
    Err(Error::InvalidValue {
        column: name.into(),
        row: row as u64,
        count: values.iter().filter(|x| wrong(x)).count() as u64,
        problem: "a value that is no finite number".into(),
        mend: "give a number for each sample".into(),
    })
}
