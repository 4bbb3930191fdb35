//! How a model takes customers to differ.

use crate::error::{Error, Result};
use crate::math::special::{ln_beta, ln_gamma};

/// What a model takes customers to differ in, and how it is distributed over them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// What differs, such as "purchase rate".
    pub trait_name: &'static str,
    /// How it is distributed over customers.
    pub law: MixingLaw,
}

/// A distribution over customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MixingLaw {
    /// Gamma: mean shape/rate.
    Gamma {
        /// Shape.
        shape: f64,
        /// Rate, in periods.
        rate: f64,
    },
    /// Beta: mean a/(a+b).
    Beta {
        /// First shape.
        a: f64,
        /// Second shape.
        b: f64,
    },
}

impl MixingLaw {
    /// The mean over customers.
    pub fn mean(self) -> f64 {
        match self {
            Self::Gamma { shape, rate } => shape / rate,
            Self::Beta { a, b } => a / (a + b),
        }
    }

    /// The standard deviation over customers.
    pub fn standard_deviation(self) -> f64 {
        match self {
            Self::Gamma { shape, rate } => shape.sqrt() / rate,
            Self::Beta { a, b } => (self.mean() * (b / (a + b)) / (a + b + 1.0)).sqrt(),
        }
    }

    /// The density at a value strictly inside the range: above 0, and for a beta distribution below 1.
    pub fn density(self, at: f64) -> Result<f64> {
        match self {
            Self::Gamma { shape, rate } if at > 0.0 && at.is_finite() => {
                let scaled = rate * at;
                Ok((shape * scaled.ln() - scaled - ln_gamma(shape)).exp() / at)
            }
            Self::Beta { a, b } if at > 0.0 && at < 1.0 => {
                Ok(((a - 1.0) * at.ln() + (b - 1.0) * (-at).ln_1p() - ln_beta(a, b)).exp())
            }
            _ => Err(Error::parameter("at", at, "a value inside the range of the distribution")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exponential and the uniform distribution, and a parabola.
    #[test]
    fn densities_by_hand() {
        let exponential = MixingLaw::Gamma { shape: 1.0, rate: 2.0 };
        assert!((exponential.density(0.7).unwrap() - 2.0 * (-1.4_f64).exp()).abs() < 1e-15);
        assert_eq!((exponential.mean(), exponential.standard_deviation()), (0.5, 0.5));
        let uniform = MixingLaw::Beta { a: 1.0, b: 1.0 };
        assert!((uniform.density(0.3).unwrap() - 1.0).abs() < 1e-15);
        assert!((uniform.standard_deviation() - (1.0_f64 / 12.0).sqrt()).abs() < 1e-15);
        let parabola = MixingLaw::Beta { a: 2.0, b: 2.0 };
        assert!((parabola.density(0.25).unwrap() - 6.0 * 0.25 * 0.75).abs() < 1e-14);
        assert!(parabola.density(1.0).is_err() && exponential.density(0.0).is_err());
    }
}
