//! Have the chains found the same distribution, and how much do they tell of it?
//!
//! Rank-normalised split R̂ and effective sample sizes (Vehtari, Gelman, Simpson, Carpenter and Bürkner, 2021,
//! *Bayesian Analysis* 16(2), 667–718).

use super::draws::{mean, quantile, variance};
use crate::math::normal_quantile;

/// R̂ of the draws of a number, a slice a chain: near 1 (below 1.01) if the chains agree.
///
/// The larger of that of the ranks and that of their distance from the median. NaN with fewer than four draws a chain,
/// or if all are equal.
pub fn r_hat(chains: &[Vec<f64>]) -> f64 {
    let halves = split(chains);
    if halves.is_empty() {
        return f64::NAN;
    }
    let mut all = halves.concat();
    let median = quantile(&mut all, 0.5);
    let folded: Vec<Vec<f64>> =
        halves.iter().map(|chain| chain.iter().map(|x| (x - median).abs()).collect()).collect();
    plain_r_hat(&normal_ranks(&halves)).max(plain_r_hat(&normal_ranks(&folded)))
}

/// Effective number of independent draws for the centre of the distribution.
pub fn bulk_effective_size(chains: &[Vec<f64>]) -> f64 {
    effective_size(&normal_ranks(&split(chains)))
}

/// Effective number of independent draws for the 5 % and 95 % quantiles, the smaller.
pub fn tail_effective_size(chains: &[Vec<f64>]) -> f64 {
    let halves = split(chains);
    let mut all = halves.concat();
    let size = |bound: f64| {
        let below = |x: &f64| f64::from(u8::from(*x <= bound));
        let indicators: Vec<Vec<f64>> =
            halves.iter().map(|chain| chain.iter().map(below).collect()).collect();
        effective_size(&indicators)
    };
    let bounds = [quantile(&mut all, 0.05), quantile(&mut all, 0.95)];
    size(bounds[0]).min(size(bounds[1]))
}

/// First and second half of each chain; the middle draw of an odd number is left out. Nothing for short chains.
fn split(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = chains.iter().map(Vec::len).min().unwrap_or(0);
    if n < 4 {
        return Vec::new();
    }
    chains.iter().flat_map(|chain| [chain[..n / 2].to_vec(), chain[n - n / 2..n].to_vec()]).collect()
}

/// Φ⁻¹((rank − ⅜) / (S + ¼)) of each draw among all S; draws alike share their mean rank.
fn normal_ranks(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut order: Vec<(f64, usize, usize)> = chains
        .iter()
        .enumerate()
        .flat_map(|(c, chain)| chain.iter().enumerate().map(move |(i, &x)| (x, c, i)))
        .collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total = order.len() as f64;
    let mut ranks: Vec<Vec<f64>> = chains.iter().map(|chain| vec![0.0; chain.len()]).collect();
    let mut before = 0;
    for alike in order.chunk_by(|a, b| a.0 == b.0) {
        let rank = before as f64 + (alike.len() + 1) as f64 / 2.0;
        let z = normal_quantile((rank - 0.375) / (total + 0.25));
        alike.iter().for_each(|&(_, c, i)| ranks[c][i] = z);
        before += alike.len();
    }
    ranks
}

/// √(((n − 1)/n W + B/n) / W) for the variance W within and B/n between chains.
fn plain_r_hat(chains: &[Vec<f64>]) -> f64 {
    let n = chains.first().map_or(0, Vec::len) as f64;
    let within = mean(&chains.iter().map(|chain| variance(chain)).collect::<Vec<_>>());
    let between = variance(&chains.iter().map(|chain| mean(chain)).collect::<Vec<_>>());
    if within > 0.0 { (((n - 1.0) / n * within + between) / within).sqrt() } else { f64::NAN }
}

/// M N / τ with τ from the autocorrelations up to where pairs of them stop being positive (Geyer, 1992).
fn effective_size(chains: &[Vec<f64>]) -> f64 {
    let (m, n) = (chains.len(), chains.first().map_or(0, Vec::len));
    if m == 0 {
        return f64::NAN;
    }
    let total = (m * n) as f64;
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let within = mean(&chains.iter().map(|chain| variance(chain)).collect::<Vec<_>>());
    let between = if m > 1 { variance(&means) } else { 0.0 };
    let all = within * (n - 1) as f64 / n as f64 + between;
    if all == 0.0 {
        // Draws that are all alike.
        return total;
    }
    let correlation = |lag: usize| {
        let each = chains.iter().zip(&means).map(|(chain, centre)| {
            let products = chain.iter().zip(&chain[lag..]).map(|(a, b)| (a - centre) * (b - centre));
            products.sum::<f64>() / n as f64
        });
        1.0 - (within - each.sum::<f64>() / m as f64) / all
    };
    // Sums of pairs of neighbouring correlations, as long as they are positive, never rising; of the pair that ends
    // them only the first counts, once.
    let mut pairs: Vec<f64> = Vec::new();
    let (mut lag, mut even, mut odd) = (0, 1.0, correlation(1));
    while lag + 4 < n && even + odd > 0.0 {
        pairs.push(pairs.last().map_or(even + odd, |before: &f64| before.min(even + odd)));
        lag += 2;
        (even, odd) = (correlation(lag), correlation(lag + 1));
    }
    let tau = -1.0 + 2.0 * pairs.iter().sum::<f64>() + even.max(0.0);
    total / tau.max(1.0 / total.log10())
}
