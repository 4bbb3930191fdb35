//! Southern Hospital Supply: which plant to build. Prints the working, and the drawing as SVG.
//!
//! `cargo run --example hospital` (add `zh` for Chinese, `svg` for the drawing)

use patronage::Lang;
use patronage::decision::{Drawing, chance, decide, pay};

#[allow(clippy::print_stdout)]
fn main() -> patronage::Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let lang = if asked.iter().any(|word| word == "zh") { Lang::Zh } else { Lang::En };
    let (good, bad) = (lang.pick("favourable", "有利"), lang.pick("unfavourable", "不利"));
    let plant = |gain: i64, loss: i64| chance([(good, ".4", pay(gain)), (bad, "#", pay(loss))]);
    let tree = decide(
        lang.pick("Plant size", "建厂规模"),
        [
            (lang.pick("large plant", "建大厂"), plant(100_000, -90_000)),
            (lang.pick("medium plant", "建中型厂"), plant(60_000, -10_000)),
            (lang.pick("small plant", "建小厂"), plant(40_000, -5_000)),
            (lang.pick("none", "不建厂"), pay(0)),
        ],
    );
    let answer = tree.solve()?;
    if asked.iter().any(|word| word == "svg") {
        println!("{}", Drawing::new().standalone(true).lang(lang).svg(&answer));
    } else {
        print!("{}", answer.explain(lang).to_text());
    }
    Ok(())
}
