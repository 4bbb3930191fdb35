//! Southern Hospital Supply: how large a plant to build, as a tree and as a table.
//!
//! Run with `cargo run --package patronage --example hospital`.
#![allow(clippy::print_stdout)]

use patronage::decision::Sense;
use patronage::textbook::SouthernHospital;
use patronage::{Lang, Result};

fn main() -> Result<()> {
    let example = SouthernHospital::new(Lang::En);
    println!("{}\n", example.title());

    let answer = example.to_tree()?.solve()?;
    println!("{}", answer.explain(Lang::En).to_text());

    let table = example.to_table()?;
    println!("{}", table.solve(Sense::Profit, None)?.explain(Lang::En).to_text());

    println!("A misprint: {}\n", example.misprint().note(Lang::En));

    // The same in the language of the course.
    println!("{}", SouthernHospital::new(Lang::Zh).to_tree()?.solve()?.explain(Lang::Zh).to_text());
    Ok(())
}
