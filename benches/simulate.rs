//! The processor's time that a simulation takes: the shale gas plot (16 nodes, 3 decisions) with five uncertain
//! numbers, 2²⁰ samples, one thread; drawing included, and without it from samples that are given.
#![allow(clippy::print_stdout)]

use std::{env, fs};

use patronage::decision::{
    Distribution, Draws, Node, Number, ParametricTree, Simulation, Solve, chance, decide, pay,
};
use patronage::watch::Unwatched;

const SAMPLES: usize = 1 << 20;

fn plot() -> patronage::Result<ParametricTree> {
    let dig = |p: &'static str| {
        chance([("gas", Number::from(p), pay("gas")), ("no gas", "#".into(), pay(0))]).paying("-dig")
    };
    let choose = |p, price| -> Node { decide("", [("sell", pay(price)), ("dig", dig(p))]) };
    let test =
        chance([("negative", "0.28", choose("1/4", "600")), ("positive", "#", choose("good", "1000"))]);
    decide("plot", [("sell", pay("price")), ("dig", dig("p")), ("test", test.paying(-50))]).with_parameters([
        ("p", "0.7"),
        ("gas", "2500"),
        ("dig", "300"),
        ("price", "800"),
        ("good", "7/8"),
    ])
}

fn distributions(all_uniform: bool) -> Vec<(String, Distribution)> {
    let uniform = |low, high| Distribution::Uniform { low, high };
    let p = if all_uniform { uniform(0.5, 0.9) } else { Distribution::Beta { a: 14.0, b: 6.0 } };
    let gas =
        if all_uniform { uniform(1500.0, 3500.0) } else { Distribution::Normal { mean: 2500.0, sd: 400.0 } };
    let others =
        [("dig", uniform(200.0, 400.0)), ("price", uniform(600.0, 1000.0)), ("good", uniform(0.75, 1.0))];
    [("p", p), ("gas", gas)].into_iter().chain(others).map(|(name, of)| (name.into(), of)).collect()
}

/// The processor's seconds that all threads have had so far (Linux; nothing elsewhere).
fn seconds() -> f64 {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return 0.0 };
    let of = |path: std::path::PathBuf| {
        let text = fs::read_to_string(path.join("schedstat")).ok()?;
        Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
    };
    tasks.flatten().filter_map(|task| of(task.path())).sum()
}

fn measured(what: &str, tree: &ParametricTree, draws: impl Fn() -> Draws) -> patronage::Result<()> {
    let mut times = Vec::new();
    let mut last: Option<Simulation> = None;
    for _ in 0..15 {
        let draws = draws();
        let before = seconds();
        last = Some(tree.simulate(draws, 256, &Solve::new(), &Unwatched)?);
        times.push(seconds() - before);
    }
    times.sort_by(f64::total_cmp);
    let Some(found) = last else { return Ok(()) };
    println!(
        "{what}: median {:.1} ms, best {:.1} ms of CPU, {:.1} ns a sample; EVPI {:.3} ± {:.3}, {} strategies",
        times[times.len() / 2] * 1e3,
        times[0] * 1e3,
        times[times.len() / 2] * 1e9 / SAMPLES as f64,
        found.evpi.0,
        found.evpi.1,
        found.strategies.len(),
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let threads = env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let tree = plot()?;
    for (what, all_uniform) in [("uniform draws", true), ("Beta, Normal and uniform draws", false)] {
        let drawn =
            || Draws::Independent { distributions: distributions(all_uniform), samples: SAMPLES, seed: 1 };
        measured(what, &tree, drawn)?;
    }
    // Given samples, from a Weyl sequence a parameter.
    let given = || {
        let steps = [0.618_033_988_75, 0.754_877_666_25, 0.569_840_290_998, 0.819_172_513_4, 0.671_043_606_7];
        let column = |(name, of): (String, Distribution), step: f64| {
            let Distribution::Uniform { low, high } = of else { return (name, Vec::new()) };
            let value = |k: usize| low + (high - low) * (k as f64 * step).fract();
            (name, (0..SAMPLES).map(value).collect())
        };
        Draws::Given(distributions(true).into_iter().zip(steps).map(|(of, step)| column(of, step)).collect())
    };
    measured("samples given", &tree, given)?;
    Ok(())
}
