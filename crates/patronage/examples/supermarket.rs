//! The supermarket's shopping list: what is bought together, and why a confidence of 75 % can mean nothing.
//!
//! Run with `cargo run --package patronage --example supermarket`.
#![allow(clippy::print_stdout)]

use patronage::association::Mine;
use patronage::textbook::Supermarket;
use patronage::transactions::Id;
use patronage::{Lang, Result};

fn main() -> Result<()> {
    let list = Supermarket::new(Lang::En);
    println!("{}\n", list.title());
    for basket in &list.baskets {
        println!("  {}  {}", basket.id, basket.items.join(", "));
    }

    let itemsets = Mine::new().min_support(list.min_support).run(&list.to_baskets()?)?;
    println!("\nIn at least {} of {} baskets:", itemsets.min_count(), itemsets.n_baskets());
    for set in itemsets.iter() {
        println!("  {} × {}", set.count(), words(set.items()));
    }

    println!("\nRules of at least 50 % confidence:");
    let rules = itemsets.rules().min_confidence(0.5).run()?;
    for rule in rules.iter() {
        println!(
            "  {:>11} → {:<11}  support {:.2}  confidence {:.2}  lift {:.4}",
            words(rule.antecedent()),
            words(rule.consequent()),
            rule.support(),
            rule.confidence(),
            rule.lift(),
        );
    }

    println!("\n{}\n", list.note());
    if let Some(rule) = rules.get(rules.find(["beer"], ["diapers"])?) {
        println!("{}", rule.explain(Lang::En).to_text());
    }
    Ok(())
}

fn words<'a>(items: impl IntoIterator<Item = Id<'a>>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" + ")
}
