//! One path: doubled until it turns back, and a point drawn from it.

use rand::RngExt;
use rand_pcg::Pcg64;

use super::Density;
use crate::error::Result;

/// A path whose energy is off by more than this has diverged.
const MOST_ERROR: f64 = 1000.0;

/// Where a path is.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub position: Vec<f64>,
    pub momentum: Vec<f64>,
    pub log_density: f64,
    pub gradient: Vec<f64>,
}

impl Point {
    /// At rest; `None` where the density cannot be worked out.
    pub(super) fn at(density: &dyn Density, position: Vec<f64>) -> Result<Option<Self>> {
        Ok(density.at(&position)?.and_then(|(log_density, gradient)| {
            let known = log_density.is_finite() && gradient.iter().all(|slope| slope.is_finite());
            known.then(|| Self { momentum: vec![0.0; position.len()], position, log_density, gradient })
        }))
    }

    /// Log-density of position and momentum: minus the energy.
    pub(super) fn joint(&self) -> f64 {
        self.log_density - 0.5 * dot(&self.momentum, &self.momentum)
    }

    /// A leapfrog step; backwards if it is negative.
    pub(super) fn step(&self, density: &dyn Density, step: f64) -> Result<Option<Self>> {
        let kick = |momentum: &[f64], gradient: &[f64]| -> Vec<f64> {
            momentum.iter().zip(gradient).map(|(p, g)| p + 0.5 * step * g).collect()
        };
        let half = kick(&self.momentum, &self.gradient);
        let position = self.position.iter().zip(&half).map(|(q, p)| q + step * p).collect();
        Ok(Self::at(density, position)?.map(|there| {
            let momentum = kick(&half, &there.gradient);
            Self { momentum, ..there }
        }))
    }
}

/// A stretch of a path.
pub(super) struct Tree {
    first: Point,
    last: Point,
    /// Sum of the momenta along it.
    total: Vec<f64>,
    /// Logarithm of the sum of its points' weights, e^(joint − joint at the start).
    log_weight: f64,
    /// Sum of the acceptance probabilities, and of how many.
    accepted: f64,
    pub steps: u64,
    pub diverged: bool,
    /// Whether it was ended by its depth and not by turning.
    pub cut_off: bool,
    turned: bool,
}

/// A path and the point drawn from it.
pub(super) struct Grown {
    pub tree: Tree,
    pub point: Point,
}

impl Tree {
    /// Mean acceptance probability.
    pub(super) fn acceptance(&self) -> f64 {
        if self.steps == 0 { 0.0 } else { self.accepted / self.steps as f64 }
    }

    /// Draws the next point of a chain.
    pub(super) fn sample(
        density: &dyn Density,
        start: Point,
        step: f64,
        max_depth: u32,
        random: &mut Pcg64,
    ) -> Result<Grown> {
        let level = start.joint();
        let mut tree = Self {
            first: start.clone(),
            last: start.clone(),
            total: start.momentum.clone(),
            log_weight: 0.0,
            accepted: 0.0,
            steps: 0,
            diverged: false,
            cut_off: false,
            turned: false,
        };
        let mut point = start;
        let mut depth = 0;
        while !tree.turned && depth < max_depth {
            let forwards: bool = random.random();
            let edge = if forwards { tree.last.clone() } else { tree.first.clone() };
            let signed = if forwards { step } else { -step };
            let Some(grown) = grow(density, &edge, signed, depth, level, &mut tree, random)? else { break };
            // The new half is preferred, so that draws move far (Betancourt, 2017, A.3.2).
            if random.random::<f64>().ln() < grown.tree.log_weight - tree.log_weight {
                point = grown.point;
            }
            let old = std::mem::replace(&mut tree, grown.tree);
            tree = if forwards { join(old, tree) } else { join(tree, old) };
            depth += 1;
        }
        tree.cut_off = !tree.turned && !tree.diverged && depth == max_depth;
        Ok(Grown { tree, point })
    }
}

/// A stretch of 2^depth steps from a point; `None` (with the reason noted in `whole`) if it turned back on itself or
/// diverged on the way.
fn grow(
    density: &dyn Density,
    from: &Point,
    step: f64,
    depth: u32,
    level: f64,
    whole: &mut Tree,
    random: &mut Pcg64,
) -> Result<Option<Grown>> {
    if depth == 0 {
        whole.steps += 1;
        let Some(point) = from.step(density, step)? else {
            whole.diverged = true;
            return Ok(None);
        };
        let gain = point.joint() - level;
        whole.accepted += gain.min(0.0).exp();
        if gain.is_nan() || gain < -MOST_ERROR {
            whole.diverged = true;
            return Ok(None);
        }
        let tree = Tree {
            first: point.clone(),
            last: point.clone(),
            total: point.momentum.clone(),
            log_weight: gain,
            accepted: 0.0,
            steps: 0,
            diverged: false,
            cut_off: false,
            turned: false,
        };
        return Ok(Some(Grown { tree, point }));
    }
    let Some(near) = grow(density, from, step, depth - 1, level, whole, random)? else { return Ok(None) };
    let edge = if step > 0.0 { &near.tree.last } else { &near.tree.first };
    let Some(far) = grow(density, edge, step, depth - 1, level, whole, random)? else { return Ok(None) };
    let both = log_sum(near.tree.log_weight, far.tree.log_weight);
    let point = if random.random::<f64>().ln() < far.tree.log_weight - both { far.point } else { near.point };
    let tree = if step > 0.0 { join(near.tree, far.tree) } else { join(far.tree, near.tree) };
    if tree.turned {
        whole.turned = true;
        return Ok(None);
    }
    Ok(Some(Grown { tree, point }))
}

/// Two neighbouring stretches as one, and whether it turns back: as a whole, or from either to where the other begins
/// (Stan's further check, without which paths of a multiple of a period go round and round).
fn join(left: Tree, right: Tree) -> Tree {
    let sum = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    let total = sum(&left.total, &right.total);
    let turns = |total: &[f64], first: &Point, last: &Point| {
        dot(total, &first.momentum) <= 0.0 || dot(total, &last.momentum) <= 0.0
    };
    let turned = turns(&total, &left.first, &right.last)
        || turns(&sum(&left.total, &right.first.momentum), &left.first, &right.first)
        || turns(&sum(&right.total, &left.last.momentum), &left.last, &right.last);
    Tree {
        log_weight: log_sum(left.log_weight, right.log_weight),
        accepted: left.accepted + right.accepted,
        steps: left.steps + right.steps,
        diverged: left.diverged || right.diverged,
        cut_off: false,
        turned,
        first: left.first,
        last: right.last,
        total,
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// ln(e^a + e^b).
fn log_sum(a: f64, b: f64) -> f64 {
    let (large, small) = if a > b { (a, b) } else { (b, a) };
    if large == f64::NEG_INFINITY { large } else { large + (small - large).exp().ln_1p() }
}
