//! What is believed about a parameter.

use rand::RngExt;
use rand_distr::{Beta, Distribution as _, Gamma, LogNormal, Normal};
use rand_pcg::Pcg64;

use crate::error::{Error, Result};

/// A distribution of a parameter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// With density ∝ x^(a−1) (1−x)^(b−1) on 0 to 1.
    Beta {
        /// Above 0.
        a: f64,
        /// Above 0.
        b: f64,
    },
    /// All values between two ends alike.
    Uniform {
        /// Where it begins.
        low: f64,
        /// Where it ends.
        high: f64,
    },
    /// Rising to the mode and falling from it in straight lines.
    Triangular {
        /// Where it begins.
        low: f64,
        /// The likeliest value.
        mode: f64,
        /// Where it ends.
        high: f64,
    },
    /// A beta distribution between two ends with mean (low + 4 mode + high) / 6 (Malcolm and others 1959).
    Pert {
        /// Where it begins.
        low: f64,
        /// The likeliest value.
        mode: f64,
        /// Where it ends.
        high: f64,
    },
    /// The normal distribution.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation, not negative.
        sd: f64,
    },
    /// e to the power of a normal variable.
    LogNormal {
        /// The mean of the logarithm.
        mu: f64,
        /// The standard deviation of the logarithm, not negative.
        sigma: f64,
    },
    /// With density ∝ x^(shape−1) e^(−x/scale).
    Gamma {
        /// Above 0.
        shape: f64,
        /// Above 0.
        scale: f64,
    },
    /// One of some values.
    Discrete {
        /// The values.
        values: Vec<f64>,
        /// Their probabilities, which sum to 1.
        probabilities: Vec<f64>,
    },
}

impl Distribution {
    /// An error if the numbers of the distribution of a parameter are not possible.
    pub fn check(&self, name: &str) -> Result<()> {
        let wrong = |value: String, expected: &str| Err(Error::parameter(name, value, expected));
        let finite = |numbers: &[f64]| numbers.iter().all(|x| x.is_finite());
        match self {
            Self::Beta { a, b } if !(finite(&[*a, *b]) && *a > 0.0 && *b > 0.0) => {
                wrong(format!("Beta({a}, {b})"), "a and b above 0")
            }
            Self::Uniform { low, high } if !(finite(&[*low, *high, high - low]) && low < high) => {
                wrong(format!("Uniform({low}, {high})"), "finite ends, low below high")
            }
            Self::Triangular { low, mode, high } | Self::Pert { low, mode, high }
                if !(finite(&[*low, *mode, *high, high - low])
                    && low <= mode
                    && mode <= high
                    && low < high) =>
            {
                let kind = if matches!(self, Self::Pert { .. }) { "Pert" } else { "Triangular" };
                wrong(format!("{kind}({low}, {mode}, {high})"), "low ≤ mode ≤ high, low below high")
            }
            Self::Normal { mean, sd } if !(finite(&[*mean, *sd]) && *sd >= 0.0) => {
                wrong(format!("Normal({mean}, {sd})"), "a finite mean and a standard deviation from 0 up")
            }
            Self::LogNormal { mu, sigma } if !(finite(&[*mu, *sigma]) && *sigma >= 0.0) => {
                wrong(format!("LogNormal({mu}, {sigma})"), "a finite mu and a sigma from 0 up")
            }
            Self::Gamma { shape, scale } if !(finite(&[*shape, *scale]) && *shape > 0.0 && *scale > 0.0) => {
                wrong(format!("Gamma({shape}, {scale})"), "shape and scale above 0")
            }
            Self::Discrete { values, probabilities } => {
                let sum: f64 = probabilities.iter().sum();
                if values.is_empty() || values.len() != probabilities.len() || !finite(values) {
                    return wrong("Discrete".into(), "finite values, and a probability for each");
                }
                if !probabilities.iter().all(|p| (0.0..=1.0).contains(p)) || (sum - 1.0).abs() > 1e-9 {
                    return wrong(format!("Discrete with probabilities that sum to {sum}"), "a sum of 1");
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The expected value.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Beta { a, b } => a / (a + b),
            Self::Uniform { low, high } => f64::midpoint(*low, *high),
            Self::Triangular { low, mode, high } => low / 3.0 + mode / 3.0 + high / 3.0,
            Self::Pert { low, mode, high } => low / 6.0 + mode * (2.0 / 3.0) + high / 6.0,
            Self::Normal { mean, .. } => *mean,
            Self::LogNormal { mu, sigma } => (mu + sigma * sigma / 2.0).exp(),
            Self::Gamma { shape, scale } => shape * scale,
            Self::Discrete { values, probabilities } => {
                values.iter().zip(probabilities).map(|(x, p)| x * p).sum()
            }
        }
    }

    /// Fills a column with draws; the distribution was checked.
    pub(super) fn draw(&self, random: &mut Pcg64, out: &mut [f64]) {
        match self {
            Self::Beta { a, b } => draw_beta(*a, *b, random, out),
            Self::Uniform { low, high } => {
                let width = high - low;
                out.iter_mut().for_each(|x| *x = low + width * random.random::<f64>());
            }
            Self::Triangular { low, mode, high } => {
                let (width, left, right) = (high - low, mode - low, high - mode);
                for x in out {
                    // The inverse of the distribution function.
                    let u: f64 = random.random();
                    *x = if u * width < left {
                        low + (u * width * left).sqrt()
                    } else {
                        high - ((1.0 - u) * width * right).sqrt()
                    };
                }
            }
            Self::Pert { low, mode, high } => {
                let width = high - low;
                let (a, b) = (1.0 + 4.0 * (mode - low) / width, 1.0 + 4.0 * (high - mode) / width);
                draw_beta(a, b, random, out);
                out.iter_mut().for_each(|x| *x = low + width * *x);
            }
            Self::Normal { mean, sd } => fill(Normal::new(*mean, *sd).ok(), random, out),
            Self::LogNormal { mu, sigma } => fill(LogNormal::new(*mu, *sigma).ok(), random, out),
            Self::Gamma { shape, scale } => fill(Gamma::new(*shape, *scale).ok(), random, out),
            Self::Discrete { values, probabilities } => {
                let mut up_to = probabilities.clone();
                (1..up_to.len()).for_each(|k| up_to[k] += up_to[k - 1]);
                let last = (0..values.len()).rfind(|&k| probabilities[k] > 0.0).unwrap_or(0);
                for x in out {
                    let u: f64 = random.random();
                    *x = values[up_to.partition_point(|p| *p <= u).min(last)];
                }
            }
        }
    }
}

/// As X / (X + Y) of two gamma variables, which are quicker to draw where both shapes are at least 1; smaller ones
/// could both underflow.
fn draw_beta(a: f64, b: f64, random: &mut Pcg64, out: &mut [f64]) {
    let (Ok(x), Ok(y)) = (Gamma::new(a, 1.0), Gamma::new(b, 1.0)) else {
        return fill(Beta::new(a, b).ok(), random, out);
    };
    if a < 1.0 || b < 1.0 {
        return fill(Beta::new(a, b).ok(), random, out);
    }
    for beta in out {
        let x = x.sample(random);
        *beta = x / (x + y.sample(random));
    }
}

fn fill(of: Option<impl rand_distr::Distribution<f64>>, random: &mut Pcg64, out: &mut [f64]) {
    // What was checked can be made; NaN would be found by the check of the samples.
    out.iter_mut().for_each(|x| *x = of.as_ref().map_or(f64::NAN, |of| of.sample(random)));
}
