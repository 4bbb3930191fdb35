//! A log of purchases from a CSV: who the customers are, who brings most, who is lapsing, what goes together.
//!
//! Run with `cargo run --package patronage --example purchase_log`, or with the path of a CSV file of your own that
//! has the columns `order`, `customer`, `date` (2024-01-31), `item` and `amount`. Without one it reads `orders.csv`
//! beside this file: a made-up shop, 443 orders of 40 customers.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::PathBuf;

use patronage::association::Mine;
use patronage::explain::{decimal, percent};
use patronage::segmentation::{Group, LifeCycle, Pyramid, Rfm, Tiers};
use patronage::transactions::calendar::{date, parse_day};
use patronage::transactions::{Id, Line, LogReader, Period, Policy, TransactionLog};
use patronage::watch::Unwatched;
use patronage::{Lang, Result};

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let shipped = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/orders.csv");
    let log = read(&std::env::args_os().nth(1).map_or(shipped, PathBuf::from))?;

    let intake = log.intake();
    println!(
        "{} of {} rows kept: {} customers, {} orders",
        intake.rows_kept, intake.rows_read, intake.customers, intake.orders
    );
    if let Some((first, last)) = intake.days {
        println!(
            "from {} to {}, {} in all\n",
            date(first),
            date(last),
            decimal(intake.total.unwrap_or(0.0), 2)
        );
    }

    let customers = log.customers(None);
    let scores = Rfm::new().run_on(&customers, &Unwatched)?;
    println!("Segments by recency and frequency");
    print_groups(scores.summary()?.unwrap_or_default().iter().map(|line| &line.group));

    println!("The customer pyramid");
    let pyramid = Pyramid::new(Tiers::named("textbook")?).run_on(&customers, &Unwatched)?;
    print_groups(pyramid.summary()?.iter().map(|line| &line.group));

    println!("Who is still a customer");
    print_groups(LifeCycle::stages().run_on(&customers, &Unwatched)?.summary()?.iter());

    println!("Share of each cohort that bought again, by quarters since the first purchase");
    print_cohorts(&log)?;

    println!("Bought together");
    let itemsets = Mine::new().min_support(0.05).max_length(2).run(&log.baskets()?)?;
    let rules = itemsets.rules().min_confidence(0.3).run()?;
    for rule in rules.iter().filter(|rule| rule.lift() > 1.2) {
        println!(
            "  {} → {}: {} of baskets, confidence {}, lift {:.2}",
            words(rule.antecedent()),
            words(rule.consequent()),
            percent(rule.support(), 1),
            percent(rule.confidence(), 0),
            rule.lift()
        );
    }

    if let Some(best) = pyramid
        .tier_codes()
        .iter()
        .position(|&tier| tier == 0)
        .and_then(|row| pyramid.customers().get(row as u32))
    {
        println!("\n{}", scores.explain(best, Lang::En)?.to_text());
    }
    Ok(())
}

/// Reads the file line by line; the log never holds more than it needs.
fn read(path: &PathBuf) -> std::result::Result<TransactionLog, Box<dyn Error>> {
    let mut file = csv::Reader::from_path(path)?;
    let header = file.headers()?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|known| known == name)
            .ok_or_else(|| format!("{}: no column '{name}'", path.display()))
    };
    let (order, customer, day) = (column("order")?, column("customer")?, column("date")?);
    let (item, amount) = (column("item")?, column("amount")?);
    let mut reader = LogReader::new(Policy::default()).keep_lines();
    for record in file.records() {
        let record = record?;
        let line = Line::new(&record[customer], parse_day(&record[day])?, record[amount].parse()?);
        reader.push_line(&line.order(&record[order]).item(&record[item]))?;
    }
    Ok(reader.finish()?)
}

fn print_groups<'a>(groups: impl Iterator<Item = &'a Group>) {
    let share = |share: Option<f64>| share.map_or_else(|| "–".into(), |share| percent(share, 1));
    for group in groups {
        println!(
            "  {:<20} {:>3} customers {:>7}   revenue {:>9} {:>7}",
            group.label.en,
            group.customers,
            share(group.share_of_customers),
            decimal(group.value.unwrap_or(0.0), 2),
            share(group.share_of_value),
        );
    }
    println!();
}

fn print_cohorts(log: &TransactionLog) -> Result<()> {
    let cohorts = log.cohorts(Period::Quarter, None)?;
    for ((start, size), cells) in cohorts.starts.iter().zip(&cohorts.sizes).zip(&cohorts.cells) {
        let shares = cells.iter().map(|cell| match size {
            0 => "–".into(),
            size => percent(cell.customers as f64 / *size as f64, 0),
        });
        println!(
            "  {} n={size:<3} {}",
            date(*start),
            shares.map(|share| format!("{share:>6}")).collect::<String>()
        );
    }
    println!();
    Ok(())
}

fn words<'a>(items: impl Iterator<Item = Id<'a>>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(" + ")
}
