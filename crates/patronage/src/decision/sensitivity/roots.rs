//! The real roots of a polynomial in an interval, told apart by signs that are exact.

use super::point::{Point, Root, simplest_between};
use super::polynomial::{Polynomial, tame};
use crate::decision::exact::Exact;
use crate::error::Result;

/// Irrational roots are narrowed to this power of 1/2, relative to their size.
const BITS: u32 = 64;

/// The chain of a polynomial without multiple roots (Sturm 1829).
pub(super) struct Sturm(Vec<Polynomial>);

impl Sturm {
    pub fn of(polynomial: &Polynomial) -> Result<Self> {
        let mut chain = vec![polynomial.normal()?, polynomial.derivative().normal()?];
        while let [.., a, b] = chain.as_slice()
            && b.degree() > 0
        {
            let rest = a.divide(b)?.1.negated().normal()?;
            chain.push(rest);
        }
        chain.retain(|polynomial| !polynomial.is_zero());
        Ok(Self(chain))
    }

    fn changes(&self, x: &Exact) -> Result<usize> {
        let (mut changes, mut last) = (0, 0);
        for polynomial in &self.0 {
            let sign = polynomial.sign_at(x)?;
            changes += usize::from(sign * last < 0);
            last = if sign == 0 { last } else { sign };
        }
        Ok(changes)
    }

    /// The number of roots above `low` and up to `high`.
    pub fn count(&self, low: &Exact, high: &Exact) -> Result<usize> {
        Ok(self.changes(low)?.saturating_sub(self.changes(high)?))
    }
}

/// The roots strictly between two points, in order, each once; none of nought.
pub(super) fn roots_between(polynomial: &Polynomial, from: &Point, to: &Point) -> Result<Vec<Point>> {
    let inside =
        |point: &Point| -> Result<bool> { Ok(point.compare(from)?.is_gt() && point.compare(to)?.is_lt()) };
    match polynomial.coefficients() {
        [] | [_] => return Ok(Vec::new()),
        [at_0, slope] => {
            let root = &-at_0 * &slope.reciprocal().unwrap_or(Exact::ZERO);
            let root = Point::from(root);
            return Ok(if inside(&root)? { vec![root] } else { Vec::new() });
        }
        _ => {}
    }
    let simple = polynomial.without_multiples()?;
    let chain = Sturm::of(&simple)?;
    let mut roots = Vec::new();
    // Intervals (low, high] from the right to the left, so that the leftmost is taken first.
    let mut open = vec![(from.below().clone(), to.above().clone())];
    while let Some((low, high)) = open.pop() {
        if low >= high {
            continue;
        }
        match chain.count(&low, &high)? {
            0 => {}
            1 => roots.push(isolated(&simple, low, high)?),
            _ => {
                let middle = (&low + &high).divided_by_two();
                tame(&middle)?;
                open.push((middle.clone(), high));
                open.push((low, middle));
            }
        }
    }
    let mut found = Vec::new();
    for root in roots {
        if inside(&root)? {
            found.push(root);
        }
    }
    Ok(found)
}

/// The one root above `low` and up to `high`: exactly if it is a fraction.
fn isolated(simple: &Polynomial, mut low: Exact, high: Exact) -> Result<Point> {
    if simple.sign_at(&high)? == 0 {
        return Ok(high.into());
    }
    // The lower end may be another root: then go on from a point between the two.
    let chain = Sturm::of(simple)?;
    while simple.sign_at(&low)? == 0 {
        let middle = (&low + &high).divided_by_two();
        if chain.count(&middle, &high)? == 1 {
            low = middle;
        } else {
            return isolated_below(simple, &low, middle);
        }
    }
    narrowed(simple, low, high)
}

/// The one root strictly between a root and `high`, at which the polynomial may vanish too.
fn isolated_below(simple: &Polynomial, root: &Exact, mut high: Exact) -> Result<Point> {
    let chain = Sturm::of(simple)?;
    loop {
        if simple.sign_at(&high)? == 0 {
            return Ok(high.into());
        }
        let middle = (root + &high).divided_by_two();
        tame(&middle)?;
        if chain.count(&middle, &high)? == 1 {
            return narrowed(simple, middle, high);
        }
        high = middle;
    }
}

