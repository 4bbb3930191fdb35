//! Polynomials of one variable with fractions as coefficients.

use crate::decision::exact::Exact;
use crate::error::{Error, Result};

/// The highest degree that is worked with.
const MAX_DEGREE: usize = 64;

/// Coefficients from that of x⁰ on; the last is not nought, and nought has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Polynomial(Vec<Exact>);

impl Polynomial {
    pub fn constant(value: Exact) -> Self {
        Self::new(vec![value])
    }

    /// x itself.
    pub fn variable() -> Self {
        Self(vec![Exact::ZERO, Exact::ONE])
    }

    fn new(mut coefficients: Vec<Exact>) -> Self {
        while coefficients.last().is_some_and(Exact::is_zero) {
            coefficients.pop();
        }
        Self(coefficients)
    }

    /// From that of x⁰ on.
    pub fn coefficients(&self) -> &[Exact] {
        &self.0
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Nought has degree 0 as well.
    pub fn degree(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// Its value, if it is the same everywhere.
    pub fn as_constant(&self) -> Option<Exact> {
        match self.0.as_slice() {
            [] => Some(Exact::ZERO),
            [value] => Some(value.clone()),
            _ => None,
        }
    }

    pub fn leading(&self) -> Exact {
        self.0.last().cloned().unwrap_or(Exact::ZERO)
    }

    /// The value at x (Horner 1819).
    pub fn at(&self, x: &Exact) -> Result<Exact> {
        let mut value = Exact::ZERO;
        for coefficient in self.0.iter().rev() {
            value = &(&value * x) + coefficient;
            tame(&value)?;
        }
        Ok(value)
    }

    /// −1, 0 or 1: the sign at x.
    pub fn sign_at(&self, x: &Exact) -> Result<i32> {
        let value = self.at(x)?;
        Ok(if value.is_zero() { 0 } else { 1 - 2 * i32::from(value.is_negative()) })
    }

    pub fn add(&self, other: &Self) -> Result<Self> {
        let (long, short) = if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut sum = long.0.clone();
        for (a, b) in sum.iter_mut().zip(&short.0) {
            *a = &*a + b;
            tame(a)?;
        }
        Ok(Self::new(sum))
    }

    pub fn negated(&self) -> Self {
        Self(self.0.iter().map(|c| -c).collect())
    }

    pub fn sub(&self, other: &Self) -> Result<Self> {
        self.add(&other.negated())
    }

    pub fn scaled(&self, factor: &Exact) -> Result<Self> {
        let scaled: Vec<_> = self.0.iter().map(|c| c * factor).collect();
        scaled.iter().try_for_each(tame)?;
        Ok(Self::new(scaled))
    }

    pub fn mul(&self, other: &Self) -> Result<Self> {
        if self.is_zero() || other.is_zero() {
            return Ok(Self(Vec::new()));
        }
        if self.degree() + other.degree() > MAX_DEGREE {
            return Err(Error::LimitExceeded {
                what: "the degree of the expected value as a function of the parameter".into(),
                limit: MAX_DEGREE as u64,
                mend: "let the parameter stand in fewer stages, or ask for a simulation".into(),
            });
        }
        let mut product = vec![Exact::ZERO; self.0.len() + other.0.len() - 1];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                product[i + j] = &product[i + j] + &(a * b);
                tame(&product[i + j])?;
            }
        }
        Ok(Self::new(product))
    }

    pub fn derivative(&self) -> Self {
        let terms = self.0.iter().enumerate().skip(1);
        Self::new(terms.map(|(k, c)| c * &Exact::from(k as i64)).collect())
    }

    /// Quotient and remainder by a polynomial that is not nought.
    pub fn divide(&self, by: &Self) -> Result<(Self, Self)> {
        let Some(top) = by.leading().reciprocal() else { return Ok((Self(Vec::new()), self.clone())) };
        let (mut rest, n) = (self.0.clone(), by.0.len());
        let mut quotient = vec![Exact::ZERO; (self.0.len() + 1).saturating_sub(n)];
        for k in (0..quotient.len()).rev() {
            let factor = &rest[k + n - 1] * &top;
            for (j, c) in by.0.iter().enumerate() {
                rest[k + j] = &rest[k + j] - &(&factor * c);
                tame(&rest[k + j])?;
            }
            quotient[k] = factor;
        }
        Ok((Self::new(quotient), Self::new(rest)))
    }

    /// Scaled to a leading coefficient of 1 or −1: shorter numbers, the same sign everywhere.
    pub fn normal(&self) -> Result<Self> {
        match self.leading().reciprocal() {
            Some(scale) if scale.is_negative() => self.scaled(&-&scale),
            Some(scale) => self.scaled(&scale),
            None => Ok(self.clone()),
        }
    }

    /// The greatest common divisor (Euclid).
    pub fn gcd(&self, other: &Self) -> Result<Self> {
        let (mut a, mut b) = (self.normal()?, other.normal()?);
        while !b.is_zero() {
            let rest = a.divide(&b)?.1.normal()?;
            (a, b) = (b, rest);
        }
        Ok(a)
    }

    /// The same roots, each once.
    pub fn without_multiples(&self) -> Result<Self> {
        let shared = self.gcd(&self.derivative())?;
        if shared.degree() == 0 { Ok(self.clone()) } else { Ok(self.divide(&shared)?.0) }
    }
}

/// An error if a number is too long. Between rollback's values there may be products that no float holds.
pub(super) fn tame(value: &Exact) -> Result<()> {
    match value.check() {
        Err(Error::Overflow { .. }) | Ok(()) => Ok(()),
        Err(_) => Err(Error::LimitExceeded {
            what: "the length of an exact fraction, in bits,".into(),
            limit: crate::decision::exact::MAX_BITS,
            mend: "let the parameter stand in fewer stages, or give shorter numbers".into(),
        }),
    }
}
