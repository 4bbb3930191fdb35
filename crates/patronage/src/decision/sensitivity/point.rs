//! Points on the line of a parameter: fractions, and roots of polynomials between two fractions.

use std::cmp::Ordering;

use super::polynomial::Polynomial;
use super::roots::Sturm;
use crate::decision::exact::Exact;
use crate::decision::number::Value;
use crate::error::Result;

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Point(Place);

#[derive(Debug, Clone, PartialEq)]
enum Place {
    Exact(Exact),
    Root(Root),
}

/// An irrational root: the only one of a polynomial without multiple roots between two fractions, which are none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Root {
    pub polynomial: Polynomial,
    pub low: Exact,
    pub high: Exact,
    /// The sign at `low`.
    pub sign: i32,
}

impl Root {
    /// Halves the interval; the root if the middle hits it.
    pub fn halve(&mut self) -> Result<Option<Exact>> {
        let middle = (&self.low + &self.high).divided_by_two();
        match self.polynomial.sign_at(&middle)? {
            0 => return Ok(Some(middle)),
            sign if sign == self.sign => self.low = middle,
            _ => self.high = middle,
        }
        Ok(None)
    }
}

impl From<Exact> for Point {
    fn from(value: Exact) -> Self {
        Self(Place::Exact(value))
    }
}

impl From<Root> for Point {
    fn from(root: Root) -> Self {
        Self(Place::Root(root))
    }
}

impl Point {
    /// The fraction, or the float nearest to a root that is none: correct to 10⁻¹⁸ of its size before rounding.
    pub fn value(&self) -> Value {
        match &self.0 {
            Place::Exact(value) => value.clone().into(),
            Place::Root(root) => (&root.low + &root.high).divided_by_two().to_f64().into(),
        }
    }

    /// A fraction at or just below.
    pub(super) fn below(&self) -> &Exact {
        match &self.0 {
            Place::Exact(value) => value,
            Place::Root(root) => &root.low,
        }
    }

    /// A fraction at or just above.
    pub(super) fn above(&self) -> &Exact {
        match &self.0 {
            Place::Exact(value) => value,
            Place::Root(root) => &root.high,
        }
    }

    /// Narrows what is known of a root.
    pub(super) fn refine(&mut self) -> Result<()> {
        if let Place::Root(root) = &mut self.0 {
            root.halve()?;
        }
        Ok(())
    }

    /// Whether a fraction lies before, at or behind this point, seen from the fraction.
    pub(super) fn compare_to(&self, x: &Exact) -> Result<Ordering> {
        match &self.0 {
            Place::Exact(value) => Ok(value.cmp(x)),
            Place::Root(root) if *x <= root.low => Ok(Ordering::Greater),
            Place::Root(root) if *x >= root.high => Ok(Ordering::Less),
            Place::Root(root) => {
                let before = root.polynomial.sign_at(x)? == root.sign;
                Ok(if before { Ordering::Greater } else { Ordering::Less })
            }
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Result<Ordering> {
        match (&self.0, &other.0) {
            (_, Place::Exact(x)) => self.compare_to(x),
            (Place::Exact(x), _) => Ok(other.compare_to(x)?.reverse()),
            (Place::Root(a), Place::Root(b)) => {
                let shared = a.polynomial.gcd(&b.polynomial)?;
                let (low, high) = (a.low.clone().max(b.low.clone()), a.high.clone().min(b.high.clone()));
                // The ends are no roots of either polynomial's shared part within both intervals.
                if low < high && shared.degree() > 0 && Sturm::of(&shared)?.count(&low, &high)? > 0 {
                    return Ok(Ordering::Equal);
                }
                let (mut a, mut b) = (a.clone(), b.clone());
                while a.low < b.high && b.low < a.high {
                    a.halve()?;
                    b.halve()?;
                }
                Ok(a.low.cmp(&b.low))
            }
        }
    }
}

/// The simplest fraction, the one with the least denominator, strictly between two others.
pub(super) fn simplest_between(low: &Exact, high: &Exact) -> Exact {
    // Walks down the continued fractions that both have in common (Stern 1858, Brocot 1861).
    let (mut quotients, mut low, mut high) = (Vec::new(), low.clone(), Some(high.clone()));
    let last = loop {
        let whole = low.floor();
        let next = &whole + &Exact::ONE;
        if high.as_ref().is_none_or(|high| next < *high) {
            break next;
        }
        // Both lie in [whole, whole + 1]; reciprocals of what is beyond it change places.
        let above = high.as_ref().map_or(Exact::ONE, |high| high - &whole);
        let below = &low - &whole;
        quotients.push(whole);
        (low, high) = (above.reciprocal().unwrap_or(Exact::ONE), below.reciprocal());
    };
    quotients.iter().rev().fold(last, |tail, whole| whole + &tail.reciprocal().unwrap_or(Exact::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn simple_fractions() {
        // Found by hand: the fraction of the least denominator between the two.
        for (low, high, simplest) in [
            ("0", "1", "1/2"),
            ("1/3", "1/2", "2/5"),
            ("-1", "1", "0"),
            ("3.1", "3.2", "19/6"),
            ("-1/2", "-1/3", "-2/5"),
            ("1", "3", "2"),
        ] {
            let [low, high] = [low, high].map(|text| Exact::parse(text).unwrap());
            assert_eq!(simplest_between(&low, &high).to_string(), simplest);
        }
    }

    proptest! {
        /// No fraction with a smaller denominator lies between (tried one by one).
        #[test]
        fn simplest(a in -300i64..300, b in 1i64..60, c in 1i64..100, d in 1i64..60) {
            let low = Exact::ratio(a, b).unwrap();
            let high = &low + &Exact::ratio(c, d).unwrap();
            let found = simplest_between(&low, &high);
            prop_assert!(low < found && found < high);
            let least = (1..100_000i64).find(|&q| {
                let scaled = &low * &Exact::from(q);
                &scaled.floor() + &Exact::ONE < &high * &Exact::from(q)
            });
            prop_assert!((&found * &Exact::from(least.unwrap())).is_integer());
        }
    }
}
