//! Gauss–Legendre rules.

/// A rule of N points on (0, 1): ∫₀¹ f ≈ Σ weightᵢ f(nodeᵢ), exact for polynomials of degree 2N − 1.
#[derive(Debug)]
pub(in super::super) struct Rule<const N: usize> {
    pub nodes: [f64; N],
    pub weights: [f64; N],
}

impl<const N: usize> Rule<N> {
    /// Worked out by the compiler: Newton's method for the zeros of Legendre's polynomial, each from an asymptotic guess.
    pub(in super::super) const NEW: Self = {
        let (mut nodes, mut weights) = ([0.0; N], [0.0; N]);
        let mut i = 0;
        while i < N {
            let mut z = cosine(std::f64::consts::PI * (i as f64 + 0.75) / (N as f64 + 0.5));
            let mut slope = 1.0;
            let mut step = 0;
            while step < 8 {
                let (value, derivative) = legendre(N, z);
                slope = derivative;
                z -= value / derivative;
                step += 1;
            }
            nodes[i] = 0.5 * (1.0 - z);
            weights[i] = 1.0 / ((1.0 - z * z) * slope * slope);
            i += 1;
        }
        Self { nodes, weights }
    };
}

/// Legendre's polynomial and its derivative, by the three-term recurrence.
const fn legendre(degree: usize, z: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, z);
    let mut n = 1;
    while n < degree {
        let k = n as f64;
        (before, value) = (value, ((2.0 * k + 1.0) * z * value - k * before) / (k + 1.0));
        n += 1;
    }
    (value, degree as f64 * (z * value - before) / (z * z - 1.0))
}

/// cos x for 0 ≤ x ≤ π, near enough to start from.
const fn cosine(x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    let mut k = 1.0;
    while k < 30.0 {
        term *= -x * x / (k * (k + 1.0));
        sum += term;
        k += 2.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Abramowitz and Stegun (1964), table 25.4.
    #[test]
    fn tabulated() {
        let rule = Rule::<8>::NEW;
        let table = [
            (0.183_434_642_495_650, 0.362_683_783_378_362),
            (0.525_532_409_916_329, 0.313_706_645_877_887),
            (0.796_666_477_413_627, 0.222_381_034_453_374),
            (0.960_289_856_497_536, 0.101_228_536_290_376),
        ];
        for (i, (z, weight)) in table.into_iter().enumerate() {
            for (place, sign) in [(4 + i, 1.0), (3 - i, -1.0)] {
                assert!((2.0 * rule.nodes[place] - 1.0 - sign * z).abs() < 1e-14);
                assert!((2.0 * rule.weights[place] - weight).abs() < 1e-14);
            }
        }
    }

    fn exact<const N: usize>() {
        let rule = Rule::<N>::NEW;
        for degree in 0..2 * N as i32 {
            let sum: f64 = rule.nodes.iter().zip(rule.weights).map(|(t, w)| w * t.powi(degree)).sum();
            assert!((sum * f64::from(degree + 1) - 1.0).abs() < 3e-14, "{N} {degree} {sum}");
        }
    }

    #[test]
    fn exact_for_polynomials() {
        exact::<6>();
        exact::<16>();
        exact::<24>();
        exact::<48>();
    }
}
