//! The hypergeometric distribution: its tails to some 13 digits, however small they are.

use std::f64::consts::PI;

/// How many of `x` marked things are among `y` drawn without replacement from `n`.
#[derive(Debug, Clone, Copy)]
pub struct Hypergeometric {
    n: u64,
    x: u64,
    y: u64,
}

impl Hypergeometric {
    /// For `x` and `y` up to `n`.
    pub fn new(n: u64, x: u64, y: u64) -> Self {
        Self { n, x: x.min(n), y: y.min(n) }
    }

    /// The least value.
    fn least(self) -> u64 {
        self.x.saturating_sub(self.n - self.y)
    }

    /// The greatest value.
    pub fn most(self) -> u64 {
        self.x.min(self.y)
    }

    /// P(K = k).
    ///
    /// With Stirling's series for each factorial the logarithm is −Σ c ln(c / e) over the four cells c and their
    /// expectations e, and small corrections (after Loader 2000). As all four c − e are ±D / n for one whole number
    /// D, the sum of c ln(c / e) − (c − e) is the same and has no cancellation.
    pub fn probability(self, k: u64) -> f64 {
        if k < self.least() || k > self.most() {
            return 0.0;
        }
        let Self { n, x, y } = self;
        let (not_x, not_y) = (n - x, n - y);
        let cells = [(k, x, y), (x - k, x, not_y), (y - k, not_x, y), (not_y - (x - k), not_x, not_y)];
        let deviance: f64 = cells.iter().map(|&(cell, row, column)| deviance(n, cell, row, column)).sum();
        let margins: f64 = [x, y, not_x, not_y].into_iter().map(correction).sum();
        let cells: f64 = cells.iter().map(|&(cell, ..)| correction(cell)).sum();
        (margins - cells - correction(n) - deviance).exp()
    }

    /// P(K ≥ k).
    pub fn upper_tail(self, k: u64) -> f64 {
        if k <= self.least() {
            1.0
        } else if self.is_above_mean(k) {
            self.sum_up(k)
        } else {
            1.0 - self.sum_down(k - 1)
        }
    }

    /// P(K ≤ k).
    pub fn lower_tail(self, k: u64) -> f64 {
        if k >= self.most() {
            1.0
        } else if self.is_above_mean(k) {
            1.0 - self.sum_up(k + 1)
        } else {
            self.sum_down(k)
        }
    }

    /// The least q with P(K > q) ≤ `tail`.
    pub fn upper_quantile(self, tail: f64) -> u64 {
        let f = |count: u64| count as f64;
        let mean = f(self.x) * f(self.y) / f(self.n.max(1));
        let deviation =
            (mean * (f(self.n - self.x) / f(self.n.max(1))) * (f(self.n - self.y) / f(self.n.max(1)))).sqrt();
        let mut q = ((mean + 2.3 * deviation) as u64).clamp(self.least(), self.most());
        let mut beyond = if q == self.most() { 0.0 } else { self.upper_tail(q + 1) };
        if beyond <= tail {
            // Down as long as the tail stays small enough.
            let mut term = self.probability(q);
            while q > self.least() && beyond + term <= tail {
                beyond += term;
                term /= self.ratio(q - 1);
                q -= 1;
            }
        } else {
            let mut term = self.probability(q + 1);
            while beyond > tail && q < self.most() {
                q += 1;
                beyond -= term;
                term *= self.ratio(q);
            }
        }
        q
    }

    fn is_above_mean(self, k: u64) -> bool {
        u128::from(k) * u128::from(self.n) > u128::from(self.x) * u128::from(self.y)
    }

    /// P(K = k + 1) / P(K = k).
    fn ratio(self, k: u64) -> f64 {
        let f = |count: u64| count as f64;
        // n + k + 1 − x − y, which is not negative from the least k on.
        let neither = self.n - self.y - (self.x - k) + 1;
        f(self.x - k) * f(self.y - k) / (f(k + 1) * f(neither))
    }

    /// From above the mean, where the terms fall.
    fn sum_up(self, mut k: u64) -> f64 {
        let mut term = self.probability(k);
        let mut sum = term;
        while k < self.most() && term > sum * NEGLIGIBLE {
            term *= self.ratio(k);
            sum += term;
            k += 1;
        }
        sum
    }

