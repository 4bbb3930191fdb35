//! Quotients of two polynomials: what expected values are as functions of one parameter.

use super::polynomial::Polynomial;
use crate::decision::exact::Exact;
use crate::error::Result;

/// A quotient in lowest terms whose denominator is positive where the parameter may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quotient {
    pub top: Polynomial,
    pub bottom: Polynomial,
}

impl Quotient {
    pub fn whole(top: Polynomial) -> Self {
        Self { top, bottom: Polynomial::constant(Exact::ONE) }
    }

    /// In lowest terms; `within` is a value that the parameter may have.
    fn reduced(top: Polynomial, bottom: Polynomial, within: &Exact) -> Result<Self> {
        if let Some(value) = bottom.as_constant() {
            let top = value.reciprocal().map_or(Ok(top.clone()), |scale| top.scaled(&scale))?;
            return Ok(Self::whole(top));
        }
        let shared = top.gcd(&bottom)?;
        let (top, bottom) = if shared.degree() > 0 {
            (top.divide(&shared)?.0, bottom.divide(&shared)?.0)
        } else {
            (top, bottom)
        };
        let sign = Exact::from(bottom.sign_at(within)?);
        let scale = bottom.leading().reciprocal().unwrap_or(Exact::ONE);
        let scale = if scale.is_negative() { -&scale } else { scale };
        let scale = &scale * &sign;
        let reduced = Self { top: top.scaled(&scale)?, bottom: bottom.scaled(&scale)? };
        // A constant denominator is 1.
        match reduced.bottom.as_constant() {
            Some(_) => Ok(Self::whole(reduced.top)),
            None => Ok(reduced),
        }
    }

    pub fn add(&self, other: &Self, within: &Exact) -> Result<Self> {
        if self.bottom == other.bottom {
            let top = self.top.add(&other.top)?;
            return if self.bottom.degree() == 0 {
                Ok(Self::whole(top))
            } else {
                Self::reduced(top, self.bottom.clone(), within)
            };
        }
        let top = self.top.mul(&other.bottom)?.add(&other.top.mul(&self.bottom)?)?;
        Self::reduced(top, self.bottom.mul(&other.bottom)?, within)
    }

    pub fn negated(&self) -> Self {
        Self { top: self.top.negated(), bottom: self.bottom.clone() }
    }

    pub fn mul(&self, other: &Self, within: &Exact) -> Result<Self> {
        let top = self.top.mul(&other.top)?;
        if self.bottom.degree() + other.bottom.degree() == 0 {
            return Ok(Self::whole(top));
        }
        Self::reduced(top, self.bottom.mul(&other.bottom)?, within)
    }

    /// Divided by a quotient that vanishes nowhere where the parameter may be.
    pub fn over(&self, other: &Self, within: &Exact) -> Result<Self> {
        Self::reduced(self.top.mul(&other.bottom)?, self.bottom.mul(&other.top)?, within)
    }

    /// A polynomial with the sign of the difference.
    pub fn less(&self, other: &Self) -> Result<Polynomial> {
        if self.bottom == other.bottom {
            return self.top.sub(&other.top);
        }
        self.top.mul(&other.bottom)?.sub(&other.top.mul(&self.bottom)?)
    }

    pub fn at(&self, x: &Exact) -> Result<Exact> {
        let bottom = self.bottom.at(x)?.reciprocal().unwrap_or(Exact::ZERO);
        let value = &self.top.at(x)? * &bottom;
        value.check()?;
        Ok(value)
    }
}