/// Halves an interval with one root, at whose ends the signs differ.
fn narrowed(simple: &Polynomial, low: Exact, high: Exact) -> Result<Point> {
    let sign = simple.sign_at(&low)?;
    let mut root = Root { polynomial: simple.clone(), low, high, sign };
    // A fraction p/q that is a root has a q that divides the leading coefficient of the integer form; two such
    // fractions are at least 1/q² apart, so that in a narrower interval only the simplest one can be the root.
    let leading = integer_leading(simple);
    let apart = (&leading * &leading).reciprocal().unwrap_or(Exact::ONE);
    let fine = Exact::ratio(1, 2).unwrap_or(Exact::ONE).power(BITS)?;
    let mut tried = false;
    loop {
        let width = &root.high - &root.low;
        if !tried && width < apart {
            tried = true;
            let simplest = simplest_between(&root.low, &root.high);
            if simple.sign_at(&simplest)? == 0 {
                return Ok(simplest.into());
            }
        }
        let same_side = root.low.is_negative() == root.high.is_negative();
        let size = if root.low.is_negative() { -&root.high } else { root.low.clone() };
        if tried && same_side && width <= &size * &fine {
            return Ok(root.into());
        }
        if let Some(exact) = root.halve()? {
            return Ok(exact.into());
        }
        tame(&root.low)?;
        tame(&root.high)?;
    }
}

/// The size of the leading coefficient once all are whole numbers.
fn integer_leading(polynomial: &Polynomial) -> Exact {
    let mut common = Exact::ONE;
    for coefficient in polynomial.coefficients() {
        let more = (coefficient * &common).denominator();
        common = &common * &more;
    }
    let leading = &polynomial.leading() * &common;
    if leading.is_negative() { -&leading } else { leading }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Π (x − root), by hand.
    fn with_roots(roots: &[&str]) -> Polynomial {
        roots.iter().fold(Polynomial::constant(Exact::from(3)), |product, root| {
            let line =
                Polynomial::variable().sub(&Polynomial::constant(Exact::parse(root).unwrap())).unwrap();
            product.mul(&line).unwrap()
        })
    }

    fn found(polynomial: &Polynomial, from: &str, to: &str) -> Vec<String> {
        let [from, to] = [from, to].map(|text| Point::from(Exact::parse(text).unwrap()));
        let roots = roots_between(polynomial, &from, &to).unwrap();
        roots.iter().map(|root| root.value().to_string()).collect()
    }

    #[test]
    fn fractions_are_found_exactly() {
        assert_eq!(found(&with_roots(&["1/3", "2/7", "5/7"]), "0", "1"), ["2/7", "1/3", "5/7"]);
        assert_eq!(found(&with_roots(&["0", "1/2", "1"]), "0", "1"), ["1/2"]);
        assert_eq!(found(&with_roots(&["1/2", "1/2", "3/4"]), "0", "1"), ["1/2", "3/4"]);
        assert_eq!(found(&with_roots(&["0", "-1/3", "1/1000001"]), "-1", "1"), ["-1/3", "0", "1/1000001"]);
        assert_eq!(found(&with_roots(&["1", "2"]), "0", "1"), Vec::<String>::new());
    }

    #[test]
    fn irrational_roots() {
        // x² − 2 and (x² − 2)(x − 1): the root is known to the last bit.
        let x = Polynomial::variable();
        let square = x.mul(&x).unwrap().sub(&Polynomial::constant(Exact::from(2))).unwrap();
        assert_eq!(found(&square, "0", "2"), [std::f64::consts::SQRT_2.to_string()]);
        let more = square.mul(&with_roots(&["1"])).unwrap();
        assert_eq!(found(&more, "0", "2"), ["1".to_string(), std::f64::consts::SQRT_2.to_string()]);
        // A root of one is a root of the other: they are equal points.
        let [from, to] = [0, 2].map(|end| Point::from(Exact::from(end)));
        let one = roots_between(&square, &from, &to).unwrap().remove(0);
        let other = roots_between(&more, &from, &to).unwrap().remove(1);
        assert!(one.compare(&other).unwrap().is_eq());
        assert!(roots_between(&more, &one, &to).unwrap().is_empty());
    }
}