    /// From below the mean.
    fn sum_down(self, mut k: u64) -> f64 {
        let mut term = self.probability(k);
        let mut sum = term;
        while k > self.least() && term > sum * NEGLIGIBLE {
            k -= 1;
            term /= self.ratio(k);
            sum += term;
        }
        sum
    }
}

/// Terms that change nothing, nor all that follow them.
const NEGLIGIBLE: f64 = 1e-20;

/// c ln(c / e) − (c − e) for e = row × column / n, never negative.
fn deviance(n: u64, cell: u64, row: u64, column: u64) -> f64 {
    let wide = |count: u64| u128::from(count);
    let (found, expected) = (wide(cell) * wide(n), wide(row) * wide(column));
    if expected == 0 {
        return 0.0;
    }
    let distance = found.abs_diff(expected) as f64;
    let distance = if found < expected { -distance } else { distance };
    let e = expected as f64 / n as f64;
    let t = distance / expected as f64;
    if cell == 0 {
        return e;
    }
    let v = t / (2.0 + t);
    if v.abs() > 0.1 {
        return e * ((1.0 + t) * libm::log1p(t) - t);
    }
    // ln(1 + t) = 2 atanh(v): the terms that t would cancel are left out.
    let square = v * v;
    let (mut power, mut series) = (v, 0.0);
    for k in 1..16 {
        power *= square;
        series += power / f64::from(2 * k + 1);
    }
    e * (t * v + 2.0 * (1.0 + t) * series)
}

/// ln m! − (m ln m − m).
fn correction(m: u64) -> f64 {
    if m < 16 {
        let factorial: u64 = (1..=m).product();
        let m = m as f64;
        return if m == 0.0 { 0.0 } else { (factorial as f64).ln() - m * m.ln() + m };
    }
    let m = m as f64;
    let s = 1.0 / (m * m);
    let series = 1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s / 1188.0)));
    0.5 * (2.0 * PI * m).ln() + series / m
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;
    use num_rational::BigRational;
    use num_traits::ToPrimitive;

    fn choose(n: u64, k: u64) -> BigUint {
        (0..k).fold(BigUint::from(1_u32), |c, i| c * (n - i) / (i + 1))
    }

    /// P(K = k) for all k, as exact fractions.
    fn exact(n: u64, x: u64, y: u64) -> Vec<BigRational> {
        let all = choose(n, y);
        let ways = |k: u64| if x - k <= n - y { choose(x, k) * choose(n - x, y - k) } else { BigUint::ZERO };
        (0..=x.min(y)).map(|k| BigRational::new(ways(k).into(), all.clone().into())).collect()
    }

    #[test]
    fn tails_are_those_of_exact_fractions() {
        for (n, x, y) in
            [(5, 4, 4), (1, 1, 0), (30, 12, 20), (100, 20, 30), (9835, 130, 251), (500, 240, 260)]
        {
            let h = Hypergeometric::new(n, x, y);
            let exact = exact(n, x, y);
            for k in (0..exact.len()).step_by(1 + exact.len() / 30) {
                let sum = |terms: &[BigRational]| terms.iter().sum::<BigRational>().to_f64().unwrap();
                for (found, expected) in [
                    (h.upper_tail(k as u64), sum(&exact[k..])),
                    (h.lower_tail(k as u64), sum(&exact[..=k])),
                    (h.probability(k as u64), sum(&exact[k..=k])),
                ] {
                    let close = (found - expected).abs() <= 1e-12 * expected;
                    assert!(close || expected < 1e-300, "{n} {x} {y} {k}: {found} ≠ {expected}");
                }
            }
        }
    }

    #[test]
    fn quantiles_are_the_least() {
        for (n, x, y) in [(5, 4, 4), (30, 12, 20), (100, 20, 30), (9835, 130, 251), (10, 0, 3), (10, 10, 10)]
        {
            let h = Hypergeometric::new(n, x, y);
            let exact = exact(n, x, y);
            for tail in [0.5, 0.1, 0.01, 1e-6] {
                let beyond = |q: usize| exact[q + 1..].iter().sum::<BigRational>().to_f64().unwrap();
                let expected = (0..exact.len()).find(|&q| beyond(q) <= tail).unwrap();
                assert_eq!(h.upper_quantile(tail), expected as u64, "{n} {x} {y} {tail}");
            }
        }
    }
}
