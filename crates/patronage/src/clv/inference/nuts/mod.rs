//! The no-U-turn sampler (Hoffman and Gelman, 2014), with multinomial weights and the generalised criterion of Betancourt
//! (2017, *A Conceptual Introduction to Hamiltonian Monte Carlo*, A.4).

mod step_size;
mod tree;

use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use crate::error::Result;
use step_size::StepSize;
use tree::{Grown, Point, Tree};

/// A log-density with its gradient; `None` where it cannot be worked out.
pub(super) trait Density {
    fn at(&self, position: &[f64]) -> Result<Option<(f64, Vec<f64>)>>;
}

/// What a chain does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub warmup: u32,
    pub draws: u32,
    pub target_accept: f64,
    pub max_depth: u32,
}

/// What a chain found.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    pub draws: Vec<Vec<f64>>,
    pub log_densities: Vec<f64>,
    /// Draws after the warm-up whose path left the level of its energy.
    pub divergences: u32,
    /// Draws after the warm-up whose path was cut off at the greatest depth.
    pub cut_off: u32,
    pub step_size: f64,
    /// Evaluations of the gradient, warm-up included.
    pub gradients: u64,
}

/// Runs one chain from a point; `tick` is called after each draw.
pub(super) fn run(
    density: &dyn Density,
    start: &[f64],
    plan: Plan,
    random: &mut Pcg64,
    tick: &dyn Fn(),
) -> Result<Chain> {
    let mut at = start_near(density, start)?;
    let mut chain = Chain::default();
    let mut steps = StepSize::new(reasonable(density, &at, random)?, plan.target_accept);
    for iteration in 0..plan.warmup + plan.draws {
        let warming = iteration < plan.warmup;
        at.momentum = at.position.iter().map(|_| StandardNormal.sample(random)).collect();
        let step = if warming { steps.current() } else { steps.settled() };
        let Grown { point, tree } = Tree::sample(density, at, step, plan.max_depth, random)?;
        at = point;
        chain.gradients += tree.steps;
        if warming {
            steps.learn(tree.acceptance());
        } else {
            chain.draws.push(at.position.clone());
            chain.log_densities.push(at.log_density);
            chain.divergences += u32::from(tree.diverged);
            chain.cut_off += u32::from(tree.cut_off);
        }
        tick();
    }
    chain.step_size = steps.settled();
    Ok(chain)
}

/// The start, or, where the density cannot be worked out there, a point nearer to the mode at 0.
fn start_near(density: &dyn Density, start: &[f64]) -> Result<Point> {
    let mut position = start.to_vec();
    for _ in 0..60 {
        if let Some(point) = Point::at(density, position.clone())? {
            return Ok(point);
        }
        position.iter_mut().for_each(|x| *x *= 0.5);
    }
    let origin = vec![0.0; start.len()];
    let unknown = Point {
        log_density: f64::NEG_INFINITY,
        gradient: origin.clone(),
        momentum: origin.clone(),
        position: origin,
    };
    Ok(unknown)
}

/// A step whose acceptance probability is about a half (Hoffman and Gelman, 2014, algorithm 4).
fn reasonable(density: &dyn Density, at: &Point, random: &mut Pcg64) -> Result<f64> {
    let mut start = at.clone();
    start.momentum = at.position.iter().map(|_| StandardNormal.sample(random)).collect();
    let gain = |step: f64| -> Result<f64> {
        Ok(start.step(density, step)?.map_or(f64::NEG_INFINITY, |there| there.joint() - start.joint()))
    };
    let half = 0.5_f64.ln();
    let mut step = 1.0;
    let grow = gain(step)? > half;
    for _ in 0..60 {
        let next = if grow { 2.0 * step } else { 0.5 * step };
        if (gain(next)? > half) != grow {
            return Ok(if grow { step } else { next });
        }
        step = next;
    }
    Ok(step)
}

#[cfg(test)]
mod tests {
    use super::super::diagnostics::{bulk_effective_size, r_hat};
    use super::super::draws::{mean, variance};
    use super::*;

    /// −x²/2 − (y − x²)²/2: x is standard normal, y = x² + a standard normal.
    struct Banana;

    impl Density for Banana {
        fn at(&self, at: &[f64]) -> Result<Option<(f64, Vec<f64>)>> {
            let (x, y) = (at[0], at[1]);
            let miss = y - x * x;
            Ok(Some((-0.5 * x * x - 0.5 * miss * miss, vec![-x + 2.0 * x * miss, -miss])))
        }
    }

    /// Steps that suit its middle are too long for its bent ends, hence the high target: at 0.8 chains rarely go there.
    #[test]
    fn moments_of_a_bent_density() {
        let plan = Plan { warmup: 500, draws: 20_000, target_accept: 0.95, max_depth: 10 };
        let chains: Vec<Chain> =
            (0..4).map(|c| run(&Banana, &[0.5, 0.5], plan, &mut Pcg64::new(1, c), &|| ()).unwrap()).collect();
        let column = |k: usize| -> Vec<Vec<f64>> {
            chains.iter().map(|chain| chain.draws.iter().map(|draw| draw[k]).collect()).collect()
        };
        // E x = 0, Var x = 1, E y = 1, Var y = Var x² + 1 = 3.
        for (k, centre, spread) in [(0, 0.0, 1.0), (1, 1.0, 3.0)] {
            let all = column(k).concat();
            let effective = bulk_effective_size(&column(k));
            assert!(effective > 2500.0 && r_hat(&column(k)) < 1.01, "{k}: {effective}");
            let error = (spread / effective).sqrt();
            assert!((mean(&all) - centre).abs() < 4.0 * error, "{k}: {} ± {error}", mean(&all));
            assert!((variance(&all) / spread - 1.0).abs() < 0.15, "{k}: {}", variance(&all));
        }
        // cov(x², y) = Var x² = 2, which a sampler that only knows each axis would miss.
        let [x, y] = [column(0).concat(), column(1).concat()];
        let products: Vec<f64> = x.iter().zip(&y).map(|(x, y)| (x * x - 1.0) * (y - 1.0)).collect();
        assert!((mean(&products) - 2.0).abs() < 0.5, "{}", mean(&products));
    }

    #[test]
    fn the_same_seed_gives_the_same_chain() {
        let plan = Plan { warmup: 50, draws: 50, target_accept: 0.8, max_depth: 10 };
        let chain = |seed| run(&Banana, &[0.1, 0.2], plan, &mut Pcg64::new(seed, 0), &|| ()).unwrap().draws;
        assert_eq!(chain(5), chain(5));
        assert_ne!(chain(5), chain(6));
    }
}
